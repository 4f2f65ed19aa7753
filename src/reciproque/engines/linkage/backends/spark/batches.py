"""What executors run: Arrow batches in, Arrow batches out, through the functions of the local engine.

Spark has no unsigned numbers: hashes travel as signed ones of the same bits. Nothing here depends on how rows are cut into batches.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from reciproque.engines.linkage.blocking import caps, keys_of, meetings
from reciproque.engines.linkage.clustering import lowest
from reciproque.engines.linkage.encoding import (
    COLUMNS,
    NAME,
    SIREN,
    STREET,
    TOWN,
    GramWeights,
    Nodes,
    Statistics,
    counted,
    distinct,
    reached,
    shared_values,
)
from reciproque.engines.linkage.grams import GRAMS, gram_frequency, grams_of
from reciproque.engines.linkage.kernels import Hashes, Ints, Table, kernel
from reciproque.engines.linkage.linking import (
    FARTHEST,
    Level,
    odds_by_level,
    resolve,
    resolve_partners,
    shown,
    site_groups,
    surely_one,
)
from reciproque.engines.linkage.scoring import Forest
from reciproque.engines.linkage.sites import Sites, near, sites_of
from reciproque.engines.linkage.wording import Texts

Batches = Iterator[pa.RecordBatch]
SHARED = 3
"""Counts of a node that are not of its words: its name, its address, its domain. Those of its words follow."""
TEXTS = ("name", "street", "town")
CHUNK = 1 << 19
"""Keys that are met at once."""


def signed(hashes: Hashes) -> pa.Array:
    """Hashes as Spark holds them."""
    return pa.array(np.ascontiguousarray(hashes).view(np.int64))


def unsigned(column: Any) -> Hashes:
    """Hashes as the engine holds them."""
    return np.ascontiguousarray(column.to_numpy(zero_copy_only=False)).view(np.uint64)


def cells(batch: Any, prefix: str = "") -> dict[str, pl.Series]:
    """The columns that the engine looks at; `batch` is a struct, a batch or a table."""
    held = [name for name in COLUMNS if prefix + name in batch.schema.names]
    return {name: pl.Series(name, pl.from_arrow(batch.column(prefix + name)), dtype=pl.String) for name in held}


def content(struct: pa.Array) -> pa.Array:
    """The node of each row, from its cells."""
    found = distinct(cells(pa.RecordBatch.from_struct_array(struct)))
    return signed(found.content[found.row_node])


def told(batches: Batches) -> Batches:
    """For each node: its SIREN, what is counted of it over the file (`keys`), and its distinct texts for groups of letters."""
    for batch in batches:
        found = distinct(cells(batch))
        names = found.names
        own = found.codes[:, NAME]
        shared = np.stack([values.view(np.int64) for values in shared_values(found)], axis=1)
        lengths = np.where(
            own < 0, 0, (names.pointers[1:] - names.pointers[:-1])[own] if len(names.pointers) > 1 else 0
        )
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths + SHARED)))
        values = _keys_told(own, names.pointers, names.numbers, names.words.hashes, shared, offsets)
        columns = [
            signed(found.content), pa.array(found.codes[:, SIREN]), pa.array(reached(found)),
            pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), pa.array(values)),
        ]  # fmt: skip
        for texts, place in ((names, NAME), (found.streets, STREET), (found.towns, TOWN)):
            columns += _texts_told(texts, found.codes[:, place])
        yield pa.RecordBatch.from_arrays(columns, names=list(TOLD))


TOLD = {
    "node": "bigint", "siren": "bigint", "reached": "boolean", "keys": "array<bigint>", "name": "bigint", "name_letters": "binary",
    "street": "bigint", "street_letters": "binary", "town": "bigint", "town_letters": "binary",
}  # fmt: skip


@kernel
def _keys_told(own: Ints, pointers: Ints, numbers: Ints, words: Hashes, shared: Table, offsets: Ints) -> Ints:
    out = np.empty(offsets[len(own)], np.int64)
    for node in range(len(own)):
        at = offsets[node]
        out[at : at + 3] = shared[node]
        at += 3
        if own[node] >= 0:
            for place in range(pointers[own[node]], pointers[own[node] + 1]):
                out[at] = np.int64(words[numbers[place]])
                at += 1
    return out


def _texts_told(texts: Texts, own: Ints) -> list[pa.Array]:
    """(hash, letters) of the text of each node; an absent text is a text without letters."""
    if not len(texts.hashes):
        return [pa.array(np.zeros(len(own), np.int64)), pa.array([b""] * len(own), pa.binary())]
    buffers = [None, pa.py_buffer(texts.compact_pointers.astype(np.int32)), pa.py_buffer(texts.compact)]
    letters = pa.Array.from_buffers(pa.binary(), len(texts.hashes), buffers)
    chosen = letters.take(pa.array(np.maximum(own, 0)))
    blank = pa.array([b""], pa.binary()).take(pa.array(np.zeros(len(own), np.int64)))
    absent = pa.array(own < 0)
    hashes = np.where(own < 0, np.uint64(0), texts.hashes[np.maximum(own, 0)])
    return [signed(hashes), pc.if_else(absent, blank, chosen)]


def gram_counts(batches: Batches) -> Batches:
    """(kind, group of letters, texts that have it) from distinct texts (kind, hash, letters); group -1 counts the texts."""
    found = np.zeros((len(TEXTS), GRAMS + 1), np.int64)
    for batch in batches:
        kinds = batch.column("kind").to_numpy(zero_copy_only=False)
        for kind in range(len(TEXTS)):
            letters = batch.column("letters").filter(pa.array(kinds == kind)).cast(pa.large_binary())
            lengths = pc.binary_length(letters).to_numpy(zero_copy_only=False)
            pointers = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)))
            joined = b"".join(letters.to_pylist())
            _, grams = grams_of(pointers, np.frombuffer(joined or b"\0", np.uint8))
            found[kind, :GRAMS] += gram_frequency(grams)
            found[kind, GRAMS] += len(letters)
    kinds, grams = np.nonzero(found)
    yield pa.RecordBatch.from_arrays(
        [pa.array(kinds), pa.array(np.where(grams == GRAMS, -1, grams)), pa.array(found[kinds, grams])],
        names=["kind", "gram", "texts"],
    )


def _nodes(batch: Any, heard: Any, total: int, weights: GramWeights, *, rich: bool) -> Nodes:
    """Nodes of a batch, with what the whole file says of them (`heard`: counts of each row)."""
    found = distinct(cells(batch))
    heard = heard.combine_chunks() if isinstance(heard, pa.ChunkedArray) else heard
    offsets = heard.offsets.to_numpy().astype(np.int64)
    counts = heard.values.to_numpy(zero_copy_only=False).astype(np.int64)
    names = found.names
    frequency, shared = _heard(
        found.row_node, found.codes[:, NAME], names.pointers, names.numbers, len(names.words.hashes), offsets, counts
    )
    homonyms, crowd, together = shared.T.copy()
    return counted(found, Statistics(total, frequency, homonyms, crowd, together, weights, rich))


@kernel
def _heard(
    row_node: Ints, own: Ints, pointers: Ints, numbers: Ints, size: int, offsets: Ints, counts: Ints
) -> tuple[Ints, Table]:
    frequency, shared = np.zeros(size, np.int64), np.zeros((len(own), 3), np.int64)
    for row in range(len(row_node)):
        node, at = row_node[row], offsets[row]
        shared[node] = counts[at : at + 3]
        at += 3
        if own[node] >= 0:
            for place in range(pointers[own[node]], pointers[own[node] + 1]):
                frequency[numbers[place]] = counts[at]
                at += 1
    return frequency, shared


@dataclass(frozen=True, slots=True)
class Keyed:
    """(node, family, key) of nodes. `total` is how many nodes the file has."""

    total: int

    def __call__(self, batches: Batches) -> Batches:
        """Map."""
        for batch in batches:
            unused = np.zeros(GRAMS, np.float32)
            nodes = _nodes(batch, batch.column("heard"), self.total, (unused, unused, unused), rich=False)
            owners, families, keys = keys_of(nodes)
            yield pa.RecordBatch.from_arrays(
                [signed(nodes.content[owners]), pa.array(families.astype(np.int32)), signed(keys)], names=list(KEYED)
            )


KEYED = {"node": "bigint", "family": "int", "key": "bigint"}


@dataclass(frozen=True, slots=True)
class Meeting:
    """(a, b, mask): nodes that meet under the keys of a partition, sorted by key. `total` is how many nodes the file has."""

    total: int

    def __call__(self, batches: Batches) -> Batches:
        """Map."""
        held: list[pa.RecordBatch] = []
        size = 0
        for batch in batches:
            held.append(batch)
            size += batch.num_rows
            if size >= CHUNK:
                table = pa.Table.from_batches(held)
                until = _last_start(table)
                if until:
                    yield _met(table.slice(0, until), self.total)
                held = table.slice(until).to_batches()
                size = table.num_rows - until
        if size:
            yield _met(pa.Table.from_batches(held), self.total)


def _last_start(table: pa.Table) -> int:
    """Where the last key begins: it may go on in the next batch."""
    family, key = (table.column(name).to_numpy() for name in ("family", "key"))
    changes = np.flatnonzero((family[1:] != family[:-1]) | (key[1:] != key[:-1]))
    return int(changes[-1]) + 1 if len(changes) else 0


def _met(table: pa.Table, total: int) -> pa.RecordBatch:
    known, owners = np.unique(unsigned(table.column("node")), return_inverse=True)
    families = table.column("family").to_numpy().astype(np.int64)
    left, right, mask = meetings(
        len(known), owners.astype(np.int64), families, unsigned(table.column("key")), caps(total)
    )
    return pa.RecordBatch.from_arrays(
        [signed(known[left]), signed(known[right]), pa.array(mask.astype(np.int64))], names=list(MET)
    )


MET = {"a": "bigint", "b": "bigint", "mask": "bigint"}


@dataclass(frozen=True, slots=True)
class Compared:
    """(a, b, log-odds at each level) of pairs whose cells are beside them; only of those that can be of one place when `placed` says
    so. `held` is broadcast: (forests of these levels, weights of groups of letters, whether the file says telephones or domains)."""

    held: Any
    total: int
    placed: bool = False

    def __call__(self, batches: Batches) -> Batches:
        """Map."""
        forests, weights, rich = self.held.value
        for batch in batches:
            yield _compared(batch, forests, weights, self.total, rich=rich, placed=self.placed)


def odds_of(levels: Iterable[Level]) -> dict[str, str]:
    """The columns that `Compared` gives."""
    return {"a": "bigint", "b": "bigint"} | dict.fromkeys(levels, "float")


def _compared(
    batch: pa.RecordBatch, forests: Mapping[str, Forest], weights: GramWeights, total: int, *, rich: bool, placed: bool
) -> pa.RecordBatch:
    a, b = unsigned(batch.column("a")), unsigned(batch.column("b"))
    known, first = np.unique(np.concatenate((a, b)), return_index=True)
    both = _stacked(batch).take(pa.array(first))
    nodes = _nodes(both, both.column("heard"), total, weights, rich=rich)
    mask = batch.column("mask").to_numpy(zero_copy_only=False)
    left, right = np.searchsorted(known, a), np.searchsorted(known, b)
    if placed:
        kept = near(nodes, left, right)
        left, right, mask = left[kept], right[kept], mask[kept]
    odds = odds_by_level(forests, nodes, (left, right, mask), 1)
    columns = [signed(known[left]), signed(known[right]), *(pa.array(said) for said in odds.values())]
    return pa.RecordBatch.from_arrays(columns, names=["a", "b", *odds])


def _stacked(batch: pa.RecordBatch) -> pa.Table:
    """The left nodes of pairs, then the right ones."""
    names = [name[2:] for name in batch.schema.names if name.startswith("a_")]
    sides = [
        pa.RecordBatch.from_arrays([batch.column(f"{side}_{name}") for name in names], names=names) for side in "ab"
    ]
    return pa.Table.from_batches(sides)


SITED = {"node": "bigint", "site": "bigint", "piece": "bigint", "core": "boolean"}


def siting(held: Any, automatic: float | None) -> Callable[[pa.Table, pa.Table], pa.Table]:
    """The site of each node of a bucket of components, as `sites.Sites` says it; `held` is broadcast: (forests, whether the file says
    how to reach people). The function takes cogrouped nodes and pairs, with their log-odds at both levels."""

    def run(own: pa.Table, pairs: pa.Table) -> pa.Table:
        forests, rich = held.value
        known = np.unique(unsigned(own.column("node")))
        left, right, weights, siren = _placed(known, own, pairs)
        site, partner = (pairs.column(level).to_numpy().astype(np.float32) for level in ("site", "partner"))
        whole = site_groups(forests["site"], (left, right, site), siren, rich=rich)
        sure = surely_one(forests["partner"], (left, right, partner), whole, siren, automatic=automatic, rich=rich)
        sites = sites_of(whole, sure, weights)
        columns = [signed(known), signed(known[sites.of]), signed(known[sites.piece]), pa.array(sites.core)]
        return pa.Table.from_arrays(columns, names=list(SITED))

    return run


def _placed(known: Hashes, own: pa.Table, pairs: pa.Table) -> tuple[Ints, Ints, Ints, Ints]:
    """(left, right, rows of each node, SIREN of each node), by their places among the nodes known."""
    at = np.searchsorted(known, unsigned(own.column("node")))
    weights, siren = np.ones(len(known), np.int64), np.full(len(known), -1, np.int64)
    weights[at], siren[at] = own.column("weight").to_numpy(), own.column("siren").to_numpy()
    left, right = (np.searchsorted(known, unsigned(pairs.column(side))) for side in "ab")
    return left, right, weights, siren


def judging(
    held: Any, level: Level, automatic: float | None, *, sited: bool
) -> Callable[[pa.Table, pa.Table], pa.Table]:
    """What becomes of the nodes of a bucket of components; `held` is broadcast: (forests, whether the file says how to reach people).

    The function takes cogrouped nodes, with their sites when they are `sited`, and pairs. A pair that leaves its component is told to
    both: it only says how near a node came.
    """

    def run(own: pa.Table, pairs: pa.Table) -> pa.Table:
        forests, rich = held.value
        return _judged(own, pairs, forests[level], level, automatic, rich=rich, sited=sited)

    return run


JUDGED = {"node": "bigint", "first": "bigint", "apart": "boolean", "score": "double", "decision": "string"}


def _judged(
    own: pa.Table, pairs: pa.Table, forest: Forest, level: Level, automatic: float | None, *, rich: bool, sited: bool
) -> pa.Table:
    nodes = unsigned(own.column("node"))
    known = np.unique(np.concatenate((nodes, *(unsigned(pairs.column(side)) for side in "ab"))))
    at = np.searchsorted(known, nodes)
    left, right, weights, siren = _placed(known, own, pairs)
    odds = pairs.column("odds").to_numpy().astype(np.float32)
    itself = left == right
    alone = np.full(len(known), FARTHEST, np.float32)
    alone[left[itself]] = odds[itself]
    edges = left[~itself], right[~itself], odds[~itself]
    if sited:
        of, piece, core = np.arange(len(known)), np.arange(len(known)), np.ones(len(known), bool)
        of[at], piece[at] = (np.searchsorted(known, unsigned(own.column(name))) for name in ("site", "piece"))
        core[at] = own.column("core").to_numpy()
        found = resolve_partners(
            forest, edges, Sites(of, piece, core), weights=weights, siren=siren, alone=alone, automatic=automatic, rich=rich
        )  # fmt: skip
    else:
        found = resolve(
            forest, edges, weights=weights, siren=siren, alone=alone, level=level, automatic=automatic, rich=rich
        )
    score, decision = shown(found.score, found.decision)
    columns = [
        signed(known[at]), signed(known[lowest(found.whole)[at]]), pa.array(found.apart[at]), pa.array(score[at]),
        pa.array(decision[at].tolist(), pa.string()),
    ]  # fmt: skip
    return pa.Table.from_arrays(columns, names=list(JUDGED))


def schema_of(columns: Mapping[str, str]) -> str:
    """A schema as Spark reads it."""
    return ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
