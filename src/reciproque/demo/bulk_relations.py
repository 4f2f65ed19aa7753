"""The life of a network made by `bulk.py`: exchanges, collaborations, what is asked, what waits; moments and pulses by the real rebuilding.

About fourteen exchanges and one collaboration a partner on average, so that a million partners have some ten million moments; the
first partner has ten thousand exchanges. Dates are counted from the day it is made.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate
from psycopg import sql

from reciproque.demo import bulk_relations_words as bulk_words
from reciproque.demo.bulk import DRAW
from reciproque.institution.models import Unit, User
from reciproque.relations import catalogue, rebuilding
from reciproque.relations.models import Dispositif, Interaction, Moment

FILLED = (
    "relations_interaction", "relations_interactionperson", "relations_interactioncolleague", "relations_collaboration",
    "relations_collaborationpart", "relations_solicitation", "relations_task",
)  # fmt: skip
INDEXES = """
SELECT one.indexrelid::regclass::text, pg_get_indexdef(one.indexrelid) FROM pg_index one
WHERE one.indrelid = ANY(%s::regclass[]) AND NOT one.indisunique
"""


def run(*, tell: Callable[[str], None] = lambda _line: None) -> dict[str, float]:
    """Fill the relations of a network made by `bulk.run`; returns counts and seconds. Raises ValueError when there are some already."""
    began = time.perf_counter()
    if Interaction.objects.exists():
        raise ValueError("La base contient déjà des échanges.")
    catalogue.ship()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers: no history
        cursor.execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '128MB'; SET LOCAL maintenance_work_mem = '512MB'"
        )
        with _without_indexes(cursor):
            _fill(cursor, tell)
            tell("moments et pouls")
            cursor.execute("ANALYZE relations_interaction, relations_collaboration")
            rebuilding.remake()
            tell("index")
    with connection.cursor() as cursor:
        last = "SELECT setval(pg_get_serial_sequence('relations_collaboration', 'id'), (SELECT coalesce(max(id), 1) FROM relations_collaboration))"
        cursor.execute(last)
        cursor.execute("VACUUM ANALYZE")
    return {
        "interactions": Interaction.objects.count(),
        "moments": Moment.objects.count(),
        "seconds": round(time.perf_counter() - began, 1),
    }


def _fill(cursor: Any, tell: Callable[[str], None]) -> None:
    cursor.execute(DRAW)
    users = User.objects.filter(username__startswith="mesure").order_by("pk").values_list("pk", flat=True)
    values: dict[str, Any] = {name: list(words) for name, words in bulk_words.WORDS.items()}
    values |= {
        "users": list(users),
        "units": list(Unit.objects.order_by("pk").values_list("pk", flat=True)),
        "kinds": list(Dispositif.objects.order_by("pk").values_list("pk", flat=True)),
        "today": localdate(),
    }
    cursor.execute("SELECT min(id) FROM directory_partner")
    values["first"] = cursor.fetchone()[0]
    cursor.execute("DROP TABLE IF EXISTS life")
    cursor.execute(bulk_words.LIVES, values)
    cursor.execute("ANALYZE life")
    for name, statement in bulk_words.STATEMENTS.items():
        cursor.execute(statement, values)
        tell(f"{name} : {cursor.rowcount}")
    cursor.execute("DROP TABLE life")


@contextmanager
def _without_indexes(cursor: Any) -> Iterator[None]:
    """Take away the indexes that only serve reading, and make them at the end: several times quicker than keeping them row by row."""
    cursor.execute(INDEXES, [list(FILLED)])
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name.strip('"'))))
    yield
    for _name, definition in found:
        cursor.execute(definition)
