"""Text to words, compiled: folding (accents, mojibake, initials with points) and a vocabulary of words with their hashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from reciproque.engines.linkage.kernels import Bytes, Hashes, Ints, inline, kernel

PLAIN = 0x180
FEW = 2000
"""Texts below which a column of polars costs more than it brings."""
SPACE = 32
_LIGATURES = {
    "Œ": "OE",
    "œ": "OE",
    "Æ": "AE",
    "æ": "AE",
    "ß": "SS",
    "Ø": "O",
    "ø": "O",
    "Ł": "L",
    "ł": "L",
    "Đ": "D",
    "đ": "D",
}
_CP1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ"


def _fold_table() -> Bytes:
    import unicodedata  # noqa: PLC0415 -- only while the table is built

    table = np.full((PLAIN, 2), SPACE, np.uint8)
    table[:, 1] = 0
    for code in range(PLAIN):
        letter = chr(code)
        base = _LIGATURES.get(letter) or unicodedata.normalize("NFD", letter)[0].upper()
        if base.isascii() and base.isalnum():
            table[code, 0] = ord(base[0])
            table[code, 1] = ord(base[1]) if len(base) > 1 else 0
    return table


FOLDED = _fold_table()
WINDOWS = np.array([ord(letter) for letter in _CP1252], np.int64)
"""What the bytes 0x80–0x9F of a text read in the wrong encoding have become."""


@inline
def _decode(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """(code point, bytes) of the UTF-8 character at a place."""
    first = data[at]
    if first < 0x80:
        return int(first), 1
    if first < 0xE0 and at + 1 < end:
        return (int(first) & 0x1F) << 6 | (int(data[at + 1]) & 0x3F), 2
    if first < 0xF0 and at + 2 < end:
        return (int(first) & 0x0F) << 12 | (int(data[at + 1]) & 0x3F) << 6 | (int(data[at + 2]) & 0x3F), 3
    return SPACE, 4


@kernel
def _repaired(code: int, data: Bytes, at: int, end: int, windows: Ints) -> tuple[int, int]:
    """« Ã© » is an é whose two bytes were read as two letters: (code point meant, bytes of the second letter)."""
    if code not in {0xC3, 0xC5} or at >= end:
        return code, 0
    second, size = _decode(data, at, end)
    low = -1
    if 0x80 <= second <= 0xBF:
        low = second
    else:
        for place in range(len(windows)):
            if windows[place] == second:
                low = 0x80 + place
                break
    if low < 0:
        return code, 0
    return (0xC0 if code == 0xC3 else 0x140) + low - 0x80, size


@kernel
def _fold(offsets: Ints, data: Bytes, table: Bytes, windows: Ints) -> tuple[Ints, Bytes]:
    """Capital letters, digits and single spaces; « & » is written ET; the points of « S.A.R.L. » are taken out."""
    rows = len(offsets) - 1
    out = np.empty(2 * (offsets[rows] - offsets[0]) + 4 * rows + 4, np.uint8)
    starts = np.zeros(rows + 1, np.int64)
    size = 0
    for row in range(rows):
        at, end, begin, run, dotted = offsets[row], offsets[row + 1], size, 0, False
        while at < end:
            code, width = _decode(data, at, end)
            at += width
            code, more = _repaired(code, data, at, end, windows)
            at += more
            if code == 38:
                if size > begin and out[size - 1] != SPACE:
                    out[size] = SPACE
                    size += 1
                out[size], out[size + 1], out[size + 2] = 69, 84, SPACE
                size += 3
                run, dotted = 0, False
            elif code < PLAIN and table[code, 0] != SPACE:
                if dotted and run > 1:
                    out[size] = SPACE
                    size += 1
                    run, dotted = 0, False
                out[size] = table[code, 0]
                size += 1
                run += 1
                if table[code, 1]:
                    out[size] = table[code, 1]
                    size += 1
                    run += 1
            elif code == 0xFFFD:
                run += 1
            elif code == 46 and run == 1:
                # One letter and a point: the next letter goes on the same word as long as letters are alone.
                run, dotted = (0, True) if _lone(data, at, end) else (0, False)
                if not dotted and size > begin:
                    out[size] = SPACE
                    size += 1
            else:
                if size > begin and out[size - 1] != SPACE:
                    out[size] = SPACE
                    size += 1
                run, dotted = 0, False
        while size > begin and out[size - 1] == SPACE:
            size -= 1
        starts[row + 1] = size
    return starts, out[:size].copy()


@inline
def _lone(data: Bytes, at: int, end: int) -> bool:
    """Whether one ASCII letter stands here, alone until a point, a separator or the end."""
    if at >= end:
        return False
    letter = data[at] & 0xDF
    if letter < 65 or letter > 90:
        return False
    if at + 1 >= end:
        return True
    after = data[at + 1]
    return not (48 <= after <= 57 or 65 <= (after & 0xDF) <= 90 or after >= 0x80)


@inline
def mixed(value: np.uint64) -> np.uint64:
    """A 64-bit finaliser: every bit of the result depends on every bit of the value."""
    value ^= value >> np.uint64(33)
    value *= np.uint64(0xFF51AFD7ED558CCD)
    value ^= value >> np.uint64(33)
    value *= np.uint64(0xC4CEB9FE1A85EC53)
    return value ^ (value >> np.uint64(33))


@kernel
def hash_bytes(data: Bytes, start: int, end: int) -> np.uint64:
    """The hash of a piece of text, the same on every machine."""
    value = np.uint64(0xCBF29CE484222325)
    for at in range(start, end):
        value = (value ^ np.uint64(data[at])) * np.uint64(0x100000001B3)
    return mixed(value)


@kernel
def hash_rows(offsets: Ints, data: Bytes) -> Hashes:
    """The hash of each text."""
    out = np.empty(len(offsets) - 1, np.uint64)
    for row in range(len(out)):
        out[row] = hash_bytes(data, offsets[row], offsets[row + 1])
    return out


@kernel
def _glues(data: Bytes, offsets: Ints, row: int, at: int) -> int:
    """Where a run of single letters (« S A R L ») that starts here ends, the start itself when it is no such run."""
    end, letters, place = offsets[row + 1], 0, at
    while place < end and 65 <= data[place] <= 90 and (place + 1 >= end or data[place + 1] == SPACE):
        letters += 1
        place += 2
    first = data[at]
    if letters >= 3 or (letters == 2 and first not in {65, 68, 76, 89} and data[at + 2] not in {65, 68, 76, 89}):
        return int(min(place - 1, end))
    return at


@kernel
def _words(offsets: Ints, data: Bytes) -> tuple[Ints, Ints, Hashes, Ints, Ints, Bytes]:
    """Words of each row as numbers, with the vocabulary: (pointers, numbers, hashes, starts, ends, letters)."""
    rows = len(offsets) - 1
    letters = np.empty(len(data) + 64, np.uint8)
    pointers = np.zeros(rows + 1, np.int64)
    numbers = np.empty(len(data) // 2 + rows + 1, np.int64)
    slots = 1 << 12
    table = np.full(slots, -1, np.int64)
    hashes = np.empty(1 << 11, np.uint64)
    starts = np.empty(1 << 11, np.int64)
    ends = np.empty(1 << 11, np.int64)
    count, used, size = 0, 0, 0
    for row in range(rows):
        at, end = offsets[row], offsets[row + 1]
        while at < end:
            begin = size
            stop = _glues(data, offsets, row, at)
            if stop > at:
                for place in range(at, stop, 2):
                    letters[size] = data[place]
                    size += 1
                at = stop
            else:
                while at < end and data[at] != SPACE:
                    letters[size] = data[at]
                    size += 1
                    at += 1
                if size - begin >= 4 and letters[size - 1] == 83 and letters[size - 2] != 83:
                    size -= 1
            at += 1
            value = hash_bytes(letters, begin, size)
            slot = np.int64(value & np.uint64(slots - 1))
            while table[slot] >= 0 and hashes[table[slot]] != value:
                slot = (slot + 1) & (slots - 1)
            number = table[slot]
            if number < 0:
                number = count
                if count == len(hashes):
                    hashes = np.concatenate((hashes, np.empty(count, np.uint64)))
                    starts = np.concatenate((starts, np.empty(count, np.int64)))
                    ends = np.concatenate((ends, np.empty(count, np.int64)))
                hashes[count], starts[count], ends[count] = value, begin, size
                table[slot] = count
                count += 1
                if 2 * count > slots:
                    slots *= 4
                    table = np.full(slots, -1, np.int64)
                    for word in range(count):
                        slot = np.int64(hashes[word] & np.uint64(slots - 1))
                        while table[slot] >= 0:
                            slot = (slot + 1) & (slots - 1)
                        table[slot] = word
            else:
                size = begin
            numbers[used] = number
            used += 1
        pointers[row + 1] = used
    return (
        pointers,
        numbers[:used].copy(),
        hashes[:count].copy(),
        starts[:count].copy(),
        ends[:count].copy(),
        letters[:size].copy(),
    )


@dataclass(frozen=True, slots=True)
class Words:
    """Rows of words. `pointers[row]:pointers[row + 1]` are a row's places in `numbers`; the rest is the vocabulary."""

    pointers: Ints
    numbers: Ints
    hashes: Hashes
    starts: Ints
    ends: Ints
    letters: Bytes
    head: Ints
    """Numbers of the known words, in their order."""

    def word(self, number: int) -> str:
        """The letters of a word (without the plural S)."""
        return bytes(self.letters[self.starts[number] : self.ends[number]]).decode("ascii")


def packed(values: Any) -> tuple[Ints, Bytes]:
    """A polars column of text, or a list, as one buffer: (offsets, bytes)."""
    import polars as pl  # noqa: PLC0415 -- heavy

    if len(values) < FEW:
        told = values.to_list() if isinstance(values, pl.Series) else values
        texts = [("" if value is None else str(value)).encode("utf-8", "replace") for value in told]
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
        return np.concatenate((np.zeros(1, np.int64), ends)), np.frombuffer(b"".join(texts) or b"\0", np.uint8)
    series = values if isinstance(values, pl.Series) else pl.Series(list(values), dtype=pl.String)
    series = series.fill_null("")
    offsets = np.zeros(len(series) + 1, np.int64)
    if len(series):
        np.cumsum(series.str.len_bytes().to_numpy(), out=offsets[1:])
    text = series.str.join("").item() if len(series) else ""
    return offsets, np.frombuffer((text or "").encode() or b"\0", np.uint8)


def fold_rows(values: Any) -> tuple[Ints, Bytes]:
    """Texts folded: « Éts DUPONT & Cie » → « ETS DUPONT ET CIE »."""
    offsets, data = packed(values)
    folded: tuple[Ints, Bytes] = _fold(offsets, data, FOLDED, WINDOWS)
    return folded


def words_of(offsets: Ints, data: Bytes, known: Sequence[str] = ()) -> Words:
    """The words of folded rows. `known` words are put in the vocabulary first."""
    ahead, head = _head(tuple(known))
    shift, count = len(head), len(ahead) - 1
    joined = np.concatenate((head, data))
    pointers, numbers, hashes, starts, ends, letters = _words(np.concatenate((ahead, offsets[1:] + shift)), joined)
    return Words(pointers[count:] - count, numbers[count:], hashes, starts, ends, letters, numbers[:count])


@lru_cache(maxsize=8)
def _head(known: tuple[str, ...]) -> tuple[Ints, Bytes]:
    """(offsets, letters) of words, one a row: the same at each call."""
    words = [word.encode() for word in known]
    lengths = np.fromiter((len(word) for word in words), np.int64, len(words))
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths))), np.frombuffer(b"".join(words), np.uint8)
