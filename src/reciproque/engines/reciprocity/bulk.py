"""The same readings for a great many relations at once, with NumPy: what `reading.read` says of each, array by array.

Days are whole numbers since 1 January 1970. Nothing here decides anything: the rules are those of the other files, and tests compare.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from reciproque.engines.reciprocity.cadence import State
from reciproque.engines.reciprocity.facts import APART, HALF_LIFE, MEMORY, RECENT, YEAR, months_before

Array = np.ndarray[Any, Any]
STATES: tuple[State, ...] = tuple(State)
NEVER = np.iinfo(np.int32).max
EPOCH = dt.date(1970, 1, 1).toordinal()
SPAN = 1 << 20
"""More days than any date: `group * SPAN + day` orders by group, then by day."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One row per fact, in any order. `group` numbers the relations from 0; `kind` is any number for each kind."""

    group: Array
    day: Array
    kind: Array
    met: Array
    held: Array
    given: Array
    received: Array


@dataclass(frozen=True, slots=True)
class Readings:
    """One row per relation. `state` indexes STATES; days are NEVER when there is none; `balance` is NaN when nothing was brought."""

    state: Array
    number: Array
    planned: Array
    last: Array
    next: Array
    lapses: Array
    changes: Array
    given: Array
    received: Array
    balance: Array


def day_of(date: dt.date) -> int:
    """The number of a day."""
    return date.toordinal() - EPOCH


def distinct(facts: Facts, keep: Array) -> tuple[Array, Array]:
    """(group, day) of the moments that count among those kept, by group then day."""
    rows = np.flatnonzero(keep)
    kinds = int(facts.kind.max(initial=0)) + 1
    series = facts.group[rows].astype(np.int64) * kinds + facts.kind[rows]
    order = np.lexsort((facts.day[rows], series))
    series, rows = series[order], rows[order]
    _values, first, sizes = np.unique(series, return_index=True, return_counts=True)
    keys = np.repeat(np.arange(len(first), dtype=np.int64), sizes) * SPAN + facts.day[rows]
    ends = first + sizes
    counted = np.zeros(len(rows), dtype=bool)
    here = first
    while len(here):  # one step further in every series at once: from a moment that counts to the next one
        counted[here] = True
        here = np.searchsorted(keys, keys[here] + APART)
        inside = here < ends
        here, ends = here[inside], ends[inside]
    rows = rows[counted]
    group, day = facts.group[rows].astype(np.int64), facts.day[rows].astype(np.int64)
    order = np.lexsort((day, group))
    return group[order], day[order]


def read(facts: Facts, floor: Array, goal: Array, *, today: dt.date) -> Readings:
    """What stands for each relation on a day; `floor` and `goal` have one row per relation."""
    size, now = len(floor), day_of(today)
    group, day = distinct(facts, facts.met & (facts.held | (facts.day > now)))
    keys = group * SPAN + day
    starts = np.arange(size, dtype=np.int64) * SPAN
    begin, end = np.searchsorted(keys, starts), np.searchsorted(keys, starts + SPAN)
    here = np.searchsorted(keys, starts + now, side="right")
    number = here - np.searchsorted(keys, starts + now - YEAR, side="right")
    some, ahead = here > begin, end > here
    last = np.where(some, day[np.maximum(here - 1, 0)], NEVER) if len(day) else np.full(size, NEVER)
    first = np.where(some, day[np.minimum(begin, len(day) - 1)], NEVER) if len(day) else np.full(size, NEVER)
    following = np.where(ahead, day[np.minimum(here, len(day) - 1)], NEVER) if len(day) else np.full(size, NEVER)
    given, received, balance, forgotten = _brought(facts, size, now, today)
    return Readings(
        state=_states(number, some, first, floor, goal, now),
        number=number,
        planned=end - here,
        last=last,
        next=following,
        lapses=_lapses(group, day, keys, number, some, first, floor, now),
        changes=np.minimum(_turns(facts, group, day, size, now, first), forgotten),
        given=given,
        received=received,
        balance=balance,
    )


def _states(number: Array, some: Array, first: Array, floor: Array, goal: Array, now: int) -> Array:
    index = {state: rank for rank, state in enumerate(STATES)}
    young = now - first < RECENT
    below = np.where(young, index[State.NEW], np.where(number > 0, index[State.TO_REVIVE], index[State.DORMANT]))
    known = np.where(number >= goal, index[State.ALIVE], np.where(number >= floor, index[State.FRAGILE], below))
    return np.where(some, known, index[State.NONE])


def _lapses(
    group: Array, day: Array, keys: Array, number: Array, some: Array, first: Array, floor: Array, now: int
) -> Array:
    """The day on which each cadence falls below its floor: to come, or the last one, or the first moment."""
    leaves, least = day + YEAR, floor[group]
    base = group * SPAN
    after = np.searchsorted(keys, base + leaves, side="right") - np.searchsorted(keys, keys, side="right")
    before = np.searchsorted(keys, base + leaves - 1, side="right") - np.searchsorted(keys, keys - 1, side="right")
    fell, lost = (leaves <= now) & (before >= least), np.full(len(floor), -NEVER, dtype=np.int64)
    np.maximum.at(lost, group[fell], leaves[fell])
    found = np.where(lost > -NEVER, lost, np.where(some, first, NEVER))
    coming = np.full(len(floor), NEVER, dtype=np.int64)
    falls = (leaves > now) & (after < least)
    np.minimum.at(coming, group[falls], leaves[falls])
    return np.where(some & (number >= floor), coming, found)


def _brought(facts: Facts, size: int, now: int, today: dt.date) -> tuple[Array, Array, Array, Array]:
    """What each side was brought, weighted; the balance; the first day on which something is forgotten."""
    since = day_of(months_before(today, MEMORY))
    seen = facts.held & (facts.day <= now) & (facts.day > since)
    group, day = facts.group[seen], facts.day[seen].astype(np.int64)
    weight = 0.5 ** ((now - day) / HALF_LIFE)
    given = np.bincount(group, facts.given[seen] * weight, size)
    received = np.bincount(group, facts.received[seen] * weight, size)
    total = given + received
    balance = np.divide(given - received, total, out=np.full(size, np.nan), where=total > 0)
    earliest = np.full(size, NEVER, dtype=np.int64)
    np.minimum.at(earliest, group, day)
    return given, received, balance, _forgotten(earliest)


def _forgotten(days: Array) -> Array:
    """The first day on which a fact of that day is no longer remembered, as `facts.forgotten_on` says."""
    known = days != NEVER
    dates = np.where(known, days, 0).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    within = (dates - months.astype("datetime64[D]")).astype(np.int64)
    later = months + MEMORY
    length = ((later + 1).astype("datetime64[D]") - later.astype("datetime64[D]")).astype(np.int64)
    result = later.astype("datetime64[D]").astype(np.int64) + within
    result = np.where(within >= length, (later + 1).astype("datetime64[D]").astype(np.int64), result)
    return np.where(known, result, NEVER)


def _turns(facts: Facts, group: Array, day: Array, size: int, now: int, first: Array) -> Array:
    """The first day to come on which a moment is a year old, a plan falls due, or a relation is no longer new."""
    found = np.full(size, NEVER, dtype=np.int64)
    leaves = day + YEAR
    coming = leaves > now
    np.minimum.at(found, group[coming], leaves[coming])
    planned = facts.day > now
    np.minimum.at(found, facts.group[planned], facts.day[planned])
    grown = np.where(first == NEVER, NEVER, first + RECENT)
    return np.minimum(found, np.where(grown > now, grown, NEVER))
