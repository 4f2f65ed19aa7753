"""What each side brought the other, the recent weighing more."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from reciproque.engines.reciprocity.facts import HALF_LIFE, Fact, remembered

EVEN, ONE_SIDED = 0.2, 0.6


class Lean(StrEnum):
    """The balance in words. Below 0.2 either way it is even; from 0.6 on one side takes it all."""

    EMPTY = "empty"
    EVEN = "even"
    TO_PARTNER = "to_partner"
    TO_UNIVERSITY = "to_university"
    ONLY_PARTNER = "only_partner"
    ONLY_UNIVERSITY = "only_university"


@dataclass(frozen=True, slots=True)
class Balance:
    """Points brought to the partner (`given`) and to the university (`received`), weighted by age. `ratio` from −1 to +1, or None."""

    given: float
    received: float

    @property
    def ratio(self) -> float | None:
        """(partner − university) / (partner + university): +1 when the partner takes all."""
        total = self.given + self.received
        return (self.given - self.received) / total if total > 0 else None

    @property
    def lean(self) -> Lean:
        """The same in a word."""
        return lean(self.ratio)


def lean(ratio: float | None) -> Lean:
    """The word for a ratio."""
    if ratio is None:
        return Lean.EMPTY
    if abs(ratio) < EVEN:
        return Lean.EVEN
    if ratio > 0:
        return Lean.TO_PARTNER if ratio < ONE_SIDED else Lean.ONLY_PARTNER
    return Lean.TO_UNIVERSITY if ratio > -ONE_SIDED else Lean.ONLY_UNIVERSITY


def weight(on: dt.date, today: dt.date) -> float:
    """What a fact of that day still weighs: half after 365 days."""
    return float(0.5 ** ((today - on).days / HALF_LIFE))


def balance(facts: Iterable[Fact], *, today: dt.date) -> Balance:
    """What took place in the last 24 months, weighted."""
    given = received = 0.0
    for fact in facts:
        if fact.held and remembered(fact.on, today):
            given += fact.given * weight(fact.on, today)
            received += fact.received * weight(fact.on, today)
    return Balance(given, received)
