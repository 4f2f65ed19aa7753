"""Loading: stock files → an index, in stages that a load begun again does not do twice."""

import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from reciproque.engines.register.assembling import assembled, indexed
from reciproque.engines.register.columns import TITLES
from reciproque.engines.register.facts import named
from reciproque.engines.register.reading import StockError
from reciproque.engines.register.shaping import shaped
from reciproque.engines.register.staging import BUCKETS, Stock, Tell, staged, stock_of
from reciproque.engines.register.storing import FORMAT, Manifest, made_current, normalisation, sealed
from reciproque.engines.register.successions import successions

WORK, STOCK = "loading", "stock"


def silent(_message: str) -> None:
    """Nobody is told of progress."""


def load(
    paths: Sequence[Path], root: Path, *, loaded_at: str, departments: Sequence[str] = (), tell: Tell = silent
) -> Manifest:
    """Read stock files (`columns.TITLES`) and make their index the current one of `root`.

    `loaded_at` is an ISO instant. Interrupted, the same call goes on where it stopped; readers of the former index are never
    disturbed. Raises `StockError` when a file is not one of INSEE's stock files, or while another load fills the same place.
    """
    stock = stock_of(paths, departments)
    if not {"units", "sites"} & {kind for _, kind in stock.files}:
        raise StockError("Il faut au moins StockUniteLegale ou StockEtablissement.")
    with _alone(root):
        return _loaded(stock, root, loaded_at, tell)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Nobody else loads into `root` meanwhile. The system forgets the lock of a process that dies."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "loading.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StockError(f"Un chargement est déjà en cours dans « {root} ».") from error
        yield


def _loaded(stock: Stock, root: Path, loaded_at: str, tell: Tell) -> Manifest:
    work, folder = _places(root, stock, loaded_at)
    staged(stock, work, tell)
    for bucket in range(BUCKETS):
        if not (work / "shaped" / f"{bucket:02d}" / "done").exists():
            shaped(work, bucket, stock.departments)
        if bucket % 10 == 9:
            tell(f"Mise en forme : {bucket + 1} %")
    if not (work / "assembled").exists():
        _assemble(work, folder, tell)
    indexed(work, folder, tell)
    tell("Sommes de contrôle…")
    manifest = sealed(folder, _manifest(stock, folder, loaded_at))
    made_current(root, folder)
    (work / STOCK).unlink()  # from here on a load of the same files begins anew: it never touches what is read
    shutil.rmtree(work, ignore_errors=True)
    return manifest


def _assemble(work: Path, folder: Path, tell: Tell) -> None:
    if not any(int(path.read_text()) for path in (work / "shaped").glob("*/done")):
        raise StockError("Ces fichiers ne contiennent aucune entreprise des départements demandés.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    assembled(work, folder, tell)
    successions(work, folder)
    (work / "assembled").touch()


def _places(root: Path, stock: Stock, loaded_at: str) -> tuple[Path, Path]:
    """(where this load works, the folder that it fills): those of a load of the same files that was interrupted, else new ones. Never
    the folder that is read."""
    work = root / WORK
    said = work / STOCK
    mark, name = said.read_text().split() if said.is_file() else ("", "")
    if mark != stock.mark or name == named(root):
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        instant = "".join(sign for sign in loaded_at if sign.isdigit())[:14]
        name = f"load-{instant}-{stock.mark[:8]}"
        name += "-2" if name == named(root) else ""
        said.write_text(f"{stock.mark} {name}")
    return work, root / name


def _manifest(stock: Stock, folder: Path, loaded_at: str) -> Manifest:
    counted = {
        "units": "unit_siren",
        "sites": "site_nic",
        "names": "name_unit",
        "words": "word_hash",
        "successions": "succession_before",
    }
    counts = {name: len(np.load(folder / f"{array}.npy", mmap_mode="r")) for name, array in counted.items()}
    files = [{"kind": TITLES[kind], "name": path.name, "size": path.stat().st_size} for path, kind in stock.files]
    return Manifest(FORMAT, normalisation(), loaded_at, list(stock.departments), files, counts)
