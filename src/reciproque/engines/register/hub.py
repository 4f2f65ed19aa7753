"""The register as a hub of aliases: rows that name one company in different ways (brand, sign, former name) are said to be it, and
de-duplication does the rest."""

from collections.abc import Callable, Mapping
from typing import Any

from reciproque.engines.register.index import Register
from reciproque.engines.register.qualifying import identify


def completed(register: Register, threads: int | None = None) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """A function that tells beside the rows of a file the SIREN and the SIRET under which the register knows them, and how
    surely."""

    def complete(columns: Mapping[str, Any]) -> dict[str, Any]:
        import polars as pl  # noqa: PLC0415 -- heavy

        found = identify(columns, register, threads=threads)
        sirens = [f"{number:09d}" if number >= 0 else "" for number in found.siren.tolist()]
        sirets = [f"{number:014d}" if number >= 0 else "" for number in found.siret.tolist()]
        return {
            **columns,
            "register_siren": pl.Series(sirens, dtype=pl.String),
            "register_probability": pl.Series(found.sure, dtype=pl.Float32),
            "register_siret": pl.Series(sirets, dtype=pl.String),
            "register_site_probability": pl.Series(found.site_sure, dtype=pl.Float32),
        }

    return complete
