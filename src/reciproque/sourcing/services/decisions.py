"""What people decide about single rows: the doubtful ones, the ones that wait with a problem."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from reciproque.foundation.errors import DomainError
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.sourcing import policies
from reciproque.sourcing.models import Import, SourceRecord
from reciproque.sourcing.pipeline import checking

D, S = SourceRecord.Decision, SourceRecord.State


@operation("sourcing.decide_records")
def decide_records(*, actor: Actor, run: Import, ids: Iterable[int], decision: str) -> int:
    """Say of doubtful rows that they are the suspected partner (same), another one (new), or wait (later)."""
    if decision not in {D.SAME, D.NEW, D.LATER}:
        raise DomainError(_("Choisissez : la même organisation, une nouvelle, ou plus tard."))
    rows = _open_rows(actor, run).filter(pk__in=list(ids))
    if decision == D.SAME:
        rows = rows.exclude(candidate=None, leader=None)
    state = S.WAITING if decision == D.LATER else S.READY
    changes: dict[str, Any] = {"decision": decision, "state": state, "decided_by_id": actor.user_id}
    if decision == D.NEW:
        changes |= {"candidate": None, "leader": None}
    changed: int = rows.filter(decision__in=[D.DOUBTFUL, D.LATER, D.SAME, D.NEW]).update(**changes)
    return changed


@operation("sourcing.decide_alike")
def decide_alike(*, actor: Actor, run: Import, reasons: Iterable[str], decision: str) -> int:
    """Decide at once about all the rows that are doubtful for exactly these reasons."""
    rows = _open_rows(actor, run).filter(reasons=list(reasons), decision__in=[D.DOUBTFUL, D.LATER])
    return decide_records(actor=actor, run=run, ids=rows.values_list("pk", flat=True), decision=decision)


@operation("sourcing.correct_cells")
def correct_cells(
    *, actor: Actor, run: Import, column: int, values: Mapping[str, str], ids: Iterable[int] | None = None
) -> int:
    """Replace cells of one column, wherever they hold one of these texts: `{text: corrected}`; the file's cells stay.

    With `ids`, only in those rows. The rows are checked again at once. Returns how many.
    """
    rows = _open_rows(actor, run).filter(state=S.WAITING)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    touched = []
    for record in rows.select_for_update():
        cells = record.values
        if 0 <= column < len(cells) and cells[column] in values:
            record.corrections[str(column)] = values[cells[column]][:32_767]
            touched.append(record)
    SourceRecord.objects.bulk_update(touched, ["corrections"], batch_size=500)
    checking.check_again(run, touched)
    return len(touched)


@operation("sourcing.ignore_records")
def ignore_records(*, actor: Actor, run: Import, ids: Iterable[int]) -> int:
    """Leave rows out of the directory; they stay in the import, and can be downloaded."""
    rows = _open_rows(actor, run).filter(pk__in=list(ids), state=S.WAITING)
    ignored: int = rows.update(state=S.IGNORED, decided_by_id=actor.user_id)
    return ignored


def _open_rows(actor: Actor, run: Import) -> Any:
    policies.imports.require(actor, "run", run)
    fresh = Import.objects.select_for_update().get(pk=run.pk)
    if fresh.state == Import.State.UNDONE:
        raise DomainError(_("Cet import est annulé : déposez le fichier de nouveau pour importer ses lignes."))
    if not fresh.rows_open:
        raise DomainError(_("L’import avance en ce moment : attendez qu’il s’arrête."))
    return SourceRecord.objects.filter(import_run=run, state__in=[S.WAITING, S.READY])
