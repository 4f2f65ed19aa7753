"""Reads spelt once. A page asks the same questions at every click; Django would write each anew, which costs more than asking it.

A function that builds a queryset becomes one that reads its rows:

    @kept
    def tasks_of(actor: Actor, *, owner: int, before: dt.date) -> QuerySet[Task]:
        return policies.tasks.allowed(actor, "view").filter(owner=owner, due_on__lte=before)

    tasks_of(actor, owner=3, before=today)  # → list[Task]

The function is called once for each *shape* of the question, with a slot in place of every value given by name; its SQL is kept, and
later calls only fill the slots. Positional arguments are part of the shape (few, hashable); one that has `shaped()` (the actor) gives
its shape, what stands for it, and the values of the slots found there, so that a right is still written once, as a filter. What the
function says must depend on nothing else: it may not ask the database, nor the clock; both are refused when it is spelt. A value of
None, which SQL spells otherwise, is part of the shape.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import ExitStack
from copy import copy
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models.expressions import Expression
from django.utils.functional import Promise

from reciproque.foundation.database.prepared import Hole, Prepared, allowed, types_of

P = ParamSpec("P")
R = TypeVar("R")

MOST_SHAPES = 200
"""Shapes kept of one question; beyond, they are forgotten and spelt again."""

OPENING = "WITH asked AS MATERIALIZED ({asked}) SELECT asked.*, (SELECT count(*) FROM asked) FROM asked LIMIT {first}"


class Slot(Expression):
    """The place of a value, in a queryset that is being spelt. Stands for a record as well as for its number."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    @property
    def pk(self) -> Slot:
        """A record is filtered by its number."""
        return self

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A parameter, to be filled at each call."""
        return "%s", [Hole(self.name)]


class Spelt:
    """A question in SQL, with its holes. `ready`: whether the database keeps it, with its plan."""

    def __init__(self, rows: QuerySet[Any], *, ready: bool = False) -> None:
        self.rows, self.query, self.ready = rows, rows.query, ready
        self.prepared: dict[Hashable, Prepared] = {}
        self.converters: Any = None
        self.compiler: Any = self.query.get_compiler(using=rows.db)
        try:
            self.sql, params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, params = "", ()
        self.params: list[Any] = [_steady(one) for one in params]
        self.holes = [(place, one.name) for place, one in enumerate(self.params) if isinstance(one, Hole)]

    def filled(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The parameters of one call."""
        params = self.params.copy()
        for place, name in self.holes:
            params[place] = values[name]
        return tuple(params)

    def asked(self, sql: str, values: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """What the database is told: the question, or the name of the one that it keeps ready."""
        connection = connections[self.rows.db]
        if not (self.ready and allowed(connection)):
            return sql, self.filled(values)
        types = types_of(values)
        key = (sql, *types.items())
        connection.close_if_health_check_failed()  # as a cursor does: what is kept ready died with the connection it was kept on
        connection.ensure_connection()
        one = self.prepared.get(key)
        if one is None:
            one = self.prepared[key] = Prepared(connection, sql, self.params, types)
        one.ready(connection)
        return one.call, one.filled(values)

    def read(self, values: Mapping[str, Any]) -> list[Any]:
        """The rows, as the queryset would give them."""
        return self._rows(self.sql, values, lambda chunks: chunks) if self.sql else []

    def opening(self, first: int, values: Mapping[str, Any]) -> tuple[list[Any], int]:
        """The first rows, and how many there are: a last column tells it, that the rows do not look at."""
        if not self.sql:
            return [], 0
        counted = 0

        def watched(chunks: Any) -> Any:
            nonlocal counted
            told = list(chunks)
            counted = told[0][0][-1] if told else 0
            return told

        rows = self._rows(OPENING.format(asked=self.sql, first=int(first)), values, watched)
        return rows, counted

    def _rows(self, sql: str, values: Mapping[str, Any], watched: Callable[[Any], Any]) -> list[Any]:
        compiler = copy(self.compiler)
        compiler.connection = connections[self.rows.db]
        compiler.as_sql = lambda *_a, **_k: self.asked(sql, values)
        compiler.get_converters = self._converters
        asked = compiler.execute_sql
        compiler.execute_sql = lambda *args, **named: watched(asked(*args, **named))
        own: Any = self.rows  # what follows is Django's own
        found: list[Any] = list(own._iterable_class(_Asked(self.rows, self.query, compiler)))  # noqa: SLF001
        if lookups := own._prefetch_related_lookups:  # noqa: SLF001
            prefetch_related_objects(found, *lookups)
        return found

    def _converters(self, expressions: Iterable[Any]) -> Any:
        """What turns the columns into values: the same at each call."""
        if self.converters is None:
            self.converters = type(self.compiler).get_converters(self.compiler, expressions)
        return self.converters

    def answer(self, around: str, values: Mapping[str, Any]) -> Any:
        """One value told of all the rows: « SELECT count(*) FROM (…) AS asked »."""
        with connections[self.rows.db].cursor() as cursor:
            cursor.execute(around.format(self.sql), self.filled(values))
            return cursor.fetchone()[0]


class _Asked:
    """What Django's iterables read of a queryset, with SQL that is already written."""

    def __init__(self, rows: QuerySet[Any], query: Any, compiler: Any) -> None:
        self.db, self.model, self.query = rows.db, rows.model, _Query(query, compiler)
        self._known_related_objects: dict[Any, Any] = {}
        self._fields = rows._fields  # type: ignore[attr-defined]


class _Query:
    def __init__(self, query: Any, compiler: Any) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, *_args: Any, **_named: Any) -> Any:
        """The one that is ready."""
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)


class Kept(Generic[P, R]):
    """A question and its shapes: see `kept`."""

    def __init__(self, build: Callable[P, QuerySet[Any, R]], *, ready: bool = False) -> None:
        self._build: Any = build
        self._ready = ready
        self._shapes: dict[Hashable, Spelt] = {}
        update_wrapper(self, build)

    def __call__(self, *args: P.args, **named: P.kwargs) -> list[R]:
        """The rows."""
        spelt, values = self._asked("rows", args, named)
        return spelt.read(values)

    def first(self, *args: P.args, **named: P.kwargs) -> R | None:
        """The first row, if any; the question itself says in what order, and that one is enough."""
        return next(iter(self(*args, **named)), None)

    def opening(self, first: int, /, *args: P.args, **named: P.kwargs) -> tuple[list[R], int]:
        """The first rows in its order, and how many rows it has, in one question (which says how many are counted at most)."""
        spelt, values = self._asked("rows", args, named)
        return spelt.opening(first, values)

    def count(self, *args: P.args, **named: P.kwargs) -> int:
        """How many rows (the question says how many are counted at most)."""
        spelt, values = self._asked("numbers", args, named)
        return int(spelt.answer("SELECT count(*) FROM ({}) AS asked", values)) if spelt.sql else 0

    def exists(self, *args: P.args, **named: P.kwargs) -> bool:
        """Whether there is any."""
        spelt, values = self._asked("numbers", args, named)
        return bool(spelt.answer("SELECT EXISTS ({})", values)) if spelt.sql else False

    def _asked(self, what: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Spelt, dict[str, Any]]:
        """The question in the shape of this call, and what fills its slots."""
        shapes, standing = [what, *named, *(name for name, value in named.items() if value is None)], []
        values = {name: _value(value) for name, value in named.items()}
        for one in args:
            shape, stand_in, inside = one.shaped() if hasattr(one, "shaped") else (one, one, {})
            shapes.append(shape)
            standing.append(stand_in)
            values.update(inside)
        key = tuple(shapes)
        spelt = self._shapes.get(key)
        if spelt is None:
            spelt = self._spell(what, standing, named)
            if len(self._shapes) >= MOST_SHAPES:
                self._shapes.clear()
            self._shapes[key] = spelt
        return spelt, values

    def _spell(self, what: str, standing: Iterable[Any], named: Mapping[str, Any]) -> Spelt:
        slots = {name: None if value is None else Slot(name) for name, value in named.items()}
        with ExitStack() as stack:
            for one in connections.all(initialized_only=True):
                stack.enter_context(one.execute_wrapper(_refuse))
            rows: QuerySet[Any] = self._build(*standing, **slots)
            return Spelt(rows, ready=self._ready) if what == "rows" else Spelt(_numbers(rows))


def kept(build: Callable[P, QuerySet[Any, R]]) -> Kept[P, R]:
    """Make a function that builds a queryset into one that reads its rows, spelt once for each shape (see above)."""
    return Kept(build)


def ready(build: Callable[P, QuerySet[Any, R]]) -> Kept[P, R]:
    """The same, which the database keeps ready with its plan (`prepared`): for what one record or one person has, and rows
    read by their numbers; never for a search, whose best plan is another for each."""
    return Kept(build, ready=True)


def _refuse(*_asked: Any) -> Any:
    raise TypeError("a kept question may not ask the database while it is spelt: give what it needs as a value")


def _numbers(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows, told by no more than their number; their order says which, when they are limited."""
    bare: Any = rows.values_list("pk") if rows._fields is None else rows  # type: ignore[attr-defined]
    return bare if bare.query.is_sliced else bare.order_by()  # type: ignore[no-any-return]


def _value(value: Any) -> Any:
    """A value as the database is given it: the number of a record, a list of several values."""
    if isinstance(value, Model):
        return value.pk
    return list(value) if isinstance(value, (set, frozenset, tuple)) else value


def _steady(param: Any) -> Any:
    """A parameter that stays in the question: it must not be a day, an hour, or words in somebody's language."""
    if isinstance(param, (dt.date, dt.time, Promise)):
        raise TypeError(f"{param!r} in a kept question: give it as a value, or it would be of the first day for ever")
    return param
