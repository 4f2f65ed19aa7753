"""The tables of the living network, one file per aggregate."""

from reciproque.relations.models.collaborations import Collaboration, CollaborationPart, CollaborationReader
from reciproque.relations.models.dispositifs import Dispositif
from reciproque.relations.models.interactions import (
    Interaction,
    InteractionColleague,
    InteractionPerson,
    InteractionReader,
)
from reciproque.relations.models.needs import Need, NeedReader
from reciproque.relations.models.pulse import (
    Moment,
    Practice,
    ProposalAnswer,
    Pulse,
    Reading,
    StateCount,
    Target,
    UnitPulse,
)
from reciproque.relations.models.referrals import Referral
from reciproque.relations.models.tasks import Task

__all__ = [
    "Collaboration",
    "CollaborationPart",
    "CollaborationReader",
    "Dispositif",
    "Interaction",
    "InteractionColleague",
    "InteractionPerson",
    "InteractionReader",
    "Moment",
    "Need",
    "NeedReader",
    "Practice",
    "ProposalAnswer",
    "Pulse",
    "Reading",
    "Referral",
    "StateCount",
    "Target",
    "Task",
    "UnitPulse",
]
