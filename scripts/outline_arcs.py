"""Simplify outlines by arcs, so that two neighbours keep exactly the same border."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

Point = tuple[float, float]
Ring = list[Point]
SMALLEST = 1.5  # islets of a smaller area, in square units of the map, are not drawn


def simplified(
    rings: dict[str, list[Ring]], project: Callable[[str, Point], Point], tolerance: float
) -> dict[str, str]:
    """Code → SVG path. `rings` holds closed outlines in degrees; neighbours must have the same points on their border."""
    junctions = _junctions(ring for several in rings.values() for ring in several)
    done: dict[tuple[Point, ...], list[Point]] = {}
    paths = {}
    for code, several in rings.items():
        drawn = []
        for ring in several:
            line: list[Point] = []
            for arc in _arcs(ring[:-1], junctions):
                way = min(arc, arc[::-1])
                key = tuple(way)
                if key not in done:
                    points = [project(code, point) for point in way]
                    done[key] = [(round(x, 1), round(y, 1)) for x, y in _peucker(points, tolerance)]
                part = done[key] if way == arc else done[key][::-1]
                line += part[1:] if line else part
            drawn.append(line)
        biggest = max(drawn, key=_area)
        kept = [line for line in drawn if line is biggest or _area(line) >= SMALLEST]
        paths[code] = "".join(_path(line) for line in kept)
    return paths


def _junctions(rings: Iterable[Ring]) -> set[Point]:
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for one, other in itertools.pairwise(ring):
            if one != other:
                neighbours[one].add(other)
                neighbours[other].add(one)
    return {point for point, around in neighbours.items() if len(around) != 2}


def _arcs(ring: Ring, junctions: set[Point]) -> list[list[Point]]:
    """The ring cut at junctions; an outline without any is cut at two of its points, always the same."""
    cuts = [index for index, point in enumerate(ring) if point in junctions]
    if len(cuts) < 2:
        start = cuts[0] if cuts else ring.index(min(ring))
        x, y = ring[start]
        far = max(range(len(ring)), key=lambda i: ((ring[i][0] - x) ** 2 + (ring[i][1] - y) ** 2, ring[i]))
        cuts = sorted({start, far})
    ring = ring[cuts[0] :] + ring[: cuts[0] + 1]
    cuts = [cut - cuts[0] for cut in cuts] + [len(ring) - 1]
    return [ring[one : other + 1] for one, other in itertools.pairwise(cuts)]


def _peucker(points: Sequence[Point], tolerance: float) -> list[Point]:
    kept = {0, len(points) - 1}
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        far = max(range(first + 1, last), key=lambda i: _distance(points[i], points[first], points[last]))
        if _distance(points[far], points[first], points[last]) > tolerance:
            kept.add(far)
            waiting += [(first, far), (far, last)]
    return [points[index] for index in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    across, up = end[0] - start[0], end[1] - start[1]
    length = across * across + up * up
    share = ((point[0] - start[0]) * across + (point[1] - start[1]) * up) / length if length else 0.0
    share = min(1.0, max(0.0, share))
    x, y = start[0] + share * across - point[0], start[1] + share * up - point[1]
    return float((x * x + y * y) ** 0.5)


def _area(line: Sequence[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(line))) / 2


def _path(line: Sequence[Point]) -> str:
    """Relative moves in tenths of a unit, rounded from absolute places so that nothing drifts."""
    at = [(round(x * 10), round(y * 10)) for x, y in line]
    text = f"M{_tenths(at[0][0])} {_tenths(at[0][1])}l"
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(at) if a != b]
    return text + " ".join(f"{_tenths(x)} {_tenths(y)}" for x, y in steps[:-1]) + "z"


def _tenths(value: int) -> str:
    sign, whole, rest = "-" if value < 0 else "", abs(value) // 10, abs(value) % 10
    return f"{sign}{whole or ''}.{rest}" if rest else f"{sign}{whole}"
