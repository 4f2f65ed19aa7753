"""A model learns on from verdicts and from rows whose SIREN is known, and is judged on what it has not learnt."""

import random

import numpy as np
import pytest

from reciproque.engines.linkage.retraining import Judged, compare, lessons, retrain, trial
from reciproque.engines.linkage.scoring import load, log_odds, save
from reciproque.engines.linkage.training import Labelled

SYLLABLES = ["ba", "co", "du", "fe", "gi", "lo", "mu", "na", "pe", "ri", "so", "ta", "vu", "xe", "zo"]


def named(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 -- a file, not a secret
    return ["".join(chance.choices(SYLLABLES, k=4)).upper() for _ in range(count)]


def verdicts(count: int = 150, seed: int = 1) -> Judged:
    """An establishment where « X CONSEIL » and « X FORMATION » are one house, « X EST » and « X OUEST » are two."""
    names, left, right, same = [], [], [], []
    for place, word in enumerate(named(count, seed)):
        pair = ("CONSEIL", "FORMATION") if place % 2 else ("EST", "OUEST")
        names += [f"{word} {pair[0]}", f"{word} {pair[1]}"]
        left.append(len(names) - 2)
        right.append(len(names) - 1)
        same.append(bool(place % 2))
    return Judged({"name": names}, np.array(left), np.array(right), np.array(same))


def test_verdicts_are_learnt_without_being_judged_on_themselves() -> None:
    old = load()
    reports, new = trial(old, [], [verdicts()])
    report = reports["partner"]
    assert (report.pairs, report.same) == (150, 75)
    assert report.better
    assert report.new.loss < report.old.loss
    fresh = compare(old, new, verdicts(seed=2))
    assert fresh.better
    assert fresh.new.right > 0.9 > fresh.old.right


def test_too_few_verdicts_change_nothing() -> None:
    old = load()
    reports, new = trial(old, [], [verdicts(20)])
    assert new["partner"] is old["partner"]
    assert not reports["partner"].better


def test_verdicts_that_say_nothing_are_not_called_progress() -> None:
    judged = verdicts()
    chance = np.random.default_rng(4)
    blind = Judged(judged.columns, judged.left, judged.right, chance.random(150) < 0.5)
    assert trial(load(), [], [blind])[0]["partner"].new.right < 0.7


def test_a_verdict_of_partners_teaches_sites_only_that_they_differ() -> None:
    assert len(lessons([], [verdicts()], level="partner").truth) == 150
    assert lessons([], [verdicts()], level="site").truth.tolist() == [0] * 75


def test_rows_of_one_siren_are_pairs(tmp_path) -> None:
    names = [name for word in named(200, 3) for name in (f"SARL {word}", f"{word} SERVICES", f"{word} IMMOBILIER")]
    siren = np.array([f"{300_000_000 + place // 3 * 2 + (place % 3 == 2)}" for place in range(600)])
    file = Labelled({"name": np.array(names, dtype=object)}, siren, np.full(600, "", dtype=object))
    taught = lessons([file], level="partner")
    assert taught.truth.sum() == 200
    own = taught.truth == 1
    assert (taught.families[own, 0] == taught.families[own, 1]).all()
    new = retrain(load(), [file])
    save(tmp_path / "own.npz", new)
    again = load(tmp_path / "own.npz")["partner"]
    assert log_odds(again, taught.rows).tolist() == log_odds(new["partner"], taught.rows).tolist()
    assert log_odds(again, taught.rows)[own].mean() > log_odds(load()["partner"], taught.rows)[own].mean()


@pytest.mark.parametrize("level", ["site", "partner"])
def test_nothing_to_learn_from(level) -> None:
    assert len(lessons([], level=level).truth) == 0
    assert (
        compare(load(), load(), Judged({"name": ["A"]}, np.zeros(0, int), np.zeros(0, int), np.zeros(0, bool))).pairs
        == 0
    )
