"""What was learnt: how a company, then a whole row, then a site is judged. Shipped as one file."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from reciproque.engines.linkage.scoring import ARRAYS, Forest, ModelError

SHIPPED = Path(__file__).with_name("model.npz")
PARTS = ("company", "row", "site")
VERSION = 1


def save(path: Path, forests: Mapping[str, Forest]) -> None:
    """Write the three forests."""
    arrays = {f"{part}_{field}": np.asarray(getattr(forests[part], field)) for part in PARTS for field in ARRAYS}
    with path.open("wb") as file:
        np.savez_compressed(file, version=np.array([VERSION]), **arrays)  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def load(path: Path = SHIPPED) -> dict[str, Forest]:
    """The forests by part; `ModelError` when the file is of another version."""
    try:
        with np.load(path, allow_pickle=False) as held:
            if held["version"].tolist() != [VERSION]:
                raise ModelError(f"Le modèle {path} est d’une autre version.")
            return {part: _forest(held, part) for part in PARTS}
    except (OSError, KeyError) as error:
        raise ModelError(f"Le modèle {path} est illisible.") from error


def _forest(held: Any, part: str) -> Forest:
    fields: dict[str, Any] = {field: held[f"{part}_{field}"] for field in ARRAYS if f"{part}_{field}" in held}
    return Forest(**{**fields, "baseline": float(fields["baseline"]), "automatic": float(fields["automatic"])})
