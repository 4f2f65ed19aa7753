"""Tasks, needs and referrals: written from a partner's page, listed, settled."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.directory.reference import occupation
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.relations import lifecycle, policies, services
from reciproque.relations.forms import NeedAnswerForm, NeedForm, ReasonForm, ReferralForm, TaskForm
from reciproque.relations.models import Need, Referral
from reciproque.relations.occupations import offer_of
from reciproque.relations.views.common import back, home_of, refuse, saved, writing_on

SIZE = 100


@require_http_methods(["GET", "POST"])
def create_need(request: Request, partner_id: int) -> HttpResponse:
    """Note what a partner needs."""
    partner = writing_on(request, partner_id)
    data = request.POST if request.method == "POST" else None
    form = NeedForm(data, actor=request.actor, partner=partner)

    def act() -> Need:
        given = {
            name: value for name, value in form.cleaned_data.items() if name not in {"once", "version", "headcount"}
        }
        return services.record_need(
            actor=request.actor, partner=partner, people=form.cleaned_data["headcount"], **given
        )

    if form.is_bound and saved(form, act, request):
        tell(request, _("Le besoin est noté."))
        return go(request, home_of(partner.pk, "ensemble"))
    return _form(request, form, _("Noter un besoin"), partner)


@require_GET
def needs(request: Request) -> HttpResponse:
    """What partners need, the most recent first."""
    state = request.GET.get("etat", "open")
    found = policies.needs.marked(request.actor, "view", editable="edit").select_related("partner", "unit")
    if state in Need.State.values:
        found = found.filter(state=state)
    rows: list[Any] = list(found.order_by("-pk")[:SIZE])
    joint = policies.collaborations.allowed(request.actor, "view")
    answers = joint.in_bulk([row.collaboration_id for row in rows if row.collaboration_id])
    for row in rows:
        row.answer, row.occupation = answers.get(row.collaboration_id), occupation(row.rome)
    context = {"rows": rows, "state": state, "states": Need.State.choices}
    return page(request, "relations/needs.html", context)


@require_http_methods(["GET", "POST"])
def edit_need(request: Request, need_id: int) -> HttpResponse:
    """Correct what is known of a need."""
    row = _need(request, need_id)
    names = ("version", "title", "kind", "horizon", "rome", "text", "sharing")
    held = {name: getattr(row, name) for name in names} | {
        "headcount": row.people,
        "person": row.person_id,
        "unit": row.unit_id,
    }
    held["readers"] = list(row.readers.values_list("user", flat=True))
    form = NeedForm(
        request.POST if request.method == "POST" else None, actor=request.actor, partner=row.partner, initial=held
    )
    del form.fields["once"]

    def act() -> Need:
        given = {name: value for name, value in form.cleaned_data.items() if name != "headcount"}
        return services.edit_need(actor=request.actor, need=row, people=form.cleaned_data["headcount"], **given)

    if form.is_bound and saved(form, act):
        tell(request, _("C’est enregistré."))
        return go(request, home_of(row.partner_id, "ensemble"))
    return _form(request, form, _("Corriger le besoin"), row.partner)


def _need(request: Request, need_id: int) -> Need:
    row: Need = policies.needs.get_or_404(request.actor, "view", pk=need_id)
    policies.needs.require(request.actor, "edit", row)
    return row


@require_GET
def occupations(request: Request) -> HttpResponse:
    """The occupations that what is typed in a field names, after the one chosen."""
    require_role(request.actor, Role.MEMBER, Role.MANAGER)
    return render(request, "relations/occupation_rows.html", offer_of(request.GET, "rome"))


@require_http_methods(["GET", "POST"])
def answer_need(request: Request, need_id: int) -> HttpResponse:
    """Met: by which collaboration, when it is by one."""
    row = _need(request, need_id)
    form = NeedAnswerForm(request.POST if request.method == "POST" else None, actor=request.actor, partner=row.partner)
    if form.is_bound and saved(
        form, lambda: services.move_need(actor=request.actor, need=row, move="answer", **form.cleaned_data)
    ):
        tell(request, _("C’est enregistré."))
        return back(request, home_of(row.partner_id, "ensemble"))
    return _reason(
        request, form, lifecycle.need.transitions["answer"].label, str(row), home_of(row.partner_id, "ensemble")
    )


@require_POST
def move_need(request: Request, need_id: int, action: str) -> HttpResponse:
    """Dropped with its reason, or open again; met by nothing in particular."""
    row = _need(request, need_id)
    if action not in lifecycle.need.transitions:
        raise Http404
    form = ReasonForm(request.POST)
    if saved(
        form, lambda: services.move_need(actor=request.actor, need=row, move=action, reason=form.cleaned_data["reason"])
    ):
        tell(request, _("C’est enregistré."))
        return back(request, home_of(row.partner_id, "ensemble"))
    return _reason(
        request, form, lifecycle.need.transitions[action].label, str(row), home_of(row.partner_id, "ensemble")
    )


@require_GET
def tasks(request: Request) -> HttpResponse:
    """What one has to do, or one's units."""
    mine = request.GET.get("qui", "moi") != "entite"
    rows = policies.tasks.allowed(request.actor, "view").pending().by_due_date()
    rows = rows.filter(owner=request.user) if mine else rows.exclude(owner=request.user)
    done = (
        policies.tasks.allowed(request.actor, "view")
        .filter(owner=request.user, done_at__isnull=False)
        .order_by("-done_at")
    )
    context = {"rows": rows[:SIZE], "done": done[:10] if mine else [], "mine": mine, "today": localdate()}
    return page(request, "relations/tasks.html", context)


@require_http_methods(["GET", "POST"])
def create_task(request: Request, partner_id: int) -> HttpResponse:
    """Something to do about a partner."""
    partner = writing_on(request, partner_id)
    data = request.POST if request.method == "POST" else None
    form = TaskForm(data, initial={"due_on": localdate()})

    def act() -> Any:
        given = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        unit = None if given["private"] else _unit(request)
        return services.add_task(actor=request.actor, partner=partner, unit=unit, **given)

    if form.is_bound and saved(form, act, request):
        tell(request, _("La tâche est notée."))
        return go(request, home_of(partner.pk, "ensemble"))
    return _form(request, form, _("Noter une tâche"), partner)


def _unit(request: Request) -> Any:
    from reciproque.relations.forms import units_of  # noqa: PLC0415 -- the first of one's units

    return units_of(request.actor).first()


@require_POST
def move_task(request: Request, task_id: int, action: str) -> HttpResponse:
    """Done, or not after all."""
    row = policies.tasks.get_or_404(request.actor, "view", pk=task_id)
    if action == "faire":
        services.finish_task(actor=request.actor, task=row)
        tell(request, _("C’est fait."), undo=reverse("relations:task_move", args=[row.pk, "reprendre"]))
    elif action == "reprendre":
        services.reopen_task(actor=request.actor, task=row)
    else:
        raise Http404
    return back(request, reverse("relations:tasks"))


@require_http_methods(["GET", "POST"])
def refer(request: Request, partner_id: int) -> HttpResponse:
    """Hand a request to another unit."""
    partner = writing_on(request, partner_id)
    data = request.POST if request.method == "POST" else None
    form = ReferralForm(data, actor=request.actor, partner=partner)

    def act() -> Referral:
        given = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        return services.refer(actor=request.actor, partner=partner, **given)

    if form.is_bound and saved(form, act, request):
        tell(request, _("La demande est transmise ; vous verrez ici la réponse."))
        return go(request, home_of(partner.pk, "ensemble"))
    return _form(request, form, _("Réorienter vers une autre entité"), partner)


@require_GET
def referrals(request: Request) -> HttpResponse:
    """What was handed to one's units, and what they handed to others."""
    rows: list[Any] = list(policies.referrals.marked(request.actor, "view", answerable="answer").order_by("-pk")[:SIZE])
    context = {"received": [row for row in rows if row.answerable], "sent": [row for row in rows if not row.answerable]}
    return page(request, "relations/referrals.html", context)


@require_POST
def move_referral(request: Request, referral_id: int, action: str) -> HttpResponse:
    """Taken up, declined with its reason, or answered by one's last exchange with the partner."""
    row = policies.referrals.get_or_404(request.actor, "view", pk=referral_id)
    form, home = ReasonForm(request.POST), reverse("relations:referrals")
    try:
        if action == "accepter":
            services.accept_referral(actor=request.actor, referral=row)
        elif action == "decliner" and form.is_valid():
            services.decline_referral(actor=request.actor, referral=row, reason=form.cleaned_data["reason"])
        elif action == "repondre":
            services.answer_referral_by_last(actor=request.actor, referral=row)
        else:
            raise Http404
    except services.Refused as error:
        if action == "repondre":
            tell(request, " ".join(error.messages), tone="warning")
            return go(request, reverse("relations:interaction_create", args=[row.partner_id]))
        refuse(form, error)
        return _reason(request, form, lifecycle.referral.transitions["decline"].label, str(row), home)
    tell(request, _("C’est enregistré."))
    return back(request, home)


def _form(request: Request, form: Any, title: str, partner: Any) -> HttpResponse:
    context = {"form": form, "title": title, "record": partner, "back": home_of(partner.pk, "ensemble")}
    return page(request, "relations/form.html", context, status=422 if form.is_bound else 200)


def _reason(request: Request, form: Any, label: Any, about: str, home: str) -> HttpResponse:
    """Ask for what is missing; without reproach when a button alone was pressed."""
    if isinstance(form, ReasonForm) and "reason" not in request.POST:
        form = ReasonForm()
    context = {"form": form, "title": label, "about": about, "back": home, "address": request.path}
    return page(request, "relations/reason.html", context, status=422 if form.is_bound else 200)
