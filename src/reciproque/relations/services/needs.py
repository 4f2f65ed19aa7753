"""Needs of partners: said, answered, dropped."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reciproque.directory.models import Partner, Person, Sharing
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from reciproque.relations import lifecycle, policies
from reciproque.relations.models import Collaboration, Need, NeedReader
from reciproque.relations.services import common

EDITABLE = frozenset({"unit", "person", "kind", "title", "text", "rome", "horizon", "people", "sharing"})


@operation("relations.record_need")
def record_need(
    *,
    actor: Actor,
    partner: Partner,
    unit: Unit,
    title: str,
    kind: str = Need.Kind.SKILL,
    text: str = "",
    person: Person | None = None,
    sharing: str = Sharing.NETWORK,
    readers: Iterable[User] = (),
    **more: Any,
) -> Need:
    """Note what a partner needs. `more`: rome, horizon, people. Raises ValidationError, Forbidden."""
    common.hold(partner)
    if unknown := set(more) - EDITABLE:
        raise TypeError(f"Unknown: {sorted(unknown)}")
    row = Need(
        partner=partner, unit=unit, author_id=actor.user_id, title=common.line(title), kind=kind, text=common.prose(text), person=person,
        sharing=sharing, **{**more, "rome": common.line(more.get("rome", "")).upper()},
    )  # fmt: skip
    common.known_people(actor, [person] if person else [])
    common.check(row)
    row.save()
    common.link(NeedReader, "need", row.pk, "user", common.check_readers(actor, sharing, readers))
    policies.needs.require(actor, "record", row)
    return row


@operation("relations.edit_need")
def edit_need(
    *, actor: Actor, need: Need, version: int | None, readers: Iterable[User] | None = None, **changes: Any
) -> Need:
    """Correct what is known of a need. Raises Conflict, ValidationError, Forbidden."""
    common.hold(need.partner)
    row = common.locked(Need, need.pk, version)
    policies.needs.require(actor, "edit", row)
    for name, read in (("title", common.line), ("text", common.prose)):
        if name in changes:
            changes[name] = read(changes[name])
    if "rome" in changes:
        changes["rome"] = common.line(changes["rome"]).upper()
    if changes.get("person"):
        common.known_people(actor, [changes["person"]])
    moved = "unit" in common.give(row, changes, EDITABLE)
    common.check(row)
    row.save()
    if readers is not None or row.sharing != Sharing.RESTRICTED:
        common.link(NeedReader, "need", row.pk, "user", common.check_readers(actor, row.sharing, readers or ()))
    policies.needs.require(actor, "record" if moved else "edit", row)
    return row


@operation("relations.move_need")
def move_need(
    *, actor: Actor, need: Need, move: str, reason: str = "", collaboration: Collaboration | None = None
) -> Need:
    """Answered (by a collaboration when there is one), dropped with its reason, or open again."""
    common.hold(need.partner)
    row = common.locked(Need, need.pk, None)
    policies.needs.require(actor, "edit", row)
    if collaboration and collaboration.partner_id != row.partner_id:
        raise ValidationError({"collaboration": _("Cette collaboration est celle d’un autre partenaire.")})
    why = common.line(reason)
    if move == "drop" and not why:
        raise ValidationError({"reason": _("Dites pourquoi ce besoin est abandonné.")})
    lifecycle.need.move(row, move, reason=why, collaboration=collaboration, version=row.version + 1)
    return row
