"""One's tracking addresses and what became of each message; one's calendar; attached files."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.directory import search
from reciproque.foundation import files
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.relations import policies, services
from reciproque.relations.capture import feeding, filing
from reciproque.relations.capture.reads import addresses_of, attached, filings_of, message_of
from reciproque.relations.views.common import every_unit, home_of, partner_of

FOUND = 8
TONES = {"waiting": "info", "kept": "success", "unmatched": "warning", "refused": "neutral", "failed": "danger"}
"""How what became of a message is marked."""


@require_GET
def mail(request: Request) -> HttpResponse:
    """One's tracking addresses, how to use them, and what became of the messages sent there."""
    addresses = addresses_of(request.actor)
    held = {one.unit_id for one in addresses}
    context = {
        "addresses": addresses,
        "units": every_unit().filter(pk__in=set(request.actor.units(Role.MEMBER)) - held),
        "filings": [{"row": row, "tone": TONES[row.message.state]} for row in filings_of(addresses)],
        "coverage": filing.coverage([one.pk for one in addresses]),
        "feed": feeding.address_of(request.user),
    }
    return page(request, "relations/concertation/mail.html", context)


@require_POST
def create_address(request: Request) -> HttpResponse:
    """A tracking address in one of one's units, or a new key for it."""
    asked = request.POST.get("entite", "")
    unit = every_unit().filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    if unit is None:
        raise Http404
    filing.create_capture_address(actor=request.actor, user=request.user, unit=unit)
    tell(request, _("Votre adresse de suivi est prête : mettez-la en copie de vos messages."))
    return go(request, "relations:mail")


@require_POST
def file_again(request: Request, message_id: int) -> HttpResponse:
    """Try again to file a message, once its people are in the directory."""
    message = message_of(request.actor, message_id)
    if message is None:
        raise Http404
    result = filing.file_again(actor=request.actor, message=message)
    kept = result.state == "kept"
    tell(request, _("Le message est classé.") if kept else result.reason, tone="success" if kept else "warning")
    return go(request, "relations:mail")


@require_http_methods(["GET", "POST"])
def file_by_hand(request: Request, message_id: int) -> HttpResponse:
    """A message that matched nobody: say with which partner it goes."""
    message = message_of(request.actor, message_id)
    if message is None:
        raise Http404
    if request.method == "POST":
        asked = request.POST.get("partenaire", "")
        partner = partner_of(request, int(asked) if asked.isdecimal() and len(asked) < 19 else 0)
        filing.file_by_hand(actor=request.actor, message=message, partner=partner)
        tell(request, _("Le message est classé."))
        return go(request, home_of(partner.pk, "chronologie"))
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    found = search.find(request.actor, text, kinds=["partner"], limit=FOUND) if text else []
    context = {"message_id": message.pk, "reason": message.reason, "text": text, "found": found}
    return page(request, "relations/concertation/mail_by_hand.html", context, part="found")


@require_GET
def attachment(request: Request, file_id: int) -> HttpResponseBase:
    """A file attached to an exchange that one may read, as a download."""
    row = attached(policies.interactions.allowed(request.actor, "view"), file_id)
    if row is None or not files.path_of(row.digest).exists():
        raise Http404
    return files.given(row.digest, row.name)


@require_POST
def detach(request: Request, file_id: int) -> HttpResponse:
    """Take a file away from an exchange."""
    row = attached(policies.interactions.allowed(request.actor, "view"), file_id)
    if row is None:
        raise Http404
    services.detach_file(actor=request.actor, file=row)
    tell(request, _("Le fichier est retiré."))
    return go(request, "relations:interaction", row.interaction_id)


@login_not_required
@require_GET
def calendar_feed(request: Request, token: str) -> HttpResponse:  # noqa: ARG001 -- a view
    """Somebody's calendar, at its secret address: calendars do not sign in."""
    user = feeding.owner_of(token)
    if user is None:
        raise Http404
    return HttpResponse(feeding.written(user, today=localdate()), content_type="text/calendar; charset=utf-8")
