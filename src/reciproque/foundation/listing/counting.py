"""How many rows, without counting a big table: exactly up to ten thousand, beyond it what the planner expects."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

EXACT_UP_TO = 10_000
HOPELESS = 12_000  # expected rows from which nothing is counted


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


def count(rows: QuerySet[Any]) -> Count:
    """Count the rows, unless the planner expects far too many. The condition is the plain one, without probes."""
    expected = estimate(rows)
    if expected > HOPELESS:
        return Count(expected, exact=False)
    found = rows.order_by().values("pk")[: EXACT_UP_TO + 1].count()
    if found <= EXACT_UP_TO:
        return Count(found, exact=True)
    return Count(max(expected, found), exact=False)


def estimate(queryset: QuerySet[Any]) -> int:
    """How many rows the planner expects."""
    plan = queryset.order_by().values("pk").explain(format="JSON")
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0  # a condition that nothing meets has no plan
