"""RNA: the number of an association, W and nine characters (two or three of them a place: W751…, W2A1…, W9R1…)."""

import re

from reciproque.engines.identifiers.cleaning import refused
from reciproque.engines.identifiers.numbers import compact, digits_of, without_label
from reciproque.engines.identifiers.problems import EMPTY, Reading, found
from reciproque.engines.identifiers.siren import siren_is_valid

_RNA = re.compile(r"W[0-9][0-9A-Z][0-9]{7}", re.ASCII)


def read_rna(text: str) -> Reading:
    """The RNA number in a cell; a SIREN written there is told by `siren_in_rna`."""
    if _RNA.fullmatch(text):
        return Reading(text)
    refusal = refused(text)
    if refusal is not None:
        return refusal
    bare = compact(without_label(text.strip())).upper()
    if _RNA.fullmatch(bare):
        return found("rna_letter", bare, text=text) if text.strip()[:1] == "w" else Reading(bare)
    digits, _problem = digits_of(text, "rna_format")
    if digits and not digits.strip("0"):
        return EMPTY
    if siren_is_valid(digits):
        return found("siren_in_rna", siren=digits)
    return found("rna_format", text=text)
