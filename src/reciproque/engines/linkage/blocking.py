"""Which pairs are worth comparing: nodes that meet under a hashed key, with the set of key families that they share."""

from typing import Any

import numpy as np

from reciproque.engines.linkage.encoding import (
    DEPARTMENT,
    DOMAIN,
    NAME,
    NUMBER,
    PHONE,
    POSTCODE,
    REGISTER,
    SIREN,
    SPELLED,
    STREET,
    TOWN,
    Nodes,
)
from reciproque.engines.linkage.kernels import Bytes, Floats, Hashes, Ints, Table, inline, kernel, spread
from reciproque.engines.linkage.text import hash_bytes, mixed

CAPS = np.array([
    150, 60, 40, 80, 60, 60, 25, 60, 120, 150, 40, 40, 40, 30, 40, 30, 30, 40, 40, 40, 40, 60, 250,
], np.int64)  # fmt: skip
(
    B_SIREN, B_PHONE, B_DOMAIN, B_DOMAIN_DEPARTMENT, B_ADDRESS, B_ADDRESS_TOWN, B_STREET, B_NAME, B_NAME_DEPARTMENT, B_NAME_TOWN,
    B_WORD, B_WORD_POSTCODE, B_WORD_TOWN, B_WORD_DEPARTMENT, B_WORDS, B_INITIALS, B_INITIALS_TOWN, B_START, B_END, B_DELETION,
    B_DELETION_DEPARTMENT, B_SET, B_BRAND,
) = range(23)  # fmt: skip
"""Families of keys, and above how many nodes a key says too little."""
RARE, KNOWN, LOCAL = 60, 20_000, 3_000
FEW, BRAND, CROWDED, HOUSE = 40, 1.6, 250, 4_000_000
"""A word less common elsewhere than `BRAND` may be one house's even when many nodes of the file say it: up to `CROWDED` of them, and
fewer in a file of more than `HOUSE / CROWDED` nodes, where as many pairs would be too many."""
FEWEST, WORDS = 10, 2_000_000
"""A rare word, alone or in a département, brings fewer nodes together in a large file: `WORDS / nodes` of them, `FEWEST` at least."""
TOO_LITTLE = (1 << B_WORD_DEPARTMENT, 1 << B_WORD_POSTCODE)
"""Nodes that meet under one of these alone, a word that both say in one département or postcode, are not compared: one pair in a
thousand is of one site, one in a hundred of one partner, and they are an eighth of all pairs."""
MOST_KEYS = 160
TABLE = 1 << 14


@inline
def _key(family: int, one: Any, other: Any) -> np.uint64:
    return mixed(
        mixed(np.uint64(one) * np.uint64(31) + np.uint64(family)) + np.uint64(other) * np.uint64(0x9E3779B97F4A7C15)
    )


@kernel
def _keys_of(
    start: int, end: int, codes: Table, pointers: Ints, numbers: Ints, words: Hashes, frequency: Ints, name_hashes: Hashes, sets: Hashes,
    initials: Hashes, begins: Ints, compact: Bytes, street_hashes: Hashes, town_hashes: Hashes,
    lore: Floats, vocabulary: Bytes, starts: Ints, ends: Ints,
) -> tuple[Table, Table, Hashes]:  # fmt: skip
    """(node, family, key) of a range of nodes."""
    capacity = max(1024, (end - start) * 24)
    nodes, families, keys = np.empty(capacity, np.int32), np.empty(capacity, np.uint8), np.empty(capacity, np.uint64)
    size = 0
    rarest, own, kinds = np.zeros(3, np.int64), np.zeros(MOST_KEYS, np.uint64), np.zeros(MOST_KEYS, np.int64)
    piece = np.zeros(16, np.uint8)
    for node in range(start, end):
        code, count = codes[node], 0
        department, post = code[DEPARTMENT], code[POSTCODE]
        town = town_hashes[code[TOWN]] if code[TOWN] >= 0 else np.uint64(0)
        street = street_hashes[code[STREET]] if code[STREET] >= 0 else np.uint64(0)
        if code[SIREN] >= 0:
            own[count], kinds[count], count = _key(B_SIREN, code[SIREN], 0), B_SIREN, count + 1
        if code[REGISTER] >= 0 and code[REGISTER] != code[SIREN]:
            own[count], kinds[count], count = _key(B_SIREN, code[REGISTER], 0), B_SIREN, count + 1
        if code[PHONE] >= 0:
            own[count], kinds[count], count = _key(B_PHONE, code[PHONE], 0), B_PHONE, count + 1
        if code[DOMAIN] >= 0:
            own[count], kinds[count], count = _key(B_DOMAIN, code[DOMAIN], 0), B_DOMAIN, count + 1
            if department >= 0:
                own[count], kinds[count], count = _key(B_DOMAIN_DEPARTMENT, code[DOMAIN], department), B_DOMAIN_DEPARTMENT, count + 1  # fmt: skip
        if street and post >= 0:
            own[count], kinds[count], count = _key(B_STREET, street, post), B_STREET, count + 1
        if street and code[NUMBER] >= 0:
            if post >= 0:
                own[count], kinds[count], count = _key(B_ADDRESS, street, post * 10_000 + code[NUMBER]), B_ADDRESS, count + 1  # fmt: skip
            if town:
                own[count], kinds[count] = _key(B_ADDRESS_TOWN, street, town + np.uint64(code[NUMBER])), B_ADDRESS_TOWN
                count += 1
        name = code[NAME]
        if name >= 0:
            whole, length = name_hashes[name], begins[name + 1] - begins[name]
            letters = hash_bytes(compact, begins[name], begins[name + 1])
            own[count], kinds[count], count = _key(B_NAME, letters, 0), B_NAME, count + 1
            own[count], kinds[count], count = _key(B_SET, sets[name], 0), B_SET, count + 1
            if department >= 0:
                own[count], kinds[count], count = _key(B_NAME_DEPARTMENT, letters, department), B_NAME_DEPARTMENT, count + 1  # fmt: skip
            if town:
                own[count], kinds[count], count = _key(B_NAME_TOWN, letters, town), B_NAME_TOWN, count + 1
            first = np.uint64(0xCBF29CE484222325)
            if length <= 9:
                for at in range(begins[name], begins[name + 1]):
                    first = (first ^ np.uint64(compact[at])) * np.uint64(0x100000001B3)
                first = mixed(first)
            spelled = np.uint64(code[SPELLED]) if code[SPELLED] >= 0 else np.uint64(0)
            for side in range(3):
                short = (first if side == 0 else initials[name]) >> np.uint64(1) if side < 2 else spelled
                if (side == 0 and (length < 3 or length > 9)) or (
                    side > 0 and (not short or (side == 2 and short == initials[name] >> np.uint64(1)))
                ):
                    continue
                if town:
                    own[count], kinds[count], count = _key(B_INITIALS_TOWN, short, town), B_INITIALS_TOWN, count + 1
                wide = length if side == 0 else pointers[name + 1] - pointers[name]
                if wide >= 4:
                    own[count], kinds[count], count = _key(B_INITIALS, short, 0), B_INITIALS, count + 1
            rarest[:] = -1
            for at in range(pointers[name], pointers[name + 1]):
                word = numbers[at]
                if count < MOST_KEYS - 40:
                    if frequency[word] <= RARE:
                        own[count], kinds[count], count = _key(B_WORD, words[word], 0), B_WORD, count + 1
                    if (
                        frequency[word] <= CROWDED
                        and lore[word] <= BRAND
                        and vocabulary[starts[word]] >= 65
                        and ends[word] - starts[word] >= 3
                    ):
                        own[count], kinds[count], count = _key(B_BRAND, words[word], 0), B_BRAND, count + 1
                    if frequency[word] <= KNOWN and post >= 0:
                        own[count], kinds[count], count = _key(B_WORD_POSTCODE, words[word], post), B_WORD_POSTCODE, count + 1  # fmt: skip
                    if frequency[word] <= KNOWN and town:
                        own[count], kinds[count], count = _key(B_WORD_TOWN, words[word], town), B_WORD_TOWN, count + 1
                    if frequency[word] <= LOCAL and department >= 0:
                        own[count], kinds[count], count = _key(B_WORD_DEPARTMENT, words[word], department), B_WORD_DEPARTMENT, count + 1  # fmt: skip
                for place in range(3):
                    held = rarest[place]
                    if held == word:
                        break
                    if (
                        held < 0
                        or frequency[word] < frequency[held]
                        or (frequency[word] == frequency[held] and words[word] < words[held])
                    ):
                        for after in range(2, place, -1):
                            rarest[after] = rarest[after - 1]
                        rarest[place] = word
                        break
            for one in range(3):
                for other in range(one + 1, 3):
                    if rarest[other] >= 0:
                        low, high = (
                            min(words[rarest[one]], words[rarest[other]]),
                            max(words[rarest[one]], words[rarest[other]]),
                        )
                        own[count], kinds[count], count = _key(B_WORDS, low, high), B_WORDS, count + 1
            if length >= 7 and (post >= 0 or town):
                here = np.uint64(post) if post >= 0 else town
                own[count], kinds[count] = (
                    _key(B_START, hash_bytes(compact, begins[name], begins[name] + 6), here),
                    B_START,
                )
                own[count + 1], kinds[count + 1] = (
                    _key(B_END, hash_bytes(compact, begins[name + 1] - 6, begins[name + 1]), here),
                    B_END,
                )
                count += 2
            if 5 <= length <= 12:
                for skipped in range(-1, length):
                    held = 0
                    for at in range(length):
                        if at != skipped:
                            piece[held] = compact[begins[name] + at]
                            held += 1
                    trace = hash_bytes(piece, 0, held)
                    own[count], kinds[count], count = _key(B_DELETION, trace, 0), B_DELETION, count + 1
                    if department >= 0 and whole:
                        own[count], kinds[count] = _key(B_DELETION_DEPARTMENT, trace, department), B_DELETION_DEPARTMENT
                        count += 1
        if size + count > capacity:
            nodes, families = (
                np.concatenate((nodes, np.empty(capacity, np.int32))),
                np.concatenate((families, np.empty(capacity, np.uint8))),
            )
            keys = np.concatenate((keys, np.empty(capacity, np.uint64)))
            capacity *= 2
        for place in range(count):
            nodes[size], families[size], keys[size] = node, kinds[place], own[place]
            size += 1
    return nodes[:size].copy(), families[:size].copy(), keys[:size].copy()


@kernel
def _blocks(entries: Hashes, bits: int, cap: int) -> tuple[Table, Ints]:
    """(members, ends): nodes that meet under one key, one run after the other; `ends[place]` is where the run of a place ends."""
    members, ends, size, at = np.empty(len(entries), np.int32), np.empty(len(entries), np.int64), 0, 0
    shift, low = np.uint64(bits), np.uint64((1 << bits) - 1)
    while at < len(entries):
        begin, after = size, at
        while after < len(entries) and entries[after] >> shift == entries[at] >> shift:
            if after == at or entries[after] != entries[after - 1]:
                members[size] = np.int64(entries[after] & low)
                size += 1
            after += 1
        if size - begin < 2 or size - begin > cap:
            size = begin
        else:
            ends[begin:size] = size
        at = after
    return members[:size].copy(), ends[:size].copy()


@kernel
def _meetings(
    start: int, end: int, pointers: Ints, places: Ints, members: Table, ends: Ints, families: Table
) -> tuple[Table, Table, Table]:
    """Pairs (a < b) of a range of nodes a, and the mask of the families under which they meet."""
    slots, used = np.full(TABLE, -1, np.int64), np.empty(TABLE, np.int64)
    masks = np.zeros(TABLE, np.int64)
    capacity, size = max(1024, (end - start) * 8), 0
    left, right, mask = np.empty(capacity, np.int32), np.empty(capacity, np.int32), np.empty(capacity, np.int32)
    for node in range(start, end):
        count = 0
        for entry in range(pointers[node], pointers[node + 1]):
            place = places[entry]
            bit = 1 << np.int64(families[place])
            for at in range(place + 1, ends[place]):
                other = members[at]
                slot = (other * 40503) & (TABLE - 1)
                while slots[slot] >= 0 and slots[slot] != other:
                    slot = (slot + 1) & (TABLE - 1)
                if slots[slot] < 0:
                    if count > TABLE // 2:
                        continue
                    slots[slot], masks[slot], used[count] = other, 0, slot
                    count += 1
                masks[slot] |= bit
        if size + count > capacity:
            more = capacity + count
            left, right = (
                np.concatenate((left, np.empty(more, np.int32))),
                np.concatenate((right, np.empty(more, np.int32))),
            )
            mask = np.concatenate((mask, np.empty(more, np.int32)))
            capacity += more
        begin = size
        for place in range(count):
            slot = used[place]
            left[size], right[size], mask[size] = node, slots[slot], masks[slot]
            slots[slot] = -1
            size += 1
        order = np.argsort(right[begin:size])
        right[begin:size], mask[begin:size] = right[begin:size][order], mask[begin:size][order]
    return left[:size].copy(), right[:size].copy(), mask[:size].copy()


def keys_of(nodes: Nodes, threads: int = 1) -> tuple[Ints, Ints, Hashes]:
    """(node, family, key): under what each node can be met. Keys are the same in every file."""
    found = _keys(nodes, threads)
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint64)
    owners, families, keys = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return owners.astype(np.int64), families.astype(np.int64), keys


def _keys(nodes: Nodes, threads: int) -> list[tuple[Table, Table, Hashes]]:
    names = nodes.names
    streets = nodes.streets.hashes if len(nodes.streets.hashes) else np.zeros(1, np.uint64)
    towns = nodes.towns.hashes if len(nodes.towns.hashes) else np.zeros(1, np.uint64)
    return spread(
        lambda start, end: _keys_of(
            start, end, nodes.codes, names.pointers, names.numbers, names.words.hashes, nodes.frequency, names.hashes, names.sets,
            names.initials, names.compact_pointers, names.compact, streets, towns, names.lore,
            names.words.letters, names.words.starts, names.words.ends,
        ),
        len(nodes), threads,
    )  # fmt: skip


def caps(nodes: int) -> list[int]:
    """Per family, above how many nodes a key says too little, in a file of so many nodes."""
    most = CAPS.copy()
    most[B_BRAND] = min(CROWDED, max(FEW, HOUSE // max(1, nodes)))
    for family in (B_WORD, B_WORD_DEPARTMENT):
        most[family] = min(CAPS[family], max(FEWEST, WORDS // max(1, nodes)))
    found: list[int] = most.tolist()
    return found


def meetings(
    count: int, owners: Ints, families: Ints, keys: Hashes, most: list[int], threads: int = 1
) -> tuple[Ints, Ints, Ints]:
    """(left, right, families met), left < right < count, in order: the nodes that share a key which few enough share.

    The nodes may be a part of a file, provided that all those of a key are there; `most` are the `caps` of the whole file.
    """
    return _met(count, [(owners, families, keys)], most, threads, every=True)


def _met(
    count: int, found: list[tuple[Table, Table, Hashes]], most: list[int], threads: int, *, every: bool
) -> tuple[Ints, Ints, Ints]:
    """The list of keys is emptied as soon as it has been read: in a large file keys and pairs together are most of the memory."""
    bits = max(1, int(count - 1).bit_length())
    members, ends, kinds, shift = [], [], [], 0
    for family, cap in enumerate(most):
        met, until = _blocks(_entries(found, family, bits), bits, cap)
        members.append(met)
        ends.append(until + shift)
        kinds.append(np.full(len(met), family, np.uint8))
        shift += len(met)
    found.clear()
    everyone, until, kind = np.concatenate(members), np.concatenate(ends), np.concatenate(kinds)
    places = np.argsort(everyone, kind="stable")
    pointers = np.searchsorted(everyone[places], np.arange(count + 1))

    def task(start: int, end: int) -> tuple[Table, ...]:
        pairs: tuple[Table, ...] = _meetings(start, end, pointers, places, everyone, until, kind)
        kept = slice(None) if every else worth(pairs[2])
        return tuple(side[kept] for side in pairs)

    parts = spread(task, count, threads)
    if not parts:
        return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int32)
    sides = list(zip(*parts, strict=True))
    parts.clear()
    left, right, mask = (np.concatenate(sides.pop(0)) for _each in range(3))  # what is read is let go
    return left, right, mask


def _entries(found: list[tuple[Table, Table, Hashes]], family: int, bits: int) -> Hashes:
    """Keys of a family, with their nodes in their lower bits, in order."""
    parts = []
    for owners, families, keys in found:
        chosen = families == family
        parts.append((keys[chosen] >> np.uint64(bits)) << np.uint64(bits) | owners[chosen].astype(np.uint64))
    entries = np.concatenate(parts) if parts else np.zeros(0, np.uint64)
    entries.sort()
    return entries


def candidates(nodes: Nodes, threads: int = 1) -> tuple[Ints, Ints, Ints]:
    """(left, right, families met), left < right, in order: those worth comparing."""
    return _met(len(nodes), _keys(nodes, threads), caps(len(nodes)), threads, every=False)


def worth(mask: Ints) -> Table:
    """Which pairs are worth comparing, by all the families under which they meet."""
    said: Table = ~np.isin(mask, TOO_LITTLE)
    return said
