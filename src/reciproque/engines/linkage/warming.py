"""Compiling beforehand: the kernels are compiled at their first call, which takes half a minute once per installation, and read from
the disk at the first call of each process, which takes two seconds."""

from collections.abc import Collection

import numpy as np

from reciproque.engines.linkage.encoding import COLUMNS, GramWeights
from reciproque.engines.linkage.explaining import explain
from reciproque.engines.linkage.incremental import compare_with, face_to_face, resolve_all
from reciproque.engines.linkage.kernels import Hashes, Ints
from reciproque.engines.linkage.linking import link
from reciproque.engines.linkage.scoring import load
from reciproque.engines.linkage.stores import Edges, Owned, empty_columns

_ROWS = {
    "name": ["Garage Martin Frères", "Garage Martin Freres SARL", "Mairie de Nantes", "Garage Martyn Frères"],
    "address": ["3 rue Carnot", "3, rue Carnot", "", "3 rue Carnot"],
    "postcode": ["49000", "49000", "44000", "49000"],
    "city": ["Angers", "Angers Cedex", "Nantes", "Angers"],
    "siren": ["552100554", "", "", "552100554"],
    "phone": ["+33241000000", "+33241000000", "", ""],
    "website": ["https://martin.example", "martin.example", "", ""],
}


def warm() -> None:
    """Go once through comparison, groups, explanation and the comparison of one record; what is compiled stays on disk."""
    for level in ("site", "partner"):
        link(_ROWS, level=level, reasons=True, threads=1)
    resolve_all(_rows(), load()["partner"])
    rouse()


def rouse() -> None:
    """Load what the comparison of one record with others needs, and its explanation."""
    forest, rows = load()["partner"], _rows()
    compare_with(Nobody(), forest, rows)
    found = face_to_face(Nobody(), forest, rows)
    if found is not None:
        explain(forest, found.nodes, found.rows.columns, (found.left[:1], found.right[:1], found.mask[:1]))


def _rows() -> Owned:
    return Owned({name: _ROWS.get(name, [""] * 4) for name in COLUMNS}, np.array([1, 2, 3, 4]))


class Nobody:
    """`stores.Store` of a network of nobody."""

    nodes = 0
    grams: GramWeights | None = None

    def counts(self, _kind: int, values: Hashes) -> Ints:
        """Nothing was counted."""
        return np.zeros(len(values), np.int64)

    def rows(self, _records: Collection[int]) -> Owned:
        """No row."""
        return Owned(empty_columns(), np.empty(0, np.int64))

    def bearers(self, _keys: Hashes, _limits: Ints) -> tuple[Ints, Ints]:
        """Nobody is met."""
        return np.empty(0, np.int64), np.empty(0, np.int64)

    def verdicts(self, _records: Collection[int]) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """Nothing was judged."""
        return set(), set()

    def edges(self, _records: Collection[int]) -> Edges:
        """No pair."""
        return Edges(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))

    def companions(self, _records: Collection[int]) -> tuple[Ints, Ints]:
        """No group."""
        return np.empty(0, np.int64), np.empty(0, np.int64)


if __name__ == "__main__":
    warm()
