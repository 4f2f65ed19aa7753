"""Third step: rows that are ready are written into the directory, a batch a transaction: all of it or nothing.

A batch locks its rows and the partners they touch, creates what is new and notes what it did (`ImportEffect`) in the same
transaction: killed anywhere, it begins again where it was, and nothing is done twice. What existed already gets its golden
values at the end, once for all its rows (`settling`).
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any

import pghistory
from django.db import connection, models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from reciproque.directory import search
from reciproque.directory.models import Partner, Tag
from reciproque.directory.services import steady
from reciproque.engines.identifiers import fold, format_siren
from reciproque.foundation.database.bulk import allocate, blanks, bulk_insert, bulk_write, numbers
from reciproque.institution.access import Actor
from reciproque.sourcing.models import Import, ImportEffect, SourceRecord
from reciproque.sourcing.pipeline import golden, people, places, settling
from reciproque.sourcing.pipeline.effects import Effects
from reciproque.sourcing.pipeline.known import catch_up, refresh_keys
from reciproque.sourcing.pipeline.matching import Matcher, mention_of
from reciproque.sourcing.pipeline.refusals import Refused

BATCH = 2000
S, D = SourceRecord.State, SourceRecord.Decision
UNREAD = ("cells", "corrections", "problems", "problem_codes", "reasons", "change", "kept")
"""Columns of a row that its writing does not look at."""

TIES = """
INSERT INTO directory_partnerunit (partner_id, unit_id, status, since)
SELECT partner.id, %s, 'active', %s FROM unnest(%s::bigint[]) AS partner(id) ON CONFLICT (partner_id, unit_id) DO NOTHING
RETURNING id
"""


def apply(run: Import, actor: Actor, *, on_batch: Callable[[int], bool]) -> None:
    """Write every ready row; `on_batch(n)` after each transaction returns False to stop."""
    about = {"operation": "sourcing.apply_import", "actor": str(actor), **actor.trace, "import": run.pk}
    catch_up()
    made = ImportEffect.objects.filter(import_run=run, model="partner", created=True)
    mine = set(made.values_list("object_id", flat=True))
    while ready := _in_order(run):
        for start in range(0, len(ready), BATCH):
            keys = ready[start : start + BATCH]
            with transaction.atomic(), pghistory.context(**about):
                steady()
                rows = list(_ready(run).filter(pk__among=keys).order_by("line").select_for_update(of=("self",)))
                created = write(run, look_again(rows, mine))
            mine |= created
            if not on_batch(len(rows)):
                return
    settling.settle_all(run, about)


def _ready(run: Import) -> models.QuerySet[SourceRecord]:
    return SourceRecord.objects.filter(import_run=run, state=S.READY).defer(*UNREAD)


def _in_order(run: Import) -> list[int]:
    """The ready rows, those of one new organisation next to one another: written together, its values are settled once."""
    return list(_ready(run).order_by(Coalesce("leader_id", "pk"), "line").values_list("pk", flat=True))


def look_again(rows: list[SourceRecord], mine: Collection[int]) -> list[SourceRecord]:
    """Compare the rows found new once more: another import may have written the same organisation since they were checked.

    What this import wrote itself (`mine`) is left aside: the rows were compared with one another then. Returns the rows to
    write; those that have become doubtful wait.
    """
    new = [row for row in rows if row.decision == D.NEW and row.decided_by_id is None and not row.leader_id]
    mentions = [mention_of(row.pk, row.draft.get("partner", {}), row.draft.get("site", {})) for row in new]
    refused = Refused(rows[0].source_id) if new else None
    verdicts = Matcher(refused=refused).judge(mentions, aside=mine, rows={row.pk: row.row_key for row in new})
    found = []
    for row, verdict in zip(new, verdicts, strict=True):
        if verdict is not None and verdict.candidate:
            row.decision, row.candidate_id = verdict.decision, verdict.candidate
            row.score, row.reasons = verdict.score, list(verdict.reasons)
            row.state = S.WAITING if verdict.decision == "doubtful" else S.READY
            found.append(row)
    bulk_write(found, ["decision", "candidate", "score", "reasons", "state"])
    return [row for row in rows if row.state == S.READY]


def write(run: Import, rows: list[SourceRecord]) -> set[int]:
    """Write these rows; the partners that did not exist. The caller holds the transaction."""
    effects = Effects(run)
    if replaced := [row.before_id for row in rows if row.before_id]:
        SourceRecord.objects.filter(pk__among=replaced).update(current=False)
    created, held = _partners(run, rows)
    sites = places.settle_sites(run, rows, created)
    bulk_insert(list(created.values()))
    bulk_insert(sites)
    effects.created("partner", created)
    effects.created("site", [site.pk for site in sites])
    vocabulary(list(created.values()))
    places.copy_heads({site.partner_id for site in sites} & held)
    now = timezone.now()
    for row in rows:
        row.state, row.applied_at, row.current = S.APPLIED, now, True
    bulk_write(rows, ["state", "applied_at", "current", "partner", "site"])
    persons = people.settle_people(run, rows, effects)
    touched = held | created.keys()
    with connection.cursor() as cursor:
        cursor.execute(TIES, [run.unit_id, run.observed_on, numbers(sorted(touched))])
        effects.created("partnerunit", [row[0] for row in cursor.fetchall()])
    effects.save()
    refresh_keys(created.keys() | {site.partner_id for site in sites})
    search.refresh(partner_ids=touched, person_ids=persons)
    return set(created)


def _partners(run: Import, rows: list[SourceRecord]) -> tuple[dict[int, Partner], set[int]]:
    """Give each row its partner: (those to create, by their key to be; the keys of those that exist, locked)."""
    groups: dict[int, list[SourceRecord]] = defaultdict(list)  # partner, or −(row that names a new one)
    for row, target in zip(rows, _targets(rows), strict=True):
        groups[target].append(row)
    blank = blanks(Partner, unit_id=run.unit_id)
    made = {key: _compose(run, blank(), members) for key, members in groups.items() if key < 0}
    borne = settling.bearers(list(made.values()))
    for partner, key in zip(made.values(), allocate(Partner, len(made)), strict=True):
        partner.pk = borne.get(partner.siren) or borne.get(partner.rna) or key
    wanted = {key for key in groups if key > 0} | {
        partner.pk for partner in made.values() if partner.pk in borne.values()
    }
    held = set(Partner.objects.filter(pk__among=wanted).order_by("pk").select_for_update().values_list("pk", flat=True))
    for key, members in groups.items():
        for row in members:
            row.partner_id = made[key].pk if key < 0 else key
    created = {partner.pk: partner for partner in made.values() if partner.pk not in held}
    settling.drop_taken(list(created.values()))
    return created, held


def _targets(rows: list[SourceRecord]) -> list[int]:
    """The partner of each row, or the negative number of the row that names a new one, which its followers share."""
    heads = {row.leader_id or row.pk for row in rows if row.candidate_id is None}
    leaders = {
        pk: (partner, candidate)
        for pk, partner, candidate in SourceRecord.objects.filter(pk__among=heads)
        .order_by()
        .values_list("pk", "partner_id", "candidate_id")
    }
    followers = SourceRecord.objects.filter(leader__among=heads).exclude(partner=None)
    written = dict(followers.order_by("-pk").values_list("leader_id", "partner_id"))
    targets = []
    for row in rows:
        head = row.leader_id or row.pk
        partner, candidate = leaders.get(head, (None, None))
        targets.append(row.candidate_id or partner or candidate or written.get(head) or -head)
    return targets


def _compose(run: Import, partner: Partner, members: list[SourceRecord]) -> Partner:
    rules = golden.rules_of(run.mapping, "partner")
    golden.settle(
        partner, [golden.said_of(row, run.source, Partner, row.draft.get("partner", {}), rules) for row in members]
    )
    partner.name = partner.name or partner.usual_name or _nameless(partner, members[0].draft.get("site", {}))
    return partner


def _nameless(partner: Partner, site: dict[str, Any]) -> str:
    number = format_siren(partner.siren) if partner.siren else site.get("siret") or partner.rna or partner.vat
    return f"Sans nom ({number})"


def vocabulary(partners: list[Partner]) -> None:
    """The tags of these partners, known to all."""
    words = {fold(tag): tag for partner in partners for tag in partner.tags}
    Tag.objects.bulk_create([Tag(name=words[key]) for key in sorted(words)], ignore_conflicts=True)
