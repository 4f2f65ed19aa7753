"""The tables of the living network, one file per aggregate."""

from reciproque.relations.models.capture import CaptureAddress, Filing, InteractionFile, InvitedMeeting
from reciproque.relations.models.collaborations import Collaboration, CollaborationPart, CollaborationReader
from reciproque.relations.models.concertation import (
    AccessRequest,
    Campaign,
    CampaignRecipient,
    Presence,
    Solicitation,
    SolicitationCaps,
    Unsubscription,
)
from reciproque.relations.models.dispositifs import Dispositif
from reciproque.relations.models.handovers import Handover
from reciproque.relations.models.interactions import (
    Interaction,
    InteractionColleague,
    InteractionPerson,
    InteractionReader,
)
from reciproque.relations.models.invitations import Invitation, InvitationMail
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
    "AccessRequest",
    "Campaign",
    "CampaignRecipient",
    "CaptureAddress",
    "Collaboration",
    "CollaborationPart",
    "CollaborationReader",
    "Dispositif",
    "Filing",
    "Handover",
    "Interaction",
    "InteractionColleague",
    "InteractionFile",
    "InteractionPerson",
    "InteractionReader",
    "Invitation",
    "InvitationMail",
    "InvitedMeeting",
    "Moment",
    "Need",
    "NeedReader",
    "Practice",
    "Presence",
    "ProposalAnswer",
    "Pulse",
    "Reading",
    "Referral",
    "Solicitation",
    "SolicitationCaps",
    "StateCount",
    "Target",
    "Task",
    "UnitPulse",
    "Unsubscription",
]
