"""People: whom a row names. By e-mail everywhere, else by name within the partner; several functions over time, one record."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.db import connection

from reciproque.directory.models import Person, Position
from reciproque.engines.linkage import person_key
from reciproque.foundation.database.bulk import blanks, bulk_insert, numbers
from reciproque.sourcing.models import Import, SourceRecord
from reciproque.sourcing.pipeline import golden
from reciproque.sourcing.pipeline.effects import Effects

RANKS = 20
NAMED = """
INSERT INTO sourcing_recordperson (record_id, person_id, rank)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[]) ON CONFLICT (record_id, rank) DO NOTHING
"""


class Link(NamedTuple):
    """A row names a person, in their rank; and what it says of their function."""

    row: SourceRecord
    person: Person
    rank: int
    function: golden.Said


SHARED_MAILBOXES = frozenset(
    {
        "accueil", "contact", "contacts", "info", "infos", "secretariat", "direction", "administration", "compta", "comptabilite",
        "rh", "recrutement", "drh", "commercial", "mairie", "bonjour", "hello", "service", "courrier",
    }
)  # fmt: skip


class People:
    """The people whom the rows of a batch may mean."""

    def __init__(self, rows: list[SourceRecord]) -> None:
        emails = {str(found["email"]).lower() for row in rows for found in named(row) if found.get("email")}
        partners = {row.partner_id for row in rows if row.partner_id}
        self.by_email: dict[str, Person] = {}
        self.by_name: dict[tuple[int, str], Person] = {}
        self.by_pk: dict[int, Person] = {}
        around = set(Position.objects.filter(partner__among=partners).order_by().values_list("person_id", flat=True))
        written = Person.objects.filter(email_key__among=emails).exclude(email="").order_by()
        wanted = around | set(written.values_list("pk", flat=True))
        for person in Person.objects.filter(pk__among=wanted).order_by("pk").select_for_update():
            self.by_pk[person.pk] = person
            if person.email:
                self.by_email.setdefault(person.email.lower(), person)
        self.positions: dict[tuple[int, int], Position] = {}
        for position in Position.objects.filter(partner__among=partners, ended_on=None):
            self.positions[position.person_id, position.partner_id] = position
            if holder := self.by_pk.get(position.person_id):
                self.by_name.setdefault((position.partner_id, person_key(holder.first_name, holder.last_name)), holder)

    def find(self, partner: int, values: dict[str, Any]) -> Person | None:
        """The person of that e-mail; else, unless the e-mails differ, of that name in that partner."""
        email = str(values.get("email", "")).lower()
        if email and email in self.by_email:
            return self.by_email[email]
        person = self.by_name.get((partner, person_key(values.get("first_name", ""), values.get("last_name", ""))))
        return person if person and not (email and person.email and person.email.lower() != email) else None

    def keep(self, partner: int, values: dict[str, Any], person: Person) -> None:
        """Remember somebody for the next rows."""
        if values.get("email"):
            self.by_email.setdefault(str(values["email"]).lower(), person)
        if values.get("last_name"):
            self.by_name.setdefault((partner, person_key(values.get("first_name", ""), values["last_name"])), person)


def named(row: SourceRecord) -> list[dict[str, Any]]:
    """The people of a row that have something to be recognised by."""
    found: list[dict[str, Any]] = row.draft.get("people", [])
    return found


def is_somebody(values: dict[str, Any]) -> bool:
    """Whether there is a person behind these cells: a name, or an address that is not the switchboard's."""
    mailbox = str(values.get("email", "")).lower().partition("@")[0]
    return bool(values.get("last_name") or (mailbox and mailbox not in SHARED_MAILBOXES))


def settle_people(run: Import, rows: list[SourceRecord], effects: Effects) -> set[int]:
    """Find or create everybody named, with their function; returns the people touched."""
    if not any(row.draft.get("people") for row in rows):
        return set()
    known = People(rows)
    somebody = blanks(Person, unit_id=run.unit_id, source=run.source.name[:200], collected_on=run.observed_on)
    new: list[Person] = []
    said: dict[int, list[golden.Said]] = defaultdict(list)
    links: list[Link] = []
    rules = {rank: golden.rules_of(run.mapping, f"person{rank + 1}") for rank in range(RANKS)}
    for row in rows:
        for rank, values in enumerate(named(row)[:RANKS]):
            if not row.partner_id or not is_somebody(values):
                continue
            person = known.find(row.partner_id, values)
            if person is None:
                person = somebody()
                new.append(person)
            known.keep(row.partner_id, values, person)
            if person.pk is None:
                said[id(person)].append(golden.said_of(row, run.source, Person, values, rules[rank]))
            links.append(Link(row, person, rank, golden.said_of(row, run.source, Position, values, rules[rank])))
    for person in new:
        golden.settle(person, said[id(person)])
        person.last_name = person.last_name or person.email.split("@")[0][:120]
    bulk_insert(new)
    effects.created("person", [person.pk for person in new])
    with connection.cursor() as cursor:
        columns = zip(*((link.row.pk, link.person.pk, link.rank) for link in links), strict=True)
        if links:
            cursor.execute(NAMED, [numbers(column) for column in columns])
    _positions(links, known, effects)
    return {link.person.pk for link in links}


def _positions(links: list[Link], known: People, effects: Effects) -> None:
    said: dict[tuple[int, int], list[Link]] = defaultdict(list)
    for link in links:
        spot = (link.person.pk, link.row.partner_id or 0)
        if spot not in known.positions:
            said[spot].append(link)
    new = []
    function = blanks(Position)
    for (person, partner), mine in said.items():
        position = function()
        position.person_id, position.partner_id, position.site_id = person, partner, mine[0].row.site_id
        golden.settle(position, [link.function for link in mine])
        new.append(position)
    bulk_insert(new)
    effects.created("position", [position.pk for position in new])
