"""Notices by mail: at once, at seven in the morning, or on Mondays; each fact in one message at most, whatever is run twice or dies.

What is due is claimed first (tied to a message, committed), then handed over. A process killed in between leaves the message
« sending »: it is marked in doubt and never sent again; its facts stay to be read in the application.
"""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproque.foundation.mail_frame import framed
from reciproque.foundation.mail_lines import Line, Lost, Refused, line
from reciproque.institution.access import Actor
from reciproque.institution.models import Notice, NoticeMail, Unit
from reciproque.institution.notices import reads
from reciproque.institution.notices.kinds import KINDS

log = structlog.get_logger("reciproque.notices")
S = NoticeMail.State
HOUR = 7
"""In the morning, here: when the day's message leaves."""
STALE = dt.timedelta(days=30)
LOST = dt.timedelta(minutes=30)
"""After which a message still « sending » is held to be in doubt."""
AT_A_TIME = 500

DUE = """
SELECT notice.id, notice.user_id FROM institution_notice notice
JOIN institution_user person ON person.id = notice.user_id AND person.is_active AND person.email <> ''
JOIN unnest(%(kinds)s::text[], %(paces)s::text[]) AS usual(kind, pace) ON usual.kind = notice.kind
LEFT JOIN institution_noticechoice choice ON choice.user_id = notice.user_id AND choice.kind = notice.kind
WHERE notice.seen_at IS NULL AND notice.mail_id IS NULL AND notice.created_at > %(stale)s
  AND notice.created_at <= CASE coalesce(choice.pace, usual.pace)
    WHEN 'at_once' THEN %(now)s WHEN 'daily' THEN %(daily)s WHEN 'weekly' THEN %(weekly)s END
ORDER BY notice.user_id, notice.id LIMIT %(most)s FOR UPDATE OF notice SKIP LOCKED
"""


def send(at: dt.datetime | None = None) -> int:
    """Send what is due; returns how many messages left. Safe to repeat, and beside another."""
    moment = at or now()
    NoticeMail.objects.filter(state=S.SENDING, created_at__lt=moment - LOST).update(state=S.DOUBT)
    sent = 0
    wire: Line | None = None
    try:
        while mails := claim(moment):
            if wire is None:
                wire = line(str(settings.DEFAULT_FROM_EMAIL))
                wire.open()
            while mails:
                sent += _hand_over(wire, mails[0])
                mails = mails[1:]
    except Lost as loss:
        log.warning("notices_wait", why=str(loss))
        _let_go(mails, doubtful=loss.handed)
    finally:
        if wire is not None:
            wire.close()
    return sent


def claim(moment: dt.datetime) -> list[NoticeMail]:
    """Tie what is due to one message a person, for nobody else to take."""
    morning = localtime(moment).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    daily = morning if localtime(moment) >= morning else morning - dt.timedelta(days=1)
    given: dict[str, Any] = {
        "kinds": list(KINDS), "paces": [str(kind.pace) for kind in KINDS.values()], "stale": moment - STALE, "now": moment,
        "daily": daily, "weekly": daily - dt.timedelta(days=daily.weekday()), "most": AT_A_TIME,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DUE, given)
        rows = cursor.fetchall()
        people = list(dict.fromkeys(user for _notice, user in rows))
        mails = NoticeMail.objects.bulk_create([NoticeMail(user_id=user) for user in people])
        by_user = {mail.user_id: mail.pk for mail in mails}
        notices = [Notice(pk=notice, mail_id=by_user[user]) for notice, user in rows]
        Notice.objects.bulk_update(notices, ["mail"])
    return mails


def _hand_over(wire: Line, mail: NoticeMail) -> int:
    """Give one message to the server; whether it left. Raises Lost."""
    state, error = S.SENT, ""
    try:
        message = _written(mail)
        if message is None:
            state = S.EMPTY
        else:
            wire.send(message)
    except (Refused, ValueError) as refusal:
        state, error = S.FAILED, str(refusal)[:300]
    NoticeMail.objects.filter(pk=mail.pk, state=S.SENDING).update(state=state, error=error)
    return int(state == S.SENT)


def _written(mail: NoticeMail) -> EmailMultiAlternatives | None:
    """The message, in the language of its reader. Raises ValueError whatever goes wrong: one message never holds back the others."""
    try:
        with translation.override(mail.user.language):
            return written(mail)
    except Exception as error:
        log.exception("notice_unwritten", mail=mail.pk)
        raise ValueError(type(error).__name__) from error


def _let_go(mails: Sequence[NoticeMail], *, doubtful: bool) -> None:
    """The server is away: what was not handed over waits for the next time; the message being handed over may have left."""
    if doubtful:
        NoticeMail.objects.filter(pk=mails[0].pk).update(state=S.DOUBT)
    NoticeMail.objects.filter(pk__in=[mail.pk for mail in mails[1 if doubtful else 0 :]]).delete()


def written(mail: NoticeMail) -> EmailMultiAlternatives | None:
    """The message, in the language of its reader and with their rights as of now; None when nothing is left to tell."""
    user = mail.user
    rows = Notice.objects.filter(mail=mail).order_by("pk")
    lines = reads.worded(Actor.of(user, via="mail"), rows) if user.is_active else []
    if not lines:
        return None
    lines.sort(key=lambda one: list(KINDS).index(one.kind.key))
    groups = [(kind, list(found)) for kind, found in groupby(lines, key=lambda one: one.kind)]
    site = str(settings.PUBLIC_URL)
    root = Unit.objects.filter(parent=None).first()
    context = {
        "groups": groups, "site": site, "user": user, "establishment": root.name if root else "",
        "settings_url": site + reverse("institution:notice_settings"),
    }  # fmt: skip
    first = lines[0].told.title
    subject = (
        first if len(lines) == 1 else ngettext("%(n)s nouvelle", "%(n)s nouvelles", len(lines)) % {"n": len(lines)}
    )
    message = EmailMultiAlternatives(
        _("[Réciproque] %(what)s") % {"what": " ".join(subject.split())[:150]},
        render_to_string("institution/notices/mail.txt", context), None, [user.email],
        headers={"Message-ID": f"<n{mail.pk}@{settings.MAIL_IN_DOMAIN}>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    told = render_to_string("institution/notices/mail.html", context)
    message.attach_alternative(framed(told, lang=user.language), "text/html")
    for one in lines:
        if one.told.calendar:
            message.attach("invitation.ics", one.told.calendar, f"text/calendar; method={one.told.method}")
    return message
