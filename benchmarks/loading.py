"""The register loaded from INSEE's stock files: CPU, memory, room, interruptions, and the former index read meanwhile.

python benchmarks/loading.py STOCK OUT            STOCK: the folder that `benchmarks/stock.py` writes (or INSEE's files); OUT: an empty folder
python benchmarks/loading.py STOCK OUT --again    the same files a month later, over the index that is in OUT

Prints what the command `reciproque sirene load` took, stage by stage for the memory, the most that stood on disk at once, and the room of
each array, brought to 42 million sites. With `--again`, the load is killed without warning when it reaches each stage of `KILLED_AT`
and begun again, while the index in use is asked names; it must end in the same arrays, to the byte.
"""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from reciproque.engines.register.index import opened
from reciproque.engines.register.qualifying import qualify
from reciproque.engines.register.storing import Manifest

FRANCE = 42_000_000
"""Sites in INSEE's stock, in order of magnitude."""
MIB = 1 << 20
KILLED_AT = ("Mise en forme : 50", "Index des noms, communes")
"""Stages at which a load is killed: in the middle of the work on one file after the other, and in the middle of the last sorting."""


def command(stock: Path, out: Path) -> list[str]:
    """What a person types."""
    files = sorted(str(path) for path in stock.iterdir())
    return [sys.executable, "-m", "reciproque.cli", "sirene", "load", *files, "--out", str(out), "--json"]


def occupied(folder: Path) -> int:
    """Bytes of everything under a folder, now."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(Path(path) / name).st_size
            except FileNotFoundError:  # the load has just removed it
                continue
    return total


@contextmanager
def watched(folder: Path) -> Iterator[list[int]]:
    """The most bytes under a folder while something works there, looked at twice a second."""
    most, ended = [0], threading.Event()

    def look() -> None:
        while not ended.wait(0.5):
            most[0] = max(most[0], occupied(folder))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield most
    finally:
        ended.set()
        watcher.join()


class Load:
    """One run of the command: its stages, and the most memory seen in each."""

    def __init__(self, stock: Path, out: Path, killed_at: str = "") -> None:
        self.memory: dict[str, int] = {}
        self.killed, self.cpu = False, 0.0
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with subprocess.Popen(
            command(stock, out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as self.work:
            self.stage = "start"
            watcher = threading.Thread(target=self._watch)
            watcher.start()
            for line in self.work.stderr or ():
                self.stage = line.split(" : ")[0].strip()
                if killed_at and line.startswith(killed_at):
                    self.work.send_signal(signal.SIGKILL)
                    self.killed = True
            self.work.wait()
            watcher.join()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def _watch(self) -> None:
        process = psutil.Process(self.work.pid)
        while self.work.poll() is None:
            try:
                seen = process.memory_info().rss
            except psutil.NoSuchProcess:
                return
            self.memory[self.stage] = max(seen, self.memory.get(self.stage, 0))
            time.sleep(0.2)


def loaded(stock: Path, out: Path) -> Manifest:
    """Load, and tell what it took."""
    wall = time.perf_counter()
    with watched(out) as most:
        run = Load(stock, out)
    most_memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    manifest = opened(out).manifest
    sites = manifest.counts["sites"]
    print(f"{sites} sites, {manifest.counts['units']} companies, {manifest.counts['names']} names")
    print(f"{run.cpu:.1f} CPU-s, {time.perf_counter() - wall:.1f} s, at most {most_memory} MB of memory:")
    print("  " + ", ".join(f"{stage} {seen >> 20}" for stage, seen in run.memory.items()))
    print(
        f"{most[0] / MIB:.0f} MB on disk at most, what was there before included; "
        f"for {FRANCE} sites {run.cpu * FRANCE / sites / 60:.0f} CPU-minutes"
    )
    return manifest


def told(manifest: Manifest) -> None:
    """The room of each array, and what it would be for the whole country."""
    sites = manifest.counts["sites"]
    for name, size in sorted(manifest.sizes.items(), key=lambda entry: -entry[1])[:14]:
        print(f"  {name:28} {size / MIB:8.1f} MB  {size / sites:6.1f} bytes a site")
    print(
        f"{manifest.bytes / MIB:.0f} MB, {manifest.bytes / sites:.1f} bytes a site: {manifest.bytes * FRANCE / sites / 1e9:.2f} GB for {FRANCE} sites"
    )


def again(stock: Path, out: Path) -> None:
    """A refresh killed again and again, the register being asked meanwhile."""
    for path in stock.iterdir():
        path.touch()  # files of another month: nothing of the former load may be taken for theirs
    former, answers, taken = opened(out).manifest, set(), [0.0]
    asked = {"name": ["BOULANGERIE ZENMAQUI", "SCI LAFLE", "GARAGE BRITRA"] * 20, "city": ["ANGERS"] * 60}
    ended = threading.Event()

    def ask() -> None:
        while not ended.wait(2):
            began = time.thread_time()
            answers.add(qualify(asked, opened(out), threads=1).score.tobytes())
            taken[0] = max(taken[0], time.thread_time() - began)

    reader, wall, cpu = threading.Thread(target=ask), time.perf_counter(), 0.0
    reader.start()
    for stage in (*KILLED_AT, ""):
        run = Load(stock, out, stage)
        cpu += run.cpu
        if run.killed:
            print(f"killed at « {stage} », {run.cpu:.1f} CPU-s; {json.dumps(marks(out))}", flush=True)
    print(f"ended: {run.cpu:.1f} CPU-s since the last, {cpu:.1f} in all, {time.perf_counter() - wall:.1f} s")
    print("memory, MB: " + ", ".join(f"{stage} {seen >> 20}" for stage, seen in run.memory.items()))
    ended.set()
    reader.join()
    fresh = opened(out).manifest
    print(
        f"same arrays to the byte: {fresh.digests == former.digests}; another load: {fresh.loaded_at != former.loaded_at}; "
        f"{len(answers)} answer(s) meanwhile, the slowest {taken[0] * 1000:.0f} CPU-ms for {len(asked['name'])} names"
    )


def marks(out: Path) -> dict[str, int]:
    """How far an interrupted load had gone."""
    work = out / "loading"
    counted = {"files dealt out": "staged-*", "buckets shaped": "shaped/*/done", "assembled": "assembled"}
    return {name: len(list(work.glob(pattern))) for name, pattern in counted.items()}


def main() -> None:
    """Load, or load again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stock", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.again:
        again(options.stock, options.out)
    else:
        told(loaded(options.stock, options.out))


if __name__ == "__main__":
    main()
