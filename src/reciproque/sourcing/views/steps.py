"""The wizard: file, columns, check, reconciliation, summary, report."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.foundation.errors import DomainError
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.sourcing import policies, reads, reasons, services, wizard
from reciproque.sourcing.forms import ColumnsForm, NewImportForm, ReadingForm
from reciproque.sourcing.models import Import
from reciproque.sourcing.pipeline import running
from reciproque.sourcing.services.imports import sheet_of


def one(request: Request, import_id: int) -> Import:
    """The import, if it is the reader's to see."""
    return policies.imports.get_or_404(request.actor, "view", pk=import_id)


@require_GET
def import_list(request: Request) -> HttpResponse:
    """The imports of one's units."""
    runs = policies.imports.allowed(request.actor, "view")[:100]
    return page(request, "sourcing/import_list.html", {"runs": runs, "may_import": policies.may_import(request.actor)})


@require_http_methods(["GET", "POST"])
def import_new(request: Request) -> HttpResponse:
    """Step 1: a file comes in, for a source."""
    require_role(request.actor, *policies.IMPORTERS)
    sources = policies.sources.allowed(request.actor, "edit")
    units = wizard.units_to_import_for(request.actor)
    form = NewImportForm(request.POST or None, request.FILES or None, sources=sources, units=units)
    if request.method == "POST" and form.is_valid():
        try:
            run = wizard.begin(request.actor, form.cleaned_data)
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            return go(request, "sourcing:import_columns", run.pk)
    return page(
        request,
        "sourcing/import_new.html",
        {"form": form, "steps": wizard.steps()},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
def import_columns(request: Request, import_id: int) -> HttpResponse:
    """Step 2: what each column is. Once the import has run, there is nothing left to choose: its report is shown."""
    run = one(request, import_id)
    if request.method == "GET" and not run.columns_open:
        return go(request, "sourcing:import", run.pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, run=run)
    if request.method == "POST" and form.is_valid():
        try:
            run = services.map_columns(actor=request.actor, run=run, mapping=form.chosen())
            services.start_check(actor=request.actor, run=run)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return go(request, "sourcing:import", run.pk)
    context = wizard.columns_context(run, form)
    return page(request, "sourcing/import_columns.html", context, status=422 if form.is_bound else 200)


@require_POST
def import_sheet(request: Request, import_id: int) -> HttpResponse:
    """Read another sheet of the same file."""
    run = one(request, import_id)
    other = services.open_import(
        actor=request.actor, source=run.source, file=run.file, sheet=request.POST.get("sheet", "")
    )
    services.abandon_import(actor=request.actor, run=run)
    return go(request, "sourcing:import_columns", other.pk)


@require_POST
def import_reading(request: Request, import_id: int) -> HttpResponse:
    """Read the sheet another way."""
    run = one(request, import_id)
    reading = ReadingForm(request.POST, sheet=sheet_of(run.file, run.sheet))
    if reading.is_valid():
        try:
            services.read_otherwise(actor=request.actor, run=run, **reading.cleaned_data)
        except DomainError as refusal:
            reading.add_error("header_line", str(refusal))
        else:
            return go(request, "sourcing:import_columns", run.pk)
    context = wizard.columns_context(run, ColumnsForm(run=run), reading)
    return page(request, "sourcing/import_columns.html", context, status=422)


@require_GET
def import_page(request: Request, import_id: int) -> HttpResponse:
    """Where the import is: it moves (progress), waits for somebody (next step) or has ended (report)."""
    run = one(request, import_id)
    if run.state == Import.State.UPLOADED:
        return go(request, "sourcing:import_columns", run.pk)
    if run.state == Import.State.CHECKED:
        return go(request, "sourcing:import_problems", run.pk)
    context = {"run": run, "steps": wizard.steps(run), "counts": running.counted(run), "gone": reads.gone_rows(run)}
    if not run.is_moving:
        context |= {
            "to_check": reads.to_check(run),
            "created": reads.partners_of(run, created=True),
            "changed": [] if run.state == Import.State.UNDONE else reads.partners_of(run, created=False),
        }
    return page(request, "sourcing/import.html", context, part="progress")


@require_http_methods(["GET", "POST"])
def import_problems(request: Request, import_id: int) -> HttpResponse:
    """Step 3: what is wrong, column by column, mended in place or left."""
    run = one(request, import_id)
    if request.method == "GET" and not run.rows_open:
        return go(request, "sourcing:import", run.pk)
    code, column = request.GET.get("probleme", ""), request.GET.get("colonne", "-1")
    number = int(column) if column.lstrip("-").isdecimal() else -1
    if request.method == "POST":
        done = wizard.mend(request.actor, run, request.POST, number)
        said = ngettext(
            "%(count)s ligne corrigée et contrôlée de nouveau.",
            "%(count)s lignes corrigées et contrôlées de nouveau.",
            done,
        )
        tell(request, said % {"count": done})
        return go(request, f"{reverse('sourcing:import_problems', args=[run.pk])}?probleme={code}&colonne={number}")
    return page(request, "sourcing/import_problems.html", wizard.problems_context(run, code, number))


@require_http_methods(["GET", "POST"])
def import_matches(request: Request, import_id: int) -> HttpResponse:
    """Step 4: new, known, doubtful: the doubtful ones are decided side by side."""
    run = one(request, import_id)
    if request.method == "GET" and not run.rows_open:
        return go(request, "sourcing:import", run.pk)
    tab = request.GET.get("onglet", "")
    if request.method == "POST":
        count = wizard.decide(request.actor, run, request.POST)
        said = ngettext("%(count)s ligne décidée.", "%(count)s lignes décidées.", count)
        tell(request, said % {"count": count})
        return go(request, f"{reverse('sourcing:import_matches', args=[run.pk])}?onglet={tab}")
    after = request.GET.get("apres", "0")
    return page(
        request,
        "sourcing/import_matches.html",
        wizard.matches_context(run, tab, int(after[:12]) if after.isdecimal() else 0),
    )


@require_GET
def import_why(request: Request, import_id: int, row_id: int) -> HttpResponse:
    """Why a row is thought to be a partner, in seven lines."""
    run = one(request, import_id)
    row = policies.records.get_or_404(request.actor, "view", pk=row_id, import_run=run)
    return page(request, "sourcing/why.html", {"whys": reasons.of_row(request.actor, row)}, part="lines")


@require_http_methods(["GET", "POST"])
def import_summary(request: Request, import_id: int) -> HttpResponse:
    """Step 5: what will be written; then it is, and the report says the rest."""
    run = one(request, import_id)
    if request.method == "GET" and run.state != Import.State.CHECKED:
        return go(request, "sourcing:import", run.pk)
    if request.method == "POST":
        services.run_import(actor=request.actor, run=run)
        return go(request, "sourcing:import", run.pk)
    context = {
        "run": run,
        "steps": wizard.steps(run, 5),
        "preview": reads.preview(run),
        "tabs": reads.tab_counts(run),
        "gone": reads.gone_rows(run),
    }
    return page(request, "sourcing/import_summary.html", context)


ACTIONS: dict[str, Any] = {
    "arreter": (services.stop_import, gettext_lazy("L’import s’arrête après les lignes en cours.")),
    "reprendre": (services.run_import, gettext_lazy("L’import reprend.")),
    "annuler": (services.undo_import, gettext_lazy("L’import est en cours d’annulation.")),
    "controler": (services.start_check, gettext_lazy("Le contrôle recommence.")),
}


@require_POST
def import_action(request: Request, import_id: int, action: str) -> HttpResponse:
    """Stop, go on, take back."""
    run = one(request, import_id)
    operation, said = ACTIONS[action]
    operation(actor=request.actor, run=run)
    tell(request, said, tone="info")
    return go(request, "sourcing:import", run.pk)


@require_POST
def import_abandon(request: Request, import_id: int) -> HttpResponse:
    """Forget an import that has written nothing."""
    services.abandon_import(actor=request.actor, run=one(request, import_id))
    tell(request, _("L’import est abandonné : rien n’a été écrit."))
    return go(request, "sourcing:import_list")
