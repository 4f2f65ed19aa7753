"""Décloisonnement: what the units' files become once they are one network, in figures and in one picture."""

import math
from dataclasses import dataclass
from typing import Any

from django.db import connection

from reciproque.institution.models import Unit
from reciproque.sourcing import wording
from reciproque.sourcing.models import Import

UNITS_SHOWN = 14

# What is said of whom: the rows that speak today; those of one import as though they were written (new partners below zero).
SAID = """
WITH said AS (
  SELECT unit_id, partner_id, draft FROM sourcing_sourcerecord WHERE state = 'applied' AND current AND partner_id IS NOT NULL
  UNION ALL
  SELECT unit_id, coalesce(candidate_id, -coalesce(leader_id, id)), draft FROM sourcing_sourcerecord
  WHERE import_run_id = %(run)s AND state = 'ready'
), known AS (SELECT DISTINCT unit_id, partner_id FROM said)
"""
UNITS = """
, shared AS (SELECT partner_id, count(*) AS units FROM known GROUP BY 1)
SELECT known.unit_id, count(*), count(*) FILTER (WHERE shared.units > 1),
  count(*) FILTER (WHERE partner.siren <> '' OR fresh.draft #>> '{partner,siren}' <> '' OR fresh.draft #>> '{site,siret}' <> ''),
  count(*) FILTER (WHERE partner.postcode <> '' OR fresh.draft #>> '{site,postcode}' <> ''),
  count(*) FILTER (WHERE partner.email <> '' OR partner.phone <> '' OR fresh.draft #>> '{partner,email}' <> ''
    OR fresh.draft #>> '{partner,phone}' <> ''),
  count(*) FILTER (WHERE EXISTS (SELECT 1 FROM directory_position WHERE partner_id = partner.id AND ended_on IS NULL)
    OR jsonb_array_length(coalesce(fresh.draft->'people', '[]')) > 0)
FROM known JOIN shared USING (partner_id) LEFT JOIN directory_partner partner ON partner.id = known.partner_id
LEFT JOIN sourcing_sourcerecord fresh ON known.partner_id < 0 AND fresh.id = -known.partner_id
GROUP BY 1
"""
ROWS = "SELECT unit_id, count(*) FROM said GROUP BY 1"
PAIRS = """
SELECT a.unit_id, b.unit_id, count(*) FROM known a JOIN known b ON a.partner_id = b.partner_id AND a.unit_id <= b.unit_id GROUP BY 1, 2
"""
BY_UNITS = "SELECT units, count(*) FROM (SELECT partner_id, count(*) AS units FROM known GROUP BY 1) counted GROUP BY 1 ORDER BY 1"
DISAGREE = """
SELECT field, count(*) FROM (
  SELECT said.partner_id, one.key AS field FROM said, jsonb_each_text(said.draft->'partner') one WHERE one.key = ANY(%(fields)s)
  GROUP BY 1, 2 HAVING count(DISTINCT rq_fold(one.value)) > 1) several
GROUP BY 1 ORDER BY 2 DESC
"""
BEST = """
SELECT source.unit_id, origin.key, count(*)
FROM directory_partner partner, jsonb_each(partner.origins) origin
JOIN sourcing_source source ON source.code = origin.value->>'source'
WHERE origin.key = ANY(%s) GROUP BY 1, 2
"""
COMPARED = ["name", "siren", "rna", "naf", "kind", "web", "email", "phone", "legal_category", "headcount_band"]
HELD = ["name", "siren", "naf", "web", "email", "phone"]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """What one unit brings: its rows, its organisations, those that others know too, and how complete they are (shares of 100)."""

    unit: Unit
    rows: int
    organisations: int
    shared: int
    siren: int
    place: int
    contact: int
    people: int
    best: dict[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole network's account. `pairs[a, b]` counts the organisations that both units gave."""

    rows: int
    organisations: int
    shared: int
    lines: list[UnitLine]
    pairs: dict[tuple[int, int], int]
    by_units: list[tuple[int, int]]
    disagreements: list[tuple[str, int]]


def decloisonnement(run: Import | None = None) -> Report:
    """Count everything, from the rows that speak today; with those of an import as though it were written already.

    Seven queries, whatever the size.
    """
    told = {"run": run.pk if run else None, "fields": COMPARED}
    units = {unit.pk: unit for unit in Unit.objects.in_tree_order()}
    with connection.cursor() as cursor:
        cursor.execute(SAID + ROWS, told)
        rows: dict[int, int] = dict(cursor.fetchall())
        cursor.execute(SAID + UNITS, told)
        counted = cursor.fetchall()
        cursor.execute(SAID + PAIRS, told)
        pairs = {(a, b): n for a, b, n in cursor.fetchall()}
        cursor.execute(SAID + BY_UNITS, told)
        by_units: list[tuple[int, int]] = cursor.fetchall()
        cursor.execute(SAID + DISAGREE, told)
        disagreements = [(wording.field_label(f"partner.{field}"), n) for field, n in cursor.fetchall()]
        cursor.execute(BEST, [HELD])
        best: dict[int, dict[str, int]] = {}
        for unit, field, number in cursor.fetchall():
            best.setdefault(unit, {})[wording.field_label(f"partner.{field}")] = number

    def share(part: int, whole: int) -> int:
        return round(100 * part / whole) if whole else 0

    lines = [
        UnitLine(
            units[pk],
            rows.get(pk, 0),
            n,
            shared,
            share(siren, n),
            share(place, n),
            share(contact, n),
            share(people, n),
            best.get(pk, {}),
        )
        for pk, n, shared, siren, place, contact, people in counted
    ]
    lines.sort(key=lambda line: -line.organisations)
    organisations = sum(n for _units, n in by_units)
    together = sum(n for count, n in by_units if count > 1)
    return Report(sum(rows.values()), organisations, together, lines, pairs, by_units, disagreements)


def picture(report: Report) -> dict[str, Any]:
    """The matrix of what units share: a square per pair, the deeper the more organisations; drawn by the template."""
    shown = report.lines[:UNITS_SHOWN]
    longest = max((len(line.unit.short_name[:22]) for line in shown), default=0)
    width, height, left, top = 52, 30, 24 + 7 * longest, 8
    most = max((n for (a, b), n in report.pairs.items() if a != b), default=1)
    squares = []
    for row, line in enumerate(shown):
        for column, other in enumerate(shown[: row + 1]):
            key = (min(line.unit.pk, other.unit.pk), max(line.unit.pk, other.unit.pk))
            number, own = report.pairs.get(key, 0), row == column
            depth = math.log1p(number) / math.log1p(most) if number and not own else 0.0
            x, y = left + column * width, top + row * height
            squares.append(
                {"x": x, "y": y, "text_x": x + (width - 3) // 2, "text_y": y + 18, "n": number, "own": own, "deep": depth > 0.55,
                 "depth": f"{0.1 + 0.8 * depth:.2f}" if depth else "0", "one": line.unit.short_name, "other": other.unit.short_name}
            )  # fmt: skip
    bottom = top + len(shown) * height
    labels = [
        {"name": line.unit.short_name[:22], "y": top + row * height + 18, "x": left + row * width + width // 2, "foot": bottom + 14}
        for row, line in enumerate(shown)
    ]  # fmt: skip
    return {
        "squares": squares, "labels": labels, "side": width - 3, "rise": height - 3, "width": (across := left + len(shown) * width + 8),
        "height": bottom + 24 + 5 * longest, "left": left, "shown": across * 5 // 4,
    }  # fmt: skip


def sheets(report: Report) -> list[tuple[str, list[str], list[list[Any]]]]:
    """The same as a workbook: units, pairs, disagreements."""
    names = {line.unit.pk: line.unit.name for line in report.lines}
    held = sorted({field for line in report.lines for field in line.best})
    return [
        (
            "Entités",
            ["Entité", "Lignes", "Organisations", "Partagées", "Avec SIREN (%)", "Avec lieu (%)", "Avec contact (%)", "Avec personnes (%)",
             *[f"Meilleure valeur : {field}" for field in held]],
            [
                [line.unit.name, line.rows, line.organisations, line.shared, line.siren, line.place, line.contact, line.people,
                 *[line.best.get(field, 0) for field in held]]
                for line in report.lines
            ],
        ),
        (
            "Recouvrements",
            ["Entité", "Entité", "Organisations communes"],
            [[names[a], names[b], n] for (a, b), n in sorted(report.pairs.items(), key=lambda pair: -pair[1]) if a != b],
        ),
        ("Nombre d’entités", ["Connue de … entités", "Organisations"], [list(line) for line in report.by_units]),
        ("Désaccords", ["Champ", "Organisations"], [list(line) for line in report.disagreements]),
    ]  # fmt: skip
