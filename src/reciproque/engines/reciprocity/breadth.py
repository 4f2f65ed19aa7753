"""How many threads a relation holds by, and where it hangs by one."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from reciproque.engines.reciprocity.balance import Balance, Lean
from reciproque.engines.reciprocity.cadence import Cadence, State
from reciproque.engines.reciprocity.facts import Fact, remembered


@dataclass(frozen=True, slots=True)
class Breadth:
    """The dispositifs, the units, the people of the partner and the colleagues who carried the tie in the last 24 months."""

    dispositifs: frozenset[str]
    units: frozenset[int]
    outside: frozenset[int]
    inside: frozenset[int]


class Fragility(StrEnum):
    """Where the relation hangs by a thread."""

    ONE_OUTSIDE = "one_outside"
    ONE_INSIDE = "one_inside"
    ONE_DISPOSITIF = "one_dispositif"
    ONE_SIDED = "one_sided"
    NOTHING_PLANNED = "nothing_planned"


def breadth(facts: Iterable[Fact], *, today: dt.date) -> Breadth:
    """What took place in the last 24 months, counted by who and what."""
    known = [fact for fact in facts if fact.held and remembered(fact.on, today)]
    return Breadth(
        dispositifs=frozenset(fact.kind for fact in known if fact.joint),
        units=frozenset(fact.unit for fact in known),
        outside=frozenset(person for fact in known for person in fact.outside),
        inside=frozenset(person for fact in known for person in fact.inside),
    )


def fragilities(cadence: Cadence, balance: Balance, breadth: Breadth) -> tuple[Fragility, ...]:
    """What may break a relation that lives; nothing is said of one that never began or sleeps."""
    if cadence.state in {State.NONE, State.DORMANT}:
        return ()
    said = (
        (Fragility.ONE_OUTSIDE, len(breadth.outside) == 1),
        (Fragility.ONE_INSIDE, len(breadth.inside) == 1),
        (Fragility.ONE_DISPOSITIF, len(breadth.dispositifs) == 1 and cadence.number > 1),
        (Fragility.ONE_SIDED, balance.lean in {Lean.ONLY_PARTNER, Lean.ONLY_UNIVERSITY}),
        (Fragility.NOTHING_PLANNED, not cadence.planned),
    )
    return tuple(what for what, so in said if so)
