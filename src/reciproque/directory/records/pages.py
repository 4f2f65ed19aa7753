"""The page of a partner and that of a person: identity, tabs, and what surrounds them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reciproque.directory.merging.moving import root_of
from reciproque.directory.records import past, reads
from reciproque.directory.records.drawing import lines
from reciproque.directory.records.forms import TieForm
from reciproque.directory.records.kinds import PARTNER, PERSON, Kind
from reciproque.directory.records.showing import shown
from reciproque.foundation.panels import PARTNER_PANELS, PERSON_PANELS, Panel
from reciproque.foundation.ui.pages import page
from reciproque.institution.http import Request


@require_GET
def partner(request: Request, pk: int) -> HttpResponse:
    """A partner."""
    record = reads.find(PARTNER, request.actor, pk, "notice")
    if record.merged_into_id:
        return redirect(PARTNER.url(), root_of("partner", pk))
    if not record.readable:
        return _reserved(request, PARTNER, record)
    ties = reads.ties_of(request.actor, record)
    panels, tabs = _partner_panels(request, record)
    context = {"record": record, "kind": PARTNER, "ties": ties, "tabs": tabs, "panels": panels}
    context |= (
        _identity(request, PARTNER, record)
        | reads.family(request.actor, record)
        | _partner_tab(request, record, tabs, panels)
    )
    context["tie_form"] = TieForm(actor=request.actor) if record.editable and "lien" in request.GET else None
    return page(request, "directory/records/partner.html", context, part="tab")


def _partner_panels(request: Request, record: Any) -> tuple[Any, list[dict[str, Any]]]:
    """What modules say of a partner, and the tabs: the first ones, the record's own, the others."""
    asked = request.GET.get("onglet", "")
    first = sorted((panel for panel in PARTNER_PANELS if panel.column == "main" and panel.order < 0), key=_order)
    own = {"sites", "personnes", "historique"}
    panels = _panels(
        PARTNER_PANELS, request, record, asked if asked in own else asked or (first[0].key if first else "")
    )
    tabs = _tabs(
        [
            *((panel.key, panel.label, None) for panel in first),
            ("sites", _("Sites"), record.sites_count),
            ("personnes", _("Personnes"), record.people_count),
            *((panel.key, panel.label, None) for panel, _context in panels["main"] if panel.order >= 0),
            ("historique", _("Historique"), None),
        ],
        asked,
    )
    return panels, tabs


def _order(panel: Panel) -> int:
    return panel.order


def _partner_tab(request: Request, record: Any, tabs: list[dict[str, Any]], panels: Any) -> dict[str, Any]:
    tab = next(tab["key"] for tab in tabs if tab["active"])
    if tab == "sites":
        return {"tab": tab, "sites": reads.sites_of(record)}
    if tab == "personnes":
        return {"tab": tab, "positions": reads.positions_at(request.actor, record)}
    if tab == "historique":
        return {"tab": tab, "steps": past.of_partner(request.actor, record)}
    drawn = {panel.key: (panel, html) for panel, html in panels["main"]}.get(tab)
    if drawn is None:  # asked for, and it stays away: the first one
        drawn = _panels([panel for panel in PARTNER_PANELS if panel.key == tab], request, record, tab)["main"][0]
    return {"tab": "panel", "panel": drawn}


@require_GET
def person(request: Request, pk: int) -> HttpResponse:
    """Somebody outside."""
    record = reads.find(PERSON, request.actor, pk, "notice")
    if record.merged_into_id:
        return redirect(PERSON.url(), root_of("person", pk))
    if not record.readable:
        return _reserved(request, PERSON, record)
    panels = _panels(PERSON_PANELS, request, record)
    choices = [("fonctions", _("Fonctions"), None)]
    choices += [(panel.key, panel.label, None) for panel, _context in panels["main"]]
    tabs = _tabs([*choices, ("historique", _("Historique"), None)], request.GET.get("onglet", ""))
    tab = next(tab["key"] for tab in tabs if tab["active"])
    positions = reads.positions_of(request.actor, record)
    context = {"record": record, "kind": PERSON, "tabs": tabs, "panels": panels, "tab": tab, "positions": positions}
    context["current"] = [position for position in positions if position.ended_on is None]
    if tab == "historique":
        context["steps"] = past.of_person(request.actor, record)
    elif tab != "fonctions":
        context |= {"tab": "panel", "panel": next(found for found in panels["main"] if found[0].key == tab)}
    context |= _identity(request, PERSON, record) | {"duty": reads.to_inform(record)}
    return page(request, "directory/records/person.html", context, part="tab")


def _reserved(request: Request, kind: Kind, record: Any) -> HttpResponse:
    """What one knows by notice only: who it is, and whom to ask."""
    context = {"record": record, "kind": kind, "contacts": reads.contacts(record)}
    return page(request, "directory/records/reserved.html", context)


def _identity(request: Request, kind: Kind, record: Any) -> dict[str, Any]:
    found, empty = reads.groups(kind, record)
    groups = [(group.title, lines(request, kind, record, group.filled)) for group in found]
    address = reverse(kind.url("edit"), args=[record.pk])
    folded = {"empty": lines(request, kind, record, empty), "empty_count": len(empty)}
    return {"groups": groups, **folded, "edit_url": address, "kind_label": shown_kind(record)}


def shown_kind(record: Any) -> str:
    """« entreprise », « association »; "" for a person."""
    return shown(type(record), "kind", record.kind) if hasattr(record, "kind") else ""


def _panels(
    panels: list[Panel], request: Request, record: Any, tab: str = ""
) -> dict[str, list[tuple[Panel, SafeString]]]:
    """What other modules say of the record, column by column, drawn; the first tabs are drawn only when asked for."""
    found: dict[str, list[tuple[Panel, SafeString]]] = {"top": [], "side": [], "main": [], "aside": []}
    for panel in sorted(panels, key=lambda panel: panel.order):
        if tab and panel.column == "main" and panel.order < 0 and panel.key != tab:
            continue
        context = panel.load(request.actor, record)
        if context is not None:
            drawn = render_to_string(panel.template, {**context, "record": record}, request)
            found[panel.column].append((panel, drawn))
    return found


def _tabs(choices: list[tuple[str, Any, int | None]], asked: str) -> list[dict[str, Any]]:
    keys = [key for key, _label, _count in choices]
    active = asked if asked in keys else keys[0]
    return [
        {"key": key, "label": label, "count": count, "url": f"?onglet={key}", "active": key == active}
        for key, label, count in choices
    ]
