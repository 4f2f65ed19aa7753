"""The model: a small forest of decision trees, its calibration and its thresholds, shipped as one file and read by a kernel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from reciproque.engines.linkage import tables
from reciproque.engines.linkage.features import COUNT
from reciproque.engines.linkage.kernels import Floats, Ints, Table, kernel, spread

SHIPPED = Path(__file__).with_name("model.npz")
LEVELS = ("site", "partner")


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

    def from_precision(self, precision: float) -> float:
        """Log-odds from which links are made without anybody, for this expected precision; out of reach when none gives it."""
        enough = np.flatnonzero(self.curve[:, 1] >= precision)
        return float(self.curve[enough[0], 0]) if len(enough) else 9.0

    def calibrated(self, odds: Floats) -> Floats:
        """Probability that a link of these log-odds is right."""
        return np.interp(odds, self.known, self.probability).astype(np.float32)


@kernel
def _walk(
    start: int,
    end: int,
    rows: Table,
    roots: Ints,
    feature: Ints,
    threshold: Floats,
    left: Ints,
    right: Ints,
    baseline: float,
    out: Floats,
) -> None:
    for row in range(start, end):
        total = baseline
        for tree in range(len(roots)):
            at = roots[tree]
            while feature[at] >= 0:
                at = left[at] if rows[row, feature[at]] <= threshold[at] else right[at]
            total += threshold[at]
        out[row] = total


def log_odds(forest: Forest, rows: Floats, threads: int = 1) -> Floats:
    """Log-odds of each pair, before calibration."""
    out = np.empty(len(rows), np.float32)
    spread(lambda start, end: walk(forest, rows[start:end], out[start:end]), len(rows), threads)
    return out


def walk(forest: Forest, rows: Floats, out: Floats) -> None:
    """Write the log-odds of these rows."""
    _walk(
        0, len(rows), rows, forest.roots, forest.feature, forest.threshold, forest.left, forest.right, forest.baseline, out
    )  # fmt: skip


def save(path: Path, forests: Mapping[str, Forest]) -> None:
    """Write the forests of every level."""
    arrays = {
        f"{level}_{field}": np.asarray(getattr(forest, field))
        for level, forest in forests.items()
        for field in Forest.__slots__
    }
    with path.open("wb") as file:
        np.savez_compressed(file, version=np.array([tables.VERSION, COUNT]), **arrays)  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def load(path: Path = SHIPPED) -> dict[str, Forest]:
    """Forests by level; `ModelError` when the file is of another version."""
    try:
        with np.load(path, allow_pickle=False) as held:
            if held["version"].tolist() != [tables.VERSION, COUNT]:
                raise ModelError(f"Le modèle {path} a été appris avec une autre version des tables.")
            return {level: _forest(held, level) for level in LEVELS}
    except (OSError, KeyError, ValueError) as error:
        if isinstance(error, ModelError):
            raise
        raise ModelError(f"Le modèle {path} est illisible.") from error


def _forest(held: Mapping[str, Table], level: str) -> Forest:
    parts = {field: held[f"{level}_{field}"] for field in Forest.__slots__}
    return Forest(
        parts["roots"], parts["feature"], parts["threshold"], parts["left"], parts["right"], float(parts["baseline"]),
        float(parts["automatic"]), parts["known"], parts["probability"], parts["cover"], parts["curve"],
    )  # fmt: skip
