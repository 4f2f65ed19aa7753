"""What every benchmark of a running installation needs: start it, come in, measure time, CPU and memory of all its processes."""

from __future__ import annotations

import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [str(Path(sys.executable).parent / "reciproque")]


@dataclass
class Installation:
    """A running `reciproque serve`: its address, its processes (PostgreSQL included), a session of one user."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    cookies: list[str] = field(default_factory=list)

    def processes(self) -> list[psutil.Process]:
        """The supervisor, everything under it, and the embedded server with its backends."""
        found = {self.process.pid: psutil.Process(self.process.pid)}
        roots = [psutil.Process(self.process.pid)]
        pid_file = self.home / "postgres" / "data" / "postmaster.pid"
        if pid_file.exists():
            roots.append(psutil.Process(int(pid_file.read_text().splitlines()[0])))
        for root in roots:
            found[root.pid] = root
            found |= {child.pid: child for child in root.children(recursive=True)}
        return list(found.values())

    def cpu(self) -> dict[str, float]:
        """CPU seconds spent so far, by family; the dead children of a live parent are counted with it."""
        spent = {"application": 0.0, "database": 0.0}
        for process in self.processes():
            try:
                times = process.cpu_times()
                family = "database" if process.name().startswith("postgres") else "application"
                spent[family] += times.user + times.system
            except psutil.NoSuchProcess:
                continue
        return spent

    def pss(self) -> float:
        """Proportional memory of all processes, in MiB."""
        total = 0
        for process in self.processes():
            try:
                total += process.memory_full_info().pss
            except psutil.NoSuchProcess:
                continue
        return total / 2**20


class Browser:
    """One person's connection, kept alive, with the cookies of a session."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = {"session": session}

    def request(self, method: str, path: str, body: dict[str, str] | None = None, **headers: str) -> tuple[int, bytes]:
        """Ask and read the whole answer."""
        sent = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "Accept-Encoding": "identity",
            **headers,
        }
        data = None
        if body is not None:
            data = urlencode(body)
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.cookies.get("csrf", "")}
        self.connection.request(method, path, data, sent)
        answer = self.connection.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and (found := re.match(r"([^=]+)=([^;]*)", value)):
                self.cookies[found[1]] = found[2]
        return answer.status, content


def setup(home: Path) -> None:
    """Open the installation's database from this process, through Django."""
    os.environ |= {"RECIPROQUE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "WARNING"}
    import django

    django.setup()


def session_for(username: str) -> str:
    """A session key of that account, as signing in would make."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from reciproque.institution.models import User

    user = User.objects.get(username=username)
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


@contextmanager
def installation(home: Path, port: int) -> Iterator[tuple[Installation, float]]:
    """Start `reciproque serve` on that home; yields it with the seconds until it answered; stops it."""
    environment = os.environ | {"RECIPROQUE_HOME": str(home), "PORT": str(port), "LOG_LEVEL": "WARNING"}
    began = time.perf_counter()
    log = (home / "serve.log").open("wb")
    process = subprocess.Popen(
        [*COMMAND, "serve", "--home", str(home), "--port", str(port)], stdout=log, stderr=log, env=environment
    )
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                break
        except OSError:
            if process.poll() is not None:
                raise SystemExit((home / "serve.log").read_text()[-3000:]) from None
            time.sleep(0.02)
    ready = time.perf_counter() - began
    try:
        yield Installation(home, port, process), ready
    finally:
        process.terminate()
        process.wait(30)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measure(place: Installation, act: Callable[[int], object], *, times: int, warm: int = 5) -> dict[str, float]:
    """Run `act(i)`; milliseconds of wall (p50, p95) and of CPU (application, database, total) per call."""
    for number in range(warm):
        act(number)
    before, walls = place.cpu(), []
    for number in range(times):
        began = time.perf_counter()
        act(warm + number)
        walls.append((time.perf_counter() - began) * 1000)
    after = place.cpu()
    application, database = ((after[k] - before[k]) * 1000 / times for k in ("application", "database"))
    return {
        "p50_ms": round(statistics.median(walls), 1),
        "p95_ms": round(percentile(walls, 0.95), 1),
        "cpu_app_ms": round(application, 1),
        "cpu_db_ms": round(database, 1),
        "cpu_ms": round(application + database, 1),
    }


def show(rows: dict[str, dict[str, float]]) -> None:
    """Print one line per operation, then the same as JSON."""
    for name, row in rows.items():
        print(f"{name:34s} " + "  ".join(f"{key} {value}" for key, value in row.items()))
    print(json.dumps(rows, ensure_ascii=False))
