"""The queue of duplicates."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.sourcing import doubles, policies, quality, reasons, waking
from reciproque.sourcing.services import judgements

STATES = {"ouverts": "open", "plus-tard": "later", "ecartes": "different", "demandes": "asked"}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _filters(asked: QueryDict) -> doubles.Filters:
    kind = "person" if asked.get("nature") == "personnes" else "partner"
    state = STATES.get(asked.get("etat", ""), "open")
    return doubles.Filters(kind, _number(asked.get("entite", "")), _number(asked.get("source", "")), state)


@require_GET
def queue(request: Request) -> HttpResponse:
    """Records that may be one, the most useful decision first."""
    require_role(request.actor, Role.MEMBER, Role.DATA_STEWARD)
    waking.wake()
    filters = _filters(request.GET)
    context = {
        "groups": doubles.groups(request.actor, filters),
        "tabs": tabs_of(request, filters.kind),
        "filters": filters,
        "units": doubles.units_of(request.actor),
        "sources": policies.sources.allowed(request.actor, "view"),
        "query": request.GET.urlencode(),
        "states": [(word, state, labels()[state]) for word, state in STATES.items()],
    }
    return page(request, "sourcing/doubles.html", context)


def labels() -> dict[str, str]:
    """The states of a pair, in words."""
    return {"open": _("à juger"), "later": _("plus tard"), "different": _("écartés"), "asked": _("en attente d’accord")}


def tabs_of(request: Request, active: str) -> list[dict[str, Any]]:
    """The faces of the queue: partners, people, merges made alone to check. `active` is the kind, or `check`."""
    counts, kept, found = doubles.counts(request.actor), request.GET.copy(), []
    for kind, word, label in (("partner", "partenaires", _("Partenaires")), ("person", "personnes", _("Personnes"))):
        kept["nature"] = word
        url = f"{reverse('sourcing:doubles')}?{kept.urlencode()}"
        found.append({"key": kind, "label": label, "count": counts[kind], "url": url, "active": kind == active})
    waits, url = quality.to_check(request.actor), reverse("sourcing:checks")
    if waits or active == "check":
        found.append(
            {"key": "check", "label": _("À vérifier"), "count": waits, "url": url, "active": active == "check"}
        )
    return found


@require_GET
def why(request: Request) -> HttpResponse:
    """Why partners look like one, in seven lines."""
    require_role(request.actor, Role.MEMBER, Role.DATA_STEWARD)
    ids = [number for one in request.GET.get("fiches", "").split(",") if (number := _number(one))][: doubles.MOST]
    return page(request, "sourcing/why.html", {"whys": reasons.of_partners(request.actor, ids)}, part="lines")


@require_POST
def decide(request: Request) -> HttpResponse:
    """One decision on one group; the queue comes back without it."""
    require_role(request.actor, Role.MEMBER, Role.DATA_STEWARD)
    filters = _filters(QueryDict(request.POST.get("liste", "")))
    ids = [number for one in request.POST.get("fiches", "").split(",") if (number := _number(one))][: doubles.MOST]
    try:
        _decided(request, filters.kind, ids)
    except Forbidden:
        raise
    except DomainError as refusal:
        tell(request, str(refusal), tone="error")
    return go(request, _queue(request))


def _queue(request: Request) -> str:
    """The queue as it was asked for."""
    return f"{reverse('sourcing:doubles')}?{request.POST.get('liste', '')}"


def _decided(request: Request, kind: str, ids: list[int]) -> None:
    decision, actor = request.POST.get("decision", ""), request.actor
    undo = ""
    if decision == "reunir":
        kept = judgements.unite(actor=actor, kind=kind, ids=ids, kept=_number(request.POST.get("garder", "")))
        if kept is None:
            text = _("L’accord est demandé ; sans réponse dans le délai, les fiches seront réunies.")
            undo = reverse("sourcing:doubles_reopen", args=["-".join(map(str, judgements.questions_of(kind, ids)))])
        else:
            text = ngettext("%(n)s fiche réunie à « %(name)s ».", "%(n)s fiches réunies à « %(name)s ».", len(ids) - 1)
            text %= {"n": len(ids) - 1, "name": kept}
            undo = reverse("directory:separate", args=["-".join(map(str, judgements.merges_of(kind, ids)))])
            undo += f"?{urlencode({'suite': _queue(request)})}"
    else:
        act, text = (
            (judgements.postpone, _("Remis à dans un mois."))
            if decision == "plus-tard"
            else (judgements.refuse, _("Écarté : cette paire ne reviendra pas."))
        )
        done = act(actor=actor, kind=kind, ids=ids)
        undo = reverse("sourcing:doubles_reopen", args=["-".join(map(str, done))])
    tell(request, text, undo=undo)


@require_POST
def reopen(request: Request, judged: str) -> HttpResponse:
    """Take a verdict back."""
    require_role(request.actor, Role.MEMBER, Role.DATA_STEWARD)
    count = judgements.reopen(
        actor=request.actor, judgements=[number for one in judged.split("-") if (number := _number(one))]
    )
    tell(
        request,
        ngettext("%(n)s paire est de nouveau à juger.", "%(n)s paires sont de nouveau à juger.", count) % {"n": count},
    )
    return go(request, "sourcing:doubles")
