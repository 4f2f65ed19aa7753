"""Files that people attach: kept under a name of ours, outside what the web server serves, given only through a view that checks rights.

A file is stored under the digest of its content, so that the same one received ten times takes its room once.
"""

import hashlib
import os
import tempfile
from pathlib import Path, PurePath
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse

from reciproque.foundation.errors import DomainError

FOLDER = "attached"
LARGEST = 20 * 1024 * 1024
"""Bytes of a document."""
ALLOWED = frozenset(
    "pdf doc docx odt rtf txt md csv xls xlsx ods ppt pptx odp png jpg jpeg gif webp heic tif tiff zip eml msg ics vcf".split()  # noqa: SIM905
)
"""Endings of the files that are kept; nothing that a browser or a system would run."""


def may_keep(name: str, size: int) -> bool:
    """Whether a file of this name and size (bytes) may be kept."""
    return PurePath(name).suffix.lower().lstrip(".") in ALLOWED and 0 < size <= LARGEST


def keep(content: bytes) -> str:
    """Store a content and return its digest. Safe to repeat, and beside others storing the same."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    return digest


def path_of(digest: str) -> Path:
    """Where a content is. Raises DomainError for what is no digest."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise DomainError("Not a digest", digest=digest)
    return Path(settings.MEDIA_ROOT) / FOLDER / digest[:2] / digest


def given(digest: str, name: str) -> FileResponse:
    """The file as a download, which no browser shows or runs within the application."""
    response = FileResponse(path_of(digest).open("rb"), content_type="application/octet-stream")
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\' else "_" for sign in name)
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response
