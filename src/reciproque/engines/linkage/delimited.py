"""Delimited text as people send it (separators, encodings, marks, rows too long), read by columns without being whole in memory."""

import codecs
import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from reciproque.engines.tabular import text
from reciproque.engines.tabular.model import Limits

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")
HEAD = 1 << 18
"""Bytes from which a file is recognised."""
BINARY = {
    b"PK\x03\x04": "un classeur ou une archive", b"\xd0\xcf\x11\xe0": "un ancien classeur Excel", b"PAR1": "un Parquet",
    b"\x1f\x8b": "un fichier compressé", b"%PDF-": "un PDF",
}  # fmt: skip


class FileError(ValueError):
    """The file cannot be used; the message is for the person who gave it."""


def _windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 -- registered for decoding only
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows", _windows)


@dataclass(frozen=True, slots=True)
class Delimited:
    """A text whose cells are all texts, its columns under names that differ; its headings as they are spelt."""

    source: Path
    plain: Path
    separator: str
    headings: tuple[str, ...]
    skipped: int
    """Lines before the first row."""

    def taken(self, use: "Callable[[pl.LazyFrame], T]") -> T:
        """What `use` makes of the rows. A text that is not written as it should be is read line by line. `FileError` when cells would
        be lost."""
        import polars as pl  # noqa: PLC0415 -- heavy

        try:
            return use(self._rows(self.plain, self.separator, self.skipped))
        except pl.exceptions.PolarsError:
            with tempfile.TemporaryDirectory(prefix="reciproque-") as folder:
                mended = Path(folder, "lignes.csv")
                self._mend(mended)
                return use(self._rows(mended, ",", 0))

    def _rows(self, plain: Path, separator: str, skipped: int) -> "pl.LazyFrame":
        import polars as pl  # noqa: PLC0415 -- heavy

        return pl.scan_csv(
            plain, separator=separator, has_header=False, skip_lines=skipped, missing_columns="insert", raise_if_empty=False,
            schema=dict.fromkeys(distinct(self.headings), pl.String),
        )  # fmt: skip

    def _mend(self, target: Path) -> None:
        """The rows as the import reads them: a quote never closed costs one line, empty cells too many are nothing."""
        width = len(self.headings)
        limits = Limits(file_bytes=1 << 62)
        with target.open("w", encoding="utf-8", newline="") as written:
            out = csv.writer(written, lineterminator="\n")
            records = text.Delimited(
                self.plain.read_bytes(), limits, separator=self.separator, encoding="utf-8"
            ).records()
            next(records, None)
            for line, cells in records:
                if any(cell.strip() for cell in cells[width:]):
                    raise FileError(
                        f"« {self.source.name} » : la ligne {line} a {len(cells)} cellules, pour {width} colonnes."
                    )
                out.writerow((cells + [""] * width)[:width])


def scan(path: Path, folder: Path) -> Delimited:
    """A text to read. What is not plain UTF-8 is first copied as such to `folder`. `FileError` when it is no text, or empty."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xfe\xff;,"):
        raise FileError(f"« {path.name} » est vide.")
    if kind := next((kind for magic, kind in BINARY.items() if head.startswith(magic)), None):
        raise FileError(f"« {path.name} » est {kind}, pas un CSV.")
    plain = _plain(path, head, folder)
    with plain.open(encoding="utf-8-sig", newline="") as opened:
        lines = opened.read(HEAD).splitlines(keepends=True)[:800]
    return Delimited(path, plain, *_header(lines))


def _plain(path: Path, head: bytes, folder: Path) -> Path:
    """The file itself when it is UTF-8 with lines that end as they should, else such a copy of it."""
    wide = text.wide_encoding(head)
    if not wide and head.count(0) > len(head) // 50:
        raise FileError(f"« {path.name} » n’est pas un texte.")
    if not wide and (b"\n" in head or b"\r" not in head) and _is_utf8(path):
        return path
    copy = folder / "texte.csv"
    with (
        path.open(encoding=wide or "utf-8-sig", errors="replace" if wide else "windows", newline=None) as read,
        copy.open("w", encoding="utf-8", newline="") as written,
    ):
        while block := read.read(1 << 20):
            written.write(block)
    return copy


def _is_utf8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _header(lines: Sequence[str]) -> tuple[str, tuple[str, ...], int]:
    """(separator, headings, lines to leave out): a spreadsheet may say the separator on a line of its own."""
    told = 1 if text.SEPARATOR_LINE.match(lines[0]) else 0
    separator = text.guess_separator(list(lines))[0] or ","
    reader = csv.reader(lines[told:], delimiter=separator)
    headings = tuple(heading.strip() for heading in next(reader, []))
    if len(headings) == 1:
        separator = next((sign for sign in ";\t|," if sign in lines[told]), separator)
        reader = csv.reader(lines[told:], delimiter=separator)
        headings = tuple(heading.strip() for heading in next(reader, []))
    return separator, headings, told + reader.line_num


def distinct(headings: Iterable[str]) -> list[str]:
    """The same names, told apart: « Nom », « Nom (2) », « colonne 3 » for one without a name."""
    names: list[str] = []
    for place, heading in enumerate(headings, 1):
        name, count = heading or f"colonne {place}", 2
        while name in names:
            name, count = f"{heading or 'colonne'} ({count})", count + 1
        names.append(name)
    return names


def header_line(headings: Sequence[str]) -> bytes:
    """The headings, as a line of a CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(headings)
    return line.getvalue().encode()
