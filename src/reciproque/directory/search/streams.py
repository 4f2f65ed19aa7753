"""Lists told in the order of names by the search index, which holds the names: a page costs a page, however many answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection

from reciproque.directory.search.swift import Standing
from reciproque.directory.search.words import Kind, Query

MOST_ALIKE = 2_000  # records of one place in the order of names, beyond which the database sorts them

WALK = """
SELECT {column}, key FROM (
  SELECT {column}, key{more} FROM directory_searchentry
  WHERE {column} IS NOT NULL AND {beyond} ORDER BY key {way}, {column} {way} LIMIT %(walked)s) AS entry
WHERE {held} ORDER BY key {way}, {column} {way} LIMIT %(limit)s
"""
GATHER = """
SELECT {column}, key FROM directory_searchentry
WHERE {column} IS NOT NULL AND {beyond} AND {held} ORDER BY key || '' {way}, {column} {way} LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Indexed:
    """The records that the index on disk tells, in the order of names; PostgreSQL where too many are called alike."""

    standing: Standing
    otherwise: "Ordered | None" = None

    fields: ClassVar[tuple[str, ...]] = ("name_key", "pk")

    def after(self, place: Sequence[Any] | None, *, descending: bool, size: int) -> Iterator[list[int]]:
        """The numbers beyond a name and a number, by chunks that grow. A few more than hoped for: some may not be read by all."""
        limit = size + size // 4
        while True:
            alike = MOST_ALIKE if self.otherwise else None
            rows = self.standing.after(place, descending=descending, limit=limit, alike=alike)
            if rows is None and self.otherwise:
                yield from self.otherwise.after(place, descending=descending, size=size)
                return
            rows = rows or []
            yield [number for _key, number in rows]
            if len(rows) < limit:
                return
            place, limit = rows[-1], limit * 4

    @property
    def exact(self) -> bool:
        """Not for letters: what holds all their threes may hold them elsewhere."""
        return self.standing.exact

    def some(self, most: int) -> tuple[Sequence[int], bool] | None:
        """The first ones."""
        return self.standing.some(most)


@dataclass(frozen=True, slots=True)
class Ordered:
    """The entries that answer something, in the order of names.

    When they are many (`common`), the order is walked until enough are met; if they stand too far apart, all are found, then
    sorted. Subclasses say what is asked: `walked` at most so many entries, `more` the columns it looks at.
    """

    kind: Kind
    common: bool

    fields: ClassVar[tuple[str, ...]] = ("name_key", "pk")
    exact: ClassVar[bool] = True
    walked: ClassVar[int]
    more: ClassVar[str] = ""

    def asked(self) -> tuple[str, str, dict[str, Any]]:
        """The condition on an entry that is walked over, on one that an index finds, and their values."""
        raise NotImplementedError

    def after(self, place: Sequence[Any] | None, *, descending: bool, size: int) -> Iterator[list[int]]:
        """The numbers beyond a name and a number, by chunks that grow."""
        common, limit = self.common, size * 2
        while True:
            rows = self._read(place, descending=descending, limit=limit, walk=common)
            if common and len(rows) < size:
                common = False
                rows = self._read(place, descending=descending, limit=limit, walk=False)
            yield [number for number, _key in rows]
            if len(rows) < size:
                return
            place, limit = (rows[-1][1], rows[-1][0]), limit * 4

    def some(self, _most: int) -> None:
        """They are counted as other rows are."""

    def _read(self, place: Sequence[Any] | None, *, descending: bool, limit: int, walk: bool) -> list[tuple[int, str]]:
        column, way = f"{self.kind}_id", "DESC" if descending else "ASC"
        over, found, values = self.asked()
        beyond = "true"
        if place is not None:
            beyond = f"(key, {column}) {'<' if descending else '>'} (%(key)s, %(number)s)"
            values |= {"key": place[0], "number": place[1]}
        statement = (WALK if walk else GATHER).format(
            column=column, beyond=beyond, way=way, more=self.more, held=over if walk else found
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, {**values, "limit": limit, "walked": self.walked})
            return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Holding(Ordered):
    """The entries that hold every word of a query."""

    query: Query

    walked: ClassVar[int] = 20_000
    more: ClassVar[str] = ", document"

    def asked(self) -> tuple[str, str, dict[str, Any]]:
        """The rarest words are looked for in the index, the others checked on what it found."""
        whole = "document @@ to_tsquery('simple', %(query)s)"
        if self.query.leading == self.query.text:
            return whole, whole, {"query": self.query.text}
        found = "document @@ to_tsquery('simple', %(leading)s) AND (document || '') @@ to_tsquery('simple', %(query)s)"
        return whole, found, {"query": self.query.text, "leading": self.query.leading}


@dataclass(frozen=True, slots=True)
class Containing(Ordered):
    """The entries whose name holds some letters anywhere: the index of names alone is read."""

    letters: str

    walked: ClassVar[int] = 100_000_000  # names alone are quickly walked over

    def asked(self) -> tuple[str, str, dict[str, Any]]:
        """The letters, folded, where no sign is a joker."""
        joker_free = self.letters.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return "key LIKE %(like)s", "key LIKE %(like)s", {"like": f"%{joker_free}%"}
