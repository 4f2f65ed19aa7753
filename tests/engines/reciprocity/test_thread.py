"""The thread: every moment is drawn, where it should be, and a crowd stays legible."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.reciprocity import Fact
from reciproque.engines.reciprocity.thread import AXIS, HEIGHT, NEAR, WIDTH, beats, thread

TODAY = dt.date(2026, 11, 20)
facts = st.lists(
    st.builds(
        Fact,
        on=st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31)),
        kind=st.just("visit"),
        held=st.booleans(),
        given=st.integers(0, 40).map(float),
        received=st.integers(0, 40).map(float),
    ),
    max_size=60,
)


@given(facts)
def test_every_fact_of_the_line_is_drawn_and_nothing_leaves_the_picture(known: list[Fact]) -> None:
    found = thread(known, today=TODAY, act_before=None)
    seen = {
        index
        for index, fact in enumerate(known)
        if found.first <= fact.on <= found.last and (fact.held or fact.on > TODAY)
    }
    assert {index for mark in found.marks for index in mark.facts} == seen
    for mark in found.marks:
        assert mark.x - mark.radius >= 0
        assert mark.x + mark.radius <= WIDTH
        assert mark.y - mark.radius > 0
        assert mark.y + mark.radius < HEIGHT - 20
        assert (mark.y < AXIS) == (mark.side > 0)
        assert all((known[index].on > TODAY) == mark.planned for index in mark.facts)
    for side in (1, -1, 0):
        places = [mark.x for mark in found.marks if mark.side == side and not mark.planned]
        assert places == sorted(places)


def test_near_moments_are_one_mark_and_distant_ones_are_two() -> None:
    days = [dt.date(2026, 5, 1), dt.date(2026, 5, 10), dt.date(2026, 6, 20)]
    found = thread([Fact(day, "visit", given=2.0) for day in days], today=TODAY, act_before=None)
    assert [mark.facts for mark in found.marks] == [(0, 1), (2,)]
    assert found.marks[1].x - found.marks[0].x > NEAR


def test_what_both_sides_gain_is_drawn_on_both_and_a_mere_meeting_on_the_axis() -> None:
    found = thread(
        [Fact(TODAY, "visit", given=1.0, received=3.0), Fact(TODAY, "meeting")], today=TODAY, act_before=TODAY
    )
    assert {mark.side for mark in found.marks} == {1, 0, -1}
    assert found.limit == found.today
    assert thread([], today=TODAY, act_before=dt.date(2028, 1, 1)).beyond


def test_a_sparkline_has_a_beat_a_month() -> None:
    found = beats([Fact(TODAY, "visit", given=4.0), Fact(dt.date(2027, 11, 30), "visit", held=False)], today=TODAY)
    assert len(found) == 37
    assert (found[24].given, found[24].received, found[24].met, found[24].planned) == (1.0, 0.0, True, False)
    assert (found[36].met, found[36].planned) == (True, True)
    assert sum(beat.met for beat in found) == 2
