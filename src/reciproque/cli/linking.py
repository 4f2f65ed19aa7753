"""Commands on files of partners, for anybody: they need neither database nor settings."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reciproque.engines.linkage import training


def tell(message: str) -> None:
    """Progress, apart from results."""
    print(message, file=sys.stderr, flush=True)


def refusing(work: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], int]:
    """The command, with refusals told as sentences."""

    def run(options: argparse.Namespace) -> int:
        from reciproque.engines.linkage.backends import BackendError
        from reciproque.engines.linkage.delimited import FileError
        from reciproque.engines.linkage.scoring import ModelError

        try:
            work(options)
        except (BackendError, FileError, ModelError, OSError) as refusal:
            tell(str(refusal))
            return 1
        return 0

    return run


@refusing
def dedupe(options: argparse.Namespace) -> None:
    """Find the rows of a file that are one partner (or one site)."""
    from reciproque.engines.linkage.backends import backend

    if options.register:
        _with_register(options)
        return
    settings = dict(pair.partition("=")[::2] for pair in options.conf)
    engine = backend(
        options.engine, threads=options.threads, master=options.master, work=options.work, settings=settings
    )
    done = engine.dedupe(options.file, options.out, level=options.level, reasons=options.explain, tell=tell)
    tell(_told(done.groups, options.out))


def _with_register(options: argparse.Namespace) -> None:
    """The same, each row being first looked for in the register: several names of one company are one partner."""
    from reciproque.engines.linkage.backends.local import LocalBackend
    from reciproque.engines.linkage.delimited import FileError
    from reciproque.engines.register import hub
    from reciproque.engines.register.facts import RegisterError
    from reciproque.engines.register.index import opened

    if options.engine != "local":
        raise FileError("--register va avec le moteur local.")
    try:
        register = opened(options.register)
    except RegisterError as error:
        raise FileError(str(error)) from error
    engine = LocalBackend(options.threads, hub.completed(register, options.threads))
    done = engine.dedupe(options.file, options.out, level=options.level, reasons=options.explain, tell=tell)
    tell(_told(done.groups, options.out))


def _told(groups: int, out: str) -> str:
    return f"{groups} groupe{'s' if groups > 1 else ''}. Écrit : {out}."


@refusing
def train(options: argparse.Namespace) -> None:
    """Learn the model again from files whose SIREN are known."""
    import numpy as np

    from reciproque.engines.linkage import learning_words, lore, scoring, training

    files = [_labelled(path) for path in options.files]
    register = _labelled(options.register) if options.register else None
    counts = None
    if options.words:
        known = [files[0], *([register] if register else [])]
        names = [file.columns["name"] for file in known]
        places = learning_words.places_of(options.communes) if options.communes else lore.load().places()
        counts = learning_words.Counts(np.concatenate(names), np.concatenate([file.siren for file in known]), places)
        lore.save(options.words, counts.without())
    if register:
        files.append(training.with_register(files[0], register))
    scoring.save(options.out, training.train(files, options.threads or 1, counts, tell))
    tell(f"Modèle écrit : {options.out}.")


def _labelled(path: Path) -> "training.Labelled":
    import numpy as np

    from reciproque.engines.linkage import tabling, training
    from reciproque.engines.linkage.delimited import FileError

    found = tabling.read(path).recognised()
    if "siren" not in found:
        raise FileError(f"Pour apprendre, « {path.name} » doit avoir une colonne SIREN.")
    cells = {name: values.fill_null("").to_numpy() for name, values in found.items()}
    siren = cells.pop("siren")
    siret = cells.pop("siret") if "siret" in cells else np.full(len(siren), "", dtype=object)
    return training.Labelled(cells, siren, siret)


def prepare(_options: argparse.Namespace) -> None:
    """Nothing: these commands read no setting."""


def register(commands: Any, epilog: str) -> None:
    """Add the commands to the parser."""
    from reciproque.cli.parser import lazy

    text = "Retrouve les lignes d’un fichier qui sont un même partenaire, ou un même site."
    command = commands.add_parser("dedupe", help=text, description=text, epilog=epilog)
    command.add_argument("file", metavar="FICHIER", help="CSV ou Parquet")
    command.add_argument(
        "--out", required=True, metavar="FICHIER", help="CSV ou Parquet à écrire, à la place de celui qui y serait"
    )
    command.add_argument(
        "--level", choices=["site", "partner"], default="partner", help="ce qui est regroupé (partner)"
    )
    command.add_argument("--threads", type=int, metavar="N", help="fils d’exécution ; le résultat est le même")
    command.add_argument(
        "--explain", action="store_true", help="ajoute la ligne la plus semblable, et pourquoi en sept points"
    )
    command.add_argument(
        "--engine", choices=["local", "spark"], default="local", help="où : cette machine (local), ou Apache Spark"
    )
    command.add_argument("--master", metavar="URL", help="grappe Spark ; sans elle, Spark sur cette machine")
    command.add_argument(
        "--work", metavar="DOSSIER", help="dossier de travail que voient toutes les machines de la grappe"
    )
    command.add_argument(
        "--conf", action="append", default=[], metavar="CLÉ=VALEUR", help="réglage de Spark ; peut être répété"
    )
    command.add_argument(
        "--register", type=Path, metavar="DOSSIER", help="registre SIRENE : réunit les noms, distingue les sites"
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
    command.add_argument("--register", type=Path, metavar="FICHIER", help="noms officiels des mêmes organisations")
    command.add_argument(
        "--words", type=Path, metavar="FICHIER", help="table des mots à écrire (.npz), comptée de même"
    )
    command.add_argument(
        "--communes", type=Path, metavar="FICHIER", help="communes (.tsv.gz) dont les noms sont des lieux"
    )
    command.add_argument("--threads", type=int, metavar="N", help="fils d’exécution")
    command.set_defaults(run=lazy("linking:train"), prepare=prepare)
