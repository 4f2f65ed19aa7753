"""Pulses: kept by the operations that write, in the same transaction; made anew by a job; turned by another when time alone changes them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate, make_aware

from reciproque.engines import reciprocity as engine
from reciproque.foundation.database.kept import ready
from reciproque.foundation.history import event_model
from reciproque.institution.models import Unit
from reciproque.relations.models import Moment, Pulse, Reading, Target, UnitPulse

FIELDS = [field.name for field in Reading._meta.concrete_fields]  # noqa: SLF001 -- Django's own introspection
LOCK = "SELECT pg_advisory_xact_lock(1349, one) FROM unnest(%s::int[]) AS one ORDER BY one"
USUAL = engine.Targets()


class MomentRow(NamedTuple):
    """A moment as pages read it: as many as a partner has, without a record around each."""

    on: dt.date
    kind: str
    met: bool
    held: bool
    given: float
    received: float
    unit_id: int
    outside: list[int]
    inside: list[int]
    interaction_id: int | None
    collaboration_id: int | None
    ending: bool


def facts_of(moments: Iterable[Moment | MomentRow]) -> list[engine.Fact]:
    """Moments as the engine reads them."""
    return [
        engine.Fact(
            on=one.on,
            kind=one.kind,
            met=one.met,
            held=one.held,
            joint=one.collaboration_id is not None,
            given=one.given,
            received=one.received,
            unit=one.unit_id,
            outside=frozenset(one.outside),
            inside=frozenset(one.inside),
        )
        for one in moments
    ]


def facts_since(partners: Iterable[int], since: dt.date) -> Mapping[int, list[engine.Fact]]:
    """For each partner, its facts from a day on, without who was there: what a sparkline draws. One query."""
    found: dict[int, list[engine.Fact]] = {pk: [] for pk in partners}
    names = ("partner", "on", "kind", "met", "held", "given", "received")
    for partner, *values in (
        Moment.objects.filter(partner__in=found, on__gte=since).order_by("on", "pk").values_list(*names)
    ):
        found[partner].append(engine.Fact(**dict(zip(names[1:], values, strict=True))))
    return found


@ready
def _targets(*, partners: list[int]) -> QuerySet[Target]:
    return Target.objects.filter(Q(partner__among=partners) | Q(partner=None)).order_by()


@ready
def _moments(*, partner: int) -> QuerySet[Moment, tuple[Any, ...]]:
    return Moment.objects.of(partner).values_list(*MomentRow._fields)


def targets_of(ids: Iterable[int], *, on: dt.date | None = None) -> Mapping[int, engine.Targets]:
    """The target of each partner: the establishment's (two and three before any decision), raised by its own. One query.

    `on`: a past day, read with the targets in force at its end (`decided`); those of now otherwise.
    """
    wanted = list(ids)
    past = on is not None and on < localdate()
    found = decided(Q(partner__in=wanted), on=on) if on and past else _targets(partners=wanted)
    rows = {row.partner_id: engine.Targets(row.floor, row.goal) for row in found}
    usual = rows.get(None, USUAL)
    return {pk: raised(usual, rows.get(pk)) for pk in wanted}


def raised(usual: engine.Targets, own: engine.Targets | None) -> engine.Targets:
    """The target of a partner: its own never asks for less than the establishment does."""
    return engine.Targets(max(usual.floor, own.floor), max(usual.goal, own.goal)) if own else usual


def decided(partners: Q, *, on: dt.date) -> list[Any]:
    """The targets that stood at the end of a day, the establishment's and those of these partners, as the history kept them. One query."""
    midnight = make_aware(dt.datetime.combine(on + dt.timedelta(days=1), dt.time()))
    events = event_model(Target).objects.filter(pgh_created_at__lt=midnight)
    about = events.filter(partners | Q(partner=None)).order_by().values("pgh_obj_id")
    last = events.filter(pgh_obj_id__in=about).order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    return [row for row in last if row.pgh_label != "delete"]


def lineages() -> dict[int, tuple[int, ...]]:
    """For each unit, the units from which it is seen: itself and those above it. A lone root is the establishment, read apart."""
    paths = dict(Unit.objects.values_list("pk", "path"))
    roots = {pk for pk, path in paths.items() if path.count("/") == 2}
    hidden = roots if len(roots) == 1 else set()
    return {
        pk: tuple(above for above in map(int, path.strip("/").split("/")) if above not in hidden)
        for pk, path in paths.items()
    }


def refresh(ids: Iterable[int], *, today: dt.date | None = None) -> None:
    """Compute the pulses of these partners anew, inside the caller's transaction. Writers of one partner wait for one another."""
    wanted, day = sorted(set(ids)), today or localdate()
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [[pk % 2**31 for pk in wanted]])
    by_partner: dict[int, list[Moment]] = defaultdict(list)
    for moment in Moment.objects.filter(partner__in=wanted).order_by("on", "pk"):
        by_partner[moment.partner_id].append(moment)
    targets, above = targets_of(wanted), lineages()
    whole: list[Pulse] = []
    parts: list[UnitPulse] = []
    for pk, moments in by_partner.items():
        facts = facts_of(moments)
        whole.append(Pulse(partner_id=pk, **row_of(engine.read(facts, targets[pk], today=day), day)))
        for unit, seen in _seen(facts, above).items():
            row = row_of(engine.read(seen, targets[pk], today=day), day)
            parts.append(UnitPulse(partner_id=pk, unit_id=unit, **row))
    Pulse.objects.filter(partner__in=set(wanted) - set(by_partner)).delete()
    UnitPulse.objects.filter(partner__in=wanted).delete()
    Pulse.objects.bulk_create(whole, update_conflicts=True, unique_fields=["partner"], update_fields=FIELDS)
    UnitPulse.objects.bulk_create(parts)


def _seen(facts: Iterable[engine.Fact], above: Mapping[int, tuple[int, ...]]) -> dict[int, list[engine.Fact]]:
    """The facts seen from each unit."""
    found: dict[int, list[engine.Fact]] = defaultdict(list)
    for fact in facts:
        for unit in above.get(fact.unit, ()):
            found[unit].append(fact)
    return found


def row_of(pulse: engine.Pulse, day: dt.date) -> dict[str, Any]:
    """A pulse as its row holds it."""
    beat, sides, width = pulse.cadence, pulse.balance, pulse.breadth
    return {
        "state": beat.state.value,
        "cadence": beat.number,
        "planned": len(beat.planned),
        "last_on": beat.last_on,
        "next_on": beat.next_on,
        "lapses_on": beat.lapses_on,
        "changes_on": pulse.changes_on,
        "given": round(sides.given, 4),
        "received": round(sides.received, 4),
        "balance": None if sides.ratio is None else round(sides.ratio, 6),
        "dispositifs": len(width.dispositifs),
        "units": len(width.units),
        "outside": len(width.outside),
        "inside": len(width.inside),
        "computed_on": day,
    }


def live(
    partner_id: int, unit: Unit | None = None, *, today: dt.date, targets: engine.Targets | None = None
) -> tuple[engine.Pulse, list[MomentRow]]:
    """The pulse on any day, from the moments themselves, with those moments; seen from a unit when one is given."""
    moments = [MomentRow._make(row) for row in _moments(partner=partner_id)]
    if unit is not None:
        below = set(Unit.objects.under(unit).values_list("pk", flat=True))
        moments = [one for one in moments if one.unit_id in below]
    aims = targets or targets_of([partner_id], on=today)[partner_id]
    return engine.read(facts_of(moments), aims, today=today), moments
