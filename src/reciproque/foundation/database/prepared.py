"""Questions that the database keeps ready, with their plan: what is long to plan and quick to answer costs its answer alone.

A question of several policies joins a dozen tables to find three rows: PostgreSQL plans it ten times longer than it runs it. Once it
is prepared on a connection, the plan is made a few times, then kept as long as it is no dearer than one made for the values (`auto`).
Only what changes between calls is a parameter: constants stay in the text, where partial indexes need them.

Not for a question whose best plan depends on who asks (all the units, or one): it would be given the plan of others.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from psycopg import sql as literal

TYPES = {bool: "boolean", dt.date: "date", dt.datetime: "timestamptz"}
"""Of values that the question may not tell the type of; the others are what they are compared with."""

MOST = 100
"""Questions that one connection keeps, some tenth of a megabyte each: the one unused for longest makes room."""

_ready: WeakKeyDictionary[Any, OrderedDict[str, None]] = WeakKeyDictionary()


class Hole:
    """What stands in the parameters of a question in the place of a value given at each call."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Prepared:
    """A question as it is kept ready: its name on every connection, its text, the values that it is given, in order."""

    def __init__(self, connection: Any, sql: str, params: Sequence[Any], types: Mapping[str, str]) -> None:
        self.order: list[str] = []
        rest = iter(params)

        def put(found: re.Match[str]) -> str:
            if found[1] == "%":
                return "%"
            one = next(rest)
            if not isinstance(one, Hole):
                return literal.Literal(one).as_string(connection.connection)
            if one.name not in self.order:
                self.order.append(one.name)
            return f"${self.order.index(one.name) + 1}"

        body = re.sub("%(%|s)", put, sql)
        given = ", ".join(types.get(name, "unknown") for name in self.order)
        self.name = f"rq_{sha256(f'{given} {body}'.encode()).hexdigest()[:24]}"
        self.text = f"PREPARE {self.name}{f' ({given})' if given else ''} AS {body}"
        self.call = f"EXECUTE {self.name}" + (f" ({', '.join(['%s'] * len(self.order))})" if self.order else "")

    def ready(self, connection: Any) -> None:
        """Have this connection know it."""
        raw = connection.connection
        known = _ready.setdefault(raw, OrderedDict())
        if self.name not in known:
            if len(known) >= MOST:
                raw.execute(f"DEALLOCATE {known.popitem(last=False)[0]}")
            raw.execute(self.text)
            known[self.name] = None
        known.move_to_end(self.name)

    def filled(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values of one call."""
        return tuple(values[name] for name in self.order)


def types_of(values: Mapping[str, Any]) -> dict[str, str]:
    """The type of each value that has to be said."""
    return {name: TYPES[type(value)] for name, value in values.items() if type(value) in TYPES}


def allowed(connection: Any) -> bool:
    """Whether this installation keeps questions ready: not behind a pooler that lends its connections for a transaction."""
    return bool(settings.DATABASE_PREPARED) and connection.vendor == "postgresql"
