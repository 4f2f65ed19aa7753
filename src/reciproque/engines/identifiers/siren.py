"""SIREN: the nine digits of a legal unit, the last one a Luhn check digit (python-stdnum, `fr.siren`)."""

from reciproque.engines.identifiers.cleaning import refused
from reciproque.engines.identifiers.numbers import digits_of, luhn
from reciproque.engines.identifiers.problems import EMPTY, Problem, Reading, found
from reciproque.engines.identifiers.siret_rule import siret_is_valid

NARROW_SPACE = "\u202f"


def siren_is_valid(digits: str) -> bool:
    """Nine digits whose last one checks, not all zero."""
    return len(digits) == 9 and digits.isdigit() and digits.isascii() and digits != "000000000" and luhn(digits)


def read_siren(text: str) -> Reading:
    """The SIREN in a cell; a SIRET or a French VAT number written there gives its SIREN."""
    if siren_is_valid(text):
        return Reading(text)
    refusal = refused(text)
    if refusal is not None:
        return refusal
    digits, problem = digits_of(text, "siren_rounded")
    if not digits:
        return Reading("", problem or found("siren_format", text=text).problem)
    if not (digits.isdigit() and digits.isascii()):
        return _not_digits(text, digits.upper())
    if not digits.strip("0"):
        return EMPTY
    return _judge(text, digits, problem)


def _judge(text: str, digits: str, problem: Problem | None) -> Reading:
    length = len(digits)
    if length == 9:
        return _judge_nine(text, digits, problem)
    if length == 8 and luhn("0" + digits):
        return found("leading_zero", "0" + digits, text=text)
    siret = digits.zfill(14)
    if length >= 12 and siret_is_valid(siret):
        return found("siret_in_siren", siret[:9], siret=siret)
    return found("siren_length", text=text, length=str(length))


def _judge_nine(text: str, digits: str, problem: Problem | None) -> Reading:
    if luhn(digits):
        return Reading(digits, problem)
    if digits.endswith("00000"):
        return found("siren_rounded", text=text, kept=digits.rstrip("0"))
    return found("siren_checksum", text=text)


def _not_digits(text: str, compacted: str) -> Reading:
    if compacted[:2] == "FR" and siren_is_valid(compacted[4:]):
        return found("vat_in_siren", compacted[4:], vat=compacted)
    return found("siren_format", text=text)


def format_siren(siren: str) -> str:
    """« 732829320 » → « 732 829 320 », with narrow no-break spaces; anything else comes back as it is."""
    if len(siren) != 9:
        return siren
    return NARROW_SPACE.join((siren[:3], siren[3:6], siren[6:]))
