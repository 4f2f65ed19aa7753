"""What there is to say of two nodes, line by line, as codes with the words and numbers of the case, and the sentences of the codes."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz

from reciproque.engines.identifiers import fold, format_phone, format_siren, format_siret
from reciproque.engines.linkage.encoding import (
    DEPARTMENT,
    DOMAIN,
    FORM,
    NAME,
    NIC,
    NUMBER,
    PHONE,
    POSTCODE,
    SIREN,
    STREET,
    TOWN,
    Nodes,
)
from reciproque.engines.linkage.wording import FORMS, Texts

_APART = re.compile(r"[\W_]+")
_CEDEX = re.compile(r"\bcedex\b.*$", re.IGNORECASE)
CLOSE = 70
"""rapidfuzz `ratio` from which two words are told as two spellings of one."""
SHOWN = 4
"""Words told of each side."""
CROWD = 3
"""A name, an address, a domain borne by fewer is not worth telling."""


def _(text: str) -> str:
    """Mark a sentence: whoever shows it may translate it."""
    return text


TITLES: dict[str, str] = {
    "name": _("Nom"),
    "leftover": _("Mots en plus"),
    "address": _("Adresse"),
    "place": _("Lieu"),
    "identifiers": _("Numéros officiels"),
    "contact": _("Contact"),
    "frequency": _("Fréquence"),
}
SENTENCES: dict[str, str] = {
    "name_unknown": _("nom inconnu d’un côté"),
    "name_same": _("même nom"),
    "name_same_words": _("mêmes mots dans un autre ordre"),
    "acronym": _("l’un est le sigle de l’autre"),
    "words_shared": _("{} en commun"),
    "words_close": _("{} proche de {}"),
    "words_none": _("aucun mot en commun"),
    "forms_differ": _("formes juridiques différentes ({}, {})"),
    "left_none": _("aucun mot en plus"),
    "left_one": _("{} d’un côté seulement"),
    "left_both": _("{} d’un côté, {} de l’autre"),
    "street_same": _("même rue, même numéro ({} {})"),
    "street_same_number_unknown": _("même rue ({})"),
    "street_same_number_differs": _("même rue, numéros différents ({} et {})"),
    "street_close": _("rues proches ({}, {})"),
    "street_differs": _("rues différentes ({}, {})"),
    "street_unknown": _("rue inconnue d’un côté"),
    "town_same": _("même commune ({})"),
    "town_close": _("communes proches ({}, {})"),
    "town_differs": _("communes différentes ({}, {})"),
    "postcode_same": _("même code postal ({})"),
    "department_same": _("même département ({})"),
    "department_differs": _("départements différents ({}, {})"),
    "place_unknown": _("lieu inconnu d’un côté"),
    "figure_department": _("le nombre du nom est celui du département"),
    "figure_other_department": _("le nombre du nom est celui d’un autre département"),
    "siret_same": _("même SIRET ({})"),
    "siret_differs": _("SIRET différents ({}, {})"),
    "siren_same": _("même SIREN ({})"),
    "siren_differs": _("SIREN différents ({}, {})"),
    "siren_unknown": _("pas de SIREN à comparer"),
    "phone_same": _("même téléphone ({})"),
    "phone_differs": _("téléphones différents"),
    "domain_same": _("même domaine de courriel ou de site"),
    "domain_differs": _("domaines différents"),
    "contact_unknown": _("ni téléphone ni domaine à comparer"),
    "name_rare": _("nom rare"),
    "name_borne": _("nom porté par {} organisations"),
    "one_name_borne": _("l’un des noms est porté par {} organisations"),
    "address_shared": _("adresse de {} fiches"),
    "domain_shared": _("domaine de {} fiches"),
}
"""Sentences of the codes; {} takes the words of the clue, in their order."""
UNLIKE = frozenset({
    "words_none", "forms_differ", "left_one", "left_both", "street_same_number_differs", "street_differs", "town_differs",
    "department_differs", "figure_other_department", "siret_differs", "siren_differs", "phone_differs", "domain_differs",
})  # fmt: skip
"""What is told of a difference; such a line may all the same speak in favour, when one organisation's records often differ so."""
SILENT = frozenset({
    "name_unknown", "street_unknown", "place_unknown", "siren_unknown", "contact_unknown", "left_none", "name_borne", "one_name_borne",
    "address_shared", "domain_shared", "name_rare",
})  # fmt: skip
"""What is told of one side, of how common a thing is, or of nothing to compare: neither a likeness nor a difference."""


class Clue(NamedTuple):
    """Something to say: a code of `SENTENCES`, and what fills its sentence."""

    code: str
    words: tuple[str, ...] = ()

    def told(self) -> str:
        """The sentence, in French."""
        return SENTENCES[self.code].format(*self.words)


@dataclass(frozen=True, slots=True)
class Side:
    """A node, with what somebody typed of it: words are told as they were written."""

    node: int
    name: str
    street: str
    town: str

    @classmethod
    def of(cls, nodes: Nodes, node: int, cells: Mapping[str, str]) -> "Side":
        """`cells` are those of one of its rows."""
        code = nodes.codes[node].tolist()
        number = str(code[NUMBER]) if code[NUMBER] >= 0 else ""
        street = re.sub(r"^[\s,]+|[\s,]+$", "", (cells.get("address") or "").strip().removeprefix(number))
        town = _CEDEX.sub("", cells.get("city") or "").strip()
        return cls(
            node,
            cells.get("name") or "",
            street or _said(nodes.streets, code[STREET]),
            town or _said(nodes.towns, code[TOWN]),
        )

    def spelled(self, word: str) -> str:
        """A word of the vocabulary as this side writes it."""
        for token in _APART.split(self.name):
            if fold(token).upper() in {word, word + "S"}:
                return token.lower()
        return word.lower()


def clues_of(nodes: Nodes, one: Side, other: Side, features: Mapping[str, float]) -> dict[str, tuple[Clue, ...]]:
    """What there is to say of a pair under each line."""
    shared, close, left = _aligned(nodes, one, other)
    a, b = one.node, other.node
    return {
        "name": _name(nodes, a, b, features, shared, close),
        "leftover": _leftover(nodes, a, b, left),
        "address": _address(nodes, one, other, features),
        "place": _place(nodes, one, other, features),
        "identifiers": _identifiers(nodes, a, b),
        "contact": _contact(nodes, a, b),
        "frequency": _frequency(nodes, a, b, features),
    }


def _words(texts: Texts, text: int) -> list[int]:
    return texts.numbers[texts.pointers[text] : texts.pointers[text + 1]].tolist() if text >= 0 else []


def _said(texts: Texts, text: int) -> str:
    return " ".join(texts.words.word(number).capitalize() for number in _words(texts, text))


def _aligned(
    nodes: Nodes, one: Side, other: Side
) -> tuple[list[str], list[tuple[str, str]], tuple[list[str], list[str]]]:
    """(words that both names hold, two spellings of one word, words left on each side), the rarest first."""
    words = nodes.names.words
    held = [_words(nodes.names, int(nodes.codes[side.node, NAME])) for side in (one, other)]
    both = set(held[0]) & set(held[1])

    def told(side: Side, numbers: set[int]) -> list[str]:
        order = sorted(numbers, key=lambda number: (-float(nodes.idf[number]), words.word(number)))
        return [side.spelled(words.word(number)) for number in order]

    mine, theirs = told(one, set(held[0]) - both), told(other, set(held[1]) - both)
    close = []
    for word in list(mine):
        twin = max(theirs, key=lambda there: _likeness(word, there), default="")
        if twin and _likeness(word, twin) >= CLOSE:
            close.append((word, twin))
            mine.remove(word)
            theirs.remove(twin)
    return told(one, both), close, (mine, theirs)


def _likeness(one: str, other: str) -> float:
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and long.startswith(short):
        return 100.0
    return float(fuzz.ratio(one, other)) if min(len(one), len(other)) >= 4 else 0.0


def quoted(words: list[str]) -> str:
    """« garage » et « martin »: the first words of a list, with how many more."""
    shown = [f"« {word} »" for word in words[:SHOWN]]
    more = [f"+ {len(words) - SHOWN}"] if len(words) > SHOWN else []
    return ", ".join([*shown, *more])


def _name(
    nodes: Nodes, one: int, other: int, features: Mapping[str, float], shared: list[str], close: list[tuple[str, str]]
) -> tuple[Clue, ...]:
    a, b = int(nodes.codes[one, NAME]), int(nodes.codes[other, NAME])
    if a < 0 or b < 0:
        return (Clue("name_unknown"),)
    found = []
    if a == b or features["same_letters"] == 1:
        found.append(Clue("name_same"))
    elif features["same_set"] == 1:
        found.append(Clue("name_same_words"))
    elif shared:
        found.append(Clue("words_shared", (quoted(shared),)))
    if a != b:
        found += [Clue("words_close", (quoted([mine]), quoted([theirs]))) for mine, theirs in close[:SHOWN]]
    if features["initials"] == 1:
        found.append(Clue("acronym"))
    forms = [FORMS[int(nodes.codes[node, FORM])] for node in (one, other)]
    if all(forms) and forms[0] != forms[1]:
        found.append(Clue("forms_differ", tuple(forms)))
    return tuple(found or [Clue("words_none")])


def _leftover(nodes: Nodes, one: int, other: int, left: tuple[list[str], list[str]]) -> tuple[Clue, ...]:
    if nodes.codes[one, NAME] == nodes.codes[other, NAME] or not (left[0] or left[1]):
        return (Clue("left_none"),)
    if left[0] and left[1]:
        return (Clue("left_both", (quoted(left[0]), quoted(left[1]))),)
    return (Clue("left_one", (quoted(left[0] or left[1]),)),)


def _address(nodes: Nodes, one: Side, other: Side, features: Mapping[str, float]) -> tuple[Clue, ...]:
    x, y = nodes.codes[one.node].tolist(), nodes.codes[other.node].tolist()
    if x[STREET] < 0 or y[STREET] < 0:
        return (Clue("street_unknown"),)
    if x[STREET] != y[STREET]:
        return (Clue("street_close" if features["street"] >= 0.5 else "street_differs", (one.street, other.street)),)
    if x[NUMBER] < 0 or y[NUMBER] < 0:
        return (Clue("street_same_number_unknown", (one.street,)),)
    if x[NUMBER] == y[NUMBER]:
        return (Clue("street_same", (str(x[NUMBER]), one.street)),)
    return (Clue("street_same_number_differs", (str(x[NUMBER]), str(y[NUMBER]))),)


def _place(nodes: Nodes, one: Side, other: Side, features: Mapping[str, float]) -> tuple[Clue, ...]:
    x, y = nodes.codes[one.node].tolist(), nodes.codes[other.node].tolist()
    found = []
    post = f"{x[POSTCODE]:05d}" if x[POSTCODE] >= 0 and x[POSTCODE] == y[POSTCODE] else ""
    if x[TOWN] >= 0 and y[TOWN] >= 0:
        towns = one.town, other.town
        if x[TOWN] == y[TOWN]:
            found.append(Clue("town_same", (f"{post} {towns[0]}".strip(),)))
        else:
            found.append(Clue("town_close" if features["town"] >= 0.5 else "town_differs", towns))
    if post and not (found and found[0].code == "town_same"):
        found.append(Clue("postcode_same", (post,)))
    if not post and x[DEPARTMENT] >= 0 and y[DEPARTMENT] >= 0:
        here, there = f"{x[DEPARTMENT]:02d}", f"{y[DEPARTMENT]:02d}"
        found.append(Clue("department_same", (here,)) if here == there else Clue("department_differs", (here, there)))
    if features["figures_department"]:
        found.append(Clue("figure_department" if features["figures_department"] > 0 else "figure_other_department"))
    return tuple(found or [Clue("place_unknown")])


def _identifiers(nodes: Nodes, one: int, other: int) -> tuple[Clue, ...]:
    x, y = nodes.codes[one].tolist(), nodes.codes[other].tolist()
    if x[SIREN] < 0 or y[SIREN] < 0:
        return (Clue("siren_unknown"),)
    sirens = tuple(format_siren(f"{code[SIREN]:09d}") for code in (x, y))
    if sirens[0] != sirens[1]:
        return (Clue("siren_differs", sirens),)
    found = [Clue("siren_same", sirens[:1])]
    if x[NIC] >= 0 and y[NIC] >= 0:
        sirets = tuple(format_siret(f"{code[SIREN]:09d}{code[NIC]:05d}") for code in (x, y))
        found = [Clue("siret_same", sirets[:1])] if sirets[0] == sirets[1] else [*found, Clue("siret_differs", sirets)]
    return tuple(found)


def _contact(nodes: Nodes, one: int, other: int) -> tuple[Clue, ...]:
    x, y = nodes.codes[one].tolist(), nodes.codes[other].tolist()
    found = []
    if x[PHONE] >= 0 and y[PHONE] >= 0:
        same = x[PHONE] == y[PHONE]
        found.append(Clue("phone_same", (format_phone(f"+33{x[PHONE]:09d}"),)) if same else Clue("phone_differs"))
    if x[DOMAIN] >= 0 and y[DOMAIN] >= 0:
        found.append(Clue("domain_same" if x[DOMAIN] == y[DOMAIN] else "domain_differs"))
    return tuple(found or [Clue("contact_unknown")])


def _frequency(nodes: Nodes, one: int, other: int, features: Mapping[str, float]) -> tuple[Clue, ...]:
    x, y = nodes.codes[one].tolist(), nodes.codes[other].tolist()
    least, most = _count(features["homonyms_least"]), _count(features["homonyms_most"])
    found = []
    if x[NAME] == y[NAME] and least >= CROWD:
        found.append(Clue("name_borne", (str(most),)))
    elif most >= CROWD:
        found.append(Clue("one_name_borne", (str(most),)))
    if _count(features["crowd"]) > CROWD:
        found.append(Clue("address_shared", (str(_count(features["crowd"])),)))
    if features["domain_crowd"] and _count(features["domain_crowd"]) > CROWD:
        found.append(Clue("domain_shared", (str(_count(features["domain_crowd"])),)))
    return tuple(found or [Clue("name_rare")])


def _count(logarithm: float) -> int:
    """Frequencies are kept as log(1 + n)."""
    return round(math.expm1(logarithm))
