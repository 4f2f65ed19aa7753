"""What every page needs around its content: navigation, theme, who is there."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from reciproque.foundation.ui.markup import address_of

THEMES = ("auto", "light", "dark")


def layout(request: HttpRequest) -> dict[str, Any]:
    """Template variables of the frame. Costs no query."""
    theme = request.COOKIES.get("theme", "auto")
    return {
        "demo": settings.DEMO,
        "demo_password": settings.DEMO_PASSWORD if settings.DEMO else "",
        "theme": theme if theme in THEMES else "auto",
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "actor": getattr(request, "actor", None),
        "quick_create": SimpleLazyObject(lambda: menu(request, settings.QUICK_CREATE)),
        "user_menu": SimpleLazyObject(lambda: menu(request, settings.USER_MENU, everybody=True)),
        "palette_url": SimpleLazyObject(lambda: palette(request)),
        "notices_url": SimpleLazyObject(lambda: notices(request)),
    }


def entries(actor: Any, lines: Iterable[Any]) -> list[Any]:
    """The lines of a navigation that this person may open."""
    held = {role for _unit, role in actor.roles}
    return [entry for entry in lines if not entry.roles or held.intersection(entry.roles)]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The lines of the side menu that this person may open, the present one marked active."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_staff:
        return []
    lines = [(entry, address_of(entry.url_name)) for entry in entries(actor, settings.NAVIGATION)]
    here = [url for _entry, url in lines if (request.path == url if url == "/" else request.path.startswith(url))]
    present = max(here, key=len, default="")
    return [
        {
            "label": entry.label,
            "url": url,
            "icon": entry.icon,
            "active": url == present,
            "shortcut": entry.shortcut,
            "section": entry.section,
        }
        for entry, url in lines
    ]


def palette(request: HttpRequest) -> str:
    """The address that answers what is typed in the palette; empty for those who have no place in a unit."""
    actor = getattr(request, "actor", None)
    return address_of(settings.PALETTE) if actor is not None and actor.is_staff else ""


def notices(request: HttpRequest) -> str:
    """Where one reads what one was told; empty for those who have no place in a unit."""
    actor = getattr(request, "actor", None)
    return address_of(settings.NOTICES) if actor is not None and actor.is_staff else ""


def menu(request: HttpRequest, lines: Iterable[Any], *, everybody: bool = False) -> list[dict[str, Any]]:
    """The lines of a menu that this person may open."""
    actor = getattr(request, "actor", None)
    if actor is None or not (everybody or actor.is_staff):
        return []
    return [
        {"label": entry.label, "url": address_of(entry.url_name), "icon": entry.icon} for entry in entries(actor, lines)
    ]
