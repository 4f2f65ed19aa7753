"""« Déjà connu ? »: what is certain is refused, what is likely is shown first, what is reserved says whom to ask."""

import pytest
from django.urls import reverse

from reciproque.directory import search
from reciproque.directory.models import Partner, PartnerUnit, Person, Sharing
from reciproque.directory.records.duplicates import known
from reciproque.directory.records.kinds import PARTNER, PERSON
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from tests.factories import PartnerFactory, PersonFactory, SiteFactory, UnitFactory, UserFactory, actor

pytestmark = pytest.mark.django_db
SIREN, SIRET = "552100554", "55210055400013"


@pytest.fixture
def unit() -> Unit:
    return UnitFactory()


@pytest.fixture
def by(client, unit: Unit) -> Actor:
    who = actor(unit)
    client.force_login(User.objects.get(pk=who.user_id))
    return who


def bakery(**rest) -> Partner:
    partner = PartnerFactory(**{"name": "SARL Boulangerie Martin", "city": "Angers", **rest})
    search.refresh(partner_ids=[partner.pk])
    return partner


@pytest.mark.parametrize(
    ("name", "city", "likely"),
    [
        ("Boulangerie Martin", "Angers", True),
        ("boulangerie MARTIN", "ANGERS", True),
        ("Boulangerie Martin", "", True),
        ("Boulangerie Martin", "Nantes", False),
        ("Boulangerie Martin", "Le Lion-d’Angers", False),
        ("Boulangerie Dupont", "Angers", False),
    ],
)
def test_the_same_name_in_the_same_town_is_likely(by: Actor, name: str, city: str, likely: bool) -> None:
    partner = bakery()
    found = known(by, PARTNER, {"name": name, "city": city})
    assert [one.pk for one in found if one.likely] == ([partner.pk] if likely else [])


def test_it_is_created_after_a_look_only(client, by: Actor) -> None:
    partner = bakery()
    form = {"name": "Boulangerie Martin", "city": "Angers", "kind": "company", "sharing": "network", "once": "k"}
    where = reverse("directory:partner_create")
    page = client.post(where, form)
    assert page.status_code == 422
    assert "Créer quand même" in page.text
    assert reverse("directory:partner", args=[partner.pk]) in page.text
    assert Partner.objects.count() == 1
    assert client.post(where, form | {"quand_meme": "1"}).status_code == 302
    assert Partner.objects.count() == 2


def test_a_number_already_held_is_never_given_twice(client, by: Actor) -> None:
    partner = bakery(siren=SIREN)
    SiteFactory(partner=partner, siret=SIRET)
    form = {"name": "Autre nom", "kind": "company", "sharing": "network", "quand_meme": "1"}
    for number in ({"siren": SIREN}, {"siret": SIRET}, {"siren": "552 100 554"}, {"siren": "552 100 554 00013"}):
        page = client.post(reverse("directory:partner_create"), form | number)
        assert page.status_code == 422
        assert reverse("directory:partner", args=[partner.pk]) in page.text
    assert Partner.objects.count() == 1


def test_what_a_unit_keeps_says_whom_to_ask_and_no_more(by: Actor) -> None:
    other = UnitFactory(name="UFR Lettres", short_name="Lettres")
    partner = bakery(siren=SIREN, unit=other, sharing=Sharing.UNIT, description="secret", phone="+33241000001")
    referent = UserFactory(first_name="Anne", last_name="Morel")
    PartnerUnit.objects.create(partner=partner, unit=other, referent=referent)
    (found,) = known(by, PARTNER, {"siren": SIREN})
    assert found.reserved == "fiche réservée à Lettres, demander à Anne Morel"
    Partner.objects.update(sharing=Sharing.RESTRICTED)
    assert known(by, PARTNER, {"siren": SIREN, "name": "Boulangerie Martin"}) == []


def test_people_are_recognised_by_address_or_whole_name(client, by: Actor) -> None:
    person = PersonFactory(first_name="Élodie", last_name="Marchand", email="e.marchand@port.example")
    hidden = PersonFactory(
        first_name="Élodie", last_name="Marchand", email="e.marchand@port.example", sharing=Sharing.RESTRICTED
    )
    search.refresh(person_ids=[person.pk, hidden.pk])
    for data in ({"email": "E.Marchand@port.example"}, {"first_name": "elodie", "last_name": "MARCHAND"}):
        assert [one.pk for one in known(by, PERSON, data) if one.likely] == [person.pk]
    assert not [one for one in known(by, PERSON, {"last_name": "Marchand"}) if one.likely]
    form = {"first_name": "Élodie", "last_name": "Marchand", "sharing": "network"}
    where = reverse("directory:person_create")
    assert client.post(where, form).status_code == 422
    assert client.post(where, form | {"quand_meme": "1"}).status_code == 302
    assert Person.objects.count() == 3


@pytest.mark.parametrize("rows", [1, 12])
def test_looking_costs_the_same_however_many(by: Actor, django_assert_max_num_queries, rows: int) -> None:
    for _n in range(rows):
        bakery()
    with django_assert_max_num_queries(14):
        known(by, PARTNER, {"name": "Boulangerie Martin", "city": "Angers", "siren": SIREN})
