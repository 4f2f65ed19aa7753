"""The scales on which a collaboration says what it brought, and what one unit of each weighs in the balance.

The weights make a day of somebody's time, one trainee welcomed, one recruitment… comparable; they are ours, kept together so
that they can be discussed and changed in one place. They never show as a bare score.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """`points`: what one unit of the scale weighs; one point is about one day of somebody's work."""

    code: str
    points: float
    highest: float


SCALES: tuple[Scale, ...] = (
    Scale("hours", 1 / 7, 100_000),  # hours of people
    Scale("places", 2.0, 10_000),  # places offered to students: stages, alternances
    Scale("recruits", 5.0, 10_000),  # recruitments
    Scale("euros", 1 / 400, 100_000_000),  # money
    Scale("visibility", 1.0, 5),  # from 1 (a mention) to 5 (a whole event)
    Scale("knowledge", 1.0, 5),  # knowledge, from 1 (an opinion) to 5 (a lasting transfer)
    Scale("equipment", 1.0, 5),  # equipment lent or given, from 1 to 5
    Scale("students", 0.1, 100_000),  # students trained, or who met professionals
)
BY_CODE: Mapping[str, Scale] = {scale.code: scale for scale in SCALES}


def points(quantities: Mapping[str, float]) -> float:
    """What quantities on the scales weigh together. Raises KeyError for a scale that does not exist, ValueError for a quantity out of its bounds."""
    total = 0.0
    for code, quantity in quantities.items():
        scale = BY_CODE[code]
        if not 0 <= quantity <= scale.highest:
            raise ValueError(code)
        total += scale.points * quantity
    return round(total, 4)
