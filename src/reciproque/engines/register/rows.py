"""Rows that ask who they are, as numbers: the same reduction of names, streets and towns as the index."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reciproque.engines.intake.departments import code_of
from reciproque.engines.linkage.encoding import _digits
from reciproque.engines.linkage.kernels import Ints, Table
from reciproque.engines.linkage.text import packed
from reciproque.engines.linkage.wording import Texts, names_of, streets_of, towns_of

COLUMNS = ("name", "address", "postcode", "city", "department", "siren", "siret", "naf")
"""What a row may say; only `name` is required."""
NAME, STREET, NUMBER, POSTCODE, DEPARTMENT, TOWN, SIREN, NIC, FORM, NAF = range(10)
CODES = 10
ADDRESS_CODES = (STREET, NUMBER, POSTCODE, TOWN)
_NUMBER = r"^\D{0,24}?\b(\d{1,4})\b"
_POST_BOX = r"(?i)\b(?:bp|cs|tsa|cedex)\s*\d*\b"
_AHEAD = r"(?i)^.{0,24}?\b\d{1,4}\s*(?:bis|ter|quater|[a-d]\b)?[\s,.-]+"


class Rows(NamedTuple):
    """`codes[row]` are numbers (-1 unknown) under the constants of this module."""

    codes: Table
    names: Texts
    streets: Texts
    towns: Texts

    def __len__(self) -> int:
        return len(self.codes)


def rows_of(columns: Mapping[str, Any]) -> Rows:
    """The rows of a file (a list or a polars column each)."""
    import polars as pl  # noqa: PLC0415 -- heavy

    size = len(columns["name"])
    text = {
        name: pl.Series(columns[name], dtype=pl.String).fill_null("")
        if name in columns
        else pl.Series([""] * size, dtype=pl.String)
        for name in COLUMNS
    }
    address = text["address"].str.replace_all(_POST_BOX, " ")
    number = address.str.extract(_NUMBER, 1).cast(pl.Int64, strict=False).fill_null(-1)
    names, streets, towns = names_of(text["name"]), streets_of(address.str.replace(_AHEAD, "")), towns_of(text["city"])
    codes = np.full((size, CODES), -1, np.int64)
    codes[:, NAME], codes[:, STREET], codes[:, TOWN], codes[:, FORM] = (
        names.index,
        streets.index,
        towns.index,
        names.forms,
    )
    codes[:, NUMBER] = number.to_numpy()
    codes[:, POSTCODE], codes[:, DEPARTMENT] = _places(text["postcode"], text["department"])
    codes[:, SIREN], codes[:, NIC] = _identifiers(text["siren"], text["siret"])
    digits = text["naf"].str.extract(r"^\s*(\d{2})", 1).cast(pl.Int64, strict=False).fill_null(0)
    codes[:, NAF] = digits.to_numpy()
    return Rows(codes, names, streets, towns)


def _identifiers(siren: Any, siret: Any) -> tuple[Ints, Ints]:
    """(SIREN, NIC) whose check digits are right."""
    long, short, alone = _digits(*packed(siret), 14), _digits(*packed(siret), 9), _digits(*packed(siren), 9)
    return np.where(long >= 0, long // 100_000, np.where(alone >= 0, alone, short)), np.where(
        long >= 0, long % 100_000, -1
    )


def _places(postcode: Any, department: Any) -> tuple[Ints, Ints]:
    """(postcode, département): Corsica is 20, overseas départements have three digits."""
    import polars as pl  # noqa: PLC0415 -- heavy

    digits = postcode.str.replace_all(r"\D", "")
    usable = digits.str.len_chars().is_in([4, 5])
    post = digits.cast(pl.Int64, strict=False).fill_null(-1).to_numpy()
    post = np.where(usable.to_numpy(), post, -1)
    meant = {value: _department(value) for value in department.unique().to_list()}
    said = department.replace_strict(list(meant), list(meant.values()), return_dtype=pl.Int64).to_numpy()
    return post, np.where(post >= 0, np.where(post >= 97_000, post // 100, post // 1000), said)


def _department(value: str) -> int:
    """« 49 », « 2A », « Maine-et-Loire » as a number; -1 when it says none."""
    text = value.strip().upper()
    code = text if text[:2].isdigit() or text in {"2A", "2B"} else code_of(text)
    code = "20" if code in {"2A", "2B"} else code
    digits = "".join(letter for letter in code[:3] if letter.isdigit())
    return int(digits) if digits and int(digits) else -1
