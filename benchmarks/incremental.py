"""Records that come one by one, or a file at a time, into a network already compared: how long, and whether the groups are those of a whole
run. The engine alone, on a network kept in memory as PostgreSQL keeps it (keys, pairs, counts).

python benchmarks/incremental.py DIR [--file 5000] [--single 500] [--threads 2] [--quick]     DIR as `benchmarks/linkage.py generate` writes it

The network has one record of each site, and what comes are others of the same sites.

Prints CPU milliseconds of one record (keys, comparison, grouping of what it touches), CPU seconds of a file, the share of records whose group is
exactly that of a run over everything with fresh counts (not when `--quick`), and milliseconds of taking a record out of its group.
"""

import argparse
import resource
import time
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

import numpy as np
import polars as pl

from reciproque.engines.linkage.encoding import COLUMNS
from reciproque.engines.linkage.incremental import Change, keys_for, resolve_again, resolve_all
from reciproque.engines.linkage.kernels import Hashes, Ints
from reciproque.engines.linkage.scoring import Forest, load
from reciproque.engines.linkage.stores import Edges, Owned, Solution, Store

TYPED = ("name", "address", "postcode", "city", "siret", "phone", "email")
CHUNK = 500
"""Records of a file that are compared at once, as the nightly search does."""


class Sorted:
    """Values by number, in the order of the numbers; those of one number in the order in which they came."""

    def __init__(self, numbers: np.ndarray, *values: np.ndarray) -> None:
        order = np.argsort(numbers, kind="stable")
        self.numbers, self.values = numbers[order], [value[order] for value in values]

    def among(self, numbers: np.ndarray, most: int | Ints) -> tuple[Ints, list[np.ndarray]]:
        """(place in `numbers`, values) of what is under some numbers, so many of each at most."""
        first, last = np.searchsorted(self.numbers, numbers, "left"), np.searchsorted(self.numbers, numbers, "right")
        many = np.minimum(last - first, most)
        at = np.repeat(first - np.cumsum(many) + many, many) + np.arange(many.sum())
        return np.repeat(np.arange(len(numbers)), many), [value[at] for value in self.values]


class Pile:
    """Values looked up by number: a big sorted table, and a small one of what came since."""

    def __init__(self, numbers: np.ndarray, *values: np.ndarray) -> None:
        self.old, self.late = (
            Sorted(numbers, *values),
            Sorted(numbers[:0], *(value[:0] for value in values)),
        )

    def among(self, numbers: np.ndarray, most: int | Ints = 1 << 40) -> tuple[Ints, list[np.ndarray]]:
        """(place in `numbers`, values): what was there before what came."""
        before, since = self.old.among(numbers, most), self.late.among(numbers, most)
        place = np.concatenate((before[0], since[0]))
        order = np.argsort(place, kind="stable")
        values = [np.concatenate(both)[order] for both in zip(before[1], since[1], strict=True)]
        return place[order], values

    def add(self, numbers: np.ndarray, *values: np.ndarray) -> None:
        """More of them."""
        late = self.late
        more = [np.concatenate(both) for both in zip(late.values, values, strict=True)]
        self.late = Sorted(np.concatenate((late.numbers, numbers)), *more)


class Network(Store):
    """Records of one row each; their number is the place of the row in the file."""

    def __init__(self, frame: pl.DataFrame, standing: Ints, forest: Forest, threads: int) -> None:
        self.frame, self.forest = frame, forest
        rows = self.rows(standing.tolist())
        whole = resolve_all(rows, forest, threads=threads)
        self.nodes, self.grams = whole.counts.nodes, whole.counts.grams
        self.counted = {
            kind: (np.sort(values), times[np.argsort(values)]) for kind, (values, times) in whole.counts.of.items()
        }
        records, keys = keys_for(self, rows)
        self.keys = Pile(keys, records)
        low, high, odds = whole.edges
        self.near = Pile(np.concatenate((low, high)), np.concatenate((high, low)), np.concatenate((odds, odds)))
        self.group = np.full(len(frame), -1, np.int64)
        self.members: defaultdict[int, set[int]] = defaultdict(set)
        self._keep(whole.solution)
        self.apart: set[tuple[int, int]] = set()

    def counts(self, kind: int, values: Hashes) -> Ints:
        known, times = self.counted[kind]
        if not len(known):
            return np.zeros(len(values), np.int64)
        at = np.minimum(np.searchsorted(known, values), len(known) - 1)
        return np.where(known[at] == values, times[at], 0)

    def rows(self, records: Collection[int]) -> Owned:
        chosen = np.array(list(records), np.int64)
        some = self.frame[chosen]
        blank = [""] * len(chosen)
        return Owned({name: some[name].to_list() if name in TYPED else blank for name in COLUMNS}, chosen)

    def bearers(self, keys: Hashes, limits: Ints) -> tuple[Ints, Ints]:
        place, (record,) = self.keys.among(keys, limits + 1)
        rank = np.arange(len(place)) - np.searchsorted(place, place)
        kept = rank <= limits[place]
        return place[kept], record[kept]

    def verdicts(self, records: Collection[int]) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        wanted = set(records)
        return set(), {pair for pair in self.apart if wanted & set(pair)}

    def edges(self, records: Collection[int]) -> Edges:
        asked = np.array(sorted(records), np.int64)
        place, (other, odds) = self.near.among(asked)
        ends = np.sort(np.stack((asked[place], other), axis=1), axis=1)
        _, first = np.unique(ends[:, 0] * len(self.frame) + ends[:, 1], return_index=True)
        return Edges(ends[first, 0], ends[first, 1], odds[first])

    def companions(self, records: Collection[int]) -> tuple[Ints, Ints]:
        found = {int(group): self.members[int(group)] for group in self.group[list(records)] if group >= 0}
        members = [(record, group) for group, records in found.items() for record in records]
        table = np.array(sorted(members), np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def come(self, records: list[int]) -> Change:
        """New records: their keys are kept, they are compared, and what they touch is grouped anew."""
        owners, keys = keys_for(self, self.rows(records))
        self.keys.add(keys, owners)
        change = resolve_again(self, self.forest, records)
        low, high, odds = change.edges
        self.near.add(np.concatenate((low, high)), np.concatenate((high, low)), np.concatenate((odds, odds)))
        self._keep(change.solution)
        return change

    def _keep(self, solution: Solution) -> None:
        for record, before, group in zip(
            *(part.tolist() for part in (solution.records, self.group[solution.records], solution.group)), strict=True
        ):
            if before != group:
                self.members[before].discard(record)
                self.members[group].add(record)
        self.group[solution.records] = solution.group

    def part(self, low: int, high: int) -> None:
        """People say that two records of a group are two: both are compared again, and what they touch is grouped anew."""
        self.apart.add((min(low, high), max(low, high)))
        resolve_again(self, self.forest, [low, high])


def same(one: Ints, other: Ints) -> float:
    """Share of records that are with exactly the same others."""
    pairs = np.unique(np.stack((one, other), axis=1), axis=0, return_inverse=True, return_counts=True)
    mine, theirs = (np.bincount(labels, minlength=labels.max() + 1)[labels] for labels in (one, other))
    return float(np.mean((pairs[2][pairs[1].ravel()] == mine) & (mine == theirs)))


def compared(network: Network, threads: int) -> None:
    """The groups kept up, against those of two runs over everything."""
    rows = network.rows(range(len(network.frame)))
    whole = resolve_all(rows, network.forest, threads=threads).solution.group
    print(f"same group as a run over everything, counted anew: {same(network.group, whole):.4f} of the records")
    kept = resolve_all(rows, network.forest, store=network, threads=threads).solution.group
    print(f"same group as a run over everything, with the same counts: {same(network.group, kept):.4f}")


def told(name: str, taken: list[float]) -> None:
    """CPU milliseconds of an act."""
    half, most, worst = np.percentile(np.array(taken) * 1000, (50, 95, 100))
    print(f"{name}: {len(taken)} times, p50 {half:.1f} ms, p95 {most:.1f} ms, most {worst:.1f} CPU-ms")


def timed(taken: list[float], before: float) -> None:
    """Note how long it took."""
    taken.append(time.process_time() - before)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--file", type=int, default=5000)
    parser.add_argument("--single", type=int, default=500)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    frame = pl.read_parquet(options.folder / "records.parquet", columns=[*TYPED, "site_id"])
    first = frame["site_id"].is_first_distinct()
    coming = frame.filter(~first).sample(options.file + options.single, seed=1)
    forest, standing = load()["partner"], int(first.sum())
    frame = pl.concat((frame.filter(first), coming)).drop("site_id")
    before = time.process_time()
    network = Network(frame, np.arange(standing), forest, options.threads)
    print(f"{standing} records compared and kept: {time.process_time() - before:.1f} CPU-s")
    network.come([standing])
    taken: list[float] = []
    for record in range(standing + 1, standing + options.single):
        start = time.process_time()
        network.come([record])
        timed(taken, start)
    told("one record", taken)
    cpu = time.process_time()
    for first in range(standing + options.single, len(frame), CHUNK):
        network.come(list(range(first, min(first + CHUNK, len(frame)))))
    print(f"file of {options.file}: {time.process_time() - cpu:.1f} CPU-s")
    if not options.quick:
        compared(network, options.threads)
    taken = []
    sizes = np.bincount(network.group, minlength=len(frame))[network.group]
    for record in np.flatnonzero((sizes > 1) & (network.group != np.arange(len(frame))))[:: max(1, len(frame) // 1000)]:
        start = time.process_time()
        network.part(int(network.group[record]), int(record))
        timed(taken, start)
    told("taken out of its group", taken)
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")


if __name__ == "__main__":
    main()
