"""Who listens to what, what stands in the navigation and the menus: the one place that knows all modules."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the main navigation. `roles` empty: everyone of a unit. `section` is a heading, `shortcut` a letter after « g »."""

    label: Any
    url_name: str
    icon: str
    roles: tuple[str, ...] = ()
    shortcut: str = ""
    section: Any = ""


LISTENERS: dict[str, list[str]] = {
    "directory.field_released": ["sourcing.field_released"],
    "directory.merged": ["sourcing.records_merged", "relations.records_merged"],
    "directory.referents_changed": ["relations.referents_changed"],
    "directory.separated": ["sourcing.records_separated", "relations.records_separated"],
    "foundation.message_received": ["relations.file_message"],
    "relations.dispositif_changed": ["relations.dispositif_changed"],
    "relations.target_changed": ["relations.target_changed"],
}

NETWORK, LINKS, DATA, HOUSE = _("Réseau"), _("Relations"), _("Données"), _("Administration")
CONTRIBUTORS = ("member", "manager", "data_steward")

NAVIGATION: tuple[Entry, ...] = (
    Entry(_("Accueil"), "workspace:home", "home", shortcut="a"),
    Entry(_("Partenaires"), "directory:partner_list", "building-factory-2", shortcut="p", section=NETWORK),
    Entry(_("Personnes"), "directory:person_list", "users", shortcut="c", section=NETWORK),
    Entry(_("Mes partenaires"), "relations:mine", "heart-handshake", shortcut="m", section=LINKS),
    Entry(_("Collaborations"), "relations:collaborations", "layout-kanban", shortcut="k", section=LINKS),
    Entry(_("Besoins"), "relations:needs", "bulb", section=LINKS),
    Entry(_("Tâches"), "relations:tasks", "checkbox", shortcut="t", section=LINKS),
    Entry(_("Réorientations"), "relations:referrals", "transfer", section=LINKS),
    Entry(_("Sollicitations"), "relations:solicitations", "send", section=LINKS),
    Entry(_("Campagnes"), "relations:campaigns", "mail", shortcut="e", section=LINKS),
    Entry(_("Réciprocité"), "relations:board", "chart-bar", shortcut="r", section=LINKS),
    Entry(_("Imports"), "sourcing:import_list", "file-import", shortcut="i", section=DATA),
    Entry(_("Doublons"), "sourcing:doubles", "arrows-diff", roles=CONTRIBUTORS, shortcut="d", section=DATA),
    Entry(_("Registre"), "sourcing:register", "database", roles=CONTRIBUTORS, shortcut="s", section=DATA),
    Entry(_("Qualité"), "sourcing:quality", "chart-bar", shortcut="q", section=DATA),
    Entry(_("Décloisonnement"), "sourcing:decloisonnement", "chart-dots", section=DATA),
    Entry(_("Dispositifs"), "relations:dispositifs", "books", section=HOUSE),
    Entry(_("Entités"), "institution:unit_list", "sitemap", section=HOUSE),
    Entry(_("Comptes"), "institution:account_list", "user-cog", section=HOUSE),
    Entry(_("Identité"), "institution:identity", "palette", roles=("administrator",), section=HOUSE),
    Entry(_("État"), "institution:state", "activity", roles=("administrator",), section=HOUSE),
)
QUICK_CREATE: tuple[Entry, ...] = (
    Entry(_("Noter un échange"), "relations:interaction_quick", "message-plus", roles=("member", "manager")),
    Entry(_("Nouvelle campagne"), "relations:campaign_create", "mail", roles=("member", "manager")),
    Entry(_("Nouveau partenaire"), "directory:partner_create", "building-factory-2", roles=CONTRIBUTORS),
    Entry(_("Nouvelle personne"), "directory:person_create", "user-plus", roles=CONTRIBUTORS),
    Entry(_("Importer un fichier"), "sourcing:import_new", "file-import", roles=CONTRIBUTORS),
)
USER_MENU: tuple[Entry, ...] = (
    Entry(_("Notifications"), "institution:notice_settings", "bell"),
    Entry(_("Courriels et agenda"), "relations:mail", "mail"),
    Entry(_("Mon compte"), "institution:account", "user"),
)

PALETTE = "workspace:palette"
NOTICES = "institution:notices"

__all__ = ["LISTENERS", "NAVIGATION", "NOTICES", "PALETTE", "QUICK_CREATE", "USER_MENU", "Entry", "_"]
