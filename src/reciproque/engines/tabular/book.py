"""Workbooks (XLSX, XLS, ODS): cells turned into the text a person would have typed."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import python_calamine as calamine

from reciproque.engines.tabular.model import Limits, TabularError

LONG_NUMBER = 10**10
Merge = tuple[tuple[int, int], tuple[int, int]]


class Sheet:
    """One sheet, opened: its rows as text, its merged cells relative to its first column."""

    def __init__(self, sheet: Any, *, hidden: bool, limits: Limits) -> None:
        self.name: str = sheet.name
        self.hidden = hidden
        self.limits = limits
        self.long_numbers: set[int] = set()
        self._sheet = sheet
        self._first_column: int = (sheet.start or (0, 0))[1]
        if sheet.total_height > limits.rows:
            raise TabularError("too_many_rows", str(sheet.total_height))

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of each line from the first one on."""
        for line, values in enumerate(self._sheet.iter_rows(), 1):
            yield line, [value if type(value) is str else self._text(value, i) for i, value in enumerate(values)]

    def merges(self) -> list[Merge]:
        """Merged ranges, lines counted from 1, columns from 0."""
        first = self._first_column
        return [
            ((top + 1, left - first), (bottom + 1, right - first))
            for (top, left), (bottom, right) in self._sheet.merged_cell_ranges or []
        ]

    def _text(self, value: Any, column: int) -> str:
        if isinstance(value, float):
            if not value.is_integer() or abs(value) >= 1e21:
                return f"{value:.15g}"
            if abs(value) >= LONG_NUMBER:
                self.long_numbers.add(column)
            return str(int(value))
        if isinstance(value, bool):
            return "VRAI" if value else "FAUX"
        return _moment(value) if isinstance(value, dt.date | dt.time) else str(value)


def _moment(value: dt.date | dt.time) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    return value.isoformat()


class Book:
    """A workbook, opened in the child process only."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        try:
            self._book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        except calamine.PasswordError as error:
            raise TabularError("encrypted") from error
        except (calamine.CalamineError, ValueError, OSError) as error:
            raise TabularError("unreadable", type(error).__name__) from error

    def names(self) -> list[str]:
        """The sheets that hold cells, in order."""
        return [meta.name for meta in self._book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]

    def sheet(self, name: str) -> Sheet:
        """One sheet by its name."""
        meta = next((meta for meta in self._book.sheets_metadata if meta.name == name), None)
        if meta is None:
            raise TabularError("no_such_sheet", name[:100])
        try:
            sheet = self._book.get_sheet_by_name(name)
        except calamine.PasswordError as error:
            raise TabularError("encrypted") from error
        except (calamine.CalamineError, ValueError, OSError) as error:
            raise TabularError("unreadable", type(error).__name__) from error
        return Sheet(sheet, hidden=meta.visible != calamine.SheetVisibleEnum.Visible, limits=self._limits)
