"""Three zones for pairs of records by how likely they are one, what to expect of them, and how to check what was done alone."""

from reciproque.engines.zoning.checking import Drawn, Estimate, draw, estimate, wilson
from reciproque.engines.zoning.sorting import Counts, Curve, Zones, counts, curve_of, expected, zone_of

__all__ = [
    "Counts",
    "Curve",
    "Drawn",
    "Estimate",
    "Zones",
    "counts",
    "curve_of",
    "draw",
    "estimate",
    "expected",
    "wilson",
    "zone_of",
]
