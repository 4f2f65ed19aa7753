"""The queue of duplicates as people see it: groups of two to four records, the most useful decision first."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.directory import policies as directory
from reciproque.directory import services as records
from reciproque.directory.models import Partner, PartnerUnit, Person, Position
from reciproque.engines.identifiers import format_phone, format_siren
from reciproque.foundation.errors import DomainError
from reciproque.foundation.listing.narrowing import Probed
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit
from reciproque.sourcing.models import Judgement, SourceRecord
from reciproque.sourcing.pipeline.doubles import LIKENESS
from reciproque.sourcing.wording import reason

SHOWN = 20
MOST = 4
V = Judgement.Verdict
TABS = ("partner", "person")


@dataclass(frozen=True, slots=True)
class Card:
    """A record of a group."""

    record: Any
    name: str
    lines: list[str]
    units: list[str]
    mine: bool
    page: str


@dataclass(frozen=True, slots=True)
class Group:
    """Records that may be one. `asked_by` is who waits for an answer of one's units; `problem` why they cannot be merged."""

    cards: list[Card]
    reasons: list[str]
    percent: int
    recommended: int
    problem: str
    foreign: list[str]
    asked_by: str
    until: Any

    @property
    def ids(self) -> str:
        """The numbers of the records, for a form."""
        return ",".join(str(card.record.pk) for card in self.cards)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for."""

    kind: str = "partner"
    unit: int = 0
    source: int = 0
    state: str = "open"


def waiting(actor: Actor, filters: Filters, *, today: dt.date | None = None) -> QuerySet[Judgement]:
    """The pairs that the actor may judge: both records readable, one at least of their units (what one may merge, one may read)."""
    rows = _of_state(Judgement.objects.filter(kind=filters.kind), filters.state, today or localdate())
    policy: Any = directory.partners if filters.kind == "partner" else directory.people

    def side(name: str, right: str) -> Q:
        standing = policy.allowed(actor, right).filter(pk=OuterRef(name), merged_into=None, archived_at=None)
        return _each(standing)

    # The other record is looked at only where this one is theirs: most pairs are of other units.
    mine = Q(side("low", "merge"), side("high", "view")) | Q(side("high", "merge"), side("low", "view"))
    rows = rows.filter(mine)
    for condition in _asked(filters):
        rows = rows.filter(condition)
    return rows.order_by("-gain", "pk")


def _each(rows: QuerySet[Any]) -> Q:
    """Whether there is such a row, asked pair by pair in the order of the queue: joined, it would be asked of the whole network."""
    return Q(Probed(rows.order_by().values("pk")))


def _of_state(rows: QuerySet[Judgement], state: str, today: dt.date) -> QuerySet[Judgement]:
    if state == "unjudged":
        return rows.filter(verdict__in=[V.OPEN, V.LATER])
    if state == "open":
        rows = rows.filter(verdict__in=[V.OPEN, V.LATER, V.ASKED]).exclude(verdict=V.OPEN, zone="dropped")
        return rows.filter(~Q(verdict=V.LATER) | Q(until__lte=today))
    return rows.filter(verdict={"later": V.LATER, "different": V.DIFFERENT}.get(state, V.ASKED))


def _asked(filters: Filters) -> list[Any]:
    found = []
    model = Partner if filters.kind == "partner" else Person
    if filters.unit:
        path = Unit.objects.filter(pk=filters.unit).values_list("path", flat=True).first() or "-"
        below = Unit.objects.filter(path__startswith=path).values("pk")
        found.append(_either(lambda side: model._base_manager.filter(pk=OuterRef(side), unit__in=below)))  # noqa: SLF001
    if filters.source:
        rows = SourceRecord.objects.filter(source=filters.source)
        if filters.kind == "partner":
            found.append(_either(lambda side: rows.filter(partner=OuterRef(side))))
        else:
            found.append(_either(lambda side: rows.filter(people__person=OuterRef(side))))
    return found


def _either(rows: Any) -> Q:
    return Q(Exists(rows("low"))) | Q(Exists(rows("high")))


def groups(actor: Actor, filters: Filters, shown: int = SHOWN) -> list[Group]:
    """The first groups of the queue. A constant number of queries."""
    pairs = list(waiting(actor, filters).select_related("decided_by")[: shown * 2])
    bound = _bound(pairs)[:shown]
    ids = {pk for one in bound for pk in one}
    cards = _cards(actor, filters.kind, ids)
    found = [_group(actor, filters.kind, [cards[pk] for pk in sorted(one) if pk in cards], pairs) for one in bound]
    return [group for group in found if len(group.cards) > 1]


def _bound(pairs: Sequence[Judgement]) -> list[list[int]]:
    """Pairs that share a record make one group, of four records at most; the order is that of the first pair."""
    found: list[list[int]] = []
    for pair in pairs:
        home = next(
            (one for one in found if {pair.low, pair.high} & set(one) and len({*one, pair.low, pair.high}) <= MOST),
            None,
        )
        if home is None:
            taken = {pk for one in found for pk in one}
            if not {pair.low, pair.high} & taken:
                found.append([pair.low, pair.high])
        else:
            home[:] = sorted({*home, pair.low, pair.high})
    return found


def _cards(actor: Actor, kind: str, ids: set[int]) -> dict[int, Card]:
    return (_partner_cards if kind == "partner" else _person_cards)(actor, ids)


def _lines(*said: str) -> list[str]:
    return [line for line in said if line]


def _partner_cards(actor: Actor, ids: set[int]) -> dict[int, Card]:
    rows: QuerySet[Any] = (
        directory.partners.marked(actor, "view", mergeable="merge").filter(pk__in=ids).select_related("unit")
    )
    ties: dict[int, list[str]] = {}
    for tie in PartnerUnit.objects.filter(partner__in=ids).select_related("unit").order_by("unit__tree_key"):
        ties.setdefault(tie.partner_id, []).append(str(tie.unit))
    return {
        row.pk: Card(
            row, row.name,
            _lines(f"{row.postcode} {row.city}".strip(), format_siren(row.siren) if row.siren else row.rna, row.email, format_phone(row.phone)),
            ties.get(row.pk) or ([str(row.unit)] if row.unit else []), row.mergeable, f"/partenaires/{row.pk}/",
        )
        for row in rows
    }  # fmt: skip


def _person_cards(actor: Actor, ids: set[int]) -> dict[int, Card]:
    rows: QuerySet[Any] = (
        directory.people.marked(actor, "view", mergeable="merge").filter(pk__in=ids).select_related("unit")
    )
    jobs: dict[int, list[str]] = {}
    known = directory.partners.allowed(actor, "notice").values("pk")
    for job in Position.objects.filter(person__in=ids, partner__in=known).select_related("partner"):
        jobs.setdefault(job.person_id, []).append(", ".join(filter(None, [job.title, job.partner.label])))
    return {
        row.pk: Card(
            row, str(row), _lines(*jobs.get(row.pk, [])[:2], row.email, format_phone(row.mobile or row.phone)),
            [str(row.unit)] if row.unit else [], row.mergeable, f"/personnes/{row.pk}/",
        )
        for row in rows
    }  # fmt: skip


def _group(actor: Actor, kind: str, cards: list[Card], pairs: Sequence[Judgement]) -> Group:
    ids = {card.record.pk for card in cards}
    mine = [pair for pair in pairs if pair.low in ids and pair.high in ids]
    codes = spoken(code for pair in mine for code in pair.reasons)
    best = min(cards, key=lambda card: (-_weight(card.record), card.record.pk)).record.pk if cards else 0
    try:
        records.check_mergeable(kind, [card.record for card in cards])
        problem = ""
    except DomainError as error:
        problem = str(error)
    asked = next((pair for pair in mine if pair.verdict == V.ASKED), None)
    return Group(
        cards=cards,
        reasons=[reason(code) for code in codes],
        percent=round(100 * min((pair.score for pair in mine), default=0)),
        recommended=(asked.kept if asked else None) or best,
        problem=problem,
        foreign=sorted({unit for card in cards if not card.mine for unit in card.units or [_("une autre entité")]}),
        asked_by=str(asked.decided_by) if asked and asked.decided_by_id != actor.user_id else "",
        until=asked.until if asked else None,
    )


def spoken(codes: Iterable[str]) -> list[str]:
    """Reasons worth telling, each once: that two records look alike says nothing beside why."""
    found = list(dict.fromkeys(codes))
    return [code for code in found if code != LIKENESS] or found


def _weight(record: Any) -> int:
    """An official number, then what the register says, then how one reaches them, make the better record."""
    return (
        4 * bool(getattr(record, "siren", "") or getattr(record, "rna", ""))
        + 2 * bool(getattr(record, "register_checked_on", None))
        + bool(record.email)
        + bool(record.phone)
    )


def counts(actor: Actor) -> dict[str, int]:
    """How many pairs wait, by kind (counted up to 1,000)."""
    return {kind: waiting(actor, Filters(kind=kind)).order_by()[:1000].count() for kind in TABS}


def units_of(actor: Actor) -> list[tuple[int, str]]:
    """The units that the queue may be narrowed to."""
    rows = Unit.objects.active()
    if not (actor.has(Role.DATA_STEWARD) or actor.is_system):
        rows = rows.filter(pk__in=actor.units(Role.MEMBER))
    return [(unit.pk, unit.name) for unit in rows.in_tree_order()]
