"""A raw message to what it says. Any message can be malformed: whatever fails is left out, the rest is kept."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from email import policy
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import PurePath

from reciproque.engines.letters.calendars import read_calendar
from reciproque.engines.letters.model import Address, Attachment, Bounce, Letter

LONGEST = 100_000
"""Characters of a body that are kept."""
MOST_FILES = 50
_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]]+@[^\s<>@,;:\"()\[\]]+\.[^\s<>@,;:\"()\[\]]+")
_QUOTED_HEADER = re.compile(
    r"^[>\s|*]*(?:de|from|à|a|to|cc|expéditeur|destinataires?)\s*\**\s*:\s*(.+)$", re.IGNORECASE | re.MULTILINE
)
_VERDICT = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)
_DEFAULT_NAMES = {"message/rfc822": "message.eml", "text/rfc822-headers": "en-tetes.txt"}
_IDENTIFIER = re.compile(r"<[^<>\s]+>")


def read(raw: bytes, *, zone: dt.tzinfo, trusted: Sequence[str] = ()) -> Letter:
    """What a message says. `zone` is that of times without one; `trusted` are the servers whose `Authentication-Results` count."""
    message: Message = BytesParser(policy=policy.SMTP.clone(raise_on_defect=False)).parsebytes(raw)
    plain, rich, files, calendars = _parts(message)
    text = _tidy(plain or _as_text(rich))
    senders = _addresses(message, "From") or _addresses(message, "Sender") or [Address("")]
    return Letter(
        message_id=_first(message, "Message-ID", 500),
        sent_at=_date(message, zone),
        sender=senders[0],
        recipients=tuple(dict.fromkeys(a for name in ("To", "Cc", "Delivered-To") for a in _addresses(message, name))),
        subject=_first(message, "Subject", 300),
        text=text,
        forwarded=_forwarded(text),
        attachments=tuple(files[:MOST_FILES]),
        invitations=tuple(invitation for content in calendars for invitation in read_calendar(content, zone=zone)),
        authentication=_authentication(message, trusted),
        automatic=_is_automatic(message),
        bounces=tuple(_bounces(message)),
        answers=tuple(
            dict.fromkeys(_IDENTIFIER.findall(_header(message, "References") + _header(message, "In-Reply-To")))
        ),
    )


def _header(message: Message, name: str) -> str:
    try:
        return " ".join(str(value) for value in message.get_all(name, []))
    except Exception:  # noqa: BLE001 -- the library raises anything on broken headers
        return ""


def _kind(message: Message) -> str:
    try:
        return message.get_content_type()
    except Exception:  # noqa: BLE001 -- the library raises anything on broken headers
        return "application/octet-stream"


def _first(message: Message, name: str, longest: int) -> str:
    try:
        value = str(message.get(name, ""))
    except Exception:  # noqa: BLE001 -- the library raises anything on broken headers
        return ""
    return _printable(" ".join(value.split()))[:longest]


def _printable(text: str) -> str:
    """Without NUL, lone surrogates and control characters, which no database takes."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(sign for sign in clean if sign in "\n\t" or (ord(sign) >= 32 and ord(sign) != 127))


def _addresses(message: Message, name: str) -> list[Address]:
    found = []
    for label, email in getaddresses([_header(message, name)]):
        match = _ADDRESS.search(email)
        if match:
            found.append(Address(_printable(match[0]).lower()[:254], _printable(label).strip()[:200]))
    return found


def _date(message: Message, zone: dt.tzinfo) -> dt.datetime | None:
    try:
        moment = parsedate_to_datetime(_first(message, "Date", 200))
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(dt.UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _parts(message: Message) -> tuple[str, str, list[Attachment], list[bytes]]:
    """(plain text, HTML, attached files, calendars)."""
    plain: list[str] = []
    rich: list[str] = []
    files: list[Attachment] = []
    calendars: list[bytes] = []
    for part in _leaves(message):
        kind, content, name = _kind(part), _content(part), _file_name(part)
        if kind in {"text/calendar", "application/ics"}:
            calendars.append(content)
        elif kind == "text/plain" and not name:
            plain.append(_decoded(part, content))
        elif kind == "text/html" and not name:
            rich.append(_decoded(part, content))
        elif content:
            label = name or _DEFAULT_NAMES.get(kind, "sans-nom")
            files.append(Attachment(label, _printable(kind)[:100], content, inline=_is_inline(part)))
    return "\n".join(plain).strip(), "\n".join(rich), files, calendars


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something; a message within the message is one of them, as a file."""
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        if part.is_multipart() and _kind(part) != "message/rfc822":
            held = part.get_payload()
            waiting[:0] = [inner for inner in held if isinstance(inner, Message)] if isinstance(held, list) else []
        else:
            yield part


def _content(part: Message) -> bytes:
    try:
        if _kind(part) == "message/rfc822":
            return b"".join(bytes(inner) for inner in part.get_payload() if isinstance(inner, Message))
        content = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 -- broken encodings raise anything
        return b""
    return content if isinstance(content, bytes) else b""


def _decoded(part: Message, content: bytes) -> str:
    try:
        return content.decode(str(part.get_content_charset() or "utf-8"))
    except (LookupError, UnicodeDecodeError, ValueError):
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("cp1252", "replace")


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except Exception:  # noqa: BLE001 -- broken parameters raise anything
        return ""
    return _printable(PurePath(str(name).replace("\\", "/")).name).strip()[:200]


def _is_inline(part: Message) -> bool:
    said = _first(part, "Content-Disposition", 200).lower()
    return said.startswith("inline") or (bool(_first(part, "Content-ID", 200)) and not said.startswith("attachment"))


class _Text(HTMLParser):
    """The words of a page, a line per block."""

    BLOCKS = frozenset(["p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "hr"])
    SILENT = frozenset(("script", "style", "head", "title"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the library's signature
        self.silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in self.SILENT))
        if tag in self.BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(re.sub(r"\s+", " ", data))


def _as_text(page: str) -> str:
    parser = _Text()
    parser.feed(page)
    parser.close()
    return "".join(parser.words)


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in _printable(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:LONGEST]


def _forwarded(text: str) -> tuple[Address, ...]:
    lines = (match[1] for match in _QUOTED_HEADER.finditer(text))
    return tuple(
        dict.fromkeys(Address(found.lower().rstrip(".")[:254]) for line in lines for found in _ADDRESS.findall(line))
    )


def _authentication(message: Message, trusted: Sequence[str]) -> dict[str, str]:
    """SPF, DKIM and DMARC as found by a server of ours (RFC 8601): what others write in that header is not heard."""
    try:
        values = [str(value) for value in message.get_all("Authentication-Results", [])]
    except Exception:  # noqa: BLE001 -- the library raises anything on broken headers
        return {}
    found: dict[str, str] = {}
    for value in values:
        server, _, verdicts = value.partition(";")
        if server.split()[:1] and server.split()[0].lower() in {name.lower() for name in trusted}:
            for method, result in _VERDICT.findall(verdicts):
                found.setdefault(method.lower(), result.lower())
    return found


def _is_automatic(message: Message) -> bool:
    said = _first(message, "Auto-Submitted", 50).lower()
    return (
        (bool(said) and not said.startswith("no"))
        or _first(message, "Precedence", 20).lower() in {"bulk", "junk", "list"}
        or any(_header(message, name) for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
        or _kind(message) == "multipart/report"
        or _header(message, "Return-Path").strip() == "<>"
    )


def _bounces(message: Message) -> Iterator[Bounce]:
    """Recipients that a delivery report (RFC 3464) says were not reached."""
    if _kind(message) != "multipart/report":
        return
    inner = [part for part in message.walk() if part is not message]
    original = next((found for part in inner if (found := _first(_headed(part), "Message-ID", 500))), "")
    for part in inner:
        payload = part.get_payload() if _kind(part) == "message/delivery-status" else None
        for block in payload if isinstance(payload, list) else []:
            if not isinstance(block, Message):
                continue
            status, recipient = _first(block, "Status", 20), _first(block, "Final-Recipient", 300)
            match = _ADDRESS.search(recipient.partition(";")[2] or recipient)
            if match and _first(block, "Action", 20).lower() == "failed":
                yield Bounce(match[0].lower(), status, not status.startswith("4"), original)


def _headed(part: Message) -> Message:
    """The part; of one that holds only the headers of a message (RFC 6522), that message."""
    held = part.get_payload() if _kind(part) == "text/rfc822-headers" else None
    return HeaderParser(policy=policy.compat32).parsestr(held) if isinstance(held, str) else part
