"""How good a grouping is, when the truth is known."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np


class Quality(NamedTuple):
    """Precision, recall and F1 of pairs, then F1 of B³."""

    precision: float
    recall: float
    f1: float
    b3: float


def quality(groups: Sequence[Any] | Any, truth: Sequence[Any] | Any) -> Quality:
    """Compare a grouping to the truth."""
    found, meant = (
        np.unique(np.asarray(values), return_inverse=True)[1].astype(np.int64) for values in (groups, truth)
    )
    both = np.unique(found * (meant.max(initial=0) + 1) + meant, return_inverse=True)[1]
    sizes = [np.bincount(codes) for codes in (found, meant, both)]
    pairs, true_pairs, right = (float((size * (size - 1) // 2).sum()) for size in sizes)
    precision, recall = right / pairs if pairs else 1.0, right / true_pairs if true_pairs else 1.0
    common = sizes[2][both]
    b3 = _harmonic(float((common / sizes[0][found]).mean()), float((common / sizes[1][meant]).mean()))
    return Quality(precision, recall, _harmonic(precision, recall), b3)


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0
