"""Taking over an existing directory at once: thousands of records already put in order elsewhere, in bulk, in one operation.

For the first day of an installation; afterwards, files come in through imports, which compare and ask. Constraints, history
and search are those of every other change.
"""

from collections.abc import Sequence

from django.db import connection

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
    for model, rows in ((Site, sites), (PartnerUnit, ties), (Person, people), (Position, positions)):
        for row in rows:
            for field in row._meta.concrete_fields:  # noqa: SLF001
                if field.is_relation and getattr(row, field.attname) is None and field.is_cached(row):
                    setattr(row, field.name, getattr(row, field.name))
        model.objects.bulk_create(rows, batch_size=BATCH)  # type: ignore[attr-defined]
    _after(partners, people)
    return {
        "partners": len(partners),
        "sites": len(sites),
        "people": len(people),
        "positions": len(positions),
        "ties": len(ties),
    }


def _after(partners: Sequence[Partner], people: Sequence[Person]) -> None:
    ids = [partner.pk for partner in partners]
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [ids])
    words = {fold(tag): tag for record in (*partners, *people) for tag in record.tags}
    Tag.objects.bulk_create([Tag(name=words[key]) for key in sorted(words)], ignore_conflicts=True)
    search.refresh(partner_ids=ids, person_ids=[person.pk for person in people])
