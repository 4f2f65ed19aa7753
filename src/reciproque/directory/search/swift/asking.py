"""Asking the index on disk: every word, as it is, as a beginning for the last one, or with a mistake; else all the words but one."""

from __future__ import annotations

from typing import Any

from django.db import connection

from reciproque.directory.search.swift import files
from reciproque.directory.search.words import Kind, words_of

BEHIND = 500  # changed records from which PostgreSQL is asked for everything
HOLDS = "entry.document @@ to_tsquery('simple', %(query)s)"
MENDED, MENDED_TWICE = 4, 9  # letters from which a word may hold a mistake, and two
ELIDED = frozenset("dl")  # « l’atelier », « d’Angers »: never the initial of a word
BEGINNING = 3  # letters of a single word below which the order of names answers better

PENDING = """
SELECT held.token, changed.id, entry.key, entry.rank, {condition}
FROM directory_searchindex held
LEFT JOIN (SELECT DISTINCT {kind} AS id FROM directory_searchchange WHERE {kind} IS NOT NULL LIMIT %(most)s) changed ON true
LEFT JOIN directory_searchentry entry ON entry.{kind}_id = changed.id
WHERE held.ready
"""

Found = dict[int, tuple[str, int]]


def candidates(text: str, kind: Kind, limit: int) -> Found | None:
    """Record → (key, rank) of those that may be meant; None when PostgreSQL must answer instead."""
    words = words_of(text)
    if not files.present() or not words or (len(words) == 1 and len(words[0]) < BEGINNING):
        return None
    open_end = not text[-1:].isspace()
    rows = pending(kind, HOLDS, {"query": " & ".join(words) + (":*" if open_end else "")})
    if not rows or len(rows) > BEHIND:
        return None
    changed = {row[1] for row in rows if row[1] is not None}
    try:
        found = read(rows[0][0], words, kind, limit + min(len(changed), limit), open_end=open_end)
    except (OSError, ValueError):  # not on this machine, or being removed
        return None
    kept = {pk: told for pk, told in found.items() if pk not in changed}
    return kept | {pk: (key, rank) for _token, pk, key, rank, holds in rows if holds}


def pending(kind: Kind, condition: str, values: dict[str, str]) -> list[Any]:
    """The token of the index, with each changed record, its key, its rank, and whether it answers a condition on its `entry`.

    One row without a record when none has changed; no row when there is no index. Read before the index: never the other way.
    """
    with connection.cursor() as cursor:
        cursor.execute(PENDING.format(kind=kind, condition=condition), {**values, "most": BEHIND + 1})
        return list(cursor.fetchall())


def read(token: str, words: list[str], kind: Kind, limit: int, *, open_end: bool) -> Found:
    """Record → (key, rank) of those that the index tells. Raises OSError or ValueError when it is not there, or broken."""
    searcher, query = files.searcher(token, kind), _Asked(words, open_end=open_end)
    if len(words) == 1:
        found: Found = {}
        for field in ("names", "others"):
            if len(found) < limit:
                found |= _told(
                    searcher, searcher.search(query.begun(field), limit, count=False, order_by_field="rank").hits
                )
        if found:
            return found
    known = frozenset(word for word in words if any(searcher.doc_freq(field, word) for field in ("names", "others")))
    hits = searcher.search(query.whole(known), limit, count=False).hits
    if not hits and known:
        hits = searcher.search(query.whole(frozenset()), limit, count=False).hits
    if not hits:
        hits = searcher.search(query.relaxed, limit, count=False).hits
    return _told(searcher, hits)


def _told(searcher: Any, hits: list[Any]) -> Found:
    places = [place for _score, place in hits]
    numbers = searcher.fast_field_values("pk", places)
    found: Found = {}
    for number, place in zip(numbers, places, strict=True):
        document = searcher.doc(place)
        found[number] = (document["key"][0], document["rank"][0])
    return found


class _Asked:
    """The queries for some words."""

    def __init__(self, words: list[str], *, open_end: bool) -> None:
        import tantivy  # noqa: PLC0415

        self.query, self.occur, self.schema = tantivy.Query, tantivy.Occur, files.schema()
        self.words, self.open_end = words, open_end

    def begun(self, field: str) -> Any:
        """The one word, or what it begins."""
        word = self.words[0]
        return self._beginning(field, word) if self.open_end else self._exact(field, word)

    def whole(self, known: frozenset[str]) -> Any:
        """Every word; those that are not known may hold a mistake, looked for in names."""
        return self.query.boolean_query([(self.occur.Must, term) for term in self._terms("names", known=known)])

    @property
    def relaxed(self) -> Any:
        """Every word but one; mistakes are looked for everywhere."""
        terms = [(self.occur.Should, term) for term in self._terms("names", "others", twice=True)]
        return self.query.boolean_query(terms, minimum_number_should_match=max(1, len(terms) - 1))

    def _terms(self, *mended: str, twice: bool = False, known: frozenset[str] = frozenset()) -> list[Any]:
        closed, last = (self.words[:-1], self.words[-1:]) if self.open_end else (self.words, [])
        said = [self._said(words, () if words[0] in known else mended, twice=twice) for words in _spelt(closed)]
        return said + [self._term(word, () if word in known else mended, last=True, twice=twice) for word in last]

    def _said(self, words: list[str], mended: tuple[str, ...], *, twice: bool) -> Any:
        """A word that was typed whole, or letters typed one by one: « S.A.S. », which others write « SAS »."""
        if len(words) == 1:
            return self._term(words[0], mended, last=False, twice=twice)
        letters = self.query.boolean_query([(self.occur.Must, self._exact("names", word)) for word in words])
        return self._any([letters, *(self._exact(field, "".join(words)) for field in ("names", "others"))])

    def _term(self, word: str, mended: tuple[str, ...], *, last: bool, twice: bool) -> Any:
        parts = [self.query.boost_query(self._exact("names", word), 2.0), self._exact("others", word)]
        if last or (len(word) == 1 and word not in ELIDED):
            parts += [self._beginning("names", word), self._beginning("others", word)]
        if len(word) >= MENDED and word.isalpha():
            slips = 2 if twice and len(word) >= MENDED_TWICE else 1
            parts += [self._mended(name, word, slips) for name in mended]
        return self._any(parts)

    def _any(self, parts: list[Any]) -> Any:
        return self.query.boolean_query([(self.occur.Should, part) for part in parts])

    def _exact(self, field: str, word: str) -> Any:
        return self.query.term_query(self.schema, field, word)

    def _beginning(self, field: str, word: str) -> Any:
        """Words are letters and digits: none is a sign of regular expressions."""
        return self.query.const_score_query(self.query.regex_query(self.schema, field, f"{word}.*"), 0.5)

    def _mended(self, field: str, word: str, slips: int) -> Any:
        return self.query.fuzzy_term_query(self.schema, field, word, distance=slips, transposition_cost_one=True)


def _spelt(words: list[str]) -> list[list[str]]:
    """Words one by one, but for letters that follow one another, which go together."""
    found: list[list[str]] = []
    for word in words:
        if found and len(word) == 1 and len(found[-1][-1]) == 1:
            found[-1].append(word)
        else:
            found.append([word])
    return found
