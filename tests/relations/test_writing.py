"""What is written of relations: rights, refusals that change nothing, moments and pulses that follow in the same transaction."""

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from reciproque.directory.models import Partner
from reciproque.directory.services import merge_records, separate
from reciproque.engines import reciprocity as engine
from reciproque.foundation import history
from reciproque.foundation.errors import Conflict, DomainError, Forbidden, IllegalTransition
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from reciproque.relations import keeping, lifecycle, policies, pulses, services
from reciproque.relations.models import (
    Collaboration,
    Interaction,
    Moment,
    Need,
    Pulse,
    Referral,
    Target,
    Task,
    UnitPulse,
)
from tests.factories import PartnerFactory, PersonFactory, UnitFactory, UserFactory, actor, dispositif

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def met(partner: Partner, who: Actor, unit: Any, days: int = 10, **more: Any) -> Interaction:
    given = {"kind": "meeting", "text": "Rendez-vous"} | more
    return services.record_interaction(actor=who, partner=partner, unit=unit, on=localdate() - days * DAY, **given)


def pulse(partner: Partner) -> Pulse:
    return Pulse.objects.get(pk=partner.pk)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(None, False), (Role.READER, False), (Role.MEMBER, True), (Role.MANAGER, True), (Role.STEERING, False)],
)
def test_who_may_write(role: Role | None, allowed: bool) -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    who = actor(unit if role else None, role or Role.READER)
    writes = [
        partial(services.record_interaction, partner=partner, unit=unit, on=localdate(), kind="visit", text="Visite"),
        partial(services.open_collaboration, partner=partner, unit=unit, dispositif=dispositif("talk")),
        partial(services.record_need, partner=partner, unit=unit, title="Deux techniciens"),
        partial(services.refer, partner=partner, from_unit=unit, to_unit=UnitFactory(), subject="Demande de stage"),
    ]
    for write in writes:
        if allowed:
            write(actor=who)
        else:
            with pytest.raises(Forbidden):
                write(actor=who)
    for model in (Interaction, Collaboration, Need, Referral):
        assert model.objects.exists() is allowed
    assert Moment.objects.exists() is allowed
    assert Pulse.objects.exists() is allowed


def test_one_does_not_write_for_another_unit() -> None:
    unit, other, partner = UnitFactory(), UnitFactory(), PartnerFactory()
    who = actor(unit)
    with pytest.raises(Forbidden):
        met(partner, who, other)
    row = met(partner, who, unit)
    with pytest.raises(Forbidden):
        services.edit_interaction(actor=who, interaction=row, version=1, unit=other)
    row.refresh_from_db()
    assert row.unit == unit


def test_a_meeting_is_a_moment_and_a_call_is_none() -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    who, person = actor(unit), PersonFactory()
    met(partner, who, unit, kind="call")
    assert not Pulse.objects.exists()
    row = met(partner, who, unit, people=[person], subject="  Point\u00a0annuel ")
    moment = Moment.objects.get(interaction=row)
    assert (moment.kind, moment.met, moment.held) == ("meeting", True, True)
    assert (moment.outside, moment.inside) == ([person.pk], [who.user_id])
    assert row.subject == "Point annuel"
    assert (pulse(partner).state, pulse(partner).cadence) == ("new", 1)
    assert list(UnitPulse.objects.values_list("unit", "cadence")) == [(unit.pk, 1)]
    met(partner, who, unit, kind="call", met=True, days=30)
    assert pulse(partner).cadence == 2
    assert [entry.operation for entry in history.entries(row)] == ["relations.record_interaction"]


def test_what_is_planned_counts_once_confirmed() -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    who = actor(unit)
    row = met(partner, who, unit, days=-5)
    assert row.state == "planned"
    assert (pulse(partner).cadence, pulse(partner).planned) == (0, 1)
    with pytest.raises(IllegalTransition):
        services.confirm_interaction(actor=who, interaction=row)
    Interaction.objects.filter(pk=row.pk).update(on=localdate() - DAY)
    keeping.again([partner.pk])
    assert pulse(partner).cadence == 0
    services.confirm_interaction(actor=who, interaction=row)
    assert pulse(partner).cadence == 1
    services.cancel_interaction(actor=who, interaction=row)
    assert not Pulse.objects.exists()
    services.restore_interaction(actor=who, interaction=row)
    assert pulse(partner).cadence == 1


def test_restricted_never_counts_and_says_nothing() -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    who, reader = actor(unit), UserFactory()
    row = met(partner, who, unit, sharing="restricted", readers=[reader], next_step="Rappeler", next_on=localdate())
    assert not Moment.objects.exists()
    assert Task.objects.get().private
    other = actor(unit, Role.MANAGER)
    assert not policies.interactions.allowed(other, "notice").exists()
    assert not policies.tasks.allowed(other, "view").exists()
    assert policies.interactions.allowed(actor(unit, user=reader), "view").exists()
    services.edit_interaction(actor=who, interaction=row, version=1, sharing="unit")
    assert Moment.objects.count() == 1
    assert not row.readers.exists()
    services.edit_interaction(actor=who, interaction=row, version=2, sharing="restricted", readers=[reader])
    assert not Moment.objects.exists()
    assert not Pulse.objects.exists()


def test_the_unit_reads_what_others_only_know_of() -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    who = actor(unit)
    row = met(partner, who, unit, sharing="unit")
    above, aside = actor(unit.parent, Role.READER), actor(UnitFactory(parent=unit.parent), Role.MANAGER)
    assert policies.interactions.permits(above, "view", row)
    assert policies.interactions.permits(aside, "notice", row)
    assert not policies.interactions.permits(aside, "view", row)
    with pytest.raises(Forbidden):
        services.edit_interaction(actor=aside, interaction=row, version=1, text="Vu")


def test_nobody_knows_of_what_is_written_on_a_partner_they_may_not_know_of() -> None:
    unit = UnitFactory()
    hidden = PartnerFactory(sharing="restricted")
    system = Actor.system("essai")
    row = met(hidden, system, unit)
    collaboration = services.open_collaboration(actor=system, partner=hidden, unit=unit, dispositif=dispositif("talk"))
    who = actor(unit, Role.MANAGER)
    for policy, record in ((policies.interactions, row), (policies.collaborations, collaboration)):
        assert not policy.permits(who, "notice", record)
        assert not policy.permits(who, "view", record)
    assert not policies.pulses.allowed(who, "view").exists()
    assert not policies.moments.allowed(who, "view").exists()


def test_an_old_version_is_refused_and_nothing_changes() -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    who = actor(unit)
    row = met(partner, who, unit)
    services.edit_interaction(actor=who, interaction=row, version=1, text="Deux")
    with pytest.raises(Conflict):
        services.edit_interaction(actor=who, interaction=row, version=1, text="Trois")
    row.refresh_from_db()
    assert (row.text, row.version) == ("Deux", 2)


@pytest.mark.parametrize(
    "wrong",
    [{"text": ""}, {"on": dt.date(1500, 1, 1)}, {"on": dt.date(2999, 1, 1)}, {"minutes": 0}, {"kind": "dance"}, {"text": "a" * 20_001}],
)  # fmt: skip
def test_nonsense_is_refused(wrong: dict[str, Any]) -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    given = {"kind": "note", "text": "Note", "on": localdate()} | wrong
    with pytest.raises(ValidationError):
        services.record_interaction(actor=actor(unit), partner=partner, unit=unit, **given)
    assert not Interaction.objects.exists()


def test_from_the_idea_to_what_it_brought() -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    who, person = actor(unit), PersonFactory()
    row = services.open_collaboration(
        actor=who, partner=partner, unit=unit, dispositif=dispositif("talk"), people=[person]
    )
    assert (row.title, row.received) == ("Conférence-métier", {"hours": 3, "students": 40})
    assert not Moment.objects.exists()
    services.move_collaboration(actor=who, collaboration=row, move="propose")
    with pytest.raises(ValidationError, match="date"):
        services.move_collaboration(actor=who, collaboration=row, move="agree")
    services.move_collaboration(actor=who, collaboration=row, move="agree", starts_on=localdate() + 30 * DAY)
    assert (pulse(partner).state, pulse(partner).planned) == ("none", 1)
    row = services.edit_collaboration(actor=who, collaboration=row, version=None, starts_on=localdate() - DAY)
    services.move_collaboration(actor=who, collaboration=row, move="finish")
    assert (pulse(partner).state, pulse(partner).cadence, pulse(partner).outside) == ("new", 1, 1)
    assert pulse(partner).balance == pytest.approx((2.0 - row.received_points) / (2.0 + row.received_points), abs=1e-3)


def test_a_refusal_keeps_its_reason() -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    who = actor(unit)
    row = services.open_collaboration(actor=who, partner=partner, unit=unit, dispositif=dispositif("talk"))
    with pytest.raises(ValidationError):
        services.move_collaboration(actor=who, collaboration=row, move="decline")
    services.move_collaboration(actor=who, collaboration=row, move="decline", reason="Pas cette année")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("declined", "Pas cette année")
    with pytest.raises(IllegalTransition):
        services.move_collaboration(actor=who, collaboration=row, move="agree")


@pytest.mark.parametrize("move", sorted(lifecycle.collaboration.transitions))
@pytest.mark.parametrize("state", Collaboration.State.values)
def test_every_move_starts_where_the_table_says(move: str, state: str) -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    who = Actor.system("essai")
    row = services.open_collaboration(
        actor=who, partner=partner, unit=unit, dispositif=dispositif("talk"), starts_on=localdate()
    )
    Collaboration.objects.filter(pk=row.pk).update(state=state, reason="motif")
    transition = lifecycle.collaboration.transitions[move]
    if state in transition.sources:
        moved = services.move_collaboration(actor=who, collaboration=row, move=move, reason="motif")
        assert moved.state == transition.target
    else:
        with pytest.raises(IllegalTransition):
            services.move_collaboration(actor=who, collaboration=row, move=move, reason="motif")
        row.refresh_from_db()
        assert row.state == state


def test_long_collaborations_are_met_at_both_ends_and_a_corrected_quantity_is_kept_by_the_unit() -> None:
    unit, partner, who = UnitFactory(), PartnerFactory(), Actor.system("essai")
    row = services.open_collaboration(
        actor=who, partner=partner, unit=unit, dispositif=dispositif("internship"), state="done", received={"places": 9},
        starts_on=localdate() - 100 * DAY, ends_on=localdate() - 10 * DAY, sharing="unit",
    )  # fmt: skip
    assert pulse(partner).cadence == 2
    start = Moment.objects.get(collaboration=row, ending=False)
    assert row.received_points == 18
    assert start.received == dispositif("internship").received_points
    services.edit_collaboration(actor=who, collaboration=row, version=None, sharing="network")
    assert Moment.objects.get(collaboration=row, ending=False).received == 18


def test_other_units_are_told_of_the_same_intent() -> None:
    unit, other, partner = UnitFactory(), UnitFactory(), PartnerFactory()
    who, talk = actor(other), dispositif("talk")
    row = services.open_collaboration(actor=Actor.system("essai"), partner=partner, unit=unit, dispositif=talk)
    today = localdate()
    assert services.collisions(who, partner, talk, other, today=today) == [row]
    assert services.collisions(who, partner, talk, unit, today=today) == []
    assert services.collisions(who, partner, dispositif("visit"), other, today=today) == []
    assert services.collisions(who, partner, talk, other, today=today + 59 * DAY) == [row]
    assert services.collisions(who, partner, talk, other, today=today + 60 * DAY) == []


def test_tasks_come_back_when_they_recur() -> None:
    unit, who = UnitFactory(), None
    who = actor(unit)
    task = services.add_task(actor=who, title="Appeler la DRH", due_on=dt.date(2026, 1, 31), recurrence="monthly")
    left = services.finish_task(actor=who, task=task)
    assert left is not None
    assert left.due_on > localdate()
    assert services.finish_task(actor=who, task=task) is None
    services.reopen_task(actor=who, task=task)
    assert Task.objects.count() == 1
    with pytest.raises(Forbidden):
        services.finish_task(actor=actor(UnitFactory()), task=task)


def test_a_referral_ends_with_what_was_done_or_a_reason() -> None:
    unit, other, partner = UnitFactory(), UnitFactory(), PartnerFactory()
    sender, receiver = actor(unit), actor(other)
    row = services.refer(actor=sender, partner=partner, from_unit=unit, to_unit=other, subject="Cherche un alternant")
    with pytest.raises(Forbidden):
        services.accept_referral(actor=sender, referral=row)
    services.accept_referral(actor=receiver, referral=row)
    with pytest.raises(ValidationError):
        services.decline_referral(actor=receiver, referral=row, reason=" ")
    done = met(partner, receiver, other)
    answered = services.answer_referral(actor=receiver, referral=row, interaction=done)
    assert (answered.state, answered.interaction, answered.decided_by_id) == ("answered", done, receiver.user_id)


def test_a_raised_target_changes_the_state() -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    who = actor(unit, Role.MANAGER)
    for days in (100, 60, 20):
        met(partner, who, unit, days=days)
    assert pulse(partner).state == "alive"
    with pytest.raises(ValidationError):
        services.set_target(actor=who, partner=partner, floor=1, goal=3)
    services.set_target(actor=who, partner=partner, floor=4, goal=6)
    assert pulse(partner).state == "new"
    services.lower_target(actor=who, partner=partner)
    assert pulse(partner).state == "alive"
    with pytest.raises(Forbidden):
        services.set_target(actor=who, partner=None, floor=1, goal=2)
    assert not Target.objects.exists()


def test_the_pulse_on_any_day_is_what_the_engine_says() -> None:
    unit, below = UnitFactory(), None
    below = UnitFactory(parent=unit)
    partner, who, today = PartnerFactory(), Actor.system("essai"), localdate()
    for rank, days in enumerate((900, 720, 500, 350, 200, 190, 40, -20, -90)):
        met(partner, who, unit if rank % 2 else below, days=days, kind=["meeting", "visit"][rank % 2])
    for day in (today, today - 180 * DAY, today - 400 * DAY, today + 60 * DAY, today + 800 * DAY):
        pulses.refresh([partner.pk], today=day)
        seen, _moments = pulses.live(partner.pk, today=day)
        row = pulse(partner)
        assert (row.state, row.cadence, row.lapses_on) == (
            seen.cadence.state,
            seen.cadence.number,
            seen.cadence.lapses_on,
        )
        there, moments = pulses.live(partner.pk, unit, today=day)
        of_unit = UnitPulse.objects.get(unit=unit)
        assert (of_unit.state, of_unit.cadence) == (there.cadence.state, there.cadence.number)
        assert len(moments) == 9
        assert UnitPulse.objects.get(unit=below).cadence <= of_unit.cadence


def test_time_alone_turns_the_pulse_on_the_day_it_said() -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    met(partner, Actor.system("essai"), unit, days=300)
    row = pulse(partner)
    assert row.changes_on == localdate() + 65 * DAY
    pulses.refresh([partner.pk], today=row.changes_on)
    assert pulse(partner).state == engine.State.DORMANT
    Pulse.objects.filter(pk=partner.pk).update(changes_on=localdate(), state="alive")
    assert keeping.turn() == 1
    assert pulse(partner).state == "to_revive"
    assert keeping.turn() == 0


def test_merged_partners_have_one_pulse_and_separated_ones_their_own() -> None:
    unit, who = UnitFactory(), Actor.system("essai")
    kept, absorbed, person = PartnerFactory(), PartnerFactory(), PersonFactory()
    met(kept, who, unit, days=100, people=[person])
    met(absorbed, who, unit, days=50, people=[person])
    services.set_target(actor=who, partner=absorbed, floor=3, goal=4)
    merge_records(actor=who, kept=kept, absorbed=[absorbed])
    keeping.moved("partner", [kept.pk])
    assert (pulse(kept).cadence, Pulse.objects.count(), UnitPulse.objects.count()) == (2, 1, 1)
    assert Target.objects.get().partner == kept
    absorbed.refresh_from_db()
    with pytest.raises(DomainError):
        met(absorbed, who, unit)
    from reciproque.directory.models import Merge

    separate(actor=who, merge=Merge.objects.get())
    keeping.moved("partner", [absorbed.pk, kept.pk])
    assert (pulse(kept).cadence, pulse(absorbed).cadence) == (1, 1)
    assert Target.objects.get().partner == absorbed


def test_merged_people_are_one_person_of_the_tie() -> None:
    unit, who, partner = UnitFactory(), Actor.system("essai"), PartnerFactory()
    one, two = PersonFactory(), PersonFactory()
    met(partner, who, unit, days=100, people=[one])
    met(partner, who, unit, days=50, people=[two, one])
    assert pulse(partner).outside == 2
    merge_records(actor=who, kept=one, absorbed=[two])
    keeping.moved("person", [one.pk])
    assert pulse(partner).outside == 1
