"""Who a campaign addresses: the people of a list, each with the partner they speak for, and what stands against writing to them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from reciproque.directory import policies as directory
from reciproque.directory.listing import people
from reciproque.directory.models import Person, Position, Sharing
from reciproque.engines.concertation import FINAL, Addressee, Caps, Past, Reason, plan
from reciproque.foundation.listing.state import read
from reciproque.institution.access import Actor
from reciproque.relations.concertation import knowing
from reciproque.relations.models import (
    Campaign,
    CampaignRecipient,
    Collaboration,
    Interaction,
    Solicitation,
    Unsubscription,
)

MOST = 50_000
TICKED = "parmi"
NEGOTIATED = dt.timedelta(days=60)
"""A proposal made to a partner is still under discussion that long after its last move."""
AHEAD = dt.timedelta(days=14)
"""A meeting planned with a partner within that time is a discussion under way."""
R = CampaignRecipient.State


@dataclass(slots=True)
class Chosen:
    """Somebody of the list. `partner` 0: nobody we may read employs them."""

    person: int
    email: str
    partner: int = 0
    refuses: bool = False
    released: bool = False
    by_hand: bool = False


def asked_for(given: QueryDict) -> str:
    """The audience that a list sends: its state, and the people ticked (`parmi`) unless all are; "" when nobody is."""
    state = given.get("liste", "").removeprefix("?")
    if "toutes" in given:
        return state or "tri=nom"
    ids = [one for one in given.getlist("ids") if one.isascii() and one.isdecimal() and len(one) < 19]
    return f"{TICKED}={'.'.join(ids[:MOST])}" if ids else ""


def ticked(query: str) -> list[int]:
    """The people ticked, when an audience is made of some."""
    found = QueryDict(query.removeprefix("?")).get(TICKED, "")
    return [int(one) for one in found.split(".") if one.isascii() and one.isdecimal() and len(one) < 19]


def kept(actor: Actor, query: str) -> str:
    """The audience as a campaign keeps it."""
    state: str = listing(actor, query).state.kept
    ids = ticked(query)
    return f"{state}&{TICKED}={'.'.join(map(str, ids))}".lstrip("&") if ids else state


def listing(actor: Actor, query: str) -> Any:
    """The list of people that the query asks for, with the actor's rights."""
    return people.listing(actor, read(QueryDict(query.removeprefix("?")), people.CATALOGUE))


def gather(actor: Actor, query: str) -> list[Chosen]:
    """The people of a list, in the order of their names, each with the partner of their latest function. Raises ValidationError."""
    rows = listing(actor, query).rows.filter(merged_into=None).order_by("name_key", "pk")
    if ids := ticked(query):
        rows = rows.filter(pk__in=ids)
    found = list(rows.values_list("pk", "email", "do_not_contact")[: MOST + 1])
    if len(found) > MOST:
        said = _("Cette vue compte plus de %(n)s personnes : resserrez-la.") % {"n": MOST}
        raise ValidationError({"audience": said})
    partners = employers(actor, [pk for pk, _email, _refuses in found])
    return [Chosen(pk, email, partners.get(pk, 0), refuses) for pk, email, refuses in found]


def employers(actor: Actor, ids: Sequence[int]) -> dict[int, int]:
    """The partner of the latest function of each person, among those the actor may read."""
    readable = directory.partners.allowed(actor, "view").filter(archived_at=None, merged_into=None).order_by()
    jobs = Position.objects.current().filter(person__in=ids, partner__in=readable.values("pk"))
    held: dict[int, int] = {}
    for person, partner in jobs.order_by(F("started_on").desc(nulls_last=True), "-pk").values_list(
        "person_id", "partner_id"
    ):
        held.setdefault(person, partner)
    return held


def decide(campaign: Campaign, chosen: Sequence[Chosen], *, today: dt.date) -> dict[int, tuple[Reason, ...]]:
    """Why each message waits, or is not sent; empty when it may go. What was released waits only for a final reason."""
    caps = knowing.caps()
    partner_ids = sorted({one.partner for one in chosen if one.partner})
    past = asked(campaign, chosen, partner_ids, caps, today=today)
    bounced, gone = returned(chosen), unsubscribed(one.person for one in chosen)
    talking = in_discussion(campaign, partner_ids, today=today)
    reasons = plan(
        [Addressee(one.person, one.partner, one.email, _against(one, bounced, gone), one.partner in talking) for one in chosen],
        past, caps, today=today,
    )  # fmt: skip
    for one in chosen:
        if one.released:
            reasons[one.person] = tuple(reason for reason in reasons[one.person] if reason in FINAL)
        elif one.by_hand:
            reasons[one.person] = (*reasons[one.person], Reason.BY_HAND)
    return reasons


def _against(one: Chosen, bounced: set[int], gone: set[int]) -> list[Reason]:
    """The final reasons known of somebody."""
    said = (
        (Reason.DO_NOT_CONTACT, one.refuses), (Reason.UNSUBSCRIBED, one.person in gone),
        (Reason.BOUNCED, one.person in bounced), (Reason.NO_PARTNER, not one.partner),
    )  # fmt: skip
    return [reason for reason, holds in said if holds]


def unsubscribed(ids: Iterable[int]) -> set[int]:
    """Those who want no more campaigns."""
    return set(Unsubscription.objects.filter(person__in=list(ids)).values_list("person_id", flat=True))


def returned(chosen: Sequence[Chosen]) -> set[int]:
    """Those whose present address sent a message back."""
    emails = {one.person: one.email.lower() for one in chosen}
    rows = CampaignRecipient.objects.filter(state=R.BOUNCED, person__in=list(emails)).order_by()
    return {person for person, email in rows.values_list("person_id", "email") if email.lower() == emails[person]}


def asked(
    campaign: Campaign, chosen: Sequence[Chosen], partner_ids: Sequence[int], caps: Caps, *, today: dt.date
) -> Past:
    """The days on which these people and partners were asked something; what is being sent, or was released, counts today."""
    people_ids = [one.person for one in chosen]
    since = today - dt.timedelta(days=caps.window - 1)
    made = Solicitation.objects.made().between(since, today).exclude(sharing=Sharing.RESTRICTED).order_by()
    of_people: dict[int, list[dt.date]] = {}
    of_partners: dict[int, list[dt.date]] = {}
    for person, on in made.filter(person__in=people_ids).values_list("person_id", "on"):
        of_people.setdefault(person, []).append(on)
    for partner, on in made.filter(partner__in=partner_ids).values_list("partner_id", "on"):
        of_partners.setdefault(partner, []).append(on)
    leaving = under_way().exclude(campaign=campaign, state=R.READY).order_by()
    for person, partner in leaving.filter(Q(person__in=people_ids) | Q(partner__in=partner_ids)).values_list(
        "person_id", "partner_id"
    ):
        of_people.setdefault(person, []).append(today)
        if partner:
            of_partners.setdefault(partner, []).append(today)
    for one in chosen:
        if one.released:
            of_partners.setdefault(one.partner, []).append(today)
    return Past(of_people, of_partners)


def under_way() -> Any:
    """Messages that leave, or left, and are no solicitation yet."""
    noted = Solicitation.objects.filter(campaign=OuterRef("campaign"), person=OuterRef("person"))
    going = Q(state=R.READY, campaign__state=Campaign.State.SENDING) | Q(state__in=[R.SENDING, R.DOUBT])
    left = Q(state=R.SENT, interaction=None) & ~Exists(noted)
    return CampaignRecipient.objects.filter(going | left)


def in_discussion(campaign: Campaign, partner_ids: Sequence[int], *, today: dt.date) -> set[int]:
    """The partners to whom another unit proposed something lately, or meets soon. Restricted facts say nothing."""
    own = campaign.unit.path
    proposed = Collaboration.objects.filter(
        partner__in=partner_ids, state=Collaboration.State.PROPOSED, moved_on__gte=today - NEGOTIATED
    )
    planned = Interaction.objects.filter(
        partner__in=partner_ids, state=Interaction.State.PLANNED, on__gte=today, on__lte=today + AHEAD
    )
    found: set[int] = set()
    for rows in (proposed, planned):
        others: Any = rows.exclude(sharing=Sharing.RESTRICTED).exclude(unit__path__startswith=own)
        found.update(others.order_by().values_list("partner_id", flat=True))
    return found


def state_of(reasons: Iterable[str]) -> str:
    """What becomes of a message for these reasons."""
    held = set(reasons)
    return R.EXCLUDED if held & FINAL else R.HELD if held else R.READY


def as_chosen(rows: Iterable[CampaignRecipient]) -> list[Chosen]:
    """Recipients as they stand today, with the address and the wish of the person now. Those put away have no partner any more."""
    return [
        Chosen(
            row.person_id, row.person.email, row.partner_id if row.partner_id and row.person.archived_at is None else 0,
            row.person.do_not_contact, released=row.released_by_id is not None,
        )
        for row in rows
    ]  # fmt: skip


def values_of(rows: Sequence[CampaignRecipient]) -> dict[int, Mapping[str, str]]:
    """What the variables of the message are worth for each of these recipients. Two queries."""
    people_by_id = Person.objects.in_bulk([row.person_id for row in rows])
    jobs = Position.objects.current().filter(person__in=list(people_by_id)).select_related("partner")
    held: dict[tuple[int, int], Position] = {}
    for job in jobs.order_by(F("started_on").desc(nulls_last=True), "-pk"):
        held.setdefault((job.person_id, job.partner_id), job)
    values: dict[int, Mapping[str, str]] = {}
    for row in rows:
        person = people_by_id[row.person_id]
        at = held.get((row.person_id, row.partner_id or 0))
        values[row.pk] = {
            "prenom": person.first_name,
            "nom": person.last_name,
            "civilite": str(person.civility),
            "organisation": at.partner.label if at else "",
            "fonction": at.title if at else "",
        }
    return values
