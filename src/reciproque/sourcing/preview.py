"""What thresholds would do today: pairs in each zone, what to expect of them, a histogram, and pairs on both sides of each."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from reciproque.engines.zoning import Counts, Zones, expected
from reciproque.institution.access import Actor
from reciproque.sourcing import doubles, quality_lists
from reciproque.sourcing.models import Judgement, TrainedModel
from reciproque.sourcing.pipeline import likeness
from reciproque.sourcing.wording import percent, reason

BARS = 20
EXAMPLES = 10
# Pairs of a record kept to named people are not counted: the figures would tell of it.
COUNTED = """kind = 'partner' AND verdict IN ('open', 'later')
  AND low NOT IN (SELECT id FROM directory_partner WHERE sharing = 'restricted')
  AND high NOT IN (SELECT id FROM directory_partner WHERE sharing = 'restricted')"""
COUNT = """
SELECT count(*) FILTER (WHERE likelihood >= %(automatic)s AND withheld = ''),
  count(*) FILTER (WHERE likelihood IS NULL OR likelihood >= %(review)s AND NOT (likelihood >= %(automatic)s AND withheld = '')),
  count(*) FILTER (WHERE likelihood < %(review)s),
  count(*) FILTER (WHERE likelihood >= %(automatic)s AND withheld <> ''),
  coalesce(sum(likelihood) FILTER (WHERE likelihood >= %(automatic)s AND withheld = ''), 0),
  count(likelihood) FILTER (WHERE likelihood >= %(review)s),
  coalesce(sum(likelihood) FILTER (WHERE likelihood >= %(review)s), 0),
  count(likelihood), coalesce(sum(likelihood), 0), count(*) FILTER (WHERE likelihood IS NULL)
FROM sourcing_judgement WHERE {counted}
"""
SPREAD = """
SELECT least(floor(likelihood * %(bars)s)::int, %(bars)s - 1) AS bar, count(*), count(*) FILTER (WHERE withheld <> '')
FROM sourcing_judgement WHERE {counted} AND likelihood IS NOT NULL GROUP BY 1 ORDER BY 1
"""
WHY = """
SELECT withheld, count(*) FROM sourcing_judgement WHERE {counted} AND withheld <> ''
  AND likelihood >= %(automatic)s GROUP BY 1 ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the page shows. `alone`, `shown` are (precision, recall) in shares of 100 announced by the calibration."""

    zones: Zones
    counts: Counts
    unweighed: int
    alone: tuple[str, str] | None
    shown: tuple[str, str] | None
    learnt: tuple[str, str] | None
    withheld: list[tuple[str, int]]
    bars: list[dict[str, Any]]
    marks: list[dict[str, Any]]
    above_automatic: list[dict[str, Any]]
    below_automatic: list[dict[str, Any]]
    above_review: list[dict[str, Any]]
    below_review: list[dict[str, Any]]


def preview(actor: Actor, zones: Zones) -> Preview:
    """What these thresholds would do with the pairs of today. A constant number of statements; examples are those one may see."""
    values = {"automatic": zones.automatic, "review": zones.review, "bars": BARS}
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(counted=COUNTED), values)
        automatic, review, dropped, withheld, alone_sum, shown_count, shown_sum, known, known_sum, unweighed = (
            cursor.fetchone()
        )
        cursor.execute(SPREAD.format(counted=COUNTED), values)
        spread = {bar: (number, kept) for bar, number, kept in cursor.fetchall()}
        cursor.execute(WHY.format(counted=COUNTED), values)
        reasons = [(str(Judgement.Withheld(code).label), number) for code, number in cursor.fetchall()]
    whole = (known, known_sum)
    examples = _examples(actor, zones)
    return Preview(
        zones, Counts(automatic, review, dropped, withheld), unweighed, _said(expected((automatic, alone_sum), whole)),
        _said(expected((shown_count, shown_sum), whole)), _learnt(zones), reasons, _bars(spread, zones), _marks(zones), *examples,
    )  # fmt: skip


def _said(shares: tuple[float, float] | None) -> tuple[str, str] | None:
    return (percent(shares[0]), percent(shares[1])) if shares else None


def _learnt(zones: Zones) -> tuple[str, str] | None:
    """What the model in service showed at that threshold on pairs it had not learnt, when its report says it."""
    model = TrainedModel.objects.filter(code=likeness.in_service(), state=TrainedModel.State.ADOPTED).first()
    curve = (model.report.get("new") or {}).get("curve") if model else None
    if not curve:
        return None
    for threshold, precision, recall in curve:
        if threshold >= zones.automatic:
            return percent(precision), percent(recall)
    return None


WIDTH, HEIGHT, FOOT = 640, 150, 24


def _bars(spread: dict[int, tuple[int, int]], zones: Zones) -> list[dict[str, Any]]:
    """The bars of the histogram, in the colour of the zone that their middle falls in; heights on the scale of square roots."""
    most = max((number for number, _kept in spread.values()), default=1)
    width, found = WIDTH / BARS, []
    for place in range(BARS):
        number, kept = spread.get(place, (0, 0))
        rise = (HEIGHT - 12) * (number / most) ** 0.5 if number else 0
        low, high = place / BARS, (place + 1) / BARS
        zone = "automatic" if high > zones.automatic else "dropped" if (low + high) / 2 < zones.review else "review"
        found.append({
            "x": f"{place * width + 1:.1f}", "y": f"{HEIGHT - rise:.1f}", "width": f"{width - 2:.1f}", "height": f"{rise:.1f}",
            "number": number, "withheld": kept, "zone": zone, "from": round(100 * low), "to": round(100 * high),
            "text_x": f"{(place + 0.5) * width:.1f}", "text_y": f"{HEIGHT - rise - 4:.1f}",
        })  # fmt: skip
    return found


def _marks(zones: Zones) -> list[dict[str, Any]]:
    return [
        {"x": f"{WIDTH * value:.1f}", "value": percent(value), "name": name, "end": value > 0.5}
        for name, value in (("review", zones.review), ("automatic", zones.automatic))
    ]


def _examples(actor: Actor, zones: Zones) -> list[list[dict[str, Any]]]:
    rows = doubles.waiting(actor, doubles.Filters(state="unjudged")).filter(likelihood__isnull=False).order_by()
    above, below = (
        Q(likelihood__gte=zones.automatic, withheld=""),
        Q(likelihood__lt=zones.automatic, likelihood__gte=zones.review),
    )
    some = [
        list(rows.filter(above).order_by("likelihood", "pk")[:EXAMPLES]),
        list(rows.filter(below).order_by("-likelihood", "pk")[:EXAMPLES]),
        list(rows.filter(likelihood__gte=zones.review).order_by("likelihood", "pk")[:EXAMPLES]),
        list(rows.filter(likelihood__lt=zones.review).order_by("-likelihood", "pk")[:EXAMPLES]),
    ]
    names = quality_lists.named(actor, {pk for pairs in some for one in pairs for pk in (one.low, one.high)})
    return [[_example(one, names) for one in pairs] for pairs in some]


def _example(pair: Judgement, names: dict[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "pair": pair, "one": names.get(pair.low), "other": names.get(pair.high), "likely": percent(pair.likelihood or 0),
        "reasons": [reason(code) for code in doubles.spoken(pair.reasons)],
    }  # fmt: skip
