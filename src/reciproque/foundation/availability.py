"""What the application accepts to do now: everything, reading only, or nothing.

The mode is one word in `state/mode`, written by `reciproque mode`; a disk nearly full makes it read-only by itself.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from reciproque.foundation import health
from reciproque.foundation.ui.errors import unavailable

NORMAL, READ_ONLY, MAINTENANCE = "normal", "read-only", "maintenance"
MODES = (NORMAL, READ_ONLY, MAINTENANCE)
SAFE = {"GET", "HEAD", "OPTIONS"}
ALWAYS = ("/healthz", "/readyz", "/metrics", "/static/")
ENTRANCE = ("/compte/", "/entrer/", "/apparence/", "/langue/")
DISK_EVERY = 10.0  # seconds between two looks at the disk

_disk: dict[str, float | bool] = {"looked": float("-inf"), "enough": True}


def mode() -> str:
    """The present mode: as chosen, or read-only when the disk is nearly full."""
    chosen = health.chosen_mode()
    if chosen != NORMAL:
        return chosen if chosen in MODES else MAINTENANCE
    now = time.monotonic()
    if now - float(_disk["looked"]) > DISK_EVERY:
        _disk.update(looked=now, enough=bool(health.disk()["ok"]))
    return NORMAL if _disk["enough"] else READ_ONLY


def choose(wanted: str) -> None:
    """Write the mode, for every process of this installation."""
    path = settings.HOME / "state" / "mode"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(wanted)


class AvailabilityMiddleware:
    """Refuse what the present mode does not allow with a page that says so (503); machines are always answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ALWAYS):
            return self.get_response(request)
        now = mode()
        request.read_only = now == READ_ONLY  # type: ignore[attr-defined]
        if now == MAINTENANCE:
            return unavailable(request)
        if now == READ_ONLY and request.method not in SAFE and not request.path.startswith(ENTRANCE):
            return unavailable(
                request,
                _("L’application ne fait que lire en ce moment : rien n’a été enregistré. Réessayez un peu plus tard."),
            )
        return self.get_response(request)
