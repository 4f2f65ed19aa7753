"""Pairs to groups: average link on log-odds, from the surest pair to the least sure, under constraints."""

import numpy as np

from reciproque.engines.linkage.kernels import Floats, Ints, kernel

LARGEST = 400
"""Nodes of a group; more is a sign that something went wrong, and people look."""
REMEMBERED = 1 << 16
"""Refusals that are remembered: two groups that nobody joined since are not added up again."""


@kernel
def _root(parents: Ints, node: int) -> int:
    while parents[node] != node:
        parents[node] = parents[parents[node]]
        node = parents[node]
    return node


@kernel
def _merge(
    left: Ints,
    right: Ints,
    odds: Floats,
    order: Ints,
    identity: Ints,
    parents: Ints,
    least: float,
    absent: float,
    floor: float,
) -> Ints:
    """Join groups whose mean log-odds is at least `least`; an absent pair counts `absent`. Two identities are never joined."""
    count = len(parents)
    degrees = np.zeros(count + 1, np.int64)
    for pair in range(len(left)):
        degrees[left[pair] + 1] += 1
        degrees[right[pair] + 1] += 1
    pointers = np.cumsum(degrees)
    filled, beside, weights = (
        pointers[:-1].copy(),
        np.empty(2 * len(left), np.int64),
        np.empty(2 * len(left), np.float32),
    )
    for pair in range(len(left)):
        for one, other in ((left[pair], right[pair]), (right[pair], left[pair])):
            beside[filled[one]], weights[filled[one]] = other, odds[pair]
            filled[one] += 1
    following, last, sizes = np.full(count, -1, np.int64), np.arange(count), np.ones(count, np.int64)
    said = identity.copy()
    refused, refused_sizes = np.full(REMEMBERED, -1, np.int64), np.zeros(REMEMBERED, np.int64)
    for node in range(count):
        group = parents[node]
        if group != node:
            following[last[group]], last[group] = node, node
            sizes[group] += 1
            said[group] = max(said[group], said[node])
    for step in range(len(order)):
        pair = order[step]
        if odds[pair] < floor:
            break
        one, other = _root(parents, left[pair]), _root(parents, right[pair])
        if (
            one == other
            or sizes[one] + sizes[other] > LARGEST
            or (said[one] >= 0 and said[other] >= 0 and said[one] != said[other])
        ):
            continue
        if sizes[one] > sizes[other] or (sizes[one] == sizes[other] and one > other):
            one, other = other, one
        key, size = one * count + other, sizes[one] + sizes[other]
        slot = (key ^ (key >> 16)) & (REMEMBERED - 1)
        if refused[slot] == key and refused_sizes[slot] == size:
            continue
        total, found, node = 0.0, 0, one
        while node >= 0:
            for at in range(pointers[node], pointers[node + 1]):
                if _root(parents, beside[at]) == other:
                    total += weights[at]
                    found += 1
            node = following[node]
        pairs = sizes[one] * sizes[other]
        if (total + absent * (pairs - found)) / pairs >= least:
            parents[one], following[last[other]] = other, one
            last[other] = last[one]
            sizes[other] += sizes[one]
            said[other] = max(said[other], said[one])
        else:
            refused[slot], refused_sizes[slot] = key, size
    for node in range(count):
        parents[node] = _root(parents, node)
    return parents


def groups(
    count: int, left: Ints, right: Ints, odds: Floats, *, automatic: float, least: float = 0.0, absent: float, identity: Ints,
    start: Ints | None = None,
) -> tuple[Ints, Ints]:  # fmt: skip
    """(automatic group, group) of each node; automatic groups are pieces of groups. `start` gives groups already made.

    `identity` is what two nodes must not differ in (-1 unknown). Pairs are taken by falling log-odds, then by their nodes.
    """
    left, right = left.astype(np.int64, copy=False), right.astype(np.int64, copy=False)
    order = np.lexsort((right, left, -odds.astype(np.float64)))
    parents = start.copy() if start is not None else np.arange(count)
    sure = _merge(left, right, odds, order, identity, parents, automatic, absent, automatic).copy()
    return sure, _merge(left, right, odds, order, identity, sure.copy(), least, absent, least)


def lowest(group: Ints) -> Ints:
    """The lowest node of the group of each."""
    firsts = np.full(len(group), len(group), np.int64)
    np.minimum.at(firsts, group, np.arange(len(group)))
    return firsts[group]
