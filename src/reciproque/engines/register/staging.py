"""First stage: the files dealt out in buckets of companies (by the first two figures of the SIREN), on disk.

What follows takes one bucket at a time, so that memory is bounded whatever the size of the files. A file that has been dealt out
is marked: a load begun again goes on from there.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reciproque.engines.register.columns import TITLES, Kind
from reciproque.engines.register.reading import pieces, recognised

if TYPE_CHECKING:
    import polars as pl

Tell = Callable[[str], None]
BUCKETS = 100
GATHERED = 400_000
"""Rows kept before they are written: most of the memory that a load takes, whatever the size of the files."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The files to load and what is wanted of them. No département = all France."""

    files: tuple[tuple[Path, Kind], ...]
    departments: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What tells this load from another: the same files, unchanged, for the same départements."""
        said = [[kind, path.name, path.stat().st_size, int(path.stat().st_mtime)] for path, kind in self.files]
        return hashlib.sha256(json.dumps([said, self.departments]).encode()).hexdigest()[:20]


def stock_of(paths: Sequence[Path], departments: Sequence[str] = ()) -> Stock:
    """The files recognised. Raises `StockError` when one is not a stock file."""
    return Stock(tuple((path, recognised(path)) for path in paths), tuple(sorted(departments)))


def staged(stock: Stock, work: Path, tell: Tell) -> None:
    """Deal every file out under `work`; those already done are passed over."""
    for number, (path, kind) in enumerate(stock.files):
        done = work / f"staged-{number}"
        if done.exists():
            continue
        folder = work / "staged" / kind / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        rows = _deal(path, kind, stock.departments, folder, tell)
        done.write_text(str(rows))
        tell(f"{TITLES[kind]} : {rows} lignes.")


def _deal(path: Path, kind: Kind, departments: Sequence[str], folder: Path, tell: Tell) -> int:
    import polars as pl  # noqa: PLC0415 -- heavy

    gathered: list[pl.DataFrame] = []
    rows, held, turn = 0, 0, 0
    for frame, share in pieces(path, kind):
        rows += frame.height
        kept = _wanted(frame, kind, departments)
        gathered.append(kept)
        held += kept.height
        if held >= GATHERED:
            _written(gathered, kind, folder, turn)
            gathered, held, turn = [], 0, turn + 1
            tell(f"{TITLES[kind]} : {share:.0%}")
    if gathered:
        _written(gathered, kind, folder, turn)
    return rows


def _wanted(frame: "pl.DataFrame", kind: Kind, departments: Sequence[str]) -> "pl.DataFrame":
    """Sites of the chosen départements, and every head office (its company may have a site there)."""
    import polars as pl  # noqa: PLC0415 -- heavy

    if kind != "sites" or not departments:
        return frame
    return frame.filter(department_of("city_code", "postcode").is_in(list(departments)) | (pl.col("is_head") == "true"))


def department_of(city_code: str, postcode: str) -> "pl.Expr":
    """« 49 », « 2A », « 971 », from the code of the commune, else from the postcode."""
    import polars as pl  # noqa: PLC0415 -- heavy

    code = pl.coalesce(pl.col(city_code), pl.col(postcode)).fill_null("")
    overseas = code.str.starts_with("97") | code.str.starts_with("98")
    return pl.when(overseas).then(code.str.slice(0, 3)).otherwise(code.str.slice(0, 2))


def _written(gathered: "list[pl.DataFrame]", kind: Kind, folder: Path, turn: int) -> None:
    import polars as pl  # noqa: PLC0415 -- heavy

    siren = "before" if kind == "successions" else "siren"
    whole = pl.concat(gathered)
    number = pl.col(siren).str.slice(0, 2).cast(pl.Int16, strict=False)
    usable = pl.col(siren).str.len_bytes() == (14 if kind == "successions" else 9)
    whole = whole.with_columns(bucket=number).filter(usable & pl.col("bucket").is_between(0, BUCKETS - 1))
    for (bucket,), rows in whole.partition_by("bucket", as_dict=True, include_key=False).items():
        rows.write_parquet(folder / f"{int(bucket):02d}-{turn}.parquet", compression="lz4")


def bucket_of(work: Path, kind: Kind, bucket: int) -> "pl.DataFrame | None":
    """The rows of one bucket, None when it has none."""
    import polars as pl  # noqa: PLC0415 -- heavy

    parts = sorted((work / "staged" / kind).glob(f"*/{bucket:02d}-*.parquet"))
    return pl.concat([pl.read_parquet(part) for part in parts]) if parts else None
