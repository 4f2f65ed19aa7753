"""Conditions told by another table (ties, search): two ways of writing them, because the database cannot guess the better.

Few rows: their numbers are read first, and the list is among them. Many: the list is walked in its own order, and each row
asks the other table, which ends as soon as a page is full. Left to itself the planner may sort half the table for fifty rows.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

FEW = 3_000


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A condition on the rows of a list. `rows` is how to read them, `plain` what to show the planner for an estimate."""

    rows: Q
    plain: Q

    @classmethod
    def of(cls, condition: Q) -> "Narrowing":
        """A condition on the table itself."""
        return cls(condition, condition)

    def __and__(self, other: "Narrowing") -> "Narrowing":
        return Narrowing(self.rows & other.rows, self.plain & other.plain)

    def __invert__(self) -> "Narrowing":
        return Narrowing(~self.rows, ~self.plain)


EVERYTHING = Narrowing.of(Q())


class _Probed(models.expressions.Subquery):
    """EXISTS with an OFFSET, which keeps the planner from pulling it up into a join."""

    template = "EXISTS(%(subquery)s OFFSET 0)"
    output_field = models.BooleanField()
    conditional = True


def among(links: QuerySet[Any], column: str) -> Narrowing:
    """The rows whose number is in `column` of these links, written for whichever of the two ways is quicker. One look-up."""
    found = list(links.order_by().values_list(column, flat=True)[: FEW + 1])
    if len(found) <= FEW:
        return Narrowing.of(Q(pk__in=set(found)))
    probe = links.order_by().filter(**{column: models.OuterRef("pk")}).values("pk")
    return Narrowing(Q(_Probed(probe)), Q(pk__in=links.order_by().values(column)))
