"""Numbers put on the map: shades of the départements, discs of the communes. Pure: from numbers to places on the drawing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log10, sqrt

from reciproque.directory import reference

SHADES = 5
TOWNS_DRAWN, TOWNS_NAMED = 150, 12
NUMBER = re.compile(r"-?\d*\.?\d+")
Box = tuple[float, float, float, float]
MARGIN = 0.06
LETTER = 0.021  # height of a name, as a part of the width of the drawing
WIDE = 0.56  # of a letter's height, what a letter takes of a line
SMALL = 30  # partners below which the biggest commune does not get the biggest disc
BIGGEST = 0.052  # radius of the biggest disc, as a part of the width of the drawing


@dataclass(frozen=True, slots=True)
class Area:
    """A département on the map: its shade goes from 0 (none) to SHADES."""

    code: str
    name: str
    number: int
    shade: int
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class Disc:
    """A commune on the map.

    Its name is written at `name_at`, to its right (`side` start), to its left (end) or, when it is big, across it (middle), if there is
    room.
    """

    name: str
    number: int
    x: float
    y: float
    radius: float
    url: str
    side: str
    name_at: float


@dataclass(frozen=True, slots=True)
class Legend:
    """What a shade means."""

    shade: int
    low: int
    high: int


def thresholds(numbers: Iterable[int]) -> list[int]:
    """The lowest number of each shade: each goes as many times further than the one before, so that the first of a network stands out
    from the tenth, which shades of as many départements would paint alike."""
    top = max(numbers, default=0)
    return sorted({max(1, _round(top ** (rank / SHADES))) for rank in range(SHADES)}) if top > 0 else []


def _round(number: float) -> int:
    """A number that is easily read: 1, 2, 3, 5 or 7 of its power of ten."""
    power = 10 ** int(log10(number)) if number >= 1 else 1
    return int(power * min((1, 2, 3, 5, 7, 10), key=lambda one: abs(one - number / power)))


def shade(number: int, lows: list[int]) -> int:
    """0 for none, else the rank of the number among the thresholds."""
    return sum(number >= low for low in lows) if number > 0 else 0


def legend(counts: Mapping[str, int]) -> list[Legend]:
    """The shades in use, with the numbers they stand for."""
    lows = thresholds(counts.values())
    top = max(counts.values(), default=0)
    return [Legend(rank, low, (lows[rank] - 1) if rank < len(lows) else top) for rank, low in enumerate(lows, 1)]


def areas(counts: Mapping[str, int], urls: Mapping[str, str]) -> list[Area]:
    """Every département that has an outline."""
    drawn = {code: counts.get(code, 0) for code in reference.outlines()}
    lows = thresholds(drawn.values())
    names = reference.departments()
    return [
        Area(code, names[code].name, number, shade(number, lows), reference.outlines()[code], urls.get(code, ""))
        for code, number in drawn.items()
    ]


@cache
def frame_of(department: str) -> tuple[float, float, float, float]:
    """The box that holds a département, with a margin, wider rather than narrow: x, y, width, height."""
    points = list(_points(reference.outlines()[department]))
    left, right = min(x for x, _y in points), max(x for x, _y in points)
    top, bottom = min(y for _x, y in points), max(y for _x, y in points)
    margin = max(right - left, bottom - top) * MARGIN
    width, height = right - left + 2 * margin, bottom - top + 2 * margin
    wide = max(width, height * 1.25)
    return (round(left - margin - (wide - width) / 2, 2), round(top - margin, 2), round(wide, 2), round(height, 2))


def _points(path: str) -> Iterable[tuple[float, float]]:
    """The points of an outline made of « M x y l dx dy … z »."""
    x = y = 0.0
    for command, rest in re.findall(r"([Mlz])([^Mlz]*)", path):
        numbers = [float(number) for number in NUMBER.findall(rest)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = (dx, dy) if command == "M" else (x + dx, y + dy)
            yield x, y


def discs(
    department: str, towns: Iterable[tuple[str, str, int]], urls: Mapping[str, str]
) -> tuple[list[Disc], set[str]]:
    """The communes that can be placed, biggest first so that small ones stay above; and the keys that were placed."""
    box = frame_of(department)
    places = [(key, name, number, point) for key, name, number in towns if (point := _place(department, name))]
    drawn = places[:TOWNS_DRAWN]
    most = max([SMALL, *(number for _key, _name, number, _point in drawn)])
    sizes = [max(box[2] * BIGGEST * sqrt(number / most), box[2] * 0.006) for _key, _name, number, _point in drawn]
    names: list[Box] = []
    around = [_around(point, size) for (_key, _name, _number, point), size in zip(drawn, sizes, strict=True)]
    found = []
    for rank, ((key, name, number, point), size) in enumerate(zip(drawn, sizes, strict=True)):
        side, name_at = "", 0.0
        if rank < 2 * TOWNS_NAMED:
            side, name_at = _beside(point, name, size, box, around, names) or _across(
                point, name, size, box, around[:rank], names
            )
        x, y = round(point[0], 2), round(point[1], 2)
        found.append(Disc(name, number, x, y, round(size, 2), urls[key], side, name_at))
    return found, {place[0] for place in places}


def _around(point: tuple[float, float], size: float) -> Box:
    """The middle of a disc, over which no name is written."""
    half = size * 0.7
    return (point[0] - half, point[1] - half, point[0] + half, point[1] + half)


def _beside(
    point: tuple[float, float], name: str, radius: float, box: Box, around: list[Box], names: list[Box]
) -> tuple[str, float] | None:
    """Where a name can be written beside its disc without covering a disc or a name or leaving the drawing; it is then taken."""
    letter = box[2] * LETTER
    length, gap = letter * WIDE * len(name), radius + letter * 0.35
    for side, left in (("start", point[0] + gap), ("end", point[0] - gap - length)):
        if _free(space := _line(left, point[1], length, letter), box, around + names):
            names.append(space)
            return side, round(left if side == "start" else left + length, 2)
    return None


def _across(
    point: tuple[float, float], name: str, radius: float, box: Box, bigger: list[Box], names: list[Box]
) -> tuple[str, float]:
    """Else a big disc bears its name across it, over smaller ones: a town among its suburbs is named before them."""
    letter = box[2] * LETTER
    length = letter * WIDE * len(name)
    space = _line(point[0] - length / 2, point[1], length, letter)
    if radius < letter or not _free(space, box, bigger + names):
        return "", 0.0
    names.append(space)
    return "middle", round(point[0], 2)


def _line(left: float, middle: float, length: float, letter: float) -> Box:
    return (left, middle - letter * 0.6, left + length, middle + letter * 0.6)


def _free(space: Box, box: Box, taken: list[Box]) -> bool:
    inside = space[0] > box[0] and space[2] < box[0] + box[2]
    return inside and not any(_meet(space, other) for other in taken)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _place(department: str, name: str) -> tuple[float, float] | None:
    """Where a commune stands; None when its name or its place is not known."""
    found = next(iter(reference.communes_named(name, department)), None) if name else None
    if found is None or found.latitude is None or found.longitude is None:
        return None
    return reference.project(found.latitude, found.longitude, department)
