"""What a user types in the search box, when it looks like a number."""

import re

from reciproque.engines.identifiers.numbers import compact, without_label
from reciproque.engines.identifiers.siren import siren_is_valid

_NUMBER = re.compile(r"\+?[0-9]{6,15}", re.ASCII)
_FRENCH_PHONE = re.compile(r"(?:\+|00)330?(?=[1-9][0-9]{8}$)", re.ASCII)


def digits_query(text: str) -> str | None:
    """The digits, when the text is a number of six digits or more, spaced or not: « 732 829 320 », « 02.41.22.12.34 ».

    A French VAT number gives its SIREN, an international French phone its national digits. Other texts give None.
    """
    bare = compact(without_label(text).replace("(0)", "")).upper()
    if bare[:2] == "FR" and siren_is_valid(bare[4:]):
        return bare[4:]
    if not _NUMBER.fullmatch(bare):
        return None
    return _FRENCH_PHONE.sub("0", bare).lstrip("+")
