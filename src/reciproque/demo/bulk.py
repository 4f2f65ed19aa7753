"""A network of any size, for measuring: written by the database itself, in bulk, skewed as in life, always the same.

It is not made through operations (a million of them would take hours): same tables, same constraints, same search index,
without history, as a migration from another system would arrive. Names are composed, identifiers are valid but invented,
addresses end in `.example`.

Accounts grow with the network, one for some 300 partners and as many in each unit. A partner has its own colleagues in each
unit: one, and the next one at times. They are drawn unevenly (rank = accounts of the unit × u^1.6), so that at a million partners
the one who answers for the most (`mesure0` to `mesure11`, the first of each unit) answers for about 2,000, and most for a hundred
or two. What is written of a partner is written by these colleagues.
"""

import time
from collections.abc import Callable

from django.db import connection, transaction
from psycopg import sql

from reciproque.demo import bulk_words
from reciproque.directory import search
from reciproque.institution import services
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User

CHUNK = 100_000
UNITS = 12
PER_ACCOUNT = 300  # partners
FEWEST = 3  # accounts in a unit

# A repeatable draw: a whole number below `n` for row `i` and purpose `salt`. `holder`: the account in charge of a partner in the
# unit of that rank (from 1), or the next one (`turn` 1); accounts go round the units.
DRAW = f"""
CREATE OR REPLACE FUNCTION pg_temp.draw(i bigint, salt int, n int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ((hashint8extended(i, salt) & 9223372036854775807) % n)::int $$;
CREATE OR REPLACE FUNCTION pg_temp.pick(i bigint, salt int, words text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT words[1 + ((hashint8extended(i, salt) & 9223372036854775807) % cardinality(words))::int] $$;
CREATE OR REPLACE FUNCTION pg_temp.luhn(digits text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT digits || ((10 - sum(CASE WHEN (length(digits) - k) % 2 = 0
     THEN (substr(digits, k, 1)::int * 2) % 10 + substr(digits, k, 1)::int * 2 / 10
     ELSE substr(digits, k, 1)::int END) % 10) % 10)::text FROM generate_series(1, length(digits)) k $$;
CREATE OR REPLACE FUNCTION pg_temp.holder(partner bigint, unit int, turn int, accounts bigint[]) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT accounts[unit + {UNITS} * ((floor(cardinality(accounts) / {UNITS} * power(pg_temp.draw(partner, 600 + unit, 100000)
     / 100000.0::float, 1.6))::int + turn) % (cardinality(accounts) / {UNITS}))] $$;
"""  # noqa: S608 -- a number of ours


def run(partners: int, *, seed: int = 20261123, tell: Callable[[str], None] = lambda _line: None) -> dict[str, float]:
    """Fill the database with that many partners, their sites, people, ties and search index; returns counts and seconds.

    Raises ValueError when the database already holds partners: it is for throw-away installations.
    """
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT 1 FROM directory_partner LIMIT 1) AS found")
        if cursor.fetchone()[0]:
            raise ValueError("La base contient déjà des partenaires : partez d’une base vide.")
    users = _institution(partners)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(DRAW)
        _towns(cursor)
        for start in range(0, partners, CHUNK):
            with transaction.atomic():
                cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers: no history
                _chunk(cursor, start, min(start + CHUNK, partners), seed, users)
            tell(f"{min(start + CHUNK, partners)} / {partners}")
        cursor.execute("ANALYZE")
    search.rebuild()
    with connection.cursor() as cursor:
        for table in ("partner", "site", "person", "position", "partnerunit"):
            last = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT coalesce(max(id), 1) FROM {}))")
            cursor.execute(last.format(sql.Literal(f"directory_{table}"), sql.Identifier(f"directory_{table}")))
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT (SELECT count(*) FROM directory_site), (SELECT count(*) FROM directory_person)")
        sites, people = cursor.fetchone()
    return {"partners": partners, "sites": sites, "people": people, "seconds": round(time.perf_counter() - began, 1)}


def _institution(partners: int) -> list[int]:
    """A dozen units and their accounts; returns the accounts' numbers."""
    actor = Actor.system("réseau de mesure", via="command")
    root = services.found_establishment(actor=actor, code="univ", name="Université de mesure", short_name="Université")
    units = [root]
    for number in range(1, UNITS):
        code = f"unite-{number}"
        units.append(
            Unit.objects.filter(code=code).first()
            or services.create_unit(
                actor=actor,
                parent=root,
                code=code,
                name=f"Composante {number}",
                short_name=f"C{number}",
                kind="faculty",
            )
        )
    for number in range(UNITS * max(FEWEST, round(partners / PER_ACCOUNT / UNITS))):
        name = f"mesure{number}"
        user = User.objects.filter(username=name).first() or services.create_account(
            actor=actor, username=name, email=f"{name}@univ.example", first_name="Agent", last_name=f"Mesure {number}"
        )
        services.grant_role(
            actor=actor, user=user, unit=units[number % UNITS], role=Role.MANAGER if number % 5 == 0 else Role.MEMBER
        )
    services.grant_role(actor=actor, user=User.objects.get(username="mesure0"), unit=root, role=Role.DATA_STEWARD)
    return list(User.objects.filter(username__startswith="mesure").order_by("pk").values_list("pk", flat=True))


def _towns(cursor: object) -> None:
    """A table of towns in which each appears as often as its population weighs, so that one draw is enough."""
    rows = bulk_words.towns()
    cursor.execute("DROP TABLE IF EXISTS town")  # type: ignore[attr-defined]
    cursor.execute(  # type: ignore[attr-defined]
        "CREATE TEMP TABLE town (n int PRIMARY KEY, name text, postcode text, department text, code text, lat float, lon float)"
    )
    with cursor.copy("COPY town FROM STDIN") as copy:  # type: ignore[attr-defined]
        for number, row in enumerate(rows):
            copy.write_row((number, *row))
    cursor.execute("ANALYZE town")  # type: ignore[attr-defined]


def _chunk(cursor: object, start: int, stop: int, seed: int, users: list[int]) -> None:
    words = {name: list(values) for name, values in bulk_words.WORDS.items()}
    unit_ids = list(Unit.objects.order_by("pk").values_list("pk", flat=True))
    values = words | {"start": start + 1, "stop": stop, "seed": seed % 1000, "users": users, "units": unit_ids}
    for statement in bulk_words.STATEMENTS:
        cursor.execute(statement, values)  # type: ignore[attr-defined]
