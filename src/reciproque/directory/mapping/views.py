"""The map of partners, and the same numbers as a table."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reciproque.directory import reference
from reciproque.directory.listing.kinds import PARTNERS
from reciproque.directory.listing.views import faces, words
from reciproque.directory.mapping import counting, drawing, picture
from reciproque.foundation.listing.counting import Count
from reciproque.foundation.listing.drawing import shell
from reciproque.foundation.listing.listing import Listing
from reciproque.foundation.listing.menus import url
from reciproque.foundation.listing.state import OPERATOR, PREFIX, State
from reciproque.foundation.ui.pages import page, wants_part
from reciproque.institution.http import Request
from reciproque.institution.saved_views import opened
from reciproque.institution.view_pages import shared_with


@require_GET
def atlas(request: Request) -> HttpResponse:
    """France by département, or one département by commune when the filters name a single one."""
    found = opened(request.actor, PARTNERS.catalogue, request.GET)
    state = found.state.having()
    listing = PARTNERS.listing(request.actor, state)
    address = reverse("directory:partner_map")
    context = shell(listing, address, request.GET) | words(PARTNERS) | shared_with(request) | {"opened": found}
    context |= {"part_template": "directory/mapping/part.html", "faces": faces(state, current="map")}
    context |= {"tools_template": "directory/mapping/tools.html"}
    zoomed = _single(state)
    context |= _department(listing, address, zoomed) if zoomed else _france(listing, address)
    context["listing"] = {"count": Count(context["total"], exact=True)}
    template = "directory/mapping/part.html" if wants_part(request) else "directory/mapping/map.html"
    return page(request, template, context)


def _single(state: State) -> str:
    """The département to which the list is restricted, when it is one that is drawn."""
    one = state.filter_on("department")
    if one is None or one.operator != "est" or len(one.values) != 1:
        return ""
    return one.values[0] if one.values[0] in reference.outlines() else ""


def _france(listing: Listing, address: str) -> dict[str, Any]:
    state, counts = listing.state, counting.by_department(listing)
    total = sum(counts.values())
    known = {code: number for code, number in counts.items() if number}
    around = state.without("department")
    on_map, in_list = _narrowed(url(address, around), "department"), _narrowed(url(_list(), around), "department")
    lines = [
        {
            "name": reference.department_label(code) if code else _("Lieu non renseigné"),
            "number": number,
            "share": 100 * number / total,
            "map": on_map(code) if code in reference.outlines() else "",
            "list": in_list(code),
        }
        for code, number in sorted(known.items(), key=lambda one: (-one[1], one[0]))
    ]
    return {
        "total": total,
        "picture": picture.france(drawing.areas(counts, {code: on_map(code) for code in reference.outlines()})),
        "legend": drawing.legend({code: number for code, number in known.items() if code in reference.outlines()}),
        "lines": lines,
        "place_word": _("Département"),
    }


def _department(listing: Listing, address: str, code: str) -> dict[str, Any]:
    state, towns = listing.state, counting.by_town(listing)
    total = sum(number for _key, _name, number in towns)
    shown = towns[: counting.MOST_TOWNS]
    of_town = _narrowed(url(_list(), state.without("city")), "city", "est")
    urls = {key: of_town(name) for key, name, _number in shown}
    discs, placed = drawing.discs(code, shown, urls)
    lines = [
        {
            "name": name or _("Ville non renseignée"),
            "number": number,
            "share": 100 * number / total,
            "list": urls[key],
            "away": key not in placed,
        }
        for key, name, number in shown
    ]
    department = reference.departments()[code]
    return {
        "total": total,
        "department": department,
        "title": reference.department_label(code),
        "picture": picture.department(code, department.name, discs),
        "lines": lines,
        "hidden_towns": len(towns) - len(shown),
        "back": url(address, state.without("department")),
        "list_url": url(_list(), state),
        "place_word": _("Commune"),
    }


def _narrowed(address: str, key: str, operator: str = "") -> Callable[[str], str]:
    """The same address with one more filter, an empty value being asked for as such: plain text, there are hundreds."""
    start = f"{address}{'&' if '?' in address else '?'}"
    said = f"{PREFIX}{key}{OPERATOR}={operator}&" if operator else ""
    empty = f"{start}{PREFIX}{key}{OPERATOR}=vide"
    return lambda value: f"{start}{said}{PREFIX}{key}={quote(value)}" if value else empty


def _list() -> str:
    return reverse(PARTNERS.url())
