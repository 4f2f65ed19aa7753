"""What a file really is, whatever its name says; archives are judged before they are opened."""

import io
import stat
import struct
import zipfile
from pathlib import PurePosixPath, PureWindowsPath

from reciproque.engines.tabular.model import Format, Limits, TabularError

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
EXTENSIONS: dict[str, Format] = {"csv": "csv", "tsv": "csv", "txt": "csv", "xlsx": "xlsx", "xls": "xls", "ods": "ods"}
MACRO_EXTENSIONS = frozenset({"xlsm", "xltm", "xlam", "xla"})
OTHER_MAGIC = {
    b"%PDF-": "pdf",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "rar",
    b"{\\rtf": "rtf",
    b"PAR1": "parquet",
    b"SQLite format 3": "sqlite",
    b"\x7fELF": "program",
    b"MZ\x90": "program",
}
RATIO_FROM = 5_000_000
"""Below this unpacked size the compression ratio of an entry does not matter."""


def detect(data: bytes, original_name: str, limits: Limits) -> Format:
    """The format of the content, after having checked that the name promises the same; raises `TabularError`."""
    extension = PurePosixPath(original_name).suffix.lower().lstrip(".")
    if extension in MACRO_EXTENSIONS:
        raise TabularError("macros", extension)
    if extension not in EXTENSIONS:
        raise TabularError("extension", extension)
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise TabularError("empty")
    actual = _actual(data, limits)
    if actual != EXTENSIONS[extension]:
        if actual == "csv" and extension in {"xls", "xlsx", "ods"}:
            actual = markup(data) or actual
        code = actual if actual == "html" else "wrong_type"
        raise TabularError(code, actual if code == "wrong_type" else extension)
    return EXTENSIONS[extension]


def _actual(data: bytes, limits: Limits) -> str:
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(data, limits)
    if data.startswith(OLE):
        return _compound(data)
    return next((kind for magic, kind in OTHER_MAGIC.items() if data.startswith(magic)), None) or markup(data) or "csv"


def markup(data: bytes) -> str:
    """ "html" or "xml" when the text is a web page or a document saved under a spreadsheet's name, else ""."""
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(
        (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<body", b"<style", b"mime-version:")
    ):
        return "html"
    if head.startswith(b"<?xml"):
        return "html" if b"<html" in head else "xml"
    return ""


def _archive(data: bytes, limits: Limits) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, limits)
            return _office(archive, {entry.filename for entry in entries})
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        struct.error,
        ValueError,
        NotImplementedError,
        EOFError,
        OSError,
    ) as error:
        raise TabularError("unreadable", "archive") from error


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise TabularError("archive_entries", str(len(entries)))
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or PureWindowsPath(name).drive or ".." in name.split("/"):
            raise TabularError("archive_path", entry.filename[:200])
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise TabularError("archive_path", entry.filename[:200])
        if entry.flag_bits & 0x1:
            raise TabularError("encrypted")
        if entry.file_size > RATIO_FROM and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            raise TabularError("archive_ratio", entry.filename[:200])
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        raise TabularError("archive_size", str(total))


def _office(archive: zipfile.ZipFile, names: set[str]) -> str:
    lower = {name.lower() for name in names}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in lower):
        raise TabularError("macros", "vba")
    if "xl/workbook.xml" in lower:
        return "xlsx"
    if "xl/workbook.bin" in lower:
        return "xlsb"
    if "mimetype" in names:
        return _open_document(archive, names)
    kinds = {"word/": "docx", "ppt/": "pptx", "xl/": "xlsx"}
    found = next((kind for prefix, kind in kinds.items() if any(name.startswith(prefix) for name in lower)), "zip")
    if found == "xlsx":
        raise TabularError("unreadable", "workbook")
    return found


def _open_document(archive: zipfile.ZipFile, names: set[str]) -> str:
    with archive.open("mimetype") as file:
        kind = file.read(100).decode("ascii", "replace").strip()
    if "META-INF/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as file:
            if b"encryption-data" in file.read(2_000_000):
                raise TabularError("encrypted")
    if any(name.startswith("Basic/") and name.endswith(".xml") for name in names):
        raise TabularError("macros", "basic")
    if kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    return "odt" if kind.startswith("application/vnd.oasis.opendocument.text") else "zip"


def _compound(data: bytes) -> str:
    if _stream(data, "EncryptedPackage") or _stream(data, "EncryptionInfo"):
        raise TabularError("encrypted")
    if _stream(data, "_VBA_PROJECT_CUR") or _stream(data, "_VBA_PROJECT"):
        raise TabularError("macros", "vba")
    if _stream(data, "Workbook") or _stream(data, "Book"):
        return "xls"
    return "doc" if _stream(data, "WordDocument") else "ole"


def _stream(data: bytes, name: str) -> bool:
    """Whether the directory of a compound file has this name: entries of 128 bytes, name in UTF-16, its length at +64."""
    encoded = (name + "\0").encode("utf-16-le")
    position = data.find(encoded, 512)
    while position >= 0:
        length = data[position + 64 : position + 66]
        if position % 128 == 0 and len(length) == 2 and int.from_bytes(length, "little") == len(encoded):
            return True
        position = data.find(encoded, position + 1)
    return False
