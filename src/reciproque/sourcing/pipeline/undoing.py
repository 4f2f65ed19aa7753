"""Taking an import back: its rows stop speaking, values are settled again without them, and what it alone had made goes.

A record that somebody has changed since, or that others use, stays, and the effect says why.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Q

from reciproque.directory import search
from reciproque.directory.models import Partner, PartnerUnit, Person, Position, Site
from reciproque.institution.access import Actor
from reciproque.sourcing.models import Import, ImportEffect, RecordPerson, SourceRecord
from reciproque.sourcing.pipeline import settling
from reciproque.sourcing.pipeline.known import refresh_keys
from reciproque.sourcing.pipeline.places import copy_heads

BATCH = 500
S = SourceRecord.State
MODELS: dict[str, Any] = {"position": Position, "person": Person, "site": Site, "partner": Partner}


def undo(run: Import, actor: Actor, *, on_batch: Callable[[int], bool]) -> None:
    """Take every written row back, a batch a transaction; safe to interrupt and to repeat."""
    about = {"operation": "sourcing.undo_import", "actor": str(actor), **actor.trace, "import": run.pk}
    while True:
        with transaction.atomic(), pghistory.context(**about):
            rows = list(
                SourceRecord.objects.filter(import_run=run, state=S.APPLIED)
                .order_by("-line")
                .select_for_update(of=("self",))[:BATCH]
            )
            if rows:
                _take_back(run, rows)
        if not rows or not on_batch(len(rows)):
            break
    with transaction.atomic(), pghistory.context(**about):
        SourceRecord.objects.filter(import_run=run, state=S.UNCHANGED).update(state=S.WITHDRAWN)


def _take_back(run: Import, rows: list[SourceRecord]) -> None:
    partners = {row.partner_id for row in rows if row.partner_id}
    sites = {row.site_id for row in rows if row.site_id}
    persons = set(RecordPerson.objects.filter(record__in=rows).values_list("person_id", flat=True))
    former = [row.before_id for row in rows if row.before_id]
    SourceRecord.objects.filter(pk__in=[row.pk for row in rows]).update(state=S.WITHDRAWN, current=False)
    SourceRecord.objects.filter(pk__in=former, state=S.APPLIED).update(current=True)
    made = _made(run)
    _remove(run, made, "position", _positions_of(partners, persons, made["position"]))
    gone = _remove(run, made, "person", [pk for pk in persons if pk in made["person"]])
    settling.settle(Person, persons - gone)
    gone_sites = _remove(run, made, "site", [pk for pk in sites if pk in made["site"]])
    settling.settle(Site, sites - gone_sites)
    gone_partners = _remove(run, made, "partner", [pk for pk in partners if pk in made["partner"]])
    left = partners - gone_partners
    settling.settle(Partner, left)
    _untie(run, left)
    copy_heads(left)
    refresh_keys(left)
    search.refresh(partner_ids=left, person_ids=persons - gone)


def _made(run: Import) -> dict[str, dict[int, int]]:
    """What this import created, still to be judged: model → {id: version then}."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    effects = ImportEffect.objects.filter(import_run=run, created=True)
    for model, pk, version in effects.values_list("model", "object_id", "version"):
        found[model][pk] = version
    return found


def _positions_of(partners: set[int], persons: set[int], made: dict[int, int]) -> list[int]:
    held = Position.objects.filter(partner_id__in=partners, person_id__in=persons, pk__in=made)
    return list(held.values_list("pk", flat=True))


def _remove(run: Import, made: dict[str, dict[int, int]], model: str, ids: Iterable[int]) -> set[int]:
    """Delete those of these records that nobody changed, that no other row speaks of and that nothing hangs on."""
    wanted = sorted(set(ids))
    versions = made[model]
    edited, used = [], []
    gone = set()
    for record in MODELS[model].objects.filter(pk__in=wanted).select_for_update():
        if record.version != versions[record.pk] or any(o.get("kind") == "hand" for o in record.origins.values()):
            edited.append(record.pk)
        elif _is_used(model, record.pk, run):
            used.append(record.pk)
        else:
            gone.add(record.pk)
    effects = ImportEffect.objects.filter(import_run=run, model=model)
    effects.filter(object_id__in=edited).update(refused="edited")
    effects.filter(object_id__in=used).update(refused="used")
    MODELS[model].objects.filter(pk__in=gone).delete()
    return gone


def _is_used(model: str, pk: int, run: Import) -> bool:
    if model == "position":
        return False
    speaking = SourceRecord.objects.speaking()
    if model == "person":
        links = RecordPerson.objects.filter(person_id=pk, record__state=S.APPLIED, record__current=True)
        return links.exists() or Position.objects.filter(person_id=pk).exists()
    if model == "site":
        return speaking.filter(site_id=pk).exists() or Position.objects.filter(site_id=pk).exists()
    ties = PartnerUnit.objects.filter(partner_id=pk).exclude(unit_id=run.unit_id, referent=None)
    return (
        speaking.filter(partner_id=pk).exists()
        or Site.objects.filter(partner_id=pk).exists()
        or Position.objects.filter(partner_id=pk).exists()
        or ties.exists()
        or Partner.objects.filter(parent_id=pk).exists()
    )


def _untie(run: Import, partners: set[int]) -> None:
    """Drop the tie with the unit where the unit says nothing of the partner any more and nobody carries it."""
    still = SourceRecord.objects.speaking().filter(unit_id=run.unit_id, partner_id__in=partners).values("partner_id")
    ties = PartnerUnit.objects.filter(
        partner_id__in=partners, unit_id=run.unit_id, referent=None, since=run.observed_on
    )
    ties.exclude(partner_id__in=still).filter(~Q(partner__unit_id=run.unit_id)).delete()


def resettle_partner(partner_id: int) -> None:
    """Let the sources of one partner speak again, after a typed value was released."""
    with (
        transaction.atomic(),
        pghistory.context(operation="sourcing.settle_partner", actor="système : sources", via="job"),
    ):
        settling.settle(Partner, [partner_id])
        search.refresh(partner_ids=[partner_id])
