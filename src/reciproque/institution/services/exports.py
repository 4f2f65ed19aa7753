"""Lists that go out as files: told to the audit, written by the worker when they are big, forgotten after a week."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from reciproque.foundation.errors import DomainError
from reciproque.foundation.jobs import defer
from reciproque.foundation.operations import operation
from reciproque.institution import policies
from reciproque.institution.access import Actor
from reciproque.institution.models import ListExport

KEPT_FOR = dt.timedelta(days=7)
AT_ONCE = 5
S = ListExport.State


@operation("institution.record_export")
def record_export(*, actor: Actor, page: str, query: str, columns: list[str], form: str, rows: int) -> ListExport:
    """Write that a list goes out as a file, before its first row leaves."""
    return ListExport.objects.create(
        user_id=actor.user_id, page=page, query=query, columns=columns, form=form, rows=rows
    )


@operation("institution.order_export")
def order_export(
    *, actor: Actor, page: str, query: str, columns: list[str], form: str, rows: int, only: Sequence[int] = ()
) -> ListExport:
    """Have the worker write a list as a file for a person; `only` are the numbers of the rows ticked, none for all."""
    if actor.user_id is None or ListExport.objects.filter(user_id=actor.user_id, state=S.WAITING).count() >= AT_ONCE:
        raise DomainError(_("Cinq de vos exports sont déjà en préparation : attendez que l’un d’eux soit prêt."))
    export = ListExport.objects.create(
        user_id=actor.user_id, page=page, query=query, columns=columns, form=form, rows=rows,
        state=S.WAITING, only=list(only),
    )  # fmt: skip
    defer("institution.write_export", lock=f"export-{export.pk}", export_id=export.pk)
    return export


@operation("institution.export_written")
def export_written(*, actor: Actor, export: ListExport, path: str, rows: int) -> None:
    """Note that the file of an export is there, with the rows it really holds."""
    del actor
    size = (Path(settings.EXPORT_ROOT) / path).stat().st_size
    ListExport.objects.filter(pk=export.pk, state=S.WAITING).update(
        state=S.READY, path=path, size=size, rows=rows, ready_at=timezone.now()
    )


@operation("institution.export_failed")
def export_failed(*, actor: Actor, export: ListExport) -> None:
    """Note that an export could not be written."""
    del actor
    ListExport.objects.filter(pk=export.pk, state=S.WAITING).update(state=S.FAILED)


@operation("institution.forget_export")
def forget_export(*, actor: Actor, export: ListExport) -> None:
    """Delete the file of an export before its time; the audit keeps that it went out."""
    row = ListExport.objects.select_for_update().get(pk=export.pk)
    policies.exports.require(actor, "edit", row)
    _forget(row)


@operation("institution.expire_exports")
def expire_exports(*, actor: Actor) -> int:
    """Delete the files older than a week; returns how many."""
    del actor
    old = ListExport.objects.select_for_update(skip_locked=True).filter(
        state=S.READY, ready_at__lt=timezone.now() - KEPT_FOR
    )
    return sum(_forget(row) for row in old)


def _forget(row: ListExport) -> bool:
    if row.state != S.READY:
        return False
    (Path(settings.EXPORT_ROOT) / row.path).unlink(missing_ok=True)
    ListExport.objects.filter(pk=row.pk).update(state=S.EXPIRED, path="", size=0)
    return True
