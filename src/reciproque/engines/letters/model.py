"""What a message says, once read."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from reciproque.engines.letters.calendars import Invitation


class Address(NamedTuple):
    """Somebody's address: lower case, with the name it came with."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with the message. `name` is the sender's, without any folder; `inline`: a picture shown within the text."""

    name: str
    content_type: str
    content: bytes
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Bounce:
    """A message of ours that could not be delivered (RFC 3464): to whom, the code, whether it is for good (5.x.x), which message."""

    recipient: str
    status: str
    permanent: bool
    original_id: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. Nothing in it is trusted: `authentication` is what the trusted server found (`spf`, `dkim`, `dmarc` → `pass`…)."""

    message_id: str
    sent_at: dt.datetime | None
    sender: Address
    recipients: tuple[Address, ...]
    subject: str
    text: str
    """The body as plain text; what was quoted or forwarded stays in it."""
    forwarded: tuple[Address, ...]
    """Addresses in the headers of what was forwarded or quoted."""
    attachments: tuple[Attachment, ...]
    invitations: tuple[Invitation, ...]
    authentication: Mapping[str, str]
    automatic: bool
    """Written by a machine: answering it would make two machines talk (RFC 3834)."""
    bounces: tuple[Bounce, ...]
    answers: tuple[str, ...]
    """Identifiers of the messages that it answers."""
