"""Small lines of how a figure moved, drawn by the server: points of an SVG, with words for who does not see it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 160, 36, 3
MOST = 60


@dataclass(frozen=True, slots=True)
class Line:
    """The points of a line and of the surface beneath it; its last point; the first and last days. Empty with fewer than two days."""

    points: str = ""
    surface: str = ""
    last: tuple[str, str] = ("0", "0")
    since: dt.date | None = None
    first: float = 0.0
    final: float = 0.0


def drawn(values: Sequence[tuple[dt.date, float]]) -> Line:
    """The line of these days, the oldest first; the scale is that of the values, and a flat line is drawn in the middle."""
    if len(values) < 2:
        return Line()
    begin, end = values[0][0], values[-1][0]
    step = max(1, len(values) // MOST)
    kept = [value for place, value in enumerate(values) if place % step == 0 or place == len(values) - 1]
    low, high = min(value for _day, value in kept), max(value for _day, value in kept)
    across, up = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    places = []
    for day, value in kept:
        x = MARGIN + across * (day - begin).days / max(1, (end - begin).days)
        y = HEIGHT / 2 if high == low else HEIGHT - MARGIN - up * (value - low) / (high - low)
        places.append((f"{x:.1f}", f"{y:.1f}"))
    points = " ".join(f"{x},{y}" for x, y in places)
    surface = f"{places[0][0]},{HEIGHT} {points} {places[-1][0]},{HEIGHT}"
    return Line(points, surface, places[-1], begin, values[0][1], values[-1][1])
