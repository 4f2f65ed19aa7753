"""Acting on many records from their list: tags, and for partners referent and ties, each undone from its message for an hour."""

import secrets
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from reciproque.directory import services
from reciproque.directory.listing.kinds import ListKind
from reciproque.directory.listing.options import MINE
from reciproque.directory.models import PartnerUnit
from reciproque.foundation.errors import DomainError
from reciproque.foundation.listing import state
from reciproque.foundation.listing.menus import url
from reciproque.foundation.ui.pages import tell
from reciproque.institution import policies
from reciproque.institution.forms import ColleagueField
from reciproque.institution.http import Request

MOST = 20_000
UNDONE_WITHIN = 3600


def chosen(request: Request, kind: ListKind) -> list[int]:
    """The records ticked, or all those of the list when « toutes » is."""
    asked = state.read(QueryDict(request.POST.get("liste", "")), kind.catalogue)
    if "toutes" in request.POST:
        found = kind.listing(request.actor, asked).ids(MOST + 1)
        if len(found) > MOST:
            raise DomainError(
                _("Une action en nombre porte sur %(most)s fiches au plus : filtrez la liste.") % {"most": MOST}
            )
        return found
    ids = {
        int(value) for value in request.POST.getlist("ids") if value.isascii() and value.isdecimal() and len(value) < 19
    }
    return sorted(ids)[:MOST]


@require_POST
def bulk(request: Request, kind: ListKind) -> HttpResponse:
    """Do one action on the records chosen; the message offers to undo it."""
    ids = chosen(request, kind)
    asked = state.read(QueryDict(request.POST.get("liste", "")), kind.catalogue)
    act = ACTIONS[kind.name].get(request.POST.get("action", ""))
    if request.POST.get("action") == "reunir":
        return redirect(f"{reverse(kind.url('merge'))}?ids={','.join(map(str, ids[:5]))}")
    if act is None:
        raise Http404
    if not ids:
        tell(request, _("Cochez d’abord une ou plusieurs fiches."), tone="warning")
    else:
        try:
            _told(request, kind, len(ids), act(request, ids))
        except ValidationError as error:
            tell(request, " ".join(error.messages), tone="error")
    return redirect(url(reverse(kind.url()), asked))


def _told(request: Request, kind: ListKind, asked: int, change: Any) -> None:
    key = secrets.token_urlsafe(12)
    undo = ""
    if change.count:
        cache.set(f"bulk:{request.actor.user_id}:{key}", change, UNDONE_WITHIN)
        undo = reverse(kind.url("bulk_undo"), args=[key])
    text = ngettext("%(n)s fiche modifiée.", "%(n)s fiches modifiées.", change.count) % {"n": change.count}
    if change.count < asked:
        rest = asked - change.count
        text += " " + ngettext(
            "%(n)s était déjà ainsi ou ne vous est pas ouverte.",
            "%(n)s étaient déjà ainsi ou ne vous sont pas ouvertes.",
            rest,
        ) % {"n": rest}
    tell(request, text, undo=undo)


def _tag(request: Request, ids: list[int]) -> Any:
    return services.tag_partners(actor=request.actor, ids=ids, add=_words(request))


def _untag(request: Request, ids: list[int]) -> Any:
    return services.tag_partners(actor=request.actor, ids=ids, remove=_words(request))


def _tag_people(request: Request, ids: list[int]) -> Any:
    return services.tag_people(actor=request.actor, ids=ids, add=_words(request))


def _untag_people(request: Request, ids: list[int]) -> Any:
    return services.tag_people(actor=request.actor, ids=ids, remove=_words(request))


def _words(request: Request) -> list[str]:
    found = [word.strip() for word in request.POST.get("etiquettes", "").split(",") if word.strip()]
    if not found:
        raise ValidationError(_("Écrivez au moins une étiquette."))
    return found[:20]


def _refer(request: Request, ids: list[int]) -> Any:
    field = ColleagueField(required=False)
    ticked, text = field.widget.value_from_datadict(request.POST, None, "referent")
    mine = str(request.actor.user_id)
    referent = field.clean(([mine if one == MINE else one for one in ticked], text))
    return services.edit_partners(actor=request.actor, ids=ids, changes={"referent": referent})


def _tie(request: Request, ids: list[int]) -> Any:
    unit_id, status = request.POST.get("entite", ""), request.POST.get("statut", "")
    if not unit_id.isdecimal() or len(unit_id) > 18 or status not in PartnerUnit.Status.values:
        raise ValidationError(_("Choisissez une entité et un statut."))
    unit = policies.units.get_or_404(request.actor, "view", pk=int(unit_id))
    return services.tie_partners(actor=request.actor, ids=ids, unit=unit, status=status)


ACTIONS: dict[str, dict[str, Callable[[Request, list[int]], Any]]] = {
    "partner": {"etiqueter": _tag, "desetiqueter": _untag, "referent": _refer, "lier": _tie},
    "person": {"etiqueter": _tag_people, "desetiqueter": _untag_people},
}


@require_POST
def undo(request: Request, kind: ListKind, key: str) -> HttpResponse:
    """Give back what the action took; what somebody changed since stays as they left it."""
    place = f"bulk:{request.actor.user_id}:{key}"
    change = cache.get(place)
    if change is None:
        raise Http404
    if isinstance(change, services.TieChange):
        count = services.undo_tie_partners(actor=request.actor, change=change)
    else:
        count = services.undo_bulk(actor=request.actor, change=change)
    cache.delete(place)
    text = ngettext("%(n)s fiche rendue à son état précédent.", "%(n)s fiches rendues à leur état précédent.", count)
    tell(request, text % {"n": count})
    return redirect(kind.url())
