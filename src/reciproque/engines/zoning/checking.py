"""Merges made alone, drawn for people to check, and what their answers say of all the others."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STRATA = 3
SURE = 1.959964
"""Standard deviations of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A merge to check: its number, its stratum (0 the least likely), and how many merges it stands for."""

    key: int
    stratum: int
    weight: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of right merges: the answer, the 95 % interval around it, from how many answers."""

    value: float
    low: float
    high: float
    answers: int


def draw(merges: Sequence[tuple[int, float]], *, wanted: int, seed: str) -> list[Drawn]:
    """Choose at random, the same for the same `seed`, among merges (number, likelihood), a third from each third of likelihood.

    The less likely third is served first when the numbers do not divide; every merge is drawn when there are no more than
    `wanted`.
    """
    ordered = sorted(merges, key=lambda merge: (merge[1], merge[0]))
    count, found = len(ordered), []
    for stratum in range(STRATA):
        part = ordered[count * stratum // STRATA : count * (stratum + 1) // STRATA]
        share = min(len(part), wanted // STRATA + (stratum < wanted % STRATA))
        if count <= wanted:
            share = len(part)
        chosen = sorted(part, key=lambda merge: _luck(seed, merge[0]))[:share]
        found += [Drawn(key, stratum, len(part) / share) for key, _likelihood in chosen]
    return sorted(found, key=lambda one: one.key)


def _luck(seed: str, key: int) -> bytes:
    return hashlib.blake2b(f"{seed}:{key}".encode(), digest_size=8).digest()


def wilson(share: float, answers: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share found among that many answers (a real number when they do not weigh the same)."""
    if answers <= 0:
        return 0.0, 1.0
    square = SURE * SURE
    middle = (share + square / (2 * answers)) / (1 + square / answers)
    half = SURE * math.sqrt(share * (1 - share) / answers + square / (4 * answers * answers)) / (1 + square / answers)
    return max(0.0, middle - half), min(1.0, middle + half)


def estimate(answers: Iterable[tuple[float, bool]]) -> Estimate | None:
    """The share of right merges from answers (weight, right), each standing for others; None without any answer.

    Weights that differ make the sample worth less than its size (Kish): the interval widens accordingly.
    """
    known = list(answers)
    total, squares = sum(weight for weight, _right in known), sum(weight * weight for weight, _right in known)
    if not total:
        return None
    share = min(1.0, sum(weight for weight, right in known if right) / total)
    low, high = wilson(share, total * total / squares)
    return Estimate(share, low, high, len(known))
