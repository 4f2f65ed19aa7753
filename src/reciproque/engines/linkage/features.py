"""What a pair of nodes has in common, as numbers, compiled."""

from typing import Any

import numpy as np

from reciproque.engines.linkage import tables, wording
from reciproque.engines.linkage.encoding import (
    DEPARTMENT,
    DOMAIN,
    FORM,
    NAME,
    NUMBER,
    PHONE,
    POSTCODE,
    SPELLED,
    STREET,
    TOWN,
    Nodes,
)
from reciproque.engines.linkage.grams import grams_of, norms_of
from reciproque.engines.linkage.kernels import Bytes, Floats, Hashes, Ints, Table, inline, kernel, spread
from reciproque.engines.linkage.wording import Texts

NAMES = (
    "letters", "words_shared", "words_contained", "mass_shared", "rarest_shared", "left_least", "left_most", "left_both", "corrected",
    "same_letters", "initials", "homonyms_least", "homonyms_most", "street", "number", "postcode", "department", "town", "crowd",
    "phone", "domain", "domain_crowd", "words_least", "words_most", "left_rarest", "same_first", "same_set", "form", "figures",
    "figures_department", "places", "prefix", "keys", "weight_letters", "lore_shared", "mass_plain", "lore_left_least", "lore_left_most",
    "left_words_least", "left_words_most", "town_said", "town_unsaid", "acronym", "natures", "forms_apart", "spelled", "contacts",
)  # fmt: skip
COUNT = len(NAMES)
VERSION = 2
"""Raised when a number comes to mean something else: a model is learnt with one version."""
RARE_WORD, HOUSE_WORD = 10, 22
"""Families of `blocking` that say the same of two nodes: a word is told once."""
CONTACTS = NAMES.index("contacts")
"""0 in a file that says no telephone and no domain; otherwise 1, and how many of the two have one of their own."""
EITHER = 0.5
"""What it is at most in a file that says none."""
LINES = ("name", "leftover", "address", "place", "identifiers", "contact", "frequency")
"""What a link is explained by, in the order in which it is read."""
_LINES = {
    "name": "letters words_shared words_contained mass_shared rarest_shared corrected same_letters initials words_least words_most "
    "same_first same_set form prefix keys lore_shared mass_plain acronym natures forms_apart spelled",
    "leftover": "left_least left_most left_both left_rarest figures places lore_left_least lore_left_most "
    "left_words_least left_words_most",
    "address": "street number",
    "place": "postcode department town figures_department town_said town_unsaid",
    "contact": "phone domain contacts",
    "frequency": "homonyms_least homonyms_most crowd domain_crowd weight_letters",
}
LINE_OF: dict[str, str] = {feature: line for line, features in _LINES.items() for feature in features.split()}
"""Feature → the line that tells of it. What identifiers say is not learnt: it is added, on its own line."""


SAID, FLAGS, BEGIN, LENGTH, FIRST = range(5)
"""Of each word of each name, side by side so that a name is read at once: its number, its flags, where its letters begin among those of
the names, how many there are, and the first of them."""


@kernel
def _laid_out(
    pointers: Ints, numbers: Ints, flags: Ints, starts: Ints, ends: Ints, letters: Bytes, begins: Ints, hashes: Hashes, idf: Floats,
    lore: Floats,
) -> tuple[Table, Hashes, Table]:  # fmt: skip
    """(words of names, their hashes, how much each weighs here and how common it is elsewhere)."""
    size = len(numbers)
    words, known, weights = np.empty((size, 5), np.int32), np.empty(size, np.uint64), np.empty((size, 2), np.float32)
    for name in range(len(pointers) - 1):
        begin = begins[name]
        for at in range(pointers[name], pointers[name + 1]):
            word, row = numbers[at], words[at]
            row[SAID], row[FLAGS], row[FIRST] = word, flags[word], letters[starts[word]]
            row[BEGIN], row[LENGTH] = begin, ends[word] - starts[word]
            known[at], weights[at, 0], weights[at, 1] = hashes[word], idf[word], lore[word]
            begin += row[LENGTH]
    return words, known, weights


@kernel
def _cosine(pointers: Ints, grams: Table, squares: Floats, norms: Floats, one: int, other: int) -> float:
    a, b, enda, endb, total = pointers[one], pointers[other], pointers[one + 1], pointers[other + 1], 0.0
    while a < enda and b < endb:
        if grams[a] == grams[b]:
            total += squares[grams[a]]
            a += 1
            b += 1
        elif grams[a] < grams[b]:
            a += 1
        else:
            b += 1
    both = norms[one] * norms[other]
    return total / both if both > 0 else 0.0


@kernel
def _alike(words: Table, letters: Bytes, one: int, other: int, work: Table) -> float:
    """How much two words are one (0 to 1): Damerau-Levenshtein, or one abbreviates the other."""
    if words[one, LENGTH] > words[other, LENGTH]:
        one, other = other, one
    a, b = np.int64(words[one, BEGIN]), np.int64(words[other, BEGIN])
    short, long = np.int64(words[one, LENGTH]), np.int64(words[other, LENGTH])
    if short == 0 or letters[a] < 65 or letters[b] < 65 or long > 40:
        return 0.0
    if short >= 3 and long - short >= 2 and letters[a] == letters[b]:
        found, prefix = 0, True
        for at in range(long):
            if found < short and letters[b + at] == letters[a + found]:
                found += 1
            if at < short and letters[b + at] != letters[a + at]:
                prefix = False
        if found == short:
            return 0.85 if prefix else 0.7
    if long - short > 2 or short < 4:
        return 0.0
    for column in range(long + 1):
        work[1, column] = column
    for row in range(1, short + 1):
        now, last, before = (row + 1) % 3, row % 3, (row + 2) % 3
        work[now, 0] = row
        for column in range(1, long + 1):
            cost = 0 if letters[a + row - 1] == letters[b + column - 1] else 1
            value = min(work[last, column] + 1, work[now, column - 1] + 1, work[last, column - 1] + cost)
            swapped = (
                row > 1
                and column > 1
                and letters[a + row - 1] == letters[b + column - 2]
                and letters[a + row - 2] == letters[b + column - 1]
            )
            work[now, column] = min(value, work[before, column - 2] + 1) if swapped else value
    return float(1.0 - work[(short + 1) % 3, long] / long)


@inline
def _equal(one: int, other: int) -> float:
    return -1.0 if one < 0 or other < 0 else (1.0 if one == other else 0.0)


@kernel
def _words_compared(
    one: int, other: int, pointers: Ints, words: Table, weights: Table, letters: Bytes, work: Table, sums: Table, marks: Table, out: Floats,
) -> tuple[int, int]:  # fmt: skip
    """Align the words of two names: what is shared, what is left on each side, numbers and places in conflict.

    Returns the places of the words that are shared, on each side, as bits."""
    a, enda, b, endb = pointers[one], pointers[one + 1], pointers[other], pointers[other + 1]
    found, used, shared, rarest, soft, agreed = 0, 0, 0.0, 0.0, 0.0, 0
    left, most, figures, places = sums[0], sums[1], marks[0], marks[1]
    sums[:2] = 0.0
    marks[:2] = 0
    for x in range(a, enda):
        word, hit = words[x, SAID], -1
        for y in range(b, endb):
            if words[y, SAID] == word and not used >> (y - b) & 1:
                hit = y
                break
        worth = 1.0
        if hit < 0:
            worth = 0.0
            for y in range(b, endb):
                if used >> (y - b) & 1:
                    continue
                taken = False
                for z in range(a, enda):
                    taken = taken or words[z, SAID] == words[y, SAID]
                if not taken:
                    close = _alike(words, letters, x, y, work)
                    if close > worth:
                        worth, hit = close, y
        if worth >= 0.7:
            used |= 1 << (hit - b)
            found |= 1 << (x - a)
            weight = min(weights[x, 0], weights[hit, 0]) * worth
            shared += weight
            soft += weight if worth < 1 else 0.0
            rarest = max(rarest, weight)
            agreed |= 1 if words[x, FIRST] < 65 else 0
        else:
            left[0] += weights[x, 0]
            most[0] = max(most[0], weights[x, 0])
            figures[0] |= 1 if words[x, FIRST] < 65 else 0
            places[0] |= 1 if words[x, FLAGS] & wording_place else 0
    for y in range(b, endb):
        if not used >> (y - b) & 1:
            left[1] += weights[y, 0]
            most[1] = max(most[1], weights[y, 0])
            figures[1] |= 1 if words[y, FIRST] < 65 else 0
            places[1] |= 1 if words[y, FLAGS] & wording_place else 0
    out[1] = shared / (shared + left[0] + left[1] + 1e-6)
    out[2] = shared / (shared + min(left[0], left[1]) + 1e-6)
    out[3], out[4], out[5], out[6] = shared, rarest, min(left[0], left[1]), max(left[0], left[1])
    out[7], out[8], out[24] = min(most[0], most[1]), soft, max(most[0], most[1])
    out[22], out[23] = min(enda - a, endb - b), max(enda - a, endb - b)
    out[25] = 1.0 if enda > a and endb > b and words[a, SAID] == words[b, SAID] else 0.0
    out[28] = figures[0] + figures[1] + (3.0 if figures[0] and figures[1] else 0.0) - agreed
    out[30] = places[0] + places[1]
    return found, used


@inline
def _said(word: np.uint64, town: int, pointers: Ints, hashes: Hashes) -> bool:
    """Whether a word is one of a town's name."""
    if town >= 0:
        for at in range(pointers[town], pointers[town + 1]):
            if hashes[at] == word:
                return True
    return False


@kernel
def _sense(
    one: int, other: int, town: int, town_other: int, shared: int, shared_other: int, pointers: Ints, words: Table, hashes: Hashes,
    weights: Table, letters: Bytes, towns: Ints, town_hashes: Hashes, sums: Table, marks: Table, out: Floats,
) -> None:  # fmt: skip
    """What the words that are shared and left mean: common or not elsewhere, places, kinds of bodies, initials."""
    out[34] = UNCOMMON
    least, counts, natures = sums[2], sums[3], marks[2]
    least[:], counts[:], natures[:] = UNCOMMON, 0.0, 0
    for side in range(2):
        name, beside, own, its = (one, other, town, town_other) if side == 0 else (other, one, town_other, town)
        bits = shared if side == 0 else shared_other
        for at in range(pointers[name], pointers[name + 1]):
            word, flags = hashes[at], words[at, FLAGS]
            natures[side] |= flags >> wording_nature
            said = _said(word, its, towns, town_hashes)
            place = said or (flags & wording_place) != 0 or _said(word, own, towns, town_hashes)
            alphabetic = words[at, FIRST] >= 65
            if bits >> (at - pointers[name]) & 1:
                if alphabetic and not place:
                    out[34] = min(out[34], weights[at, 1])
                    out[35] += weights[at, 0] * 0.5
                continue
            if place:
                out[40] += 1.0 if said else 0.0
                out[41] += 1.0 if its >= 0 and not said else 0.0
                continue
            if alphabetic:
                least[side] = min(least[side], weights[at, 1])
            counts[side] += 1.0
            length = np.int64(words[at, LENGTH])
            if alphabetic and 2 <= length <= 8:
                for begin in range(pointers[beside], pointers[beside + 1] - length + 1):
                    same = 0
                    while same < length and words[begin + same, FIRST] == letters[words[at, BEGIN] + same]:
                        same += 1
                    if same == length:
                        out[42] = max(out[42], float(length))
    out[36], out[37] = min(least[0], least[1]), max(least[0], least[1])
    out[38], out[39] = min(counts[0], counts[1]), max(counts[0], counts[1])
    if natures[0] and natures[1]:
        out[43] = -1.0 if natures[0] & natures[1] else 1.0


UNCOMMON = 9.0
"""Where no word says how common it is."""
wording_nature = wording.NATURE

wording_place = wording.PLACE


@kernel
def _named(
    a: int, b: int, pointers: Ints, words: Table, weights: Table, sets: Hashes, initials: Hashes, shorts: Hashes, begins: Ints,
    compact: Bytes, name_grams: Ints, ng: Table, nq: Floats, nn: Floats, work: Table, sums: Table, marks: Table, row: Floats,
) -> tuple[int, int]:  # fmt: skip
    """What two names have in common, wherever they are; the places of the words that they share, on each side, as bits."""
    row[0] = 1.0 if a == b else _cosine(name_grams, ng, nq, nn, a, b)
    bits = _words_compared(a, b, pointers, words, weights, compact, work, sums, marks, row)
    size = min(begins[a + 1] - begins[a], begins[b + 1] - begins[b])
    common = 0
    while common < size and compact[begins[a] + common] == compact[begins[b] + common]:
        common += 1
    row[31] = common / max(1, size)
    row[9] = 1.0 if common == size and begins[a + 1] - begins[a] == begins[b + 1] - begins[b] else 0.0
    row[10] = 1.0 if (initials[a] and initials[a] == shorts[b]) or (initials[b] and initials[b] == shorts[a]) else 0.0
    row[26] = 1.0 if sets[a] == sets[b] else 0.0
    row[33] = min(nn[a], nn[b])
    return bits


ZEROS = np.zeros(COUNT, np.float32)


@inline
def _fill(row: Floats, said: Floats) -> None:
    for column in range(COUNT):
        row[column] = said[column]


@kernel
def _compare(
    start: int, end: int, left: Ints, right: Ints, mask: Ints, codes: Table, pointers: Ints, words: Table, hashes: Hashes, weights: Table,
    sets: Hashes, initials: Hashes, shorts: Hashes, figure: Ints, begins: Ints, compact: Bytes, name_grams: Ints, ng: Table, nq: Floats,
    nn: Floats, street_grams: Ints, sg: Table, sq: Floats, sn: Floats, town_grams: Ints, tg: Table, tq: Floats, tn: Floats, towns: Ints,
    town_hashes: Hashes, kinds_of_forms: Ints, homonyms: Floats, crowd: Floats, together: Floats, rich: int, out: Table,
) -> None:  # fmt: skip
    """One row of numbers per pair. What was just found of the same two names, or of them in the same two towns, is not looked for again:
    pairs in the order of their names cost half."""
    work, sums, marks = np.zeros((3, 48), np.int64), np.zeros((4, 2)), np.zeros((3, 2), np.int64)
    names, known_names, known = np.full(4, -2, np.int64), np.zeros(COUNT, np.float32), np.zeros(COUNT, np.float32)
    bits = (0, 0)
    for pair in range(start, end):
        one, other, row = left[pair], right[pair], out[pair]
        x, y = codes[one], codes[other]
        a, b = x[NAME], y[NAME]
        if a >= 0 and b >= 0:
            same = names[0] == a and names[1] == b
            if not same:
                _fill(known_names, ZEROS)
                bits = _named(
                    a, b, pointers, words, weights, sets, initials, shorts, begins, compact, name_grams, ng, nq, nn, work, sums, marks, known_names,
                )  # fmt: skip
            if not same or names[2] != x[TOWN] or names[3] != y[TOWN]:
                _fill(known, known_names)
                _sense(
                    a, b, x[TOWN], y[TOWN], bits[0], bits[1], pointers, words, hashes, weights, compact, towns, town_hashes, sums, marks, known,
                )  # fmt: skip
                names[0], names[1], names[2], names[3] = a, b, x[TOWN], y[TOWN]
            _fill(row, known)
            row[45] = (
                1.0
                if (x[SPELLED] >= 0 and np.uint64(x[SPELLED]) == shorts[b] >> np.uint64(1))
                or (y[SPELLED] >= 0 and np.uint64(y[SPELLED]) == shorts[a] >> np.uint64(1))
                else 0.0
            )
            for number, department in ((figure[a], y[DEPARTMENT]), (figure[b], x[DEPARTMENT])):
                if number > 0 and department > 0:
                    row[29] += 1.0 if number == department else -1.0
        else:
            _fill(row, ZEROS)
        row[11], row[12] = min(homonyms[one], homonyms[other]), max(homonyms[one], homonyms[other])
        row[13] = _equal(x[STREET], y[STREET])
        if row[13] == 0.0:
            row[13] = _cosine(street_grams, sg, sq, sn, x[STREET], y[STREET])
        row[14], row[15], row[16] = (
            _equal(x[NUMBER], y[NUMBER]),
            _equal(x[POSTCODE], y[POSTCODE]),
            _equal(x[DEPARTMENT], y[DEPARTMENT]),
        )
        row[17] = _equal(x[TOWN], y[TOWN])
        if row[17] == 0.0:
            row[17] = _cosine(town_grams, tg, tq, tn, x[TOWN], y[TOWN])
        row[18] = max(crowd[one], crowd[other])
        if rich:
            row[46] = 1.0 + (x[PHONE] >= 0 or x[DOMAIN] >= 0) + (y[PHONE] >= 0 or y[DOMAIN] >= 0)
        row[19], row[20] = _equal(x[PHONE], y[PHONE]), _equal(x[DOMAIN], y[DOMAIN])
        row[21] = together[one] if row[20] == 1.0 else 0.0
        row[27] = -1.0 if x[FORM] == 0 or y[FORM] == 0 else (1.0 if x[FORM] == y[FORM] else 0.0)
        kind, other_kind = kinds_of_forms[x[FORM]], kinds_of_forms[y[FORM]]
        row[44] = -1.0 if kind == 0 or other_kind == 0 else (0.0 if kind == other_kind else 1.0)
        kinds = mask[pair] & ~1
        if kinds >> RARE_WORD & 1:
            kinds &= ~(1 << HOUSE_WORD)
        while kinds:
            row[32] += 1.0
            kinds &= kinds - 1


@kernel
def _shorts(
    begins: Ints, compact: Bytes, pointers: Ints, numbers: Ints, starts: Ints, ends: Ints, letters: Bytes
) -> tuple[Hashes, Ints]:
    """(hash of a short name read as initials, number of a département that the name ends with)."""
    rows = len(begins) - 1
    out, figures = np.zeros(rows, np.uint64), np.zeros(rows, np.int64)
    for row in range(rows):
        if 3 <= begins[row + 1] - begins[row] <= 9:
            value = np.uint64(0xCBF29CE484222325)
            for at in range(begins[row], begins[row + 1]):
                value = (value ^ np.uint64(compact[at])) * np.uint64(0x100000001B3)
            value ^= value >> np.uint64(33)
            value *= np.uint64(0xFF51AFD7ED558CCD)
            value ^= value >> np.uint64(33)
            value *= np.uint64(0xC4CEB9FE1A85EC53)
            out[row] = value ^ (value >> np.uint64(33))
        for at in range(pointers[row], pointers[row + 1]):
            word = numbers[at]
            if ends[word] - starts[word] == 2 and letters[starts[word]] < 65 and letters[starts[word] + 1] < 65:
                figures[row] = (np.int64(letters[starts[word]]) - 48) * 10 + np.int64(letters[starts[word] + 1]) - 48
    return out, figures


def _weighed(texts: Texts, squares: Floats) -> tuple[Any, ...]:
    pointers, grams = grams_of(texts.compact_pointers, texts.compact)
    return pointers, grams, squares, norms_of(pointers, grams, squares)


KINDS = np.array([0 if not form else 2 if form in tables.CIVIL_FORMS else 1 for form in wording.FORMS], np.int64)
"""Of each legal form: 0 unknown, 1 a company, 2 an association, a foundation, a union."""


class Comparer:
    """What pairs of the nodes of a file have in common, range by range."""

    def __init__(self, nodes: Nodes) -> None:
        names, words = nodes.names, nodes.names.words
        shorts, figures = _shorts(
            names.compact_pointers,
            names.compact,
            names.pointers,
            names.numbers,
            words.starts,
            words.ends,
            words.letters,
        )
        laid = _laid_out(
            names.pointers, names.numbers, names.flags, words.starts, words.ends, words.letters, names.compact_pointers, words.hashes,
            nodes.idf, names.lore,
        )  # fmt: skip
        kinds = zip((names, nodes.streets, nodes.towns), nodes.grams, strict=True)
        weighed = [part for texts, squares in kinds for part in _weighed(texts, squares)]
        self._arrays: tuple[Any, ...] = (
            nodes.codes, names.pointers, *laid, names.sets, names.initials, shorts, figures, names.compact_pointers, names.compact,
            *weighed, nodes.towns.pointers, nodes.towns.words.hashes[nodes.towns.numbers], KINDS, nodes.homonyms, nodes.crowd, nodes.together,
            int(nodes.rich),
        )  # fmt: skip

    def fill(self, start: int, end: int, pairs: tuple[Ints, Ints, Ints], out: Floats) -> None:
        """Write the rows of the pairs `start` to `end` of (left, right, families met)."""
        compiled: Any = _compare  # the arrays of the three kinds of text are unpacked
        compiled(0, end - start, *(side[start:end] for side in pairs), *self._arrays, out)


def compare(nodes: Nodes, left: Ints, right: Ints, mask: Ints, threads: int = 1) -> Floats:
    """One row of numbers (`NAMES`) per pair; the same whichever node is first."""
    comparer, out = Comparer(nodes), np.empty((len(left), COUNT), np.float32)
    spread(lambda start, end: comparer.fill(start, end, (left, right, mask), out[start:end]), len(left), threads)
    return out
