"""What was typed, turned into terms that the index answers quickly: known words as they are, the last one as a beginning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from django.db import connection

from reciproque.engines.identifiers import digits_query, fold

MOST_WORDS = 8
EXPANDED = 40  # a beginning shared by more words than this is looked for as a beginning
TELLING_TERMS = 4  # the rarest ones: enough for the index, the others are checked on what it found
TELLING = 4  # letters from which a word is worth mending

LOOKED_AT = 2_000  # words sharing a beginning that are counted: beyond it, it is common enough

VOCABULARY = """
SELECT asked.word, exact.partners, exact.people, begun.words[:%(many)s], coalesce(begun.partners, 0), coalesce(begun.people, 0),
  near.words, coalesce(near.partners, 0), coalesce(near.people, 0),
  (SELECT reltuples::bigint FROM pg_class WHERE oid = 'directory_partner'::regclass),
  (SELECT reltuples::bigint FROM pg_class WHERE oid = 'directory_person'::regclass)
FROM unnest(%(words)s::text[]) AS asked(word)
LEFT JOIN directory_searchword exact ON exact.word = asked.word
LEFT JOIN LATERAL (
  SELECT array_agg(word) AS words, sum(partners) AS partners, sum(people) AS people FROM (
    SELECT word, partners, people FROM directory_searchword
    WHERE word > asked.word AND word < (asked.word || '~') ORDER BY word LIMIT %(looked)s) AS beginning
) AS begun ON true
LEFT JOIN LATERAL (
  SELECT array_agg(word) AS words, sum(partners) AS partners, sum(people) AS people FROM (
    SELECT known.word, known.partners, known.people, similarity(known.word, asked.word) AS score FROM directory_searchword known
    WHERE known.word %% asked.word ORDER BY score DESC, known.partners + known.people DESC, known.word LIMIT 3) AS best
) AS near ON exact.word IS NULL AND begun.words IS NULL AND length(asked.word) >= %(telling)s AND asked.word !~ '[0-9]'
"""

Kind = Literal["partner", "person"]


HOLDING = "SELECT coalesce(sum({column}), 0) FROM directory_searchword WHERE word LIKE %s"


@dataclass(frozen=True, slots=True)
class Uses:
    """About how many entries of partners, and of people, hold a word."""

    partners: int = 0
    people: int = 0

    def of(self, kind: Kind) -> int:
        """Those of one kind."""
        return self.partners if kind == "partner" else self.people

    @property
    def total(self) -> int:
        """Those of both kinds."""
        return self.partners + self.people

    def __add__(self, other: Uses) -> Uses:
        return Uses(self.partners + other.partners, self.people + other.people)


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query: the known words that may stand for it, and their uses. `broad`: a beginning that many words share."""

    choices: tuple[str, ...]
    uses: Uses
    broad: bool = False

    @property
    def text(self) -> str:
        """Its part of a tsquery."""
        return "(" + "|".join(self.choices) + ")"


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, ready for the index. `folded` is the beginning of a name that it may be, `total` all the entries there are."""

    folded: str
    terms: tuple[Term, ...]
    total: Uses = Uses()

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def text(self) -> str:
        """The tsquery: every term."""
        return "&".join(term.text for term in self.terms)

    @property
    def leading(self) -> str:
        """The tsquery of what the index answers cheaply: the common terms are left to be checked on what it found."""
        return "&".join(term.text for term in self._telling)

    def uses(self, kind: Kind) -> int:
        """At most so many entries of that kind hold every term, or so."""
        return min((term.uses.of(kind) for term in self.terms), default=0)

    @property
    def alone(self) -> bool:
        """Whether a single term leads."""
        return len(self._telling) == 1

    @property
    def relaxed(self) -> str:
        """The tsquery in which any one of the telling terms may be missing; empty when there is one."""
        telling = self._telling
        if len(telling) < 2:
            return ""
        kept = combinations(telling, len(telling) - 1)
        return "|".join("(" + "&".join(term.text for term in some) + ")" for some in kept)

    @property
    def _telling(self) -> list[Term]:
        narrow = [term for term in self.terms if not term.broad]
        return sorted(narrow or self.terms, key=lambda term: term.uses.total)[:TELLING_TERMS]


def words_of(text: str) -> list[str]:
    """The words of a text, folded; an identifier typed with spaces is one word."""
    if digits := digits_query(text):
        return [digits.lower()]
    return re.findall(r"[a-z0-9]+", fold(text))[:MOST_WORDS]


def understand(text: str) -> Query:
    """Read what was typed against the vocabulary. One look-up."""
    words = words_of(text)
    if not words:
        return Query("", ())
    known = {row[0]: row[1:] for row in _known(sorted(set(words)))}
    total = Uses(*next(iter(known.values()))[-2:])
    closed = text[-1:].isspace()
    terms = [_term(word, known[word], last=rank == len(words) - 1 and not closed) for rank, word in enumerate(words)]
    return Query(" ".join(words), tuple(terms), total)


def words_holding(letters: str, kind: Kind) -> int:
    """About how many entries of that kind hold a word that holds these letters. Letters and digits only, three or more."""
    column = "partners" if kind == "partner" else "people"
    with connection.cursor() as cursor:
        cursor.execute(HOLDING.format(column=column), [f"%{letters}%"])
        return int(cursor.fetchone()[0])


def _known(words: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    asked: dict[str, Any] = {"words": list(words), "many": EXPANDED + 1, "looked": LOOKED_AT, "telling": TELLING}
    with connection.cursor() as cursor:
        cursor.execute(VOCABULARY, asked)
        return list(cursor.fetchall())


def _term(word: str, known: tuple[Any, ...], *, last: bool) -> Term:
    partners, people, begun, begun_partners, begun_people, near, near_partners, near_people, *_totals = known
    if any(sign.isdigit() for sign in word):
        expected = 0 if len(word) > 5 else 10_000
        return Term((f"{word}:*" if last or len(word) < 5 else word,), Uses(expected, expected), len(word) < 4)
    exact = Uses(partners or 0, people or 0)
    whole, begun = (() if partners is None else (word,)), begun or []
    if whole and not last and (len(word) < 3 or len(begun) > EXPANDED):
        return Term(whole, exact)
    beginning = Uses(begun_partners, begun_people)
    if len(begun) > EXPANDED:
        return Term((f"{word}:*",), exact + beginning, broad=True)
    if whole or begun:
        return Term((*whole, *begun), exact + beginning)
    if near:
        return Term(tuple(near), Uses(near_partners, near_people))
    return Term((f"{word}:*",), Uses())
