"""Before contacting a partner; solicitations of the whole network; caps; access to what is reserved."""

import dataclasses
import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.directory import policies as directory
from reciproque.foundation.errors import DomainError
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.relations import policies
from reciproque.relations.concertation import knowing
from reciproque.relations.concertation.forms import AnswerForm, CapsForm, SolicitationForm
from reciproque.relations.models import Solicitation
from reciproque.relations.services import access, solicitations
from reciproque.relations.views.common import back, every_unit, home_of, partner_of, saved, unit_asked, writing_on

MOST = 300
RECORDS = {"echange": policies.interactions, "collaboration": policies.collaborations}


@require_GET
def before(request: Request, partner_id: int) -> HttpResponse:
    """What to know before contacting a partner."""
    partner = partner_of(request, partner_id)
    today = localdate()
    context = {"record": partner, "before": knowing.before(request.actor, partner, today=today), "today": today}
    return page(request, "relations/concertation/before.html", context, part="known")


@require_POST
def presence(request: Request, partner_id: int) -> HttpResponse:
    """One is writing to this partner; the answer says who else is."""
    partner = partner_of(request, partner_id)
    solicitations.be_present(actor=request.actor, partner=partner)
    context = {"record": partner, "present": knowing.present(request.actor, partner)}
    return page(request, "relations/concertation/presence.html", context, part="present")


def _month(text: str) -> dt.date:
    """The month asked for, from 1990 to ten years ahead; this one when that is none."""
    try:
        month = dt.date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        month = localdate().replace(day=1)
    return min(max(month, dt.date(1990, 1, 1)), localdate() + dt.timedelta(days=3660)).replace(day=1)


def _months(shown: dt.date) -> list[dt.date]:
    """The months to choose from: two years back, one ahead, and the one shown."""
    today = localdate()
    this = today.year * 12 + today.month - 1
    near = {dt.date(number // 12, number % 12 + 1, 1) for number in range(this - 24, this + 13)}
    return sorted(near | {shown}, reverse=True)


@require_GET
def calendar(request: Request) -> HttpResponse:
    """Who asks what of whom, month by month, across the units."""
    month, unit = _month(request.GET.get("mois", "")), unit_asked(request)
    following = (month + dt.timedelta(days=32)).replace(day=1)
    rows: Any = policies.solicitations.marked(request.actor, "notice", readable="view", editable="edit")
    rows = rows.between(month, following - dt.timedelta(days=1)).exclude(sharing="restricted")
    rows = rows.annotate(named=policies.person_read(request.actor))
    if unit:
        rows = rows.filter(unit__path__startswith=unit.path)
    found = list(rows.order_by("on", "pk")[: MOST + 1])
    context = {
        "rows": found[:MOST], "more": len(found) > MOST, "month": month, "following": following, "unit": unit,
        "months": _months(month), "previous": (month - dt.timedelta(days=1)).replace(day=1), "units": every_unit(),
        "today": localdate(), "answers": Solicitation.State.choices[2:5], "caps": knowing.caps(),
        "may_set": request.actor.has(Role.ADMINISTRATOR, Role.STEERING),
    }  # fmt: skip
    return page(request, "relations/concertation/calendar.html", context)


@require_http_methods(["GET", "POST"])
def solicit(request: Request, partner_id: int) -> HttpResponse:
    """Note what one asks of a partner, having seen what the others asked."""
    partner = writing_on(request, partner_id)
    form = SolicitationForm(request.POST if request.method == "POST" else None, actor=request.actor, partner=partner)

    def act() -> Solicitation:
        given = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        return solicitations.solicit(actor=request.actor, partner=partner, **given)

    if form.is_bound and saved(form, act, request):
        tell(request, _("La sollicitation est notée : les autres entités la voient."))
        return go(request, home_of(partner.pk))
    context: dict[str, Any] = {"form": form, "record": partner, "today": localdate()}
    context["before"] = knowing.before(request.actor, partner, today=localdate())
    return page(request, "relations/concertation/solicit.html", context, status=422 if form.is_bound else 200)


@require_POST
def move_solicitation(request: Request, solicitation_id: int, action: str) -> HttpResponse:
    """The answer to a solicitation, or taking it back."""
    row = policies.solicitations.get_or_404(request.actor, "view", pk=solicitation_id)
    form = AnswerForm(request.POST)
    if action == "annuler":
        solicitations.call_off_solicitation(actor=request.actor, solicitation=row)
    elif action in solicitations.ANSWERS and form.is_valid():
        solicitations.answer_solicitation(
            actor=request.actor, solicitation=row, state=action, answer=form.cleaned_data["answer"]
        )
    else:
        raise Http404
    tell(request, _("C’est noté."))
    return back(request, reverse("relations:solicitations") + f"?mois={row.on:%Y-%m}")


@require_http_methods(["GET", "POST"])
def caps(request: Request) -> HttpResponse:
    """The establishment's caps."""
    require_role(request.actor, Role.ADMINISTRATOR, Role.STEERING)
    form = CapsForm(request.POST if request.method == "POST" else None, initial=dataclasses.asdict(knowing.caps()))
    if form.is_bound and saved(
        form, lambda: solicitations.set_solicitation_caps(actor=request.actor, **form.cleaned_data)
    ):
        tell(request, _("Les plafonds sont changés."))
        return go(request, "relations:solicitations")
    return page(request, "relations/concertation/caps.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def ask_access(request: Request, kind: str, record_id: int) -> HttpResponse:
    """Ask to read something reserved."""
    if kind not in RECORDS:
        raise Http404
    record: Any = RECORDS[kind].get_or_404(request.actor, "notice", pk=record_id)
    try:
        asked = access.ask_access(actor=request.actor, record=record, text=request.POST.get("texte", ""))
        tell(request, _("La demande est envoyée à %(who)s.") % {"who": asked.asked_of})
    except DomainError as refusal:
        tell(request, str(refusal), tone="warning")
    return back(request, home_of(record.partner_id))


@require_GET
def access_requests(request: Request) -> HttpResponse:
    """What others ask to read, and what one asked for."""
    rows = list(policies.access_requests.allowed(request.actor, "view").order_by("-pk")[:MOST])
    known = directory.partners.allowed(request.actor, "view").in_bulk({row.record.partner_id for row in rows})
    shown = [(row, known.get(row.record.partner_id)) for row in rows]
    return page(request, "relations/concertation/access.html", {"rows": shown, "me": request.user.pk})


@require_POST
def answer_access(request: Request, request_id: int, action: str) -> HttpResponse:
    """Let somebody read, or not, in one click."""
    row = policies.access_requests.get_or_404(request.actor, "answer", pk=request_id)
    if action not in {"accorder", "refuser"}:
        raise Http404
    access.answer_access(actor=request.actor, request=row, grant=action == "accorder")
    tell(
        request,
        _("%(who)s peut lire ce contenu.") % {"who": row.user}
        if action == "accorder"
        else _("La demande est refusée."),
    )
    return back(request, reverse("relations:access_requests"))
