"""Telephone numbers, kept in international form (E.164: +33241221234).

French numbers are read by rule, which is fast; the others and the doubtful ones by the `phonenumbers` library, imported
when first needed. The overseas départements dial like metropolitan France but have their own country codes.
"""

import re

from reciproque.engines.identifiers.cleaning import refused
from reciproque.engines.identifiers.numbers import digits_of
from reciproque.engines.identifiers.problems import EMPTY, Reading, found

_NOISE = re.compile(r"[^0-9+]+")
_LABEL = re.compile(
    r"^\s*(?:(?:t[ée]l(?:[ée]phone|\.)?|portable|port\.?|mobile|mob\.?|fixe|fax|standard|std)\s*)+\.?\s*[:.]?\s*",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"[\s,;]*(?:\b(?:poste|post|ext(?:ension)?|p)\b\.?|#)\s*:?\s*([0-9]{1,6})\s*$", re.IGNORECASE)
_NATIONAL = re.compile(r"0([1-9][0-9]{8})", re.ASCII)
_FRENCH = re.compile(r"(?:\+|00)330?([1-9][0-9]{8})", re.ASCII)
_OVERSEAS = re.compile(r"\+(?:262|508|590|594|596|687|689|681)[0-9]{6,9}", re.ASCII)
_SEVERAL = re.compile(r"\s*(?:[;,|\n\r]|\s/+\s|/(?=\s*[+0])|\bou\b|\bet\b|\s-\s(?=[+0]))\s*", re.IGNORECASE)
_GLUED = re.compile(r"(?:(?:\+|00)33[\s.\-]*(?:\(0\)[\s.\-]*)?|0)[1-9](?:[\s.\-/]*[0-9]){8}(?![0-9])")
# National beginnings of the overseas départements → their country code (ARCEP's numbering plan).
_CODE_OF = {
    "262": "262", "263": "262", "269": "262", "639": "262", "692": "262", "693": "262",
    "590": "590", "690": "590", "691": "590", "594": "594", "694": "594", "596": "596", "696": "596", "697": "596",
}  # fmt: skip
_FICTION = "63998"  # 06 39 98 xx xx: kept by ARCEP for fiction, inside what is otherwise Mayotte's
_SHORT = re.compile(r"1[0-9]{1,2}|[13][0-9]{3}|11[68][0-9]{3}", re.ASCII)
_FRENCH_REGIONS = frozenset({"FR", "GP", "GF", "MQ", "RE", "YT", "BL", "MF"})


def _french(national: str) -> str:
    """Nine digits without their zero → international form."""
    code = "33" if national.startswith(_FICTION) else _CODE_OF.get(national[:3], "33")
    return f"+{code}{national}"


def read_phone(text: str, region: str = "FR") -> Reading:
    """The number in a cell; of several, the first one (`phone_several` lists the others).

    `region` is the country whose habits apply to a number without country code.
    """
    if region == "FR" and (match := _NATIONAL.fullmatch(text)):
        return Reading(_french(match[1]))
    refusal = refused(text)
    if refusal is not None:
        return refusal
    readings = read_phones(text, region)
    first = next((reading for reading in readings if reading.value), readings[0])
    others = [reading.value for reading in readings if reading.value and reading.value != first.value]
    if others:
        return found("phone_several", first.value, text=text.strip(), others=" ".join(others))
    return first


def read_phones(text: str, region: str = "FR") -> list[Reading]:
    """Every number in a cell; at least one reading when something is written."""
    refusal = refused(text)
    if refusal is not None:
        return [refusal] if refusal.problem else []
    whole = _one(text, region)
    if whole.value:
        return [whole]
    glued = _GLUED.findall(text)
    if len(glued) > 1:
        return [_one(part, region) for part in glued]
    parts = [part for part in _SEVERAL.split(text.strip()) if any(char.isdigit() for char in part)]
    if len(parts) < 2:
        return [whole]
    readings = [_one(part, region) for part in parts]
    return readings if any(reading.value for reading in readings) else [whole]


def _one(text: str, region: str) -> Reading:
    bare = _LABEL.sub("", text).strip().lstrip("'’")
    number, problem = digits_of(bare, "phone_rounded")
    if problem is not None and problem.severity == "error":
        return Reading("", problem)
    if problem is None:
        number = _NOISE.sub("", bare.replace("(0)", "") if bare.lstrip("(").startswith(("+", "00")) else bare)
        number = number[:1] + number[1:].replace("+", "")
    extension = _EXTENSION.search(bare)
    if extension is not None and any(char.isdigit() for char in bare[: extension.start()]):
        main = _one(bare[: extension.start()], region)
        return found("phone_extension", main.value, text=text, extension=extension[1]) if main.value else main
    if not number.strip("0+"):
        return EMPTY if number else found("phone_format", text=text)
    if any(char.isalpha() for char in bare) and problem is None and len(number) < 9:
        return found("phone_format", text=text)
    return _judge(text, number, region)


def _judge(text: str, number: str, region: str) -> Reading:
    if match := _FRENCH.fullmatch(number):
        return Reading(_french(match[1]))
    reading = _dialled_in_france(text, number) if region in _FRENCH_REGIONS else None
    if reading is not None:
        return reading
    if _OVERSEAS.fullmatch(number):
        return Reading(number)
    return _by_library(text, number, region)


def _dialled_in_france(text: str, number: str) -> Reading | None:
    if match := _NATIONAL.fullmatch(number):
        return Reading(_french(match[1]))
    if len(number) == 9 and number[0] in "123456789":
        return found("phone_zero", _french(number), text=text)
    if len(number) == 11 and number[:2] == "33" and number[2] != "0":
        return Reading(_french(number[2:]))
    return found("phone_short", text=text) if _is_short(number) else None


def _is_short(number: str) -> bool:
    """Emergency (15, 112), 3xxx, 10xx and 118xxx numbers."""
    return _SHORT.fullmatch(number) is not None


def _by_library(text: str, number: str, region: str) -> Reading:
    import phonenumbers  # noqa: PLC0415

    if number.startswith("00"):
        number = "+" + number[2:]
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return found("phone_length", text=text, length=str(len(number.lstrip("+"))))
    if not phonenumbers.is_possible_number(parsed):
        return found("phone_length", text=text, length=str(len(number.lstrip("+"))))
    value = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    if not phonenumbers.is_valid_number(parsed):
        return found("phone_unassigned", value, text=text)
    return Reading(value)


def is_mobile(phone: str) -> bool:
    """Whether a French number (E.164), overseas included, is a mobile one."""
    if phone.startswith("+33"):
        return phone[3:4] in {"6", "7"}
    return phone[1:4] in {"262", "590", "594", "596"} and phone[4:5] in {"6", "7"}


def format_phone(phone: str) -> str:
    """« +33241221234 » → « 02 41 22 12 34 », « +3225551234 » → « +32 2 555 12 34 », with no-break spaces."""
    if phone.startswith(("+33", "+262", "+590", "+594", "+596")) and len(phone[-9:]) == 9:
        national = phone[3:] if phone.startswith("+33") else phone[4:]
        if len(national) == 9:
            digits = "0" + national
            return "\u00a0".join(digits[at : at + 2] for at in range(0, 10, 2))
    if not phone.startswith("+"):
        return phone
    import phonenumbers  # noqa: PLC0415

    try:
        parsed = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        return phone
    shown = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    return shown.replace(" ", "\u00a0")
