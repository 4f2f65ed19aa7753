"""Learn the model from rows whose SIREN (and SIRET) is known; identifiers are hidden from what is learnt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, combinations_with_replacement
from typing import Any, NamedTuple

import numpy as np

from reciproque.engines.linkage.blocking import candidates
from reciproque.engines.linkage.clustering import groups
from reciproque.engines.linkage.encoding import Nodes, encode
from reciproque.engines.linkage.features import CONTACTS, COUNT, EITHER, compare
from reciproque.engines.linkage.kernels import Floats, Ints, Table
from reciproque.engines.linkage.learning_words import FOLDS, Counts, folds_of
from reciproque.engines.linkage.linking import ABSENT, NEGLIGIBLE, SELF, silent
from reciproque.engines.linkage.measuring import quality
from reciproque.engines.linkage.scoring import STEP, Forest, log_odds, partial_odds

TREES, LEAVES, DEPTH, RATE, LOOKED_AT = 120, 24, 6, 0.08, 0.5
"""Trees no deeper than `DEPTH` are as good as free ones, and are walked twice as fast; each knot looks at half of the features."""
GIVEN_UP = 0.001
"""Of the pairs that count in the end, those that may be given up after a few trees."""
WANTED = 0.995
"""Precision of the automatic zone on rows that the model has not seen."""
THRESHOLDS = np.arange(0.0, 8.1, 0.25)
"""Log-odds of the curve."""
PLAIN, THIN = 0.35, 4
"""Of the pairs that differ and whose names have less than `PLAIN` of their letters in common, one in `THIN` is learnt, for all."""
BARE = 0.3
"""What a pair of a file without contacts weighs where contacts are learnt."""
CORRECTIONS = 20
"""Trees that a model learns on with."""
UNKNOWN = np.array([-9.0, 9.0], np.float32), np.array([0.0, 1.0], np.float32)
NO_CURVE = np.zeros((0, 3), np.float32)
"""A calibration that nothing has been learnt for."""


class Sample:
    """Pairs of one file with their truth per level (1 same, 0 different, -1 unknown).

    Each pair is looked at with the words counted from other organisations than its own (`counts`), as a new file will be.
    """

    def __init__(
        self, columns: Mapping[str, Any], siren: Any, siret: Any, threads: int = 1, *, counts: Counts | None = None, official: Any = None,
    ) -> None:  # fmt: skip
        nodes = encode(columns, hidden=True)
        left, right, mask = candidates(nodes, threads)
        if official is not None:
            told = np.zeros(len(nodes), bool)
            told[nodes.row_node[np.asarray(official, bool)]] = True
            chosen = told[left] | told[right]
            left, right, mask = left[chosen], right[chosen], mask[chosen]
        repeated = np.flatnonzero(nodes.weights > 1) if official is None else np.zeros(0, np.int64)
        self.nodes, self.met = nodes, len(left)
        self.left, self.right = np.concatenate((left, repeated)), np.concatenate((right, repeated))
        mask = np.concatenate((mask, np.full(len(repeated), SELF)))
        numbers = np.unique(np.asarray(siren, dtype=str), return_inverse=True)[1]
        self.families = np.stack([_of_first(nodes, side, numbers) for side in (self.left, self.right)], axis=1)
        folds = folds_of(siren)
        self.folds = np.stack([_of_first(nodes, side, folds) for side in (self.left, self.right)], axis=1)
        if counts is None:
            self.rows = compare(nodes, self.left, self.right, mask, threads)
        else:
            self.rows = _compared_apart(nodes, (self.left, self.right, mask), self.folds, counts, threads)
        self.partner = _truth(nodes, self.left, self.right, siren)
        site = _truth(nodes, self.left, self.right, siret)
        self.site = np.where(self.partner == 0, 0, site)


def _compared_apart(nodes: Nodes, pairs: tuple[Ints, Ints, Ints], folds: Ints, counts: Counts, threads: int) -> Floats:
    rows = np.empty((len(pairs[0]), COUNT), np.float32)
    for one, other in combinations_with_replacement(range(FOLDS), 2):
        chosen = np.flatnonzero((folds.min(axis=1) == one) & (folds.max(axis=1) == other))
        common, _ = counts.without({one, other}).of(nodes.names.words.hashes)
        seen = replace(nodes, names=replace(nodes.names, lore=common))
        rows[chosen] = compare(seen, pairs[0][chosen], pairs[1][chosen], pairs[2][chosen], threads)
    return rows


def _of_first(nodes: Nodes, side: Ints, values: Ints) -> Ints:
    """What one row of one node of each pair says."""
    first = np.zeros(len(nodes), np.int64)
    first[nodes.row_node] = values
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


def learn(rows: Floats, truth: Ints, weight: Floats | None = None) -> Forest:
    """A forest, not calibrated yet."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 -- heavy

    booster = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, max_depth=DEPTH, learning_rate=RATE, max_features=LOOKED_AT, min_samples_leaf=60,
        l2_regularization=5.0, early_stopping=False, random_state=1,
    )  # fmt: skip
    booster.fit(rows, truth, sample_weight=weight)
    roots, feature, threshold, left, right, cover = _flattened([tree for (tree,) in booster._predictors], 1.0)  # noqa: SLF001 -- scikit-learn has no other way out
    baseline = float(np.ravel(booster._baseline_prediction)[0])  # noqa: SLF001
    return Forest(roots, feature, threshold, left, right, baseline, 9.0, *UNKNOWN, cover, NO_CURVE)


def grown(old: Forest, rows: Floats, truth: Ints, weight: Floats) -> Forest:
    """The forest and a few trees that correct it where these pairs show it wrong (Newton boosting), not calibrated yet."""
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 -- heavy
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 -- comes with scikit-learn

    odds, shift, grown_trees = log_odds(old, rows).astype(np.float64), 0.0, []
    with threadpool_limits(1):  # threads that wait for each other turn round: four times the work, taken from the web's
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
        old.known, old.probability, np.concatenate((old.cover, cover)), old.curve,
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


def calibrate(forest: Forest, odds: Floats, truth: Ints, wanted: float = 0.98) -> Forest:
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
    """A file whose truth is known; `siret` may be empty texts. `official`, where given, says which rows are a register's: pairs that
    touch none of them teach nothing. `weight` is what a pair of the file weighs."""

    columns: Mapping[str, Table]
    siren: Table
    siret: Table
    official: Table | None = None
    weight: float = 1.0


def with_register(typed: Labelled, register: Labelled, weight: float = 0.15) -> Labelled:
    """The names of a register as further spellings of those that people typed."""
    columns = {
        name: np.concatenate((values, register.columns.get(name, np.full(len(register.siren), "", dtype=object))))
        for name, values in typed.columns.items()
    }
    official = np.concatenate((np.zeros(len(typed.siren), bool), np.ones(len(register.siren), bool)))
    both = [
        np.concatenate((one, other)) for one, other in ((typed.siren, register.siren), (typed.siret, register.siret))
    ]
    return Labelled(columns, both[0], both[1], official, weight)


def train(
    files: Sequence[Labelled], threads: int = 1, counts: Counts | None = None, tell: Callable[[str], None] = silent
) -> dict[str, Forest]:
    """Both levels. The calibration comes from models that have not seen the organisations that they judge.

    The first file says how sure is sure: probabilities and thresholds are those of its pairs, the others only teach.
    """
    samples = []
    for file in files:
        sample = Sample(file.columns, file.siren, file.siret, threads, counts=counts, official=file.official)
        samples.append(sample)
        tell(f"{len(sample.left)} paires apprises.")
    weights = [file.weight for file in files]
    forests = {}
    for level in ("site", "partner"):
        odds = judged_apart(samples, weights, level, threads)
        truth = getattr(samples[0], level)
        tell(f"{level} : appris et jugé sur {FOLDS} parts.")
        forest = calibrate(stopping(_learnt(samples, weights, level), samples), odds[truth >= 0], truth[truth >= 0])
        forests[level] = zoned(
            forest, samples[0], odds, files[0].siren if level == "partner" else files[0].siret, level
        )
    return forests


def judged_apart(samples: Sequence[Sample], weights: Sequence[float], level: str, threads: int = 1) -> Floats:
    """Log-odds of the pairs of the first sample, each from models that have learnt nothing of its two organisations."""
    first = samples[0]
    total, times = np.zeros(len(first.left)), np.zeros(len(first.left))
    if not first.rows[:, CONTACTS].any():
        bare = [place for place, sample in enumerate(samples) if not sample.rows[:, CONTACTS].any()]
        samples, weights = [samples[place] for place in bare], [weights[place] for place in bare]
    for one, other in combinations(range(FOLDS), 2):
        held = np.isin(first.folds, (one, other)).all(axis=1)
        rest = [np.asarray(~np.isin(sample.folds, (one, other)).any(axis=1)) for sample in samples]
        sister = _learnt(samples, weights, level, rest)
        total[held] += log_odds(sister, first.rows[held], threads)
        times[held] += 1
    return (total / np.maximum(times, 1)).astype(np.float32)


def _learnt(
    samples: Sequence[Sample], weights: Sequence[float], level: str, chosen: Sequence[Table] | None = None
) -> Forest:
    """A forest for pairs without any contact, of files that have none, and one of every file for the others, read as one.

    A file with telephones lacks them here and there by chance: it says nothing of files that never had any.
    """
    taught = []
    for place, sample in enumerate(samples):
        truth = getattr(sample, level)
        plain = (truth == 0) & (sample.rows[:, 0] < PLAIN)
        kept = (truth >= 0) & ~(plain & (np.arange(len(truth)) % THIN != 0))
        kept &= True if chosen is None else chosen[place]
        rich = bool(sample.rows[:, CONTACTS].any())
        taught.append((sample.rows[kept], truth[kept], np.where(plain, THIN, 1.0)[kept] * weights[place], rich))
    bare = [part[:3] for part in taught if not part[3]]
    forests = []
    if bare:
        forests.append(learn(*(np.concatenate(parts) for parts in zip(*bare, strict=True))))
    if len(bare) < len(taught):
        eased = [(rows, truth, weight * (1.0 if rich else BARE)) for rows, truth, weight, rich in taught]
        forests.append(learn(*(np.concatenate(parts) for parts in zip(*eased, strict=True))))
    if len(forests) == 1:
        return forests[0]
    low, high = forests
    return routed(low, high, CONTACTS, EITHER)


def stopping(forest: Forest, samples: Sequence[Sample]) -> Forest:
    """The forest, with the log-odds under which a pair is given up after some trees: of the pairs of each kind of file that count in the
    end, one in a thousand at most would be."""
    stops = np.full(-(-len(forest.roots) // STEP), np.inf, np.float32)
    for rich in (False, True):
        rows = [sample.rows for sample in samples if bool(sample.rows[:, CONTACTS].any()) is rich]
        if rows:
            odds = partial_odds(forest, np.concatenate(rows))
            counting = odds[odds[:, -1] > NEGLIGIBLE]
            if len(counting):
                stops = np.minimum(stops, np.quantile(counting, GIVEN_UP, axis=0, method="lower").astype(np.float32))
    return replace(forest, stops=np.where(np.isfinite(stops), stops, np.float32(-np.inf)))


def routed(low: Forest, high: Forest, feature: int, threshold: float) -> Forest:
    """Two forests of as many trees as one: a pair goes to `low` when the feature is at most the threshold, to `high` otherwise."""
    trees, step = len(low.roots), len(low.roots) + len(low.feature)
    shift = (high.baseline - low.baseline) / trees
    values = np.where(high.feature < 0, high.threshold + shift, high.threshold)
    last = np.append(low.roots[1:], len(low.feature)), np.append(high.roots[1:], len(high.feature))
    cover = np.array([
        low.cover[one:one_end].max() + high.cover[two:two_end].max()
        for one, one_end, two, two_end in zip(low.roots, last[0], high.roots, last[1], strict=True)
    ])  # fmt: skip
    return replace(
        low, roots=np.arange(trees), feature=np.concatenate((np.full(trees, feature), low.feature, high.feature)),
        threshold=np.concatenate((np.full(trees, threshold), low.threshold, values)).astype(np.float32),
        left=np.concatenate((low.roots + trees, low.left + trees, high.left + step)),
        right=np.concatenate((high.roots + step, low.right + trees, high.right + step)),
        cover=np.concatenate((cover, low.cover, high.cover)).astype(np.float32),
    )  # fmt: skip


def zoned(forest: Forest, sample: Sample, odds: Floats, truth: Any, level: str) -> Forest:
    """The forest with its curve: for each threshold, the precision and the recall of what would be merged without anybody.

    Rows are grouped as `link` groups them, so that a link that is right but brings two groups wrongly together counts for what it
    does. Rows whose truth is not known are left out.
    """
    known = np.asarray(truth, dtype=str) != ""
    points = []
    for threshold in THRESHOLDS:
        rows = automatic_groups(sample, odds, float(threshold), level)
        found = quality(rows[known], np.asarray(truth, dtype=str)[known])
        points.append((float(threshold), found.precision, found.recall))
    curve = np.array(points, np.float32)
    curve[:, 1] = np.maximum.accumulate(curve[:, 1])
    enough = np.flatnonzero(curve[:, 1] >= WANTED)
    automatic = float(curve[enough[0], 0]) if len(enough) else 8.5
    return replace(forest, automatic=automatic, curve=curve)


def automatic_groups(sample: Sample, odds: Floats, threshold: float, level: str) -> Ints:
    """The group of each row of a sample when pairs of these log-odds are merged from a threshold on."""
    nodes, met = sample.nodes, sample.met
    alone = np.full(len(nodes), -9.0, np.float32)
    alone[sample.left[met:]] = odds[met:]
    kept = np.flatnonzero(odds[:met] > NEGLIGIBLE)
    sure, _ = groups(
        len(nodes), sample.left[kept], sample.right[kept], odds[kept], automatic=threshold, absent=ABSENT[level, nodes.rich], least=threshold,
        identity=np.full(len(nodes), -1, np.int64),
    )  # fmt: skip
    rows = sure[nodes.row_node]
    apart = (nodes.weights > 1) & (alone < threshold) & (np.bincount(sure, minlength=len(nodes))[sure] == 1)
    lonely = np.flatnonzero(apart[nodes.row_node])
    rows[lonely] = len(nodes) + lonely
    return rows
