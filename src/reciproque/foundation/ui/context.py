"""What every page needs around its content: navigation, theme, who is there."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

THEMES = ("auto", "light", "dark")


def layout(request: HttpRequest) -> dict[str, Any]:
    """Template variables of the frame. Costs no query."""
    theme = request.COOKIES.get("theme", "auto")
    return {
        "demo": settings.DEMO,
        "theme": theme if theme in THEMES else "auto",
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "actor": getattr(request, "actor", None),
    }


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The lines of the side menu that this person may open, the present one marked active."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_staff:
        return []
    held = {role for _unit, role in actor.roles}
    found = []
    for entry in settings.NAVIGATION:
        if entry.roles and not held.intersection(entry.roles):
            continue
        url = reverse(entry.url_name)
        active = request.path == url if url == "/" else request.path.startswith(url)
        found.append(
            {"label": entry.label, "url": url, "icon": entry.icon, "active": active, "shortcut": entry.shortcut}
        )
    return found
