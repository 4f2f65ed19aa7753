"""Partners merged without asking anybody: one by one, each a signed decision that is taken back alone, or with its whole run."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from reciproque.directory import services as directory
from reciproque.directory.models import Merge, Partner
from reciproque.engines.zoning import draw
from reciproque.foundation.errors import DomainError
from reciproque.foundation.jobs import defer
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor, require_role
from reciproque.sourcing.models import AutomaticRun, Check, Judgement
from reciproque.sourcing.pipeline import likeness, weighing
from reciproque.sourcing.services.zones import DECIDERS

V, W = Judgement.Verdict, Judgement.Withheld
S = AutomaticRun.State


def acting(run: AutomaticRun) -> Actor:
    """Who the history says did it."""
    return Actor.system(_("réunion automatique, %(run)s") % {"run": run})


@operation("sourcing.open_run")
def open_run(*, actor: Actor) -> AutomaticRun | None:
    """The run to go on with, or a new one; None when the establishment does not want merges that nobody asked for."""
    del actor
    decided = weighing.settings_in_force()
    if not decided.merges_alone:
        AutomaticRun.objects.filter(state=S.RUNNING).update(state=S.DONE, ended_at=timezone.now())
        return None
    run = AutomaticRun.objects.select_for_update().filter(state=S.RUNNING).first()
    return run or AutomaticRun.objects.create(
        model=likeness.in_service(), automatic=decided.automatic, most=decided.most
    )


@operation("sourcing.merge_alone")
def merge_alone(*, actor: Actor, run: AutomaticRun, judgement: Judgement) -> bool:
    """Merge one pair of the automatic zone, when it still is one: everything is asked again under lock. Says whether it was merged.

    What has changed since the pair was weighed sends it to people.
    """
    directory.alone()
    held = Judgement.objects.select_for_update().get(pk=judgement.pk)
    if held.verdict != V.OPEN or held.zone != Judgement.Zone.AUTOMATIC or held.model != run.model:
        return False
    weighing.withhold([held.pk])
    held.refresh_from_db()
    rows = list(Partner.objects.filter(pk__in=[held.low, held.high], merged_into=None, archived_at=None).order_by("pk"))
    changed = held.weighed_at is None or any(row.updated_at > held.weighed_at for row in rows)
    if held.withheld or len(rows) != 2 or changed:
        return False
    kept = min(rows, key=lambda row: (-worth(row), row.pk))
    try:
        directory.merge_records(actor=actor, kept=kept, absorbed=[row for row in rows if row.pk != kept.pk])
    except DomainError:
        Judgement.objects.filter(pk=held.pk).update(withheld=W.NUMBERS, zone=Judgement.Zone.REVIEW)
        return False
    Judgement.objects.filter(pk=held.pk).update(
        verdict=V.SAME, run=run, decided_at=timezone.now(), decided_by=None, until=None, kept=None
    )
    return True


def worth(partner: Partner) -> int:
    """An official number, then what the register says, then how one reaches them, make the better record."""
    return (
        4 * bool(partner.siren or partner.rna)
        + 2 * bool(partner.register_checked_on)
        + bool(partner.email)
        + bool(partner.phone)
    )


@operation("sourcing.close_run")
def close_run(*, actor: Actor, run: AutomaticRun) -> int:
    """End a run, and draw the merges that people will check; returns how many. Drawn again, they are the same."""
    del actor
    done = merges_of_run(run)
    wanted = weighing.settings_in_force().checked
    likely = [(merge.pk, judgement.likelihood or 0.0) for judgement, merge in done]
    drawn = {one.key: one for one in draw(likely, wanted=wanted, seed=f"run-{run.pk}")}
    checks = [
        Check(run=run, merge=merge, judgement=judgement, stratum=drawn[merge.pk].stratum, weight=drawn[merge.pk].weight)
        for judgement, merge in done
        if merge.pk in drawn
    ]
    Check.objects.bulk_create(checks, ignore_conflicts=True)
    AutomaticRun.objects.filter(pk=run.pk, state=S.RUNNING).update(
        state=S.DONE, ended_at=timezone.now(), merged=len(done)
    )
    return len(checks)


def merges_of_run(run: AutomaticRun) -> list[tuple[Judgement, Merge]]:
    """The pairs that a run merged and that still are, with their merges. Two queries."""
    judged = list(Judgement.objects.filter(run=run, verdict=V.SAME).order_by("pk"))
    records = {pk for one in judged for pk in (one.low, one.high)}
    standing = Merge.objects.filter(kind="partner", undone_at=None, entailed_by=None, absorbed_id__in=records)
    found = {frozenset((merge.kept_id, merge.absorbed_id)): merge for merge in standing}
    return [(one, found[pair]) for one in judged if (pair := frozenset((one.low, one.high))) in found]


@operation("sourcing.ask_to_undo_run")
def ask_to_undo_run(*, actor: Actor, run: AutomaticRun) -> AutomaticRun:
    """Take back every merge of a run that still stands; the worker does it. Its pairs go to people, none is held to be refused."""
    require_role(actor, *DECIDERS)
    held = AutomaticRun.objects.select_for_update().get(pk=run.pk)
    if held.state != S.DONE:
        raise DomainError(_("Ce passage n’est pas terminé, ou il est déjà annulé."))
    held.state, held.undone_by_id, held.undone_at = S.UNDOING, actor.user_id, timezone.now()
    held.save()
    Check.objects.filter(run=held, answer="").delete()
    defer("sourcing.undo_run", lock="automatic-merges", run_id=held.pk)
    return held


@operation("sourcing.undo_one")
def undo_one(*, actor: Actor, judgement: Judgement, merge: Merge) -> bool:
    """Separate one pair of a run that is taken back, and give it to people. False when something forbids it today."""
    try:
        directory.separate(actor=actor, merge=merge)
    except DomainError:
        return False
    Judgement.objects.filter(pk=judgement.pk).update(
        verdict=V.OPEN, zone=Judgement.Zone.REVIEW, withheld=W.UNDONE, decided_at=None, decided_by=None
    )
    return True


@operation("sourcing.run_undone")
def run_undone(*, actor: Actor, run: AutomaticRun) -> None:
    """Note that a run is taken back."""
    del actor
    AutomaticRun.objects.filter(pk=run.pk, state=S.UNDOING).update(state=S.UNDONE)


def taken(run: AutomaticRun) -> set[int]:
    """The records that a run has already merged: each is merged once a run, then looked at anew as a whole."""
    pairs: Iterable[tuple[int, int]] = Judgement.objects.filter(run=run).values_list("low", "high")
    return {pk for pair in pairs for pk in pair}
