"""Compiled functions: how they are declared, and how they are spread over threads.

Kernels release the interpreter lock and each call works on its own range of rows; results never depend on the number of
threads because no kernel adds up over two ranges. Numba keeps the compiled code next to the source, or in the user's
cache folder when that one is read-only.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Floats = NDArray[np.float32]
Table = NDArray[Any]
GRAIN = 4096
"""Rows below which another thread costs more than it brings."""


def kernel(function: F) -> F:
    """Compile at the first call, keep the result on disk."""
    return cast("F", njit(cache=True, nogil=True, error_model="numpy")(function))


def inline(function: F) -> F:
    """The same, for a small function called by kernels."""
    return cast("F", njit(cache=True, nogil=True, error_model="numpy", inline="always")(function))


def threads_or_default(threads: int | None) -> int:
    """What was asked for, else `RECIPROQUE_THREADS`, else the cores of the machine (8 at most)."""
    return max(1, threads or int(os.environ.get("RECIPROQUE_THREADS", "0")) or min(8, os.cpu_count() or 1))


def spread(task: Callable[[int, int], Any], rows: int, threads: int, *, grain: int = GRAIN) -> list[Any]:
    """`task(start, end)` over every range of rows; results in the order of the rows whatever the threads did."""
    if rows == 0:
        return []
    pieces = min(max(1, rows // grain), threads * 8) if threads > 1 else 1
    bounds = [rows * piece // pieces for piece in range(pieces + 1)]
    if pieces == 1:
        return [task(0, rows)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(task, bounds[:-1], bounds[1:]))
