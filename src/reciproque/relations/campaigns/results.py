"""What came of the messages of a campaign, as somebody may read it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now

from reciproque.directory import policies as directory
from reciproque.institution.access import Actor
from reciproque.relations import policies
from reciproque.relations.campaigns import choosing, writing
from reciproque.relations.models import Campaign, CampaignRecipient, Unsubscription

R = CampaignRecipient.State
PAGE = 50
STILL = dt.timedelta(days=30)
"""How long after a campaign its held messages may still be let go."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many recipients stand in each state, and how many unsubscribed by this campaign."""

    by_state: dict[str, int]
    unsubscribed: int = 0

    @property
    def chosen(self) -> int:
        """All of them."""
        return sum(self.by_state.values())

    @property
    def left(self) -> int:
        """Messages that still have to leave."""
        return self.by_state[R.READY] + self.by_state[R.SENDING]

    @property
    def gone(self) -> int:
        """Messages handed over, whatever became of them."""
        return sum(self.by_state[state] for state in (R.SENT, R.BOUNCED, R.FAILED, R.DOUBT))

    @property
    def to_go(self) -> int:
        """Those handed over and those still to leave."""
        return self.gone + self.left


def readable(actor: Actor, campaign: Campaign) -> QuerySet[CampaignRecipient]:
    """The recipients of a campaign that the actor may read, each saying whether its partner may be read too."""
    partners = directory.partners.allowed(actor, "view").filter(pk=OuterRef("partner"))
    rows = policies.recipients.allowed(actor, "view").filter(campaign=campaign)
    return rows.annotate(partner_readable=Exists(partners))


def counts(actor: Actor, campaign: Campaign) -> Counts:
    """How many stand in each state, of those the actor may read: what the list of each figure shows."""
    rows = policies.recipients.allowed(actor, "view").filter(campaign=campaign).order_by()
    found = dict(rows.values_list("state").annotate(number=Count("pk")))
    by_state = {str(state): found.get(state, 0) for state in R.values}
    people = directory.people.allowed(actor, "view").order_by().values("pk")
    gone = Unsubscription.objects.filter(campaign=campaign, person__in=people).count()
    return Counts(by_state, gone)


def page(actor: Actor, campaign: Campaign, state: str, after: int) -> tuple[list[CampaignRecipient], int]:
    """Some recipients in a state, in their order, and the place of the next page (0 when there is none)."""
    rows = list(readable(actor, campaign).filter(state=state, pk__gt=after).order_by("pk")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else 0


def example(actor: Actor, campaign: Campaign, recipient_id: int) -> CampaignRecipient | None:
    """The recipient to preview the message with: the one asked for, else the first ready one."""
    rows = readable(actor, campaign)
    asked = rows.filter(pk=recipient_id).first() if recipient_id else None
    return asked or rows.filter(state=R.READY).order_by("pk").first() or rows.order_by("pk").first()


def around(actor: Actor, campaign: Campaign, recipient: CampaignRecipient) -> tuple[int, int]:
    """The recipients before and after one, to leaf through the previews; 0 at the ends."""
    rows = policies.recipients.allowed(actor, "view").filter(campaign=campaign, state=R.READY)
    before = rows.filter(pk__lt=recipient.pk).order_by("-pk").values_list("pk", flat=True).first()
    after = rows.filter(pk__gt=recipient.pk).order_by("pk").values_list("pk", flat=True).first()
    return before or 0, after or 0


def preview(campaign: Campaign, recipient: CampaignRecipient) -> writing.Written:
    """What this person would receive."""
    return writing.write(campaign.subject, campaign.body, choosing.values_of([recipient])[recipient.pk])


def to_release(actor: Actor, since: dt.datetime | None = None) -> QuerySet[CampaignRecipient]:
    """Messages held back that the actor may let go, of campaigns that are not over for long: the latest campaign first."""
    rows = policies.recipients.allowed(actor, "release").filter(state=R.HELD)
    rows = rows.filter(Q(campaign__ended_at=None) | Q(campaign__ended_at__gt=since or now() - STILL))
    return rows.select_related("campaign__unit", "campaign__author").order_by("-campaign_id", "pk")


def held_for(actor: Actor, since: dt.datetime) -> QuerySet[CampaignRecipient]:
    """Those among them for whose partner the actor answers by name."""
    return to_release(actor, since).filter(policies.answered.where(actor))
