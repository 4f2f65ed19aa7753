"""The piles of work of somebody's units: what waits, and the one thing to do about it."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from reciproque.directory import services
from reciproque.directory.models.people import inform_before
from reciproque.directory.piles import reads
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role

SHOWN = 50
PILES = {pile.slug: pile for pile in (reads.PEOPLE_TO_INFORM, reads.TIES_WITHOUT_REFERENT, reads.PARTNERS_TO_COMPLETE)}


@require_http_methods(["GET", "POST"])
def pile(request: Request, slug: str) -> HttpResponse:
    """What waits in the units where one contributes, the most urgent first; posted, the ticked lines are done."""
    if slug not in PILES:
        raise Http404
    require_role(request.actor, Role.MEMBER)
    if request.method == "POST":
        return _act(request, slug)
    ids = PILES[slug].ids(request.actor, limit=SHOWN + 1)
    context = {"slug": slug, "rows": _rows(request, slug, ids[:SHOWN]), "more": len(ids) > SHOWN, "today": localdate()}
    return page(request, "directory/pile.html", context)


def _rows(request: Request, slug: str, ids: list[int]) -> list[Any]:
    if slug == reads.TIES_WITHOUT_REFERENT.slug:
        return reads.ties(request.actor, ids)
    if slug == reads.PARTNERS_TO_COMPLETE.slug:
        return reads.partners(request.actor, ids)
    found = reads.people(request.actor, ids)
    return [
        {"person": row, "employer": employer, "due": inform_before(row.collected_on or localdate())}
        for row, employer in found
    ]


def _act(request: Request, slug: str) -> HttpResponse:
    ids = _numbers(request.POST.getlist("ids"))
    if slug == reads.PEOPLE_TO_INFORM.slug:
        done = services.set_informed(actor=request.actor, ids=ids, on=localdate())
        said = ngettext("%(n)d personne notée informée.", "%(n)d personnes notées informées.", len(done))
    elif slug == reads.TIES_WITHOUT_REFERENT.slug:
        done = services.set_ties_referent(actor=request.actor, ids=ids, referent=request.user)
        said = ngettext("Vous portez ce lien.", "Vous portez ces %(n)d liens.", len(done))
    else:
        raise Http404
    if done:
        request.session["pile"] = {"slug": slug, "ids": done, "on": localdate().isoformat()}
        tell(request, said % {"n": len(done)}, undo=reverse("directory:pile_undo", args=[slug]))
    else:
        tell(request, _("Rien n’a changé : cochez d’abord des lignes."), tone="info")
    return go(request, "directory:pile", slug)


def _numbers(typed: list[str]) -> list[int]:
    return [int(one) for one in typed[: 4 * SHOWN] if one.isdecimal() and len(one) < 18]


@require_POST
def undo(request: Request, slug: str) -> HttpResponse:
    """Put back what was just done from this pile."""
    require_role(request.actor, Role.MEMBER)
    last = request.session.pop("pile", None)
    if not last or last["slug"] != slug:
        tell(request, _("Il n’y a plus rien à annuler ici."), tone="info")
    elif slug == reads.PEOPLE_TO_INFORM.slug:
        day = dt.date.fromisoformat(last["on"])
        services.set_informed(actor=request.actor, ids=last["ids"], on=None, instead_of=day)
        tell(request, _("C’est annulé."))
    else:
        services.set_ties_referent(actor=request.actor, ids=last["ids"], referent=None, instead_of=request.user)
        tell(request, _("C’est annulé."))
    return go(request, "directory:pile", slug)
