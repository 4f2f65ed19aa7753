"""Commands on the register: load INSEE's stock files, say what is loaded, find the companies of a file. No database needed."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from reciproque.engines.register.index import Register
    from reciproque.engines.register.qualifying import Qualification
    from reciproque.engines.register.storing import Manifest

ADDED = ("matched_siren", "matched_siret", "runner_up", "score", "decision")
EXPLAINED = ("matched_name", "because")


def tell(message: str) -> None:
    """Progress, apart from results."""
    print(message, file=sys.stderr, flush=True)


def refusing(work: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], int]:
    """The command, with refusals told as sentences."""

    def run(options: argparse.Namespace) -> int:
        from reciproque.engines.linkage.delimited import FileError
        from reciproque.engines.linkage.scoring import ModelError
        from reciproque.engines.register.facts import RegisterError
        from reciproque.engines.register.reading import StockError

        try:
            work(options)
        except (FileError, ModelError, RegisterError, StockError, OSError) as refusal:
            tell(str(refusal))
            return 1
        return 0

    return run


def folder(options: argparse.Namespace) -> Path:
    """Where the register lives: as asked, else SIRENE_DIR, else beside the data of the installation."""
    asked = getattr(options, "register", None) or os.environ.get("SIRENE_DIR")
    return Path(asked) if asked else Path(os.environ.get("RECIPROQUE_HOME") or "var") / "sirene"


@refusing
def load(options: argparse.Namespace) -> None:
    """Load stock files."""
    from reciproque.engines.register.loading import load as loaded

    wanted = [code.strip().upper() for code in (options.departments or "").split(",") if code.strip()]
    root = folder(options)
    root.mkdir(parents=True, exist_ok=True)
    manifest = loaded(
        options.files, root, departments=wanted, loaded_at=datetime.now(UTC).isoformat(timespec="seconds"), tell=tell
    )
    _told(manifest, root, options)


@refusing
def info(options: argparse.Namespace) -> None:
    """Say what is loaded; with --verify, read everything again and compare the checksums."""
    from reciproque.engines.register.facts import RegisterError, current
    from reciproque.engines.register.storing import damaged, manifest_of

    root = folder(options)
    held = current(root)
    manifest = manifest_of(held)
    if options.verify and (bad := damaged(held)):
        raise RegisterError(f"Fichiers abîmés : {', '.join(bad)}. Chargez le registre de nouveau.")
    _told(manifest, root, options)


def _told(manifest: "Manifest", root: Path, options: argparse.Namespace) -> None:
    said = {
        "folder": str(root), "loaded_at": manifest.loaded_at, "departments": manifest.departments, "files": manifest.files, **manifest.counts,
        "bytes": manifest.bytes,
    }  # fmt: skip
    if options.json:
        print(json.dumps(said, ensure_ascii=False))
        return
    where = ", ".join(manifest.departments) or "toute la France"
    print(f"Registre SIRENE de {root}, chargé le {manifest.loaded_at} ({where}).")
    for entry in manifest.files:
        print(f"  {entry['kind']} : {entry['name']}")
    counts = manifest.counts
    print(
        f"  {counts['units']} entreprises, {counts['sites']} établissements, {counts['names']} noms, {counts['successions']} successions"
    )
    print(f"  {manifest.bytes / 1e6:.0f} Mo sur disque")


@refusing
def qualify(options: argparse.Namespace) -> None:
    """Find the company of every row of a file."""
    from reciproque.engines.linkage import tabling
    from reciproque.engines.register.index import opened
    from reciproque.engines.register.qualifying import qualify as qualified

    tabling.check_writable(options.out)
    sheet = tabling.read(options.file)
    called = tabling.added_as(sheet.frame.columns, (*ADDED, *(EXPLAINED if options.explain else ())), tell)
    tell(f"{sheet.size()} {tabling.recognised(sheet.told())}")
    register = opened(folder(options))
    result = qualified(sheet.recognised(), register, threads=options.threads, tell=tell)
    added = _columns(result, register)
    if options.explain:
        added |= _explained(result, register)
    tabling.write(sheet, {called[name]: cells for name, cells in added.items()}, options.out)
    tell(f"{_summary(result)} Écrit : {options.out}.")


def _columns(result: "Qualification", register: "Register") -> "dict[str, pl.Series]":
    import numpy as np
    import polars as pl

    from reciproque.engines.register.qualifying import DECISIONS

    numbers, nic = register.held["unit_siren"].astype(np.int64), register.held["site_nic"]

    def siren(places: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "pl.Series":
        known = [f"{int(numbers[place]):09d}" if place >= 0 else "" for place in places.tolist()]
        return pl.Series(known, dtype=pl.String)

    matched = siren(result.company)
    siret = [
        f"{one}{int(nic[site]):05d}" if site >= 0 and one else ""
        for one, site in zip(matched.to_list(), result.site.tolist(), strict=True)
    ]
    return {
        "matched_siren": matched,
        "matched_siret": pl.Series(siret, dtype=pl.String),
        "runner_up": siren(result.runner_up),
        "score": pl.Series(result.score.astype("float64").round(4)),
        "decision": pl.Series([DECISIONS[place] for place in result.decision.tolist()], dtype=pl.String),
    }


def _explained(result: "Qualification", register: "Register") -> "dict[str, pl.Series]":
    import polars as pl

    from reciproque.engines.register.explaining import because

    names = [register.company_at(place).name if place >= 0 else "" for place in result.company.tolist()]
    return {
        "matched_name": pl.Series(names, dtype=pl.String),
        "because": pl.Series([" ; ".join(because(result, row)) for row in range(len(result))], dtype=pl.String),
    }


def _summary(result: "Qualification") -> str:
    import numpy as np

    counts = np.bincount(result.decision, minlength=4).tolist()
    return f"{counts[3]} SIRET et {counts[2]} SIREN reconnus, {counts[1]} à vérifier, {counts[0]} sans réponse."


def prepare(options: argparse.Namespace) -> None:
    """These commands read no setting but the folders."""
    if home := getattr(options, "home", None):
        os.environ["RECIPROQUE_HOME"] = str(home)


def register(commands: Any, epilog: str) -> None:
    """Add the commands to the parser."""
    from reciproque.cli.parser import lazy

    text = "Le registre SIRENE : charger les fichiers stock de l’INSEE, dire ce qui est chargé."
    group = commands.add_parser("sirene", help=text, description=text, epilog=epilog).add_subparsers(
        metavar="ACTION", required=True
    )
    text = "Charge les fichiers stock de l’INSEE (CSV, CSV zippé ou Parquet) ; interrompu, reprend où il en était."
    command = group.add_parser("load", help=text, description=text, epilog=epilog)
    command.add_argument("files", type=Path, nargs="+", metavar="FICHIER", help="StockUniteLegale, StockEtablissement…")
    command.add_argument("--departments", metavar="49,44", help="départements à garder (toute la France sinon)")
    command.set_defaults(run=lazy("sirene:load"), prepare=prepare)
    _common(command)
    text = "Dit ce que contient le registre chargé."
    command = group.add_parser("info", help=text, description=text, epilog=epilog)
    command.add_argument("--verify", action="store_true", help="relit tout et compare les sommes de contrôle")
    command.set_defaults(run=lazy("sirene:info"), prepare=prepare)
    _common(command)
    text = "Retrouve l’entreprise de chaque ligne d’un fichier dans le registre SIRENE."
    command = commands.add_parser("qualify", help=text, description=text, epilog=epilog)
    command.add_argument("file", type=Path, metavar="FICHIER", help="CSV ou Parquet")
    command.add_argument(
        "--register",
        type=Path,
        metavar="DOSSIER",
        help="dossier du registre (SIRENE_DIR, sinon celui de l’installation)",
    )
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FICHIER",
        help="CSV ou Parquet à écrire, à la place de celui qui y serait",
    )
    command.add_argument("--explain", action="store_true", help="ajoute le nom reconnu et pourquoi")
    command.add_argument("--threads", type=int, metavar="N", help="fils d’exécution ; le résultat est le même")
    command.set_defaults(run=lazy("sirene:qualify"), prepare=prepare)


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--home", type=Path, help="dossier des données (RECIPROQUE_HOME, sinon var)")
    command.add_argument(
        "--out",
        "--register",
        dest="register",
        type=Path,
        metavar="DOSSIER",
        help="dossier du registre (SIRENE_DIR, sinon « sirene » dans celui des données)",
    )
    command.add_argument("--json", action="store_true", help="réponse lisible par une machine")
