"""UAI: the national number of a place of teaching, seven digits and the letter computed from them.

The letter is the one at rank (digits mod 23) among the letters without I, O and Q: true of all well-formed numbers of
the ministry's list of lycées.
"""

import re

from reciproque.engines.identifiers.cleaning import refused
from reciproque.engines.identifiers.numbers import compact, without_label
from reciproque.engines.identifiers.problems import Reading, found

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_UAI = re.compile(r"([0-9]{6,7})([A-Z])", re.ASCII)


def read_uai(text: str) -> Reading:
    """The UAI in a cell, in capitals; a lost leading zero is given back when the letter proves it."""
    refusal = refused(text)
    if refusal is not None:
        return refusal
    match = _UAI.fullmatch(compact(without_label(text)).upper())
    if match is None:
        return found("uai_format", text=text)
    digits, letter = match[1].zfill(7), match[2]
    expected = _LETTERS[int(digits) % 23]
    if len(match[1]) == 6:
        return (
            found("leading_zero", digits + letter, text=text) if letter == expected else found("uai_format", text=text)
        )
    if letter != expected:
        return found("uai_checksum", digits + letter, text=text, expected=expected)
    return Reading(digits + letter)
