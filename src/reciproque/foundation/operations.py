"""An operation is a named, atomic, audited change. Every service that writes is one."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import pghistory
from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")

REGISTRY: dict[str, Callable[..., object]] = {}
_open = threading.local()


def operation(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an operation: one transaction, history signed by its `actor`, and a line in the registry.

    The function takes keyword arguments only and names its `actor`. An operation called by another one is a savepoint
    inside it; the history keeps the outermost name, the one under which the person acted.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with transaction.atomic(), _signed(name, kwargs["actor"]):
                return function(*args, **kwargs)

        if name in REGISTRY:
            raise ValueError(f"Two operations are named {name}")
        REGISTRY[name] = run
        return run

    return decorate


@contextmanager
def _signed(name: str, actor: object) -> Iterator[None]:
    if getattr(_open, "name", None):
        yield
        return
    _open.name = name
    try:
        with pghistory.context(operation=name, actor=str(actor), **getattr(actor, "trace", {})):
            yield
    finally:
        _open.name = None
