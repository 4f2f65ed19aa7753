"""What calendars answer to our invitations: `REPLY` and `COUNTER`, by the address that invited or by somebody's tracking address."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from reciproque.engines.letters import Invitation as Event
from reciproque.engines.letters import Letter
from reciproque.foundation.dates import date_format
from reciproque.institution.access import Actor
from reciproque.relations.capture.feeding import exchange_of
from reciproque.relations.models import Invitation
from reciproque.relations.services import invitations

A = Invitation.Answer
MEANS = {"ACCEPTED": A.ACCEPTED, "DECLINED": A.DECLINED, "TENTATIVE": A.TENTATIVE}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the answers of a message: how many were noted, and why the others were not."""

    noted: int
    reason: str = ""


def answers_in(letter: Letter) -> list[Event]:
    """The answers to our meetings that a message holds."""
    return [one for one in letter.invitations if one.method in {"REPLY", "COUNTER"} and exchange_of(one.uid)]


def take(letter: Letter, *, meeting: int | None = None) -> Taken:
    """Note them. `meeting`: the one that the address was made for, whose holder was invited; else only the person's own address answers."""
    noted, reasons = 0, []
    for event in answers_in(letter):
        number = exchange_of(event.uid)
        if meeting is not None and number != meeting:
            reasons.append(_("Cette réponse est celle d’un autre rendez-vous."))
            continue
        invitation = _invited(number, letter.sender.email, event, trusted=meeting is not None)
        if invitation is None:
            reasons.append(_("%(who)s n’est pas invité à ce rendez-vous.") % {"who": letter.sender.email})
        elif _noted(invitation, event):
            noted += 1
        else:
            reasons.append(_("Réponse à une version plus ancienne de l’invitation."))
    return Taken(noted, " ".join(dict.fromkeys(reasons)))


def _invited(number: int | None, sender: str, event: Event, *, trusted: bool) -> Invitation | None:
    """Whose answer it is: the sender's, or that of the attendee whom the sender answers for."""
    rows = list(Invitation.objects.select_related("person").filter(interaction=number).order_by("pk"))
    names: Iterable[str] = [sender, *(email for email, _answer in event.answers if trusted)]
    for name in names:
        for row in rows:
            if name and name.lower() in {
                one.lower() for one in (row.email, row.person.email, *row.person.other_emails)
            }:
                return row
    return None


def _noted(invitation: Invitation, event: Event) -> bool:
    sequence, at = event.version
    answer, words = _meant(invitation, event)
    if not answer:
        return False
    return invitations.answer_invitation(
        actor=Actor.system("relations.answer_invitation"), invitation=invitation, answer=answer, words=words, at=at, sequence=sequence
    )  # fmt: skip


def _meant(invitation: Invitation, event: Event) -> tuple[str, str]:
    if event.method == "COUNTER":
        begins = localtime(event.starts)
        hour = "" if event.all_day else f", {begins:%H:%M}"
        day = _("Propose le %(day)s.") % {"day": date_format(begins.date(), "l j F Y") + hour}
        return A.COUNTER, f"{day} {event.comment}".strip()
    said = dict(event.answers)
    found = said.get(invitation.email.lower()) or (next(iter(said.values())) if len(said) == 1 else "")
    return MEANS.get(found, ""), event.comment
