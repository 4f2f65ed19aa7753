"""Merging and separating on a real installation; nothing is kept.

    RECIPROQUE_HOME=… SECRET_KEY=x PYTHONPATH=src python benchmarks/merging.py [--times 40] [--biggest]

Prints milliseconds, on the clock and (mean) of CPU, application and database: merge of two partners with all that hangs on them,
separation, preview of the merge screen; what the database checks when the transaction ends is counted. Then, when asked, the same with
the partner that has the most exchanges, absorbed by another.
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
import psutil


def main() -> None:
    """Time each act on random pairs of partners, inside a transaction that is rolled back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--biggest", action="store_true", help="also the partner that has the most exchanges")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection, transaction
    from django.db.models import Count

    from reciproque.directory import services
    from reciproque.directory.comparing import reads
    from reciproque.directory.comparing.kinds import PARTNERS
    from reciproque.directory.models import Merge, Partner
    from reciproque.institution.access import Actor
    from reciproque.relations.models import Interaction

    by, draw = Actor.system("mesure"), random.Random(7)  # noqa: S311 -- a sample, not a secret
    last = Partner.objects.order_by("-pk").values_list("pk", flat=True)[0]
    taken: dict[str, list[float]] = {"preview": [], "merge": [], "separate": []}

    connection.ensure_connection()
    backend = psutil.Process(connection.connection.info.backend_pid)
    spent: dict[str, list[float]] = {name: [] for name in taken}

    def cpu() -> float:
        there = backend.cpu_times()
        return time.process_time() + there.user + there.system

    def timed(name: str, act: Callable[[], Any]) -> None:
        start, before = time.perf_counter(), cpu()
        act()
        taken[name].append(1000 * (time.perf_counter() - start))
        spent[name].append(1000 * (cpu() - before))

    def one_pair(kept: Partner, absorbed: Partner) -> None:
        with transaction.atomic():
            Partner.objects.filter(pk=absorbed.pk).update(siren="", rna="")
            absorbed.refresh_from_db()
            timed("preview", lambda: reads.compare(by, PARTNERS, [kept.pk, absorbed.pk], kept.pk))
            timed("merge", lambda: checked(lambda: services.merge_records(actor=by, kept=kept, absorbed=[absorbed])))
            merge = Merge.objects.filter(kind="partner", absorbed_id=absorbed.pk, undone_at=None).get()
            timed("separate", lambda: checked(lambda: services.separate(actor=by, merge=merge)))
            transaction.set_rollback(True)

    def checked(act: Callable[[], Any]) -> None:
        act()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    while len(taken["merge"]) < asked.times:
        pair = [
            Partner.objects.filter(pk__gte=draw.randrange(last), merged_into=None, archived_at=None)
            .order_by("pk")
            .first()
            for _n in range(2)
        ]
        if pair[0] and pair[1] and pair[0] != pair[1]:
            one_pair(pair[0], pair[1])
    print(
        json.dumps(
            {name: _said(values) | {"cpu": round(statistics.mean(spent[name]))} for name, values in taken.items()}
        )
    )
    rows = Interaction.objects.values("partner").annotate(n=Count("pk")).order_by("-n")[:1] if asked.biggest else []
    for row in rows:
        taken.update({name: [] for name in taken})
        one_pair(
            Partner.objects.exclude(pk=row["partner"]).filter(merged_into=None)[:1].get(),
            Partner.objects.get(pk=row["partner"]),
        )
        print(json.dumps({"exchanges": row["n"], **{name: round(values[0]) for name, values in taken.items()}}))


def _said(values: list[float]) -> dict[str, float]:
    return {"p50": round(statistics.median(values), 1), "p95": round(sorted(values)[int(len(values) * 0.95)], 1)}


if __name__ == "__main__":
    main()
