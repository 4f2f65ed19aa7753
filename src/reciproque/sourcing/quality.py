"""The quality board: the figures of the last measure, their trend, and what people's checks say of the merges made alone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit
from reciproque.sourcing import checking, runs, wording
from reciproque.sourcing.models import Check, QualityDay
from reciproque.sourcing.sparkline import Line, drawn

LONGEST = dt.timedelta(days=370)
MONTH = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: how many, of how many, where it is listed, how it moved in a month, and its line."""

    label: str
    value: int
    percent: int | None
    url: str
    change: int
    good: bool
    line: Line


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit's completeness: shares of 100, and the list of what is left to do."""

    unit: Unit
    partners: int
    shares: list[tuple[str, int, str]]
    complete: int
    to_qualify: int
    waiting: int
    clean: int


@dataclass(frozen=True, slots=True)
class Board:
    """All that the page shows. `day` is None until a first measure."""

    day: QualityDay | None
    unit: Unit | None
    figures: list[Figure]
    clean: Figure | None
    doubles: list[tuple[str, int, str]]
    fields: list[tuple[str, int, str, int]]
    units: list[UnitLine]
    trend: list[QualityDay]
    precision: dict[str, Any] | None
    to_check: int


HAVE = (
    ("numbered", "numero", gettext_lazy("numéro officiel")),
    ("registered", "registre", gettext_lazy("registre")),
    ("placed", "lieu", gettext_lazy("lieu")),
    ("reachable", "joindre", gettext_lazy("coordonnées")),
    ("staffed", "personne", gettext_lazy("personne")),
)


def board(unit: Unit | None) -> Board:
    """The board of the whole network, or of one unit. Five queries, whatever the size."""
    days = list(QualityDay.objects.filter(unit=unit).order_by("-day")[: LONGEST.days])
    days = [day for day in reversed(days) if day.day > days[0].day - LONGEST]
    to_check = Check.objects.filter(answer="").count()
    precision = runs.precision()
    if not days:
        return Board(None, unit, [], None, [], [], [], [], precision, to_check)
    today = days[-1]
    return Board(
        today, unit, _figures(today, days, unit), _clean(today, days, unit), _doubles(today, unit), _fields(today, unit),
        _units(today.day), _thinned(days, 14), precision, to_check,
    )  # fmt: skip


def address(unit: Unit | None, **asked: str) -> str:
    """The list that a figure counts."""
    chosen = [f"{key}={value}" for key, value in asked.items()] + ([f"entite={unit.pk}"] if unit else [])
    return f"{reverse('sourcing:quality_records')}?{'&'.join(chosen)}"


def pairs_address(unit: Unit | None, state: str) -> str:
    """The list of pairs that a figure counts."""
    return f"{reverse('sourcing:quality_pairs')}?etat={state}" + (f"&entite={unit.pk}" if unit else "")


def share(part: int, whole: int) -> int:
    """A share of 100; never 100 as long as something is missing."""
    return min(99, round(100 * part / whole)) if whole and part < whole else 100 * bool(whole)


def _figure(
    label: str, name: str, days: Sequence[QualityDay], url: str, *, rises: bool = True, of_all: bool = True
) -> Figure:
    values = [getattr(day, name) for day in days]
    shares = [100 * value / day.partners if day.partners else 0.0 for value, day in zip(values, days, strict=True)]
    line = drawn([(day.day, shown) for day, shown in zip(days, shares if of_all else values, strict=True)])
    before = next((day for day in days if day.day >= days[-1].day - MONTH), days[-1])
    change = values[-1] - getattr(before, name)
    percent = share(values[-1], days[-1].partners) if of_all else None
    return Figure(label, values[-1], percent, url, change, (change >= 0) == rises, line)


def _figures(today: QualityDay, days: Sequence[QualityDay], unit: Unit | None) -> list[Figure]:
    del today
    return [
        _figure(_("avec un numéro officiel"), "numbered", days, address(unit, avec="numero")),
        _figure(_("rapprochées du registre"), "registered", days, address(unit, avec="registre")),
        _figure(_("joignables"), "reachable", days, address(unit, avec="joindre")),
        _figure(_("doublons à juger"), "waiting", days, pairs_address(unit, "a-juger"), rises=False, of_all=False),
        _figure(
            _("contredites par leurs sources"), "contradicted", days, address(unit, avec="contradiction"), rises=False
        ),
    ]


def _clean(today: QualityDay, days: Sequence[QualityDay], unit: Unit | None) -> Figure | None:
    return _figure(_("fiches propres"), "neat", days, address(unit, avec="propre")) if today.partners else None


def _doubles(today: QualityDay, unit: Unit | None) -> list[tuple[str, int, str]]:
    lines = (
        (_("trouvés"), today.found, "trouves"),
        (_("réunis"), today.merged, "reunis"),
        (_("dont sans demander"), today.alone, "seuls"),
        (_("écartés"), today.refused, "ecartes"),
        (_("à juger"), today.waiting, "a-juger"),
    )
    return [(label, number, pairs_address(unit, state)) for label, number, state in lines]


def _fields(today: QualityDay, unit: Unit | None) -> list[tuple[str, int, str, int]]:
    """(field, partners, their list, share of the most contradicted field)."""
    found = sorted(today.fields.items(), key=lambda item: (-item[1], item[0]))
    most = found[0][1] if found else 1
    return [
        (wording.field_label(f"partner.{field}"), number, address(unit, champ=field), round(100 * number / most))
        for field, number in found
    ]


def _units(day: dt.date) -> list[UnitLine]:
    rows = QualityDay.objects.filter(day=day, unit__isnull=False).select_related("unit").order_by("unit__tree_key")
    return [_unit_line(row, row.unit) for row in rows if row.unit is not None and row.partners]


def _unit_line(row: QualityDay, unit: Unit) -> UnitLine:
    shares = [
        (str(label), share(getattr(row, name), row.partners), address(unit, sans=word)) for name, word, label in HAVE
    ]
    counted = [getattr(row, name) for name, _word, _label in HAVE]
    complete = share(sum(counted), row.partners * len(counted))
    return UnitLine(
        unit, row.partners, shares, complete, row.partners - row.numbered, row.waiting, share(row.neat, row.partners)
    )


def _thinned(days: Sequence[QualityDay], wanted: int) -> list[QualityDay]:
    """The last day, and days evenly spread before it, the newest first."""
    if len(days) <= wanted:
        return list(reversed(days))
    step = (len(days) - 1) / (wanted - 1)
    return [days[-1 - round(place * step)] for place in range(wanted)]


def unit_of(pk: int) -> Unit | None:
    """The unit that the board is narrowed to."""
    return Unit.objects.active().filter(pk=pk).first() if pk else None


def units_to_choose() -> list[tuple[int, str]]:
    """The units of the tree."""
    return [(unit.pk, unit.name) for unit in Unit.objects.active().in_tree_order()]


def to_check(actor: Actor) -> int:
    """How many merges made alone wait for a check by this actor (counted up to 200)."""
    if not actor.has(Role.MEMBER, Role.DATA_STEWARD):
        return 0
    return checking.waiting(actor)[:200].count()


def board_rows(board: Board) -> tuple[list[str], list[list[Any]]]:
    """The table of units as a file: headings and lines."""
    headings = [_("Entité"), _("Fiches"), *[str(label) + " (%)" for _n, _w, label in HAVE], _("Complétude (%)"), _("À qualifier"),
                _("Doublons à juger"), _("Propres (%)")]  # fmt: skip
    lines = [
        [line.unit.name, line.partners, *[percent for _label, percent, _url in line.shares], line.complete, line.to_qualify, line.waiting,
         line.clean]
        for line in board.units
    ]  # fmt: skip
    return headings, lines
