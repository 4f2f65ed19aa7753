"""The place of an installation: its folder, its secrets, its database made ready, Django loaded."""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

USED: dict[Path, TextIO] = {}  # the embedded servers this process uses, each with the lock that says so


def home() -> Path:
    """The folder of the data, created when missing, closed to others."""
    folder = Path(os.environ.get("RECIPROQUE_HOME") or "var").resolve()
    os.environ["RECIPROQUE_HOME"] = str(folder)
    for part in (folder, folder / "secrets", folder / "state", folder / "files"):
        part.mkdir(parents=True, exist_ok=True)
        part.chmod(0o700)
    return folder


def ready(*, start: bool = True, reached: bool = True) -> Path:
    """Secrets, database and Django, in that order: what every command but the smallest needs. Returns the folder.

    Raises SystemExit with a sentence when the settings are wrong, or when the database must be `reached` and is not.
    """
    folder = home()
    _secret(folder, "secret_key")
    _secret(folder, "backup_key")
    with ThreadPoolExecutor(1) as beside:  # the server starts while Django loads, which takes longer
        if start and not os.environ.get("DATABASE_URL"):
            _use(folder)
            started = beside.submit(_started, folder)
        else:
            started = None
        import django
        from django.core.exceptions import ImproperlyConfigured

        try:
            django.setup()
        except ImproperlyConfigured as error:
            raise SystemExit(str(error)) from error
        if started is not None:
            started.result()
    if start and reached:
        _reach()
    return folder


def _started(folder: Path) -> None:
    """The embedded server, running and with its database."""
    from reciproque.foundation.database.embedded import Server

    server = Server(folder / "postgres")
    fresh = not server.data.exists()
    server.start()
    if fresh or not (folder / "state" / "migrated").exists():
        server.create_database()


def _reach() -> None:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise SystemExit(f"La base ne répond pas : vérifiez DATABASE_URL.\n{reason}") from error


def _use(folder: Path) -> None:
    """Say, as long as this process and its children live, that somebody uses the embedded server."""
    if folder not in USED:
        USED[folder] = (folder / "state" / "users").open("a+")
        fcntl.flock(USED[folder], fcntl.LOCK_SH)


def leave() -> None:
    """Stop the embedded server that this command used, unless somebody else uses it: the application, or another command."""
    from reciproque.foundation.database.embedded import Server

    for folder, lock in USED.items():
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        Server(folder / "postgres").stop()
    USED.clear()


def _secret(folder: Path, name: str) -> None:
    path = folder / "secrets" / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))


@contextmanager
def only_one(folder: Path) -> Iterator[bool]:
    """Hold this installation; yields False when another process already does."""
    with (folder / "state" / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def migrate(folder: Path, *, force: bool = False) -> None:
    """Bring the database up to date; costs nothing when the migrations are those of last time."""
    from reciproque import __file__ as package

    names = sorted(str(path.name) + str(path.parent) for path in Path(package).parent.rglob("migrations/*.py"))
    mark = hashlib.sha256("|".join([*names, os.environ.get("DATABASE_URL", "")]).encode()).hexdigest()
    stamp = folder / "state" / "migrated"
    if not force and stamp.exists() and stamp.read_text() == mark:
        return
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1347)")
        call_command("migrate", verbosity=0, interactive=False)
        cursor.execute("SELECT pg_advisory_unlock(1347)")
    stamp.write_text(mark)


def collect_static(folder: Path) -> None:
    """Gather the static files, fingerprinted and compressed, when one of them has changed."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {int(status.st_mtime)}".encode())
    stamp = folder / "state" / "static"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())
