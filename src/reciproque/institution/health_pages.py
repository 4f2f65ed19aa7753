"""« État »: is the application well, for whoever runs it."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from reciproque.foundation import health, jobs
from reciproque.foundation.ui.pages import page
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role

NAMES = {
    "database": gettext_lazy("Base de données"),
    "migrations": gettext_lazy("Migrations"),
    "jobs": gettext_lazy("Tâches de fond"),
    "worker": gettext_lazy("Travailleur"),
    "disk": gettext_lazy("Disque"),
    "backup": gettext_lazy("Sauvegarde"),
    "settings": gettext_lazy("Réglages"),
    "outside": gettext_lazy("Services extérieurs"),
    "mode": gettext_lazy("Mode"),
}


@require_GET
def state(request: Request) -> HttpResponse:
    """Each part, what it says of itself, and the jobs that failed last."""
    require_role(request.actor, Role.ADMINISTRATOR)
    found = health.report()
    parts = [(NAMES[name], found["parts"][name]) for name in NAMES if name in found["parts"]]
    failed = jobs.account()["failed"] if found["parts"]["database"]["ok"] else []
    title = _("L’application est prête.") if found["ok"] else _("L’application n’est pas prête.")
    context = {"ready": found["ok"], "title": title, "parts": parts, "failed": failed}
    return page(request, "institution/state.html", context)
