"""Parts of the layout: theme, navigation, toasts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template import Context, Engine
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from reciproque.foundation.ui.components.library import TONES, attributes, fragment, register
from reciproque.foundation.ui.context import THEMES
from reciproque.foundation.ui.markup import spoken

DEFAULT_THEME = "auto"
SITE = "Réciproque"
ACCOUNT_PAGES = {
    "account_change_password": gettext_lazy("Mot de passe"),
    "mfa_index": gettext_lazy("Second facteur"),
    "usersessions_list": gettext_lazy("Sessions"),
    "account_email": gettext_lazy("Adresses de courriel"),
}


def theme_of(request: HttpRequest | None) -> str:
    """The theme chosen by this browser: light, dark, or that of the device."""
    asked = request.COOKIES.get("theme", DEFAULT_THEME) if request is not None else DEFAULT_THEME
    return asked if asked in THEMES else DEFAULT_THEME


@register.simple_tag(takes_context=True)
def html_attributes(context: Context) -> SafeString:
    """The attributes of <html> that depend on the browser's choices: theme, folded navigation."""
    request = context.get("request")
    theme = theme_of(request)
    folded = request is not None and request.COOKIES.get("navigation") == "folded"
    painted = "dark" if theme == "dark" else "light"
    return attributes({"data-bs-theme": painted, "data-theme": theme, "data-navigation": "folded" if folded else None})


@register.simple_block_tag
def page_title(content: str) -> str:
    """The text of <title>: what the page says (object, then section), then the site, once."""
    parts = [part.strip() for part in content.split(" – ")]
    return SafeString(" – ".join([*(part for part in parts if part and part != SITE), SITE]))


@register.simple_tag(takes_context=True)
def current_theme(context: Context) -> str:
    """The name of the theme in force, for the menu that changes it."""
    return theme_of(context.get("request"))


@register.simple_tag(takes_context=True)
def navigation_list(context: Context) -> SafeString:
    """The main navigation, out of the context's `navigation`.

    An item has `label`, `url`, `icon`, `active`, `count`, and perhaps `section` (a heading) and `shortcut` (the
    letter after « g »).
    """
    language = get_language()
    lines = tuple(
        tuple(spoken(_part(item, name), language) if name in SAID else _part(item, name) for name in NAVIGATED)
        for item in context.get("navigation") or ()
    )
    return _navigation(lines)


SAID = ("label", "section")
NAVIGATED = ("label", "section", "url", "icon", "active", "count", "shortcut")


def _part(item: Any, name: str) -> Any:
    return (item.get(name) if isinstance(item, dict) else getattr(item, name, None)) or ""


@lru_cache(maxsize=500)
def _navigation(lines: tuple[tuple[Any, ...], ...]) -> SafeString:
    """Many pages show the same one."""
    sections: list[tuple[str, list[dict[str, Any]]]] = []
    for line in lines:
        item = dict(zip(NAVIGATED, line, strict=True))
        if not sections or sections[-1][0] != item["section"]:
            sections.append((item["section"], []))
        sections[-1][1].append(item)
    return fragment(Context(), "navigation", {"sections": sections})


@register.simple_tag
def fixed(name: str) -> SafeString:
    """A template that says the same to everybody in a language: filled once."""
    return _fixed(name, get_language())


@lru_cache(maxsize=100)
def _fixed(name: str, _language: str | None) -> SafeString:
    return Engine.get_default().get_template(name).render(Context())


@register.simple_tag(takes_context=True)
def toast(context: Context, message: Message) -> SafeString:
    """A Django message as a toast; the undo address put there by `pages.tell` becomes a button."""
    undo = message.extra_tags or ""
    local = not urlsplit(undo).netloc and undo.startswith("/")
    tone = {"error": "danger", "debug": "neutral"}.get(message.level_tag, message.level_tag)
    tone = tone if tone in TONES else "info"
    values = {"text": message.message, "tone": tone, "icon": TONES[tone], "undo_url": undo if local else ""}
    return fragment(context, "toast", values)


@register.simple_tag(takes_context=True)
def account_tabs(context: Context) -> SafeString:
    """Links between the pages of one's own account; those that are not installed are left out."""
    request = context.get("request")
    here = request.path if request is not None else ""
    items = []
    for name, label in ACCOUNT_PAGES.items():
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        items.append({"label": label, "url": url, "active": here.startswith(url)})
    return fragment(context, "tabs", {"items": items, "label": _("Mon compte")})
