"""A message is kept as it came before anything reads it; it ends filed, unmatched, refused or failed, with the reason."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count
from django.utils.timezone import now

from reciproque.foundation.events import announce
from reciproque.foundation.models import InboundMessage

LOCAL = "suivi"
"""What the addresses begin with; after « + » comes whose they are."""
LARGEST = 25 * 1024 * 1024
"""Bytes of a message; what the mail servers of establishments let through."""
KEPT_FOR = dt.timedelta(days=30)
"""How long the raw message stays once it is dealt with; one that waits stays."""
LISTED_FOR = dt.timedelta(days=365)
"""How long one may see what became of it."""


@transaction.atomic
def receive(raw: bytes, *, sender: str, recipients: Sequence[str]) -> InboundMessage | None:
    """Keep a message and tell those who file it, or return None when this very message was already kept.

    Mail servers deliver again when an answer of ours was lost: the same bytes for the same addresses are one message.
    """
    addresses = sorted({address.strip().lower()[:254] for address in recipients})
    digest = hashlib.sha256(raw + b"\0" + "\n".join(addresses).encode("utf-8", "replace")).hexdigest()
    message, created = InboundMessage.objects.get_or_create(
        digest=digest, defaults={"raw": raw, "sender": sender.strip().lower()[:254], "recipients": addresses}
    )
    if not created:
        return None
    announce("foundation.message_received", message_id=message.pk)
    return message


def settle(message: InboundMessage, state: str, reason: str = "") -> None:
    """Say what became of a message. `reason` is a French sentence for the person who looks at the list."""
    message.state, message.reason, message.settled_at = state, reason[:500], now()
    message.save(update_fields=["state", "reason", "settled_at"])


def forget(today: dt.datetime) -> int:
    """Empty the raw content of messages dealt with long ago, delete the oldest; returns how many lost their content."""
    settled = InboundMessage.objects.exclude(state=InboundMessage.State.WAITING)
    settled.filter(settled_at__lt=today - LISTED_FOR).delete()
    return settled.filter(settled_at__lt=today - KEPT_FOR).exclude(raw=b"").update(raw=b"")


def account(since: dt.datetime) -> dict[str, int]:
    """How many messages in each state, of those received since."""
    counted = InboundMessage.objects.filter(received_at__gte=since).values_list("state").annotate(number=Count("pk"))
    return dict.fromkeys(InboundMessage.State.values, 0) | dict(counted.order_by())
