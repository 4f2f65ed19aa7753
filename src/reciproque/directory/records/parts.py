"""Changes to what surrounds a record: sites, functions, ties with units, tags, referent, group, contact preferences."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reciproque.directory import policies, search, services
from reciproque.directory.models import Person, Position, Site
from reciproque.directory.records import reads
from reciproque.directory.records.forms import (
    ContactForm,
    RecordForm,
    ReferentForm,
    SharingForm,
    TagsForm,
    TieForm,
    read_again,
    refuse,
)
from reciproque.directory.records.kinds import PARTNER, PERSON, Kind
from reciproque.foundation.errors import Conflict, DomainError, Forbidden
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role

SITE = (
    "name",
    "siret",
    "uai",
    "address",
    "address_complement",
    "postcode",
    "city",
    "cedex",
    "country",
    "phone",
    "email",
    "state",
)
POSITION = ("title", "service", "site", "started_on", "ended_on")


def _form_page(
    request: Request, kind: Kind, record: Any, form: Any, title: str, more: dict[str, Any] | None = None
) -> HttpResponse:
    context = {"form": form, "record": record, "kind": kind, "page_title": title, **(more or {})}
    context["back"] = reverse(kind.url(), args=[record.pk])
    return page(request, "directory/records/part.html", context, status=422 if form.is_bound else 200)


def _attempt(form: Any, save: Callable[[], Any]) -> bool:
    """Save; what is refused is written beside the fields, and False returned."""
    try:
        save()
    except ValidationError as error:
        refuse(form, error)
    except Conflict as conflict:
        form.add_error(None, _("%(said)s Relisez, puis enregistrez de nouveau.") % {"said": conflict})
        read_again(form, conflict)
    except Forbidden:
        raise
    except DomainError as refusal:
        form.add_error(None, str(refusal))
    else:
        return True
    return False


def _back(request: Request, kind: Kind, pk: int, tab: str, said: str) -> HttpResponse:
    tell(request, said)
    return go(request, reverse(kind.url(), args=[pk]) + (f"?onglet={tab}" if tab else ""))


@require_http_methods(["GET", "POST"])
def site_add(request: Request, pk: int) -> HttpResponse:
    """Add a site to a partner."""
    partner = reads.find(PARTNER, request.actor, pk, "edit")
    form = RecordForm(request.POST if request.method == "POST" else None, model=Site, fields=SITE)
    if (
        form.is_bound
        and form.is_valid()
        and _attempt(form, lambda: services.add_site(actor=request.actor, partner=partner, **form.values))
    ):
        return _back(request, PARTNER, pk, "sites", _("L’établissement est ajouté."))
    return _form_page(request, PARTNER, partner, form, _("Nouvel établissement"))


@require_http_methods(["GET", "POST"])
def site_edit(request: Request, pk: int, site_id: int) -> HttpResponse:
    """Change a site."""
    partner = reads.find(PARTNER, request.actor, pk, "edit")
    site = _one(Site, pk=site_id, partner=partner)
    form = RecordForm(request.POST if request.method == "POST" else None, model=Site, fields=SITE, record=site)
    if (
        form.is_bound
        and form.is_valid()
        and _attempt(
            form,
            lambda: services.edit_site(
                actor=request.actor, site=site, version=form.cleaned_data["version"], **form.values
            ),
        )
    ):
        return _back(request, PARTNER, pk, "sites", _("L’établissement est enregistré."))
    return _form_page(request, PARTNER, partner, form, _("Établissement"), {"site": site})


@require_POST
def site_head(request: Request, pk: int, site_id: int) -> HttpResponse:
    """Make a site the head of its partner."""
    partner = reads.find(PARTNER, request.actor, pk, "edit")
    services.set_head_site(actor=request.actor, site=_one(Site, pk=site_id, partner=partner))
    return _back(request, PARTNER, pk, "sites", _("Le siège est changé."))


@require_POST
def site_remove(request: Request, pk: int, site_id: int) -> HttpResponse:
    """Take a site away."""
    partner = reads.find(PARTNER, request.actor, pk, "edit")
    services.remove_site(actor=request.actor, site=_one(Site, pk=site_id, partner=partner))
    return _back(request, PARTNER, pk, "sites", _("L’établissement est retiré."))


def _one(model: Any, **lookup: Any) -> Any:
    found = model.objects.filter(**lookup).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def tie(request: Request, pk: int) -> HttpResponse:
    """Tie a partner with a unit, or change the tie."""
    require_role(request.actor, Role.MEMBER, Role.DATA_STEWARD)
    partner = reads.find(PARTNER, request.actor, pk)
    chosen: dict[str, Any] = {"unit": request.GET.get("entite"), "status": request.GET.get("statut") or "active"}
    chosen["referent"] = request.GET.get("referent") or request.actor.user_id
    form = TieForm(request.POST if request.method == "POST" else None, actor=request.actor, initial=chosen)
    if (
        form.is_bound
        and form.is_valid()
        and _attempt(form, lambda: services.tie_unit(actor=request.actor, partner=partner, **form.cleaned_data))
    ):
        return _back(request, PARTNER, pk, "", _("Le lien avec l’entité est enregistré."))
    return _form_page(request, PARTNER, partner, form, _("Lien avec une entité"))


@require_POST
def untie(request: Request, pk: int, unit_id: int) -> HttpResponse:
    """Remove a tie made by mistake."""
    partner = reads.find(PARTNER, request.actor, pk)
    held = next((tie for tie in reads.ties_of(request.actor, partner) if tie.unit_id == unit_id), None)
    if held is None:
        raise Http404
    services.untie_unit(actor=request.actor, partner=partner, unit=held.unit)
    return _back(request, PARTNER, pk, "", _("Le lien avec « %(unit)s » est retiré.") % {"unit": held.unit.name})


@require_http_methods(["GET", "POST"])
def referent(request: Request, pk: int) -> HttpResponse:
    """Name the colleague who answers for a partner."""
    partner = reads.find(PARTNER, request.actor, pk, "edit")
    start = {"version": partner.version, "referent": partner.referent_id}
    form = ReferentForm(request.POST if request.method == "POST" else None, initial=start)
    if (
        form.is_bound
        and form.is_valid()
        and _attempt(form, lambda: services.set_referent(actor=request.actor, partner=partner, **form.cleaned_data))
    ):
        return _back(request, PARTNER, pk, "", _("Le référent est enregistré."))
    return _form_page(request, PARTNER, partner, form, _("Référent établissement"))


@require_POST
def tags(request: Request, kind: Kind, pk: int) -> HttpResponse:
    """Add tags (`tags`, separated by semicolons) or take one off (`retirer`)."""
    record = reads.find(kind, request.actor, pk, "edit")
    form = TagsForm(request.POST)
    added = form.cleaned_data["tags"] if form.is_valid() else []
    removed = [request.POST["retirer"]] if request.POST.get("retirer") else []
    if kind is PARTNER:
        services.tag_partners(actor=request.actor, ids=[pk], add=added, remove=removed)
    else:
        left = [tag for tag in [*record.tags, *added] if tag not in removed]
        kind.edit(actor=request.actor, record=record, version=None, tags=left)
    return go(request, kind.url(), pk)


@require_http_methods(["GET", "POST"])
def choose(request: Request, kind: Kind, pk: int, purpose: str) -> HttpResponse:
    """Find a partner, then say that it is the group of this one, or the employer of this person."""
    record = reads.find(kind, request.actor, pk, "edit")
    if request.method == "POST":
        return _chosen(request, kind, record, purpose)
    text = request.GET.get("q", "").strip()
    hits = search.find(request.actor, text, kinds=["partner"], limit=10) if text else []
    context = {
        "record": record,
        "kind": kind,
        "q": text,
        "hits": [hit for hit in hits if (hit.pk, kind) != (pk, PARTNER)],
    }
    context |= {"purpose": purpose, "back": reverse(kind.url(), args=[pk])}
    return page(request, "directory/records/choose.html", context, part="hits")


def _chosen(request: Request, kind: Kind, record: Any, purpose: str) -> HttpResponse:
    asked = request.POST.get("partner", "")
    partner = policies.partners.get_or_404(request.actor, "view", pk=int(asked)) if asked.isdecimal() else None
    try:
        if purpose == "group":
            services.edit_partner(actor=request.actor, partner=record, version=None, parent=partner)
            return _back(request, kind, record.pk, "", _("Le groupe est enregistré."))
        if partner is None:
            raise Http404
        title = request.POST.get("title", "")
        services.add_position(actor=request.actor, person=record, partner=partner, title=title)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    return _back(request, kind, record.pk, "fonctions", _("La fonction est ajoutée."))


@require_http_methods(["GET", "POST"])
def position(request: Request, pk: int, position_id: int) -> HttpResponse:
    """Change or end a function of a person."""
    person = reads.find(PERSON, request.actor, pk, "edit")
    held = _one(Position, pk=position_id, person=person)
    policies.partners.get_or_404(request.actor, "view", pk=held.partner_id)
    data = request.POST if request.method == "POST" else None
    form = RecordForm(data, model=Position, fields=POSITION, record=held)
    choices: Any = form.fields["site"]
    choices.queryset = held.partner.sites.all()
    if (
        form.is_bound
        and form.is_valid()
        and _attempt(
            form,
            lambda: services.edit_position(
                actor=request.actor, position=held, version=form.cleaned_data["version"], **form.values
            ),
        )
    ):
        return _back(request, PERSON, pk, "fonctions", _("La fonction est enregistrée."))
    return _form_page(request, PERSON, person, form, _("Fonction chez %(partner)s") % {"partner": held.partner.label})


@require_http_methods(["GET", "POST"])
def contact(request: Request, pk: int) -> HttpResponse:
    """How somebody wants to be reached."""
    person: Person = reads.find(PERSON, request.actor, pk, "edit")
    fields = ("version", "channel", "do_not_contact", "refusal", "refused_on")
    start = {name: getattr(person, name) for name in fields}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=start)
    if (
        form.is_bound
        and form.is_valid()
        and _attempt(
            form, lambda: services.set_contact_preference(actor=request.actor, person=person, **form.cleaned_data)
        )
    ):
        return _back(request, PERSON, pk, "", _("Les préférences de contact sont enregistrées."))
    return _form_page(request, PERSON, person, form, _("Préférences de contact"))


@require_http_methods(["GET", "POST"])
def sharing(request: Request, kind: Kind, pk: int) -> HttpResponse:
    """Say who may read a record."""
    record = reads.find(kind, request.actor, pk, "edit")
    start = {"version": record.version, "sharing": record.sharing, "unit": record.unit_id}
    start["readers"] = list(record.readers.values_list("pk", flat=True)) or [request.actor.user_id]
    data = request.POST if request.method == "POST" else None
    form = SharingForm(data, actor=request.actor, present=record.unit_id, initial=start)
    if (
        form.is_bound
        and form.is_valid()
        and _attempt(form, lambda: services.set_sharing(actor=request.actor, record=record, **form.cleaned_data))
    ):
        return _back(request, kind, pk, "", _("Le partage est enregistré."))
    return _form_page(request, kind, record, form, _("Partage"))
