"""Who listens to what, what stands in the navigation, which panels the partner page shows: the one place that knows all modules."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the main navigation. `roles` empty: everyone signed in."""

    label: Any
    url_name: str
    icon: str
    roles: tuple[str, ...] = ()
    shortcut: str = ""


LISTENERS: dict[str, list[str]] = {"directory.field_released": ["sourcing.field_released"]}

NAVIGATION: tuple[Entry, ...] = (
    Entry(_("Accueil"), "workspace:home", "home", shortcut="a"),
    Entry(_("Administration"), "institution:unit_list", "settings", roles=("administrator",), shortcut="r"),
)

PALETTE = "workspace:palette"

__all__ = ["LISTENERS", "NAVIGATION", "PALETTE", "Entry", "_"]
