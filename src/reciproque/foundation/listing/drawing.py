"""What the page of a list needs to be drawn: headers, chips, menus, editors, all of them addresses of the same list changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reciproque.foundation.dates import read_day
from reciproque.foundation.listing.columns import Column
from reciproque.foundation.listing.filters import OPERATORS, SAID, Filter, Sought
from reciproque.foundation.listing.listing import Listing
from reciproque.foundation.listing.menus import column_choices, filter_menu, heads, sort_menu, url
from reciproque.foundation.listing.state import DENSITIES, OPERATOR, PREFIX, State
from reciproque.foundation.ui.components.elements import icon_button
from reciproque.foundation.ui.markup import escaped

LONG = 12  # choices from which a box to search among them is shown


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, with the addresses that change it and take it away."""

    label: Any
    words: str
    remove: str
    edit: str


@dataclass(frozen=True, slots=True)
class Editor:
    """The form of one filter. `hidden` are the pairs of the rest of the state, to be sent along."""

    filter: Filter
    operators: list[tuple[str, Any, bool]]
    choices: list[tuple[str, Any, bool]]
    value: str
    second: str
    hidden: list[tuple[str, str]]
    long: bool
    picker: SafeString

    @property
    def name(self) -> str:
        """The name of the field of values."""
        return f"{PREFIX}{self.filter.key}"

    @property
    def operator_name(self) -> str:
        """The name of the field of the operator."""
        return f"{self.name}{OPERATOR}"


def frame(
    listing: Listing,
    address: str,
    asked: QueryDict,
    *,
    may_edit: bool = False,
    bulk: bool = False,
    peek_label: str = "",
) -> dict[str, Any]:
    """The template's context for a list at this address.

    `may_edit` marks the cells that may be changed in place, `bulk` gives each row a box to tick, `peek_label` a button that
    opens it beside the list.
    """
    state, page = listing.state, listing.page
    look = _Look(_("Cocher") if bulk else "", _opener(peek_label), may_edit)
    return {
        **shell(listing, address, asked),
        "listing": listing,
        "heads": heads(listing.columns, state, address),
        "sort_menu": sort_menu(state, address),
        "column_choices": column_choices(state, _moves()),
        "rows": SafeString("".join(_row(record, cells, look) for record, cells in listing.cells())),
        "previous_url": url(address, state.having(before=page.before)) if page.before else "",
        "next_url": url(address, state.having(after=page.after)) if page.after else "",
    }


def shell(listing: Listing, address: str, asked: QueryDict) -> dict[str, Any]:
    """What stands around the rows: search, filters, menus. Another face of the list (a map) needs only this."""
    state = listing.state
    return {
        "state": state,
        "address": address,
        "chips": [_chip(listing, one.filter.key, address) for one in state.filters],
        "filter_menu": filter_menu(state, address),
        "densities": [(key, url(address, state.having(density=key)), key == state.density) for key in DENSITIES],
        "column_pairs": [pair for pair in _hidden(state) if pair[0] != "colonnes"],
        "search_pairs": [pair for pair in _hidden(state) if pair[0] != "q"],
        "editor": _editor(listing, asked.get("filtre", "")),
        "clear_url": url(address, state.having(filters=(), text="")),
        "here": url(address, state),
    }


@dataclass(frozen=True, slots=True)
class _Look:
    """What all the rows of a list have: the name of their box to tick, their button, whether cells may be changed."""

    tick: str
    opener: str
    may_edit: bool


def _moves() -> SafeString:
    up = icon_button(_("Monter"), "chevron-up", size="sm", data_move="-1")
    return SafeString(up + icon_button(_("Descendre"), "chevron-down", size="sm", data_move="1"))


def _opener(label: str) -> str:
    attributes: dict[str, Any] = {"class": "rq-row-open", "data_peek_open": True}
    return icon_button(label, "layout-sidebar-right", size="sm", **attributes) if label else ""


def _row(record: Any, cells: Sequence[tuple[Column, Any]], look: _Look) -> str:
    """Joined here: a template would spend more on three hundred cells than the database on finding them."""
    return f'<tr data-row="{record.pk}">{_box(record, look)}{"".join(_cell(*cell, look) for cell in cells)}</tr>'


def _box(record: Any, look: _Look) -> str:
    if not look.tick:
        return ""
    named = f'value="{record.pk}" data-tick aria-label="{escaped(f"{look.tick} {record}")}"'
    box = f'<input type="checkbox" class="form-check-input" form="bulk" name="ids" {named}>'
    return f'<td class="rq-check-cell">{box}</td>'


def _cell(column: Column, value: Any, look: _Look) -> str:
    shown = escaped(value)
    if column.heading:
        inside = f'<div class="rq-heading-cell">{shown}{look.opener}</div>' if look.opener else shown
        return f'<th scope="row" class="rq-sticky {column.look}">{inside}</th>'
    edits = f' data-edit="{column.edits}"' if look.may_edit and column.edits else ""
    return f'<td class="{column.look}"{edits}>{shown}</td>'


def _chip(listing: Listing, key: str, address: str) -> Chip:
    state = listing.state
    one = next(found for found in state.filters if found.filter.key == key)
    words = one.filter.words(one.operator, one.values, listing.actor) if one.values else ""
    usual = one.operator == "est"
    said = words if usual else f"{SAID[one.operator]} {words}".strip()
    return Chip(one.filter.label, said, url(address, state.without(key)), url(address, state, [("filtre", key)]))


def _hidden(state: State) -> list[tuple[str, str]]:
    view = [("vue", str(state.view))] if state.view else []
    return [*view, *state.pairs]


def _legible(one: Filter, value: str) -> str:
    """A value as it is typed: a day stands in the address as machines write it."""
    if one.control != "day" or value.isdecimal():
        return value
    return f"{read_day(value):%d/%m/%Y}"


def _editor(listing: Listing, key: str) -> Editor | None:
    one = listing.state.catalogue.filter_by_key.get(key)
    if one is None:
        return None
    state, applied = listing.state, listing.state.filter_on(key)
    operator = applied.operator if applied else one.allowed[0]
    values = applied.values if applied else ()
    choices = [(value, label, value in values) for value, label in one.options(listing.actor)]
    return Editor(
        filter=one,
        operators=[(name, OPERATORS[name], name == operator) for name in one.allowed],
        choices=choices,
        value=_legible(one, values[0]) if values else "",
        second=_legible(one, values[1]) if len(values) > 1 else "",
        hidden=_hidden(state.without(key)),
        long=len(choices) > LONG,
        picker=one.draw(f"{PREFIX}{key}", values, listing.actor) if isinstance(one, Sought) else SafeString(),
    )
