"""How people spell and damage what they type in a spreadsheet."""

import re
import unicodedata
from collections.abc import Callable

from reciproque.demo.drawing import Draw, weighted
from reciproque.demo.specs import PartnerSpec

SHORT = (
    ("Établissements", "Ets"), ("Société de", "Sté"), ("Société d’", "Sté "), ("Communauté de communes", "CC"), ("Centre hospitalier", "CH"),
    ("Communauté d’agglomération", "CA"), ("Lycée professionnel", "LP"), ("Lycée polyvalent", "Lycée pol."), ("Association", "Assoc."),
    ("Saint-", "St "), ("Expertise comptable", "Exp. comptable"), ("Maison familiale rurale", "MFR"), ("Bureau d’études", "BE"),
    ("Commune de", "Mairie de"), ("Syndicat mixte", "SM"), ("Mécanique", "Méca."), (" et Associés", " & Ass."),
    ("Chambre de commerce et d’industrie", "CCI"),
)  # fmt: skip
LEGAL = {"5499": "SARL", "5710": "SAS", "5599": "SA", "5699": "SA", "5458": "SCOP", "9220": "ASSOCIATION"}
NOTHING = ("X", "néant", "Néant", "-", "?", "NC", "N/A", "#N/A", "idem")


def without_accents(text: str) -> str:
    """« Société » → « Societe »."""
    text = text.replace("œ", "oe").replace("’", "'")
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def shortened(name: str) -> str:
    """« Établissements Thébaud et Fils » → « Ets Thébaud et Fils »."""
    for long, short in SHORT:
        if long in name:
            return name.replace(long, short, 1)
    return name


def mistyped(draw: Draw, text: str) -> str:
    """One slip of the finger, never on the first letter."""
    places = [index for index in range(2, len(text) - 1) if text[index].isalpha() and text[index + 1].isalpha()]
    if not places:
        return text
    at = draw.one(places)
    slip = draw.whole(0, 2)
    if slip == 0:
        return text[:at] + text[at + 1 :]
    if slip == 1:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[: at + 1] + text[at:]


def spelled(draw: Draw, partner: PartnerSpec, city: str) -> str:
    """The partner's name as somebody writes it."""
    name = draw.one([found for found in (partner.name, partner.name, partner.usual_name, partner.acronym) if found])
    name = name.replace("’", "'")
    return str(draw.of(HABITS)(draw, name, LEGAL.get(partner.legal_category, ""), city))


Habit = Callable[[Draw, str, str, str], str]
_HABITS: tuple[tuple[Habit, float], ...] = (
    (lambda _draw, name, _form, _city: name, 24),
    (lambda _draw, name, _form, _city: without_accents(name).upper(), 26),
    (lambda _draw, name, _form, _city: shortened(name), 14),
    (lambda draw, name, form, _city: f"{form} {name}".strip() if draw.chance(0.5) else f"{name} {form}".strip(), 10),
    (lambda draw, name, _form, _city: mistyped(draw, name), 8),
    (lambda draw, name, _form, city: f"{name} ({city})" if draw.chance(0.5) else f"{name} - {city.upper()}", 7),
    (lambda draw, name, _form, _city: f"{name}  " if draw.chance(0.5) else re.sub(r"[-&]", " ", name), 5),
    (lambda _draw, name, _form, _city: name.lower(), 6),
)
HABITS = weighted([habit for habit, _weight in _HABITS], [weight for _habit, weight in _HABITS])


def town(draw: Draw, city: str) -> str:
    """« ST NAZAIRE », « Saint Nazaire Cedex », « Saint-Nazaire »."""
    chance = draw.random.random()
    if chance < 0.4:
        return city
    if chance < 0.8:
        return re.sub(r"^SAINT(E?)[ -]", r"ST\1 ", without_accents(city).upper().replace("-", " "))
    return city.replace("-", " ") if chance < 0.95 else f"{city.upper()} CEDEX"


def siret(draw: Draw, number: str, *, rounded: float) -> str:
    """As a spreadsheet gives it back: with spaces, rounded, or whole."""
    if not number:
        return draw.one(("", "", *NOTHING[:3]))
    if draw.chance(rounded):
        return f"{int(number):.5E}".replace(".", ",") if draw.chance(0.7) else f"{number[:6]}00000000"
    if draw.chance(0.25):
        return f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}"
    if draw.chance(0.04):
        at = draw.whole(3, 12)
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number


def phone(draw: Draw, number: str) -> str:
    """« 02.61.91.12.34 », « 261911234 », « +33 2 61 91 12 34 »."""
    if not number:
        return draw.one(("", "", "", *NOTHING))
    national = f"0{number[3:]}"
    chance = draw.random.random()
    if chance < 0.2:
        return national[1:]
    separator = draw.one((" ", ".", "", "-", " "))
    pairs = separator.join(national[at : at + 2] for at in range(0, 10, 2))
    return f"+33 {pairs[1:]}" if chance < 0.28 else pairs


def mojibake(text: str) -> str:
    """UTF-8 read as if it were Windows-1252: « SociÃ©tÃ© »."""
    try:
        return text.encode().decode("cp1252")
    except UnicodeDecodeError:
        return text
