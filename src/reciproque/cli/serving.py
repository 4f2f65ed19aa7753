"""The application running: one parent that loads everything, then forks the site and the worker, which share its memory.

A child that dies is started again; the parent gives killed jobs back to the queue; children end with their parent.
"""

import argparse
import ctypes
import errno
import gc
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from reciproque.cli import compiling, place
from reciproque.cli.web import serve_web

log = structlog.get_logger("reciproque.supervisor")
ENDING = 5.0  # seconds given to children to end by themselves
TIDY_EVERY = 3600.0  # seconds between two looks for old jobs
LOOK_EVERY = 2.0  # seconds between two looks at the embedded server
PR_SET_PDEATHSIG = 1


def demo(options: argparse.Namespace) -> int:
    """Start with the demonstration university, filled once."""
    return _serve(options, before=_fill_demo)


def serve(options: argparse.Namespace) -> int:
    """Start; with `--first-administrator`, create the establishment and its first account when there is none."""
    return _serve(options, before=_first_administrator if options.first_administrator else None)


def worker(_options: argparse.Namespace) -> int:
    """Only the worker, in the foreground."""
    folder = place.ready()
    beside = compiling.begin(folder)
    place.migrate(folder)
    try:
        run_worker()
    finally:
        if beside is not None:
            beside.terminate()
            beside.wait()
    return 0


def stop(_options: argparse.Namespace) -> int:
    """Tell the running parent to end, and wait for it; stops a database left alone, too."""
    folder = place.home()
    pid_file = folder / "state" / "pid"
    with place.only_one(folder) as free:
        running = not free
    if not running:
        _stop_database(folder)
        print("L’application ne tourne pas dans ce dossier.", file=sys.stderr)
        return 3
    os.kill(int(pid_file.read_text()), signal.SIGTERM)
    for _ in range(200):
        with place.only_one(folder) as free:
            if free:
                return 0
        time.sleep(0.1)
    return 1


def run_worker() -> None:
    """Take jobs until told to stop."""
    import asyncio

    from django.conf import settings
    from procrastinate.contrib.django import app

    from reciproque.foundation import jobs

    async def work() -> None:
        connector: Any = app.connector
        with app.replace_connector(connector.get_worker_connector()) as workers:
            async with workers.open_async():
                await workers.run_worker_async(
                    concurrency=2,
                    shutdown_graceful_timeout=ENDING - 1,
                    delete_jobs="never",
                    update_heartbeat_interval=settings.JOBS_HEARTBEAT,
                    stalled_worker_timeout=jobs.stalled_after(),
                )

    asyncio.run(work())


def run_mail() -> None:
    """Receive the messages that the mail server delivers, until told to stop."""
    from django.conf import settings

    from reciproque.foundation.inbound.keeping import LOCAL
    from reciproque.foundation.inbound.lmtp import Door, serve
    from reciproque.relations.capture.filing import receives

    door = Door(domain=settings.MAIL_IN_DOMAIN, local=LOCAL, known=receives)
    serve(settings.MAIL_IN_HOST, settings.MAIL_IN_PORT, door)


def _serve(options: argparse.Namespace, *, before: Callable[[Path], None] | None) -> int:
    began, host, asked = time.monotonic(), os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    port = int(asked) if asked.isascii() and asked.isdecimal() else -1
    if not 0 <= port < 65536:
        print(f"PORT : « {asked} » n’est pas un port (de 1 à 65535).", file=sys.stderr)
        return 2
    folder = place.home()
    with place.only_one(folder) as free:
        if not free:
            print(f"L’application tourne déjà dans {folder} : « reciproque stop » l’arrête.", file=sys.stderr)
            return 1
        if refusal := _refusal(host, port):
            print(refusal, file=sys.stderr)
            return 1
        (folder / "state" / "pid").write_text(str(os.getpid()))
        demo = bool(getattr(options, "run", None)) and os.environ.get("RECIPROQUE_DEMO") == "1"
        try:
            gc.disable()  # while modules are imported, which stay
            place.ready()
            gc.enable()
            supervisor = Supervisor(folder, host, port, began, demo=demo, beside=compiling.begin(folder))
            place.migrate(folder)
            place.collect_static(folder)
            if before is not None:
                _apart(before, folder)
            return supervisor.run()
        except KeyboardInterrupt:
            return 130
        finally:  # a start that fails leaves no database behind
            _stop_database(folder)


def _apart(work: Callable[[Path], None], folder: Path) -> None:
    """Do it in a process of its own, so that the parent of all stays light and has started no thread.

    Some libraries keep pools of threads: what is forked after them waits for ever for threads that it has not.
    Raises SystemExit when it fails.
    """
    from django.db import connections

    connections.close_all()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        if code := os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
            raise SystemExit(code if code > 0 else 1)
        return
    code = 1
    try:
        work(folder)
        code = 0
    except KeyboardInterrupt:
        pass
    except Exception:
        log.exception("prepare")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _refusal(host: str, port: int) -> str:
    """Why one cannot listen there, in a sentence; asked before anything is started. Empty when one can."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"Le port {port} est déjà pris : choisissez-en un autre par --port, ou PORT=…"
        return f"Impossible d’écouter sur {host}, port {port} ({error.strerror}) : voyez --host et --port, ou HOST et PORT."
    return ""


class Supervisor:
    """Keeps the site and the worker alive until it is told to stop."""

    def __init__(
        self, folder: Path, host: str, port: int, began: float, *, demo: bool, beside: "subprocess.Popen[bytes] | None"
    ) -> None:
        self.folder, self.host, self.port, self.began, self.demo = folder, host, port, began, demo
        self.beside = beside  # compiles, then ends by itself
        self.children: dict[int, str] = {}
        self.failures: dict[str, int] = {}
        self.stopping = False

    def run(self) -> int:
        """Fork, watch, stop. Returns the exit code."""
        from django.conf import settings

        self._load()
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)
        for name in ("web", "worker", *(["mail"] if os.environ.get("MAIL_IN_PORT", "0") != "0" else [])):
            self._start(name)
        if not self._healthy():
            self._end()
            return 1
        self._announce()
        reaped, tidied, looked = 0.0, 0.0, time.monotonic()
        while not self.stopping:
            self._watch()
            if self.beside is not None and self.beside.poll() is not None:
                self.beside = None
            if time.monotonic() - looked > LOOK_EVERY:
                looked = time.monotonic()
                self._revive_database()
            if time.monotonic() - reaped > settings.JOBS_HEARTBEAT:
                reaped = time.monotonic()
                tidied = reaped if (old := reaped - tidied > TIDY_EVERY) else tidied
                self._tidy(old=old)
            time.sleep(0.2)
        self._end()
        return 0

    def _load(self) -> None:
        """Import what the children will need, once, then keep it out of the garbage collector so that pages stay shared."""
        from django.db import connections
        from django.template.loader import get_template
        from django.urls import get_resolver

        gc.disable()
        from config.wsgi import application  # noqa: F401

        assert get_resolver().url_patterns  # noqa: S101 -- imports every view
        get_template("ui/base.html")
        connections.close_all()
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(100_000, 20, 50)  # a page makes thousands of objects and frees them all: looked at less often

    def _start(self, name: str) -> None:
        pid = os.fork()
        if pid:
            self.children[pid] = name
            return
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        code = 1
        try:
            run = {"web": lambda: serve_web(self.host, self.port), "worker": run_worker, "mail": run_mail}[name]
            run()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0) if not isinstance(end.code, str) else 1
        except Exception:
            log.exception("child", name=name)
        finally:
            sys.stdout.flush()
            os._exit(code)

    def _watch(self) -> None:
        for pid in list(self.children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            name = self.children.pop(pid)
            self.failures[name] = self.failures.get(name, 0) + 1
            log.warning("restart", child=name, status=status, times=self.failures[name])
            self._revive_database()
            time.sleep(min(5.0, 0.2 * self.failures[name]))
            self._start(name)

    def _revive_database(self) -> None:
        if os.environ.get("DATABASE_URL"):
            return
        from reciproque.foundation.database.embedded import Server

        server = Server(self.folder / "postgres")
        if server.breathes():
            return
        try:
            server.start()
            log.warning("database", restarted=True)
        except SystemExit as refusal:
            log.error("database", said=str(refusal)[-300:])  # noqa: TRY400 -- what the server said is the whole story

    def _tidy(self, *, old: bool) -> None:
        """Killed jobs back in the queue; from time to time, old ones gone, old messages too."""
        from django.db import DatabaseError, connection
        from django.utils.timezone import now

        from reciproque.foundation import inbound, jobs

        try:
            if count := jobs.reap():
                log.info("reaped", jobs=count)
            if old:
                jobs.purge()
                inbound.forget(now())
        except DatabaseError:
            log.warning("tidy")
        finally:
            connection.close()

    def _healthy(self) -> bool:
        import http.client

        for _ in range(300):
            if self.stopping or not any(os.waitpid(pid, os.WNOHANG) == (0, 0) for pid in self.children):
                return False
            try:
                probe = http.client.HTTPConnection(self.host.replace("0.0.0.0", "127.0.0.1"), self.port, timeout=2)  # noqa: S104
                probe.request("GET", "/healthz", headers={"Host": "127.0.0.1"})
                if probe.getresponse().status == 200:
                    return True
            except OSError:
                pass
            time.sleep(0.05)
        return False

    def _announce(self) -> None:
        address = f"http://{self.host}:{self.port}/"
        log.info("ready", address=address, seconds=round(time.monotonic() - self.began, 2))
        if not sys.stderr.isatty() and not self.demo:
            return
        lines = ["", f"  Réciproque répond à {address}"]
        if self.demo:
            lines += [
                f"  Entrez en un clic sous un des profils : {address}entrer/",
                *(f"    {line}" for line in _personas()),
            ]
        print("\n".join([*lines, "  Ctrl-C arrête tout.", ""]), file=sys.stderr, flush=True)

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def _end(self) -> None:
        if self.beside is not None:
            self.beside.terminate()
            self.beside.wait()
        for pid in self.children:
            os.kill(pid, signal.SIGTERM)
        limit = time.monotonic() + ENDING
        while self.children and time.monotonic() < limit:
            for pid in list(self.children):
                if os.waitpid(pid, os.WNOHANG)[0]:
                    del self.children[pid]
            time.sleep(0.05)
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _stop_database(folder: Path) -> None:
    if os.environ.get("DATABASE_URL"):
        return
    from reciproque.foundation.database.embedded import Server

    Server(folder / "postgres").stop()


def _personas() -> list[str]:
    from django.db import connection

    from reciproque.institution.reads import personas

    found = [f"{user} – {user.title}" for user in personas()]
    connection.close()
    return found


def _fill_demo(_folder: Path) -> None:
    from reciproque.demo import seed

    print("Préparation de l’université de démonstration…", file=sys.stderr, flush=True)
    seed.run()


def _first_administrator(_folder: Path) -> None:
    from reciproque.institution import services
    from reciproque.institution.access import Actor
    from reciproque.institution.models import Membership, Role

    if Membership.objects.filter(role=Role.ADMINISTRATOR).exists():
        return
    actor = Actor.system("première installation", via="command")
    name = os.environ.get("ESTABLISHMENT_NAME") or "Établissement"
    unit = services.found_establishment(actor=actor, code="etablissement", name=name)
    email = os.environ.get("ADMIN_EMAIL") or "admin@localhost.localdomain"
    password = os.environ.get("ADMIN_PASSWORD") or secrets.token_urlsafe(15)
    user = services.create_account(
        actor=actor, username="admin", email=email, last_name="Administration", password=password
    )
    services.grant_role(actor=actor, user=user, unit=unit, role=Role.ADMINISTRATOR)
    print(
        f"\n  Premier compte : admin, mot de passe : {password}\n  (à changer ; un second facteur sera demandé)\n",
        file=sys.stderr,
    )
