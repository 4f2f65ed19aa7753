"""Mail that came in: what colleagues put in copy, what partners answered, invitations of calendars, and what could not be filed.

Real messages, kept and filed by the path every message takes; what they become is theirs to decide.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from django.utils.timezone import get_default_timezone

from reciproque.demo.words import letters as words
from reciproque.directory.models import Person, Position
from reciproque.engines.letters import Entry, invite
from reciproque.foundation import inbound
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from reciproque.relations.capture import filing
from reciproque.relations.models import CaptureAddress

WRITERS = {
    "claire.bellanger": "iae", "mathieu.kermarrec": "sfc", "nadia.benali": "cfa", "vincent.delattre": "ufr-sciences",
    "aminata.diallo": "lamel", "elodie.guiheneuf": "iut", "philippe.jolivet": "iut",
}  # fmt: skip
"""Those who put their address in copy, and the unit they do it for."""


@dataclass(frozen=True, slots=True)
class _Post:
    """An address of ours, its owner, the people they know outside, and the day."""

    address: CaptureAddress
    user: User
    people: Sequence[Person]
    today: dt.date


def deliver(users: Mapping[str, User], units: Mapping[str, Unit], today: dt.date) -> None:
    """Make the addresses, send what each received in these last weeks, and file it."""
    for rank, (name, code) in enumerate(WRITERS.items()):
        user = users[name]
        held = _unit(user, units[code])
        if held is None:
            continue
        address = filing.create_capture_address(actor=Actor.of(user), user=user, unit=held)
        post = _Post(address, user, _people(user, held, rank), today)
        for message in _messages(post, rank):
            kept = inbound.receive(
                message.as_bytes(), sender=str(message["From"].addresses[0].addr_spec), recipients=[address.email]
            )
            if kept:
                filing.handle(kept.pk)


def _unit(user: User, wanted: Unit) -> Unit | None:
    """The unit in which they contribute: the one wanted, else the first they may write for."""
    allowed = Actor.of(user).units(Role.MEMBER)
    return wanted if wanted.pk in allowed else Unit.objects.filter(pk__in=allowed).order_by("pk").first()


def _people(user: User, unit: Unit, rank: int) -> list[Person]:
    """Four people one may write to, each of another partner: those they answer for first, then their unit's."""
    jobs = Position.objects.current().filter(
        person__do_not_contact=False, person__sharing="network", person__archived_at=None, partner__sharing="network",
        partner__archived_at=None, partner__merged_into=None, partner__units__unit=unit,
    )  # fmt: skip
    rows = list(jobs.exclude(person__email="").select_related("person", "partner").order_by("partner_id", "pk")[:400])
    rows.sort(key=lambda row: (row.partner.referent_id != user.pk, (row.pk * 37 + rank) % 101))
    one_each: dict[int, Person] = {}
    for row in rows:
        one_each.setdefault(row.partner_id, row.person)
    return list(one_each.values())[:4]


def _messages(post: _Post, rank: int) -> Iterator[EmailMessage]:
    """An answer, a message in copy with its attached file, a meeting and its move, a stranger, somebody the directory lacks."""
    if len(post.people) < 4:
        return
    one, two, three, four = post.people
    ours = f"{post.user.get_full_name()} <{post.user.email}>"
    yield _letter(post, 16, sender=_named(one), to=ours, words=words.ANSWERS[rank % len(words.ANSWERS)])
    sent = _letter(post, 9, sender=ours, to=_named(two), words=words.SENT[rank % len(words.SENT)])
    sent.add_attachment(
        words.PROGRAMME.encode(), maintype="text", subtype="plain", filename="calendrier-alternance.txt"
    )
    yield sent
    yield _meeting(post, 6, ours, three, rank, version=0, in_days=8 + rank)
    yield _meeting(post, 3, ours, three, rank, version=1, in_days=11 + rank)
    yield _letter(post, 4, sender=_named(four), to=ours, words=words.ANSWERS[(rank + 3) % len(words.ANSWERS)])
    lost = words.UNKNOWN[rank % len(words.UNKNOWN)]
    yield _letter(post, 2, sender=ours, to=lost, words=words.SENT[(rank + 1) % len(words.SENT)])
    if rank % 2 == 0:
        yield _letter(post, 1, sender=words.STRANGER, to=ours, words=words.OFFER)


def _named(person: Person) -> str:
    return f"{person.first_name} {person.last_name} <{person.email}>"


def _letter(post: _Post, days: int, *, sender: str, to: str, words: tuple[str, str]) -> EmailMessage:
    """A message of some days ago, in the morning."""
    at = dt.datetime.combine(post.today - dt.timedelta(days=days), dt.time(9, 12 + days), tzinfo=get_default_timezone())
    message = EmailMessage()
    message["From"], message["To"], message["Cc"] = sender, to, post.address.email
    message["Subject"], message["Date"] = words[0], format_datetime(at)
    message["Message-ID"] = f"<{post.address.key}.{days}@demonstration.example>"
    message.set_content(words[1])
    return message


def _meeting(
    post: _Post, days: int, ours: str, guest: Person, rank: int, *, version: int, in_days: int
) -> EmailMessage:
    """An invitation of their own calendar; its later version moves the meeting."""
    title, place = words.MEETINGS[rank % len(words.MEETINGS)]
    day = post.today + dt.timedelta(days=in_days)
    day += dt.timedelta(days={6: 2, 7: 1}.get(day.isoweekday(), 0))
    message = _letter(post, days, sender=ours, to=_named(guest), words=(f"Invitation : {title}", words.INVITATION))
    zone = get_default_timezone()
    starts = dt.datetime.combine(day, dt.time(14), tzinfo=zone)
    stamp = dt.datetime.combine(post.today - dt.timedelta(days=days), dt.time(9), tzinfo=zone)
    entry = Entry(
        uid=f"{post.address.key}@agenda.example", starts=starts, ends=starts + dt.timedelta(hours=1), summary=title, place=place,
        stamp=stamp, sequence=version, organizer=(post.user.get_full_name(), post.user.email),
        attendees=((str(guest), guest.email),),
    )  # fmt: skip
    message.add_alternative(invite(entry).decode(), subtype="calendar", params={"method": "REQUEST"})
    return message
