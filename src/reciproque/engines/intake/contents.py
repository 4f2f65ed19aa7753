"""What the values of a column look like, whatever its heading says."""

import re
from collections.abc import Callable, Sequence

from reciproque.engines.identifiers import fold, is_null_word, siren_is_valid
from reciproque.engines.intake.departments import code_of

_SIRET = re.compile(r"\d{14}|\d{3} ?\d{3} ?\d{3} ?\d{5}|\d{12,13}|\d[.,]\d{2,}e\+?1[23]", re.IGNORECASE)
_PHONE = re.compile(r"(?:\(?\+\d{2,3}\)?|00\d{2}|0)[\s.\-/()]*[1-9](?:[\s.\-/]*\d){7,9}(?:\D.*)?")
_POSTCODE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-8])\d{3}|[1-9]\d{3}")
_DEPARTMENT = re.compile(r"(?:\d{1,2}|2[abAB]|97[1-8])(?: .*)?")
_CIVILITY = re.compile(r"(?:m|mr|mme|mlle|monsieur|madame|mademoiselle|dr|pr|mrs|ms)\.?", re.IGNORECASE)
_STREET = re.compile(
    r"\d+\s*(?:bis|ter|[a-d])?[\s,]+\w|\b(?:rue|avenue|av|bd|boulevard|place|pl|chemin|allee|route|impasse|quai|bp|cs|zi|za|zac|"
    r"lieu[- ]dit|cours|square|faubourg|hotel de ville|mairie)\b"
)
_GENERIC = re.compile(
    r"^(?:contact|accueil|info|infos|secretariat|mairie|direction|administration|courrier|asso|bureau)[.@-]"
)


def _siren(text: str) -> bool:
    return siren_is_valid(text.replace(" ", "").replace("\u00a0", ""))


def _whole(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda text: compiled.fullmatch(text) is not None


TESTS: dict[str, Callable[[str], bool]] = {
    "siret": lambda text: _SIRET.fullmatch(text) is not None,
    "siren": _siren,
    "rna": _whole(r"w\d{9}"),
    "uai": _whole(r"\d{7}[a-z]"),
    "vat": _whole(r"fr ?[0-9a-z]{2} ?\d{3} ?\d{3} ?\d{3}"),
    "email": lambda text: "@" in text and "." in text.rsplit("@", 1)[1],
    "phone": lambda text: _PHONE.fullmatch(text) is not None,
    "postcode": lambda text: _POSTCODE.fullmatch(text) is not None,
    "url": _whole(r"(?:https?://|www\.)\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:fr|com|org|net|eu)(?:/\S*)?"),
    "naf": _whole(r"\d{2}\.?\d{2} ?[a-z]"),
    "date": _whole(r"\d{4}-\d\d-\d\d.*|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"),
    "year": _whole(r"(?:19|20)\d\d(?:[-/](?:20)?\d\d)?"),
    "civility": lambda text: _CIVILITY.fullmatch(text) is not None,
    "department": lambda text: _DEPARTMENT.fullmatch(text) is not None or code_of(text) != "",
    "number": _whole(r"-?[\d \u00a0\u202f]*\d(?:[.,]\d+)?(?: ?[€%])?"),
    "street": lambda text: _STREET.search(fold(text)) is not None,
}

COMPATIBLE: dict[str, frozenset[str]] = {
    "site.siret": frozenset({"siret", "siren"}),
    "partner.siren": frozenset({"siren", "siret", "vat"}),
    "partner.rna": frozenset({"rna"}),
    "site.uai": frozenset({"uai"}),
    "partner.vat": frozenset({"vat"}),
    "email": frozenset({"email"}),
    "phone": frozenset({"phone", "number"}),
    "mobile": frozenset({"phone", "number"}),
    "site.postcode": frozenset({"postcode"}),
    "partner.web": frozenset({"url"}),
    "partner.naf": frozenset({"naf"}),
    "partner.naf2025": frozenset({"naf"}),
    "meta.date": frozenset({"date", "number"}),
    "meta.year": frozenset({"year", "date"}),
    "person.civility": frozenset({"civility"}),
    "site.department": frozenset({"department"}),
}
"""What the values under a heading should look like; a heading that is not here is believed."""

REVEALED: tuple[tuple[str, str, float], ...] = (
    ("siret", "site.siret", 0.65),
    ("email", "email", 0.65),
    ("rna", "partner.rna", 0.65),
    ("vat", "partner.vat", 0.65),
    ("uai", "site.uai", 0.6),
    ("siren", "partner.siren", 0.6),
    ("phone", "phone", 0.55),
    ("url", "partner.web", 0.55),
    ("naf", "partner.naf", 0.5),
    ("civility", "person.civility", 0.5),
    ("postcode", "site.postcode", 0.5),
)
"""What values alone reveal, surest first."""

WORDS_ONLY = frozenset(
    {"partner.name", "site.city", "person.first_name", "person.last_name", "person.full_name", "bare_name", "site.address",
     "partner.usual_name", "partner.name_complement", "person.role"}
)  # fmt: skip
"""Headings whose values are words: numbers, addresses or identifiers below them contradict them."""


class Values:
    """The filled values of one column."""

    def __init__(self, samples: Sequence[str]) -> None:
        self.filled = [text for sample in samples if (text := sample.strip()) and not is_null_word(text)]
        self._shares: dict[str, float] = {}

    def share(self, kind: str) -> float:
        """Share of the values that look like this kind."""
        if kind not in self._shares:
            test = TESTS[kind]
            self._shares[kind] = sum(map(test, self.filled)) / len(self.filled) if self.filled else 0.0
        return self._shares[kind]

    def fits(self, path: str) -> float | None:
        """How well the values suit a meaning; None when they say nothing about it."""
        if not self.filled:
            return None
        if path in WORDS_ONLY:
            strange = max(self.share(kind) for kind in ("number", "email", "siret", "date"))
            return 1.0 - strange
        kinds = COMPATIBLE.get(path)
        return min(1.0, sum(self.share(kind) for kind in kinds)) if kinds else None

    def revealed(self) -> tuple[str, float]:
        """(path, confidence) that the values reveal by themselves."""
        for kind, path, confidence in REVEALED:
            if (share := self.share(kind)) >= 0.75 and not (kind == "siret" and self._mostly_short()):
                return path, round(confidence * share, 2)
        return "", 0.0

    def _mostly_short(self) -> bool:
        return sum(len(text.replace(" ", "")) < 14 and "e" not in text.lower() for text in self.filled) * 2 > len(
            self.filled
        )

    def generic_mailboxes(self) -> float:
        """Share of addresses such as contact@ or mairie@."""
        return sum(bool(_GENERIC.match(fold(text))) for text in self.filled) / len(self.filled) if self.filled else 0.0
