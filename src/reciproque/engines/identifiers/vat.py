"""VAT numbers: the French one from the SIREN, the others by python-stdnum."""

import re

from reciproque.engines.identifiers.cleaning import refused
from reciproque.engines.identifiers.numbers import compact, without_label
from reciproque.engines.identifiers.problems import Reading, found
from reciproque.engines.identifiers.siren import siren_is_valid

_FRENCH = re.compile(r"FR([0-9]{2})([0-9]{9})", re.ASCII)
_ANY = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,14}", re.ASCII)
_UNION = "AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI"


def vat_of_siren(siren: str) -> str:
    """« 732829320 » → « FR44732829320 »: the key is (12 + 3 × (SIREN mod 97)) mod 97."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def siren_of_vat(vat: str) -> str:
    """The SIREN in a French VAT number, "" in any other."""
    return vat[4:] if vat[:2] == "FR" and siren_is_valid(vat[4:]) else ""


def read_vat(text: str) -> Reading:
    """The VAT number in a cell, with its country letters. Unknown countries are kept unchecked, and said."""
    refusal = refused(text)
    if refusal is not None:
        return refusal
    bare = compact(without_label(text)).upper()
    if (match := _FRENCH.fullmatch(bare)) and vat_of_siren(match[2]) == bare and siren_is_valid(match[2]):
        return Reading(bare)
    if bare.isdigit():
        return _digits_only(text, bare)
    country = bare[:2]
    if not _ANY.fullmatch(bare):
        return found("vat_format", text=text, country=country if country.isalpha() else "")
    return _by_country(text, bare, country)


def _digits_only(text: str, bare: str) -> Reading:
    if siren_is_valid(bare):
        return found("siren_in_vat", siren=bare)
    if len(bare) == 11 and siren_is_valid(bare[2:]) and vat_of_siren(bare[2:]) == "FR" + bare:
        return found("vat_prefix", "FR" + bare, text=text)
    return found("vat_format", text=text, country="")


def _by_country(text: str, bare: str, country: str) -> Reading:
    """One module of python-stdnum per country, imported when first met."""
    from stdnum.exceptions import InvalidChecksum, ValidationError  # noqa: PLC0415
    from stdnum.util import get_cc_module  # noqa: PLC0415

    module = get_cc_module("gr" if country == "EL" else "gb" if country == "XI" else country.lower(), "vat")
    if module is None:
        return found("vat_country", bare, text=text)
    national = bare[2:] if country in _UNION.split() else bare
    if country == "CH" and bare[-1].isdigit():
        national = f"{bare}TVA"
    try:
        module.validate(national)
    except InvalidChecksum:
        return found("vat_checksum", text=text, country=country)
    except ValidationError:
        return found("vat_format", text=text, country=country)
    return Reading(bare)
