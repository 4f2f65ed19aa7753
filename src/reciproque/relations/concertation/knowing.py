"""What to know before contacting a partner: who spoke with it lately, who will, how much it was asked, what its people prefer."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner, Person, Position
from reciproque.engines.concertation import Caps, Pressure, pressure
from reciproque.foundation.database.kept import ready
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from reciproque.relations import policies
from reciproque.relations.models import Interaction, Presence, Solicitation, SolicitationCaps, Unsubscription
from reciproque.relations.models.concertation import SolicitationQuerySet

NEAR = dt.timedelta(days=30)
"""How far back, and ahead, contacts are shown (product: 30 days)."""
PRESENT = dt.timedelta(seconds=60)
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact, made or to come: `what` is "" when its content is reserved to its unit."""

    on: dt.date
    unit: Unit
    who: User | None
    kind: str
    what: str
    ahead: bool


@dataclass(frozen=True, slots=True)
class Preference:
    """What somebody of the partner prefers, or refuses; `no_campaigns`: no messages sent to many."""

    person: Person
    refused: bool
    words: str
    no_campaigns: bool


@dataclass(frozen=True, slots=True)
class Before:
    """All of it, for one partner and one day."""

    recent: list[Contact]
    ahead: list[Contact]
    pressure: Pressure
    preferences: list[Preference]
    present: list[User]

    @property
    def quiet(self) -> bool:
        """Whether nothing stands against contacting the partner."""
        return not (self.recent or self.ahead or self.pressure.reached or self.present)


@ready
def _caps() -> QuerySet[SolicitationCaps]:
    return SolicitationCaps.objects.order_by("pk")[:1]


def caps() -> Caps:
    """The establishment's caps, or the usual ones."""
    row = _caps.first()
    return Caps(row.person, row.partner, row.window, row.rest) if row else Caps()


def before(actor: Actor, partner: Partner, *, today: dt.date) -> Before:
    """What the others did and will do with it, in a constant number of queries. Restricted facts never show."""
    limits = caps()
    found = [*_interactions(actor, partner, today), *_solicitations(actor, partner, today)]
    contacts = [one for one in found if one.who is None or one.who.pk != actor.user_id]
    contacts.sort(key=lambda one: one.on)
    return Before(
        recent=[one for one in reversed(contacts) if not one.ahead][:SHOWN],
        ahead=[one for one in contacts if one.ahead][:SHOWN],
        pressure=pressure_of(partner, limits, today=today),
        preferences=_preferences(actor, partner),
        present=present(actor, partner),
    )


@ready
def _days(*, partner: Partner, since: dt.date, today: dt.date) -> QuerySet[Any, dt.date]:
    return _asked(since, today).filter(partner=partner).values_list("on", flat=True)


def pressure_of(partner: Partner, limits: Caps, *, today: dt.date) -> Pressure:
    """How much the partner was asked in the window."""
    asked = _days(partner=partner, since=_since(today, limits), today=today)
    return pressure(asked, today=today, cap=limits.partner, window=limits.window)


def pressures_of_people(people: Iterable[Person], limits: Caps, *, today: dt.date) -> dict[int, list[dt.date]]:
    """The days on which each of them was asked something, in one query."""
    days: dict[int, list[dt.date]] = {}
    rows = (
        _asked(_since(today, limits), today)
        .filter(person__in=[one.pk for one in people])
        .values_list("person_id", "on")
    )
    for person, on in rows:
        days.setdefault(person, []).append(on)
    return days


def _since(today: dt.date, limits: Caps) -> dt.date:
    return today - dt.timedelta(days=limits.window - 1)


def _asked(since: dt.date, today: dt.date) -> SolicitationQuerySet:
    return Solicitation.objects.made().between(since, today).exclude(sharing="restricted").order_by()


@ready
def _met(actor: Actor, *, partner: Partner, since: dt.date, until: dt.date) -> QuerySet[Any]:
    known: Any = policies.interactions.marked(actor, "notice", readable="view").filter(partner=partner)
    rows: QuerySet[Any] = known.standing().exclude(sharing="restricted").exclude(kind=Interaction.Kind.NOTE)
    return rows.filter(on__gte=since, on__lte=until).order_by("-on", "-pk")[: 3 * SHOWN]


@ready
def _solicited(actor: Actor, *, partner: Partner, since: dt.date, until: dt.date) -> QuerySet[Any]:
    known: Any = policies.solicitations.marked(actor, "notice", readable="view").filter(partner=partner)
    rows = known.select_related(None).select_related("unit", "author").exclude(state=Solicitation.State.CALLED_OFF)
    return rows.exclude(sharing="restricted").between(since, until).order_by("-on", "-pk")[: 3 * SHOWN]  # type: ignore[no-any-return]


def _interactions(actor: Actor, partner: Partner, today: dt.date) -> Iterable[Contact]:
    for row in _met(actor, partner=partner, since=today - NEAR, until=today + NEAR):
        what = str(row) if row.readable else ""
        yield Contact(
            row.on, row.unit, row.author, row.get_kind_display(), what, row.state == Interaction.State.PLANNED
        )


def _solicitations(actor: Actor, partner: Partner, today: dt.date) -> Iterable[Contact]:
    for row in _solicited(actor, partner=partner, since=today - NEAR, until=today + NEAR):
        what = row.subject if row.readable else ""
        kind = row._meta.verbose_name  # noqa: SLF001 -- Django's own
        yield Contact(row.on, row.unit, row.author, str(kind), what, row.state == Solicitation.State.PLANNED)


@ready
def _outspoken(actor: Actor, *, partner: Partner) -> QuerySet[Person]:
    there = Position.objects.current().filter(partner=partner).order_by().values("person")
    said = directory.people.allowed(actor, "view").filter(pk__in=there, archived_at=None)
    said = said.annotate(no_campaigns=Exists(Unsubscription.objects.filter(person=OuterRef("pk"))))
    spoke = Q(do_not_contact=True) | ~Q(channel="") | Q(no_campaigns=True)
    return said.filter(spoke).order_by("-do_not_contact", "name_key", "pk")[:SHOWN]


def _preferences(actor: Actor, partner: Partner) -> list[Preference]:
    """Those of its people who said something about how to be reached."""
    rows: Iterable[Any] = _outspoken(actor, partner=partner)
    return [
        Preference(
            one,
            one.do_not_contact,
            one.get_refusal_display() if one.do_not_contact else one.get_channel_display(),
            one.no_campaigns,
        )
        for one in rows
    ]


def present(actor: Actor, partner: Partner) -> list[User]:
    """The colleagues who write to this partner right now."""
    return [row.user for row in _writing(partner=partner, since=now() - PRESENT, me=actor.user_id or 0)]


@ready
def _writing(*, partner: Partner, since: dt.datetime, me: int) -> QuerySet[Presence]:
    here = Presence.objects.filter(partner=partner, at__gt=since).exclude(user=me)
    return here.select_related("user").order_by("-at")[:5]
