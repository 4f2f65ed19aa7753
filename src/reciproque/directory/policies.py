"""Rights on partners and people: written once, used by lists, pages, exports, search and operations."""

from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Partner, PartnerUnit, Person, Tag
from reciproque.institution.access import Policy, Rule, among, has_role, in_unit, staff, when
from reciproque.institution.models import Role

open_to_all = when(_("partagée au réseau"), sharing="network")
seen_by_all = staff & open_to_all
open_to_unit = when(_("partagée à l’entité"), sharing="unit")
ours = in_unit("unit", Role.READER)
contributors = has_role(Role.MEMBER)
stewards = has_role(Role.DATA_STEWARD)


def visible(named: Rule) -> Rule:
    """Reading what the record says."""
    return staff & (open_to_all | (open_to_unit & ours) | named)


def known(named: Rule) -> Rule:
    """Knowing that the record exists, and whom to ask."""
    return staff & (open_to_all | open_to_unit | named)


standing = when(_("qui n’est pas réunie à une autre"), merged_into=None)
partner_readers = among(lambda: Partner.readers.through.objects, "partner")
person_readers = among(lambda: Person.readers.through.objects, "person")
can_write = contributors | stewards
can_merge = in_unit("unit", Role.MEMBER) | stewards
can_archive = in_unit("unit", Role.MANAGER) | stewards

partners = Policy(
    Partner.objects.all,
    notice=known(partner_readers),
    view=visible(partner_readers),
    record=visible(partner_readers) & can_write & standing,
    edit=visible(partner_readers) & can_write & standing,
    archive=visible(partner_readers) & can_archive & standing,
    merge=visible(partner_readers) & can_merge & standing,
)
people = Policy(
    Person.objects.all,
    notice=known(person_readers),
    view=visible(person_readers),
    record=visible(person_readers) & can_write & standing,
    edit=visible(person_readers) & can_write & standing,
    archive=visible(person_readers) & can_archive & standing,
    merge=visible(person_readers) & can_merge & standing,
)
ties = Policy(
    PartnerUnit.objects.select_related("unit", "referent").all,
    view=staff,
    edit=in_unit("unit", Role.MEMBER) | stewards,
)
tags = Policy(Tag.objects.all, view=staff)
