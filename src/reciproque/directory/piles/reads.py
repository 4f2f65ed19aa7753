"""What waits in the units where somebody contributes, counted and listed without reading more than is shown.

Records kept to named people never count: a figure opens the list of what it counts.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from reciproque.directory import policies
from reciproque.directory.models import Partner, PartnerUnit, Person, Position
from reciproque.foundation.database.kept import Kept, ready
from reciproque.institution.access import Actor
from reciproque.institution.models import Role

COUNTED = 1000

# Each unit gives its own first rows out of an index made for it; only those are compared. OFFSET 0 keeps the planner from
# reading every position beforehand.
FIRST_SQL = """
SELECT found.id FROM unnest(%(units)s::bigint[]) AS one(unit_id)
CROSS JOIN LATERAL ({rows} LIMIT %(limit)s) AS found
ORDER BY found.rank, found.id LIMIT %(limit)s
"""
TO_INFORM = """
SELECT person.id, extract(epoch FROM person.collected_on) AS rank FROM directory_person person
WHERE person.unit_id = one.unit_id AND informed_on IS NULL AND archived_at IS NULL AND collected_on IS NOT NULL
  AND sharing <> 'restricted' AND person.id <> ALL(%(hidden)s)
ORDER BY person.collected_on, person.id
"""
WITHOUT_REFERENT = """
SELECT tie.id, -tie.partner_id AS rank FROM directory_partnerunit tie
WHERE tie.unit_id = one.unit_id AND tie.referent_id IS NULL AND tie.status IN ('prospect', 'active')
  AND tie.id <> ALL(%(hidden)s)
  AND EXISTS (SELECT 1 FROM directory_partner partner WHERE partner.id = tie.partner_id AND partner.archived_at IS NULL
    AND (partner.sharing = 'network' OR partner.sharing = 'unit' AND partner.unit_id = ANY(%(read)s)))
ORDER BY tie.partner_id DESC
"""
TO_COMPLETE = """
SELECT partner.id, -partner.id AS rank FROM directory_partner partner
WHERE partner.unit_id = one.unit_id AND archived_at IS NULL AND sharing <> 'restricted'
  AND partner.id <> ALL(%(hidden)s)
  AND ((siren = '' AND rna = '' AND foreign_id = '') OR (email = '' AND phone = ''))
  AND ((siren = '' AND rna = '' AND foreign_id = '') OR NOT EXISTS (
    SELECT 1 FROM directory_position WHERE partner_id = partner.id AND ended_on IS NULL OFFSET 0))
ORDER BY partner.id DESC
"""


# The same index, one unit after the other: how many are late in each, counted no further than needed, and since when.
LATE_SQL = """
SELECT unit.id, late.people, late.first FROM institution_unit unit
CROSS JOIN LATERAL (SELECT count(*) AS people, min(collected_on) AS first FROM (
  SELECT collected_on FROM directory_person WHERE unit_id = unit.id AND informed_on IS NULL AND archived_at IS NULL
    AND collected_on IS NOT NULL AND collected_on < %(until)s AND sharing <> 'restricted'
  ORDER BY collected_on LIMIT %(counted)s) AS first_ones) AS late
WHERE late.people > 0 AND unit.id <> ALL(%(hidden)s) ORDER BY late.first, unit.id
"""


@dataclass(frozen=True, slots=True)
class Pile:
    """A kind of work: the statement that finds its first rows, and the rows that a list of numbers names."""

    slug: str
    rows: str

    def ids(self, actor: Actor, *, limit: int, hidden: Iterable[int] = ()) -> list[int]:
        """The numbers of the first things to do in the actor's units, in the order to do them. One query."""
        values: dict[str, Any] = {"limit": limit, "hidden": list(hidden)}
        values |= {"units": actor.units(Role.MEMBER), "read": actor.units(Role.READER)}
        with connection.cursor() as cursor:
            cursor.execute(FIRST_SQL.format(rows=self.rows), values)
            return [row[0] for row in cursor.fetchall()]


def late_to_inform(until: dt.date, hidden: Iterable[int] = ()) -> list[tuple[int, int, dt.date]]:
    """The units that have not told people collected before that day that they hold their data: how many (up to COUNTED), since when."""
    with connection.cursor() as cursor:
        cursor.execute(LATE_SQL, {"until": until, "counted": COUNTED, "hidden": list(hidden)})
        return [(unit, people, since) for unit, people, since in cursor.fetchall()]


PEOPLE_TO_INFORM = Pile("a-informer", TO_INFORM)
TIES_WITHOUT_REFERENT = Pile("sans-referent", WITHOUT_REFERENT)
PARTNERS_TO_COMPLETE = Pile("a-completer", TO_COMPLETE)


def _in_order(question: Kept[Any, Any], actor: Actor, ids: list[int]) -> list[Any]:
    if not ids:
        return []
    found = {row.pk: row for row in question(actor, ids=ids)}
    return [found[pk] for pk in ids if pk in found]


@ready
def _people(actor: Actor, *, ids: list[int]) -> QuerySet[Person]:
    return policies.people.allowed(actor, "edit").select_related("unit").filter(pk__among=ids).order_by()


@ready
def _jobs(actor: Actor, *, people: list[int]) -> QuerySet[Position]:
    shown = policies.partners.allowed(actor, "view").values("pk")
    return Position.objects.current().filter(person__among=people, partner__in=shown).select_related("partner")


@ready
def _ties(actor: Actor, *, ids: list[int]) -> QuerySet[PartnerUnit]:
    shown = policies.partners.allowed(actor, "view").filter(pk=OuterRef("partner"))
    rows = PartnerUnit.objects.filter(Exists(shown), pk__among=ids)
    return rows.select_related("partner", "unit").order_by()


@ready
def _partners(actor: Actor, *, ids: list[int]) -> QuerySet[Partner]:
    at_work = Position.objects.filter(partner=OuterRef("pk"), ended_on=None)
    rows = policies.partners.allowed(actor, "edit").filter(pk__among=ids)
    return rows.select_related("unit").annotate(at_work=Exists(at_work)).order_by()


def people(actor: Actor, ids: list[int]) -> list[tuple[Person, Partner | None]]:
    """These people, as far as the actor may edit them; each with where they work. Two queries."""
    rows = _in_order(_people, actor, ids)
    places = {job.person_id: job.partner for job in _jobs(actor, people=[row.pk for row in rows])} if rows else {}
    return [(row, places.get(row.pk)) for row in rows]


def ties(actor: Actor, ids: list[int]) -> list[PartnerUnit]:
    """These ties, with their partner, as far as the actor may read it. One query."""
    return _in_order(_ties, actor, ids)


def partners(actor: Actor, ids: list[int]) -> list[Partner]:
    """These partners, as far as the actor may edit them; `at_work` says whether somebody works there. One query."""
    return _in_order(_partners, actor, ids)
