"""Digits out of a cell that a spreadsheet may have damaged; the check digit of SIREN and SIRET."""

import re

from reciproque.engines.identifiers.problems import Problem, found

_DOUBLED = {str(digit): sum(divmod(2 * digit, 10)) for digit in range(10)}
_SEPARATORS = re.compile(r"[\s.\-_'’`\"/\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\u2010-\u2015]+")
_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]*))?[eE]\+?([0-9]{1,2})")
_DECIMALS = re.compile(r"([0-9]+)[.,]0{1,2}")
_LABEL = re.compile(
    r"^\s*(?:N[°ºo]?\s*)?(?:SIREN|SIRET|RCS|UAI|RNE|RNA|NAF|APE|TVA)?\s*(?:N[°ºo])?\s*:?\s*", re.IGNORECASE
)


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (as in python-stdnum, several times faster)."""
    return (sum(map(int, digits[-1::-2])) + sum(map(_DOUBLED.__getitem__, digits[-2::-2]))) % 10 == 0


def without_label(text: str) -> str:
    """« SIRET n° : 732… » → « 732… »."""
    return _LABEL.sub("", text, count=1)


def compact(text: str) -> str:
    """Without spaces of any kind, dots, dashes, apostrophes and slashes."""
    return _SEPARATORS.sub("", text)


def digits_of(text: str, rounded: str) -> tuple[str, Problem | None]:
    """The number in a cell, with what a spreadsheet did to it; other characters than digits are left for the caller.

    `rounded` is the code to give when scientific notation has lost digits: then there is no number at all.
    """
    bare = text.strip().strip("'\"’").strip()
    if bare.isdigit() and bare.isascii():
        return bare, None
    if match := _DECIMALS.fullmatch(bare.replace(" ", "")):
        return match[1], found("number_suffix", text=bare).problem
    if match := _SCIENTIFIC.fullmatch(bare.replace(" ", "")):
        decimals, exponent = match[2] or "", int(match[3])
        if len(decimals) != exponent:
            return "", found(rounded, text=bare, kept=(match[1] + decimals).rstrip("0")).problem
        return match[1] + decimals, found("scientific_exact", text=bare).problem
    return compact(without_label(bare)), None
