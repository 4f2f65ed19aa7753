"""An installation of its own, with real processes: a folder, a port, the command run there, somebody who visits."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psycopg

from reciproque.foundation.database.embedded import Server

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "reciproque.cli"]
LIMIT = 180
SETTINGS = ("DJANGO_", "RECIPROQUE_", "DATABASE_", "SECRET_", "PORT", "HOST", "LOG_", "JOBS_")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: Callable[[], Any], *, told: Callable[[], object] = lambda: "") -> Any:
    """Ask until the answer is true, three minutes at most (a busy machine); returns it."""
    limit = time.monotonic() + LIMIT
    while not (found := what()):
        assert time.monotonic() < limit, told()
        time.sleep(0.02)
    return found


class Place:
    """A folder, a port, and the command run there."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.home.mkdir(exist_ok=True)
        self.port = free_port()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(SETTINGS)}
        own = {"PYTHONPATH": str(ROOT / "src"), "ADMIN_PASSWORD": "une phrase assez longue"}
        self.environment = kept | own | environment

    def run(self, *words: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [*COMMAND, *words, "--home", str(home or self.home)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def answer(self, *words: str) -> Any:
        """Run one command that must succeed; what it says on standard output, and nothing else, is JSON."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self, *words: str) -> None:
        """Start the application and wait until it answers."""
        wanted = words or ("serve", "--first-administrator", "--home", str(self.home), "--port", str(self.port))
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen([*COMMAND, *wanted], env=self.environment, stdout=log, stderr=log)
        self.wait_for("/healthz", 200)

    def stop(self) -> None:
        """End it."""
        self.run("stop")
        self.process.wait(20)

    def get(self, path: str) -> tuple[int, bytes]:
        """One request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def answers(self, path: str, status: int) -> bool:
        """Whether it answers so now."""
        try:
            return self.get(path)[0] == status
        except OSError:
            return False

    def wait_for(self, path: str, status: int) -> None:
        """Ask until it answers so, three minutes at most (a busy machine)."""
        until(lambda: self.answers(path, status), told=self.said)

    def said(self) -> str:
        """The end of the journal."""
        return (self.home / "log").read_text()[-3000:]

    def children(self) -> list[int]:
        """The supervisor's children."""
        return children(int((self.home / "state" / "pid").read_text()))

    def site(self) -> list[int]:
        """The processes of the site: the child that has children of its own, and these."""
        return [pid for child in self.children() if (found := children(child)) for pid in (child, *found)]

    def database(self, home: Path | None = None) -> psycopg.Connection[Any]:
        """A connection to the embedded server."""
        server = Server((home or self.home) / "postgres")
        return psycopg.connect(host=str(server.socket), user="postgres", dbname="reciproque")

    def ask(self, question: str) -> Any:
        """One value out of the database; None while it is away."""
        try:
            with self.database() as connection:
                row = connection.execute(question).fetchone()  # type: ignore[arg-type]
        except psycopg.OperationalError:
            return None
        return row[0] if row else None

    def postmaster(self) -> int:
        """The first process of the embedded server."""
        return int((self.home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])


def children(pid: int) -> list[int]:
    """The processes that one has begun."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


class Fields(HTMLParser):
    """What a page's forms would send as they stand."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Inputs and chosen options."""
        held = {name: value or "" for name, value in attrs}
        if tag == "input" and held.get("name") and held.get("type") not in {"checkbox", "radio", "file"}:
            self.found[held["name"]] = held.get("value", "")
        if tag == "select":
            self._select = held.get("name", "")
        if tag == "option" and self._select and ("selected" in held or self._select not in self.found):
            self.found[self._select] = held.get("value", "")


class Visitor:
    """Somebody with a session, who fills in forms."""

    def __init__(self, place: Place, username: str, password: str) -> None:
        self.address = f"http://127.0.0.1:{place.port}"
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.send("/compte/login/", {"login": username, "password": password})

    def read(self, path: str) -> str:
        """A page."""
        with self.opener.open(self.address + path, timeout=30) as answer:
            return str(answer.read().decode())

    def send(self, path: str, values: Mapping[str, str], *, to: str = "", without: str = "") -> str:
        """Fill in the forms of a page and send them as one, but for one field; returns the path where that leads."""
        fields = Fields(self.read(path)).found | dict(values)
        fields.pop(without, None)
        body = urllib.parse.urlencode(fields).encode()
        with self.opener.open(self.address + (to or path), body, timeout=30) as answer:
            return urllib.parse.urlsplit(answer.url).path

    def upload(self, path: str, values: Mapping[str, str], name: str, content: bytes) -> urllib.request.Request:
        """The request that would send a form with a file; who calls sends it, whole or not."""
        fields, edge = Fields(self.read(path)).found | dict(values), uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = b"".join([*parts, head, content, f"\r\n--{edge}--\r\n".encode()])
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}", "Content-Length": str(len(body))}
        request = urllib.request.Request(self.address + path, body, kind)  # noqa: S310 -- our own address
        self.jar.add_cookie_header(request)
        return request

    def give(self, request: urllib.request.Request) -> str:
        """Send it whole; returns the path where that leads."""
        with self.opener.open(request, timeout=30) as answer:
            return urllib.parse.urlsplit(answer.url).path
