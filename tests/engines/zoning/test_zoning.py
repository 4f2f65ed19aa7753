"""Three zones, what to expect of them, and what a sample says of the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.zoning import Zones, counts, curve_of, draw, estimate, expected, wilson, zone_of

ZONES = Zones(automatic=0.995, review=0.1)
shares = st.floats(0, 1, allow_nan=False)


@pytest.mark.parametrize(
    ("likelihood", "withheld", "zone"),
    [
        (0.995, False, "automatic"),
        (0.9949, False, "review"),
        (0.995, True, "review"),
        (0.1, False, "review"),
        (0.0999, False, "dropped"),
        (0.0999, True, "dropped"),
        (None, False, "review"),
        (None, True, "review"),
    ],
)
def test_each_side_of_each_threshold(likelihood: float | None, withheld: bool, zone: str) -> None:
    assert zone_of(likelihood, ZONES, withheld=withheld) == zone


@given(st.lists(st.tuples(shares | st.none(), st.booleans())), shares, shares)
def test_raising_the_threshold_never_merges_more(
    pairs: list[tuple[float | None, bool]], one: float, other: float
) -> None:
    low, high = sorted((max(one, 0.2), max(other, 0.2)))
    mild, strict = counts(pairs, Zones(low, 0.1)), counts(pairs, Zones(high, 0.1))
    assert strict.automatic <= mild.automatic
    assert mild.automatic + mild.review + mild.dropped == len(pairs)
    assert mild.dropped == strict.dropped


def test_the_mean_likelihood_is_the_precision_to_expect() -> None:
    assert expected((2, 1.98), (4, 2.2)) == (0.99, pytest.approx(0.9))
    assert expected((0, 0), (4, 2.2)) is None


def test_a_curve_tells_precision_and_recall_from_each_threshold() -> None:
    curve = curve_of([0.9, 0.8, 0.8, 0.4], [True, True, False, True])
    assert curve.thresholds == (0.4, 0.8, 0.9)
    assert curve.at(0.85) == (1.0, pytest.approx(1 / 3))
    assert curve.at(0.8) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert curve.at(0.95) is None
    assert len(curve_of([rank / 1000 for rank in range(1000)], [True] * 1000).thresholds) == 60


def test_the_sample_is_the_same_for_the_same_seed_and_drawn_from_each_third() -> None:
    merges = [(key, 0.99 + key / 100_000) for key in range(300)]
    drawn = draw(merges, wanted=15, seed="run-1")
    assert drawn == draw(list(reversed(merges)), wanted=15, seed="run-1")
    assert drawn != draw(merges, wanted=15, seed="run-2")
    assert [sum(one.stratum == stratum for one in drawn) for stratum in range(3)] == [5, 5, 5]
    assert sum(one.weight for one in drawn) == pytest.approx(300)


@given(st.integers(0, 40), st.integers(0, 40))
def test_every_drawn_merge_stands_for_its_stratum(count: int, wanted: int) -> None:
    merges = [(key, key / 100) for key in range(count)]
    drawn = draw(merges, wanted=wanted, seed="x")
    assert len(drawn) == min(count, wanted) or (count > wanted and len(drawn) <= wanted)
    assert len({one.key for one in drawn}) == len(drawn)
    if count <= wanted:
        assert {one.weight for one in drawn} <= {1.0}


def test_wilson_is_honest_about_few_answers() -> None:
    low, high = wilson(1.0, 20)
    assert low == pytest.approx(0.8389, abs=1e-3)
    assert high == 1.0
    assert wilson(0.5, 0) == (0.0, 1.0)
    assert wilson(0.9, 1000)[0] > wilson(0.9, 100)[0]


def test_an_estimate_weighs_answers_by_what_they_stand_for() -> None:
    found = estimate([(1, True)] * 10 + [(9, False)])
    assert found is not None
    assert found.value == pytest.approx(10 / 19)
    assert found.answers == 11
    assert found.low < wilson(10 / 19, 11)[0]  # weights that differ are worth fewer answers
    assert estimate([]) is None
