"""First step: every line of the sheet becomes a source record, exactly as it is written."""

from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from reciproque.engines.tabular import ReadOptions, Row, read
from reciproque.sourcing.models import Import, SourceRecord

CHUNK = 2000
COLUMNS = (
    "import_run_id, source_id, unit_id, line, observed_on, cells, corrections, draft, problems, problem_codes, row_key, "
    "state, decision, score, reasons, change, current, kept"
)


def stage(run: Import) -> int:
    """Copy the lines that are not there yet; returns how many rows the import has. Safe to interrupt and to repeat."""
    last = SourceRecord.objects.filter(import_run=run).aggregate(last=Max("line"))["last"] or 0
    path = Path(settings.MEDIA_ROOT) / run.file.path
    rows = (
        row
        for row in read(path, run.sheet, options=ReadOptions.from_json(run.options))
        if row.line > last and row.kind in {"data", "total"}
    )
    while chunk := list(islice(rows, CHUNK)):
        with transaction.atomic():
            _copy(run, chunk)
    total = SourceRecord.objects.filter(import_run=run).count()
    Import.objects.filter(pk=run.pk).update(total=total)
    return total


def _copy(run: Import, rows: list[Row]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY sourcing_sourcerecord ({COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            total = row.kind == "total"
            copy.write_row(
                (
                    run.pk, run.source_id, run.unit_id, row.line, run.observed_on, [_storable(cell) for cell in row.cells],
                    "{}", "{}", '[[-1, "", "total_line", "warning", "", ""]]' if total else "[]",
                    ["total_line"] if total else [], "", "ignored" if total else "staged", "", 0, [], "", True, "",
                )
            )  # fmt: skip


def _storable(cell: str) -> str:
    """PostgreSQL refuses NUL and lone surrogates; nothing readable is lost with them."""
    return cell.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
