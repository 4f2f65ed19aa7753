"""Parts that modules offer to a composed page (the partner's, the person's), without the page knowing them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Panel:
    """One part: where it stands, its title, the rows it needs, the template that draws it.

    `load(actor, record)` returns the template's context in a constant number of queries, or None to stay away.
    `column` is `side` (identity, left), `top` (above the tabs), `main` (tabs, centre; below 0 in `order`, before the record's own) or
    `aside` (right). The first tabs of a partner (below 0) are loaded only when asked for, and never stay away.
    """

    key: str
    label: Any
    column: str
    order: int
    template: str
    load: Callable[[Any, Any], Mapping[str, Any] | None]


PARTNER_PANELS: list[Panel] = []
PERSON_PANELS: list[Panel] = []
WHY: list[Callable[[str, Sequence[int]], str]] = []
"""(kind, numbers of records) → the address that says why they look like one, "" when nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Way:
    """Another way to create a record, offered beside the form."""

    label: Any
    url_name: str
    icon: str


PARTNER_WAYS: list[Way] = []
PEOPLE_DEEDS: list[Way] = []
"""What can be done with the people of a list, or with those ticked: a POST of `liste`, `ids`, `toutes` to the address. For contributors."""
