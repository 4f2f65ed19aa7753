"""Senders killed at any moment: nobody receives a message twice, and whoever received none is known.

A database server of its own, a real mail server, real processes, `kill -9`.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from reciproque.foundation.database.embedded import Server
from tests.relations.campaigning import Sink

ROOT = Path(__file__).resolve().parents[2]
SENDER = Path(__file__).with_name("sender.py")
PEOPLE = 400
LIMIT = 120
CHANCE = random.Random()  # noqa: S311 -- moments
pytestmark = pytest.mark.slow

PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
import sys
from reciproque.directory.models import Partner, Person, Position
from reciproque.institution import services as institution
from reciproque.institution.access import Actor
from reciproque.relations.services import campaigns
actor = Actor.system("test")
root = institution.found_establishment(actor=actor, code="univ", name="Université")
for n in range(int(sys.argv[1])):
    person = Person.objects.create(first_name="Anne", last_name=f"Martin{n}", email=f"p{n}@acme.example")
    Position.objects.create(person=person, partner=Partner.objects.create(name=f"Atelier {n}"))
row = campaigns.create_campaign(actor=actor, unit=root, title="Visites", subject="Bonjour", body="Venez, {{ prenom }}")
campaigns.choose_recipients(actor=actor, campaign=row, query="")
campaigns.start_campaign(actor=actor, campaign=row)
"""


class Ground:
    """A database with a campaign that leaves, and the mail server it leaves to."""

    def __init__(self, folder: Path) -> None:
        self.home, self.sink = folder, Sink()
        self.server = Server(folder / "postgres")
        self.server.start()
        self.server.create_database("campaign")
        self.sink.controller.start()
        subprocess.run(
            [sys.executable, "-c", PREPARE, str(PEOPLE)], env=self.environment(), check=True, timeout=4 * LIMIT
        )

    def environment(self) -> dict[str, str]:
        """What a process of ours needs."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("RECIPROQUE_", "DATABASE_"))}
        return kept | {
            "PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "config.settings", "RECIPROQUE_HOME": str(self.home),
            "DATABASE_URL": self.server.url("campaign"), "LOG_LEVEL": "WARNING", "DEBUG": "1", "SMTP_STARTTLS": "0",
            "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(self.sink.port), "SECRET_KEY": "only-for-this-test-" + "x" * 50,
        }  # fmt: skip

    def start(self) -> "subprocess.Popen[str]":
        """A sender at work."""
        process = subprocess.Popen(
            [sys.executable, str(SENDER), "1"], env=self.environment(), stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        return process

    def rows(self) -> list[tuple[str, str]]:
        """Each recipient's address and state."""
        with psycopg.connect(self.server.url("campaign")) as connection:
            return connection.execute("SELECT email, state FROM relations_campaignrecipient ORDER BY id").fetchall()

    def number(self, table: str) -> int:
        """How many rows."""
        with psycopg.connect(self.server.url("campaign")) as connection:
            found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(found[0]) if found else 0


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    place = Ground(tmp_path)
    yield place
    place.sink.controller.stop()
    place.server.stop()


def test_nobody_receives_twice_and_whoever_received_none_is_known(ground) -> None:
    killed = 0
    for _ in range(4):
        process = ground.start()
        before, limit = len(ground.sink.to()), time.monotonic() + LIMIT
        wanted = before + CHANCE.randrange(5, 60)
        while len(ground.sink.to()) < wanted and process.poll() is None and time.monotonic() < limit:
            time.sleep(0.001)  # until some have left: killed in the middle, wherever that is
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        received = Counter(ground.sink.to())
        assert max(received.values()) == 1
        for email, state in ground.rows():
            assert (email in received) <= (state in {"sent", "sending", "doubt"}), (email, state)
            assert (state == "sent") <= (email in received), (email, state)
    assert killed == 4
    last = ground.start()
    last.communicate(timeout=LIMIT)
    assert last.returncode == 0
    received, states = Counter(ground.sink.to()), dict(ground.rows())
    assert max(received.values()) == 1
    assert set(states.values()) <= {"sent", "doubt"}
    assert {email for email, state in states.items() if state == "sent"} <= set(received)
    assert {email for email in states if email not in received} <= {e for e, s in states.items() if s == "doubt"}
    sent = sum(state == "sent" for state in states.values())
    assert len(states) - sent <= killed
    assert ground.number("relations_solicitation") == ground.number("relations_interaction") == sent
