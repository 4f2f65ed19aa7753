"""Facts about a partner that modules announce to its timeline, without the timeline knowing them: imports, merges…"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

COLUMNS = ("teller", "number", "day", "words", "more", "who", "place", "hue")
"""What each row of a teller holds: its key, a number of its own, its day, two texts, who (text), the unit (text) and its colour."""


@dataclass(frozen=True, slots=True)
class Teller:
    """A kind of fact. `rows(actor, partner)` gives its COLUMNS (`.values`), filtered by rights; they are read together in one query.

    Its picture is the one of its key. `sentence(row)` tells one, `url(row)` says where it is seen ("" nowhere).
    """

    key: str
    label: Any
    rows: Callable[[Any, Any], Any]
    sentence: Callable[[Any], str]
    url: Callable[[Any], str]


TELLERS: dict[str, Teller] = {}


def register(teller: Teller) -> None:
    """Add a kind of fact. Called when the application of the module is ready."""
    TELLERS[teller.key] = teller
