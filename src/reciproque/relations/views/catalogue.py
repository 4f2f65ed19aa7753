"""What the establishment decides: its catalogue, the cadence it wants, what it does not want to be proposed again."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.relations import policies, pulses, services
from reciproque.relations.forms import AnswerForm, DispositifForm, TargetForm
from reciproque.relations.views.common import home_of, saved, writing_on
from reciproque.relations.wording import quantities

DECIDERS = (Role.ADMINISTRATOR, Role.STEERING)


@require_GET
def listing(request: Request) -> HttpResponse:
    """The catalogue of dispositifs."""
    rows = [
        {"row": row, "given": quantities(row.to_partner), "received": quantities(row.to_university)}
        for row in policies.dispositifs.allowed(request.actor, "view").in_order()
    ]
    usual = pulses.targets_of([0])[0]
    context = {"rows": rows, "may": request.actor.has(*DECIDERS), "usual": usual}
    return page(request, "relations/dispositifs.html", context)


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """A dispositif of the establishment's own."""
    require_role(request.actor, *DECIDERS)
    form = DispositifForm(request.POST if request.method == "POST" else None)

    def act() -> Any:
        given = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        return services.add_dispositif(actor=request.actor, **given)

    if form.is_bound and saved(form, act):
        tell(request, _("Le dispositif est au catalogue."))
        return go(request, "relations:dispositifs")
    return page(request, "relations/dispositif_form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, dispositif_id: int) -> HttpResponse:
    """Change a dispositif."""
    require_role(request.actor, *DECIDERS)
    row = policies.dispositifs.get_or_404(request.actor, "edit", pk=dispositif_id)
    names = ("name", "family", "description", "counting", "needs_agreement", "to_partner", "to_university", "version")
    held = {name: getattr(row, name) for name in names}
    form = DispositifForm(request.POST if request.method == "POST" else None, initial=held)
    if form.is_bound and saved(
        form, lambda: services.edit_dispositif(actor=request.actor, dispositif=row, **form.cleaned_data)
    ):
        tell(request, _("C’est enregistré."))
        return go(request, "relations:dispositifs")
    return page(
        request, "relations/dispositif_form.html", {"form": form, "row": row}, status=422 if form.is_bound else 200
    )


@require_POST
def close(request: Request, dispositif_id: int) -> HttpResponse:
    """Withdraw a dispositif, or bring it back."""
    require_role(request.actor, *DECIDERS)
    row = policies.dispositifs.get_or_404(request.actor, "edit", pk=dispositif_id)
    services.close_dispositif(actor=request.actor, dispositif=row, closed=row.closed_on is None)
    tell(request, _("C’est enregistré."))
    return go(request, "relations:dispositifs")


@require_http_methods(["GET", "POST"])
def usual_target(request: Request) -> HttpResponse:
    """The cadence that the establishment wants."""
    require_role(request.actor, *DECIDERS)
    usual = pulses.targets_of([0])[0]
    form = TargetForm(
        request.POST if request.method == "POST" else None, initial={"floor": usual.floor, "goal": usual.goal}
    )
    if form.is_bound and saved(
        form, lambda: services.set_target(actor=request.actor, partner=None, **form.cleaned_data)
    ):
        tell(request, _("Le nouvel objectif est pris en compte ; les pouls se recalculent."))
        return go(request, "relations:dispositifs")
    context = {"form": form, "title": _("Cadence voulue par l’établissement"), "back": "/dispositifs/"}
    return page(request, "relations/plain_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def target(request: Request, partner_id: int) -> HttpResponse:
    """A partner's own cadence, raised; given back with « comme les autres »."""
    partner = writing_on(request, partner_id)
    held = pulses.targets_of([partner.pk])[partner.pk]
    if request.method == "POST" and "rendre" in request.POST:
        services.lower_target(actor=request.actor, partner=partner)
        return go(request, home_of(partner.pk))
    form = TargetForm(
        request.POST if request.method == "POST" else None, initial={"floor": held.floor, "goal": held.goal}
    )
    if form.is_bound and saved(
        form, lambda: services.set_target(actor=request.actor, partner=partner, **form.cleaned_data)
    ):
        tell(request, _("C’est enregistré."))
        return go(request, home_of(partner.pk))
    context = {
        "form": form,
        "title": _("Objectif de cadence"),
        "record": partner,
        "back": home_of(partner.pk),
        "give_back": True,
    }
    return page(request, "relations/plain_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def answer(request: Request, partner_id: int, dispositif_id: int) -> HttpResponse:
    """« Pas maintenant », « pas pour eux »."""
    partner = writing_on(request, partner_id)
    row = policies.dispositifs.get_or_404(request.actor, "view", pk=dispositif_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        verdict = form.cleaned_data["verdict"]
        services.answer_proposal(actor=request.actor, partner=partner, dispositif=row, verdict=verdict)
        tell(
            request,
            _("Entendu : ce ne sera plus proposé.")
            if verdict == "never"
            else _("Entendu : on en reparle dans six mois."),
        )
    return go(request, home_of(partner.pk))
