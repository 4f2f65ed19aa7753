"""Second stage: a bucket of companies as arrays, its names reduced to words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from reciproque.engines.linkage.kernels import Ints, Table
from reciproque.engines.linkage.text import hash_rows
from reciproque.engines.linkage.wording import Texts, names_of, streets_of, towns_of
from reciproque.engines.register.columns import Kind
from reciproque.engines.register.keys import starts_of
from reciproque.engines.register.staging import bucket_of, department_of
from reciproque.engines.register.texts import packed_rows

if TYPE_CHECKING:
    import polars as pl

NAME, USUAL, ACRONYM, SIGN, PAST, PAST_SIGN = range(6)
"""What a name is: registered, usual, acronym, sign of a site, and what was once so."""
CEASED, PERSON, PARTIAL, PURGED = 1, 2, 4, 8
"""Flags of a company."""
CLOSED, HEAD, HIDDEN_SITE = 1, 2, 4
"""Flags of a site."""
NO_SITE = -1
UNIT_TEXTS = ("name", "usual1", "usual2", "usual3", "acronym", "rna", "staff", "size", "created", "since", "past")
SITE_TEXTS = (
    "complement", "number", "repetition", "street_type", "street", "post_box", "postcode", "city", "city_code", "cedex",
    "country", "created", "since", "sign1", "sign2", "sign3", "usual", "staff",
)  # fmt: skip
EPOCH = "1900-01-01"


def shaped(work: Path, bucket: int, departments: Sequence[str]) -> bool:
    """Write the arrays of a bucket under `work`; False when it has no company."""
    units, sites = _frames(work, bucket, departments)
    folder = work / "shaped" / f"{bucket:02d}"
    folder.mkdir(parents=True, exist_ok=True)
    if units.height:
        arrays = {
            **_unit_arrays(units, sites),
            **_site_arrays(sites),
            **_name_arrays(_names(work, bucket, units, sites)),
        }
        arrays["unit_texts"], arrays["unit_blocks"] = packed_rows(units.select(UNIT_TEXTS))
        arrays["site_texts"], arrays["site_blocks"] = packed_rows(sites.select(SITE_TEXTS))
        for name, values in arrays.items():
            np.save(folder / f"{name}.npy", values)
    (folder / "done").write_text(str(units.height))
    return bool(units.height)


def _frames(work: Path, bucket: int, departments: Sequence[str]) -> "tuple[pl.DataFrame, pl.DataFrame]":
    """(companies by SIREN, their sites by SIRET), both numbered."""
    import polars as pl  # noqa: PLC0415 -- heavy

    units, sites = _bucket(work, "units", bucket), _bucket(work, "sites", bucket)
    units = units.unique("siren", keep="last").sort("siren")
    sites = sites.filter(pl.col("nic").is_not_null()).unique(["siren", "nic"], keep="last").sort("siren", "nic")
    if departments:
        near = sites.filter(department_of("city_code", "postcode").is_in(list(departments)))["siren"].unique()
        units = units.filter(pl.col("siren").is_in(near.implode()))
        sites = sites.filter(pl.col("siren").is_in(near.implode()))
    alone = sites.select("siren").unique().join(units.select("siren"), on="siren", how="anti")
    units = pl.concat([units, alone], how="diagonal").sort("siren").with_row_index("unit")
    past = _past_names(work, bucket)
    units = units.join(past, on="siren", how="left", maintain_order="left")
    person = pl.concat_str(
        [pl.coalesce("usual_first_name", "first_name"), pl.coalesce("usual_last_name", "last_name")], separator=" ", ignore_nulls=True
    )  # fmt: skip
    units = units.with_columns(
        name=pl.coalesce("name", pl.when(person.str.len_bytes() > 0).then(person)), is_person=pl.col("name").is_null()
    )
    sites = sites.join(units.select("siren", "unit"), on="siren", how="inner", maintain_order="left").with_row_index(
        "site"
    )
    return units, sites


def _bucket(work: Path, kind: Kind, bucket: int) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415 -- heavy

    from reciproque.engines.register.columns import COLUMNS  # noqa: PLC0415

    held = bucket_of(work, kind, bucket)
    return held if held is not None else pl.DataFrame(schema=dict.fromkeys(COLUMNS[kind].values(), pl.String))


def _past_names(work: Path, bucket: int) -> "pl.DataFrame":
    """Names that a company no longer bears (periods with an end), joined by « | »."""
    import polars as pl  # noqa: PLC0415 -- heavy

    held = _bucket(work, "past_units", bucket).filter(pl.col("until").is_not_null())
    said = held.select("siren", name=pl.concat_list("name", "usual1", "usual2", "usual3")).explode("name")
    said = said.filter(pl.col("name").is_not_null()).unique(maintain_order=True)
    return said.group_by("siren", maintain_order=True).agg(past=pl.col("name").head(12).str.join("|"))


def _names(work: Path, bucket: int, units: "pl.DataFrame", sites: "pl.DataFrame") -> "pl.DataFrame":
    """Every name of every company, once each: unit, site (-1 when it is the company's), kind, text."""
    import polars as pl  # noqa: PLC0415 -- heavy

    parts = []

    def said(frame: "pl.DataFrame", column: str, kind: int, site: "pl.Expr | None" = None) -> None:
        where = (site if site is not None else pl.lit(NO_SITE)).cast(pl.Int64).alias("site")
        chosen = frame.filter(pl.col(column).is_not_null())
        parts.append(chosen.select("unit", where, pl.lit(kind).alias("kind"), pl.col(column).alias("text")))

    said(units, "name", NAME)
    for column in ("usual1", "usual2", "usual3", "pseudonym"):
        said(units, column, USUAL)
    said(units, "acronym", ACRONYM)
    for column in ("sign1", "sign2", "sign3", "usual"):
        said(sites, column, SIGN, pl.col("site"))
    said(units.select("unit", pl.col("past").str.split("|")).explode("past"), "past", PAST)
    past = _bucket(work, "past_sites", bucket).filter(pl.col("until").is_not_null())
    if past.height:
        past = past.join(sites.select("siren", "nic", "unit", "site"), on=["siren", "nic"], how="inner")
        for column in ("sign1", "sign2", "sign3", "usual"):
            said(past, column, PAST_SIGN, pl.col("site"))
    whole = pl.concat(parts).sort("unit", "kind", "site", "text", maintain_order=True)
    return whole.unique(["unit", "site", "text"], keep="first", maintain_order=True)


def _name_arrays(names: "pl.DataFrame") -> dict[str, Table]:
    texts = names_of(names["text"])
    index = texts.index
    unit, site = names["unit"].to_numpy().astype(np.int64), names["site"].to_numpy().astype(np.int64)
    # One row per company and reduced name; a sign borne by several sites is the company's.
    kept = np.flatnonzero(index >= 0)
    order = kept[np.lexsort((names["kind"].to_numpy()[kept], index[kept], unit[kept]))]
    first = np.ones(len(order), bool)
    first[1:] = (unit[order][1:] != unit[order][:-1]) | (index[order][1:] != index[order][:-1])
    starts = np.flatnonzero(first)
    low = np.minimum.reduceat(site[order], starts) if len(starts) else np.zeros(0, np.int64)
    high = np.maximum.reduceat(site[order], starts) if len(starts) else np.zeros(0, np.int64)
    rows = order[starts]
    order = np.lexsort((rows, names["kind"].to_numpy()[rows], unit[rows]))
    rows, where = rows[order], np.where(low == high, low, NO_SITE)[order]
    return {
        "name_unit": unit[rows], "name_site": where, "name_kind": names["kind"].to_numpy()[rows].astype(np.uint8),
        "name_form": texts.forms[rows].astype(np.uint8), **_words(texts, index[rows]),
    }  # fmt: skip


def _words(texts: Texts, index: Ints) -> dict[str, Table]:
    lengths = (texts.pointers[1:] - texts.pointers[:-1])[index]
    starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    places = np.repeat(texts.pointers[:-1][index] - starts[:-1], lengths) + np.arange(starts[-1])
    numbers = texts.numbers[places]
    letters = hash_rows(texts.compact_pointers, texts.compact)
    known, inverse = np.unique(numbers, return_inverse=True)
    words = texts.words
    sizes = words.ends[known] - words.starts[known]
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    taken = np.repeat(words.starts[known] - ends[:-1], sizes) + np.arange(ends[-1])
    return {
        "name_pointers": starts, "name_letters": letters[index], "name_initials": texts.initials[index],
        "name_starts": starts_of(texts.compact_pointers, texts.compact)[index],
        "name_words": words.hashes[known][inverse], "vocabulary": words.hashes[known], "vocabulary_flags": texts.flags[known].astype(np.uint8),
        "vocabulary_count": np.bincount(inverse, minlength=len(known)), "vocabulary_pointers": ends, "vocabulary_letters": words.letters[taken],
    }  # fmt: skip


def _unit_arrays(units: "pl.DataFrame", sites: "pl.DataFrame") -> dict[str, Table]:
    import polars as pl  # noqa: PLC0415 -- heavy

    flags = (
        (pl.col("state") == "C").fill_null(value=False).cast(pl.UInt8) * CEASED
        + pl.col("is_person").cast(pl.UInt8) * PERSON
        + (pl.col("diffusion").fill_null("O") != "O").cast(pl.UInt8) * PARTIAL
        + (pl.col("purged") == "true").fill_null(value=False).cast(pl.UInt8) * PURGED
    )
    open_ = sites.filter(pl.col("state").fill_null("A") != "F").group_by("unit").len("open")
    counted = units.select("unit").join(open_, on="unit", how="left", maintain_order="left")["open"].fill_null(0)
    per = sites.group_by("unit").len("sites")
    many = units.select("unit").join(per, on="unit", how="left", maintain_order="left")["sites"].fill_null(0)
    return {
        "unit_siren": units["siren"].cast(pl.UInt32).to_numpy(),
        "unit_flags": units.select(flags.alias("f"))["f"].to_numpy(),
        "unit_category": _number(units["category"]),
        "unit_naf": naf_numbers(units["naf"]),
        "unit_open": np.minimum(counted.to_numpy(), 65_535).astype(np.uint16),
        "unit_first": np.concatenate((np.zeros(1, np.int64), np.cumsum(many.to_numpy().astype(np.int64)))),
    }


def _site_arrays(sites: "pl.DataFrame") -> dict[str, Table]:
    import polars as pl  # noqa: PLC0415 -- heavy

    flags = (
        (pl.col("state") == "F").fill_null(value=False).cast(pl.UInt8) * CLOSED
        + (pl.col("is_head") == "true").fill_null(value=False).cast(pl.UInt8) * HEAD
        + (pl.col("diffusion").fill_null("O") != "O").cast(pl.UInt8) * HIDDEN_SITE
    )
    streets = streets_of(sites.select(street_line().alias("s"))["s"])
    towns = towns_of(sites["city"])
    department = sites.select(department_of("city_code", "postcode").alias("d"))["d"].str.replace("^2[AB]$", "20")
    since = sites["since"].str.to_date("%Y-%m-%d", strict=False) - pl.Series([EPOCH]).str.to_date("%Y-%m-%d")
    return {
        "site_unit": sites["unit"].to_numpy().astype(np.int64),
        "site_nic": sites["nic"].cast(pl.UInt32, strict=False).fill_null(0).to_numpy(),
        "site_flags": sites.select(flags.alias("f"))["f"].to_numpy(),
        "site_postcode": _number(sites["postcode"]).astype(np.uint32),
        "site_department": _number(department),
        "site_number": np.minimum(_number(sites["number"]), 65_535).astype(np.uint16),
        "site_street": _hashes(streets),
        "site_town": _hashes(towns),
        "site_since": since.dt.total_days().fill_null(0).clip(0, 65_535).to_numpy().astype(np.uint16),
        **_streets(streets),
    }


def street_line() -> "pl.Expr":
    """« AV DU GENERAL DE GAULLE »: type and name of the street, as compared (without its number)."""
    import polars as pl  # noqa: PLC0415 -- heavy

    return pl.concat_str(["street_type", "street"], separator=" ", ignore_nulls=True)


def _hashes(texts: Texts) -> Table:
    found = texts.hashes[np.maximum(texts.index, 0)] if len(texts.hashes) else np.zeros(len(texts.index), np.uint64)
    return np.where(texts.index < 0, np.uint64(0), found)


def _streets(texts: Texts) -> Mapping[str, Table]:
    """The vocabulary of streets: hash of each, and hashes of its words."""
    words = texts.words.hashes[texts.numbers] if len(texts.numbers) else np.zeros(0, np.uint64)
    return {
        "streets": texts.hashes,
        "street_pointers": texts.pointers,
        "street_words": (words & np.uint64(0xFFFFFFFF)).astype(np.uint32),
    }


def _number(values: "pl.Series") -> Any:
    """Digits as a number, 0 when there are none."""
    import polars as pl  # noqa: PLC0415 -- heavy

    return values.str.extract(r"^(\d+)", 1).cast(pl.Int64, strict=False).fill_null(0).to_numpy().astype(np.int64)


def naf_numbers(values: "pl.Series") -> Table:
    """« 62.01Z » → 6201 × 32 + 26, 0 when unknown: the division is the number over 3200."""
    import polars as pl  # noqa: PLC0415 -- heavy

    text = values.fill_null("").str.replace_all(r"[.\s]", "")
    digits = text.str.extract(r"^(\d{2,4})", 1).str.pad_end(4, "0").cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    letters = text.str.extract(r"([A-Z])$", 1).fill_null("@").to_list()
    letter = np.fromiter((ord(one) - 64 for one in letters), np.int64, len(letters))
    return np.where(digits > 0, digits * 32 + letter, 0).astype(np.uint32)
