"""Cells that are more than one value: a person's name, a line of address, a town with its CEDEX, a date."""

import datetime as dt
import functools
import re

from reciproque.engines.identifiers import Problem, Reading, clean_text, department_of, fold, read_text, siret_is_valid
from reciproque.engines.intake.departments import code_of

CIVILITIES = {
    "m": "M.", "mr": "M.", "monsieur": "M.", "mrs": "Mme", "ms": "Mme", "mme": "Mme", "madame": "Mme", "mlle": "Mme",
    "mademoiselle": "Mme", "dr": "Dr", "docteur": "Dr", "pr": "Pr", "professeur": "Pr", "me": "Me", "maitre": "Me",
}  # fmt: skip
PARTICLES = frozenset({"de", "du", "des", "d'", "le", "la", "van", "von", "der", "den", "el", "ben", "da", "di", "dos"})
_WORD_CEDEX = re.compile(r"^(.*\S)[\s,-]+(?:CEDEX?|CDX|CEDE)\.?\s*(\d{1,2})?$", re.IGNORECASE)
_LINE = re.compile(r"^(.*\S)[\s,;–-]+(?:F-)?(\d{5}|\d{2} \d{3})[\s,–-]+([^\d\W][^\d]*(?:\d{1,2})?)$")
_DISTRICT = re.compile(r" \d{1,2} ?(?:er|e|eme|nd|arr)?(?: arr(?:ondissement|dt|t)?)?$")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_FRENCH_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?: .*)?")
_NIR = re.compile(r"[12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[ab])\d{6}(?:\d{2})?", re.IGNORECASE)
_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(18_264, 73_051)
"""Spreadsheet day numbers from 1950 to 2100."""


def _problem(code: str, severity: str, **detail: str) -> Problem:
    return Problem(code, "warning" if severity == "warning" else "repaired", detail)


def read_date(text: str) -> Reading:
    """A day as ISO 8601: « 12/03/2021 », « 2021-03-12 00:00:00 », or a spreadsheet's day number (44562)."""
    bare = text.strip()
    if match := _ISO.fullmatch(bare):
        return _day(bare, int(match[1]), int(match[2]), int(match[3]))
    if match := _FRENCH_DATE.fullmatch(bare):
        year = int(match[3]) + (0 if len(match[3]) == 4 else 2000 if int(match[3]) < 70 else 1900)
        return _day(bare, year, int(match[2]), int(match[1]))
    number = bare.removesuffix(".0")
    if number.isdigit() and number.isascii() and int(number) in _SERIALS:
        day = _EPOCH + dt.timedelta(days=int(number))
        return Reading(day.isoformat(), _problem("date_serial", "repaired", text=bare))
    reading = read_text(text)
    return reading if not reading.value else Reading("", _problem("date_format", "warning", text=bare))


def _day(text: str, year: int, month: int, day: int) -> Reading:
    try:
        return Reading(dt.date(year, month, day).isoformat())
    except ValueError:
        return Reading("", _problem("date_format", "warning", text=text))


def read_year(text: str) -> Reading:
    """Four digits: « 2021 », « 2021-2022 » (the first), « 2021.0 », a date."""
    bare = text.strip()
    if len(bare) == 4 and _YEAR.fullmatch(bare):
        return Reading(bare)
    if match := _YEAR.match(bare):
        return Reading(match[0])
    date = read_date(text)
    if date.value:
        return Reading(date.value[:4], date.problem)
    found = _YEAR.findall(bare)
    return Reading(found[0]) if len(set(found)) == 1 else Reading("", date.problem)


def read_department(text: str) -> Reading:
    """« 1 », « 01 », « 2a », « 49 - Maine-et-Loire », « Maine-et-Loire » → the code; another name is kept as written."""
    bare = text.strip().upper().removesuffix(".0")
    code = bare.split(" ")[0].rstrip("-:")
    if code.isdigit() and code.isascii() and 1 <= int(code) <= 989 and (int(code) < 96 or code[:2] in {"97", "98"}):
        return Reading(code.zfill(2))
    if code in {"2A", "2B"}:
        return Reading(code)
    reading = read_text(text)
    named = code_of(reading.value)
    return Reading(named, reading.problem) if named else reading


def read_civility(text: str) -> Reading:
    """« Monsieur », « M », « MME. » → « M. », « Mme »."""
    return Reading(CIVILITIES.get(fold(text).strip(" ."), "")) if text else Reading("")


def split_name(text: str) -> dict[str, str]:
    """« M. Jean-Pierre DUPONT », « DUPONT Jean-Pierre », « Mme Dupont » → civility, first and last name.

    Capitals tell the family name; without them the first word is the first name. One word is a family name.
    """
    words = clean_text(text).replace(",", " ").split()
    found: dict[str, str] = {}
    while words and (civility := CIVILITIES.get(fold(words[0]).rstrip("."))) and (len(words) > 1):
        found.setdefault("civility", civility)
        words = words[1:]
    capital = [word for word in words if _is_capital(word)]
    if capital and len(capital) < len(words):
        last, first = _by_capitals(words)
    elif len(words) == 1:
        last, first = words, []
    elif capital and not found:
        last, first = words[:-1], words[-1:]
    else:
        start = next((i for i, word in enumerate(words) if i and fold(word) in PARTICLES), 1)
        last, first = words[start:], words[:start]
    if len(words) > 1 and found and not first:
        last = words
    return found | {code: " ".join(part) for code, part in (("last_name", last), ("first_name", first)) if part}


def _is_capital(word: str) -> bool:
    letters = [char for char in word if char.isalpha()]
    return len(letters) > 1 and all(char.isupper() for char in letters)


def _by_capitals(words: list[str]) -> tuple[list[str], list[str]]:
    last = {i for i, word in enumerate(words) if _is_capital(word)}
    for index in range(len(words) - 2, -1, -1):
        if index + 1 in last and fold(words[index]) in PARTICLES:
            last.add(index)
    return [word for i, word in enumerate(words) if i in last], [word for i, word in enumerate(words) if i not in last]


def split_town(text: str) -> tuple[str, str]:
    """« ANGERS CEDEX 01 » → (« ANGERS », « CEDEX 01 »); a CEDEX cut short by the width of a column is recognised."""
    match = _WORD_CEDEX.match(text)
    if match is None:
        return text, ""
    return match[1], f"CEDEX {match[2]}" if match[2] else "CEDEX"


def split_address(text: str) -> tuple[str, str, str] | None:
    """« 12 rue X 49000 ANGERS » → (street, postcode, town) when that is certain, else None."""
    match = _LINE.match(" ".join(text.split()))
    if match is None:
        return None
    postcode = match[2].replace(" ", "")
    return (match[1].rstrip(" ,;-–"), postcode, match[3].strip()) if department_of(postcode) else None


@functools.lru_cache(maxsize=8192)
def town_key(town: str) -> str:
    """What two spellings of one town share: « St-Léger » → « saint leger », « PARIS 11EME » → « paris »."""
    words = _NOT_WORD.sub(" ", fold(town)).strip()
    words = _DISTRICT.sub("", words)
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words.split())


def is_nir(text: str) -> bool:
    """Whether an identifier is a person's national insurance number, which must never be kept here."""
    digits = text.replace(" ", "").replace("\u00a0", "")
    if not _NIR.fullmatch(digits) or digits.endswith("00000") or siret_is_valid(digits.zfill(14)):
        return False
    body, key = digits[:13].upper().replace("2A", "19").replace("2B", "18"), digits[13:]
    return len(key) != 2 or 97 - int(body) % 97 == int(key)
