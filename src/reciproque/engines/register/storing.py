"""Where an index lives: one folder per load, a manifest that says what it holds, and a word that says which one is read.

A new load is written beside the one in use, checked, then made current by one rename: readers that are open go on with what they
have, those that open next get the new one. The former load is kept until the next.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from reciproque.engines.linkage import tables
from reciproque.engines.linkage.wording import names_of, streets_of, towns_of
from reciproque.engines.register.facts import CURRENT, MANIFEST, RegisterError, named

FORMAT = 1
BLOCK = 1 << 22


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index holds."""

    format: int
    normalisation: str
    """Digest of how names are reduced to words: an index made with other tables cannot be asked."""
    loaded_at: str
    departments: list[str]
    files: list[dict[str, Any]]
    counts: dict[str, int]
    sizes: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """Room taken on disk."""
        return sum(self.sizes.values())


def normalisation() -> str:
    """A digest that changes when a name, a street or a town is no longer reduced to the same words."""
    names = [
        "S.A.R.L. Les Éts ST-Jean & Fils",
        "Union départementale des associations familiales 49",
        "CCI Maine et Loire",
        "L'Oréal Paris",
    ]
    digest = hashlib.sha256(str(tables.VERSION).encode())
    for texts in (
        names_of(names),
        streets_of(["12 bis av. du Gal de Gaulle", "ZA du Moulin"]),
        towns_of(["ST ETIENNE CEDEX 2", "PARIS 15"]),
    ):
        digest.update(texts.hashes.tobytes())
        digest.update(texts.initials.tobytes())
    return digest.hexdigest()[:16]


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def sealed(folder: Path, manifest: Manifest) -> Manifest:
    """Write the manifest of a folder whose arrays are complete."""
    paths = sorted(folder.glob("*.npy"))
    whole = Manifest(**{
        **asdict(manifest), "sizes": {path.name: path.stat().st_size for path in paths},
        "digests": {path.name: digest_of(path) for path in paths},
    })  # fmt: skip
    (folder / MANIFEST).write_text(json.dumps(asdict(whole), indent=1, ensure_ascii=False))
    return whole


def made_current(root: Path, folder: Path) -> None:
    """From now on this folder is what is read. Older ones go, but the one just replaced."""
    former = named(root)
    fresh = root / f"{CURRENT}.new"
    fresh.write_text(folder.name)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(root / CURRENT)
    for path in root.glob("load-*"):
        if path.is_dir() and path.name not in {folder.name, former}:
            shutil.rmtree(path, ignore_errors=True)


def manifest_of(folder: Path) -> Manifest:
    """What a folder holds. Raises `RegisterError` when it is of another version, or damaged."""
    try:
        said: Mapping[str, Any] = json.loads((folder / MANIFEST).read_text())
        manifest = Manifest(**said)
    except (OSError, ValueError, TypeError) as error:
        raise RegisterError(f"Le registre « {folder} » est illisible.") from error
    if manifest.format != FORMAT:
        raise RegisterError("Ce registre a été chargé par une autre version : chargez-le de nouveau.")
    for name, size in manifest.sizes.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            raise RegisterError(f"Le registre « {folder} » est incomplet ({name}) : chargez-le de nouveau.")
    return manifest


def damaged(folder: Path) -> list[str]:
    """The files whose content is no longer what was written: reads everything."""
    manifest = manifest_of(folder)
    return [name for name, digest in manifest.digests.items() if digest_of(folder / name) != digest]


def arrays(folder: Path, names: Mapping[str, int]) -> dict[str, Any]:
    """The arrays of a folder, read in place."""
    held: dict[str, Any] = {}
    for name in names:
        path = folder / name
        header = np.load(path) if path.stat().st_size <= 128 else np.load(path, mmap_mode="r")
        header.flags.writeable = False
        held[Path(name).stem] = np.asarray(header)
    return held
