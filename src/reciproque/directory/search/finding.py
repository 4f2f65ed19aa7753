"""The best hits of a few letters typed: what begins so, what holds every word, mistyped words mended, then ranked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from rapidfuzz import fuzz

from reciproque.directory import policies
from reciproque.directory.models import Position
from reciproque.directory.search.swift.asking import candidates
from reciproque.directory.search.words import Kind, Query, understand, words_of
from reciproque.engines.identifiers import fold, format_siren
from reciproque.foundation.database.kept import ready
from reciproque.institution.access import Actor

CANDIDATES = 50
UNSELECTIVE = 20_000  # from so many entries on, the biggest partners are walked instead of the index being read whole

BEGUN = """
SELECT {column}, key, rank FROM directory_searchentry
WHERE {column} IS NOT NULL AND key >= %(text)s AND key < (%(text)s || '~') ORDER BY key LIMIT %(limit)s
"""
HELD = """
SELECT {column}, key, rank FROM directory_searchentry
WHERE {column} IS NOT NULL AND document @@ to_tsquery('simple', %(query)s) LIMIT %(limit)s
"""
WALKED = """
SELECT {column}, key, rank FROM directory_searchentry
WHERE {column} IS NOT NULL AND (document || '') @@ to_tsquery('simple', %(query)s) ORDER BY {order} LIMIT %(limit)s
"""
ORDER = {"partner": "rank DESC, partner_id", "person": "person_id"}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: `kind` is partner or person; `detail` what tells it from its namesakes."""

    kind: str
    pk: int
    label: str
    detail: str
    icon: str


def find(actor: Actor, text: str, *, kinds: Iterable[Kind] = ("partner", "person"), limit: int = 8) -> list[Hit]:
    """The best hits that the actor may view, at most `limit` of each kind, best first."""
    hits: list[Hit] = []
    for kind, ids in ranked(text, *kinds).items():
        hits += (_partners if kind == "partner" else _people)(actor, ids, limit)
    return hits


def ranked(text: str, *kinds: Kind) -> dict[Kind, list[int]]:
    """The records of each kind that may be meant, best first; rights are not judged yet."""
    if (swift := _from_files(text, kinds)) is not None:
        return {kind: best_first(rows, text) for kind, rows in swift.items()}
    query = understand(text)
    if not query:
        return {}
    found = {kind: _candidates(query, kind) for kind in kinds}
    if query.relaxed and not any(found.values()):
        found = {kind: _read(HELD, kind, query=query.relaxed) for kind in found}
    return {kind: best_first(rows, text) for kind, rows in found.items()}


def _from_files(text: str, kinds: Iterable[Kind]) -> dict[Kind, dict[int, tuple[str, int]]] | None:
    """What the index on disk tells, with the names that begin so when one word is typed; None when it cannot answer."""
    words, found = words_of(text), {}
    for kind in kinds:
        rows = candidates(text, kind, CANDIDATES)
        if rows is None:
            return None
        found[kind] = rows | _read(BEGUN, kind, text=words[0]) if len(words) == 1 else rows
    return found


def _candidates(query: Query, kind: Kind) -> dict[int, tuple[str, int]]:
    """id → (key, rank) of entries whose name begins so, and of those that hold the words."""
    found = _read(BEGUN, kind, text=query.folded)
    if len(found) < CANDIDATES:
        common = query.alone and query.uses(kind) >= UNSELECTIVE
        found |= _read(WALKED if common else HELD, kind, query=query.leading)
    return found


def _read(statement: str, kind: Kind, *, text: str = "", query: str = "") -> dict[int, tuple[str, int]]:
    column = "partner_id" if kind == "partner" else "person_id"
    values: dict[str, str | int] = {"text": text, "query": query, "limit": CANDIDATES}
    with connection.cursor() as cursor:
        cursor.execute(statement.format(column=column, order=ORDER[kind]), values)
        return {pk: (key, rank) for pk, key, rank in cursor.fetchall()}


def best_first(rows: dict[int, tuple[str, int]], text: str) -> list[int]:
    """The records of (key, rank), those whose name is nearest to what was typed first."""
    asked = fold(text).strip()

    def score(pk: int) -> tuple[float, str, int]:
        key, rank = rows[pk]
        value = fuzz.WRatio(asked, key) + (30 if key.startswith(asked) else 0) + rank / 10
        return (-value, key, pk)

    return sorted(rows, key=score)


@ready
def _named_partners(actor: Actor, *, ids: list[int]) -> QuerySet[Any, dict[str, Any]]:
    allowed: QuerySet[Any, Any] = policies.partners.allowed(actor, "view").filter(pk__among=ids, archived_at=None)
    return allowed.order_by().values("pk", "label", "city", "siren", "kind")


@ready
def _named_people(actor: Actor, *, ids: list[int]) -> QuerySet[Any, dict[str, Any]]:
    allowed: QuerySet[Any, Any] = policies.people.allowed(actor, "view").filter(pk__among=ids, archived_at=None)
    return allowed.order_by().values("pk", "first_name", "last_name")


@ready
def _jobs(*, ids: list[int]) -> QuerySet[Any, dict[str, Any]]:
    """What people that may be read do now, in partners shared with everybody."""
    rows: QuerySet[Any, Any] = Position.objects.filter(
        person__among=ids, ended_on=None, partner__sharing="network"
    ).order_by("pk")
    return rows.values("person_id", "title", employer=F("partner__label"))


def _partners(actor: Actor, ids: list[int], limit: int) -> list[Hit]:
    rows = {row["pk"]: row for row in _named_partners(actor, ids=ids)} if ids else {}
    found = [rows[pk] for pk in ids if pk in rows][:limit]
    return [
        Hit(
            "partner",
            row["pk"],
            row["label"],
            " · ".join(filter(None, [row["city"], format_siren(row["siren"])])),
            row["kind"],
        )
        for row in found
    ]


def _people(actor: Actor, ids: list[int], limit: int) -> list[Hit]:
    people = {row["pk"]: row for row in _named_people(actor, ids=ids)} if ids else {}
    found = [people[pk] for pk in ids if pk in people][:limit]
    jobs: dict[int, Any] = {}
    for row in _jobs(ids=[row["pk"] for row in found]) if found else ():
        jobs.setdefault(row["person_id"], row)
    return [
        Hit(
            "person",
            row["pk"],
            f"{row['first_name']} {row['last_name']}".strip(),
            ", ".join(filter(None, [jobs[row["pk"]]["title"], jobs[row["pk"]]["employer"]]))
            if row["pk"] in jobs
            else "",
            "person",
        )
        for row in found
    ]
