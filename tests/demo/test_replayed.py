"""The demonstration's own rows, replayed: the pulse of a partner on any day is what the engine says of the history recorded by then."""

import datetime as dt
import random
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import localdate

from reciproque.demo import living, seed
from reciproque.demo import world as fiction
from reciproque.directory.models import Merge, Partner
from reciproque.directory.services import merge_records, separate
from reciproque.engines import reciprocity as engine
from reciproque.foundation.history import event_model
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit
from reciproque.relations import keeping, pulses, services
from reciproque.relations.models import (
    Collaboration,
    CollaborationPart,
    Dispositif,
    Interaction,
    InteractionColleague,
    InteractionPerson,
    Pulse,
)

DAY, WHO = dt.timedelta(days=1), Actor.system("essai")


class Records:
    """What the history says of relations as of one of its lines: the tables themselves are not read."""

    def __init__(self, partners: Iterable[int], upto: dict[type, int] | None = None) -> None:
        self.upto = upto or marks()
        self.kinds = {one.pk: one for one in Dispositif.objects.all()}
        wanted = set(partners)
        self.exchanges = [one for one in self.standing(Interaction) if one.partner_id in wanted]
        self.joint = {one.pgh_obj_id: one for one in self.standing(Collaboration)}
        self.outside = self.gathered(InteractionPerson, "interaction_id", "person_id")
        self.inside = self.gathered(InteractionColleague, "interaction_id", "user_id", mentioned=False)
        self.parts = {
            name: self.gathered(CollaborationPart, "collaboration_id", name) for name in ("person_id", "user_id")
        }

    def standing(self, model: Any) -> list[Any]:
        """The last line of each row of a table, but for those that were deleted."""
        events = event_model(model).objects.filter(pgh_id__lte=self.upto[model])
        last = events.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
        return [one for one in last if not one.pgh_label.startswith("delete")]

    def gathered(self, model: Any, owner: str, name: str, **only: Any) -> dict[int, frozenset[int]]:
        found: dict[int, set[int]] = {}
        for one in self.standing(model):
            if getattr(one, name) and all(getattr(one, key) == value for key, value in only.items()):
                found.setdefault(getattr(one, owner), set()).add(getattr(one, name))
        return {pk: frozenset(who) for pk, who in found.items()}

    def facts(self, partner: int) -> list[engine.Fact]:
        """The facts of a partner, as docs/decisions/0030 counts them."""
        found = [
            self.met(one) for one in self.exchanges
            if one.partner_id == partner and one.met and one.state != "cancelled" and one.sharing != "restricted"
        ]  # fmt: skip
        for one in self.joint.values():
            if one.partner_id == partner and one.sharing != "restricted" and one.starts_on:
                found += self.done(one)
        return found

    def met(self, one: Any) -> engine.Fact:
        whole = self.joint.get(one.collaboration_id)
        kind = self.kinds[whole.dispositif_id].code if whole and whole.sharing != "restricted" else one.kind
        who = {
            "outside": self.outside.get(one.pgh_obj_id, frozenset()),
            "inside": self.inside.get(one.pgh_obj_id, frozenset()),
        }
        return engine.Fact(on=one.on, kind=kind, held=one.state == "done", unit=one.unit_id, **who)

    def done(self, one: Any) -> list[engine.Fact]:
        kind, stopped = self.kinds[one.dispositif_id], one.state == "stopped"
        if one.state not in {"agreed", "under_way", "done"} and not (stopped and one.starts_on <= one.moved_on):
            return []
        source = one if one.sharing == "network" else kind
        about: dict[str, Any] = {"kind": kind.code, "joint": True, "unit": one.unit_id}
        about |= {
            "outside": self.parts["person_id"].get(one.pgh_obj_id, frozenset()),
            "inside": self.parts["user_id"].get(one.pgh_obj_id, frozenset()),
        }
        begins = engine.Fact(
            on=one.starts_on, met=kind.counting != "none", held=one.state != "agreed", given=source.given_points,
            received=source.received_points, **about,
        )  # fmt: skip
        if kind.counting != "both_ends" or not one.ends_on or one.ends_on <= one.starts_on or stopped:
            return [begins]
        return [begins, engine.Fact(on=one.ends_on, met=True, held=one.state == "done", given=0, received=0, **about)]


def marks() -> dict[type, int]:
    """The last line of each history."""
    models = (Interaction, Collaboration, InteractionPerson, InteractionColleague, CollaborationPart)
    lines = {model: event_model(model).objects.order_by("-pgh_id").values_list("pgh_id", flat=True) for model in models}
    return {model: found.first() or 0 for model, found in lines.items()}


def told(pulse: engine.Pulse) -> tuple[Any, ...]:
    beat, width = pulse.cadence, pulse.breadth
    sides = (round(pulse.balance.given, 6), round(pulse.balance.received, 6))
    return (beat.state, beat.number, beat.last_on, beat.next_on, beat.lapses_on, pulse.changes_on, sides, *map(
        len, (beat.planned, width.dispositifs, width.units, width.outside, width.inside)
    ))  # fmt: skip


def replayed(records: Records, partner: int, day: dt.date) -> tuple[Any, ...]:
    """What the engine says, that day, of the history."""
    return told(engine.read(records.facts(partner), pulses.targets_of([partner], on=day)[partner], today=day))


def agree(partners: Iterable[int], days: Iterable[dt.date]) -> int:
    """Each pulse, on each of these days, and as it is kept today, is what the history says; returns how many were not « none »."""
    records, alive = Records(partners), 0
    kept = {row.pk: row for row in Pulse.objects.filter(pk__in=list(partners))}
    for partner in partners:
        for day in days:
            seen, said = told(pulses.live(partner, today=day)[0]), replayed(records, partner, day)
            assert seen == said, (partner, day)
            alive += seen[0] != engine.State.NONE
        now = engine.read(records.facts(partner), pulses.targets_of([partner])[partner], today=localdate())
        row, wanted = kept.get(partner), pulses.row_of(now, localdate())
        got = {name: getattr(row, name) if row else engine.State.NONE.value for name in ("state",)}
        if row:
            got = {name: getattr(row, name) for name in wanted}
            for name in ("given", "received", "balance"):
                got[name] = wanted[name] if got[name] == pytest.approx(wanted[name], abs=1e-4) else got[name]
        assert got == (wanted if row else {"state": wanted["state"]}), partner
    return alive


@pytest.fixture
def town(db: None) -> list[Partner]:
    """The demonstration's university, network and two years of life."""
    found = fiction.build(today=localdate())
    units = seed._units(WHO, found)
    users = seed._accounts(WHO, found, units)
    partners, people = seed._network(WHO, found, units, users)
    living.tell(WHO, found, partners, people, units, users)
    with (
        connection.cursor() as cursor
    ):  # filling checks them at once until the end of its transaction, which here is that of the test
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return [partners[key] for key in sorted(partners)]


def test_any_day_of_the_demonstration_replayed_from_its_history_edits_undoing_and_merges_included(
    town: list[Partner],
) -> None:
    draw, today = random.Random(3), localdate()  # noqa: S311 -- the same ones every time
    busy = set(Interaction.objects.values_list("partner", flat=True)) | set(
        Collaboration.objects.values_list("partner", flat=True)
    )
    living_ones = [one for one in town if one.pk in busy]
    some = draw.sample(living_ones, 120) + draw.sample(town, 20)
    ids = sorted({one.pk for one in some})
    days = [today - draw.randrange(1, 730) * DAY for _time in range(8)] + [today, today + 45 * DAY]
    assert agree(ids, days) > 500

    before, past = marks(), days[0]
    pictures = {pk: told(pulses.live(pk, today=past)[0]) for pk in ids}
    changed = edited(ids, draw) | undone(ids)
    assert agree(ids, days) > 400
    moved_ones = [pk for pk in changed if told(pulses.live(pk, today=past)[0]) != pictures[pk]]
    assert moved_ones, "some past was corrected"
    then = Records(ids, before)
    assert {pk: replayed(then, pk, past) for pk in ids} == pictures, (
        "what was known before the corrections is still there"
    )

    one, other = [partner for partner in living_ones if not partner.siren][:2]
    pair = [one.pk, other.pk]
    apart = {pk: told(pulses.live(pk, today=past)[0]) for pk in pair}
    merge_records(actor=WHO, kept=one, absorbed=[other])
    keeping.moved("partner", [one.pk])
    agree([one.pk], days)
    assert pulses.live(other.pk, today=today)[1] == [], "the absorbed record has no relation of its own any more"
    separate(actor=WHO, merge=Merge.objects.get(absorbed_id=other.pk))
    keeping.moved("partner", pair)
    agree(pair, days)
    assert {pk: told(pulses.live(pk, today=past)[0]) for pk in pair} == apart


def edited(ids: list[int], draw: random.Random) -> set[int]:
    """Dates and sharing corrected, people added, collaborations moved on, through the operations."""
    today, done = localdate(), set()
    exchanges = list(Interaction.objects.filter(partner__in=ids, met=True, state="done").order_by("pk")[:60])
    for rank, row in enumerate(exchanges):
        on = today - draw.randrange(1, 700) * DAY
        change: dict[str, Any] = [{"on": on}, {"met": False}, {"sharing": "unit"}, {"people": []}][rank % 4]
        services.edit_interaction(actor=WHO, interaction=row, version=None, **change)
        done.add(row.partner_id)
    joint = Collaboration.objects.filter(partner__in=ids, state__in=["under_way", "agreed"], starts_on__lte=today)
    for row in joint.order_by("pk")[:20]:
        services.edit_collaboration(
            actor=WHO, collaboration=row, version=None, starts_on=row.starts_on - 30 * DAY, given={"hours": 3}
        )
        done.add(row.partner_id)
    return done


def undone(ids: list[int]) -> set[int]:
    """Exchanges taken back, some of them brought back."""
    rows = list(Interaction.objects.filter(partner__in=ids, met=True, state="done").order_by("-pk")[:30])
    for rank, row in enumerate(rows):
        services.cancel_interaction(actor=WHO, interaction=row)
        if rank % 3 == 0:
            services.restore_interaction(actor=WHO, interaction=row)
    return {row.partner_id for row in rows}


def test_the_units_of_the_demonstration_see_what_their_history_says(town: list[Partner]) -> None:
    """Seen from a unit, the pulse of a past day is that of the facts of this unit and of those below it."""
    today, paths = localdate(), dict(Unit.objects.values_list("pk", "path"))
    records = Records([one.pk for one in town[:60]])
    checked = 0
    for partner in town[:60]:
        facts = records.facts(partner.pk)
        for unit in Unit.objects.filter(pk__in={fact.unit for fact in facts}):
            below = [fact for fact in facts if paths[fact.unit].startswith(unit.path)]
            for day in (today - 400 * DAY, today - 100 * DAY, today):
                targets = pulses.targets_of([partner.pk], on=day)[partner.pk]
                seen, _moments = pulses.live(partner.pk, unit, today=day)
                assert told(seen) == told(engine.read(below, targets, today=day)), (partner, unit, day)
                checked += 1
    assert checked > 60
