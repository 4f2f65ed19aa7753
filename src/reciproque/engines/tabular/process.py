"""The parent's side: start the child, read its answers, turn its death into an error that says why."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from reciproque.engines.tabular.model import Inspection, Limits, ReadOptions, Row, TabularError

CHILD = "reciproque.engines.tabular.child"
SOURCES = str(Path(__file__).resolve().parents[3])
CHUNK = 1 << 18
MESSAGE_BYTES = 64_000_000
"""A child that sends more than this in one message is not ours any more."""


def inspect(path: Path | str, *, original_name: str, limits: Limits | None = None) -> Inspection:
    """What a file is and holds; `original_name` is the name its sender gave it. Raises `TabularError`.

    Codes: empty, extension, wrong_type, html, macros, encrypted, unreadable, too_heavy, too_large, archive_entries,
    archive_size, archive_ratio, archive_path, too_many_rows, too_many_columns, cell_too_long.
    """
    limits = limits or Limits()
    messages = _ask(path, {"action": "inspect", "name": original_name}, limits)
    inspection: dict[str, Any] | None = None
    for message in messages:
        inspection = message.get("inspection", inspection)
    if inspection is None:
        raise TabularError("unreadable")
    return Inspection.from_json(inspection)


def read(path: Path | str, sheet: str, *, options: ReadOptions, limits: Limits | None = None) -> Iterator[Row]:
    """The lines of one sheet under its header, in order, each with its number and kind; raises `TabularError`.

    Nothing is read further than what is asked for: closing the iterator ends the child. Also raises no_such_sheet.
    """
    request = {"action": "read", "sheet": sheet, "options": options.to_json()}
    for message in _ask(path, request, limits or Limits()):
        for line, cells, kind in message.get("rows", ()):
            yield Row(line, tuple(cells), kind)


def _ask(path: Path | str, request: dict[str, Any], limits: Limits) -> Generator[dict[str, Any]]:
    with Path(path).open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > limits.file_bytes:
            raise TabularError("too_large", str(size))
        if not size:
            raise TabularError("empty")
        process = subprocess.Popen(  # noqa: S603 - our own module, with our own arguments
            [sys.executable, "-P", "-m", CHILD, json.dumps({**request, "limits": limits.to_json()})],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": SOURCES, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
            cwd="/",
        )
    try:
        yield from _messages(process, limits)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _messages(process: "subprocess.Popen[bytes]", limits: Limits) -> Generator[dict[str, Any]]:
    for line in _lines(process, limits):
        message: dict[str, Any] = json.loads(line)
        if error := message.get("error"):
            raise TabularError(*error)
        yield message
        if message.get("end"):
            return
    raise _death(process.wait())


def _lines(process: "subprocess.Popen[bytes]", limits: Limits) -> Generator[bytes]:
    """Complete lines of the child; only the time spent waiting for it counts."""
    if process.stdout is None:
        return
    descriptor = process.stdout.fileno()
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    left = float(limits.wall_seconds)
    parts: list[bytes] = []
    size = 0
    while True:
        started = time.monotonic()
        ready = poller.poll(left * 1000)
        left -= time.monotonic() - started
        if not ready or left <= 0:
            raise TabularError("too_heavy", "time")
        chunk = os.read(descriptor, CHUNK)
        if not chunk:
            return
        *complete, rest = chunk.split(b"\n")
        for piece in complete:
            yield b"".join((*parts, piece))
            parts, size = [], 0
        parts.append(rest)
        size += len(rest)
        if size > MESSAGE_BYTES:
            raise TabularError("too_heavy", "message")


def _death(code: int) -> TabularError:
    """Why a child died without a word: aborted or killed for its memory or time, or crashed."""
    if code == -signal.SIGXCPU:
        return TabularError("too_heavy", "time")
    if code in {-signal.SIGABRT, -signal.SIGKILL}:
        return TabularError("too_heavy", "memory")
    return TabularError("unreadable", f"exit {code}")
