"""The home page, and what one does with one's list of things to do."""

import datetime as dt

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.workspace import reads, services


@require_GET
def home(request: Request) -> HttpResponse:
    """What waits for the reader, and what they did last."""
    piles = reads.to_do(request.actor)
    context: dict[str, object] = {"piles": piles, "recent": reads.changed_by(request.actor)}
    context["folded"] = [pile for pile in piles if not pile.items]
    context["today"] = localdate()
    context["may_create"] = request.actor.has(Role.MEMBER, Role.DATA_STEWARD)
    return page(request, "workspace/home.html", context)


@require_POST
def snooze(request: Request, key: str) -> HttpResponse:
    """Put a thing off for some days (`jours`, a week unless said)."""
    days = request.POST.get("jours", "7")
    until = localdate() + dt.timedelta(days=int(days) if days.isdecimal() and len(days) < 4 else 7)
    services.hide_item(actor=request.actor, key=key, until=until)
    tell(request, _("Reporté d’une semaine.") if days == "7" else _("Reporté."), undo=_resume_url(key))
    return go(request, "workspace:home")


@require_POST
def settle(request: Request, key: str) -> HttpResponse:
    """Say that a thing is settled."""
    services.hide_item(actor=request.actor, key=key, until=None)
    tell(request, _("Retiré de votre liste."), undo=_resume_url(key))
    return go(request, "workspace:home")


@require_POST
def resume(request: Request, key: str) -> HttpResponse:
    """Put a thing back in the list."""
    services.show_item(actor=request.actor, key=key)
    return go(request, "workspace:home")


def _resume_url(key: str) -> str:
    return reverse("workspace:resume", args=[key])
