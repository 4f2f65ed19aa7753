"""What a list can show, sort by and filter on: declared once per kind of record, by the module that knows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reciproque.foundation.listing.filters import Filter

Cell = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Sort:
    """An order served by an index: the fields, all in the same direction, the last one unique.

    `nullable` when the first field may be NULL: those rows come last, and first when the order is reversed.
    """

    fields: tuple[str, ...]
    nullable: bool = False
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `cell(row, extra)` gives what is shown (text, or markup made safe), `plain(row, extra)` what is exported.

    `edits` names the field that may be changed in place; `heading` is the column that names the row.
    """

    key: str
    label: Any
    plain: Cell
    cell: Cell | None = None
    sort: Sort | None = None
    edits: str = ""
    look: str = ""
    shown: bool = False
    heading: bool = False

    def show(self, row: Any, extra: Any) -> Any:
        """What stands in the cell."""
        return self.cell(row, extra) if self.cell else self.plain(row, extra)


def nothing_more(_actor: Any, _rows: Sequence[Any]) -> Any:
    """For lists whose rows say everything."""
    return None


@dataclass(frozen=True)
class Catalogue:
    """A kind of list. `load(actor, rows)` reads, in a constant number of queries, what the cells need besides the rows."""

    page: str
    columns: Sequence[Column]
    filters: Sequence[Filter]
    order: str
    load: Callable[[Any, Sequence[Any]], Any] = nothing_more
    more_sorts: Mapping[str, tuple[Any, Sort]] = field(default_factory=dict)
    more_filters: list[Filter] = field(default_factory=list)

    def add(self, one: Filter) -> None:
        """A filter of a module above, which knows more of these records. Called when the application is ready."""
        self.more_filters.append(one)
        self.__dict__.pop("filter_by_key", None)

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """Key → column."""
        return {column.key: column for column in self.columns}

    @cached_property
    def default(self) -> tuple[str, ...]:
        """The columns shown when nobody chose."""
        return tuple(column.key for column in self.columns if column.shown)

    @cached_property
    def filter_by_key(self) -> dict[str, Filter]:
        """Key → filter."""
        return {one.key: one for one in (*self.filters, *self.more_filters)}

    @cached_property
    def sorts(self) -> dict[str, tuple[Any, Sort]]:
        """Key → label and order, for every column that sorts and the other orders."""
        own = {column.key: (column.label, column.sort) for column in self.columns if column.sort}
        return {**own, **self.more_sorts}
