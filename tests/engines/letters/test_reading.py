"""Messages as they really come in: copies, forwards, answers of machines, reports of non-delivery, and nonsense."""

import datetime as dt
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.letters import Letter, read

PARIS = ZoneInfo("Europe/Paris")


def written(body: str = "Bonjour,\n\nD’accord pour mardi.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    given_headers = {
        "From": "Claire Petit <Claire.Petit@Univ.fr>",
        "To": "j.faure@acme.fr",
        "Subject": "Visite d’atelier",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given_headers.items():
        message[name] = value
    message.set_content(body)
    return message


def seen(message: EmailMessage | MIMEMultipart | bytes, *trusted: str) -> Letter:
    return read(message if isinstance(message, bytes) else message.as_bytes(), zone=PARIS, trusted=trusted)


def test_a_message_says_who_writes_to_whom_and_what() -> None:
    letter = seen(
        written(
            Cc="suivi+k3y@reciproque.univ.fr, Jean Faure <J.FAURE@acme.fr>",
            Message_ID="<1@univ.fr>",
            Date="Tue, 3 Nov 2026 09:12:00 +0100",
        )
    )
    assert letter.sender == ("claire.petit@univ.fr", "Claire Petit")
    assert [a.email for a in letter.recipients] == [
        "j.faure@acme.fr",
        "suivi+k3y@reciproque.univ.fr",
        "j.faure@acme.fr",
    ]
    assert (letter.subject, letter.message_id) == ("Visite d’atelier", "<1@univ.fr>")
    assert letter.text == "Bonjour,\n\nD’accord pour mardi."
    assert letter.sent_at == dt.datetime(2026, 11, 3, 8, 12, tzinfo=dt.UTC)
    assert not letter.automatic
    assert not letter.attachments


def test_a_page_becomes_words_a_line_per_block() -> None:
    message = written()
    message.set_content(
        "<html><head><style>p{}</style></head><p>Bonjour&nbsp;Jean,</p><p>à <b>mardi</b><br>Claire</p><script>x()</script>",
        subtype="html",
    )
    assert seen(message).text.split("\n") == ["Bonjour Jean,", "", "à mardi", "Claire"]


def test_files_keep_their_content_and_lose_their_folder() -> None:
    message = written()
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="..\\..\\C:\\plan d’accès.pdf")
    (file,) = seen(message).attachments
    assert (file.name, file.content_type, file.content) == ("plan d’accès.pdf", "application/pdf", b"%PDF-1.7")


def test_the_picture_of_a_signature_is_told_from_a_file() -> None:
    message = written()
    message.add_attachment(
        b"GIF89a", maintype="image", subtype="gif", filename="logo.gif", disposition="inline", cid="<l@x>"
    )
    message.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="atelier.gif")
    assert [(f.name, f.inline) for f in seen(message).attachments] == [("logo.gif", True), ("atelier.gif", False)]


def test_a_forwarded_message_names_the_people_it_came_from() -> None:
    text = "Pour le suivi.\n\n-------- Message transféré --------\nDe : Jean Faure <j.faure@acme.fr>\nÀ : claire.petit@univ.fr\n\nOui pour le 12."
    assert [a.email for a in seen(written(text)).forwarded] == ["j.faure@acme.fr", "claire.petit@univ.fr"]


def test_a_message_within_a_message_is_a_file() -> None:
    outer = MIMEMultipart()
    outer["From"] = "a@univ.fr"
    outer.attach(MIMEText("Voir ci-joint."))
    outer.attach(MIMEMessage(written("Le secret est dedans.")))
    letter = seen(outer)
    assert letter.text == "Voir ci-joint."
    assert [f.name for f in letter.attachments] == ["message.eml"]
    assert b"secret" in letter.attachments[0].content


@pytest.mark.parametrize(
    ("name", "value", "automatic"),
    [
        ("Auto-Submitted", "auto-replied", True),
        ("Auto-Submitted", "no", False),
        ("Precedence", "bulk", True),
        ("List-Id", "<l.univ.fr>", True),
        ("X-Priority", "1", False),
    ],
)
def test_machines_are_told_from_people(name: str, value: str, automatic: bool) -> None:
    message = written()
    message[name] = value
    assert seen(message).automatic is automatic


def test_only_a_server_of_ours_is_believed_about_the_sender() -> None:
    message = written()
    message["Authentication-Results"] = "mx.univ.fr; spf=pass smtp.mailfrom=univ.fr; dkim=fail"
    message["Authentication-Results"] = "evil.example; dkim=pass; dmarc=pass"
    assert seen(message, "mx.univ.fr").authentication == {"spf": "pass", "dkim": "fail"}
    assert seen(message).authentication == {}


def test_a_report_of_non_delivery_says_who_and_whether_for_good() -> None:
    raw = (
        b"From: MAILER-DAEMON@mx.acme.fr\r\nTo: envoi@univ.fr\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n'
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.acme.fr\r\n\r\n"
        b"Final-Recipient: rfc822; Parti@acme.fr\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"Final-Recipient: rfc822; plein@acme.fr\r\nAction: failed\r\nStatus: 4.2.2\r\n\r\n"
        b"Final-Recipient: rfc822; attend@acme.fr\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <c7@univ.fr>\r\nSubject: Invitation\r\n\r\nBonjour\r\n--b--\r\n"
    )
    letter = seen(raw)
    assert letter.automatic
    assert [(b.recipient, b.permanent, b.original_id) for b in letter.bounces] == [
        ("parti@acme.fr", True, "<c7@univ.fr>"), ("plein@acme.fr", False, "<c7@univ.fr>"),
    ]  # fmt: skip


def test_an_answer_says_what_it_answers() -> None:
    assert seen(written(In_Reply_To="<2@x>", References="<1@x> <2@x>")).answers == ("<1@x>", "<2@x>")


@given(st.binary(max_size=2000))
def test_nothing_makes_reading_fail(raw: bytes) -> None:
    letter = read(raw, zone=PARIS)
    assert "\0" not in letter.text + letter.subject
    letter.text.encode()


PIECES = st.sampled_from(
    [
        b"From: =?utf-8?q?=C3?= <a@b.fr>\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n",
        b"Content-Type: text/plain; charset=nope\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"\r\n--x\r\n",
        b"--x--\r\n",
        b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n",
        b"Date: 31 Feb 99\r\n",
        b"Content-Disposition: attachment; filename*=utf-8''%ff%00\"\r\n",
        b'To: ,,<>,"\r\n',
        b"\xff\xfe\x00",
        b"<p>&#0;&#xD800;",
        b"\r\n",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Type: multipart/report; boundary=x\r\n",
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Message-ID: <[a>\r\n",
    ]
)


@given(st.lists(PIECES, max_size=14))
def test_broken_pieces_of_real_messages_do_not_either(pieces: list[bytes]) -> None:
    letter = read(b"".join(pieces), zone=PARIS)
    letter.text.encode()
    assert all("\0" not in file.name for file in letter.attachments)
