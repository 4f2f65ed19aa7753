"""Sources, their files, the rows they gave, and the keys under which partners are recognised."""

from reciproque.sourcing.models.files import ImportFile, Source
from reciproque.sourcing.models.imports import Import
from reciproque.sourcing.models.judgements import Judgement
from reciproque.sourcing.models.keys import Census, KeyedPartner, Likeness, MatchKey, digest
from reciproque.sourcing.models.quality import Contradiction, QualityDay
from reciproque.sourcing.models.records import ImportEffect, RecordPerson, SourceRecord
from reciproque.sourcing.models.refusals import Refusal
from reciproque.sourcing.models.register import RegisterProposal
from reciproque.sourcing.models.trained import TrainedModel
from reciproque.sourcing.models.zones import AutomaticRun, Check, MatchingSettings

__all__ = [
    "AutomaticRun",
    "Census",
    "Check",
    "Contradiction",
    "Import",
    "ImportEffect",
    "ImportFile",
    "Judgement",
    "KeyedPartner",
    "Likeness",
    "MatchKey",
    "MatchingSettings",
    "QualityDay",
    "RecordPerson",
    "Refusal",
    "RegisterProposal",
    "Source",
    "SourceRecord",
    "TrainedModel",
    "digest",
]
