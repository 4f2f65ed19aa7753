"""The occupations of the ROME (France Travail), found by code, by label, or by what people call them."""

import re
from functools import cache
from typing import NamedTuple

from reciproque.directory.reference.packed import rows
from reciproque.engines.identifiers import fold


class Occupation(NamedTuple):
    """An occupation. `called`: the name by which it was found, when the label does not say it."""

    code: str
    label: str
    called: str = ""

    def __str__(self) -> str:
        return f"{self.code} – {self.label}"


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", fold(text)).strip()


@cache
def _register() -> dict[str, tuple[str, str]]:
    return {code: (label, names) for code, label, names in rows("rome")}


@cache
def _names() -> list[tuple[str, str, str]]:
    """(what is compared, code, name; "" for the label itself), labels first."""
    register = _register()
    labels = [(f" {_plain(label)}", code, "") for code, (label, _names) in register.items()]
    return labels + [
        (f" {_plain(name)}", code, name)
        for code, (_label, names) in register.items()
        for name in names.split("|")
        if name
    ]


def occupation(code: str) -> Occupation | None:
    """The occupation of this code, None for a code that this version of the register does not know."""
    found = _register().get(code)
    return Occupation(code, found[0]) if found else None


def occupations_named(text: str, *, most: int = 8) -> list[Occupation]:
    """Those whose code begins so, or of which every word typed begins a word of the label or of one name.

    What begins as is typed comes first, then what most of its names say."""
    typed = text.strip().upper()
    by_code = [
        Occupation(code, label) for code, (label, _names) in _register().items() if typed and code.startswith(typed)
    ]
    if by_code:
        return by_code[:most]
    words = [f" {word}" for word in _plain(text).split()]
    found: dict[str, Occupation] = {}
    rank: dict[str, list[int]] = {}
    for said, code, name in _names() if words else ():
        if all(word in said for word in words):
            found.setdefault(code, Occupation(code, _register()[code][0], name))
            sort = rank.setdefault(code, [1, 0])
            sort[0] &= not said.startswith(words[0])
            sort[1] -= 1
    return [found[code] for code in sorted(found, key=lambda code: (*rank[code], code))][:most]
