"""Key → rows, on disk: sorted outside memory when written, read in place when asked.

A posting is two bytes of its key and its row; the first bits of the key say in which slot of the directory to look. A row found by
accident (one key in sixteen thousand meets a stranger) costs one useless comparison.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from reciproque.engines.linkage.kernels import Hashes, Ints, Table, kernel
from reciproque.engines.register.keys import CAP

PARTS_BITS = 6
PARTS = 1 << PARTS_BITS
MARK_BITS = 16
PER_SLOT = 4
_ENTRY = np.dtype([("key", "<u8"), ("row", "<u4")])


class Postings(NamedTuple):
    """`slots[k]:slots[k + 1]` are the places of the keys that begin with k, in `marks` and `rows`."""

    slots: Table
    marks: Table
    rows: Table

    @property
    def bits(self) -> int:
        """Bits of a key that say its slot."""
        return int(len(self.slots) - 2).bit_length()


class Sorter:
    """Entries dealt out by the first bits of their key, then sorted one part at a time."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob(f"{name}-*"):
            path.unlink()
        self._files: list[IO[bytes]] = [self._path("raw", part).open("ab") for part in range(PARTS)]

    def _path(self, state: str, part: int) -> Path:
        return self.folder / f"{self.name}-{state}-{part:02d}"

    def add(self, keys: Hashes, rows: Ints) -> None:
        """Deal out entries."""
        part = (keys >> np.uint64(64 - PARTS_BITS)).astype(np.uint8)
        order = np.argsort(part, kind="stable")
        entries = np.empty(len(keys), _ENTRY)
        entries["key"], entries["row"] = keys[order], rows[order]
        bounds = np.searchsorted(part[order], np.arange(PARTS + 1))
        for number, file in enumerate(self._files):
            if bounds[number] < bounds[number + 1]:
                file.write(entries[bounds[number] : bounds[number + 1]].tobytes())

    def sort(self) -> Iterator[tuple[Hashes, Table, Ints]]:
        """For each part: (keys, rows, how many share the key of each), sorted; what is not too common is kept for `written`."""
        for file in self._files:
            file.close()
        for part in range(PARTS):
            entries = np.fromfile(self._path("raw", part), _ENTRY)
            self._path("raw", part).unlink()
            entries = entries[np.argsort(entries["key"], kind="stable")]
            keys, rows = entries["key"], entries["row"]
            fresh = np.ones(len(keys), bool)
            fresh[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
            keys, rows = keys[fresh], rows[fresh]
            _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
            many = counts[inverse] if len(keys) else np.zeros(0, np.int64)
            kept = np.empty(int((many <= CAP).sum()), _ENTRY)
            kept["key"], kept["row"] = keys[many <= CAP], rows[many <= CAP]
            kept.tofile(self._path("kept", part))
            yield keys, rows, many

    @property
    def size(self) -> int:
        """Entries kept."""
        return sum(self._path("kept", part).stat().st_size for part in range(PARTS)) // _ENTRY.itemsize

    def kept(self, part: int) -> Table:
        """What was kept of a part, which is forgotten."""
        path = self._path("kept", part)
        found = np.fromfile(path, _ENTRY)
        path.unlink()
        return found


def written(sorters: list[Sorter], folder: Path, name: str) -> None:
    """The postings of all these sorters as three arrays `name_slots`, `name_marks`, `name_rows`."""
    total = sum(sorter.size for sorter in sorters)
    bits = max(PARTS_BITS, int(max(1, total // PER_SLOT)).bit_length())
    slots = np.zeros((1 << bits) + 1, np.uint32)
    marks = (
        np.lib.format.open_memmap(folder / f"{name}_marks.npy", "w+", np.uint16, (total,))
        if total
        else np.zeros(0, np.uint16)
    )
    rows = (
        np.lib.format.open_memmap(folder / f"{name}_rows.npy", "w+", np.uint32, (total,))
        if total
        else np.zeros(0, np.uint32)
    )
    at = 0
    for part in range(PARTS):
        entries = np.concatenate([sorter.kept(part) for sorter in sorters])
        entries = entries[np.argsort(entries["key"], kind="stable")]
        after = at + len(entries)
        wide, low = 1 << (bits - PARTS_BITS), part << (bits - PARTS_BITS)
        slot = (entries["key"] >> np.uint64(64 - bits)).astype(np.int64) - low
        slots[low + 1 : low + wide + 1] = np.bincount(slot, minlength=wide)
        marks[at:after] = (entries["key"] >> np.uint64(64 - bits - MARK_BITS)).astype(np.uint16)
        rows[at:after] = entries["row"]
        at = after
    np.cumsum(slots, out=slots)
    np.save(folder / f"{name}_slots.npy", slots)
    if not total:
        np.save(folder / f"{name}_marks.npy", marks)
        np.save(folder / f"{name}_rows.npy", rows)


@kernel
def found(key: np.uint64, bits: int, slots: Table, marks: Table, rows: Table, out: Ints) -> int:
    """The rows of a key, into `out`; how many there are (no more than it holds)."""
    slot = int(key >> np.uint64(64 - bits))
    mark = np.uint16((key >> np.uint64(64 - bits - MARK_BITS)) & np.uint64(0xFFFF))
    size = 0
    for at in range(int(slots[slot]), int(slots[slot + 1])):
        if marks[at] == mark and size < len(out):
            out[size] = rows[at]
            size += 1
    return size
