"""The model: a small forest of decision trees, its calibration and its thresholds, shipped as one file and read by a kernel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from reciproque.engines.linkage import features, tables
from reciproque.engines.linkage.kernels import Floats, Ints, Table, kernel, spread

SHIPPED = Path(__file__).with_name("model.npz")
LEVELS = ("site", "partner")
VERSION = [tables.VERSION, features.COUNT, features.VERSION]
"""Of what a model is learnt with."""
STEP = 10
"""Trees after which a pair may be given up."""
BLOCK = 128
"""Pairs of which a knot is asked together."""
ARRAYS = (
    "roots", "feature", "threshold", "left", "right", "baseline", "automatic", "known", "probability", "cover", "curve", "stops",
)  # fmt: skip
"""What a file keeps of a forest."""


class ModelError(ValueError):
    """The file is not a model that this version can read."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of one level, flattened. A leaf has `feature` -1 and its value in `threshold`."""

    roots: Ints
    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    baseline: float
    automatic: float
    """Log-odds from which a link is made without anybody."""
    known: Floats
    """Log-odds of the calibration, rising."""
    probability: Floats
    """What they are worth."""
    cover: Floats
    """Pairs that went through each node of the trees while they were learnt: what a pair does when a feature is not looked at."""
    curve: Floats = field(default_factory=lambda: np.zeros((0, 3), np.float32))
    """(threshold, precision, recall) of the automatic zone on organisations that the model has not learnt, by rising threshold."""
    stops: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    """After every `STEP` trees, the log-odds under which a pair is given up; empty when none is."""
    packed: dict[bool | None, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What is made of it once."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Forest, tuple(getattr(self, name) for name in ARRAYS)

    def from_precision(self, precision: float) -> float:
        """Log-odds from which links are made without anybody, for this expected precision; out of reach when none gives it."""
        enough = np.flatnonzero(self.curve[:, 1] >= precision)
        return float(self.curve[enough[0], 0]) if len(enough) else 9.0

    def calibrated(self, odds: Floats) -> Floats:
        """Probability that a link of these log-odds is right."""
        return np.interp(odds, self.known, self.probability).astype(np.float32)


class Packed(NamedTuple):
    """A forest as the kernel reads it. The knots of a tree follow one another from `trees[tree]` on; `masks` are the leaves that are
    left, as bits, when a row goes to the right of a knot; `values` of each tree are those of its leaves, where `place_of` puts them."""

    trees: Ints
    feature: Ints
    threshold: Floats
    masks: Table
    values: Floats
    stops: Floats


def packed(forest: Forest, *, rich: bool | None = None) -> Packed:
    """Kept with the forest once made; of the trees of one kind of file only, when it is said."""
    held = forest.packed.get(rich)
    if held is None:
        held = forest.packed[rich] = _packed(forest, _roots_of(forest, rich=rich))
    return held


def _roots_of(forest: Forest, *, rich: bool | None) -> Ints:
    """Where the trees begin for pairs of one kind of file: the first knot asks which, of a forest that knows both."""
    roots = forest.roots
    asked = (forest.feature[roots] == features.CONTACTS) & (forest.threshold[roots] == features.EITHER)
    if rich is None or not asked.all():
        return roots
    return (forest.right if rich else forest.left)[roots]


def _packed(forest: Forest, starts: Ints) -> Packed:
    trees = [_tree(forest, root) for root in starts.tolist()]
    most = max((len(leaves) for _knots, leaves in trees), default=1)
    if most > 64:
        raise ModelError(f"Un arbre du modèle a {most} feuilles : 64 sont lues au plus.")
    kind = np.uint32 if most <= 32 else np.uint64
    values = np.zeros((len(trees), np.iinfo(kind).bits), np.float32)
    for tree, (_knots, leaves) in enumerate(trees):
        for leaf, knot in enumerate(leaves):
            values[tree, place_of(leaf, kind)] = forest.threshold[knot]
    knots = [knot for knots, _leaves in trees for knot in knots]
    asked = np.array([knot for knot, _gone in knots], np.int64)
    gone = np.array([bits for _knot, bits in knots], np.uint64)
    steps = -(-len(trees) // STEP)
    stops = forest.stops if len(forest.stops) == steps else np.full(steps, -np.inf, np.float32)
    return Packed(
        np.cumsum([0, *(len(knots) for knots, _leaves in trees)]), forest.feature[asked], forest.threshold[asked],
        (~gone).astype(kind), values, stops,
    )  # fmt: skip


def _tree(forest: Forest, root: int) -> tuple[list[tuple[int, int]], list[int]]:
    """(its knots, each with the leaves of its left side as bits; its leaves from left to right)."""
    knots: list[tuple[int, int]] = []
    leaves: list[int] = []

    def below(knot: int) -> int:
        if forest.feature[knot] < 0:
            leaves.append(knot)
            return 1 << len(leaves) - 1
        place = len(knots)
        knots.append((knot, 0))
        gone = below(int(forest.left[knot]))
        knots[place] = knot, gone
        return gone | below(int(forest.right[knot]))

    below(root)
    return knots, leaves


def place_of(leaf: int, kind: Any) -> int:
    """Where the value of a leaf is kept: a bit alone, times a number of de Bruijn, tells which bit it is in its upper bits."""
    factor, shift = DE_BRUIJN[kind]
    return (int(factor) << leaf) % (1 << np.iinfo(kind).bits) >> int(shift)


DE_BRUIJN: dict[Any, tuple[Any, Any]] = {
    np.uint32: (np.uint32(0x077CB531), np.uint32(27)), np.uint64: (np.uint64(0x03F79D71B4CB0A89), np.uint64(58)),
}  # fmt: skip


@kernel
def _walk(
    rows: Table, trees: Ints, feature: Ints, threshold: Floats, masks: Table, values: Floats, stops: Floats, factor: Any, shift: Any,
    baseline: float, out: Floats,
) -> None:  # fmt: skip
    """Add to `out`, which holds what is known besides, what the trees say; a row whose sum is hopeless after some trees stops there.

    A knot is asked of many rows at a time, and takes away the leaves that it makes out of reach: the first one left is where a row ends
    (Lucchese et al., « QuickScorer », 2015). There is no branch nor place in the tree to wait for.
    """
    columns, left = np.zeros((rows.shape[1], BLOCK), np.float32), np.empty(BLOCK, masks.dtype)
    total, heard = np.empty(BLOCK, np.float64), np.empty(BLOCK, np.bool_)
    cast = masks.dtype.type
    every, one = ~cast(0), cast(1)
    for start in range(0, len(rows), BLOCK):
        count = min(BLOCK, len(rows) - start)
        for place in range(count):
            for column in range(rows.shape[1]):
                columns[column, place] = rows[start + place, column]
        total[:], heard[:], live = baseline, False, count
        for tree in range(len(values)):
            left[:] = every
            for knot in range(trees[tree], trees[tree + 1]):
                asked, limit, mask = columns[feature[knot]], threshold[knot], masks[knot]
                for place in range(BLOCK):
                    held = left[place]
                    left[place] = held & mask if asked[place] > limit else held
            leaves = values[tree]
            for place in range(BLOCK):
                held = left[place]
                first = cast(held & cast(~held + one))
                total[place] += leaves[cast(first * factor) >> shift]
            last = tree + 1 == len(values)
            if (tree + 1) % STEP == 0 or last:
                stop = stops[tree // STEP]
                for place in range(count):
                    if not heard[place] and (last or total[place] + out[start + place] < stop):
                        out[start + place] += total[place]
                        heard[place] = True
                        live -= 1
                if live == 0:
                    break


def log_odds(forest: Forest, rows: Floats, threads: int = 1) -> Floats:
    """Log-odds of each pair, before calibration, all trees heard."""
    out = np.zeros(len(rows), np.float32)
    spread(lambda start, end: walk(forest, rows[start:end], out[start:end], whole=True), len(rows), threads)
    return out


def walk(forest: Forest, rows: Floats, out: Floats, *, whole: bool = False, rich: bool | None = None) -> None:
    """Add the log-odds of these rows to what `out` holds. Unless the `whole` forest is asked, a row that the first trees find so unlike
    that the others never make up for it (`Forest.stops`) is left at what they said: less than counts anyway. `rich` is the kind of file of all these
    rows, when they are of one."""
    held = packed(forest, rich=rich)
    stops = np.full(len(held.stops), -np.inf, np.float32) if whole else held.stops
    _walk(rows, *held[:-1], stops, *DE_BRUIJN[held.masks.dtype.type], forest.baseline, out)


def partial_odds(forest: Forest, rows: Floats) -> Table:
    """Log-odds of each row after every `STEP` trees, a column each."""
    found, total = [], np.full(len(rows), forest.baseline, np.float32)
    held = packed(forest)
    for first in range(0, len(held.values), STEP):
        some = held._replace(trees=held.trees[first : first + STEP + 1], values=held.values[first : first + STEP])
        none = np.full(1, -np.inf, np.float32)
        _walk(rows, *some[:-1], none, *DE_BRUIJN[held.masks.dtype.type], 0.0, total)
        found.append(total.copy())
    return np.stack(found, axis=1)


def save(path: Path, forests: Mapping[str, Forest]) -> None:
    """Write the forests of every level."""
    arrays = {
        f"{level}_{field}": np.asarray(getattr(forest, field)) for level, forest in forests.items() for field in ARRAYS
    }
    with path.open("wb") as file:
        np.savez_compressed(file, version=np.array(VERSION), **arrays)  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def load(path: Path = SHIPPED) -> dict[str, Forest]:
    """Forests by level; `ModelError` when the file is of another version."""
    try:
        with np.load(path, allow_pickle=False) as held:
            if held["version"].tolist() != VERSION:
                raise ModelError(f"Le modèle {path} a été appris avec une autre version des tables.")
            return {level: _forest(held, level) for level in LEVELS}
    except (OSError, KeyError, ValueError) as error:
        if isinstance(error, ModelError):
            raise
        raise ModelError(f"Le modèle {path} est illisible.") from error


def _forest(held: Mapping[str, Table], level: str) -> Forest:
    parts = {field: held[f"{level}_{field}"] for field in ARRAYS}
    return Forest(
        parts["roots"], parts["feature"], parts["threshold"], parts["left"], parts["right"], float(parts["baseline"]),
        float(parts["automatic"]), parts["known"], parts["probability"], parts["cover"], parts["curve"],
        parts["stops"],
    )  # fmt: skip
