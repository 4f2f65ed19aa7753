"""Conditions told by another table (ties, search): two ways of writing them, because the database cannot guess the better.

Few rows: their numbers are read first, and the list is among them. Many: the list is walked in its own order, and each row
asks the other table, which ends as soon as a page is full. Left to itself the planner may sort half the table for fifty rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models
from django.db.models import Q, QuerySet

FEW = 3_000


class Stream(Protocol):
    """Another table that holds the numbers of the rows in an order of the list, and what narrows it: read there, page by page."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the order that it follows."""

    def after(self, place: Sequence[Any] | None, *, descending: bool, size: int) -> Iterator[list[int]]:
        """The numbers of the rows beyond a place, in order, by chunks that grow; `size` is how many are hoped for."""

    @property
    def exact(self) -> bool:
        """Whether all that `some` tells answers the condition, or may."""

    def some(self, most: int) -> tuple[Sequence[int], bool] | None:
        """The numbers of so many rows, and whether they are all; None when it would not be quick."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A condition on the rows of a list. `rows` is how to read them, `plain` what to show the planner for an estimate.

    `few` holds the numbers of the rows when they are few and known. `gathered` asks that the rows be found first and sorted
    after: without it the planner may walk the order, hoping for matches that all stand at the other end. `stream` reads the
    rows in an order of the list from where they are told, as long as nothing else narrows them.
    """

    rows: Q
    plain: Q
    few: frozenset[int] | None = None
    gathered: bool = False
    stream: Stream | None = None

    @classmethod
    def of(cls, condition: Q) -> "Narrowing":
        """A condition on the table itself."""
        return cls(condition, condition)

    def __and__(self, other: "Narrowing") -> "Narrowing":
        return Narrowing(self.rows & other.rows, self.plain & other.plain, gathered=self.gathered or other.gathered)

    def __invert__(self) -> "Narrowing":
        return Narrowing(~self.rows, ~self.plain)


EVERYTHING = Narrowing.of(Q())


class Probed(models.expressions.Subquery):
    """EXISTS with an OFFSET, which keeps the planner from pulling it up into a join."""

    template = "EXISTS(%(subquery)s OFFSET 0)"
    output_field = models.BooleanField()
    conditional = True


def named(ids: Iterable[int]) -> Narrowing:
    """These rows."""
    few = frozenset(ids)
    return Narrowing(Q(pk__in=few), Q(pk__in=few), few, gathered=True)


def among(links: QuerySet[Any], column: str, *, gathered: bool = False) -> Narrowing:
    """The rows whose number is in `column` of these links, written for whichever of the ways is quicker. One look-up.

    `gathered` when what the links hold goes with the order (words and names): the rows are found first.
    """
    found = list(links.order_by().values_list(column, flat=True)[: FEW + 1])
    if len(found) <= FEW:
        return named(found)
    plain = Q(pk__in=links.order_by().values(column))
    if gathered:
        return Narrowing(plain, plain, gathered=True)
    probe = links.order_by().filter(**{column: models.OuterRef("pk")}).values("pk")
    return Narrowing(Q(Probed(probe)), plain)
