"""Bring records together, and separate them again."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from reciproque.directory import policies, search, services
from reciproque.directory.comparing import reads
from reciproque.directory.comparing.kinds import PEOPLE, Compared
from reciproque.directory.records.kinds import PARTNER, Kind
from reciproque.directory.records.reads import find, may_create
from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.foundation.panels import WHY
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.http import Request

MOST = 4


@require_http_methods(["GET", "POST"])
def merge(request: Request, kind: Compared) -> HttpResponse:
    """Two to four records face to face; posted, they become one."""
    may_create(request.actor)
    asked = request.POST if request.method == "POST" else request.GET
    choices, ids = _choices(asked), _numbers(asked.getlist("ids"))[:MOST]
    comparison = reads.compare(request.actor, kind, ids, _number(asked.get("garder", "")), choices)
    if comparison is None:
        tell(request, _("Cochez de deux à quatre fiches à réunir."), tone="warning")
        return redirect("directory:person_list" if kind is PEOPLE else "directory:partner_list")
    context = {"comparison": comparison, "suite": _suite(asked), "chosen": choices, "problem": comparison.problem}
    context["why"] = next((found for say in WHY if (found := say(kind.kind, ids))), "")
    if request.method == "POST":
        try:
            return _merged(request, comparison, choices)
        except Forbidden:
            raise
        except DomainError as refusal:
            context["problem"] = str(refusal)
    status = 409 if request.method == "POST" else 200
    return page(request, "directory/comparing/merge.html", context, part="compared", status=status)


def _merged(request: Request, comparison: reads.Comparison, choices: Mapping[str, int]) -> HttpResponse:
    others = [column.record for column in comparison.columns if not column.kept]
    versions = {int(pk): int(version) for pk, version in _pairs(request.POST.getlist("version"))}
    with transaction.atomic():
        kept = services.merge_records(
            actor=request.actor, kept=comparison.kept, absorbed=others, choices=choices, versions=versions
        )
        twins = _twins(request, comparison)
    made = [*reads.made(comparison.kind.kind, [one.pk for one in others]), *twins]
    text = ngettext("%(n)s fiche réunie à « %(name)s ».", "%(n)s fiches réunies à « %(name)s ».", len(others))
    suite = _suite(request.POST)
    undo = reverse("directory:separate", args=["-".join(map(str, made))]) + (
        f"?{urlencode({'suite': suite})}" if suite else ""
    )
    tell(request, text % {"n": len(others), "name": kept}, undo=undo)
    return go(request, suite or comparison.kind.page(kept))


def _suite(asked: Mapping[str, str]) -> str:
    """Where to go once done, within the application."""
    where = asked.get("suite", "")
    return where if where.startswith("/") and url_has_allowed_host_and_scheme(where, allowed_hosts=None) else ""


def _twins(request: Request, comparison: reads.Comparison) -> list[int]:
    """People named twice, brought together as well when they were ticked."""
    ticked = {tuple(pair) for pair in _pairs(request.POST.getlist("personnes"))}
    pairs = [pair for pair in comparison.pairs if tuple(str(one.pk) for one in pair) in ticked]
    for one, other in pairs:
        services.merge_records(actor=request.actor, kept=one, absorbed=[other])
    return reads.made(PEOPLE.kind, [other.pk for _one, other in pairs])


def _numbers(values: Sequence[str]) -> list[int]:
    return list(dict.fromkeys(number for value in values for one in value.split(",") if (number := _number(one))))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _pairs(values: Sequence[str]) -> list[tuple[str, str]]:
    parts = [value.split("-", 1) for value in values]
    return [(pair[0], pair[1]) for pair in parts if len(pair) == 2 and pair[0].isdecimal() and pair[1].isdecimal()]


def _choices(asked: QueryDict) -> dict[str, int]:
    """The cells chosen: those that are not what stays of itself, and those that somebody chose before."""
    before, found = set(asked.getlist("choisi")), {}
    for name in asked:
        head, value = name.removeprefix("choix-"), str(asked[name])
        if head != name and (head in before or value != asked.get(f"defaut-{head}")) and _number(value):
            found[head] = _number(value)
    return found


@require_POST
def separate(request: Request, merges: str) -> HttpResponse:
    """Take apart what was brought together; each record stands alone again."""
    may_create(request.actor)
    found, back = reads.separable(request.actor, _numbers(merges.split("-"))[: 4 * MOST])
    if not found:
        raise Http404
    services.separate_all(actor=request.actor, merges=found)
    tell(request, _("Les fiches sont séparées : chacune est comme avant."))
    return go(request, _suite(request.GET) or back)


@require_http_methods(["GET"])
def choose(request: Request, kind: Kind, pk: int) -> HttpResponse:
    """Find the record that is the same as this one."""
    record = find(kind, request.actor, pk, "edit")
    text = request.GET.get("q", "").strip()
    wanted = text or str(record)
    hits = search.find(request.actor, wanted, kinds=["partner" if kind is PARTNER else "person"], limit=10)
    context = {"record": record, "kind": kind, "q": text, "hits": [hit for hit in hits if hit.pk != pk][:8]}
    context |= {"address": reverse(f"directory:{kind.name}_merge"), "back": reverse(kind.url(), args=[pk])}
    return page(request, "directory/comparing/choose.html", context, part="hits")


@require_http_methods(["GET"])
def choose_sites(request: Request, pk: int) -> HttpResponse:
    """Tick the places of a partner that are one."""
    record = find(PARTNER, request.actor, pk, "edit")
    policies.partners.require(request.actor, "merge", record)
    context = {"record": record, "sites": record.sites.all()[:200], "address": reverse("directory:site_merge")}
    return page(request, "directory/comparing/sites.html", context)
