"""What tests of campaigns start from: people of partners, a campaign addressed to them, a mail server that keeps what it gets."""

import email
import email.policy
import socket
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from reciproque.directory.models import Partner, Person
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit
from reciproque.relations.models import Campaign, CampaignRecipient
from reciproque.relations.services import campaigns
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, UnitFactory, actor

SUBJECT = "Rencontrons-nous, {{ prenom }}"
BODY = "Bonjour {{ civilite }} {{ nom }},\n\n{{ organisation }} nous intéresse : **venez**.\n\n- une visite\n- un jury"


class Desk:
    """Somebody who writes campaigns in a unit."""

    def __init__(self, unit: Unit | None = None) -> None:
        self.unit = unit or UnitFactory()
        self.actor: Actor = actor(self.unit, Role.MEMBER)

    def people(self, number: int, partner: Partner | None = None, **more: Any) -> list[Person]:
        """So many people with an address, each in a partner of their own unless one is given."""
        made = []
        for rank in range(number):
            person = PersonFactory(**{"email": f"p{Person.objects.count()}-{rank}@acme.example", **more})
            PositionFactory(person=person, partner=partner or PartnerFactory())
            made.append(person)
        return made

    def campaign(self, query: str = "", **more: Any) -> Campaign:
        """A campaign, written and addressed to everybody."""
        given = {"title": "Visites de printemps", "subject": SUBJECT, "body": BODY, "reply_to": "", **more}
        row = campaigns.create_campaign(actor=self.actor, unit=self.unit, **given)
        campaigns.choose_recipients(actor=self.actor, campaign=row, query=query)
        row.refresh_from_db()
        return row

    def start(self, campaign: Campaign) -> Campaign:
        """Ask for it to leave."""
        campaigns.start_campaign(actor=self.actor, campaign=campaign)
        campaign.refresh_from_db()
        return campaign


def states(campaign: Campaign) -> dict[str, int]:
    """How many recipients in each state."""
    found: dict[str, int] = {}
    for state in CampaignRecipient.objects.filter(campaign=campaign).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def the(campaign: Campaign, person: Person) -> CampaignRecipient:
    """The recipient of somebody."""
    return CampaignRecipient.objects.get(campaign=campaign, person=person)


class Sink:
    """A real mail server that keeps what it receives. `refuse` answers recipients, `cut_after` breaks the line after so many messages.

    `on_message` is told how many it has before it says so to the sender.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.connections = 0
        self.refuse: dict[str, str] = {}
        self.cut_after: int | None = None
        self.on_message: Callable[[int], None] = lambda _count: None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: Any) -> Any:  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        self.on_message(len(self.messages))
        if self.cut_after is not None and len(self.messages) > self.cut_after:
            self.cut_after = None
            server.transport.abort()
        return "250 OK"

    def to(self) -> list[str]:
        """The addresses that received something, in order."""
        return [one for _sender, to in self.envelopes for one in to]
