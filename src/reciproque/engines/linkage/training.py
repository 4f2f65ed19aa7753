"""Learn the model from rows whose SIREN (and SIRET) is known; identifiers are hidden from what is learnt."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from reciproque.engines.linkage.blocking import candidates
from reciproque.engines.linkage.encoding import Nodes, encode
from reciproque.engines.linkage.features import compare
from reciproque.engines.linkage.kernels import Floats, Ints, Table
from reciproque.engines.linkage.linking import SELF
from reciproque.engines.linkage.scoring import Forest, log_odds

TREES, LEAVES, RATE = 90, 24, 0.1
WANTED = 0.98
"""Precision of the automatic zone on rows that the model has not seen."""
FOLDS = 2
CORRECTIONS = 20
"""Trees that a model learns on with."""
UNKNOWN = np.array([-9.0, 9.0], np.float32), np.array([0.0, 1.0], np.float32)
"""A calibration that nothing has been learnt for."""


class Sample:
    """Pairs of one file with their truth per level (1 same, 0 different, -1 unknown)."""

    def __init__(self, columns: Mapping[str, Any], siren: Any, siret: Any, threads: int = 1) -> None:
        nodes = encode(columns, hidden=True)
        left, right, mask = candidates(nodes, threads)
        repeated = np.flatnonzero(nodes.weights > 1)
        self.left, self.right = np.concatenate((left, repeated)), np.concatenate((right, repeated))
        self.rows = compare(nodes, self.left, self.right, np.concatenate((mask, np.full(len(repeated), SELF))), threads)
        self.partner = _truth(nodes, self.left, self.right, siren)
        self.families = np.stack([_families(nodes, side, siren) for side in (self.left, self.right)], axis=1)
        site = _truth(nodes, self.left, self.right, siret)
        self.site = np.where(self.partner == 0, 0, site)


def _families(nodes: Nodes, side: Ints, siren: Any) -> Ints:
    """The SIREN of one node of each pair, as a number."""
    codes = np.unique(np.asarray(siren, dtype=str), return_inverse=True)[1]
    first = np.zeros(len(nodes), np.int64)
    first[nodes.row_node] = codes
    return first[side]


def _truth(nodes: Nodes, left: Ints, right: Ints, values: Any) -> Ints:
    text = np.asarray(values, dtype=str)
    known, codes = np.unique(text, return_inverse=True)
    codes = np.where(text == "", -1, codes) if len(known) else codes
    low, high = np.full(len(nodes), len(known), np.int64), np.full(len(nodes), -1, np.int64)
    np.minimum.at(low, nodes.row_node, codes)
    np.maximum.at(high, nodes.row_node, codes)
    unknown = (low[left] < 0) | (low[right] < 0)
    same = (low[left] == high[left]) & (low[right] == high[right]) & (low[left] == low[right])
    return np.where(unknown, -1, same.astype(np.int64))


def learn(rows: Floats, truth: Ints) -> Forest:
    """A forest, not calibrated yet."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 -- heavy

    booster = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, learning_rate=RATE, min_samples_leaf=30, l2_regularization=1.0, early_stopping=False,
        random_state=1,
    )  # fmt: skip
    booster.fit(rows, truth)
    roots, feature, threshold, left, right, cover = _flattened([tree for (tree,) in booster._predictors], 1.0)  # noqa: SLF001 -- scikit-learn has no other way out
    baseline = float(np.ravel(booster._baseline_prediction)[0])  # noqa: SLF001
    return Forest(roots, feature, threshold, left, right, baseline, 9.0, *UNKNOWN, cover)


def grown(old: Forest, rows: Floats, truth: Ints, weight: Floats) -> Forest:
    """The forest and a few trees that correct it where these pairs show it wrong (Newton boosting), not calibrated yet."""
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 -- heavy

    odds, shift, grown_trees = log_odds(old, rows).astype(np.float64), 0.0, []
    for _ in range(CORRECTIONS):
        likely = 1 / (1 + np.exp(-odds))
        curve = np.maximum(likely * (1 - likely), 0.01)
        tree = HistGradientBoostingRegressor(
            max_iter=1, learning_rate=1.0, max_leaf_nodes=12, min_samples_leaf=20, l2_regularization=1.0, early_stopping=False, random_state=1
        )  # fmt: skip
        tree.fit(rows, (truth - likely) / curve, sample_weight=curve * weight)
        odds += RATE * tree.predict(rows)
        shift += RATE * float(np.ravel(tree._baseline_prediction)[0])  # noqa: SLF001
        grown_trees.append(tree._predictors[0][0])  # noqa: SLF001
    roots, feature, threshold, left, right, cover = _flattened(grown_trees, RATE)
    step = len(old.feature)
    return Forest(
        np.concatenate((old.roots, roots + step)), np.concatenate((old.feature, feature)), np.concatenate((old.threshold, threshold)),
        np.concatenate((old.left, left + step)), np.concatenate((old.right, right + step)), old.baseline + shift, old.automatic,
        old.known, old.probability, np.concatenate((old.cover, cover)),
    )  # fmt: skip


def _flattened(trees: Sequence[Any], rate: float) -> tuple[Ints, Ints, Floats, Ints, Ints, Floats]:
    """Trees one after the other: roots, then for each knot its number (-1 a leaf), its threshold or value, its two ways, its cover."""
    sizes = np.array([len(tree.nodes) for tree in trees])
    roots = np.cumsum(sizes) - sizes
    every, shifts = np.concatenate([tree.nodes for tree in trees]), np.repeat(roots, sizes)
    leaf = every["is_leaf"].astype(bool)
    return (
        roots, np.where(leaf, -1, every["feature_idx"]).astype(np.int64),
        np.where(leaf, rate * every["value"], every["num_threshold"]).astype(np.float32),
        (every["left"] + shifts).astype(np.int64), (every["right"] + shifts).astype(np.int64),
        every["count"].astype(np.float32),
    )  # fmt: skip


def calibrate(forest: Forest, odds: Floats, truth: Ints, wanted: float = WANTED) -> Forest:
    """Give a forest its probabilities and its automatic threshold, from pairs that it (or a sister) has not learnt."""
    from sklearn.isotonic import IsotonicRegression  # noqa: PLC0415 -- heavy

    curve = IsotonicRegression(y_min=0.0005, y_max=0.9995, out_of_bounds="clip").fit(odds, truth)
    order = np.argsort(-odds, kind="stable")
    precision = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero((precision >= wanted) & (np.arange(len(order)) >= 50))
    automatic = float(odds[order[enough[-1]]]) if len(enough) else 9.0
    known = np.asarray(curve.X_thresholds_, np.float32)
    values = np.asarray(curve.y_thresholds_, np.float32)
    return replace(forest, automatic=min(automatic, 8.5), known=known, probability=values)


class Labelled(NamedTuple):
    """A file whose truth is known; `siret` may be empty texts."""

    columns: Mapping[str, Table]
    siren: Table
    siret: Table


def train(files: Sequence[Labelled], threads: int = 1) -> dict[str, Forest]:
    """Both levels. The calibration comes from models that have not seen the companies that they judge.

    The first file says how sure is sure: probabilities and thresholds are those of its pairs, the others only teach.
    """
    whole = [Sample(file.columns, file.siren, file.siret, threads) for file in files]
    first, others = files[0], whole[1:]
    fold = np.array([int(value[:6] or 0) for value in first.siren.tolist()]) % FOLDS
    pieces = []
    for part in range(FOLDS):
        chosen = fold == part
        cells = {name: values[chosen] for name, values in first.columns.items()}
        pieces.append(Sample(cells, first.siren[chosen], first.siret[chosen], threads))
    forests = {}
    for level in ("site", "partner"):
        odds, truths = [], []
        for part in range(FOLDS):
            sister = _learnt([*(piece for index, piece in enumerate(pieces) if index != part), *others], level)
            judged = getattr(pieces[part], level)
            odds.append(log_odds(sister, pieces[part].rows[judged >= 0], threads))
            truths.append(judged[judged >= 0])
        forests[level] = calibrate(_learnt(whole, level), np.concatenate(odds), np.concatenate(truths))
    return forests


def _learnt(samples: Sequence[Sample], level: str) -> Forest:
    rows = np.concatenate([sample.rows for sample in samples])
    truth = np.concatenate([getattr(sample, level) for sample in samples])
    return learn(rows[truth >= 0], truth[truth >= 0])
