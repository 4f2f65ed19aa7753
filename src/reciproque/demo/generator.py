"""Rows of a network of any size, in plain Python, ready for COPY: skewed as in life, always the same for a seed.

The vocabulary is the demonstration's. Nothing is written here: whoever calls copies each chunk's tables in their order.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random
from typing import Any, NamedTuple

from reciproque.demo.drawing import LANDLINES, MOBILE, ZONE_OF, luhn, slug
from reciproque.demo.words import companies, people, titles
from reciproque.demo.words.places import STREETS
from reciproque.directory.reference import Commune, communes

Row = tuple[Any, ...]
CHUNK = 10_000
NUMBERS = 1_000_000  # SIREN that begin with 14
_ALWAYS = ("id", "origins", "version", "created_at", "updated_at")
COLUMNS: dict[str, tuple[str, ...]] = {
    "directory_partner": (
        *_ALWAYS, "sharing", "name", "usual_name", "acronym", "former_names", "kind", "country", "siren", "rna", "vat", "foreign_id",
        "legal_category", "naf", "naf2025", "headcount_band", "size_category", "register_state", "diffusion", "web", "email", "phone",
        "languages", "tags", "description", "postcode", "city", "department", "unit_id", "referent_id",
    ),
    "directory_site": (
        *_ALWAYS, "partner_id", "name", "siret", "uai", "is_head", "address", "address_complement", "postcode", "city", "cedex", "city_code",
        "department", "country", "latitude", "longitude", "phone", "email", "state",
    ),
    "directory_person": (
        *_ALWAYS, "sharing", "civility", "first_name", "last_name", "email", "other_emails", "phone", "mobile", "web", "languages", "tags",
        "description", "channel", "do_not_contact", "refusal", "source", "collected_on", "unit_id",
    ),
    "directory_position": (*_ALWAYS, "person_id", "partner_id", "title", "service", "started_on"),
    "directory_partnerunit": ("partner_id", "unit_id", "status", "referent_id", "since"),
}  # fmt: skip


class Chunk(NamedTuple):
    """Some partners and all that hangs on them, in the order in which the tables must be copied."""

    partners: list[Row]
    sites: list[Row]
    people: list[Row]
    positions: list[Row]
    ties: list[Row]

    def tables(self) -> Iterator[tuple[str, list[Row]]]:
        """Table name and rows."""
        return zip(COLUMNS, self, strict=True)


class _Words(NamedTuple):
    towns: list[Commune]
    women: list[str]
    men: list[str]
    surnames: list[str]
    trades: list[tuple[str, str, str]]
    titles: list[tuple[str, str]]


def _repeated(words: Sequence[str], flat: float, share: int) -> list[str]:
    """Each word as often as its rank weighs, `share` entries in all or nearly, so that one draw is enough."""
    weights = [1 / (rank + flat) for rank in range(len(words))]
    scale = share / sum(weights)
    return [word for word, weight in zip(words, weights, strict=True) for _copy in range(max(1, round(weight * scale)))]


@cache
def _words() -> _Words:
    towns = []
    for commune in sorted(communes().values(), key=lambda found: found.code):
        if not commune.kind and commune.latitude is not None and commune.postcodes and commune.population > 200:
            towns += [commune] * max(1, commune.population // 400)
    origins = people.ORIGINS.values()
    women = [w for pair in people.FIRST_NAMES for w in _repeated(pair[0], 8, 700)] + [
        name for o in origins for name in o[0]
    ]
    men = [w for pair in people.FIRST_NAMES for w in _repeated(pair[1], 8, 700)] + [
        name for o in origins for name in o[1]
    ]
    surnames = _repeated(people.FRENCH, 90, 6000) + _repeated(people.WESTERN, 90, 1500)
    surnames += [name for origin in origins for name in _repeated(origin[2], 20, 500)]
    trades = [
        (craft, companies.CRAFT_NAF.get(craft, sector.nafs[0]), ending)
        for sector in companies.SECTORS.values()
        for craft in sector.crafts
        for ending in sector.endings
        for _copy in range(int(sector.weight))
    ]
    several = [*titles.SMALL, *titles.BIG, *titles.HEADS["company"]]
    return _Words(towns, women, men, surnames, trades, [(t[0], t[1]) for t in several for _copy in range(t[3])])


BANDS = (
    ("NN",) * 34
    + ("00",) * 6
    + ("01",) * 24
    + ("02",) * 13
    + ("03",) * 9
    + ("11",) * 7
    + ("12",) * 4
    + ("21", "22", "31")
)
BIG = ("32", "41", "42", "51")
STATUSES = ("active", "active", "active", "prospect", "sleeping", "ended")
SIZES = {"32": "ETI", "41": "ETI", "42": "ETI", "51": "GE"}
ROOTS = tuple(beginning + ending for beginning in companies.BEGINNINGS for ending in companies.ENDINGS)


def rows(
    n: int,
    seed: int,
    *,
    units: Sequence[int] = (1,),
    users: Sequence[int] = (1,),
    start: int = 1,
    today: dt.date = dt.date(2026, 11, 23),
) -> Iterator[Chunk]:
    """`n` partners numbered from `start`, by chunks, for units and users of these numbers."""
    maker = _Maker(Random(f"{seed}-rows"), units, users, today, seed)  # noqa: S311 -- a fiction, not a secret
    for first in range(start, start + n, CHUNK):
        chunk = Chunk([], [], [], [], [])
        for number in range(first, min(first + CHUNK, start + n)):
            maker.partner(number, chunk)
        yield chunk


class _Maker:
    def __init__(self, random: Random, units: Sequence[int], users: Sequence[int], today: dt.date, seed: int) -> None:
        self.draw, self.words = random.random, _words()
        self.units, self.users, self.today, self.offset = units, users, today, seed % NUMBERS

    def one(self, items: Sequence[Any]) -> Any:
        return items[int(self.draw() * len(items))]

    def name(self, town: Commune) -> tuple[str, str]:
        """A company's name and activity; short ones have homonyms, as in life."""
        chance, words = self.draw(), self.words
        craft, naf, ending = self.one(words.trades)
        if chance < 0.3:
            return f"{craft} {self.one(words.surnames)}", naf
        if chance < 0.5:
            return f"{craft} {self.one(words.surnames)} et {self.one(words.surnames)}", naf
        if chance < 0.6:
            return f"{craft} {self.one(companies.TOPONYMS)} {self.one(words.surnames)}", naf
        if chance < 0.72:
            return f"{craft} de {town.name} – {self.one(words.surnames)}", naf
        root = self.one(ROOTS) if chance < 0.9 else self.one(companies.IMAGES)
        return f"{root} {ending} {self.one(words.surnames) if chance > 0.95 else town.name}", naf

    def partner(self, number: int, chunk: Chunk) -> None:
        draw, town, band = self.draw, self.one(self.words.towns), self.one(BANDS)
        if draw() < 0.012:
            band = self.one(BIG)
        rank = ((number - 1) * 387_420_489 + self.offset) % NUMBERS
        siren = luhn(f"14{rank:06d}") if number <= NUMBERS and draw() < 0.9 else ""
        since = self.today - dt.timedelta(days=int(draw() ** 2 * 3000))
        stamp = dt.datetime(since.year, since.month, since.day, 9, tzinfo=dt.UTC)
        kind, (name, naf) = "company", self.name(town)
        chance = draw()
        if chance < 0.13:
            kind, name, naf = "association", f"Association {self.one(companies.TOPONYMS)} – {town.name}", "94.99Z"
        elif chance < 0.17:
            kind, name, naf = "self_employed", f"{self.one(self.words.women)} {self.one(self.words.surnames)}", "70.22Z"
        domain = f"{slug(name)[:40].rstrip('-')}.example" if draw() < 0.6 else ""
        unit = self.one(self.units)
        chunk.partners.append(
            (
                number, "{}", 1, stamp, stamp, "unit" if draw() < 0.02 else "network", name, "", "", [], kind, "FR", siren, "", "", "",
                "9220" if kind == "association" else "1000" if kind == "self_employed" else "5710" if draw() < 0.5 else "5499", naf, "", band,
                SIZES.get(band, "PME") if kind == "company" else "", "A", "O", f"https://www.{domain}" if domain and draw() < 0.7 else "",
                f"contact@{domain}" if domain else "", "", [], ["alternance"] if draw() < 0.1 else [], "", self.one(town.postcodes), town.name,
                town.department, unit, self.one(self.users) if draw() < 0.25 else None,
            )
        )  # fmt: skip
        self.sites(number, siren, town, band, stamp, chunk)
        self.staff(number, domain, town, band, unit, stamp, chunk)
        tied = {unit, *(self.one(self.units) for _more in range(int(draw() ** 4 * 5)))}
        for each in sorted(tied):
            chunk.ties.append((number, each, self.one(STATUSES), self.one(self.users) if draw() < 0.4 else None, since))

    def sites(self, number: int, siren: str, town: Commune, band: str, stamp: dt.datetime, chunk: Chunk) -> None:
        """The head, and others: often for big ones, sometimes for the rest."""
        draw = self.draw
        big = band in BIG or (band >= "22" and band != "NN")
        count = 1 + (1 + int(draw() ** 3 * 40) if big else 1 if draw() < 0.12 else 0)
        for rank in range(count):
            town = self.one(self.words.towns) if rank else town
            chunk.sites.append(
                (
                    number * 64 + rank, "{}", 1, stamp, stamp, number, "", luhn(f"{siren}{rank + 1:04d}") if siren else "", "", rank == 0,
                    f"{1 + int(draw() * 120)} {self.one(STREETS)}", "", self.one(town.postcodes), town.name, "", town.code, town.department, "FR",
                    round(town.latitude + (draw() - 0.5) * 0.03, 5), round(town.longitude + (draw() - 0.5) * 0.04, 5), "", "", "A",  # type: ignore[operator]
                )
            )  # fmt: skip

    def staff(
        self, number: int, domain: str, town: Commune, band: str, unit: int, stamp: dt.datetime, chunk: Chunk
    ) -> None:
        """Nobody for some, one for most, many for a few."""
        draw, words, day = self.draw, self.words, stamp.date()
        count = int(draw() ** 2.2 * (5 if band < "11" or band == "NN" else 9 if band < "32" else 30) + 0.45)
        zone = "01" if len(town.department) == 3 else ZONE_OF.get(town.department, "02")
        for rank in range(count):
            person, woman = number * 64 + rank, draw() < 0.52
            first, last, title = (
                self.one(words.women if woman else words.men),
                self.one(words.surnames),
                self.one(words.titles),
            )
            email = f"{slug(first)}.{slug(last)}@{domain}" if domain and draw() < 0.8 else ""
            phone = f"+33{LANDLINES[zone]}{int(draw() * 10_000):04d}" if draw() < 0.5 else ""
            mobile = f"+33{MOBILE}{int(draw() * 10_000):04d}" if draw() < 0.4 else ""
            refusal = "request" if draw() < 0.02 else ""
            chunk.people.append(
                (
                    person, "{}", 1, stamp, stamp, "network", "Mme" if woman else "M.", first, last, email, [], phone, mobile, "", [], [], "", "",
                    bool(refusal), refusal, "Reprise de fichiers", day, unit,
                )
            )  # fmt: skip
            chunk.positions.append((person, "{}", 1, stamp, stamp, person, number, title[1 if woman else 0], "", day))
