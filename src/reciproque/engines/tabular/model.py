"""What the engine says about a file: plain values, that go through JSON without loss."""

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Kind = Literal["data", "total", "empty", "note"]
Format = Literal["csv", "xlsx", "xls", "ods"]


class TabularError(Exception):
    """A file, or a place in it, that cannot be taken. `code` is stable, `detail` is a fact for the sentence."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may weigh, and what its reading may cost. A limit is the last accepted value."""

    file_bytes: int = 20_000_000
    unpacked_bytes: int = 200_000_000
    entries: int = 10_000
    ratio: int = 300
    rows: int = 200_000
    columns: int = 300
    cell_length: int = 32_767
    memory_bytes: int = 1 << 30
    cpu_seconds: int = 60
    wall_seconds: int = 60

    def to_json(self) -> dict[str, int]:
        """The limits as plain numbers."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, int]) -> "Limits":
        """The reverse of `to_json`."""
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth telling about a sheet, that does not prevent reading it."""

    code: str
    detail: str = ""


class Row(NamedTuple):
    """One line of a sheet. `line` is the number a spreadsheet shows at its left."""

    line: int
    cells: tuple[str, ...]
    kind: Kind = "data"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a sheet: what `inspect` found, possibly corrected by a person."""

    format: Format
    header_rows: tuple[int, ...] = ()
    first_line: int = 1
    n_columns: int = 0
    separator: str = ""
    encoding: str = ""

    def to_json(self) -> dict[str, Any]:
        """The options as plain values, to keep them with an import."""
        return {**dataclasses.asdict(self), "header_rows": list(self.header_rows)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ReadOptions":
        """The reverse of `to_json`."""
        return cls(**{**data, "header_rows": tuple(data["header_rows"])})


@dataclass(frozen=True, slots=True)
class SheetInspection:
    """One sheet: where its table starts, what its columns are called, its first rows.

    `samples` are the first ten rows; `evidence` the first filled values of each column, lined up as rows, to guess what
    a column is although its first cells are empty. Long cells are cut in both.
    """

    name: str
    format: Format
    hidden: bool
    n_rows: int
    n_columns: int
    header_rows: tuple[int, ...]
    first_line: int
    headers: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    evidence: tuple[tuple[str, ...], ...]
    separator: str
    encoding: str
    confidence: float
    notes: tuple[Note, ...]
    total_lines: tuple[int, ...]

    @property
    def options(self) -> ReadOptions:
        """How to read this sheet as it was understood."""
        return ReadOptions(
            self.format, self.header_rows, self.first_line, self.n_columns, self.separator, self.encoding
        )

    def to_json(self) -> dict[str, Any]:
        """The sheet as plain values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "SheetInspection":
        """The reverse of `to_json`."""
        return cls(
            **{
                **data,
                "header_rows": tuple(data["header_rows"]),
                "headers": tuple(data["headers"]),
                "samples": tuple(tuple(cells) for cells in data["samples"]),
                "evidence": tuple(tuple(cells) for cells in data["evidence"]),
                "notes": tuple(Note(**note) for note in data["notes"]),
                "total_lines": tuple(data["total_lines"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file is and holds."""

    format: Format
    sheets: tuple[SheetInspection, ...]

    def to_json(self) -> dict[str, Any]:
        """The inspection as plain values."""
        return {"format": self.format, "sheets": [sheet.to_json() for sheet in self.sheets]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Inspection":
        """The reverse of `to_json`."""
        return cls(data["format"], tuple(SheetInspection.from_json(sheet) for sheet in data["sheets"]))
