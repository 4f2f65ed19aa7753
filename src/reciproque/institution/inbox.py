"""What the institution asks of its administrators on their home page."""

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproque.foundation import health
from reciproque.foundation.database.kept import kept
from reciproque.foundation.inbox import Found, Item, Provider, found, register
from reciproque.institution import policies
from reciproque.institution.access import Actor
from reciproque.institution.health_pages import NAMES
from reciproque.institution.models import Membership, Role, Unit, User

PARTS = ("backup", "worker", "jobs", "disk", "settings", "outside")


def to_mend(actor: Actor, hidden: frozenset[int]) -> Found:
    """Parts of the application that are not well: no backup, no worker, a full disk…"""
    if not actor.has(Role.ADMINISTRATOR):
        return Found(0, [])
    parts, url = health.brief(), reverse("institution:state")
    items = [
        Item(
            key=f"health_to_mend:{number}", title=str(NAMES[name]), why=parts[name]["says"], url=url, action=_("Voir"), icon="system"
        )
        for number, name in enumerate(PARTS)
        if not parts[name]["ok"] and number not in hidden
    ]  # fmt: skip
    return Found(len(items), items)


@kept
def _without_rights(actor: Actor, most: int, *, hidden: frozenset[int]) -> QuerySet[User]:
    held = Membership.objects.filter(user=OuterRef("pk"))
    rows: QuerySet[User] = policies.users.allowed(actor, "edit")
    return rows.filter(~Exists(held), is_active=True).exclude(pk__among=hidden).order_by("-pk")[:most]


def to_admit(actor: Actor, hidden: frozenset[int]) -> Found:
    """Active accounts that have no role anywhere: they see nothing."""
    if not actor.has(Role.ADMINISTRATOR):
        return Found(0, [])

    def draw(row: User) -> Item:
        why = " – ".join(filter(None, (row.title, row.email)))
        return Item(
            key=f"accounts_without_rights:{row.pk}", title=str(row), why=why, icon="person", action=_("Donner un rôle"),
            url=reverse("institution:account_edit", args=[row.pk]),
        )  # fmt: skip

    return found(_without_rights, draw, actor, hidden=hidden)


@kept
def _unmanaged(actor: Actor, most: int, *, hidden: frozenset[int]) -> QuerySet[Unit]:
    held = Membership.objects.filter(unit=OuterRef("pk"), role=Role.MANAGER, user__is_active=True)
    return (
        policies.units.allowed(actor, "view")
        .filter(~Exists(held), closed_on=None)
        .exclude(pk__among=hidden)
        .order_by("tree_key")[:most]
    )


def to_entrust(actor: Actor, hidden: frozenset[int]) -> Found:
    """Units where nobody is a manager: nobody there approves, shares or grants."""
    if not actor.has(Role.ADMINISTRATOR):
        return Found(0, [])

    def draw(row: Unit) -> Item:
        return Item(
            key=f"units_without_manager:{row.pk}", title=row.name, why=_("Personne n’y est responsable."), icon="unit", action=_("Voir"),
            url=f"{reverse('institution:account_list')}?entite={row.code}",
        )  # fmt: skip

    return found(_unmanaged, draw, actor, hidden=hidden)


def offer() -> None:
    """Put these kinds of things to do in the home page's list. Called when the application is ready."""
    register(Provider("health_to_mend", gettext_lazy("État de l’application"), 2, to_mend))
    unread = gettext_lazy("Ces comptes sont ouverts, mais sans rôle ils ne voient rien.")
    register(Provider("accounts_without_rights", gettext_lazy("Comptes sans rôle"), 6, to_admit, unread))
    register(Provider("units_without_manager", gettext_lazy("Entités sans responsable"), 7, to_entrust))
