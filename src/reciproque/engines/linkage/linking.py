"""The engine: rows in, groups out, at the level of sites or of partners."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from reciproque.engines.linkage.blocking import B_NAME, B_SET, candidates
from reciproque.engines.linkage.clustering import groups
from reciproque.engines.linkage.encoding import SIREN, Nodes, encode
from reciproque.engines.linkage.evidence import evidence
from reciproque.engines.linkage.explaining import Explanation, Met, best_links
from reciproque.engines.linkage.features import compare
from reciproque.engines.linkage.kernels import Floats, Ints, Table, threads_or_default
from reciproque.engines.linkage.scoring import Forest, load, log_odds

Level = Literal["site", "partner"]
DECISIONS = ("none", "review", "auto")
ADDED = ("cluster_id", "score", "decision")
"""Columns that a file gets."""
EXPLAINED = ("linked_line", "why", "weights")
"""Columns that it gets besides when reasons are asked for."""
ABSENT: dict[str, float] = {"site": -2.0, "partner": -1.0}
"""What a pair that was never compared weighs in the mean of two groups."""
LEAST: dict[str, float] = {"site": 0.0, "partner": -0.6}
"""Mean log-odds from which two groups are proposed as one: a review costs less than a duplicate never seen."""
NEGLIGIBLE = -4.0
"""Log-odds under which a pair weighs as if it had not been compared."""
SELF = 1 << B_NAME | 1 << B_SET
FARTHEST = -6.0
NEAREST = 9.0


@dataclass(frozen=True, slots=True)
class Linkage:
    """For each row: its group, the probability of its best link in it, what may be done (place in `DECISIONS`), its automatic group."""

    group: Ints
    score: Floats
    decision: Ints
    automatic: Ints
    pairs: int
    other: Ints | None = None
    """The row that each is best linked with, -1 none; only when reasons were asked for."""
    why: tuple[Explanation | None, ...] = ()
    """Why, for each row."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """For each node: its group, its automatic group, what may be done, the probability of its best link, and whether it stands for
    equal rows that are told apart."""

    whole: Ints
    sure: Ints
    decision: Ints
    score: Floats
    apart: Table


Pairs = tuple[Ints, Ints, Floats]
"""(left, right, log-odds), left < right."""


def shown(score: Floats, decision: Ints) -> tuple[Table, Table]:
    """Scores and decisions as they are written in files."""
    return score.astype(np.float64).round(4), np.array(DECISIONS, dtype=object)[decision]


def silent(_message: str) -> None:
    """Nobody is told of progress."""


def link(
    columns: Mapping[str, Any], *, level: Level = "partner", threads: int | None = None, model: Mapping[str, Forest] | None = None,
    automatic: float | None = None, reasons: bool = False, tell: Callable[[str], None] = silent,
) -> Linkage:  # fmt: skip
    """Group the rows of a file.

    `columns` are those of `encoding.COLUMNS` (a list or a polars column each; `name` is required). The groups, their numbers and
    their scores are the same in any order of the rows and with any number of threads. `automatic` replaces the model's threshold
    (log-odds from which nobody need look). `reasons` asks why each row is linked with the one it is best linked with.
    """
    workers = threads_or_default(threads)
    forest = (model or load())[level]
    tell("Lecture des noms et des adresses…")
    nodes = encode(columns)
    tell(f"{len(nodes)} fiches distinctes. Recherche des rapprochements possibles…")
    left, right, mask = candidates(nodes, workers)
    tell(f"{len(left)} paires à comparer…")
    repeated = np.flatnonzero(nodes.weights > 1)
    odds = pair_odds(forest, nodes, left, right, mask, level, workers)
    alone = np.full(len(nodes), FARTHEST, np.float32)
    alone[repeated] = pair_odds(forest, nodes, repeated, repeated, np.full(len(repeated), SELF), level, workers)
    tell("Regroupement…")
    found = resolve(
        forest, (left, right, odds), weights=nodes.weights, siren=nodes.codes[:, SIREN], alone=alone, level=level, automatic=automatic
    )  # fmt: skip
    linkage = _rows(nodes, found, len(left))
    if not reasons:
        return linkage
    tell("Explication…")
    met = Met(
        np.concatenate((left, repeated)), np.concatenate((right, repeated)), np.concatenate((odds, alone[repeated])),
        np.concatenate((mask, np.full(len(repeated), SELF))),
    )  # fmt: skip
    other, why = best_links(forest, nodes, columns, met, linkage.group, level, workers)
    return replace(linkage, other=other, why=why)


def resolve(
    forest: Forest, pairs: Pairs, *, weights: Ints, siren: Ints, alone: Floats, level: Level, automatic: float | None = None
) -> Resolved:  # fmt: skip
    """Groups of nodes, from the log-odds of their pairs.

    `weights` are how many rows each node stands for, `alone` the log-odds that these rows are one. Nodes that no pair of at least
    `LEAST` joins, even through others, never weigh on each other: a file may be resolved piece by piece.
    """
    left, right, odds = pairs
    threshold = forest.automatic if automatic is None else automatic
    kept = odds > NEGLIGIBLE
    sure, whole = groups(
        len(weights),
        left[kept],
        right[kept],
        odds[kept],
        automatic=threshold,
        absent=ABSENT[level],
        least=LEAST[level],
        identity=siren if level == "partner" else np.full(len(weights), -1, np.int64),
    )
    decision, score = _judged(forest, sure, whole, pairs, weights, alone, threshold)
    apart = (alone < 0) & (weights > 1) & (np.bincount(whole, minlength=len(whole))[whole] == 1)
    return Resolved(whole, sure, decision, score, apart)


def pair_odds(forest: Forest, nodes: Nodes, left: Ints, right: Ints, mask: Ints, level: str, threads: int) -> Floats:
    """Log-odds of pairs: the model's, and what identifiers add."""
    odds = log_odds(forest, compare(nodes, left, right, mask, threads), threads) + evidence(nodes, left, right, level)
    bounded: Floats = np.clip(odds, FARTHEST, NEAREST)
    return bounded.astype(np.float32)


def _judged(
    forest: Forest, sure: Ints, whole: Ints, pairs: Pairs, weights: Ints, alone: Floats, threshold: float
) -> tuple[Ints, Floats]:
    """(decision, score) of each node; equal rows are one group only when their likeness is enough."""
    left, right, odds = pairs
    count = len(weights)
    best_in, best_out = np.full(count, FARTHEST, np.float32), np.full(count, FARTHEST, np.float32)
    inside = whole[left] == whole[right]
    for side in (left, right):
        np.maximum.at(best_in, side[inside], odds[inside])
        np.maximum.at(best_out, side[~inside], odds[~inside])
    sizes = np.bincount(whole, minlength=count)
    cores = np.bincount(sure, weights=weights, minlength=count)
    order = np.lexsort((np.arange(count), -cores[sure], whole))
    firsts = order[np.concatenate((np.ones(1, bool), np.diff(whole[order]) != 0))] if count else order
    main = np.full(count, -1, np.int64)
    main[whole[firsts]] = sure[firsts]
    merged = (sizes[whole] > 1) | (alone >= 0)
    core = (sure == main[whole]) & (
        (np.bincount(sure, minlength=count)[sure] > 1) | ((weights > 1) & (alone >= threshold))
    )
    repeats_sure = (weights == 1) | (alone >= threshold)
    decision = np.where(core & repeats_sure, 2, np.where(merged, 1, 0))
    strength = np.where(merged, np.maximum(best_in, alone), np.maximum(best_out, alone))
    score = forest.calibrated(strength)
    score = np.where(decision == 0, np.minimum(score, np.float32(0.499)), score).astype(np.float32)
    return decision, score


def _rows(nodes: Nodes, found: Resolved, pairs: int) -> Linkage:
    """Say of each row what its node became; rows that are equal but told apart are one group each."""
    whole, sure, apart = found.whole, found.sure, found.apart
    node = nodes.row_node
    group, automatic = whole[node].copy(), sure[node].copy()
    lonely = np.flatnonzero(apart[node])
    fresh = len(nodes) + np.arange(len(lonely))
    group[lonely], automatic[lonely] = fresh, fresh
    firsts = np.full(len(nodes) + len(lonely), len(nodes) + len(lonely), np.int64)
    np.minimum.at(firsts, group, np.where(apart[node], group, node))
    _, numbered = np.unique(firsts[group], return_inverse=True)
    _, cores = np.unique(automatic, return_inverse=True)
    return Linkage(numbered + 1, found.score[node], found.decision[node], cores + 1, pairs)
