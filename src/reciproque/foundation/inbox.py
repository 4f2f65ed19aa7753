"""What waits for somebody: each module offers its kinds of things to do, the home page puts them in one list."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reciproque.foundation.database.kept import Kept

SHOWN = 5
COUNTED = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do. `key` is `<provider>:<number>`; `why` tells the reader why it is here; `url` is where it is done."""

    key: str
    title: str
    why: str
    url: str
    action: str
    icon: str
    due: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """How many things wait (counted up to COUNTED), the first SHOWN of them, and where all of them are listed."""

    count: int
    items: list[Item]
    url: str = ""


def found(
    question: Kept[Any, Any], draw: Callable[[Any], Item], actor: Any, *shape: Any, url: str = "", **given: Any
) -> Found:
    """What a kept question (actor, how many at most, …) tells: the first ones drawn, all of them counted. One query."""
    rows, count = question.opening(SHOWN, actor, COUNTED, *shape, **given)
    return Found(count, [draw(row) for row in rows], url)


@dataclass(frozen=True, slots=True)
class Provider:
    """A kind of things to do. `reason` says to people why they see it.

    `load(actor, hidden)` leaves out the numbers put off or done, in a constant number of queries.
    """

    key: str
    label: Any
    order: int
    load: Callable[[Any, frozenset[int]], Found]
    reason: Any = ""


PROVIDERS: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    """Add a kind of things to do. Called when the application of the module is ready."""
    PROVIDERS[provider.key] = provider


def parts(key: str) -> tuple[str, int] | None:
    """`("people_to_inform", 12)` of « people_to_inform:12 »; None for what is not the key of a known provider."""
    name, _colon, number = key.partition(":")
    return (name, int(number)) if name in PROVIDERS and number.isdecimal() and len(number) < 19 else None
