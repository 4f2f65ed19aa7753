"""The files of the index: one folder per building, one index per kind in it; readers share what the one writer commits."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings

from reciproque.directory.search.words import Kind

KINDS: tuple[Kind, ...] = ("partner", "person")
HEAP = 40_000_000  # bytes that the writer may fill before it writes a segment


def enabled() -> bool:
    """Whether the installation wants an index."""
    return bool(settings.SEARCH_INDEX)


def root() -> Path:
    """The folder of all the indexes."""
    return Path(settings.SEARCH_ROOT)


@cache
def schema() -> Any:
    """A record: its number, how well known it is, its name as it is sorted, the words of its names, and all the others."""
    import tantivy  # noqa: PLC0415 -- loaded by those who use it

    build = tantivy.SchemaBuilder()
    build.add_integer_field("pk", stored=False, indexed=True, fast=True)
    build.add_integer_field("rank", stored=True, indexed=False, fast=True)
    build.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    build.add_text_field("names", stored=False, tokenizer_name="whitespace", index_option="freq")
    build.add_text_field("others", stored=False, tokenizer_name="whitespace", index_option="basic")
    return build.build()


def create(token: str) -> None:
    """Empty indexes in a new folder, which only we may read."""
    import tantivy  # noqa: PLC0415

    root().mkdir(mode=0o700, parents=True, exist_ok=True)
    for kind in KINDS:
        folder = root() / token / kind
        folder.mkdir(mode=0o700, parents=True)
        tantivy.Index(schema(), path=str(folder))


def forget_all_but(token: str) -> None:
    """Remove the other folders. Those who still read them keep what they have opened."""
    for folder in root().iterdir() if root().exists() else ():
        if folder.name != token:
            shutil.rmtree(folder, ignore_errors=True)


def exists(token: str) -> bool:
    """Whether the folder is on this machine."""
    return all((root() / token / kind / "meta.json").exists() for kind in KINDS)


def writer(token: str, kind: Kind) -> Any:
    """The one writer of an index. Raises ValueError when another process writes."""
    import tantivy  # noqa: PLC0415

    return tantivy.Index.open(str(root() / token / kind)).writer(heap_size=HEAP, num_threads=1)


@dataclass(slots=True)
class _Reader:
    """An index opened by this process, and the commit that it shows."""

    index: Any
    searcher: Any
    commit: tuple[int, int]


_readers: dict[tuple[str, Kind], _Reader] = {}
_opening = Lock()


def searcher(token: str, kind: Kind) -> Any:
    """What reads the last commit. Raises OSError or ValueError when the index is not there, or broken."""
    meta = (root() / token / kind / "meta.json").stat()
    commit = (meta.st_mtime_ns, meta.st_ino)
    reader = _readers.get((token, kind))
    if reader is None or reader.commit != commit:
        with _opening:
            reader = _readers[(token, kind)] = _opened(token, kind, commit)
    return reader.searcher


def _opened(token: str, kind: Kind, commit: tuple[int, int]) -> _Reader:
    import tantivy  # noqa: PLC0415

    known = _readers.get((token, kind))
    if known is not None and known.commit == commit:
        return known
    for other in [key for key in _readers if key[0] != token]:
        del _readers[other]
    index = known.index if known else tantivy.Index.open(str(root() / token / kind))
    if known is None:
        index.config_reader("Manual")
    index.reload()
    return _Reader(index, index.searcher(), commit)
