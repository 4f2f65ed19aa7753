"""The model in service: the one that somebody adopted, kept in the data folder, else the one that is shipped."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from django.conf import settings

from reciproque.sourcing.models import TrainedModel

if TYPE_CHECKING:
    from reciproque.engines.linkage.scoring import Forest

log = structlog.get_logger("reciproque.sourcing")
LETTERS = 12


def folder() -> Path:
    """Where the models of the installation are kept."""
    return Path(settings.HOME) / "models"


def path_of(code: str) -> Path:
    """The file of a model."""
    return folder() / f"{code}.npz"


def code_of(path: Path) -> str:
    """What a model is called: the beginning of the digest of its file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:LETTERS]


@lru_cache(maxsize=1)
def shipped() -> str:
    """The code of the model that comes with the application."""
    from reciproque.engines.linkage.scoring import SHIPPED  # noqa: PLC0415 -- compiled kernels

    return code_of(SHIPPED)


def in_service() -> str:
    """The code of the model that judges today."""
    adopted = TrainedModel.objects.filter(state=TrainedModel.State.ADOPTED).values_list("code", flat=True).first()
    return adopted or shipped()


def is_own() -> bool:
    """Whether a model learnt here is in service."""
    return TrainedModel.objects.filter(state=TrainedModel.State.ADOPTED).exists()


def forests(code: str = "") -> "Mapping[str, Forest]":
    """The forests of a model, of the one in service unless said.

    A file that is gone, or that this version cannot read, does not stop the nights' work: the shipped model serves, and the log says it.
    """
    from reciproque.engines.linkage import scoring  # noqa: PLC0415 -- compiled kernels

    wanted = code or in_service()
    if wanted == shipped():
        return scoring.load()
    try:
        return scoring.load(path_of(wanted))
    except scoring.ModelError:
        log.exception("sourcing.model_unreadable", code=wanted)
        return scoring.load()
