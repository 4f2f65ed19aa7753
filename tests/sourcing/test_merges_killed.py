"""Processes killed while they bring records together or take them apart: all of it or nothing, and it is done again cleanly."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from reciproque.foundation.database.embedded import Server

ROOT = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).with_name("merging_child.py")
LIMIT = 240
MOMENTS = (0.2, 0.5, 0.8, 0.95)
"""Shares of the time of a quiet run after which a process at work is killed."""
pytestmark = pytest.mark.slow
STATE = """
SELECT 'partner', id::text, name, email, siren, coalesce(merged_into_id::text, ''), (archived_at IS NULL)::text, origins::text FROM directory_partner
UNION ALL SELECT 'site', id::text, partner_id::text, siret, address, coalesce(merged_into_id::text, ''), is_head::text, '' FROM directory_site
UNION ALL SELECT 'position', id::text, person_id::text, partner_id::text, title, '', '', '' FROM directory_position
UNION ALL SELECT 'tie', id::text, partner_id::text, unit_id::text, '', '', '', '' FROM directory_partnerunit
UNION ALL SELECT 'merge', kind, kept_id::text, absorbed_id::text, (undone_at IS NULL)::text, '', '', '' FROM directory_merge WHERE undone_at IS NULL
UNION ALL SELECT 'row', model, row_id::text, home::text, shown::text, (row IS NULL)::text, '', '' FROM directory_mergerow
UNION ALL SELECT 'found', coalesce(partner_id::text, ''), coalesce(person_id::text, ''), '', '', '', '', '' FROM directory_searchentry
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
"""
State = list[tuple[str, ...]]


class Ground:
    """A server of its own, with two partners of many people and places."""

    def __init__(self, folder: Path) -> None:
        self.home = folder
        self.took: dict[str, float] = {}
        """Seconds that each act took, once begun."""
        self.server = Server(folder / "postgres")  # a server that keeps what it says it kept
        self.server.start()
        self.server.create_database("ready")
        self.act("prepare", "ready").communicate(timeout=2 * LIMIT)

    def act(self, wanted: str, name: str = "ready") -> "subprocess.Popen[str]":
        """A process that has begun."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("RECIPROQUE_", "DATABASE_"))}
        place = {
            "PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "config.settings", "RECIPROQUE_HOME": str(self.home),
            "DATABASE_URL": self.server.url(name), "LOG_LEVEL": "WARNING", "MEDIA_ROOT": str(self.home / "files"), "DEBUG": "1",
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, str(CHILD), wanted], env=kept | place, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        return process

    def whole(self, wanted: str) -> State:
        """Let it go to its end; what there is then."""
        process = self.act(wanted)
        begun = time.monotonic()
        process.communicate(timeout=LIMIT)
        self.took[wanted] = time.monotonic() - begun
        assert process.returncode == 0
        return self.state()

    def killed(self, wanted: str, after: float) -> bool:
        """Kill it so many seconds after it began; whether that found it at work."""
        process = self.act(wanted)
        time.sleep(after)  # the moment of death is what is tried
        at_work = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.wait_for_silence()
        return at_work

    def wait_for_silence(self) -> None:
        """The server has seen that the process is dead, and taken back what it had begun."""
        alive = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'ready' AND pid <> pg_backend_pid()"
        until = time.monotonic() + 20
        with psycopg.connect(self.server.url("ready"), autocommit=True) as connection:
            while connection.execute(alive).fetchone() != (0,):
                assert time.monotonic() < until
                time.sleep(0.02)

    def state(self) -> State:
        """Everything that a merge touches."""
        with psycopg.connect(self.server.url("ready")) as connection:
            return connection.execute(STATE).fetchall()


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    place = Ground(tmp_path_factory.mktemp("merges"))
    yield place
    place.server.stop()


def test_a_merge_and_a_separation_killed_anywhere_are_whole_or_nothing(ground: Ground) -> None:
    apart = ground.state()
    together = ground.whole("merge")
    assert together != apart
    assert ground.whole("separate") == apart, "exact, with nothing killed"
    took = dict(ground.took)
    for wanted, before, after in (("merge", apart, together), ("separate", together, apart)):
        seen = {"before": 0, "after": 0, "at work": 0}
        for share in MOMENTS:
            seen["at work"] += ground.killed(wanted, share * took[wanted])
            now = ground.state()
            assert now in (before, after), f"half of a {wanted} was kept"
            seen["after" if now == after else "before"] += 1
            if now == after:
                ground.whole("separate" if wanted == "merge" else "merge")
        assert seen["at work"], seen
        assert seen["before"], f"none was killed before its end: {seen}"
        assert ground.whole(wanted) == after, "begun again, it is what it would have been"
