"""Referrals: sent to another unit, taken up, answered by an exchange, or declined with a reason."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from reciproque.directory.models import Partner, Person
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from reciproque.relations import lifecycle, notices, policies
from reciproque.relations.models import Interaction, Referral
from reciproque.relations.services import common


@operation("relations.refer")
def refer(
    *,
    actor: Actor,
    partner: Partner,
    from_unit: Unit,
    to_unit: Unit,
    subject: str,
    text: str = "",
    to_user: User | None = None,
    person: Person | None = None,
    due_on: dt.date | None = None,
) -> Referral:
    """Hand a partner's request to another unit, or to one of its people. Raises ValidationError, Forbidden."""
    common.hold(partner)
    row = Referral(
        partner=partner, from_unit=from_unit, to_unit=to_unit, to_user=to_user, author_id=actor.user_id, subject=common.line(subject),
        text=common.prose(text), person=person, due_on=due_on,
    )  # fmt: skip
    common.known_people(actor, [person] if person else [])
    common.check(row)
    if due_on and due_on < localdate():
        raise ValidationError({"due_on": _("La réponse est attendue un jour à venir.")})
    row.save()
    policies.referrals.require(actor, "record", row)
    notices.of_referral(actor, row)
    return row


@operation("relations.accept_referral")
def accept_referral(*, actor: Actor, referral: Referral) -> Referral:
    """Take it up: the sender sees by whom. It ends with what was done."""
    return _move(actor, referral, "accept")


@operation("relations.decline_referral")
def decline_referral(*, actor: Actor, referral: Referral, reason: str) -> Referral:
    """Give it back, with the reason, that the sender reads."""
    why = common.line(reason)
    if not why:
        raise ValidationError({"reason": _("Dites pourquoi vous déclinez : l’autre entité le lira.")})
    return _move(actor, referral, "decline", reason=why)


@operation("relations.answer_referral")
def answer_referral(*, actor: Actor, referral: Referral, interaction: Interaction) -> Referral:
    """Close it by the exchange that answered it."""
    if interaction.partner_id != referral.partner_id:
        raise ValidationError({"interaction": _("Cet échange est avec un autre partenaire.")})
    return _move(actor, referral, "answer", interaction=interaction)


def _move(actor: Actor, referral: Referral, move: str, **changes: object) -> Referral:
    row = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    policies.referrals.require(actor, "answer", row)
    lifecycle.referral.move(row, move, decided_by_id=actor.user_id, decided_at=now(), **changes)
    notices.of_outcome(actor, row)
    return row


@operation("relations.answer_referral_by_last")
def answer_referral_by_last(*, actor: Actor, referral: Referral) -> Referral:
    """Close it by the last exchange that the actor wrote with the partner since it was sent. Raises ValidationError when there is none."""
    since = Interaction.objects.standing().filter(partner=referral.partner_id, author_id=actor.user_id)
    last = since.filter(created_at__gte=referral.created_at).order_by("-pk").first()
    if last is None:
        raise ValidationError(_("Notez d’abord l’échange par lequel vous avez répondu, sur la fiche du partenaire."))
    return answer_referral(actor=actor, referral=referral, interaction=last)
