"""Official lists: activities (NAF), legal categories, headcount bands, kinds of street."""

from functools import cache
from typing import NamedTuple

from reciproque.directory.reference.packed import rows


class NafNode(NamedTuple):
    """Any level of NAF rev. 2: section (`J`), division (`62`), group (`62.0`), class (`62.01`), sub-class (`62.01Z`)."""

    code: str
    label: str
    parent: str

    @property
    def level(self) -> int:
        """1 for a section, 5 for a sub-class."""
        return {1: 1, 2: 2, 4: 3, 5: 4, 6: 5}[len(self.code)]


class Activity(NamedTuple):
    """A sub-class of NAF rev. 2, with the section (letter) and division (two digits) above it."""

    code: str
    label: str
    section: str
    section_label: str
    division: str
    division_label: str


class LegalCategory(NamedTuple):
    """A legal category of INSEE; `level` is 1 (one digit), 2 (two digits) or 3 (four digits)."""

    code: str
    label: str
    level: int


class HeadcountBand(NamedTuple):
    """A headcount band of INSEE; `order` sorts the bands by size."""

    code: str
    label: str
    order: int


@cache
def naf_tree() -> dict[str, NafNode]:
    """NAF rev. 2, all five levels: code → node. Parents come before their children."""
    return {row[0]: NafNode(*row) for row in rows("naf")}


def naf(code: str) -> NafNode | None:
    """The node of NAF rev. 2 that has this code, whatever its level."""
    return naf_tree().get(code)


def naf_path(code: str) -> tuple[NafNode, ...]:
    """The node and what is above it, section first; empty when the code is not known."""
    path: list[NafNode] = []
    while node := naf_tree().get(code):
        path.append(node)
        code = node.parent
    return tuple(reversed(path))


def naf_label(code: str) -> str:
    """The label of a NAF rev. 2 code of any level, empty when the code is not known."""
    found = naf_tree().get(code)
    return found.label if found else ""


def naf_section(code: str) -> str:
    """The letter of the section a NAF rev. 2 code belongs to, empty when the code is not known."""
    path = naf_path(code)
    return path[0].code if path else ""


@cache
def activities() -> dict[str, Activity]:
    """NAF rev. 2: sub-class code (`62.01Z`) → activity."""
    found = {}
    for node in naf_tree().values():
        if node.level == 5:
            section, division = naf_path(node.code)[:2]
            found[node.code] = Activity(
                node.code, node.label, section.code, section.label, division.code, division.label
            )
    return found


@cache
def sections() -> dict[str, str]:
    """NAF rev. 2: section letter → label."""
    return {node.code: node.label for node in naf_tree().values() if node.level == 1}


@cache
def divisions() -> dict[str, str]:
    """NAF rev. 2: division (two digits) → label."""
    return {node.code: node.label for node in naf_tree().values() if node.level == 2}


@cache
def activities_2025() -> dict[str, str]:
    """NAF 2025: sub-class code → label (official from 1 January 2027, décret 2025-736)."""
    return {row[0]: row[1] for row in rows("naf2025")}


def naf2025_label(code: str) -> str:
    """The label of a NAF 2025 sub-class."""
    return activities_2025().get(code, "")


@cache
def _legal() -> dict[str, LegalCategory]:
    return {code: LegalCategory(code, label, int(level)) for code, label, level in rows("legal")}


def legal_category(code: str) -> LegalCategory | None:
    """The legal category that has this code of one, two or four digits."""
    return _legal().get(code)


@cache
def legal_categories() -> dict[str, str]:
    """INSEE's legal categories of the third level: four digits → label."""
    return {found.code: found.label for found in _legal().values() if found.level == 3}


def legal_label(code: str) -> str:
    """The label of a legal category of the third level."""
    return legal_categories().get(code, "")


@cache
def headcounts() -> dict[str, HeadcountBand]:
    """INSEE's headcount bands in increasing order: code → band."""
    return {row[0]: HeadcountBand(row[0], row[1], order) for order, row in enumerate(rows("headcount"))}


def headcount_band(code: str) -> HeadcountBand | None:
    """The headcount band that has this code."""
    return headcounts().get(code)


@cache
def headcount_bands() -> dict[str, str]:
    """INSEE's headcount bands in increasing order: code → short label."""
    return {
        band.code: "Sans salarié" if band.code == "NN" else band.label.split(" (")[0] for band in headcounts().values()
    }


def headcount_label(code: str) -> str:
    """The short label of a headcount band."""
    return headcount_bands().get(code, "")


@cache
def street_types() -> dict[str, str]:
    """Abbreviation of a kind of street → the word."""
    return {row[0]: row[1] for row in rows("streets")}
