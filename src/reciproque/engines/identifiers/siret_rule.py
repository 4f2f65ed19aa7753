"""When fourteen digits are a SIRET (python-stdnum, `fr.siret`)."""

from reciproque.engines.identifiers.numbers import luhn

LA_POSTE = "356000000"
LA_POSTE_HEAD = "35600000000048"


def siret_is_valid(digits: str) -> bool:
    """SIREN and whole number check, and the internal number (NIC) is not 00000, which INSEE never gives.

    INSEE's exception for La Poste: its sites, head office excepted, do not follow Luhn; the sum of their fourteen
    digits is a multiple of five.
    """
    if len(digits) != 14 or not (digits.isdigit() and digits.isascii()) or digits.endswith("00000"):
        return False
    if digits[:9] == LA_POSTE and digits != LA_POSTE_HEAD:
        return sum(map(int, digits)) % 5 == 0
    return luhn(digits) and luhn(digits[:9]) and digits[:9] != "000000000"
