"""Merging and separating on a real installation; nothing is kept.

    RECIPROQUE_HOME=… SECRET_KEY=x PYTHONPATH=src python benchmarks/merging.py [--times 40]

Prints milliseconds: merge of two partners with their places, people and ties, separation, preview of the merge screen.
"""

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import django


def main() -> None:
    """Time each act on random pairs of partners, inside a transaction that is rolled back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import transaction

    from reciproque.directory import services
    from reciproque.directory.comparing import reads
    from reciproque.directory.comparing.kinds import PARTNERS
    from reciproque.directory.models import Merge, Partner
    from reciproque.institution.access import Actor

    by, draw = Actor.system("mesure"), random.Random(7)  # noqa: S311 -- a sample, not a secret
    last = Partner.objects.order_by("-pk").values_list("pk", flat=True)[0]
    taken: dict[str, list[float]] = {"preview": [], "merge": [], "separate": []}

    def timed(name: str, act: Callable[[], Any]) -> None:
        start = time.perf_counter()
        act()
        taken[name].append(1000 * (time.perf_counter() - start))

    while len(taken["merge"]) < asked.times:
        pair = [
            Partner.objects.filter(pk__gte=draw.randrange(last), merged_into=None, archived_at=None)
            .order_by("pk")
            .first()
            for _n in range(2)
        ]
        if None in pair or pair[0] == pair[1]:
            continue
        with transaction.atomic():
            Partner.objects.filter(pk=pair[1].pk).update(siren="", rna="")
            pair[1].refresh_from_db()
            timed("preview", lambda pair=pair: reads.compare(by, PARTNERS, [one.pk for one in pair]))
            timed("merge", lambda pair=pair: services.merge_records(actor=by, kept=pair[0], absorbed=[pair[1]]))
            merge = Merge.objects.filter(kind="partner", absorbed_id=pair[1].pk, undone_at=None).get()
            timed("separate", lambda merge=merge: services.separate(actor=by, merge=merge))
            transaction.set_rollback(True)
    print(
        json.dumps(
            {
                name: {
                    "p50": round(statistics.median(values), 1),
                    "p95": round(sorted(values)[int(len(values) * 0.95)], 1),
                }
                for name, values in taken.items()
            }
        )
    )


if __name__ == "__main__":
    main()
