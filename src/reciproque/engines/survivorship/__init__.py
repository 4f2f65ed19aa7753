"""Golden values out of several sources: hand, then register, then the most recent, most complete, most frequent."""

from reciproque.engines.survivorship.choosing import choose, compose, unite
from reciproque.engines.survivorship.fields import FIELD_KINDS, MULTIPLE, is_empty, sameness
from reciproque.engines.survivorship.records import Candidate, Choice, Golden, Origin, OriginKind, Record

__all__ = [
    "FIELD_KINDS",
    "MULTIPLE",
    "Candidate",
    "Choice",
    "Golden",
    "Origin",
    "OriginKind",
    "Record",
    "choose",
    "compose",
    "is_empty",
    "sameness",
    "unite",
]
