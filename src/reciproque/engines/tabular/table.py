"""From the lines of a sheet to its table: what each line is, and the account of the whole."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from reciproque.engines.tabular.book import Merge
from reciproque.engines.tabular.header import HEAD_LINES, Header, kind, locate
from reciproque.engines.tabular.model import Format, Kind, Limits, Note, ReadOptions, Row, SheetInspection, TabularError
from reciproque.engines.tabular.text import lines_text

SAMPLES = 10
EVIDENCE = 30
SHOWN = 300
"""Characters of a cell kept in samples."""
TOTAL = re.compile(
    r"(?:grand |sous[- ])?tota(?:l|ux)(?: (?:general|generaux|global|cumule|annuel|ttc|ht|subventions?|montants?|page"
    r"|partiel|\d{4}|(?:de|du|des|de la|par) .{1,40}))*[ :.]*$"
)
LEGEND = re.compile(r"\(\d{1,2}\)|\*|\d\)|(?:source|sources|nb|n\.b\.|legende|nota)\s*[:.]", re.IGNORECASE)


def line_kind(cells: Sequence[str], header: tuple[str, ...] = ()) -> Kind:
    """What a line is: data, an empty line, a total, or a note (legend under the table, header printed again)."""
    if not any(cells):
        return "empty"
    first = next((cell for cell in cells if cell and not cell.isspace()), "")
    if not first:
        return "empty"
    initial = first.lstrip()[0]
    if initial in "tTsSgG" and _is_total(first, cells):
        return "total"
    if initial in "(*123456789sSnNlL" and sum(map(bool, cells)) == 1 and LEGEND.match(first.strip()):
        return "note"
    if header and cells[0] == header[0] and tuple(cells) == header:
        return "note"
    return "data"


def _is_total(first: str, cells: Sequence[str]) -> bool:
    plain = unicodedata.normalize("NFKD", first).encode("ascii", "ignore").decode().lower().strip()
    if not TOTAL.match(plain):
        return False
    others = [text for cell in cells if cell is not first and (text := cell.strip())]
    digits = [re.sub(r"\D", "", text) for text in others]
    return all(kind(text) == "number" for text in others) and not any(
        len(run) in {9, 14} and run == text for run, text in zip(digits, others, strict=True)
    )


def rows(records: Iterable[tuple[int, list[str]]], options: ReadOptions, limits: Limits) -> Iterator[Row]:
    """The lines under the header, all as wide as the table; empty lines at the end are left out."""
    width = options.n_columns
    titles: tuple[str, ...] = ()
    last_header = options.header_rows[-1] if options.header_rows else 0
    waiting: list[int] = []
    for line, cells in records:
        if line == last_header:
            titles = _fitted(cells, width)
        if line < options.first_line:
            continue
        if line > limits.rows + options.first_line:
            raise TabularError("too_many_rows", str(line))
        fitted = _fitted(cells, width)
        what = line_kind(fitted, titles)
        if what == "empty":
            waiting.append(line)
            continue
        if waiting:
            yield from (Row(empty, ("",) * width, "empty") for empty in waiting)
            waiting.clear()
        yield Row(line, fitted, what)


def _fitted(cells: Sequence[str], width: int) -> tuple[str, ...]:
    if len(cells) == width:
        return tuple(cells)
    return (*cells[:width], *("",) * (width - len(cells)))


class Survey:
    """One pass over a sheet: the size of its table, its header, its first rows, its oddities."""

    def __init__(self, records: Iterable[tuple[int, list[str]]], merges: Sequence[Merge], limits: Limits) -> None:
        self.limits = limits
        self.merges = [merge for merge in merges if merge[0][0] <= HEAD_LINES * 2]
        self.vertical = [top for (top, _), (bottom, _) in merges if bottom > top]
        self.width = 0
        self.notes: list[Note] = []
        lines: list[tuple[int, list[str]]] = []
        source = iter(records)
        for line, cells in source:
            self._measure(line, cells)
            if any(cells):
                lines.append((line, cells))
            if len(lines) >= HEAD_LINES:
                break
        self.header: Header = locate(lines, self.merges, self.width)
        self._count(lines, source)

    def _measure(self, line: int, cells: list[str]) -> None:
        width = len(cells)
        while width and not cells[width - 1].strip():
            width -= 1
        if width > self.limits.columns:
            raise TabularError("too_many_columns", str(width))
        self.width = max(self.width, width)
        if cells and len(max(cells, key=len)) > self.limits.cell_length:
            raise TabularError("cell_too_long", str(line))

    def _count(self, lines: list[tuple[int, list[str]]], rest: Iterator[tuple[int, list[str]]]) -> None:
        header = self.header
        self.first_line = header.rows[-1] + 1 if header.rows else (lines[0][0] if lines else 1)
        titled = len(header.labels)
        self.titles = [line for line, _ in lines if header.rows and line < header.rows[0]]
        head = next((tuple(cells) for line, cells in lines if header.rows and line == header.rows[-1]), ())
        self.totals: list[int] = []
        self.legends: list[int] = []
        self.wide: list[int] = []
        self.samples: list[list[str]] = []
        self.filled: set[int] = set()
        self.evidence: dict[int, list[str]] = {}
        self.wanted: set[int] = set()
        self.data = self.empty = pending = 0
        previous = self.first_line - 1
        for line, cells in self._under_header(lines, rest):
            pending += line - previous - 1
            previous = line
            what = line_kind(cells, head)
            if what == "empty":
                pending += 1
                continue
            self.empty, pending = self.empty + pending, 0
            if line - self.first_line >= self.limits.rows:
                raise TabularError("too_many_rows", str(line))
            if what == "data":
                self._data(line, cells, titled)
            else:
                (self.totals if what == "total" else self.legends).append(line)

    def _under_header(
        self, lines: list[tuple[int, list[str]]], rest: Iterator[tuple[int, list[str]]]
    ) -> Iterator[tuple[int, list[str]]]:
        yield from ((line, cells) for line, cells in lines if line >= self.first_line)
        for line, cells in rest:
            self._measure(line, cells)
            yield line, cells

    def _data(self, line: int, cells: list[str], titled: int) -> None:
        self.data += 1
        if len(self.samples) < SAMPLES:
            self.samples.append(cells)
        for column in range(len(self.evidence), min(len(cells), self.width)):
            self.evidence[column] = []
            self.wanted.add(column)
        for column in tuple(self.wanted):
            if column < len(cells) and cells[column]:
                self.filled.add(column)
                self.evidence[column].append(cells[column][:SHOWN])
                if len(self.evidence[column]) >= EVIDENCE:
                    self.wanted.discard(column)
        if len(cells) > titled and any(cells[titled:]):
            self.wide.append(line)

    def result(
        self, name: str, *, found: Format, hidden: bool, separator: str, encoding: str, sure: float, notes: list[Note]
    ) -> SheetInspection:
        """The account of the sheet."""
        labels = _fitted(self.header.labels, self.width)
        return SheetInspection(
            name=name,
            format=found,
            hidden=hidden,
            n_rows=self.data,
            n_columns=self.width,
            header_rows=self.header.rows,
            first_line=self.first_line,
            headers=labels,
            samples=tuple(_fitted([cell[:SHOWN] for cell in cells], self.width) for cells in self.samples),
            evidence=tuple(itertools.zip_longest(*(self.evidence.get(i, ()) for i in range(self.width)), fillvalue="")),
            separator=separator,
            encoding=encoding,
            confidence=round(self.header.confidence * sure, 2) if self.width else 0.0,
            notes=(*notes, *self._notes(labels)),
            total_lines=tuple(self.totals),
        )

    def _notes(self, labels: tuple[str, ...]) -> Iterator[Note]:
        if not self.data:
            yield Note("no_data")
        if not self.header.rows and self.width:
            yield Note("no_header")
        if self.empty:
            yield Note("empty_rows", str(self.empty))
        unnamed = {column for column in self.filled if not labels[column]} if self.header.rows else set()
        vacant = set(range(self.width)) - self.filled if self.data else set()
        found = {
            "header_lines": self.header.rows if len(self.header.rows) > 1 else (),
            "title_lines": self.titles,
            "total_lines": self.totals,
            "legend_lines": self.legends,
            "wide_rows": self.wide,
            "merged_cells": {line for line in self.vertical if line >= self.first_line},
            "unnamed_columns": {column + 1 for column in unnamed},
            "empty_columns": {column + 1 for column in vacant},
        }
        yield from (Note(code, lines_text(sorted(numbers))) for code, numbers in found.items() if numbers)
