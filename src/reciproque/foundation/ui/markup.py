"""HTML written from Python, quickly: a list holds thousands of small pieces, and Django's own helpers look for lazy texts in each.

Same promises as `django.utils.html`: what is not known to be safe is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape as _escape
from typing import Any

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

HUES = ("blue", "violet", "teal", "green", "orange", "red", "grey")
"""Names of `rq-hue-…`: the colour of a unit, of a tag."""
MOST_LABELS = 10_000
FIRST = 987_654_321  # a number that no address holds by chance


def escaped(value: Any) -> str:
    """A value as it may stand in a page: as `conditional_escape`, which is asked for what is neither text nor safe text."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    if kind is str:
        return _escape(value)
    return str(value) if kind is int else conditional_escape(value)


_spoken: dict[tuple[int, str | None], tuple[Any, str]] = {}


def spoken(label: Any, language: str | None) -> str:
    """The words of a label in the language in force. Those of modules never change, and are said dozens of times a page."""
    if type(label) is str:
        return label
    key = (id(label), language)
    known = _spoken.get(key)
    if known is None:
        if len(_spoken) > MOST_LABELS:
            _spoken.clear()
        known = _spoken[key] = (label, str(label))  # kept with its label, whose number cannot pass to another
    return known[1]


def filled(pattern: str, *values: Any) -> SafeString:
    """The pattern (written by us) with these values, escaped: as `format_html`."""
    return SafeString(pattern.format(*map(escaped, values)))


def joined(separator: str, pattern: str, rows: Iterable[tuple[Any, ...]]) -> SafeString:
    """The pattern filled with each row: as `format_html_join`."""
    return SafeString(separator.join([pattern.format(*map(escaped, row)) for row in rows]))


def address_of(name: str) -> str:
    """The address of a page that takes no argument: as `reverse(name)`, asked once."""
    return _address(name, get_script_prefix(), get_urlconf())


@cache
def _address(name: str, _prefix: str, _urlconf: str | None) -> str:
    return reverse(name)


def path_to(name: str, number: int) -> str:
    """The address of one record: as `reverse(name, args=[number])`, which is asked once for all the numbers."""
    before, after = _around(name, get_script_prefix(), get_urlconf())
    return f"{before}{number}{after}"


@cache
def _around(name: str, _prefix: str, _urlconf: str | None) -> tuple[str, str]:
    before, _number, after = reverse(name, args=[FIRST]).partition(str(FIRST))
    return before, after
