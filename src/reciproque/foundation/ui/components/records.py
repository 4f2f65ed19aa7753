"""Parts of a record's page: values with their origin, timeline, changes, two versions face to face."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproque.foundation.ui.components.elements import draw_icon
from reciproque.foundation.ui.components.library import attributes, fragment, register, stripped
from reciproque.foundation.ui.markup import filled

EMPTY: tuple[Any, ...] = (None, "", (), [])


def _reading(item: Any, name: str) -> Any:
    return item.get(name, "") if isinstance(item, Mapping) else getattr(item, name, "")


def _origin_mark(origin: str) -> SafeString:
    if not origin:
        return SafeString("")
    said = _("Origine : %(origin)s") % {"origin": origin}
    return filled('<span class="rq-origin" title="{}">{}</span>', said, draw_icon("database", label=said, size="sm"))


@register.simple_tag
def definition(label: str, value: Any, origin: str = "", href: str = "") -> SafeString:
    """One « Libellé : valeur » line of a definition list, with the mark of where the value comes from."""
    shown = filled('<a href="{}">{}</a>', href, value) if href else value
    if value in EMPTY:
        shown = filled('<span class="rq-muted">{}</span>', _("non renseigné"))
    return filled("<div><dt>{}</dt><dd>{}{}</dd></div>", label, shown, _origin_mark(origin))


@register.simple_tag(takes_context=True)
def definitions(context: Context, items: Iterable[Any]) -> SafeString:
    """The key fields of a record; the empty ones are folded in « 6 champs vides ».

    An item (object or dict) has `label`, `value`, and perhaps `origin`, `href`.
    """
    lines = [{name: _reading(item, name) for name in ("label", "value", "origin", "href")} for item in items]
    empties = [line for line in lines if line["value"] in EMPTY]
    folded = ngettext("%(count)d champ vide", "%(count)d champs vides", len(empties)) % {"count": len(empties)}
    filled = [line for line in lines if line["value"] not in EMPTY]
    return fragment(context, "definitions", {"filled": filled, "empties": empties, "folded": folded})


@register.simple_block_tag(takes_context=True)
def timeline_item(
    context: Context,
    content: str,
    sentence: str,
    on: dt.date | None = None,
    kind: str = "note",
    kind_label: str = "",
    author: str = "",
    unit: str = "",
    href: str = "",
    *,
    planned: bool = False,
    private: bool = False,
) -> SafeString:
    """One fact of a timeline, told as a sentence; put several in `<ol class="rq-timeline">`.

    `private` puts the padlock: the fact is known, its content is kept for others.
    """
    values = {
        "content": stripped(content),
        "sentence": sentence,
        "on": on,
        "kind": kind,
        "kind_label": kind_label,
        "author": author,
        "unit": unit,
        "href": href,
        "planned": planned,
        "private": private,
    }
    return fragment(context, "timeline_item", values)


@register.simple_tag
def diff(before: Any, after: Any, label: str = "") -> SafeString:
    """A change of one value: struck before, underlined after, and said in words to screen readers."""
    nothing = filled('<span class="rq-muted">{}</span>', _("vide"))
    head = filled('<span class="rq-diff-label">{}</span> ', label) if label else ""
    return filled(
        '<span class="rq-diff">{}<span class="rq-hidden">{}</span><del>{}</del>{}'
        '<span class="rq-hidden">{}</span><ins>{}</ins></span>',
        head,
        _("avant :"),
        nothing if before in EMPTY else before,
        draw_icon("arrow-narrow-right", size="sm"),
        _("après :"),
        nothing if after in EMPTY else after,
    )


@register.simple_tag(takes_context=True)
def conflict(
    context: Context, rows: Iterable[Any], mine: str = "", theirs: str = "", name: str = "garder"
) -> SafeString:
    """Two versions of the same record face to face, with a choice line by line.

    A row has `key`, `label`, `mine`, `theirs`. The choices are posted as `<name>-<key>` = `mine` or `theirs`.
    """
    lines = [
        {part: _reading(row, part) for part in ("key", "label", "mine", "theirs")}
        | {"same": _reading(row, "mine") == _reading(row, "theirs")}
        for row in rows
    ]
    values = {
        "rows": lines,
        "mine": mine or _("Votre saisie"),
        "theirs": theirs or _("Version enregistrée entre-temps"),
        "name": name,
    }
    return fragment(context, "conflict", values)


@register.simple_tag
def moment_time(on: dt.date | dt.datetime, text: str, **attrs: Any) -> SafeString:
    """A `<time>` whose words are given and whose machine date is exact."""
    return filled('<time datetime="{}"{}>{}</time>', on.isoformat(), attributes(attrs), text)
