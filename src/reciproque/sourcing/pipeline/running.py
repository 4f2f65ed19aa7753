"""The jobs' bodies: each goes from where it was to the end, tells its progress, and stops when asked."""

import datetime as dt
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

import structlog
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reciproque.engines.tabular import TabularError
from reciproque.foundation.jobs import defer
from reciproque.institution.access import Actor
from reciproque.institution.models import User
from reciproque.sourcing import lifecycle, wording
from reciproque.sourcing.models import Import, ImportEffect, SourceRecord
from reciproque.sourcing.pipeline import applying, checking, staging, undoing

log = structlog.get_logger("reciproque.sourcing")
S = Import.State
TASKS = {S.CHECKING: "sourcing.check", S.RUNNING: "sourcing.apply", S.UNDOING: "sourcing.undo"}
SILENCE = dt.timedelta(minutes=1)
LOCK = 0x1347  # the first half of our advisory locks; the second is the import


def actor_of(run: Import) -> Actor:
    """Who the history says did it: the person who launched the import."""
    user = User.objects.filter(pk=run.author_id or 0).first()
    return Actor.of(user, via="import") if user else Actor.system("import", via="import")


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for reference cycles seldom: the rows of an import make few, and looking through them all is a sixth of the work."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def alone(work: Callable[[int], None]) -> Callable[[int], bool]:
    """One process at a time works on an import; whoever comes second leaves it to the first and returns False.

    The lock is the database session's: a killed worker gives it back.
    """

    @wraps(work)
    def run(import_id: int) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, import_id])
            if not cursor.fetchone()[0]:
                return False
            try:
                with few_collections():
                    work(import_id)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, import_id])
        return True

    return run


@alone
def check(import_id: int) -> None:
    """Stage, understand and compare every row."""
    run = Import.objects.select_related("file", "source").get(pk=import_id)
    if run.state != S.CHECKING:
        return
    try:
        staging.stage(run)
    except TabularError as error:
        with transaction.atomic():
            lifecycle.importing.move(run, "fail", problem=wording.file_problem(error.code, error.detail))
        return
    done = SourceRecord.objects.filter(import_run=run).exclude(state=SourceRecord.State.STAGED).count()
    checking.check(run, on_chunk=_progress(run, done))
    _end(run, S.CHECKING, "checked")


@alone
def apply(import_id: int) -> None:
    """Write every row that is ready."""
    run = Import.objects.select_related("file", "source").get(pk=import_id)
    if run.state != S.RUNNING:
        return
    written = [SourceRecord.State.APPLIED, SourceRecord.State.UNCHANGED]
    done = SourceRecord.objects.filter(import_run=run, state__in=written).count()
    applying.apply(run, actor_of(run), on_batch=_progress(run, done))
    _end(run, S.RUNNING, "finish", finished_at=timezone.now())
    defer("sourcing.look_for_duplicates", queueing_lock="look-for-duplicates", lock="look-for-duplicates")


@alone
def undo(import_id: int) -> None:
    """Take everything back."""
    run = Import.objects.select_related("file", "source").get(pk=import_id)
    if run.state != S.UNDOING:
        return
    undoing.undo(run, actor_of(run), on_batch=_progress(run, 0))
    _end(run, S.UNDOING, "undone")


def watch() -> int:
    """Look after imports that move while no job carries them: taken up again, or, after too many failures, said to have failed.

    Returns how many. Safe to repeat.
    """
    moving = Import.objects.filter(state__in=TASKS, moved_at__lt=timezone.now() - SILENCE)
    seen = 0
    for run in moving:
        alive, last = _jobs_of(run)
        if alive:
            continue
        seen += 1
        if last == "failed":
            problem = _(
                "Le travail s’est interrompu plusieurs fois : prévenez l’administration, puis reprenez l’import."
            )
            with transaction.atomic():
                lifecycle.importing.move(run, "fail", problem=problem)
        else:
            defer(TASKS[S(run.state)], queueing_lock=name_of(run), lock=name_of(run), import_id=run.pk)
    return seen


def name_of(run: Import) -> str:
    """The lock of an import's jobs: one at a time."""
    return f"import-{run.pk}"


def _jobs_of(run: Import) -> tuple[bool, str]:
    """Whether a job of this import waits or works; what became of the last one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE lock = %s ORDER BY id DESC", [name_of(run)])
        states = [row[0] for row in cursor.fetchall()]
    return any(state in {"todo", "doing"} for state in states), states[0] if states else ""


def _progress(run: Import, start: int) -> Callable[[int], bool]:
    done = start

    def tell(rows: int) -> bool:
        nonlocal done
        done += rows
        Import.objects.filter(pk=run.pk).update(done=done, moved_at=timezone.now())
        return not Import.objects.filter(pk=run.pk, stop_asked=True).exists()

    return tell


def _end(run: Import, state: str, move: str, **changes: object) -> None:
    with transaction.atomic():
        fresh = Import.objects.select_for_update().get(pk=run.pk)
        counts = counted(run)
        Import.objects.filter(pk=run.pk).update(counts=counts)
        if fresh.state == state:
            lifecycle.importing.move(fresh, move, **changes)
    log.info("import", step=move, id=run.pk, **{key: value for key, value in counts.items() if isinstance(value, int)})


def counted(run: Import) -> dict[str, int]:
    """The account of an import: every row of the file is in one of these."""
    R, D = SourceRecord.State, SourceRecord.Decision  # noqa: N806 -- as short as the table they fill
    rows = SourceRecord.objects.filter(import_run=run)
    found: dict[str, int] = rows.aggregate(
        read=Count("pk"),
        applied=Count("pk", Q(state=R.APPLIED)),
        ready=Count("pk", Q(state=R.READY)),
        waiting=Count("pk", Q(state=R.WAITING)),
        refused=Count("pk", Q(state=R.IGNORED)),
        withdrawn=Count("pk", Q(state=R.WITHDRAWN)),
        unchanged=Count("pk", Q(state=R.UNCHANGED)),
        doubtful=Count("pk", Q(state=R.WAITING, decision__in=[D.DOUBTFUL, D.LATER])),
        new=Count("pk", Q(change="new")),
        changed=Count("pk", Q(change="changed")),
        repaired=Count("pk", Q(problem_codes__len__gt=0)),
        matched=Count("pk", Q(decision=D.SAME)),
        organisations=Count("partner", distinct=True),
    )
    effects = ImportEffect.objects.filter(import_run=run)
    found |= {
        f"{model}s_created": effects.filter(model=model, created=True).count()
        for model in ("partner", "site", "person")
    }
    found["created"] = found["partners_created"]
    found["partners_changed"] = effects.filter(model="partner", created=False).count()
    for model in ("partner", "person"):
        found[f"{model}s_taken_back"] = effects.filter(model=model, fate=ImportEffect.Fate.GONE).count()
    found["partners_restored"] = effects.filter(model="partner", created=False, fate=ImportEffect.Fate.SETTLED).count()
    found["kept_at_undo"] = effects.filter(fate=ImportEffect.Fate.USED, model="partner").count()
    found["rows_kept_at_undo"] = rows.exclude(kept="").count()
    return found
