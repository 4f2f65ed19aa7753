"""The timeline of a partner, its composer, one exchange."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.directory import search
from reciproque.directory.models import Partner
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.relations import policies, services
from reciproque.relations import timeline as reads
from reciproque.relations.concertation import knowing
from reciproque.relations.forms import ComposerForm, InteractionForm, mentioned
from reciproque.relations.invitations import reads as reads_of_invitations
from reciproque.relations.models import Interaction
from reciproque.relations.views.common import every_unit, home_of, partner_of, saved, unit_asked, writing_on

FOUND = 8
MOVES = {
    "confirmer": services.confirm_interaction,
    "annuler": services.cancel_interaction,
    "retablir": services.restore_interaction,
    "reinviter": services.send_invitations_again,
}


@require_GET
def timeline(request: Request, partner_id: int) -> HttpResponse:
    """More of the timeline, or the timeline narrowed."""
    partner = partner_of(request, partner_id)
    filters = reads.Filters(request.GET.get("nature", ""), unit_asked(request), request.GET.get("apres", ""))
    story = reads.page_of(request.actor, partner, filters, today=localdate())
    context: dict[str, Any] = {"record": partner, "story": story, "filters": filters, "today": localdate()}
    context["kinds"] = reads.kinds()
    context["units"] = every_unit()
    return page(request, "relations/timeline.html", context, part="items")


@require_http_methods(["GET", "POST"])
def record(request: Request, partner_id: int) -> HttpResponse:
    """Write one exchange."""
    partner = writing_on(request, partner_id)
    data = request.POST if request.method == "POST" else None
    kind = request.GET.get("nature", "")
    start: dict[str, Any] = {"kind": kind} if kind in Interaction.Kind.values else {}
    asked = request.GET.get("collaboration", "")
    start |= {"collaboration": int(asked)} if asked.isdecimal() and len(asked) < 19 else {}
    form = ComposerForm(data, files=request.FILES or None, actor=request.actor, partner=partner, initial=start)
    if form.is_bound and saved(form, lambda: _write(request, partner, form), request):
        tell(request, _("C’est noté."))
        return go(request, home_of(partner.pk, "chronologie"))
    before = knowing.before(request.actor, partner, today=localdate())
    context = {"form": form, "record": partner, "back": home_of(partner.pk), "before": before}
    return page(request, "relations/composer_page.html", context, status=422 if form.is_bound else 200)


def _write(request: Request, partner: Partner, form: ComposerForm) -> Interaction:
    given = {name: value for name, value in form.cleaned_data.items() if name != "once"}
    given |= {"files": given.pop("joined"), "colleagues": list(given["colleagues"]) or None}
    named = mentioned(f"{given['subject']} {given['text']}")
    return services.record_interaction(actor=request.actor, partner=partner, mentioned=named, **given)


@require_GET
def quick(request: Request) -> HttpResponse:
    """A note from anywhere: find the partner, then write."""
    require_role(request.actor, Role.MEMBER)
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    found = search.find(request.actor, text, kinds=["partner"], limit=FOUND) if text else []
    if len(found) == 1 and not request.htmx:
        return go(request, "relations:interaction_create", found[0].pk)
    return page(request, "relations/quick.html", {"text": text, "found": found}, part="found")


@require_http_methods(["GET", "POST"])
def interaction(request: Request, interaction_id: int) -> HttpResponse:
    """One exchange: read, and corrected by those who may."""
    row = policies.interactions.get_or_404(request.actor, "view", pk=interaction_id)
    may = policies.interactions.permits(request.actor, "edit", row)
    if request.method == "POST" and not may:
        policies.interactions.require(request.actor, "edit", row)
    data = request.POST if request.method == "POST" else None
    form = (
        InteractionForm(data, files=request.FILES or None, actor=request.actor, partner=row.partner, initial=_held(row))
        if may
        else None
    )
    if form is not None and form.is_bound and saved(form, lambda: _correct(request, row, form)):
        tell(request, _("C’est enregistré."))
        return go(request, home_of(row.partner_id, "chronologie"))
    context = _around(request, row) | {"form": form}
    return page(request, "relations/interaction.html", context, status=422 if form and form.is_bound else 200)


def _around(request: Request, row: Interaction) -> dict[str, Any]:
    """Who was there, as the reader may know them, and what is attached."""
    known = row.people.select_related("person").filter(policies.read_person.where(request.actor))
    people = [one.person for one in known]
    there = [one.user for one in row.colleagues.select_related("user")]
    invited = reads_of_invitations.invited(request.actor, row, today=localdate())
    return {"row": row, "people": people, "colleagues": there, "files": row.files.all(), "today": localdate()} | invited


def _held(row: Interaction) -> dict[str, Any]:
    names = ("kind", "text", "subject", "on", "at", "minutes", "place", "sharing", "version", "met", "source")
    held: dict[str, Any] = {name: getattr(row, name) for name in names}
    held |= {"unit": row.unit_id, "collaboration": row.collaboration_id}
    held["people"] = list(row.people.values_list("person", flat=True))
    held["colleagues"] = list(row.colleagues.filter(mentioned=False).values_list("user", flat=True))
    held["invite"] = row.invitations.filter(wanted=True).exists()
    return held | {"readers": list(row.readers.values_list("user", flat=True))}


def _correct(request: Request, row: Interaction, form: InteractionForm) -> Interaction:
    given = dict(form.cleaned_data)
    given |= {"files": given.pop("joined"), "colleagues": list(given["colleagues"]) or None}
    named = mentioned(f"{given['subject']} {given['text']}")
    return services.edit_interaction(actor=request.actor, interaction=row, mentioned=named, **given)


@require_POST
def move(request: Request, interaction_id: int, action: str) -> HttpResponse:
    """It took place, it was called off, or not after all."""
    row = policies.interactions.get_or_404(request.actor, "view", pk=interaction_id)
    if action not in MOVES:
        raise Http404
    MOVES[action](actor=request.actor, interaction=row)
    undo = reverse("relations:interaction_move", args=[row.pk, "retablir"]) if action == "annuler" else ""
    tell(request, _("L’échange est annulé.") if undo else _("C’est enregistré."), undo=undo)
    return go(request, home_of(row.partner_id, "chronologie"))
