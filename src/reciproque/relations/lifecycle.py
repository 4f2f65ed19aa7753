"""The lives of collaborations, needs, referrals and campaigns, each in one table."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproque.foundation.lifecycle import Lifecycle, Transition, states
from reciproque.relations.models import Campaign, Collaboration, Need, Referral

C, N, R = Collaboration.State, Need.State, Referral.State


def undated(row: Any) -> list[str]:
    """An agreed collaboration has a day. The row as it stands: a date given with the move is written before it."""
    return [] if row.starts_on else [_("Donnez d’abord sa date : elle compte dans le fil de la relation.")]


collaboration = Lifecycle(
    C,
    Transition("propose", gettext_lazy("Proposer au partenaire"), states(C.IDEA), C.PROPOSED),
    Transition("agree", gettext_lazy("Noter l’accord"), states(C.IDEA, C.PROPOSED), C.AGREED, undated),
    Transition("start", gettext_lazy("Commencer"), states(C.AGREED), C.UNDER_WAY, undated),
    Transition("finish", gettext_lazy("Noter comme réalisée"), states(C.AGREED, C.UNDER_WAY), C.DONE, undated),
    Transition("decline", gettext_lazy("Noter le refus"), states(C.IDEA, C.PROPOSED), C.DECLINED),
    Transition("stop", gettext_lazy("Arrêter"), states(C.AGREED, C.UNDER_WAY), C.STOPPED),
    Transition("reopen", gettext_lazy("Reprendre"), states(C.DECLINED, C.STOPPED, C.DONE), C.IDEA),
)
need = Lifecycle(
    N,
    Transition("answer", gettext_lazy("Noter comme satisfait"), states(N.OPEN), N.ANSWERED),
    Transition("drop", gettext_lazy("Abandonner"), states(N.OPEN), N.DROPPED),
    Transition("reopen", gettext_lazy("Rouvrir"), states(N.ANSWERED, N.DROPPED), N.OPEN),
)
referral = Lifecycle(
    R,
    Transition("accept", gettext_lazy("Prendre en charge"), states(R.WAITING), R.ACCEPTED),
    Transition("answer", gettext_lazy("Noter la suite donnée"), states(R.WAITING, R.ACCEPTED), R.ANSWERED),
    Transition("decline", gettext_lazy("Décliner"), states(R.WAITING, R.ACCEPTED), R.DECLINED),
)
K = Campaign.State
campaign = Lifecycle(
    K,
    Transition("start", gettext_lazy("Envoyer"), states(K.READY), K.SENDING),
    Transition("stop", gettext_lazy("Arrêter l’envoi"), states(K.SENDING), K.STOPPED),
    Transition("resume", gettext_lazy("Reprendre l’envoi"), states(K.STOPPED), K.SENDING),
    Transition("end", gettext_lazy("Terminer"), states(K.SENDING), K.SENT),
    Transition("reopen", gettext_lazy("Envoyer un message libéré"), states(K.SENT), K.SENDING),
)
