"""Read the history that the database keeps: who changed which field, when, and through what."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])
TECHNICAL = frozenset({"id", "version", "origins", "updated_at", "created_at"})


def tracked(*exclude: str) -> Callable[[M], M]:
    """Keep every insertion, change and deletion of this model's rows (but for the excluded fields), in bulk."""
    events = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return pghistory.track(*events, level=pghistory.Statement, exclude=list(exclude))  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one event: its value before (None at creation) and after."""

    field: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One event on one record. `event_id` is what `restore` takes; `via` says through what (page, import, command…)."""

    event_id: int
    at: dt.datetime
    kind: str  # insert, update or delete
    actor: str
    operation: str
    via: str
    model: str
    object_id: int
    changes: tuple[FieldChange, ...]


def event_model(model: type[models.Model]) -> Any:
    """The table where pghistory keeps the events of this model."""
    return model._meta.get_field("events").related_model  # noqa: SLF001 -- Django's own introspection


def entries(instance: models.Model, *, limit: int = 100) -> list[Entry]:
    """The history of one record, newest first, each event compared with the one before it. Two queries at most."""
    events = event_model(type(instance)).objects.filter(pgh_obj_id=instance.pk)
    rows = list(events.select_related("pgh_context").order_by("-pgh_id")[: limit + 1])
    return _compared(type(instance), rows, limit)


def entries_of(model: type[models.Model], ids: Iterable[int], *, limit: int = 200) -> list[Entry]:
    """The history of several records of one kind (the sites of a partner…), newest first."""
    events = event_model(model).objects.filter(pgh_obj_id__in=list(ids))
    rows = list(events.select_related("pgh_context").order_by("-pgh_id")[: limit + 1])
    return _compared(model, rows, limit)


def value_at(model: type[models.Model], object_id: int, event_id: int, field: str) -> Any:
    """What a field held after that event. Raises the event model's DoesNotExist when there is no such event."""
    event = event_model(model).objects.get(pgh_id=event_id, pgh_obj_id=object_id)
    return getattr(event, getattr(model._meta.get_field(field), "attname"))  # noqa: SLF001, B009


def _compared(model: type[models.Model], rows: Sequence[Any], limit: int) -> list[Entry]:
    fields = [f for f in model._meta.concrete_fields if f.name not in TECHNICAL and not f.generated]  # noqa: SLF001
    previous: dict[int, Any] = {}
    found: list[Entry] = []
    for row in reversed(rows):
        before = previous.get(row.pgh_obj_id)
        previous[row.pgh_obj_id] = row
        changes = tuple(_differences(fields, before, row))
        context = row.pgh_context.metadata if row.pgh_context_id and row.pgh_context else {}
        if changes or row.pgh_label != "update":
            found.append(
                Entry(
                    event_id=row.pgh_id,
                    at=row.pgh_created_at,
                    kind=row.pgh_label.split("_")[0],
                    actor=str(context.get("actor", "")),
                    operation=str(context.get("operation", "")),
                    via=str(context.get("via", "")),
                    model=model._meta.label_lower,  # noqa: SLF001
                    object_id=row.pgh_obj_id,
                    changes=changes,
                )
            )
    found.reverse()
    return found[:limit]


def _differences(fields: Sequence[Any], before: Any, row: Any) -> Iterable[FieldChange]:
    for field in fields:
        after = getattr(row, field.attname, None)
        was = getattr(before, field.attname, None) if before is not None else None
        if after != was and not (before is None and after in ("", None, [], {}, False)):
            yield FieldChange(field.name, str(field.verbose_name), was, after)
