"""Where a file is grouped: on this machine, or on an Apache Spark cluster. The rules, the kernels and the model are the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from reciproque.engines.linkage.linking import ADDED, EXPLAINED, Level, silent
from reciproque.engines.linkage.scoring import Forest

Engine = Literal["local", "spark"]


class BackendError(RuntimeError):
    """The engine asked for cannot work here; the message is for the person who asked."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done: rows read, pairs compared, groups found."""

    rows: int
    pairs: int
    groups: int


class Backend(Protocol):
    """Groups the rows of a file."""

    def dedupe(
        self, source: str, out: str, *, level: Level = "partner", model: Mapping[str, Forest] | None = None,
        automatic: float | None = None, reasons: bool = False, tell: Callable[[str], None] = silent,
    ) -> Summary:  # fmt: skip
        """Write every row and column of `source` to `out`, with the columns `ADDED`, and `EXPLAINED` for `reasons`.

        For the same rows every backend gives the same groups, scores and decisions. `FileError` when a file cannot be used.
        """


def backend(engine: Engine, *, threads: int | None = None, master: str | None = None, work: str | None = None,
            settings: Mapping[str, str] | None = None) -> Backend:  # fmt: skip
    """The backend of a name. `threads` is for the local one; `master`, `work` (folder that every machine of the cluster sees) and
    `settings` for Spark. `BackendError` when what it needs is missing."""
    if engine == "local":
        from reciproque.engines.linkage.backends.local import LocalBackend  # noqa: PLC0415 -- heavy

        return LocalBackend(threads)
    from reciproque.engines.linkage.backends.spark.session import start  # noqa: PLC0415 -- optional

    session = start(master, settings or {})
    from reciproque.engines.linkage.backends.spark.running import SparkBackend  # noqa: PLC0415 -- says what is missing first

    return SparkBackend(session, work)


__all__ = ["ADDED", "EXPLAINED", "Backend", "BackendError", "Engine", "Summary", "backend"]
