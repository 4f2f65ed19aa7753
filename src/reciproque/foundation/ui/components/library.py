"""What every component shares: the tag library, attributes, class names, and rendering of a template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from reciproque.foundation.dates import date_filter
from reciproque.foundation.ui.markup import escaped

register = template.Library()
register.filter("date", date_filter, expects_localtime=True, is_safe=False)  # in place of Django's, in every template

REFUSED_ATTRIBUTE = re.compile(r"^(style|on.+)$", re.IGNORECASE)


def attributes(given: Mapping[str, Any]) -> SafeString:
    """The HTML attributes asked for by a tag: `hx_get` becomes `hx-get`; True stands alone; None and False vanish.

    A tag passes its free keyword arguments here. Inline style and handlers are refused: the content
    security policy would drop them silently.
    """
    valued = {_spelt(name): value for name, value in given.items() if value is not None and value != ""}
    pairs = sorted((name, value) for name, value in valued.items() if not isinstance(value, bool))
    alone = sorted(name for name, value in valued.items() if value is True)
    return SafeString(
        "".join([f' {name}="{escaped(value)}"' for name, value in pairs] + [f" {name}" for name in alone])
    )


@lru_cache(maxsize=500)
def _spelt(name: str) -> str:
    spelt = name.rstrip("_").replace("_", "-")
    if REFUSED_ATTRIBUTE.match(spelt):
        raise template.TemplateSyntaxError(f"attribute refused by the content security policy: {spelt}")
    return spelt


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
