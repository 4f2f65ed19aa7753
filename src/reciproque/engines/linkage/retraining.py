"""A model that an establishment makes its own: the one in use learns on from rows whose SIREN is known and from people's verdicts,
and is judged beside the one in use before anybody adopts it.

A job holds three calls together::

    report, forests = trial(load(), files, judged)      # cross-validated: old and new on the same pairs, none of them learnt
    if report["partner"].better:
        save(path, forests)                             # `link(..., model=load(path))` uses it

`compare(old, new, judged)` alone puts two finished models side by side, on pairs that neither has learnt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from reciproque.engines.linkage.blocking import candidates
from reciproque.engines.linkage.encoding import encode
from reciproque.engines.linkage.features import compare as compared
from reciproque.engines.linkage.kernels import Floats, Ints, Table
from reciproque.engines.linkage.linking import SELF
from reciproque.engines.linkage.scoring import LEVELS, Forest, log_odds
from reciproque.engines.linkage.training import WANTED, Labelled, Sample, calibrate, grown

FOLDS = 4
VERDICT = 3.0
"""What a verdict weighs beside a pair of rows whose SIREN say what they are."""
FEWEST = 40
"""Pairs of each kind (same, different) under which nothing is learnt or compared."""
WORTH = 0.005
"""Fall of the loss from which a new model is better: less is chance."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Verdicts of people on pairs of rows of a file.

    `columns` are those of `encoding.COLUMNS`, one place per record: the records judged and, so that words have their frequency,
    others of the same network (some thousands are enough). `left[i]`, `right[i]` are places in them, `same[i]` the verdict. Two
    sites may be of one partner: what is said of sites says nothing of partners, and that two partners differ is said of their sites.
    """

    columns: Mapping[str, Any]
    left: Ints
    right: Ints
    same: Table
    level: str = "partner"


class Score(NamedTuple):
    """How one model judges pairs: mean log loss, share of right answers, precision and recall of its automatic zone."""

    loss: float
    right: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Report:
    """Two models on the same pairs. `better`: the new one loses less by `WORTH` and is no less precise in its automatic zone."""

    pairs: int
    same: int
    old: Score
    new: Score
    better: bool


class Lessons(NamedTuple):
    """Pairs to learn from: their numbers, truth (1 same, 0 different), weight, and the families of their two records: nothing that
    bears on a record of a family is learnt when pairs of this family are judged."""

    rows: Floats
    truth: Ints
    weight: Floats
    families: Ints


def lessons(
    files: Sequence[Labelled], judged: Sequence[Judged] = (), *, level: str = "partner", threads: int = 1
) -> Lessons:
    """What files whose SIREN are known (a family is a SIREN) and verdicts (a family is what pairs tie together) teach at one level."""
    parts, shift = [], 0
    for file in files:
        sample = Sample(file.columns, file.siren, file.siret, threads)
        truth = getattr(sample, level)
        known = truth >= 0
        part = Lessons(sample.rows[known], truth[known], np.ones(int(known.sum()), np.float32), sample.families[known])
        parts.append(part)
    for each in judged:
        part = _verdicts(each, threads)
        if level == "site" and each.level == "partner":
            part = _some(part, part.truth == 0)
        if level == "site" or each.level == "partner":
            parts.append(part)
    parts = [part for part in parts if len(part.truth)]
    moved = []
    for part in parts:
        moved.append(part._replace(families=part.families + shift))
        shift += int(part.families.max()) + 1
    if not moved:
        empty = np.zeros((0, 0), np.float32)
        return Lessons(empty, np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros((0, 2), np.int64))
    return Lessons(*(np.concatenate([part[place] for part in moved]) for place in range(4)))


def _verdicts(judged: Judged, threads: int) -> Lessons:
    nodes = encode(judged.columns, hidden=True)
    one, other = (nodes.row_node[np.asarray(rows, np.int64)] for rows in (judged.left, judged.right))
    low, high = np.minimum(one, other), np.maximum(one, other)
    met = dict.fromkeys(zip(low.tolist(), high.tolist(), strict=True), 0)
    left, right, mask = candidates(nodes, threads)
    ours = np.isin(left * len(nodes) + right, low * len(nodes) + high)
    met |= dict(zip(zip(left[ours].tolist(), right[ours].tolist(), strict=True), mask[ours].tolist(), strict=True))
    families = np.array([SELF if a == b else met[a, b] for a, b in zip(low.tolist(), high.tolist(), strict=True)])
    rows = compared(nodes, low, high, families.astype(np.int64), threads)
    truth = np.asarray(judged.same, bool).astype(np.int64)
    family = _components(len(nodes), low, high)
    return Lessons(rows, truth, np.full(len(truth), VERDICT, np.float32), np.stack((family, family), axis=1))


def _components(count: int, left: Ints, right: Ints) -> Ints:
    """For each pair, a number that it shares with the pairs that touch the same records, even through others."""
    above = list(range(count))

    def top(node: int) -> int:
        while above[node] != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        above[top(one)] = top(other)
    return np.array([top(node) for node in left.tolist()], np.int64)


def retrain(
    old: Mapping[str, Forest], files: Sequence[Labelled], judged: Sequence[Judged] = (), *, threads: int = 1
) -> dict[str, Forest]:
    """The model in use, and trees that correct it; a level on which too little is known stays as it is."""
    return {level: _adapted(old[level], lessons(files, judged, level=level, threads=threads)) for level in LEVELS}


def trial(
    old: Mapping[str, Forest], files: Sequence[Labelled], judged: Sequence[Judged] = (), *, threads: int = 1
) -> tuple[dict[str, Report], dict[str, Forest]]:
    """(per level, the old and the new model on pairs that the new one has not learnt; the new model, of every pair)."""
    reports, forests = {}, {}
    for level in LEVELS:
        taught = lessons(files, judged, level=level, threads=threads)
        forests[level] = _adapted(old[level], taught)
        reports[level] = _cross_validated(old[level], taught)
    return reports, forests


def _cross_validated(old: Forest, taught: Lessons) -> Report:
    before = log_odds(old, taught.rows) if len(taught.truth) else np.zeros(0, np.float32)
    after, sure = before.copy(), before >= old.automatic
    fold = _folds(taught.families, FOLDS)
    for one, other in combinations(range(FOLDS), 2):
        touched = np.isin(fold, (one, other))
        held, rest = np.asarray(touched.all(axis=1)), np.asarray(~touched.any(axis=1))
        if held.any():
            new = _adapted(old, _some(taught, rest), FEWEST // 4)
            after[held] = log_odds(new, taught.rows[held])
            sure[held] = after[held] >= new.automatic
    return _report(taught, _score(before, before >= old.automatic, taught.truth), _score(after, sure, taught.truth))


def _some(taught: Lessons, chosen: Table) -> Lessons:
    return Lessons(taught.rows[chosen], taught.truth[chosen], taught.weight[chosen], taught.families[chosen])


def _folds(families: Ints, folds: int) -> Ints:
    """The folds of families, spread so that neighbours in a file are not together."""
    return (families.astype(np.uint64) * np.uint64(2_654_435_761) >> np.uint64(7)).astype(np.int64) % folds


def compare(
    old: Mapping[str, Forest], new: Mapping[str, Forest], pairs: Judged | Labelled, *, level: str = "partner"
) -> Report:
    """Two finished models on pairs that neither has learnt: verdicts, or the pairs of a file whose SIREN are known."""
    taught = lessons([], [pairs], level=level) if isinstance(pairs, Judged) else lessons([pairs], level=level)
    scores = []
    for forest in (old[level], new[level]):
        odds = log_odds(forest, taught.rows) if len(taught.truth) else np.zeros(0, np.float32)
        scores.append(_score(odds, odds >= forest.automatic, taught.truth))
    return _report(taught, *scores)


def _report(taught: Lessons, old: Score, new: Score) -> Report:
    same = int(taught.truth.sum())
    known = min(same, len(taught.truth) - same) >= FEWEST
    better = known and old.loss - new.loss >= WORTH and new.precision >= min(old.precision, 0.995) - 0.002
    return Report(len(taught.truth), same, old, new, better)


def _score(odds: Floats, sure: Table, truth: Ints) -> Score:
    if not len(truth):
        return Score(0.0, 1.0, 1.0, 0.0)
    likely = np.clip(1 / (1 + np.exp(-odds.astype(np.float64))), 0.0005, 0.9995)
    loss = -np.mean(np.where(truth == 1, np.log(likely), np.log(1 - likely)))
    made, same = int(sure.sum()), int(truth.sum())
    found = int((sure & (truth == 1)).sum())
    return Score(
        float(loss), float(np.mean((odds >= 0) == (truth == 1))), found / made if made else 1.0, found / max(1, same)
    )


def _adapted(old: Forest, taught: Lessons, fewest: int = FEWEST) -> Forest:
    """The forest and trees that correct it on what is taught, calibrated on pairs that its sisters have not learnt."""
    same = int(taught.truth.sum())
    if min(same, len(taught.truth) - same) < fewest:
        return old
    new = grown(old, taught.rows, taught.truth, taught.weight)
    odds, fold = np.empty(len(taught.truth), np.float32), _folds(taught.families, 2)
    for part in (0, 1):
        held, rest = (fold == part).all(axis=1), (fold != part).all(axis=1)
        if min(taught.truth[rest].sum(), rest.sum() - taught.truth[rest].sum()) < FEWEST // 4:
            return new
        odds[held] = log_odds(grown(old, taught.rows[rest], taught.truth[rest], taught.weight[rest]), taught.rows[held])
    judged = fold[:, 0] == fold[:, 1]
    return calibrate(new, odds[judged], taught.truth[judged], WANTED)
