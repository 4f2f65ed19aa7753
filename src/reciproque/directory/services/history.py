"""Going back: a value that a field held before, and values typed by hand given back to the sources."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from reciproque.directory import policies
from reciproque.directory.merging import moving
from reciproque.directory.models import Merge, Partner, Person, Position, Site
from reciproque.directory.services import common, partners, people, sites
from reciproque.foundation import history
from reciproque.foundation.errors import DomainError
from reciproque.foundation.events import announce
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor

EDITABLE: dict[type[models.Model], frozenset[str]] = {
    Partner: partners.EDITABLE,
    Site: sites.EDITABLE,
    Person: people.EDITABLE,
    Position: people.POSITION | {"ended_on"},
}


@operation("directory.restore_field")
def restore_field(*, actor: Actor, model: type[models.Model], object_id: int, event_id: int, field: str) -> Any:
    """Give a field the value that it held after that event; the value is then signed by the actor."""
    if field not in EDITABLE.get(model, frozenset()):
        raise DomainError(_("Ce champ ne se rétablit pas depuis l’historique."))
    held = history.value_at(model, object_id, event_id, field)
    column = model._meta.get_field(field)  # noqa: SLF001 -- Django's own introspection
    if isinstance(column, models.ForeignKey) and held is not None:
        held = column.related_model._default_manager.filter(pk=held).first()  # noqa: SLF001
    if isinstance(held, Partner):
        held = Partner.objects.get(pk=moving.root_of(Merge.Kind.PARTNER, held.pk))
    record: Any = model._default_manager.get(pk=object_id)  # noqa: SLF001
    change = {field: held}
    if model is Partner:
        return partners.edit_partner(actor=actor, partner=record, version=None, **change)
    if model is Site:
        return sites.edit_site(actor=actor, site=record, version=None, **change)
    if model is Person:
        return people.edit_person(actor=actor, person=record, version=None, **change)
    return people.edit_position(actor=actor, position=record, version=None, **change)


@operation("directory.release_field")
def release_field(*, actor: Actor, record: Partner | Person | Site | Position, field: str) -> bool:
    """Let the sources decide again of a value typed by hand; says whether there was one. The value stays until they do."""
    row = common.locked(record, None, {})
    _require_edit(actor, row)
    if row.origins.get(field, {}).get("kind") != "hand":
        return False
    del row.origins[field]
    common.keep(row)
    announce("directory.field_released", model=row._meta.label_lower, pk=row.pk, field=field)  # noqa: SLF001
    return True


def _require_edit(actor: Actor, row: Partner | Person | Site | Position) -> None:
    if isinstance(row, Person):
        policies.people.require(actor, "edit", row)
    elif isinstance(row, Position):
        policies.people.require(actor, "edit", row.person)
    else:
        policies.partners.require(actor, "edit", row.partner if isinstance(row, Site) else row)
