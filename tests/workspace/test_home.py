"""The home page: what waits for whom, put off or settled; what one changed last; what it costs."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from reciproque.directory import services as directory
from reciproque.directory.models import PartnerUnit, Sharing
from reciproque.directory.models.people import late_before
from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.foundation.inbox import Item
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from reciproque.workspace import reads, services
from reciproque.workspace.models import InboxState
from tests.factories import PartnerFactory, PersonFactory, UnitFactory, UserFactory, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return UnitFactory()


@pytest.fixture
def member(unit: Unit) -> Actor:
    return actor(unit)


def tied(where: Unit, **partner: object) -> PartnerUnit:
    return PartnerUnit.objects.create(partner=PartnerFactory(**partner), unit=where)


def keys(by: Actor) -> list[str]:
    return [item.key for pile in reads.to_do(by) for item in pile.items]


def test_people_to_inform_are_those_of_my_units(member: Actor, unit: Unit) -> None:
    mine = PersonFactory(unit=unit, collected_on=localdate() - dt.timedelta(40))
    PersonFactory(unit=UnitFactory(), collected_on=localdate())
    PersonFactory(unit=unit, collected_on=localdate(), informed_on=localdate())
    assert keys(member) == [f"people_to_inform:{mine.pk}"]
    assert keys(actor(unit, Role.READER)) == []


def test_partners_to_follow_and_to_complete(member: Actor, unit: Unit) -> None:
    tied(unit, siren="552100554", unit=unit, email="a@port.example")
    PartnerUnit.objects.update(referent_id=member.user_id)
    bare = tied(unit, unit=unit)
    over = tied(unit, siren="732829320")
    PartnerUnit.objects.filter(pk=over.pk).update(status="ended")
    tied(unit, unit=UnitFactory(), sharing=Sharing.UNIT, name="Secret")
    tied(UnitFactory())
    assert keys(member) == [f"ties_without_referent:{bare.pk}", f"partners_to_complete:{bare.partner_id}"]


def test_each_pile_is_capped_counted_and_listed_elsewhere(client, member: Actor, unit: Unit) -> None:
    for _n in range(7):
        tied(unit)
    (pile,) = reads.to_do(member)
    assert (pile.count, len(pile.items), pile.more) == (7, 5, False)
    client.force_login(User.objects.get(pk=member.user_id))
    assert pile.url in client.get(reverse("workspace:home")).text
    assert client.get(pile.url).status_code == 200


def test_a_list_holds_ten_things_and_names_the_kinds_that_are_left() -> None:
    def pile(rank: int, count: int, url: str) -> reads.Pile:
        items = [Item(f"{rank}:{n}", "Titre", "", f"/{rank}/{n}", "Voir", "note") for n in range(min(count, 5))]
        return reads.Pile(str(rank), "", count, False, items, url)

    few = reads.shortened([pile(1, 7, "/tout/"), pile(2, 2, "")])
    assert [len(one.items) for one in few] == [5, 2]
    many = reads.shortened(
        [pile(rank, 3, "/tout/") for rank in range(9)]
        + [pile(9, 1, ""), pile(10, 1, ""), pile(11, 40, "/tout/"), pile(12, 2, "")]
    )
    assert [len(one.items) for one in many] == [1] * 10 + [0, 0, 2], "what has no page of its own stays"
    assert [one.url for one in many if not one.items] == ["/10/0", "/tout/"]


def test_a_thing_put_off_comes_back_and_others_still_see_it(member: Actor, unit: Unit) -> None:
    person = PersonFactory(unit=unit, collected_on=localdate())
    key = f"people_to_inform:{person.pk}"
    services.hide_item(actor=member, key=key, until=localdate() + dt.timedelta(7))
    assert keys(member) == []
    assert keys(actor(unit)) == [key]
    InboxState.objects.update(until=localdate())
    assert keys(member) == [key]
    services.hide_item(actor=member, key=key, until=None)
    assert keys(member) == []
    services.show_item(actor=member, key=key)
    assert keys(member) == [key]


@pytest.mark.parametrize(
    "key", ["", "unknown:1", "people_to_inform:x", "people_to_inform:", "people_to_inform:" + "9" * 30]
)
def test_only_real_things_are_put_off(member: Actor, key: str) -> None:
    with pytest.raises(DomainError):
        services.hide_item(actor=member, key=key, until=None)
    assert not InboxState.objects.exists()


def test_a_thing_is_put_off_to_a_day_to_come_by_a_person(member: Actor) -> None:
    for until in (localdate(), localdate() + dt.timedelta(4000)):
        with pytest.raises(DomainError):
            services.hide_item(actor=member, key="people_to_inform:1", until=until)
    with pytest.raises(Forbidden):
        services.hide_item(actor=Actor.system("essai"), key="people_to_inform:1", until=None)


def test_home_shows_what_waits_and_what_i_changed(client, member: Actor, unit: Unit) -> None:
    partner = directory.create_partner(actor=member, name="Fonderie du Val", unit=unit)
    directory.create_partner(actor=actor(unit), name="Ateliers d’autrui")
    person = PersonFactory(last_name="Marchand", unit=unit, collected_on=localdate() - dt.timedelta(40))
    client.force_login(User.objects.get(pk=member.user_id))
    home = reverse("workspace:home")
    page = client.get(home)
    assert [line["record"] for line in page.context["recent"]] == [partner]
    for words in ("Personnes à informer", "Marchand", "en retard depuis le", "Nouveau partenaire"):
        assert words in page.text
    key = f"people_to_inform:{person.pk}"
    told = client.post(reverse("workspace:snooze", args=[key]), {"jours": "7"}, follow=True).text
    assert "Reporté" in told
    assert reverse("workspace:resume", args=[key]) in told
    client.post(reverse("workspace:resume", args=[key]))
    client.post(reverse("workspace:settle", args=[key]))
    assert InboxState.objects.get().until is None
    assert client.post(reverse("workspace:settle", args=["rien:1"])).status_code == 422
    assert client.get(reverse("workspace:settle", args=[key])).status_code == 405


def test_what_is_no_longer_mine_to_read_leaves_my_recent_changes(client, member: Actor, unit: Unit) -> None:
    partner = directory.create_partner(actor=member, name="Fonderie", unit=unit)
    partner.sharing = Sharing.RESTRICTED
    partner.save()
    assert reads.changed_by(member) == []


@pytest.mark.parametrize("rows", [1, 12])
def test_home_costs_the_same_however_much_waits(
    client, member: Actor, unit: Unit, django_assert_max_num_queries, rows: int
) -> None:
    for n in range(rows):
        tied(unit, unit=unit)
        PersonFactory(unit=unit, collected_on=localdate())
        directory.create_partner(actor=member, name=f"Partenaire {n}")
    client.force_login(User.objects.get(pk=member.user_id))
    with django_assert_max_num_queries(30):
        client.get(reverse("workspace:home"))


def test_the_protection_officer_sees_which_units_are_late(client, unit: Unit) -> None:
    late, early = UnitFactory(name="IUT de Brest"), late_before(localdate())
    for days in (1, 200):
        PersonFactory(unit=late, collected_on=early - dt.timedelta(days), last_name="Lente")
    PersonFactory(unit=unit, collected_on=early)
    PersonFactory(unit=unit, collected_on=early - dt.timedelta(9), sharing=Sharing.RESTRICTED)
    officer = actor(unit, Role.DPO)
    (pile,) = [pile for pile in reads.to_do(officer) if pile.key == "late_to_inform"]
    assert [(item.key, item.why.partition(",")[0]) for item in pile.items] == [
        (f"late_to_inform:{late.pk}", "2 personnes à informer")
    ]
    client.force_login(User.objects.get(pk=officer.user_id))
    PersonFactory(unit=late, collected_on=early, last_name="Ponctuel")
    listed = client.get(pile.items[0].url).text
    assert ("Lente" in listed, "Ponctuel" in listed) == (True, False), "it opens what it counts"
    assert not [key for key in keys(actor(unit, Role.MANAGER)) if key.startswith("late")]


@pytest.mark.parametrize("number", [1, 8])
def test_late_units_have_their_page_and_their_file(
    client, unit: Unit, django_assert_max_num_queries, number: int
) -> None:
    early = late_before(localdate()) - dt.timedelta(1)
    for rank in range(number):
        PersonFactory(unit=UnitFactory(name=f"Laboratoire {rank}"), collected_on=early - dt.timedelta(rank))
    officer = actor(unit, Role.DPO)
    (pile,) = [pile for pile in reads.to_do(officer) if pile.key == "late_to_inform"]
    assert (pile.count, len(pile.items)) == (number, min(number, 5))
    client.force_login(User.objects.get(pk=officer.user_id))
    with django_assert_max_num_queries(8):
        page = client.get(pile.url).text
    assert all(f"Laboratoire {rank}" in page for rank in range(number))
    answer = client.post(reverse("directory:late_units_export"), {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == number + 1
    assert f"Laboratoire {number - 1};1;{early - dt.timedelta(number - 1):%Y-%m-%d}" in lines[1]


def test_administrators_see_what_to_mend_to_admit_and_to_entrust(client, unit: Unit) -> None:
    newcomer = UserFactory(first_name="Awa", last_name="Camara")
    for where in Unit.objects.exclude(pk=unit.pk):
        actor(where, Role.MANAGER)
    found = keys(admin := actor(unit, Role.ADMINISTRATOR))
    assert {f"accounts_without_rights:{newcomer.pk}", f"units_without_manager:{unit.pk}", "health_to_mend:0"} <= set(
        found
    )
    client.force_login(User.objects.get(pk=admin.user_id))
    assert "Awa Camara" in client.get(reverse("workspace:home")).text
    services.hide_item(actor=admin, key=f"units_without_manager:{unit.pk}", until=None)
    actor(unit, Role.MANAGER)
    newcomer.memberships.create(unit=unit, role=Role.READER)
    assert not {key.partition(":")[0] for key in keys(admin)} & {"accounts_without_rights", "units_without_manager"}
    assert not [key for key in keys(actor(unit, Role.DPO)) if key.startswith("health")]
