"""What linkage takes and gives: this is the door that a fuller engine keeps."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Family = Literal["siret", "siren", "rna", "uai", "domain", "name_postcode", "name_city", "name_department", "name"]
Decision = Literal["same", "doubtful", "new"]

REASONS: dict[str, str] = {
    "siret_same": "same SIRET",
    "siren_same": "same SIREN",
    "rna_same": "same RNA number",
    "uai_same": "same UAI: the same site",
    "name_same_postcode": "same name, same postcode",
    "name_same_city": "same name, same commune",
    "name_same_department": "same name, same département, another place or an unknown one",
    "name_same_place_unknown": "same name; the place of one of them is unknown",
    "name_near_postcode": "nearly the same name in the same place",
    "acronym_postcode": "one name is the acronym of the other, in the same place",
    "domain_same_name_near": "same e-mail domain, nearly the same name",
    "domain_same_name_differs": "same e-mail domain, another name",
    "name_weak": "the name says next to nothing",
    "siren_differs": "both SIREN are known and differ",
    "rna_differs": "both RNA numbers are known and differ",
    "uai_differs": "both UAI are known and differ",
    "several_candidates": "two candidates are equally good",
}
"""Every reason a verdict may give, and its meaning."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An organisation as a row or a record names it. Identifiers are canonical and valid, or empty."""

    key: int
    name: str
    siren: str = ""
    siret: str = ""
    rna: str = ""
    uai: str = ""
    email_domain: str = ""
    postcode: str = ""
    city_code: str = ""
    department: str = ""


class Key(NamedTuple):
    """A value under which mentions of one organisation meet."""

    family: Family
    value: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`candidate` is the one recognised or suspected, `runner_up` the next best; `reasons` are codes of `REASONS`."""

    decision: Decision
    candidate: int | None = None
    runner_up: int | None = None
    score: float = 0.0
    reasons: tuple[str, ...] = ()


NEW = Verdict("new")
