"""Processes killed at any moment: nothing is lost, nothing is done twice, the result is that of a quiet run.

A server and databases of their own, real processes, `kill -9`.
"""

import csv
import json
import os
import random
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
CHILD = Path(__file__).with_name("child.py")
ROWS = 2600
LIMIT = 90
CHANCE = random.Random()  # noqa: S311 -- moments
pytestmark = pytest.mark.slow

PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
import io, sys
from pathlib import Path
from reciproque.institution import services as institution
from reciproque.institution.access import Actor
from reciproque.sourcing import services
actor = Actor.system("test")
root = institution.found_establishment(actor=actor, code="univ", name="Université")
source = services.create_source(actor=actor, unit=root, name="fichier", code="fichier")
file = services.receive_file(actor=actor, content=io.BytesIO(Path(sys.argv[1]).read_bytes()), name="fichier.csv")
run = services.open_import(actor=actor, source=source, file=file)
services.start_check(actor=actor, run=run)
"""
STATE = """
SELECT 'partner', p.name, p.siren, p.city, p.email, p.version::text, (SELECT count(*) FROM sourcing_sourcerecord WHERE partner_id = p.id)::text,
  (SELECT count(*) FROM directory_partnerevent WHERE pgh_obj_id = p.id)::text FROM directory_partner p
UNION ALL SELECT 'site', p.name, s.siret, s.city, s.address, s.version::text, s.is_head::text,
  (SELECT count(*) FROM directory_siteevent WHERE pgh_obj_id = s.id)::text
  FROM directory_site s JOIN directory_partner p ON p.id = s.partner_id
UNION ALL SELECT 'person', e.last_name, e.first_name, e.email, p.name, o.title, e.version::text,
  (SELECT count(*) FROM directory_personevent WHERE pgh_obj_id = e.id)::text
  FROM directory_person e JOIN directory_position o ON o.person_id = e.id JOIN directory_partner p ON p.id = o.partner_id
UNION ALL SELECT 'row', r.line::text, r.state, r.decision, p.name, r.draft::text, l.line::text, ''
  FROM sourcing_sourcerecord r LEFT JOIN directory_partner p ON p.id = r.partner_id LEFT JOIN sourcing_sourcerecord l ON l.id = r.leader_id
UNION ALL SELECT 'effect', model, created::text, fate, count(*)::text, '', '', '' FROM sourcing_importeffect GROUP BY 1, 2, 3, 4
UNION ALL SELECT 'tie', p.name, t.status, '', '', '', '', '' FROM directory_partnerunit t JOIN directory_partner p ON p.id = t.partner_id
UNION ALL SELECT 'found', count(*)::text, '', '', '', '', '', '' FROM directory_searchentry
UNION ALL SELECT 'named', count(*)::text, '', '', '', '', '', '' FROM sourcing_recordperson
UNION ALL SELECT 'import', state, total::text, counts::text, '', '', '', '' FROM sourcing_import
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
"""


def write_file(path: Path) -> None:
    """Organisations that come back, far apart too, some without a number, people everywhere."""
    chance = random.Random(7)  # noqa: S311 -- made data
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Raison sociale", "CP", "Commune", "Courriel", "Nom du contact", "Prénom", "Fonction"])
        for number in range(ROWS):
            firm = chance.randrange(1200)
            mail = f"contact@atelier-{firm}.example" if chance.random() < 0.5 else ""
            writer.writerow(
                [f"Atelier Numéro {firm}", "49000", "Angers", mail, f"Martin{number % 900}", "Anne", "tutrice"]
            )


class Ground:
    """A server, a database ready to import, and copies of it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder
        self.server = Server(folder / "postgres")  # not the fast one: it is killed too
        self.server.start()
        self.server.create_database("ready")
        write_file(folder / "fichier.csv")
        subprocess.run(
            [sys.executable, "-c", PREPARE, str(folder / "fichier.csv")],
            env=self.environment("ready"),
            check=True,
            timeout=4 * LIMIT,  # migrations on a machine that does much else
        )

    def environment(self, name: str) -> dict[str, str]:
        """What a process of ours needs."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("RECIPROQUE_", "DATABASE_"))}
        return kept | {
            "PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "config.settings", "RECIPROQUE_HOME": str(self.home),
            "DATABASE_URL": self.server.url(name), "LOG_LEVEL": "WARNING", "MEDIA_ROOT": str(self.home / "files"), "DEBUG": "1",
        }  # fmt: skip

    def copy(self, name: str, of: str = "ready") -> None:
        """The same database under another name. Copied as files: after a copy through the log, a crash sets sequences back."""
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {of} STRATEGY file_copy")

    def start(self, name: str, wanted: str) -> "subprocess.Popen[str]":
        """A process at work; returns once it has begun."""
        process = subprocess.Popen(
            [sys.executable, str(CHILD), wanted, "1"], env=self.environment(name), stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        return process

    def finish(self, name: str, wanted: str) -> None:
        """Let it go to its end."""
        process = self.start(name, wanted)
        process.communicate(timeout=LIMIT)
        assert process.returncode == 0

    def kill_along_the_way(self, name: str, wanted: str, chance: random.Random, times: int) -> int:
        """Kill it that many times, at moments of chance; returns how many found it at work."""
        killed = 0
        for _ in range(times):
            process = self.start(name, wanted)
            time.sleep(chance.uniform(0.02, 0.6))
            if process.poll() is None:
                killed += 1
            process.send_signal(signal.SIGKILL)
            process.communicate()
        return killed

    def state(self, name: str) -> list[tuple[str, ...]]:
        """Everything that must be the same."""
        with psycopg.connect(self.server.url(name)) as connection:
            return connection.execute(STATE).fetchall()


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    place = Ground(tmp_path_factory.mktemp("killed"))
    place.copy("quiet")
    place.finish("quiet", "run")
    yield place
    place.server.stop()


def test_the_quiet_run_wrote_everything(ground):
    state = ground.state("quiet")
    imported = next(row for row in state if row[0] == "import")
    assert imported[1:3] == ("done", str(ROWS))
    counts = json.loads(imported[3])
    assert counts["applied"] == ROWS
    assert sum(row[0] == "partner" for row in state) == counts["organisations"]


def test_a_worker_killed_again_and_again(ground):
    ground.copy("killed")
    assert ground.kill_along_the_way("killed", "run", CHANCE, 6) >= 2
    ground.finish("killed", "run")
    assert ground.state("killed") == ground.state("quiet")


def test_an_undo_killed_again_and_again(ground):
    ground.copy("undone", of="quiet")
    assert ground.kill_along_the_way("undone", "undo", CHANCE, 4) >= 1
    ground.finish("undone", "undo")
    left = {row[0] for row in ground.state("undone")}
    assert not left & {"partner", "site", "person", "tie", "named"} - {"named"}
    assert {row[2] for row in ground.state("undone") if row[0] == "row"} == {"withdrawn"}


def test_the_database_killed(ground):
    ground.copy("crashed")
    process = ground.start("crashed", "run")
    time.sleep(1.0)
    pid = int((ground.server.data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    process.communicate(timeout=LIMIT)
    ground.server.start()
    ground.finish("crashed", "run")
    assert ground.state("crashed") == ground.state("quiet")
