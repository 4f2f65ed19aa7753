"""Sources, their files, the rows they gave, and the keys under which partners are recognised."""

from reciproque.sourcing.models.files import ImportFile, Source
from reciproque.sourcing.models.imports import Import
from reciproque.sourcing.models.judgements import Judgement
from reciproque.sourcing.models.keys import KeyedPartner, MatchKey, digest
from reciproque.sourcing.models.records import ImportEffect, RecordPerson, SourceRecord

__all__ = [
    "Import",
    "ImportEffect",
    "ImportFile",
    "Judgement",
    "KeyedPartner",
    "MatchKey",
    "RecordPerson",
    "Source",
    "SourceRecord",
    "digest",
]
