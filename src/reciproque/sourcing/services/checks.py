"""Merges made alone, checked by people: a wrong one is separated at once, and remembered as different."""

from django.utils import timezone
from django.utils.translation import gettext as _

from reciproque.directory import policies as directory_policies
from reciproque.directory import services as directory
from reciproque.directory.models import Merge
from reciproque.directory.services import root_of
from reciproque.foundation.errors import DomainError
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.sourcing.models import Check, Judgement


@operation("sourcing.answer_check")
def answer_check(*, actor: Actor, check: Check, same: bool) -> Check:
    """Say whether a merge made alone was right. Wrong: its records are separated, and are never proposed again.

    Raises Forbidden when one may not change the record, DomainError when it was answered meanwhile or cannot be separated today.
    """
    held = Check.objects.select_for_update(of=("self",)).select_related("merge", "judgement").get(pk=check.pk)
    root = directory_policies.partners.base().get(pk=root_of(Merge.Kind.PARTNER, held.merge.kept_id))
    directory_policies.partners.require(actor, "merge", root)
    if held.answer:
        raise DomainError(_("Quelqu’un vient de répondre : passez à la suivante."))
    if not same:
        if held.merge.undone_at is None:
            directory.separate(actor=actor, merge=held.merge)
        Judgement.objects.filter(pk=held.judgement_id).update(
            verdict=Judgement.Verdict.DIFFERENT, decided_at=timezone.now(), decided_by=actor.user_id
        )
    held.answer = Check.Answer.RIGHT if same else Check.Answer.WRONG
    held.by_id, held.at = actor.user_id, timezone.now()
    held.save()
    return held


@operation("sourcing.reopen_check")
def reopen_check(*, actor: Actor, check: Check) -> Check:
    """Take back « c’est bien la même »: the merge is to be checked again. A separation is taken back by merging."""
    held = Check.objects.select_for_update(of=("self",)).select_related("merge").get(pk=check.pk)
    root = directory_policies.partners.base().get(pk=root_of(Merge.Kind.PARTNER, held.merge.kept_id))
    directory_policies.partners.require(actor, "merge", root)
    if held.answer != Check.Answer.RIGHT:
        raise DomainError(_("Ces fiches ont été séparées : réunissez-les de nouveau si c’était à tort."))
    held.answer, held.by, held.at = Check.Answer.NONE, None, None
    held.save()
    return held


def separated(merge: Merge) -> None:
    """Somebody separated records from their page: whoever was to check that merge knows."""
    Check.objects.filter(merge=merge, answer="").update(
        answer=Check.Answer.WRONG, by=merge.undone_by, at=merge.undone_at or timezone.now()
    )
