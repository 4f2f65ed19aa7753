"""Why two nodes are linked, or not: seven lines, each with its weight, which sum up to the log-odds exactly.

The weight of a line is the Shapley value of its features: what the forest says more when it is told of them, in the mean over all
the orders in which the lines may be told. A feature not told leaves a tree to the pairs that taught it (`Forest.cover`).
"""

from collections.abc import Mapping
from math import factorial
from typing import Any, NamedTuple

import numpy as np

from reciproque.engines.linkage.clues import Clue, Side, clues_of
from reciproque.engines.linkage.encoding import Nodes
from reciproque.engines.linkage.evidence import evidence, hearsay, prior, settled, slips
from reciproque.engines.linkage.features import LINE_OF, LINES, NAMES, compare
from reciproque.engines.linkage.kernels import Floats, Ints, Table, kernel, spread
from reciproque.engines.linkage.scoring import Forest

LEARNT = tuple(line for line in LINES if line in LINE_OF.values())
"""The lines that the forest knows of."""
HINTS = (
    ("name_close", "letters", 0.6), ("address_same", "street", 1.0), ("city_same", "town", 1.0),
    ("phone_same", "phone", 1.0), ("web_same", "domain", 1.0),
)  # fmt: skip
"""(what two records have in common, the feature that says so, from which value)."""
TYPED = ("name", "address", "city")
PLACES = np.array([LEARNT.index(LINE_OF[name]) for name in NAMES])
ORDERS = np.array([
    factorial(told) * factorial(len(LEARNT) - told - 1) / factorial(len(LEARNT)) for told in range(len(LEARNT))
])  # fmt: skip
"""Share of the orders in which so many lines were told before a given one."""


class Line(NamedTuple):
    """One line of the explanation: its code in `features.LINES`, what it adds to the log-odds, what there is to say."""

    code: str
    weight: float
    clues: tuple[Clue, ...]


class Explanation(NamedTuple):
    """`baseline` is the log-odds of any pair of such a file; with the weights of the lines it makes those of this one, before they are bounded."""

    baseline: float
    lines: tuple[Line, ...]

    @property
    def odds(self) -> float:
        """The log-odds of the pair."""
        return self.baseline + sum(line.weight for line in self.lines)


class Met(NamedTuple):
    """Pairs of nodes, their log-odds and the families of keys under which they meet; a node with itself stands for its equal rows."""

    left: Ints
    right: Ints
    odds: Floats
    mask: Ints


@kernel
def _told(
    start: int, end: int, rows: Table, roots: Ints, feature: Ints, threshold: Table, left: Ints, right: Ints, cover: Table, places: Ints,
    lines: int, out: Table,
) -> None:  # fmt: skip
    """What the trees say of each pair when they are told of each set of lines (a bit each)."""
    nodes, shares = np.empty(256, np.int64), np.empty(256, np.float64)
    for row in range(start, end):
        for told in range(1 << lines):
            total = 0.0
            for root in roots:
                nodes[0], shares[0], size = root, 1.0, 1
                while size:
                    size -= 1
                    at, share = nodes[size], shares[size]
                    if feature[at] < 0:
                        total += share * threshold[at]
                    elif told >> places[feature[at]] & 1:
                        nodes[size] = left[at] if rows[row, feature[at]] <= threshold[at] else right[at]
                        shares[size] = share
                        size += 1
                    else:
                        low = cover[left[at]] / (cover[left[at]] + cover[right[at]])
                        nodes[size], shares[size] = left[at], share * low
                        nodes[size + 1], shares[size + 1] = right[at], share * (1.0 - low)
                        size += 2
            out[row, told] = total


@kernel
def _shares(told: Table, orders: Table, lines: int) -> Table:
    out = np.zeros((len(told), lines), np.float64)
    for row in range(len(told)):
        for line in range(lines):
            for others in range(1 << lines):
                if not others >> line & 1:
                    count, left = 0, others
                    while left:
                        count += left & 1
                        left >>= 1
                    out[row, line] += orders[count] * (told[row, others | 1 << line] - told[row, others])
    return out


def weights(forest: Forest, rows: Table, threads: int = 1) -> tuple[float, Table]:
    """(baseline, weight of each of `LEARNT` for each row of features)."""
    told = np.empty((len(rows), 1 << len(LEARNT)))
    spread(
        lambda start, end: _told(
            start, end, rows, forest.roots, forest.feature, forest.threshold, forest.left, forest.right, forest.cover, PLACES,
            len(LEARNT), told,
        ),
        len(rows), threads, grain=64,
    )  # fmt: skip
    baseline = forest.baseline + (float(told[0, 0]) if len(told) else 0.0)
    return baseline, _shares(told, ORDERS, len(LEARNT))


def explain(
    forest: Forest, nodes: Nodes, columns: Mapping[str, Any], pairs: tuple[Ints, Ints, Ints], level: str = "partner", threads: int = 1
) -> list[Explanation]:  # fmt: skip
    """The seven lines of each pair (left, right, families met), in the order of `LINES`.

    `columns` are what the nodes were encoded from: words are told as they were typed.
    """
    left, right, mask = pairs
    rows = compare(nodes, left, right, mask, threads)
    baseline, learnt = weights(forest, rows, threads)
    baseline += prior(nodes, level)
    added, slipped = evidence(nodes, left, right, level), slips(nodes, left, right)
    heard = hearsay(nodes, left, right, level)
    whole = (baseline + learnt.sum(axis=1) + added + slipped).astype(np.float32)
    added += settled(whole + heard, heard) - whole
    first = np.full(len(nodes), -1, np.int64)
    first[nodes.row_node[::-1]] = np.arange(len(nodes.row_node))[::-1]

    def side(node: int) -> Side:
        row = int(first[node])
        return Side.of(nodes, node, {name: columns[name][row] or "" for name in TYPED if name in columns})

    found = []
    for pair, (one, other) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        said = clues_of(nodes, side(one), side(other), dict(zip(NAMES, rows[pair].tolist(), strict=True)))
        weighed = dict(zip(LEARNT, learnt[pair].tolist(), strict=True)) | {"identifiers": float(added[pair])}
        weighed["name"] += float(slipped[pair])
        found.append(Explanation(baseline, tuple(Line(code, weighed[code], said[code]) for code in LINES)))
    return found


def hints(nodes: Nodes, left: Ints, right: Ints, mask: Ints, threads: int = 1) -> list[tuple[str, ...]]:
    """What each pair has in common, as codes: a first look, much cheaper than `explain`."""
    rows = compare(nodes, left, right, mask, threads)
    said = [(code, rows[:, NAMES.index(feature)] >= least) for code, feature, least in HINTS]
    said.append(("siren_same", evidence(nodes, left, right, "partner") > 0))
    return [tuple(code for code, held in said if held[pair]) for pair in range(len(left))]


def best_links(
    forest: Forest,
    nodes: Nodes,
    columns: Mapping[str, Any],
    pairs: Met,
    group: Ints,
    level: str = "partner",
    threads: int = 1,
) -> tuple[Ints, tuple[Explanation | None, ...]]:
    """For each row: the row that it is best linked with, in its group first (-1 none), and why."""
    of_node = np.full(len(nodes), -1, np.int64)
    of_node[nodes.row_node] = group
    apart = of_node[pairs.left] != of_node[pairs.right]
    sides, places = np.concatenate((pairs.left, pairs.right)), np.tile(np.arange(len(pairs.left)), 2)
    order = np.lexsort((places, -pairs.odds[places].astype(np.float64), apart[places], sides))
    first = order[np.concatenate((np.ones(min(1, len(order)), bool), np.diff(sides[order]) != 0))]
    best = dict(zip(sides[first].tolist(), places[first].tolist(), strict=True))
    asked = np.unique(places[first])
    told = explain(forest, nodes, columns, (pairs.left[asked], pairs.right[asked], pairs.mask[asked]), level, threads)
    why = dict(zip(asked.tolist(), told, strict=True))
    rows: dict[int, list[int]] = {}
    for row, node in enumerate(nodes.row_node.tolist()):
        rows.setdefault(node, []).append(row)
    other = []
    for row, node in enumerate(nodes.row_node.tolist()):
        pair = best.get(node)
        twin = node if pair is None else int(pairs.left[pair] + pairs.right[pair] - node)
        other.append(next((each for each in rows[twin] if each != row), -1) if pair is not None else -1)
    return np.array(other, np.int64), tuple(why.get(best.get(node, -1)) for node in nodes.row_node.tolist())
