"""Mes partenaires, the reciprocity board and its lists, what a partner's figures count, the yearly review."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reciproque.engines import reciprocity as engine
from reciproque.foundation import exports
from reciproque.foundation.dates import read_day
from reciproque.foundation.ui.pages import page
from reciproque.institution.http import Request
from reciproque.institution.services import record_export
from reciproque.relations import figures as reads
from reciproque.relations import picturing, pulses, reporting, reviewing
from reciproque.relations.models import Reading
from reciproque.relations.views.common import every_unit, partner_of, unit_asked

SIZE = 50
APRIL, SEPTEMBER = 4, 9
MOST = 20_000


@require_GET
def mine(request: Request) -> HttpResponse:
    """The partners one follows, the first to meet again first."""
    who, state = request.GET.get("qui", "moi"), request.GET.get("etat", "")
    rows = reads.in_order(reads.mine(request.actor, who, state), young_later=who != "entites")
    context = _listed(request, rows) | {"who": who, "state": state, "states": Reading.State.choices}
    return page(request, "relations/mine.html", context)


def _listed(request: Request, rows: Any) -> dict[str, Any]:
    """A page of pulses, each with its sparkline and its words."""
    asked = request.GET.get("page", "0")
    start = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    found = list(rows[start * SIZE : start * SIZE + SIZE + 1])
    shown, today = found[:SIZE], localdate()
    facts = pulses.facts_since([row.partner_id for row in shown], engine.months_before(today, 25))
    lines = [
        {
            "row": row, "tone": picturing.TONES[row.state], "spark": picturing.spark(facts[row.partner_id], today=today),
            "late": picturing.overdue(row.state, row.lapses_on, today), "day": picturing.act_day(row.state, row.lapses_on),
            "lean": picturing.LEANS[engine.lean(row.balance)], "short": picturing.SHORT[engine.lean(row.balance)],
        }
        for row in shown
    ]  # fmt: skip
    more = {"next": start + 1 if len(found) > SIZE else None, "previous": start - 1 if start else None}
    return {"lines": lines, "today": today, **more}


@require_GET
def board(request: Request) -> HttpResponse:
    """Where relations are strong, fragile, unbalanced, about to lapse."""
    unit, today = unit_asked(request), localdate()
    months = reads.over_time(unit)
    context: dict[str, Any] = {
        "figures": reads.counted(request.actor, unit, today=today),
        "unit": unit,
        "unit_id": unit.pk if unit else "",
    }
    context |= {"units": every_unit(), "chart": reviewing.stacked(months), "months": months}
    context["states"] = Reading.State.choices
    return page(request, "relations/board.html", context)


@require_GET
def figures(request: Request) -> HttpResponse:
    """The list behind a figure."""
    unit, figure = unit_asked(request), _figure(request)
    rows = reads.in_order(reads.rows_of(request.actor, unit, figure.key, today=localdate()))
    counted = reads.counted(request.actor, unit, today=localdate())
    number, more = next((number, more) for one, number, more in counted if one == figure)
    context = _listed(request, rows) | {"figure": figure, "unit": unit, "unit_id": unit.pk if unit else ""}
    context |= {"number": number, "more": more}
    return page(request, "relations/figures.html", context)


def _figure(request: Request) -> reads.Figure:
    found = reads.BY_KEY.get(request.GET.get("chiffre", "alive"))
    if found is None:
        raise Http404
    return found


@require_POST
def export(request: Request) -> HttpResponseBase:
    """The same list, as a file."""
    unit, figure = unit_asked(request), _figure(request)
    form = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    found = list(reads.in_order(reads.rows_of(request.actor, unit, figure.key, today=localdate()))[:MOST])
    heads, lines = _table(found)
    record_export(
        actor=request.actor,
        page="reciprocity",
        query=request.GET.urlencode(),
        columns=heads,
        form=form,
        rows=len(found),
    )
    return exports.download(form, f"reciprocite-{figure.key}-{localdate():%Y-%m-%d}", heads, lines)


def _table(found: list[Any]) -> tuple[list[str], list[list[Any]]]:
    """The columns of the export, and its lines."""
    heads = [
        _("Partenaire"), _("Ville"), _("État"), _("Rencontres en douze mois"), _("Dernière rencontre"), _("Prochaine rencontre"),
        _("À revoir avant le"), _("Équilibre"),
    ]  # fmt: skip
    lines = [
        [
            row.partner.label, row.partner.city, row.get_state_display(), row.cadence, row.last_on, row.next_on,
            picturing.act_day(row.state, row.lapses_on), str(picturing.LEANS[engine.lean(row.balance)]),
        ]
        for row in found
    ]  # fmt: skip
    return heads, lines


def _day(request: Request) -> dt.date:
    """The day asked for, today when none is."""
    try:
        day = read_day(request.GET.get("jour", "")[:40])
    except ValueError:
        day = localdate()
    return min(max(day, dt.date(1990, 1, 1)), localdate() + dt.timedelta(days=3660))


@require_GET
def counted(request: Request, partner_id: int) -> HttpResponse:
    """What each figure of the pulse counts, on any day, seen from the establishment or a unit."""
    partner, unit = partner_of(request, partner_id), unit_asked(request)
    day = _day(request)
    targets = pulses.targets_of([partner.pk], on=day)[partner.pk]
    pulse, moments = pulses.live(partner.pk, unit, today=day, targets=targets)
    context: dict[str, Any] = {
        "record": partner,
        "unit": unit,
        "unit_id": unit.pk if unit else "",
        "units": every_unit(),
        "day": day,
        "pulse": pulse,
    }
    context |= reviewing.explained(pulse, moments, picturing.told(request.actor, moments, today=day), day)
    context |= picturing.sentences(pulse, targets, day)
    return page(request, "relations/counted.html", context)


def _year(request: Request) -> tuple[int, int]:
    """The academic year asked for (its first part), and the last one that began.

    Unless told, the year that ended: one reviews it until the spring, and from April on the one that ends.
    """
    asked, today = request.GET.get("annee", ""), localdate()
    last = today.year if today.month >= SEPTEMBER else today.year - 1
    usual = last if APRIL <= today.month < SEPTEMBER else last - 1
    return (int(asked) if asked.isdecimal() and 1990 <= int(asked[:4]) <= last else usual), last


@require_GET
def review(request: Request, partner_id: int) -> HttpResponse:
    """The year together, to send to the partner: only what is shared with the whole network."""
    partner = partner_of(request, partner_id)
    year, last = _year(request)
    return page(
        request,
        "relations/review.html",
        reviewing.year(partner, year, today=localdate())
        | {"record": partner, "years": range(last, min(year, last - 9) - 1, -1)},
    )


@require_GET
def review_document(request: Request, partner_id: int) -> HttpResponse:
    """The same as a PDF, headed by the establishment."""
    partner, (year, _last) = partner_of(request, partner_id), _year(request)
    made = reporting.review(partner, year, today=localdate())
    answer = HttpResponse(made, content_type="application/pdf")
    name = slugify(f"{partner.label} {year}-{year + 1}")
    answer["Content-Disposition"] = f'attachment; filename="{_("bilan")}-{name}.pdf"'
    return answer
