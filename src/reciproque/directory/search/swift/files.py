"""The files of the index: one folder per building, one index per kind in it; readers share what the one writer commits."""

from __future__ import annotations

import re
import shutil
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings

from reciproque.directory.search.words import Kind

KINDS: tuple[Kind, ...] = ("partner", "person")
GRAM = 3
STEPS = 40_000  # parts of the order of names
NOWHERE = "-"  # the area of a partner whose département is not known
HEAP = 40_000_000  # bytes that the writer may fill before it writes a segment
HEAP_OF_ALL = 120_000_000  # when everything is written anew: few segments answer quicker


def enabled() -> bool:
    """Whether the installation wants an index."""
    return bool(settings.SEARCH_INDEX)


def present() -> bool:
    """Whether this machine may hold one: spares the database a question."""
    return enabled() and root().exists() and any(root().iterdir())


def root() -> Path:
    """The folder of all the indexes."""
    return Path(settings.SEARCH_ROOT)


@cache
def schema() -> Any:
    """A record: its number, how well known it is, its name as it is sorted, the words of its names, and all the others.

    For lists: its step in the order of names, the threes of letters of the name it is sorted by, what lists are narrowed by, and its
    département where everybody may read that it stands there. Whoever changes this says in a migration that the indexes made before
    are not ready any more.
    """
    import tantivy  # noqa: PLC0415 -- loaded by those who use it

    build = tantivy.SchemaBuilder()
    build.add_integer_field("pk", stored=False, indexed=True, fast=True)
    build.add_integer_field("rank", stored=True, indexed=False, fast=True)
    build.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    build.add_text_field("names", stored=False, tokenizer_name="whitespace", index_option="freq")
    build.add_text_field("others", stored=False, tokenizer_name="whitespace", index_option="basic")
    build.add_integer_field("step", stored=False, indexed=True, fast=True)
    build.add_text_field("grams", stored=False, tokenizer_name="whitespace", index_option="basic")
    build.add_text_field("facets", stored=False, tokenizer_name="whitespace", index_option="basic")
    build.add_text_field("area", stored=False, fast=True, tokenizer_name="raw", index_option="basic")
    return build.build()


def grams(text: str) -> set[str]:
    """The threes of letters or digits that follow each other in a text."""
    return {word[rank : rank + GRAM] for word in re.findall(r"\w+", text) for rank in range(len(word) - GRAM + 1)}


def create(token: str, milestones: Mapping[Kind, Iterable[str]]) -> None:
    """Empty indexes in a new folder, which only we may read, with the names that part the order of names into steps."""
    import tantivy  # noqa: PLC0415

    root().mkdir(mode=0o700, parents=True, exist_ok=True)
    for kind in KINDS:
        folder = root() / token / kind
        folder.mkdir(mode=0o700, parents=True)
        tantivy.Index(schema(), path=str(folder))
        (folder.parent / f"{kind}.steps").write_text("\0".join(sorted(milestones[kind])))


def forget_all_but(token: str) -> None:
    """Remove the other folders. Those who still read them keep what they have opened."""
    for folder in root().iterdir() if root().exists() else ():
        if folder.name != token:
            shutil.rmtree(folder, ignore_errors=True)


def exists(token: str) -> bool:
    """Whether the folder is on this machine."""
    return all((root() / token / kind / "meta.json").exists() for kind in KINDS)


def writer(token: str, kind: Kind, heap: int = HEAP) -> Any:
    """The one writer of an index. Raises ValueError when another process writes."""
    import tantivy  # noqa: PLC0415

    return tantivy.Index.open(str(root() / token / kind)).writer(heap_size=heap, num_threads=1)


@dataclass(slots=True)
class Reader:
    """An index opened by this process, and the commit that it shows."""

    index: Any
    searcher: Any
    commit: tuple[int, int]
    milestones: list[str]

    def step_of(self, key: str) -> int:
        """Where a name stands in the order of names: the same step for neighbours, never a lower one for a later name."""
        return bisect_right(self.milestones, key)


_readers: dict[tuple[str, Kind], Reader] = {}
_opening = Lock()


def searcher(token: str, kind: Kind) -> Any:
    """What searches the last commit. Raises OSError or ValueError when the index is not there, or broken."""
    return reader(token, kind).searcher


def reader(token: str, kind: Kind) -> Reader:
    """What reads the last commit. Raises OSError or ValueError when the index is not there, or broken."""
    meta = (root() / token / kind / "meta.json").stat()
    commit = (meta.st_mtime_ns, meta.st_ino)
    found = _readers.get((token, kind))
    if found is None or found.commit != commit:
        with _opening:
            found = _readers[(token, kind)] = _opened(token, kind, commit)
    return found


def _opened(token: str, kind: Kind, commit: tuple[int, int]) -> Reader:
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
    return Reader(index, index.searcher(), commit, known.milestones if known else milestones(token, kind))


def milestones(token: str, kind: Kind) -> list[str]:
    """The names at which a new step begins, in order."""
    held = (root() / token / f"{kind}.steps").read_text()
    return held.split("\0") if held else []
