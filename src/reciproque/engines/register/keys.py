"""The keys under which names and addresses are found again, compiled.

A key is kept at the widest level where it says enough: the whole country, else a département, else a town, else a postcode. A name
borne by more than `CAP` companies in France is thus found by département, and so on. The side that asks tries every level.
"""

from typing import Any

import numpy as np

from reciproque.engines.linkage.kernels import Hashes, Ints, Table, inline, kernel
from reciproque.engines.linkage.text import hash_bytes, mixed

CAP = 48
"""Rows above which a key says too little."""
LEVELS = 4
F_NAME, F_WORD, F_PAIR, F_INITIALS, F_START, F_ADDRESS, F_DELETION = range(1, 8)
START = 6
"""First letters of a name under which it is looked for when its words were run together or misspelt."""
MOST_WORDS = 12
MOST_PLACES = 24
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@inline
def base_key(family: int, value: Any) -> np.uint64:
    """The key of a value in the whole country."""
    return mixed(np.uint64(value) * np.uint64(31) + np.uint64(family))


@inline
def place_key(base: Any, level: int, department: Any, town: Any, postcode: Any) -> np.uint64:
    """The same in a département (1), a town (2), a town and postcode (3)."""
    if level == 0:
        return np.uint64(base)
    if level == 1:
        return mixed(np.uint64(base) + np.uint64(department) * GOLDEN + np.uint64(1))
    there = mixed(np.uint64(base) + np.uint64(town) * GOLDEN + np.uint64(2))
    return there if level == 2 else mixed(there + np.uint64(postcode) * GOLDEN + np.uint64(3))


@inline
def pair_value(one: Any, other: Any) -> np.uint64:
    """Two words, in any order."""
    return mixed(np.uint64(one) + np.uint64(other)) ^ (np.uint64(one) ^ np.uint64(other))


@inline
def address_key(street: Any, number: int, town: Any) -> np.uint64:
    """A number in a street of a town."""
    return mixed(base_key(F_ADDRESS, street) + np.uint64(town) * GOLDEN + np.uint64(number))


@kernel
def rarest_three(begin: int, end: int, numbers: Table, counts: Table, out: Ints) -> int:
    """The three rarest distinct words of a name, into `out`; how many there are."""
    held = 0
    for at in range(begin, end):
        word = int(numbers[at])
        seen = False
        for place in range(held):
            seen = seen or out[place] == word
        if seen:
            continue
        place = held
        while place > 0 and (counts[word], word) < (counts[out[place - 1]], out[place - 1]):
            if place < 3:
                out[place] = out[place - 1]
            place -= 1
        if place < 3:
            out[place] = word
            held = min(3, held + 1)
    return held


@kernel
def _within(keys: Hashes, wanted: Any) -> bool:
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low < len(keys) and keys[low] == wanted


@kernel
def _values(
    name: int, letters: Hashes, initials: Hashes, starts: Hashes, pointers: Table, numbers: Table, hashes: Hashes, counts: Table,
    three: Ints, out: Hashes,
    common: Table,
) -> int:  # fmt: skip
    """National keys of a name; `common` says that the count of the word already tells that there are too many."""
    size = 0
    out[size], common[size], size = base_key(F_NAME, letters[name]), 0, size + 1
    begin, end = int(pointers[name]), int(pointers[name + 1])
    for at in range(begin, min(end, begin + MOST_WORDS)):
        word = int(numbers[at])
        out[size], common[size], size = base_key(F_WORD, hashes[word]), 1 if counts[word] > CAP else 2, size + 1
    held = rarest_three(begin, end, numbers, counts, three)
    for one in range(held):
        for other in range(one + 1, held):
            if counts[three[one]] > CAP and counts[three[other]] > CAP:
                out[size] = base_key(F_PAIR, pair_value(hashes[three[one]], hashes[three[other]]))
                common[size], size = 0, size + 1
    if starts[name]:
        out[size], common[size], size = base_key(F_START, starts[name]), 0, size + 1
    if initials[name]:
        out[size], common[size], size = base_key(F_INITIALS, initials[name]), 0, size + 1
    return size


@kernel
def emitted(
    level: int, over: Hashes, name_unit: Ints, name_site: Ints, letters: Hashes, initials: Hashes, starts: Hashes, pointers: Table,
    numbers: Table, hashes: Hashes, counts: Table, unit_first: Ints, departments: Ints, towns: Hashes, postcodes: Table,
) -> tuple[Hashes, Ints]:  # fmt: skip
    """(key, name) of one level, for the keys that were too common one level above (`over`, in order)."""
    capacity, size = max(1024, len(name_unit) * 4), 0
    keys, rows = np.empty(capacity, np.uint64), np.empty(capacity, np.int64)
    own, common, three = np.zeros(40, np.uint64), np.zeros(40, np.int64), np.zeros(4, np.int64)
    seen = np.zeros(MOST_PLACES, np.uint64)
    for name in range(len(name_unit)):
        held = _values(name, letters, initials, starts, pointers, numbers, hashes, counts, three, own, common)
        if size + held * MOST_PLACES > capacity:
            keys, rows = (
                np.concatenate((keys, np.empty(capacity, np.uint64))),
                np.concatenate((rows, np.empty(capacity, np.int64))),
            )
            capacity *= 2
        unit, site = name_unit[name], name_site[name]
        first, last = (site, site + 1) if site >= 0 else (unit_first[unit], unit_first[unit + 1])
        for place in range(held):
            base, too_many = own[place], common[place]
            if level == 0:
                if too_many != 1:
                    keys[size], rows[size], size = base, name, size + 1
                continue
            if too_many == 2 or (level == 1 and too_many == 0 and not _within(over, base)):
                continue
            count = 0
            for at in range(first, min(last, first + 400)):
                if (level == 1 and departments[at] <= 0) or (level > 1 and (towns[at] == 0 or departments[at] <= 0)):
                    continue
                if level > 1 and not _within(
                    over, place_key(base, level - 1, departments[at], towns[at], postcodes[at])
                ):
                    continue
                key = place_key(base, level, departments[at], towns[at], postcodes[at])
                known = False
                for other in range(count):
                    known = known or seen[other] == key
                if known:
                    continue
                seen[count], count = key, count + 1
                keys[size], rows[size], size = key, name, size + 1
                if count == MOST_PLACES:
                    break
    return keys[:size].copy(), rows[:size].copy()


@kernel
def addresses(streets: Hashes, numbers: Table, towns: Hashes) -> tuple[Hashes, Ints]:
    """(key, site) of sites whose address has a number, a street and a town."""
    keys, rows, size = np.empty(len(streets), np.uint64), np.empty(len(streets), np.int64), 0
    for site in range(len(streets)):
        if streets[site] and towns[site] and numbers[site] > 0:
            keys[size], rows[size], size = address_key(streets[site], numbers[site], towns[site]), site, size + 1
    return keys[:size].copy(), rows[:size].copy()


@kernel
def deletion_keys(letters: Table, begin: int, end: int, out: Hashes) -> int:
    """A word, and the word without each of its letters in turn: two words one letter apart share one."""
    piece, length = np.empty(32, np.uint8), end - begin
    for skipped in range(-1, length):
        held = 0
        for at in range(length):
            if at != skipped:
                piece[held] = letters[begin + at]
                held += 1
        out[skipped + 1] = base_key(F_DELETION, hash_bytes(piece, 0, held))
    return length + 1


@inline
def correctable(letters: Table, begin: int, end: int) -> bool:
    """Whether a word may be looked for with a letter wrong: letters only, neither short nor endless."""
    return 5 <= end - begin <= 16 and letters[begin] >= 65


@kernel
def deletions(first: int, pointers: Table, letters: Table) -> tuple[Hashes, Ints]:
    """(key, word) of a range of the vocabulary that begins at word `first`."""
    total = 0
    for word in range(len(pointers) - 1):
        total += pointers[word + 1] - pointers[word] + 1
    keys, rows, size, own = np.empty(total, np.uint64), np.empty(total, np.int64), 0, np.zeros(40, np.uint64)
    for word in range(len(pointers) - 1):
        begin, end = pointers[word], pointers[word + 1]
        if correctable(letters, begin, end):
            for place in range(deletion_keys(letters, begin, end, own)):
                keys[size], rows[size], size = own[place], first + word, size + 1
    return keys[:size].copy(), rows[:size].copy()


@kernel
def word_keys(words: Hashes) -> Hashes:
    """The national key of each of these words."""
    out = np.empty_like(words)
    for place in range(len(words)):
        out[place] = base_key(F_WORD, words[place])
    return out


@kernel
def starts_of(pointers: Ints, compact: Table) -> Hashes:
    """Of each name, the hash of its first letters, 0 when it has hardly more."""
    out = np.zeros(len(pointers) - 1, np.uint64)
    for row in range(len(out)):
        if pointers[row + 1] - pointers[row] > START:
            out[row] = hash_bytes(compact, pointers[row], pointers[row] + START)
    return out
