"""Backup, restore, verify."""

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from typing import Any

from reciproque.cli import place


def backup(options: argparse.Namespace) -> int:
    """Save everything into one file."""
    place.ready()
    from reciproque.foundation import backup as saving

    return _told(lambda: saving.backup(options.file), "Sauvegarde écrite")


def restore(options: argparse.Namespace) -> int:
    """Put a backup back into this folder, then bring the database up to date."""
    folder = place.ready()
    from reciproque.foundation import backup as saving

    code = _told(lambda: saving.restore(options.file, force=options.force), "Sauvegarde restaurée")
    if code == 0:
        place.migrate(folder, force=True)
    return code


def verify_backup(options: argparse.Namespace) -> int:
    """Read a backup through."""
    place.ready(start=False)
    from reciproque.foundation import backup as saving

    return _told(lambda: saving.verify(options.file), "Sauvegarde entière et lisible")


def _told(work: Callable[[], dict[str, Any]], done: str) -> int:
    from reciproque.foundation.backup import BackupError

    try:
        manifest = work()
    except BackupError as error:
        print(error, file=sys.stderr)
        return 1
    size = sum(part["size"] for part in manifest["parts"].values())
    made, heavy = dt.datetime.fromisoformat(manifest["made_at"]).astimezone(), f"{size / 1e6:.1f}".replace(".", ",")
    print(f"{done} : {len(manifest['parts'])} éléments, {heavy} Mo, faite le {made:%d/%m/%Y à %H:%M}.")
    return 0
