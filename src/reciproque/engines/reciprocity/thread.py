"""The thread: where each moment of a relation stands on a line of 24 months back and 12 ahead. Geometry only, in units of the drawing."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from reciproque.engines.reciprocity.facts import Fact, months_after, months_before

BACK, AHEAD = 24, 12
WIDTH, HEIGHT, AXIS, MARGIN = 860.0, 232.0, 118.0, 18.0
SHORT, LONG = 22.0, 66.0
SMALL, BIG = 4.0, 9.5
NEAR = 11.0
"""Marks of one side nearer than this are drawn as one, with how many they are."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One circle: `side` is +1 above the axis (to the partner), −1 below (to the university), 0 on it (both met, nothing weighed).

    `facts` are the positions, in what was given, of the facts it stands for.
    """

    x: float
    y: float
    radius: float
    side: int
    planned: bool
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """The first of a month; `named` when the year or its half begins."""

    x: float
    on: dt.date
    named: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything to draw. `limit` is where the act-before date stands, `beyond` when it is past the end."""

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    today: float
    limit: float | None
    beyond: bool
    first: dt.date
    last: dt.date


def thread(facts: Sequence[Fact], *, today: dt.date, act_before: dt.date | None, width: float = WIDTH) -> Thread:
    """Lay out the facts seen from `today`; those that did not take place, or lie outside the line, are left out."""
    first, last = months_before(today, BACK), months_after(today, AHEAD)
    span = (last - first).days

    def place(day: dt.date) -> float:
        return MARGIN + (width - 2 * MARGIN) * (day - first).days / span

    seen = [
        (place(fact.on), index, fact)
        for index, fact in enumerate(facts)
        if first <= fact.on <= last and (fact.held or fact.on > today)
    ]
    heaviest = max((max(fact.given, fact.received) for _x, _index, fact in seen), default=0.0) or 1.0
    marks = [mark for side in (1, -1, 0) for mark in _side(seen, side, heaviest, today)]
    limit = place(min(act_before, last)) if act_before else None
    return Thread(
        marks=tuple(sorted(marks, key=lambda mark: (mark.x, -mark.side))),
        ticks=tuple(Tick(place(day), day, day.month in {1, 7}) for day in _months(first, last)),
        today=place(today),
        limit=limit,
        beyond=bool(act_before and act_before > last),
        first=first,
        last=last,
    )


def _months(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    day = months_after(first.replace(day=1), 1)
    while day <= last:
        yield day
        day = months_after(day, 1)


def _side(seen: Sequence[tuple[float, int, Fact]], side: int, heaviest: float, today: dt.date) -> Iterable[Mark]:
    """The marks of one side, near ones drawn together, past and planned apart."""
    for planned in (False, True):
        group: list[tuple[float, int, float]] = []
        for x, index, fact in sorted(seen, key=lambda one: (one[0], one[1])):
            weight = _weight(fact, side)
            if weight is None or (fact.on > today) != planned:
                continue
            if group and x - group[0][0] >= NEAR:
                yield _mark(group, side, heaviest, planned=planned)
                group = []
            group.append((x, index, weight))
        if group:
            yield _mark(group, side, heaviest, planned=planned)


def _weight(fact: Fact, side: int) -> float | None:
    """What the fact weighs on that side; None when it does not stand there."""
    if side == 0:
        return 0.0 if not fact.given and not fact.received else None
    weight = fact.given if side > 0 else fact.received
    return weight or None


def _mark(group: Sequence[tuple[float, int, float]], side: int, heaviest: float, *, planned: bool) -> Mark:
    share = min(sqrt(sum(weight for _x, _index, weight in group) / heaviest), 1.25)
    x = sum(x for x, _index, _weight in group) / len(group)
    radius = SMALL + (BIG - SMALL) * share if side else SMALL - 0.5
    radius = max(radius, 7.0) if len(group) > 1 else radius
    height = SHORT + (LONG - SHORT) * share
    return Mark(x, AXIS - side * height, radius, side, planned, tuple(index for _x, index, _weight in group))


@dataclass(frozen=True, slots=True)
class Beat:
    """One month of a sparkline: what was brought to each side from 0 to 1, and whether anything took place or is planned."""

    given: float
    received: float
    met: bool
    planned: bool


def beats(facts: Iterable[Fact], *, today: dt.date) -> list[Beat]:
    """Thirty-seven months, from 24 back to 12 ahead, this one included."""
    size, here = BACK + AHEAD + 1, today.year * 12 + today.month - 1
    given, received = [0.0] * size, [0.0] * size
    met, planned = [False] * size, [False] * size
    for fact in facts:
        month = fact.on.year * 12 + fact.on.month - 1 - here + BACK
        if not 0 <= month < size or not (fact.held or fact.on > today):
            continue
        given[month] += fact.given
        received[month] += fact.received
        met[month] |= fact.met
        planned[month] |= fact.on > today
    top = max(*given, *received) or 1.0
    return [
        Beat(sqrt(one / top), sqrt(other / top), both, ahead)
        for one, other, both, ahead in zip(given, received, met, planned, strict=True)
    ]
