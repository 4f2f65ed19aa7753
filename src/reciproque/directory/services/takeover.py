"""Taking over an existing directory at once: thousands of records already put in order elsewhere, in bulk, in one operation.

For the first day of an installation; afterwards, files come in through imports, which compare and ask. Constraints, history
and search are those of every other change.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import ForeignKey, Model

from reciproque.directory import search
from reciproque.directory.models import Partner, PartnerUnit, Person, Position, Site, Tag
from reciproque.engines.identifiers import fold
from reciproque.foundation.errors import DomainError
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor, require_role
from reciproque.institution.models import Role

BATCH = 1000
HEADS = """
UPDATE directory_partner partner SET postcode = site.postcode, city = site.city, department = site.department
FROM directory_site site WHERE site.partner_id = partner.id AND site.is_head AND partner.id = ANY(%s)
"""


@operation("directory.take_over")
def take_over(
    *,
    actor: Actor,
    partners: Sequence[Partner],
    sites: Sequence[Site] = (),
    people: Sequence[Person] = (),
    positions: Sequence[Position] = (),
    ties: Sequence[PartnerUnit] = (),
) -> dict[str, int]:
    """Write unsaved records that refer to one another, groups before their subsidiaries; returns how many of each.

    Refused when the directory already holds partners: it would compare nothing. For the system and data stewards.
    """
    if not actor.is_system:
        require_role(actor, Role.DATA_STEWARD)
    if Partner.objects.exists():
        raise DomainError("L’annuaire n’est pas vide : passez par un import, qui compare et demande.")
    Partner.objects.bulk_create([partner for partner in partners if partner.parent is None], batch_size=BATCH)
    below = [partner for partner in partners if partner.parent is not None]
    for partner in below:
        partner.parent = partner.parent  # Django reads the key that the group has by now
    Partner.objects.bulk_create(below, batch_size=BATCH)
    _create(Site.objects, sites)
    _create(PartnerUnit.objects, ties)
    _create(Person.objects, people)
    _create(Position.objects, positions)
    _after(partners, people)
    return {
        "partners": len(partners),
        "sites": len(sites),
        "people": len(people),
        "positions": len(positions),
        "ties": len(ties),
    }


def _create(manager: Any, rows: Sequence[Model]) -> None:
    """Write rows whose records were unsaved when they were tied to them: Django reads their keys again."""
    for row in rows:
        for field in row._meta.concrete_fields:  # noqa: SLF001
            if isinstance(field, ForeignKey) and getattr(row, field.attname) is None and field.is_cached(row):
                setattr(row, field.name, getattr(row, field.name))
    manager.bulk_create(rows, batch_size=BATCH)


def _after(partners: Sequence[Partner], people: Sequence[Person]) -> None:
    ids = [partner.pk for partner in partners]
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [ids])
    tags = [tag for partner in partners for tag in partner.tags] + [tag for person in people for tag in person.tags]
    words = {fold(tag): tag for tag in tags}
    Tag.objects.bulk_create([Tag(name=words[key]) for key in sorted(words)], ignore_conflicts=True)
    search.refresh(partner_ids=ids, person_ids=[person.pk for person in people])
