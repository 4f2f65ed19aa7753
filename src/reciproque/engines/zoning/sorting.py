"""In which zone a pair falls, and what precision and recall to expect there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Zone = Literal["automatic", "review", "dropped"]
POINTS = 60
"""Points kept of a curve: enough to draw it, few enough to keep in a row."""


@dataclass(frozen=True, slots=True)
class Zones:
    """Likelihoods from which a pair is merged alone, and from which it is shown; 0 < `review` ≤ `automatic` ≤ 1."""

    automatic: float
    review: float


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pairs fall in each zone. `withheld` are those of `review` that are likely enough to be merged alone."""

    automatic: int
    review: int
    dropped: int
    withheld: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision and recall of all pairs at least as likely as each threshold; thresholds rise."""

    thresholds: tuple[float, ...]
    precision: tuple[float, ...]
    recall: tuple[float, ...]

    def at(self, likelihood: float) -> tuple[float, float] | None:
        """(precision, recall) from this likelihood on; None when no pair learnt was as likely."""
        for place, threshold in enumerate(self.thresholds):
            if threshold >= likelihood:
                return self.precision[place], self.recall[place]
        return None


def zone_of(likelihood: float | None, zones: Zones, *, withheld: bool = False) -> Zone:
    """The zone of one pair. One that was not weighed yet is shown; one that something withholds is never merged alone."""
    if likelihood is None:
        return "review"
    if likelihood < zones.review:
        return "dropped"
    return "automatic" if likelihood >= zones.automatic and not withheld else "review"


def counts(pairs: Iterable[tuple[float | None, bool]], zones: Zones) -> Counts:
    """Sort pairs (likelihood, withheld) and count them."""
    found = {"automatic": 0, "review": 0, "dropped": 0}
    kept = 0
    for likelihood, withheld in pairs:
        found[zone_of(likelihood, zones, withheld=withheld)] += 1
        kept += withheld and likelihood is not None and likelihood >= max(zones.automatic, zones.review)
    return Counts(found["automatic"], found["review"], found["dropped"], kept)


def expected(above: tuple[int, float], everything: tuple[int, float]) -> tuple[float, float] | None:
    """(precision, recall) that calibration announces for the pairs above a threshold.

    Both arguments are (number of pairs, sum of their likelihoods): likelihoods are shares of right pairs, so their mean is the
    precision, and their share of the whole sum the recall. None without any pair.
    """
    number, likely = above
    return (likely / number, likely / everything[1]) if number and everything[1] else None


def curve_of(likelihoods: Sequence[float], truth: Sequence[bool]) -> Curve:
    """The curve of pairs whose truth is known. At most `POINTS` points, the highest threshold always among them."""
    pairs = sorted(zip(likelihoods, truth, strict=True), key=lambda pair: -pair[0])
    whole, right, points = sum(bool(one) for one in truth), 0, []
    for rank, (likelihood, same) in enumerate(pairs, start=1):
        right += bool(same)
        if rank == len(pairs) or pairs[rank][0] != likelihood:
            points.append((likelihood, right / rank, right / whole if whole else 0.0))
    if len(points) > POINTS:
        step = (len(points) - 1) / (POINTS - 1)
        points = [points[round(place * step)] for place in range(POINTS)]
    points.reverse()
    return Curve(
        tuple(point[0] for point in points), tuple(point[1] for point in points), tuple(point[2] for point in points)
    )
