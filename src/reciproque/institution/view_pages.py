"""Addresses that keep, change, pin and forget saved views; the lists themselves belong to other modules."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reciproque.foundation.ui.pages import tell
from reciproque.institution import policies, services
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.institution.reads import units_where

LONGEST = 8_000


def back(request: Request, tail: str = "") -> HttpResponse:
    """Return to the list, whose address the form gave."""
    asked = request.POST.get("next", "") + tail
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return redirect(asked if safe else "/")


def named(request: Request) -> dict[str, Any]:
    """The name typed, and who shall see the view."""
    visibility, _colon, unit_id = request.POST.get("visibilite", "mine").partition(":")
    unit = policies.units.get_or_404(request.actor, "view", pk=int(unit_id)) if unit_id.isdecimal() else None
    return {"name": request.POST.get("nom", ""), "visibility": visibility, "unit": unit}


@require_POST
def create(request: Request) -> HttpResponse:
    """Keep the list under a name."""
    page, query = request.POST.get("page", "")[:60], request.POST.get("liste", "")[:LONGEST]
    try:
        view = services.create_view(actor=request.actor, page=page, query=query, **named(request))
    except ValidationError as error:
        tell(request, " ".join(error.messages), tone="error")
        return back(request)
    tell(request, _("La vue « %(view)s » est enregistrée.") % {"view": view.name})
    return back(request, f"?vue={view.pk}")


@require_POST
def update(request: Request, view_id: int) -> HttpResponse:
    """Make the view what the list now is; or give it another name, and others to see it."""
    view = policies.saved_views.get_or_404(request.actor, "view", pk=view_id)
    changes = named(request) if "nom" in request.POST else {"query": request.POST.get("liste", "")[:LONGEST]}
    try:
        view = services.update_view(actor=request.actor, view=view, **changes)
    except ValidationError as error:
        tell(request, " ".join(error.messages), tone="error")
        return back(request)
    tell(request, _("La vue « %(view)s » est à jour.") % {"view": view.name})
    return back(request)


@require_POST
def pin(request: Request, view_id: int) -> HttpResponse:
    """Put a view on top, or no longer."""
    view = policies.saved_views.get_or_404(request.actor, "view", pk=view_id)
    services.pin_view(actor=request.actor, view=view, pinned="epingler" in request.POST)
    return back(request)


@require_POST
def delete(request: Request, view_id: int) -> HttpResponse:
    """Forget a view."""
    view = policies.saved_views.get_or_404(request.actor, "view", pk=view_id)
    services.delete_view(actor=request.actor, view=view)
    tell(request, _("La vue « %(view)s » est supprimée ; les fiches ne changent pas.") % {"view": view.name})
    return back(request)


def shared_with(request: Request) -> dict[str, object]:
    """With whom this person may share a view: what the menu of views needs."""
    units = units_where(request.actor, Role.MEMBER)
    may_share = request.actor.has(Role.MANAGER, Role.DATA_STEWARD, Role.ADMINISTRATOR)
    return {"share_units": units, "may_share": may_share}
