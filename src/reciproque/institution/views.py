"""Administration of units and accounts, one's own account, and the demonstration's front door."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution import invitations, policies, services
from reciproque.institution.access import Actor, require_role
from reciproque.institution.forms import AccountForm, LanguageForm, RoleForm, UnitForm, offer_of
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.institution.reads import accounts_found, personas, tree_with_counts


@require_GET
def unit_list(request: Request) -> HttpResponse:
    """The tree of units, with how many people work in each."""
    units = tree_with_counts(policies.units.allowed(request.actor, "view"), closed="fermees" in request.GET)
    return page(
        request, "institution/unit_list.html", {"units": units, "may_edit": request.actor.has(Role.ADMINISTRATOR)}
    )


@require_http_methods(["GET", "POST"])
def unit_create(request: Request) -> HttpResponse:
    """Add a unit."""
    require_role(request.actor, Role.ADMINISTRATOR)
    form = UnitForm(request.POST if request.method == "POST" else None, initial={"parent": request.GET.get("sous")})
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        unit = services.create_unit(actor=request.actor, **form.cleaned_data)
        tell(request, _("« %(unit)s » est créée.") % {"unit": unit.name})
        return go(request, "institution:unit_list")
    return page(request, "institution/unit_form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def unit_edit(request: Request, unit_id: int) -> HttpResponse:
    """Change a unit."""
    unit = policies.units.get_or_404(request.actor, "view", pk=unit_id)
    require_role(request.actor, Role.ADMINISTRATOR)
    form = UnitForm(request.POST if request.method == "POST" else None, instance=unit)
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name != "version"}
        services.edit_unit(actor=request.actor, unit=unit, version=form.cleaned_data["version"] or 0, **changes)
        tell(request, _("« %(unit)s » est enregistrée.") % {"unit": form.cleaned_data["name"]})
        return go(request, "institution:unit_list")
    return page(
        request, "institution/unit_form.html", {"form": form, "unit": unit}, status=422 if form.is_bound else 200
    )


@require_POST
def unit_close(request: Request, unit_id: int) -> HttpResponse:
    """Close a unit and those under it."""
    unit = policies.units.get_or_404(request.actor, "view", pk=unit_id)
    services.close_unit(actor=request.actor, unit=unit, on=localdate())
    tell(
        request, _("« %(unit)s » est fermée.") % {"unit": unit.name}, undo=f"/administration/entites/{unit.pk}/rouvrir/"
    )
    return go(request, "institution:unit_list")


@require_POST
def unit_reopen(request: Request, unit_id: int) -> HttpResponse:
    """Open a closed unit again."""
    unit = policies.units.get_or_404(request.actor, "view", pk=unit_id)
    services.reopen_unit(actor=request.actor, unit=unit)
    tell(request, _("« %(unit)s » est rouverte.") % {"unit": unit.name})
    return go(request, "institution:unit_list")


@require_GET
def account_list(request: Request) -> HttpResponse:
    """Colleagues, found by name, address or unit."""
    query, after = request.GET.get("q", ""), request.GET.get("apres", "")
    found = accounts_found(policies.users.allowed(request.actor, "view"), query, after, request.GET.get("entite", ""))
    context = {**found, "q": query, "may_edit": request.actor.has(Role.ADMINISTRATOR)}
    return page(request, "institution/account_list.html", context, part="rows")


@require_GET
def colleagues(request: Request) -> HttpResponse:
    """The colleagues that what is typed in a field names, beside those already chosen."""
    require_role(request.actor, *Role)
    offer = offer_of(
        request.GET.get("champ", "")[:40],
        request.GET,
        several="plusieurs" in request.GET,
        former="anciens" in request.GET,
    )
    return render(request, "institution/colleague_rows.html", offer)


@require_http_methods(["GET", "POST"])
def account_create(request: Request) -> HttpResponse:
    """Open an account and send its invitation."""
    require_role(request.actor, Role.ADMINISTRATOR)
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = services.create_account(actor=request.actor, **form.cleaned_data)
        invitations.send(request, user)
        tell(request, _("Le compte est ouvert ; une invitation part à %(email)s.") % {"email": user.email})
        return go(request, "institution:account_edit", user.pk)
    context = {"form": form, "may_edit": True}
    return page(request, "institution/account_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def account_edit(request: Request, user_id: int) -> HttpResponse:
    """Somebody's account and roles."""
    user = policies.users.get_or_404(request.actor, "view", pk=user_id)
    form = AccountForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST":
        require_role(request.actor, Role.ADMINISTRATOR)
    if request.method == "POST" and form.is_valid():
        services.edit_account(actor=request.actor, user=user, **form.cleaned_data)
        tell(request, _("Le compte est enregistré."))
        return go(request, "institution:account_edit", user.pk)
    return page(
        request, "institution/account_form.html", _account(request, user, form), status=422 if form.is_bound else 200
    )


def _account(request: Request, user: Any, form: AccountForm) -> dict[str, Any]:
    held = policies.memberships.marked(request.actor, "view", revocable="edit").filter(user=user)
    return {
        "form": form,
        "account": user,
        "memberships": held.order_by("unit__tree_key"),
        "role_form": RoleForm(actor=request.actor),
        "may_edit": request.actor.has(Role.ADMINISTRATOR),
        "may_grant": request.actor.has(Role.ADMINISTRATOR, Role.MANAGER),
        "sessions": user.usersession_set.count(),
    }


@require_POST
def account_close(request: Request, user_id: int) -> HttpResponse:
    """Close an account; its sessions end."""
    user = policies.users.get_or_404(request.actor, "view", pk=user_id)
    services.close_account(actor=request.actor, user=user)
    tell(request, _("Le compte est fermé."), undo=f"/administration/comptes/{user.pk}/rouvrir/")
    return go(request, "institution:account_edit", user.pk)


@require_POST
def account_reopen(request: Request, user_id: int) -> HttpResponse:
    """Let somebody in again."""
    user = policies.users.get_or_404(request.actor, "view", pk=user_id)
    services.reopen_account(actor=request.actor, user=user)
    tell(request, _("Le compte est rouvert."))
    return go(request, "institution:account_edit", user.pk)


@require_POST
def account_invite(request: Request, user_id: int) -> HttpResponse:
    """Send the link with which somebody chooses a password."""
    require_role(request.actor, Role.ADMINISTRATOR)
    user = policies.users.get_or_404(request.actor, "view", pk=user_id)
    invitations.send(request, user)
    tell(request, _("L’invitation part à %(email)s.") % {"email": user.email})
    return go(request, "institution:account_edit", user.pk)


@require_POST
def account_sessions_end(request: Request, user_id: int) -> HttpResponse:
    """Sign somebody out everywhere."""
    user = policies.users.get_or_404(request.actor, "view", pk=user_id)
    ended = services.close_sessions(actor=request.actor, user=user)
    tell(request, ngettext("%(count)s session fermée.", "%(count)s sessions fermées.", ended) % {"count": ended})
    return go(request, "institution:account_edit", user.pk)


@require_POST
def role_grant(request: Request, user_id: int) -> HttpResponse:
    """Give a role."""
    require_role(request.actor, Role.MANAGER, Role.ADMINISTRATOR)
    user = policies.users.get_or_404(request.actor, "view", pk=user_id)
    form = RoleForm(request.POST, actor=request.actor)
    if form.is_valid():
        services.grant_role(actor=request.actor, user=user, **form.cleaned_data)
        tell(request, _("Le rôle est donné."))
        return go(request, "institution:account_edit", user.pk)
    context = _account(request, user, AccountForm(instance=user)) | {"role_form": form}
    return page(request, "institution/account_form.html", context, status=422)


@require_POST
def role_revoke(request: Request, membership_id: int) -> HttpResponse:
    """Take a role away."""
    membership = policies.memberships.get_or_404(request.actor, "view", pk=membership_id)
    user = membership.user
    services.revoke_role(actor=request.actor, membership=membership)
    tell(request, _("Le rôle est retiré."))
    return go(request, "institution:account_edit", user.pk)


@require_GET
def account(request: Request) -> HttpResponse:
    """One's own account: password, second factor, sessions, language, roles."""
    held = policies.memberships.allowed(request.actor, "view") if request.actor.is_staff else None
    context = {"memberships": held.filter(user=request.user).order_by("unit__tree_key") if held is not None else []}
    return page(request, "institution/account.html", context)


@require_POST
def session_end(request: Request, session_id: int) -> HttpResponse:
    """Sign oneself out in one other place."""
    if not services.close_session(actor=request.actor, session_id=session_id):
        raise Http404
    tell(request, _("La session est fermée."))
    return go(request, "usersessions_list")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of this browser, and of the account when signed in."""
    form = LanguageForm(request.POST)
    response = redirect(invitations.local_path(request, request.POST.get("next", "/")))
    if form.is_valid():
        chosen = form.cleaned_data["language"]
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax", secure=settings.HTTPS
        )
        if request.user.is_authenticated:
            services.set_language(actor=Actor.of(request.user), user=request.user, language=chosen)
    return response


@login_not_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """In the demonstration only: choose a persona and come in with one click."""
    if not settings.DEMO:
        raise Http404
    if request.method == "POST":
        chosen = request.POST.get("persona", "")
        actor = Actor.system("démonstration", via="page")
        user = services.enter_as(actor=actor, user_id=int(chosen) if chosen.isdecimal() else 0)
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        services.note_session(request)
        return redirect(invitations.local_path(request, request.POST.get("next", "/")))
    context = {"personas": personas(), "next": request.GET.get("next", "/")}
    return page(request, "institution/enter.html", context)
