"""The state of a list, whole in its address: what is sought, filters, order, columns, density, place. So it can be mailed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from reciproque.foundation.listing.columns import Catalogue, Sort
from reciproque.foundation.listing.filters import WITHOUT_VALUE, Filter, Refused

PREFIX = "f."
OPERATOR = ".op"
TYPED = "_texte"
"""What follows the name of a field of things ticked in that of the text typed to find others."""
DENSITIES = ("compacte", "aeree")
MOST_FILTERS = 20
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Applied:
    """A filter in force."""

    filter: Filter
    operator: str
    values: tuple[str, ...]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Its part of an address."""
        name = f"{PREFIX}{self.filter.key}"
        pairs = [(name, value) for value in self.values]
        if self.operator != self.filter.allowed[0] or not pairs:
            pairs.insert(0, (f"{name}{OPERATOR}", self.operator))
        return pairs


@dataclass(frozen=True, slots=True)
class State:
    """What a list shows and how."""

    catalogue: Catalogue
    text: str = ""
    filters: tuple[Applied, ...] = ()
    order: str = ""
    columns: tuple[str, ...] = ()
    density: str = DENSITIES[0]
    after: str = ""
    before: str = ""
    view: int | None = None
    refused: tuple[Any, ...] = ()

    @property
    def order_key(self) -> str:
        """The key of the order, without its direction."""
        return self.order.removeprefix("-")

    @property
    def descending(self) -> bool:
        """Whether the order is reversed."""
        return self.order.startswith("-")

    @property
    def sort(self) -> Sort:
        """The order in force."""
        return self.catalogue.sorts[self.order_key][1]

    def filter_on(self, key: str) -> Applied | None:
        """The filter in force on that key."""
        return next((one for one in self.filters if one.filter.key == key), None)

    def having(self, **changes: Any) -> "State":
        """The same list, changed; on its first page."""
        return replace(self, **{"after": "", "before": "", **changes})

    def at_view(self, view: int | None) -> "State":
        """The same list, on the same page, under the name of a view or of none."""
        return replace(self, view=view)

    def at_place(self, other: "State") -> "State":
        """The same list, on the page of another state."""
        return replace(self, after=other.after, before=other.before)

    def without(self, key: str) -> "State":
        """The same list without its filter on that key."""
        return self.having(filters=tuple(one for one in self.filters if one.filter.key != key))

    def with_filter(self, key: str, operator: str, values: Iterable[str]) -> "State":
        """The same list with that filter in place of the one on the same key."""
        one = self.catalogue.filter_by_key[key]
        applied = Applied(one, operator, one.read(operator, tuple(values)))
        return self.having(filters=(*self.without(key).filters, applied))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What makes the list: what a view keeps. The order is always said, so that an address never means another view."""
        pairs = [("q", self.text)] if self.text else []
        for one in self.filters:
            pairs += one.pairs
        pairs.append(("tri", self.order))
        if self.columns != self.catalogue.default:
            pairs.append(("colonnes", ",".join(self.columns)))
        if self.density != DENSITIES[0]:
            pairs.append(("densite", self.density))
        return pairs

    @property
    def kept(self) -> str:
        """The query that a saved view keeps."""
        return urlencode(self.pairs)

    @property
    def query(self) -> str:
        """The whole query: the list, its view, its page. Short when nothing was chosen."""
        view = [("vue", str(self.view))] if self.view else []
        place = [("apres", self.after)] if self.after else [("avant", self.before)] if self.before else []
        pairs = self.pairs
        if not view and pairs == [("tri", self.catalogue.order)]:
            pairs = []
        return urlencode([*view, *pairs, *place])


def is_explicit(query: QueryDict) -> bool:
    """Whether an address says the list itself, rather than only the name of a view."""
    return any(name in ("q", "tri", "colonnes", "densite", "choix") or name.startswith(PREFIX) for name in query)


def read(query: QueryDict, catalogue: Catalogue) -> State:
    """The state told by an address. What is not understood is left out; filters left out are named in `refused`."""
    filters, refused = _filters(query, catalogue)
    order = query.get("tri", "")
    if order.removeprefix("-") not in catalogue.sorts:
        order = catalogue.order
    named = query.getlist("colonne") if "choix" in query else query.get("colonnes", "").split(",")
    asked = [key for key in named if key in catalogue.by_key]
    view = query.get("vue", "")
    return State(
        catalogue,
        text=_text(query.get("q", "")),
        filters=tuple(filters[:MOST_FILTERS]),
        order=order,
        columns=_columns(asked, catalogue, chosen="choix" in query),
        density=query.get("densite", "") if query.get("densite") in DENSITIES else DENSITIES[0],
        after=query.get("apres", ""),
        before="" if query.get("apres") else query.get("avant", ""),
        view=int(view) if view.isascii() and view.isdecimal() and len(view) < 19 else None,
        refused=tuple(refused),
    )


def read_kept(kept: str, catalogue: Catalogue, view: int) -> State:
    """The state that a saved view keeps."""
    return replace(read(QueryDict(kept), catalogue), view=view)


def _text(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())[:LONGEST_TEXT]


def _columns(asked: Iterable[str], catalogue: Catalogue, *, chosen: bool) -> tuple[str, ...]:
    """The heading first, always; then the columns asked for, in their order."""
    heading = tuple(column.key for column in catalogue.columns if column.heading)
    others = tuple(dict.fromkeys(key for key in asked if key not in heading))
    return (*heading, *others) if chosen or list(asked) else catalogue.default


def _filters(query: QueryDict, catalogue: Catalogue) -> tuple[list[Applied], list[Any]]:
    found: list[Applied] = []
    refused: list[Any] = []
    for key, operator, values in _asked(query):
        one = catalogue.filter_by_key.get(key)
        if one is None or not (values or operator in WITHOUT_VALUE):
            continue
        try:
            operator = operator or one.allowed[0]  # noqa: PLW2901
            found.append(Applied(one, operator, one.read(operator, values)))
        except Refused:
            refused.append(one.label)
    return found, refused


def _asked(query: QueryDict) -> Iterable[tuple[str, str, list[str]]]:
    names: Mapping[str, None] = dict.fromkeys(
        name.removeprefix(PREFIX).removesuffix(OPERATOR).removesuffix(TYPED)
        for name in query
        if name.startswith(PREFIX)
    )
    for key in names:
        told = (*query.getlist(f"{PREFIX}{key}"), *query.getlist(f"{PREFIX}{key}{TYPED}"))
        values = [value for value in told if value.strip()]
        yield key, query.get(f"{PREFIX}{key}{OPERATOR}", ""), values
