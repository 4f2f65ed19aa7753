"""The quality board, and the lists that its figures open."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reciproque.foundation import exports
from reciproque.foundation.errors import Forbidden
from reciproque.foundation.jobs import defer
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.institution.services import record_export
from reciproque.sourcing import quality, quality_lists, runs
from reciproque.sourcing.services.zones import DECIDERS

AT_ONCE = 20_000
Written = Callable[[], tuple[list[str], Iterable[list[Any]]]]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _staff(request: Request) -> None:
    if not request.actor.is_staff:
        raise Forbidden(_("Il faut appartenir à une entité."))


@require_GET
def board(request: Request) -> HttpResponse:
    """Where the network stands: what is qualified, doubled, contradicted, complete; and how it moves."""
    _staff(request)
    unit = quality.unit_of(_number(request.GET.get("entite", "")))
    context = {
        "board": quality.board(unit),
        "unit": unit,
        "units": quality.units_to_choose(),
        "decides": request.actor.has(*DECIDERS),
        "run": runs.last(),
        "mine": quality.to_check(request.actor),
        "may_judge": request.actor.has(Role.MEMBER, *DECIDERS),
        "units_export": reverse("sourcing:quality_units_file"),
    }
    return page(request, "sourcing/quality.html", context)


@require_POST
def measure(request: Request) -> HttpResponse:
    """Measure now; the worker does it."""
    require_role(request.actor, *DECIDERS)
    defer("sourcing.measure", queueing_lock="measure-quality")
    tell(request, _("La mesure est demandée : rechargez la page dans un instant."), tone="info")
    return go(request, "sourcing:quality")


def _asked(data: QueryDict) -> quality_lists.Asked:
    return quality_lists.Asked(
        data.get("avec", ""), data.get("sans", ""), data.get("champ", ""), _number(data.get("entite", ""))
    )


@require_GET
def records(request: Request) -> HttpResponse:
    """Partners that have, or lack, what a figure counts."""
    _staff(request)
    asked = _asked(request.GET)
    rows, start = quality_lists.partners(request.actor, asked), _number(request.GET.get("apres", ""))
    shown = list((quality_lists.after(rows, start) if start else rows)[: quality_lists.SHOWN + 1])
    more = shown[quality_lists.SHOWN - 1].pk if len(shown) > quality_lists.SHOWN else 0
    context = quality_lists.words(asked) | {
        "lines": quality_lists.lines(shown[: quality_lists.SHOWN]),
        "asked": asked,
        "count": rows.order_by().values("pk")[: quality_lists.COUNTED].count(),
        "counted": quality_lists.COUNTED,
        "next_url": f"?{asked.query}&apres={more}" if more else "",
        "first_url": f"?{asked.query}" if start else "",
        "units": quality.units_to_choose(),
        "export_url": reverse("sourcing:quality_records_file"),
    }
    return page(request, "sourcing/quality_records.html", context)


@require_POST
def records_file(request: Request) -> HttpResponseBase:
    """The same list as a file."""
    _staff(request)
    asked = _asked(QueryDict(request.POST.get("liste", "")))
    return _file(request, "qualite-fiches", asked.query, lambda: quality_lists.partner_file(request.actor, asked))


@require_GET
def pairs(request: Request) -> HttpResponse:
    """Pairs of partners in one state."""
    _staff(request)
    state, unit, run = _pairs_asked(request.GET)
    rows, start = quality_lists.pairs(state, unit, run), _number(request.GET.get("apres", ""))
    shown = list((rows.filter(pk__lt=start) if start else rows)[: quality_lists.SHOWN + 1])
    more = shown[quality_lists.SHOWN - 1].pk if len(shown) > quality_lists.SHOWN else 0
    query = quality_lists.pairs_query(state, unit, run)
    context = {
        "lines": quality_lists.pair_lines(request.actor, shown[: quality_lists.SHOWN]),
        "state": state, "states": list(quality_lists.STATES.items()), "unit": unit, "run": run, "query": query,
        "count": rows.order_by().values("pk")[: quality_lists.COUNTED].count(), "counted": quality_lists.COUNTED,
        "next_url": f"?{query}&apres={more}" if more else "", "first_url": f"?{query}" if start else "",
        "units": quality.units_to_choose(), "export_url": reverse("sourcing:quality_pairs_file"),
    }  # fmt: skip
    return page(request, "sourcing/quality_pairs.html", context)


def _pairs_asked(data: QueryDict) -> tuple[str, int, int]:
    state = data.get("etat", "")
    known = state if state in quality_lists.STATES else "trouves"
    return known, _number(data.get("entite", "")), _number(data.get("passage", ""))


@require_POST
def pairs_file(request: Request) -> HttpResponseBase:
    """The same pairs as a file."""
    _staff(request)
    state, unit, run = _pairs_asked(QueryDict(request.POST.get("liste", "")))
    query = quality_lists.pairs_query(state, unit, run)
    return _file(request, "qualite-doublons", query, lambda: quality_lists.pair_file(request.actor, state, unit, run))


@require_POST
def units_file(request: Request) -> HttpResponseBase:
    """The table of units as a file."""
    _staff(request)
    return _file(request, "qualite-entites", "", lambda: quality.board_rows(quality.board(None)))


def _file(request: Request, name: str, query: str, write: Written) -> HttpResponseBase:
    """Tell the audit, then let the rows out."""
    form = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    headings, lines = write()
    kept = [line for _place, line in zip(range(AT_ONCE), lines, strict=False)]
    record_export(
        actor=request.actor, page=f"sourcing.{name}", query=query, columns=headings, form=form, rows=len(kept)
    )
    return exports.download(form, f"{name}-{localdate():%Y-%m-%d}", headings, kept, sheet=_("Qualité"))
