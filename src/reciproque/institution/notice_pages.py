"""« Notifications »: what one was told, and how soon one wants to hear of it by mail."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution import services
from reciproque.institution.http import Request
from reciproque.institution.notices import reads
from reciproque.institution.notices.kinds import KINDS, Pace


@require_GET
def notices(request: Request) -> HttpResponse:
    """What one was told, the latest first."""
    asked = request.GET.get("avant", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    lines, following = reads.page(request.actor, before)
    context = {"lines": lines, "next": following, "fresh": any(not line.seen for line in lines), "first": not before}
    return page(request, "institution/notices/list.html", context)


@require_POST
def see(request: Request) -> HttpResponse:
    """Say that one has seen them: all, or up to one of them (`jusque`)."""
    asked = request.POST.get("jusque", "")
    up_to = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    services.see_notices(actor=request.actor, up_to=up_to)
    return HttpResponse(status=204) if request.htmx else go(request, "institution:notices")


@require_http_methods(["GET", "POST"])
def choices(request: Request) -> HttpResponse:
    """How soon, kind by kind."""
    if request.method == "POST":
        services.choose_paces(
            actor=request.actor, paces={key: request.POST[key] for key in KINDS if key in request.POST}
        )
        tell(request, _("Vos choix sont enregistrés."))
        return go(request, "institution:notice_settings")
    chosen = reads.paces(request.user.pk)
    rows = [(kind, chosen[key]) for key, kind in KINDS.items()]
    return page(request, "institution/notices/choices.html", {"rows": rows, "paces": Pace.choices})
