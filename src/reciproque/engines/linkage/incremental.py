"""Records that come or change are compared and grouped again without the others: a few keys are looked up, the component touched is
resolved, and the groups are those that the whole network would give.

A record says one or several rows (its names, its places). What is counted over the network (`Census`) is counted once in a while;
in between, a word, a name or an address that was not counted is taken as new. Whoever keeps the network gives a `Store`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

import numpy as np

from reciproque.engines.linkage.blocking import B_DELETION_DEPARTMENT, candidates, caps, keys_of, meetings, worth
from reciproque.engines.linkage.clustering import groups, lowest
from reciproque.engines.linkage.encoding import (
    COLUMNS,
    SIREN,
    Distinct,
    GramWeights,
    Nodes,
    Statistics,
    counted,
    distinct,
    shared_values,
    sirens_of,
    statistics_of,
)
from reciproque.engines.linkage.grams import GRAMS
from reciproque.engines.linkage.kernels import Floats, Hashes, Ints, Table
from reciproque.engines.linkage.linking import ABSENT, LEAST, NEGLIGIBLE, automatic_from, pair_odds
from reciproque.engines.linkage.scoring import Forest

WORD, NAMED, PLACED, DOMAINED = range(4)
"""What is counted."""
SAYS_CONTACTS = np.array([0], np.uint64)
"""Counted as a domain (none has this number): 2 when the network says telephones or domains (`Statistics.rich`)."""
MOST = 100
"""Records that one is compared with: those that it shares the most keys with."""
BELIEVED = 1000
"""Records that a network is taken to have at least: in a small one too, a word said once is rare."""
LEVEL = "partner"
APART = -1e9
"""Log-odds of a pair that people said are two: no mean outweighs it."""


class Owned(NamedTuple):
    """Rows of records: `columns` are those of `encoding.COLUMNS`, `owners` the record of each row."""

    columns: Mapping[str, Any]
    owners: Ints

    def __add__(self, other: "Owned") -> "Owned":  # type: ignore[override]
        columns = {
            name: [*_column(self, name), *_column(other, name)]
            for name in COLUMNS
            if name in self.columns or name in other.columns
        }
        return Owned(columns, np.concatenate((self.owners, other.owners)))


def _column(rows: Owned, name: str) -> Sequence[Any]:
    """What these rows say of it: nothing when nobody asked."""
    held: Sequence[Any] = rows.columns.get(name, ())
    return held if len(held) else [""] * len(rows.owners)


class Edges(NamedTuple):
    """Pairs of records (low < high) and their log-odds."""

    low: Ints
    high: Ints
    odds: Floats


class Counts(NamedTuple):
    """What was counted over a whole network: by kind, the values that more than one node bears, and how many do."""

    nodes: int
    grams: GramWeights
    of: Mapping[int, tuple[Hashes, Ints]]


class Store(Protocol):
    """Who keeps the network."""

    nodes: int
    grams: GramWeights | None

    def counts(self, kind: int, values: Hashes) -> Ints:
        """How many nodes bore each value when the network was last counted, 0 when none or one did."""
        ...

    def rows(self, records: Collection[int]) -> Owned:
        """The rows of these records; none for one that no longer stands."""
        ...

    def bearers(self, keys: Hashes, limits: Ints) -> tuple[Ints, Ints]:
        """(place in `keys`, record): who is met under each key, one more than its limit at most."""
        ...

    def verdicts(self, records: Collection[int]) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """(same, different): pairs (low < high) with one of these records at least that people judged; both stand."""
        ...

    def edges(self, records: Collection[int]) -> Edges:
        """The pairs kept that have one of these records at least."""
        ...

    def companions(self, records: Collection[int]) -> tuple[Ints, Ints]:
        """(record, group): all those of the groups where these stand, as last given; one that was never grouped is not told."""
        ...


class Comparison(NamedTuple):
    """Records compared: `edges` between them, and for each edge the two rows that are most alike, as nodes."""

    nodes: Nodes
    rows: Owned
    edges: Edges
    left: Ints
    right: Ints
    mask: Ints


@dataclass(frozen=True, slots=True)
class Solution:
    """Records in their order, and for each the lowest record of its group and of its automatic group."""

    records: Ints
    group: Ints
    automatic: Ints


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


class Told:
    """The SIREN that records say (-1 for one that says none), read as they are met."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.records, self.siren = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.joined = np.zeros(0, bool)
        """Which of them somebody joined to another by hand, whatever they say."""

    def said(self, records: Ints) -> Ints:
        """The SIREN of each of these."""
        at = self._places(records)
        return self.siren[at]

    def binding(self, records: Ints) -> Ints:
        """That by which each of these cannot be joined to another: -1 too for one that was joined by hand."""
        at = self._places(records)
        return np.where(self.joined[at], -1, self.siren[at])

    def _places(self, records: Ints) -> Ints:
        missing = np.setdiff1d(records, self.records)
        if len(missing):
            said = _sirens(self.store.rows(missing.tolist()))
            joined = [record for pair in self.store.verdicts(missing.tolist())[0] for record in pair]
            place = np.searchsorted(self.records, missing)
            found = np.array([said.get(record, -1) for record in missing.tolist()], np.int64)
            self.siren = np.insert(self.siren, place, found)
            self.joined = np.insert(self.joined, place, np.isin(missing, joined))
            self.records = np.insert(self.records, place, missing)
        return np.searchsorted(self.records, records)


class Piece:
    """Whole groups of a network, and all the pairs among them.

    Groups only grow while pairs are taken one by one, and what was refused changes nothing: alone among themselves, whole groups come
    out as they are in the whole network. So those of the records touched are solved again with all that ties to them; the groups
    that become others bring those that tie to them in turn, until none is left (`grow`).
    """

    def __init__(self, store: Store, fresh: Edges, touched: Collection[int]) -> None:
        self.store, self.told = store, Told(store)
        self.own = np.array(sorted(set(touched)), np.int64)
        self.held = [fresh]
        self.records, self.before, self.followed = (np.zeros(0, np.int64) for _each in range(3))
        self._take(self.own)
        self.left = np.setdiff1d(self.records, self.own)
        """Who was with the records touched: their groups lose somebody, whatever comes next."""
        self.grow(self.records)

    def edges(self) -> Edges:
        """The pairs among its records, each once, in order."""
        return _among(self.held, self.records)

    def verdicts(self) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """(same, different): what people said of its records."""
        inside = set(self.records.tolist())
        same, different = self.store.verdicts(self.records.tolist())
        return {pair for pair in same if inside.issuperset(pair)}, {
            pair for pair in different if inside.issuperset(pair)
        }

    def changed(self, solution: Solution) -> Ints:
        """The records of groups that have one of those touched, had one, or are no longer what they were among the others."""
        mine = np.isin(self.records, self.own)
        now, was = (_apart(group, mine) for group in (solution.group, self.before))
        other = now != was
        moved = np.isin(now, now[other]) | np.isin(was, was[other])
        return self.records[moved | np.isin(solution.group, solution.group[mine]) | np.isin(self.records, self.left)]

    def grow(self, records: Ints) -> bool:
        """Take in the groups that these records may be joined to; whether one was not there yet.

        Two records of two SIREN are in no group together, and none begins with their pair: it ties nothing.
        """
        records = np.setdiff1d(records, self.followed)
        self.followed = np.union1d(self.followed, records)
        judged = np.array(sorted(self.store.verdicts(records.tolist())[0]), np.int64).ravel()
        return self._take(np.concatenate([judged, *(self._tied(held, records) for held in self.held)]))

    def _tied(self, held: Edges, records: Ints) -> Ints:
        """Those of the pairs with one of these that may bring together."""
        close = np.flatnonzero(held.odds >= LEAST[LEVEL])
        close = close[np.isin(held.low[close], records) | np.isin(held.high[close], records)]
        one, other = self.told.binding(held.low[close]), self.told.binding(held.high[close])
        free = close[(one < 0) | (other < 0) | (one == other)]
        return np.concatenate((held.low[free], held.high[free]))

    def _take(self, records: Ints) -> bool:
        """Take in these and the whole of their groups; whether one was missing."""
        missing = np.setdiff1d(records, self.records)
        if not len(missing):
            return False
        known, group = self.store.companions(missing.tolist())
        alone = np.setdiff1d(missing, known)
        known, first = np.unique(np.concatenate((known, alone)), return_index=True)
        group = np.concatenate((group, alone))[first]
        stored = self.store.edges(np.setdiff1d(known, self.own).tolist())
        kept = ~(np.isin(stored.low, self.own) | np.isin(stored.high, self.own))
        self.held.append(Edges(stored.low[kept], stored.high[kept], stored.odds[kept]))
        place = np.searchsorted(self.records, known)
        self.records, self.before = np.insert(self.records, place, known), np.insert(self.before, place, group)
        return True


def _apart(group: Ints, mine: Table) -> Ints:
    """The lowest place of the group of each, those that are `mine` being alone."""
    return lowest(np.unique(np.where(mine, -1 - np.arange(len(group)), group), return_inverse=True)[1])


def _among(held: Sequence[Edges], records: Ints) -> Edges:
    """The pairs whose two records are among these, each once, in order."""
    low = np.concatenate([edges.low for edges in held]).astype(np.int64)
    high = np.concatenate([edges.high for edges in held]).astype(np.int64)
    odds = np.concatenate([edges.odds for edges in held]).astype(np.float32)
    inside = np.flatnonzero(np.isin(low, records) & np.isin(high, records))
    order = inside[np.lexsort((high[inside], low[inside]))]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    first = order[fresh]
    return Edges(low[first], high[first], odds[first])


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


def _sirens(rows: Owned) -> dict[int, int]:
    if not len(rows.owners):
        return {}
    found = sirens_of(rows.columns)
    order = np.lexsort((found, rows.owners))
    return dict(zip(rows.owners[order].tolist(), found[order].tolist(), strict=True))


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


def empty_columns() -> dict[str, list[str]]:
    """The columns of no row."""
    return {name: [] for name in COLUMNS}
