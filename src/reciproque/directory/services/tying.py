"""Many partners tied with a unit at once, and untied the same way."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from reciproque.directory import policies
from reciproque.directory.merging import locking
from reciproque.directory.models import PartnerUnit
from reciproque.foundation.errors import Forbidden
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit

TIE_SQL = """
WITH asked AS (SELECT unnest(%(ids)s::bigint[]) AS partner_id), before AS (
  SELECT partner_id, status FROM directory_partnerunit WHERE unit_id = %(unit)s AND partner_id = ANY(%(ids)s) FOR UPDATE
), tied AS (
  INSERT INTO directory_partnerunit (partner_id, unit_id, status, since)
  SELECT partner_id, %(unit)s, %(status)s, current_date FROM asked ORDER BY partner_id
  ON CONFLICT (partner_id, unit_id) DO UPDATE SET status = excluded.status
  WHERE directory_partnerunit.status <> excluded.status
  RETURNING partner_id
)
SELECT tied.partner_id, before.status FROM tied LEFT JOIN before ON before.partner_id = tied.partner_id
"""


@dataclass(frozen=True, slots=True)
class TieChange:
    """What tying did: `before` holds the status that each tie had, None for a tie that did not exist."""

    unit: int
    status: str
    before: dict[int, str | None]

    @property
    def count(self) -> int:
        """How many ties were made or changed."""
        return len(self.before)


@operation("directory.tie_partners")
def tie_partners(*, actor: Actor, ids: Iterable[int], unit: Unit, status: str = PartnerUnit.Status.ACTIVE) -> TieChange:
    """Tie partners with a unit under one status. Partners that the actor may not view are left as they are."""
    _require(actor, unit.pk)
    locking.steady()
    visible = policies.partners.allowed(actor, "view").filter(pk__in=list(ids), merged_into=None)
    seen = visible.order_by().values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(TIE_SQL, {"ids": list(seen), "unit": unit.pk, "status": PartnerUnit.Status(status).value})
        return TieChange(unit.pk, status, dict(cursor.fetchall()))


@operation("directory.undo_tie_partners")
def undo_tie_partners(*, actor: Actor, change: TieChange) -> int:
    """Take back the ties made, and give back their status to those changed, unless changed since; returns how many."""
    _require(actor, change.unit)
    ties = PartnerUnit.objects.filter(unit=change.unit, status=change.status)
    made = [partner for partner, status in change.before.items() if status is None]
    count = ties.filter(partner__in=made, referent=None).delete()[0]
    for status in {status for status in change.before.values() if status}:
        kept = [partner for partner, was in change.before.items() if was == status]
        count += ties.filter(partner__in=kept).update(status=status)
    return count


def _require(actor: Actor, unit: int) -> None:
    if actor.is_system or actor.has(Role.DATA_STEWARD) or unit in actor.units(Role.MEMBER):
        return
    raise Forbidden(_("Vous ne contribuez pas dans cette entité : vous ne pouvez pas y lier de partenaires."))
