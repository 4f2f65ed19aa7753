"""Jobs in PostgreSQL: what every task of ours shares, and the reaper that gives killed work back to the queue."""

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

RETRY = RetryStrategy(max_attempts=5, exponential_wait=3)
SIGNS_MISSED = 3  # of life, before a worker is held to be dead
KEPT_FOR = dt.timedelta(days=30)
# PR_SET_PDEATHSIG is 1 (prctl(2)): the kernel sends the signal when who started the process dies, even killed.
WITH_ITS_PARENT = (
    "import ctypes, signal; ctypes.CDLL(None).prctl(1, signal.SIGTERM); " if sys.platform == "linux" else ""
)


def task(name: str, *, queue: str = "default") -> Callable[[Callable[..., Any]], Any]:
    """Register one of our tasks: retried with growing delays, on a database connection that is checked first.

    A worker lives long: the connection of its thread may have been closed by a restart of the database.
    """

    def register(work: Callable[..., Any]) -> Any:
        @wraps(work)
        def run(*args: Any, **kwargs: Any) -> None:
            close_old_connections()
            try:
                work(*args, **kwargs)
            finally:
                close_old_connections()

        return app.task(name=name, queue=queue, retry=RETRY)(run)

    return register


def defer(task: str, *, lock: str | None = None, queueing_lock: str | None = None, **ids: Any) -> None:
    """Queue a task by name, inside the current transaction. Arguments are identifiers, never personal data.

    With `queueing_lock`, a job already waiting under that lock makes this call a no-op.
    """
    from procrastinate.exceptions import AlreadyEnqueued  # noqa: PLC0415

    options: dict[str, Any] = {key: value for key, value in (("lock", lock), ("queueing_lock", queueing_lock)) if value}
    if queueing_lock and _waits(queueing_lock):
        return
    try:
        app.configure_task(task, **options).defer(**ids)
    except AlreadyEnqueued:
        return


def apart(module: str, function: str) -> None:
    """Run a function that loads much in a process of its own, which lets pages go first and gives its memory back when it ends.

    It ends with the worker, however that one ends (on Linux): what it was doing is given to another, and must not be done twice at once.
    Raises CalledProcessError when it fails, so that the job is tried again.
    """
    code = f"{WITH_ITS_PARENT}import os; os.nice(10); import django; django.setup(); from {module} import {function}; {function}()"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 -- our own names


def stalled_after() -> float:
    """Seconds without a sign of life after which the work of a worker is given to another."""
    return float(SIGNS_MISSED * settings.JOBS_HEARTBEAT)


def reap() -> int:
    """Give back to the queue every job whose worker died; returns how many. Safe to repeat; runs outside the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT job.id FROM procrastinate_jobs job
            LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
            WHERE job.status = 'doing'
              AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
            """,
            [stalled_after()],
        )
        ids = [row[0] for row in cursor.fetchall()]
        for job in ids:
            cursor.execute("SELECT procrastinate_retry_job_v1(%s, now(), NULL, NULL, NULL)", [job])
        return len(ids)


def last_sign() -> float | None:
    """Seconds since a worker last gave a sign of life; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
        found = cursor.fetchone()[0]
    return None if found is None else float(found)


def oldest_waiting() -> float:
    """Seconds since the oldest job that is due began to wait; 0 when nothing waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(extract(epoch FROM now() - min(greatest(coalesce(job.scheduled_at, event.at), event.at))), 0)
            FROM procrastinate_jobs job
            JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = job.id) event ON true
            WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
            """
        )
        return float(cursor.fetchone()[0])


def _waits(queueing_lock: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo' LIMIT 1", [queueing_lock]
        )
        return cursor.fetchone() is not None


def purge() -> int:
    """Forget the jobs that ended long ago; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM procrastinate_jobs job WHERE status IN ('succeeded', 'failed', 'cancelled', 'aborted')
              AND (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id) < now() - make_interval(days => %s)
            """,
            [KEPT_FOR.days],
        )
        return int(cursor.rowcount)


def ready() -> bool:
    """Whether the queue is there: a base that was never migrated has none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def account() -> dict[str, Any]:
    """Jobs by state, the wait of the oldest, and the last ten that failed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1 ORDER BY 1")
        states = dict(cursor.fetchall())
        cursor.execute(
            "SELECT id, task_name, args, attempts FROM procrastinate_jobs WHERE status = 'failed' ORDER BY id DESC LIMIT 10"
        )
        failed = [
            {"id": pk, "task": task, "args": args, "attempts": tries} for pk, task, args, tries in cursor.fetchall()
        ]
    return {"states": states, "oldest_waiting_seconds": oldest_waiting(), "failed": failed}
