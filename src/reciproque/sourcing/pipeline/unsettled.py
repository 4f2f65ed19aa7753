"""What must be settled at the end of an import: what existed before it, and what was named in several batches.

Each batch has its own instant (`applied_at`): what one batch created and alone named was written with its golden values.
"""

from typing import Any

from reciproque.directory.models import Partner, Person, Position, Site

PEOPLE = """
WITH links AS (
  SELECT named.person_id AS id, said.applied_at
  FROM sourcing_recordperson named JOIN sourcing_sourcerecord said ON said.id = named.record_id
  WHERE said.state = 'applied' AND said.current AND named.person_id IN (
    SELECT mine.person_id FROM sourcing_recordperson mine JOIN sourcing_sourcerecord row ON row.id = mine.record_id
    WHERE row.import_run_id = %(run)s AND row.state = 'applied' AND row.current))
SELECT id FROM links GROUP BY id
HAVING count(DISTINCT applied_at) > 1 OR NOT EXISTS (
  SELECT 1 FROM sourcing_importeffect made
  WHERE made.import_run_id = %(run)s AND made.model = %(model)s AND made.created AND made.object_id = links.id)
ORDER BY id
"""
POSITIONS = """
WITH links AS (
  SELECT position.id, said.applied_at FROM directory_position position
  JOIN sourcing_recordperson named ON named.person_id = position.person_id
  JOIN sourcing_sourcerecord said ON said.id = named.record_id AND said.partner_id = position.partner_id
  WHERE position.ended_on IS NULL AND said.state = 'applied' AND said.current AND named.person_id IN (
    SELECT mine.person_id FROM sourcing_recordperson mine JOIN sourcing_sourcerecord row ON row.id = mine.record_id
    WHERE row.import_run_id = %(run)s AND row.state = 'applied' AND row.current))
SELECT id FROM links GROUP BY id
HAVING count(DISTINCT applied_at) > 1 OR NOT EXISTS (
  SELECT 1 FROM sourcing_importeffect made
  WHERE made.import_run_id = %(run)s AND made.model = %(model)s AND made.created AND made.object_id = links.id)
ORDER BY id
"""
SITES = """
WITH links AS (
  SELECT said.site_id AS id, said.applied_at FROM sourcing_sourcerecord said
  WHERE said.state = 'applied' AND said.current AND said.site_id IN (
    SELECT site_id FROM sourcing_sourcerecord
    WHERE import_run_id = %(run)s AND state = 'applied' AND current AND site_id IS NOT NULL))
SELECT id FROM links GROUP BY id
HAVING count(DISTINCT applied_at) > 1 OR NOT EXISTS (
  SELECT 1 FROM sourcing_importeffect made
  WHERE made.import_run_id = %(run)s AND made.model = %(model)s AND made.created AND made.object_id = links.id)
ORDER BY id
"""
PARTNERS = """
WITH links AS (
  SELECT said.partner_id AS id, said.applied_at FROM sourcing_sourcerecord said
  WHERE said.state = 'applied' AND said.current AND said.partner_id IN (
    SELECT partner_id FROM sourcing_sourcerecord
    WHERE import_run_id = %(run)s AND state = 'applied' AND current AND partner_id IS NOT NULL))
SELECT id FROM links GROUP BY id
HAVING count(DISTINCT applied_at) > 1 OR NOT EXISTS (
  SELECT 1 FROM sourcing_importeffect made
  WHERE made.import_run_id = %(run)s AND made.model = %(model)s AND made.created AND made.object_id = links.id)
ORDER BY id
"""
UNSETTLED: dict[Any, str] = {Person: PEOPLE, Position: POSITIONS, Site: SITES, Partner: PARTNERS}
"""In the order in which they are settled."""
