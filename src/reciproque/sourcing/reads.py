"""Reads of the wizard: problems by column, rows by decision, what an import would give."""

from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import Case, Count, F, When
from django.utils.translation import gettext as _

from reciproque.directory.models import Partner, PartnerUnit
from reciproque.directory.reference import departments
from reciproque.engines.identifiers import format_siren
from reciproque.engines.intake import Mapping
from reciproque.sourcing import problems, wording
from reciproque.sourcing.models import Import, SourceRecord

S, D = SourceRecord.State, SourceRecord.Decision
PAGE = 50

BY_PROBLEM = """
SELECT problem->>2 AS code, (problem->>0)::int AS number, problem->>3 AS severity, count(*) AS rows
FROM sourcing_sourcerecord record, jsonb_array_elements(record.problems) AS problem
WHERE record.import_run_id = %s
GROUP BY 1, 2, 3 ORDER BY array_position(ARRAY['error', 'warning', 'info'], problem->>3) NULLS LAST, 4 DESC, 1, 2
"""
BY_VALUE = """
SELECT problem->>4 AS value, problem->>5 AS suggestion, count(*) AS rows, array_agg(record.line ORDER BY record.line) AS lines
FROM sourcing_sourcerecord record, jsonb_array_elements(record.problems) AS problem
WHERE record.import_run_id = %s AND problem->>2 = %s AND (problem->>0)::int = %s AND (%s = '' OR record.state = %s)
GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 100
"""


def columns_of(run: Import) -> list[str]:
    """The headings of the file, by column."""
    return (
        [column.header or f"({column.index + 1})" for column in Mapping.from_json(run.mapping).columns]
        if run.mapping
        else []
    )


def problems_by_column(run: Import) -> list[dict[str, Any]]:
    """What is wrong, gathered: « 412 × téléphone illisible », what stops rows first."""
    headers = columns_of(run)
    with connection.cursor() as cursor:
        cursor.execute(BY_PROBLEM, [run.pk])
        found = cursor.fetchall()
    return [
        {
            "code": code, "column": column, "severity": severity, "rows": rows,
            "header": headers[column] if 0 <= column < len(headers) else "", "sentence": problems.problem_sentence(code),
        }
        for code, column, severity, rows in found
    ]  # fmt: skip


def values_with_problem(run: Import, code: str, column: int, *, waiting: bool) -> list[dict[str, Any]]:
    """The texts that have this problem, the most frequent first, with the lines that hold them."""
    state = S.WAITING if waiting else ""
    with connection.cursor() as cursor:
        cursor.execute(BY_VALUE, [run.pk, code, column, state, state])
        rows = cursor.fetchall()
    return [
        {"value": v, "suggestion": s or "", "rows": n, "lines": lines[:6], "more": max(0, n - 6)}
        for v, s, n, lines in rows
    ]


LATER = 1_000_000_000
"""Rank of the first row said « later »; no file has so many lines."""


def tab_counts(run: Import) -> dict[str, int]:
    """How many rows are new, known, doubtful, waiting with a problem, already there unchanged."""
    rows = SourceRecord.objects.filter(import_run=run).exclude(state__in=[S.IGNORED, S.WITHDRAWN])
    found: Counter[str] = Counter()
    for state, decision, number in rows.order_by().values_list("state", "decision").annotate(n=Count("pk")):
        found[tab_of(state, decision)] += number
    return dict(found)


def tab_of(state: str, decision: str) -> str:
    """The tab of the reconciliation under which a row stands."""
    if state == S.UNCHANGED:
        return "inchangees"
    if decision in {D.DOUBTFUL, D.LATER}:
        return "douteuses"
    if state == S.WAITING:
        return "en-attente"
    return "connues" if decision == D.SAME else "nouvelles"


def rows_of_tab(run: Import, tab: str, after: int = 0) -> list[dict[str, Any]]:
    """A page of rows of one tab, each with the partner or the row it is compared with. Three queries.

    Doubtful rows said « later » come last: the next one to decide is always the first. `after` is the rank of the last row seen.
    """
    held = SourceRecord.objects.filter(import_run=run).exclude(state__in=[S.IGNORED, S.WITHDRAWN])
    rank = F("line") + Case(When(decision=D.LATER, then=LATER), default=0) if tab == "douteuses" else F("line")
    rows = held.annotate(rank=rank).filter(rank__gt=after)
    wanted = {
        "inchangees": rows.filter(state=S.UNCHANGED),
        "douteuses": rows.filter(decision__in=[D.DOUBTFUL, D.LATER]).exclude(state=S.APPLIED),
        "en-attente": rows.filter(state=S.WAITING, decision=D.NONE),
        "connues": rows.filter(decision=D.SAME).exclude(state=S.UNCHANGED),
        "nouvelles": rows.filter(decision=D.NEW),
    }
    found = list(
        wanted.get(tab, rows.none()).select_related("candidate", "leader", "partner").order_by("rank")[: PAGE + 1]
    )
    units: dict[int, list[str]] = {}
    ties = PartnerUnit.objects.filter(partner__in=[row.candidate_id for row in found if row.candidate_id])
    for partner, unit in ties.values_list("partner_id", "unit__short_name"):
        units.setdefault(partner, []).append(unit)
    return [
        {
            "record": row, "name": name_of(row), "place": place_of(row.draft), "reasons": [wording.reason(code) for code in row.reasons],
            "candidate": row.candidate, "candidate_siren": format_siren(row.candidate.siren) if row.candidate and row.candidate.siren else "",
            "candidate_units": units.get(row.candidate_id or 0, []),
            "leader_name": name_of(row.leader) if row.leader else "", "leader": row.leader,
            "leader_place": place_of(row.leader.draft) if row.leader else "",
        }
        for row in found
    ]  # fmt: skip


def alike(run: Import) -> list[dict[str, Any]]:
    """The reasons to doubt, with how many rows each stops: what can be decided at once."""
    rows = SourceRecord.objects.filter(import_run=run, decision__in=[D.DOUBTFUL, D.LATER], state=S.WAITING)
    counted = rows.order_by().values_list("reasons").annotate(n=Count("pk")).order_by("-n")
    return [
        {"codes": " ".join(codes), "reasons": [wording.reason(code) for code in codes], "rows": n}
        for codes, n in counted
        if n > 1
    ]


def name_of(row: SourceRecord) -> str:
    """What a row calls its organisation."""
    partner = row.draft.get("partner", {})
    return str(
        partner.get("name") or partner.get("siren") or row.draft.get("site", {}).get("siret") or f"ligne {row.line}"
    )


def place_of(draft: dict[str, Any]) -> str:
    """« 49000 Angers »."""
    site = draft.get("site", {})
    place = " ".join(filter(None, [site.get("postcode"), site.get("city")]))
    department = departments().get(site.get("department", ""))
    return place or (f"{department.name} ({department.code})" if department else "")


def preview(run: Import) -> dict[str, int]:
    """What importing would do: rows, organisations, known ones, new ones, those that other units know already."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH rows AS (
              SELECT coalesce(candidate_id, -coalesce(leader_id, id)) AS target, candidate_id, unit_id
              FROM sourcing_sourcerecord WHERE import_run_id = %s AND state = ANY(%s))
            SELECT (SELECT count(*) FROM rows), count(DISTINCT target), count(DISTINCT candidate_id),
              count(DISTINCT target) FILTER (WHERE candidate_id IS NULL),
              count(DISTINCT candidate_id) FILTER (WHERE EXISTS (
                SELECT 1 FROM directory_partnerunit tie WHERE tie.partner_id = candidate_id AND tie.unit_id <> rows.unit_id))
            FROM rows
            """,
            [run.pk, [S.READY, S.APPLIED, S.UNCHANGED]],
        )
        rows, organisations, known, new, shared = cursor.fetchone()
    return {"rows": rows, "organisations": organisations, "known": known, "new": new, "shared": shared}


def rows_to_download(run: Import) -> tuple[list[str], list[list[str]]]:
    """The rows that did not go in, as the file gave them, with a column that says why; all of them once the import is undone."""
    headers = [*columns_of(run), "ligne", "motif"]
    found = SourceRecord.objects.filter(import_run=run).order_by("line")
    undone = run.state == Import.State.UNDONE
    lines = []
    for row in (found if undone else found.filter(state__in=[S.WAITING, S.IGNORED])).iterator():
        said = [_("Gardée à l’annulation : sa fiche a été modifiée depuis.")] if row.kept else []
        said += [problems.problem_sentence(code) for code in row.problem_codes if row.state != S.WITHDRAWN]
        said += [wording.reason(code) for code in row.reasons if row.decision in {D.DOUBTFUL, D.LATER}]
        cells = [*row.cells, *[""] * len(headers)][: len(headers) - 2]
        lines.append([*cells, str(row.line), " ".join(said) or row.get_state_display()])
    return headers, lines


def gone_rows(run: Import) -> int:
    """How many rows of the source's former file are not in this one."""
    if run.state not in {Import.State.CHECKED, Import.State.DONE, Import.State.STOPPED}:
        return 0
    mine = SourceRecord.objects.filter(import_run=run).exclude(row_key="").values("row_key")
    former = SourceRecord.objects.speaking().filter(source_id=run.source_id).exclude(import_run=run)
    return former.exclude(row_key__in=mine).count()


def to_check(run: Import) -> bool:
    """Whether the check was interrupted: it goes on before anything is written."""
    if run.state not in {Import.State.STOPPED, Import.State.FAILED}:
        return False
    rows = SourceRecord.objects.filter(import_run=run)
    return rows.filter(state=S.STAGED).exists() or not rows.exists()


def partners_of(run: Import, *, created: bool) -> list[Partner]:
    """A first look at what was created, or enriched."""
    effects = (
        run.effects.filter(model="partner", created=created).order_by("pk").values_list("object_id", flat=True)[:12]
    )
    return list(Partner.objects.filter(pk__in=list(effects)).order_by("name_key"))
