"""Restricting a list to what a text says: every word, and inside the names when words find little."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Value

from reciproque.directory.models import Partner, Person, SearchEntry
from reciproque.directory.search.words import Kind, Query, understand
from reciproque.foundation.database.functions import Fold
from reciproque.foundation.listing.narrowing import EVERYTHING, FEW, Narrowing, Probed, among, named

GATHERED = 15_000  # entries up to which they are all found, then sorted
LITTLE = 25  # with fewer hits than this, names that hold the letters anywhere are added
INSIDE = 3  # letters without which « anywhere » would be everything
SOME = 300  # from so many hits on, only those of a page are read from the records
WALKED = 20_000  # entries walked in the order of names in the hope of a page, before all are found after all

WALK = """
SELECT {column}, key FROM (
  SELECT {column}, key, document FROM directory_searchentry
  WHERE {column} IS NOT NULL AND {beyond} ORDER BY key {way}, {column} {way} LIMIT %(walked)s) AS entry
WHERE document @@ to_tsquery('simple', %(query)s) ORDER BY key {way}, {column} {way} LIMIT %(limit)s
"""
GATHER = """
SELECT {column}, key FROM directory_searchentry
WHERE {column} IS NOT NULL AND {beyond} AND document @@ to_tsquery('simple', %(leading)s)
  AND (document || '') @@ to_tsquery('simple', %(query)s)
ORDER BY key || '' {way}, {column} {way} LIMIT %(limit)s
"""


def narrowing(model: type[Partner] | type[Person], text: str) -> Narrowing:
    """The condition that a text puts on partners or people; none when it holds no word."""
    query = understand(text)
    if not query:
        return EVERYTHING
    kind: Kind = "partner" if model is Partner else "person"
    entries = SearchEntry.objects.filter(**{f"{kind}__isnull": False})
    uses = query.uses(kind)
    if uses > FEW * 2:
        return _many(query, kind, entries, uses)
    found = among(entries.extra(**_held(query)), f"{kind}_id", gathered=True)
    if found.few is None:
        return _many(query, kind, entries, FEW)
    if len(found.few) > SOME:
        return replace(found, stream=Ordered(query, kind, walked=False))
    if len(found.few) >= LITTLE or len(query.folded) < INSIDE:
        return found
    letters = model.objects.filter(name_key__contains=Fold(Value(text.strip()))).order_by()
    return named(found.few | set(letters.values_list("pk", flat=True)[:FEW]))


def matching(queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Restrict partners or people to those whose entry holds every word of the text; untouched when it holds no word."""
    return queryset.filter(narrowing(queryset.model, text).rows)


def _many(query: Query, kind: Kind, entries: QuerySet[Any], uses: int) -> Narrowing:
    """Too many to be named: told in the order of names; in another one found first, or asked of each row when most would do."""
    held = entries.extra(**_held(query))
    plain = Q(pk__in=held.order_by().values(f"{kind}_id"))
    stream = Ordered(query, kind, walked=uses > GATHERED)
    if uses <= GATHERED:
        return Narrowing(plain, plain, gathered=True, stream=stream)
    asked = entries.extra(where=["(document || '') @@ to_tsquery('simple', %s)"], params=[query.text])
    probe = asked.order_by().filter(**{f"{kind}_id": OuterRef("pk")}).values("pk")
    return Narrowing(Q(Probed(probe)), plain, stream=stream)


@dataclass(frozen=True, slots=True)
class Ordered:
    """The entries that a query finds, in the order of names, which they hold.

    When they are many, the order is walked until enough are met; if they stand too far apart, all are found, then sorted.
    """

    query: Query
    kind: Kind
    walked: bool
    fields: tuple[str, ...] = ("name_key", "pk")

    def after(self, place: Sequence[Any] | None, *, descending: bool, size: int) -> Iterator[list[int]]:
        """The numbers beyond a name and a number, by chunks that grow."""
        walked, limit = self.walked, size * 2
        while True:
            rows = self._read(place, descending=descending, limit=limit, walked=walked)
            if walked and len(rows) < min(limit, size):
                walked = False
                rows = self._read(place, descending=descending, limit=limit, walked=walked)
            yield [number for number, _key in rows]
            if len(rows) < min(limit, size):
                return
            place, limit = (rows[-1][1], rows[-1][0]), limit * 4

    def _read(
        self, place: Sequence[Any] | None, *, descending: bool, limit: int, walked: bool
    ) -> list[tuple[int, str]]:
        column, way = f"{self.kind}_id", "DESC" if descending else "ASC"
        values: dict[str, Any] = {
            "query": self.query.text,
            "leading": self.query.leading,
            "limit": limit,
            "walked": WALKED,
        }
        beyond = "true"
        if place is not None:
            beyond = f"(key, {column}) {'<' if descending else '>'} (%(key)s, %(number)s)"
            values |= {"key": place[0], "number": place[1]}
        statement = (WALK if walked else GATHER).format(column=column, beyond=beyond, way=way)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())


def _held(query: Query) -> dict[str, Any]:
    where = ["document @@ to_tsquery('simple', %s)"]
    if query.leading == query.text:
        return {"where": where, "params": [query.text]}
    return {"where": [*where, "(document || '') @@ to_tsquery('simple', %s)"], "params": [query.leading, query.text]}
