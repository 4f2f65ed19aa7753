"""A real LMTP server of ours, and the mail server that delivers to it."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reciproque.foundation.inbound import lmtp
from reciproque.foundation.inbound.keeping import LOCAL


@contextmanager
def open_door(domain: str = "reciproque.univ.fr") -> Iterator[int]:
    """The port of a real server, listening in a thread of its own."""
    ready = threading.Event()
    held: dict[str, Any] = {}

    async def run() -> None:
        server = await lmtp.listen("127.0.0.1", 0, lmtp.Door(domain=domain, local=LOCAL))
        held["port"] = server.sockets[0].getsockname()[1]
        held["loop"], held["stop"] = asyncio.get_running_loop(), asyncio.Event()
        ready.set()
        async with server:
            await held["stop"].wait()

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    assert ready.wait(10)
    yield int(held["port"])
    held["loop"].call_soon_threadsafe(held["stop"].set)
    thread.join(10)


def deliver(port: int, raw: bytes, *recipients: str, sender: str = "a@univ.fr") -> dict[str, tuple[int, bytes]]:
    """What the mail server is told for each refused recipient."""
    with smtplib.LMTP("127.0.0.1", port, timeout=10) as server:
        return server.sendmail(sender, list(recipients), raw)
