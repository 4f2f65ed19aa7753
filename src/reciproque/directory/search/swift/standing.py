"""What a list asks of the index on disk: how many records answer, which ones in the order of names, and where they stand.

The same records as PostgreSQL's: a query is put in the same terms, and those that have changed since the index took them in are
judged by PostgreSQL. Answers cost the number of records shown, however many hold the words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from reciproque.directory.search.swift import asking, files
from reciproque.directory.search.words import Kind, Query, Term

MOST_AREAS = 1_000
OPENING = 64  # what the first page of a list holds, and some more
TOLD = 1_100  # what the first search tells, to count those that may be read
INSIDE = "entry.key LIKE %(like)s"


def holding(query: Query, kind: Kind) -> Standing | None:
    """The records that hold every word; None when PostgreSQL must answer instead."""
    return _standing(kind, lambda: _words(query), asking.HOLDS, {"query": query.text})


def inside(letters: str, kind: Kind) -> Standing | None:
    """The records whose folded name holds this folded text anywhere. None when none of its words has three letters."""
    if not files.grams(letters):
        return None
    like = letters.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return _standing(kind, lambda: _grams(letters), INSIDE, {"like": f"%{like}%"}, letters)


def everything(kind: Kind) -> Standing | None:
    """All the records."""
    return _standing(kind, lambda: _query().all_query(), "entry.key IS NOT NULL", {})


@dataclass(frozen=True)
class Standing:
    """The records that answer: those of the index (`query`, whose name holds `letters`), and those that have changed and answer now
    (`held`, in order)."""

    reader: files.Reader
    query: Any
    held: list[tuple[str, int]] = field(default_factory=list)
    letters: str = ""

    @cached_property
    def count(self) -> int:
        """How many answer, whoever may read them: to choose a way of reading, never to be shown.

        With `letters`, at most so many: those that hold all their threes.
        """
        return self._opening[1] + len(self.held)

    @cached_property
    def _opening(self) -> tuple[list[tuple[Any, Any]], int]:
        """The first ones in the order of names, which most lists show, and how many there are: one search for both."""
        import tantivy  # noqa: PLC0415

        found = self.reader.searcher.search(self.query, TOLD, order_by_field="step", order=tantivy.Order.Asc)
        return list(found.hits), int(found.count or 0)

    def numbers(self) -> frozenset[int]:
        """All of them, for those who know that they are few."""
        hits, _more = self._hits(self.query, max(1, self.count), "pk", descending=False)
        found = (
            (number for _name, number in self._named([place for _pk, place in hits]))
            if self.letters
            else (hit[0] for hit in hits)
        )
        return frozenset(found) | {number for _key, number in self.held}

    def some(self, most: int) -> tuple[list[int], bool]:
        """The numbers of so many, the first in the order of names, and whether they are all."""
        hits, count = self._opening
        if most > TOLD:
            hits, _more = self._hits(self.query, most, "step", descending=False)
        told = self.reader.searcher.fast_field_values("pk", [place for _step, place in hits[:most]])
        return [*told, *(number for _key, number in self.held)], count <= len(told)

    @property
    def exact(self) -> bool:
        """Whether what is counted is what answers."""
        return not self.letters

    def narrowed(self, asked: Sequence[tuple[bool, Sequence[str]]], held: Collection[int]) -> Standing:
        """Those that have one of these facets, or none of them, for each thing asked; and of those that have changed, these ones."""
        import tantivy  # noqa: PLC0415

        query = self.query
        for wanted, facets in asked:
            found = tantivy.Query.term_set_query(files.schema(), "facets", list(facets))
            query = query.and_must_match(found) if wanted else query.and_must_not_match(found)
        return replace(self, query=query, held=[row for row in self.held if row[1] in held])

    def among(self, numbers: Sequence[int]) -> list[int]:
        """Those of these records that answer."""
        if not numbers:
            return []
        these = self.query.and_must_match(_query().term_set_query(files.schema(), "pk", list(numbers)))
        hits, _more = self._hits(these, len(numbers), "pk", descending=False)
        return [number for number, _place in hits] + [number for _key, number in self.held if number in set(numbers)]

    def after(
        self, place: Sequence[Any] | None, *, descending: bool, limit: int, alike: int | None = None
    ) -> list[tuple[str, int]] | None:
        """The names and numbers of the first ones beyond a name and a number.

        The index sorts by steps of the order of names, and the last step met is read whole: None when it would be to read more
        than `alike` records.
        """
        most = alike or max(1, self.reader.searcher.num_docs)
        asked, wanted = max(limit, OPENING), self._from(place, descending=descending)
        told = None if place is None else (str(place[0]), int(place[1]))
        while True:
            hits, more = self._first(wanted, asked, descending=descending)
            if more:
                last = hits[-1][0]
                step = _query().term_query(files.schema(), "step", last)
                same, too_many = self._hits(self.query.and_must_match(step), most, "pk", descending=False)
                if too_many and alike:
                    return None
                hits = [hit for hit in hits if hit[0] != last] + same
            rows = [row for row in self._named([hit[1] for hit in hits]) if _beyond(row, told, descending=descending)]
            if len(rows) >= limit or not more:
                rows += [row for row in self.held if _beyond(row, told, descending=descending)]
                return sorted(rows, reverse=descending)[:limit]
            if alike and asked > alike:
                return None
            asked *= 4

    def areas(self) -> dict[str, int]:
        """How many in each département ("": not known), of those of the index that everybody may read; `held` are left out."""
        asked = {"areas": {"terms": {"field": "area", "size": MOST_AREAS}}}
        found = self.reader.searcher.aggregate(self.query, asked)["areas"]["buckets"]
        return {"" if one["key"] == files.NOWHERE else str(one["key"]): int(one["doc_count"]) for one in found}

    def _first(self, query: Any, limit: int, *, descending: bool) -> tuple[list[tuple[Any, Any]], bool]:
        if query is self.query and limit == OPENING and not descending:
            hits, count = self._opening
            return hits[:OPENING], count > OPENING
        return self._hits(query, limit, "step", descending=descending)

    def _hits(self, query: Any, limit: int, order: str, *, descending: bool) -> tuple[list[tuple[Any, Any]], bool]:
        """The first ones in an order, as (its value, where it is), and whether there may be more."""
        import tantivy  # noqa: PLC0415

        way = tantivy.Order.Desc if descending else tantivy.Order.Asc
        hits = self.reader.searcher.search(query, limit, count=False, order_by_field=order, order=way).hits
        return list(hits), len(hits) == limit

    def _named(self, places: list[Any]) -> list[tuple[str, int]]:
        searcher = self.reader.searcher
        names = (searcher.doc(place)["key"][0] for place in places)
        numbers = searcher.fast_field_values("pk", places)
        return [(name, number) for name, number in zip(names, numbers, strict=True) if self.letters in name]

    def _from(self, place: Sequence[Any] | None, *, descending: bool) -> Any:
        """The query, from the step of a place on."""
        if place is None:
            return self.query
        import tantivy  # noqa: PLC0415

        step = self.reader.step_of(str(place[0]))
        bounds = (None, step) if descending else (step, None)
        ahead = tantivy.Query.range_query(files.schema(), "step", tantivy.FieldType.Integer, *bounds)
        return self.query.and_must_match(ahead)


def _beyond(row: tuple[str, int], place: tuple[str, int] | None, *, descending: bool) -> bool:
    return place is None or (row < place if descending else row > place)


def _standing(
    kind: Kind, build: Callable[[], Any], condition: str, values: dict[str, str], letters: str = ""
) -> Standing | None:
    if not files.present():
        return None
    rows = asking.pending(kind, condition, values)
    if not rows or len(rows) > asking.BEHIND:
        return None
    try:
        reader = files.reader(rows[0][0], kind)
    except (OSError, ValueError):  # not on this machine, or being removed
        return None
    query, changed = build(), [row[1] for row in rows if row[1] is not None]
    if changed:
        query = query.and_must_not_match(_query().term_set_query(files.schema(), "pk", changed))
    return Standing(reader, query, sorted((row[2], row[1]) for row in rows if row[4]), letters)


def _query() -> Any:
    import tantivy  # noqa: PLC0415 -- loaded by those who use it

    return tantivy.Query


def _words(query: Query) -> Any:
    import tantivy  # noqa: PLC0415

    terms = [(tantivy.Occur.Must, _term(term)) for term in query.terms]
    return tantivy.Query.boolean_query(terms)


def _grams(letters: str) -> Any:
    """All the threes of letters."""
    import tantivy  # noqa: PLC0415

    parts = [tantivy.Query.term_query(files.schema(), "grams", gram) for gram in sorted(files.grams(letters))]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])


def _term(term: Term) -> Any:
    """One of its choices, in the names or elsewhere. Choices are letters and digits, then « :* » for a beginning."""
    import tantivy  # noqa: PLC0415

    begun = [word.removesuffix(":*") for word in term.choices if word.endswith(":*")]
    whole = [word for word in term.choices if not word.endswith(":*")]
    schema, parts = files.schema(), []
    for name in ("names", "others"):
        parts += [tantivy.Query.regex_query(schema, name, f"{word}.*") for word in begun]
        parts += [tantivy.Query.term_set_query(schema, name, whole)] if whole else []
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])
