"""What tests of invitations start from: people who meet, a mail server that keeps what it gets, calendars that answer."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from django.utils.timezone import localdate, now

from reciproque.engines.letters import read_calendar
from reciproque.institution.models import Role
from reciproque.relations import services
from reciproque.relations.models import Interaction
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, UnitFactory, UserFactory, actor
from tests.relations.campaigning import Sink

SECRET = "Zanzibar"
DAY = dt.timedelta(days=1)


@contextmanager
def mailing(settings: Any) -> Iterator[Sink]:
    """A mail server that runs, the settings that lead to it, and our own door open."""
    server = Sink()
    server.controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.MAIL_IN_PORT, settings.MAIL_IN_DOMAIN = 2424, "suivi.univ.fr"
    yield server
    server.controller.stop()


class Office:
    """Anne, who writes; Paul, her colleague; Jean Faure and Lise Roux, of the Forges du Nord."""

    def __init__(self) -> None:
        self.unit, self.partner = UnitFactory(short_name="IUT"), PartnerFactory(name="Forges du Nord")
        self.anne = UserFactory(first_name="Anne", last_name="Morel", email="anne.morel@univ.fr")
        self.paul = UserFactory()
        self.us, _them = actor(self.unit, Role.MEMBER, self.anne), actor(self.unit, Role.MEMBER, self.paul)
        self.jean = PersonFactory(first_name="Jean", last_name="Faure", email="j.faure@acme.fr")
        self.lise = PersonFactory(first_name="Lise", last_name="Roux", email="l.roux@acme.fr")
        for person in (self.jean, self.lise):
            PositionFactory(person=person, partner=self.partner)

    def meet(self, **more) -> Interaction:
        """A visit in nine days, at two, with Jean, who is invited."""
        about = {
            "partner": self.partner, "unit": self.unit, "on": localdate() + 9 * DAY, "at": dt.time(14), "kind": "visit",
            "subject": "Visite d’atelier", "text": SECRET, "place": "12 rue des Forges, Angers", "people": [self.jean],
            "invite": True, "colleagues": [self.anne, self.paul],
        }  # fmt: skip
        return services.record_interaction(actor=self.us, **(about | more))

    def edit(self, row: Interaction, **changes) -> Interaction:
        return services.edit_interaction(actor=self.us, interaction=row, version=None, **changes)


def calendar_of(message) -> tuple[str, object]:
    """The method that the message announces, and the event that its calendar holds."""
    (part,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    (event,) = read_calendar(part.get_content().encode(), zone=dt.UTC)
    assert event.method == part.get_param("method")
    return event.method, event


def answer_to(
    message: EmailMessage, answer: str, *, sender: str = "j.faure@acme.fr", to: str = "", later: int = 1, method: str = "REPLY", **more: Any
) -> tuple[EmailMessage, str]:  # fmt: skip
    """What a calendar answers to an invitation that it received, and the address it is sent to."""
    _method, event = calendar_of(message)
    stamp = now() + dt.timedelta(seconds=later)
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ACME//FR", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{more.get('uid', event.uid)}",
        f"SEQUENCE:{event.version[0]}", f"DTSTAMP:{stamp:%Y%m%dT%H%M%S}Z", f"DTSTART:{more.get('starts', event.starts):%Y%m%dT%H%M%S}Z",
        f"ORGANIZER:mailto:{event.organizer}", f"ATTENDEE;PARTSTAT={answer}:mailto:{more.get('attendee', sender)}",
        f"COMMENT:{more.get('comment', '')}", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    written = EmailMessage()
    written["From"], written["To"], written["Subject"] = sender, to or event.organizer, "Re: Visite"
    written.set_content(more.get("comment", "Réponse"))
    written.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": method})
    return written, str(written["To"])
