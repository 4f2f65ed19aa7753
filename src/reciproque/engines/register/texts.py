"""What is shown and not compared (names as registered, addresses): rows of text, compressed in blocks, read back one at a time."""

import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from reciproque.engines.linkage.kernels import Table

if TYPE_CHECKING:
    import polars as pl

BLOCK = 256
"""Rows of a block."""
LEVEL = 6


def packed_rows(frame: "pl.DataFrame") -> tuple[Table, Table]:
    """(bytes, size of each block): cells apart by tabs, rows by line breaks."""
    import polars as pl  # noqa: PLC0415 -- heavy

    if not frame.height:
        return np.zeros(0, np.uint8), np.zeros(0, np.uint32)
    cells = [pl.col(name).fill_null("").str.replace_all(r"[\t\n\r]", " ") for name in frame.columns]
    lines = frame.select(line=pl.concat_str(cells, separator="\t"))["line"]
    blocks = [
        zlib.compress("\n".join(lines.slice(start, BLOCK).to_list()).encode(), LEVEL)
        for start in range(0, frame.height, BLOCK)
    ]
    return np.frombuffer(b"".join(blocks), np.uint8), np.array([len(block) for block in blocks], np.uint32)


def row_of(data: Any, offsets: Any, row: int, base: int) -> list[str]:
    """The cells of a row; `base` is the block at which its bucket begins."""
    block = base + row // BLOCK
    text = zlib.decompress(bytes(data[int(offsets[block]) : int(offsets[block + 1])])).decode()
    return text.split("\n")[row % BLOCK].split("\t")
