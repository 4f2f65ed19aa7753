"""How likely it is that given rows are one, two by two: what `link` thinks of pairs before it groups them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reciproque.engines.linkage.blocking import candidates
from reciproque.engines.linkage.encoding import Nodes, encode
from reciproque.engines.linkage.kernels import Floats, Ints, threads_or_default
from reciproque.engines.linkage.linking import SELF, Level, pair_odds
from reciproque.engines.linkage.scoring import Forest


def odds_of(
    columns: Mapping[str, Any], left: Ints, right: Ints, *, forest: Forest, level: Level = "partner", threads: int | None = None
) -> Floats:  # fmt: skip
    """Log-odds of pairs of rows of a file (places of the rows in `columns`).

    The whole file is read, as `link` does: how rare a word or how crowded an address is depends on all its rows.
    """
    workers = threads_or_default(threads)
    nodes = encode(columns)
    one, other = nodes.row_node[left], nodes.row_node[right]
    low, high = np.minimum(one, other), np.maximum(one, other)
    return pair_odds(forest, nodes, low, high, _met(nodes, low, high, workers), level, workers, whole=True)


def _met(nodes: Nodes, low: Ints, high: Ints, threads: int) -> Ints:
    """The families of keys under which each pair meets; those of a row met twice are its name's."""
    left, right, mask = candidates(nodes, threads)
    known, wanted = left * len(nodes) + right, low * len(nodes) + high
    order = np.argsort(known, kind="stable")
    known, mask = known[order], mask[order]
    if not len(known):
        return np.where(low == high, SELF, 0)
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    found = np.where(known[place] == wanted, mask[place], 0)
    return np.where(low == high, SELF, found)
