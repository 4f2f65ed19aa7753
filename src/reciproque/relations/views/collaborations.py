"""Collaborations: the board by state, the list, the calendar, one of them."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.directory.listing.partners import HEAVY
from reciproque.directory.models import Partner
from reciproque.foundation import exports
from reciproque.foundation.database.kept import ready
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import Actor
from reciproque.institution.http import Request
from reciproque.institution.models import Unit
from reciproque.institution.services import record_export
from reciproque.relations import lifecycle, policies, services
from reciproque.relations.capture.reads import documents_of
from reciproque.relations.forms import CollaborationForm, MoveForm
from reciproque.relations.models import Collaboration
from reciproque.relations.views.common import every_unit, home_of, saved, unit_asked, writing_on
from reciproque.relations.wording import quantities

SIZE, IN_COLUMN, IN_MONTH = 50, 20, 400
MOST = 20_000


@require_GET
def listing(request: Request) -> HttpResponse:
    """Collaborations by state, one under the other, or month by month."""
    rows, asked = _asked(request)
    look = request.GET.get("vue", "")
    context: dict[str, Any] = {"asked": asked, "look": look, "today": localdate(), "looks": _looks(request, look)}
    context |= {"units": every_unit(), "dispositifs": policies.dispositifs.allowed(request.actor, "view").in_order()}
    context["query"] = _query(request, without=("apres", "mois"))
    if look == "liste":
        context |= _page(rows, request.GET.get("apres", ""))
    elif look == "calendrier":
        context |= _month(rows, request.GET.get("mois", ""))
    else:
        context["columns"] = _columns(request.actor, rows, asked)
    return page(request, "relations/collaborations.html", context)


@ready
def _first(actor: Actor, *, state: str) -> QuerySet[Any]:
    return _column(_known(actor), state)


def _column(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    return rows.filter(state=state).order_by("-moved_on", "-pk")[:IN_COLUMN]


def _columns(actor: Actor, rows: QuerySet[Any], asked: dict[str, str]) -> list[tuple[Any, list[Any], str]]:
    """The first of each state; when nothing is asked for, by a question that is spelt once."""
    narrowed = any(asked.values())
    return [
        (label, list(_column(rows, state)) if narrowed else _first(actor, state=state), state)
        for state, label in Collaboration.State.choices
    ]


def _query(request: Request, *, without: tuple[str, ...]) -> str:
    """The rest of the address, to add to."""
    given = request.GET.copy()
    for name in without:
        given.pop(name, None)
    return given.urlencode()


def _looks(request: Request, look: str) -> list[dict[str, Any]]:
    """The three manners of seeing the same collaborations."""
    rest = _query(request, without=("vue", "apres", "mois"))
    manners = (
        ("", _("Tableau"), "layout-kanban"),
        ("liste", _("Liste"), "list"),
        ("calendrier", _("Calendrier"), "calendar"),
    )
    return [
        {"url": f"?vue={key}&{rest}" if rest else f"?vue={key}", "label": label, "icon": icon, "active": key == look}
        for key, label, icon in manners
    ]


def _page(rows: QuerySet[Collaboration], after: str) -> dict[str, Any]:
    """A page of the list, from a place on (« day.number »), however far."""
    day, _dot, number = after.partition(".")
    try:
        place = (dt.date.fromisoformat(day), int(number)) if number.isdecimal() and len(number) < 19 else None
    except ValueError:
        place = None
    if place:
        rows = rows.filter(Q(moved_on__lt=place[0]) | Q(moved_on=place[0], pk__lt=place[1]))
    found = list(rows.order_by("-moved_on", "-pk")[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    return {"rows": found[:SIZE], "next": f"{last.moved_on:%Y-%m-%d}.{last.pk}" if last else "", "first": place is None}


def _month(rows: QuerySet[Collaboration], asked: str) -> dict[str, Any]:
    """What goes on in a month, in weeks from Monday; each on the day it begins, or on the first when it began before."""
    try:
        month = dt.date.fromisoformat(f"{asked[:7]}-01")
    except ValueError:
        month = localdate().replace(day=1)
    month = min(max(month, dt.date(1990, 1, 1)), localdate().replace(day=1) + dt.timedelta(days=3660)).replace(day=1)
    following = (month + dt.timedelta(days=32)).replace(day=1)
    last = following - dt.timedelta(days=1)
    here = Q(starts_on__gte=month, starts_on__lte=last)
    shown = rows.filter(here).exclude(state__in=["declined", "stopped"])
    by_day: dict[dt.date, list[Collaboration]] = {}
    found = list(shown.order_by("starts_on", "pk")[: IN_MONTH + 1])
    for row in found[:IN_MONTH]:
        if row.starts_on:
            by_day.setdefault(row.starts_on, []).append(row)
    start, weeks = month - dt.timedelta(days=month.weekday()), []
    while start <= last:
        days = [start + dt.timedelta(days=rank) for rank in range(7)]
        weeks.append([{"day": day, "inside": day.month == month.month, "rows": by_day.get(day, [])} for day in days])
        start += dt.timedelta(days=7)
    previous = (month - dt.timedelta(days=1)).replace(day=1)
    more = {"month": month, "previous": previous, "following": following, "full": len(found) > IN_MONTH}
    return {"weeks": weeks, "count": len(found[:IN_MONTH]), **more}


def _known(actor: Actor) -> QuerySet[Any]:
    """The collaborations that the reader knows of, `readable` or not; of what stands around them, only what lists show."""
    marked: Any = policies.collaborations.marked(actor, "notice", readable="view")
    rows: QuerySet[Any] = marked.select_related("partner").defer(*[f"partner__{name}" for name in HEAVY], "text")
    return rows


def _asked(request: Request) -> tuple[QuerySet[Collaboration], dict[str, str]]:
    """What the address asks for, among what the reader knows of."""
    asked = {
        name: request.GET.get(name, "").replace("\0", "")[:100] for name in ("etat", "dispositif", "entite", "q", "qui")
    }
    rows = _known(request.actor)
    if asked["etat"] in Collaboration.State.values:
        rows = rows.filter(state=asked["etat"])
    if asked["dispositif"].isdecimal() and len(asked["dispositif"]) < 19:
        rows = rows.filter(dispositif=int(asked["dispositif"]))
    if unit := unit_asked(request):
        rows = rows.filter(unit__in=Unit.objects.under(unit).values("pk"))
    if asked["qui"] == "moi":
        rows = rows.filter(Q(author=request.user) | Q(parts__user=request.user)).distinct()
    if asked["q"]:
        rows = rows.filter(readable=True, title__icontains=asked["q"])
    return rows, asked


@require_POST
def export(request: Request) -> HttpResponseBase:
    """The same list, as a file: what the reader may read of it."""
    rows, _all = _asked(request)
    form = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    readable: Any = rows
    found: list[Collaboration] = list(readable.filter(readable=True).order_by("-moved_on", "-pk")[:MOST])
    heads, lines = _table(found)
    record_export(
        actor=request.actor,
        page="collaborations",
        query=request.GET.urlencode(),
        columns=heads,
        form=form,
        rows=len(found),
    )
    return exports.download(form, f"collaborations-{localdate():%Y-%m-%d}", heads, lines)


def _table(found: list[Collaboration]) -> tuple[list[str], list[list[Any]]]:
    """The columns of the export, and its lines."""
    heads = [
        _("Partenaire"),
        _("Dispositif"),
        _("Intitulé"),
        _("État"),
        _("Entité"),
        _("Début"),
        _("Fin"),
        _("Pour eux"),
        _("Pour nous"),
    ]
    lines = [
        [
            row.partner.label, str(row.dispositif), row.title, row.get_state_display(), row.unit.name,
            row.starts_on, row.ends_on, quantities(row.given), quantities(row.received),
        ]
        for row in found
    ]  # fmt: skip
    return heads, lines


@require_http_methods(["GET", "POST"])
def create(request: Request, partner_id: int) -> HttpResponse:
    """Begin something with a partner: what it brings comes from the catalogue, to be corrected."""
    partner = writing_on(request, partner_id)
    start = _start(request)
    form = CollaborationForm(
        request.POST if request.method == "POST" else None, actor=request.actor, partner=partner, initial=start
    )
    told = _collisions(request, partner, form)
    if form.is_bound and (not told or "quand_meme" in request.POST):
        row = saved(form, lambda: _open(request, partner, form), request)
        if row:
            tell(request, _("La collaboration est ouverte."))
            return (
                go(request, home_of(partner.pk, "ensemble"))
                if row is True
                else go(request, "relations:collaboration", row.pk)
            )
    context = {"form": form, "record": partner, "collisions": told, "back": home_of(partner.pk, "ensemble")}
    return page(request, "relations/collaboration_form.html", context, status=422 if form.is_bound else 200)


def _start(request: Request) -> dict[str, Any]:
    asked = request.GET.get("dispositif", "")
    chosen = policies.dispositifs.allowed(request.actor, "view").filter(code=asked).first() if asked else None
    if chosen is None:
        return {"colleagues": [request.user.pk]}
    start = {"dispositif": chosen.pk, "given": chosen.to_partner, "received": chosen.to_university}
    return {**start, "colleagues": [request.user.pk]}


def _collisions(request: Request, partner: Partner, form: CollaborationForm) -> list[Collaboration]:
    """What another unit opened lately by the same dispositif: said before one goes on."""
    if not form.is_bound or not form.is_valid():
        return []
    given = form.cleaned_data
    return services.collisions(request.actor, partner, given["dispositif"], given["unit"], today=localdate())


def _open(request: Request, partner: Partner, form: CollaborationForm) -> Collaboration:
    given = {name: value for name, value in form.cleaned_data.items() if name not in {"once", "version"}}
    for name in ("given", "received"):
        given[name] = given[name] or None
    return services.open_collaboration(actor=request.actor, partner=partner, **given)


@require_GET
def collaboration(request: Request, collaboration_id: int) -> HttpResponse:
    """One of them: what, who, when, what it brings, and what can be done next."""
    row = policies.collaborations.get_or_404(request.actor, "view", pk=collaboration_id)
    may = policies.collaborations.permits(request.actor, "edit", row)
    context: dict[str, Any] = {
        "row": row,
        "may": may,
        "given": quantities(row.given),
        "received": quantities(row.received),
    }
    context["moves"] = lifecycle.collaboration.leaving(row.state) if may else []
    known = Q(person=None) | policies.read_person.where(request.actor)
    context["parts"] = row.parts.select_related("person", "user").filter(known)
    said = policies.interactions.allowed(request.actor, "view").standing().filter(collaboration=row)
    context["exchanges"] = said.order_by("-on")[:20]
    context["files"] = documents_of(said)
    context["states"] = Collaboration.State.choices
    return page(request, "relations/collaboration.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: Request, collaboration_id: int) -> HttpResponse:
    """Correct it."""
    row = policies.collaborations.get_or_404(request.actor, "view", pk=collaboration_id)
    policies.collaborations.require(request.actor, "edit", row)
    form = CollaborationForm(
        request.POST if request.method == "POST" else None, actor=request.actor, partner=row.partner, initial=_held(row)
    )
    del form.fields["once"]
    if form.is_bound and saved(
        form, lambda: services.edit_collaboration(actor=request.actor, collaboration=row, **form.cleaned_data)
    ):
        tell(request, _("C’est enregistré."))
        return go(request, "relations:collaboration", row.pk)
    context = {"form": form, "record": row.partner, "row": row, "back": f"/collaborations/{row.pk}/"}
    return page(request, "relations/collaboration_form.html", context, status=422 if form.is_bound else 200)


def _held(row: Collaboration) -> dict[str, Any]:
    names = ("title", "text", "starts_on", "ends_on", "given", "received", "sharing", "version")
    held: dict[str, Any] = {name: getattr(row, name) for name in names}
    held |= {"unit": row.unit_id, "dispositif": row.dispositif_id, "site": row.site_id}
    held["people"] = [part.person_id for part in row.parts.all() if part.person_id]
    held["colleagues"] = [part.user_id for part in row.parts.all() if part.user_id]
    return held | {"readers": list(row.readers.values_list("user", flat=True))}


@require_POST
def parts(request: Request, collaboration_id: int) -> HttpResponse:
    """What part each takes in it."""
    row = policies.collaborations.get_or_404(request.actor, "view", pk=collaboration_id)
    given = {name.removeprefix("role-"): text for name, text in request.POST.items() if name.startswith("role-")}
    roles = {int(number): str(text) for number, text in given.items() if number.isdecimal() and len(number) < 19}
    try:
        services.name_parts(actor=request.actor, collaboration=row, roles=roles)
    except ValidationError as refusal:
        tell(request, " ".join(refusal.messages), tone="warning")
    else:
        tell(request, _("C’est enregistré."))
    return go(request, "relations:collaboration", row.pk)


@require_POST
def move(request: Request, collaboration_id: int, action: str) -> HttpResponse:
    """A step in its life."""
    row = policies.collaborations.get_or_404(request.actor, "view", pk=collaboration_id)
    policies.collaborations.require(request.actor, "edit", row)
    if action not in lifecycle.collaboration.transitions:
        raise Http404
    form = MoveForm(request.POST)
    if saved(
        form,
        lambda: services.move_collaboration(actor=request.actor, collaboration=row, move=action, **form.cleaned_data),
    ):
        tell(request, _("C’est enregistré."))
        return go(request, "relations:collaboration", row.pk)
    context = {"row": row, "form": form, "transition": lifecycle.collaboration.transitions[action]}
    return page(request, "relations/collaboration_move.html", context, status=422)
