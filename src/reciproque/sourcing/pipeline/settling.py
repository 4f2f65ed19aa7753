"""Golden values for what several rows speak of: at the end of an import, after an undo, when a typed value is released.

Idempotent: killed in the middle, it is done again from the start and changes nothing twice.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pghistory
from django.db import connection, transaction
from django.utils import timezone

from reciproque.directory import search
from reciproque.directory.models import Partner, Person, Position, Site
from reciproque.directory.services import steady
from reciproque.foundation.database.bulk import bulk_write
from reciproque.sourcing.models import Import
from reciproque.sourcing.pipeline import golden
from reciproque.sourcing.pipeline.effects import Effects
from reciproque.sourcing.pipeline.known import refresh_keys
from reciproque.sourcing.pipeline.places import copy_heads
from reciproque.sourcing.pipeline.unsettled import UNSETTLED

BATCH = 500
MANY = 2000
ANALYZE = """
ANALYZE sourcing_sourcerecord (import_run_id, state, current, partner_id, site_id), sourcing_recordperson, directory_position (person_id),
  sourcing_importeffect (import_run_id, model, object_id, created)
"""


def settle_all(run: Import, about: dict[str, Any]) -> None:
    """Settle everything that this import's rows speak of and that was not written whole in one batch."""
    if run.total >= MANY:
        with connection.cursor() as cursor:  # the planner has not seen the rows just written
            cursor.execute(ANALYZE)
    for model, statement in UNSETTLED.items():
        with connection.cursor() as cursor:
            cursor.execute(statement, {"run": run.pk, "model": model.__name__.lower()})
            ids = [row[0] for row in cursor.fetchall()]
        for chunk in _chunks(ids):
            with transaction.atomic(), pghistory.context(**about):
                steady()
                effects = Effects(run)
                settle(model, chunk, effects)
                effects.save()


def settle(model: Any, ids: Iterable[int], effects: Effects | None = None, *, released: str = "") -> None:
    """Give these golden records the values their sources agree upon today; the search and match keys follow."""
    held = list(model.objects.filter(pk__among=sorted(set(ids))).order_by("pk").select_for_update(of=("self",)))
    said = golden.speaking(model, [record.pk for record in held])
    changed = []
    for record in held:
        former = (record.name if model is Partner else "", record.last_name if model is Person else "")
        before = golden.settle(record, said.get(record.pk, []), released=released)
        if not before:
            continue
        if model is Partner and not record.name:
            record.name = former[0]
        if model is Person and not record.last_name:
            record.last_name = former[1]
        record.version += 1
        record.updated_at = timezone.now()
        changed.append(record)
        if effects is not None:
            effects.changed(record, before)
    if not changed:
        return
    if model is Partner:
        drop_taken(changed)
    extra = ["latitude", "longitude"] if model is Site else []
    fields = [*dict.fromkeys(golden.FIELDS[model].values()), *extra, "origins", "version", "updated_at"]
    bulk_write(changed, fields)
    _follow(model, changed)


def released(model: str, pk: int, field: str) -> None:
    """Let the sources speak again about one record, after a value typed by hand was released."""
    kinds = {kind._meta.label_lower: kind for kind in (Partner, Site, Person, Position)}  # noqa: SLF001
    about = {"operation": "sourcing.field_released", "actor": "système : sources", "via": "job", "field": field}
    if model in kinds:
        with transaction.atomic(), pghistory.context(**about):
            settle(kinds[model], [pk], released=field)


def separated(kind: str, pk: int) -> None:
    """What an import wrote while records were one goes back to the one whose rows said it."""
    about = {"operation": "sourcing.settle_partner", "actor": "système : sources", "via": "job"}
    with transaction.atomic(), pghistory.context(**about):
        steady()
        settle({"partner": Partner, "site": Site, "person": Person}[kind], [pk])
        if kind == "partner":
            settle(Site, Site.objects.filter(partner=pk).values_list("pk", flat=True))


def bearers(partners: list[Partner]) -> dict[str, int]:
    """Who bears these partners' SIREN and RNA numbers today."""
    borne: dict[str, int] = {}
    for field in ("siren", "rna"):
        wanted = [value for partner in partners if (value := getattr(partner, field))]
        if wanted:
            found = Partner.objects.filter(**{f"{field}__among": wanted}).exclude(**{field: ""}).order_by()
            borne |= dict(found.values_list(field, "pk"))
    return borne


def drop_taken(partners: list[Partner]) -> None:
    """An identifier that another partner bears is left in the source records only: two records would claim it."""
    borne = bearers(partners)
    for field in ("siren", "rna"):
        for partner in partners:
            value = getattr(partner, field)
            if value and borne.setdefault(value, partner.pk) != partner.pk:
                setattr(partner, field, "")
                partner.origins.pop(field, None)


def _follow(model: Any, changed: list[Any]) -> None:
    if model is Position:
        search.refresh(person_ids=[record.person_id for record in changed])
        return
    partners = (
        {record.partner_id if model is Site else record.pk for record in changed} if model is not Person else set()
    )
    if model is Site:
        copy_heads(partners)
    if partners:
        refresh_keys(partners)
    search.refresh(partner_ids=partners, person_ids=[record.pk for record in changed] if model is Person else [])


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
