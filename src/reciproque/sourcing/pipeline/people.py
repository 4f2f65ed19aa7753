"""People: whom a row names. By e-mail everywhere, else by name within the partner; several functions over time, one record."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection

from reciproque.directory.models import Person, Position
from reciproque.engines.linkage import person_key
from reciproque.foundation.database.bulk import blanks, bulk_insert, numbers
from reciproque.sourcing.models import Import, Judgement, RecordPerson, SourceRecord
from reciproque.sourcing.pipeline import golden
from reciproque.sourcing.pipeline.effects import Effects
from reciproque.sourcing.pipeline.refusals import Place, Waiting

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
    """The people whom the rows of a batch may mean.

    Whom a person set apart (« pas un doublon ») is not brought together by a file: neither by the next version of a row that named
    one of the two, nor by a row read again after its import was undone.
    """

    def __init__(self, rows: list[SourceRecord]) -> None:
        emails = {str(found["email"]).lower() for row in rows for found in named(row) if found.get("email")}
        partners = {row.partner_id for row in rows if row.partner_id}
        self._before = _named_before(rows)
        self._apart = _set_apart({person for person, _ in self._before.values()})
        self._waiting = Waiting("person", rows[0].source_id)
        self._went: dict[Place, Person] = {}
        self.by_email: dict[str, list[Person]] = defaultdict(list)
        self.by_name: dict[tuple[int, str], list[Person]] = defaultdict(list)
        self.by_pk: dict[int, Person] = {}
        around = set(Position.objects.filter(partner__among=partners).order_by().values_list("person_id", flat=True))
        written = Person.objects.filter(email_key__among=emails).exclude(email="").order_by()
        wanted = around | set(written.values_list("pk", flat=True)) | {person for person, _ in self._before.values()}
        for person in Person.objects.filter(pk__among=wanted).order_by("pk").select_for_update():
            self.by_pk[person.pk] = person
            if person.email:
                self.by_email[person.email.lower()].append(person)
        self.positions: dict[tuple[int, int], Position] = {}
        for position in Position.objects.filter(partner__among=partners, ended_on=None):
            self.positions[position.person_id, position.partner_id] = position
            if holder := self.by_pk.get(position.person_id):
                self.by_name[position.partner_id, person_key(holder.first_name, holder.last_name)].append(holder)

    def find(self, row: SourceRecord, rank: int, values: dict[str, Any]) -> Person | None:
        """The person of that e-mail; else whom the row named before under the same name; else, unless the e-mails differ, one of that
        name in that partner. Never one who was set apart."""
        email, barred = str(values.get("email", "")).lower(), self._barred(row, rank)
        if met := next((one for one in self.by_email.get(email, ()) if not barred(one)), None):
            return met
        if (former := self._former(row, rank, values)) and not barred(former):
            return former
        name = person_key(values.get("first_name", ""), values.get("last_name", ""))
        for person in self.by_name.get((row.partner_id or 0, name), ()):
            if not barred(person) and not (email and person.email and person.email.lower() != email):
                return person
        return None

    def _former(self, row: SourceRecord, rank: int, values: dict[str, Any]) -> Person | None:
        person, said = self._before.get((row.before_id or 0, rank), (0, {}))
        name = person_key(values.get("first_name", ""), values.get("last_name", ""))
        same = name and name == person_key(said.get("first_name", ""), said.get("last_name", ""))
        return self.by_pk.get(person) if same else None

    def _barred(self, row: SourceRecord, rank: int) -> Callable[[Person], bool]:
        mine = Place(row.row_key, rank)
        pks = self._waiting.records.get(mine, set()) | self._apart.get(
            self._before.get((row.before_id or 0, rank), (0,))[0], set()
        )
        here = [self._went[other] for other in self._waiting.places.get(mine, ()) if other in self._went]
        return lambda person: person.pk in pks or any(person is other for other in here)

    def keep(self, row: SourceRecord, rank: int, values: dict[str, Any], person: Person) -> None:
        """Remember somebody for the next rows."""
        self._went[Place(row.row_key, rank)] = person
        email = str(values.get("email", "")).lower()
        name = row.partner_id or 0, person_key(values.get("first_name", ""), values.get("last_name", ""))
        for known in ([self.by_email[email]] if email else []) + (
            [self.by_name[name]] if values.get("last_name") else []
        ):
            if all(person is not other for other in known):
                known.append(person)


def _named_before(rows: list[SourceRecord]) -> dict[tuple[int, int], tuple[int, dict[str, Any]]]:
    """(row, rank) → whom the former versions of these rows named, and how."""
    found = RecordPerson.objects.filter(record__among={row.before_id for row in rows if row.before_id}).order_by()
    people = found.values_list("record_id", "rank", "person_id", "record__draft__people")
    return {
        (row, rank): (person, said[rank] if said and rank < len(said) else {}) for row, rank, person, said in people
    }


def _set_apart(people: set[int]) -> dict[int, set[int]]:
    """Person → those of whom somebody said that they are another."""
    apart: dict[int, set[int]] = defaultdict(set)
    refused = Judgement.objects.filter(kind="person", verdict=Judgement.Verdict.DIFFERENT).order_by()
    for mine, theirs in (("low", "high"), ("high", "low")):
        for person, other in refused.filter(**{f"{mine}__among": people}).values_list(mine, theirs):
            apart[person].add(other)
    return apart


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
            person = known.find(row, rank, values)
            if person is None:
                person = somebody()
                new.append(person)
            known.keep(row, rank, values, person)
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
