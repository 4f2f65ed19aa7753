"""« Mes exports »: the big lists that one has asked for, ready to be fetched for a week."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reciproque.foundation.ui.pages import page, tell
from reciproque.institution import policies, services
from reciproque.institution.exports import title_of
from reciproque.institution.http import Request
from reciproque.institution.models import ListExport
from reciproque.institution.services.exports import KEPT_FOR

S = ListExport.State
SHOWN = 50


@require_GET
def exports(request: Request) -> HttpResponse:
    """One's own exports, the latest first; refreshed while one is in preparation."""
    rows = list(policies.exports.allowed(request.actor, "view").exclude(state=S.SENT).order_by("-pk")[:SHOWN])
    told = [(row, title_of(row.page), row.ready_at and row.ready_at + KEPT_FOR) for row in rows]
    context = {"exports": told, "moving": any(row.state == S.WAITING for row in rows), "days": KEPT_FOR.days}
    return page(request, "institution/exports.html", context, part="exports")


@require_GET
def download(request: Request, export_id: int) -> HttpResponseBase:
    """The file of one of one's exports."""
    export = policies.exports.get_or_404(request.actor, "view", pk=export_id)
    path = Path(settings.EXPORT_ROOT) / export.path
    if export.state != S.READY or not path.is_file():
        raise Http404
    name = f"{slugify(title_of(export.page))}-{timezone.localdate(export.at):%Y-%m-%d}.{export.form}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@require_POST
def forget(request: Request, export_id: int) -> HttpResponse:
    """Delete a file before its time."""
    export = policies.exports.get_or_404(request.actor, "view", pk=export_id)
    services.forget_export(actor=request.actor, export=export)
    tell(request, _("Le fichier est effacé."))
    return redirect("institution:exports")
