"""The pages that are opened all day can read a big network by its indexes, and ask the same number of questions whatever is found.

On a network this small the planner may well read a table whole: plans are asked for with that forbidden, so that it still shows
where no index answers. Counts are estimated as on a big network.
"""

import json
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reciproque.demo import bulk
from reciproque.directory import search
from reciproque.directory.mapping import counting
from reciproque.directory.models import Partner, Person
from reciproque.foundation.listing import counting as counts
from reciproque.institution.models import User

PARTNERS = 1_000
BIG = {"partner", "site", "person", "position", "partnerunit", "searchentry"}
HTMX = {"HX-Request": "true"}
LISTS = {  # address → questions at most
    "/partenaires/": 12,
    "/partenaires/?tri=-updated": 12,
    "/partenaires/?tri=city": 12,
    "/partenaires/?f.city.op=est&f.city=angers": 14,
    "/partenaires/?f.kind=association&f.department=49": 14,
    "/partenaires/?f.kind=company&f.unit=4&f.tags=stage": 18,
    "/partenaires/?q=menuiserie": 16,
    "/partenaires/?q=zzqxw": 16,
    "/partenaires/?q=association": 16,
    "/partenaires/?f.siren.op=commence&f.siren=10001": 14,
    "/partenaires/?f.name=chaud": 12,
    "/personnes/": 12,
    "/personnes/?q=chauvin": 12,
}
PARTS = {
    "/palette/?q=menu": 12,
    "/palette/?q=menuizerie chauvain": 12,
    "/palette/?q=association": 12,
    "/palette/?q=10001": 12,
}


@pytest.fixture(scope="module")
def network(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """A network as the measures have it, of a middling size; gone with the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        users = bulk._institution(PARTNERS)
        with connection.cursor() as cursor:
            cursor.execute(bulk.DRAW)
            bulk._towns(cursor)
            cursor.execute("SET LOCAL session_replication_role = replica")
            bulk._chunk(cursor, 0, PARTNERS, 7, users)
            cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute("ANALYZE")
        search.rebuild()
        counting.count_places()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def reader(network: None, db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setitem(counts.count.__kwdefaults__, "hopeless", 100)
    client.force_login(User.objects.get(username="mesure1"))
    return client


def read_whole(plan: dict) -> set[str]:
    """The big tables that a plan reads from end to end. Numbers counted to a limit, of rows that nearly all are seen, stop there."""
    inside = plan.get("Plans", [])
    if plan["Node Type"] == "Limit" and [one["Node Type"] for one in inside] == ["Seq Scan"]:
        return set()
    below = set().union(*map(read_whole, inside), set())
    table = plan.get("Relation Name", "").removeprefix("directory_")
    return below | ({table} if plan["Node Type"] == "Seq Scan" and table in BIG else set())


def planned(sql: str) -> dict:
    """How the database would answer, when it may not read tables whole unless it must."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"), [])
        plan = cursor.fetchone()[0]
        cursor.execute("SET LOCAL enable_seqscan = on")
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]


def asked(client: Client, address: str, most: int, **headers: str) -> None:
    """The page answers with `most` questions at most, none of which reads a big table whole."""
    client.get(address, headers=headers)  # what is kept in memory is there
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, headers=headers).status_code == 200
        told = [query["sql"] for query in queries]
    assert len(told) <= most, "\n".join(told)
    for sql in told:
        if sql.lstrip().upper().startswith(("SELECT", "WITH")):
            found = read_whole(planned(sql))
            assert not found, f"{found} : {sql}"


@pytest.mark.parametrize("address", LISTS)
def test_a_list_reads_by_indexes(reader: Client, address: str) -> None:
    asked(reader, address, LISTS[address])


@pytest.mark.parametrize("address", PARTS)
def test_type_ahead_reads_by_indexes(reader: Client, address: str) -> None:
    asked(reader, address, PARTS[address], **HTMX)


def test_a_record_reads_by_indexes(reader: Client) -> None:
    for partner in Partner.objects.filter(sharing="network", archived_at=None).order_by("pk")[:3]:
        asked(reader, f"/partenaires/{partner.pk}/", 30)
    for person in Person.objects.filter(sharing="network", archived_at=None).order_by("pk")[:3]:
        asked(reader, f"/personnes/{person.pk}/", 10)


PAIRS = """
INSERT INTO sourcing_judgement (kind, low, high, score, reasons, gain, verdict, found_at)
SELECT 'partner', min(id), max(id), 0.8, '["name_close"]', random(), 'open', now()
FROM directory_partner WHERE archived_at IS NULL GROUP BY id / 2 HAVING count(*) = 2
"""


def partners_read(plan: dict) -> list[str]:
    """On what condition each reading of the table of partners is made."""
    found = [one for below in plan.get("Plans", []) for one in partners_read(below)]
    return [*found, plan.get("Index Cond", "")] if plan.get("Relation Name") == "directory_partner" else found


@pytest.mark.parametrize("address", ["/doublons/", "/qualite/paires/?etat=a-juger", "/"])
def test_pairs_are_looked_up_one_by_one(reader: Client, address: str) -> None:
    """Asked otherwise, whether a pair may be read is first asked of the whole network."""
    with connection.cursor() as cursor:
        cursor.execute(PAIRS)
        cursor.execute("ANALYZE sourcing_judgement")
    with CaptureQueriesContext(connection) as queries:
        assert reader.get(address).status_code == 200
        told = [query["sql"] for query in queries if 'FROM "sourcing_judgement"' in query["sql"]]
    readings = [condition for sql in told for condition in partners_read(planned(sql))]
    assert len(readings) >= 4
    assert all("sourcing_judgement" in condition for condition in readings), readings


def test_a_plan_that_reads_everything_is_seen(network: None, db: None) -> None:
    assert read_whole(planned("SELECT count(*) FROM directory_partner WHERE description LIKE 'x'")) == {"partner"}
