"""Finding partners and people by what people type: accents, case, order, prefixes, small mistakes, identifiers with spaces.

`SearchEntry` holds one document per partner and per person, `SearchWord` the words that exist, so that a mistyped word is
replaced by its nearest neighbours. Everything here is derived: `rebuild()` makes it anew. What is kept to a unit or to named
people is in its own entry only (rights are judged on it), never in the entry of a partner that others may read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from rapidfuzz import fuzz

from reciproque.directory import policies
from reciproque.directory.models import Partner, Person, SearchEntry
from reciproque.engines.identifiers import digits_query, fold
from reciproque.institution.access import Actor

CANDIDATES = 60
CHUNK = 20_000

PARTNERS_SQL = r"""
WITH names AS (
  SELECT id, label, name_key, coalesce(nullif(headcount_band, 'NN'), '00') AS band,
    concat_ws(' ', name, usual_name, acronym, array_to_string(former_names, ' ')) AS names,
    concat_ws(' ', siren, rna, vat, foreign_id) AS identifiers,
    concat_ws(' ', city, postcode, email, split_part(email, '@', 2), regexp_replace(web, '^https?://(www\.)?', '')) AS places
  FROM directory_partner WHERE id = ANY(%(ids)s)
), sites AS (
  SELECT partner_id, string_agg(concat_ws(' ', siret, uai), ' ') AS identifiers,
    string_agg(DISTINCT concat_ws(' ', name, city, postcode), ' ') AS places
  FROM directory_site WHERE partner_id = ANY(%(ids)s) GROUP BY partner_id
), people AS (
  SELECT position.partner_id, left(string_agg(concat_ws(' ', person.first_name, person.last_name), ' '), 20000) AS names
  FROM directory_position position JOIN directory_person person ON person.id = position.person_id
  WHERE position.partner_id = ANY(%(ids)s) AND position.ended_on IS NULL AND person.sharing = 'network'
    AND person.archived_at IS NULL
  GROUP BY position.partner_id
)
INSERT INTO directory_searchentry (partner_id, key, document, rank)
SELECT names.id, names.name_key,
  setweight(rq_document(names.names), 'A') ||
  setweight(to_tsvector('simple', lower(concat_ws(' ', names.identifiers, sites.identifiers))), 'B') ||
  setweight(rq_document(concat_ws(' ', names.places, sites.places)), 'C') ||
  setweight(rq_document(coalesce(people.names, '')), 'D'),
  CASE WHEN names.band ~ '^[0-9]+$' THEN names.band::int ELSE 0 END
FROM names LEFT JOIN sites ON sites.partner_id = names.id LEFT JOIN people ON people.partner_id = names.id
ON CONFLICT (partner_id) DO UPDATE SET key = excluded.key, document = excluded.document, rank = excluded.rank
"""

PEOPLE_SQL = r"""
WITH employers AS (
  SELECT position.person_id, string_agg(concat_ws(' ', partner.label, partner.acronym, position.title), ' ') AS names
  FROM directory_position position JOIN directory_partner partner ON partner.id = position.partner_id
  WHERE position.person_id = ANY(%(ids)s) AND position.ended_on IS NULL AND partner.sharing = 'network'
  GROUP BY position.person_id
)
INSERT INTO directory_searchentry (person_id, key, document, rank)
SELECT person.id, person.name_key,
  setweight(rq_document(concat_ws(' ', person.first_name, person.last_name)), 'A') ||
  setweight(rq_document(concat_ws(' ', person.email, array_to_string(person.other_emails, ' '))), 'C') ||
  setweight(rq_document(coalesce(employers.names, '')), 'D'),
  0
FROM directory_person person LEFT JOIN employers ON employers.person_id = person.id WHERE person.id = ANY(%(ids)s)
ON CONFLICT (person_id) DO UPDATE SET key = excluded.key, document = excluded.document, rank = excluded.rank
"""

WORDS_SQL = r"""
INSERT INTO directory_searchword (word, uses)
SELECT lexeme, count(*) FROM directory_searchentry entry, unnest(entry.document) AS found
WHERE (entry.partner_id = ANY(%(partners)s) OR entry.person_id = ANY(%(people)s))
  AND length(lexeme) BETWEEN 3 AND 40 AND lexeme !~ '[0-9]'
GROUP BY lexeme ORDER BY lexeme
ON CONFLICT (word) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: `kind` is partner or person; `detail` what tells it from its namesakes."""

    kind: str
    pk: int
    label: str
    detail: str
    icon: str


def refresh(*, partner_ids: Iterable[int] = (), person_ids: Iterable[int] = ()) -> None:
    """Write anew the entries of these partners and people, in bulk. Called by every operation that changes them."""
    partners, people = sorted(set(partner_ids)), sorted(set(person_ids))
    with connection.cursor() as cursor:
        if partners:
            cursor.execute(PARTNERS_SQL, {"ids": partners})
        if people:
            cursor.execute(PEOPLE_SQL, {"ids": people})
        if partners or people:
            cursor.execute(WORDS_SQL, {"partners": partners, "people": people})


def rebuild() -> None:
    """Make the whole index anew, chunk by chunk, and count the words exactly."""
    for model, key in ((Partner, "partner_ids"), (Person, "person_ids")):
        last = 0
        while ids := list(model.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
            refresh(**{key: ids})
            last = ids[-1]


def words_of(text: str) -> list[str]:
    """The words of a query, folded; an identifier typed with spaces is one word."""
    if digits := digits_query(text):
        return [digits.lower()]
    return re.findall(r"[a-z0-9]+", fold(text))[:8]


def expression(text: str) -> str:
    """The tsquery of a text: every word as a prefix, or, where no word begins so, its three nearest ones. "" when empty."""
    words = words_of(text)
    mended = _nearest([word for word in words if len(word) >= 4 and not word.isdecimal()])
    parts = []
    for word in words:
        choices = mended.get(word, [])
        parts.append("(" + " | ".join([f"{word}:*", *choices]) + ")" if choices else f"{word}:*")
    return " & ".join(parts)


def matching(queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Restrict partners or people to those whose entry holds every word of the text; untouched when it holds no word."""
    query = expression(text)
    if not query:
        return queryset
    owner = "partner" if issubclass(queryset.model, Partner) else "person"
    found = SearchEntry.objects.extra(where=["document @@ to_tsquery('simple', %s)"], params=[query])
    return queryset.filter(pk__in=found.filter(**{f"{owner}__isnull": False}).values(f"{owner}_id"))


def find(actor: Actor, text: str, *, kinds: Iterable[str] = ("partner", "person"), limit: int = 8) -> list[Hit]:
    """The best hits that the actor may view, at most `limit` of each kind, best first."""
    query = expression(text)
    if not query:
        return []
    hits: list[Hit] = []
    for kind in kinds:
        ranked = _ranked(_candidates(query, " ".join(words_of(text)), kind), text)
        hits += (_partners if kind == "partner" else _people)(actor, ranked, limit)
    return hits


def _nearest(words: list[str]) -> dict[str, list[str]]:
    """For each word that begins no known one, its three nearest known words (trigrams)."""
    if not words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT asked.word, near.words FROM unnest(%s::text[]) AS asked(word)
            CROSS JOIN LATERAL (
              SELECT array_agg(word ORDER BY score DESC, word) AS words FROM (
                SELECT known.word, similarity(known.word, asked.word) AS score FROM directory_searchword known
                WHERE known.word %% asked.word ORDER BY score DESC, known.word LIMIT 3) AS best
            ) AS near
            WHERE NOT EXISTS (
              SELECT 1 FROM directory_searchword known
              WHERE known.word >= asked.word AND known.word < (asked.word || '~'))
            """,
            [words],
        )
        return {word: near or [] for word, near in cursor.fetchall()}


def _candidates(query: str, folded: str, kind: str) -> list[tuple[int, str, int]]:
    """(id, key, rank) of entries whose name begins so, then of those that hold the words."""
    column = "partner_id" if kind == "partner" else "person_id"
    statement = f"""
        (SELECT {column}, key, rank FROM directory_searchentry
         WHERE {column} IS NOT NULL AND key >= %(text)s AND key < (%(text)s || '~')
         ORDER BY key LIMIT %(limit)s)
        UNION
        (SELECT {column}, key, rank FROM directory_searchentry
         WHERE {column} IS NOT NULL AND document @@ to_tsquery('simple', %(query)s)
         LIMIT %(limit)s)
    """  # noqa: S608 -- the column is one of two words of ours
    with connection.cursor() as cursor:
        cursor.execute(statement, {"text": folded, "query": query, "limit": CANDIDATES})
        return list(cursor.fetchall())


def _ranked(rows: list[tuple[int, str, int]], text: str) -> list[int]:
    asked = fold(text).strip()

    def score(row: tuple[int, str, int]) -> tuple[float, str, int]:
        pk, key, rank = row
        value = fuzz.WRatio(asked, key) + (30 if key.startswith(asked) else 0) + rank / 10
        return (-value, key, pk)

    return [row[0] for row in sorted(rows, key=score)]


def _partners(actor: Actor, ids: list[int], limit: int) -> list[Hit]:
    allowed = policies.partners.allowed(actor, "view").filter(pk__in=ids, archived_at=None)
    rows = {row["pk"]: row for row in allowed.values("pk", "label", "city", "department", "siren", "kind")}
    found = [rows[pk] for pk in ids if pk in rows][:limit]
    return [
        Hit("partner", row["pk"], row["label"], " · ".join(filter(None, [row["city"], row["siren"]])), row["kind"])
        for row in found
    ]


def _people(actor: Actor, ids: list[int], limit: int) -> list[Hit]:
    current = Q(positions__ended_on=None, positions__partner__sharing="network")
    allowed = policies.people.allowed(actor, "view").filter(pk__in=ids, archived_at=None)
    rows: dict[int, Any] = {}
    for row in allowed.filter(current | Q(positions=None)).values(
        "pk", "first_name", "last_name", title=F("positions__title"), employer=F("positions__partner__label")
    ):
        rows.setdefault(row["pk"], row)
    found = [rows[pk] for pk in ids if pk in rows][:limit]
    return [
        Hit(
            "person",
            row["pk"],
            f"{row['first_name']} {row['last_name']}".strip(),
            ", ".join(filter(None, [row["title"], row["employer"]])),
            "person",
        )
        for row in found
    ]
