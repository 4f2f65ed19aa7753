"""The network's quality of today: where sources contradict each other, then the figures of every unit. A few statements, whatever the size."""

import datetime as dt

from django.db import connection, transaction
from django.utils.timezone import localdate

COMPARED = ["name", "siren", "rna", "naf", "kind", "web", "email", "phone", "legal_category", "headcount_band"]
"""Fields of a partner on which the rows of several sources are compared."""
CONTRADICT = """
WITH disagree AS MATERIALIZED (
  SELECT said.key AS field, record.partner_id
  FROM sourcing_sourcerecord record, jsonb_each_text(record.draft->'partner') said
  WHERE record.state = 'applied' AND record.current AND record.partner_id IS NOT NULL AND said.key = ANY(%s) AND said.value <> ''
  GROUP BY 1, 2 HAVING count(DISTINCT rq_fold(said.value)) > 1
), gone AS (
  DELETE FROM sourcing_contradiction held WHERE NOT EXISTS (
    SELECT 1 FROM disagree WHERE disagree.field = held.field AND disagree.partner_id = held.partner_id)
)
INSERT INTO sourcing_contradiction (field, partner_id) SELECT field, partner_id FROM disagree ON CONFLICT DO NOTHING
"""
MEASURE = """
WITH partner AS (
  SELECT id, unit_id, siren <> '' OR rna <> '' OR foreign_id <> '' AS numbered,
    register_state <> '' OR register_checked_on IS NOT NULL AS registered, city <> '' OR postcode <> '' AS placed,
    email <> '' OR phone <> '' AS reachable
  FROM directory_partner WHERE archived_at IS NULL AND merged_into_id IS NULL AND sharing <> 'restricted'
), open AS (
  SELECT id, low, high FROM sourcing_judgement WHERE kind = 'partner'
    AND (verdict = 'asked' OR verdict IN ('open', 'later') AND zone <> 'dropped')
), said AS (
  SELECT partner.*, staff.partner_id IS NOT NULL AS staffed, contradiction.partner_id IS NOT NULL AS contradicted,
    pair.id IS NOT NULL AS doubled
  FROM partner
  LEFT JOIN (SELECT DISTINCT partner_id FROM directory_position WHERE ended_on IS NULL) staff ON staff.partner_id = partner.id
  LEFT JOIN (SELECT DISTINCT partner_id FROM sourcing_contradiction) contradiction ON contradiction.partner_id = partner.id
  LEFT JOIN (
    SELECT low AS id FROM open JOIN partner ON partner.id = open.high
    UNION SELECT high FROM open JOIN partner ON partner.id = open.low
  ) pair ON pair.id = partner.id
), figures AS (
  SELECT unit_id, grouping(unit_id) AS whole, count(*) AS partners, count(*) FILTER (WHERE numbered) AS numbered,
    count(*) FILTER (WHERE registered) AS registered, count(*) FILTER (WHERE placed) AS placed,
    count(*) FILTER (WHERE reachable) AS reachable, count(*) FILTER (WHERE staffed) AS staffed,
    count(*) FILTER (WHERE contradicted) AS contradicted, count(*) FILTER (WHERE doubled) AS doubled,
    count(*) FILTER (WHERE numbered AND placed AND reachable AND NOT contradicted AND NOT doubled) AS neat
  FROM said GROUP BY GROUPING SETS ((unit_id), ())
), pairs AS (
  SELECT judgement.id, verdict, run_id, until, one.unit_id AS low_unit, other.unit_id AS high_unit
  FROM sourcing_judgement judgement
  JOIN directory_partner one ON one.id = judgement.low AND one.sharing <> 'restricted'
  JOIN directory_partner other ON other.id = judgement.high AND other.sharing <> 'restricted'
  WHERE judgement.kind = 'partner' AND (zone <> 'dropped' OR verdict NOT IN ('open', 'later'))
    AND (verdict IN ('same', 'different') OR one.archived_at IS NULL AND other.archived_at IS NULL)
), sides AS (
  SELECT id, verdict, run_id, until, low_unit AS unit_id, 0 AS whole FROM pairs WHERE low_unit IS NOT NULL
  UNION SELECT id, verdict, run_id, until, high_unit, 0 FROM pairs WHERE high_unit IS NOT NULL
  UNION ALL SELECT id, verdict, run_id, until, NULL, 1 FROM pairs
), doubles AS (
  SELECT unit_id, whole, count(*) AS found, count(*) FILTER (
      WHERE verdict IN ('open', 'asked') OR verdict = 'later' AND until <= %(on)s) AS waiting,
    count(*) FILTER (WHERE verdict = 'same') AS merged,
    count(*) FILTER (WHERE verdict = 'same' AND run_id IS NOT NULL) AS alone,
    count(*) FILTER (WHERE verdict = 'different') AS refused
  FROM sides GROUP BY 1, 2
), disagreements AS (
  SELECT unit_id, whole, jsonb_object_agg(field, number) AS fields FROM (
    SELECT partner.unit_id, grouping(partner.unit_id) AS whole, contradiction.field, count(*) AS number
    FROM sourcing_contradiction contradiction JOIN partner ON partner.id = contradiction.partner_id
    GROUP BY GROUPING SETS ((partner.unit_id, contradiction.field), (contradiction.field))
  ) counted GROUP BY 1, 2
)
INSERT INTO sourcing_qualityday (day, unit_id, at, partners, numbered, registered, placed, reachable, staffed, contradicted, doubled,
  neat, found, waiting, merged, alone, refused, fields)
SELECT %(on)s, figures.unit_id, now(), partners, numbered, registered, placed, reachable, staffed, contradicted, doubled, neat,
  coalesce(found, 0), coalesce(waiting, 0), coalesce(merged, 0), coalesce(alone, 0), coalesce(refused, 0), coalesce(fields, '{}')
FROM figures
LEFT JOIN doubles ON doubles.unit_id IS NOT DISTINCT FROM figures.unit_id AND doubles.whole = figures.whole
LEFT JOIN disagreements ON disagreements.unit_id IS NOT DISTINCT FROM figures.unit_id AND disagreements.whole = figures.whole
WHERE figures.unit_id IS NOT NULL OR figures.whole = 1
ON CONFLICT (day, unit_id) DO UPDATE SET at = excluded.at, partners = excluded.partners, numbered = excluded.numbered,
  registered = excluded.registered, placed = excluded.placed, reachable = excluded.reachable, staffed = excluded.staffed,
  contradicted = excluded.contradicted, doubled = excluded.doubled, neat = excluded.neat, found = excluded.found,
  waiting = excluded.waiting, merged = excluded.merged, alone = excluded.alone, refused = excluded.refused, fields = excluded.fields
"""
EMPTY = """
DELETE FROM sourcing_qualityday held WHERE held.day = %(on)s AND unit_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM directory_partner partner WHERE partner.unit_id = held.unit_id AND archived_at IS NULL)
"""


def measure(on: dt.date | None = None) -> None:
    """Measure the network as it is and keep it as the figures of that day (today), in place of an earlier measure of the same day."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CONTRADICT, [COMPARED])
        values = {"on": on or localdate()}
        cursor.execute(EMPTY, values)
        cursor.execute(MEASURE, values)
