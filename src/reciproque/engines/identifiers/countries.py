"""Countries, as ISO 3166-1 codes of two letters."""

import re

from reciproque.engines.identifiers.cleaning import clean_text, refused
from reciproque.engines.identifiers.country_names import COUNTRIES
from reciproque.engines.identifiers.folding import fold
from reciproque.engines.identifiers.problems import Reading, found

_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_ARTICLE = re.compile(r"^(?:la|le|les|l|the) ")


def _key(name: str) -> str:
    """Folded, without punctuation or article: « Les États-Unis » → « etats unis »."""
    return _ARTICLE.sub("", _PUNCTUATION.sub(" ", fold(name)).strip())


def _load() -> tuple[dict[str, str], dict[str, str]]:
    codes: dict[str, str] = {}
    shown: dict[str, str] = {}
    for line in COUNTRIES.splitlines():
        two, three, names = line.split(" ", 2)
        shown[two] = names.split("|")[0]
        codes[two.lower()] = codes[three.lower()] = two
        for name in names.split("|"):
            codes.setdefault(_key(name), two)
    return codes, shown


_CODES, _NAMES = _load()


def read_country(text: str) -> Reading:
    """« FRA », « Les Pays-Bas », « Germany » → « FR », « NL », « DE »."""
    if text in _NAMES:
        return Reading(text)
    refusal = refused(text)
    if refusal is not None:
        return refusal
    code = _CODES.get(_key(clean_text(text)))
    return Reading(code) if code else found("country_unknown", text=text.strip())


def country_name(code: str) -> str:
    """The French name of a code, "" when unknown."""
    return _NAMES.get(code, "")
