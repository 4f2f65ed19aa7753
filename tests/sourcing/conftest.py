"""Files received by tests go to a folder of their own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    """Where files are kept."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def desk(db):
    """A member of a unit."""
    from tests.sourcing.importing import Desk

    return Desk()
