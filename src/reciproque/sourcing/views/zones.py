"""Thresholds and their effect, runs of merges made alone and their checks, models learnt here."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.sourcing import checking, model_report, preview, runs
from reciproque.sourcing.forms import ZonesForm
from reciproque.sourcing.pipeline import likeness, weighing
from reciproque.sourcing.services import automatic, checks, models
from reciproque.sourcing.services import zones as services
from reciproque.sourcing.views.doubles import tabs_of


@require_http_methods(["GET", "POST"])
def zones(request: Request) -> HttpResponse:
    """The establishment's thresholds, with what they would do today before one keeps them."""
    require_role(request.actor, *services.DECIDERS)
    held = weighing.settings_in_force()
    form = ZonesForm(request.POST or None, request.GET, held=held)
    if request.method == "POST" and form.is_valid():
        _kept, moved = services.set_zones(actor=request.actor, **form.wanted())
        text = ngettext(
            "Réglages gardés ; %(n)s paire a changé de zone.",
            "Réglages gardés ; %(n)s paires ont changé de zone.",
            moved,
        )
        tell(request, text % {"n": moved})
        return go(request, "sourcing:zones")
    seen = preview.preview(request.actor, form.zones())
    context = {"form": form, "held": held, "preview": seen, "model": likeness.in_service(), "own": likeness.is_own(),
               "refresh": reverse("sourcing:zones")}  # fmt: skip
    return page(request, "sourcing/zones.html", context, part="effect", status=422 if form.errors else 200)


@require_GET
def run_list(request: Request) -> HttpResponse:
    """Merges made alone, run by run."""
    require_role(request.actor, Role.MEMBER, *services.DECIDERS)
    context = {
        "lines": runs.listed(),
        "held": weighing.settings_in_force(),
        "precision": runs.precision(),
        "decides": request.actor.has(*services.DECIDERS),
    }
    return page(request, "sourcing/runs.html", context)


@require_POST
def run_undo(request: Request, run_id: int) -> HttpResponse:
    """Take all the merges of a run back."""
    require_role(request.actor, *services.DECIDERS)
    run = runs.by_number(run_id)
    if run is None:
        raise Http404
    automatic.ask_to_undo_run(actor=request.actor, run=run)
    tell(
        request,
        _("Les réunions de ce passage se défont une à une ; leurs paires reviennent dans la file."),
        tone="info",
    )
    return go(request, "sourcing:runs")


@require_GET
def check_queue(request: Request) -> HttpResponse:
    """Merges made alone, drawn to be checked."""
    require_role(request.actor, Role.MEMBER, Role.DATA_STEWARD)
    context = {"asked": checking.asked(request.actor), "tabs": tabs_of(request, "check")}
    return page(request, "sourcing/checks.html", context)


@require_POST
def check_answer(request: Request, check_id: int) -> HttpResponse:
    """One answer: it is the same, or it is not, and the records are separated."""
    require_role(request.actor, Role.MEMBER, Role.DATA_STEWARD)
    check = runs.check_by_number(check_id)
    if check is None:
        raise Http404
    answer = request.POST.get("reponse", "")
    try:
        _answered(request, check_id, answer)
    except Forbidden:
        raise Http404 from None
    except DomainError as refusal:
        tell(request, str(refusal), tone="error")
    return go(request, "sourcing:checks")


def _answered(request: Request, check_id: int, answer: str) -> None:
    check = runs.check_by_number(check_id)
    if check is None or answer not in {"oui", "non", "revoir"}:
        raise DomainError(_("Répondez par oui ou par non."))
    if answer == "revoir":
        checks.reopen_check(actor=request.actor, check=check)
        tell(request, _("Cette réunion est de nouveau à vérifier."))
        return
    checks.answer_check(actor=request.actor, check=check, same=answer == "oui")
    if answer == "oui":
        undo = reverse("sourcing:check_reopen", args=[check_id])
        tell(request, _("Noté : c’est bien la même."), undo=undo)
    else:
        tell(request, _("Séparées ; cette paire ne reviendra pas."))


@require_POST
def check_reopen(request: Request, check_id: int) -> HttpResponse:
    """Take « c’est bien la même » back."""
    require_role(request.actor, Role.MEMBER, Role.DATA_STEWARD)
    if runs.check_by_number(check_id) is None:
        raise Http404
    try:
        _answered(request, check_id, "revoir")
    except Forbidden:
        raise Http404 from None
    return go(request, "sourcing:checks")


@require_http_methods(["GET", "POST"])
def model_list(request: Request) -> HttpResponse:
    """The model in service, those learnt here; posted, one more is asked for."""
    require_role(request.actor, *services.DECIDERS)
    if request.method == "POST":
        models.ask_for_model(actor=request.actor)
        tell(request, _("L’apprentissage est demandé : le rapport sera ici dans quelques minutes."), tone="info")
        return go(request, "sourcing:models")
    context = {"models": runs.models(), "in_service": likeness.in_service(), "own": likeness.is_own()}
    return page(request, "sourcing/models.html", context)


@require_GET
def model_page(request: Request, model_id: int) -> HttpResponse:
    """What a model is worth beside the one in service."""
    require_role(request.actor, *services.DECIDERS)
    model = runs.model_by_number(model_id)
    if model is None:
        raise Http404
    return page(request, "sourcing/model.html", {"model": model, "report": model_report.told(model)})


@require_POST
def model_decide(request: Request, model_id: int) -> HttpResponse:
    """Adopt a model, or set it aside."""
    require_role(request.actor, *services.DECIDERS)
    model = runs.model_by_number(model_id)
    if model is None:
        raise Http404
    if request.POST.get("decision") == "adopter":
        models.adopt_model(actor=request.actor, model=model)
        tell(request, _("Ce modèle est en service ; les paires sont pesées de nouveau."))
    else:
        models.refuse_model(actor=request.actor, model=model)
        tell(request, _("Ce modèle est écarté."))
    return go(request, "sourcing:model", model_id)


@require_POST
def model_shipped(request: Request) -> HttpResponse:
    """Back to the shipped model."""
    require_role(request.actor, *services.DECIDERS)
    if models.back_to_shipped(actor=request.actor):
        tell(request, _("Le modèle livré est de nouveau en service ; les paires sont pesées de nouveau."))
    else:
        tell(request, _("Le modèle livré est déjà en service."), tone="info")
    return go(request, "sourcing:models")
