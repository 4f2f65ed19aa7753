"""Pages by key: the last row of a page says where the next one begins. As quick at the end of a million rows as at the start."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThan

from reciproque.foundation.listing.columns import Sort
from reciproque.foundation.listing.narrowing import Stream


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in order, and the cursors of their neighbours; empty where there is none."""

    rows: list[Any]
    before: str
    after: str


def encode(values: Sequence[Any]) -> str:
    """A cursor: the place of one row in the order, opaque and short."""
    plain = [value.isoformat() if isinstance(value, (dt.datetime, dt.date)) else value for value in values]
    packed = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(cursor: str, model: type[models.Model], sort: Sort) -> list[Any] | None:
    """The values of a cursor, checked against the order; None when it is not one of ours."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(sort.fields):
            return None
        fields = [_field(model, name) for name in sort.fields]
        read = [None if value is None else field.to_python(value) for field, value in zip(fields, values, strict=True)]
    except (ValueError, TypeError, ValidationError):
        return None
    wrong = read[1:].count(None) or (read[0] is None and not sort.nullable)
    texts = [value for value in read if isinstance(value, str)]
    numbers = [value for value in read if isinstance(value, int)]
    if wrong or any("\0" in text for text in texts) or any(abs(number) >= 2**63 for number in numbers):
        return None
    return read


def page_of(
    queryset: QuerySet[Any],
    sort: Sort,
    *,
    descending: bool = False,
    after: str = "",
    before: str = "",
    size: int = 50,
    gathered: bool = False,
    stream: Stream | None = None,
    numbered: Callable[[list[int]], list[Any]] | None = None,
) -> Page:
    """The page that follows a cursor, or precedes one; the first page when the cursor is not ours.

    `gathered`: no index may serve the order, so that the rows are found first and sorted after. `stream` tells the rows in
    that very order, when there is one; `numbered` reads those that have these numbers, quicker than the queryset would.
    """
    backward = bool(before)
    place = decode(before or after, queryset.model, sort) if before or after else None
    if stream is not None:
        read = numbered or (lambda numbers: list(queryset.filter(pk__in=numbers)))
        rows = _streamed(read, stream, place, descending=descending != backward, size=size + 1)
    else:
        order = _Order(sort, descending != backward, gathered)
        rows = list(order.after(queryset, place)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backward and place is not None:
        if not more:
            again = {"gathered": gathered, "stream": stream, "numbered": numbered}
            return page_of(queryset, sort, descending=descending, size=size, **again)  # type: ignore[arg-type]
        rows.reverse()
    has_before, has_after = (place is not None, more) if not backward or place is None else (more, True)
    return Page(
        rows,
        _cursor(rows[0], sort) if rows and has_before else "",
        _cursor(rows[-1], sort) if rows and has_after else "",
    )


def first_page(rows: Sequence[Any], sort: Sort, size: int) -> Page:
    """The first page, out of its rows and the one that follows, if any."""
    shown = list(rows[:size])
    return Page(shown, "", _cursor(shown[-1], sort) if len(rows) > size else "")


def in_order(queryset: QuerySet[Any], sort: Sort, *, descending: bool) -> QuerySet[Any]:
    """The rows in that order, from its beginning."""
    return _Order(sort, descending, gathered=False).after(queryset, None)


def _streamed(
    read: Callable[[list[int]], list[Any]], stream: Stream, place: Sequence[Any] | None, *, descending: bool, size: int
) -> list[Any]:
    """The first rows of the stream that may be read."""
    rows: list[Any] = []
    enough = size + size // 4  # nearly all may be read
    for numbers in stream.after(place, descending=descending, size=size):
        for asked in (numbers[:enough], numbers[enough:]):
            found = {row.pk: row for row in read(asked)} if asked else {}
            rows += [found[number] for number in asked if number in found]
            if len(rows) >= size:
                return rows[:size]
    return rows


@dataclass(frozen=True, slots=True)
class _Order:
    """The fields of an order, in one direction."""

    sort: Sort
    descending: bool
    gathered: bool

    def after(self, queryset: QuerySet[Any], place: list[Any] | None) -> QuerySet[Any]:
        """The rows in order, from a place on."""
        if place is not None:
            queryset = queryset.filter(self._beyond(place))
        keys = [self._key(name) for name in self.sort.fields]
        return queryset.order_by(*(key.desc() if self.descending else key.asc() for key in keys))

    def _key(self, name: str) -> Any:
        """COALESCE(x, x) is x, but no index says so."""
        return Coalesce(F(name), F(name)) if self.gathered else F(name)

    def _beyond(self, place: Sequence[Any]) -> Q:
        """The rows after that place. NULL is the greatest value, as PostgreSQL sorts it."""
        first, *rest = self.sort.fields
        if not self.sort.nullable:
            return Q(self._compared(self.sort.fields, place))
        if place[0] is None:
            same = Q(**{f"{first}__isnull": True}) & Q(self._compared(rest, place[1:]))
            return same | Q(**{f"{first}__isnull": False}) if self.descending else same
        further = Q(self._compared(self.sort.fields, place))
        return further if self.descending else further | Q(**{f"{first}__isnull": True})

    def _compared(self, names: Sequence[str], place: Sequence[Any]) -> models.Lookup[bool]:
        """(a, b, id) > (…): one comparison of rows, which an index on these fields serves whole."""
        kind = models.TextField()
        left = Func(*[self._key(name) for name in names], function="ROW", output_field=kind)
        right = Func(*[_Bare(value) for value in place], function="ROW", output_field=kind)
        return (LessThan if self.descending else GreaterThan)(left, right)


class _Bare(Value):
    """A value that takes its type from what it is compared with."""


def _cursor(row: Any, sort: Sort) -> str:
    return encode([getattr(row, _field(type(row), name).attname) for name in sort.fields])


def _field(model: type[models.Model], name: str) -> Any:
    meta = model._meta  # noqa: SLF001 -- Django's own introspection
    return meta.pk if name == "pk" else meta.get_field(name)
