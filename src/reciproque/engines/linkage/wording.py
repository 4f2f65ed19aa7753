"""Names and streets reduced to the words that tell them apart, as numbers: what is compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from reciproque.engines.linkage import lore, tables
from reciproque.engines.linkage.kernels import Bytes, Floats, Hashes, Ints, Table, kernel
from reciproque.engines.linkage.text import Words, fold_rows, mixed, words_of

STOP, NOISE, LEGAL, KEPT, PLACE, SAINT, BOX = 1, 2, 4, 8, 16, 32, 64
NATURE = 8
"""From this bit on, the flags of a word say what kind of body it names."""
FORMS = ("", *sorted({*tables.LEGAL_FORMS.values(), *tables.LEGAL_PHRASES.values()}))
MOST_WORDS = 24
"""Words of a name that are looked at."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Distinct texts, reduced. Row → text by `index`, -1 when the cell is empty."""

    index: Ints
    pointers: Ints
    numbers: Ints
    hashes: Hashes
    """Of the words in their order."""
    sets: Hashes
    """Of the words in any order."""
    initials: Hashes
    """Of the first letters, 0 when the text has fewer than three words."""
    spelled: Hashes
    """First letters of each row with the words of no weight: SITH is a « Société immobilière touristique et hôtelière »."""
    forms: Ints
    """Legal form of each row, 0 when it says none."""
    flags: Ints
    """Of each word of the vocabulary."""
    lore: Floats
    """How common each word of the vocabulary is elsewhere."""
    words: Words
    compact_pointers: Ints
    compact: Bytes
    """The letters of each text without spaces."""


def names_of(values: Any) -> Texts:
    """Names of organisations."""
    return _texts(values, "names")


def streets_of(values: Any) -> Texts:
    """Streets, their number apart, without their type."""
    return _texts(values, "streets")


def addresses_of(values: Any) -> Texts:
    """Addresses as typed, without what stands before the street (its number), its type and the post box."""
    return _texts(values, "addresses")


def towns_of(values: Any) -> Texts:
    """Towns, without CEDEX and arrondissement."""
    return _texts(values, "towns")


@dataclass(frozen=True, slots=True)
class Rules:
    """How a kind of text is reduced. `canon`, `flags` and `form` are of the words of the tables, which are numbered first everywhere."""

    known: tuple[str, ...]
    canon: Ints
    flags: Ints
    form: Ints
    matrix: Table
    ste: Ints
    legal: bool
    digits: bool
    boxes: bool


@lru_cache(maxsize=4)
def _rules(kind: str) -> Rules:
    """Made once: one record is reduced as quickly as the tables allow."""
    if kind == "names":
        return _made(tables.ABBREVIATIONS, tables.STOP_WORDS, tables.NOISE_WORDS, tables.ACRONYMS, legal=True)
    if kind == "towns":
        noise = frozenset({"CEDEX", "ARRONDISSEMENT", "EME", "ER"})
        short = {"ST": "SAINT", "STE": "SAINTE"}
        return _made(short, frozenset({"LE", "LA", "LES", "L"}), noise, {}, legal=False, digits=False)
    boxes = tables.POST_BOXES if kind == "addresses" else frozenset[str]()
    street = tables.STREET_WORDS, tables.STREET_STOPS, tables.STREET_TYPES, tables.STREET_PHRASES
    return _made(*street, legal=False, boxes=boxes)


def _made(
    short: Mapping[str, str], stops: frozenset[str], noise: frozenset[str], phrases: Mapping[str, str], *, legal: bool,
    digits: bool = True, boxes: frozenset[str] = frozenset(),
) -> Rules:  # fmt: skip
    forms = {**tables.LEGAL_FORMS} if legal else {}
    legal_phrases = tables.LEGAL_PHRASES if legal else {}
    pieces = [word for phrase in (*phrases, *legal_phrases) for word in phrase.split()]
    known = (
        *short, *short.values(), *stops, *noise, *forms, *pieces, *phrases.values(), *tables.PLACES, *tables.SAINTS, *tables.NATURES,
        "STE", "SAINTE", *boxes,
    )  # fmt: skip
    words = words_of(np.zeros(1, np.int64), np.zeros(0, np.uint8), known)
    number = dict(zip(known, words.head.tolist(), strict=True))
    size = len(words.hashes)
    canon, flags, form = np.arange(size), np.zeros(size, np.int64), np.zeros(size, np.int64)
    for one, full in short.items():
        canon[number[one]] = number[full]
    for group, flag in (
        (stops, STOP),
        (noise, NOISE),
        (tables.PLACES if legal else (), PLACE),
        (tables.SAINTS, SAINT),
        (boxes, BOX),
    ):
        for word in group:
            flags[number[word]] |= flag
    if legal:
        for word, nature in tables.NATURES.items():
            flags[number[word]] |= 1 << NATURE + nature
    for word, meant in forms.items():
        flags[number[word]] |= LEGAL | (KEPT if word in tables.KEPT_FORMS else 0)
        form[number[word]] = FORMS.index(meant)
    matrix = _phrases(phrases, legal_phrases, stops, number, canon)
    ste = np.array([number["STE"] if legal else -1, number["SAINTE"]])
    return Rules(known, canon, flags, form, matrix, ste, legal, digits, bool(boxes))


def _texts(values: Any, kind: str) -> Texts:
    rules = _rules(kind)
    words = words_of(*fold_rows(values), rules.known)
    size, held = len(words.hashes), len(rules.canon)
    canon, flags, form = np.arange(size), np.zeros(size, np.int64), np.zeros(size, np.int64)
    canon[:held], flags[:held], form[:held] = rules.canon, rules.flags, rules.form
    pointers, numbers, row_forms, spelled = _reduce(
        words.pointers, words.numbers, canon, flags, form, rules.matrix, rules.ste, FORMS.index("ASSOCIATION"), words.starts, words.letters,
        int(rules.boxes),
    )  # fmt: skip
    if not rules.digits:
        pointers, numbers = _without_digits(pointers, numbers, words.starts, words.letters)
    common = np.zeros(size, np.float32)
    if rules.legal:
        common, place = lore.load().of(words.hashes)
        flags |= np.where(place, PLACE, 0)
    return _distinct(pointers, numbers, row_forms, spelled, flags, common, words)


def _phrases(
    phrases: Mapping[str, str],
    legal_phrases: Mapping[str, str],
    stops: frozenset[str],
    number: Mapping[str, int],
    canon: Ints,
) -> Table:
    """What several words become, the longest first: six words (-1 beyond), the word they make (-1: none), the legal form."""
    rules = [*((phrase, number[word], 0) for phrase, word in phrases.items())]
    rules += [(phrase, -1, FORMS.index(meant)) for phrase, meant in legal_phrases.items()]
    matrix = np.full((max(1, len(rules)), 8), -1, np.int64)
    for row, (phrase, word_number, meant_form) in enumerate(sorted(rules, key=lambda rule: -len(rule[0].split()))):
        parts = [part for part in phrase.split() if part not in stops]
        matrix[row, : len(parts)] = [canon[number[part]] for part in parts]
        matrix[row, 6:] = word_number, meant_form
    return matrix


@kernel
def _reduce(
    pointers: Ints, numbers: Ints, canon: Ints, flags: Ints, form: Ints, rules: Table, ste: Ints, association: int, firsts: Ints,
    letters: Bytes, address: int,
) -> tuple[Ints, Ints, Ints, Hashes]:  # fmt: skip
    """Apply the tables to each row: stop words, abbreviations, « STE », legal forms, phrases, noise; and read its first letters."""
    rows = len(pointers) - 1
    out, starts, forms = np.empty(len(numbers), np.int64), np.zeros(rows + 1, np.int64), np.zeros(rows, np.int64)
    kept, size = np.empty(MOST_WORDS, np.int64), 0
    spelled = np.zeros(rows, np.uint64)
    for row in range(rows):
        count, legal, street, box = 0, 0, False, False
        for at in range(pointers[row], pointers[row + 1]):
            word = numbers[at]
            if flags[word] & STOP or count == MOST_WORDS:
                continue
            if address:
                ahead = letters[firsts[word]] < 65 and (box or not street)
                box = (flags[word] & BOX) != 0
                street = street or (flags[canon[word]] & NOISE) != 0
                if ahead or box:
                    continue
            if word == ste[0] and (count > 0 or (at + 1 < pointers[row + 1] and flags[numbers[at + 1]] & SAINT)):
                word = ste[1]
            kept[count] = canon[word]
            count += 1
        first, read = np.uint64(0xCBF29CE484222325), 0
        for place in range(count):
            word = kept[place]
            if not flags[word] & LEGAL or flags[word] & KEPT or form[word] == association:
                first = (first ^ np.uint64(letters[firsts[word]])) * np.uint64(0x100000001B3)
                read += 1
        if read >= 3:
            spelled[row] = mixed(first)
        left, at = 0, 0
        while at < count:
            matched = False
            for rule in range(len(rules)):
                length = 0
                while (
                    length < 6
                    and rules[rule, length] >= 0
                    and at + length < count
                    and kept[at + length] == rules[rule, length]
                ):
                    length += 1
                if length > 0 and (length == 6 or rules[rule, length] < 0):
                    at += length
                    matched = True
                    if rules[rule, 7]:
                        legal = rules[rule, 7]
                    else:
                        kept[left] = rules[rule, 6]
                        left += 1
                    break
            if not matched:
                kept[left] = kept[at]
                left += 1
                at += 1
        begin = size
        for place in range(left):
            word = kept[place]
            if flags[word] & LEGAL:
                legal = form[word]
            if not flags[word] & (NOISE | LEGAL) or flags[word] & KEPT:
                out[size] = word
                size += 1
        if size == begin:
            for place in range(left):
                out[size] = kept[place]
                size += 1
        starts[row + 1], forms[row] = size, legal
    return starts, out[:size].copy(), forms, spelled


@kernel
def _without_digits(pointers: Ints, numbers: Ints, starts: Ints, letters: Bytes) -> tuple[Ints, Ints]:
    out, begins, size = np.empty(len(numbers), np.int64), np.zeros(len(pointers), np.int64), 0
    for row in range(len(pointers) - 1):
        for at in range(pointers[row], pointers[row + 1]):
            if letters[starts[numbers[at]]] >= 65:
                out[size] = numbers[at]
                size += 1
        begins[row + 1] = size
    return begins, out[:size].copy()


@kernel
def _row_hashes(pointers: Ints, numbers: Ints, hashes: Hashes) -> Hashes:
    out = np.zeros(len(pointers) - 1, np.uint64)
    for row in range(len(out)):
        value = np.uint64(0)
        for at in range(pointers[row], pointers[row + 1]):
            value = mixed(value * np.uint64(31) + hashes[numbers[at]])
        out[row] = value
    return out


@kernel
def _compact(
    pointers: Ints, numbers: Ints, words: Hashes, starts: Ints, ends: Ints, letters: Bytes
) -> tuple[Ints, Bytes, Hashes, Hashes]:
    rows, total = len(pointers) - 1, 0
    for number in numbers:
        total += ends[number] - starts[number]
    out, begins = np.empty(total + 1, np.uint8), np.zeros(rows + 1, np.int64)
    sets, initials, size = np.zeros(rows, np.uint64), np.zeros(rows, np.uint64), 0
    for row in range(rows):
        first = np.uint64(0xCBF29CE484222325)
        for at in range(pointers[row], pointers[row + 1]):
            number = numbers[at]
            sets[row] += mixed(words[number] + np.uint64(7))
            first = (first ^ np.uint64(letters[starts[number]])) * np.uint64(0x100000001B3)
            for place in range(starts[number], ends[number]):
                out[size] = letters[place]
                size += 1
        begins[row + 1] = size
        if pointers[row + 1] - pointers[row] >= 3:
            initials[row] = mixed(first)
    return begins, out[: max(1, size)].copy(), sets, initials


def _distinct(
    pointers: Ints, numbers: Ints, forms: Ints, spelled: Hashes, flags: Ints, common: Floats, words: Words
) -> Texts:
    hashes = _row_hashes(pointers, numbers, words.hashes)
    found, first, index = np.unique(hashes, return_index=True, return_inverse=True)
    lengths = (pointers[1:] - pointers[:-1])[first]
    starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    places = np.repeat(pointers[:-1][first] - starts[:-1], lengths) + np.arange(starts[-1])
    kept = numbers[places]
    begins, compact, sets, initials = _compact(starts, kept, words.hashes, words.starts, words.ends, words.letters)
    index = index.astype(np.int64)
    index[pointers[1:] == pointers[:-1]] = -1
    return Texts(index, starts, kept, found, sets, initials, spelled, forms, flags, common, words, begins, compact)
