"""What is known of words before any file is read: how many organisations bear each, and which name a place.

« AFTRAL » fifty times in a file may be one house; « Jeanne d’Arc » fifty times is fifty. A file alone cannot tell. The table is
counted from the names that the model is learnt from, and from the names of communes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reciproque.engines.linkage.kernels import Floats, Hashes, Table

SHIPPED = Path(__file__).with_name("lore.npz")
FEWEST = 2
"""Organisations that must bear a word for it to be kept."""
STEPS = 16
"""Steps of the logarithm that is kept."""


@dataclass(frozen=True, slots=True)
class Lore:
    """Words by the upper half of their hash, in order; `borne` is the logarithm of organisations per ten thousand, in steps."""

    keys: NDArray[np.uint32]
    borne: NDArray[np.uint8]
    place: NDArray[np.uint8]

    def of(self, hashes: Hashes) -> tuple[Floats, Table]:
        """(how common each word is, 0 for a word never met; whether it names a place)."""
        if not len(self.keys):
            return np.zeros(len(hashes), np.float32), np.zeros(len(hashes), bool)
        wanted = (hashes >> np.uint64(32)).astype(np.uint32)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        known = self.keys[at] == wanted
        return np.where(known, self.borne[at] / np.float32(STEPS), 0).astype(np.float32), known & (self.place[at] > 0)

    def places(self) -> list[int]:
        """Words that name a place, as hashes of which only the upper half is known."""
        return [int(key) << 32 for key in self.keys[self.place > 0].tolist()]


EMPTY = Lore(np.zeros(0, np.uint32), np.zeros(0, np.uint8), np.zeros(0, np.uint8))


def counted(bearers: Mapping[int, int], organisations: int, places: Iterable[int]) -> Lore:
    """A table from how many organisations bear each word (by its hash) and the words of places."""
    named = {word >> 32 for word in places}
    told = {word >> 32: count for word, count in bearers.items() if count >= FEWEST}
    keys = sorted(told.keys() | named)
    borne = np.log1p(10_000 / max(1, organisations) * np.array([told.get(key, 0) for key in keys], np.float64))
    steps = np.minimum(np.round(borne * STEPS), 255).astype(np.uint8)
    return Lore(np.array(keys, np.uint32), steps, np.array([key in named for key in keys], np.uint8))


def save(path: Path, lore: Lore) -> None:
    """Write a table."""
    with path.open("wb") as file:
        np.savez_compressed(file, keys=np.diff(lore.keys, prepend=np.uint32(0)), borne=lore.borne, place=lore.place)


@lru_cache(maxsize=4)
def load(path: Path = SHIPPED) -> Lore:
    """The table shipped, or another."""
    with np.load(path, allow_pickle=False) as held:
        return Lore(np.cumsum(held["keys"], dtype=np.uint32), held["borne"], held["place"])
