"""The whole pulse of a relation on one day."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reciproque.engines.reciprocity.balance import Balance, balance
from reciproque.engines.reciprocity.breadth import Breadth, Fragility, breadth, fragilities
from reciproque.engines.reciprocity.cadence import WINDOW, Cadence, cadence, distinct
from reciproque.engines.reciprocity.facts import RECENT, Fact, Targets, forgotten_on, remembered


@dataclass(frozen=True, slots=True)
class Pulse:
    """All that is read of a relation on a day. It stays so until `changes_on` when nothing is written; None: for ever."""

    cadence: Cadence
    balance: Balance
    breadth: Breadth
    fragilities: tuple[Fragility, ...]
    changes_on: dt.date | None


def read(facts: Iterable[Fact], targets: Targets, *, today: dt.date) -> Pulse:
    """The pulse on a day, past, present or to come."""
    known = list(facts)
    beat, sides, width = cadence(known, targets, today=today), balance(known, today=today), breadth(known, today=today)
    return Pulse(
        cadence=beat,
        balance=sides,
        breadth=width,
        fragilities=fragilities(beat, sides, width),
        changes_on=min((day for day in _turns(known, today) if day > today), default=None),
    )


def _turns(facts: list[Fact], today: dt.date) -> Iterator[dt.date]:
    """The days on which time alone changes what is read."""
    known = distinct(fact for fact in facts if fact.on > today or fact.held)
    if known and known[0].on <= today:
        yield known[0].on + dt.timedelta(days=RECENT)
    for fact in known:
        yield fact.on + WINDOW
    for fact in facts:
        if fact.on > today:
            yield fact.on
        elif fact.held and remembered(fact.on, today):
            yield forgotten_on(fact.on)
