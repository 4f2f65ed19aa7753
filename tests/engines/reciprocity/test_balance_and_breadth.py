"""What each side brought, how many carry the tie, and how long a reading holds."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.reciprocity import (
    SCALES,
    Fact,
    Fragility,
    Lean,
    Targets,
    balance,
    breadth,
    forgotten_on,
    lean,
    months_after,
    months_before,
    points,
    read,
    remembered,
)

TODAY = dt.date(2026, 11, 20)


def ago(days: int, **more: object) -> Fact:
    return Fact(on=TODAY - dt.timedelta(days=days), kind="visit", **more)  # type: ignore[arg-type]


weights = st.floats(0, 50).map(lambda x: round(x, 2))
facts = st.lists(
    st.builds(
        Fact,
        on=st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31)),
        kind=st.sampled_from(["visit", "course"]),
        held=st.booleans(),
        met=st.booleans(),
        joint=st.booleans(),
        given=weights,
        received=weights,
        unit=st.integers(1, 3),
        outside=st.frozensets(st.integers(1, 4), max_size=2),
        inside=st.frozensets(st.integers(1, 4), max_size=2),
    ),
    max_size=15,
)


def test_what_was_brought_weighs_half_after_a_year() -> None:
    sides = balance([ago(0, given=4.0), ago(365, given=4.0, received=8.0)], today=TODAY)
    assert (sides.given, sides.received) == pytest.approx((6.0, 4.0))
    assert sides.ratio == pytest.approx(0.2)


def test_the_memory_is_of_24_months() -> None:
    first, last = dt.date(2024, 11, 21), dt.date(2024, 11, 20)
    assert remembered(first, TODAY)
    assert not remembered(last, TODAY)
    assert balance([Fact(first, "visit", given=1.0)], today=TODAY).ratio == 1.0
    assert balance([Fact(last, "visit", given=1.0)], today=TODAY).ratio is None
    assert balance([Fact(dt.date(2026, 11, 21), "visit", given=1.0)], today=TODAY).ratio is None
    assert balance([ago(3, given=1.0, held=False)], today=TODAY).ratio is None


@pytest.mark.parametrize(
    ("ratio", "word"),
    [
        (None, Lean.EMPTY),
        (0.0, Lean.EVEN),
        (0.199, Lean.EVEN),
        (0.2, Lean.TO_PARTNER),
        (-0.199, Lean.EVEN),
        (-0.2, Lean.TO_UNIVERSITY),
        (0.599, Lean.TO_PARTNER),
        (0.6, Lean.ONLY_PARTNER),
        (1.0, Lean.ONLY_PARTNER),
        (-0.599, Lean.TO_UNIVERSITY),
        (-0.6, Lean.ONLY_UNIVERSITY),
        (-1.0, Lean.ONLY_UNIVERSITY),
    ],
)
def test_the_balance_in_words(ratio: float | None, word: Lean) -> None:
    assert lean(ratio) == word


@given(facts)
def test_it_is_the_same_seen_from_the_other_side(known: list[Fact]) -> None:
    turned = [replace(fact, given=fact.received, received=fact.given) for fact in known]
    here, there = balance(known, today=TODAY).ratio, balance(turned, today=TODAY).ratio
    assert (here is None) == (there is None)
    assert here is None or here == pytest.approx(-(there or 0.0))
    assert here is None or -1 <= here <= 1


def test_one_person_on_a_side_is_a_fragility() -> None:
    known = [ago(10, outside=frozenset({7}), inside=frozenset({1, 2})), ago(100, outside=frozenset({7}))]
    said = read(known, Targets(), today=TODAY).fragilities
    assert Fragility.ONE_OUTSIDE in said
    assert Fragility.ONE_INSIDE not in said
    assert Fragility.NOTHING_PLANNED in said
    assert read([*known, ago(5, outside=frozenset({8}))], Targets(), today=TODAY).fragilities == (
        Fragility.NOTHING_PLANNED,
    )
    assert read([ago(400, outside=frozenset({7}))], Targets(), today=TODAY).fragilities == ()


def test_breadth_counts_dispositifs_units_and_people() -> None:
    known = [
        ago(10, joint=True, unit=1, outside=frozenset({1, 2})),
        ago(20, joint=False, unit=2, inside=frozenset({9})),
        ago(800, joint=True, unit=3, outside=frozenset({5})),
    ]
    found = breadth(known, today=TODAY)
    assert (found.dispositifs, found.units) == ({"visit"}, {1, 2})
    assert (found.outside, found.inside) == ({1, 2}, {9})


@given(st.dates(dt.date(2020, 1, 1), dt.date(2032, 1, 1)), st.integers(-40, 40))
def test_months_go_there_and_back_within_the_month(day: dt.date, months: int) -> None:
    there = months_after(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day == day.day or there.day in {28, 29, 30}
    assert months_before(there, months).month == day.month


@pytest.mark.parametrize("on", [dt.date(2024, 2, 29), dt.date(2024, 2, 28), dt.date(2024, 8, 31), dt.date(2023, 2, 28)])
def test_the_day_one_is_forgotten(on: dt.date) -> None:
    day = forgotten_on(on)
    assert remembered(on, day - dt.timedelta(days=1))
    assert not remembered(on, day)


@given(facts, st.dates(dt.date(2025, 1, 1), dt.date(2027, 1, 1)), st.integers(0, 400))
def test_a_reading_holds_until_the_day_it_says(known: list[Fact], today: dt.date, later: int) -> None:
    before = read(known, Targets(), today=today)
    day = today + dt.timedelta(days=later)
    if before.changes_on is not None and day >= before.changes_on:
        day = before.changes_on - dt.timedelta(days=1)
    after = read(known, Targets(), today=day)
    assert (before.cadence.state, before.cadence.number, before.cadence.lapses_on) == (
        after.cadence.state,
        after.cadence.number,
        after.cadence.lapses_on,
    )
    assert before.breadth == after.breadth
    assert (before.balance.ratio is None) == (after.balance.ratio is None)
    assert before.balance.ratio == pytest.approx(after.balance.ratio)


def test_points_of_quantities() -> None:
    assert points({}) == 0
    assert points({"hours": 7, "places": 1}) == 3.0
    assert all(points({scale.code: 0}) == 0 < points({scale.code: scale.highest}) for scale in SCALES)
    with pytest.raises(ValueError, match="visibility"):
        points({"visibility": 5.5})
    with pytest.raises(ValueError, match="hours"):
        points({"hours": -1})
    with pytest.raises(KeyError):
        points({"glory": 1})
