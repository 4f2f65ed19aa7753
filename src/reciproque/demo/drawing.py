"""Drawing at random, always the same for a seed: names of people, towns, numbers, days."""

import datetime as dt
import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate
from math import cos, hypot, radians
from random import Random
from typing import Any, NamedTuple, TypeVar

from reciproque.demo.words import people as words
from reciproque.demo.words.places import AREAS, STREETS
from reciproque.directory.reference import Commune, communes
from reciproque.engines.identifiers import fold

T = TypeVar("T")
HOME = (47.40, -2.05)  # between the towns of the university
LANDLINES = {"01": "19900", "02": "26191", "03": "35301", "04": "46571", "05": "53649"}  # given to fiction by ARCEP
MOBILE = "63998"
ZONES = {
    "01": "75 77 78 91 92 93 94 95",
    "03": "02 08 10 21 25 39 51 52 54 55 57 58 59 60 62 67 68 70 71 80 88 89 90",
    "04": "01 03 04 05 06 07 11 13 15 2A 2B 26 30 34 38 42 43 48 63 66 69 73 74 83 84",
    "05": "09 12 16 17 19 23 24 31 32 33 40 46 47 64 65 79 81 82 86 87",
}
ZONE_OF = {department: zone for zone, departments in ZONES.items() for department in departments.split()}


class Weighted(NamedTuple):
    """Things and the running sum of their weights."""

    items: Sequence[Any]
    sums: Sequence[float]


def weighted(items: Sequence[T], weights: Sequence[float]) -> Weighted:
    """Prepare a draw."""
    return Weighted(items, list(accumulate(weights)))


def common_first(items: Sequence[str], flat: float = 12.0) -> Weighted:
    """The first of the list more often, as names are."""
    return weighted([item.replace("_", " ") for item in items], [1 / (rank + flat) for rank in range(len(items))])


def slug(text: str) -> str:
    """« Établissements Thébaud & Fils » → « etablissements-thebaud-fils »."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def luhn(digits: str) -> str:
    """The digits and their check digit."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f"{digits}{-total % 10}"


STOP_WORDS = frozenset({"de", "du", "des", "d", "la", "le", "les", "l", "et", "a", "au", "aux", "sur", "en", "pour"})


def short_slug(text: str) -> str:
    """What an organisation takes as its address: « lycee-deux-etangs »."""
    words = [word for word in slug(text).split("-") if word not in STOP_WORDS]
    kept: list[str] = []
    for word in words[:5]:
        if kept and len("-".join(kept)) + len(word) > 30:
            break
        kept.append(word)
    return "-".join(kept)


class Name(NamedTuple):
    """A person's civility, first name and surname."""

    civility: str
    first: str
    last: str


@cache
def _names() -> dict[str, Any]:
    women = [common_first(pair[0], 8) for pair in words.FIRST_NAMES]
    men = [common_first(pair[1], 8) for pair in words.FIRST_NAMES]
    origins = {
        origin: (common_first(female, 6), common_first(male, 6), common_first(last))
        for origin, (female, male, last) in words.ORIGINS.items()
    }
    kinds = weighted(["french", "western", *origins], [52, 27, 8, 4, 7, 1.5, 1])
    french, western = common_first(words.FRENCH, 90), common_first(words.WESTERN, 70)
    return {"women": women, "men": men, "origins": origins, "kinds": kinds, "french": french, "western": western}


class Place(NamedTuple):
    """A town drawn: with one of its postcodes, and a point near its middle."""

    postcode: str
    city: str
    code: str
    department: str
    latitude: float | None
    longitude: float | None


@cache
def _towns() -> tuple[Weighted, Weighted]:
    """Towns near the university, the nearer and bigger the likelier; towns of the whole country by population."""
    near, near_weights, all_towns, weights = [], [], [], []
    for commune in communes().values():
        if commune.kind or commune.latitude is None or commune.longitude is None or commune.population < 400:
            continue
        east = (commune.longitude - HOME[1]) * cos(radians(HOME[0])) * 111
        distance = hypot((commune.latitude - HOME[0]) * 111, east)
        if distance < 170 and commune.postcodes:
            near.append(commune)
            near_weights.append(commune.population**0.8 / (22 + distance) ** 1.8)
        if commune.population > 9000 and commune.postcodes:
            all_towns.append(commune)
            weights.append(float(commune.population))
    return weighted(near, near_weights), weighted(all_towns, weights)


class Draw:
    """A source of chance with the draws the demonstration needs. `taken` are SIREN it must not draw."""

    def __init__(self, seed: int | str, taken: Iterable[str] = ()) -> None:
        self.random = Random(seed)  # noqa: S311 -- a fiction, not a secret
        self._sirens = set(taken)
        self._lines: set[str] = set()

    def chance(self, share: float) -> bool:
        """True in that share of the cases."""
        return self.random.random() < share

    def one(self, items: Sequence[T]) -> T:
        """Any of them."""
        return items[int(self.random.random() * len(items))]

    def of(self, choice: Weighted) -> Any:
        """One of them, according to the weights."""
        return choice.items[bisect(choice.sums, self.random.random() * choice.sums[-1], 0, len(choice.items) - 1)]

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.random.random() * (high - low + 1))

    def name(self) -> Name:
        """Somebody at work today: a first name of their generation and, mostly, of the origin of the surname."""
        known = _names()
        origin, woman = self.of(known["kinds"]), self.chance(0.53)
        generation = self.of(weighted((0, 1, 2), (30, 42, 28)))
        usual = known["women" if woman else "men"][generation]
        if origin in known["origins"]:
            female, male, last = known["origins"][origin]
            first = (female if woman else male) if self.chance(0.7) else usual
        else:
            first, last = usual, known[origin]
        return Name("Mme" if woman else "M.", self.of(first), self.of(last))

    def surname(self) -> str:
        """A surname of the region, as companies bear."""
        known = _names()
        return str(self.of(known["western"] if self.chance(0.55) else known["french"]))

    def place(self, *, near: bool, least: int = 0) -> Place:
        """A town near the university, or anywhere, of at least that many inhabitants."""
        while (town := self.of(_towns()[0 if near else 1])).population < least:
            pass
        return self.at(town)

    def at(self, commune: Commune) -> Place:
        """A point of that commune."""
        spread = 0.006 if commune.population < 20_000 else 0.013
        north = round(commune.latitude + self.random.gauss(0, spread), 5) if commune.latitude is not None else None
        east = round(commune.longitude + self.random.gauss(0, spread), 5) if commune.longitude is not None else None
        return Place(self.one(commune.postcodes), commune.name, commune.code, commune.department, north, east)

    def street(self, *, area: float = 0.25) -> str:
        """A street and number, or an area of activity."""
        if self.chance(area):
            return (
                f"{self.whole(1, 24)} {self.one(STREETS)}, {self.one(AREAS)}" if self.chance(0.3) else self.one(AREAS)
            )
        number = f"{self.whole(1, 130)}{self.one((' bis', ' ter')) if self.chance(0.04) else ''}"
        return f"{number} {self.one(STREETS)}"

    def landline(self, department: str) -> str:
        """A number kept for fiction, of the zone of the département (overseas, the Paris one), given once as long as any is left."""
        zone = "01" if len(department) == 3 else ZONE_OF.get(department, "02")
        drawn = self.whole(0, 9999)
        numbers = (f"+33{LANDLINES[zone]}{(drawn + step) % 10_000:04d}" for step in range(10_000))
        number = next((one for one in numbers if one not in self._lines), f"+33{LANDLINES[zone]}{drawn:04d}")
        self._lines.add(number)
        return number

    def mobile(self) -> str:
        """A mobile number kept for fiction."""
        return f"+33{MOBILE}{self.whole(0, 9999):04d}"

    def siren(self) -> str:
        """A number with a right check digit, beginning with 14: the register has given none of those."""
        while (found := luhn(f"14{self.whole(0, 999_999):06d}")) in self._sirens:
            pass
        self._sirens.add(found)
        return found

    def day(self, start: dt.date, end: dt.date) -> dt.date:
        """A day between two, both included; the start when they are the wrong way round."""
        return start + dt.timedelta(days=self.whole(0, max((end - start).days, 0)))
