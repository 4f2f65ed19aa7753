"""What survivorship takes and gives."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

OriginKind = Literal["hand", "register", "source"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: typed by hand, the official register, or a source and its record."""

    kind: OriginKind
    source: str
    record: int | None
    on: date


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value proposed for one field."""

    value: Any
    origin: Origin


@dataclass(frozen=True, slots=True)
class Choice:
    """The value kept, where it comes from, and those that say something else (the best of each other value)."""

    value: Any
    origin: Origin | None
    contradictions: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """All that one source record, the register or a hand says: field → value."""

    origin: Origin
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Golden:
    """The record composed: values, their origins, and the fields on which the sources disagree."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    contradictions: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)
