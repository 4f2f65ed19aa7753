"""Two people at once, on real connections: nothing is lost, nothing is doubled, and without the guard it would be."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from reciproque.directory import services
from reciproque.directory.models import Merge, Partner, PartnerUnit, Position, Site
from reciproque.foundation.errors import Conflict, DomainError
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from tests.factories import PartnerFactory, PersonFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unit() -> Unit:
    return UnitFactory()


@pytest.fixture
def by(unit: Unit) -> Actor:
    return actor(unit)


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run these at the same time; what each gave, or the refusal it met."""
    start, found = threading.Barrier(len(calls)), []

    def run(call: Callable[[], Any]) -> None:
        try:
            start.wait()
            found.append(call())
        except Exception as error:  # noqa: BLE001 -- the refusal is what is looked at
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return found


def edits(by: Actor, partner: Partner) -> list[Callable[[], Any]]:
    return [
        lambda value=value: services.edit_partner(actor=by, partner=partner, version=1, acronym=value)
        for value in ("UN", "DEUX")
    ]


def test_of_two_edits_one_is_told_of_the_other(by: Actor) -> None:
    partner = PartnerFactory()
    found = together(*edits(by, partner))
    partner.refresh_from_db()
    (refusal,) = [one for one in found if isinstance(one, Conflict)]
    assert (partner.version, refusal.details["current"]["acronym"]) == (2, partner.acronym)


def test_without_the_version_one_edit_would_be_lost(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    partner = PartnerFactory()
    both_have_read = threading.Barrier(2)

    def read_together(record: Any, _version: int | None, _submitted: Any) -> Any:
        row = type(record)._default_manager.get(pk=record.pk)
        both_have_read.wait(10)
        return row

    monkeypatch.setattr("reciproque.directory.services.common.locked", read_together)
    found = together(*edits(by, partner))
    assert not [one for one in found if isinstance(one, Exception)]
    partner.refresh_from_db()
    assert partner.version == 2


def test_the_pages_show_both_versions(unit: Unit) -> None:
    partner = PartnerFactory()
    users = [User.objects.get(pk=actor(unit).user_id) for _n in range(2)]
    address = reverse("directory:partner_field", args=[partner.pk, "acronym"])

    def send(user: User, value: str) -> int:
        client = Client()
        client.force_login(user)
        answer = client.post(address, {"acronym": value, "version": 1})
        return answer.status_code

    codes = together(*[lambda user=user, n=n: send(user, f"SIGLE{n}") for n, user in enumerate(users)])
    assert sorted(codes) == [302, 422]
    partner.refresh_from_db()
    assert partner.version == 2


def test_the_same_number_is_given_to_one_partner_only(by: Actor) -> None:
    found = together(
        *[lambda n=n: services.create_partner(actor=by, name=f"Ateliers {n}", siren="552100554") for n in range(2)]
    )
    assert Partner.objects.count() == 1
    (refusal,) = [one for one in found if isinstance(one, Exception)]
    assert isinstance(refusal, DomainError) or "SIREN" in str(refusal)


def test_a_partner_keeps_one_head_when_two_are_added(by: Actor) -> None:
    partner = PartnerFactory()
    found = together(*[lambda n=n: services.add_site(actor=by, partner=partner, city=f"Ville {n}") for n in range(3)])
    assert not [one for one in found if isinstance(one, Exception)]
    assert Site.objects.filter(partner=partner, is_head=True).count() == 1
    assert Site.objects.filter(partner=partner).count() == 3


def test_a_head_is_chosen_while_another_is_edited(by: Actor) -> None:
    partner = PartnerFactory()
    one = services.add_site(actor=by, partner=partner, city="Nantes", postcode="44000")
    two = services.add_site(actor=by, partner=partner, city="Angers", postcode="49000")
    found = together(
        lambda: services.set_head_site(actor=by, site=two),
        lambda: services.edit_site(actor=by, site=one, version=None, city="Brest", postcode="29200"),
    )
    assert not [problem for problem in found if isinstance(problem, Exception)]
    partner.refresh_from_db()
    assert partner.city == "Angers"


def test_one_function_at_a_time_in_one_partner(by: Actor) -> None:
    person, partner = PersonFactory(), PartnerFactory()
    together(
        *[lambda n=n: services.add_position(actor=by, person=person, partner=partner, title=f"F{n}") for n in (1, 2)]
    )
    assert Position.objects.current().count() == 1


def test_one_tie_for_a_unit(by: Actor, unit: Unit) -> None:
    partner = PartnerFactory()
    together(*[lambda: services.tie_unit(actor=by, partner=partner, unit=unit) for _n in range(2)])
    assert PartnerUnit.objects.count() == 1


def test_bulk_and_single_edits_do_not_lose_each_other(by: Actor) -> None:
    partners = PartnerFactory.create_batch(20)
    ids = [partner.pk for partner in partners]
    found = together(
        lambda: services.tag_partners(actor=by, ids=ids, add=["Mer"]),
        lambda: services.tag_partners(actor=by, ids=list(reversed(ids)), add=["Bois"]),
        lambda: services.edit_partner(actor=by, partner=partners[3], version=None, acronym="ADP"),
    )
    assert not [one for one in found if isinstance(one, Exception)]
    assert all(set(tags) == {"Mer", "Bois"} for tags in Partner.objects.values_list("tags", flat=True))
    assert Partner.objects.get(pk=ids[3]).acronym == "ADP"


def steward() -> Actor:
    return actor(UnitFactory(), Role.DATA_STEWARD)


def test_two_merges_that_overlap_make_one_chain_or_one_is_refused() -> None:
    by = steward()
    a, b, c = PartnerFactory.create_batch(3)
    found = together(
        lambda: services.merge_records(actor=by, kept=a, absorbed=[b]),
        lambda: services.merge_records(actor=by, kept=b, absorbed=[c]),
    )
    refused = [one for one in found if isinstance(one, Exception)]
    assert all(isinstance(one, DomainError) for one in refused)
    assert len(refused) == (0 if Partner.objects.get(pk=c.pk).merged_into_id else 1)
    assert Partner.objects.filter(merged_into=None).count() == 3 - len(found) + len(refused)


def test_a_merge_while_rows_are_written_leaves_none_behind() -> None:
    by = steward()
    kept, absorbed = PartnerFactory.create_batch(2)
    people = PersonFactory.create_batch(6)
    found = together(
        lambda: services.merge_records(actor=by, kept=kept, absorbed=[absorbed]),
        *[lambda p=person: services.add_position(actor=by, person=p, partner=absorbed) for person in people],
    )
    refused = [one for one in found if isinstance(one, Exception)]
    assert all(isinstance(one, DomainError) for one in refused)
    assert not Position.objects.filter(partner=absorbed).exists()
    assert Position.objects.filter(partner=kept).count() == len(people) - len(refused)


def test_without_the_lock_a_row_would_stay_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer has looked at the partner, the merge goes through, the writer writes."""
    by = steward()
    kept, absorbed = PartnerFactory.create_batch(2)
    person = PersonFactory()
    looked, merged = threading.Event(), threading.Event()
    before = services.common.check_standing

    def look_then_wait(row: Any) -> None:
        before(row)
        if isinstance(row, Partner):
            looked.set()
            merged.wait(10)

    def merge() -> None:
        looked.wait(10)
        services.merge_records(actor=by, kept=kept, absorbed=[absorbed])
        merged.set()

    monkeypatch.setattr("reciproque.directory.services.common.check_standing", look_then_wait)
    monkeypatch.setattr("reciproque.directory.merging.locking.steady", lambda: None)
    together(lambda: services.add_position(actor=by, person=person, partner=absorbed), merge)
    assert Position.objects.get().partner == absorbed


def test_an_edit_and_a_merge_at_once_lose_nothing() -> None:
    by = steward()
    kept, absorbed = PartnerFactory(), PartnerFactory(email="")
    found = together(
        lambda: services.merge_records(actor=by, kept=kept, absorbed=[absorbed]),
        lambda: services.edit_partner(actor=by, partner=absorbed, version=None, email="a@x.example"),
    )
    kept.refresh_from_db()
    refused = [one for one in found if isinstance(one, Exception)]
    assert kept.email == ("" if refused else "a@x.example")
    assert all("réunie" in str(one) for one in refused)


def test_merges_that_share_a_record_leave_one_partner_with_everything() -> None:
    """A with B and B with C at once: in one order, or in the other, or one is refused and done again."""
    by = steward()
    for _n in range(3):
        a, b, c = PartnerFactory.create_batch(3)
        people = [PersonFactory() for _each in range(3)]
        for person, partner in zip(people, (a, b, c), strict=True):
            services.add_position(actor=by, person=person, partner=partner)
        together(
            lambda a=a, b=b: services.merge_records(actor=by, kept=a, absorbed=[b]),
            lambda b=b, c=c: services.merge_records(actor=by, kept=b, absorbed=[c]),
        )
        if Partner.objects.get(pk=c.pk).merged_into_id is None:
            services.merge_records(actor=by, kept=a, absorbed=[c])
        assert set(Position.objects.filter(person__in=people).values_list("partner", flat=True)) == {a.pk}
        for merge in Merge.objects.filter(kind="partner", undone_at=None).order_by("pk"):
            services.separate(actor=by, merge=merge)
        held = Position.objects.filter(person__in=people).order_by("person").values_list("partner", flat=True)
        assert list(held) == [a.pk, b.pk, c.pk]


def test_an_edit_while_records_are_taken_apart_stays_with_the_one_it_was_typed_on() -> None:
    by = steward()
    kept, absorbed = PartnerFactory(email="a@x.example"), PartnerFactory(email="b@x.example", acronym="")
    services.merge_records(actor=by, kept=kept, absorbed=[absorbed])
    found = together(
        lambda: services.separate(actor=by, merge=Merge.objects.get()),
        lambda: services.edit_partner(actor=by, partner=kept, version=None, acronym="ADP"),
    )
    assert not [one for one in found if isinstance(one, Exception)]
    kept.refresh_from_db(), absorbed.refresh_from_db()
    assert (kept.acronym, kept.email, absorbed.acronym, absorbed.email) == ("ADP", "a@x.example", "", "b@x.example")
    assert absorbed.merged_into_id is None


def test_of_two_separations_of_one_merge_one_is_told() -> None:
    by = steward()
    kept, absorbed = PartnerFactory.create_batch(2)
    services.merge_records(actor=by, kept=kept, absorbed=[absorbed])
    found = together(*[lambda: services.separate(actor=by, merge=Merge.objects.get()) for _n in range(2)])
    (refusal,) = [one for one in found if isinstance(one, Exception)]
    assert "déjà été séparées" in str(refusal)
    assert Partner.objects.get(pk=absorbed.pk).merged_into_id is None
