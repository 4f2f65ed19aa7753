"""People: whom a row names. By e-mail everywhere, else by name within the partner; several functions over time, one record."""

from collections import defaultdict
from typing import Any

from django.db.models import Q

from reciproque.directory.models import Person, Position
from reciproque.engines.linkage import person_key
from reciproque.foundation.database.bulk import bulk_write
from reciproque.sourcing.models import Import, RecordPerson, SourceRecord
from reciproque.sourcing.pipeline import golden
from reciproque.sourcing.pipeline.effects import Effects


class People:
    """The people whom the rows of a batch may mean."""

    def __init__(self, rows: list[SourceRecord]) -> None:
        emails = {str(found["email"]).lower() for row in rows for found in named(row) if found.get("email")}
        partners = {row.partner_id for row in rows if row.partner_id}
        self.by_email: dict[str, Person] = {}
        self.by_name: dict[tuple[int, str], Person] = {}
        self.by_pk: dict[int, Person] = {}
        around = Position.objects.filter(partner_id__in=partners).values("person_id")
        for person in (
            Person.objects.filter(Q(email_key__in=emails) | Q(pk__in=around)).order_by("pk").select_for_update()
        ):
            self.by_pk[person.pk] = person
            if person.email:
                self.by_email.setdefault(person.email.lower(), person)
        self.positions: dict[tuple[int, int], Position] = {}
        for position in Position.objects.filter(partner_id__in=partners, ended_on=None):
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


def settle_people(run: Import, rows: list[SourceRecord], effects: Effects) -> set[int]:
    """Find or create everybody named, with their function; returns the people touched."""
    if not any(row.draft.get("people") for row in rows):
        return set()
    known = People(rows)
    new: list[Person] = []
    said: dict[int, list[golden.Said]] = defaultdict(list)
    links: list[tuple[SourceRecord, Person, int]] = []
    touched: dict[int, Person] = {}
    for row in rows:
        for rank, values in enumerate(named(row)):
            if not row.partner_id or not (values.get("last_name") or values.get("email")):
                continue
            person = known.find(row.partner_id, values)
            if person is None:
                person = Person(unit_id=run.unit_id, source=run.source.name[:200], collected_on=run.observed_on)
                new.append(person)
            known.keep(row.partner_id, values, person)
            touched[id(person)] = person
            rules = golden.rules_of(run.mapping, f"person{rank + 1}")
            said[id(person)].append(golden.said_of(row, row.source, Person, values, rules))
            links.append((row, person, rank))
    _save(new, said, effects)
    RecordPerson.objects.bulk_create(
        [RecordPerson(record=row, person=person, rank=rank) for row, person, rank in links],
        batch_size=1000,
        ignore_conflicts=True,
    )
    _positions(links, known, effects)
    return {person.pk for person in touched.values()}


def _save(new: list[Person], said: dict[int, list[golden.Said]], effects: Effects) -> None:
    for person in new:
        golden.settle(person, said[id(person)])
        if not person.last_name:
            person.last_name = person.email.split("@")[0][:120]
    Person.objects.bulk_create(new, batch_size=500)
    for person in new:
        effects.created(person)


def _positions(links: list[tuple[SourceRecord, Person, int]], known: People, effects: Effects) -> None:
    new: dict[tuple[int, int], Position] = {}
    changed: dict[int, Position] = {}
    for row, person, rank in links:
        if row.partner_id is None:
            continue
        title = str(named(row)[rank].get("role", ""))[:200]
        spot = (person.pk, row.partner_id)
        position = known.positions.get(spot) or new.get(spot)
        if position is None:
            new[spot] = Position(person=person, partner_id=row.partner_id, site=row.site, title=title)
        elif title and not position.title:
            if position.pk:
                effects.changed(position, {"title": position.title})
                position.version += 1
                changed[position.pk] = position
            position.title = title
    Position.objects.bulk_create(new.values(), batch_size=500)
    for position in new.values():
        effects.created(position)
    bulk_write(list(changed.values()), ["title", "version"])
