"""A network kept in memory, for the incremental engine."""

import random
from collections.abc import Collection, Mapping

import numpy as np

from reciproque.engines.linkage.encoding import COLUMNS, GramWeights
from reciproque.engines.linkage.incremental import DOMAINED, SAYS_CONTACTS, keys_for, resolve_again, resolve_all, solve
from reciproque.engines.linkage.kernels import Hashes, Ints
from reciproque.engines.linkage.pieces import Told
from reciproque.engines.linkage.scoring import Forest
from reciproque.engines.linkage.stores import Counts, Edges, Owned, Solution, Store

Row = Mapping[str, str]
Pairs = set[tuple[int, int]]


def owned(records: Mapping[int, list[Row]]) -> Owned:
    """Rows of records, in their order."""
    rows = [(record, row) for record in sorted(records) for row in records[record]]
    columns = {name: [row.get(name, "") for _record, row in rows] for name in COLUMNS}
    return Owned(columns, np.array([record for record, _row in rows], np.int64))


class Network(Store):
    """What PostgreSQL keeps, in dictionaries."""

    def __init__(self, forest: Forest) -> None:
        self.forest, self.nodes, self.grams = forest, 0, None
        self.records: dict[int, list[Row]] = {}
        self.keys: dict[int, set[int]] = {}
        self.pairs: dict[tuple[int, int], float] = {}
        self.groups: dict[int, int] = {}
        self.same: Pairs = set()
        self.different: Pairs = set()
        self._counts: dict[int, dict[int, int]] = {}

    def counts(self, kind: int, values: Hashes) -> Ints:
        held = self._counts.get(kind, {})
        return np.array([held.get(value, 0) for value in values.tolist()], np.int64)

    def rows(self, records: Collection[int]) -> Owned:
        return owned({record: self.records[record] for record in records if record in self.records})

    def bearers(self, keys: Hashes, limits: Ints) -> tuple[Ints, Ints]:
        found = [
            (place, record)
            for place, (key, limit) in enumerate(zip(keys.tolist(), limits.tolist(), strict=True))
            for record in sorted(self.keys.get(key, ()))[: limit + 1]
        ]
        return (
            np.array([place for place, _record in found], np.int64),
            np.array([record for _place, record in found], np.int64),
        )

    def verdicts(self, records: Collection[int]) -> tuple[Pairs, Pairs]:
        wanted = set(records)
        return {pair for pair in self.same if wanted & set(pair)}, {
            pair for pair in self.different if wanted & set(pair)
        }

    def edges(self, records: Collection[int]) -> Edges:
        wanted = set(records)
        kept = sorted(pair for pair in self.pairs if pair[0] in wanted or pair[1] in wanted)
        low, high = (np.array([pair[side] for pair in kept], np.int64) for side in (0, 1))
        return Edges(low, high, np.array([self.pairs[pair] for pair in kept], np.float32))

    def companions(self, records: Collection[int]) -> tuple[Ints, Ints]:
        wanted = {self.groups[record] for record in records if record in self.groups}
        found = sorted((record, group) for record, group in self.groups.items() if group in wanted)
        return tuple(np.array([pair[side] for pair in found], np.int64) for side in (0, 1))

    def count(self) -> None:
        """What the nightly run does: everything is counted, compared and grouped."""
        whole = resolve_all(self.rows(self.records), self.forest, same=self.same, different=self.different)
        counts: Counts = whole.counts
        self.nodes, grams = counts.nodes, counts.grams
        self.grams: GramWeights | None = grams
        self._counts = {
            kind: dict(zip(values.tolist(), counted.tolist(), strict=True))
            for kind, (values, counted) in counts.of.items()
        }
        self.pairs, self.groups = {}, {}
        self._keep(whole.edges, whole.solution)
        self.keys = {}
        self._key(self.records)

    def change(self, changed: Mapping[int, list[Row]]) -> None:
        """Records that come, change or go (no row)."""
        for record, rows in changed.items():
            if rows:
                self.records[record] = rows
            else:
                self.records.pop(record, None)
        for bearers in self.keys.values():
            bearers.difference_update(changed)
        self._key(record for record in changed if record in self.records)
        self.look_again(changed)

    def look_again(self, touched: Collection[int]) -> None:
        """Group anew what these records may be grouped with."""
        found = resolve_again(self, self.forest, list(touched))
        self.pairs = {pair: odds for pair, odds in self.pairs.items() if not set(pair) & set(touched)}
        self._keep(found.edges, found.solution)
        for gone in set(self.groups) - set(self.records):
            del self.groups[gone]

    def _key(self, records: Collection[int]) -> None:
        for record, key in zip(*(part.tolist() for part in keys_for(self, self.rows(sorted(records)))), strict=True):
            self.keys.setdefault(key, set()).add(record)

    def _keep(self, edges: Edges, solution: Solution) -> None:
        for low, high, odds in zip(edges.low.tolist(), edges.high.tolist(), edges.odds.tolist(), strict=True):
            self.pairs[low, high] = odds
        self.groups |= dict(zip(solution.records.tolist(), solution.group.tolist(), strict=True))

    def solved(self) -> dict[int, int]:
        """The groups that all the pairs kept give, solved at once."""
        records = np.array(sorted(self.records), np.int64)
        edges = self.edges(self.records)
        told = Told(self).said(records)
        rich = bool(self.counts(DOMAINED, SAYS_CONTACTS)[0] > 1)
        found = solve(self.forest, records, told, edges, same=self.same, different=self.different, rich=rich)
        return dict(zip(found.records.tolist(), found.group.tolist(), strict=True))

    def whole(self, *, believed: bool) -> dict[int, int]:
        """The groups that a comparison of the whole network gives; `believed`: with what was counted before."""
        found = resolve_all(
            self.rows(self.records),
            self.forest,
            same=self.same,
            different=self.different,
            store=self if believed else None,
        ).solution
        return dict(zip(found.records.tolist(), found.group.tolist(), strict=True))


SYLLABLES = [
    "ba",
    "co",
    "du",
    "fe",
    "gi",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "ta",
    "vu",
    "zen",
    "mor",
    "lin",
    "gar",
    "vel",
]
TRADES = ["Garage", "Boulangerie", "Transports", "Menuiserie", "Atelier", "Cabinet", "Imprimerie"]
TOWNS = [("49000", "Angers"), ("44000", "Nantes"), ("35000", "Rennes"), ("69003", "Lyon"), ("75011", "Paris")]


def invented(chance: random.Random) -> Row:
    """A partner."""
    word = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).title()
    post, town = chance.choice(TOWNS)
    name = f"{chance.choice(TRADES)} {word}" if chance.random() < 0.7 else f"{word} Services"
    siren = chance.choice(["", "", "", "404833048", "732829320", "552081317"]) if chance.random() < 0.1 else ""
    address = f"{chance.randint(1, 90)} rue {chance.choice(['Pasteur', 'Carnot', 'du Moulin', 'Gambetta'])}"
    return {"name": name, "postcode": post, "city": town, "address": address, "siren": siren}


def retyped(chance: random.Random, row: Row) -> Row:
    """The same, typed by somebody else."""
    name = row["name"]
    if chance.random() < 0.5:
        at = chance.randrange(1, len(name) - 1)
        name = name[:at] + name[at + 1 :]
    name = name.upper() if chance.random() < 0.4 else name
    name = f"SARL {name}" if chance.random() < 0.3 else name
    return {**row, "name": name, "address": row["address"] if chance.random() < 0.6 else "", "siren": ""}
