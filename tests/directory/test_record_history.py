"""The history of a record as people read it: what was done in one go is one step, and what is brought back is undone."""

import datetime as dt

import pytest
from django.urls import reverse

from reciproque.directory import services
from reciproque.directory.records import past
from reciproque.foundation import history
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from tests.factories import PartnerFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 12, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def unit() -> Unit:
    return UnitFactory()


@pytest.fixture
def by(unit: Unit) -> Actor:
    return actor(unit)


@pytest.fixture
def at():
    """Set the hour of an event already written: the database's own clock wrote it."""

    def change(record, *minutes: int) -> None:
        events = history.event_model(type(record)).objects.filter(pgh_obj_id=record.pk).order_by("pgh_id")
        for event, minute in zip(events, minutes, strict=True):
            type(event).objects.filter(pk=event.pk).update(pgh_created_at=START + dt.timedelta(minutes=minute))

    return change


def changes(step: past.Step) -> dict[str, tuple[str, str]]:
    return {change.field: (change.before, change.after) for change in step.changes}


def test_close_edits_of_one_person_are_one_step(by: Actor, at) -> None:
    partner = PartnerFactory(acronym="UN")
    for fields in ({"acronym": "DEUX"}, {"phone": "02 41 00 00 01"}, {"web": "https://un.example"}):
        services.edit_partner(actor=by, partner=partner, version=None, **fields)
    at(partner, 0, 60, 65, 74)
    (edited, first) = past.of_partner(by, partner)
    assert set(changes(edited)) == {"acronym", "phone", "web"}
    assert changes(edited)["acronym"] == ("UN", "DEUX")
    assert (edited.at - edited.since) == dt.timedelta(minutes=14)
    assert first.state


def test_a_field_written_twice_keeps_its_middle_value_readable_and_restorable(client, by: Actor, at) -> None:
    partner = PartnerFactory(acronym="UN")
    for value in ("DEUX", "TROIS"):
        services.edit_partner(actor=by, partner=partner, version=None, acronym=value)
    at(partner, 0, 60, 61)
    later, earlier, _made = past.of_partner(by, partner)
    assert (changes(later), changes(earlier)) == ({"acronym": ("DEUX", "TROIS")}, {"acronym": ("UN", "DEUX")})
    client.force_login(User.objects.get(pk=by.user_id))
    sent = {"model": "partner", "object": partner.pk, "event": later.changes[0].restorable, "field": "acronym"}
    client.post(reverse("directory:partner_restore", args=[partner.pk]), sent)
    partner.refresh_from_db()
    assert partner.acronym == "DEUX"


@pytest.mark.parametrize(("gap", "steps"), [(10, 2), (11, 3)])
def test_edits_further_apart_are_told_apart(by: Actor, at, gap: int, steps: int) -> None:
    partner = PartnerFactory()
    for fields in ({"acronym": "UN"}, {"phone": "02 41 00 00 01"}):
        services.edit_partner(actor=by, partner=partner, version=None, **fields)
    at(partner, 0, 60, 60 + gap)
    assert len(past.of_partner(by, partner)) == steps


def test_two_people_are_told_apart(by: Actor, unit: Unit) -> None:
    partner = PartnerFactory()
    services.edit_partner(actor=by, partner=partner, version=None, acronym="UN")
    services.edit_partner(actor=actor(unit), partner=partner, version=None, acronym="DEUX")
    assert len(past.of_partner(by, partner)) == 3


def test_what_was_typed_then_taken_back_is_told_too(by: Actor, at) -> None:
    partner = PartnerFactory(acronym="UN")
    for value in ("DEUX", "UN"):
        services.edit_partner(actor=by, partner=partner, version=None, acronym=value)
    at(partner, 0, 60, 61)
    assert len(past.of_partner(by, partner)) == 3


def test_a_site_taken_away_is_told(by: Actor) -> None:
    partner = PartnerFactory()
    for city in ("Nantes", "Angers"):
        services.add_site(actor=by, partner=partner, city=city)
    services.remove_site(actor=by, site=partner.sites.get(is_head=False))
    assert any("retiré" in str(step.said) for step in past.of_partner(by, partner))


def test_a_value_brought_back_is_undone_with_one_click(client, by: Actor) -> None:
    client.force_login(User.objects.get(pk=by.user_id))
    partner = PartnerFactory(acronym="UN")
    services.edit_partner(actor=by, partner=partner, version=None, acronym="DEUX")
    first = history.entries(partner)[-1]
    address = reverse("directory:partner_restore", args=[partner.pk])
    sent = {"model": "partner", "object": partner.pk, "event": first.event_id, "field": "acronym"}
    answer = client.post(address, sent, follow=True)
    partner.refresh_from_db()
    assert partner.acronym == "UN"
    (message,) = answer.context["messages"]
    assert client.post(message.extra_tags).status_code == 302
    partner.refresh_from_db()
    assert partner.acronym == "DEUX"
    assert client.get(message.extra_tags).status_code == 405
