"""The message of an invitation: its words, its calendar part (RFC 5545, RFC 5546), whom it comes from, whom an answer is for.

It says what the meeting is, when, where, and who invites; never what colleagues noted, nor who else outside was invited.
"""

import zlib
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.text import capfirst
from django.utils.timezone import now
from django.utils.translation import gettext as _

from reciproque.engines.letters import Entry, Method, invite
from reciproque.foundation.dates import date_format
from reciproque.foundation.inbound.keeping import LOCAL
from reciproque.foundation.mail_frame import framed
from reciproque.institution.models import Unit
from reciproque.relations.capture.feeding import times_of, uid_of
from reciproque.relations.models import Interaction, Invitation, InvitationMail

KEY = "rdv-"
"""What follows « suivi+ » in the address that invites, to which calendars answer."""
OFF = InvitationMail.OFF


def said(row: Interaction, invitation: Invitation) -> str:
    """What a message would tell now: when, then a mark of the rest; « off » when there is nothing to come to any more."""
    if not invitation.wanted or row.state == Interaction.State.CANCELLED:
        return OFF
    hour = f"{row.at:%H%M}" if row.at else ""
    rest = zlib.crc32(f"{row.place}\0{row.subject}\0{row.kind}".encode())
    return f"{row.on:%Y%m%d}T{hour}-{row.minutes or 0}.{rest:x}"


def moved(before: str, after: str) -> bool:
    """Whether two messages tell of another day or hour: what was answered to the first says nothing of the second."""
    return OFF not in (before, after) and before.partition(".")[0] != after.partition(".")[0]


def organizer(row: Interaction) -> str:
    """The address that invites: our own door when it is open, so that answers come in; else that of the author, "" without one."""
    if settings.MAIL_IN_PORT:
        return f"{LOCAL}+{KEY}{row.pk}-{_mark('meeting', row.pk)}@{settings.MAIL_IN_DOMAIN}"
    return row.author.email if row.author else ""


def meeting_of(key: str) -> int | None:
    """Which meeting an address is about (what follows the « + »); None for one that we did not make."""
    number, _dash, mark = key.removeprefix(KEY).partition("-")
    return _checked("meeting", number, mark) if key.startswith(KEY) else None


def message_id(mail: InvitationMail) -> str:
    """The identifier of a message: nobody else can make it up."""
    return f"<i{mail.pk}.{_mark('mail', mail.pk)}@{settings.MAIL_IN_DOMAIN}>"


def mail_of(identifier: str) -> int | None:
    """Which of our messages bears this identifier; None when none does."""
    name = identifier.strip().removeprefix("<").partition("@")[0]
    number, _dot, mark = name.removeprefix("i").partition(".")
    return _checked("mail", number, mark) if name.startswith("i") else None


def _mark(what: str, pk: int) -> str:
    return salted_hmac(f"relations.invitation.{what}", str(pk)).hexdigest()[:20]


def _checked(what: str, number: str, mark: str) -> int | None:
    if not (number.isdecimal() and number.isascii() and len(number) < 19):
        return None
    return int(number) if constant_time_compare(mark, _mark(what, int(number))) else None


def title_of(row: Interaction) -> str:
    """What the meeting is called outside: its subject or its kind, never the text that colleagues read."""
    return row.subject or capfirst(row.get_kind_display())


def message(mail: InvitationMail) -> EmailMultiAlternatives:
    """The message as it stands, in the language of the establishment. The mail tells what was claimed (`says`, `sequence`)."""
    invitation, row = mail.invitation, mail.invitation.interaction
    off = mail.says == OFF
    method: Method = "CANCEL" if off else "REQUEST"
    who = f"{row.author} – {row.unit}" if row.author else str(row.unit)
    title, sender = title_of(row), organizer(row) or str(settings.DEFAULT_FROM_EMAIL)
    day = date_format(row.on, "l j F Y") + (f", {row.at:%H:%M}" if row.at else "")
    root = Unit.objects.filter(parent=None).first()
    words = {
        "off": off, "again": mail.invitation.mails.filter(sent_at__isnull=False).exists(), "title": title, "day": day,
        "minutes": row.minutes, "place": row.place, "who": who, "name": str(invitation.person), "establishment": (root or row.unit).name,
    }  # fmt: skip
    subject = (_("Annulé : %(what)s, %(day)s") if off else _("Invitation : %(what)s, %(day)s")) % {
        "what": title,
        "day": day,
    }
    reply = row.author.email if row.author else ""
    written = EmailMultiAlternatives(
        " ".join(subject.split()), render_to_string("relations/invitations/mail.txt", words), formataddr((who.replace("\n", " "), sender)),
        [invitation.email], reply_to=[reply] if reply and reply != sender else None, headers={"Message-ID": message_id(mail)},
    )  # fmt: skip
    told = render_to_string("relations/invitations/mail.html", words)
    written.attach_alternative(framed(told, lang=settings.LANGUAGE_CODE), "text/html")
    written.attach_alternative(_calendar(mail, method, sender, who).decode(), f"text/calendar; method={method}")
    return written


def _calendar(mail: InvitationMail, method: Method, sender: str, who: str) -> bytes:
    invitation, row = mail.invitation, mail.invitation.interaction
    starts, ends = times_of(row)
    entry = Entry(
        uid=uid_of(row), starts=starts, ends=ends, all_day=row.at is None, summary=f"{title_of(row)} – {row.unit}", place=row.place,
        stamp=now(), sequence=mail.sequence, cancelled=method == "CANCEL", organizer=(sender, who),
        attendees=((invitation.email, str(invitation.person)),),
    )  # fmt: skip
    return invite(entry, method)
