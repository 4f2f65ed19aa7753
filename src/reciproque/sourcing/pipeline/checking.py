"""Second step: each row is understood (draft, problems), then compared with the directory and with the rows before it."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from reciproque.engines.intake import Draft, Drafter, Mapping
from reciproque.engines.linkage import Verdict
from reciproque.sourcing.models import Import, SourceRecord
from reciproque.sourcing.pipeline.known import catch_up
from reciproque.sourcing.pipeline.matching import Leaders, Matcher, mention_of
from reciproque.sourcing.pipeline.refusals import Refused

CHUNK = 2000
S, D = SourceRecord.State, SourceRecord.Decision

UPDATE = """
UPDATE sourcing_sourcerecord record SET draft = new.draft, problems = new.problems, problem_codes = new.codes,
  row_key = new.row_key, state = new.state, decision = new.decision,
  candidate_id = new.candidate, leader_id = new.leader, score = new.score, reasons = new.reasons,
  change = new.change, before_id = new.before, cells = coalesce(new.cells, record.cells)
FROM (SELECT * FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, draft jsonb, problems jsonb, codes text[], row_key text, state text,
  decision text, candidate bigint, leader bigint, score float, reasons text[], change text, before bigint, cells text[])) new
WHERE record.id = new.id
"""


@dataclass(slots=True)
class Understood:
    """A row with its draft, waiting for its verdict."""

    record: SourceRecord
    draft: Draft
    key: str


def check(run: Import, *, on_chunk: Any) -> None:
    """Check every staged row, in order, chunk by chunk; `on_chunk(n)` after each transaction returns False to stop."""
    drafter = Drafter(Mapping.from_json(run.mapping))
    ranks = Counter(_base(key) for key in _keys_so_far(run))
    catch_up()
    matcher = _matcher(run)
    while True:
        with transaction.atomic():
            rows = list(
                SourceRecord.objects.filter(import_run=run, state=S.STAGED).order_by("line").select_for_update()[:CHUNK]
            )
            if rows:
                _check_rows(rows, drafter, ranks, matcher)
        if not rows or not on_chunk(len(rows)):
            return


def check_again(run: Import, rows: Sequence[SourceRecord]) -> None:
    """Check rows whose cells were corrected, inside the caller's transaction."""
    if rows:
        _check_rows(list(rows), Drafter(Mapping.from_json(run.mapping)), None, _matcher(run))


def _matcher(run: Import) -> Matcher:
    """The judge of the rows of an import, who knows those read already and what was refused of them."""
    refused = Refused(run.source_id)
    refused.read_again(run)
    return Matcher(Leaders(run), refused)


def _check_rows(rows: list[SourceRecord], drafter: Drafter, ranks: Counter[str] | None, matcher: Matcher) -> None:
    understood = []
    for record in rows:
        draft = drafter.draft(record.values)
        key = record.row_key
        if ranks is not None:
            ranks[draft.key] += 1
            key = draft.key if ranks[draft.key] == 1 else f"{draft.key}#{ranks[draft.key]}"
        understood.append(Understood(record, draft, key))
    before = _versions_before(rows[0], [row.key for row in understood])
    mentions = [
        None if row.draft.waits or row.key in before else mention_of(row.record.pk, row.draft.partner, row.draft.site)
        for row in understood
    ]
    said = {
        mention.key: (row.draft.partner, row.draft.site)
        for mention, row in zip(mentions, understood, strict=True)
        if mention
    }
    keys = {row.record.pk: row.key for row in understood}
    verdicts = matcher.judge(mentions, said=said, rows=keys)
    lines = [_line(row, verdict, before.get(row.key)) for row, verdict in zip(understood, verdicts, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [json.dumps(lines, ensure_ascii=False)])


def _line(row: Understood, verdict: Verdict | None, before: tuple[int, int | None, Any] | None) -> dict[str, Any]:
    draft = row.draft
    packed = {"partner": draft.partner, "site": draft.site, "people": list(draft.people), "meta": draft.meta}
    line: dict[str, Any] = {
        "id": row.record.pk, "draft": packed,
        "problems": [list(problem) for problem in draft.problems],
        "codes": sorted({problem.code for problem in draft.problems}), "row_key": row.key,
        "state": S.WAITING, "decision": D.NONE, "candidate": None, "leader": None, "score": 0.0, "reasons": (),
        "change": "", "before": None, "cells": _without_secret(row.record, draft),
    }  # fmt: skip
    if before is not None:
        number, partner, former = before
        same = all(former.get(part) == packed[part] for part in ("partner", "site", "people"))
        line |= {"before": number, "change": "same" if same else "changed", "decision": D.SAME, "candidate": partner}
        line |= {
            "state": S.WAITING if draft.waits else S.UNCHANGED if same else S.READY,
            "score": 1.0,
            "reasons": ("same_row",),
        }
    elif verdict is not None:
        found = verdict.candidate
        line |= {
            "change": "new",
            "decision": verdict.decision,
            "score": verdict.score,
            "reasons": verdict.reasons,
        }
        line |= {"state": S.WAITING if verdict.decision == "doubtful" else S.READY}
        line |= {"candidate": found} if found and found > 0 else {"leader": -found if found else None}
    return line


def _without_secret(record: SourceRecord, draft: Draft) -> list[str] | None:
    """The cells without a national insurance number, which is never kept; None when there is none."""
    columns = {problem.column for problem in draft.problems if problem.code == "nir"}
    return [("" if column in columns else cell) for column, cell in enumerate(record.cells)] if columns else None


def _base(key: str) -> str:
    return key.rsplit("#", 1)[0] if "#" in key else key


def _keys_so_far(run: Import) -> list[str]:
    return list(SourceRecord.objects.filter(import_run=run).exclude(row_key="").values_list("row_key", flat=True))


def _versions_before(row: SourceRecord, keys: list[str]) -> dict[str, tuple[int, int | None, Any]]:
    """Row key → (record, partner, draft) of the version of the row that speaks today, from an earlier import."""
    found = SourceRecord.objects.speaking().filter(source_id=row.source_id, row_key__among=keys)
    rows = found.exclude(import_run_id=row.import_run_id).exclude(partner=None).order_by()
    return {
        key: (pk, partner, draft)
        for key, pk, partner, draft in rows.values_list("row_key", "pk", "partner_id", "draft")
    }
