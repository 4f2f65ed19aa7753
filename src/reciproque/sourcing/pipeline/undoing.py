"""Taking an import back: its rows stop speaking, what it alone had made goes, values are settled again without it.

A row whose partner, site or people somebody has changed since is left as it is and says so. A record that others use stays.
Three passes, each in batches that commit; killed anywhere, it goes on where it was.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Min

from reciproque.directory import search
from reciproque.directory.models import Partner, PartnerUnit, Person, Position, SearchEntry, Site
from reciproque.directory.services import bound, steady
from reciproque.foundation import history
from reciproque.institution.access import Actor
from reciproque.sourcing.models import (
    Import,
    ImportEffect,
    KeyedPartner,
    MatchKey,
    RecordPerson,
    SourceRecord,
)
from reciproque.sourcing.pipeline import refusals, settling
from reciproque.sourcing.pipeline.known import refresh_keys
from reciproque.sourcing.pipeline.places import copy_heads

BATCH = 500
S, F = SourceRecord.State, ImportEffect.Fate
MADE: dict[str, Any] = {
    "position": Position, "partnerunit": PartnerUnit, "person": Person, "site": Site, "partner": Partner
}  # fmt: skip
SETTLED: dict[str, Any] = {"person": Person, "position": Position, "site": Site, "partner": Partner}
DERIVED = {SourceRecord, RecordPerson, MatchKey, KeyedPartner, SearchEntry}


def undo(run: Import, actor: Actor, *, on_batch: Callable[[int], bool]) -> None:
    """Take every written row back. Safe to interrupt and to repeat."""
    about = {"operation": "sourcing.undo_import", "actor": str(actor), **actor.trace, "import": run.pk}
    rows = SourceRecord.objects.filter(import_run=run, state=S.APPLIED, kept="").order_by("-line")
    while True:
        with transaction.atomic(), pghistory.context(**about):
            steady()
            batch = list(rows.select_for_update(of=("self",))[:BATCH])
            _withdraw(run, batch)
        if not batch:
            break
        on_batch(len(batch))
    for model in MADE:
        _batches(run, about, model, _remove, created=True)
    for model in SETTLED:
        _batches(run, about, model, _settle, created=False)
    with transaction.atomic(), pghistory.context(**about):
        SourceRecord.objects.filter(import_run=run, state=S.UNCHANGED).update(state=S.WITHDRAWN)


def _batches(
    run: Import, about: dict[str, Any], model: str, work: Callable[[Import, str, list[int]], None], *, created: bool
) -> None:
    """Give the pending effects on one kind of record to `work`, which settles their fate, a transaction each time."""
    pending = ImportEffect.objects.filter(import_run=run, model=model, fate=F.STANDS, created=created)
    if not created:
        pending |= ImportEffect.objects.filter(import_run=run, model=model, fate__in=[F.USED], settled=False)
    while True:
        with transaction.atomic(), pghistory.context(**about):
            steady()
            ids = list(pending.order_by("pk").values_list("object_id", flat=True)[:BATCH])
            if ids:
                work(run, model, ids)
        if not ids:
            return


def _withdraw(run: Import, rows: list[SourceRecord]) -> None:
    """The rows stop speaking, and those before them speak again; but for the rows of records that somebody has edited."""
    edited = _edited_rows(run, rows)
    gone = [row.pk for row in rows if row.pk not in edited]
    SourceRecord.objects.filter(pk__in=edited).update(kept="edited")
    SourceRecord.objects.filter(pk__in=gone).update(state=S.WITHDRAWN, current=False)
    former = [row.before_id for row in rows if row.before_id and row.pk not in edited]
    SourceRecord.objects.filter(pk__in=former, state=S.APPLIED).update(current=True)


def _edited_rows(run: Import, rows: list[SourceRecord]) -> set[int]:
    named = RecordPerson.objects.filter(record__in=rows).values_list("record_id", "person_id")
    concerned: dict[Any, list[tuple[int, int]]] = {
        Partner: [(row.pk, row.partner_id) for row in rows if row.partner_id],
        Site: [(row.pk, row.site_id) for row in rows if row.site_id],
        Person: list(named),
    }
    edited: set[int] = set()
    for model, pairs in concerned.items():
        touched = _edited(run, model, {pk for _row, pk in pairs})
        edited |= {row for row, pk in pairs if pk in touched}
    return edited


def _edited(run: Import, model: Any, ids: set[int]) -> set[int]:
    """Those changed by anything but an import after this one first wrote them, as the history tells."""
    events = history.event_model(model).objects.filter(pgh_obj_id__in=ids)
    mine = events.filter(pgh_context__metadata__import=run.pk).values("pgh_obj_id").annotate(first=Min("pgh_id"))
    first = dict(mine.values_list("pgh_obj_id", "first"))
    others = events.filter(pgh_obj_id__in=first).exclude(pgh_context__metadata__operation__startswith="sourcing.")
    return {pk for pk, event in others.values_list("pgh_obj_id", "pgh_id") if event > first[pk]}


def _remove(run: Import, model: str, ids: list[int]) -> None:
    """Delete those of the records made by this import that nothing else needs."""
    kind = MADE[model]
    rows = kind._base_manager.filter(pk__in=ids).order_by("pk")  # noqa: SLF001 -- those absorbed by others too
    locked = set(rows.select_for_update().values_list("pk", flat=True))
    used = _used(run, model, locked)
    gone = locked - used
    around = _partners_around(model, gone)
    people = (
        set(Position.objects.filter(pk__in=gone).values_list("person_id", flat=True)) if kind is Position else set()
    )
    refusals.remember(model, gone)
    kind.objects.filter(pk__in=gone).delete()
    effects = ImportEffect.objects.filter(import_run=run, model=model, object_id__in=ids)
    effects.filter(object_id__in=used).update(fate=F.USED)
    effects.exclude(object_id__in=used).update(fate=F.GONE)
    if kind is Site:
        copy_heads(around)
        refresh_keys(around)
    search.refresh(partner_ids=around, person_ids=people)


def _partners_around(model: str, ids: set[int]) -> set[int]:
    """The partners whose page and search entry hold these records."""
    if model in {"partner", "person"}:
        return set()
    return set(MADE[model].objects.filter(pk__in=ids).values_list("partner_id", flat=True))


def _used(run: Import, model: str, ids: set[int]) -> set[int]:
    """Those that a row still speaks of, or that any table of the application points at."""
    if model == "position":
        return _claimed(Position.objects.filter(pk__in=ids))
    if model == "partnerunit":
        ties = PartnerUnit.objects.filter(pk__in=ids)
        speaking = SourceRecord.objects.speaking().filter(unit_id=run.unit_id)
        kept = ties.exclude(referent=None) | ties.filter(partner__in=speaking.values("partner_id"))
        return set(kept.values_list("pk", flat=True))
    speaking = SourceRecord.objects.speaking()
    if model == "person":
        links = RecordPerson.objects.filter(person__in=ids, record__in=speaking)
        used = set(links.values_list("person_id", flat=True))
    else:
        used = set(speaking.filter(**{f"{model}__in": ids}).values_list(f"{model}_id", flat=True))
    used |= bound(model, ids - used)
    for relation in MADE[model]._meta.get_fields(include_hidden=True):  # noqa: SLF001 -- Django's own introspection
        if relation.auto_created and not relation.concrete and relation.related_model not in DERIVED:
            used |= _pointing(relation, ids - used)
    return used


def _pointing(relation: Any, ids: set[int]) -> set[int]:
    """Those that some row of another table points at; events of the history do not count."""
    if relation.many_to_many or hasattr(relation.related_model, "pgh_tracked_model"):
        return set()
    column = relation.field.attname
    return set(relation.related_model._base_manager.filter(**{f"{column}__in": ids}).values_list(column, flat=True))  # noqa: SLF001


def _claimed(positions: Any) -> set[int]:
    """Functions that a row still tells of."""
    spots = {(person, partner): pk for pk, person, partner in positions.values_list("pk", "person_id", "partner_id")}
    links = RecordPerson.objects.filter(
        person__in={person for person, _partner in spots}, record__in=SourceRecord.objects.speaking()
    )
    told = links.values_list("person_id", "record__partner_id")
    return {spots[spot] for spot in told if spot in spots}


def _settle(run: Import, model: str, ids: Iterable[int]) -> None:
    """Values without the rows taken back."""
    settling.settle(SETTLED[model], ids)
    effects = ImportEffect.objects.filter(import_run=run, model=model, object_id__in=list(ids))
    effects.filter(created=False).update(fate=F.SETTLED)
    effects.filter(created=True).update(settled=True)
