"""Sending invitations: each version at most once, whatever dies meanwhile, in the words of the meeting as it then stands.

As for campaigns (decision 0016): a message is claimed and this is committed before it is handed over. What a dead sender left claimed
is in doubt, and only a person may have it sent again.
"""

import datetime as dt

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import translation
from django.utils.timezone import localdate, now

from reciproque.foundation.database.locks import alone
from reciproque.foundation.mail_lines import Line, Lost, Refused, line
from reciproque.relations.campaigns.writing import envelope_sender
from reciproque.relations.invitations import writing
from reciproque.relations.models import Invitation, InvitationMail

log = structlog.get_logger("reciproque.invitations")
S = InvitationMail.State
LOCK = 0x134A
PATIENCE = dt.timedelta(days=1)
"""How long a message that the server refuses « for now » is offered again."""
TOLD = (S.SENDING, S.SENT, S.DOUBT, S.BOUNCED)
"""The states of messages that the person may have received."""


def told(invitation: Invitation) -> InvitationMail | None:
    """The last message that the person may have received."""
    return invitation.mails.filter(state__in=TOLD).order_by("-pk").first()


def send() -> int:
    """Send what waits; returns how many messages left. Safe to repeat; one process at a time, another does nothing."""
    with alone(LOCK) as mine:
        if not mine:
            return 0
        InvitationMail.objects.filter(state=S.SENDING).update(state=S.DOUBT)
        return _send()


def _send() -> int:
    sent, after = 0, 0
    wire: Line | None = None
    try:
        while number := _next(after):
            after = number
            mail = _claim(number)
            if mail is None:
                continue
            if wire is None:
                wire = line(envelope_sender())
                wire.open()
            sent += _hand_over(wire, mail)
    except Lost as loss:
        log.warning("invitations_wait", why=str(loss))
        InvitationMail.objects.filter(pk=after, state=S.SENDING).update(state=S.DOUBT) if loss.handed else _back(after)
    finally:
        if wire is not None:
            wire.close()
    return sent


def _next(after: int) -> int:
    waiting = InvitationMail.objects.filter(state=S.READY, pk__gt=after).order_by("pk")
    return waiting.values_list("pk", flat=True).first() or 0


def _claim(number: int) -> InvitationMail | None:
    """Take a message to hand it over, or say that nothing is left to tell. Whoever changes the meeting holds its invitations."""
    with transaction.atomic():
        held = Invitation.objects.select_for_update().filter(mails=number).first()
        mail = InvitationMail.objects.filter(pk=number, state=S.READY, invitation=held).first()
        if held is None or mail is None:
            return None
        of_all = Invitation.objects.select_related("person", "interaction__author", "interaction__unit")
        mail.invitation = invitation = of_all.get(pk=held.pk)
        last, row = told(invitation), invitation.interaction
        says = writing.said(row, invitation)
        before = last.says if last else writing.OFF
        refused = invitation.person.do_not_contact or invitation.person.archived_at is not None
        if row.on < localdate() or (says == before and not mail.again) or (says != writing.OFF and refused):
            mail.state = S.VOID
        else:
            mail.state, mail.says, mail.error = S.SENDING, says, ""
            mail.sequence = max(row.version, last.sequence + 1 if last else 0)
        mail.save()
    return mail if mail.state == S.SENDING else None


def _hand_over(wire: Line, mail: InvitationMail) -> int:
    """Give one message to the server; whether it left. Raises Lost."""
    try:
        wire.send(_written(mail))
    except Refused as refusal:
        for_good = refusal.for_good or mail.created_at < now() - PATIENCE
        _failed(mail.pk, str(refusal)) if for_good else _back(mail.pk, str(refusal))
        return 0
    except ValueError as error:
        _failed(mail.pk, str(error))
        return 0
    InvitationMail.objects.filter(pk=mail.pk, state=S.SENDING).update(state=S.SENT, sent_at=now())
    return 1


def _written(mail: InvitationMail) -> EmailMultiAlternatives:
    """The message. Raises ValueError whatever goes wrong: one message never holds back the others."""
    try:
        with translation.override(settings.LANGUAGE_CODE):
            return writing.message(mail)
    except Exception as error:
        log.exception("invitation_unwritten", mail=mail.pk)
        raise ValueError(type(error).__name__) from error


def _failed(number: int, error: str) -> None:
    InvitationMail.objects.filter(pk=number, state=S.SENDING).update(state=S.FAILED, error=error[:300])


def _back(number: int, error: str = "") -> None:
    """To be sent another time; a later version that waits meanwhile takes its place."""
    with transaction.atomic():
        held = Invitation.objects.select_for_update().filter(mails=number).first()
        later = InvitationMail.objects.filter(invitation=held, state=S.READY).exists()
        waits = InvitationMail.objects.filter(pk=number, state=S.SENDING)
        waits.update(state=S.VOID if later else S.READY, error=error[:300])


def bounced(identifier: str, words: str) -> bool:
    """A mail server sent a message back for good; whether it was one of ours."""
    number = writing.mail_of(identifier)
    if number is None:
        return False
    sent = InvitationMail.objects.filter(pk=number, state__in=[S.SENT, S.DOUBT])
    return bool(sent.update(state=S.BOUNCED, error=words[:300]))
