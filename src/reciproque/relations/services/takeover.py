"""Taking over the life of an existing network at once: thousands of exchanges and collaborations kept elsewhere, in bulk, in one operation."""

from collections.abc import Sequence
from typing import Any

from django.db.models import ForeignKey

from reciproque.directory.services import steady
from reciproque.foundation.database.bulk import bulk_insert
from reciproque.foundation.errors import DomainError
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor, require_role
from reciproque.institution.models import Role
from reciproque.relations import rebuilding
from reciproque.relations.models import (
    Collaboration,
    CollaborationPart,
    CollaborationReader,
    Interaction,
    InteractionColleague,
    InteractionPerson,
    InteractionReader,
    Need,
    Referral,
    Solicitation,
    Task,
)
from reciproque.relations.services.collaborations import weighed


@operation("relations.take_over")
def take_over(
    *,
    actor: Actor,
    collaborations: Sequence[Collaboration] = (),
    parts: Sequence[CollaborationPart] = (),
    interactions: Sequence[Interaction] = (),
    people: Sequence[InteractionPerson] = (),
    colleagues: Sequence[InteractionColleague] = (),
    readers: Sequence[InteractionReader | CollaborationReader] = (),
    needs: Sequence[Need] = (),
    tasks: Sequence[Task] = (),
    referrals: Sequence[Referral] = (),
    solicitations: Sequence[Solicitation] = (),
) -> int:
    """Write unsaved rows that refer to one another, then make moments and pulses from them; returns how many partners have one.

    Refused when relations already hold exchanges. For the system and data stewards. Constraints and history are those of every change.
    """
    if not actor.is_system:
        require_role(actor, Role.DATA_STEWARD)
    if Interaction.objects.exists() or Collaboration.objects.exists():
        raise DomainError("La chronologie n’est pas vide : elle ne se reprend qu’une fois.")
    steady()
    for row in collaborations:
        row.given_points, row.received_points = weighed(row.given, "given"), weighed(row.received, "received")
    here = [row for row in readers if isinstance(row, InteractionReader)]
    there = [row for row in readers if isinstance(row, CollaborationReader)]
    about = (needs, tasks, referrals, solicitations)
    for rows in (collaborations, parts, interactions, people, colleagues, here, there, *about):
        bulk_insert(_tied(rows))
    return rebuilding.remake()


def _tied(rows: Sequence[Any]) -> Sequence[Any]:
    """Rows whose records were unsaved when they were tied to them: their keys are read again."""
    for row in rows:
        for field in row._meta.concrete_fields:  # noqa: SLF001
            if isinstance(field, ForeignKey) and getattr(row, field.attname) is None and field.is_cached(row):
                setattr(row, field.name, getattr(row, field.name))
    return rows
