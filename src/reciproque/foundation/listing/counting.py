"""How many rows, without counting a big table: exactly up to ten thousand when it is quick, else « plus de » what was counted.

Only rows that the reader may see are counted, one by one: an estimate, of the planner or of an index, would tell of the others.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

EXACT_UP_TO = 10_000
COUNTED = 1_000  # counted up to here when going further would be long
COSTLY = 12_000  # cost expected, in the planner's unit, from which nothing is counted: some 40 ms


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows; when it is not exact, there are more than `number`."""

    number: int
    exact: bool

    def __str__(self) -> str:
        """« 3 412 », « plus de 1 000 »."""
        number = number_format(self.number, use_l10n=True, force_grouping=True)
        return number if self.exact else _("plus de %(number)s") % {"number": number}


def count(rows: QuerySet[Any], *, seen: int = 0, far: bool = True) -> Count:
    """Count the rows as far as is quick; more than were `seen` when even a thousand would be too much work.

    The condition is the plain one, without probes. Not `far`: up to a thousand, where each row is dear to find.
    """
    plan = _planned(rows)
    for most in (EXACT_UP_TO, COUNTED) if far else (COUNTED,):
        if plan.cost_of(most + 1) <= COSTLY:
            found = rows.order_by().values("pk")[: most + 1].count()
            return Count(found, exact=True) if found <= most else Count(most, exact=False)
    return Count(seen, exact=False)


def estimate(queryset: QuerySet[Any]) -> int:
    """How many rows the planner expects: to choose a way of reading, never to be shown."""
    return _planned(queryset).rows


@dataclass(frozen=True, slots=True)
class _Plan:
    """The rows that the planner expects, and what it thinks they cost to find: the first one, and all."""

    rows: int
    first: float
    all: float

    def cost_of(self, rows: int) -> float:
        """What so many of them cost."""
        return self.first + (self.all - self.first) * min(1.0, rows / max(1, self.rows))


def _planned(queryset: QuerySet[Any]) -> _Plan:
    found = queryset.order_by().values("pk").explain(format="JSON")
    plan = json.loads(found)[0]["Plan"] if found else {}  # a condition that nothing meets has no plan
    return _Plan(plan.get("Plan Rows", 0), plan.get("Startup Cost", 0.0), plan.get("Total Cost", 0.0))
