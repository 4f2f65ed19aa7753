"""Count the words of names whose SIREN is known, and those of communes: `lore.npz` is made of it."""

import gzip
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from pathlib import Path
from typing import Any

import numpy as np

from reciproque.engines.linkage.kernels import Ints
from reciproque.engines.linkage.lore import Lore, counted
from reciproque.engines.linkage.wording import names_of, towns_of

TOWN = 2_000
"""People of a commune whose name is known as a place wherever it stands."""


FOLDS = 4
"""Parts of the organisations: what is judged of a part is learnt from the others."""


def folds_of(organisations: Any) -> Ints:
    """The part of each organisation, from its number: the same in every file."""
    text = np.asarray(organisations, dtype=str)
    known, index = np.unique(text, return_inverse=True)
    return np.array([zlib.crc32(value.encode()) % FOLDS for value in known.tolist()], np.int64)[index]


class Counts:
    """How many organisations of each part bear each word."""

    def __init__(self, names: Any, organisations: Any, places: Iterable[int]) -> None:
        numbers = np.asarray(organisations, dtype=str).tolist()
        fold = dict(zip(numbers, folds_of(numbers).tolist(), strict=True))
        self.places = frozenset(places)
        self.parts = np.bincount(list(fold.values()), minlength=FOLDS)
        self.words: dict[int, Ints] = {
            word: np.bincount([fold[bearer] for bearer in bearing], minlength=FOLDS)
            for word, bearing in bearers(names, numbers).items()
        }

    def without(self, parts: Set[int] = frozenset()) -> Lore:
        """The table that all other parts give."""
        kept = np.array([part not in parts for part in range(FOLDS)])
        told = {word: int(count[kept].sum()) for word, count in self.words.items()}
        return counted(told, int(self.parts[kept].sum()), self.places)


def bearers(names: Any, organisations: Sequence[str]) -> dict[int, set[str]]:
    """Word (its hash) → those who bear it."""
    texts = names_of(names)
    found: dict[int, set[str]] = defaultdict(set)
    hashes = texts.words.hashes.tolist()
    words = [
        [hashes[number] for number in texts.numbers[texts.pointers[text] : texts.pointers[text + 1]].tolist()]
        for text in range(len(texts.hashes))
    ]
    for text, organisation in zip(texts.index.tolist(), organisations, strict=True):
        if text >= 0:
            for word in words[text]:
                found[word].add(organisation)
    return found


def places(communes: Iterable[tuple[str, int]]) -> set[int]:
    """Words (their hashes) that name a place: of (commune, people), the name of one word, or the longest word of several."""
    told = [name for name, people in communes if people >= TOWN]
    texts = towns_of(told)
    words = texts.words
    found = set()
    for text in range(len(texts.hashes)):
        numbers = texts.numbers[texts.pointers[text] : texts.pointers[text + 1]].tolist()
        longest = max(numbers, key=lambda number: (words.ends[number] - words.starts[number], -number), default=-1)
        if longest >= 0 and words.ends[longest] - words.starts[longest] >= 4:
            found.add(int(words.hashes[longest]))
    return found


def places_of(path: Path) -> set[int]:
    """The same, from a table of communes: code, name, …, people."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return places((row[1], int(row[-1] or 0)) for row in rows)
