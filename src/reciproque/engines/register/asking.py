"""Candidates: from each row asked, the few companies of the index worth comparing, compiled."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reciproque.engines.linkage.kernels import Bytes, Floats, Hashes, Ints, Table, inline, kernel, spread
from reciproque.engines.linkage.text import hash_rows
from reciproque.engines.register.assembling import NONE16, placed
from reciproque.engines.register.index import Register
from reciproque.engines.register.keys import (
    CAP,
    F_INITIALS,
    F_NAME,
    F_PAIR,
    F_START,
    F_WORD,
    LEVELS,
    address_key,
    base_key,
    correctable,
    deletion_keys,
    pair_value,
    place_key,
    starts_of,
)
from reciproque.engines.register.postings import Postings, found
from reciproque.engines.register.rows import DEPARTMENT, NAME, NUMBER, POSTCODE, SIREN, STREET, TOWN, Rows

KEPT = 12
"""Companies compared for one row."""
OWN = 100.0
"""Weight from which a company was found by the number that the row gives."""
HERE, NEARBY, LOOKED = 6.0, 2.0, 64
"""What a site in the town, or in the département, adds to the weight of a company when more than `KEPT` were found; sites looked at."""
TABLE = 4096
NEAR = 2
"""Corrections tried for a word that the register does not know."""
IDF_MOST = 14.0
MOST_ASKED = 8


class Index(NamedTuple):
    """The arrays that kernels read."""

    name_slots: Table
    name_marks: Table
    name_rows: Table
    address_slots: Table
    address_marks: Table
    address_rows: Table
    name_unit: Table
    name_site: Table
    name_pointers: Table
    name_words: Table
    name_kind: Bytes
    name_form: Bytes
    name_common: Bytes
    unit_names: Table
    unit_first: Table
    unit_flags: Bytes
    unit_open: Table
    unit_naf: Table
    unit_category: Table
    site_unit: Table
    site_flags: Bytes
    site_nic: Table
    site_postcode: Table
    site_town: Table
    site_street: Table
    site_number: Table
    postcode_department: Table
    postcodes: Table
    street_pointers: Table
    street_words: Table
    word_hash: Hashes
    word_count: Table
    word_idf: Floats
    word_pointers: Table
    word_letters: Bytes


class Asked(NamedTuple):
    """Rows asked, in the numbers of the index."""

    pointers: Ints
    words: Ints
    """Places in the vocabulary of the rows asked."""
    known: Ints
    """Word asked → word of the index, -1 when it has none."""
    near: Table
    """Word asked → corrections, -1 when there are none."""
    hashes: Hashes
    starts: Ints
    ends: Ints
    spelt: Bytes
    letters: Hashes
    initials: Hashes
    beginnings: Hashes
    lengths: Ints
    compact_pointers: Ints
    compact: Bytes
    codes: Table
    town: Hashes
    """Hash of the town said, or usual for the postcode, 0 when neither is known."""
    town_place: Ints
    street: Hashes
    street_place: Ints
    street_words: Table
    street_pointers: Ints
    town_words: Hashes
    town_pointers: Ints


def index_of(register: Register) -> Index:
    """The arrays of a register as kernels take them."""
    held = register.held
    codes = held["site_postcode_values"].astype(np.int64)
    department = np.where(codes >= 97_000, codes // 100, codes // 1000)
    whole = max(1, len(held["name_unit"]))
    idf = np.minimum(np.log((whole + 1.0) / (held["word_count"] + 1.0)), IDF_MOST).astype(np.float32)
    more = {"postcode_department": department, "postcodes": codes, "word_idf": idf}
    return Index(*(more[name] if name in more else held[name] for name in Index._fields))


def asked_of(rows: Rows, register: Register) -> Asked:
    """The rows of a file, in the numbers of the index."""
    held, names, words = register.held, rows.names, rows.names.words
    known = placed(held["word_hash"], words.hashes, -1)
    near = np.full((len(words.hashes), NEAR), -1, np.int64)
    deletion = Postings(held["deletion_slots"], held["deletion_marks"], held["deletion_rows"])
    _corrected(
        known, words.starts, words.ends, words.letters, deletion.bits, deletion.slots, deletion.marks, deletion.rows, held["word_count"],
        held["word_pointers"], held["word_letters"], near,
    )  # fmt: skip
    codes, town, there = _towns(rows, held)
    streets, texts = rows.streets, rows.streets.hashes
    street = np.where(codes[:, STREET] >= 0, _taken(texts, codes[:, STREET]), np.uint64(0))
    street_words = (streets.words.hashes[streets.numbers] & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return Asked(
        names.pointers, names.numbers, known, near, words.hashes, words.starts, words.ends, words.letters,
        hash_rows(names.compact_pointers, names.compact), names.initials, starts_of(names.compact_pointers, names.compact),
        names.compact_pointers[1:] - names.compact_pointers[:-1], names.compact_pointers, names.compact, codes, town, there,
        street.astype(np.uint64), placed(held["street_hash"], street, -1), street_words, streets.pointers,
        rows.towns.words.hashes[rows.towns.numbers], rows.towns.pointers,
    )  # fmt: skip


def _taken(hashes: Hashes, places: Ints) -> Hashes:
    return hashes[np.maximum(places, 0)] if len(hashes) else np.zeros(len(places), np.uint64)


def _towns(rows: Rows, held: Mapping[str, Any]) -> tuple[Table, Hashes, Ints]:
    """(codes with the département completed, town said or usual for the postcode, its place in the index)."""
    codes, towns, post = rows.codes.copy(), held["site_town_values"], held["site_postcode_values"]
    at = placed(post, np.maximum(codes[:, POSTCODE], 0).astype(np.uint64), -1)
    usual = np.where(at >= 0, _taken(held["postcode_town"], at), np.uint64(0))
    town = np.where(codes[:, TOWN] >= 0, _taken(rows.towns.hashes, codes[:, TOWN]), usual).astype(np.uint64)
    there = placed(towns, town, -1)
    # A town that the register does not know (misspelt) gives way to the usual one of the postcode.
    lost = (there < 0) & (usual > 0)
    town = np.where(lost, usual, town).astype(np.uint64)
    there = np.where(lost, placed(towns, usual, -1), there)
    code = np.where(there >= 0, _taken(held["town_postcode"].astype(np.uint64), there), np.uint64(0)).astype(np.int64)
    guessed = np.where(code >= 97_000, code // 100, code // 1000)
    codes[:, DEPARTMENT] = np.where(codes[:, DEPARTMENT] >= 0, codes[:, DEPARTMENT], np.where(code > 0, guessed, -1))
    return codes, town, there


@kernel
def one_apart(one: Bytes, a: int, enda: int, other: Bytes, b: int, endb: int) -> bool:
    """Whether two words differ by one letter: missing, too many, another, or two swapped."""
    if abs((enda - a) - (endb - b)) > 1:
        return False
    while a < enda and b < endb and one[a] == other[b]:
        a += 1
        b += 1
    while a < enda and b < endb and one[enda - 1] == other[endb - 1]:
        enda -= 1
        endb -= 1
    left, right = enda - a, endb - b
    if left <= 1 and right <= 1:
        return True
    return left == 2 and right == 2 and one[a] == other[b + 1] and one[a + 1] == other[b]


@kernel
def _corrected(
    known: Ints, starts: Ints, ends: Ints, letters: Bytes, bits: int, slots: Table, marks: Bytes, rows: Table, counts: Table, pointers: Table,
    spelt: Bytes, near: Table,
) -> None:  # fmt: skip
    own, out = np.zeros(40, np.uint64), np.zeros(CAP * 4, np.int64)
    for word in range(len(known)):
        if (known[word] >= 0 and counts[known[word]] > 2) or not correctable(letters, starts[word], ends[word]):
            continue
        best = np.zeros(NEAR, np.int64)
        for place in range(deletion_keys(letters, starts[word], ends[word], own)):
            for at in range(found(own[place], bits, slots, marks, rows, out)):
                other = out[at]
                taken = False
                for rank in range(NEAR):
                    taken = taken or near[word, rank] == other
                taken = taken or other == known[word]
                begin, end = int(pointers[other]), int(pointers[other + 1])
                if taken or not one_apart(letters, starts[word], ends[word], spelt, begin, end):
                    continue
                count = int(counts[other])
                for rank in range(NEAR):
                    if count > best[rank]:
                        for after in range(NEAR - 1, rank, -1):
                            best[after], near[word, after] = best[after - 1], near[word, after - 1]
                        best[rank], near[word, rank] = count, other
                        break


@kernel
def _hit(
    base: Any, node: int, weight: float, asked: Asked, index: Index, bits: int, rows: Ints, slots: Ints, weights: Floats, used: Ints, count: int,
) -> int:  # fmt: skip
    """Look a key up from the widest level to the nearest; the first level that answers is the only one that holds it."""
    department, town, post = asked.codes[node, DEPARTMENT], asked.town[node], asked.codes[node, POSTCODE]
    for level in range(LEVELS):
        if level > 0 and (department < 0 or (level > 1 and town == 0)):
            break
        if level == 3 and post < 0:
            break
        many = found(
            place_key(base, level, department, town, post),
            bits,
            index.name_slots,
            index.name_marks,
            index.name_rows,
            rows,
        )
        for at in range(many):
            unit = int(index.name_unit[rows[at]])
            count = _weighed(unit, weight + 1.0 * level, slots, weights, used, count)
        if many > 0:
            break
    return count


@kernel
def _weighed(unit: int, weight: float, slots: Ints, weights: Floats, used: Ints, count: int) -> int:
    slot = (unit * 40503) & (TABLE - 1)
    while slots[slot] >= 0 and slots[slot] != unit:
        slot = (slot + 1) & (TABLE - 1)
    if slots[slot] < 0:
        if count >= TABLE // 2:
            return count
        slots[slot], weights[slot], used[count] = unit, 0.0, slot
        count += 1
    weights[slot] += weight
    return count


@inline
def local(node: int, word: int, asked: Asked) -> bool:
    """Whether a word of the name is one of the town: « … – agence de Colomiers » says where, not who."""
    town = asked.codes[node, TOWN]
    if town >= 0:
        for at in range(asked.town_pointers[town], asked.town_pointers[town + 1]):
            if asked.town_words[at] == asked.hashes[word]:
                return True
    return False


@kernel
def _asked_words(node: int, asked: Asked, index: Index, out: Ints) -> tuple[int, int]:
    """Words of the index that a name says, corrections included, rarest first, then those of its town; (all, before the town's)."""
    name, size, own = asked.codes[node, NAME], 0, 0
    for turn in range(2):
        begin = size
        for at in range(asked.pointers[name], asked.pointers[name + 1]):
            word = asked.words[at]
            if local(node, word, asked) != (turn == 1):
                continue
            for rank in range(NEAR + 1):
                meant = asked.known[word] if rank == 0 else asked.near[word, rank - 1]
                if meant < 0 or size == len(out):
                    continue
                place, seen = size, False
                for other in range(size):
                    seen = seen or out[other] == meant
                if seen:
                    continue
                while place > begin and index.word_count[meant] < index.word_count[out[place - 1]]:
                    out[place] = out[place - 1]
                    place -= 1
                out[place] = meant
                size += 1
        own = size if turn == 0 else own
    return size, own


@inline
def _nearness(unit: int, post: int, town: int, department: int, index: Index) -> float:
    """How near a company is to the place that a row says: a rare word of twenty companies says little without it."""
    posts, towns, postcodes, departments = (
        index.site_postcode,
        index.site_town,
        index.postcodes,
        index.postcode_department,
    )
    first, last, near = int(index.unit_first[unit]), int(index.unit_first[unit + 1]), 0.0
    for site in range(first, min(last, first + LOOKED)):
        place = int(posts[site])
        if (town >= 0 and int(towns[site]) == town) or (post >= 0 and place != NONE16 and postcodes[place] == post):
            near = HERE
            break
        if department >= 0 and place != NONE16 and departments[place] == department:
            near = NEARBY
    return near


@kernel
def _candidates(
    start: int,
    end: int,
    asked: Asked,
    index: Index,
    bits: int,
    address_bits: int,
    siren: Ints,
    out: Table,
    weight: Table,
) -> None:
    slots, weights, used = np.full(TABLE, -1, np.int64), np.zeros(TABLE, np.float32), np.zeros(TABLE, np.int64)
    rows, words, near = np.zeros(CAP * 2, np.int64), np.zeros(16, np.int64), np.zeros(TABLE, np.float32)
    for node in range(start, end):
        count, name = 0, asked.codes[node, NAME]
        if siren[node] >= 0:
            count = _weighed(siren[node], OWN, slots, weights, used, count)
        if name >= 0:
            count = _hit(
                base_key(F_NAME, asked.letters[name]), node, 30.0, asked, index, bits, rows, slots, weights, used, count
            )
            if 2 < asked.lengths[name] < 10:
                short = base_key(F_INITIALS, asked.letters[name])
                count = _hit(short, node, 4.0, asked, index, bits, rows, slots, weights, used, count)
            if asked.beginnings[name]:
                short = base_key(F_START, asked.beginnings[name])
                count = _hit(short, node, 5.0, asked, index, bits, rows, slots, weights, used, count)
            if asked.initials[name]:
                short = base_key(F_NAME, asked.initials[name])
                count = _hit(short, node, 5.0, asked, index, bits, rows, slots, weights, used, count)
            held, own = _asked_words(node, asked, index, words)
            for at in range(min(held, MOST_ASKED)):
                key = base_key(F_WORD, index.word_hash[words[at]])
                worth = index.word_idf[words[at]] * (1.0 if at < own else 0.25)
                count = _hit(key, node, worth, asked, index, bits, rows, slots, weights, used, count)
            common = 0
            while common < held and index.word_count[words[common]] <= CAP:
                common += 1
            for one in range(common, min(held, common + 4)):
                for other in range(one + 1, min(held, common + 4)):
                    key = base_key(F_PAIR, pair_value(index.word_hash[words[one]], index.word_hash[words[other]]))
                    both = 0.5 * (index.word_idf[words[one]] + index.word_idf[words[other]])
                    count = _hit(key, node, both, asked, index, bits, rows, slots, weights, used, count)
        if asked.street[node] and asked.town[node] and asked.codes[node, NUMBER] > 0:
            key = address_key(asked.street[node], asked.codes[node, NUMBER], asked.town[node])
            many = found(key, address_bits, index.address_slots, index.address_marks, index.address_rows, rows)
            for at in range(many):
                unit = int(index.site_unit[rows[at]])
                count = _weighed(unit, 16.0 - 2.0 * min(6.0, np.log(many + 0.0)), slots, weights, used, count)
        post, town, department = asked.codes[node, POSTCODE], asked.town_place[node], asked.codes[node, DEPARTMENT]
        for at in range(count):
            near[used[at]] = _nearness(slots[used[at]], post, town, department, index) if count > KEPT else 0.0
        for rank in range(KEPT):
            best, where = 0.0, -1
            for at in range(count):
                slot = used[at]
                worth = weights[slot] + near[slot] if weights[slot] > 0 else 0.0
                if worth > best or (worth == best and best > 0 and slots[slot] < slots[where]):
                    best, where = worth, slot
            if where < 0:
                break
            out[node, rank], weight[node, rank] = slots[where], weights[where]
            weights[where] = 0.0
        for at in range(count):
            slots[used[at]] = -1


def candidates(asked: Asked, index: Index, register: Register, threads: int) -> tuple[Table, Table]:
    """(companies, retrieval weight) of each row: `KEPT` columns, best first, -1 where there are no more."""
    out = np.full((len(asked.codes), KEPT), -1, np.int64)
    weight = np.zeros((len(asked.codes), KEPT), np.float32)
    bits, address_bits = (int(len(slots) - 2).bit_length() for slots in (index.name_slots, index.address_slots))
    siren = placed(register.held["unit_siren"], np.maximum(asked.codes[:, SIREN], 0).astype(np.uint32), -1)
    siren = np.where(asked.codes[:, SIREN] >= 0, siren, -1)
    spread(
        lambda start, end: _candidates(start, end, asked, index, bits, address_bits, siren, out, weight),
        len(out), threads, grain=256,
    )  # fmt: skip
    return out, weight
