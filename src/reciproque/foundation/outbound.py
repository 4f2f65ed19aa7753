"""Calls to the outside: one client for all, with limits on time, size and pace, tried again wisely, and given up for a while when down.

Never inside a database transaction; a page that needs an answer falls back on something else.
"""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

AGENT = "Reciproque (annuaire de partenaires, universite)"
BYTES = 4 << 20
FAILURES = 5
"""In a row, after which nothing is tried for `REST` seconds."""
REST = 60.0
TRIES = 3
REFUSED = frozenset({401, 403})
LONGEST_WAIT = 20.0


class OutboundError(Exception):
    """The service did not answer, or not as it should. Nobody's data are in the message."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """A redirect is an error like another."""


@dataclass
class Client:
    """One outside service. `per_second` is its limit; `sleep` and `clock` are replaced in tests."""

    base: str
    per_second: float
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 10.0
    patience: float = LONGEST_WAIT
    """Seconds that a call may wait for its turn, or because the service asks it: somebody may be waiting for the answer."""
    heard: Callable[[bool], None] = lambda _accepted: None
    """Told whether the service accepts the key of this installation, when it says so."""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _failures: int = 0
    _closed_until: float = 0.0
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def is_resting(self) -> bool:
        """Whether the service was given up for now."""
        return self.clock() < self._closed_until

    def get(self, path: str, **query: str) -> Any:
        """The JSON at a path, None when there is none (404). Raises `OutboundError`."""
        if self.is_resting:
            raise OutboundError("circuit open")
        last = ""
        for attempt in range(TRIES):
            self._pace()
            try:
                answer = self._once(path, query)
            except urllib.error.HTTPError as error:
                if error.code == 404:
                    self._succeeded()
                    return None
                last = f"HTTP {error.code}"
                if error.code in REFUSED:
                    self.heard(False)  # noqa: FBT003 -- not accepted
                if error.code not in {429, 500, 502, 503, 504}:
                    self._failed()
                    raise OutboundError(last) from error
                asked = _asked_wait(error)
                if asked > self.patience:
                    self._closed_until = self.clock() + min(asked, REST)
                    raise OutboundError(last) from error
                self.sleep(asked or 0.5 * 2**attempt)
            except (OSError, HTTPException, ValueError) as error:
                last = type(error).__name__
                self.sleep(0.5 * 2**attempt)
            else:
                self._succeeded()
                return answer
        self._failed()
        raise OutboundError(last)

    def _once(self, path: str, query: Mapping[str, str]) -> Any:
        if urlsplit(self.base).scheme not in {"http", "https"}:
            raise OutboundError("not an http address")
        address = f"{self.base.rstrip('/')}/{path.lstrip('/')}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Accept": "application/json", "User-Agent": AGENT, **self.headers}
        request = urllib.request.Request(address, headers=headers)  # noqa: S310 -- the scheme is checked above
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=self.timeout) as answer:
            body = answer.read(BYTES + 1)
        if len(body) > BYTES:
            raise ValueError("too large")
        return json.loads(body)

    def _pace(self) -> None:
        """Wait for one's turn: never more than `per_second` calls. Too long a queue is told as the service would."""
        with self._lock:
            now = self.clock()
            wait = max(0.0, self._next - now)
            if wait > self.patience:
                raise OutboundError("HTTP 429")
            self._next = max(now, self._next) + 1.0 / self.per_second
        if wait:
            self.sleep(wait)

    def _succeeded(self) -> None:
        self._failures = 0
        self.heard(True)  # noqa: FBT003 -- accepted

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES:
            self._closed_until, self._failures = self.clock() + REST, 0


def _asked_wait(error: urllib.error.HTTPError) -> float:
    """Seconds that the service asks to wait (`Retry-After`: seconds or a date), 0 when it does not say."""
    said = error.headers.get("Retry-After", "")
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0
