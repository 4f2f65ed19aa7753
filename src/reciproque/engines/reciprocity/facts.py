"""What the engine is given: dated facts of one relation, and how often the two sides should meet."""

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache

YEAR = 365
"""Days of the window in which moments are counted, the day itself included."""
APART = 7
"""Days from which two moments of the same kind are two."""
RECENT = 180
"""Days during which a relation is new."""
MEMORY = 24
"""Months over which balance and breadth look back."""
HALF_LIFE = 365
"""Days after which what was brought weighs half."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, or is planned, between a partner and the university.

    `met`: both sides met or acted together. `held`: it took place; a planned fact whose day has passed counts for nothing until
    somebody says that it did. `joint`: it comes from a collaboration, so that `kind` is a dispositif. `given`, `received`: points
    brought to the partner, to the university.
    """

    on: dt.date
    kind: str
    met: bool = True
    held: bool = True
    joint: bool = False
    given: float = 0.0
    received: float = 0.0
    unit: int = 0
    outside: frozenset[int] = field(default_factory=frozenset)
    inside: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Targets:
    """Moments a year: below `floor` the relation fades, from `goal` on it is alive. Raises ValueError when they cross."""

    floor: int = 2
    goal: int = 3

    def __post_init__(self) -> None:
        if not 1 <= self.floor <= self.goal:
            raise ValueError((self.floor, self.goal))


@lru_cache(maxsize=64)
def months_before(day: dt.date, months: int) -> dt.date:
    """The same day that many months earlier; the last of the month when it has no such day."""
    return months_after(day, -months)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day that many months later; the last of the month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = dt.date(year, month + 1, 1)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


def remembered(on: dt.date, today: dt.date) -> bool:
    """Whether balance and breadth still look at a fact of that day."""
    return months_before(today, MEMORY) < on <= today


def forgotten_on(on: dt.date) -> dt.date:
    """The first day on which balance and breadth no longer look at a fact of that day."""
    day = months_after(on, MEMORY)
    while remembered(on, day):  # a 29 February is remembered one day longer
        day += dt.timedelta(days=1)
    return day
