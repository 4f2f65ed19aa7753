"""Moments, made from interactions and collaborations: one statement whether for one of them or for a whole range of partners.

What is restricted makes none. What is shared with a unit only weighs as its dispositif usually does: a corrected quantity is content.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from reciproque.foundation.database.bulk import numbers
from reciproque.relations.models import Collaboration, Interaction, Moment

COLUMNS = """INSERT INTO relations_moment
 (partner_id, unit_id, "on", kind, met, held, given, received, outside, inside, interaction_id, collaboration_id, ending)"""

FROM_INTERACTIONS = (
    COLUMNS
    + """
SELECT one.partner_id, one.unit_id, one."on", coalesce(dispositif.code, one.kind), true, one.state = 'done', 0, 0,
  coalesce(outside.ids, '{{}}'), coalesce(inside.ids, '{{}}'), one.id, NULL, false
FROM relations_interaction one
LEFT JOIN relations_collaboration whole ON whole.id = one.collaboration_id AND whole.sharing <> 'restricted'
LEFT JOIN relations_dispositif dispositif ON dispositif.id = whole.dispositif_id
{people}
WHERE one.met AND one.state <> 'cancelled' AND one.sharing <> 'restricted' AND {which}
"""
)
PEOPLE = {
    "outside": "SELECT interaction_id, array_agg(person_id ORDER BY person_id) AS ids FROM relations_interactionperson WHERE {which} GROUP BY 1",
    "inside": """SELECT interaction_id, array_agg(user_id ORDER BY user_id) AS ids FROM relations_interactioncolleague
  WHERE NOT mentioned AND {which} GROUP BY 1""",
}
# A few are asked one by one; everything is read side by side, in the order of interactions.
EACH = "".join(
    f"LEFT JOIN LATERAL ({rows.format(which='interaction_id = one.id')}) {side} ON true\n"
    for side, rows in PEOPLE.items()
)
WHOLE = "".join(
    f"LEFT JOIN ({rows.format(which='true')}) {side} ON {side}.interaction_id = one.id\n"
    for side, rows in PEOPLE.items()
)
FROM_COLLABORATIONS = (  # the words of this statement are ours
    COLUMNS
    + """
SELECT one.partner_id, one.unit_id, dates."on", dispositif.code, dates.met, dates.held,
  CASE WHEN dates.ending THEN 0 WHEN one.sharing = 'network' THEN one.given_points ELSE dispositif.given_points END,
  CASE WHEN dates.ending THEN 0 WHEN one.sharing = 'network' THEN one.received_points ELSE dispositif.received_points END,
  ARRAY(SELECT person_id FROM relations_collaborationpart WHERE collaboration_id = one.id AND person_id IS NOT NULL ORDER BY 1),
  ARRAY(SELECT user_id FROM relations_collaborationpart WHERE collaboration_id = one.id AND user_id IS NOT NULL ORDER BY 1),
  NULL, one.id, dates.ending
FROM relations_collaboration one
JOIN relations_dispositif dispositif ON dispositif.id = one.dispositif_id
CROSS JOIN LATERAL (
  SELECT one.starts_on AS "on", dispositif.counting <> 'none' AS met, one.state <> 'agreed' AS held, false AS ending
  UNION ALL
  SELECT one.ends_on, true, one.state = 'done', true
  WHERE dispositif.counting = 'both_ends' AND one.ends_on > one.starts_on AND one.state <> 'stopped'
) dates
WHERE one.sharing <> 'restricted' AND dates."on" IS NOT NULL
  AND (one.state IN ('agreed', 'under_way', 'done') OR (one.state = 'stopped' AND one.starts_on <= one.moved_on)) AND {which}
"""
)


def of_interactions(ids: Iterable[int]) -> None:
    """Make the moments of these interactions anew."""
    wanted = numbers(ids)
    _run("DELETE FROM relations_moment WHERE interaction_id = ANY(%s::bigint[])", [wanted])
    _run(FROM_INTERACTIONS.format(people=EACH, which="one.id = ANY(%s::bigint[])"), [wanted])


def of_collaborations(ids: Iterable[int]) -> None:
    """Make the moments of these collaborations, and of the interactions tied to them, anew."""
    found = list(ids)
    _run("DELETE FROM relations_moment WHERE collaboration_id = ANY(%s::bigint[])", [numbers(found)])
    _run(FROM_COLLABORATIONS.format(which="one.id = ANY(%s::bigint[])"), [numbers(found)])
    tied = list(Interaction.objects.filter(collaboration__in=found, met=True).values_list("pk", flat=True))
    if tied:
        of_interactions(tied)


def of_partners(ids: Iterable[int]) -> None:
    """Make all the moments of these partners anew, those of what now stands with them included."""
    wanted = numbers(ids)
    interactions = "SELECT id FROM relations_interaction WHERE partner_id = ANY(%s::bigint[])"
    collaborations = "SELECT id FROM relations_collaboration WHERE partner_id = ANY(%s::bigint[])"
    _run(
        f"DELETE FROM relations_moment WHERE partner_id = ANY(%s::bigint[]) OR interaction_id IN ({interactions}) "
        f"OR collaboration_id IN ({collaborations})",
        [wanted, wanted, wanted],
    )
    _run(FROM_INTERACTIONS.format(people=EACH, which="one.partner_id = ANY(%s::bigint[])"), [wanted])
    _run(FROM_COLLABORATIONS.format(which="one.partner_id = ANY(%s::bigint[])"), [wanted])


def of_everything() -> int:
    """Make all moments anew, at once or not at all; returns how many there are. For an installation that was filled in bulk."""
    with transaction.atomic():
        _run("SET CONSTRAINTS ALL IMMEDIATE", [])
        _run(
            "SET LOCAL enable_hashagg = off", []
        )  # people are gathered in the order of an index: memory does not grow with them
        _run("TRUNCATE relations_moment", [])
        _run(FROM_INTERACTIONS.format(people=WHOLE, which="true"), [])
        _run("SET LOCAL enable_hashagg = on", [])
        _run(FROM_COLLABORATIONS.format(which="true"), [])
    _run("ANALYZE relations_moment", [])
    return Moment.objects.count()


def partners_of_people(ids: Iterable[int]) -> set[int]:
    """The partners with whom these people have something: their moments name them."""
    wanted = list(ids)
    there = Interaction.objects.filter(people__person__in=wanted).values_list("partner_id", flat=True)
    here = Collaboration.objects.filter(parts__person__in=wanted).values_list("partner_id", flat=True)
    return {*there, *here}


def _run(statement: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
