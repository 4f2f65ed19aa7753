"""argparse in French: its titles, its help, its refusals."""

import argparse
import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

TITLES = {"positional arguments": "arguments", "options": "options ", "optional arguments": "options "}
REFUSALS = (
    (r"the following arguments are required: (.+)", r"il manque : \1"),
    (
        r"argument (.+?): invalid choice: '?(.*?)'? \(choose from (.+)\)",
        r"\1 : « \2 » n’est pas une des valeurs possibles : \3",
    ),
    (r"argument (.+?): invalid int value: '(.*)'", r"\1 : « \2 » n’est pas un nombre entier"),
    (r"argument (.+?): invalid positive value: '(.*)'", r"\1 : « \2 » n’est pas un nombre entier d’au moins 1"),
    (r"argument (.+?): invalid Path value: '(.*)'", r"\1 : « \2 » n’est pas un chemin"),
    (r"argument (.+?): expected (?:at least )?one argument", r"\1 : il manque une valeur"),
    (r"argument (.+?): ignored explicit argument '(.*)'", r"\1 ne prend pas de valeur : « \2 »"),
    (r"unrecognized arguments: (.+)", r"inconnu : \1"),
)


def refusal(error: Exception) -> str | None:
    """What a person is told of an error that ended a command; None for a defect, whose trace must be seen."""
    from django.core.exceptions import ValidationError
    from django.db import ProgrammingError

    from reciproque.foundation.errors import DomainError, file_refusal

    if isinstance(error, OSError):
        return file_refusal(error)
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, ProgrammingError) and "does not exist" in str(error):
        return "La base n’est pas à niveau : reciproque migrate."
    return str(error) if isinstance(error, DomainError) else None


def positive(text: str) -> int:
    """A whole number from 1. Raises ValueError, which argparse tells."""
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


class Formatter(argparse.HelpFormatter):
    """The help as it is laid out, in French."""

    def add_usage(self, usage: Any, actions: Iterable[Any], groups: Iterable[Any], prefix: str | None = None) -> None:
        """« utilisation » where argparse says « usage »."""
        super().add_usage(usage, actions, groups, "utilisation : " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        """The headings of the groups."""
        super().start_section(TITLES.get(heading or "", heading))


class Parser(argparse.ArgumentParser):
    """A parser whose every word is French. Options are written in full: a shortened one may mean another tomorrow."""

    def __init__(
        self,
        *,
        prog: str | None = None,
        description: str = "",
        epilog: str = "",
        parents: Sequence["Parser"] = (),
        add_help: bool = True,
    ) -> None:
        super().__init__(
            prog,
            description=description,
            epilog=epilog,
            parents=parents,
            formatter_class=Formatter,
            add_help=False,
            allow_abbrev=False,
        )
        if add_help:
            self.add_argument("-h", "--help", action="help", help="montre cette aide")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where the help is; exit code 2."""
        for pattern, french in REFUSALS:
            if re.fullmatch(pattern, message, re.DOTALL):
                message = re.sub(pattern, french, message, flags=re.DOTALL).replace("'", "")
                break
        self.exit(2, f"{self.prog} : {message}. Aide : {self.prog} --help\n")
