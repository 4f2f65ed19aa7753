"""The piles of a unit: counted, listed, done in one go and undone."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import localdate

from reciproque.directory import services
from reciproque.directory.models import PartnerUnit, Person, Sharing
from reciproque.directory.models.people import inform_before, late_before
from reciproque.directory.piles import reads
from reciproque.foundation import history
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, UnitFactory, UserFactory, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return UnitFactory(name="IUT de l’Estuaire")


@pytest.fixture
def by(unit: Unit) -> Actor:
    return actor(unit)


@pytest.fixture
def me(client, by: Actor) -> User:
    user = User.objects.get(pk=by.user_id)
    client.force_login(user)
    return user


def person(unit: Unit, days: int = 0, **rest: Any) -> Person:
    return PersonFactory(unit=unit, collected_on=localdate() - dt.timedelta(days), **rest)


def tied(by_unit: Unit, **rest: Any) -> PartnerUnit:
    return PartnerUnit.objects.create(partner=PartnerFactory(**rest), unit=by_unit)


def address(slug: str, name: str = "pile") -> str:
    return reverse(f"directory:{name}", args=[slug])


def test_being_late_is_the_same_rule_on_every_day() -> None:
    for back in range(1500):
        today = dt.date(2028, 4, 2) - dt.timedelta(back)
        edge = late_before(today)
        assert inform_before(edge) >= today > inform_before(edge - dt.timedelta(1)), today


@pytest.mark.parametrize(
    ("collected", "before"),
    [
        ("2026-01-15", "2026-02-15"),
        ("2026-01-31", "2026-02-28"),
        ("2027-12-31", "2028-01-31"),
        ("2028-01-30", "2028-02-29"),
    ],
)
def test_people_are_told_within_a_month(collected: str, before: str) -> None:
    assert inform_before(dt.date.fromisoformat(collected)).isoformat() == before


def test_what_waits_is_found_in_my_units_and_below_only(by: Actor, unit: Unit) -> None:
    below, other = UnitFactory(parent=unit), UnitFactory()
    by = Actor.of(User.objects.get(pk=by.user_id))
    for owner in (unit, unit, below, other):
        person(owner, days=3)
        tied(owner, unit=owner)
    for pile in (reads.PEOPLE_TO_INFORM, reads.TIES_WITHOUT_REFERENT, reads.PARTNERS_TO_COMPLETE):
        assert len(pile.ids(by, limit=10)) == 3
        assert len(pile.ids(by, limit=2)) == 2
        assert pile.ids(actor(other), limit=10) not in ([], pile.ids(by, limit=10))


def test_people_come_the_oldest_first_whatever_their_unit(by: Actor, unit: Unit) -> None:
    below = UnitFactory(parent=unit)
    rows = [person(unit, days=1), person(below, days=9), person(unit, days=5), person(below, informed_on=localdate())]
    by = Actor.of(User.objects.get(pk=by.user_id))
    found = reads.PEOPLE_TO_INFORM.ids(by, limit=10)
    assert found == [rows[1].pk, rows[2].pk, rows[0].pk]
    assert reads.PEOPLE_TO_INFORM.ids(by, limit=10, hidden=[rows[1].pk]) == found[1:]


def test_what_is_not_open_or_not_needed_does_not_wait(by: Actor, unit: Unit) -> None:
    person(unit, sharing=Sharing.RESTRICTED)
    tied(unit, sharing=Sharing.RESTRICTED)
    tied(unit, unit=UnitFactory(), sharing=Sharing.UNIT)
    PositionFactory(partner=PartnerFactory(unit=unit, siren="552100554"))
    PartnerFactory(unit=unit, rna="W491000000", phone="+33241000001")
    unreachable = PartnerFactory(unit=unit, siren="732829320")
    unnumbered = PartnerFactory(unit=unit, email="contact@port.example")
    assert reads.PEOPLE_TO_INFORM.ids(by, limit=10) == reads.TIES_WITHOUT_REFERENT.ids(by, limit=10) == []
    assert reads.PARTNERS_TO_COMPLETE.ids(by, limit=10) == [unnumbered.pk, unreachable.pk]


@pytest.mark.parametrize("slug", ["a-informer", "sans-referent", "a-completer"])
def test_an_empty_pile_says_so(client, me: User, slug: str) -> None:
    assert "Tout est fait" in client.get(address(slug)).text


def test_there_is_no_other_pile(client, me: User) -> None:
    assert client.get(address("autre")).status_code == 404
    assert client.post(address("a-completer"), {"ids": ["1"]}).status_code == 404


def test_readers_have_no_pile(client, unit: Unit) -> None:
    client.force_login(User.objects.get(pk=actor(unit, Role.READER).user_id))
    assert client.get(address("a-informer")).status_code == 403


def test_people_are_noted_informed_and_back(client, me: User, unit: Unit) -> None:
    one, two = person(unit, days=40), person(unit)
    PositionFactory(person=one, partner=PartnerFactory(name="Fonderie du Val"))
    page = client.get(address("a-informer")).text
    assert str(one) in page
    assert "Fonderie du Val" in page
    client.post(address("a-informer"), {"ids": [one.pk, "x", "9" * 30]})
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.informed_on, one.version, one.origins["informed_on"]["kind"]) == (localdate(), 2, "hand")
    assert two.informed_on is None
    assert history.entries(one)[0].operation == "directory.set_informed"
    client.post(address("a-informer", "pile_undo"))
    one.refresh_from_db()
    assert (one.informed_on, one.origins) == (None, {})
    assert "plus rien à annuler" in client.post(address("a-informer", "pile_undo"), follow=True).text


def test_nobody_is_informed_in_the_future_or_in_others_records(by: Actor) -> None:
    kept = person(UnitFactory(), sharing=Sharing.UNIT)
    assert services.set_informed(actor=by, ids=[kept.pk], on=localdate()) == []
    with pytest.raises(ValidationError):
        services.set_informed(actor=by, ids=[], on=localdate() + dt.timedelta(1))
    kept.refresh_from_db()
    assert (kept.informed_on, kept.version) == (None, 1)


def test_a_day_changed_meanwhile_is_not_undone(by: Actor, unit: Unit) -> None:
    one = person(unit)
    today, before = localdate(), localdate() - dt.timedelta(2)
    assert services.set_informed(actor=by, ids=[one.pk], on=today) == [one.pk]
    Person.objects.update(informed_on=before)
    assert services.set_informed(actor=by, ids=[one.pk], on=None, instead_of=today) == []


def test_one_becomes_referent_of_what_nobody_carries(client, me: User, unit: Unit) -> None:
    free, taken = tied(unit), tied(unit)
    colleague = UserFactory()
    taken.referent = colleague
    taken.save()
    client.post(address("sans-referent"), {"ids": [free.pk, taken.pk]})
    free.refresh_from_db(), taken.refresh_from_db()
    assert (free.referent, taken.referent) == (me, colleague)
    assert history.entries(free)[0].operation == "directory.set_ties_referent"
    client.post(address("sans-referent", "pile_undo"))
    free.refresh_from_db(), taken.refresh_from_db()
    assert (free.referent, taken.referent) == (None, colleague)


def test_ties_of_others_and_of_what_is_hidden_are_left_alone(by: Actor, unit: Unit, me: User) -> None:
    theirs, hidden = tied(UnitFactory()), tied(unit, sharing=Sharing.RESTRICTED)
    assert services.set_ties_referent(actor=by, ids=[theirs.pk, hidden.pk], referent=me) == []
    assert not PartnerUnit.objects.filter(referent=me).exists()


@pytest.mark.parametrize("slug", ["a-informer", "sans-referent", "a-completer"])
@pytest.mark.parametrize("rows", [1, 20])
def test_a_pile_costs_the_same_however_high(
    client, me: User, unit: Unit, django_assert_max_num_queries, slug: str, rows: int
) -> None:
    for _n in range(rows):
        PositionFactory(person=person(unit), partner=tied(unit, unit=unit).partner)
    with django_assert_max_num_queries(8):
        client.get(address(slug))
