"""Whom a message concerns: people of the directory by their addresses, and the partner each stands for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db.models import Q
from django.db.models.functions import Lower

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner, Person, Position
from reciproque.institution.access import Actor
from reciproque.institution.models import User


@dataclass(slots=True)
class Concerned:
    """People by partner, colleagues, and the addresses that nobody of the directory answers to."""

    people: dict[Partner, list[Person]] = field(default_factory=dict)
    colleagues: list[User] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def concerned(actor: Actor, emails: Iterable[str]) -> Concerned:
    """Find them among what the actor may read, in four queries whatever the number of addresses."""
    wanted = list(dict.fromkeys(email.lower() for email in emails if email))
    accounts = User.objects.annotate(key=Lower("email")).filter(is_active=True, key__in=wanted)
    found = Concerned(colleagues=list(accounts.order_by("pk")))
    inside = {user.email.lower() for user in found.colleagues}
    outside = [email for email in wanted if email not in inside]
    by_email: dict[str, list[Person]] = {}
    for person in _people(actor, outside):
        for email in {person.email.lower(), *(other.lower() for other in person.other_emails)}:
            by_email.setdefault(email, []).append(person)
    positions = _positions(actor, {person.pk for people in by_email.values() for person in people})
    for email in outside:
        ways = [(person, position) for person in by_email.get(email, ()) for position in positions.get(person.pk, ())]
        if not ways:
            found.unknown.append(email)
            continue
        person, position = max(ways, key=lambda way: (_same_domain(email, way[1].partner), way[1].pk))
        people = found.people.setdefault(position.partner, [])
        if person not in people:
            people.append(person)
    return found


def _people(actor: Actor, emails: list[str]) -> Iterable[Person]:
    if not emails:
        return ()
    there = directory.people.allowed(actor, "view").filter(archived_at=None)
    second = Q(other_emails__overlap=emails) & ~Q(other_emails=[])
    return there.filter(Q(email_key__in=emails) | second).order_by("pk")


def _positions(actor: Actor, people: set[int]) -> dict[int, list[Position]]:
    held: dict[int, list[Position]] = {}
    readable = directory.partners.allowed(actor, "view").filter(archived_at=None).order_by().values("pk")
    rows = Position.objects.current().filter(person__in=people, partner__in=readable).select_related("partner")
    for position in rows.order_by("pk"):
        held.setdefault(position.person_id, []).append(position)
    return held


def _same_domain(email: str, partner: Partner) -> bool:
    domain = email.rpartition("@")[2]
    own = {partner.email.rpartition("@")[2].lower(), (urlsplit(partner.web).hostname or "").removeprefix("www.")}
    return domain in own - {""}
