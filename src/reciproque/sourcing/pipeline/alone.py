"""The night's merges made alone, and the taking back of a whole run: one transaction per pair, resumed where a kill left them."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from reciproque.institution.access import Actor
from reciproque.sourcing.models import AutomaticRun, Judgement
from reciproque.sourcing.services import automatic

LOCK = 0x1349
AHEAD = 4
"""Pairs read for one to merge: records are merged once a run, so that some pairs wait for the next."""


def _only_one(work: Callable[..., Any]) -> Callable[..., bool]:
    """Whoever comes second leaves it to the first. The lock is the session's: a killed worker gives it back."""

    def run(*args: Any) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return False
            try:
                work(*args)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        return True

    return run


@_only_one
def merge_all() -> None:
    """Merge the pairs of the automatic zone, the likeliest first, as many as the establishment allows in one run."""
    run = automatic.open_run(actor=Actor.system("réunion automatique"))
    if run is None:
        return
    actor, records = automatic.acting(run), automatic.taken(run)
    left = run.most - Judgement.objects.filter(run=run).count()
    ready = Judgement.objects.filter(kind="partner", verdict="open", zone="automatic", withheld="", model=run.model)
    for one in ready.order_by("-likelihood", "pk")[: max(0, left) * AHEAD]:
        if left <= 0:
            break
        if not {one.low, one.high} & records and automatic.merge_alone(actor=actor, run=run, judgement=one):
            records |= {one.low, one.high}
            left -= 1
    automatic.close_run(actor=actor, run=run)


@_only_one
def undo(run_id: int) -> None:
    """Take every merge of a run apart, the last first."""
    run = AutomaticRun.objects.select_related("undone_by").get(pk=run_id)
    if run.state != AutomaticRun.State.UNDOING or run.undone_by is None:
        return
    actor = Actor.of(run.undone_by, via="job")
    for judgement, merge in reversed(automatic.merges_of_run(run)):
        automatic.undo_one(actor=actor, judgement=judgement, merge=merge)
    automatic.run_undone(actor=actor, run=run)
