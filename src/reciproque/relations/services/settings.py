"""What the establishment decides: its catalogue of dispositifs, the cadence it wants, the proposals it does not want again."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner
from reciproque.foundation.errors import Forbidden
from reciproque.foundation.events import announce
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor, require_role
from reciproque.institution.models import Role
from reciproque.relations import policies, pulses
from reciproque.relations.models import Dispositif, ProposalAnswer, Target
from reciproque.relations.services import common
from reciproque.relations.services.collaborations import weighed

V = ProposalAnswer.Verdict
EDITABLE = frozenset(
    {"name", "family", "description", "counting", "needs_agreement", "to_partner", "to_university", "icon", "position"}
)
DECIDERS = (Role.ADMINISTRATOR, Role.STEERING)


@operation("relations.add_dispositif")
def add_dispositif(*, actor: Actor, name: str, family: str, **fields: Any) -> Dispositif:
    """A kind of collaboration of the establishment's own. Raises ValidationError, Forbidden."""
    require_role(actor, *DECIDERS)
    code = slugify(name)[:30].strip("-") or "dispositif"
    if Dispositif.objects.filter(code=code).exists():
        code = f"{code[:24]}-{Dispositif.objects.count()}"
    return _written(Dispositif(code=code), {"name": name, "family": family, **fields})


@operation("relations.edit_dispositif")
def edit_dispositif(*, actor: Actor, dispositif: Dispositif, version: int | None, **changes: Any) -> Dispositif:
    """Change a kind of collaboration; what was done keeps the quantities it was given. Raises Conflict, ValidationError, Forbidden."""
    require_role(actor, *DECIDERS)
    row = common.locked(Dispositif, dispositif.pk, version)
    before = (row.counting, row.given_points, row.received_points)
    _written(row, changes)
    if before != (row.counting, row.given_points, row.received_points):
        announce("relations.dispositif_changed", dispositif_id=row.pk)
    return row


@operation("relations.close_dispositif")
def close_dispositif(*, actor: Actor, dispositif: Dispositif, closed: bool) -> Dispositif:
    """Withdraw a kind of collaboration from what may be started, or bring it back; what was done stays."""
    require_role(actor, *DECIDERS)
    row = common.locked(Dispositif, dispositif.pk, None)
    row.closed_on = localdate() if closed else None
    row.version += 1
    row.save()
    return row


def _written(row: Dispositif, values: Mapping[str, Any]) -> Dispositif:
    cleaned = {name: common.line(value) if isinstance(value, str) else value for name, value in values.items()}
    common.give(row, cleaned, EDITABLE)
    row.given_points, row.received_points = (
        weighed(row.to_partner, "to_partner"),
        weighed(row.to_university, "to_university"),
    )
    common.check(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ValidationError({"name": _("Le catalogue a déjà un dispositif de ce nom.")}) from error
    return row


@operation("relations.set_target")
def set_target(*, actor: Actor, partner: Partner | None, floor: int, goal: int) -> Target:
    """How many moments a year: for the establishment (administration, steering), or more for one partner (its units' managers, its référent).

    Raises ValidationError when a partner's target is below the establishment's, Forbidden.
    """
    if partner is None:
        require_role(actor, *DECIDERS)
    else:
        common.hold(partner)
        _may_raise(actor, partner)
        usual = Target.objects.filter(partner=None).first() or Target()
        if floor < usual.floor or goal < usual.goal:
            said = _("L’objectif d’un partenaire se relève : au moins %(floor)s et %(goal)s.")
            raise ValidationError({"floor": said % {"floor": usual.floor, "goal": usual.goal}})
    row = Target.objects.filter(partner=partner).select_for_update().first() or Target(partner=partner)
    row.floor, row.goal = floor, goal
    common.check(row)
    row.save()
    if partner is None:
        announce("relations.target_changed")
    else:
        pulses.refresh([partner.pk])
    return row


@operation("relations.lower_target")
def lower_target(*, actor: Actor, partner: Partner) -> None:
    """Give a partner back the establishment's target."""
    common.hold(partner)
    _may_raise(actor, partner)
    Target.objects.filter(partner=partner).delete()
    pulses.refresh([partner.pk])


def _may_raise(actor: Actor, partner: Partner) -> None:
    directory.partners.require(actor, "view", partner)
    if not (actor.has(Role.MANAGER, *DECIDERS) or partner.referent_id == actor.user_id):
        raise Forbidden(_("Ce sont le référent du partenaire et les gestionnaires qui fixent son objectif."))


@operation("relations.answer_proposal")
def answer_proposal(
    *, actor: Actor, partner: Partner, dispositif: Dispositif, verdict: str, until: dt.date | None = None
) -> ProposalAnswer:
    """« Not now » (until a day, six months on unless said) or « not for them »: it does not come back."""
    common.hold(partner)
    directory.partners.require(actor, "record", partner)
    policies.dispositifs.require(actor, "view", dispositif)
    if verdict == V.LATER:
        until = until or localdate() + dt.timedelta(days=182)
    answer, _created = ProposalAnswer.objects.update_or_create(
        partner=partner,
        dispositif=dispositif,
        defaults={"verdict": verdict, "until": until if verdict == V.LATER else None, "user_id": actor.user_id},
    )
    return answer


@operation("relations.forget_answer")
def forget_answer(*, actor: Actor, partner: Partner, dispositif: Dispositif) -> None:
    """Let it be proposed again."""
    directory.partners.require(actor, "record", partner)
    ProposalAnswer.objects.filter(partner=partner, dispositif=dispositif).delete()
