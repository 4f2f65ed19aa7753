"""Parts that hold others: card, page header, empty state, callout, menu, tabs, steps, dialog."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.template import Context
from django.utils.safestring import SafeString

from reciproque.foundation.ui.components.elements import BUTTON_KINDS, kbd, optional_icon
from reciproque.foundation.ui.components.library import TONES, attributes, chosen, classes, fragment, register, stripped
from reciproque.foundation.ui.markup import filled


@register.simple_block_tag(takes_context=True)
def card(
    context: Context,
    content: str,
    title: str = "",
    level: int = 2,
    icon: str = "",
    count: int | None = None,
    action_url: str = "",
    action_label: str = "",
    action_icon: str = "",
    *,
    flush: bool = False,
    tone: str = "",
    **attrs: Any,
) -> SafeString:
    """A titled region with a hairline border; `flush` lets a table touch its edges. Never put one in another."""
    return fragment(
        context,
        "card",
        {
            "content": content,
            "title": title,
            "heading": f"h{level}",
            "icon": icon,
            "count": count,
            "action_url": action_url,
            "action_label": action_label,
            "action_icon": action_icon,
            "look": classes(
                "rq-card", "rq-card-flush" if flush else "", f"rq-tone-{tone}" if tone else "", attrs.pop("class", "")
            ),
            "rest": attributes(attrs),
        },
    )


@register.simple_block_tag(takes_context=True)
def page_header(
    context: Context, content: str, title: str, subtitle: str = "", kind: str = "", kind_label: str = ""
) -> SafeString:
    """The head of a page: its h1, a line beneath, and the actions given as content."""
    values = {
        "content": stripped(content),
        "title": title,
        "subtitle": subtitle,
        "kind": kind,
        "kind_label": kind_label,
    }
    return fragment(context, "page_header", values)


@register.simple_block_tag
def empty_state(content: str, title: str, text: str = "", icon: str = "inbox") -> SafeString:
    """What a list says when it is empty: why, and (as content) the button that fills it."""
    words = filled("<p>{}</p>", text) if text else ""
    actions = filled('<div class="rq-row">{}</div>', content) if content.strip() else ""
    return filled(
        '<div class="rq-empty">{}<p class="rq-empty-title">{}</p>{}{}</div>', optional_icon(icon), title, words, actions
    )


@register.simple_block_tag
def callout(content: str, title: str = "", tone: str = "info", **attrs: Any) -> SafeString:
    """A message in the page: info, success, warning, danger. Give `role="alert"` when it appears after an action."""
    look = classes("rq-callout", f"rq-tone-{chosen(tone, TONES, 'tone')}", attrs.pop("class", ""))
    head = filled("<strong>{}</strong> ", title) if title else ""
    return filled(
        '<div class="{}"{}>{}<div>{}{}</div></div>', look, attributes(attrs), optional_icon(TONES[tone]), head, content
    )


@register.simple_block_tag
def dropdown(
    content: str,
    label: str,
    icon: str = "",
    kind: str = "secondary",
    align: str = "start",
    *,
    icon_only: bool = False,
    **attrs: Any,
) -> SafeString:
    """A menu that works without script: its content is made of `menu_item` and `menu_label`."""
    look = classes("rq-button", BUTTON_KINDS[chosen(kind, BUTTON_KINDS, "kind")], "rq-button-icon" if icon_only else "")
    face = (
        optional_icon(icon)
        if icon_only
        else filled("{}<span>{}</span>{}", optional_icon(icon), label, optional_icon("chevron-down"))
    )
    named = attributes({"aria-label": label, "title": label} if icon_only else {})
    return filled(
        '<details class="{}"{}><summary class="{}"{}>{}</summary><div class="rq-popup rq-popup-{}">{}</div></details>',
        classes("rq-menu", attrs.pop("class", "")),
        attributes(attrs),
        look,
        named,
        face,
        "end" if align == "end" else "start",
        content,
    )


@register.simple_tag
def menu_item(
    label: str,
    href: str = "",
    icon: str = "",
    kind: str = "",
    shortcut: str = "",
    *,
    current: bool = False,
    **attrs: Any,
) -> SafeString:
    """One line of a menu: a link with `href`, else a button. `kind="danger"` for what destroys."""
    look = classes("rq-menu-item", "rq-danger" if kind == "danger" else "")
    face = filled("{}<span>{}</span>{}", optional_icon(icon), label, kbd(shortcut) if shortcut else "")
    if href:
        rest = attributes({"aria-current": "true" if current else None, **attrs})
        return filled('<a class="{}" href="{}"{}>{}</a>', look, href, rest, face)
    rest = attributes({"type": "button", "aria-pressed": "true" if current else None, **attrs})
    return filled('<button class="{}"{}>{}</button>', look, rest, face)


@register.simple_tag
def menu_label(text: str) -> SafeString:
    """A heading between two groups of a menu."""
    return filled('<p class="rq-menu-label">{}</p>', text)


@register.simple_tag(takes_context=True)
def tabs(context: Context, items: Iterable[Any], label: str) -> SafeString:
    """Links between the faces of one record. An item has `label`, `url`, `active`, and perhaps `count`, `icon`."""
    return fragment(context, "tabs", {"items": list(items), "label": label})


@register.simple_tag(takes_context=True)
def segmented(context: Context, items: Iterable[Any], label: str) -> SafeString:
    """A few exclusive ways of seeing the same thing (table, kanban, map). Items as for `tabs`."""
    return fragment(context, "segmented", {"items": list(items), "label": label})


@register.simple_tag(takes_context=True)
def stepper(context: Context, steps: Iterable[Any], current: int, label: str = "") -> SafeString:
    """The steps of a wizard. A step is a text, or has `label` and `url`; `current` counts from 1."""
    lines: list[Mapping[str, Any]] = []
    for rank, step in enumerate(steps, 1):
        named = {"label": step, "url": ""} if isinstance(step, str) else step
        state = "done" if rank < current else "current" if rank == current else "ahead"
        lines.append({"step": named, "rank": rank, "state": state})
    return fragment(context, "stepper", {"lines": lines, "label": label})


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, id: str, title: str, size: str = "") -> SafeString:  # noqa: A002
    """A modal window, opened by any element that has `data-dialog-open="<id>"`, closed by Esc or `data-dialog-close`."""
    return fragment(context, "dialog", {"content": content, "id": id, "title": title, "size": size})
