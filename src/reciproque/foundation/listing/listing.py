"""A list asked for by somebody: the rows they may see, narrowed, in order, page by page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_
from typing import Any

from django.db.models import QuerySet

from reciproque.foundation.listing.columns import Column
from reciproque.foundation.listing.counting import COUNTED, Count, count, estimate
from reciproque.foundation.listing.narrowing import EVERYTHING, FEW, Narrowing, Stream
from reciproque.foundation.listing.paging import Page, first_page, page_of
from reciproque.foundation.listing.state import State

SIZE = 50
CHUNK = 2_000
SOME = COUNTED + COUNTED // 10  # nearly all may be read

Search = Callable[[str], Narrowing]


@dataclass(frozen=True, slots=True)
class Told:
    """The questions that a list asks at every opening, ready spelt.

    `numbered` gives the rows that have these numbers, `first` the first ones in an order (its key, downwards or not, how many);
    both among those that are always asked for.
    """

    numbered: Callable[[list[int]], list[Any]]
    first: Callable[[str, bool, int], list[Any]]


@dataclass
class Listing:
    """`base` is what the actor may see (start from a policy); `search` how a text narrows it.

    `together` tells several conditions as one, where an index knows them all: few rows by their numbers, or a stream.
    """

    state: State
    actor: Any
    base: QuerySet[Any]
    search: Search
    always: Narrowing = EVERYTHING
    size: int = SIZE
    told: "Told | None" = None
    together: "Callable[[Listing], Narrowing | None] | None" = None

    @cached_property
    def asked(self) -> list[Narrowing]:
        """What the text and each filter ask."""
        text = [self.search(self.state.text)] if self.state.text else []
        return text + [one.filter.narrow(one.operator, one.values, self) for one in self.state.filters]

    @cached_property
    def as_one(self) -> Narrowing | None:
        """Several conditions told together, in the order asked for or few; None when there is one, or when nothing tells them so."""
        several = len(self.state.filters) + bool(self.state.text) > 1
        found = self.together(self) if several and self.together else None
        if found is None or found.few is not None:
            return found
        return found if found.stream and found.stream.fields == self.state.sort.fields else None

    @cached_property
    def narrowing(self) -> Narrowing:
        """Everything that the state asks, with what is always asked."""
        few = self.as_one is not None and self.as_one.few is not None
        return self.always & self.as_one if few and self.as_one else self.conditions

    @cached_property
    def conditions(self) -> Narrowing:
        """The same, out of each condition by itself. What several conditions leave few of is found first."""
        found = reduce(and_, self.asked, self.always)
        if len(self.asked) > 1 and estimate(self.base.filter(found.plain)) <= FEW:
            return Narrowing(found.plain, found.plain, gathered=True)
        return found

    @property
    def stream(self) -> Stream | None:
        """The rows told in the order asked for by the one thing that narrows them, when it can."""
        if self.as_one is not None:
            return self.as_one.stream
        found = self.asked[0].stream if len(self.asked) == 1 else None
        return found if found and found.fields == self.state.sort.fields else None

    @property
    def rows(self) -> QuerySet[Any]:
        """All the rows, unordered."""
        return self.base.filter(self.narrowing.rows)

    @property
    def _told(self) -> QuerySet[Any]:
        """What the rows of a page are read from: a stream has narrowed them already."""
        return self.base.filter(self.always.rows) if self.stream else self.rows

    @cached_property
    def page(self) -> Page:
        """The rows of the page asked for."""
        state = self.state
        if self.told is not None and not (state.text or state.filters or state.after or state.before):
            return first_page(self.told.first(state.order_key, state.descending, self.size + 1), state.sort, self.size)
        return page_of(
            self._told,
            state.sort,
            descending=state.descending,
            after=state.after,
            before=state.before,
            size=self.size,
            gathered=self.stream is None and self.narrowing.gathered,
            stream=self.stream,
            numbered=self.told.numbered if self.told else None,
        )

    @cached_property
    def extra(self) -> Any:
        """What the cells of the page need besides its rows."""
        return self.state.catalogue.load(self.actor, self.page.rows)

    @cached_property
    def count(self) -> Count:
        """How many rows that may be read, on all pages; more than a thousand, when there are too many to be counted one by one.

        A first page that has no next one says it by itself.
        """
        if not (self.state.after or self.state.before or self.page.after):
            return Count(len(self.page.rows), exact=True)
        one = self.as_one or (self.asked[0] if len(self.asked) == 1 else EVERYTHING)
        if one.stream and (found := self._among(one.stream)):
            return found
        dear = self.stream is not None or (self.narrowing.gathered and self.narrowing.few is None)
        return count(self.base.filter(self.narrowing.plain), seen=len(self.page.rows), far=not dear)

    def _among(self, stream: Stream) -> Count | None:
        """Those of a stream that may be read, whatever else it holds: exactly up to a thousand."""
        asked, among = SOME, self.always.rows if stream.exact else self.narrowing.plain
        while (some := stream.some(asked)) is not None:
            numbers, all_of_them = some
            found = self.base.filter(among, pk__among=numbers).order_by()[: COUNTED + 1].count()
            if all_of_them or found > COUNTED:
                return Count(min(found, COUNTED), exact=found <= COUNTED)
            asked *= 4
        return None

    @cached_property
    def counted(self) -> int:
        """All the rows, exactly, however long it takes."""
        return self.base.filter(self.narrowing.plain).order_by().count()

    @property
    def columns(self) -> list[Column]:
        """The columns shown, in their order."""
        return [self.state.catalogue.by_key[key] for key in self.state.columns]

    def cells(self) -> Iterator[tuple[Any, list[tuple[Column, Any]]]]:
        """Each row of the page with what its cells show."""
        columns, extra = self.columns, self.extra
        for row in self.page.rows:
            yield row, [(column, column.show(row, extra)) for column in columns]

    def everything(self) -> Iterator[list[Any]]:
        """All the rows as plain values of the columns shown, read by chunks: memory does not grow with the list."""
        columns, place = self.columns, ""
        while True:
            page = page_of(
                self._told,
                self.state.sort,
                descending=self.state.descending,
                after=place,
                size=CHUNK,
                stream=self.stream,
            )
            extra = self.state.catalogue.load(self.actor, page.rows)
            for row in page.rows:
                yield [column.plain(row, extra) for column in columns]
            if not page.after:
                return
            place = page.after

    def ids(self, most: int) -> list[int]:
        """The numbers of the rows, at most so many."""
        return list(self.rows.order_by().values_list("pk", flat=True)[:most])
