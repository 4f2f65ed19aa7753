"""The door for messages: an LMTP server (RFC 2033) that the establishment's mail server delivers to.

A message is answered « 250 » once it is in the database, « 451 » when it could not be kept: the mail server then tries again.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections

from reciproque.foundation.inbound.keeping import LARGEST, receive

log = structlog.get_logger("reciproque.mail")


class Door:
    """What the server asks at each step. `domain` and `local` are those of the addresses that it answers for.

    `known` says whether what follows the « + » is of an address in use: a sender is told at once that an old one is no more.
    """

    def __init__(self, *, domain: str, local: str, known: Callable[[str], bool] = lambda _key: True) -> None:
        self.domain, self.local, self.known = domain.lower(), local.lower(), known

    async def handle_RCPT(  # noqa: N802 -- the library's name
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take `local@domain` and `local+key@domain` of a known key, nothing else: this is not a relay."""
        local, _, domain = address.lower().rpartition("@")
        name, _, key = local.partition("+")
        if domain != self.domain or name != self.local:
            return "550 5.1.1 Adresse inconnue ici"
        try:
            if not await sync_to_async(_asked, thread_sensitive=False)(self.known, key):
                return "550 5.1.1 Adresse de suivi inconnue : elle a pu changer, voyez « Courriels et agenda »"
        except DatabaseError:
            return "451 4.3.0 Base indisponible, réessayez plus tard"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- the library's name
        """Keep the message; one answer for each recipient, as RFC 2033 asks."""
        content = envelope.original_content or b""
        try:
            await sync_to_async(_kept, thread_sensitive=False)(
                content, envelope.mail_from or "", list(envelope.rcpt_tos)
            )
            answer = "250 2.0.0 Message gardé"
        except DatabaseError:
            log.warning("message_not_kept", size=len(content))
            answer = "451 4.3.0 Base indisponible, réessayez plus tard"
        return "\r\n".join([answer] * len(envelope.rcpt_tos))


def _asked(known: Callable[[str], bool], key: str) -> bool:
    close_old_connections()
    try:
        return known(key)
    finally:
        close_old_connections()


def _kept(content: bytes, sender: str, recipients: list[str]) -> None:
    close_old_connections()
    try:
        receive(content, sender=sender, recipients=recipients)
    finally:
        close_old_connections()


async def listen(host: str, port: int, door: Door) -> asyncio.Server:
    """A server listening at that address; the caller closes it."""
    loop = asyncio.get_running_loop()

    def session() -> LMTP:
        return LMTP(door, data_size_limit=LARGEST, hostname=door.domain, ident="Réciproque", enable_SMTPUTF8=True)

    return await loop.create_server(session, host, port)


def serve(host: str, port: int, door: Door) -> None:
    """Listen until the process is told to end."""

    async def run() -> None:
        server = await listen(host, port, door)
        async with server:
            await server.serve_forever()

    asyncio.run(run())
