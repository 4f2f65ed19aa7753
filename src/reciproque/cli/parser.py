"""The words of the command, in French, and where each leads. Importing this module costs nothing."""

import argparse
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from reciproque.cli import linking, sirene
from reciproque.cli.french import Parser, positive

CODES = "Codes de sortie : 0 fait ; 1 refusé ou en échec ; 2 mal demandé, ou chose inconnue ; 3 application arrêtée."


def build() -> argparse.ArgumentParser:
    """The whole parser."""
    parser = Parser(
        prog="reciproque", description="Le réseau partagé des partenaires d’une université publique.", epilog=CODES
    )
    shared = Parser(add_help=False)
    shared.add_argument("--home", type=Path, metavar="DOSSIER", help="dossier des données (RECIPROQUE_HOME, sinon var)")
    commands = parser.add_subparsers(metavar="COMMANDE", required=True)

    def add(name: str, text: str, target: str, *, prepare: Callable[[Any], None] = prepared) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text, parents=[shared], epilog=CODES)
        command.set_defaults(run=lazy(target), prepare=prepare)
        return command

    for name, text in (
        ("demo", "Démarre l’application avec une université de démonstration."),
        ("serve", "Démarre l’application : base embarquée s’il le faut, site et tâches."),
    ):
        command = add(name, text, f"serving:{name}", prepare=demo_prepared if name == "demo" else serving_prepared)
        command.add_argument("--port", type=int, metavar="N", help="port d’écoute (PORT, sinon 8000)")
        command.add_argument("--host", metavar="ADRESSE", help="adresse d’écoute (HOST, sinon 127.0.0.1)")
        if name == "serve":
            command.add_argument(
                "--first-administrator", action="store_true", help="crée l’établissement et son premier compte"
            )
    add("worker", "Exécute les tâches en attente, seul.", "serving:worker", prepare=serving_prepared)
    add("stop", "Arrête l’application de ce dossier.", "serving:stop")
    command = add("mode", "Met l’application en lecture seule, en maintenance, ou la rouvre.", "checks:mode")
    command.add_argument("mode", choices=["normal", "read-only", "maintenance"], help="ce qu’elle accepte")
    add("migrate", "Met la base à niveau.", "data:migrate")
    _data(add)
    _checks(add)
    linking.register(commands, CODES)
    sirene.register(commands, CODES)
    return parser


def _data(add: Callable[..., argparse.ArgumentParser]) -> None:
    command = add("import", "Importe un fichier : CSV, XLSX, XLS ou ODS.", "data:import_file")
    command.add_argument("file", type=Path, metavar="FICHIER")
    command.add_argument(
        "--source", required=True, metavar="CODE", help="source du fichier ; créée si elle est nouvelle"
    )
    command.add_argument("--unit", metavar="CODE", help="entité d’une nouvelle source")
    command.add_argument("--mapping", type=Path, metavar="FICHIER", help="correspondance des colonnes (JSON)")
    command.add_argument("--sheet", metavar="NOM", help="feuille du classeur")
    command.add_argument("--as", dest="user", metavar="COMPTE", help="compte au nom duquel importer")
    command.add_argument("--dry-run", action="store_true", help="contrôle et rapproche sans rien écrire")
    command.add_argument("--wait", action="store_true", help="attend la fin de l’import")
    command.add_argument("--json", action="store_true", help="réponse lisible par une machine")
    command = add("export", "Exporte les partenaires ou les personnes.", "data:export")
    command.add_argument("what", choices=["partners", "people"], metavar="partners|people")
    command.add_argument("--out", type=Path, required=True, metavar="FICHIER", help="fichier .csv ou .xlsx")
    command.add_argument("--as", dest="user", metavar="COMPTE", help="n’exporte que ce que ce compte peut lire")
    command = add("index", "Construit l’index de la recherche pendant la frappe, ou s’en passe.", "data:index")
    command.add_argument("--drop", action="store_true", help="retire l’index : la base répond seule")
    command = add("seed", "Remplit une base vide : démonstration, ou canaris pour les essais de fuite.", "data:seed")
    command.add_argument(
        "--profile", choices=["demo", "canary"], default="demo",
        help="demo : l’université de démonstration ; canary : petite, un compte par rôle, un mot secret par champ, dits en JSON",
    )  # fmt: skip
    command = add("generate", "Remplit une base vide d’un réseau de toute taille, pour mesurer.", "data:generate")
    command.add_argument("--partners", type=positive, required=True, metavar="N", help="nombre de partenaires")
    command.add_argument(
        "--directory-only",
        action="store_true",
        help="l’annuaire seul : ni échanges, ni collaborations, ni doublons en attente",
    )


def _checks(add: Callable[..., argparse.ArgumentParser]) -> None:
    for name, text in (
        ("backup", "Sauvegarde la base, les fichiers et les secrets dans un fichier chiffré."),
        ("restore", "Restaure une sauvegarde dans un dossier vide."),
        ("verify-backup", "Vérifie qu’une sauvegarde est entière et lisible."),
    ):
        command = add(name, text, f"saving:{name.replace('-', '_')}")
        command.add_argument("file", type=Path, metavar="FICHIER")
        if name == "restore":
            command.add_argument("--force", action="store_true", help="remplace ce qui existe")
    for name, text in (
        ("check", "Vérifie la base, les tâches, les fichiers et les réglages."),
        ("jobs", "Liste les tâches par état."),
        ("urls", "Liste les adresses : méthodes, rôles, ce qu’elles changent ou montrent."),
    ):
        add(name, text, f"checks:{name}").add_argument(
            "--json", action="store_true", help="réponse lisible par une machine"
        )


def lazy(target: str) -> Callable[[argparse.Namespace], int]:
    """The function `module:name` of this package, imported when it runs."""
    module, name = target.split(":")

    def run(options: argparse.Namespace) -> int:
        return int(getattr(import_module(f"reciproque.cli.{module}"), name)(options) or 0)

    return run


def prepared(options: argparse.Namespace) -> None:
    """Put the options where the settings read them. What a command answers is on standard output, alone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_STREAM", "stderr")
    for option, name in (("home", "RECIPROQUE_HOME"), ("port", "PORT"), ("host", "HOST")):
        if value := getattr(options, option, None):
            os.environ[name] = str(value)
    if port := os.environ.get("PORT"):  # unless the establishment says where it is seen, links lead where it listens
        os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")


def serving_prepared(options: argparse.Namespace) -> None:
    """The same for what stays: its answer is its journal."""
    os.environ.setdefault("LOG_STREAM", "stdout")
    prepared(options)


def demo_prepared(options: argparse.Namespace) -> None:
    """The same, as a demonstration."""
    os.environ["RECIPROQUE_DEMO"] = "1"
    serving_prepared(options)
