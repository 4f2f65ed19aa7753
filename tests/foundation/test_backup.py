"""What comes out of a backup, file by file (whole backups: tests/house)."""

import io
import tarfile
from pathlib import Path

import pytest

from reciproque.foundation import backup


def archive(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarFile:
    """An archive of one entry, read as a stream."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w|") as made:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname, entry.mode, entry.mtime = kind, "/etc/passwd", 0o640, 1_700_000_000
        entry.size = 5 if kind == tarfile.REGTYPE else 0
        made.addfile(entry, io.BytesIO(b"Forge"))
    held.seek(0)
    return tarfile.open(fileobj=held, mode="r|")


def extract(made: tarfile.TarFile, folder: Path) -> None:
    for entry in made:
        backup._extract(made, entry, folder)


def test_a_file_comes_out_as_it_was(tmp_path: Path) -> None:
    extract(archive("files/imports/a.csv"), tmp_path)
    found = tmp_path / "files" / "imports" / "a.csv"
    assert found.read_bytes() == b"Forge"
    assert (found.stat().st_mode & 0o777, found.stat().st_mtime) == (0o640, 1_700_000_000)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../outside", tarfile.REGTYPE),
        ("/outside", tarfile.REGTYPE),
        ("files/link", tarfile.SYMTYPE),
        ("files/pipe", tarfile.FIFOTYPE),
    ],
)
def test_nothing_is_written_outside_nor_anything_but_files(tmp_path: Path, name: str, kind: bytes) -> None:
    with pytest.raises(backup.BackupError, match="abîmée"):
        extract(archive(name, kind), tmp_path / "inside")
    assert not [path for path in tmp_path.rglob("*") if not path.is_dir()]
