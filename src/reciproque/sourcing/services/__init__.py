"""What may be asked of imports. The work itself is done by the worker, in `pipeline`."""

from reciproque.sourcing.services.decisions import correct_cells, decide_alike, decide_records, ignore_records
from reciproque.sourcing.services.imports import (
    abandon_import,
    map_columns,
    open_import,
    receive_file,
    run_import,
    start_check,
    stop_import,
    sweep_files,
    undo_import,
)
from reciproque.sourcing.services.reading import read_otherwise
from reciproque.sourcing.services.sources import create_source

__all__ = [
    "abandon_import",
    "correct_cells",
    "create_source",
    "decide_alike",
    "decide_records",
    "ignore_records",
    "map_columns",
    "open_import",
    "read_otherwise",
    "receive_file",
    "run_import",
    "start_check",
    "stop_import",
    "sweep_files",
    "undo_import",
]
