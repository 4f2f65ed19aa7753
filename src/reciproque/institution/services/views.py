"""Lists kept under a name: created, changed, pinned, forgotten."""

from django.db.models import Max
from django.utils.translation import gettext as _

from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.foundation.operations import operation
from reciproque.institution import policies
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, SavedView, Unit

V = SavedView.Visibility
EDITABLE = frozenset({"name", "query", "visibility", "unit", "position"})


@operation("institution.create_view")
def create_view(
    *, actor: Actor, page: str, name: str, query: str, visibility: str = V.MINE, unit: Unit | None = None
) -> SavedView:
    """Keep a list under a name, for oneself, for a unit where one contributes, or for the establishment."""
    if actor.user_id is None:
        raise DomainError(_("Une vue appartient à une personne."))
    _check_sharing(actor, visibility, unit)
    last = SavedView.objects.filter(owner=actor.user_id, page=page).aggregate(last=Max("position"))["last"]
    view = SavedView(
        page=page, name=name.strip(), query=query, owner_id=actor.user_id, visibility=visibility,
        unit=unit if visibility == V.UNIT else None, position=0 if last is None else last + 1,
    )  # fmt: skip
    view.full_clean()
    view.save()
    return view


@operation("institution.update_view")
def update_view(*, actor: Actor, view: SavedView, **changes: object) -> SavedView:
    """Change what a view shows, its name or who sees it. For its owner; administrators may mend those shared with all."""
    if unknown := set(changes) - EDITABLE:
        raise DomainError(_("Champs inconnus : %(fields)s.") % {"fields": ", ".join(sorted(unknown))})
    row = SavedView.objects.select_for_update().get(pk=view.pk)
    policies.saved_views.require(actor, "edit", row)
    for field, value in changes.items():
        setattr(row, field, value.strip() if field == "name" and isinstance(value, str) else value)
    if {"visibility", "unit"} & set(changes):
        _check_sharing(actor, row.visibility, row.unit)
    if row.visibility != V.UNIT:
        row.unit = None
    row.full_clean()
    row.save()
    return row


@operation("institution.pin_view")
def pin_view(*, actor: Actor, view: SavedView, pinned: bool) -> SavedView:
    """Put a view on top of the menu, or no longer. For those who may change it."""
    row = SavedView.objects.select_for_update().get(pk=view.pk)
    policies.saved_views.require(actor, "edit", row)
    row.pinned = pinned
    row.save(update_fields=["pinned"])
    return row


@operation("institution.delete_view")
def delete_view(*, actor: Actor, view: SavedView) -> None:
    """Forget a view; the records it showed are not touched."""
    row = SavedView.objects.select_for_update().get(pk=view.pk)
    policies.saved_views.require(actor, "edit", row)
    row.delete()


def _check_sharing(actor: Actor, visibility: str, unit: Unit | None) -> None:
    """Sharing with a unit is for those who contribute there; with everybody, for those who manage somewhere."""
    if visibility == V.UNIT:
        if unit is None:
            raise DomainError(_("Choisissez l’entité qui verra cette vue."))
        if not actor.is_system and unit.pk not in actor.units(Role.MEMBER):
            raise Forbidden(_("Vous ne contribuez pas dans cette entité : la vue ne peut pas y être partagée."))
    if visibility == V.ESTABLISHMENT and not actor.has(Role.MANAGER, Role.DATA_STEWARD, Role.ADMINISTRATOR):
        raise Forbidden(
            _(
                "Partager une vue avec tout l’établissement demande d’être gestionnaire, référent qualité ou administrateur."
            )
        )
