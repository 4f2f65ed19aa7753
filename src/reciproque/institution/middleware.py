"""Give each request its actor: rights are read anew every time, so a right removed is gone at the next click."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from reciproque.foundation.errors import Forbidden
from reciproque.foundation.ui.errors import refused
from reciproque.institution.access import Actor
from reciproque.institution.models import Role

Handler = Callable[[HttpRequest], HttpResponse]
IDLE, IDLE_OF_ADMINISTRATORS, ABSOLUTE = 2 * 3600, 30 * 60, 12 * 3600
NOTED_EVERY = 300
OPEN_WITHOUT_ROLE = (
    "institution:language", "institution:enter", "institution:session_end", "ui:", "account_", "mfa_", "usersessions_",
    "healthz", "readyz", "metrics",
)  # fmt: skip
STRONG = (Role.ADMINISTRATOR, Role.DPO)


def actor(get_response: Handler) -> Handler:
    """Set `request.actor` for people signed in, in their language, and end sessions left idle or too old."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        who = Actor.of(request.user)
        request.actor = who  # type: ignore[attr-defined]
        if _expired(request, who):
            logout(request)
            return redirect(f"{reverse('account_login')}?next={request.path}")
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or "fr"
        if _lacks_second_factor(request, who):
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def date_session(request: HttpRequest, **_signal: object) -> None:
    """Note when the session began."""
    request.session["began"] = request.session["seen"] = int(time.time())


class StaffOnly:
    """Somebody signed in without any role sees their account, and how to ask for one; the network opens with the first role."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Refuse before the view; the table of the open addresses stands below."""
        who = getattr(request, "actor", None)
        name = request.resolver_match.view_name if request.resolver_match else ""
        if (
            who is not None
            and not who.is_staff
            and name != "institution:account"
            and not name.startswith(OPEN_WITHOUT_ROLE)
        ):
            said = _("Vous n’avez encore de rôle dans aucune entité : demandez-en un à l’administration de Réciproque.")
            return refused(request, Forbidden(said))
        return None


def _expired(request: HttpRequest, who: Actor) -> bool:
    now = int(time.time())
    began, seen = request.session.get("began", now), request.session.get("seen", now)
    idle = IDLE_OF_ADMINISTRATORS if who.has(*STRONG) else IDLE
    if now - seen > NOTED_EVERY:
        request.session["seen"] = now
    return bool(now - seen > idle or now - began > ABSOLUTE)


def _lacks_second_factor(request: HttpRequest, who: Actor) -> bool:
    """Administrators and the data protection officer need a second factor before anything else."""
    if not settings.REQUIRE_SECOND_FACTOR or not who.has(*STRONG):
        return False
    if request.path.startswith(reverse("institution:account")) or request.path.startswith("/compte/"):
        return False
    if request.session.get("second_factor"):
        return False
    from allauth.mfa.utils import is_mfa_enabled  # noqa: PLC0415

    if not is_mfa_enabled(request.user):
        return True
    request.session["second_factor"] = True
    return False
