"""Tasks: added, changed, done; a recurring one leaves its next."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from reciproque.directory.models import Partner, Person
from reciproque.engines.reciprocity import months_after
from reciproque.foundation.errors import IllegalTransition
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from reciproque.relations import notices, policies
from reciproque.relations.models import Collaboration, Interaction, Task
from reciproque.relations.services import common

R = Task.Recurrence
MONTHS = {R.MONTHLY: 1, R.QUARTERLY: 3, R.YEARLY: 12}
EDITABLE = frozenset({"title", "due_on", "remind_on", "recurrence", "owner", "private", "unit"})
FAR = dt.timedelta(days=5 * 366)


@operation("relations.add_task")
def add_task(
    *,
    actor: Actor,
    title: str,
    due_on: dt.date,
    owner: User | None = None,
    unit: Unit | None = None,
    partner: Partner | None = None,
    person: Person | None = None,
    interaction: Interaction | None = None,
    collaboration: Collaboration | None = None,
    remind_on: dt.date | None = None,
    recurrence: str = R.NONE,
    private: bool = False,
) -> Task:
    """Something to do, by its author unless another owner is named. Raises ValidationError, Forbidden."""
    if partner:
        common.hold(partner)
    row = Task(
        title=common.line(title), due_on=due_on, owner_id=owner.pk if owner else actor.user_id or 0, author_id=actor.user_id, unit=unit,
        partner=partner, person=person, interaction=interaction, collaboration=collaboration, remind_on=remind_on,
        recurrence=recurrence, private=private,
    )  # fmt: skip
    _check(row)
    row.save()
    policies.tasks.require(actor, "record", row)
    notices.of_task(actor, row)
    return row


@operation("relations.edit_task")
def edit_task(*, actor: Actor, task: Task, **changes: Any) -> Task:
    """Change a task that is still to do. Raises IllegalTransition when it is done, ValidationError, Forbidden."""
    row = _held(actor, task)
    if row.done_at:
        raise IllegalTransition(_("Cette tâche est faite."))
    if unknown := set(changes) - EDITABLE:
        raise TypeError(f"Not editable: {sorted(unknown)}")
    if "title" in changes:
        changes["title"] = common.line(changes["title"])
    for name, value in changes.items():
        setattr(row, name, value)
    _check(row)
    row.save()
    policies.tasks.require(actor, "edit", row)
    if "owner" in changes:
        notices.of_task(actor, row)
    return row


@operation("relations.finish_task")
def finish_task(*, actor: Actor, task: Task) -> Task | None:
    """Say that it is done; a recurring task leaves its next one, which is returned. Done twice is done once."""
    row = _held(actor, task)
    if row.done_at:
        return None
    row.done_at = now()
    row.save()
    if row.recurrence == R.NONE:
        return None
    due_on = following(row.due_on, row.recurrence, localdate())
    return Task.objects.create(
        title=row.title, due_on=due_on, owner=row.owner, author=row.author, unit=row.unit, partner=row.partner, person=row.person,
        remind_on=due_on - (row.due_on - row.remind_on) if row.remind_on else None, collaboration=row.collaboration,
        recurrence=row.recurrence, private=row.private,
    )  # fmt: skip


@operation("relations.reopen_task")
def reopen_task(*, actor: Actor, task: Task) -> Task:
    """Take back that it was done; the next one that it left goes away with it when nobody touched it."""
    row = _held(actor, task)
    if row.done_at and row.recurrence:
        left = Task.objects.pending().filter(
            title=row.title,
            owner=row.owner,
            partner=row.partner,
            recurrence=row.recurrence,
            created_at__gte=row.done_at,
        )
        left.exclude(pk=row.pk).delete()
    row.done_at = None
    row.save()
    return row


def following(due_on: dt.date, recurrence: str, today: dt.date) -> dt.date:
    """The next day of a recurring task that is to come: on the same day of the month, or its last."""
    step, day = 0, due_on
    while day <= max(due_on, today):
        step += 1
        months = MONTHS.get(R(recurrence))
        day = months_after(due_on, step * months) if months else due_on + dt.timedelta(weeks=step)
    return day


def _held(actor: Actor, task: Task) -> Task:
    row = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    policies.tasks.require(actor, "edit", row)
    return row


def _check(row: Task) -> None:
    common.check(row)
    today = localdate()
    if not today - FAR <= row.due_on <= today + FAR:
        raise ValidationError({"due_on": _("Cette date est trop loin : vérifiez l’année.")})
    if row.remind_on and row.remind_on > row.due_on:
        raise ValidationError({"remind_on": _("Le rappel vient avant l’échéance.")})
