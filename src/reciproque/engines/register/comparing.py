"""What a row asked and a company have in common, as numbers, compiled: its best name, its best site."""

from typing import Any

import numpy as np

from reciproque.engines.linkage.kernels import Bytes, Floats, Ints, Table, inline, kernel, spread
from reciproque.engines.register.asking import KEPT, OWN, Asked, Index, local, one_apart
from reciproque.engines.register.assembling import NONE16, NONE32
from reciproque.engines.register.rows import DEPARTMENT, FORM, NAF, NAME, NIC, NUMBER, POSTCODE, STREET
from reciproque.engines.register.shaping import CEASED, CLOSED, HEAD, PAST, PERSON

NAMES = (
    "shared", "contained", "mass", "rarest", "left_asked", "left_name", "left_asked_most", "left_name_most", "trigrams", "same_letters",
    "initials", "kind", "homonyms", "department", "postcode", "town", "street", "number", "open_sites", "ceased", "closed", "person",
    "form", "naf", "weight", "words", "figures", "site_named", "same_count", "head",
)  # fmt: skip
COUNT = len(NAMES)
MOST_NAMES, MOST_SITES, MOST_WORDS = 24, 4096, 20
GRAMS = 37 * 37 * 37


@kernel
def _letter(value: Any) -> Any:
    return int(value) - 64 if value >= 65 else int(value) - 21


@inline
def _grams_of(data: Bytes, begin: int, end: int, marks: Bytes) -> int:
    """Mark the groups of three letters of a text, its ends included; how many are new."""
    one, two, new = 0, 0, 0
    for at in range(begin, end + 1):
        three = _letter(data[at]) if at < end else 0
        gram = (one * 37 + two) * 37 + three
        if at > begin and not marks[gram]:
            marks[gram], new = 1, new + 1
        one, two = two, three
    return new


@inline
def _alike(spelt: Bytes, a: int, enda: int, letters: Bytes, b: int, endb: int) -> float:
    """How much two words that are not equal are one: one letter apart, or one the start of the other."""
    short = min(enda - a, endb - b)
    if short < 3 or spelt[a] < 65 or letters[b] < 65:
        return 0.0
    common = 0
    while common < short and spelt[a + common] == letters[b + common]:
        common += 1
    if common == short:
        return 0.85
    if short >= 5 and one_apart(spelt, a, enda, letters, b, endb):
        return 0.9
    return 0.75 if common >= 6 and common * 4 >= 3 * short else 0.0


@inline
def _aligned(node: int, name: int, row: int, asked: Asked, index: Index, unknown: float, out: Floats) -> float:
    """Fill the features of two names, word by word; returns what their best company would be chosen by."""
    begin, end = asked.pointers[name], min(asked.pointers[name + 1], asked.pointers[name] + MOST_WORDS)
    first, last = int(index.name_pointers[row]), int(index.name_pointers[row + 1])
    last = min(last, first + MOST_WORDS)
    words, known, starts, ends, spelt = asked.words, asked.known, asked.starts, asked.ends, asked.spelt
    theirs, idf, pointers, letters = index.name_words, index.word_idf, index.word_pointers, index.word_letters
    used, mass, rarest, left, most, figures = 0, 0.0, 0.0, 0.0, 0.0, 0
    for at in range(begin, end):
        word, best, where = words[at], 0.0, -1
        meant = known[word]
        own = idf[meant] if meant >= 0 else unknown
        for other in range(first, last):
            if used >> (other - first) & 1:
                continue
            there = int(theirs[other])
            b, endb = int(pointers[there]), int(pointers[there + 1])
            worth = 1.0 if there == meant else _alike(spelt, starts[word], ends[word], letters, b, endb)
            if worth > best:
                best, where = worth, other
            if worth == 1.0:
                break
        if where >= 0:
            used |= 1 << (where - first)
            weight = best * (own if best == 1.0 else min(own, idf[theirs[where]]))
            mass += weight
            rarest = max(rarest, weight)
        else:
            own *= 0.25 if local(node, word, asked) else 1.0
            left += own
            most = max(most, own)
            figures |= 1 if spelt[starts[word]] < 65 else 0
    rest, rest_most = 0.0, 0.0
    for other in range(first, last):
        if not used >> (other - first) & 1:
            there = int(theirs[other])
            rest += idf[there]
            rest_most = max(rest_most, idf[there])
            figures |= 2 if letters[pointers[there]] < 65 else 0
    out[0], out[1], out[2], out[3] = (
        mass / (mass + left + rest + 1e-6),
        mass / (mass + min(left, rest) + 1e-6),
        mass,
        rarest,
    )
    out[4], out[5], out[6], out[7] = left, rest, most, rest_most
    out[25], out[26] = end - begin, figures
    return float(out[0] + 0.3 * out[1])


@inline
def _spelt(row: int, index: Index, out: Bytes) -> int:
    """The letters of a name of the index, without spaces; their number."""
    size, words, pointers, letters = 0, index.name_words, index.word_pointers, index.word_letters
    for at in range(int(index.name_pointers[row]), int(index.name_pointers[row + 1])):
        word = int(words[at])
        for place in range(int(pointers[word]), int(pointers[word + 1])):
            if size < len(out):
                out[size] = letters[place]
                size += 1
    return size


@inline
def _shape(
    name: int, row: int, asked: Asked, index: Index, marks: Bytes, grams: int, letters: Bytes, out: Floats
) -> None:
    """Letters of the two names: groups of three in common, the same altogether, one the initials of the other."""
    size, common, total, one, two = _spelt(row, index, letters), 0, 0, 0, 0
    for at in range(size + 1):
        three = _letter(letters[at]) if at < size else 0
        if at > 0:
            total += 1
            common += 1 if marks[(one * 37 + two) * 37 + three] else 0
        one, two = two, three
    out[8] = min(1.0, 2.0 * common / (total + grams + 1e-6))
    begin, end = asked.compact_pointers[name], asked.compact_pointers[name + 1]
    same = end - begin == size
    at = 0
    while same and at < size:
        same = letters[at] == asked.compact[begin + at]
        at += 1
    out[9] = 1.0 if same else 0.0
    first, last = int(index.name_pointers[row]), int(index.name_pointers[row + 1])
    words = asked.pointers[name + 1] - asked.pointers[name]
    if words >= 3 and last - first == 1 and size == words:
        match = True
        for place in range(words):
            match = match and asked.spelt[asked.starts[asked.words[asked.pointers[name] + place]]] == letters[place]
        out[10] = 1.0 if match else 0.0
    elif words == 1 and last - first >= 3 and end - begin == last - first:
        match = True
        for place in range(last - first):
            initial = index.word_letters[index.word_pointers[index.name_words[first + place]]]
            match = match and initial == asked.compact[begin + place]
        out[10] = 1.0 if match else 0.0


@inline
def _street(node: int, site: int, asked: Asked, index: Index) -> float:
    """-1 when one of them is unknown, 1 the same street, else the share of the words asked that it has."""
    there, said = int(index.site_street[site]), asked.codes[node, STREET]
    if there == NONE32 or said < 0:
        return -1.0
    if asked.street_place[node] == there:
        return 1.0
    begin, end = asked.street_pointers[said], asked.street_pointers[said + 1]
    first, last = int(index.street_pointers[there]), int(index.street_pointers[there + 1])
    words, theirs, common = asked.street_words, index.street_words, 0
    for at in range(begin, end):
        for other in range(first, last):
            if words[at] == theirs[other]:
                common += 1
                break
    return float(0.9 * common / max(1, end - begin))


@inline
def _place(node: int, unit: int, preferred: int, nic: int, asked: Asked, index: Index, out: Floats) -> int:
    """Fill the features of the best site of a company; returns its row, -1 when the company has none."""
    first, last = (
        int(index.unit_first[unit]),
        min(int(index.unit_first[unit + 1]), int(index.unit_first[unit]) + MOST_SITES),
    )
    best, where = -1e9, -1
    code, town = asked.codes[node], asked.town_place[node]
    own_post, department, street, number = code[POSTCODE], code[DEPARTMENT], code[STREET], code[NUMBER]
    posts, towns, numbers, states, nics = (
        index.site_postcode, index.site_town, index.site_number, index.site_flags, index.site_nic,
    )  # fmt: skip
    postcodes, departments = index.postcodes, index.postcode_department
    for site in range(first, last):
        post = int(posts[site])
        same_post = own_post >= 0 and post != NONE16 and postcodes[post] == own_post
        same_town = town >= 0 and int(towns[site]) == town
        same_dep = department >= 0 and post != NONE16 and departments[post] == department
        score = 4.0 * same_post + 4.0 * same_town + 2.0 * same_dep
        if (same_post or same_town) and street >= 0:
            score += 6.0 * max(0.0, _street(node, site, asked, index))
            score += 3.0 if number > 0 and int(numbers[site]) == number else 0.0
        score += (3.0 if site == preferred else 0.0) + (100.0 if nic >= 0 and int(nics[site]) == nic else 0.0)
        flags = states[site]
        score += (0.0 if flags & CLOSED else 4.0) + (0.5 if flags & HEAD else 0.0)
        if score > best:
            best, where = score, site
    if where < 0:
        return -1
    post = int(index.site_postcode[where])
    if post != NONE16:
        out[13] = (
            -1.0 if code[DEPARTMENT] < 0 else (1.0 if index.postcode_department[post] == code[DEPARTMENT] else 0.0)
        )
        out[14] = -1.0 if code[POSTCODE] < 0 else (1.0 if index.postcodes[post] == code[POSTCODE] else 0.0)
    there = int(index.site_town[where])
    if asked.town[node] and there != NONE16:
        out[15] = 1.0 if there == town else 0.0
    out[16] = _street(node, where, asked, index)
    if code[NUMBER] > 0 and index.site_number[where] > 0:
        out[17] = 1.0 if int(index.site_number[where]) == code[NUMBER] else 0.0
    out[20] = 1.0 if index.site_flags[where] & CLOSED else 0.0
    out[29] = 1.0 if index.site_flags[where] & HEAD else 0.0
    return where


@kernel
def _compare(
    start: int, end: int, asked: Asked, index: Index, units: Table, weights: Table, divisions: Ints, out: Table, sites: Table, names: Table,
) -> None:  # fmt: skip
    marks, letters = np.zeros(GRAMS, np.uint8), np.zeros(256, np.uint8)
    row, best_row = np.zeros(COUNT, np.float32), np.zeros(COUNT, np.float32)
    unknown = 12.0
    for node in range(start, end):
        name = asked.codes[node, NAME]
        grams = 0
        if name >= 0:
            grams = _grams_of(asked.compact, asked.compact_pointers[name], asked.compact_pointers[name + 1], marks)
        for rank in range(KEPT):
            unit = units[node, rank]
            if unit < 0:
                break
            best, chosen = -1.0, -1
            first = int(index.unit_names[unit])
            last = min(int(index.unit_names[unit + 1]), first + MOST_NAMES)
            best_row[:] = 0.0
            for at in range(first, last):
                if name < 0:
                    break
                row[:] = 0.0
                score = _aligned(node, name, at, asked, index, unknown, row)
                if row[0] > 0.9999:
                    row[8], row[9] = 1.0, 1.0
                else:
                    _shape(name, at, asked, index, marks, grams, letters, row)
                score += 0.5 * row[8] + 1.0 * row[9] + 0.6 * row[10] - (0.05 if index.name_kind[at] >= PAST else 0.0)
                if score > best:
                    best, chosen = score, at
                    best_row[:] = row
            for place in range(13, 18):
                best_row[place] = -1.0
            preferred = -1
            if chosen >= 0:
                best_row[11], best_row[12] = index.name_kind[chosen], index.name_common[chosen] / 8.0
                asked_form, their_form = asked.codes[node, FORM], int(index.name_form[chosen])
                best_row[22] = (
                    -1.0 if asked_form == 0 or their_form == 0 else (1.0 if asked_form == their_form else 0.0)
                )
                preferred = int(index.name_site[chosen])
                preferred = -1 if preferred == NONE32 else preferred
            nic = asked.codes[node, NIC] if weights[node, rank] >= OWN else -1
            sites[node, rank] = _place(node, unit, preferred, nic, asked, index, best_row)
            names[node, rank] = chosen
            best_row[27] = 1.0 if preferred >= 0 and preferred == sites[node, rank] else 0.0
            best_row[18] = np.log(1.0 + index.unit_open[unit])
            best_row[19] = 1.0 if index.unit_flags[unit] & CEASED else 0.0
            best_row[21] = 1.0 if index.unit_flags[unit] & PERSON else 0.0
            division = divisions[int(index.unit_naf[unit])] if int(index.unit_naf[unit]) < len(divisions) else 0
            best_row[23] = (
                -1.0
                if asked.codes[node, NAF] <= 0 or division == 0
                else (1.0 if asked.codes[node, NAF] == division else 0.0)
            )
            best_row[24] = weights[node, rank]
            out[node, rank] = best_row
        if name >= 0:
            _unmarked(asked.compact, asked.compact_pointers[name], asked.compact_pointers[name + 1], marks)


@inline
def _unmarked(data: Bytes, begin: int, end: int, marks: Bytes) -> None:
    one, two = 0, 0
    for at in range(begin, end + 1):
        three = _letter(data[at]) if at < end else 0
        marks[(one * 37 + two) * 37 + three] = 0
        one, two = two, three


def compared(
    asked: Asked, index: Index, units: Table, weights: Table, divisions: Ints, threads: int
) -> tuple[Floats, Table, Table]:
    """(features, best site, best name) of each row and candidate."""
    shape = units.shape
    out = np.zeros((*shape, COUNT), np.float32)
    sites, names = np.full(shape, -1, np.int64), np.full(shape, -1, np.int64)
    spread(
        lambda start, end: _compare(start, end, asked, index, units, weights, divisions, out, sites, names),
        shape[0], threads, grain=256,
    )  # fmt: skip
    same = (out[:, :, 9] > 0).sum(1)
    out[:, :, 28] = same[:, None]
    return out, sites, names
