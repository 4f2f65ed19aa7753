"""The part of a network that a change may alter: whole groups, and what ties them to one another."""

from collections.abc import Collection, Sequence

import numpy as np

from reciproque.engines.linkage.clustering import lowest
from reciproque.engines.linkage.kernels import Ints, Table
from reciproque.engines.linkage.linking import LEAST
from reciproque.engines.linkage.stores import LEVEL, Edges, Solution, Store, sirens_by_record


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
            said = sirens_by_record(self.store.rows(missing.tolist()))
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
