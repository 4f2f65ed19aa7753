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
"""Pairs that walk a tree together."""
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
    """A forest as the kernel walks it: the two ways of a knot are side by side, a leaf leads to itself."""

    roots: Ints
    depths: Ints
    feature: Table
    threshold: Floats
    ways: Table
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
    size = len(forest.feature)
    leaf, place, depths = forest.feature < 0, np.full(size, -1), np.zeros(len(starts), np.int64)
    roots, at = np.empty(len(starts), np.int64), 0
    for tree, root in enumerate(starts.tolist()):
        wave, roots[tree], place[root], at = [root], at, at, at + 1
        while wave := [
            way for knot in wave if not leaf[knot] for way in (int(forest.left[knot]), int(forest.right[knot]))
        ]:
            place[wave] = np.arange(at, at + len(wave))
            at += len(wave)
            depths[tree] += 1
    seen = np.argsort(place)[size - at :]
    ends, ways = leaf[seen], np.arange(at, dtype=np.int32)
    ways[~ends] = place[forest.left[seen[~ends]]]
    feature = np.where(ends, 0, forest.feature[seen]).astype(np.int32)
    threshold = np.where(ends, np.float32(np.inf), forest.threshold[seen]).astype(np.float32)
    values = np.where(ends, forest.threshold[seen], np.float32(0)).astype(np.float32)
    steps = -(-len(roots) // STEP)
    stops = forest.stops if len(forest.stops) == steps else np.full(steps, -np.inf, np.float32)
    return Packed(roots, depths, feature, threshold, ways, values, stops)


@kernel
def _walk(
    rows: Table, roots: Ints, depths: Ints, feature: Table, threshold: Floats, ways: Table, values: Floats, stops: Floats,
    baseline: float, out: Floats,
) -> None:  # fmt: skip
    """Add to `out`, which holds what is known besides, what the trees say; a row whose sum is hopeless after some trees stops there.

    A tree is walked by many rows at a time, whatever they find at the same number of steps: no branch is guessed wrong.
    """
    at, total, live = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.float64), np.empty(BLOCK, np.int64)
    for start in range(0, len(rows), BLOCK):
        count = min(BLOCK, len(rows) - start)
        for place in range(count):
            live[place], total[place] = start + place, baseline
        for tree in range(len(roots)):
            for place in range(count):
                at[place] = roots[tree]
            for _ in range(depths[tree]):
                for place in range(count):
                    knot = at[place]
                    at[place] = ways[knot] + np.int32(rows[live[place], feature[knot]] > threshold[knot])
            for place in range(count):
                total[place] += values[at[place]]
            if (tree + 1) % STEP == 0 or tree + 1 == len(roots):
                stop, kept = stops[tree // STEP], 0
                for place in range(count):
                    row = live[place]
                    if tree + 1 == len(roots) or total[place] + out[row] < stop:
                        out[row] += total[place]
                    else:
                        live[kept], total[kept] = row, total[place]
                        kept += 1
                count = kept


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
    _walk(rows, *held[:-1], stops, forest.baseline, out)


def partial_odds(forest: Forest, rows: Floats) -> Table:
    """Log-odds of each row after every `STEP` trees, a column each."""
    found, total = [], np.full(len(rows), forest.baseline, np.float32)
    held = packed(forest)
    for first in range(0, len(held.roots), STEP):
        part = held._replace(roots=held.roots[first : first + STEP], depths=held.depths[first : first + STEP])
        _walk(rows, *part[:-1], np.full(1, -np.inf, np.float32), 0.0, total)
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
