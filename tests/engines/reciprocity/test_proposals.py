"""What to propose next: always with a reason, never out of a handful of cases."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.reciprocity import (
    Candidate,
    Ground,
    Lean,
    Need,
    Occasion,
    Practice,
    Reason,
    Situation,
    propose,
)
from reciproque.engines.reciprocity.proposals import FOLLOWS, is_telling, lower_bound

TODAY = dt.date(2026, 11, 20)
ALL = [
    Candidate("advisory_board", 2.0, 2.6),
    Candidate("talk", 2.0, 4.4),
    Candidate("expertise", 8.7, 15.0),
    Candidate("visit", 1.0, 2.6),
    Candidate("project", 10.0, 1.6),
    Candidate("job_dating", 7.0, 8.0),
]


def proposed(situation: Situation, practices: dict[str, Practice] | None = None) -> dict[str, tuple[Reason, ...]]:
    return {one.dispositif: one.reasons for one in propose(situation, ALL, practices or {}, today=TODAY)}


def test_nothing_is_proposed_without_a_reason() -> None:
    assert proposed(Situation(Lean.ONLY_UNIVERSITY)) == {}


@pytest.mark.parametrize(("times", "expected"), [(2, False), (3, True)])
def test_who_welcomes_trainees_has_something_to_say_in_the_council(times: int, expected: bool) -> None:
    found = proposed(Situation(Lean.EVEN, done={"internship": times}))
    assert ("advisory_board" in found) is expected
    if expected:
        assert found["advisory_board"] == (Reason(Ground.FOLLOWS, "internship", number=times),)


@pytest.mark.parametrize(
    ("practice", "telling"),
    [
        (Practice(8, 20, 100, 1000), True),
        (Practice(7, 20, 100, 1000), False),  # too few do it
        (Practice(8, 19, 100, 1000), False),  # too few are alike
        (Practice(26, 100, 200, 1000), False),  # 1.3 times, but within chance
        (Practice(130, 500, 200, 1000), True),  # 1.3 times, surely
        (Practice(129, 500, 200, 1000), False),  # less than 1.3 times
        (Practice(20, 30, 0, 0), False),
    ],
)
def test_alike_partners_speak_when_enough_of_them_do(practice: Practice, telling: bool) -> None:
    assert is_telling(practice) is telling
    found = proposed(Situation(Lean.EVEN), {"talk": practice})
    assert ("talk" in found) is telling
    assert "talk" not in proposed(Situation(Lean.EVEN, done={"talk": 1}), {"talk": practice})


def test_a_need_comes_first_and_an_occasion_ahead_counts() -> None:
    situation = Situation(
        Lean.EVEN,
        needs=[Need("Vieillissement des polymères", frozenset({"expertise"}))],
        occasions=[
            Occasion("job_dating", "Job-dating Industrie", TODAY + dt.timedelta(days=1), 12),
            Occasion("visit", "Portes ouvertes", TODAY),
        ],
    )
    found = propose(situation, ALL, {}, today=TODAY)
    assert [one.dispositif for one in found] == ["expertise", "job_dating"]
    assert found[1].reasons[0].on == TODAY + dt.timedelta(days=1)


def test_the_balance_strengthens_what_would_restore_it() -> None:
    done = {"jury": 3, "job_dating": 3, "project": 3, "internship": 3}
    need = [Need("Prototype", frozenset({"project"}))]
    found = proposed(Situation(Lean.ONLY_UNIVERSITY, done=done, needs=need))
    assert Reason(Ground.GIVE) in found["project"]
    assert Reason(Ground.RECEIVE) in proposed(Situation(Lean.TO_PARTNER, done=done))["talk"]


def test_not_for_them_is_remembered() -> None:
    assert proposed(Situation(Lean.EVEN, done={"internship": 9}, closed={"advisory_board", "talk"})) == {}


@given(st.integers(1, 400), st.integers(0, 400))
def test_the_lower_bound_is_below_the_share(among: int, doing: int) -> None:
    doing = min(doing, among)
    assert -1e-9 <= lower_bound(doing, among) <= doing / among + 1e-9


@given(
    st.dictionaries(st.sampled_from([*FOLLOWS]), st.integers(1, 9)),
    st.dictionaries(
        st.sampled_from([one.code for one in ALL]),
        st.builds(Practice, st.integers(0, 50), st.integers(50, 90), st.integers(1, 500), st.just(1000)),
    ),
    st.sampled_from(list(Lean)),
)
def test_at_most_three_each_with_a_reason_that_is_not_the_balance(
    done: dict[str, int], practices: dict[str, Practice], lean: Lean
) -> None:
    found = propose(Situation(lean, done=done), ALL, practices, today=TODAY)
    assert len(found) <= 3
    for one in found:
        assert {reason.ground for reason in one.reasons} - {Ground.GIVE, Ground.RECEIVE}
        assert one.dispositif not in done
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
