"""Rows as people typed them → nodes that kernels compare. Equal rows are one node; nodes are ordered by their content, so that
nothing that follows depends on the order of the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from reciproque.engines.intake.departments import code_of
from reciproque.engines.linkage.grams import BELIEVED, gram_weights
from reciproque.engines.linkage.kernels import Bytes, Floats, Hashes, Ints, Table, kernel
from reciproque.engines.linkage.keys import PUBLIC_MAIL_DOMAINS
from reciproque.engines.linkage.text import hash_bytes, hash_rows, mixed, packed
from reciproque.engines.linkage.wording import Texts, addresses_of, names_of, towns_of

COLUMNS = ("name", "address", "postcode", "city", "department", "siren", "siret", "phone", "email", "website", "register_siren",
           "register_probability", "register_siret", "register_site_probability")  # fmt: skip
"""What a file may say about a partner. `register_siren` is the SIREN that a register recognised the row under, by its name or another,
with the probability that it is right (1 when not said), and `register_siret` the site of it: they are heard as evidence, less than a
number that somebody typed."""
(
    NAME,
    STREET,
    NUMBER,
    POSTCODE,
    DEPARTMENT,
    TOWN,
    SIREN,
    NIC,
    PHONE,
    DOMAIN,
    FORM,
    SPELLED,
    REGISTER,
    TRUST,
    PLACE,
    SURE,
) = range(16)
CODES = 16
NICS = 100_000
"""A SIRET is a SIREN times this, and the number of the place."""
TRUSTED = 1000
"""What a probability of 1 is, in `TRUST` and `SURE`."""
IDF_MOST = 10.0
RICH = 50
"""A file of which one node in so many has a telephone or a domain is one that says them."""


GramWeights = tuple[Floats, Floats, Floats]
"""Weight of each group of three letters in names, streets and towns."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is counted over the whole file: how many nodes there are; how many say each word of the vocabulary; for each node, how
    many have its name, its address and its domain (0 unknown); the weights of groups of letters; and what kind of file it is."""

    nodes: int
    frequency: Ints
    homonyms: Ints
    crowd: Ints
    together: Ints
    grams: GramWeights
    rich: bool
    """Whether telephones and domains are said here (`RICH`): where none is, their absence says nothing of a row."""


@dataclass(frozen=True, slots=True)
class Distinct:
    """Distinct rows, nothing counted yet. `codes[node]` are numbers (-1 unknown) under the constants of this module."""

    row_node: Ints
    content: Hashes
    """What each node says, as one number, the same in every file: nodes are in its order."""
    codes: Table
    weights: Ints
    """Rows that each node stands for."""
    names: Texts
    streets: Texts
    towns: Texts

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class Nodes(Distinct):
    """Distinct rows, with what the whole file says of their words, names, addresses and domains."""

    idf: Floats
    frequency: Ints
    homonyms: Floats
    crowd: Floats
    together: Floats
    grams: GramWeights
    total: int
    """Nodes of the whole file."""
    rich: bool
    """Whether the whole file says telephones or domains."""


def encode(columns: Mapping[str, Any], *, hidden: bool = False, salt: Ints | None = None) -> Nodes:
    """The nodes of a file. `hidden` forgets identifiers (training); `salt` keeps apart equal rows that people judged."""
    found = distinct(columns, hidden=hidden, salt=salt)
    return counted(found, statistics_of(found))


def distinct(columns: Mapping[str, Any], *, hidden: bool = False, salt: Ints | None = None) -> Distinct:
    """The distinct rows of a file, or of a part of one."""
    rows = len(columns["name"])
    blank = [""] * rows
    names, streets = names_of(columns["name"]), addresses_of(columns.get("address", blank))
    towns = towns_of(columns.get("city", blank))
    codes = np.full((rows, CODES), -1, np.int64)
    codes[:, NAME], codes[:, STREET], codes[:, TOWN], codes[:, FORM] = (
        names.index,
        streets.index,
        towns.index,
        names.forms,
    )
    codes[:, NUMBER] = _numbers(*packed(columns.get("address", blank)))
    codes[:, POSTCODE], codes[:, DEPARTMENT] = _places(columns, rows)
    if not hidden:
        siret = _digits(*packed(columns.get("siret", blank)), 14)
        codes[:, SIREN] = sirens_of(columns)
        codes[:, NIC] = np.where(siret >= 0, siret % NICS, -1)
        codes[:, REGISTER], codes[:, TRUST] = _registered(columns, blank, "register_siren", "register_probability", 9)
        codes[:, PLACE], codes[:, SURE] = _registered(columns, blank, "register_siret", "register_site_probability", 14)
    codes[:, SPELLED] = np.where(names.spelled == 0, -1, (names.spelled >> np.uint64(1)).astype(np.int64))
    codes[:, PHONE] = _phones(*packed(columns.get("phone", blank)))
    codes[:, DOMAIN] = _domains(columns, blank)
    return _collapsed(codes, names, streets, towns, salt if salt is not None else np.zeros(rows, np.int64))


def _registered(
    columns: Mapping[str, Any], blank: list[str], number: str, probability: str, figures: int
) -> tuple[Ints, Ints]:
    """(number that a register gives, how sure it is, in thousandths)."""
    import polars as pl  # noqa: PLC0415 -- heavy

    found = _digits(*packed(columns.get(number, blank)), figures)
    if not (found >= 0).any():
        return found, np.full(len(found), -1, np.int64)
    told = pl.Series(columns.get(probability, [None] * len(found)))
    sure = told.cast(pl.Float64, strict=False).fill_null(1.0).fill_nan(0.0).clip(0.0, 1.0)
    return found, np.where(found < 0, -1, np.round(sure.to_numpy() * TRUSTED)).astype(np.int64)


def _collapsed(codes: Table, names: Texts, streets: Texts, towns: Texts, salt: Ints) -> Distinct:
    content = np.zeros(len(codes), np.uint64)
    for column in range(CODES):
        values = codes[:, column]
        texts = {NAME: names, STREET: streets, TOWN: towns}.get(column)
        said = (
            values.astype(np.uint64) if texts is None else np.where(values < 0, np.uint64(0), _at(texts.hashes, values))
        )
        content = _combined(content, said)
    content = _combined(content, salt.astype(np.uint64))
    said, first, inverse, weights = np.unique(content, return_index=True, return_inverse=True, return_counts=True)
    return Distinct(inverse.astype(np.int64), said, codes[first], weights.astype(np.int64), names, streets, towns)


def counted(found: Distinct, told: Statistics) -> Nodes:
    """Nodes, with what is told of the file that they are a part of."""
    believed = max(told.nodes, BELIEVED)
    idf = np.minimum(np.log((believed + 1.0) / (told.frequency + 1.0)), IDF_MOST).astype(np.float32)
    homonyms, crowd, together = (
        np.log1p(counts).astype(np.float32) for counts in (told.homonyms, told.crowd, told.together)
    )
    return Nodes(
        found.row_node, found.content, found.codes, found.weights, found.names, found.streets, found.towns, idf, told.frequency,
        homonyms, crowd, together, told.grams, told.nodes, told.rich,
    )  # fmt: skip


def statistics_of(found: Distinct) -> Statistics:
    """What is counted when the distinct rows are the whole file."""
    names = found.names
    frequency = document_frequency(found.codes[:, NAME], names.pointers, names.numbers, len(names.words.hashes))
    homonyms, crowd, together = (_counts(values) for values in shared_values(found))
    grams = gram_weights(names), gram_weights(found.streets), gram_weights(found.towns)
    return Statistics(
        len(found), frequency, homonyms, crowd, together, grams, is_rich(int(reached(found).sum()), len(found))
    )


def reached(found: Distinct) -> Table:
    """Which nodes have a telephone or a domain of their own."""
    said: Table = (found.codes[:, PHONE] >= 0) | (found.codes[:, DOMAIN] >= 0)
    return said


def is_rich(contacts: int, nodes: int) -> bool:
    """Whether a file of so many nodes, of which so many can be reached, is one that says how to."""
    return contacts * RICH >= nodes > 0


def shared_values(found: Distinct) -> tuple[Hashes, Hashes, Hashes]:
    """(name, address, domain) of each node as numbers that are the same in every file, 0 when unknown: what is counted."""
    codes, names, streets = found.codes, found.names, found.streets
    name, street, domain = codes[:, NAME], codes[:, STREET], codes[:, DOMAIN]
    named = np.where(name < 0, np.uint64(0), _at(names.hashes, name))
    number = codes[:, NUMBER].astype(np.uint64)
    place = _combined(_combined(_at(streets.hashes, street), codes[:, POSTCODE].astype(np.uint64)), number)
    placed = np.where((street < 0) | (codes[:, POSTCODE] < 0), np.uint64(0), place)
    return named, placed, np.where(domain < 0, np.uint64(0), (domain + 1).astype(np.uint64))


def _at(hashes: Hashes, places: Ints) -> Hashes:
    return hashes[places] if len(hashes) else np.zeros(len(places), np.uint64)


def _counts(values: Hashes) -> Ints:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.where(values == 0, 0, counts[inverse])


@kernel
def _combined(content: Hashes, values: Hashes) -> Hashes:
    out = np.empty_like(content)
    for row in range(len(content)):
        out[row] = mixed(content[row] * np.uint64(31) + mixed(values[row] + np.uint64(11)))
    return out


@kernel
def document_frequency(names: Ints, pointers: Ints, numbers: Ints, size: int) -> Ints:
    """How many nodes say each word."""
    out = np.zeros(size, np.int64)
    for row in range(len(names)):
        if names[row] >= 0:
            for at in range(pointers[names[row]], pointers[names[row] + 1]):
                out[numbers[at]] += 1
    return out


@kernel
def _numbers(offsets: Ints, data: Bytes) -> Ints:
    """The number in the street: the digits that an address begins with."""
    out = np.full(len(offsets) - 1, -1, np.int64)
    for row in range(len(out)):
        at, end = offsets[row], offsets[row + 1]
        while at < end and data[at] == 32:
            at += 1
        value, count = 0, 0
        while at < end and 48 <= data[at] <= 57 and count < 5:
            value, count, at = value * 10 + data[at] - 48, count + 1, at + 1
        if 0 < count < 5 and value > 0:
            out[row] = value
    return out


@kernel
def _digits(offsets: Ints, data: Bytes, wanted: int) -> Ints:
    """A SIREN or a SIRET whose check digit is right, -1 otherwise; « 1,2E+13 » is a spreadsheet's and says nothing."""
    out = np.full(len(offsets) - 1, -1, np.int64)
    for row in range(len(out)):
        value, count, total, spoilt = 0, 0, 0, False
        for at in range(offsets[row], offsets[row + 1]):
            letter = data[at]
            if 48 <= letter <= 57:
                value, count = value * 10 + letter - 48, count + 1
            elif letter in {69, 101, 43}:
                spoilt = True
        if spoilt or count != wanted:
            continue
        left, plain = value, 0
        for place in range(wanted):
            digit = left % 10
            left //= 10
            plain += digit
            double = digit * 2 if place % 2 else digit
            total += double - 9 if double > 9 else double
        post_office = wanted == 14 and value // 100_000 == 356_000_000 and plain % 5 == 0
        if value > 0 and (total % 10 == 0 or post_office):
            out[row] = value
    return out


@kernel
def _phones(offsets: Ints, data: Bytes) -> Ints:
    """The last nine digits of a telephone number."""
    out = np.full(len(offsets) - 1, -1, np.int64)
    for row in range(len(out)):
        value, count = 0, 0
        for at in range(offsets[row], offsets[row + 1]):
            if 48 <= data[at] <= 57:
                value, count = (value * 10 + data[at] - 48) % 1_000_000_000, count + 1
        if 9 <= count <= 13 and value % 1_000_000 != 0:
            out[row] = value
    return out


def _places(columns: Mapping[str, Any], rows: int) -> tuple[Ints, Ints]:
    """(postcode, département): Corsica is 20, overseas départements have three digits."""
    import polars as pl  # noqa: PLC0415 -- heavy

    post = pl.Series("p", columns.get("postcode", [""] * rows), dtype=pl.String)
    bare = pl.col("p").fill_null("").str.replace_all(r"\D", "")
    code = pl.when(bare.str.len_chars().is_in([4, 5])).then(bare.cast(pl.Int64, strict=False)).otherwise(-1)
    postcode = post.to_frame().select(code.fill_null(-1).alias("c"))["c"].to_numpy()
    typed = pl.Series(columns.get("department", [""] * rows), dtype=pl.String).fill_null("")
    meant = {value: _department(value) for value in typed.unique().to_list()}
    if meant.keys() <= {""}:
        stated = np.full(rows, -1, np.int64)
    else:
        stated = typed.replace_strict(list(meant), list(meant.values()), return_dtype=pl.Int64).to_numpy()
    derived = np.where(postcode >= 97_000, postcode // 100, postcode // 1000)
    return postcode.copy(), np.where(postcode >= 0, derived, stated)


def _department(value: str) -> int:
    text = value.strip().upper()
    code = text if text[:2].isdigit() or text in {"2A", "2B"} else code_of(text)
    code = "20" if code in {"2A", "2B"} else code
    digits = "".join(letter for letter in code[:3] if letter.isdigit())
    return int(digits) if digits and int(digits) else -1


def _domains(columns: Mapping[str, Any], blank: list[str]) -> Ints:
    import polars as pl  # noqa: PLC0415 -- heavy

    told = [pl.Series(name, columns.get(name, blank), dtype=pl.String) for name in ("email", "website")]
    mail, web = (pl.col(name).fill_null("").str.to_lowercase() for name in ("email", "website"))
    mail = mail.str.strip_chars().str.extract(r"@([a-z0-9.-]+\.[a-z]{2,})$", 1).fill_null("")
    web = web.str.extract(r"^\s*(?:https?://)?(?:www\.)?([a-z0-9.-]+\.[a-z]{2,})", 1).fill_null("")
    read = pl.DataFrame(told).select(mail, web, (mail == "").alias("no_mail"), (web == "").alias("no_web"))
    hashes = [hash_rows(*packed(read[name])) & np.uint64(0x7FFF_FFFF_FFFF) for name in ("email", "website")]
    absent = [
        read[name].to_numpy() | np.isin(found, _public())
        for name, found in zip(("no_mail", "no_web"), hashes, strict=True)
    ]
    return np.where(~absent[0], hashes[0].astype(np.int64), np.where(~absent[1], hashes[1].astype(np.int64), -1))


@lru_cache(maxsize=1)
def _public() -> Hashes:
    """Domains that say nothing of who writes."""
    names = [np.frombuffer(name.encode(), np.uint8) for name in sorted(PUBLIC_MAIL_DOMAINS)]
    return np.array([hash_bytes(name, 0, len(name)) for name in names], np.uint64) & np.uint64(0x7FFF_FFFF_FFFF)


def sirens_of(columns: Mapping[str, Any]) -> Ints:
    """The SIREN of each row, -1 unknown: that of a SIRET when there is one."""
    blank = [""] * len(columns["name"])
    siren = _digits(*packed(columns.get("siren", blank)), 9)
    siret = _digits(*packed(columns.get("siret", blank)), 14)
    short = _digits(*packed(columns.get("siret", blank)), 9)
    return np.where(siret >= 0, siret // 100_000, np.where(siren >= 0, siren, short))
