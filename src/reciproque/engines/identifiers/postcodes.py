"""Postcodes, and the département they belong to."""

import re

from reciproque.engines.identifiers.cleaning import clean_text, refused
from reciproque.engines.identifiers.numbers import digits_of
from reciproque.engines.identifiers.problems import EMPTY, Reading, found

_CODE = re.compile(r"(?:0[0-9]|[1-8][0-9]|9[0-8])[0-9]{3}", re.ASCII)
_WITH_CITY = re.compile(r"(?:F|FR|FRANCE)?\s*[-–]?\s*([0-9]{2}\s?[0-9]{3})\b[\s,–-]*(.*)", re.IGNORECASE | re.ASCII)


def read_postcode(text: str, country: str = "FR") -> Reading:
    """Five digits for France; any short code, in capitals, for another country."""
    if country == "FR" and len(text) == 5 and _CODE.fullmatch(text) and text != "00000":
        return Reading(text)
    refusal = refused(text)
    if refusal is not None:
        return refusal
    if country != "FR":
        return Reading(clean_text(text).upper()[:10])
    return _french(text)


def _french(text: str) -> Reading:
    digits, problem = digits_of(text, "postcode_format")
    if not (digits.isdigit() and digits.isascii()):
        return _with_city(text)
    if not digits.strip("0"):
        return EMPTY
    if len(digits) == 4:
        return found("postcode_zero", "0" + digits, text=text.strip())
    if len(digits) == 5 and _CODE.fullmatch(digits):
        return Reading(digits, problem)
    return found("postcode_format", text=text.strip())


def _with_city(text: str) -> Reading:
    match = _WITH_CITY.fullmatch(clean_text(text))
    if match is None:
        return found("postcode_format", text=text.strip())
    code = match[1].replace(" ", "")
    if not _CODE.fullmatch(code) or not code.strip("0"):
        return found("postcode_format", text=text.strip())
    return found("postcode_cleaned", code, text=text.strip(), **({"city": match[2]} if match[2] else {}))


def department_of(postcode: str) -> str:
    """« 49100 » → « 49 », « 20200 » → « 2B », « 97410 » → « 974 »; "" when it is not a French postcode.

    The postal département: some seventy communes are served from the next département, which only the commune tells.
    """
    if len(postcode) != 5 or not postcode.isdigit():
        return ""
    if postcode[:2] in {"97", "98"}:
        return _overseas(postcode)
    if postcode[:2] == "20":
        return "2A" if postcode[2] in "01" else "2B"
    return "" if postcode[:2] in {"00", "96", "99"} else postcode[:2]


def _overseas(postcode: str) -> str:
    if postcode == "97133":
        return "977"
    if postcode in {"97150", "97080"}:
        return "978"
    return postcode[:3]
