"""Third step: rows that are ready are written into the directory, a batch a transaction: all of it or nothing.

A batch locks its rows and the partners they touch, creates what is new and notes what it did (`ImportEffect`) in the same
transaction: killed anywhere, it begins again where it was, and nothing is done twice. What existed already gets its golden
values at the end, once for all its rows (`settling`).
"""

from collections import defaultdict
from collections.abc import Callable

import pghistory
from django.db import transaction
from django.utils import timezone

from reciproque.directory import search
from reciproque.directory.models import Partner, PartnerUnit, Tag
from reciproque.engines.identifiers import fold, format_siren
from reciproque.foundation.database.bulk import bulk_write
from reciproque.institution.access import Actor
from reciproque.sourcing.models import Import, SourceRecord
from reciproque.sourcing.pipeline import golden, people, places, settling
from reciproque.sourcing.pipeline.effects import Effects
from reciproque.sourcing.pipeline.matching import refresh_keys

BATCH = 400
S, D = SourceRecord.State, SourceRecord.Decision


def apply(run: Import, actor: Actor, *, on_batch: Callable[[int], bool]) -> None:
    """Write every ready row, in order; `on_batch(n)` after each transaction returns False to stop."""
    about = {"operation": "sourcing.apply_import", "actor": str(actor), **actor.trace, "import": run.pk}
    while True:
        with transaction.atomic(), pghistory.context(**about):
            rows = list(
                SourceRecord.objects.filter(import_run=run, state=S.READY)
                .select_related("source", "leader")
                .order_by("line")
                .select_for_update(of=("self",))[:BATCH]
            )
            if rows:
                write(run, rows)
        if rows and not on_batch(len(rows)):
            return
        if not rows:
            break
    settling.settle_all(run, about)


def write(run: Import, rows: list[SourceRecord]) -> None:
    """Write these rows. The caller holds the transaction."""
    effects = Effects(run)
    retire_former(rows)
    partners = _partners(run, rows, effects)
    places.settle_sites(run, rows, effects)
    persons = people.settle_people(run, rows, effects)
    now = timezone.now()
    for row in rows:
        row.state, row.applied_at, row.current = S.APPLIED, now, True
    bulk_write(rows, ["state", "applied_at", "current", "partner", "site"])
    _ties(run, partners)
    effects.save()
    refresh_keys(partners)
    search.refresh(partner_ids=partners, person_ids=persons)


def retire_former(rows: list[SourceRecord]) -> None:
    """The version before of a row stops speaking."""
    former = [row.before_id for row in rows if row.before_id]
    SourceRecord.objects.filter(pk__in=former).update(current=False)


def _partners(run: Import, rows: list[SourceRecord], effects: Effects) -> set[int]:
    groups: dict[int, list[SourceRecord]] = defaultdict(list)  # partner id, or −(row that names a new one)
    for row in rows:
        groups[_target(row)].append(row)
    new = {key: members for key, members in groups.items() if key < 0}
    created = _create(run, new, effects)
    known = [key for key in groups if key > 0]
    held = {partner.pk: partner for partner in Partner.objects.filter(pk__in=known).order_by("pk").select_for_update()}
    for key, members in groups.items():
        partner = created[key] if key < 0 else held[key]
        for row in members:
            row.partner = partner
    vocabulary(list(created.values()))
    return {partner.pk for partner in (*created.values(), *held.values())}


def _target(row: SourceRecord) -> int:
    if row.candidate_id:
        return row.candidate_id
    if row.leader_id and row.leader is not None and row.decision != D.NEW:
        return row.leader.partner_id or -row.leader_id
    return -row.pk


def _said(row: SourceRecord, run: Import) -> golden.Said:
    rules = golden.rules_of(run.mapping, "partner")
    return golden.said_of(row, row.source, Partner, row.draft.get("partner", {}), rules)


def _create(run: Import, groups: dict[int, list[SourceRecord]], effects: Effects) -> dict[int, Partner]:
    made = {}
    for key, members in groups.items():
        partner = Partner(unit_id=run.unit_id)
        golden.settle(partner, [_said(row, run) for row in members])
        partner.name = partner.name or partner.usual_name or _nameless(partner, members)
        made[key] = partner
    settling.drop_taken(list(made.values()))
    Partner.objects.bulk_create(made.values(), batch_size=500)
    for partner in made.values():
        effects.created(partner)
    return made


def _nameless(partner: Partner, members: list[SourceRecord]) -> str:
    siret = members[0].draft.get("site", {}).get("siret", "")
    number = format_siren(partner.siren) if partner.siren else siret or partner.rna or partner.vat
    return f"Sans nom ({number})"


def _ties(run: Import, partners: set[int]) -> None:
    ties = [PartnerUnit(partner_id=pk, unit_id=run.unit_id, since=run.observed_on) for pk in sorted(partners)]
    PartnerUnit.objects.bulk_create(ties, ignore_conflicts=True, batch_size=1000)


def vocabulary(partners: list[Partner]) -> None:
    words = {fold(tag): tag for partner in partners for tag in partner.tags}
    Tag.objects.bulk_create([Tag(name=words[key]) for key in sorted(words)], ignore_conflicts=True)
