"""Sending a campaign: each message at most once, whatever dies meanwhile.

A message is claimed (state « sending », committed) before it is handed over, and settled together with the next claim. A process
killed in between leaves it claimed: whoever comes next marks it in doubt, and only a person may have it sent again.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from django.db import connection
from django.utils.timezone import now
from django.utils.translation import gettext as _

from reciproque.foundation.database.locks import alone
from reciproque.foundation.jobs import defer
from reciproque.foundation.mail_lines import Line, Lost, Refused, line
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit
from reciproque.relations.campaigns import choosing
from reciproque.relations.campaigns.writing import Letterhead, envelope_sender, recipient_of_message
from reciproque.relations.models import Campaign, CampaignRecipient
from reciproque.relations.services import campaigns

log = structlog.get_logger("reciproque.campaigns")
R = CampaignRecipient.State
LOCK = 0x1348  # the first half of our advisory locks; the second is the campaign
AHEAD = 200  # recipients whose values are read at once
RECORDED_EVERY = 500
LOSSES = 3  # in a row, before the server is held to be away
PATIENCE = dt.timedelta(days=1)
"""How long a message that the server refuses « for now » is offered again (RFC 5321 asks for several days at most)."""

CLAIM = """
WITH settled AS (
  UPDATE relations_campaignrecipient SET state = %(state)s, error = %(error)s,
    sent_at = CASE WHEN %(state)s = 'sent' THEN %(at)s ELSE sent_at END
  WHERE id = %(settled)s AND state = 'sending'
), next AS (
  SELECT one.id FROM relations_campaignrecipient one
  WHERE one.campaign_id = %(campaign)s AND one.state = 'ready' AND one.id > %(after)s AND %(claims)s
    AND EXISTS (SELECT 1 FROM relations_campaign campaign WHERE campaign.id = %(campaign)s AND campaign.state = 'sending')
  ORDER BY one.id LIMIT 1 FOR UPDATE SKIP LOCKED
), refusals AS (
  SELECT next.id, CASE
      WHEN EXISTS (SELECT 1 FROM relations_unsubscription gone WHERE gone.person_id = one.person_id) THEN 'unsubscribed'
      WHEN person.do_not_contact OR person.archived_at IS NOT NULL THEN 'do_not_contact' END AS reason
  FROM next JOIN relations_campaignrecipient one ON one.id = next.id JOIN directory_person person ON person.id = one.person_id
)
UPDATE relations_campaignrecipient claimed
SET state = CASE WHEN refusals.reason IS NULL THEN 'sending' ELSE 'excluded' END,
  reasons = CASE WHEN refusals.reason IS NULL THEN claimed.reasons ELSE ARRAY[refusals.reason]::varchar[] END, error = ''
FROM refusals WHERE claimed.id = refusals.id
RETURNING claimed.id, claimed.email, claimed.state
"""


class Away(Exception):
    """The server cannot be reached, or refuses some messages for now: to be tried again later."""


@dataclass(slots=True)
class Settled:
    """What became of the message last claimed; written with the next claim."""

    recipient: int = 0
    state: str = ""
    error: str = ""
    at: dt.datetime | None = None


@dataclass(slots=True)
class Run:
    """One sender at work on a campaign."""

    campaign: Campaign
    letterhead: Letterhead
    line: Line
    began: dt.datetime
    last: Settled = field(default_factory=Settled)
    values: dict[int, Mapping[str, str]] = field(default_factory=dict)
    losses: int = 0
    sent: int = 0
    recorded: int = 0


def send(campaign_id: int) -> bool:
    """Send what is ready, until nothing is or the campaign is stopped; False when another process is at it.

    Raises Away when the server is, or refuses some messages for now: those wait for another try (`watch`).
    """
    with alone(LOCK, campaign_id) as mine:
        if mine:
            doubt(campaign_id)
            _send(campaign_id)
        return mine


def doubt(campaign_id: int) -> int:
    """What a dead sender left half handed over: nobody knows whether it arrived. Only under the lock. Returns how many."""
    left = CampaignRecipient.objects.filter(campaign=campaign_id, state=R.SENDING)
    return left.update(state=R.DOUBT, error="")


def _send(campaign_id: int) -> None:
    campaign = Campaign.objects.select_related("unit", "author").filter(pk=campaign_id).first()
    if campaign is None or campaign.state != Campaign.State.SENDING:
        return
    root = Unit.objects.filter(parent=None).first()
    run = Run(campaign, Letterhead(campaign, root.name if root else ""), line(envelope_sender()), now())
    _open(run)
    try:
        while _pass(run):
            pass
    finally:
        run.line.close()
        _claim(run, 0, claims=False)
        _record(run)
    if not campaigns.end_campaign(actor=_system(), campaign_id=campaign_id):
        raise Away("some messages are put off")


def _pass(run: Run) -> bool:
    """Once through those who are ready, from the first to the last; whether another time is worth it (some were released)."""
    after = 0
    while claimed := _claim(run, after):
        after, email, state = claimed
        if state == R.SENDING:
            run.last = _hand_over(run, after, email)
        if run.sent >= run.recorded + RECORDED_EVERY:
            run.recorded = run.sent
            _record(run)
    fresh = CampaignRecipient.objects.filter(campaign=run.campaign, state=R.READY, error="")
    return fresh.filter(campaign__state=Campaign.State.SENDING).exists()


def _claim(run: Run, after: int, *, claims: bool = True) -> tuple[int, str, str] | None:
    """Settle the message last handed over and take the next one, in one transaction."""
    last, run.last = run.last, Settled()
    given = {
        "state": last.state, "error": last.error[:300], "at": last.at, "settled": last.recipient,
        "campaign": run.campaign.pk, "after": after, "claims": claims,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, given)
        found: tuple[int, str, str] | None = cursor.fetchone()
    return found


def _hand_over(run: Run, recipient_id: int, email: str) -> Settled:
    """Give one message to the server; what became of it."""
    values = _values(run, recipient_id)
    try:
        run.line.send(run.letterhead.message(recipient_id, email, values))
    except Refused as refusal:
        run.losses = 0
        began = run.campaign.started_at or run.began
        if refusal.for_good or run.began - began > PATIENCE:
            return Settled(recipient_id, R.FAILED, str(refusal))
        return Settled(recipient_id, R.READY, str(refusal))
    except ValueError as error:
        return Settled(recipient_id, R.FAILED, _("Adresse illisible (%(why)s).") % {"why": error})
    except Lost as loss:
        log.warning("campaign_line_lost", campaign=run.campaign.pk, handed=loss.handed)
        run.last = Settled(recipient_id, R.DOUBT if loss.handed else R.READY)
        run.losses += 1
        run.line.close()
        if run.losses >= LOSSES:
            raise Away(str(loss)) from loss
        _open(run)
        return run.last
    run.losses = 0
    run.sent += 1
    return Settled(recipient_id, R.SENT, at=now())


def _open(run: Run) -> None:
    try:
        run.line.open()
    except Lost as loss:
        raise Away(str(loss)) from loss


def _values(run: Run, recipient_id: int) -> Mapping[str, str]:
    """What the variables are worth for this recipient; the next ones are read along."""
    if recipient_id not in run.values:
        ahead = CampaignRecipient.objects.filter(
            campaign=run.campaign, pk__gte=recipient_id, state__in=[R.READY, R.SENDING]
        )
        run.values = choosing.values_of(list(ahead.order_by("pk")[:AHEAD]))
    return run.values[recipient_id]


def _record(run: Run) -> None:
    while campaigns.record_sent_messages(actor=_system(), campaign_id=run.campaign.pk):
        pass


def _system() -> Actor:
    return Actor.system("relations.send_campaign")


def watch() -> int:
    """Give work back to campaigns that should be leaving and have no job; returns how many. Safe to repeat."""
    moving = Campaign.objects.filter(state=Campaign.State.SENDING).order_by("pk").values_list("pk", flat=True)
    for pk in moving:
        defer("relations.send_campaign", queueing_lock=f"campaign-{pk}", campaign_id=pk)
    return len(moving)


def bounced(mail_id: str, words: str) -> bool:
    """A mail server sent a message back for good; whether it was one of ours."""
    recipient = recipient_of_message(mail_id)
    return recipient is not None and campaigns.mark_bounced(
        actor=Actor.system("relations.mark_bounced"), recipient_id=recipient, words=words
    )
