"""The tree of units: planted, grown, moved, pruned. The tree is small, so its paths are rebuilt whole."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from reciproque.foundation.errors import Conflict, DomainError
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor, require_role
from reciproque.institution.models import Role, Unit

EDITABLE = frozenset(
    {"code", "name", "short_name", "kind", "parent", "uai", "supann_code", "email", "phone", "position", "colour"}
)


@operation("institution.found_establishment")
def found_establishment(*, actor: Actor, code: str, name: str, short_name: str = "") -> Unit:
    """Plant the root of the tree, or give back the one of that code: safe to repeat. For the system only."""
    if not actor.is_system:
        require_role(actor, Role.ADMINISTRATOR)
    if existing := Unit.objects.filter(code=code).first():
        return existing
    unit = Unit(code=code, name=name, short_name=short_name or name[:40], kind=Unit.Kind.ESTABLISHMENT)
    unit.full_clean()
    unit.save()
    _replant()
    unit.refresh_from_db()
    return unit


@operation("institution.create_unit")
def create_unit(
    *, actor: Actor, parent: Unit, code: str, name: str, short_name: str, kind: str, **details: Any
) -> Unit:
    """Add a unit under another one."""
    require_role(actor, Role.ADMINISTRATOR)
    unit = Unit(parent=parent, code=code, name=name, short_name=short_name, kind=kind, **_known(details))
    unit.full_clean()
    unit.save()
    _replant()
    unit.refresh_from_db()
    return unit


@operation("institution.edit_unit")
def edit_unit(*, actor: Actor, unit: Unit, version: int, **changes: Any) -> Unit:
    """Change a unit, its place in the tree included. Refuses a stale version, and a unit under itself."""
    require_role(actor, Role.ADMINISTRATOR)
    row = Unit.objects.select_for_update().get(pk=unit.pk)
    if row.version != version:
        raise Conflict(_("Quelqu’un a modifié cette entité entre-temps : relisez-la puis recommencez."), current=row)
    parent = changes.get("parent", row.parent)
    if parent is not None and parent.path.startswith(row.path):
        raise DomainError(_("Une entité ne peut pas être rattachée à elle-même ni à une de ses sous-entités."))
    for field, value in _known(changes).items():
        setattr(row, field, value)
    row.version += 1
    row.full_clean()
    row.save()
    _replant()
    row.refresh_from_db()
    return row


@operation("institution.close_unit")
def close_unit(*, actor: Actor, unit: Unit, on: dt.date) -> Unit:
    """Close a unit and everything under it; its records and its history stay."""
    require_role(actor, Role.ADMINISTRATOR)
    if unit.parent_id is None:
        raise DomainError(_("L’établissement lui-même ne peut pas être fermé."))
    for row in Unit.objects.under(unit).active().select_for_update():
        row.closed_on = on
        row.version += 1
        row.save(update_fields=["closed_on", "version"])
    unit.refresh_from_db()
    return unit


@operation("institution.reopen_unit")
def reopen_unit(*, actor: Actor, unit: Unit) -> Unit:
    """Open a closed unit again; those under it stay as they are."""
    require_role(actor, Role.ADMINISTRATOR)
    row = Unit.objects.select_for_update().get(pk=unit.pk)
    if row.parent and row.parent.closed_on:
        raise DomainError(_("Rouvrez d’abord l’entité de rattachement."))
    row.closed_on = None
    row.version += 1
    row.save(update_fields=["closed_on", "version"])
    return row


def _known(details: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in details.items() if field in EDITABLE}


def _replant() -> None:
    """Write the path and the order of every unit anew, under a lock so that two moves cannot cross."""
    rows = list(Unit.objects.select_for_update().order_by("pk"))
    children: dict[int | None, list[Unit]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    changed: list[Unit] = []
    pending = [(root, "/", "") for root in children.get(None, [])]
    while pending:
        row, above, key_above = pending.pop()
        path = f"{above}{row.pk}/"
        key = f"{key_above}{row.position:04d}-{row.pk:06d}/"
        if (row.path, row.tree_key) != (path, key):
            row.path, row.tree_key = path, key
            changed.append(row)
        pending += [(child, path, key) for child in children.get(row.pk, [])]
    Unit.objects.bulk_update(changed, ["path", "tree_key"])
