"""The lists of partners and of people, and the panel that shows one record beside its list."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reciproque.directory.listing import options
from reciproque.directory.listing.kinds import PARTNERS, PEOPLE, ListKind
from reciproque.directory.listing.peeking import peeked
from reciproque.directory.models import PartnerUnit
from reciproque.foundation.listing import menus
from reciproque.foundation.listing.drawing import frame
from reciproque.foundation.listing.menus import url
from reciproque.foundation.listing.state import State
from reciproque.foundation.panels import PEOPLE_DEEDS
from reciproque.foundation.ui.pages import page, wants_part
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.institution.reads import units_where
from reciproque.institution.saved_views import opened
from reciproque.institution.view_pages import shared_with


@require_GET
def records(request: Request, kind: ListKind) -> HttpResponse:
    """A list: whole, or what htmx changes when one types in its search box."""
    found = opened(request.actor, kind.catalogue, request.GET)
    listing = kind.listing(request.actor, found.state)
    address = reverse(kind.url())
    context = words(kind) | tools(request, kind, found.state) | shared_with(request) | {"opened": found}
    look = {"may_edit": context["may_edit"], "bulk": context["bulk"], "peek_label": context["peek_label"]}
    context |= frame(listing, address, request.GET, **look)
    template = "listing/part.html" if wants_part(request) else "directory/listing/list.html"
    return page(request, template, context)


def words(kind: ListKind) -> dict[str, Any]:
    """The words and templates of a list."""
    return {
        "kind": kind.name,
        "title": kind.title,
        "list_label": kind.title,
        "pager_label": _("Pages de la liste"),
        "one_word": kind.one_word,
        "many_word": kind.many_word,
        "search_label": kind.search_label,
        "create_label": kind.create_label,
        "empty_words": kind.empty_words,
        "part_template": "listing/part.html",
        "views_template": "institution/views/menu.html",
        "tools_template": "directory/listing/tools.html",
        "bulk_template": "directory/listing/bulk.html",
        "empty_template": "directory/listing/empty.html",
    }


def tools(request: Request, kind: ListKind, state: State) -> dict[str, Any]:
    """What the actor may do from the list."""
    may_edit = request.actor.has(Role.MEMBER, Role.DATA_STEWARD)
    context: dict[str, Any] = {
        "may_edit": may_edit,
        "may_create": may_edit,
        "create_url": reverse(kind.url("create")),
        "create_with_url": f"{reverse(kind.url('create'))}?{urlencode({'nom': state.text})}",
        "export_url": reverse(kind.url("export")),
        "import_url": _address("sourcing:import_new") if may_edit else "",
        "bulk": True,
        "bulk_url": reverse(kind.url("bulk")),
        "known_tags": menus.options((name, "") for name, _label in options.tags(request.actor)),
        "peek_pattern": reverse(kind.url("peek"), args=[0]),
        "peek_label": _("Aperçu"),
        "cell_pattern": reverse(kind.url("cell"), args=[0, "champ"]) if may_edit else "",
    }
    if may_edit and kind is PEOPLE:
        context["deeds"] = [(deed, reverse(deed.url_name)) for deed in PEOPLE_DEEDS]
    if kind is PARTNERS:
        context |= {
            "faces": faces(state, current="table"),
            "referent_picker": options.referent_picker(),
            "my_units": menus.options((unit.pk, unit.name) for unit in units_where(request.actor, Role.MEMBER)),
            "statuses": PartnerUnit.Status.choices,
        }
    return context


def faces(state: State, *, current: str) -> list[dict[str, Any]]:
    """Table and map: two ways of seeing the same list."""
    table, atlas = reverse("directory:partner_list"), reverse("directory:partner_map")
    return [
        {"label": _("Tableau"), "icon": "table", "url": url(table, state), "active": current == "table"},
        {"label": _("Carte"), "icon": "map", "url": url(atlas, state), "active": current == "map"},
    ]


def _address(name: str) -> str:
    """An address of a module above, if it is there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@require_GET
def peek(request: Request, kind: ListKind, pk: int) -> HttpResponse:
    """One record beside its list: what one needs before a call."""
    record = kind.policy.get_or_404(request.actor, "view", pk=pk)
    context = peeked(request.actor, kind.name, record)
    return page(request, "directory/listing/peek.html", context | {"record": record, "kind": kind.name})
