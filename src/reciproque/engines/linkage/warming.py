"""Compiling beforehand: the kernels are compiled at their first call, which takes half a minute once per installation."""

import numpy as np

from reciproque.engines.linkage.encoding import COLUMNS
from reciproque.engines.linkage.incremental import resolve_all
from reciproque.engines.linkage.linking import link
from reciproque.engines.linkage.scoring import load
from reciproque.engines.linkage.stores import Owned

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
    rows = Owned({name: _ROWS.get(name, [""] * 4) for name in COLUMNS}, np.array([1, 2, 3, 4]))
    forest = load()["partner"]
    resolve_all(rows, forest)


if __name__ == "__main__":
    warm()
