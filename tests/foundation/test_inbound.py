"""Messages that come in by the mail server's own protocol: kept before they are acknowledged, once, and accounted for."""

import asyncio
import datetime as dt
import smtplib
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
import time_machine
from aiosmtpd.smtp import Envelope
from django.db import DatabaseError, OperationalError, transaction
from django.utils.timezone import now

from reciproque.foundation import inbound
from reciproque.foundation.inbound import lmtp
from reciproque.foundation.models import InboundMessage
from tests.foundation.doors import deliver, open_door

pytestmark = pytest.mark.django_db(transaction=True)
RAW = b"From: a@univ.fr\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\n\r\nBonjour\xe9\r\n.deux points\r\n"


@pytest.fixture
def port() -> Iterator[int]:
    with open_door() as number:
        yield number


def test_a_message_is_in_the_database_when_it_is_acknowledged(port: int) -> None:
    assert deliver(port, RAW, "suivi+k3y@reciproque.univ.fr") == {}
    kept = InboundMessage.objects.get()
    assert bytes(kept.raw) == RAW
    assert (kept.sender, kept.recipients, kept.state) == ("a@univ.fr", ["suivi+k3y@reciproque.univ.fr"], "waiting")


def test_each_recipient_has_its_answer_and_the_server_relays_nothing(port: int) -> None:
    """Spoken by hand: the standard library's client does not wait for one answer per recipient (RFC 2033 §4.2)."""
    addresses = [
        "suivi+one@reciproque.univ.fr",
        "president@elysee.fr",
        "suivi@reciproque.univ.fr",
        "autre@reciproque.univ.fr",
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire, wire.makefile("rb") as answers:

        def said(line: bytes) -> int:
            wire.sendall(line + b"\r\n")
            return int(answers.readline()[:3])

        assert answers.readline().startswith(b"220")
        wire.sendall(b"LHLO mx.univ.fr\r\n")
        while answers.readline()[3:4] == b"-":
            pass
        assert said(b"MAIL FROM:<a@univ.fr>") == 250
        assert [said(b"RCPT TO:<%s>" % address.encode()) for address in addresses] == [250, 550, 250, 550]
        assert said(b"DATA") == 354
        assert said(RAW + b".") == 250
        assert answers.readline().startswith(b"250"), "the second recipient has its own answer"
        assert said(b"QUIT") == 221
    assert InboundMessage.objects.get().recipients == sorted(addresses[::2])


def test_delivered_again_it_is_one_message_for_other_addresses_it_is_another(port: int) -> None:
    for _ in range(2):
        deliver(port, RAW, "suivi+one@reciproque.univ.fr")
    assert InboundMessage.objects.count() == 1
    deliver(port, RAW, "suivi+two@reciproque.univ.fr")
    assert InboundMessage.objects.count() == 2


def test_when_it_cannot_be_kept_the_mail_server_is_asked_to_try_again(port: int) -> None:
    with (
        mock.patch.object(lmtp, "receive", side_effect=OperationalError("down")),
        pytest.raises(smtplib.SMTPDataError) as told,
    ):
        deliver(port, RAW, "suivi+one@reciproque.univ.fr")
    assert told.value.smtp_code == 451
    deliver(port, RAW, "suivi+one@reciproque.univ.fr")
    assert InboundMessage.objects.count() == 1


def test_a_message_too_large_is_refused_for_good(port: int) -> None:
    with mock.patch.object(lmtp, "LARGEST", 1000), pytest.raises(smtplib.SMTPResponseException) as told:
        deliver(port, RAW + b"x" * 2000, "suivi+one@reciproque.univ.fr")
    assert told.value.smtp_code == 552
    assert not InboundMessage.objects.exists()


def test_a_half_delivered_message_is_nothing(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(
            b"LHLO x\r\nMAIL FROM:<a@univ.fr>\r\nRCPT TO:<suivi+a@reciproque.univ.fr>\r\nDATA\r\nFrom: a@univ.fr\r\n"
        )
    deliver(port, RAW, "suivi+one@reciproque.univ.fr")
    assert [m.recipients for m in InboundMessage.objects.all()] == [["suivi+one@reciproque.univ.fr"]]


def test_those_who_file_are_told_in_the_same_transaction() -> None:
    with mock.patch("reciproque.foundation.inbound.keeping.announce") as told:
        message = inbound.receive(RAW, sender="a@univ.fr", recipients=["suivi+a@x.fr"])
        assert message is not None
        told.assert_called_once_with("foundation.message_received", message_id=message.pk)
        assert inbound.receive(RAW, sender="a@univ.fr", recipients=["suivi+a@x.fr"]) is None
        assert told.call_count == 1


def test_every_message_is_counted_and_a_refusal_says_why() -> None:
    for number, state in enumerate(["kept", "refused", "refused", "waiting"]):
        message = inbound.receive(RAW + bytes([number + 65]), sender="a@univ.fr", recipients=["suivi+a@x.fr"])
        assert message is not None
        if state != "waiting":
            inbound.settle(message, state, "Expéditeur inconnu.")
    assert inbound.account(now() - dt.timedelta(days=1)) == {
        "kept": 1,
        "refused": 2,
        "waiting": 1,
        "unmatched": 0,
        "failed": 0,
    }
    with pytest.raises(Exception, match="a_message_not_filed_says_why"), transaction.atomic():
        inbound.settle(InboundMessage.objects.get(state="waiting"), "failed", "")


def test_content_goes_after_a_month_the_line_after_a_year_what_waits_stays() -> None:
    with time_machine.travel("2026-01-10T10:00:00Z", tick=False):
        dealt = inbound.receive(RAW, sender="a@univ.fr", recipients=["suivi+a@x.fr"])
        waits = inbound.receive(RAW, sender="a@univ.fr", recipients=["suivi+b@x.fr"])
        assert dealt is not None
        assert waits is not None
        inbound.settle(dealt, "kept")
    day = dt.datetime(2026, 1, 10, 10, tzinfo=dt.UTC)
    assert inbound.forget(day + dt.timedelta(days=30)) == 0
    assert inbound.forget(day + dt.timedelta(days=31)) == 1
    assert bytes(InboundMessage.objects.get(pk=dealt.pk).raw) == b""
    inbound.forget(day + dt.timedelta(days=366))
    assert [m.pk for m in InboundMessage.objects.all()] == [waits.pk]
    assert bytes(InboundMessage.objects.get().raw) == RAW


def test_the_sender_to_an_address_that_is_no_more_is_told_at_once() -> None:
    def away(_key: str) -> bool:
        raise DatabaseError

    def said(address: str, known: Callable[[str], bool]) -> str:
        door, envelope = lmtp.Door(domain="suivi.univ.fr", local="suivi", known=known), Envelope()
        with ThreadPoolExecutor(1) as aside:  # a browser of another test may have its loop in this thread
            told = aside.submit(asyncio.run, door.handle_RCPT(None, None, envelope, address, [])).result()
        return f"{told} {len(envelope.rcpt_tos)}"

    assert said("suivi+neuve@suivi.univ.fr", "neuve".__eq__) == "250 2.1.5 OK 1"
    assert said("SUIVI+ANCIENNE@suivi.univ.fr", "neuve".__eq__).startswith("550 5.1.1 Adresse de suivi inconnue")
    assert said("suivi+neuve@suivi.univ.fr", away).startswith("451 4.3.0")
