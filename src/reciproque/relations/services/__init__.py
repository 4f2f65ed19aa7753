"""What changes relations, one file per aggregate."""

from django.core.exceptions import ValidationError

from reciproque.relations.services.attaching import detach_file
from reciproque.relations.services.collaborations import (
    collisions,
    edit_collaboration,
    move_collaboration,
    name_parts,
    open_collaboration,
    share_with_readers,
)
from reciproque.relations.services.handovers import begin_handovers, close_handover, write_handover
from reciproque.relations.services.interactions import (
    cancel_interaction,
    confirm_interaction,
    edit_interaction,
    record_interaction,
    restore_interaction,
)
from reciproque.relations.services.invitations import answer_invitation, send_invitations_again
from reciproque.relations.services.needs import edit_need, move_need, record_need
from reciproque.relations.services.referrals import (
    accept_referral,
    answer_referral,
    answer_referral_by_last,
    decline_referral,
    refer,
)
from reciproque.relations.services.settings import (
    add_dispositif,
    answer_proposal,
    close_dispositif,
    edit_dispositif,
    forget_answer,
    lower_target,
    set_target,
)
from reciproque.relations.services.tasks import add_task, edit_task, finish_task, reopen_task

Refused = ValidationError

__all__ = [
    "Refused",
    "accept_referral",
    "add_dispositif",
    "add_task",
    "answer_invitation",
    "answer_proposal",
    "answer_referral",
    "answer_referral_by_last",
    "begin_handovers",
    "cancel_interaction",
    "close_dispositif",
    "close_handover",
    "collisions",
    "confirm_interaction",
    "decline_referral",
    "detach_file",
    "edit_collaboration",
    "edit_dispositif",
    "edit_interaction",
    "edit_need",
    "edit_task",
    "finish_task",
    "forget_answer",
    "lower_target",
    "move_collaboration",
    "move_need",
    "name_parts",
    "open_collaboration",
    "record_interaction",
    "record_need",
    "refer",
    "reopen_task",
    "restore_interaction",
    "send_invitations_again",
    "set_target",
    "share_with_readers",
    "write_handover",
]
