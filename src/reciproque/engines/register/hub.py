"""The register as a hub of aliases: rows that name one company in different ways (brand, sign, former name) get its number, and
de-duplication does the rest."""

from collections.abc import Callable, Mapping
from typing import Any

from reciproque.engines.register.index import Register
from reciproque.engines.register.qualifying import identify

SURE = 0.98
"""Probability from which a number found counts as if it had been written."""


def completed(register: Register, threads: int | None = None) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """A function that writes the SIREN found in the register where the rows of a file give none."""

    def complete(columns: Mapping[str, Any]) -> dict[str, Any]:
        import polars as pl  # noqa: PLC0415 -- heavy

        size = len(columns["name"])
        given = {
            name: pl.Series(columns.get(name, [""] * size), dtype=pl.String).fill_null("")
            for name in ("siren", "siret")
        }
        found, sure = identify(columns, register, threads=threads)
        numbers = [
            f"{number:09d}" if number >= 0 and likely >= SURE and not siren.strip() and not siret.strip() else siren
            for number, likely, siren, siret in zip(
                found.tolist(), sure.tolist(), given["siren"], given["siret"], strict=True
            )
        ]
        return {**columns, "siren": pl.Series(numbers, dtype=pl.String)}

    return complete
