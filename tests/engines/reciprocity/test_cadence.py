"""The cadence, the state it leaves, and the day by which to meet again: one example on each side of every threshold."""

import datetime as dt
import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.reciprocity import Fact, State, Targets, cadence, distinct, doubles

TODAY = dt.date(2026, 11, 20)
USUAL = Targets()


def ago(days: int, kind: str = "visit", **more: object) -> Fact:
    return Fact(on=TODAY - dt.timedelta(days=days), kind=kind, **more)  # type: ignore[arg-type]


def ahead(days: int, kind: str = "visit") -> Fact:
    return Fact(on=TODAY + dt.timedelta(days=days), kind=kind, held=False)


facts = st.lists(
    st.builds(
        Fact,
        on=st.dates(dt.date(2023, 1, 1), dt.date(2028, 12, 31)),
        kind=st.sampled_from(["visit", "course", "talk"]),
        met=st.booleans(),
        held=st.booleans(),
    ),
    max_size=25,
)
days = st.dates(dt.date(2024, 1, 1), dt.date(2028, 1, 1))
targets = st.builds(lambda floor, more: Targets(floor, floor + more), st.integers(1, 4), st.integers(0, 3))


@pytest.mark.parametrize(("age", "number"), [(0, 1), (364, 1), (365, 0), (366, 0), (-1, 0)])
def test_a_moment_counts_for_365_days_its_own_included(age: int, number: int) -> None:
    assert cadence([ago(age)], USUAL, today=TODAY).number == number


@pytest.mark.parametrize(("apart", "number"), [(0, 1), (6, 1), (7, 2), (8, 2)])
def test_two_of_the_same_kind_are_two_from_the_seventh_day(apart: int, number: int) -> None:
    assert cadence([ago(50), ago(50 - apart)], USUAL, today=TODAY).number == number
    assert cadence([ago(50), ago(50 - apart, "talk")], USUAL, today=TODAY).number == 2


def test_a_meeting_every_five_days_counts_every_other_time() -> None:
    assert [fact.on for fact in distinct([ago(20), ago(15), ago(10), ago(5)])] == [ago(20).on, ago(10).on]
    assert [fact.on for fact in doubles([ago(20), ago(15), ago(10), ago(5)])] == [ago(15).on, ago(5).on]


@pytest.mark.parametrize(
    ("known", "state"),
    [
        ([], State.NONE),
        ([ahead(10)], State.NONE),
        ([ago(365)], State.DORMANT),
        ([ago(364)], State.TO_REVIVE),
        ([ago(180)], State.TO_REVIVE),
        ([ago(179)], State.NEW),
        ([ago(0)], State.NEW),
        ([ago(179), ago(20)], State.FRAGILE),
        ([ago(364), ago(20)], State.FRAGILE),
        ([ago(365), ago(20)], State.TO_REVIVE),
        ([ago(364), ago(200), ago(20)], State.ALIVE),
        ([ago(365), ago(200), ago(20)], State.FRAGILE),
        ([ago(900), ago(20)], State.TO_REVIVE),
    ],
)
def test_the_six_states(known: list[Fact], state: State) -> None:
    assert cadence(known, USUAL, today=TODAY).state == state


def test_a_raised_target_asks_for_more() -> None:
    known = [ago(300), ago(200), ago(100)]
    assert cadence(known, Targets(3, 4), today=TODAY).state == State.FRAGILE
    assert cadence(known, Targets(4, 6), today=TODAY).state == State.TO_REVIVE
    with pytest.raises(ValueError, match="3"):
        Targets(4, 3)
    with pytest.raises(ValueError, match="0"):
        Targets(0, 3)


def test_act_before_the_day_the_floor_is_lost() -> None:
    beat = cadence([ago(300), ago(100)], USUAL, today=TODAY)
    assert beat.lapses_on == ago(300).on + dt.timedelta(days=365) == beat.act_before(TODAY)
    later = cadence([ago(300), ago(100), ahead(30)], USUAL, today=TODAY)
    assert later.lapses_on == ago(100).on + dt.timedelta(days=365)
    assert later.next_on == ahead(30).on


def test_planned_after_the_fall_does_not_prevent_it() -> None:
    fall = 65
    assert cadence([ago(300), ago(100), ahead(fall)], USUAL, today=TODAY).lapses_on == ago(100).on + dt.timedelta(365)
    assert cadence([ago(300), ago(100), ahead(fall + 1)], USUAL, today=TODAY).lapses_on == ahead(fall).on


def test_below_the_floor_one_acts_today_and_knows_since_when() -> None:
    beat = cadence([ago(500), ago(400), ago(100)], USUAL, today=TODAY)
    assert beat.act_before(TODAY) == TODAY
    assert beat.lapses_on == ago(400).on + dt.timedelta(days=365)
    alone = cadence([ago(100)], USUAL, today=TODAY)
    assert (alone.lapses_on, alone.act_before(TODAY)) == (ago(100).on, TODAY)
    assert cadence([], USUAL, today=TODAY).act_before(TODAY) is None


def test_what_was_planned_and_is_not_confirmed_is_nothing() -> None:
    assert cadence([ago(1, held=False)], USUAL, today=TODAY).state == State.NONE
    assert cadence([ago(1, met=False)], USUAL, today=TODAY).state == State.NONE


def brute(known: Iterable[Fact], floor: int, day: dt.date, today: dt.date) -> int:
    """The cadence on a later day, everything planned having taken place, counted one by one."""
    moments = distinct(fact for fact in known if fact.on > today or fact.held)
    return sum(day - dt.timedelta(days=365) < fact.on <= day for fact in moments)


@given(facts, days, targets)
def test_the_day_is_the_first_one_below_the_floor(known: list[Fact], today: dt.date, wanted: Targets) -> None:
    beat = cadence(known, wanted, today=today)
    act = beat.act_before(today)
    if beat.state == State.NONE:
        assert act is None
        return
    assert act is not None
    assert brute(known, wanted.floor, act, today) < wanted.floor
    day = today
    while day < act:
        assert brute(known, wanted.floor, day, today) >= wanted.floor
        day += dt.timedelta(days=1)


@given(facts, days)
def test_what_comes_later_never_changes_what_was_counted(known: list[Fact], today: dt.date) -> None:
    before = cadence([fact for fact in known if fact.on <= today], USUAL, today=today)
    assert cadence(known, USUAL, today=today).counted == before.counted


@given(facts, days)
def test_the_order_of_the_facts_does_not_matter(known: list[Fact], today: dt.date) -> None:
    one, other = cadence(known, USUAL, today=today), cadence(known[::-1], USUAL, today=today)
    assert (one.number, one.state, one.lapses_on, one.next_on) == (
        other.number,
        other.state,
        other.lapses_on,
        other.next_on,
    )


@given(facts, days)
def test_one_more_moment_never_lowers_the_cadence(known: list[Fact], today: dt.date) -> None:
    more = [*known, Fact(on=today, kind="new kind")]
    assert cadence(more, USUAL, today=today).number == cadence(known, USUAL, today=today).number + 1


@given(facts)
def test_the_counted_are_seven_days_apart(known: list[Fact]) -> None:
    kept = distinct(known)
    for kind in {fact.kind for fact in kept}:
        same = [fact.on for fact in kept if fact.kind == kind]
        assert all((b - a).days >= 7 for a, b in itertools.pairwise(same))
    assert len(kept) + len(doubles(known)) == sum(fact.met for fact in known)
