"""How often the two sides meet, in what state that leaves the relation, and by which day they must meet again."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reciproque.engines.reciprocity.facts import APART, RECENT, YEAR, Fact, Targets

WINDOW = dt.timedelta(days=YEAR)


class State(StrEnum):
    """How a relation stands. NEW: first moment less than 180 days ago, and not yet at the floor."""

    NEW = "new"
    ALIVE = "alive"
    FRAGILE = "fragile"
    TO_REVIVE = "to_revive"
    DORMANT = "dormant"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Cadence:
    """`number` of moments in the last 365 days, `counted` one by one; `planned` ahead.

    `lapses_on`: the first day on which the cadence is below the floor if nothing else is planned; when it is already so, the day it
    fell (the first moment when it never was above). None when the two sides never met.
    """

    state: State
    number: int
    counted: tuple[Fact, ...]
    planned: tuple[Fact, ...]
    last_on: dt.date | None
    next_on: dt.date | None
    lapses_on: dt.date | None

    def act_before(self, today: dt.date) -> dt.date | None:
        """The day by which to meet again: today when the cadence is already below the floor."""
        return max(self.lapses_on, today) if self.lapses_on else None


def distinct(facts: Iterable[Fact]) -> list[Fact]:
    """The moments that count, by date: of those of one kind less than 7 days after one that counts, none does.

    The earliest of them counts; so what happens later never changes what has been counted.
    """
    latest: dict[str, dt.date] = {}
    found = []
    for fact in sorted(facts, key=lambda fact: (fact.on, fact.kind)):
        before = latest.get(fact.kind)
        if fact.met and (before is None or (fact.on - before).days >= APART):
            latest[fact.kind] = fact.on
            found.append(fact)
    return found


def cadence(facts: Iterable[Fact], targets: Targets, *, today: dt.date) -> Cadence:
    """The cadence on a day, past or to come: what lies after it is planned, what lies before it and did not take place is nothing."""
    known = distinct(fact for fact in facts if fact.on > today or fact.held)
    days = [fact.on for fact in known]
    here = bisect_right(days, today)
    counted = known[bisect_right(days, today - WINDOW) : here]
    return Cadence(
        state=_state(days[:here], len(counted), targets, today),
        number=len(counted),
        counted=tuple(counted),
        planned=tuple(known[here:]),
        last_on=days[here - 1] if here else None,
        next_on=days[here] if here < len(days) else None,
        lapses_on=_lapse(days, here, len(counted), targets.floor, today),
    )


def _state(past: Sequence[dt.date], number: int, targets: Targets, today: dt.date) -> State:
    if not past:
        return State.NONE
    if number >= targets.goal:
        return State.ALIVE
    if number >= targets.floor:
        return State.FRAGILE
    if (today - past[0]).days < RECENT:
        return State.NEW
    return State.TO_REVIVE if number else State.DORMANT


def _lapse(days: Sequence[dt.date], here: int, number: int, floor: int, today: dt.date) -> dt.date | None:
    if not here:
        return None
    if number >= floor:
        return next(day + WINDOW for day in days if day + WINDOW > today and _within(days, day + WINDOW) < floor)
    eve = dt.timedelta(days=1)
    falls = (day + WINDOW for day in reversed(days[:here]) if day + WINDOW <= today)
    return next((fall for fall in falls if _within(days, fall - eve) >= floor), days[0])


def _within(days: Sequence[dt.date], day: dt.date) -> int:
    """How many lie in the 365 days that end with this one."""
    return bisect_right(days, day) - bisect_right(days, day - WINDOW)


def doubles(facts: Iterable[Fact]) -> list[Fact]:
    """The moments that do not count, because another of the same kind does, less than 7 days before."""
    met = [fact for fact in facts if fact.met]
    kept = distinct(met)
    left = sorted(met, key=lambda fact: (fact.on, fact.kind))
    for fact in kept:
        left.pop(bisect_left([(one.on, one.kind) for one in left], (fact.on, fact.kind)))
    return left
