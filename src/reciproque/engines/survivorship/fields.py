"""How values of each field are compared: when two are equal, and which of two spellings is the better one."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from reciproque.engines.identifiers import fold

FieldKind = Literal["text", "name", "identifier", "email", "url", "exact"]

FIELD_KINDS: dict[str, FieldKind] = {
    **dict.fromkeys(
        ("name", "usual_name", "acronym", "former_names", "first_name", "last_name", "city", "title", "service"), "name"
    ),
    **dict.fromkeys(
        ("siren", "siret", "rna", "uai", "vat", "foreign_id", "phone", "mobile", "phones", "postcode", "naf", "naf2025",
         "city_code", "legal_category"), "identifier",
    ),
    **dict.fromkeys(("email", "emails", "other_emails"), "email"),
    "web": "url",
}  # fmt: skip
"""Fields that are neither here nor text (numbers, dates, true or false) are compared as they are; texts when folded."""

MULTIPLE = frozenset({"former_names", "other_emails", "emails", "phones", "tags", "languages"})
"""Fields that hold several values: they are united, not chosen."""

_APART = re.compile(r"[^a-z0-9]+")
_URL_AROUND = re.compile(r"^https?://(?:www\.)?|/+$")


def is_empty(value: Any) -> bool:
    """Whether a value says nothing: None, blank text, an empty collection. False and 0 say something."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_empty(part) for part in value.values())
    return isinstance(value, (list, tuple, set, frozenset)) and not value


def sameness(field: str, value: Any) -> str:
    """Two values of a field are equal when this is: folded words for text, letters and digits for identifiers."""
    if isinstance(value, Mapping):
        parts = sorted((str(key), sameness(str(key), part)) for key, part in value.items() if not is_empty(part))
        return f"map:{parts}"
    if isinstance(value, (list, tuple, set, frozenset)):
        return f"list:{sorted(sameness(field, part) for part in value)}"
    if not isinstance(value, str):
        return f"{type(value).__name__}:{value!r}"
    folded = fold(value).strip()
    kind = FIELD_KINDS.get(field, "text")
    if kind == "identifier":
        folded = _APART.sub("", folded) or folded
    elif kind == "url":
        folded = _URL_AROUND.sub("", folded)
    elif kind != "email":
        folded = " ".join(_APART.sub(" ", folded).split()) or folded
    return f"text:{folded}"


def completeness(field: str, value: Any) -> tuple[int, int, int]:
    """How much a value says; greater is better. For names, the written form counts before the length.

    « Société d’études » is better than « SOCIETE D'ETUDES »: not all capitals, then accents, then length.
    """
    if isinstance(value, Mapping):
        said = [part for part in value.values() if not is_empty(part)]
        return len(said), sum(len(str(part)) for part in said), 0
    if not isinstance(value, str):
        return 0, 0, 0
    words = len(sameness(field, value))
    accents = sum(1 for char in value if not char.isascii())
    if FIELD_KINDS.get(field) == "name":
        mixed = 0 if value.isupper() or value.islower() else 1
        return mixed, min(accents, 1), words
    return words, accents, 0
