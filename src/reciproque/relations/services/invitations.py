"""Inviting people outside to a planned meeting: asked by whoever writes it, told again when it moves, called off, answered."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.directory.models import Partner, Person
from reciproque.engines.concertation import Reason
from reciproque.foundation.errors import IllegalTransition
from reciproque.foundation.jobs import defer
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.relations import notices, policies
from reciproque.relations.invitations import sending, writing
from reciproque.relations.models import Interaction, InteractionPerson, Invitation, InvitationMail, Solicitation
from reciproque.relations.services import common, solicitations

A, S = Invitation.Answer, InvitationMail.State
ASKS = frozenset({Interaction.Kind.CALL, Interaction.Kind.MEETING, Interaction.Kind.VISIT, Interaction.Kind.VIDEO})
"""The kinds to which one invites."""
TO_SOLICITATION = {A.ACCEPTED: Solicitation.State.ACCEPTED, A.DECLINED: Solicitation.State.DECLINED}


def settle(actor: Actor, row: Interaction, *, invite: bool | None = None, override: str = "") -> None:
    """After a meeting was written: invite its people (`True`), call off their invitations (`False`), or tell those invited what changed.

    Each invitation weighs as a solicitation of that day. Raises ValidationError when somebody may not be asked, or a reason is owed.
    """
    if invite:
        _invite(actor, row, override)
    held = list(Invitation.objects.select_for_update().filter(interaction=row).order_by("pk"))
    if not held:
        return
    there = set(InteractionPerson.objects.filter(interaction=row).values_list("person", flat=True))
    owed = [
        one for one in held if _follow(row, one, wanted=one.wanted and invite is not False and one.person_id in there)
    ]
    if owed and row.on >= localdate():
        waiting = set(
            InvitationMail.objects.filter(invitation__in=owed, state=S.READY).values_list("invitation", flat=True)
        )
        InvitationMail.objects.bulk_create([InvitationMail(invitation=one) for one in owed if one.pk not in waiting])
        defer("relations.send_invitations", queueing_lock="invitations")


def _follow(row: Interaction, invitation: Invitation, *, wanted: bool) -> bool:
    """Whether a message is owed; what was answered for another hour is forgotten."""
    last = sending.told(invitation)
    before, was = last.says if last else writing.OFF, (invitation.wanted, invitation.answer)
    invitation.wanted = wanted
    now_says = writing.said(row, invitation)
    if writing.moved(before, now_says):
        invitation.answer, invitation.words, invitation.answered_at = A.NONE, "", None
    if (invitation.wanted, invitation.answer) != was:
        invitation.save()
    return now_says != before


def _invite(actor: Actor, row: Interaction, override: str) -> None:
    if row.kind not in ASKS or row.state != Interaction.State.PLANNED:
        said = _("On invite à un appel, un rendez-vous, une visite ou une visioconférence à venir.")
        raise ValidationError({"invite": said})
    if not writing.organizer(row):
        raise ValidationError(
            {"invite": _("Sans adresse de courriel à votre compte, l’invitation ne peut pas partir.")}
        )
    people = [link.person for link in InteractionPerson.objects.filter(interaction=row).select_related("person")]
    invited = {one.email.lower(): one for one in Invitation.objects.filter(interaction=row)}
    fresh = [one for one in people if not (known := invited.get(one.email.lower())) or not known.wanted]
    if not people:
        raise ValidationError({"people": _("Cochez les personnes à inviter.")})
    reason = common.line(override)[:300]
    against = _against(row.partner, fresh)
    _refuse(against, reason)
    for person in fresh:
        solicitation = Solicitation.objects.create(
            partner=row.partner, unit=row.unit, author_id=actor.user_id, person=person, on=localdate(), subject=writing.title_of(row),
            sharing=row.sharing, state=Solicitation.State.ASKED, override=reason if against.get(person) else "",
        )  # fmt: skip
        Invitation.objects.update_or_create(
            interaction=row, email=person.email,
            defaults={"person": person, "wanted": True, "solicitation": solicitation, "answer": A.NONE, "words": "", "answered_at": None},
        )  # fmt: skip


def _against(partner: Partner, people: Iterable[Person]) -> dict[Person, Sequence[Reason]]:
    """What stands against asking each of them today. Whoever wants no campaigns may still be invited to a meeting."""
    found: dict[Person, Sequence[Reason]] = {}
    for person in people:
        why = [
            one
            for one in solicitations.against(partner, person, today=localdate())
            if one not in {Reason.UNSUBSCRIBED, Reason.NO_ADDRESS}
        ]
        found[person] = why if person.email else [*why, Reason.NO_ADDRESS]
    return found


def _refuse(against: dict[Person, Sequence[Reason]], reason: str) -> None:
    final = {Reason.DO_NOT_CONTACT, Reason.NO_ADDRESS}
    never = [f"{person} : {solicitations.words(one)}" for person, why in against.items() for one in why if one in final]
    if never:
        raise ValidationError({"people": never})
    held = [f"{person} : {solicitations.words(one)}" for person, why in against.items() for one in why]
    if held and not reason:
        raise ValidationError({"override": [*held, _("Dites pourquoi l’inviter tout de même.")]})


@operation("relations.answer_invitation")
def answer_invitation(
    *, actor: Actor, invitation: Invitation, answer: str, words: str, at: dt.datetime, sequence: int
) -> bool:
    """Note what somebody invited answered; whether it counts: an answer to an older hour, or older than the last one, does not.

    The hour is the one that the meeting has now, be it told already or not.
    """
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    last = sending.told(row)
    if last is None or last.says == writing.OFF or (row.answered_at and row.answered_at >= at):
        return False
    asked = row.mails.filter(state__in=sending.TOLD, sequence__lte=sequence).order_by("-sequence", "-pk").first()
    stands = writing.said(row.interaction, row)
    if asked is None or writing.moved(asked.says, last.says) or writing.moved(asked.says, stands):
        return False
    row.answer, row.words, row.answered_at = answer, common.line(words)[:300], at
    row.save()
    _weigh(row)
    notices.of_answer(actor, row)
    return True


def _weigh(row: Invitation) -> None:
    state = TO_SOLICITATION.get(A(row.answer))
    asked = Solicitation.objects.select_for_update().filter(pk=row.solicitation_id or 0).first()
    if asked and state and asked.state != Solicitation.State.CALLED_OFF:
        asked.state, asked.answer, asked.answered_on = state, row.words, localdate(row.answered_at)
        asked.version += 1
        asked.save()


@operation("relations.send_invitations_again")
def send_invitations_again(*, actor: Actor, interaction: Interaction) -> Interaction:
    """Send once more the invitations that were refused, came back, or of which nobody knows whether they left. Raises IllegalTransition."""
    common.hold(interaction.partner)
    row = common.locked(Interaction, interaction.pk, None)
    policies.interactions.require(actor, "edit", row)
    held = Invitation.objects.select_for_update().filter(interaction=row)
    lost = [one for one in held if (last := one.mails.order_by("-pk").first()) and last.state in LOST]
    if not lost or row.on < localdate():
        raise IllegalTransition(_("Aucune invitation n’attend d’être renvoyée."), state=row.state)
    InvitationMail.objects.bulk_create([InvitationMail(invitation=one, again=True) for one in lost])
    defer("relations.send_invitations", queueing_lock="invitations")
    return row


LOST = frozenset({S.FAILED, S.BOUNCED, S.DOUBT})
