"""The line to the mail server: one connection for many messages, and what is known of a message when the line breaks."""

import re
import smtplib
from typing import Any, Protocol

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address


class Refused(Exception):
    """The server answered, and refuses this message: for good (5xx), or for now (4xx)."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code} {words}".strip())
        self.for_good = code >= 500


class Lost(Exception):
    """The line broke. `handed`: the message may have been taken; else it surely was not."""

    def __init__(self, cause: Exception, *, handed: bool) -> None:
        super().__init__(str(cause))
        self.handed = handed


class Line(Protocol):
    """What many messages are sent through."""

    def open(self) -> None:
        """Reach the server. Raises Lost."""

    def send(self, message: EmailMultiAlternatives) -> None:
        """Hand one message over. Raises Refused, Lost."""

    def close(self) -> None:
        """Let the server go."""


class SmtpLine:
    """A mail server. Each step of the exchange is followed, so that a broken line leaves a doubt only when there is one."""

    def __init__(self, backend: EmailBackend, sender: str) -> None:
        self.backend, self.sender = backend, sender

    def open(self) -> None:
        """Connect, encrypt and sign in as the settings say. Raises Lost."""
        try:
            self.backend.open()
        except OSError as error:
            self.close()
            raise Lost(error, handed=False) from error

    def send(self, message: EmailMultiAlternatives) -> None:
        """MAIL, RCPT, DATA, then the message itself. Raises Refused, Lost, or ValueError for an address that is none."""
        smtp: Any = self.backend.connection
        written: Any = message.message()
        to = sanitize_address(message.to[0], "utf-8")
        content = re.sub(rb"(?m)^\.", b"..", written.as_bytes(linesep="\r\n"))
        try:
            smtp.ehlo_or_helo_if_needed()
            self._expect(smtp.mail(self.sender), 250)
            self._expect(smtp.rcpt(to), 250, 251)
            self._expect(smtp.docmd("DATA"), 354)
        except OSError as error:
            raise Lost(error, handed=False) from error
        try:
            smtp.send(content + (b"" if content.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            answer = smtp.getreply()
        except OSError as error:
            raise Lost(error, handed=True) from error
        self._expect(answer, 250)

    def close(self) -> None:
        """Say goodbye; a line that is already cut says nothing."""
        try:
            self.backend.close()
        except OSError:
            self.backend.connection = None

    def _expect(self, answer: tuple[int, bytes], *wanted: int) -> None:
        code, words = answer
        if code in wanted:
            return
        if code == 421:
            raise Lost(smtplib.SMTPServerDisconnected(words.decode("utf-8", "replace")), handed=False)
        smtp: Any = self.backend.connection
        try:
            smtp.rset()
        except OSError as error:
            raise Lost(error, handed=False) from error
        raise Refused(code, words.decode("utf-8", "replace"))


class PlainLine:
    """Where messages go when there is no mail server: a folder, or the memory of a test."""

    def __init__(self, backend: Any) -> None:
        self.backend = backend

    def open(self) -> None:
        """Nothing to reach."""
        self.backend.open()

    def send(self, message: EmailMultiAlternatives) -> None:
        """Write the message."""
        self.backend.send_messages([message])

    def close(self) -> None:
        """Nothing to let go."""
        self.backend.close()


def line(sender: str) -> Line:
    """The line that the settings describe. `sender`: where servers send back what they cannot deliver (the envelope's)."""
    backend = get_connection()
    return SmtpLine(backend, sender) if isinstance(backend, EmailBackend) else PlainLine(backend)
