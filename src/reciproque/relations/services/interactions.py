"""Interactions: written, planned, confirmed, called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.directory.models import Partner, Person, Sharing
from reciproque.foundation.errors import IllegalTransition
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from reciproque.relations import moments, notices, policies, pulses
from reciproque.relations.models import (
    Interaction,
    InteractionColleague,
    InteractionPerson,
    InteractionReader,
    Moment,
    Task,
)
from reciproque.relations.services import common, invitations, tasks
from reciproque.relations.services.attaching import attach

S = Interaction.State
EDITABLE = frozenset(
    {"unit", "kind", "on", "at", "minutes", "place", "subject", "text", "site", "met", "collaboration", "sharing"}
)
BESIDE: tuple[tuple[str, Any], ...] = (("files", ()), ("invite", False), ("override", ""), ("told", None))
LONG_AGO, FAR = dt.date(1970, 1, 1), dt.timedelta(days=5 * 366)


@operation("relations.record_interaction")
def record_interaction(
    *,
    actor: Actor,
    partner: Partner,
    unit: Unit,
    on: dt.date,
    kind: str = Interaction.Kind.NOTE,
    subject: str = "",
    text: str = "",
    people: Iterable[Person] = (),
    colleagues: Iterable[User] | None = None,
    mentioned: Iterable[User] = (),
    sharing: str = Sharing.NETWORK,
    readers: Iterable[User] = (),
    next_step: str = "",
    next_on: dt.date | None = None,
    **more: Any,
) -> Interaction:
    """Write one exchange with a partner; planned when its day is to come. With a next step, a task follows.

    `more`: at, minutes, place, site, collaboration, met (said by the kind otherwise), source, files (attached), invite, override.
    Without `colleagues` its author took part alone. `invite`: its people receive an invitation; past a cap, a reason is owed
    (`override`). `told`: somebody whom the caller tells of it. Raises ValidationError, Forbidden.
    """
    common.hold(partner)
    files, invite, override, told = (more.pop(name, usual) for name, usual in BESIDE)
    allowed = {"at", "minutes", "place", "site", "collaboration", "met", "source"}
    if unknown := set(more) - allowed:
        raise TypeError(f"Unknown: {sorted(unknown)}")
    more["met"] = kind in Interaction.MET if more.get("met") is None else more["met"]
    row = Interaction(
        partner=partner, unit=unit, author_id=actor.user_id, on=on, kind=kind, subject=common.line(subject),
        text=common.prose(text), sharing=sharing, state=S.PLANNED if on > localdate() else S.DONE, **more,
    )  # fmt: skip
    _check(row)
    row.save()
    there = list(colleagues) if colleagues is not None else _author(actor)
    _people(actor, row, people, there, mentioned, common.check_readers(actor, sharing, readers))
    policies.interactions.require(actor, "record", row)
    attach(row, files)
    if next_step and next_on:
        tasks.add_task(
            actor=actor, title=next_step, due_on=next_on, partner=partner, unit=unit, interaction=row,
            private=sharing == Sharing.RESTRICTED,
        )  # fmt: skip
    _tell(row)
    if invite:
        invitations.settle(actor, row, invite=True, override=override)
    notices.of_exchange(actor, row, told=told)
    return row


@operation("relations.edit_interaction")
def edit_interaction(
    *,
    actor: Actor,
    interaction: Interaction,
    version: int | None,
    people: Iterable[Person] | None = None,
    colleagues: Iterable[User] | None = None,
    mentioned: Iterable[User] | None = None,
    readers: Iterable[User] | None = None,
    files: Sequence[File[bytes]] = (),
    invite: bool | None = None,
    override: str = "",
    **changes: Any,
) -> Interaction:
    """Change what was written; who is not given stays. Those who were invited are told (`invite` False calls their invitation off).

    Raises Conflict, ValidationError, Forbidden.
    """
    common.hold(interaction.partner)
    row = common.locked(Interaction, interaction.pk, version)
    policies.interactions.require(actor, "edit", row)
    for name, read in (("subject", common.line), ("text", common.prose)):
        if name in changes:
            changes[name] = read(changes[name])
    if "on" in changes and row.state != S.CANCELLED:
        row.state = S.PLANNED if changes["on"] > localdate() else S.DONE if changes["on"] != row.on else row.state
    was = row.sharing
    moved = "unit" in common.give(row, changes, EDITABLE)
    _check(row)
    row.save()
    named = common.readers_after(actor, row.sharing, readers, was=was)
    _people(actor, row, people, colleagues, mentioned, named)
    policies.interactions.require(actor, "record" if moved else "edit", row)
    attach(row, files)
    if row.sharing == Sharing.RESTRICTED:
        Task.objects.filter(interaction=row).update(private=True)
    _tell(row)
    invitations.settle(actor, row, invite=invite, override=override)
    notices.of_exchange(actor, row)
    return row


@operation("relations.confirm_interaction")
def confirm_interaction(*, actor: Actor, interaction: Interaction) -> Interaction:
    """Say that what was planned took place. Raises IllegalTransition when its day has not come, or it was called off."""
    row = _held(actor, interaction)
    if row.state != S.PLANNED or row.on > localdate():
        raise IllegalTransition(_("Cet échange n’attend pas d’être confirmé."), state=row.state)
    return _moved(row, S.DONE)


@operation("relations.cancel_interaction")
def cancel_interaction(*, actor: Actor, interaction: Interaction) -> Interaction:
    """Call off what was planned, or take back what was written by mistake: it leaves the timeline and the figures, and stays in history."""
    row = _held(actor, interaction)
    if row.state == S.CANCELLED:
        raise IllegalTransition(_("Cet échange est déjà annulé."), state=row.state)
    Task.objects.pending().filter(interaction=row).delete()
    _moved(row, S.CANCELLED)
    invitations.settle(actor, row)
    notices.of_exchange(actor, row)
    return row


@operation("relations.restore_interaction")
def restore_interaction(*, actor: Actor, interaction: Interaction) -> Interaction:
    """Bring back what was called off."""
    row = _held(actor, interaction)
    if row.state != S.CANCELLED:
        raise IllegalTransition(_("Cet échange n’est pas annulé."), state=row.state)
    _moved(row, S.PLANNED if row.on > localdate() else S.DONE)
    invitations.settle(actor, row)
    notices.of_exchange(actor, row)
    return row


def _held(actor: Actor, interaction: Interaction) -> Interaction:
    common.hold(interaction.partner)
    row = common.locked(Interaction, interaction.pk, None)
    policies.interactions.require(actor, "edit", row)
    return row


def _moved(row: Interaction, state: str) -> Interaction:
    row.state = state
    row.version += 1
    row.save()
    _tell(row)
    return row


def _author(actor: Actor) -> list[User]:
    return list(User.objects.filter(pk=actor.user_id)) if actor.user_id else []


def _check(row: Interaction) -> None:
    common.check(row)
    if not LONG_AGO <= row.on <= localdate() + FAR:
        raise ValidationError({"on": _("Cette date est trop loin : vérifiez l’année.")})
    if row.collaboration and row.collaboration.partner_id != row.partner_id:
        raise ValidationError({"collaboration": _("Cette collaboration est celle d’un autre partenaire.")})
    if row.site and row.site.partner_id != row.partner_id:
        raise ValidationError({"site": _("Cet établissement est celui d’un autre partenaire.")})


def _people(
    actor: Actor,
    row: Interaction,
    people: Iterable[Person] | None,
    colleagues: Iterable[User] | None,
    mentioned: Iterable[User] | None,
    readers: Iterable[User] | None,
) -> None:
    if people is not None:
        common.link_people(actor, InteractionPerson, "interaction", row.pk, people)
    if colleagues is not None:
        there = list(colleagues)
        InteractionColleague.objects.filter(interaction=row, mentioned=True, user__in=there).delete()
        common.link(InteractionColleague, "interaction", row.pk, "user", there, mentioned=False)
    if mentioned is not None:
        present = set(
            InteractionColleague.objects.filter(interaction=row, mentioned=False).values_list("user", flat=True)
        )
        others = [user for user in mentioned if user.pk not in present]
        common.link(InteractionColleague, "interaction", row.pk, "user", others, mentioned=True)
    if readers is not None:
        common.link(InteractionReader, "interaction", row.pk, "user", readers)


def _tell(row: Interaction) -> None:
    """The moments and the pulse follow; nothing to tell of what never counts."""
    before = Moment.objects.filter(interaction=row).exists()
    if row.met or before:
        moments.of_interactions([row.pk])
        pulses.refresh([row.partner_id])
