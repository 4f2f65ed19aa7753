"""What is read of many relations at once is what is read of each."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.reciprocity import Fact, Targets, bulk, read

KINDS = ("visit", "course", "talk")
facts = st.lists(
    st.builds(
        Fact,
        on=st.dates(dt.date(2023, 6, 1), dt.date(2028, 12, 31)) | st.just(dt.date(2024, 2, 29)),
        kind=st.sampled_from(KINDS),
        met=st.booleans(),
        held=st.booleans(),
        given=st.integers(0, 9).map(float),
        received=st.integers(0, 9).map(float),
    ),
    max_size=20,
)
relations = st.lists(st.tuples(facts, st.integers(1, 4), st.integers(0, 2)), min_size=1, max_size=6)


def arrays(known: list[list[Fact]]) -> bulk.Facts:
    rows = [(rank, fact) for rank, some in enumerate(known) for fact in some]
    return bulk.Facts(
        group=np.array([rank for rank, _fact in rows], dtype=np.int64),
        day=np.array([bulk.day_of(fact.on) for _rank, fact in rows], dtype=np.int32),
        kind=np.array([KINDS.index(fact.kind) for _rank, fact in rows], dtype=np.int32),
        met=np.array([fact.met for _rank, fact in rows], dtype=bool),
        held=np.array([fact.held for _rank, fact in rows], dtype=bool),
        given=np.array([fact.given for _rank, fact in rows], dtype=float),
        received=np.array([fact.received for _rank, fact in rows], dtype=float),
    )


def date(day: int) -> dt.date | None:
    return None if day == bulk.NEVER else dt.date(1970, 1, 1) + dt.timedelta(days=int(day))


@given(relations, st.dates(dt.date(2024, 1, 1), dt.date(2028, 3, 1)) | st.just(dt.date(2026, 2, 28)))
def test_the_arrays_say_what_the_engine_says(known: list[tuple[list[Fact], int, int]], today: dt.date) -> None:
    floor = np.array([floor for _facts, floor, _more in known])
    goal = floor + np.array([more for _facts, _floor, more in known])
    found = bulk.read(arrays([some for some, _floor, _more in known]), floor, goal, today=today)
    for rank, (some, least, more) in enumerate(known):
        one = read(some, Targets(least, least + more), today=today)
        beat = one.cadence
        assert bulk.STATES[found.state[rank]] == beat.state
        assert (found.number[rank], found.planned[rank]) == (beat.number, len(beat.planned))
        assert (date(found.last[rank]), date(found.next[rank])) == (beat.last_on, beat.next_on)
        assert date(found.lapses[rank]) == beat.lapses_on
        assert date(found.changes[rank]) == one.changes_on
        assert found.given[rank] == pytest.approx(one.balance.given)
        assert found.received[rank] == pytest.approx(one.balance.received)
        ratio = one.balance.ratio
        assert np.isnan(found.balance[rank]) if ratio is None else found.balance[rank] == pytest.approx(ratio)


def test_nothing_at_all_is_read_too() -> None:
    found = bulk.read(arrays([[], []]), np.array([2, 2]), np.array([3, 3]), today=dt.date(2026, 11, 20))
    assert [bulk.STATES[state] for state in found.state] == ["none", "none"]
    assert date(found.lapses[0]) is None
