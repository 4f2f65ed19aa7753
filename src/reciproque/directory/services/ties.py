"""What a partner is to each unit, and who carries the tie there."""

import datetime as dt

from django.utils.timezone import localdate

from reciproque.directory import policies
from reciproque.directory.merging import locking
from reciproque.directory.models import Partner, PartnerUnit
from reciproque.directory.services import common
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User


@operation("directory.tie_unit")
def tie_unit(
    *,
    actor: Actor,
    partner: Partner,
    unit: Unit,
    status: str = PartnerUnit.Status.ACTIVE,
    referent: User | None = None,
    since: dt.date | None = None,
) -> PartnerUnit:
    """Tie a partner with a unit, or change the tie there is. For those who contribute to that unit."""
    locking.steady()
    common.check_standing(Partner.objects.only("merged_into").get(pk=partner.pk))
    policies.partners.require(actor, "view", partner)
    tie = PartnerUnit.objects.select_for_update().filter(partner=partner, unit=unit).first()
    tie = tie or PartnerUnit(partner=partner, unit=unit, since=since or localdate())
    was = tie.referent_id
    tie.status, tie.referent = status, referent
    tie.since = since or tie.since
    tie.full_clean()
    tie.save()
    policies.ties.require(actor, "edit", tie)
    common.tell_referents(actor, [(partner.pk, unit.pk, was, tie.referent_id)])
    return tie


@operation("directory.untie_unit")
def untie_unit(*, actor: Actor, partner: Partner, unit: Unit) -> bool:
    """Remove a tie made by mistake (a tie that is over has the status « relation close »); says whether there was one."""
    policies.partners.require(actor, "view", partner)
    tie = PartnerUnit.objects.select_for_update().filter(partner=partner, unit=unit).first()
    if tie is None:
        return False
    policies.ties.require(actor, "edit", tie)
    tie.delete()
    return True
