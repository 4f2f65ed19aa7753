"""Tell those above, without knowing them: a job per listener, in the same transaction."""

from typing import Any

from django.conf import settings

from reciproque.foundation.jobs import defer


def announce(event: str, **facts: Any) -> None:
    """Queue one job per listener of `event` (`config/wiring.py` lists them). Facts are identifiers."""
    for task in settings.LISTENERS.get(event, ()):
        defer(task, **facts)
