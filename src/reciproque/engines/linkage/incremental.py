"""Records that come or change are compared and grouped again without the others: a few keys are looked up, what ties to them is solved
again, and the groups are those that the whole network would give.

A record says one or several rows (its names, its places). What is counted over the network (`Census`) is counted once in a while;
in between, a word, a name or an address that was not counted is taken as new. Whoever keeps the network gives a `Store`.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from reciproque.engines.linkage.blocking import B_DELETION_DEPARTMENT, candidates, caps, keys_of, meetings, worth
from reciproque.engines.linkage.clustering import groups, lowest
from reciproque.engines.linkage.encoding import (
    SIREN,
    Distinct,
    GramWeights,
    Nodes,
    Statistics,
    counted,
    distinct,
    shared_values,
    statistics_of,
)
from reciproque.engines.linkage.grams import GRAMS
from reciproque.engines.linkage.kernels import Floats, Hashes, Ints, Table
from reciproque.engines.linkage.linking import ABSENT, LEAST, NEGLIGIBLE, automatic_from, pair_odds
from reciproque.engines.linkage.pieces import Piece
from reciproque.engines.linkage.scoring import Forest
from reciproque.engines.linkage.stores import LEVEL, Counts, Edges, Owned, Solution, Store

WORD, NAMED, PLACED, DOMAINED = range(4)
"""What is counted."""
SAYS_CONTACTS = np.array([0], np.uint64)
"""Counted as a domain (none has this number): 2 when the network says telephones or domains (`Statistics.rich`)."""
MOST = 100
"""Records that one is compared with: those that it shares the most keys with."""
BELIEVED = 1000
"""Records that a network is taken to have at least: in a small one too, a word said once is rare."""
APART = -1e9
"""Log-odds of a pair that people said are two: no mean outweighs it."""


class Comparison(NamedTuple):
    """Records compared: `edges` between them, and for each edge the two rows that are most alike, as nodes."""

    nodes: Nodes
    rows: Owned
    edges: Edges
    left: Ints
    right: Ints
    mask: Ints


def census(nodes: Nodes) -> Counts:
    """Count a whole network."""
    names = nodes.names
    told = {WORD: (names.words.hashes, nodes.frequency)}
    for kind, values in zip((NAMED, PLACED, DOMAINED), shared_values(nodes), strict=True):
        told[kind] = np.unique(values[values != 0], return_counts=True)
    kept = {kind: (values[counts > 1], counts[counts > 1]) for kind, (values, counts) in told.items()}
    if nodes.rich:
        domains, times = kept[DOMAINED]
        kept[DOMAINED] = np.concatenate((SAYS_CONTACTS, domains)), np.concatenate((np.array([2]), times))
    return Counts(len(nodes), nodes.grams, kept)


def _statistics(store: Store, found: Distinct) -> Statistics:
    """What a store knows of the words, names, addresses and domains of some rows; what it did not count is said once.

    Nothing depends on the other rows at hand, so that two records weigh the same whenever they are compared.
    """
    names = found.names
    frequency = np.maximum(store.counts(WORD, names.words.hashes), 1)
    others = [
        np.where(values == 0, 0, np.maximum(store.counts(kind, values), 1))
        for kind, values in zip((NAMED, PLACED, DOMAINED), shared_values(found), strict=True)
    ]
    nodes = max(store.nodes, BELIEVED)
    return Statistics(
        nodes, frequency, others[0], others[1], others[2], store.grams or _unknown_grams(nodes), _rich(store)
    )


def _rich(store: Store) -> bool:
    return bool(store.counts(DOMAINED, SAYS_CONTACTS)[0] > 1)


def _unknown_grams(nodes: int) -> GramWeights:
    """Every group of letters is as rare as any."""
    weights = np.full(GRAMS, np.log((nodes + 1.0) / 2.0) ** 2, np.float32)
    return weights, weights, weights


def _encoded(rows: Owned, store: Store | None = None) -> tuple[Nodes, Ints]:
    """(nodes, record of each): rows of two records are never one node. Without a store the rows are the whole network."""
    found = distinct(rows.columns, salt=rows.owners + 1)
    if store:
        told = _statistics(store, found)
    else:
        told = statistics_of(found)
        told = replace(told, nodes=max(told.nodes, BELIEVED))
    nodes = counted(found, told)
    owner = np.zeros(len(nodes), np.int64)
    owner[nodes.row_node] = rows.owners
    return nodes, owner


def stored_keys(nodes: Nodes, owner: Ints) -> tuple[Ints, Hashes, Ints]:
    """(record, key, above how many a key says too little), each once: what a store keeps to find records again.

    The keys of a name less a letter in a département are those of the name less a letter: they are not kept.
    """
    node, family, key = keys_of(nodes)
    kept = family != B_DELETION_DEPARTMENT
    limits = np.array(caps(nodes.total))[family[kept]]
    said = once(*(column.astype(np.uint64) for column in (owner[node[kept]], key[kept], limits)))
    return said[:, 0].astype(np.int64), said[:, 1], said[:, 2].astype(np.int64)


def once(*columns: Any) -> Table:
    """Rows given by columns of one type, each once and in order."""
    order = np.lexsort(columns[::-1])
    rows = np.stack([column[order] for column in columns], axis=1)
    fresh = np.ones(len(rows), bool)
    fresh[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    return rows[fresh]


def keys_for(store: Store, rows: Owned) -> tuple[Ints, Hashes]:
    """(record, key): what the store is to keep of these rows."""
    if not len(rows.owners):
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    records, keys, _limits = stored_keys(*_encoded(rows, store))
    return records, keys


def compare_with(store: Store, forest: Forest, mine: Owned, *, among: bool = True) -> Comparison | None:
    """Compare some records with those of the store that they share keys with, and with one another when `among`.

    None when they say nothing, or meet nobody.
    """
    if not len(mine.owners):
        return None
    _owner, keys, limits = stored_keys(*_encoded(mine, store))
    asked, places = np.unique(keys, return_index=True)
    limits = limits[places]
    place, found = store.bearers(asked, limits)
    crowded = np.bincount(place, minlength=len(asked)) > limits
    others = _closest(_owner, keys, asked, place, found, crowded, np.unique(mine.owners))
    if not (others or among):
        return None
    rows = mine + store.rows(others) if others else mine
    nodes, owner = _encoded(rows, store)
    node, family, key = keys_of(nodes)
    heard = ~np.isin(key, asked[crowded])
    left, right, mask = meetings(len(nodes), node[heard], family[heard], key[heard], caps(nodes.total))
    inside = np.isin(owner, mine.owners)
    chosen = (owner[left] != owner[right]) & (inside[left] | inside[right] if among else inside[left] ^ inside[right])
    chosen &= worth(mask)
    left, right, mask = left[chosen], right[chosen], mask[chosen]
    odds = pair_odds(forest, nodes, left, right, mask, LEVEL, 1)
    edges, best = strongest(owner, left, right, odds)
    return Comparison(nodes, rows, edges, left[best], right[best], mask[best])


def face_to_face(store: Store, forest: Forest, rows: Owned) -> Comparison | None:
    """Compare the rows of two records with one another, whether or not they share a key; None when one says nothing."""
    nodes, owner = _encoded(rows, store)
    left, right = (side.astype(np.int64) for side in np.triu_indices(len(nodes), 1))
    two = owner[left] != owner[right]
    left, right = left[two], right[two]
    if not len(left):
        return None
    node, family, key = keys_of(nodes)
    one, other, met = meetings(len(nodes), node, family, key, caps(nodes.total))
    known = dict(zip(zip(one.tolist(), other.tolist(), strict=True), met.tolist(), strict=True))
    mask = np.array([known.get(pair, 0) for pair in zip(left.tolist(), right.tolist(), strict=True)], np.int64)
    odds = pair_odds(forest, nodes, left, right, mask, LEVEL, 1, whole=True)
    low, high = np.minimum(owner[left], owner[right]), np.maximum(owner[left], owner[right])
    return Comparison(nodes, rows, Edges(low, high, odds), left, right, mask)


def _closest(
    owner: Ints, keys: Hashes, asked: Hashes, place: Ints, found: Ints, crowded: Table, own: Ints
) -> list[int]:
    """The records met, at most `MOST` for each that asks: those that share the most keys, then the lowest."""
    heard = ~crowded[place] & ~np.isin(found, own)
    place, found = place[heard], found[heard]
    order = np.argsort(place, kind="stable")
    begins = np.searchsorted(place[order], np.arange(len(asked) + 1))
    at = np.searchsorted(asked, keys)
    many = begins[at + 1] - begins[at]
    met = np.repeat(begins[at] - np.cumsum(many) + many, many) + np.arange(many.sum())
    records, named = np.unique(found[order][met], return_inverse=True)
    pairs, counts = np.unique(np.repeat(owner, many) * len(records) + named, return_counts=True)
    asking, other = pairs // max(1, len(records)), records[pairs % max(1, len(records))]
    nearest = np.lexsort((other, -counts, asking))
    rank = np.arange(len(nearest)) - np.searchsorted(asking[nearest], asking[nearest])
    chosen: list[int] = np.unique(other[nearest[rank < MOST]]).tolist()
    return chosen


def strongest(owner: Ints, left: Ints, right: Ints, odds: Floats) -> tuple[Edges, Ints]:
    """Pairs of nodes → pairs of records, by their two rows that are most alike; and which pair that is."""
    low, high = np.minimum(owner[left], owner[right]), np.maximum(owner[left], owner[right])
    kept = np.flatnonzero((odds > NEGLIGIBLE) & (low != high))
    order = kept[np.lexsort((kept, -odds[kept].astype(np.float64), high[kept], low[kept]))]
    first = order[
        (np.diff(low[order], prepend=low[order][:1] - 1) != 0)
        | (np.diff(high[order], prepend=high[order][:1] - 1) != 0)
    ]
    return Edges(low[first], high[first], odds[first]), first


def solve(
    forest: Forest, records: Ints, siren: Ints, edges: Edges, *, same: Collection[tuple[int, int]] = (),
    different: Collection[tuple[int, int]] = (), automatic: float | None = None, rich: bool,
) -> Solution:  # fmt: skip
    """Group records (in rising order): those that people said are the same are, those they said are two are not.

    `siren` is the number of each, -1 unknown: two of them are never one. `rich` says what kind of network it is (`Statistics`).
    """
    parents = np.arange(len(records))
    place = {record: at for at, record in enumerate(records.tolist())}
    for low, high in sorted(same):
        one, other = (_root(parents, place[record]) for record in (low, high))
        parents[max(one, other)] = min(one, other)
    start = np.array([_root(parents, at) for at in range(len(records))], np.int64)
    left, right = (np.searchsorted(records, side) for side in (edges.low, edges.high))
    odds = edges.odds.astype(np.float32)
    if different:
        apart = np.array(sorted((place[low], place[high]) for low, high in different), np.int64)
        judged = np.isin(left * len(records) + right, apart[:, 0] * len(records) + apart[:, 1])
        left, right = np.concatenate((left[~judged], apart[:, 0])), np.concatenate((right[~judged], apart[:, 1]))
        odds = np.concatenate((odds[~judged], np.full(len(apart), APART, np.float32)))
    threshold = automatic_from(forest, LEVEL, rich=rich) if automatic is None else automatic
    sure, whole = groups(
        len(records), left, right, odds, automatic=threshold, absent=ABSENT[LEVEL, rich], least=LEAST[LEVEL], identity=siren, start=start
    )  # fmt: skip
    return Solution(records, records[lowest(whole)], records[lowest(sure)])


def _root(parents: Ints, at: int) -> int:
    while parents[at] != at:
        at = int(parents[at])
    return at


class Change(NamedTuple):
    """What a store is to keep after some records changed: their pairs, and the groups of all those that they may be grouped with."""

    edges: Edges
    solution: Solution
    inside: Edges
    comparison: Comparison | None


def resolve_again(
    store: Store, forest: Forest, touched: Collection[int], *, automatic: float | None = None
) -> Change:  # fmt: skip
    """Compare the records touched (new, changed or gone) again, and group anew what they may be grouped with.

    The keys of the records touched must be up to date in the store; their pairs need not. Groups come out as those of the whole network
    whose pairs are kept, when those that the store keeps do.
    """
    mine = store.rows(sorted(touched))
    compared = compare_with(store, forest, mine)
    fresh = compared.edges if compared else Edges(*(np.zeros(0, np.int64),) * 2, np.zeros(0, np.float32))
    piece, rich = Piece(store, fresh, touched), _rich(store)
    while True:
        inside, (same, different) = piece.edges(), piece.verdicts()
        solution = solve(
            forest, piece.records, piece.told.said(piece.records), inside, same=same, different=different, automatic=automatic, rich=rich
        )  # fmt: skip
        if not piece.grow(piece.changed(solution)):
            return Change(fresh, solution, inside, compared)


class Whole(NamedTuple):
    """A whole network compared: what is counted of it, its pairs, its groups, and the two rows that make each pair."""

    counts: Counts
    edges: Edges
    solution: Solution
    comparison: Comparison


def resolve_all(
    rows: Owned, forest: Forest, *, same: Collection[tuple[int, int]] = (), different: Collection[tuple[int, int]] = (),
    store: Store | None = None, automatic: float | None = None, threads: int = 1,
) -> Whole:  # fmt: skip
    """Compare and group a whole network: what `resolve_again` keeps up. With a store, what it counted is believed."""
    nodes, owner = _encoded(rows, store)
    left, right, mask = candidates(nodes, threads)
    two = owner[left] != owner[right]
    left, right, mask = left[two], right[two], mask[two]
    edges, best = strongest(owner, left, right, pair_odds(forest, nodes, left, right, mask, LEVEL, threads))
    records = np.unique(rows.owners)
    siren = np.full(len(records), -1, np.int64)
    np.maximum.at(siren, np.searchsorted(records, owner), nodes.codes[:, SIREN])
    solution = solve(
        forest, records, siren, edges, same=same, different=different, automatic=automatic, rich=nodes.rich
    )
    compared = Comparison(nodes, rows, edges, left[best], right[best], mask[best])
    return Whole(census(nodes), edges, solution, compared)
