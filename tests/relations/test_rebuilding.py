"""All pulses made anew in bulk are those that operations kept one by one."""

import datetime as dt
import random

import pytest
from django.utils.timezone import localdate, now

from reciproque.directory.models import Partner
from reciproque.engines import reciprocity as engine
from reciproque.foundation.history import event_model
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit
from reciproque.relations import counting, pulses, rebuilding, services
from reciproque.relations.models import (
    Collaboration,
    Interaction,
    Moment,
    Practice,
    Pulse,
    StateCount,
    Target,
    UnitPulse,
)
from tests.factories import PartnerFactory, PersonFactory, UnitFactory, UserFactory, dispositif

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HISTORY = event_model(Target)


def lives(count: int) -> list[Partner]:
    """Partners with a few years of life, written through the operations."""
    draw, who, today = random.Random(7), Actor.system("essai"), localdate()  # noqa: S311
    faculty = UnitFactory()
    units = [faculty, UnitFactory(parent=faculty), UnitFactory()]
    people, colleagues = PersonFactory.create_batch(4), UserFactory.create_batch(3)
    kinds = [dispositif(code) for code in ("talk", "internship", "apprenticeship_tax", "visit")]
    partners = PartnerFactory.create_batch(count, naf="25.62B", size_category="PME")
    for partner in partners:
        for _time in range(draw.randrange(7)):
            on = today - draw.randrange(-120, 1000) * DAY
            about = {"unit": draw.choice(units), "people": draw.sample(people, draw.randrange(3))}
            about |= {
                "colleagues": draw.sample(colleagues, 1),
                "sharing": draw.choice(["network", "unit", "restricted"]),
            }
            if about["sharing"] == "restricted":
                about["readers"] = colleagues[:1]
            if draw.random() < 0.5:
                services.record_interaction(
                    actor=who,
                    partner=partner,
                    on=on,
                    kind=draw.choice(["visit", "meeting", "call"]),
                    text="Texte",
                    **about,
                )
            else:
                state = "agreed" if on > today else draw.choice(["done", "under_way", "agreed"])
                services.open_collaboration(
                    actor=who, partner=partner, dispositif=draw.choice(kinds), state=state, starts_on=on,
                    ends_on=on + draw.randrange(90) * DAY, **about,
                )  # fmt: skip
    services.set_target(actor=who, partner=partners[0], floor=4, goal=9)
    return partners


FIELDS = [name for name in pulses.FIELDS if name not in {"given", "received", "balance"}]


def photograph() -> tuple[list[object], list[object], list[object]]:
    moments = Moment.objects.order_by("interaction", "collaboration", "ending")
    names = [field.name for field in Moment._meta.concrete_fields if field.name != "id"]
    return (
        list(moments.values_list(*names)),
        list(Pulse.objects.order_by("pk").values_list("pk", *FIELDS)),
        list(UnitPulse.objects.order_by("partner", "unit").values_list("partner", "unit", *FIELDS)),
    )


def test_a_full_recomputation_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    partners = lives(25)
    kept = photograph()
    balances = {row.pk: (row.given, row.received, row.balance) for row in Pulse.objects.all()}
    assert len(kept[1]) > 15
    monkeypatch.setattr(rebuilding, "SLICE", 7)
    Moment.objects.all().delete()
    Pulse.objects.filter(pk=partners[3].pk).delete()
    rebuilding.remake()
    assert photograph() == kept
    for row in Pulse.objects.all():
        assert (row.given, row.received, row.balance) == pytest.approx(balances[row.pk])


def test_rebuilding_an_empty_network_is_nothing() -> None:
    assert rebuilding.rebuild() == 0


def test_states_are_counted_by_month_without_what_is_restricted() -> None:
    partners = lives(8)
    counting.count(today=localdate())
    assert sum(row.partners for row in StateCount.objects.filter(unit=None)) == Pulse.objects.count()
    seen = Pulse.objects.filter(partner__in=partners).first()
    assert seen
    Partner.objects.filter(pk=seen.pk).update(sharing="restricted")
    counting.count(today=localdate())
    assert sum(row.partners for row in StateCount.objects.filter(unit=None)) == Pulse.objects.count() - 1
    assert StateCount.objects.filter(month=localdate().replace(day=1)).exists()


def test_what_alike_partners_do_is_counted_by_profile() -> None:
    partners, who, unit = (
        PartnerFactory.create_batch(3, naf="25.62B", size_category="PME"),
        Actor.system("essai"),
        UnitFactory(),
    )
    for partner in partners[:2]:
        services.open_collaboration(
            actor=who,
            partner=partner,
            unit=unit,
            dispositif=dispositif("talk"),
            state="done",
            starts_on=localdate() - 9 * DAY,
        )
    services.record_interaction(actor=who, partner=partners[2], unit=unit, on=localdate(), kind="visit", text="Visite")
    counting.count(today=localdate())
    closest, sector, nature = counting.profiles_of("company", "25.62B", "PME")
    for profile in ("*", closest, sector, nature):
        assert Practice.objects.get(profile=profile, dispositif=None).partners == 3
        assert Practice.objects.get(profile=profile, dispositif=dispositif("talk")).partners == 2
    assert not Practice.objects.filter(dispositif=dispositif("visit")).exists()


def decide(days_ago: int, partner: Partner | None, floor: int, goal: int) -> None:
    """A target decided some days ago: what the operation writes now in the history is dated back."""
    before = set(HISTORY.objects.values_list("pk", flat=True))
    if floor:
        services.set_target(actor=Actor.system("essai"), partner=partner, floor=floor, goal=goal)
    elif partner:
        services.lower_target(actor=Actor.system("essai"), partner=partner)
    HISTORY.objects.exclude(pk__in=before).update(pgh_created_at=now() - days_ago * DAY)


def test_a_past_day_is_read_with_the_targets_in_force_that_day() -> None:
    """The establishment asks for more, then for less; one partner is raised, then given back: each day keeps what was wanted of it."""
    one, other = lives(2)
    decide(400, one, 0, 0)
    decide(300, None, 3, 4)
    decide(200, one, 5, 6)
    decide(100, None, 6, 8)
    decide(50, one, 0, 0)
    decide(20, None, 1, 2)
    wanted = {500: (2, 3, 2, 3), 301: (2, 3, 2, 3), 300: (3, 4, 3, 4), 201: (3, 4, 3, 4), 200: (5, 6, 3, 4), 101: (5, 6, 3, 4),
              100: (6, 8, 6, 8), 51: (6, 8, 6, 8), 21: (6, 8, 6, 8), 20: (1, 2, 1, 2), 0: (1, 2, 1, 2), -30: (1, 2, 1, 2)}  # fmt: skip
    for ago, numbers in wanted.items():
        day = localdate() - ago * DAY
        found = pulses.targets_of([one.pk, other.pk], on=day)
        assert (found[one.pk].floor, found[one.pk].goal, found[other.pk].floor, found[other.pk].goal) == numbers, ago
        rebuilding.rebuild(today=day)
        for partner, least, most in ((one, *numbers[:2]), (other, *numbers[2:])):
            said = engine.read(history_of(partner), engine.Targets(least, most), today=day).cadence
            seen = pulses.live(partner.pk, today=day)[0].cadence
            row = Pulse.objects.filter(pk=partner.pk).first()
            assert (seen.state, seen.lapses_on) == (said.state, said.lapses_on), (partner, ago)
            assert row is None or (row.state, row.lapses_on) == (said.state, said.lapses_on), (partner, ago)


def test_a_partner_is_never_wanted_less_often_than_the_others() -> None:
    partner, who = PartnerFactory(), Actor.system("essai")
    services.set_target(actor=who, partner=partner, floor=3, goal=5)
    services.set_target(actor=who, partner=None, floor=4, goal=4)
    assert pulses.targets_of([partner.pk])[partner.pk] == engine.Targets(4, 5)
    services.set_target(actor=who, partner=None, floor=2, goal=3)
    assert pulses.targets_of([partner.pk])[partner.pk] == engine.Targets(3, 5)


def test_any_past_day_replayed_is_what_the_engine_says_of_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was known is written again fact by fact, without the tables of moments nor of pulses; every day asked gives the same."""
    partners, today = lives(20), localdate()
    unit_of = dict(Unit.objects.values_list("pk", "path"))
    draw = random.Random(11)  # noqa: S311
    days = [today - draw.randrange(1100) * DAY for _time in range(12)] + [today, today + 40 * DAY]
    monkeypatch.setattr(rebuilding, "SLICE", 7)
    for day in days:
        for partner in partners:
            facts = history_of(partner)
            targets = pulses.targets_of([partner.pk], on=day)[partner.pk]
            said = engine.read(facts, targets, today=day)
            seen, _moments = pulses.live(partner.pk, today=day)
            assert (seen.cadence.state, seen.cadence.number, seen.cadence.lapses_on, seen.changes_on) == (
                said.cadence.state, said.cadence.number, said.cadence.lapses_on, said.changes_on,
            ), (partner, day)  # fmt: skip
            assert seen.balance.given == pytest.approx(said.balance.given)
            assert seen.balance.received == pytest.approx(said.balance.received)
            for unit in Unit.objects.filter(parent__isnull=False):
                below = [fact for fact in facts if unit_of[fact.unit].startswith(unit.path)]
                there, _moments = pulses.live(partner.pk, unit, today=day)
                assert there.cadence.number == engine.read(below, targets, today=day).cadence.number
    for day in days[:3]:
        rebuilding.rebuild(today=day)
        for row in Pulse.objects.all():
            beat = engine.read(history_of(row.partner), pulses.targets_of([row.pk], on=day)[row.pk], today=day).cadence
            assert (row.state, row.cadence, row.lapses_on) == (beat.state.value, beat.number, beat.lapses_on)


def history_of(partner: Partner) -> list[engine.Fact]:
    """The facts of a partner told from its exchanges and collaborations themselves, as docs/decisions/0030 counts them."""
    shared = (
        Interaction.objects.filter(partner=partner, met=True).exclude(sharing="restricted").exclude(state="cancelled")
    )
    facts = [engine.Fact(on=row.on, kind=row.kind, held=row.state == "done", unit=row.unit_id) for row in shared]
    joint = Collaboration.objects.filter(partner=partner, starts_on__isnull=False).exclude(sharing="restricted")
    for row in joint.filter(state__in=["agreed", "under_way", "done"]).select_related("dispositif"):
        facts += told_of(row)
    return facts


def told_of(row: Collaboration) -> list[engine.Fact]:
    """A collaboration is met at its beginning, and at its end when its dispositif says so; what a unit keeps weighs as usual."""
    kind, open_to_all = row.dispositif, row.sharing == "network"
    brought = (row.given_points, row.received_points) if open_to_all else (kind.given_points, kind.received_points)
    begins = engine.Fact(
        on=row.starts_on, kind=kind.code, met=kind.counting != "none", held=row.state != "agreed", joint=True, given=brought[0],
        received=brought[1], unit=row.unit_id,
    )  # fmt: skip
    if kind.counting != "both_ends" or not row.ends_on or row.ends_on <= row.starts_on:
        return [begins]
    return [
        begins,
        engine.Fact(
            on=row.ends_on, kind=kind.code, met=True, held=row.state == "done", joint=True, given=0, received=0, unit=row.unit_id
        ),
    ]  # fmt: skip
