"""Everything in one file: database, files, secrets; encrypted, checksummed, restored exactly.

The file is `RQBK1`, a salt, then chunks of 1 MiB sealed with AES-256-GCM (each knows its rank and whether it is the last, so
that none can be moved, dropped or cut). Inside is a tar archive: `manifest.json` (SHA-256 of every part), `database.dump`
(pg_dump, custom format), `files/…`, `secrets/…`. The key comes by scrypt from BACKUP_PASSPHRASE, else from `secrets/backup_key`.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import struct
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings
from django.db import connection

MAGIC = b"RQBK1"
CHUNK = 1 << 20
SEALED = CHUNK + 16
NEWER = b"SET transaction_timeout"
ILLEGIBLE = (
    "La sauvegarde est abîmée, incomplète, ou la clé n’est pas la bonne : donnez BACKUP_PASSPHRASE, ou copiez d’abord ici le fichier "
    "secrets/backup_key de l’installation sauvegardée."
)
KEPT_APART = {"backup_key"}  # the key is not locked in the box that it opens


class BackupError(Exception):
    """Why a backup cannot be made, read or restored: a French sentence."""


class Sealer(io.RawIOBase):
    """A file to write into, whose content is sealed chunk by chunk."""

    def __init__(self, target: BinaryIO, key: bytes) -> None:
        self._target, self._box, self._rank = target, AESGCM(key), 0
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Take bytes; whole chunks are sealed at once."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        """Seal what is left as the last chunk."""
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
        super().close()

    def _seal(self, data: bytes, *, last: bool) -> None:
        self._target.write(self._box.encrypt(nonce(self._rank), data, mark(self._rank, last=last)))
        self._rank += 1


class Opener(io.RawIOBase):
    """A file to read from, whose chunks are opened and verified one by one."""

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        self._source, self._box, self._rank = source, AESGCM(key), 0
        self._ahead = source.read(SEALED)
        self._open = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Give the next bytes. Raises BackupError when a chunk was changed, moved or cut."""
        if not self._open and self._ahead:
            following = self._source.read(SEALED)
            try:
                self._open = self._box.decrypt(nonce(self._rank), self._ahead, mark(self._rank, last=not following))
            except InvalidTag as error:
                raise BackupError(ILLEGIBLE) from error
            self._rank += 1
            self._ahead = following
        size = min(len(buffer), len(self._open))
        buffer[:size] = self._open[:size]
        self._open = self._open[size:]
        return size


def nonce(rank: int) -> bytes:
    """The nonce of a chunk; the key serves one file only."""
    return struct.pack(">QI", 0, rank)


def mark(rank: int, *, last: bool) -> bytes:
    """What is sealed with a chunk besides its content."""
    return struct.pack(">I?", rank, last)


def backup(path: Path) -> dict[str, Any]:
    """Write the whole installation into one file; returns the manifest. The file is whole or absent."""
    salt = os.urandom(16)
    partial = path.with_suffix(path.suffix + ".part")
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        dump = Path(folder) / "database.dump"
        _pg("pg_dump", "--format=custom", "--compress=6", "--no-owner", f"--file={dump}", database_url())
        parts = dict(_parts(dump))
        manifest = {
            "made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "parts": {name: {"size": found.stat().st_size, "sha256": digest(found)} for name, found in parts.items()},
        }
        with partial.open("wb") as target:
            target.write(MAGIC + salt)
            sealer = Sealer(target, _key(salt))
            with tarfile.open(fileobj=sealer, mode="w|") as archive:
                _add_bytes(archive, "manifest.json", json.dumps(manifest).encode())
                for name, found in parts.items():
                    archive.add(found, arcname=name, recursive=False)
            sealer.close()
            target.flush()
            os.fsync(target.fileno())
    partial.chmod(0o600)
    partial.replace(path)
    (settings.HOME / "state").mkdir(exist_ok=True)
    (settings.HOME / "state" / "backup").touch()
    return manifest


def verify(path: Path) -> dict[str, Any]:
    """Open every chunk, compare every checksum, have the dump listed; returns the manifest."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        manifest = _unpack(path, Path(folder))
        _pg("pg_restore", "--list", str(Path(folder) / "database.dump"))
    return manifest


def restore(path: Path, *, force: bool = False) -> dict[str, Any]:
    """Put everything back, into an empty database and an empty folder of files unless `force`; returns the manifest."""
    if not force and not _is_empty():
        raise BackupError(
            "Cette installation contient déjà des données : restaurez dans un dossier vide, ou ajoutez --force."
        )
    with tempfile.TemporaryDirectory(dir=settings.HOME) as folder:
        manifest = _unpack(path, Path(folder))
        connection.close()
        _empty_database()
        _pour(Path(folder) / "database.dump")
        for name, target in (("files", Path(settings.MEDIA_ROOT)), ("secrets", settings.HOME / "secrets")):
            if (Path(folder) / name).exists():
                shutil.copytree(Path(folder) / name, target, dirs_exist_ok=True)
    (settings.HOME / "state" / "migrated").unlink(missing_ok=True)
    return manifest


def database_url() -> str:
    """The address for PostgreSQL's own tools, with its options (TLS…), without the password: other accounts see what a command is told."""
    held: dict[str, Any] = settings.DATABASES["default"]
    words = {"host": held["HOST"], "port": held["PORT"], "user": held["USER"], "dbname": held["NAME"]}
    words |= {name: value for name, value in held.get("OPTIONS", {}).items() if isinstance(value, str)}
    quoted = {name: str(value).replace("\\", "\\\\").replace("'", "\\'") for name, value in words.items() if value}
    return " ".join(f"{name}='{value}'" for name, value in quoted.items())


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parts(dump: Path) -> Iterator[tuple[str, Path]]:
    yield "database.dump", dump
    for name, folder in (("files", Path(settings.MEDIA_ROOT)), ("secrets", settings.HOME / "secrets")):
        for path in sorted(folder.rglob("*")) if folder.exists() else ():
            if path.is_file() and path.name not in KEPT_APART:
                yield f"{name}/{path.relative_to(folder)}", path


def _key(salt: bytes) -> bytes:
    passphrase = os.environ.get("BACKUP_PASSPHRASE") or ""
    path = settings.HOME / "secrets" / "backup_key"
    if not passphrase and path.exists():
        passphrase = path.read_text().strip()
    if not passphrase:
        raise BackupError("Donnez la phrase secrète de la sauvegarde : BACKUP_PASSPHRASE, ou secrets/backup_key.")
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())


def _unpack(path: Path, folder: Path) -> dict[str, Any]:
    with path.open("rb") as source:
        if source.read(len(MAGIC)) != MAGIC:
            raise BackupError("Ce fichier n’est pas une sauvegarde de Réciproque.")
        opener = io.BufferedReader(Opener(source, _key(source.read(16))), CHUNK)
        try:
            with tarfile.open(fileobj=opener, mode="r|") as archive:
                for entry in archive:
                    _extract(archive, entry, folder.resolve())
        except tarfile.TarError as error:
            raise BackupError("La sauvegarde est abîmée ou incomplète.") from error
        while opener.read(CHUNK):  # to the last chunk, so that a cut end is seen
            pass
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    for name, about in manifest["parts"].items():
        found = folder / name
        if not found.is_file() or digest(found) != about["sha256"]:
            raise BackupError(f"La partie « {name} » de la sauvegarde est abîmée.")
    return manifest


def _extract(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    """Write one file of the archive where it says, never outside the folder (the filters of `tarfile` are not in Python 3.11.2)."""
    target, content = (folder / entry.name).resolve(), archive.extractfile(entry) if entry.isfile() else None
    if content is None or not target.is_relative_to(folder):
        raise BackupError("La sauvegarde est abîmée ou incomplète.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(content, file, CHUNK)
    target.chmod(entry.mode & 0o755)
    os.utime(target, (entry.mtime, entry.mtime))


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def _is_empty() -> bool:
    tables = set(connection.introspection.table_names())
    if "institution_unit" not in tables:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM institution_unit) OR EXISTS (SELECT 1 FROM institution_user)")
        return not cursor.fetchone()[0]


def _empty_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()


def _pour(dump: Path) -> None:
    """Read a dump into the database, stopping at the first error.

    As a script, without the one parameter that pg_restore sets on its own and that servers before PostgreSQL 17 do not know.
    """
    reader = [_tool("pg_restore"), "--no-owner", "--file=-", str(dump)]
    writer = [_tool("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={database_url()}"]
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(reader, stdout=subprocess.PIPE, stderr=told, env=_around()) as read,  # noqa: S603
        subprocess.Popen(writer, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=told, env=_around()) as write,  # noqa: S603
    ):
        into, out = cast("BinaryIO", write.stdin), cast("BinaryIO", read.stdout)
        with contextlib.suppress(BrokenPipeError):  # it stopped at an error, which it tells
            for line in out:
                if not line.startswith(NEWER):
                    into.write(line)
                if line.startswith(b"CREATE "):
                    break
            shutil.copyfileobj(out, into, CHUNK)
        with contextlib.suppress(BrokenPipeError):
            into.close()
        out.close()
        if write.wait() or read.wait():
            told.seek(0)
            raise BackupError(f"pg_restore : {told.read().decode('utf-8', 'replace').strip()[-800:]}")


def _pg(tool: str, *words: str) -> None:
    """Run one of PostgreSQL's tools: that of PG_BIN, else the embedded server's (without TLS), else the system's."""
    done = subprocess.run([_tool(tool), *words], capture_output=True, text=True, check=False, env=_around())  # noqa: S603
    if done.returncode:
        raise BackupError(f"{tool} : {done.stderr.strip()[-800:]}")


def _around() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8", "PGPASSWORD": str(settings.DATABASES["default"]["PASSWORD"] or "")}


def _tool(name: str) -> str:
    if not settings.PG_BIN:
        try:
            from reciproque.foundation.database.embedded import binaries  # noqa: PLC0415 -- absent where DATABASE_URL is used alone

            return str(binaries() / name)
        except SystemExit:
            pass
    return shutil.which(name, path=settings.PG_BIN or None) or name
