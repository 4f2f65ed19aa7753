"""What is known of a network whose records are compared one after the other, and who keeps it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from reciproque.engines.linkage.encoding import COLUMNS, GramWeights, sirens_of
from reciproque.engines.linkage.kernels import Floats, Hashes, Ints

LEVEL = "partner"
"""What the records of a network are."""


class Owned(NamedTuple):
    """Rows of records: `columns` are those of `encoding.COLUMNS`, `owners` the record of each row."""

    columns: Mapping[str, Any]
    owners: Ints

    def __add__(self, other: "Owned") -> "Owned":  # type: ignore[override]
        columns = {
            name: [*_column(self, name), *_column(other, name)]
            for name in COLUMNS
            if name in self.columns or name in other.columns
        }
        return Owned(columns, np.concatenate((self.owners, other.owners)))


def _column(rows: Owned, name: str) -> Sequence[Any]:
    """What these rows say of it: nothing when nobody asked."""
    held: Sequence[Any] = rows.columns.get(name, ())
    return held if len(held) else [""] * len(rows.owners)


class Edges(NamedTuple):
    """Pairs of records (low < high) and their log-odds."""

    low: Ints
    high: Ints
    odds: Floats


class Counts(NamedTuple):
    """What was counted over a whole network: by kind, the values that more than one node bears, and how many do."""

    nodes: int
    grams: GramWeights
    of: Mapping[int, tuple[Hashes, Ints]]


class Store(Protocol):
    """Who keeps the network."""

    nodes: int
    grams: GramWeights | None

    def counts(self, kind: int, values: Hashes) -> Ints:
        """How many nodes bore each value when the network was last counted, 0 when none or one did."""
        ...

    def rows(self, records: Collection[int]) -> Owned:
        """The rows of these records; none for one that no longer stands."""
        ...

    def bearers(self, keys: Hashes, limits: Ints) -> tuple[Ints, Ints]:
        """(place in `keys`, record): who is met under each key, one more than its limit at most."""
        ...

    def verdicts(self, records: Collection[int]) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """(same, different): pairs (low < high) with one of these records at least that people judged; both stand."""
        ...

    def edges(self, records: Collection[int]) -> Edges:
        """The pairs kept that have one of these records at least."""
        ...

    def companions(self, records: Collection[int]) -> tuple[Ints, Ints]:
        """(record, group): all those of the groups where these stand, as last given; one that was never grouped is not told."""
        ...


class Solution(NamedTuple):
    """Records in their order, and for each the lowest record of its group and of its automatic group."""

    records: Ints
    group: Ints
    automatic: Ints


def sirens_by_record(rows: Owned) -> dict[int, int]:
    """The SIREN that each record says, -1 for none."""
    if not len(rows.owners):
        return {}
    found = sirens_of(rows.columns)
    order = np.lexsort((found, rows.owners))
    return dict(zip(rows.owners[order].tolist(), found[order].tolist(), strict=True))


def empty_columns() -> dict[str, list[str]]:
    """The columns of no row."""
    return {name: [] for name in COLUMNS}
