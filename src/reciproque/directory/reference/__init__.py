"""Reference data shipped with the application: activities, legal forms, headcounts, communes, départements, outlines.

Small compressed files made by `scripts/build_reference.py`; read when first asked for, then kept. See ORIGIN.md for where
each comes from and under which licence.
"""

import csv
import gzip
import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from reciproque.engines.identifiers import department_of, fold


class Activity(NamedTuple):
    """A sub-class of NAF rev. 2, with the section (letter) and division (two digits) above it."""

    code: str
    label: str
    section: str
    section_label: str
    division: str
    division_label: str


class Commune(NamedTuple):
    """A commune of INSEE's list. `kind` is "" (present), "D" (delegated or associated), "A" (arrondissement of a city)."""

    code: str
    name: str
    kind: str
    chief: str
    department: str
    postcodes: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    population: int


class Department(NamedTuple):
    """A département."""

    code: str
    name: str
    region: str
    academy: str


def _rows(name: str) -> Iterator[list[str]]:
    packed = files(__package__).joinpath(f"{name}.tsv.gz").read_bytes()
    return csv.reader(gzip.decompress(packed).decode().splitlines(), delimiter="\t")


@cache
def activities() -> dict[str, Activity]:
    """NAF rev. 2: sub-class code (`62.01Z`) → activity."""
    return {row[0]: Activity(*row) for row in _rows("naf")}


@cache
def sections() -> dict[str, str]:
    """NAF rev. 2: section letter → label."""
    return {activity.section: activity.section_label for activity in activities().values()}


@cache
def divisions() -> dict[str, str]:
    """NAF rev. 2: division (two digits) → label."""
    return {activity.division: activity.division_label for activity in activities().values()}


def naf_label(code: str) -> str:
    """The label of a NAF rev. 2 sub-class, empty when the code is not known."""
    found = activities().get(code)
    return found.label if found else ""


@cache
def activities_2025() -> dict[str, str]:
    """NAF 2025: sub-class code → label (official from 1 January 2027, décret 2025-736)."""
    return {row[0]: row[1] for row in _rows("naf2025")}


def naf2025_label(code: str) -> str:
    """The label of a NAF 2025 sub-class."""
    return activities_2025().get(code, "")


@cache
def legal_categories() -> dict[str, str]:
    """INSEE's legal categories of the third level: four digits → label."""
    return {row[0]: row[1] for row in _rows("legal") if row[2] == "3"}


def legal_label(code: str) -> str:
    """The label of a legal category."""
    return legal_categories().get(code, "")


@cache
def headcount_bands() -> dict[str, str]:
    """INSEE's headcount bands in increasing order: code → label."""
    return {row[0]: "Sans salarié" if row[0] == "NN" else row[1].split(" (")[0] for row in _rows("headcount")}


def headcount_label(code: str) -> str:
    """The label of a headcount band."""
    return headcount_bands().get(code, "")


@cache
def street_types() -> dict[str, str]:
    """Abbreviation of a kind of street → the word."""
    return {row[0]: row[1] for row in _rows("streets")}


@cache
def departments() -> dict[str, Department]:
    """Code of a département → département, in the order of the codes."""
    return {row[0]: Department(*row) for row in _rows("departments")}


@cache
def regions() -> dict[str, str]:
    """Code of a région → name."""
    return {row[0]: row[1] for row in _rows("regions")}


def department_label(code: str) -> str:
    """« Maine-et-Loire (49) », or the code alone when it is not known."""
    found = departments().get(code)
    return f"{found.name} ({code})" if found else code


@cache
def communes() -> dict[str, Commune]:
    """INSEE code → commune. A present commune wins over a delegated one of the same code."""
    found: dict[str, Commune] = {}
    for code, name, kind, chief, department, postcodes, latitude, longitude, population in _rows("communes"):
        if code in found and kind:
            continue
        codes = tuple(postcodes.split("|")) if postcodes else ()
        north, east = (float(latitude), float(longitude)) if latitude and longitude else (None, None)
        found[code] = Commune(code, name, kind, chief, department, codes, north, east, int(population))
    return found


NOISE = re.compile(r"\bcedex\b.*$|\b\d+\s*(?:er|e|eme)?(?:\s+arr\w*)?$")
SAINTS = (re.compile(r"\bst\b"), re.compile(r"\bste\b"))


@lru_cache(maxsize=20_000)
def place_key(name: str) -> str:
    """A town's name without what changes from file to file: accents, hyphens, « ST », « CEDEX 01 », district numbers."""
    text = re.sub(r"[^a-z0-9]+", " ", fold(name)).strip()
    text = NOISE.sub("", text).strip()
    text = SAINTS[1].sub("sainte", SAINTS[0].sub("saint", text))
    return re.sub(r"^(?:le|la|les|l) ", "", text)


@cache
def _by_key() -> dict[str, tuple[str, ...]]:
    index: dict[str, tuple[str, ...]] = {}
    for commune in communes().values():
        if commune.kind != "A":
            key = place_key(commune.name)
            index[key] = (*index.get(key, ()), commune.code)
    return index


@cache
def _by_postcode() -> dict[str, tuple[str, ...]]:
    index: dict[str, tuple[str, ...]] = {}
    for commune in communes().values():
        for postcode in commune.postcodes:
            index[postcode] = (*index.get(postcode, ()), commune.code)
    return index


def communes_named(name: str, department: str = "") -> list[Commune]:
    """The communes of that name, in that département when it is given; present ones first, the biggest first."""
    found = [communes()[code] for code in _by_key().get(place_key(name), ())]
    kept = [commune for commune in found if not department or commune.department == department]
    return sorted(kept, key=lambda commune: (commune.kind != "", -commune.population, commune.code))


@lru_cache(maxsize=20_000)
def commune_of(postcode: str, city: str) -> Commune | None:
    """The commune that a postcode and a typed town name, either of which may be empty, certainly point at; else None.

    « ANGERS CEDEX 01 » with 49045 is Angers: a cedex postcode is in no list, its département is.
    """
    department = department_of(postcode)
    if city:
        named = communes_named(city, department)
        exact = [commune for commune in named if postcode in commune.postcodes]
        for choice in (exact, [commune for commune in named if not commune.kind], named):
            if choice and (department or len(choice) == 1):
                return choice[0]
        return None
    only = _by_postcode().get(postcode, ())
    present = [code for code in only if not communes()[code].kind]
    return communes()[present[0]] if len(present) == 1 else None


@cache
def outlines() -> dict[str, list[list[tuple[float, float]]]]:
    """Code of a metropolitan département → its outlines, as rings of (longitude, latitude)."""
    csv.field_size_limit(1_000_000)
    return {row[0]: [[(x, y) for x, y in ring] for ring in json.loads(row[1])] for row in _rows("outlines")}
