"""Rights on the life of relations. `notice`: knowing that it exists, its date, its kind, its unit; `view`: reading what it says.

A record about a partner is never known to those who may not know of the partner.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner, PartnerUnit
from reciproque.directory.policies import open_to_all, open_to_unit, ours
from reciproque.institution.access import ALL, Actor, Policy, Rule, among, has_role, in_unit, named_in, staff, when
from reciproque.institution.models import Role
from reciproque.relations.models import (
    AccessRequest,
    Campaign,
    CampaignRecipient,
    CaptureAddress,
    Collaboration,
    CollaborationReader,
    Dispositif,
    Handover,
    Interaction,
    InteractionColleague,
    InteractionReader,
    Invitation,
    Moment,
    Need,
    NeedReader,
    Pulse,
    Referral,
    Solicitation,
    StateCount,
    Target,
    Task,
    UnitPulse,
)

stewards = has_role(Role.DATA_STEWARD)
members = in_unit("unit", Role.MEMBER)
managers = in_unit("unit", Role.MANAGER)
written = named_in("author")
public = when(_("non restreinte"), sharing__in=["network", "unit"])


def _of_partner(action: str, path: str = "partner") -> Rule:
    """The partner is one on which the actor may do the action."""

    def where(actor: Actor) -> Q:
        if actor.is_system:
            return ALL
        return Q(Exists(directory.partners.allowed(actor, action).order_by().filter(pk=OuterRef(path))))

    return Rule(_("sur un partenaire que l’on peut lire"), where)


known_partner = _of_partner("notice")
read_partner = _of_partner("view")
loose = when(_("sans partenaire"), partner=None)


def _kept(base: Callable[[], Any], named: Rule, **more: Rule) -> Policy[Any]:
    """The rights on a record of a partner that is shared with the network, a unit, or named people."""
    readable = open_to_all | (open_to_unit & ours) | named | written
    return Policy(
        base,
        notice=staff & known_partner & (public | named | written),
        view=staff & read_partner & readable,
        record=staff & read_partner & members,
        edit=staff & read_partner & (written | (members & readable)),
        **more,
    )


interaction_readers = among(lambda: InteractionReader.objects, "interaction")
interaction_colleagues = among(lambda: InteractionColleague.objects, "interaction", _("participants"))
collaboration_readers = among(lambda: CollaborationReader.objects, "collaboration")
need_readers = among(lambda: NeedReader.objects, "need")

interactions = _kept(
    Interaction.objects.select_related("unit", "author").all, interaction_readers | interaction_colleagues
)
collaborations = _kept(
    Collaboration.objects.select_related("unit", "author", "dispositif").all,
    collaboration_readers,
)
solicitations = _kept(
    Solicitation.objects.select_related("unit", "author", "partner", "person", "dispositif").all, written
)
campaigns = Policy(
    Campaign.objects.select_related("unit", "author", "dispositif").all,
    view=staff & (in_unit("unit", Role.READER) | written | has_role(Role.STEERING)),
    edit=staff & members,
)


def _of_campaign(action: str) -> Rule:
    """The campaign is one on which the actor may do the action."""

    def where(actor: Actor) -> Q:
        return Q(campaign__in=campaigns.allowed(actor, action).order_by().values("pk"))

    return Rule(_("d’une campagne que l’on peut lire"), where)


def _answered(actor: Actor) -> Q:
    mine = PartnerUnit.objects.filter(referent=actor.user_id).order_by().values("partner")
    return Q(partner__in=Partner.objects.filter(referent=actor.user_id).order_by().values("pk")) | Q(partner__in=mine)


read_person = Rule(
    _("sur une personne que l’on peut lire"),
    lambda actor: Q(person__in=directory.people.allowed(actor, "view").order_by().values("pk")),
)


def person_read(actor: Actor, path: str = "person") -> Exists:
    """Whether the actor may read the person that a row names; to annotate the row with, before the name is shown."""
    return Exists(directory.people.allowed(actor, "view").filter(pk=OuterRef(path)))


answered = Rule(_("référent du partenaire, pour l’établissement ou une entité"), _answered)
recipients = Policy(
    CampaignRecipient.objects.select_related("person", "partner", "campaign", "released_by").all,
    view=staff & read_person & _of_campaign("view"),
    edit=staff & read_person & _of_campaign("edit"),
    release=staff & read_person & read_partner & (answered | has_role(Role.STEERING)),
)
of_read_interaction = Rule(
    _("d’un échange que l’on peut lire"),
    lambda actor: Q(interaction__in=interactions.allowed(actor, "view").order_by().values("pk")),
)
invitations = Policy(Invitation.objects.select_related("person").all, view=staff & read_person & of_read_interaction)
access_requests = Policy(
    AccessRequest.objects.select_related("user", "asked_of", "interaction", "collaboration").all,
    view=staff & (named_in("asked_of") | named_in("user")),
    answer=staff & named_in("asked_of"),
)
capture_addresses = Policy(CaptureAddress.objects.select_related("unit").all, view=staff & named_in("user"))
needs = _kept(Need.objects.select_related("unit", "author").all, need_readers)

mine = named_in("owner") | written
shared_task = when(_("qui n’est pas privée"), private=False) & in_unit("unit", Role.READER) & (loose | read_partner)
tasks = Policy(
    Task.objects.select_related("owner", "author", "unit", "partner").all,
    view=staff & (mine | shared_task),
    record=staff & (mine & (loose | read_partner)),
    edit=staff & (mine | (when(_("qui n’est pas privée"), private=False) & members)),
)

sent = in_unit("from_unit", Role.MEMBER)
received = in_unit("to_unit", Role.MEMBER) | named_in("to_user")
referrals = Policy(
    Referral.objects.select_related("from_unit", "to_unit", "to_user", "author", "partner").all,
    view=staff
    & read_partner
    & (in_unit("from_unit", Role.READER) | in_unit("to_unit", Role.READER) | named_in("to_user")),
    record=staff & read_partner & sent,
    answer=staff & read_partner & received,
)

leaving = named_in("was") | named_in("by")
handovers = Policy(
    Handover.objects.select_related("partner", "was", "now", "unit").all,
    view=staff & read_partner & (leaving | named_in("now")),
    write=staff & read_partner & has_role(Role.MEMBER) & leaving,
)

dispositifs = Policy(
    Dispositif.objects.all,
    view=staff,
    edit=has_role(Role.ADMINISTRATOR, Role.STEERING),
)
targets = Policy(Target.objects.all, view=staff, edit=has_role(Role.ADMINISTRATOR, Role.STEERING, Role.MANAGER))
moments = Policy(Moment.objects.all, view=staff & known_partner)
pulses = Policy(Pulse.objects.all, view=staff & read_partner)
unit_pulses = Policy(UnitPulse.objects.all, view=staff & read_partner)
counts = Policy(StateCount.objects.all, view=staff)


def interactions_may_start(actor: Actor) -> bool:
    """Whether the actor may write about partners at all: a contributor of some unit."""
    return actor.has(Role.MEMBER)
