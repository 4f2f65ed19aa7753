"""E-mail addresses, lower case; what people and software put around them is taken off."""

import re

from reciproque.engines.identifiers.cleaning import clean_text, refused
from reciproque.engines.identifiers.folding import fold
from reciproque.engines.identifiers.problems import Reading, found

_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"({_LOCAL})@((?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}}))", re.ASCII)
_ANGLE = re.compile(r"<\s*(?:mailto:)?\s*([^<>]*@[^<>]*)>")
_AROUND = re.compile(
    r"^(?:\s*(?:mailto|e-?mail|m[ée]l|courriel|mail)\s*:)?[\s'\"“”«»<(\[]*|[\s'\"“”«»>)\].;,:/]*$", re.IGNORECASE
)
_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\{at\}|\(arobase\)|\[arobase\]|\s+at\s+|＠)\s*", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\s*(?:[;|\n\r\t]+|,\s*(?=[^,;\s]*@)|/\s*(?=[^/;\s]*@)|\s+(?:ou|et|&|-)\s+|\s+(?=[^\s@]+@))\s*", re.IGNORECASE
)
_LONGEST = 254

_LIKELY_DOMAIN = {
    "gmial.com": "gmail.com", "gmai.com": "gmail.com", "gmal.com": "gmail.com", "gamil.com": "gmail.com",
    "gmail.fr": "gmail.com", "gmail.co": "gmail.com", "gmail.con": "gmail.com", "gmaill.com": "gmail.com",
    "hotmial.com": "hotmail.com", "hotmai.fr": "hotmail.fr", "hotmal.fr": "hotmail.fr", "hotmail.con": "hotmail.com",
    "hotmil.fr": "hotmail.fr", "hormail.fr": "hotmail.fr", "outlok.fr": "outlook.fr", "oulook.fr": "outlook.fr",
    "wanado.fr": "wanadoo.fr", "wandoo.fr": "wanadoo.fr", "wanaddo.fr": "wanadoo.fr", "wanadoo.f": "wanadoo.fr",
    "orang.fr": "orange.fr", "orage.fr": "orange.fr", "ornage.fr": "orange.fr", "orange.com.fr": "orange.fr",
    "laposte.fr": "laposte.net", "lapost.net": "laposte.net", "yaho.fr": "yahoo.fr", "yahou.fr": "yahoo.fr",
    "yhaoo.fr": "yahoo.fr", "yahoo.con": "yahoo.com", "sfr.com": "sfr.fr", "fre.fr": "free.fr", "iclou.com": "icloud.com",
}  # fmt: skip


def read_email(text: str) -> Reading:
    """The address in a cell; of several, the first one (`email_several` lists the others)."""
    readings = read_emails(text)
    if not readings:
        return Reading("")
    first = next((reading for reading in readings if reading.value), readings[0])
    others = [reading.value for reading in readings if reading.value and reading.value != first.value]
    if others:
        return found("email_several", first.value, text=text.strip(), others=" ".join(others))
    return first


def read_emails(text: str) -> list[Reading]:
    """Every address in a cell, in the order written; one refused reading when something else is written."""
    lowered = text.lower()
    if match := _ADDRESS.fullmatch(lowered):
        return [_checked(text, lowered, match[2], touched=False)]
    refusal = refused(text)
    if refusal is not None:
        return [refusal] if refusal.problem else []
    bare = _AT.sub("@", clean_text(text, lines=True))
    angles = _ANGLE.findall(bare)
    if angles:
        return [_one(text, part) for part in angles]
    if bare.count("@") < 2:
        return [_one(text, bare)]
    parts = [part for part in _SEPARATOR.split(bare) if "@" in part]
    seen: dict[str, Reading] = {}
    for part in parts:
        reading = _one(part, part)
        seen.setdefault(reading.value or part, reading)
    return list(seen.values())


def _one(text: str, part: str) -> Reading:
    lowered = _AROUND.sub("", part.lower())
    if match := _ADDRESS.fullmatch(lowered):
        return _checked(text, lowered, match[2], touched=lowered != text.strip().lower())
    mended = _mended(lowered)
    if match := _ADDRESS.fullmatch(mended):
        return _checked(text, mended, match[2], touched=True)
    suggestion = _suggestion(mended)
    return found("email_format", text=text.strip(), **({"suggestion": suggestion} if suggestion else {}))


def _mended(lowered: str) -> str:
    """Certain repairs: white space around the at sign and the dots of the domain, commas for dots, doubled signs."""
    local, at, domain = lowered.replace("@@", "@").partition("@")
    domain = re.sub(r"\s*([.,-])\s*", r"\1", domain).replace(",", ".").strip(" .")
    local = re.sub(r"\.{2,}", ".", local.replace(",", ".")).strip(" .")
    domain = re.sub(r"\.{2,}", ".", domain)
    return f"{local}{at}{domain if domain.isascii() else _ascii_domain(domain)}"


def _suggestion(mended: str) -> str:
    """The address that was probably meant: without accents, two words joined by a dot, or the one among other words."""
    folded = fold(mended)
    words = folded.partition("@")[0].split()
    joined = folded.replace(" ", ".") if len(words) == 2 else folded
    if _ADDRESS.fullmatch(joined):
        return joined
    inside = _ADDRESS.search(folded)
    return inside[0] if inside else ""


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def _checked(text: str, address: str, domain: str, *, touched: bool) -> Reading:
    if len(address) > _LONGEST or address.index("@") > 64:
        return found("email_format", text=text.strip())
    likely = _LIKELY_DOMAIN.get(domain)
    if likely is None and domain.endswith(".con"):
        likely = domain[:-1] + "m"
    if likely is not None:
        return found("email_domain", address, text=text.strip(), suggestion=address.replace("@" + domain, "@" + likely))
    if touched:
        return found("email_cleaned", address, text=text.strip())
    return Reading(address)


def email_domain(address: str) -> str:
    """« jean@x.fr » → « x.fr »."""
    return address.rpartition("@")[2].lower()
