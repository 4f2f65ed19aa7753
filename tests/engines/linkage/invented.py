"""An invented file of partners as several people typed them."""

import random

import polars as pl

TRADES = [
    "BOULANGERIE",
    "GARAGE",
    "PLOMBERIE",
    "MENUISERIE",
    "MACONNERIE",
    "TRANSPORTS",
    "IMPRIMERIE",
    "PHARMACIE",
    "CABINET",
    "ATELIER",
]
TAILS = [
    "SERVICES",
    "FRANCE",
    "INDUSTRIE",
    "INGENIERIE",
    "SOLUTIONS",
    "SYSTEMES",
    "DISTRIBUTION",
    "ENERGIE",
    "SANTE",
    "GROUPE",
    "OUEST",
    "NORD",
]
STREETS = (
    "VICTOR HUGO",
    "JEAN JAURES",
    "DE LA REPUBLIQUE",
    "PASTEUR",
    "GAMBETTA",
    "DE LA GARE",
    "DU MOULIN",
    "DU STADE",
    "DE PARIS",
)
SYLLABLES = [start + end for start in "bcdfgjklmnprstvz" for end in ("a", "e", "i", "o", "ri")]


def invented(rows: int, seed: int = 7) -> pl.DataFrame:
    """Partners (`partner`, a number of nine digits) with one to four sites, each typed one to eight times, in any order."""
    chance, made = random.Random(seed), []  # noqa: S311 -- a file, not a secret
    while len(made) < rows:
        house = _word(chance)
        name = f"{chance.choice(TRADES)} {house}" if chance.random() < 0.5 else f"{house} {chance.choice(TAILS)}"
        partner = str(chance.randrange(300_000_000, 999_999_999))
        for _site in range(1 if chance.random() < 0.8 else chance.randint(2, 4)):
            street, town, number = chance.choice(STREETS), _word(chance), chance.randrange(1, 200)
            post = f"{chance.randrange(1, 96):02d}{chance.randrange(0, 90) * 10:03d}"
            for _time in range(min(8, 1 + int(chance.expovariate(0.6)))):
                way = f"{number} {chance.choice(['rue', 'RUE', 'R.'])} {street}" if chance.random() < 0.88 else ""
                form = chance.choice(["", "", "SARL ", "SAS "])
                code = post if chance.random() < 0.9 else ""
                made.append((form + _typed(chance, name), way, code, _typed(chance, town), partner))
    chance.shuffle(made)
    return pl.DataFrame(made[:rows], schema=["name", "address", "postcode", "city", "partner"], orient="row")


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4))).upper()


def _typed(chance: random.Random, text: str) -> str:
    """A text with a letter missing, now and then, in small letters or not."""
    if chance.random() < 0.12:
        at = chance.randrange(len(text))
        text = text[:at] + text[at + 1 :]
    return text.title() if chance.random() < 0.5 else text
