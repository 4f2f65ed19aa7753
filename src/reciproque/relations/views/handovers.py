"""The note that a referent leaves to the next one."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.http import Request
from reciproque.relations import policies, services
from reciproque.relations.forms import HandoverForm
from reciproque.relations.views.common import home_of, saved


@require_http_methods(["GET", "POST"])
def handover(request: Request, handover_id: int) -> HttpResponse:
    """Write it: what is under way, whom to call first, what not to forget."""
    row = policies.handovers.get_or_404(request.actor, "view", pk=handover_id)
    policies.handovers.require(request.actor, "write", row)
    form = HandoverForm(request.POST if request.method == "POST" else None)

    def act() -> object:
        return services.write_handover(actor=request.actor, handover=row, text=form.cleaned_data["text"])

    if form.is_bound and saved(form, act, request):
        tell(request, _("La note est sur la chronologie ; %(who)s en est prévenu.") % {"who": row.now})
        return go(request, home_of(row.partner_id, "chronologie"))
    context = {"row": row, "form": form, "back": home_of(row.partner_id)}
    return page(request, "relations/handover.html", context, status=422 if form.is_bound else 200)


@require_POST
def close(request: Request, handover_id: int) -> HttpResponse:
    """There is nothing to leave."""
    row = policies.handovers.get_or_404(request.actor, "view", pk=handover_id)
    services.close_handover(actor=request.actor, handover=row)
    tell(request, _("La passation est close, sans note."))
    return go(request, home_of(row.partner_id))
