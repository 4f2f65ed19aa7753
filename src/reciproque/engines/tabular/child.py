"""The process that parses: limits first, then the file on its standard input, JSON lines on its standard output."""

import json
import os
import resource
import sys
from collections.abc import Iterator
from typing import IO, Any

from reciproque.engines.tabular.book import Book
from reciproque.engines.tabular.content import detect
from reciproque.engines.tabular.model import (
    Format,
    Inspection,
    Limits,
    Note,
    ReadOptions,
    Row,
    SheetInspection,
    TabularError,
)
from reciproque.engines.tabular.table import Survey, rows
from reciproque.engines.tabular.text import Delimited, lines_text

BATCH_ROWS = 500
BATCH_CHARACTERS = 400_000
PER_SHEET = frozenset({"too_many_rows", "too_many_columns", "cell_too_long"})


def restrict(limits: Limits) -> None:
    """Cap memory, processor time and files of this process for good."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def inspect(data: bytes, original_name: str, limits: Limits) -> Inspection:
    """What the file is and holds."""
    found = detect(data, original_name, limits)
    sheets = tuple(_inspect_text(data, limits) if found == "csv" else _inspect_book(data, found, limits))
    if not any(sheet.n_rows or sheet.header_rows for sheet in sheets):
        raise TabularError("empty")
    return Inspection(found, sheets)


def _inspect_text(data: bytes, limits: Limits) -> Iterator[SheetInspection]:
    text = Delimited(data, limits)
    survey = Survey(text.records(), (), limits)
    notes = list(text.notes)
    if text.bad_quotes:
        notes.append(Note("bad_quotes", lines_text(text.bad_quotes)))
    yield survey.result(
        "",
        found="csv",
        hidden=False,
        separator=text.separator,
        encoding=text.encoding,
        sure=text.confidence,
        notes=notes,
    )


def _inspect_book(data: bytes, found: Format, limits: Limits) -> Iterator[SheetInspection]:
    """Each sheet; one that passes the limits is told as such, unless no other can be taken."""
    book = Book(data, limits)
    refused: list[TabularError] = []
    names = book.names()
    for name in names:
        try:
            yield _inspect_sheet(book, name, found, limits)
        except TabularError as error:
            refused.append(error)
            if error.code not in PER_SHEET or len(refused) == len(names):
                raise
            note = Note(error.code, error.detail)
            yield Survey((), (), limits).result(
                name, found=found, hidden=False, separator="", encoding="", sure=1.0, notes=[note]
            )


def _inspect_sheet(book: Book, name: str, found: Format, limits: Limits) -> SheetInspection:
    sheet = book.sheet(name)
    survey = Survey(sheet.records(), sheet.merges(), limits)
    notes = []
    if sheet.long_numbers:
        notes.append(Note("long_numbers", lines_text(sorted(column + 1 for column in sheet.long_numbers))))
    return survey.result(name, found=found, hidden=sheet.hidden, separator="", encoding="", sure=1.0, notes=notes)


def read(data: bytes, sheet: str, options: ReadOptions, limits: Limits) -> Iterator[Row]:
    """The rows of one sheet."""
    if detect(data, f"file.{options.format}", limits) == "csv":
        text = Delimited(data, limits, separator=options.separator, encoding=options.encoding)
        return rows(text.records(), options, limits)
    return rows(Book(data, limits).sheet(sheet).records(), options, limits)


class Answer:
    """JSON lines towards the parent."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def send(self, message: dict[str, Any]) -> None:
        """One message, at once."""
        self._out.write(
            json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        )
        self._out.flush()

    def rows(self, source: Iterator[Row]) -> None:
        """Rows in batches small enough to keep both sides busy."""
        batch: list[Row] = []
        characters = 0
        for row in source:
            batch.append(row)
            characters += sum(map(len, row.cells))
            if len(batch) >= BATCH_ROWS or characters > BATCH_CHARACTERS:
                self.send({"rows": batch})
                batch, characters = [], 0
        self.send({"rows": batch, "end": True})


def _content(limits: Limits) -> bytes:
    with os.fdopen(0, "rb", closefd=False) as file:
        data = file.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise TabularError("too_large", str(len(data)))
    return data


def main() -> int:
    """Answer the one request given as argument."""
    request = json.loads(sys.argv[1])
    limits = Limits.from_json(request["limits"])
    restrict(limits)
    answer = Answer(os.fdopen(os.dup(1), "wb"))
    try:
        data = _content(limits)
        if request["action"] == "inspect":
            answer.send({"inspection": inspect(data, request["name"], limits).to_json(), "end": True})
        else:
            options = ReadOptions.from_json(request["options"])
            answer.rows(read(data, request["sheet"], options, limits))
    except TabularError as error:
        answer.send({"error": [error.code, error.detail]})
    except MemoryError:
        answer.send({"error": ["too_heavy", "memory"]})
    except BrokenPipeError:
        return 1
    except BaseException as error:  # noqa: BLE001 - a panic of the parser is a BaseException
        answer.send({"error": ["unreadable", type(error).__name__]})
    return 0


if __name__ == "__main__":
    sys.exit(main())
