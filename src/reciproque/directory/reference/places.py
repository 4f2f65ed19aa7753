"""Communes, départements and régions, and the commune that people mean when they type a town.

The 37,590 lines of communes stay packed as bytes; a Commune is only made when asked for.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from reciproque.directory.reference.packed import lines, rows
from reciproque.engines.identifiers import department_of, fold


class Commune(NamedTuple):
    """A commune of INSEE's list. `kind` is "" (present), "D" (delegated or associated), "A" (arrondissement of a city).

    A delegated commune has the place and postcodes of the one it belongs to (`chief`) when it has none of its own.
    """

    code: str
    name: str
    kind: str
    chief: str
    department: str
    postcodes: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    population: int

    @property
    def region(self) -> str:
        """The code of the région."""
        return departments()[self.department].region

    @property
    def key(self) -> str:
        """The name without what changes from file to file (see `place_key`)."""
        return place_key(self.name)


class Department(NamedTuple):
    """A département (or an overseas collectivity), its région and its académie, empty where there is none."""

    code: str
    name: str
    region: str
    academy: str


@cache
def departments() -> dict[str, Department]:
    """Code of a département → département, in the order of the codes."""
    return {row[0]: Department(*row) for row in rows("departments")}


@cache
def regions() -> dict[str, str]:
    """Code of a région → name."""
    return {row[0]: row[1] for row in rows("regions")}


def department_label(code: str) -> str:
    """« Maine-et-Loire (49) », or the code alone when it is not known."""
    found = departments().get(code)
    return f"{found.name} ({code})" if found else code


_CEDEX = re.compile(r"\bcedex\b.*$")
_DISTRICT = re.compile(r"\s\d+\s*(?:er|e|eme)?(?:\s+arr\w*)?$")
_WORDS = {"st": "saint", "ste": "sainte", "sts": "saints", "s": "sur", "ss": "sous"}
_ARTICLES = ("le ", "la ", "les ", "l ")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def place_key(name: str) -> str:
    """A town's name without what changes from file to file: accents, hyphens, « ST », « S/ », « CEDEX 01 », district numbers."""
    text = _NOT_WORD.sub(" ", fold(name.partition("(")[0])).strip()
    if "cedex" in text:
        text = _CEDEX.sub("", text).strip()
    if text[-1:].isdigit() or " arr" in text or text[-1:] in {"e", "r"}:
        text = _DISTRICT.sub("", text)
    if text.startswith(_ARTICLES):
        text = text.partition(" ")[2]
    if not _WORDS.keys().isdisjoint(words := text.split(" ")):
        text = " ".join(_WORDS.get(word, word) for word in words)
    return text


@cache
def _lines() -> list[bytes]:
    """In the order of the codes, a present commune before a delegated one of the same code."""
    return lines("communes")


def _commune(line: bytes) -> Commune:
    code, name, _key, kind, chief, department, postcodes, latitude, longitude, population = line.decode().split("\t")
    codes = tuple(postcodes.split("|")) if postcodes else ()
    north, east = (float(latitude), float(longitude)) if latitude else (None, None)
    return Commune(code, name, kind, chief, department, codes, north, east, int(population))


@lru_cache(maxsize=2_000)
def _at(index: int) -> Commune:
    return _commune(_lines()[index])


@lru_cache(maxsize=2_000)
def commune(code: str) -> Commune | None:
    """The commune that has this INSEE code; of a present one and a delegated one, the present one."""
    packed, wanted = _lines(), code.encode() + b"\t"
    index = bisect_left(packed, wanted)
    return _commune(packed[index]) if index < len(packed) and packed[index].startswith(wanted) else None


class _Communes(Mapping[str, Commune]):
    """INSEE code → commune, each made when read."""

    def __getitem__(self, code: str) -> Commune:
        if found := commune(code):
            return found
        raise KeyError(code)

    def __iter__(self) -> Iterator[str]:
        last = b""
        for line in _lines():
            code = line.partition(b"\t")[0]
            if code != last:
                yield code.decode()
            last = code

    def __len__(self) -> int:
        return sum(1 for _code in self)


def communes() -> Mapping[str, Commune]:
    """INSEE code → commune. A present commune wins over a delegated one of the same code."""
    return _Communes()


_Index = dict[bytes, int | tuple[int, ...]]


@cache
def _indexes() -> tuple[_Index, _Index]:
    """The lines that have each name key, arrondissements left out; the lines that have each postcode."""
    by_key: _Index = {}
    by_postcode: _Index = {}
    for index, line in enumerate(_lines()):
        _code, _name, key, kind, _chief, _department, postcodes, _rest = line.split(b"\t", 7)
        if kind != b"A":
            _add(by_key, key, index)
        if postcodes:
            for postcode in postcodes.split(b"|"):
                _add(by_postcode, postcode, index)
    return by_key, by_postcode


def _add(index: _Index, key: bytes, value: int) -> None:
    known = index.get(key)
    if known is None:
        index[key] = value
    else:
        index[key] = (known, value) if isinstance(known, int) else (*known, value)


def _found(index: _Index, key: str) -> list[Commune]:
    known = index.get(key.encode())
    if known is None:
        return []
    return [_at(known)] if isinstance(known, int) else [_at(line) for line in known]


def _best_first(found: Iterable[Commune]) -> list[Commune]:
    return sorted(found, key=lambda commune: (commune.kind != "", -commune.population, commune.code))


def communes_named(name: str, department: str = "", postcode: str = "") -> list[Commune]:
    """The communes of that name, in that département or with that postcode when given; present ones first, the biggest first."""
    named = _found(_indexes()[0], place_key(name))
    return _best_first(
        found
        for found in named
        if (not department or found.department == department) and (not postcode or postcode in found.postcodes)
    )


def _abbreviates(key: str, other: str) -> bool:
    """« beaupreau » and « beaupreau en mauges »: one is the beginning of the other, at a word's end."""
    short, long = sorted((key, other), key=len)
    return len(short) >= 4 and long.startswith(short + " ")


@lru_cache(maxsize=4_000)
def commune_of(postcode: str, city: str) -> Commune | None:
    """The commune that a postcode and a typed town name, either of which may be empty, certainly point at; else None.

    « ANGERS CEDEX 01 » with 49045 is Angers: a cedex postcode is in no list, its département is.
    """
    key = place_key(city)
    if not key:
        present = [found for found in _found(_indexes()[1], postcode) if not found.kind]
        return present[0] if len(present) == 1 else None
    named = _best_first(_found(_indexes()[0], key))
    if exact := [found for found in named if postcode in found.postcodes]:
        return exact[0]
    if department := department_of(postcode):
        if near := [found for found in named if found.department == department]:
            return near[0]
        alike = [found for found in _found(_indexes()[1], postcode) if not found.kind and _abbreviates(key, found.key)]
        return alike[0] if len(alike) == 1 else None
    present = [found for found in named if not found.kind]
    for choice in (present, named):
        if len(choice) == 1:
            return choice[0]
    return None
