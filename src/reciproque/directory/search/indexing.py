"""Writing the index anew: entries of partners and people, and the words that exist. All in bulk, in the database."""

from collections.abc import Iterable

from django.db import connection

from reciproque.directory.models import Partner, Person
from reciproque.foundation.database.bulk import numbers

CHUNK = 20_000

PARTNERS_SQL = r"""
WITH names AS (
  SELECT id, label, name_key, coalesce(nullif(headcount_band, 'NN'), '00') AS band,
    concat_ws(' ', name, usual_name, acronym, array_to_string(former_names, ' ')) AS names,
    concat_ws(' ', siren, rna, vat, foreign_id) AS identifiers,
    concat_ws(' ', city, postcode, email, split_part(email, '@', 2), regexp_replace(web, '^https?://(www\.)?', '')) AS places
  FROM directory_partner WHERE id = ANY(%(ids)s) AND merged_into_id IS NULL
), sites AS (
  SELECT partner_id, string_agg(concat_ws(' ', siret, uai), ' ') AS identifiers,
    string_agg(DISTINCT concat_ws(' ', name, city, postcode), ' ') AS places
  FROM directory_site WHERE partner_id = ANY(%(ids)s) AND merged_into_id IS NULL GROUP BY partner_id
), people AS (
  SELECT position.partner_id, left(string_agg(concat_ws(' ', person.first_name, person.last_name), ' '), 20000) AS names
  FROM directory_position position JOIN directory_person person ON person.id = position.person_id
  WHERE position.partner_id = ANY(%(ids)s) AND position.ended_on IS NULL AND person.sharing = 'network'
    AND person.archived_at IS NULL
  GROUP BY position.partner_id
), written AS (
INSERT INTO directory_searchentry (partner_id, key, document, rank)
SELECT names.id, names.name_key,
  setweight(rq_document(names.names), 'A') ||
  setweight(to_tsvector('simple', lower(concat_ws(' ', names.identifiers, sites.identifiers))), 'B') ||
  setweight(rq_document(concat_ws(' ', names.places, sites.places)), 'C') ||
  setweight(rq_document(coalesce(people.names, '')), 'D'),
  CASE WHEN names.band ~ '^[0-9]+$' THEN names.band::int ELSE 0 END
FROM names LEFT JOIN sites ON sites.partner_id = names.id LEFT JOIN people ON people.partner_id = names.id
ON CONFLICT (partner_id) DO UPDATE SET key = excluded.key, document = excluded.document, rank = excluded.rank
RETURNING partner_id AS id)
INSERT INTO directory_searchchange (partner) SELECT id FROM written WHERE EXISTS (SELECT 1 FROM directory_searchindex)
"""

PEOPLE_SQL = r"""
WITH employers AS (
  SELECT position.person_id, string_agg(concat_ws(' ', partner.label, partner.acronym, position.title), ' ') AS names
  FROM directory_position position JOIN directory_partner partner ON partner.id = position.partner_id
  WHERE position.person_id = ANY(%(ids)s) AND position.ended_on IS NULL AND partner.sharing = 'network'
  GROUP BY position.person_id
), written AS (
INSERT INTO directory_searchentry (person_id, key, document, rank)
SELECT person.id, person.name_key,
  setweight(rq_document(concat_ws(' ', person.first_name, person.last_name)), 'A') ||
  setweight(rq_document(concat_ws(' ', person.email, array_to_string(person.other_emails, ' '))), 'C') ||
  setweight(rq_document(coalesce(employers.names, '')), 'D'),
  0
FROM directory_person person LEFT JOIN employers ON employers.person_id = person.id
WHERE person.id = ANY(%(ids)s) AND person.merged_into_id IS NULL
ON CONFLICT (person_id) DO UPDATE SET key = excluded.key, document = excluded.document, rank = excluded.rank
RETURNING person_id AS id)
INSERT INTO directory_searchchange (person) SELECT id FROM written WHERE EXISTS (SELECT 1 FROM directory_searchindex)
"""

WORDS_SQL = r"""
INSERT INTO directory_searchword (word, partners, people)
SELECT lexeme, count(entry.partner_id), count(entry.person_id) FROM directory_searchentry entry, unnest(entry.document) AS found
WHERE (entry.partner_id = ANY(%(partners)s) OR entry.person_id = ANY(%(people)s))
  AND length(lexeme) <= 40 AND lexeme !~ '[0-9]'
GROUP BY lexeme ORDER BY lexeme
ON CONFLICT (word) DO NOTHING
"""

COUNT_SQL = r"""
WITH counted AS (
  SELECT word, sum(partners) AS partners, sum(people) AS people FROM (
    SELECT word, ndoc AS partners, 0 AS people FROM ts_stat('SELECT document FROM directory_searchentry WHERE partner_id IS NOT NULL')
    UNION ALL
    SELECT word, 0, ndoc FROM ts_stat('SELECT document FROM directory_searchentry WHERE person_id IS NOT NULL')) AS found
  WHERE length(word) <= 40 AND word !~ '[0-9]' GROUP BY word
), forgotten AS (
  DELETE FROM directory_searchword known WHERE NOT EXISTS (SELECT 1 FROM counted WHERE counted.word = known.word)
)
INSERT INTO directory_searchword (word, partners, people) SELECT word, partners, people FROM counted ORDER BY word
ON CONFLICT (word) DO UPDATE SET partners = excluded.partners, people = excluded.people
WHERE (directory_searchword.partners, directory_searchword.people) <> (excluded.partners, excluded.people)
"""

FORGET_SQL = """
WITH gone AS (
  DELETE FROM directory_searchentry
  WHERE partner_id = ANY(%(partners)s::bigint[]) OR person_id = ANY(%(people)s::bigint[]) RETURNING partner_id, person_id
)
INSERT INTO directory_searchchange (partner, person)
SELECT partner_id, person_id FROM gone WHERE EXISTS (SELECT 1 FROM directory_searchindex)
"""


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


def forget(*, partner_ids: Iterable[int] = (), person_ids: Iterable[int] = ()) -> None:
    """Take these out of the index: another record answers for them."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET_SQL, {"partners": numbers(partner_ids), "people": numbers(person_ids)})


def rebuild() -> None:
    """Make the whole index anew, chunk by chunk, and count the words exactly."""
    for model, key in ((Partner, "partner_ids"), (Person, "person_ids")):
        last = 0
        while ids := list(model.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
            refresh(**{key: ids})
            last = ids[-1]
    count_words()


def count_words() -> None:
    """Count anew in how many entries each word is, and forget those that are in none."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_SQL)
