"""All pulses made anew, one write, and the pages that show them: `python benchmarks/pulse.py --partners 100000 --moments 1000000`.

In a database of its own, dropped at the end. Prints CPU seconds of this process, wall seconds and the highest memory; for pages, the
server's time (median and 95th percentile of the wall, the database included) and the number of queries. One partner has ten thousand
exchanges.
"""

import argparse
import os
import random
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
os.environ.setdefault("RECIPROQUE_HOME", str(ROOT / "var" / "test"))

FILL = """
INSERT INTO directory_partner (name, kind, origins, version, created_at, updated_at, sharing, usual_name, acronym, former_names, country,
  siren, rna, vat, foreign_id, legal_category, naf, naf2025, headcount_band, size_category, register_state, diffusion, web, email, phone,
  languages, tags, description, postcode, city, department)
SELECT 'Partenaire ' || n, 'company', '{}', 1, now(), now(), 'network', '', '', '{}', 'FR', '', '', '', '', '', lpad((n %% 99)::text, 2, '0')
  || '.10Z', '', '', 'PME', 'A', 'O', '', '', '', '{}', '{}', '', '', '', '' FROM generate_series(1, %s) n
"""
MOMENTS = """
INSERT INTO relations_interaction (partner_id, unit_id, sharing, version, created_at, updated_at, kind, state, "on", place, subject, text, met,
  source)
SELECT first.id + (random() * (%s - 1))::int, unit.id, 'network', 1, now(), now(), (ARRAY['visit', 'meeting', 'video'])[1 + n %% 3], 'done',
  current_date - (random() * 900)::int, '', 'Point', '', true, 'hand'
FROM generate_series(1, %s) n, (SELECT min(id) AS id FROM directory_partner) first,
  LATERAL (SELECT id FROM institution_unit WHERE parent_id IS NOT NULL ORDER BY id OFFSET n %% 8 LIMIT 1) unit
"""


def main() -> None:
    """Fill, rebuild, write once, say what it cost."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--partners", type=int, default=100_000)
    asked.add_argument("--moments", type=int, default=1_000_000)
    given = asked.parse_args()
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections
    from django.utils.timezone import localdate

    from reciproque.foundation.database.embedded import Server

    server = Server(Path(os.environ["RECIPROQUE_HOME"]) / "postgres", fast=True)
    server.start()
    settings = connections["default"].settings_dict
    kept, settings["NAME"] = settings["NAME"], "postgres"
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS bench_pulse")
        cursor.execute("CREATE DATABASE bench_pulse TEMPLATE template0 ENCODING 'UTF8'")
    connection.close()
    settings["NAME"] = "bench_pulse"
    try:
        call_command("migrate", verbosity=0)
        _fill(given.partners, given.moments)
        from reciproque.directory.models import Partner
        from reciproque.institution.access import Actor
        from reciproque.institution.models import Unit
        from reciproque.relations import moments, rebuilding, services

        measured("moments of everything", moments.of_everything)
        measured("pulses of everything", rebuilding.rebuild)
        partner, unit = Partner.objects.order_by("pk")[given.partners // 2], Unit.objects.last()
        call = {
            "actor": Actor.system("bench"),
            "partner": partner,
            "unit": unit,
            "on": localdate(),
            "kind": "visit",
            "text": "Note",
        }
        services.record_interaction(**call)
        measured("one exchange written", lambda: services.record_interaction(**call), times=50)
        _pages(given.partners)
    finally:
        connection.close()
        settings["NAME"] = "postgres"
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE bench_pulse WITH (FORCE)")
        connection.close()
        settings["NAME"] = kept
        server.stop()


def _fill(partners: int, moments: int) -> None:
    from django.db import connection

    from reciproque.institution.models import Unit

    root = Unit.objects.create(code="u", name="U", short_name="U", kind="establishment")
    Unit.objects.filter(pk=root.pk).update(path=f"/{root.pk}/")
    for rank in range(8):
        unit = Unit.objects.create(code=f"u{rank}", name=f"U{rank}", short_name=f"U{rank}", kind="faculty", parent=root)
        Unit.objects.filter(pk=unit.pk).update(path=f"/{root.pk}/{unit.pk}/")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # history of a benchmark is nobody's
        cursor.execute(FILL, [partners])
        cursor.execute(MOMENTS, [partners, moments])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")


LONG = """
INSERT INTO relations_interaction (partner_id, unit_id, sharing, version, created_at, updated_at, kind, state, "on", place, subject, text, met,
  source)
SELECT %s, (SELECT min(id) FROM institution_unit), (ARRAY['network', 'unit'])[1 + n %% 2], 1, now(), now(), 'call', 'done',
  current_date - n / 5, '', 'Appel', 'Suivi du **projet**', false, 'hand'
FROM generate_series(1, 10000) n
"""


def _pages(partners: int) -> None:
    """The pages of somebody who manages a unit and answers for two hundred partners."""
    from django.db import connection
    from django.test import Client

    from reciproque.directory.models import Partner
    from reciproque.institution.models import Membership, Unit, User

    user = User.objects.create(username="bench", email="bench@univ.example")
    Membership.objects.create(user=user, unit=Unit.objects.filter(parent__isnull=False)[0], role="manager")
    first = Partner.objects.order_by("pk")[0].pk
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE directory_partner SET referent_id = %s WHERE id < %s", [user.pk, first + 200])
        cursor.execute(LONG, [first])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")
    client, draw = Client(), random.Random(4)  # noqa: S311 -- the same ones every time
    client.force_login(user)
    anyone = [first + draw.randrange(partners) for _time in range(60)]
    place = "?apres=2024-06-01.interaction.999999999"
    for name, addresses in (
        ("partner page", [f"/partenaires/{pk}/" for pk in anyone]),
        ("partner page, 10,000 exchanges", [f"/partenaires/{first}/"] * 40),
        ("timeline, 10,000 exchanges", [f"/partenaires/{first}/chronologie/"] * 40),
        ("timeline further down", [f"/partenaires/{first}/chronologie/{place}"] * 40),
        ("my partners", ["/mes-partenaires/"] * 40),
        ("partners of my units", ["/mes-partenaires/?qui=entites"] * 40),
        ("board", ["/reciprocite/"] * 20),
        ("a figure's list", ["/reciprocite/liste/?chiffre=fragile"] * 40),
        ("collaborations", ["/collaborations/?vue=liste"] * 40),
        ("home", ["/"] * 40),
    ):
        _page(client, name, addresses)


def _page(client: object, name: str, addresses: list[str]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    spent, worked = [], 0.0
    for address in [addresses[0], *addresses]:
        start, cpu = time.perf_counter(), time.process_time()
        answer = client.get(address)  # type: ignore[attr-defined]
        spent.append(time.perf_counter() - start)
        worked = worked + time.process_time() - cpu if len(spent) > 1 else 0.0
        if answer.status_code != 200:
            print(f"{name}: {answer.status_code} at {address}")
            return
    with CaptureQueriesContext(connection) as queries:
        client.get(addresses[-1])  # type: ignore[attr-defined]
    spent = sorted(spent[1:])
    median, late = spent[len(spent) // 2], spent[int(len(spent) * 0.95)]
    cpu = 1000 * worked / len(spent)
    print(
        f"{name}: median {1000 * median:.0f} ms, p95 {1000 * late:.0f} ms, CPU {cpu:.0f} ms, {len(queries)} queries",
        flush=True,
    )


def measured(what: str, run: object, *, times: int = 1) -> None:
    """Run it and print what it cost."""
    before, start = time.process_time(), time.perf_counter()
    for _time in range(times):
        run()  # type: ignore[operator]
    cpu, wall = (time.process_time() - before) / times, (time.perf_counter() - start) / times
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {cpu:.3f} s of CPU here, {wall:.3f} s wall, {memory:.0f} MB at most", flush=True)


if __name__ == "__main__":
    main()
