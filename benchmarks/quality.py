"""What the quality board and the thresholds cost on a network of any size; nothing is kept.

    reciproque generate --home HOME --partners 100000
    RECIPROQUE_HOME=HOME SECRET_KEY=x PYTHONPATH=src python benchmarks/quality.py [--pairs 50000] [--times 15]

Prints milliseconds: the nightly measure, what withholds pairs and their sorting (whole), then each page as the server answers it
(median, 95th centile) with its number of statements. Pairs are drawn at random; their likelihoods are spread evenly.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import django

PAIRS = """
INSERT INTO sourcing_judgement (kind, low, high, score, reasons, gain, verdict, found_at, likelihood, model, weighed_at)
SELECT 'partner', least(a, b), greatest(a, b), 0.8, '["name_close"]', random(), 'open', now(), random(), 'essai', now() FROM (
  SELECT 1 + floor(random() * %(last)s)::bigint AS a, 1 + floor(random() * %(last)s)::bigint AS b FROM generate_series(1, %(pairs)s)
) drawn WHERE a <> b ON CONFLICT DO NOTHING
"""
CONTRADICTIONS = """
INSERT INTO sourcing_contradiction (field, partner_id)
SELECT (ARRAY['name', 'web', 'phone'])[1 + id %% 3], id FROM directory_partner WHERE id %% 20 = 0 ON CONFLICT DO NOTHING
"""
PAGES = (
    "quality", "quality_records", "quality_records?sans=numero", "quality_records?sans=lieu", "quality_records?avec=contradiction",
    "quality_records?champ=web", "quality_records?avec=propre", "quality_pairs?etat=trouves", "quality_pairs?etat=a-juger", "zones", "runs",
    "checks",
)  # fmt: skip


def timed(act: Callable[[], Any]) -> float:
    """Milliseconds that it takes."""
    start = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    """Fill, measure, ask each page; roll everything back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=15)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from reciproque.directory.models import Partner
    from reciproque.institution.models import Membership, Role, Unit, User
    from reciproque.sourcing.pipeline import measuring, weighing

    told: dict[str, Any] = {"partners": Partner.objects.count()}
    with transaction.atomic():
        last = Partner.objects.order_by("-pk").values_list("pk", flat=True)[0]
        with connection.cursor() as cursor:
            cursor.execute(PAIRS, {"last": last, "pairs": asked.pairs})
            told["pairs"] = cursor.rowcount
            cursor.execute("ANALYZE sourcing_judgement")
        told["withhold_ms"] = round(timed(weighing.withhold))
        told["sort_ms"] = round(timed(lambda: weighing.sort(weighing.settings_in_force())))
        told["measure_ms"] = round(timed(measuring.measure))
        with connection.cursor() as cursor:
            cursor.execute(CONTRADICTIONS, {})
            cursor.execute("ANALYZE sourcing_contradiction")
        user = User.objects.create(username="mesure")
        Membership.objects.create(user=user, unit=Unit.objects.order_by("path")[0], role=Role.DATA_STEWARD)
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        for name in PAGES:
            route, _mark, query = name.partition("?")
            address = f"{reverse(f'sourcing:{route}')}?{query}"
            assert client.get(address).status_code == 200, address
            taken = sorted(timed(lambda address=address: client.get(address)) for _n in range(asked.times))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(address)
            told[name] = {
                "p50": round(statistics.median(taken), 1), "p95": round(taken[int(len(taken) * 0.95)], 1), "statements": len(queries),
            }  # fmt: skip
        transaction.set_rollback(True)
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
