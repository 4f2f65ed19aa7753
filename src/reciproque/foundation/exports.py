"""Tables going out: CSV and XLSX, safe against formulas, streamed, readable by a French spreadsheet and by our own imports."""

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify

DANGEROUS = tuple("=+-@\t\r\n\0＝＋－＠")
HANDLE = 3
"""Characters that the arrow of a filter takes beside a heading."""
WIDEST = 50
"""Characters of the widest column of a workbook."""
NUMBER = re.compile(r"[+-]?\d[\d .,\u00a0\u202f()-]*\Z")  # a number or a phone, by its look


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet will take for a formula; numbers and phones are left as they are, days are said as in French."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if not isinstance(value, str):
        return value
    if value.startswith(DANGEROUS) and not NUMBER.match(value):
        return "'" + value
    return value


def original_cell(text: str) -> str:
    """The inverse of `safe_cell` for text read back from one of our exports."""
    return text[1:] if text[:1] == "'" and text[1:2] in DANGEROUS else text


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_lines(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """RFC 4180 lines, semicolons, with a byte order mark so that spreadsheets read the accents."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff"
    yield str(writer.writerow([safe_cell(h) for h in headers]))
    for row in rows:
        yield str(writer.writerow([safe_cell(cell) for cell in row]))


def write_xlsx(target: IO[bytes], sheets: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> None:
    """Write sheets (title, headers, rows) row by row, with little memory.

    Text is always text, never a formula; days are days, that a spreadsheet sorts; columns are as wide as what they hold, and filter.
    """
    import xlsxwriter  # noqa: PLC0415 -- heavy, and few requests need it

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd/mm/yyyy",
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True})
        for title, headers, rows in sheets:
            sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
            sheet.write_row(0, 0, list(headers), bold)
            sheet.freeze_panes(1, 1)
            widths, number = [len(str(one)) + HANDLE for one in headers], 0
            for number, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell[:32_767]) if cell else None
                    elif cell is not None:
                        sheet.write(number, column, cell)
                    if column < len(widths):
                        widths[column] = max(widths[column], _width(cell))
            for column, width in enumerate(widths):
                sheet.set_column(column, column, min(width + 1, WIDEST))
            if number and headers:
                sheet.autofilter(0, 0, number, len(headers) - 1)


def _width(cell: Any) -> int:
    """Characters that a cell takes."""
    if cell is None:
        return 0
    return 10 if isinstance(cell, dt.date) else len(cell) if isinstance(cell, str) else len(str(cell))


def write_file(
    kind: str, path: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str = "Données"
) -> int:
    """Write a table as `csv` or `xlsx`, whole or not at all: the file appears under its name once complete. Returns its rows."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_suffix(".part")
    counted = _Counted(rows)
    with partial.open("wb") as file:
        if kind == "csv":
            file.writelines(line.encode() for line in csv_lines(headers, counted))
        else:
            write_xlsx(file, [(sheet, headers, counted)])
    partial.replace(path)
    return counted.number


class _Counted:
    """Rows, and how many have gone through."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows, self.number = rows, 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self._rows:
            self.number += 1
            yield row


def download(
    kind: str, name: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str = "Données"
) -> HttpResponseBase:
    """The answer that sends a table as `csv` or `xlsx` under a safe file name."""
    filename = f"{slugify(name) or 'export'}.{kind}"
    if kind == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            csv_lines(headers, rows), content_type="text/csv; charset=utf-8"
        )
        response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
        return response
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- FileResponse closes it
    write_xlsx(file, [(sheet, headers, rows)])
    file.seek(0)
    kind_of_file = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, as_attachment=True, filename=filename, content_type=kind_of_file)
