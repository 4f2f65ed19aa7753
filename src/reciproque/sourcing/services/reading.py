"""The file was not read as it should be: another header line, another separator, another encoding."""

import dataclasses
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from reciproque.engines.intake import guess, proposed
from reciproque.engines.tabular import Inspection, Limits, ReadOptions, SheetInspection, TabularError, read
from reciproque.foundation.errors import DomainError
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.sourcing import policies, wording
from reciproque.sourcing.models import Import, ImportFile, SourceRecord

LOOKED_AT = 400
SAMPLES = 10
CUT = 200


@operation("sourcing.read_otherwise")
def read_otherwise(*, actor: Actor, run: Import, header_line: int, separator: str = "", encoding: str = "") -> Import:
    """Read the sheet again as somebody says; the columns are guessed anew. Rows already read are forgotten."""
    policies.imports.require(actor, "run", run)
    run = Import.objects.select_for_update(of=("self",)).select_related("file", "source").get(pk=run.pk)
    if run.state not in {Import.State.UPLOADED, Import.State.CHECKED, Import.State.FAILED}:
        raise DomainError(_("L’import est déjà lancé : la lecture du fichier ne change plus."))
    inspection = Inspection.from_json(run.file.inspection)
    held = next(sheet for sheet in inspection.sheets if sheet.name == run.sheet)
    try:
        sheet = looked_at(run.file, held, header_line, separator or held.separator, encoding or held.encoding)
    except TabularError as error:
        raise DomainError(wording.file_problem(error.code, error.detail), code=error.code) from error
    sheets = tuple(sheet if other.name == run.sheet else other for other in inspection.sheets)
    ImportFile.objects.filter(pk=run.file_id).update(inspection=Inspection(inspection.format, sheets).to_json())
    run.options, run.total, run.done = sheet.options.to_json(), sheet.n_rows, 0
    run.mapping = proposed(sheet.headers, guess(sheet.headers, sheet.evidence)).to_json()
    run.state = Import.State.UPLOADED
    run.save()
    SourceRecord.objects.filter(import_run=run).delete()
    return run


def looked_at(
    file: ImportFile, held: SheetInspection, header_line: int, separator: str, encoding: str
) -> SheetInspection:
    """The sheet as it reads with this line as its header. Raises DomainError when the line holds nothing."""
    path = Path(settings.MEDIA_ROOT) / file.path
    bare = ReadOptions(held.format, (), 1, Limits().columns, separator, encoding)
    first = {row.line: row.cells for row in islice(read(path, held.name, options=bare), LOOKED_AT)}
    header = _trimmed(first.get(header_line, ()))
    if not any(header):
        raise DomainError(
            _("La ligne %(line)s est vide : indiquez celle des titres de colonnes.") % {"line": header_line}
        )
    below = [_trimmed(cells) for line, cells in sorted(first.items()) if line > header_line]
    width = max(len(header), *(len(cells) for cells in below), 0) if below else len(header)
    rows = [tuple(cell[:CUT] for cell in (*cells, *[""] * (width - len(cells)))) for cells in below if any(cells)]
    options = dataclasses.replace(bare, header_rows=(header_line,), first_line=header_line + 1, n_columns=width)
    count = sum(1 for row in read(path, held.name, options=options) if row.kind in {"data", "total"})
    return dataclasses.replace(
        held, n_rows=count, n_columns=width, header_rows=(header_line,), first_line=header_line + 1,
        headers=(*header, *[""] * (width - len(header))), samples=tuple(rows[:SAMPLES]), evidence=_evidence(rows, width),
        separator=separator, encoding=encoding, confidence=1.0,
    )  # fmt: skip


def _trimmed(cells: Any) -> tuple[str, ...]:
    kept = [cell.strip() for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _evidence(rows: list[tuple[str, ...]], width: int) -> tuple[tuple[str, ...], ...]:
    """The first filled values of each column, lined up as rows."""
    columns = [[row[column] for row in rows if row[column]][:50] for column in range(width)]
    deepest = max((len(column) for column in columns), default=0)
    return tuple(tuple(column[line] if line < len(column) else "" for column in columns) for line in range(deepest))
