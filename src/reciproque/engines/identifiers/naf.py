"""NAF codes (activity): the shape shared by NAF rev. 2 and NAF 2025. Whether a code exists is told by the nomenclature."""

import re

from reciproque.engines.identifiers.cleaning import refused
from reciproque.engines.identifiers.numbers import without_label
from reciproque.engines.identifiers.problems import Reading, found

_CODE = re.compile(r"(0[1-9]|[1-9][0-9])[\s.\-]*([0-9])[\s.]*([0-9])[\s.\-]*([A-Za-z])(?![A-Za-z])(.*)", re.DOTALL)
_NO_ZERO = re.compile(r"([1-9])[.,]([0-9]{2})\s*([A-Za-z])")
_OLD = re.compile(r"[0-9]{2}[\s.]*[0-9][\s.]*[A-Za-z]")


def read_naf(text: str) -> Reading:
    """« 6201z », « 62.01 Z – Programmation informatique » → « 62.01Z »."""
    refusal = refused(text)
    if refusal is not None:
        return refusal
    bare = without_label(text.strip())
    if match := _CODE.fullmatch(bare):
        code = f"{match[1]}.{match[2]}{match[3]}{match[4].upper()}"
        return found("naf_cleaned", code, text=text.strip()) if match[5].strip() else Reading(code)
    if match := _NO_ZERO.fullmatch(bare):
        return found("naf_zero", f"0{match[1]}.{match[2]}{match[3].upper()}", text=text.strip())
    if _OLD.fullmatch(bare):
        return found("naf_old", text=text.strip())
    return found("naf_format", text=text.strip())
