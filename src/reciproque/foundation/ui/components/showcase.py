"""The gallery's own tag: a component's name and promise, taken from the code, above its samples."""

from __future__ import annotations

import inspect

from django.template import Context
from django.utils.safestring import SafeString

from reciproque.foundation.ui.components.library import fragment, register

LAYOUT_TAGS = frozenset(
    {"html_attributes", "current_theme", "navigation_list", "account_tabs", "page_title", "sample", "fixed"}
)


def arguments(name: str) -> str:
    """What a tag takes, less the context and the content it is given by the template."""
    parameters = inspect.signature(register.tags[name]).parameters.values()
    shown = [p for p in parameters if p.name not in {"context", "content"}]
    words = []
    for parameter in shown:
        if parameter.kind is parameter.VAR_KEYWORD:
            words.append("attribut=…")
        elif parameter.default is parameter.empty:
            words.append(parameter.name)
        else:
            words.append(f"{parameter.name}={parameter.default!r}".replace("'", '"'))
    return " ".join(words)


def is_block(name: str) -> bool:
    """Whether a tag holds a content, up to its `{% end… %}`."""
    return "content" in inspect.signature(register.tags[name]).parameters


def promise(name: str) -> str:
    """What a tag says of itself."""
    return inspect.getdoc(register.tags[name]) or ""


@register.simple_block_tag(takes_context=True)
def sample(context: Context, content: str, name: str) -> SafeString:
    """A component's samples, under its name, its promise and its signature."""
    values = {"content": content, "name": name, "promise": promise(name), "arguments": arguments(name)}
    return fragment(context, "sample", values)


def reference() -> str:
    """The reference of the components as a Markdown page, made out of the code."""
    lines = [
        "# Composants",
        "",
        "Balises de gabarit, disponibles partout sans `{% load %}` ; la galerie `/composants/` les montre dans leurs états.",
        "Cette page est tirée du code par `python -m reciproque.foundation.ui.components.reference`.",
        'Un attribut HTML s’écrit avec des soulignés : `hx_get=url`, `data_dialog_open="id"`. `style` et `on…` sont refusés.',
        "",
    ]
    for name in sorted(set(register.tags) - LAYOUT_TAGS):
        end = f" … {{% end{name} %}}" if is_block(name) else ""
        lines += [
            f"## {name}",
            "",
            f"`{{% {' '.join([name, arguments(name)]).strip()} %}}{end}`",
            "",
            promise(name),
            "",
        ]
    return "\n".join(lines)
