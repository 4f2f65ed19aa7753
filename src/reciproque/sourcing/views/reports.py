"""What came of imports: files to download, the décloisonnement report."""

import tempfile

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reciproque.foundation.errors import Forbidden
from reciproque.foundation.exports import download, write_xlsx
from reciproque.foundation.ui.pages import page
from reciproque.institution.http import Request
from reciproque.sourcing import policies, reads, report
from reciproque.sourcing.models import Import

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def import_rows(request: Request, import_id: int, kind: str) -> HttpResponseBase:
    """The rows that did not go in, with the reason; those of an undone import, with what became of them."""
    run = policies.imports.get_or_404(request.actor, "view", pk=import_id)
    headers, lines = reads.rows_to_download(run)
    if run.state == Import.State.UNDONE:
        return download(kind, f"{run.source.code}-lignes-annulees", headers, lines, sheet=_("Import annulé"))
    return download(kind, f"{run.source.code}-lignes-en-attente", headers, lines, sheet=_("En attente"))


@require_GET
def decloisonnement(request: Request) -> HttpResponse:
    """One network out of many files: the account."""
    if not request.actor.is_staff:
        raise Forbidden(_("Il faut appartenir à une entité."))
    run = _foreseen(request)
    found = report.decloisonnement(run)
    return page(
        request,
        "sourcing/decloisonnement.html",
        {
            "report": found,
            "picture": report.picture(found),
            "run": run,
            "may_import": policies.may_import(request.actor),
        },
    )


@require_GET
def decloisonnement_file(request: Request) -> HttpResponseBase:
    """The same account as a workbook."""
    if not request.actor.is_staff:
        raise Forbidden(_("Il faut appartenir à une entité."))
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- FileResponse closes it
    write_xlsx(file, report.sheets(report.decloisonnement(_foreseen(request))))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="decloisonnement.xlsx", content_type=XLSX)


def _foreseen(request: Request) -> Import | None:
    """The import whose rows are to be counted as though they were written: `?import=12`."""
    asked = request.GET.get("import", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        return None
    return policies.imports.get_or_404(request.actor, "view", pk=int(asked))
