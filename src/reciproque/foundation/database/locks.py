"""Being the only one at something: advisory locks of the session, which a killed process gives back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def alone(lock: int, number: int = 0) -> Iterator[bool]:
    """Whether this process is the one that works on it. `lock` names the kind of work, `number` the record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [lock, number])
        mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lock, number])
