"""Collaborations: opened, corrected, moved from the idea to what they brought."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.directory.models import Partner, Person, Sharing
from reciproque.engines.reciprocity import points
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from reciproque.relations import lifecycle, moments, policies, pulses
from reciproque.relations.models import (
    Collaboration,
    CollaborationPart,
    CollaborationReader,
    Dispositif,
    Interaction,
    InteractionReader,
    Moment,
)
from reciproque.relations.services import common

S = Collaboration.State
EDITABLE = frozenset(
    {"unit", "dispositif", "site", "title", "text", "starts_on", "ends_on", "given", "received", "sharing"}
)
LONGEST_ROLE = 80
LONG_AGO, FAR = dt.date(1970, 1, 1), dt.timedelta(days=10 * 366)
COLLISION = dt.timedelta(days=60)


@operation("relations.open_collaboration")
def open_collaboration(
    *,
    actor: Actor,
    partner: Partner,
    unit: Unit,
    dispositif: Dispositif,
    title: str = "",
    state: str = S.IDEA,
    people: Iterable[Person] = (),
    colleagues: Iterable[User] | None = None,
    sharing: str = Sharing.NETWORK,
    readers: Iterable[User] = (),
    **more: Any,
) -> Collaboration:
    """Begin something with a partner, as an idea unless it is already further. What it brings is as usual unless given.

    `more`: text, site, starts_on, ends_on, given, received. Raises ValidationError, Forbidden.
    """
    common.hold(partner)
    if unknown := set(more) - EDITABLE:
        raise TypeError(f"Unknown: {sorted(unknown)}")
    given, received = more.pop("given", None), more.pop("received", None)
    row = Collaboration(
        partner=partner, unit=unit, author_id=actor.user_id, dispositif=dispositif, state=state, moved_on=localdate(),
        title=common.line(title) or dispositif.name, text=common.prose(more.pop("text", "")), sharing=sharing,
        given=dispositif.to_partner if given is None else given,
        received=dispositif.to_university if received is None else received, **more,
    )  # fmt: skip
    _check(row)
    row.save()
    common.link(CollaborationReader, "collaboration", row.pk, "user", common.check_readers(actor, sharing, readers))
    there = colleagues if colleagues is not None else User.objects.filter(pk=actor.user_id or 0)
    _parts(actor, row, people, there)
    policies.collaborations.require(actor, "record", row)
    tell(row)
    return row


@operation("relations.edit_collaboration")
def edit_collaboration(
    *,
    actor: Actor,
    collaboration: Collaboration,
    version: int | None,
    people: Iterable[Person] | None = None,
    colleagues: Iterable[User] | None = None,
    readers: Iterable[User] | None = None,
    **changes: Any,
) -> Collaboration:
    """Correct what is known of it; who is not given stays. Raises Conflict, ValidationError, Forbidden."""
    common.hold(collaboration.partner)
    row = common.locked(Collaboration, collaboration.pk, version)
    policies.collaborations.require(actor, "edit", row)
    for name, read in (("title", common.line), ("text", common.prose)):
        if name in changes:
            changes[name] = read(changes[name])
    was = row.sharing
    moved = "unit" in common.give(row, changes, EDITABLE)
    _check(row)
    row.save()
    named = common.readers_after(actor, row.sharing, readers, was=was)
    if named is not None:
        common.link(CollaborationReader, "collaboration", row.pk, "user", named)
    _parts(actor, row, people, colleagues)
    policies.collaborations.require(actor, "record" if moved else "edit", row)
    tell(row)
    return row


@operation("relations.name_parts")
def name_parts(*, actor: Actor, collaboration: Collaboration, roles: Mapping[int, str]) -> int:
    """Say what part each takes in it: {number of the part: role, "" for none}; returns how many changed. Raises ValidationError, Forbidden."""
    common.hold(collaboration.partner)
    row = common.locked(Collaboration, collaboration.pk, None)
    policies.collaborations.require(actor, "edit", row)
    known = Q(person=None) | policies.read_person.where(actor)
    changed = []
    for part in CollaborationPart.objects.select_for_update(of=("self",)).filter(
        known, collaboration=row, pk__in=list(roles)
    ):
        said = common.line(roles[part.pk])
        if len(said) > LONGEST_ROLE:
            raise ValidationError({"role": _("Quatre-vingts caractères au plus.")})
        if said != part.role:
            part.role = said
            part.save(update_fields=["role"])
            changed.append(part.pk)
    return len(changed)


@operation("relations.move_collaboration")
def move_collaboration(
    *,
    actor: Actor,
    collaboration: Collaboration,
    move: str,
    reason: str = "",
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Collaboration:
    """Propose it, note that it was agreed, started, done, declined or stopped (with the reason), or take it up again.

    Raises IllegalTransition, ValidationError, Forbidden.
    """
    common.hold(collaboration.partner)
    row = common.locked(Collaboration, collaboration.pk, None)
    policies.collaborations.require(actor, "edit", row)
    dates = {name: day for name, day in (("starts_on", starts_on), ("ends_on", ends_on)) if day}
    if dates:
        for name, day in dates.items():
            setattr(row, name, day)
        _check(row)
        row.save()
    why = common.line(reason)
    if move in {"decline", "stop"} and not why:
        said = _("Dites pourquoi : le motif servira à ne pas reposer la même question.")
        raise ValidationError({"reason": said})
    steps = lifecycle.collaboration
    if row.state in steps.transitions[move].sources and (owed := steps.transitions[move].objections(row)):
        raise ValidationError({"starts_on": owed})
    steps.move(row, move, moved_on=localdate(), reason=why, version=row.version + 1)
    tell(row)
    return row


def tell(row: Collaboration) -> None:
    """The moments and the pulse follow."""
    before = Moment.objects.filter(collaboration=row).exists()
    moments.of_collaborations([row.pk])
    if before or Moment.objects.filter(collaboration=row).exists():
        pulses.refresh([row.partner_id])


def collisions(
    actor: Actor, partner: Partner, dispositif: Dispositif, unit: Unit, *, today: dt.date
) -> list[Collaboration]:
    """What other units opened with this partner by the same dispositif in the last 60 days, and that still goes on."""
    found = policies.collaborations.allowed(actor, "notice").filter(partner=partner, dispositif=dispositif)
    recent = found.open().filter(created_at__date__gt=today - COLLISION).exclude(unit=unit)
    return list(recent.order_by("-pk")[:5])


def weighed(quantities: Mapping[str, Any], field: str) -> float:
    """The points of quantities. Raises ValidationError for a scale that does not exist, or a quantity out of its bounds."""
    try:
        return points({code: float(amount) for code, amount in quantities.items()})
    except (KeyError, TypeError, ValueError) as error:
        raise ValidationError({field: _("Cette quantité n’est pas possible : vérifiez-la.")}) from error


def _check(row: Collaboration) -> None:
    row.given = {code: amount for code, amount in row.given.items() if amount}
    row.received = {code: amount for code, amount in row.received.items() if amount}
    row.given_points, row.received_points = weighed(row.given, "given"), weighed(row.received, "received")
    common.check(row)
    for name in ("starts_on", "ends_on"):
        day = getattr(row, name)
        if day and not LONG_AGO <= day <= localdate() + FAR:
            raise ValidationError({name: _("Cette date est trop loin : vérifiez l’année.")})
    if row.site and row.site.partner_id != row.partner_id:
        raise ValidationError({"site": _("Cet établissement est celui d’un autre partenaire.")})


def _parts(
    actor: Actor, row: Collaboration, people: Iterable[Person] | None, colleagues: Iterable[User] | None
) -> None:
    if people is not None:
        common.link_people(actor, CollaborationPart, "collaboration", row.pk, people, user=None)
    if colleagues is not None:
        common.link(CollaborationPart, "collaboration", row.pk, "user", colleagues, person=None)


@operation("relations.share_with_readers")
def share_with_readers(*, actor: Actor, record: Interaction | Collaboration, users: Iterable[User]) -> None:
    """Let more people read something restricted. For those who may edit it."""
    held: Any = record
    model, owner, policy = (
        (InteractionReader, "interaction", policies.interactions)
        if isinstance(record, Interaction)
        else (CollaborationReader, "collaboration", policies.collaborations)
    )
    policy.require(actor, "edit", held)
    rows: Any = model
    known = set(rows.objects.filter(**{owner: held}).values_list("user_id", flat=True))
    rows.objects.bulk_create([rows(**{owner: held, "user": user}) for user in users if user.pk not in known])
