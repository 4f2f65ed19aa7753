"""Kinds of facts that people are told of: each module offers its own, and makes their words when they are read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reciproque.institution.models import NoticeChoice

Pace = NoticeChoice.Pace


@dataclass(frozen=True, slots=True)
class Told:
    """The words of one fact for one reader. `calendar`: the invitation that goes with the message (iCalendar), `method` its method."""

    title: str
    url: str
    detail: str = ""
    calendar: bytes = b""
    method: str = "REQUEST"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact. `tell(actor, facts)` gives the words of those that the actor may still read, in a constant number of queries."""

    key: str
    label: Any
    help: Any
    icon: str
    pace: NoticeChoice.Pace
    tell: Callable[[Any, Sequence[str]], Mapping[str, Told]]


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind of fact. Called when the application of the module is ready."""
    KINDS[kind.key] = kind


def number(fact: str) -> int:
    """The record that a fact is about: « 12 », or « 12.2026-11-30 » when one record makes several facts."""
    return int(fact.partition(".")[0])
