"""« Pas un doublon » outlives the records: kept by their rows when an import is undone, told again of the records made anew."""

from collections.abc import Collection

from django.db import connection, transaction

from reciproque.foundation.database.bulk import numbers
from reciproque.sourcing.models import Refusal

MOST = 5
"""Rows kept for one record: one is enough to know it again."""
TABLES = {"partner": "directory_partner", "person": "directory_person"}
SAID = {
    "partner": "SELECT id AS line, 0 AS rank, partner_id AS record FROM sourcing_sourcerecord",
    "person": "SELECT record_id AS line, rank, person_id AS record FROM sourcing_recordperson",
}
SPEAKING = {
    "partner": """SELECT source_id, row_key, 0 AS rank, partner_id AS record FROM sourcing_sourcerecord
      WHERE state = 'applied' AND current AND partner_id IS NOT NULL""",
    "person": """SELECT said.source_id, said.row_key, named.rank, named.person_id AS record FROM sourcing_sourcerecord said
      JOIN sourcing_recordperson named ON named.record_id = said.id WHERE said.state = 'applied' AND said.current""",
}
REMEMBER = """
WITH judged AS (
  SELECT low AS id, high AS facing, decided_at, decided_by_id FROM sourcing_judgement
  WHERE kind = %(kind)s AND verdict = 'different' AND low = ANY(%(gone)s::bigint[])
  UNION ALL SELECT high, low, decided_at, decided_by_id FROM sourcing_judgement
  WHERE kind = %(kind)s AND verdict = 'different' AND high = ANY(%(gone)s::bigint[]) AND low <> ALL(%(gone)s::bigint[])
)
INSERT INTO sourcing_refusal (kind, row_id, rank, facing_row_id, facing_rank, facing, decided_at, decided_by_id)
SELECT %(kind)s, mine.line, mine.rank, theirs.line, coalesce(theirs.rank, 0), judged.facing, coalesce(decided_at, now()), decided_by_id
FROM judged
JOIN LATERAL (SELECT * FROM ({said}) said WHERE said.record = judged.id ORDER BY line LIMIT %(most)s) mine ON true
LEFT JOIN LATERAL (SELECT * FROM ({said}) said WHERE said.record = judged.facing ORDER BY line LIMIT %(most)s) theirs ON true
WHERE theirs.line IS NOT NULL OR EXISTS (SELECT 1 FROM {table} held WHERE held.id = judged.facing)
ON CONFLICT DO NOTHING
"""
RECALL = """
WITH told AS (
  SELECT held.id, held.decided_at, held.decided_by_id, mine.record AS one, coalesce(standing.id, theirs.record) AS other
  FROM sourcing_refusal held
  JOIN sourcing_sourcerecord was ON was.id = held.row_id
  JOIN ({speaking}) mine ON mine.source_id = was.source_id AND mine.row_key = was.row_key AND mine.rank = held.rank
  LEFT JOIN {table} standing ON standing.id = held.facing
  LEFT JOIN sourcing_sourcerecord faced ON faced.id = held.facing_row_id
  LEFT JOIN ({speaking}) theirs
    ON theirs.source_id = faced.source_id AND theirs.row_key = faced.row_key AND theirs.rank = held.facing_rank
  WHERE held.kind = %(kind)s
), met AS (SELECT * FROM told WHERE other IS NOT NULL), used AS (
  DELETE FROM sourcing_refusal WHERE id IN (SELECT id FROM met)
)
INSERT INTO sourcing_judgement (kind, low, high, score, reasons, gain, verdict, found_at, decided_at, decided_by_id)
SELECT DISTINCT ON (least(one, other), greatest(one, other))
  %(kind)s, least(one, other), greatest(one, other), 0, '[]', 0, 'different', now(), decided_at, decided_by_id
FROM met WHERE one <> other ORDER BY least(one, other), greatest(one, other), decided_at DESC
ON CONFLICT (kind, low, high) DO UPDATE SET verdict = 'different', decided_at = excluded.decided_at,
  decided_by_id = excluded.decided_by_id, until = NULL, kept = NULL, zone = 'review'
WHERE sourcing_judgement.verdict IN ('open', 'later', 'asked')
"""


def remember(kind: str, gone: Collection[int]) -> None:
    """These records are about to be deleted: keep what was refused of them, inside the caller's transaction."""
    if gone and kind in TABLES:
        sql = REMEMBER.format(said=SAID[kind], table=TABLES[kind])
        with connection.cursor() as cursor:
            cursor.execute(sql, {"kind": kind, "gone": numbers(gone), "most": MOST})


def recall() -> int:
    """Say again what was refused of records that came back; returns how many pairs. Safe to repeat."""
    found = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for kind in TABLES if Refusal.objects.exists() else ():
            cursor.execute(RECALL.format(speaking=SPEAKING[kind], table=TABLES[kind]), {"kind": kind})
            found += cursor.rowcount
    return found
