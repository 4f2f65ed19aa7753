"""One's own calendar, to subscribe to: what is planned with partners, by a secret address that can be renewed."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import get_default_timezone

from reciproque.engines.letters import Entry, feed
from reciproque.institution.access import Actor
from reciproque.institution.models import User
from reciproque.relations import policies
from reciproque.relations.models import Interaction

SALT, UID = "relations.calendar", "echange-"
BEHIND, MOST = dt.timedelta(days=90), 500
USUAL = dt.timedelta(hours=1)


def address_of(user: User) -> str:
    """The address of somebody's feed. It holds as long as their password: a change of password renews it."""
    token = signing.Signer(salt=SALT).sign_object({"user": user.pk, "mark": _mark(user)})
    return settings.PUBLIC_URL + reverse("relations:calendar_feed", args=[token])


def owner_of(token: str) -> User | None:
    """Whose feed it is; None for an address that is not, or no longer, one."""
    try:
        held = signing.Signer(salt=SALT).unsign_object(token)
        user = User.objects.filter(pk=held["user"], is_active=True).first()
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return None
    return user if user and held.get("mark") == _mark(user) else None


def _mark(user: User) -> str:
    return signing.Signer(salt=f"{SALT}.mark").signature(user.password)[:16]


def written(user: User, *, today: dt.date) -> bytes:
    """The feed: what one takes part in, 90 days behind and all that is ahead; only what one may read."""
    actor = Actor.of(user, via="calendar")
    mine = Q(author=user.pk) | Q(colleagues__user=user.pk, colleagues__mentioned=False)
    rows = policies.interactions.allowed(actor, "view").filter(mine, on__gte=today - BEHIND)
    rows = rows.exclude(kind__in=[Interaction.Kind.NOTE, Interaction.Kind.EMAIL]).select_related("partner")
    return feed("Réciproque", [entry_of(row) for row in rows.distinct().order_by("-on", "-pk")[:MOST]])


def entry_of(row: Interaction, attendees: Iterable[User] = ()) -> Entry:
    """An exchange as an event of a calendar; with attendees, an invitation by its author."""
    starts, ends = times_of(row)
    return Entry(
        uid=uid_of(row), starts=starts, ends=ends, all_day=row.at is None,
        summary=f"{row.partner.label} – {row}", place=row.place, stamp=row.updated_at, sequence=row.version,
        cancelled=row.state == Interaction.State.CANCELLED,
        url=settings.PUBLIC_URL + reverse("directory:partner", args=[row.partner_id]),
        organizer=(row.author.email, str(row.author)) if row.author and attendees else ("", ""),
        attendees=tuple((user.email, str(user)) for user in attendees if user.email),
    )  # fmt: skip


def uid_of(row: Interaction) -> str:
    """The identifier of an exchange in every calendar."""
    return f"{UID}{row.pk}@{settings.MAIL_IN_DOMAIN}"


def exchange_of(uid: str) -> int | None:
    """The exchange that an event of a calendar is; None when it is not one of ours."""
    name, _at, domain = uid.partition("@")
    number = name.removeprefix(UID)
    ours = domain == settings.MAIL_IN_DOMAIN and name.startswith(UID) and number.isascii() and number.isdecimal()
    return int(number) if ours and len(number) < 19 else None


def times_of(row: Interaction) -> tuple[dt.datetime, dt.datetime]:
    """When it begins and ends; whole days are at midnight UTC."""
    if row.at is None:
        starts = dt.datetime.combine(row.on, dt.time(), dt.UTC)
        return starts, starts + dt.timedelta(days=1)
    starts = dt.datetime.combine(row.on, row.at, get_default_timezone())
    return starts, starts + (dt.timedelta(minutes=row.minutes) if row.minutes else USUAL)
