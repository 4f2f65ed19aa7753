"""Third stage: the buckets put end to end in one folder of arrays, their words, streets, towns and codes numbered once for all."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from reciproque.engines.linkage.kernels import Table
from reciproque.engines.register.keys import CAP, LEVELS, addresses, deletions, emitted, word_keys
from reciproque.engines.register.postings import Sorter, written
from reciproque.engines.register.staging import Tell

NONE32, NONE16 = 0xFFFFFFFF, 0xFFFF
STEP = 200_000


class Buckets:
    """The arrays of the shaped buckets, one at a time, with where each begins in the whole."""

    def __init__(self, work: Path) -> None:
        self.folders = [path.parent for path in sorted((work / "shaped").glob("*/done")) if int(path.read_text()) > 0]
        self.units = self._bases("unit_siren")
        self.sites = self._bases("site_nic")
        self.names = self._bases("name_unit")

    def _bases(self, name: str) -> list[int]:
        sizes = [len(self.load(place, name)) for place in range(len(self.folders))]
        return [0, *np.cumsum(sizes, dtype=np.int64).tolist()]

    def load(self, place: int, name: str) -> Any:
        """One array of one bucket."""
        return np.load(self.folders[place] / f"{name}.npy", mmap_mode="r")

    def each(self, name: str) -> Iterator[Any]:
        """One array of every bucket, in order."""
        for place in range(len(self.folders)):
            yield self.load(place, name)


def assembled(work: Path, out: Path, tell: Tell) -> None:
    """Every array of the index but its postings."""
    buckets = Buckets(work)
    tell("Vocabulaire…")
    _vocabulary(buckets, out)
    _streets(buckets, out)
    tell("Assemblage…")
    for name in (
        "unit_siren",
        "unit_flags",
        "unit_open",
        "site_nic",
        "site_flags",
        "site_number",
        "site_since",
        "name_kind",
        "name_form",
    ):
        _joined(buckets, name, out, next(buckets.each(name)).dtype)
    _joined(buckets, "unit_category", out, np.uint16)
    for name, dtype in (("unit_naf", np.uint16), ("site_postcode", np.uint16), ("site_town", np.uint16)):
        _coded(buckets, name, out, dtype)
    _numbered(buckets, out)
    _texts(buckets, out)
    _towns(out)


def _open(out: Path, name: str, dtype: Any, size: int) -> Any:
    return np.lib.format.open_memmap(out / f"{name}.npy", "w+", dtype, (size,))


def _joined(buckets: Buckets, name: str, out: Path, dtype: Any) -> None:
    sizes = [len(one) for one in buckets.each(name)]
    whole, at = _open(out, name, dtype, sum(sizes)), 0
    for one in buckets.each(name):
        whole[at : at + len(one)] = one
        at += len(one)


def _coded(buckets: Buckets, name: str, out: Path, dtype: Any) -> None:
    """Values → their place among the distinct ones (`name_values`); the most frequent ones when there are too many."""
    none = int(np.iinfo(dtype).max)
    values, counts = _distinct(buckets, name)
    if len(values) > none:
        values = np.sort(values[np.argsort(-counts, kind="stable")[:none]])
    np.save(out / f"{name}_values.npy", values)
    whole, at = _open(out, name, dtype, sum(len(one) for one in buckets.each(name))), 0
    for one in buckets.each(name):
        whole[at : at + len(one)] = placed(values, np.asarray(one), none)
        at += len(one)


def _distinct(buckets: Buckets, name: str) -> tuple[Table, Table]:
    found, counts = np.zeros(0, np.uint64), np.zeros(0, np.int64)
    for one in buckets.each(name):
        values, many = np.unique(np.asarray(one).astype(np.uint64), return_counts=True)
        found, inverse = np.unique(np.concatenate((found, values)), return_inverse=True)
        counts = np.bincount(inverse, weights=np.concatenate((counts, many)), minlength=len(found)).astype(np.int64)
    kept = found > 0
    return found[kept], counts[kept]


def placed(values: Table, wanted: Table, none: int) -> Table:
    """The place of each wanted value among sorted distinct ones, `none` when it is not there."""
    if not len(values):
        return np.full(len(wanted), none, np.int64)
    at = np.minimum(np.searchsorted(values, wanted.astype(values.dtype)), len(values) - 1)
    return np.where(values[at] == wanted.astype(values.dtype), at, none)


def _vocabulary(buckets: Buckets, out: Path) -> None:
    hashes = np.concatenate([np.zeros(0, np.uint64), *buckets.each("vocabulary")])
    found, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
    counts = np.concatenate([np.zeros(0, np.int64), *buckets.each("vocabulary_count")])
    flags = np.concatenate([np.zeros(0, np.uint8), *buckets.each("vocabulary_flags")])
    np.save(out / "word_hash.npy", found)
    np.save(out / "word_count.npy", np.bincount(inverse, weights=counts, minlength=len(found)).astype(np.uint32))
    np.save(out / "word_flags.npy", flags[first])
    pointers, letters = _ragged(buckets, "vocabulary_pointers", "vocabulary_letters", first)
    np.save(out / "word_pointers.npy", pointers.astype(np.uint32))
    np.save(out / "word_letters.npy", letters)


def _ragged(buckets: Buckets, pointers: str, values: str, chosen: Table) -> tuple[Table, Table]:
    """The chosen rows (numbered over all the buckets) of values of various lengths, end to end."""
    starts, lengths, shift = [], [], 0
    for begins, held in zip(buckets.each(pointers), buckets.each(values), strict=True):
        starts.append(np.asarray(begins[:-1]).astype(np.int64) + shift)
        lengths.append(np.diff(np.asarray(begins).astype(np.int64)))
        shift += len(held)
    start, length = (np.concatenate([np.zeros(0, np.int64), *parts])[chosen] for parts in (starts, lengths))
    whole = np.concatenate([*buckets.each(values)]) if buckets.folders else np.zeros(0, np.uint8)
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(length)))
    return ends, whole[np.repeat(start - ends[:-1], length) + np.arange(ends[-1])]


def _streets(buckets: Buckets, out: Path) -> None:
    hashes = np.concatenate([np.zeros(0, np.uint64), *buckets.each("streets")])
    found, first = np.unique(hashes, return_index=True)
    np.save(out / "street_hash.npy", found)
    pointers, words = _ragged(buckets, "street_pointers", "street_words", first)
    np.save(out / "street_pointers.npy", pointers.astype(np.uint32))
    np.save(out / "street_words.npy", words)
    whole, at = _open(out, "site_street", np.uint32, buckets.sites[-1]), 0
    for one in buckets.each("site_street"):
        whole[at : at + len(one)] = placed(found, np.asarray(one), NONE32)
        at += len(one)


def _numbered(buckets: Buckets, out: Path) -> None:
    """What points elsewhere: sites → companies, names → companies, sites and words."""
    units, sites, names = buckets.units, buckets.sites, buckets.names
    first, owner = _open(out, "unit_first", np.uint32, units[-1] + 1), _open(out, "site_unit", np.uint32, sites[-1])
    unit, site = _open(out, "name_unit", np.uint32, names[-1]), _open(out, "name_site", np.uint32, names[-1])
    whole = sum(len(one) for one in buckets.each("name_words"))
    pointers, words = _open(out, "name_pointers", np.uint32, names[-1] + 1), _open(out, "name_words", np.uint32, whole)
    unit_names = _open(out, "unit_names", np.uint32, units[-1] + 1)
    vocabulary, at = np.load(out / "word_hash.npy"), 0
    for place in range(len(buckets.folders)):
        u, s, n = (
            slice(units[place], units[place + 1]),
            slice(sites[place], sites[place + 1]),
            slice(names[place], names[place + 1]),
        )
        first[u] = buckets.load(place, "unit_first")[:-1] + sites[place]
        owner[s] = buckets.load(place, "site_unit") + units[place]
        unit[n] = (local := np.asarray(buckets.load(place, "name_unit"))) + units[place]
        where = np.asarray(buckets.load(place, "name_site"))
        site[n] = np.where(where < 0, NONE32, where + sites[place])
        counts = np.bincount(local, minlength=units[place + 1] - units[place])
        unit_names[u] = names[place] + np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)[:-1]))
        held = np.asarray(buckets.load(place, "name_words"))
        pointers[n] = np.asarray(buckets.load(place, "name_pointers"))[:-1] + at
        words[at : at + len(held)] = placed(vocabulary, held, 0)
        at += len(held)
    first[-1], pointers[-1], unit_names[-1] = sites[-1], at, names[-1]


def _texts(buckets: Buckets, out: Path) -> None:
    for name, bases in (("unit", buckets.units), ("site", buckets.sites)):
        sizes = [np.asarray(one).astype(np.uint64) for one in buckets.each(f"{name}_blocks")]
        blocks = np.concatenate([np.zeros(1, np.uint64), *sizes])
        np.save(out / f"{name}_blocks.npy", np.cumsum(blocks, dtype=np.uint64))
        _joined(buckets, f"{name}_texts", out, np.uint8)
        np.save(out / f"{name}_bases.npy", np.array(bases, np.int64))
        np.save(out / f"{name}_block_bases.npy", np.cumsum([0, *(len(one) for one in sizes)], dtype=np.int64))


def _towns(out: Path) -> None:
    """Of each town its usual département and postcode; of each postcode its usual town: what a short address leaves out."""
    towns, codes = np.load(out / "site_town_values.npy"), np.load(out / "site_postcode_values.npy")
    town, post = np.load(out / "site_town.npy", mmap_mode="r"), np.load(out / "site_postcode.npy", mmap_mode="r")
    pairs, counts = np.zeros(0, np.int64), np.zeros(0, np.int64)
    for start in range(0, len(town), STEP * 10):
        here = slice(start, start + STEP * 10)
        both = (town[here] != NONE16) & (post[here] != NONE16)
        seen, many = np.unique(town[here][both].astype(np.int64) * 65_536 + post[here][both], return_counts=True)
        pairs, inverse = np.unique(np.concatenate((pairs, seen)), return_inverse=True)
        counts = np.bincount(inverse, weights=np.concatenate((counts, many)), minlength=len(pairs)).astype(np.int64)
    order = np.lexsort((pairs, counts))
    town_code, code_town = np.zeros(len(towns), np.uint32), np.zeros(len(codes), np.uint64)
    town_code[pairs[order] >> 16] = codes[pairs[order] & 0xFFFF] if len(codes) else 0
    code_town[pairs[order] & 0xFFFF] = towns[pairs[order] >> 16] if len(towns) else 0
    np.save(out / "town_postcode.npy", town_code)
    np.save(out / "postcode_town.npy", code_town)


def indexed(work: Path, out: Path, tell: Tell) -> None:
    """The postings: names at every level, addresses, words one letter apart."""
    buckets, folder = Buckets(work), work / "sorting"
    vocabulary = {name: np.load(out / f"word_{name}.npy") for name in ("hash", "count", "pointers", "letters")}
    _names(buckets, vocabulary, out, folder, tell)
    tell("Index des adresses…")
    sorter = Sorter(folder, "address")
    for place in range(len(buckets.folders)):
        held = (np.asarray(buckets.load(place, f"site_{name}")) for name in ("street", "number", "town"))
        keys, rows = addresses(*held)
        sorter.add(keys, rows + buckets.sites[place])
    for _ in sorter.sort():
        pass
    written([sorter], out, "address")
    tell("Index des mots voisins…")
    sorter = Sorter(folder, "deletion")
    for start in range(0, len(vocabulary["hash"]), STEP):
        keys, rows = deletions(
            start, vocabulary["pointers"][start : start + STEP + 1].astype(np.int64), vocabulary["letters"]
        )
        sorter.add(keys, rows)
    for _ in sorter.sort():
        pass
    written([sorter], out, "deletion")


def _names(buckets: Buckets, vocabulary: Mapping[str, Table], out: Path, folder: Path, tell: Tell) -> None:
    _homonyms(buckets, out, folder)
    sorters, over = [], np.zeros(0, np.uint64)
    for level in range(LEVELS):
        tell(f"Index des noms, {('pays', 'départements', 'communes', 'codes postaux')[level]}…")
        sorter = Sorter(folder, f"name{level}")
        for place in range(len(buckets.folders)):
            keys, rows = emitted(level, over, *_emission(buckets, place, vocabulary, out))
            sorter.add(keys, rows + buckets.names[place])
        over = np.concatenate([np.unique(keys[many > CAP]) for keys, _, many in sorter.sort()])
        if level == 0:
            over = np.sort(np.concatenate((over, word_keys(vocabulary["hash"][vocabulary["count"] > CAP]))))
        sorters.append(sorter)
    written(sorters, out, "name")


def _emission(buckets: Buckets, place: int, vocabulary: Mapping[str, Table], out: Path) -> tuple[Any, ...]:
    def held(name: str) -> Any:
        return np.array(buckets.load(place, name))

    pointers = np.load(out / "name_pointers.npy", mmap_mode="r")
    names = slice(buckets.names[place], buckets.names[place + 1] + 1)
    begins = pointers[names].astype(np.int64)
    words = np.load(out / "name_words.npy", mmap_mode="r")[begins[0] : begins[-1]]
    return (
        held("name_unit"), held("name_site"), held("name_letters"), held("name_initials"), held("name_starts"), begins - begins[0], np.array(words),
        vocabulary["hash"], vocabulary["count"].astype(np.int64), held("unit_first"), held("site_department"), held("site_town"),
        held("site_postcode").astype(np.int64),
    )  # fmt: skip


def _homonyms(buckets: Buckets, out: Path, folder: Path) -> None:
    """How many names are spelt with the same letters, as eight times the logarithm (255 at most)."""
    common, sorter = _open(out, "name_common", np.uint8, buckets.names[-1]), Sorter(folder, "homonym")
    for place in range(len(buckets.folders)):
        letters = np.array(buckets.load(place, "name_letters"))
        sorter.add(letters, np.arange(len(letters)) + buckets.names[place])
    for part, (_, rows, many) in enumerate(sorter.sort()):
        common[rows] = np.minimum(np.log(many) * 8, 255).astype(np.uint8)
        sorter.kept(part)
