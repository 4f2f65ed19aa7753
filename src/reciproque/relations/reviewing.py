"""What pages of figures show: the stacked months of the board, the reasons behind a pulse, the year of a partnership."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from reciproque.directory.models import Partner
from reciproque.engines import reciprocity as engine
from reciproque.foundation.dates import date_format
from reciproque.relations.models import Collaboration, CollaborationPart, Interaction, Reading
from reciproque.relations.picturing import Told
from reciproque.relations.pulses import MomentRow
from reciproque.relations.wording import outside

ORDER = ("alive", "fragile", "new", "to_revive", "dormant")
HIGH, WIDE, STEP = 150.0, 26.0, 34.0


def stacked(months: Sequence[tuple[dt.date, Mapping[str, int]]]) -> dict[str, Any]:
    """The bars of states over time, ready to be drawn."""
    top = max((sum(numbers.get(state, 0) for state in ORDER) for _month, numbers in months), default=0) or 1
    columns = []
    for rank, (month, numbers) in enumerate(months):
        y, parts = HIGH, []
        for state in ORDER:
            tall = HIGH * numbers.get(state, 0) / top
            y -= tall
            parts.append(
                {
                    "state": state,
                    "y": f"{y:.1f}",
                    "h": f"{tall:.1f}",
                    "n": numbers.get(state, 0),
                    "label": Reading.State(state).label,
                }
            )
        columns.append(
            {
                "x": f"{rank * STEP:.0f}",
                "middle": f"{rank * STEP + WIDE / 2:.0f}",
                "label": date_format(month, "N"),
                "month": date_format(month, "F Y"),
                "year": month.year if rank == 0 or month.month == 1 else None,
                "parts": parts,
            }
        )
    return {"columns": columns, "width": f"{max(len(months), 1) * STEP:.0f}"}


def explained(pulse: engine.Pulse, moments: Sequence[MomentRow], words: Sequence[Told], day: dt.date) -> dict[str, Any]:
    """Each moment with what it counts for: in the cadence, as a double, planned, in the balance."""
    facts = list(zip(moments, words, strict=True))
    counted = {(fact.on, fact.kind) for fact in pulse.cadence.counted}
    ahead = {(fact.on, fact.kind) for fact in pulse.cadence.planned}
    seen: set[tuple[dt.date, str]] = set()
    rows = []
    for moment, told in facts:
        key = (moment.on, moment.kind)
        first = moment.met and key not in seen and (moment.held or moment.on > day)
        if first:
            seen.add(key)
        weight = engine.weight(moment.on, day) if moment.held and engine.remembered(moment.on, day) else 0.0
        rows.append(
            {
                "told": told, "counts": first and key in counted, "planned": first and key in ahead,
                "double": moment.met and moment.held and moment.on <= day and not (first and key in counted) and (day - moment.on).days < 365,
                "weight": round(100 * weight), "weighs": bool(weight and (moment.given or moment.received)),
            }
        )  # fmt: skip
    return {"rows": rows[::-1]}


def year(partner: Partner, first: int, *, today: dt.date) -> dict[str, Any]:
    """An academic year of a partnership, told to the partner: what was done, by whom, what each got, what comes; only what all may read."""
    start, end = dt.date(first, 9, 1), dt.date(first + 1, 8, 31)
    shared = Collaboration.objects.filter(partner=partner, sharing="network").select_related("dispositif", "unit")
    done = shared.filter(state__in=["under_way", "done"], starts_on__lte=min(end, today)).exclude(ends_on__lt=start)
    done = done.exclude(ends_on=None, starts_on__lt=start)
    met = Interaction.objects.filter(partner=partner, sharing="network", met=True).select_related("unit")
    rows = list(done.order_by("starts_on", "pk"))
    carriers = _carriers(rows)
    totals: dict[str, dict[str, float]] = {"given": {}, "received": {}}
    for row in rows:
        for side, total in totals.items():
            for code, amount in getattr(row, side).items():
                if code not in {"visibility", "knowledge", "equipment"}:
                    total[code] = total.get(code, 0) + amount
    return {
        "first": first, "start": start, "end": end, "rows": [{"row": row, "who": carriers.get(row.pk, "")} for row in rows],
        "meetings": list(met.filter(state="done", on__gte=start, on__lte=end).order_by("on", "pk")),
        "given": outside(totals["given"], ours=True), "received": outside(totals["received"], ours=False),
        "coming": _coming(shared, met, today),
    }  # fmt: skip


def _carriers(rows: Sequence[Collaboration]) -> Mapping[int, str]:
    """The colleagues who took part in each, by name. One query."""
    parts = CollaborationPart.objects.filter(collaboration__in=rows, user__isnull=False).select_related("user")
    names: dict[int, list[str]] = {}
    for part in parts.order_by("pk"):
        names.setdefault(part.collaboration_id, []).append(str(part.user))
    return {pk: ", ".join(found) for pk, found in names.items()}


def _coming(shared: Any, met: Any, today: dt.date) -> list[tuple[dt.date, str, str]]:
    """What is agreed or planned after today: the day, what, and the unit; the first ten."""
    agreed = shared.filter(state="agreed", starts_on__gt=today).order_by("starts_on")[:10]
    planned = met.filter(state="planned", on__gt=today).order_by("on")[:10]
    found = [(row.starts_on, row.title, row.unit.name) for row in agreed]
    found += [(row.on, row.get_kind_display(), row.unit.name) for row in planned]
    return sorted(found)[:10]
