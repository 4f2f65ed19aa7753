"""« Pas un doublon » outlives the records: kept by their rows when an import is undone, told again of the records made anew."""

from collections.abc import Collection
from typing import NamedTuple

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
  SELECT was.row_key AS mine, held.rank, held.facing, faced.source_id, faced.row_key AS theirs, held.facing_rank
  FROM sourcing_refusal held
  JOIN sourcing_sourcerecord was ON was.id = held.row_id LEFT JOIN sourcing_sourcerecord faced ON faced.id = held.facing_row_id
  WHERE held.kind = %(kind)s AND was.source_id = %(source)s
  UNION SELECT faced.row_key, held.facing_rank, NULL, was.source_id, was.row_key, held.rank FROM sourcing_refusal held
  JOIN sourcing_sourcerecord was ON was.id = held.row_id JOIN sourcing_sourcerecord faced ON faced.id = held.facing_row_id
  WHERE held.kind = %(kind)s AND faced.source_id = %(source)s
), named AS (
  SELECT pairs.*, coalesce(standing.id, told.record) AS record FROM pairs
  LEFT JOIN {table} standing ON standing.id = pairs.facing
  LEFT JOIN ({speaking}) told
    ON told.source_id = pairs.source_id AND told.row_key = pairs.theirs AND told.rank = pairs.facing_rank
), answering AS (
  SELECT mine, rank, source_id, theirs, facing_rank, record FROM named
  UNION SELECT answering.mine, answering.rank, answering.source_id, answering.theirs, answering.facing_rank, away.merged_into_id
  FROM answering JOIN {table} away ON away.id = answering.record WHERE away.merged_into_id IS NOT NULL
)
SELECT mine, rank, record, CASE WHEN source_id = %(source)s THEN theirs END, facing_rank FROM answering
"""


class Place(NamedTuple):
    """Where a source speaks of a record: the key of its row, and the rank of a person in it (0 for a partner)."""

    row_key: str
    rank: int = 0


class Waiting:
    """What the rows of a source must not be brought to: « pas un doublon » was said of what they told of before an import was undone.

    `records` {place: records}, and who answers for them; `places` {place: places of the same source}.
    """

    def __init__(self, kind: str, source_id: int) -> None:
        self.records: dict[Place, set[int]] = {}
        self.places: dict[Place, set[Place]] = {}
        if not Refusal.objects.filter(kind=kind).exists():
            return
        with connection.cursor() as cursor:
            sql = WAITING.format(speaking=SPEAKING[kind], table=TABLES[kind])
            cursor.execute(sql, {"kind": kind, "source": source_id})
            for mine, rank, record, theirs, facing_rank in cursor.fetchall():
                if record:
                    self.records.setdefault(Place(mine, rank), set()).add(record)
                if theirs:
                    self.places.setdefault(Place(mine, rank), set()).add(Place(theirs, facing_rank))


class Refused:
    """The partners that the rows of a source must not be brought to."""

    def __init__(self, source_id: int) -> None:
        self._waiting = Waiting("partner", source_id)
        self._went: dict[Place, int] = {}

    def went(self, key: str, target: int) -> None:
        """This row was brought to a partner, or (negative) to what a row of the same import named first."""
        if Place(key) in self._waiting.places:
            self._went[Place(key)] = target

    def read_again(self, run: Import) -> None:
        """Where the rows of this import that were read already went."""
        keys = sorted(place.row_key for place in self._waiting.places)
        rows = SourceRecord.objects.filter(import_run=run, row_key__among=keys) if keys else ()
        for row in rows:
            self.went(row.row_key, row.candidate_id or -(row.leader_id or row.pk))

    def of(self, key: str) -> set[int]:
        """Where this row may not go: partners, and (negative) rows of this import."""
        mine = Place(key)
        others = (self._went[other] for other in self._waiting.places.get(mine, ()) if other in self._went)
        return self._waiting.records.get(mine, set()) | set(others)


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
