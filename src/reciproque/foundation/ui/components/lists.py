"""Lists: sortable headers, filters as chips, keyset paging, the scrolling region of a table."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reciproque.foundation.ui.components.elements import draw_icon, optional_icon
from reciproque.foundation.ui.components.library import attributes, classes, fragment, register
from reciproque.foundation.ui.markup import filled

CURSORS = ("apres", "avant", "page")


@register.simple_block_tag
def table_region(content: str, label: str, **attrs: Any) -> SafeString:
    """The focusable region in which a wide table scrolls by itself; the content is the whole <table class="rq-table">."""
    look = classes("rq-table-region", attrs.pop("class", ""))
    rest = attributes(attrs)
    return filled('<div class="{}" role="region" tabindex="0" aria-label="{}"{}>{}</div>', look, label, rest, content)


@register.simple_tag(takes_context=True)
def th_sort(
    context: Context, label: str, key: str, param: str = "tri", default: str = "", *, numeric: bool = False
) -> SafeString:
    """A column header that sorts: one address for each order, kept with the filters (`?tri=nom`, then `?tri=-nom`)."""
    request = context.get("request")
    query: QueryDict = request.GET.copy() if request is not None else QueryDict(mutable=True)
    current = query.get(param) or default
    for cursor in CURSORS:
        query.pop(cursor, None)
    query[param] = f"-{key}" if current == key else key
    order = {key: "ascending", f"-{key}": "descending"}.get(current or "")
    mark = {"ascending": "arrow-up", "descending": "arrow-down"}.get(order or "", "arrows-sort")
    return filled(
        '<th scope="col"{}><a class="rq-sort" href="?{}">{}{}</a></th>',
        attributes({"class": "rq-numeric" if numeric else "", "aria-sort": order}),
        query.urlencode(),
        label,
        draw_icon(mark),
    )


@register.simple_tag
def filter_chip(label: str, value: str = "", remove_url: str = "", edit_url: str = "", icon: str = "") -> SafeString:
    """An active filter: « Composante : IUT ✕ ». Both parts are links, so that the address says what is seen."""
    words = filled("<span>{}</span>{}", label, filled(" <b>{}</b>", value) if value else "")
    face = (
        filled('<a class="rq-filter-face" href="{}">{}{}</a>', edit_url, optional_icon(icon), words)
        if edit_url
        else filled('<span class="rq-filter-face">{}{}</span>', optional_icon(icon), words)
    )
    remove = ""
    if remove_url:
        said = _("Retirer le filtre « %(label)s »") % {"label": f"{label} {value}".strip()}
        remove = filled('<a class="rq-chip-remove" href="{}" aria-label="{}">{}</a>', remove_url, said, draw_icon("x"))
    return filled('<span class="rq-filter">{}{}</span>', face, remove)


@register.simple_tag(takes_context=True)
def pager(
    context: Context, previous_url: str = "", next_url: str = "", summary: str = "", label: str = ""
) -> SafeString:
    """Previous and next of a list paged by key, with what is seen (« 1–50 sur 3 412 »)."""
    values = {"previous_url": previous_url, "next_url": next_url, "summary": summary, "label": label or _("Pages")}
    return fragment(context, "pager", values)
