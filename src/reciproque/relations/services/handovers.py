"""Hand-overs: begun when a referent changes, ended by a note on the timeline, or without one."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.foundation.errors import Forbidden, IllegalTransition
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from reciproque.relations import notices, policies
from reciproque.relations.models import Handover
from reciproque.relations.services import common
from reciproque.relations.services.interactions import record_interaction

S = Handover.State
BATCH = 1000


@operation("relations.begin_handovers")
def begin_handovers(*, actor: Actor, changes: Sequence[Sequence[int]], by: int) -> int:
    """Note that referents changed: (partner, unit or 0, before or 0, now or 0) each; returns how many hand-overs began.

    One that waits for its note follows the last change. Safe to repeat. For the system.
    """
    if not actor.is_system:
        raise Forbidden(_("Vous n’avez pas ce droit."))
    users = set(
        User.objects.filter(pk__in={one for change in changes for one in change[2:]}).values_list("pk", flat=True)
    )
    last = _last_of({change[0] for change in changes})
    known = [(row, _facts(row)) for row in last.values()]
    begun = [row for change in changes if (row := _begun(last, *change, by=by, users=users))]
    told = list({id(row): row for row in begun}.values())
    Handover.objects.bulk_create([row for row in told if row.pk is None], batch_size=BATCH)
    changed = [row for row, before in known if _facts(row) != before]
    Handover.objects.bulk_update(changed, ["now", "by", "state"], batch_size=BATCH)
    notices.of_handovers(told, by=by)
    return len(begun)


def _facts(row: Handover) -> tuple[int, int | None, str]:
    return row.now_id, row.by_id, row.state


def _last_of(partners: set[int]) -> dict[tuple[int, int], Handover]:
    """By (partner, unit or 0): the hand-over that waits for its note, else the last one; nobody else changes them meanwhile."""
    found: dict[tuple[int, int], Handover] = {}
    for row in Handover.objects.select_for_update().filter(partner__in=partners).order_by("pk"):
        key = (row.partner_id, row.unit_id or 0)
        if key not in found or found[key].state != S.WAITING:
            found[key] = row
    return found


def _begun(
    last: dict[tuple[int, int], Handover], partner: int, unit: int, was: int, now: int, *, by: int, users: set[int]
) -> Handover | None:
    """The hand-over of one change, put where the last one stood; None when there is none, or it is known already."""
    held = last.get((partner, unit))
    waiting = held if held and held.state == S.WAITING else None
    if waiting and now in {waiting.was_id or 0, 0}:
        waiting.state = S.CLOSED
        return None
    if now not in users or was == now or (held and held.now_id == now):
        return None
    row = waiting or Handover(partner_id=partner, unit_id=unit or None, was_id=was if was in users else None)
    row.now_id, row.by_id = now, by or None
    row.state = S.WAITING if row.was_id else S.CLOSED
    last[partner, unit] = row
    return row


@operation("relations.write_handover")
def write_handover(*, actor: Actor, handover: Handover, text: str) -> Handover:
    """Leave the note: an exchange on the timeline of the partner, in which the new referent is named. Raises ValidationError, Forbidden."""
    row = _held(actor, handover)
    if not text.strip():
        raise ValidationError({"text": _("Écrivez ce que la personne qui prend la suite doit savoir.")})
    row.interaction = record_interaction(
        actor=actor, partner=row.partner, unit=_unit(actor, row), on=localdate(), kind="note", text=text, mentioned=[row.now],
        subject=common.line(_("Passation à %(who)s") % {"who": row.now})[:200], told=row.now_id,
    )  # fmt: skip
    row.state = S.WRITTEN
    row.save()
    notices.of_note(actor, row)
    return row


@operation("relations.close_handover")
def close_handover(*, actor: Actor, handover: Handover) -> Handover:
    """Say that there is nothing to leave."""
    row = _held(actor, handover)
    row.state = S.CLOSED
    row.save()
    return row


def _held(actor: Actor, handover: Handover) -> Handover:
    row = Handover.objects.select_for_update(of=("self",)).select_related("partner", "now", "unit").get(pk=handover.pk)
    policies.handovers.require(actor, "write", row)
    if row.state != S.WAITING:
        raise IllegalTransition(_("Cette passation est déjà faite."), state=row.state)
    return row


def _unit(actor: Actor, row: Handover) -> Unit:
    """The unit in whose name the note is written: that of the hand-over when one writes for it, else one's first."""
    mine = actor.units(Role.MEMBER)
    if row.unit_id in mine:
        return Unit.objects.get(pk=row.unit_id)
    unit = Unit.objects.active().filter(pk__in=mine).order_by("tree_key").first()
    if unit is None:
        raise Forbidden(_("Vous n’avez pas ce droit."))
    return unit
