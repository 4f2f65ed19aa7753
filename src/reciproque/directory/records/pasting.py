"""Filling a form from what people paste: the foot of an e-mail, a letterhead, a business card, a line of a register.

Each piece is taken only when its form tells what it is; what is left in the first lines is the name. Nothing is saved here:
the form is shown filled, to be read over.
"""

import re
from collections.abc import Callable, Iterator

from reciproque.directory.reference import commune_of
from reciproque.engines.identifiers import (
    clean_text,
    department_of,
    fold,
    is_mobile,
    read_email,
    read_phone,
    read_rna,
    read_siret,
    read_url,
    siren_is_valid,
)

LONGEST = 4000
LINES = 30

EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
WEB = re.compile(r"(?:https?://|www\.)[^\s,;<>]+", re.IGNORECASE)
RNA = re.compile(r"\bW\d[\dA-Z]{8}\b")
SIRET = re.compile(r"(?<!\d)\d{3}[ .\u00a0]?\d{3}[ .\u00a0]?\d{3}[ .\u00a0]?\d{5}(?!\d)")
SIREN = re.compile(r"(?<!\d)\d{3}[ .\u00a0]?\d{3}[ .\u00a0]?\d{3}(?![ .\u00a0]?\d)")
PHONE = re.compile(r"(?<!\d)(?:\+|00)?\d(?:[\s.\u00a0()/-]{0,3}\d){8,13}(?!\d)")
TOWN = re.compile(r"(?:\bF-?\s?)?\b(\d{5})\s+([^\d,;|]{2,60})")
STREET = re.compile(
    r"^(?:\d{1,4}\s*(?:bis|ter|quater|[a-d])?\b|bp\b|cs\b|za\b|zi\b|zac\b|rue\b|avenue\b|boulevard\b|place\b|quai\b)",
    re.IGNORECASE,
)
CIVILITY = re.compile(r"^(mme|madame|mlle|m\.|mr|monsieur)\s+", re.IGNORECASE)
LABEL = re.compile(
    r"^(?:t[ée]l(?:[ée]phone)?|portable|mobile|port|fixe|fax|standard|e-?mail|courriel|mail|m[ée]l|web|site(?: web)?"
    r"|siret|siren|rna|adresse|tva|rcs\b.*|t|m|p|f|e)\s*[.:]*\s*$",
    re.IGNORECASE,
)
SEPARATORS = " \t|·•–—-/:,;"


def read_pasted(text: str, *, person: bool) -> dict[str, str]:
    """The fields of a person, or of a partner, that the text certainly holds. The same text always gives the same."""
    lines = [clean_text(line) for line in text[:LONGEST].replace("\r", "\n").split("\n")]
    rest = [line for line in lines if line][:LINES]
    found: dict[str, str] = {}
    _take(rest, EMAIL, lambda seen: _first(found, "email", read_email(seen).value))
    _take(rest, WEB, lambda seen: _first(found, "web", read_url(seen.rstrip(".")).value))
    _take(rest, RNA, lambda seen: _first(found, "rna", read_rna(seen).value))
    _take(rest, SIRET, lambda seen: _first(found, "siret", read_siret(seen).value))
    _take(rest, SIREN, lambda seen: _first(found, "siren", _siren(seen)))
    _take(rest, PHONE, lambda seen: _phone(found, seen))
    _place(rest, found)
    left = list(_left(rest))
    return (_person if person else _partner)(found, left)


def _take(lines: list[str], pattern: re.Pattern[str], keep: Callable[[str], bool]) -> None:
    """Take out of the lines what the pattern finds and `keep` recognises."""
    for rank, line in enumerate(lines):
        lines[rank] = pattern.sub(lambda seen: " | " if keep(seen.group()) else seen.group(), line)


def _first(found: dict[str, str], field: str, value: str) -> bool:
    """Keep the first value of a field; later ones are recognised, and left aside."""
    if value:
        found.setdefault(field, value)
    return bool(value)


def _siren(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return digits if siren_is_valid(digits) else ""


def _phone(found: dict[str, str], text: str) -> bool:
    number = read_phone(text).value
    return _first(found, "mobile" if number and is_mobile(number) else "phone", number)


def _place(lines: list[str], found: dict[str, str]) -> None:
    """The postcode and town, the street before them or on the line above."""
    for rank, line in enumerate(lines):
        seen = TOWN.search(line)
        if not seen or not department_of(seen.group(1)):
            continue
        postcode, city = seen.group(1), seen.group(2).strip(SEPARATORS)
        known = commune_of(postcode, city)
        found |= {"postcode": postcode, "city": known.name if known and city.isupper() else city}
        before = line[: seen.start()].strip(SEPARATORS)
        above = lines[rank - 1].strip(SEPARATORS) if rank else ""
        if STREET.match(before):
            found["address"], lines[rank] = before, ""
        else:
            lines[rank] = before
            if STREET.match(above):
                found["address"], lines[rank - 1] = above, ""
        return


def _left(lines: list[str]) -> Iterator[str]:
    """What is neither taken nor a mere label (« Tél. : »)."""
    for line in lines:
        for part in line.split("|"):
            words = part.strip(SEPARATORS)
            if len(words) > 1 and not LABEL.match(words) and any(one.isalpha() for one in words):
                yield words


def _partner(found: dict[str, str], left: list[str]) -> dict[str, str]:
    if left:
        found["name"] = left[0]
    if "siret" in found:
        found["siren"] = found.pop("siret")
    if "mobile" in found:
        found.setdefault("phone", found.pop("mobile"))
        found.pop("mobile", None)
    return found


def _person(found: dict[str, str], left: list[str]) -> dict[str, str]:
    kept: dict[str, str] = {name: found[name] for name in ("email", "phone", "mobile") if name in found}
    if "linkedin." in found.get("web", ""):
        kept["web"] = found["web"]
    if not left:
        return kept
    name = left[0]
    if seen := CIVILITY.match(name):
        kept["civility"] = "Mme" if fold(seen.group(1)).startswith(("mme", "madame", "mlle")) else "M."
        name = name[seen.end() :]
    kept["first_name"], kept["last_name"] = _names(name)
    if len(left) > 1:
        kept["title"] = left[1]
    return kept


def _names(name: str) -> tuple[str, str]:
    """« Hélène FAURE », « FAURE Hélène », « Hélène Faure » → (« Hélène », « Faure »)."""
    words = name.split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words):
        first = " ".join(word for word in words if word not in capitals)
        return first, " ".join(capitals).title()
    return (words[0], " ".join(words[1:])) if len(words) > 1 else ("", name)
