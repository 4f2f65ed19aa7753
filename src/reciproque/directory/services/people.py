"""People outside: created, edited, how they want to be reached, and the functions they hold over time."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from reciproque.directory import policies, search
from reciproque.directory.merging import locking
from reciproque.directory.models import Partner, Person, Position, Site
from reciproque.directory.services import common
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit

EDITABLE = frozenset(
    {
        "civility", "first_name", "last_name", "email", "other_emails", "phone", "mobile", "web", "languages", "tags",
        "description", "source", "collected_on", "informed_on",
    }
)  # fmt: skip
CREATED_WITH = EDITABLE | {"sharing"}
NAMES = frozenset({"first_name", "last_name"})
POSITION = frozenset({"title", "service", "site", "started_on"})


@operation("directory.create_person")
def create_person(
    *,
    actor: Actor,
    last_name: str,
    unit: Unit | None = None,
    partner: Partner | None = None,
    title: str = "",
    service: str = "",
    **fields: Any,
) -> Person:
    """Add somebody, with their function in a partner when it is given.

    The day of collection is today unless said: the duty to inform the person runs from it.
    """
    common.only(CREATED_WITH, fields)
    common.check_unit(actor, unit)
    person = Person(unit=unit)
    values = common.read_all({"last_name": last_name, **fields})
    values["collected_on"] = values.get("collected_on") or localdate()
    common.write(person, values, actor)
    common.insert(person)
    policies.people.require(actor, "record", person)
    if partner is not None:
        add_position(actor=actor, person=person, partner=partner, title=title, service=service)
    search.refresh(person_ids=[person.pk])
    return person


@operation("directory.edit_person")
def edit_person(*, actor: Actor, person: Person, version: int | None, **changes: Any) -> Person:
    """Change what is known of somebody. Each value is signed as typed by hand."""
    common.only(EDITABLE, changes)
    row = common.locked(person, version, changes)
    policies.people.require(actor, "edit", row)
    if changed := common.write(row, common.read_all(changes), actor):
        common.keep(row, changed)
        _refresh(row, named=bool(NAMES.intersection(changed)))
    return row


@operation("directory.set_contact_preference")
def set_contact_preference(
    *,
    actor: Actor,
    person: Person,
    version: int | None,
    channel: str = "",
    do_not_contact: bool = False,
    refusal: str = "",
    refused_on: dt.date | None = None,
) -> Person:
    """Note how somebody wants to be reached, or that they do not: then with the reason, from a day on."""
    wanted: dict[str, Any] = {"channel": channel, "do_not_contact": do_not_contact}
    wanted["refusal"] = refusal if do_not_contact else ""
    wanted["refused_on"] = (refused_on or localdate()) if do_not_contact else None
    row = common.locked(person, version, wanted)
    policies.people.require(actor, "edit", row)
    common.read("refused_on", wanted["refused_on"])
    if do_not_contact and not refusal:
        raise ValidationError({"refusal": _("Dites pourquoi cette personne ne doit pas être contactée.")})
    if common.write(row, wanted, actor):
        common.keep(row)
    return row


@operation("directory.archive_person")
def archive_person(*, actor: Actor, person: Person, version: int | None = None) -> Person:
    """Put somebody's record away: it leaves the lists and keeps its history."""
    return _set_archived(actor, person, version, now())


@operation("directory.unarchive_person")
def unarchive_person(*, actor: Actor, person: Person) -> Person:
    """Bring an archived record back."""
    return _set_archived(actor, person, None, None)


def _set_archived(actor: Actor, person: Person, version: int | None, at: dt.datetime | None) -> Person:
    row = common.locked(person, version, {})
    policies.people.require(actor, "archive", row)
    if (row.archived_at is None) != (at is None):
        row.archived_at = at
        common.keep(row)
        _refresh(row, named=True)
    return row


@operation("directory.add_position")
def add_position(*, actor: Actor, person: Person, partner: Partner, **fields: Any) -> Position:
    """Say that somebody holds a function in a partner."""
    common.only(POSITION, fields)
    locking.steady()
    _may_tie(actor, person, partner)
    position = Position(person=person, partner=partner)
    values = common.read_all(fields)
    _check_site(partner, values.get("site"))
    common.write(position, values, actor)
    common.insert(position)
    _refresh_position(position)
    return position


@operation("directory.edit_position")
def edit_position(*, actor: Actor, position: Position, version: int | None, **changes: Any) -> Position:
    """Change a function: its title, its service, its place, its beginning."""
    common.only(POSITION | {"ended_on"}, changes)
    locking.steady()
    row = common.locked(position, version, changes)
    _may_tie(actor, row.person, row.partner)
    values = common.read_all(changes)
    _check_site(row.partner, values.get("site"))
    if common.write(row, values, actor):
        common.keep(row)
        _refresh_position(row)
    return row


@operation("directory.end_position")
def end_position(*, actor: Actor, position: Position, version: int | None, ended_on: dt.date | None = None) -> Position:
    """Say that somebody has left a function; it stays in their record."""
    return edit_position(actor=actor, position=position, version=version, ended_on=ended_on or localdate())


def _may_tie(actor: Actor, person: Person, partner: Partner) -> None:
    for model, record in ((Person, person), (Partner, partner)):
        common.check_standing(model.objects.only("merged_into").get(pk=record.pk))
    policies.people.require(actor, "edit", person)
    policies.partners.require(actor, "view", partner)


def _check_site(partner: Partner, site: Site | None) -> None:
    if site is not None and site.partner_id != partner.pk:
        raise ValidationError({"site": _("Cet établissement n’est pas de ce partenaire.")})


def _refresh_position(position: Position) -> None:
    search.refresh(partner_ids=[position.partner_id], person_ids=[position.person_id])


def _refresh(row: Person, *, named: bool) -> None:
    employers = row.positions.filter(ended_on=None).values_list("partner_id", flat=True) if named else []
    search.refresh(partner_ids=employers, person_ids=[row.pk])
