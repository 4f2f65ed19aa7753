"""Type-ahead without a database: an index on disk of as many names as wanted, asked by several people at once.

python benchmarks/typeahead_alone.py build FOLDER FILE.parquet [--names N]     FILE has `name` and `city` (`benchmarks/linkage.py generate`)
python benchmarks/typeahead_alone.py ask FOLDER FILE.parquet [--names N] [--asked 300] [--clients 4]

The index is written and asked by the code of the application (`directory.search.swift`), its lines are those of the file instead of those
of PostgreSQL. Each client is a process, as the web server's are, and asks without a pause. The mistakes and the hits are those of
`typeahead.py`. Milliseconds are those of finding and ranking: on the clock, and of the processor.
"""

import argparse
import multiprocessing
import os
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import polars as pl
from django.conf import settings
from typeahead import LENGTHS, mistyped, percentile

from reciproque.directory.search import finding
from reciproque.directory.search.swift import asking, building, files
from reciproque.directory.search.words import words_of
from reciproque.engines.identifiers import fold

TOKEN = "measured"  # noqa: S105 -- the name of a folder
Line = tuple[int, str, int, str, str, str | None, str]
Asked = tuple[str, str]
"""(typed, key of the name meant)"""


def lines(path: Path, names: int) -> Iterator[list[Line]]:
    """What PostgreSQL would give of each partner, by chunks."""
    frame = pl.read_parquet(path, columns=["name", "city", "postcode"]).filter(pl.col("name") != "").head(names)
    for start in range(0, frame.height, building.CHUNK):
        rows = frame.slice(start, building.CHUNK).rows()
        yield [line(start + at + 1, *row) for at, row in enumerate(rows)]


def line(number: int, name: str, city: str, postcode: str) -> Line:
    """A partner open to all."""
    key = fold(name)
    words, place = " ".join(sorted(set(words_of(name)))), " ".join(sorted(set(words_of(city))))
    facets = f"live kind:company department:{postcode[:2]} sharing:network city:{fold(city).encode().hex()}"
    return number, key, number % 7, words, place, postcode[:2] or None, facets


def build(path: Path, names: int) -> None:
    """Write the index as a night does."""
    before, wall = time.process_time(), time.perf_counter()
    keys = sorted(
        fold(name)
        for name in pl.read_parquet(path, columns=["name"])["name"].head(names).sample(min(names, 200_000), seed=1)
    )
    steps = sorted(set(keys[:: max(1, len(keys) // files.STEPS)]))
    files.create(TOKEN, dict.fromkeys(files.KINDS, steps))
    writer, count = files.writer(TOKEN, "partner", files.HEAP_OF_ALL), 0
    for chunk in lines(path, names):
        building.add(writer, steps, chunk)
        count += len(chunk)
    writer.commit()
    writer.wait_merging_threads()
    size = sum(entry.stat().st_size for entry in (files.root() / TOKEN).rglob("*") if entry.is_file())
    print(
        f"{count} names: {time.process_time() - before:.0f} CPU-s, {time.perf_counter() - wall:.0f} s, {size >> 20} MB on disk"
    )


def drawn(path: Path, names: int, size: int) -> list[Asked]:
    """Names typed with a mistake, always the same."""
    draw = random.Random(20261128)  # noqa: S311 -- the same names each time
    frame = pl.read_parquet(path, columns=["name"]).filter(pl.col("name") != "").head(names)
    chosen = [frame["name"][draw.randrange(frame.height)] for _ in range(size)]
    return [(mistyped(name, draw), fold(name)) for name in chosen]


def found(text: str) -> list[str]:
    """The keys of the ten best lines."""
    words = words_of(text)
    if not words:
        return []
    rows = asking.read(TOKEN, words, "partner", finding.CANDIDATES, open_end=not text[-1:].isspace())
    return [rows[pk][0] for pk in finding.best_first(rows, text)[:10]]


def client(root: Path, asked: Sequence[Asked], length: int) -> list[tuple[float, float, bool]]:
    """(milliseconds on the clock, of the processor, whether it was among the ten) of each question."""
    settings.SEARCH_ROOT = root
    told = []
    for typed, _ in asked[:20]:
        found(typed)
    for typed, key in asked:
        wall, cpu = time.perf_counter(), time.process_time()
        keys = found(typed[:length] if length else typed)
        told.append(((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000, key in keys))
    return told


def ask(path: Path, names: int, asked: int, clients: int) -> None:
    """A line for each length typed."""
    each = drawn(path, names, asked * clients)
    with multiprocessing.get_context("spawn").Pool(clients) as pool:
        for length in LENGTHS:
            jobs = [(files.root(), each[at::clients], length) for at in range(clients)]
            told = [one for part in pool.starmap(client, jobs, chunksize=1) for one in part]
            walls, cpus, hits = ([one[at] for one in told] for at in range(3))
            print(
                f"{length or 'whole':>5} letters  hit@10 {sum(hits) / len(hits):.3f}  ms p50 {statistics.median(walls):.1f} p95 "
                f"{percentile(walls, 0.95):.1f}  CPU-ms p50 {statistics.median(cpus):.1f} p95 {percentile(cpus, 0.95):.1f}",
                flush=True,
            )


def main() -> None:
    """Build, or ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["build", "ask"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=300)
    parser.add_argument("--clients", type=int, default=4)
    options = parser.parse_args()
    settings.SEARCH_ROOT = options.folder
    if options.what == "build":
        build(options.file, options.names)
    else:
        ask(options.file, options.names, options.asked, options.clients)


if __name__ == "__main__":
    main()
