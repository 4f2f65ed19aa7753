"""Out of a file as administrations send it, clean rows.

`inspect` says what a file holds (sheets, header, first rows, what was noticed); `read` streams the rows of one sheet.
Every outside byte is parsed in a child process with limits: a hostile file ends as a `TabularError`, never as a crash.
"""

from reciproque.engines.tabular.model import (
    Inspection,
    Limits,
    Note,
    ReadOptions,
    Row,
    SheetInspection,
    TabularError,
)
from reciproque.engines.tabular.process import inspect, read

__all__ = [
    "Inspection",
    "Limits",
    "Note",
    "ReadOptions",
    "Row",
    "SheetInspection",
    "TabularError",
    "inspect",
    "read",
]
