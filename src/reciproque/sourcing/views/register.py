"""The register: its proposals, and partners looked up in it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner
from reciproque.directory.services import AlreadyKnown
from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.foundation.jobs import defer
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.sourcing.register import lookup, queue, reach
from reciproque.sourcing.register.clients import Unanswered
from reciproque.sourcing.services import register as services

STATES = {"ouvertes": "open", "plus-tard": "later", "refusees": "refused", "acceptees": "accepted"}


@require_GET
def proposals(request: Request) -> HttpResponse:
    """What the register proposes, the surest first."""
    require_role(request.actor, Role.MEMBER, Role.DATA_STEWARD)
    tab = request.GET.get("onglet", "") if request.GET.get("onglet") in queue.TABS else "qui"
    state = STATES.get(request.GET.get("etat", ""), "open")
    context = {
        "cards": queue.cards(request.actor, tab, state),
        "tabs": _tabs(request, tab),
        "tab": tab,
        "state": state,
        "states": [(word, code, labels()[code]) for word, code in STATES.items()],
        "query": request.GET.urlencode(),
        "loaded": lookup.loaded(),
        "steward": request.actor.has(Role.DATA_STEWARD),
    }
    return page(request, "sourcing/register.html", context)


def labels() -> dict[str, str]:
    """The states of a proposal, in words."""
    return {"open": _("à juger"), "later": _("plus tard"), "refused": _("refusées"), "accepted": _("acceptées")}


def _tabs(request: Request, active: str) -> list[dict[str, Any]]:
    named = {"qui": _("Partenaires à qualifier"), "vie": _("Vie des entreprises")}
    return [
        {
            "key": key,
            "label": label,
            "count": queue.count(request.actor, key),
            "url": f"?onglet={key}",
            "active": key == active,
        }
        for key, label in named.items()
    ]


@require_POST
def decide(request: Request, proposal_id: int) -> HttpResponse:
    """One decision on one proposal; the list comes back without it."""
    proposal = queue.find(request.actor, proposal_id)
    decision, actor = request.POST.get("decision", ""), request.actor
    try:
        if decision == "accepter":
            done = services.accept(actor=actor, proposal=proposal, siren=request.POST.get("siren", ""))
            text = _("C’est fait : « %(name)s » est à jour.") % {"name": done.partner}
        elif decision == "plus-tard":
            services.postpone_proposal(actor=actor, proposal=proposal)
            text = _("Remis à dans un mois.")
        elif decision == "refuser":
            services.refuse_proposal(actor=actor, proposal=proposal)
            text = _("Refusé : ce fait ne sera plus proposé.")
        else:
            raise Http404
        tell(request, text, undo=reverse("sourcing:register_take_back", args=[proposal.pk]))
    except Forbidden:
        raise
    except DomainError as refusal:
        tell(request, str(refusal), tone="error")
    return go(request, f"{reverse('sourcing:register')}?{request.POST.get('liste', '')}")


@require_POST
def take_back(request: Request, proposal_id: int) -> HttpResponse:
    """Undo a decision."""
    proposal = queue.find(request.actor, proposal_id)
    services.take_back_proposal(actor=request.actor, proposal=proposal)
    tell(request, _("Annulé : la proposition attend de nouveau."))
    return go(request, "sourcing:register")


@require_POST
def qualify_all(request: Request) -> HttpResponse:
    """Look every partner without number up in the register, in the worker."""
    require_role(request.actor, Role.DATA_STEWARD)
    defer("sourcing.look_in_register", queueing_lock="sourcing.look_in_register")
    tell(request, _("La recherche est lancée ; les propositions arrivent ici."))
    return go(request, "sourcing:register")


@require_http_methods(["GET", "POST"])
def complete(request: Request, partner_id: int) -> HttpResponse:
    """« Compléter depuis SIRENE »: the companies that a partner may be, and a search by name or number."""
    partner = directory.partners.get_or_404(request.actor, "edit", pk=partner_id)
    if request.method == "POST":
        siren, siret = request.POST.get("siren", ""), request.POST.get("siret", "")
        try:
            done = services.complete_by_number(actor=request.actor, partner=partner, siren=siren, siret=siret)
        except (AlreadyKnown, Unanswered) as refusal:
            tell(request, str(refusal), tone="error")
        else:
            undo = reverse("sourcing:register_take_back", args=[done.pk])
            tell(request, _("« %(name)s » est complété depuis SIRENE.") % {"name": partner}, undo=undo)
            return go(request, "directory:partner", partner.pk)
    asked = request.GET.get("q", "").strip()[:200]
    text = asked or partner.siren or partner.name
    context = {"partner": partner, **_found(request, text, None if asked else partner)}
    return page(request, "sourcing/register_complete.html", context, part="found")


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """A partner to create, found in the register by its name or number."""
    require_role(request.actor, Role.MEMBER, Role.DATA_STEWARD)
    if request.method == "POST":
        try:
            made = services.create_by_number(
                actor=request.actor,
                siren=request.POST.get("siren", ""),
                siret=request.POST.get("siret", ""),
                unit=lookup.unit_of(request.actor),
            )
        except (AlreadyKnown, Unanswered) as refusal:
            tell(request, str(refusal), tone="error")
        else:
            tell(request, _("« %(name)s » est créé, d’après SIRENE.") % {"name": made})
            return go(request, "directory:partner", made.pk)
    asked = request.GET.get("q", "").strip()[:200]
    return page(request, "sourcing/register_create.html", _found(request, asked), part="found")


def _found(request: Request, asked: str, partner: Partner | None = None) -> dict[str, Any]:
    """What the register answers, or why it does not."""
    told: dict[str, Any] = {"asked": asked, "available": reach.available(), "found": [], "trouble": ""}
    try:
        told["found"] = lookup.companies(request.actor, asked, partner=partner) if asked else []
    except Unanswered as refusal:
        told["trouble"] = str(refusal)
    return told
