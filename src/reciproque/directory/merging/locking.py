"""Who goes first when records are brought together while others write: one lock, held by the transaction."""

from django.db import connection

LOCK = 1348


def alone() -> None:
    """Bring together or take apart: nobody else does, and what goes through `steady` waits or is waited for.

    They are rare, and each may touch the rows of the others.
    """
    _take("pg_advisory_xact_lock")


def steady() -> None:
    """Until the end of this transaction no record is absorbed: what it writes to a record stays with who answers for it.

    To be taken before any row: many may hold it at once.
    """
    _take("pg_advisory_xact_lock_shared")


def _take(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])
