"""How many rows, without counting a big table: exactly up to ten thousand when it is quick, else what the planner expects."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

EXACT_UP_TO = 10_000
HOPELESS = 12_000  # expected rows from which nothing is counted
COSTLY = 12_000  # cost expected, in the planner's unit, from which nothing is counted: some 40 ms


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows, exact or about."""

    number: int
    exact: bool

    def __str__(self) -> str:
        """« 3 412 », « environ 120 000 », « environ 1,2 million »."""
        if self.exact:
            return number_format(self.number, use_l10n=True, force_grouping=True)
        if self.number >= 1_000_000:
            millions = number_format(round(self.number / 1_000_000, 1), decimal_pos=1)
            unit = _("million") if self.number < 2_000_000 else _("millions")
            return _("environ %(number)s %(unit)s") % {"number": millions, "unit": unit}
        rounded = round(self.number, 1 - len(str(self.number)) + 1)
        return _("environ %(number)s") % {"number": number_format(rounded, force_grouping=True)}


def count(rows: QuerySet[Any], *, hopeless: int = HOPELESS) -> Count:
    """Count the rows, unless the planner expects too many or too much work. The condition is the plain one, without probes."""
    expected, cost = _planned(rows)
    if expected > hopeless or (cost > COSTLY and expected):
        return Count(expected, exact=False)
    found = rows.order_by().values("pk")[: EXACT_UP_TO + 1].count()
    if found <= EXACT_UP_TO:
        return Count(found, exact=True)
    return Count(max(expected, found), exact=False)


def estimate(queryset: QuerySet[Any]) -> int:
    """How many rows the planner expects."""
    return _planned(queryset)[0]


def _planned(queryset: QuerySet[Any]) -> tuple[int, float]:
    """The rows that the planner expects, and what it thinks they cost to find."""
    found = queryset.order_by().values("pk").explain(format="JSON")
    plan = json.loads(found)[0]["Plan"] if found else {}  # a condition that nothing meets has no plan
    return int(plan.get("Plan Rows", 0)), float(plan.get("Total Cost", 0))
