"""Rights on units, accounts, memberships, saved views and exports."""

from django.utils.translation import gettext_lazy as _

from reciproque.institution.access import Policy, has_role, in_unit, named_in, staff, when
from reciproque.institution.models import RANK, ListExport, Membership, Role, SavedView, Unit, User

administrators = has_role(Role.ADMINISTRATOR)

units = Policy(Unit.objects.all, view=staff, edit=administrators)
users = Policy(User.objects.all, view=staff, edit=administrators, read_history=administrators | has_role(Role.DPO))
memberships = Policy(
    Membership.objects.select_related("user", "unit").all,
    view=staff,
    edit=administrators | (when(_("rang dans une entité"), role__in=RANK) & in_unit("unit", Role.MANAGER)),
)
shared_with_all = when(_("partagée avec l’établissement"), visibility="establishment")
saved_views = Policy(
    SavedView.objects.all,
    view=named_in("owner")
    | shared_with_all
    | (when(_("partagée avec l’entité"), visibility="unit") & in_unit("unit", Role.READER)),
    edit=named_in("owner") | (has_role(Role.ADMINISTRATOR) & shared_with_all),
)
exports = Policy(ListExport.objects.all, view=named_in("user") & staff, edit=named_in("user"))
