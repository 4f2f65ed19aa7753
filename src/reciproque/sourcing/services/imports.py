"""The life of an import as people steer it: a file comes in, its columns are named, it is checked, run, stopped, undone."""

import datetime as dt
import hashlib
import uuid
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _

from reciproque.engines.intake import Mapping, MappingError, guess, proposed
from reciproque.engines.tabular import Inspection, Limits, ReadOptions, SheetInspection, TabularError, inspect
from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.foundation.jobs import defer
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.sourcing import lifecycle, policies, wording
from reciproque.sourcing.models import Import, ImportFile, Source, SourceRecord
from reciproque.sourcing.pipeline import running

BLOCK = 1 << 20
KEPT_WITHOUT_IMPORT = dt.timedelta(days=1)
FOLDER = "imports"


@operation("sourcing.receive_file")
def receive_file(*, actor: Actor, content: BinaryIO, name: str) -> ImportFile:
    """Keep a file under a name of ours and look into it (in a child process with limits).

    Raises DomainError with what to do when it cannot be read; nothing is kept then.
    """
    if not actor.is_staff:
        policies.sources.require(actor, "edit", Source())
    relative = f"{FOLDER}/{uuid.uuid4().hex}{Path(name).suffix.lower()[:6]}"
    path = Path(settings.MEDIA_ROOT) / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        size, digest = _copy(content, path)
        inspection = inspect(path, original_name=name)
    except TabularError as error:
        path.unlink(missing_ok=True)
        raise DomainError(wording.file_problem(error.code, error.detail), code=error.code) from error
    return ImportFile.objects.create(
        path=relative, original_name=name[-250:], size=size, sha256=digest, inspection=inspection.to_json(),
        uploaded_by_id=actor.user_id,
    )  # fmt: skip


@operation("sourcing.open_import")
def open_import(
    *, actor: Actor, source: Source, file: ImportFile, sheet: str | None = None, observed_on: dt.date | None = None
) -> Import:
    """Begin to import one sheet of a file for a source: the first sheet that holds rows unless one is named.

    The columns are those of the source's last import where their headings are the same, else guessed.
    """
    policies.sources.require(actor, "edit", source)
    chosen = sheet_of(file, sheet)
    run = Import(
        source=source, unit=source.unit, author_id=actor.user_id, file=file, sheet=chosen.name,
        options=chosen.options.to_json(), total=chosen.n_rows, mapping=propose(source, chosen).to_json(),
    )  # fmt: skip
    if observed_on:
        run.observed_on = observed_on
    run.save()
    policies.imports.require(actor, "run", run)
    return run


@operation("sourcing.map_columns")
def map_columns(*, actor: Actor, run: Import, mapping: dict[str, Any], options: dict[str, Any] | None = None) -> Import:
    """Say what each column is; remembered for the next file of the source. Rows already read are read again."""
    policies.imports.require(actor, "run", run)
    run = Import.objects.select_for_update().get(pk=run.pk)
    if not run.columns_open:
        raise DomainError(_("L’import est déjà lancé : ses colonnes ne changent plus."))
    try:
        valid = Mapping.from_json(mapping)
    except MappingError as error:
        raise DomainError(wording.mapping_problem(error.code, error.detail)) from error
    if options and options != run.options:
        run.options = ReadOptions.from_json(options).to_json()
    run.mapping = valid.to_json()
    run.state = Import.State.UPLOADED
    run.done = 0
    run.save()
    SourceRecord.objects.filter(import_run=run).delete()
    Source.objects.filter(pk=run.source_id).update(mapping=run.mapping)
    return run


@operation("sourcing.start_check")
def start_check(*, actor: Actor, run: Import) -> Import:
    """Have every row read, checked and compared with the directory by the worker."""
    policies.imports.require(actor, "run", run)
    lifecycle.importing.move(run, "check", stop_asked=False, problem="", done=0)
    defer("sourcing.check", queueing_lock=running.name_of(run), lock=running.name_of(run), import_id=run.pk)
    return run


@operation("sourcing.run_import")
def run_import(*, actor: Actor, run: Import) -> Import:
    """Have every row that is ready written by the worker; rows that wait stay for later."""
    policies.imports.require(actor, "run", run)
    lifecycle.importing.move(run, "run", stop_asked=False, problem="", done=0)
    defer("sourcing.apply", queueing_lock=running.name_of(run), lock=running.name_of(run), import_id=run.pk)
    return run


@operation("sourcing.stop_import")
def stop_import(*, actor: Actor, run: Import) -> Import:
    """Ask the worker to stop after the rows it is writing; what is written stays, the rest can go on later."""
    policies.imports.require(actor, "run", run)
    lifecycle.importing.move(run, "stop", stop_asked=True)
    return run


@operation("sourcing.undo_import")
def undo_import(*, actor: Actor, run: Import) -> Import:
    """Take back what an import did, record by record, except where somebody has worked since."""
    policies.imports.require(actor, "undo", run)
    lifecycle.importing.move(run, "undo", stop_asked=False, done=0)
    defer("sourcing.undo", queueing_lock=running.name_of(run), lock=running.name_of(run), import_id=run.pk)
    return run


@operation("sourcing.abandon_import")
def abandon_import(*, actor: Actor, run: Import) -> None:
    """Forget an import that has written nothing yet, with its rows."""
    policies.imports.require(actor, "run", run)
    if run.is_moving or SourceRecord.objects.filter(import_run=run).exclude(applied_at=None).exists():
        raise DomainError(_("Cet import a déjà écrit des lignes : annulez-le plutôt que de l’abandonner."))
    run.delete()


@operation("sourcing.sweep_files")
def sweep_files(*, actor: Actor) -> int:
    """Forget, a day after they came, the files that no import keeps: given up, or cut by a kill before they were written down.

    Returns how many. Safe to repeat.
    """
    if not actor.is_system:
        raise Forbidden(_("Seul le système fait ce ménage."))
    before = now() - KEPT_WITHOUT_IMPORT
    lost = ImportFile.objects.filter(uploaded_at__lt=before).exclude(pk__in=Import.objects.values("file"))
    lost.delete()
    folder, swept = Path(settings.MEDIA_ROOT) / FOLDER, 0
    known = {Path(path).name for path in ImportFile.objects.values_list("path", flat=True)}
    for path in folder.iterdir() if folder.exists() else ():
        if path.name not in known and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def sheet_of(file: ImportFile, name: str | None) -> SheetInspection:
    """The sheet of that name, or the first visible one with rows. Raises DomainError when there is none."""
    sheets = Inspection.from_json(file.inspection).sheets
    for sheet in sheets:
        if name is not None and sheet.name == name:
            return sheet
    for sheet in sheets if name is None else ():
        if sheet.n_rows and not sheet.hidden:
            return sheet
    raise DomainError(
        _("Ce fichier ne contient aucune ligne à importer.") if name is None else _("Cette feuille n’existe pas.")
    )


def propose(source: Source, sheet: SheetInspection) -> Mapping:
    """The columns as last time where the headings are the same, else as they look."""
    guessed = proposed(sheet.headers, guess(sheet.headers, sheet.evidence))
    if not source.mapping:
        return guessed
    fitted = Mapping.from_json(source.mapping).fitted(sheet.headers)
    return fitted if fitted.usable else guessed


def _copy(content: BinaryIO, path: Path) -> tuple[int, str]:
    limit, size, digest = Limits().file_bytes, 0, hashlib.sha256()
    with path.open("wb") as target:
        while block := content.read(BLOCK):
            size += len(block)
            if size > limit:
                raise TabularError("too_large", str(limit))
            digest.update(block)
            target.write(block)
    return size, digest.hexdigest()
