"""Invitations on real connections: a worker killed while it sends, two answers at once, answers by the mail server's own protocol."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import localdate, now

from reciproque.foundation.database.embedded import Server
from reciproque.foundation.models import InboundMessage
from reciproque.institution.access import Actor
from reciproque.relations.capture import filing
from reciproque.relations.invitations import sending
from reciproque.relations.models import Interaction, Invitation, InvitationMail, Solicitation
from reciproque.relations.services import invitations
from tests.factories import PersonFactory, PositionFactory
from tests.foundation.doors import deliver, open_door
from tests.relations.campaigning import Sink
from tests.relations.inviting import DAY, Office, answer_to, mailing

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
WORKER = "import django; django.setup(); from reciproque.cli.serving import run_worker; run_worker()"
LIMIT = 120
ANYBODY = Actor.system("test")


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    with mailing(settings) as server:
        yield server


@pytest.fixture
def office() -> Office:
    return Office()


def worker(sink: Sink) -> "subprocess.Popen[bytes]":
    """The worker as it runs in production, on the database of this test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    server = Server(Path(os.environ["RECIPROQUE_HOME"]) / "postgres")
    about = {
        "PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "WARNING", "DEBUG": "1",
        "DATABASE_URL": server.url(str(connection.settings_dict["NAME"])), "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(sink.port),
        "SMTP_STARTTLS": "0", "MAIL_IN_PORT": "2424", "MAIL_IN_DOMAIN": "suivi.univ.fr", "SECRET_KEY": "only-for-this-test-" + "x" * 50,
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", WORKER], env=kept | about)


@pytest.mark.slow
@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the worker needs the database server of the tests")
def test_a_worker_killed_between_sending_and_noting_leaves_one_doubt_and_nobody_gets_two(office, sink) -> None:
    people = [PersonFactory(email=f"i{rank}@acme.fr") for rank in range(8)]
    for person in people:
        PositionFactory(person=person, partner=office.partner)
    office.meet(people=people, override="Convenu avec eux")
    held: list[subprocess.Popen[bytes]] = []
    invited = lambda: [one for one in sink.to() if one.endswith("@acme.fr")]  # noqa: E731 -- the worker sends other messages too
    sink.on_message = lambda _count: held[0].send_signal(signal.SIGKILL) if len(invited()) == 4 else None
    held.append(worker(sink))
    assert held[0].wait(LIMIT) == -signal.SIGKILL
    lost = invited()[-1]
    assert Counter(InvitationMail.objects.values_list("state", flat=True)) == {"sent": 3, "sending": 1, "ready": 4}
    limit = time.monotonic() + LIMIT
    while not sending.send():
        assert time.monotonic() < limit, "the lock of the dead one is never given back"
    assert Counter(invited()) == {person.email: 1 for person in people}, "each of them once"
    doubts = InvitationMail.objects.filter(state="doubt").values_list("invitation__email", flat=True)
    assert list(doubts) == [lost], "what is not known is said"
    assert InvitationMail.objects.filter(state="sent").count() == 7


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run these at the same time, each on a connection of its own; what each gave."""
    start, found = Barrier(len(calls)), []

    def run(call: Callable[[], Any]) -> None:
        start.wait()
        try:
            found.append(call())
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(found) == len(calls)
    return found


def answered(answer: str, at: dt.datetime) -> Callable[[], bool]:
    row = Invitation.objects.get()
    sequence = row.mails.latest("pk").sequence
    return lambda: invitations.answer_invitation(
        actor=ANYBODY, invitation=row, answer=answer, words=answer, at=at, sequence=sequence
    )


def test_of_two_answers_at_once_the_later_stands_and_weighs_whatever_comes_first(office, sink) -> None:
    office.meet()
    sending.send()
    for second in range(1, 7, 2):
        earlier, later = (now() + dt.timedelta(seconds=60 * second + more) for more in (0, 30))
        assert True in together(answered("accepted", earlier), answered("declined", later))
        row = Invitation.objects.get()
        assert (row.answer, row.words, row.answered_at) == ("declined", "declined", later)
        asked = Solicitation.objects.get()
        assert (asked.state, asked.answer) == ("declined", "declined")


def test_an_answer_while_the_hour_changes_is_never_taken_for_the_new_hour(office, sink) -> None:
    row = office.meet()
    for hour in (9, 10, 11):
        sending.send()
        held = Interaction.objects.get(pk=row.pk)
        together(answered("accepted", now()), lambda held=held, hour=hour: office.edit(held, at=dt.time(hour)))
        assert Invitation.objects.get().answer == "none", "what was answered was the former hour"


def test_answers_come_in_by_the_mail_servers_own_protocol(office, sink) -> None:
    office.meet()
    office.meet(people=[office.lise], on=localdate() + 20 * DAY, override="Convenu")
    assert sending.send() == 2
    with open_door("suivi.univ.fr") as port:
        for message, answer, sender in (
            (sink.messages[0], "ACCEPTED", "j.faure@acme.fr"),
            (sink.messages[1], "DECLINED", "l.roux@acme.fr"),
        ):
            written, to = answer_to(message, answer, sender=sender)
            assert deliver(port, written.as_bytes(), to, sender=sender) == {}, "acknowledged: it is kept"
            assert deliver(port, written.as_bytes(), to, sender=sender) == {}, "delivered again, it is the same"
    for kept in InboundMessage.objects.order_by("pk"):
        filing.handle(kept.pk)
    assert list(InboundMessage.objects.order_by("pk").values_list("state", flat=True)) == ["kept", "kept"]
    assert dict(Invitation.objects.values_list("email", "answer")) == {
        "j.faure@acme.fr": "accepted",
        "l.roux@acme.fr": "declined",
    }
