"""The heads of the columns and the menus of a list, written in Python: a template would spend more on eighty links than on the rows."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from reciproque.foundation.listing.columns import Column
from reciproque.foundation.listing.state import State
from reciproque.foundation.ui.components.elements import draw_icon
from reciproque.foundation.ui.markup import escaped, spoken

ARROWS = {"ascending": "arrow-up", "descending": "arrow-down"}
CURRENT = ' aria-current="true"'


def url(address: str, state: State, more: Sequence[tuple[str, str]] = ()) -> str:
    """The address of a state; what is in `more` is not part of it."""
    extra = QueryDict(mutable=True)
    for name, value in more:
        extra.appendlist(name, value)
    query = "&".join(part for part in (state.query, extra.urlencode()) if part)
    return f"{address}?{query}" if query else address


def order_of(state: State, key: str, *, newest_first: bool) -> tuple[str, str]:
    """The order in force on a key (ascending, descending or none), and the one that asking for it again gives."""
    current = state.order_key == key
    down = not state.descending if current else newest_first
    return ("descending" if state.descending else "ascending") if current else "", f"-{key}" if down else key


def heads(columns: Iterable[Column], state: State, address: str) -> SafeString:
    """The heads of the columns; those that sort lead to the list so sorted."""
    return SafeString("".join([_head(column, state, address, get_language()) for column in columns]))


def _head(column: Column, state: State, address: str, language: str | None) -> str:
    label = escaped(spoken(column.label, language))
    look = f' class="{"rq-sticky " if column.heading else ""}{column.look}"'
    if not column.sort:
        return f'<th scope="col"{look}>{label}</th>'
    order, asked = order_of(state, column.key, newest_first=column.sort.newest_first)
    said, arrow = (f' aria-sort="{order}"', draw_icon(ARROWS[order])) if order else ("", "")
    link = escaped(url(address, state.having(order=asked)))
    return f'<th scope="col"{said}{look}><a class="rq-sort" href="{link}">{label}{arrow}</a></th>'


def filter_menu(state: State, address: str) -> SafeString:
    """One link for each filter there is, under the heading of its group."""
    language, here = get_language(), escaped(url(address, state))
    start = f"{here}{'&amp;' if '?' in here else '?'}filtre="
    used = {one.filter.key for one in state.filters}
    groups: dict[Any, list[str]] = {}
    for one in state.catalogue.filter_by_key.values():
        link = f'<a class="rq-menu-item" href="{start}{quote(one.key)}" data-filter-edit{CURRENT if one.key in used else ""}>'
        label = escaped(spoken(one.label, language))
        groups.setdefault(spoken(one.group, language), []).append(f"{link}<span>{label}</span></a>")
    return SafeString("".join([_heading(group) + "".join(links) for group, links in groups.items()]))


def _heading(group: str) -> str:
    return f'<p class="rq-menu-label">{escaped(group)}</p>' if group else ""


def sort_menu(state: State, address: str) -> SafeString:
    """One link for each order there is; the one in force is told, and reversed when asked again."""
    language, found = get_language(), []
    for key, (label, sort) in state.catalogue.sorts.items():
        order, asked = order_of(state, key, newest_first=sort.newest_first)
        link = escaped(url(address, state.having(order=asked)))
        face = f"{draw_icon(ARROWS.get(order, 'arrows-sort'))}<span>{escaped(spoken(label, language))}</span>"
        found.append(f'<a class="rq-menu-item" href="{link}"{CURRENT if order else ""}>{face}</a>')
    return SafeString("".join(found))


def column_choices(state: State, moves: Any) -> SafeString:
    """The columns to choose among: those shown first, in their order, then the others. `moves` are the buttons that move one."""
    chosen = [state.catalogue.by_key[key] for key in state.columns]
    others = [column for column in state.catalogue.columns if column.key not in state.columns]
    language = get_language()
    lines = [_choice(one, moves, language, shown=True) for one in chosen]
    return SafeString("".join(lines + [_choice(one, moves, language, shown=False) for one in others]))


def _choice(column: Column, moves: Any, language: str | None, *, shown: bool) -> str:
    box = f'<input type="checkbox" name="colonne" value="{column.key}"{" checked" if shown else ""}{" disabled" if column.heading else ""}>'
    label = f"<label>{box} <span>{escaped(spoken(column.label, language))}</span></label>"
    if column.heading:
        return f"<li data-column>{label}</li>"
    return f'<li draggable="true" data-column>{label}<span class="rq-listing-moves" hidden>{escaped(moves)}</span></li>'


def options(choices: Iterable[tuple[Any, Any]], chosen: Any = None) -> SafeString:
    """The options of a long menu."""
    return SafeString(
        "".join(
            [
                f'<option value="{escaped(value)}"{" selected" if value == chosen else ""}>{escaped(label)}</option>'
                for value, label in choices
            ]
        )
    )
