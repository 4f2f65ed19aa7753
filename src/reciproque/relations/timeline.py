"""The timeline of a partner: exchanges, collaborations and needs in one order, read page by page whatever their number."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner
from reciproque.foundation.chronicle import TELLERS
from reciproque.foundation.database.kept import ready
from reciproque.foundation.dates import date_format
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit
from reciproque.relations import policies
from reciproque.relations.models import (
    AccessRequest,
    Collaboration,
    Interaction,
    InteractionColleague,
    InteractionFile,
    InteractionPerson,
    Need,
)
from reciproque.relations.wording import quantities

SIZE, AHEAD = 30, 12
OWN = ("interaction", "collaboration", "need")


def sources() -> tuple[str, ...]:
    """All kinds of facts, in the order in which those of one day are told."""
    return (*OWN, *TELLERS)


def kinds() -> list[tuple[str, Any]]:
    """What one may narrow the timeline to."""
    own = [*Interaction.Kind.choices, ("collaboration", _("collaboration")), ("need", _("besoin"))]
    return [*own, *((key, teller.label) for key, teller in TELLERS.items())]


@dataclass(frozen=True, slots=True)
class Item:
    """One fact of the timeline. `reserved`: known to exist, kept for others; `ask` says whom to ask, `asked` that one did."""

    source: str
    pk: int
    on: dt.date
    at: dt.time | None
    kind: str
    kind_label: str
    sentence: str
    unit: str
    hue: int
    author: str
    href: str = ""
    content: str = ""
    detail: str = ""
    people: str = ""
    reserved: bool = False
    ask: str = ""
    asked: bool = False
    planned: bool = False
    unsure: bool = False
    private: bool = False
    files: bool = False
    editable: bool = False

    @property
    def access_kind(self) -> str:
        """The word under which reading it may be asked for; "" when there is nothing to ask."""
        return (
            {"interaction": "echange", "collaboration": "collaboration"}.get(self.source, "") if self.reserved else ""
        )

    @property
    def key(self) -> str:
        """Its place, to go on from there."""
        return f"{self.on.isoformat()}.{self.source}.{self.pk}"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the timeline: a kind of fact, a unit with those below it, the place to go on from."""

    kind: str = ""
    unit: Unit | None = None
    after: str = ""

    @property
    def unit_id(self) -> int | str:
        """Its number, "" for all."""
        return self.unit.pk if self.unit else ""


@dataclass(frozen=True, slots=True)
class Page:
    """What is planned, then what took place by period, and where to go on from ("" at the end)."""

    ahead: list[Item]
    groups: list[tuple[str, list[Item]]]
    after: str


def page_of(actor: Actor, partner: Partner, filters: Filters, *, today: dt.date) -> Page:
    """A page of the timeline, in a constant number of queries."""
    place = _place(filters.after)
    kind = filters.kind if filters.kind in Interaction.Kind.values else ""
    about: Any = {"partner": partner, "today": today, "below": filters.unit.path if filters.unit else None}
    if place is not None:
        about |= {"day": place[0], "pk": place[2]}
    found = [
        (source, row)
        for source in OWN
        if not filters.kind or filters.kind == source or (kind and source == "interaction")
        for row in _page(actor, source, kind if source == "interaction" else "", place[1] if place else "", **about)
    ]
    rows = [one for one in found if one[1].day <= today]
    ahead = [one for one in found if one[1].day > today]
    rows += [(row.source, row) for row in _announced(actor, filters, place[1] if place else "", **about)]
    ranks = {source: rank for rank, source in enumerate(sources())}
    rows.sort(key=lambda one: (one[1].day, ranks[one[0]], one[1].pk), reverse=True)
    ahead.sort(key=lambda one: (one[1].day, one[1].pk))
    shown, coming = rows[:SIZE], ahead[:AHEAD]
    items = _items(actor, shown + coming, today)
    past_items = items[: len(shown)]
    return Page(items[len(shown) :], _grouped(past_items, today), past_items[-1].key if len(rows) > SIZE else "")


@ready
def _page(
    actor: Actor, source: str, kind: str, other: str, *, partner: Partner, today: dt.date, below: str | None,
    day: dt.date | None = None, pk: int = 0,
) -> QuerySet[Any]:  # fmt: skip
    """The facts of one source: those of the past after a place (`other`: its source, "" at the beginning), and at first what is ahead."""
    found = _rows(actor, source, kind, partner=partner, below=below)
    past = found.filter(day__lte=today)
    if day is not None:
        past = past.filter(_before(source, day, other, pk))
    past = past.order_by("-day", "-pk")[: SIZE + 1]
    if other or source == "need":
        return past
    return past.union(found.filter(day__gt=today).order_by("day", "pk")[:AHEAD], all=True)


def _rows(actor: Actor, source: str, kind: str, *, partner: Partner, below: str | None) -> QuerySet[Any]:
    policy: Any = {
        "interaction": policies.interactions,
        "collaboration": policies.collaborations,
        "need": policies.needs,
    }[source]
    found: Any = policy.marked(actor, "notice", readable="view", editable="edit").filter(partner=partner)
    if below is not None:
        found = found.filter(unit__in=Unit.objects.filter(path__startswith=below).values("pk"))
    if source == "interaction":
        attached = InteractionFile.objects.filter(interaction=OuterRef("pk"))
        found = found.standing().annotate(day=F("on"), files_there=Exists(attached))
        return found.filter(kind=kind) if kind else found  # type: ignore[no-any-return]
    if source == "collaboration":
        return found.annotate(day=Coalesce("starts_on", "moved_on"))  # type: ignore[no-any-return]
    return found.annotate(day=TruncDate("created_at"))  # type: ignore[no-any-return]


@dataclass(slots=True)
class Fact:
    """A row of `foundation.chronicle`."""

    source: str
    pk: int
    day: dt.date
    words: str
    more: str
    author: str
    unit: str
    hue: int
    readable: bool = False

    @property
    def number(self) -> int:
        """Its own number, as its module knows it."""
        return self.pk


def _announced(actor: Actor, filters: Filters, other: str, *, below: str | None, **about: Any) -> list[Fact]:
    """What other modules announce, in one query. They are facts of the house, not of a unit: a filter on a unit leaves them out."""
    kinds = tuple(key for key in TELLERS if not filters.kind or filters.kind == key)
    if not kinds or below is not None:
        return []
    return [
        Fact(
            row["teller"], row["number"], row["day"], row["words"], row["more"], row["who"].strip(), row["place"], row["hue"]
        )
        for row in _facts(actor, kinds, other, **about)
    ]  # fmt: skip


@ready
def _facts(
    actor: Actor, kinds: tuple[str, ...], other: str, *, partner: Partner, today: dt.date, day: dt.date | None = None, pk: int = 0
) -> QuerySet[Any]:  # fmt: skip
    parts = []
    for key in kinds:
        rows = TELLERS[key].rows(actor, partner).filter(day__lte=today)
        parts.append(rows if day is None else rows.filter(_before(key, day, other, pk, number="number")))
    found: QuerySet[Any] = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return found.order_by("-day", "teller", "-number")[: SIZE + 1]


def _place(text: str) -> tuple[dt.date, str, int] | None:
    day, _dot, rest = text.partition(".")
    source, _dot, number = rest.partition(".")
    try:
        return (dt.date.fromisoformat(day), source, int(number)) if source in sources() and len(number) < 19 else None
    except ValueError:
        return None


def _before(source: str, day: dt.date, other: str, pk: int, *, number: str = "pk") -> Q:
    """What comes after this place in the order of the timeline (date, then source, then number, all downwards)."""
    rank, limit = sources().index(source), sources().index(other)
    if rank == limit:
        return Q(day__lt=day) | Q(day=day, **{f"{number}__lt": pk})
    return Q(day__lte=day) if rank < limit else Q(day__lt=day)


@ready
def _people_of(actor: Actor, *, interactions: list[int]) -> QuerySet[InteractionPerson]:
    known = directory.people.allowed(actor, "view").order_by().values("pk")
    rows = InteractionPerson.objects.filter(interaction__among=interactions, person__in=known)
    return rows.select_related("person")


@ready
def _colleagues_of(*, interactions: list[int]) -> QuerySet[InteractionColleague]:
    rows = InteractionColleague.objects.filter(interaction__among=interactions, mentioned=False)
    return rows.select_related("user")


def _items(actor: Actor, rows: list[tuple[str, Any]], today: dt.date) -> list[Item]:
    met = [row.pk for source, row in rows if source == "interaction" and row.readable]
    people: dict[int, list[str]] = {}
    there: dict[int, list[str]] = {}
    for one in _people_of(actor, interactions=met) if met else ():
        people.setdefault(one.interaction_id, []).append(str(one.person))
    for who in _colleagues_of(interactions=met) if met else ():
        there.setdefault(who.interaction_id, []).append(str(who.user))
    makers: Any = {"interaction": _exchange, "collaboration": _joint, "need": _need}
    items = [
        _told(row) if source in TELLERS else makers[source](row, people.get(row.pk, []), there.get(row.pk, []), today)
        for source, row in rows
    ]
    asked = _asked(actor, [item for item in items if item.access_kind])
    return [replace(item, asked=True) if (item.source, item.pk) in asked else item for item in items]


def _asked(actor: Actor, items: list[Item]) -> set[tuple[str, int]]:
    """Those among what is reserved that one already asked to read. One query, none when nothing is reserved."""
    if not items:
        return set()
    of = {name: [item.pk for item in items if item.source == name] for name in ("interaction", "collaboration")}
    about = Q(interaction__in=of["interaction"]) | Q(collaboration__in=of["collaboration"])
    rows = AccessRequest.objects.filter(about, user=actor.user_id, state=AccessRequest.State.WAITING).order_by()
    pairs = rows.values_list("interaction_id", "collaboration_id")
    return {("interaction", one) if one else ("collaboration", other) for one, other in pairs}


def _told(row: Fact) -> Item:
    """What another module announced, as it tells it."""
    teller = TELLERS[row.source]
    return Item(
        source=row.source, pk=row.pk, on=row.day, at=None, kind=row.source, kind_label=str(teller.label), sentence=teller.sentence(row),
        unit=row.unit, hue=row.hue, author=row.author, href=teller.url(row),
    )  # fmt: skip


def _common(source: str, row: Any, label: str) -> dict[str, Any]:
    author = str(row.author) if row.author else ""
    return {
        "source": source, "pk": row.pk, "on": row.day, "kind_label": label, "unit": str(row.unit), "hue": row.unit.colour,
        "author": author, "reserved": not row.readable, "ask": author or row.unit.name, "private": row.sharing != "network",
        "editable": row.readable and row.editable,
    }  # fmt: skip


def _exchange(row: Any, people: list[str], there: list[str], today: dt.date) -> Item:
    label = row.get_kind_display()
    about = _common("interaction", row, label) | {"kind": row.kind, "at": row.at if row.readable else None}
    planned, unsure = row.state == Interaction.State.PLANNED and row.day > today, False
    if not row.readable:
        return Item(**about, sentence=label[:1].upper() + label[1:], planned=planned)
    unsure = row.state == Interaction.State.PLANNED and row.day <= today
    who, whom = ", ".join(there) or about["author"], ", ".join(people)
    words = _sentence(row.kind, who, whom, planned=planned or unsure)
    href = reverse("relations:interaction", args=[row.pk])
    sentence = row.subject or words
    return Item(
        **about, sentence=sentence, content=row.text, planned=planned, unsure=unsure, href=href,
        people=words if row.subject else "", detail=row.place, files=row.files_there,
    )  # fmt: skip


def _sentence(kind: str, who: str, whom: str, *, planned: bool) -> str:
    """« Anne Morel a appelé Luc Faure »."""
    if not who:
        return str(dict(Interaction.Kind.choices)[kind]).capitalize()
    plain = {
        "call": _("%(who)s a appelé %(whom)s"), "email": _("%(who)s a écrit à %(whom)s"), "meeting": _("%(who)s a rencontré %(whom)s"),
        "visit": _("%(who)s : visite, avec %(whom)s"), "video": _("%(who)s : visioconférence avec %(whom)s"),
        "message": _("%(who)s a échangé avec %(whom)s"), "note": _("%(who)s a noté, à propos de %(whom)s"),
    }  # fmt: skip
    coming = {
        "call": _("%(who)s appellera %(whom)s"), "email": _("%(who)s écrira à %(whom)s"),
        "meeting": _("%(who)s rencontrera %(whom)s"), "visit": _("%(who)s : visite prévue, avec %(whom)s"),
        "video": _("%(who)s : visioconférence prévue avec %(whom)s"), "message": _("%(who)s échangera avec %(whom)s"),
        "note": _("%(who)s a noté, à propos de %(whom)s"),
    }  # fmt: skip
    return str((coming if planned else plain)[kind] % {"who": who, "whom": whom or _("ce partenaire")})


def _joint(row: Any, _people: list[str], _there: list[str], today: dt.date) -> Item:
    label = str(row.dispositif)
    state = row.get_state_display()
    about = _common("collaboration", row, label) | {"kind": "collaboration", "at": None}
    planned = row.day > today
    if not row.readable:
        return Item(**about, sentence=label, planned=planned)
    said = row.title.casefold().startswith(label.casefold())  # the title says it already
    sentence = f"{row.title} – {state}" if said else f"{label} : {row.title} – {state}"
    gains = []
    if row.given:
        gains.append(_("pour eux : %(what)s") % {"what": quantities(row.given)})
    if row.received:
        gains.append(_("pour nous : %(what)s") % {"what": quantities(row.received)})
    unsure = (
        row.state in {Collaboration.State.AGREED, Collaboration.State.UNDER_WAY} and (row.ends_on or row.day) < today
    )
    return Item(
        **about, sentence=sentence, content=row.text, detail=" · ".join(gains), planned=planned, unsure=unsure,
        href=reverse("relations:collaboration", args=[row.pk]),
    )  # fmt: skip


def _need(row: Any, _people: list[str], _there: list[str], _today: dt.date) -> Item:
    about = _common("need", row, str(Need._meta.verbose_name)) | {"kind": "need", "at": None}  # noqa: SLF001
    if not row.readable:
        return Item(**about, sentence=_("Besoin exprimé"))
    sentence = _("Besoin : %(what)s – %(state)s") % {"what": row.title, "state": row.get_state_display()}
    return Item(**about, sentence=sentence, content=row.text, detail=row.get_kind_display())


def _grouped(items: Iterable[Item], today: dt.date) -> list[tuple[str, list[Item]]]:
    """« Cette semaine », then the months of the last twelve, then the academic years."""
    found: dict[str, list[Item]] = {}
    monday = today - dt.timedelta(days=today.weekday())
    for item in items:
        if item.on >= monday:
            title = _("Cette semaine")
        elif (today - item.on).days < 365:
            title = date_format(item.on, "F Y").capitalize()
        else:
            year = item.on.year - (item.on.month < 9)
            title = _("Année %(first)s-%(last)s") % {"first": year, "last": year + 1}
        found.setdefault(title, []).append(item)
    return list(found.items())
