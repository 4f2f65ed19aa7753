"""Reciprocity: how often both sides meet, by when they must meet again, what each brought, what to propose. No clock, no database."""

from reciproque.engines.reciprocity.balance import Balance, Lean, balance, lean, weight
from reciproque.engines.reciprocity.breadth import Breadth, Fragility, breadth, fragilities
from reciproque.engines.reciprocity.cadence import Cadence, State, cadence, distinct, doubles
from reciproque.engines.reciprocity.facts import (
    RECENT,
    Fact,
    Targets,
    forgotten_on,
    months_after,
    months_before,
    remembered,
)
from reciproque.engines.reciprocity.proposals import (
    AMONG,
    Candidate,
    Ground,
    Need,
    Occasion,
    Practice,
    Proposal,
    Reason,
    Situation,
    propose,
)
from reciproque.engines.reciprocity.reading import Pulse, read
from reciproque.engines.reciprocity.scales import BY_CODE, SCALES, Scale, points

__all__ = [
    "AMONG",
    "BY_CODE",
    "RECENT",
    "SCALES",
    "Balance",
    "Breadth",
    "Cadence",
    "Candidate",
    "Fact",
    "Fragility",
    "Ground",
    "Lean",
    "Need",
    "Occasion",
    "Practice",
    "Proposal",
    "Pulse",
    "Reason",
    "Scale",
    "Situation",
    "State",
    "Targets",
    "balance",
    "breadth",
    "cadence",
    "distinct",
    "doubles",
    "forgotten_on",
    "fragilities",
    "lean",
    "months_after",
    "months_before",
    "points",
    "propose",
    "read",
    "remembered",
    "weight",
]
