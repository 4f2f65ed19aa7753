"""Commands on files of partners, for anybody: they need neither database nor settings."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from reciproque.engines.linkage import training
    from reciproque.engines.linkage.linking import Linkage

EXPLAINED = ("linked_line", "why", "weights")


def tell(message: str) -> None:
    """Progress, apart from results."""
    print(message, file=sys.stderr, flush=True)


def refusing(work: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], int]:
    """The command, with refusals told as sentences."""

    def run(options: argparse.Namespace) -> int:
        from reciproque.engines.linkage.scoring import ModelError
        from reciproque.engines.linkage.tabling import FileError

        try:
            work(options)
        except (FileError, ModelError, OSError) as refusal:
            tell(str(refusal))
            return 1
        return 0

    return run


@refusing
def dedupe(options: argparse.Namespace) -> None:
    """Find the rows of a file that are one partner (or one site)."""
    import polars as pl

    from reciproque.engines.linkage import tabling
    from reciproque.engines.linkage.linking import DECISIONS, link

    tabling.check_writable(options.out)
    frame = tabling.read(options.file)
    found = tabling.columns_of(frame)
    tabling.check_free(frame, ("cluster_id", "score", "decision", *(EXPLAINED if options.explain else ())))
    tell(
        f"{frame.height} lignes. Colonnes reconnues : {', '.join(f'{heading} → {name}' for name, heading in found.items())}."
    )
    columns = {name: frame[heading] for name, heading in found.items()}
    linkage = link(columns, level=options.level, threads=options.threads, reasons=options.explain, tell=tell)
    added = {
        "cluster_id": pl.Series(linkage.group),
        "score": pl.Series(linkage.score.astype("float64").round(4)),
        "decision": pl.Series([DECISIONS[place] for place in linkage.decision.tolist()], dtype=pl.String),
    }
    if options.explain:
        added |= _explained(linkage)
    tabling.write(frame.with_columns(**added), options.out)
    tell(f"{len(set(linkage.group.tolist()))} groupes. Écrit : {options.out}.")


def _explained(linkage: "Linkage") -> "dict[str, pl.Series]":
    """The line (2 is the first below the headings) that each row is best linked with, why in words, and the weights in JSON."""
    import json

    import polars as pl

    from reciproque.engines.linkage.clues import TITLES

    words, numbers = [], []
    for why in linkage.why:
        lines = why.lines if why else ()
        said = [(TITLES[line.code], line.weight, " ; ".join(clue.told() for clue in line.clues)) for line in lines]
        words.append(" | ".join(f"{title} {weight:+.1f} : {text}" for title, weight, text in said))
        weights = {line.code: round(line.weight, 4) for line in lines}
        numbers.append(json.dumps({"baseline": round(why.baseline, 4), **weights}) if why else "")
    others = (
        [place + 2 if place >= 0 else None for place in linkage.other.tolist()] if linkage.other is not None else []
    )
    columns = (
        pl.Series(others, dtype=pl.Int64),
        pl.Series(words, dtype=pl.String),
        pl.Series(numbers, dtype=pl.String),
    )
    return dict(zip(EXPLAINED, columns, strict=True))


@refusing
def train(options: argparse.Namespace) -> None:
    """Learn the model again from files whose SIREN are known."""
    from reciproque.engines.linkage import scoring, training

    scoring.save(options.out, training.train([_labelled(path) for path in options.files], options.threads or 1))
    tell(f"Modèle écrit : {options.out}.")


def _labelled(path: Path) -> "training.Labelled":
    import numpy as np

    from reciproque.engines.linkage import tabling, training

    frame = tabling.read(path)
    found = tabling.columns_of(frame)
    if "siren" not in found:
        raise tabling.FileError(f"Pour apprendre, « {path.name} » doit avoir une colonne SIREN.")
    cells = {name: frame[heading].fill_null("").to_numpy() for name, heading in found.items()}
    siren = cells.pop("siren")
    siret = cells.pop("siret") if "siret" in cells else np.full(len(siren), "", dtype=object)
    return training.Labelled(cells, siren, siret)


def prepare(_options: argparse.Namespace) -> None:
    """Nothing: these commands read no setting."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", epilog: str) -> None:
    """Add the commands to the parser."""
    from reciproque.cli.parser import lazy

    text = "Retrouve les lignes d’un fichier qui sont un même partenaire, ou un même site."
    command = commands.add_parser("dedupe", help=text, description=text, epilog=epilog)
    command.add_argument("file", type=Path, metavar="FICHIER", help="CSV ou Parquet")
    command.add_argument("--out", type=Path, required=True, metavar="FICHIER", help="CSV ou Parquet à écrire")
    command.add_argument(
        "--level", choices=["site", "partner"], default="partner", help="ce qui est regroupé (partner)"
    )
    command.add_argument("--threads", type=int, metavar="N", help="fils d’exécution ; le résultat est le même")
    command.add_argument(
        "--explain", action="store_true", help="ajoute la ligne la plus semblable, et pourquoi en sept points"
    )
    command.set_defaults(run=lazy("linking:dedupe"), prepare=prepare)
    text = "Apprend le modèle de rapprochement sur des fichiers dont les SIREN sont connus."
    command = commands.add_parser("train-linkage", help=text, description=text, epilog=epilog)
    command.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FICHIER",
        help="CSV ou Parquet, avec une colonne SIREN ; le premier règle les seuils",
    )
    command.add_argument("--out", type=Path, required=True, metavar="FICHIER", help="modèle à écrire (.npz)")
    command.add_argument("--threads", type=int, metavar="N", help="fils d’exécution")
    command.set_defaults(run=lazy("linking:train"), prepare=prepare)
