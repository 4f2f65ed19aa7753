"""What the domain says when it refuses. Messages are shown to people: French, with what to do."""

import errno
from typing import Any


class DomainError(Exception):
    """A refusal that a person can understand and act upon."""

    code = "refused"
    status = 422

    def __init__(self, message: Any, **details: Any) -> None:
        super().__init__(message)
        self.details = details


class Forbidden(DomainError):
    """The actor knows of the thing but may not do this to it."""

    code, status = "forbidden", 403


class Conflict(DomainError):
    """Somebody else changed it first: both versions are shown, nothing is overwritten.

    `details["current"]` holds the present values, `details["submitted"]` what was typed.
    """

    code, status = "conflict", 409


class IllegalTransition(DomainError):
    """The record is not in a state from which this move exists."""

    code, status = "illegal_transition", 409


class TooMany(DomainError):
    """A limit was reached; try again later."""

    code, status = "too_many", 429


OF_FILES = {
    errno.ENOENT: "ce fichier ou ce dossier n’existe pas",
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EEXIST: "il existe déjà",
    errno.ENOSPC: "le disque est plein",
    errno.EROFS: "le disque est en lecture seule",
}


def file_refusal(error: OSError) -> str:
    """What the system refused of a file, in French; in its own words when they are rare."""
    where = f"« {error.filename} » : " if error.filename else ""
    return f"{where}{OF_FILES.get(error.errno or 0, error.strerror or str(error))}."
