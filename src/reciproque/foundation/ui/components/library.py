"""What every component shares: the tag library, attributes, class names, and rendering of a template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.template import Context
from django.utils.safestring import SafeString

register = template.Library()

REFUSED_ATTRIBUTE = re.compile(r"^(style|on.+)$", re.IGNORECASE)


def attributes(given: Mapping[str, Any]) -> SafeString:
    """The HTML attributes asked for by a tag: `hx_get` becomes `hx-get`; True stands alone; None and False vanish.

    A tag passes its free keyword arguments here. Inline style and handlers are refused: the content
    security policy would drop them silently.
    """
    named = {name.rstrip("_").replace("_", "-"): value for name, value in given.items()}
    refused = [name for name in named if REFUSED_ATTRIBUTE.match(name)]
    if refused:
        raise template.TemplateSyntaxError(f"attribute refused by the content security policy: {refused[0]}")
    return flatatt({name: value for name, value in named.items() if value not in (None, "")})


def classes(*names: str) -> str:
    """A class attribute's value, without the empty names."""
    return " ".join(name for name in names if name)


def fragment(context: Context, name: str, values: Mapping[str, Any]) -> SafeString:
    """Render `ui/components/<name>.html` with these values only, besides the request and the CSRF token."""
    engine = context.template.engine if context.template else template.Engine.get_default()
    inner = context.new({"request": context.get("request"), "csrf_token": context.get("csrf_token"), **values})
    return engine.get_template(f"ui/components/{name}.html").render(inner)


def stripped(content: str) -> SafeString:
    """The content of a block tag without its outer blanks, still known as safe: Django rendered it."""
    return SafeString(content.strip())


def chosen(value: str, allowed: Mapping[str, Any], what: str) -> str:
    """The value, if it is one of those allowed; a misspelt tone must not pass unseen."""
    if value not in allowed:
        raise template.TemplateSyntaxError(f"unknown {what} « {value} »; known: {', '.join(sorted(allowed))}")
    return value


TONES: Mapping[str, str] = {
    "neutral": "circle-dot",
    "info": "info-circle",
    "success": "circle-check",
    "warning": "alert-triangle",
    "danger": "alert-octagon",
    "accent": "star",
    "partner": "arrow-up",
    "university": "arrow-down",
}
