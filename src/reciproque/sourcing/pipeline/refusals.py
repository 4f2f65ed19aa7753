"""« Pas un doublon » outlives the records: kept by their rows when an import is undone, told again of the records made anew."""

from collections.abc import Collection

from django.db import connection, transaction

from reciproque.foundation.database.bulk import numbers
from reciproque.sourcing.models import Import, Refusal, SourceRecord

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
WAITING = """
WITH RECURSIVE pairs AS (
  SELECT was.row_key AS mine, held.facing, faced.source_id, faced.row_key AS theirs FROM sourcing_refusal held
  JOIN sourcing_sourcerecord was ON was.id = held.row_id LEFT JOIN sourcing_sourcerecord faced ON faced.id = held.facing_row_id
  WHERE held.kind = 'partner' AND was.source_id = %(source)s
  UNION SELECT faced.row_key, NULL, was.source_id, was.row_key FROM sourcing_refusal held
  JOIN sourcing_sourcerecord was ON was.id = held.row_id JOIN sourcing_sourcerecord faced ON faced.id = held.facing_row_id
  WHERE held.kind = 'partner' AND faced.source_id = %(source)s
), named AS (
  SELECT pairs.mine, pairs.source_id, pairs.theirs, coalesce(standing.id, told.record) AS partner FROM pairs
  LEFT JOIN directory_partner standing ON standing.id = pairs.facing
  LEFT JOIN ({speaking}) told ON told.source_id = pairs.source_id AND told.row_key = pairs.theirs
), answering AS (
  SELECT mine, source_id, theirs, partner FROM named
  UNION SELECT answering.mine, answering.source_id, answering.theirs, away.merged_into_id
  FROM answering JOIN directory_partner away ON away.id = answering.partner WHERE away.merged_into_id IS NOT NULL
)
SELECT mine, partner, CASE WHEN source_id = %(source)s THEN theirs END FROM answering
"""


class Refused:
    """What the rows of a source must not be brought to: « pas un doublon » was said of what they told of before an import was undone.

    `partners` {key of a row: partners}, and who answers for them; `rows` {key of a row: keys of rows of the same source}.
    """

    def __init__(self, source_id: int) -> None:
        self.partners: dict[str, set[int]] = {}
        self.rows: dict[str, set[str]] = {}
        self._went: dict[str, int] = {}
        if not Refusal.objects.filter(kind="partner").exists():
            return
        with connection.cursor() as cursor:
            cursor.execute(WAITING.format(speaking=SPEAKING["partner"]), {"source": source_id})
            for mine, partner, theirs in cursor.fetchall():
                if partner:
                    self.partners.setdefault(mine, set()).add(partner)
                if theirs:
                    self.rows.setdefault(mine, set()).add(theirs)

    def went(self, key: str, target: int) -> None:
        """This row was brought to a partner, or (negative) to what a row of the same import named first."""
        if key in self.rows:
            self._went[key] = target

    def read_again(self, run: Import) -> None:
        """Where the rows of this import that were read already went."""
        rows = SourceRecord.objects.filter(import_run=run, row_key__among=sorted(self.rows)) if self.rows else ()
        for row in rows:
            self.went(row.row_key, row.candidate_id or -(row.leader_id or row.pk))

    def of(self, key: str) -> set[int]:
        """Where this row may not go: partners, and (negative) rows of this import."""
        if key not in self.partners and key not in self.rows:
            return set()
        return self.partners.get(key, set()) | {
            self._went[other] for other in self.rows.get(key, ()) if other in self._went
        }


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
