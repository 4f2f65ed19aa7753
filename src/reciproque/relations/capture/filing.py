"""One message to what it becomes: an exchange per partner, a planned meeting, or a reason why not. Safe to repeat."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.timezone import get_default_timezone, localdate, localtime
from django.utils.translation import gettext as _

from reciproque.directory.models import Partner, Person, Sharing
from reciproque.engines.letters import Invitation, Letter, read
from reciproque.foundation import files, inbound
from reciproque.foundation.errors import DomainError
from reciproque.foundation.inbound.keeping import LOCAL
from reciproque.foundation.models import InboundMessage
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from reciproque.relations.campaigns import sending
from reciproque.relations.campaigns import writing as writing_of_campaigns
from reciproque.relations.capture.feeding import exchange_of
from reciproque.relations.capture.matching import Concerned, concerned
from reciproque.relations.invitations import answering
from reciproque.relations.invitations import sending as sending_of_invitations
from reciproque.relations.invitations.writing import meeting_of
from reciproque.relations.models import CaptureAddress, Filing, Interaction, InteractionFile, InvitedMeeting
from reciproque.relations.services import interactions as writing

log = structlog.get_logger("reciproque.capture")
State = InboundMessage.State
RANK = {State.KEPT: 3, State.UNMATCHED: 2, State.REFUSED: 1, State.FAILED: 0}
LONGEST_TEXT = 20_000
VIDEO = ("teams.microsoft", "zoom.", "meet.google", "webconf", "visio", "bbb")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one address made of a message."""

    state: str
    reason: str = ""


@operation("relations.create_capture_address")
def create_capture_address(*, actor: Actor, user: User, unit: Unit) -> CaptureAddress:
    """The address of somebody in a unit, made when there is none; a renewed key makes the old address unknown.

    128 random bits: whoever holds the address may file under its owner's name only if their own address is known.
    """
    if actor.user_id != user.pk or unit.pk not in actor.units(Role.MEMBER):
        raise DomainError(_("Une adresse de suivi se crée pour soi, dans une entité où l’on contribue."))
    address, _created = CaptureAddress.objects.update_or_create(
        user=user, unit=unit, defaults={"key": secrets.token_hex(16)}
    )
    return address


def receives(key: str) -> bool:
    """Whether what follows « suivi+ » is of an address in use: somebody's, that of a meeting, or that of what comes back."""
    if key == writing_of_campaigns.RETURNS or meeting_of(key):
        return True
    return CaptureAddress.objects.filter(key=key, user__is_active=True).exists()


def handle(message_id: int) -> None:
    """Deal with a message that waits, once. What cannot be filed says why; an accident leaves it in failure, to be tried again."""
    with transaction.atomic():
        message = InboundMessage.objects.select_for_update().filter(pk=message_id, state=State.WAITING).first()
        if message is None:
            return
        try:
            with transaction.atomic():
                outcome = _handled(message)
        except (DomainError, ValidationError) as refusal:
            outcome = Outcome(State.FAILED, " ".join(getattr(refusal, "messages", [str(refusal)])))
        except (ValueError, TypeError, LookupError) as accident:
            log.exception("capture_failed", message=message.pk)
            outcome = Outcome(
                State.FAILED, _("Le message n’a pas pu être lu (%(kind)s).") % {"kind": type(accident).__name__}
            )
        inbound.settle(message, outcome.state, outcome.reason)


@operation("relations.file_again")
def file_again(*, actor: Actor, message: InboundMessage) -> InboundMessage:
    """Try once more a message that could not be filed, once its people are in the directory. Raises DomainError when it was, or is gone."""
    held = _to_file(actor, message)
    Filing.objects.filter(message=held, interaction=None).delete()
    held.state, held.reason, held.settled_at = State.WAITING, "", None
    held.save(update_fields=["state", "reason", "settled_at"])
    handle(held.pk)
    held.refresh_from_db()
    return held


@operation("relations.file_by_hand")
def file_by_hand(*, actor: Actor, message: InboundMessage, partner: Partner) -> InboundMessage:
    """File a message that matched nobody with the partner that its owner chooses, without people. Raises DomainError, Forbidden."""
    held = _to_file(actor, message)
    mine = Filing.objects.select_related("address__unit", "address__user").filter(message=held)
    about = mine.filter(address__user=actor.user_id).latest("pk")
    letter = read(bytes(held.raw), zone=get_default_timezone(), trusted=settings.MAIL_TRUSTED_SERVERS)
    Filing.objects.filter(message=held, interaction=None).delete()
    _file_for(about, letter, partner, [], _concerned(actor, letter).colleagues, actor)
    inbound.settle(held, State.KEPT, _("Classé à la main."))
    return held


def _to_file(actor: Actor, message: InboundMessage) -> InboundMessage:
    """A message of one's own that could not be filed, and still may be. Raises DomainError."""
    held = InboundMessage.objects.select_for_update().get(pk=message.pk)
    if not Filing.objects.filter(message=held, address__user=actor.user_id).exists():
        raise DomainError(_("Ce message n’est pas le vôtre."))
    if held.state not in {State.UNMATCHED, State.FAILED} or not held.raw:
        raise DomainError(_("Ce message ne peut plus être classé : renvoyez-le à votre adresse de suivi."))
    return held


def _handled(message: InboundMessage) -> Outcome:
    keys = [local.partition("+")[2] for local, _at, _domain in (to.partition("@") for to in message.recipients)]
    if writing_of_campaigns.RETURNS in keys:
        return _returned(message)
    if meetings := [number for key in keys if (number := meeting_of(key))]:
        return _answered(message, meetings[0])
    addresses = list(CaptureAddress.objects.select_related("user", "unit").filter(key__in=keys, user__is_active=True))
    if not addresses:
        return Outcome(State.REFUSED, _("Adresse de suivi inconnue : elle a pu être renouvelée."))
    letter = read(bytes(message.raw), zone=get_default_timezone(), trusted=settings.MAIL_TRUSTED_SERVERS)
    outcomes = []
    for address in addresses:
        actor = Actor.of(address.user, via="mail")
        outcomes.append(_file(message, letter, address, actor))
    return max(outcomes, key=lambda outcome: RANK[State(outcome.state)])


def _returned(message: InboundMessage) -> Outcome:
    """A message of a campaign that came back: its recipient is marked, when it is for good."""
    letter = read(bytes(message.raw), zone=get_default_timezone(), trusted=settings.MAIL_TRUSTED_SERVERS)
    lasting = [one for one in letter.bounces if one.permanent]
    known = [_came_back(one.original_id, f"{one.status} {one.recipient}") for one in lasting]
    if any(known):
        return Outcome(State.KEPT)
    return Outcome(State.REFUSED, _("Ce n’est pas le retour définitif d’un message de campagne ou d’une invitation."))


def _came_back(identifier: str, words: str) -> bool:
    return sending.bounced(identifier, words) or sending_of_invitations.bounced(identifier, words)


def _answered(message: InboundMessage, meeting: int) -> Outcome:
    """An answer to the address that invited to a meeting; what is not a calendar's goes to the author's own tracking address, if any."""
    letter = read(bytes(message.raw), zone=get_default_timezone(), trusted=settings.MAIL_TRUSTED_SERVERS)
    row = Interaction.objects.select_related("author").filter(pk=meeting).first()
    if row is None:
        return Outcome(State.REFUSED, _("Ce rendez-vous n’existe plus."))
    own = CaptureAddress.objects.select_related("user", "unit").filter(user=row.author_id, user__is_active=True)
    address = own.filter(unit=row.unit_id).first() or own.first()
    if not answering.answers_in(letter):
        if address and row.author:
            return _file(message, letter, address, Actor.of(row.author, via="mail"))
        return Outcome(State.REFUSED, _("Ce message n’est pas la réponse d’un agenda."))
    unproven = _unproven(letter)
    taken = answering.Taken(0, unproven) if unproven else answering.take(letter, meeting=meeting)
    if address:
        Filing.objects.create(
            message=message, address=address, mail_id=letter.message_id, subject=letter.subject, partner_id=row.partner_id,
            interaction=row if taken.noted else None, checks=dict(letter.authentication),
        )  # fmt: skip
    return Outcome(State.KEPT if taken.noted else State.REFUSED, taken.reason)


def _file(message: InboundMessage, letter: Letter, address: CaptureAddress, actor: Actor) -> Outcome:
    about = Filing(
        message=message, address=address, mail_id=letter.message_id, subject=letter.subject,
        checks=dict(letter.authentication),
    )  # fmt: skip
    refusal = _refusal(letter, address, actor)
    if refusal:
        about.save()
        return Outcome(State.REFUSED, refusal)
    if answering.answers_in(letter):
        taken = answering.take(letter)
        about.save()
        return Outcome(State.KEPT if taken.noted else State.REFUSED, taken.reason)
    found = _concerned(actor, letter)
    about.unknown = found.unknown[:50]
    if not found.people:
        about.save()
        return Outcome(State.UNMATCHED, _unmatched(found))
    for partner, people in found.people.items():
        _file_for(about, letter, partner, people, found.colleagues, actor)
    return Outcome(
        State.KEPT, _("Personnes inconnues : %(who)s") % {"who": ", ".join(found.unknown[:5])} if found.unknown else ""
    )


def _concerned(actor: Actor, letter: Letter) -> Concerned:
    """Whom a message concerns: those who wrote it, received it, or are invited by it."""
    written = [letter.sender, *letter.recipients, *letter.forwarded]
    invited = [e for i in letter.invitations for e in (i.organizer, *i.attendees)]
    return concerned(actor, (e for e in [*(a.email for a in written), *invited] if not _is_ours(e)))


def _refusal(letter: Letter, address: CaptureAddress, actor: Actor) -> str:
    """Why this message is not filed, or "" when it may be."""
    if address.unit_id not in actor.units(Role.MEMBER):
        return _("Le titulaire de l’adresse ne contribue plus à %(unit)s.") % {"unit": address.unit}
    if unproven := _unproven(letter):
        return unproven
    if letter.automatic and not letter.invitations:
        return _("Message automatique.")
    email = letter.sender.email
    if email and User.objects.filter(email__iexact=email, is_active=True).exists():
        return ""
    if email and concerned(actor, [email]).people:
        return ""
    return _(
        "Expéditeur inconnu : %(who)s. Seuls les messages des agents et des personnes de l’annuaire sont classés."
    ) % {"who": email or _("sans adresse")}


def _unproven(letter: Letter) -> str:
    checks = letter.authentication
    if checks.get("dmarc") != "pass" and "fail" in (checks.get("spf"), checks.get("dkim"), checks.get("dmarc")):
        return _("L’expéditeur %(who)s n’est pas authentifié (SPF, DKIM).") % {"who": letter.sender.email}
    return ""


def _unmatched(found: Concerned) -> str:
    if not found.unknown:
        return _("Aucune adresse extérieure dans ce message.")
    who = ", ".join(found.unknown[:5])
    return _("Personne de l’annuaire ne porte ces adresses : %(who)s. Ajoutez-la, puis réessayez.") % {"who": who}


def _is_ours(email: str) -> bool:
    local, _at, domain = email.rpartition("@")
    return domain == settings.MAIL_IN_DOMAIN.lower() and local.partition("+")[0] == LOCAL


def _file_for(
    about: Filing, letter: Letter, partner: Partner, people: list[Person], colleagues: list[User], actor: Actor
) -> None:
    filing = Filing(
        message=about.message, address=about.address, partner=partner, mail_id=about.mail_id,
        subject=about.subject, unknown=about.unknown, checks=about.checks,
    )  # fmt: skip
    there = colleagues if any(user.pk == actor.user_id for user in colleagues) else [*colleagues, about.address.user]
    meetings = [
        i for i in letter.invitations
        if i.uid and i.method in {"REQUEST", "CANCEL", "PUBLISH"} and not exchange_of(i.uid)
    ]  # fmt: skip
    if meetings:
        for invitation in meetings:
            filing.interaction = _meet(filing, invitation, people, there, actor) or filing.interaction
    else:
        filing.interaction = _already(filing) or _write(filing, letter, people, there, actor)
    if filing.interaction:
        _attach(filing.interaction, letter)
    filing.save()


def _already(filing: Filing) -> Interaction | None:
    """What the same message wrote for this partner through a colleague's address."""
    if not filing.mail_id:
        return None
    known = Filing.objects.filter(mail_id=filing.mail_id, partner=filing.partner, interaction__isnull=False)
    first = known.select_related("interaction").first()
    return first.interaction if first else None


def _write(filing: Filing, letter: Letter, people: list[Person], colleagues: list[User], actor: Actor) -> Interaction:
    received = filing.message.received_at
    moment = localtime(min(letter.sent_at or received, received))
    assert filing.partner is not None  # noqa: S101 -- only called for a partner
    return writing.record_interaction(
        actor=actor, partner=filing.partner, unit=filing.address.unit, on=moment.date(), at=moment.time().replace(microsecond=0),
        kind=Interaction.Kind.EMAIL, subject=letter.subject[:200] or _("(sans objet)"), text=letter.text[:LONGEST_TEXT],
        people=people, colleagues=colleagues, sharing=Sharing.UNIT, source=Interaction.Source.MAIL, met=False,
    )  # fmt: skip


def _meet(
    filing: Filing, invitation: Invitation, people: list[Person], colleagues: list[User], actor: Actor
) -> Interaction | None:
    """The meeting of an invitation: written, moved, called off, or left alone when this version is not the latest."""
    assert filing.partner is not None  # noqa: S101 -- only called for a partner
    key = {"uid": invitation.uid, "occurrence": invitation.occurrence, "partner": filing.partner}
    held = InvitedMeeting.objects.select_for_update().select_related("interaction").filter(**key).first()
    sequence, stamp = invitation.version
    if held and (held.sequence, held.stamp) >= (sequence, stamp):
        return held.interaction
    if held is None:
        if invitation.cancelled:
            return None
        row = writing.record_interaction(
            actor=actor, partner=filing.partner, unit=filing.address.unit, people=people, colleagues=colleagues,
            source=Interaction.Source.CALENDAR, sharing=Sharing.NETWORK, **_said(invitation),
        )  # fmt: skip
        InvitedMeeting.objects.create(**key, interaction=row, sequence=sequence, stamp=stamp)
        return row
    row = held.interaction
    if invitation.cancelled:
        if row.state != Interaction.State.CANCELLED:
            row = writing.cancel_interaction(actor=actor, interaction=row)
    else:
        if row.state == Interaction.State.CANCELLED:
            row = writing.restore_interaction(actor=actor, interaction=row)
        row = writing.edit_interaction(
            actor=actor, interaction=row, version=None, people=people, colleagues=colleagues, **_said(invitation)
        )
    held.sequence, held.stamp = sequence, stamp
    held.save(update_fields=["sequence", "stamp"])
    return row


def _said(invitation: Invitation) -> dict[str, Any]:
    """What an invitation says of the meeting, in our words."""
    begins = invitation.starts if invitation.all_day else localtime(invitation.starts)
    minutes = int((invitation.ends - invitation.starts) / dt.timedelta(minutes=1))
    there = f"{invitation.place} {invitation.description}".lower()
    return {
        "on": begins.date(),
        "at": None if invitation.all_day else begins.time(),
        "minutes": minutes if 0 < minutes <= 6000 and not invitation.all_day else None,
        "kind": Interaction.Kind.VIDEO if any(word in there for word in VIDEO) else Interaction.Kind.MEETING,
        "subject": invitation.summary[:200] or _("Rendez-vous"),
        "text": invitation.description[:LONGEST_TEXT],
        "place": invitation.place[:200],
    }


def _attach(interaction: Interaction, letter: Letter) -> None:
    """Keep the files of a message; pictures of signatures and what a system could run are left."""
    kept = [f for f in letter.attachments if not f.inline and files.may_keep(f.name, len(f.content))]
    rows = [
        InteractionFile(
            interaction=interaction, name=file.name, size=len(file.content), digest=files.keep(file.content)
        )
        for file in kept
    ]
    InteractionFile.objects.bulk_create(rows, ignore_conflicts=True)


def coverage(address_ids: list[int], *, days: int = 90) -> dict[str, int]:
    """Of the messages seen by these addresses in the last days: how many in all, and in each state."""
    since = localdate() - dt.timedelta(days=days)
    seen = Filing.objects.filter(address__in=address_ids, at__date__gte=since)
    rows = InboundMessage.objects.filter(pk__in=seen.values("message")).order_by().values_list("state")
    states = dict.fromkeys(State.values, 0) | dict(rows.annotate(number=Count("pk")))
    return states | {"seen": sum(states.values())}
