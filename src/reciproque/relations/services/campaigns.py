"""Campaigns: written, addressed, held back or released, started, stopped, and what came of each message."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from reciproque.directory.merging.forgetting import forget_aside
from reciproque.directory.models import Sharing
from reciproque.directory.services import steady
from reciproque.engines.concertation import FINAL, Reason
from reciproque.foundation.database.bulk import bulk_insert, bulk_write
from reciproque.foundation.errors import Forbidden, IllegalTransition
from reciproque.foundation.jobs import defer
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit
from reciproque.relations import lifecycle, policies
from reciproque.relations.campaigns import choosing, writing
from reciproque.relations.models import (
    Campaign,
    CampaignRecipient,
    Dispositif,
    Interaction,
    InteractionPerson,
    Solicitation,
    Unsubscription,
)
from reciproque.relations.services import common

C, R = Campaign.State, CampaignRecipient.State
EDITABLE = frozenset({"unit", "title", "dispositif", "subject", "body", "reply_to"})
RECORDED = 2_000
CAPS_LOCK = 0x1349
"""Advisory lock under which caps are checked before messages leave: two campaigns started together count each other."""


@operation("relations.create_campaign")
def create_campaign(
    *, actor: Actor, unit: Unit, title: str, dispositif: Dispositif | None = None, audience: str = "", **more: Any
) -> Campaign:
    """A new campaign, to be written and addressed. `audience`: the list it was begun from; `more`: subject, body, reply_to.

    Raises ValidationError, Forbidden.
    """
    row = Campaign(
        unit=unit, author_id=actor.user_id, dispositif=dispositif, title=common.line(title), audience=audience.replace("\0", "")
    )  # fmt: skip
    _write(row, more)
    common.check(row)
    row.save()
    policies.campaigns.require(actor, "edit", row)
    return row


@operation("relations.edit_campaign")
def edit_campaign(*, actor: Actor, campaign: Campaign, version: int | None, **changes: Any) -> Campaign:
    """Change what it says, as long as nothing left. Raises Conflict, IllegalTransition, ValidationError, Forbidden."""
    row = _held(actor, campaign, version)
    if row.state not in {C.DRAFT, C.READY}:
        raise IllegalTransition(_("Une campagne dont l’envoi a commencé ne se modifie plus."), state=row.state)
    if "title" in changes:
        changes["title"] = common.line(changes["title"])
    _write(row, changes)
    common.check(row)
    row.version += 1
    row.save()
    policies.campaigns.require(actor, "edit", row)
    return row


def _write(row: Campaign, changes: dict[str, Any]) -> None:
    """Set the fields given, the text checked. Raises ValidationError, TypeError."""
    if unknown := set(changes) - EDITABLE:
        raise TypeError(f"Not editable: {sorted(unknown)}")
    if "subject" in changes:
        changes["subject"] = common.line(changes["subject"])
    if "body" in changes:
        changes["body"] = common.prose(changes["body"])
    for name, value in changes.items():
        setattr(row, name, value)
    writing.check(row.subject, "subject")
    writing.check(row.body, "body")


@operation("relations.choose_recipients")
def choose_recipients(*, actor: Actor, campaign: Campaign, query: str) -> dict[str, int]:
    """Address the people of a view of the list of people, each with what stands against it; returns how many in each state.

    What was released or held back by hand stays so. Raises ValidationError, IllegalTransition, Forbidden.
    """
    steady()
    row = _held(actor, campaign, None)
    if row.state not in {C.DRAFT, C.READY}:
        raise IllegalTransition(_("Les destinataires ne changent plus quand l’envoi a commencé."), state=row.state)
    chosen = choosing.gather(actor, query)
    if not chosen:
        raise ValidationError({"audience": _("Cette vue ne montre personne.")})
    held = CampaignRecipient.objects.filter(campaign=row)
    released = {one.person_id: one for one in held.filter(released_by__isnull=False)}
    by_hand = set(held.filter(reasons__contains=[Reason.BY_HAND]).values_list("person_id", flat=True))
    for one in chosen:
        one.released, one.by_hand = one.person in released, one.person in by_hand
    reasons = choosing.decide(row, chosen, today=localdate())
    held.delete()
    forget_aside(CampaignRecipient, campaign_id=row.pk)
    rows = [_addressed(row, one, reasons[one.person], released.get(one.person)) for one in chosen]
    bulk_insert(rows)
    row.audience, row.state = choosing.kept(actor, query), C.READY
    row.version += 1
    row.save()
    return _by_state(rows)


def _addressed(
    campaign: Campaign, one: choosing.Chosen, reasons: tuple[Reason, ...], released: CampaignRecipient | None
) -> CampaignRecipient:
    row = CampaignRecipient(
        campaign=campaign, person_id=one.person, partner_id=one.partner or None, email=one.email,
        state=choosing.state_of(reasons), reasons=[str(reason) for reason in reasons],
    )  # fmt: skip
    if released is not None:
        row.released_by_id, row.release_reason = released.released_by_id, released.release_reason
    return row


def _by_state(rows: Iterable[CampaignRecipient]) -> dict[str, int]:
    number = dict.fromkeys(R.values, 0)
    for row in rows:
        number[row.state] += 1
    return number


@operation("relations.release_recipient")
def release_recipient(*, actor: Actor, recipient: CampaignRecipient, reason: str) -> CampaignRecipient:
    """Let a message go that was held back. Whoever answers for the partner says why; what the person refused stays refused.

    When the campaign has ended, it goes on with this message. Raises ValidationError, IllegalTransition, Forbidden.
    """
    campaign = Campaign.objects.select_for_update().get(pk=recipient.campaign_id)
    row = _recipient(recipient)
    policies.recipients.require(actor, "release", row)
    said = common.line(reason)
    if not said:
        raise ValidationError({"reason": _("Dites pourquoi ce message peut partir : l’entité qui écrit le lira.")})
    if row.state != R.HELD or set(row.reasons) & FINAL:
        raise IllegalTransition(_("Ce message n’est plus retenu."), state=row.state)
    row.state, row.released_by_id, row.release_reason = R.READY, actor.user_id, said[:300]
    row.reasons = []
    row.save()
    if campaign.state == C.SENT:
        lifecycle.campaign.move(campaign, "reopen", ended_at=None)
    if campaign.state == C.SENDING:
        _send(campaign)
    return row


@operation("relations.hold_recipient")
def hold_recipient(*, actor: Actor, recipient: CampaignRecipient) -> CampaignRecipient:
    """Hold back a message that has not left: whoever writes the campaign, or answers for the partner. Raises IllegalTransition, Forbidden."""
    Campaign.objects.select_for_update().get(pk=recipient.campaign_id)
    row = _recipient(recipient)
    if not any(policies.recipients.permits(actor, action, row) for action in ("edit", "release")):
        raise Forbidden(_("Vous n’avez pas ce droit."))
    if row.state != R.READY:
        raise IllegalTransition(_("Ce message n’attend pas de partir."), state=row.state)
    row.state, row.reasons, row.released_by_id, row.release_reason = R.HELD, [str(Reason.BY_HAND)], None, ""
    row.save()
    return row


@operation("relations.start_campaign")
def start_campaign(*, actor: Actor, campaign: Campaign) -> Campaign:
    """Send what is ready, once the caps were checked again. Raises ValidationError when nothing may leave, IllegalTransition."""
    return _go(actor, campaign, "start", started_at=now())


@operation("relations.resume_campaign")
def resume_campaign(*, actor: Actor, campaign: Campaign) -> Campaign:
    """Go on after a stop, once the caps were checked again. Raises ValidationError, IllegalTransition."""
    return _go(actor, campaign, "resume")


@operation("relations.stop_campaign")
def stop_campaign(*, actor: Actor, campaign: Campaign) -> Campaign:
    """Stop at the next message; what was handed over is gone."""
    row = _held(actor, campaign, None)
    lifecycle.campaign.move(row, "stop")
    return row


def _go(actor: Actor, campaign: Campaign, move: str, **changes: Any) -> Campaign:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [CAPS_LOCK])
    row = _held(actor, campaign, None)
    if not row.subject or not row.body:
        raise ValidationError(_("Écrivez l’objet et le message avant d’envoyer."))
    lifecycle.campaign.move(row, move, **changes)
    _check_again(row)
    if not CampaignRecipient.objects.filter(campaign=row, state=R.READY).exists():
        raise ValidationError(_("Aucun message ne peut partir : tous sont retenus ou écartés."))
    _send(row)
    return row


def _check_again(campaign: Campaign) -> None:
    """What is ready is judged as of today, at the person's present address; nothing that was held goes by itself."""
    rows = list(
        CampaignRecipient.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(campaign=campaign, state=R.READY)
        .order_by("pk")
    )
    reasons = choosing.decide(campaign, choosing.as_chosen(rows), today=localdate())
    changed = []
    for row in rows:
        state, email = choosing.state_of(reasons[row.person_id]), row.person.email
        if (state, email) != (row.state, row.email):
            row.state, row.email = state, email
            row.reasons = [str(reason) for reason in reasons[row.person_id]]
            changed.append(row)
    bulk_write(changed, ["state", "email", "reasons"])


def _send(campaign: Campaign) -> None:
    name = f"campaign-{campaign.pk}"
    defer("relations.send_campaign", queueing_lock=name, campaign_id=campaign.pk)


@operation("relations.settle_doubt")
def settle_doubt(*, actor: Actor, recipient: CampaignRecipient, again: bool) -> CampaignRecipient:
    """Say of a message in doubt that it was sent, or send it again; one that the server refused may be sent again.

    Raises IllegalTransition, Forbidden.
    """
    campaign = Campaign.objects.select_for_update().get(pk=recipient.campaign_id)
    row = _recipient(recipient)
    policies.recipients.require(actor, "edit", row)
    if row.state != R.DOUBT and not (again and row.state == R.FAILED):
        raise IllegalTransition(_("Ce message n’est pas incertain."), state=row.state)
    if again:
        row.state, row.error = R.READY, ""
        row.save()
        if campaign.state == C.SENT:
            lifecycle.campaign.move(campaign, "reopen", ended_at=None)
        if campaign.state == C.SENDING:
            _send(campaign)
        return row
    row.state, row.sent_at, row.error = R.SENT, now(), ""
    row.save()
    record_sent_messages(actor=actor, campaign_id=campaign.pk)
    return row


@operation("relations.record_sent_messages")
def record_sent_messages(*, actor: Actor, campaign_id: int) -> int:
    """Write the exchange and the solicitation of each message that left and has none yet; returns how many. Safe to repeat."""
    del actor
    steady()
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign_id)
    noted = Solicitation.objects.filter(campaign=campaign).values("person")
    rows = list(
        CampaignRecipient.objects.select_related("person")
        .filter(campaign=campaign, state=R.SENT, interaction=None, partner__isnull=False)
        .exclude(person__in=noted)
        .order_by("pk")[:RECORDED]
    )
    subject = writing.for_colleagues(campaign)
    exchanges = [_exchange(campaign, row, subject) for row in rows]
    bulk_insert(exchanges)
    bulk_insert([InteractionPerson(interaction=e, person_id=r.person_id) for e, r in zip(exchanges, rows, strict=True)])
    bulk_insert([_solicitation(campaign, row, subject) for row in rows])
    for row, exchange in zip(rows, exchanges, strict=True):
        row.interaction_id = exchange.pk
    bulk_write(rows, ["interaction"])
    return len(rows)


def _shared(row: CampaignRecipient) -> str:
    """As widely as the person is; what is asked always counts in the pressure, so it is never restricted."""
    return Sharing.NETWORK if row.person.sharing == Sharing.NETWORK else Sharing.UNIT


def _exchange(campaign: Campaign, row: CampaignRecipient, subject: str) -> Interaction:
    assert row.sent_at is not None  # noqa: S101 -- a constraint says so
    assert row.partner_id is not None  # noqa: S101 -- those without are left out
    return Interaction(
        partner_id=row.partner_id, unit_id=campaign.unit_id, author_id=campaign.author_id, on=localdate(row.sent_at),
        kind=Interaction.Kind.EMAIL, state=Interaction.State.DONE, subject=subject, met=False,
        text=_("Message de la campagne « %(title)s ».") % {"title": campaign.title}, sharing=_shared(row),
        source=Interaction.Source.CAMPAIGN,
    )  # fmt: skip


def _solicitation(campaign: Campaign, row: CampaignRecipient, subject: str) -> Solicitation:
    assert row.sent_at is not None  # noqa: S101 -- a constraint says so
    assert row.partner_id is not None  # noqa: S101 -- those without are left out
    return Solicitation(
        partner_id=row.partner_id, unit_id=campaign.unit_id, author_id=campaign.author_id, person_id=row.person_id,
        dispositif_id=campaign.dispositif_id, campaign=campaign, subject=subject,
        on=localdate(row.sent_at), state=Solicitation.State.ASKED, sharing=_shared(row),
        override=row.release_reason if row.released_by_id else "",
    )  # fmt: skip


@operation("relations.end_campaign")
def end_campaign(*, actor: Actor, campaign_id: int) -> bool:
    """Say that a campaign is sent, when nothing is left to leave; whether it is so."""
    del actor
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    if campaign.state != C.SENDING:
        return True
    if CampaignRecipient.objects.filter(campaign=campaign, state__in=[R.READY, R.SENDING]).exists():
        return False
    lifecycle.campaign.move(campaign, "end", ended_at=now())
    return True


@operation("relations.mark_bounced")
def mark_bounced(*, actor: Actor, recipient_id: int, words: str) -> bool:
    """The message of a recipient came back for good: it weighs no more, and the address is left out next time."""
    del actor
    row = CampaignRecipient.objects.select_for_update().filter(pk=recipient_id, state__in=[R.SENT, R.DOUBT]).first()
    if row is None:
        return False
    row.sent_at = row.sent_at or now()
    row.state, row.error = R.BOUNCED, common.line(words)[:300]
    row.save()
    asked = Solicitation.objects.filter(campaign=row.campaign_id, person=row.person_id, state=Solicitation.State.ASKED)
    for solicitation in asked.select_for_update():
        solicitation.state = Solicitation.State.CALLED_OFF
        solicitation.version += 1
        solicitation.save()
    return True


@operation("relations.unsubscribe")
def unsubscribe(*, actor: Actor, recipient_id: int) -> bool:
    """The person wants no more campaigns, from now on; whether the message was known. Safe to repeat."""
    del actor
    row = CampaignRecipient.objects.filter(pk=recipient_id).first()
    if row is None:
        return False
    Unsubscription.objects.get_or_create(person_id=row.person_id, defaults={"campaign_id": row.campaign_id})
    waiting = CampaignRecipient.objects.filter(person=row.person_id, state__in=[R.READY, R.HELD])
    waiting.update(state=R.EXCLUDED, reasons=[str(Reason.UNSUBSCRIBED)])
    return True


def _held(actor: Actor, campaign: Campaign, version: int | None) -> Campaign:
    row = common.locked(Campaign, campaign.pk, version)
    policies.campaigns.require(actor, "edit", row)
    return row


def _recipient(recipient: CampaignRecipient) -> CampaignRecipient:
    return CampaignRecipient.objects.select_for_update(of=("self",)).get(pk=recipient.pk)
