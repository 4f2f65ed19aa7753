"""Groups of three letters: what makes two spellings alike when their words are not the same."""

from typing import Any

import numpy as np

from reciproque.engines.linkage.kernels import Bytes, Floats, Ints, Table, inline, kernel
from reciproque.engines.linkage.wording import Texts

GRAMS = 37**3
BELIEVED = 1000
"""Rows that a file is taken to have at least: in a file of four, a word said twice is as rare as in one of a thousand."""


@inline
def _letter(value: Any) -> Any:
    return value - 64 if value >= 65 else value - 21


@kernel
def grams_of(begins: Ints, compact: Bytes) -> tuple[Ints, Table]:
    """Sorted distinct groups of three letters of each text."""
    rows = len(begins) - 1
    pointers, out, size = np.zeros(rows + 1, np.int64), np.empty(begins[rows] + 2 * rows + 1, np.uint16), 0
    for row in range(rows):
        one, two, count = 0, 0, 0
        length = min(begins[row + 1] - begins[row], 80)
        own = np.empty(length + 1, np.uint16)
        for at in range(length + 1):
            three = _letter(np.int64(compact[begins[row] + at])) if at < length else 0
            if at > 0:
                own[count] = (one * 37 + two) * 37 + three
                count += 1
            one, two = two, three
        own = np.sort(own[:count])
        for at in range(count):
            if at == 0 or own[at] != own[at - 1]:
                out[size] = own[at]
                size += 1
        pointers[row + 1] = size
    return pointers, out[:size].copy()


@kernel
def gram_frequency(grams: Table) -> Ints:
    """How many texts have each group of letters, when each text says it once."""
    frequency = np.zeros(GRAMS, np.int64)
    for gram in grams:
        frequency[gram] += 1
    return frequency


def squares_of(frequency: Ints, texts: int) -> Floats:
    """Weight (squared) of each group of letters: the rarer, the heavier."""
    squares: Floats = (np.log((max(texts, BELIEVED) + 1.0) / (frequency + 1.0)) ** 2).astype(np.float32)
    return squares


@kernel
def norms_of(pointers: Ints, grams: Table, squares: Floats) -> Floats:
    """Length of the vector of each text."""
    norms = np.zeros(len(pointers) - 1, np.float32)
    for row in range(len(norms)):
        total = 0.0
        for at in range(pointers[row], pointers[row + 1]):
            total += squares[grams[at]]
        norms[row] = np.sqrt(total)
    return norms


def gram_weights(texts: Texts) -> Floats:
    """Weights counted over distinct texts."""
    pointers, grams = grams_of(texts.compact_pointers, texts.compact)
    return squares_of(gram_frequency(grams), len(pointers) - 1)
