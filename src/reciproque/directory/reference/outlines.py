"""The map of the départements: outlines as SVG paths, and the projection that puts a point on the same map.

The metropolis is drawn in a conformal conic projection with the parallels of Lambert-93; each overseas département stands in
a box of its own at the lower left, at its own scale.
"""

from functools import cache
from math import cos, log, pi, radians, sin, tan
from typing import NamedTuple

from reciproque.directory.reference.packed import rows

VIEW_BOX = (0, 0, 1000, 960)
RADIUS = 5500.0  # of the Earth, in units of the map: about 1.16 km each
LONGITUDE, LATITUDE = radians(3.0), radians(46.5)
PARALLELS = radians(44.0), radians(49.0)
ORIGIN = (524.0, 450.0)  # where the meeting of LONGITUDE and LATITUDE falls


class Inset(NamedTuple):
    """The box of an overseas département: its place on the map, the point at its centre, and units per degree of latitude."""

    department: str
    x: float
    y: float
    width: float
    height: float
    latitude: float
    longitude: float
    scale: float


_INSETS = (
    Inset("971", 0, 676, 86, 86, 16.18, -61.41, 95),
    Inset("972", 92, 676, 86, 86, 14.64, -61.02, 146),
    Inset("973", 0, 768, 86, 86, 3.93, -53.10, 20.5),
    Inset("974", 92, 768, 86, 86, -21.13, 55.53, 133),
    Inset("976", 0, 860, 86, 86, -12.82, 45.17, 190),
)


def insets() -> dict[str, Inset]:
    """Code of an overseas département → its box."""
    return {inset.department: inset for inset in _INSETS}


def _cone() -> tuple[float, float, float]:
    low, high = PARALLELS
    exponent = log(cos(low) / cos(high)) / log(tan(pi / 4 + high / 2) / tan(pi / 4 + low / 2))
    factor = cos(low) * tan(pi / 4 + low / 2) ** exponent / exponent
    return exponent, factor, factor / tan(pi / 4 + LATITUDE / 2) ** exponent


_EXPONENT, _FACTOR, _RHO = _cone()
_BOXES = insets()
_NOT_DRAWN = ("975", "977", "978", "98")


def project(latitude: float, longitude: float, department: str) -> tuple[float, float] | None:
    """Where a point of that département falls on the map, in units of VIEW_BOX; None for a territory that is not drawn."""
    if inset := _BOXES.get(department):
        x = (longitude - inset.longitude) * cos(radians(inset.latitude)) * inset.scale
        y = (latitude - inset.latitude) * inset.scale
        return (inset.x + inset.width / 2 + x, inset.y + inset.height / 2 - y)
    if not department or department.startswith(_NOT_DRAWN):
        return None
    rho = _FACTOR / tan(pi / 4 + radians(latitude) / 2) ** _EXPONENT
    angle = _EXPONENT * (radians(longitude) - LONGITUDE)
    return (ORIGIN[0] + RADIUS * rho * sin(angle), ORIGIN[1] - RADIUS * (_RHO - rho * cos(angle)))


@cache
def outlines() -> dict[str, str]:
    """Code of a département → its outline, as the `d` of an SVG path in VIEW_BOX. Neighbours share their border exactly."""
    return {row[0]: row[1] for row in rows("outlines")}
