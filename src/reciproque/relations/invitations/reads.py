"""The invitations of a meeting as its page shows them: whether each left, and what was answered."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from reciproque.institution.access import Actor
from reciproque.relations import policies
from reciproque.relations.models import Interaction, Invitation, InvitationMail

S, A = InvitationMail.State, Invitation.Answer
TONES = {A.ACCEPTED: "success", A.DECLINED: "danger", A.TENTATIVE: "warning", A.COUNTER: "warning"}
WRONG = frozenset({S.FAILED, S.BOUNCED, S.DOUBT})


@dataclass(frozen=True, slots=True)
class Line:
    """One person invited. `wrong`: the last message may not have reached them."""

    row: Invitation
    mail: str
    error: str
    tone: str
    wrong: bool


def invited(actor: Actor, row: Interaction, *, today: dt.date) -> dict[str, Any]:
    """Those whom the reader may know, in one query; whether some are to be sent again while the meeting is ahead."""
    last = InvitationMail.objects.filter(invitation=OuterRef("pk")).exclude(state=S.VOID).order_by("-pk")
    known: Any = policies.invitations.allowed(actor, "view").filter(interaction=row).order_by("pk")
    rows = known.annotate(last=Subquery(last.values("state")[:1]), error=Subquery(last.values("error")[:1]))
    lines = [
        Line(
            one, str(S(one.last).label) if one.last else "", one.error or "", TONES.get(one.answer, "neutral"), one.last in WRONG
        )
        for one in rows
    ]  # fmt: skip
    return {"invited": lines, "lost": row.on >= today and any(line.wrong for line in lines)}
