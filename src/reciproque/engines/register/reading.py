"""Stock files as frames of our columns, a piece at a time: CSV, CSV in a zip, Parquet."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING

from reciproque.engines.register.columns import COLUMNS, HIDDEN, TITLES, Kind, kind_of

if TYPE_CHECKING:
    import polars as pl

BLOCK = 48 << 20
"""Bytes of CSV read at a time."""
ROWS = 400_000
"""Rows of Parquet read at a time."""


class StockError(ValueError):
    """The file is not a stock file that can be read; the message is for the person who gave it."""


def recognised(path: Path) -> Kind:
    """Which stock file this is, by its columns."""
    if not path.is_file():
        raise StockError(f"Le fichier « {path} » n’existe pas.")
    kind = kind_of(headings(path))
    if kind is None:
        known = ", ".join(TITLES.values())
        raise StockError(f"« {path.name} » n’est pas un fichier stock SIRENE (attendus : {known}).")
    return kind


def headings(path: Path) -> list[str]:
    """The columns of a file."""
    import polars as pl  # noqa: PLC0415 -- heavy

    if path.suffix.lower() == ".parquet":
        try:
            return list(pl.read_parquet_schema(path))
        except (pl.exceptions.PolarsError, OSError) as error:
            raise StockError(f"« {path.name} » est illisible : {error}") from error
    with ExitStack() as stack:
        line = _opened(path, stack).readline().decode("utf-8-sig", "replace")
    return [cell.strip().strip('"') for cell in line.strip().split(",")]


def pieces(path: Path, kind: Kind) -> Iterator[tuple["pl.DataFrame", float]]:
    """(rows, share of the file read so far). Every column is text, missing or hidden values are null."""
    source = _parquet(path, kind) if path.suffix.lower() == ".parquet" else _csv(path, kind)
    for frame, share in source:
        yield _ours(frame, kind), share


def _ours(frame: "pl.DataFrame", kind: Kind) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415 -- heavy

    wanted = COLUMNS[kind]
    cells = []
    for theirs, ours in wanted.items():
        if theirs in frame.columns:
            text = pl.col(theirs).cast(pl.String)
            cells.append(pl.when((text == HIDDEN) | (text == "")).then(None).otherwise(text).alias(ours))
        else:
            cells.append(pl.lit(None, dtype=pl.String).alias(ours))
    return frame.select(cells)


def _parquet(path: Path, kind: Kind) -> Iterator[tuple["pl.DataFrame", float]]:
    import polars as pl  # noqa: PLC0415 -- heavy

    scan = pl.scan_parquet(path)
    held = [name for name in COLUMNS[kind] if name in scan.collect_schema().names()]
    total = int(scan.select(pl.len()).collect().item())
    for start in range(0, total, ROWS):
        yield scan.select(held).slice(start, ROWS).collect(), min(1.0, (start + ROWS) / total)


def _csv(path: Path, kind: Kind) -> Iterator[tuple["pl.DataFrame", float]]:
    with ExitStack() as stack:
        stream = _opened(path, stack)
        first = stream.readline()
        names = [cell.strip().strip('"') for cell in first.decode("utf-8-sig").strip().split(",")]
        held = [name for name in COLUMNS[kind] if name in names]
        size, read, left = _size(path), 0, b""
        while block := stream.read(BLOCK):
            read += len(block)
            whole, left = _lines(left + block)
            if whole:
                yield _frame(whole, names, held, path), min(1.0, read / max(1, size))
        if left.strip():
            yield _frame(left, names, held, path), 1.0


def _frame(data: bytes, names: list[str], held: list[str], path: Path) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415 -- heavy

    try:
        whole = io.BytesIO(",".join(names).encode() + b"\n" + data)
        return pl.read_csv(whole, columns=held, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise StockError(f"« {path.name} » est illisible : {error}") from error


def _lines(data: bytes) -> tuple[bytes, bytes]:
    """(whole lines, what is left): a line break inside quotes does not end a line."""
    end = data.rfind(b"\n") + 1
    while end and data.count(b'"', 0, end) % 2:
        end = data.rfind(b"\n", 0, end - 1) + 1
    return data[:end], data[end:]


def _opened(path: Path, stack: ExitStack) -> IO[bytes]:
    if path.suffix.lower() != ".zip":
        return stack.enter_context(path.open("rb"))
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
    except zipfile.BadZipFile as error:
        raise StockError(f"« {path.name} » n’est pas une archive zip entière.") from error
    return stack.enter_context(archive.open(_member(archive, path)))


def _member(archive: zipfile.ZipFile, path: Path) -> str:
    found = [name for name in archive.namelist() if name.lower().endswith(".csv")]
    if len(found) != 1:
        raise StockError(f"« {path.name} » doit contenir un seul fichier CSV.")
    return found[0]


def _size(path: Path) -> int:
    if path.suffix.lower() != ".zip":
        return path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        return archive.getinfo(_member(archive, path)).file_size
