"""Golden values for what several rows speak of: at the end of an import, after an undo, when a typed value is released.

Idempotent: killed in the middle, it is done again from the start and changes nothing twice.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pghistory
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from reciproque.directory import search
from reciproque.directory.models import Partner, Person, Site
from reciproque.foundation.database.bulk import bulk_write
from reciproque.sourcing.models import Import, RecordPerson, SourceRecord
from reciproque.sourcing.pipeline import golden
from reciproque.sourcing.pipeline.effects import Effects
from reciproque.sourcing.pipeline.matching import refresh_keys
from reciproque.sourcing.pipeline.places import HEAD

BATCH = 300


def settle_all(run: Import, about: dict[str, Any]) -> None:
    """Settle everything that this import's rows and at least one other row speak of."""
    mine = SourceRecord.objects.speaking().filter(import_run=run)
    named = RecordPerson.objects.filter(record__in=mine)
    for model, ids in (
        (
            Person,
            _several(
                RecordPerson.objects.filter(record__state="applied", record__current=True),
                "person",
                named.values("person"),
            ),
        ),
        (Site, _several(SourceRecord.objects.speaking(), "site", mine.values("site"))),
        (Partner, _several(SourceRecord.objects.speaking(), "partner", mine.values("partner"))),
    ):
        for chunk in _chunks(ids):
            with transaction.atomic(), pghistory.context(**about):
                effects = Effects(run)
                settle(model, chunk, effects)
                effects.save()


def settle(model: Any, ids: Iterable[int], effects: Effects | None = None) -> None:
    """Give these golden records the values their sources agree upon today; the search and match keys follow."""
    held = list(model.objects.filter(pk__in=sorted(set(ids))).order_by("pk").select_for_update(of=("self",)))
    said = golden.speaking(model, [record.pk for record in held])
    changed = []
    for record in held:
        former = (record.name if model is Partner else "", record.last_name if model is Person else "")
        before = golden.settle(record, said.get(record.pk, []))
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


def drop_taken(partners: list[Partner]) -> None:
    """An identifier that another partner bears is left in the source records only: two records would claim it."""
    for field in ("siren", "rna"):
        wanted = [getattr(partner, field) for partner in partners if getattr(partner, field)]
        taken: dict[str, Any] = dict(Partner.objects.filter(**{f"{field}__in": wanted}).values_list(field, "pk"))
        for partner in partners:
            value = getattr(partner, field)
            if value and taken.setdefault(value, partner.pk or id(partner)) != (partner.pk or id(partner)):
                setattr(partner, field, "")
                partner.origins.pop(field, None)


def _follow(model: Any, changed: list[Any]) -> None:
    partners = (
        {record.partner_id if model is Site else record.pk for record in changed} if model is not Person else set()
    )
    if model is Site:
        with connection.cursor() as cursor:
            cursor.execute(HEAD, [sorted(partners)])
    if partners:
        refresh_keys(partners)
    search.refresh(partner_ids=partners, person_ids=[record.pk for record in changed] if model is Person else [])


def _several(links: Any, column: str, wanted: Any) -> list[int]:
    """The ids among those wanted that more than one speaking row names."""
    rows = links.filter(**{f"{column}__in": wanted}).order_by().values(column).annotate(n=Count("pk")).filter(n__gt=1)
    return sorted(rows.values_list(column, flat=True))


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
