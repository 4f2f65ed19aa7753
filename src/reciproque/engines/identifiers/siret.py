"""SIRET: the fourteen digits of a site, its SIREN then its internal number (NIC)."""

from reciproque.engines.identifiers.cleaning import refused
from reciproque.engines.identifiers.numbers import digits_of, luhn
from reciproque.engines.identifiers.problems import EMPTY, Problem, Reading, found
from reciproque.engines.identifiers.siren import NARROW_SPACE, format_siren, siren_is_valid
from reciproque.engines.identifiers.siret_rule import siret_is_valid

_LOST_NIC = "00000"


def read_siret(text: str) -> Reading:
    """The SIRET in a cell; what spreadsheets do to it is recognised.

    A SIREN written there has no SIRET to give: the problem `siren_in_siret` carries the SIREN. A number ending in five
    zeros was rounded: no site has the internal number 00000.
    """
    if siret_is_valid(text):
        return Reading(text)
    refusal = refused(text)
    if refusal is not None:
        return refusal
    digits, problem = digits_of(text, "siret_rounded")
    if not digits:
        return Reading("", problem or found("siret_format", text=text).problem)
    if not (digits.isdigit() and digits.isascii()):
        return _not_digits(text, digits.upper())
    if not digits.strip("0"):
        return EMPTY
    return _judge(text, digits, problem)


def _judge(text: str, digits: str, problem: Problem | None) -> Reading:
    length = len(digits)
    if 12 <= length <= 14 and digits.endswith(_LOST_NIC):
        return found("siret_rounded", text=text, kept=digits.rstrip("0"))
    if length == 14:
        return _judge_fourteen(text, digits, problem)
    if length in {12, 13} and siret_is_valid(digits.zfill(14)):
        return found("leading_zero", digits.zfill(14), text=text)
    if length in {8, 9} and luhn(digits):
        return found("siren_in_siret", siren=digits.zfill(9))
    return found("siret_length", text=text, length=str(length))


def _judge_fourteen(text: str, digits: str, problem: Problem | None) -> Reading:
    if siret_is_valid(digits):
        return Reading(digits, problem)
    if siren_is_valid(digits[:9]):
        return found("siret_checksum", text=text, siren=digits[:9])
    return found("siret_checksum", text=text)


def _not_digits(text: str, compacted: str) -> Reading:
    if compacted[:2] == "FR" and siren_is_valid(compacted[4:]):
        return found("siren_in_siret", siren=compacted[4:])
    return found("siret_format", text=text)


def format_siret(siret: str) -> str:
    """« 73282932000074 » → « 732 829 320 00074 », with narrow no-break spaces; anything else comes back as it is."""
    if len(siret) != 14:
        return siret
    return format_siren(siret[:9]) + NARROW_SPACE + siret[9:]
