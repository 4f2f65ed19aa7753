"""Several conditions on partners answered together by the index on disk, in the order of names: a page costs a page.

Where the index knows every filter that is asked, with or without words. Otherwise, and in other orders, the database answers.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from reciproque.directory import reference
from reciproque.directory.listing import options
from reciproque.directory.search import swift
from reciproque.directory.search.restricting import LITTLE
from reciproque.directory.search.streams import Indexed
from reciproque.directory.search.words import understand
from reciproque.engines.identifiers import fold
from reciproque.foundation.listing.counting import COUNTED
from reciproque.foundation.listing.narrowing import Narrowing, named
from reciproque.foundation.listing.state import Applied

LIVE = "live"
PLAIN = frozenset({"kind", "department", "naf", "headcount", "size", "legal", "sharing"})
Values = Sequence[str]


def together(listing: Any, units: Callable[[Sequence[int]], list[int]]) -> Narrowing | None:
    """All the conditions of a list as one, when the index knows them; None when it does not. `units` tells those below some."""
    asked: list[tuple[bool, list[str]]] = [(True, [LIVE])]
    for one in listing.state.filters:
        facets = _facets(one, listing, units)
        if facets is None:
            return None
        asked.append((one.operator == "est", facets))
    text = listing.state.text
    query = understand(text) if text else None
    standing = swift.holding(query, "partner") if query else swift.everything("partner")
    if standing is None or (query and standing.count < LITTLE):
        return None
    held = [number for _key, number in standing.held]
    if held:
        rows = listing.base.filter(pk__in=held).filter(listing.conditions.plain)
        held = list(rows.order_by().values_list("pk", flat=True))
    found = standing.narrowed(asked, held)
    if found.count <= COUNTED:
        return named(found.numbers())
    return Narrowing(listing.always.rows, listing.always.plain, stream=Indexed(found))


def _facets(one: Applied, listing: Any, units: Callable[[Sequence[int]], list[int]]) -> list[str] | None:
    """What the index calls the values of a filter; None when it does not know it."""
    key, values = one.filter.key, one.values
    if key == "city" and one.operator == "est":
        return _hexed("city", [fold(values[0])])
    if one.operator not in ("est", "pas"):
        return None
    if key in PLAIN:
        return [f"{key}:{value}" for value in values if " " not in value]
    if key == "tags":
        return _hexed("tags", values)
    if key == "unit":
        return [f"unit:{unit}" for unit in units(options.numbers(values, listing))]
    return _widened(key, set(values))


def _widened(key: str, values: set[str]) -> list[str] | None:
    """Régions are départements, sections and divisions are activities."""
    if key == "region":
        return [f"department:{code}" for code, one in reference.departments().items() if one.region in values]
    if key in ("section", "division"):
        return [f"naf:{code}" for code, one in reference.activities().items() if getattr(one, key) in values]
    return None


def _hexed(key: str, values: Iterable[str]) -> list[str]:
    return [f"{key}:{value.encode().hex()}" for value in values]
