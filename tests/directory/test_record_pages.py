"""Pages of one partner and of one person: what they show and to whom, what they refuse, what they cost."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from reciproque.directory import services
from reciproque.directory.models import Partner, PartnerUnit, Person, Position, Sharing, Site
from reciproque.foundation import history
from reciproque.institution.models import Role, Unit, User
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, SiteFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SIREN, SIRET = "552100554", "55210055400013"


@pytest.fixture
def unit() -> Unit:
    return UnitFactory()


@pytest.fixture
def enter(client, unit):
    def as_(role: Role = Role.MEMBER, where: Unit | None = None):
        who = actor(where or unit, role)
        client.force_login(User.objects.get(pk=who.user_id))
        return who

    return as_


def url(name: str, *args: object) -> str:
    return reverse(f"directory:{name}", args=args)


def test_the_page_tells_who_the_partner_is_and_where_values_come_from(client, enter, unit) -> None:
    who = enter()
    partner = services.create_partner(
        actor=who, name="Fonderie du Val", unit=unit, siret=SIRET, city="Angers", postcode="49000", naf="6201Z"
    )
    PartnerUnit.objects.create(partner=partner, unit=unit, referent_id=who.user_id)
    page = client.get(url("partner", partner.pk)).text
    for words in (
        "Fonderie du Val",
        "552\u202f100\u202f554",
        "Angers",
        "saisie par",
        "Programmation informatique",
        unit.name,
        "champs vides",
    ):
        assert words in page


def test_the_tie_is_read_before_the_fields_of_identity(client, enter, unit) -> None:
    enter()
    partner = PartnerFactory(unit=unit, name="Fonderie du Val")
    page = client.get(url("partner", partner.pk)).text
    note = f'href="{reverse("relations:interaction_create", args=[partner.pk])}"'
    order = ["<h1>Fonderie du Val", 'class="rq-heart"', note, 'class="rq-definitions"', 'class="rq-tabs"']
    assert [words for words in order if words not in page] == []
    assert sorted(order, key=page.index) == order


@pytest.mark.parametrize("tab", ["sites", "personnes", "historique", "ensemble", "nimportequoi"])
@pytest.mark.parametrize("rows", [1, 9])
def test_the_partner_page_costs_the_same_whatever_it_holds(
    client, enter, unit, django_assert_max_num_queries, tab, rows
) -> None:
    who = enter()
    group = PartnerFactory()
    partner = services.create_partner(actor=who, name="Fonderie", unit=unit, city="Angers", parent=group)
    for _n in range(rows):
        SiteFactory(partner=partner, is_head=False)
        PositionFactory(partner=partner)
        PartnerUnit.objects.create(partner=partner, unit=UnitFactory(), referent_id=who.user_id)
        PartnerFactory(parent=partner)
        partner = services.edit_partner(actor=who, partner=partner, version=None, acronym=f"A{_n}")
    with django_assert_max_num_queries(30):
        assert client.get(url("partner", partner.pk), {"onglet": tab}).status_code == 200


@pytest.mark.parametrize("rows", [1, 9])
@pytest.mark.parametrize("tab", ["fonctions", "historique"])
def test_the_person_page_costs_the_same(client, enter, django_assert_max_num_queries, tab, rows) -> None:
    who = enter()
    person = services.create_person(actor=who, last_name="Marchand")
    for _n in range(rows):
        PositionFactory(person=person)
    with django_assert_max_num_queries(10):
        assert client.get(url("person", person.pk), {"onglet": tab}).status_code == 200


def test_what_a_unit_keeps_is_announced_not_told(client, enter, unit) -> None:
    partner = PartnerFactory(
        name="Secret",
        usual_name="Ateliers",
        unit=unit,
        sharing=Sharing.UNIT,
        phone="+33241000001",
        description="confidentiel",
    )
    person = PersonFactory(last_name="Discret", unit=unit, sharing=Sharing.UNIT, email="d@port.example")
    PositionFactory(partner=PartnerFactory(name="Ouvert"), person=person)
    enter(where=UnitFactory())
    page = client.get(url("partner", partner.pk)).text
    assert "Contenu réservé" in page
    assert "confidentiel" not in page
    assert "241000001" not in page
    assert "d@port" not in client.get(url("person", person.pk)).text
    everywhere = client.get(url("partner", Position.objects.get().partner_id), {"onglet": "personnes"}).text
    assert "Discret" not in everywhere
    for name, args in (
        ("partner_edit", [partner.pk]),
        ("partner_field", [partner.pk, "name"]),
        ("person_contact", [person.pk]),
    ):
        assert client.get(url(name, *args)).status_code == 403


def test_what_is_restricted_does_not_exist_for_others(client, enter) -> None:
    hidden = PartnerFactory(name="Invisible", sharing=Sharing.RESTRICTED)
    person = PersonFactory(sharing=Sharing.RESTRICTED)
    child = PartnerFactory(parent=hidden)
    here = PersonFactory()
    PositionFactory(person=here, partner=hidden)
    who = enter()
    for name, args in (
        ("partner", [hidden.pk]), ("partner_field", [hidden.pk, "name"]), ("partner_edit", [hidden.pk]),
        ("site_add", [hidden.pk]), ("partner_tie", [hidden.pk]), ("person", [person.pk]), ("person_edit", [person.pk]),
    ):  # fmt: skip
        assert client.get(url(name, *args)).status_code == 404, name
    services.edit_partner(actor=who, partner=child, version=1, parent=None)
    for page in (url("partner", child.pk), url("partner", child.pk) + "?onglet=historique", url("person", here.pk)):
        assert "Invisible" not in client.get(page).text
    assert "Invisible" not in client.get(url("partner_known"), {"name": "Invisible"}).text
    assert "Invisible" not in client.get(url("partner_group", child.pk), {"q": "Invisible"}, headers=HTMX).text


def test_a_field_is_edited_in_place(client, enter) -> None:
    partner = PartnerFactory()
    enter()
    where = url("partner_field", partner.pk, "phone")
    editor = client.get(where, headers=HTMX)
    assert "<html" not in editor.text
    assert 'name="version" value="1"' in editor.text
    assert client.post(where, {"phone": "abc", "version": 1}, headers=HTMX).status_code == 422
    saved = client.post(where, {"phone": "02 41 00 00 01", "version": 1}, headers=HTMX)
    assert "02" in saved.text
    assert "toast" in saved.headers["HX-Trigger"]
    stale = client.post(where, {"phone": "02 41 00 00 02", "version": 1}, headers=HTMX)
    assert stale.status_code == 422
    assert "entre-temps" in stale.text
    assert 'value="2"' in stale.text
    assert "<html" in client.get(where).text
    assert client.post(where, {"phone": "", "version": 2}).status_code == 302
    assert client.get(where + "?voir", headers=HTMX).text.count("non renseigné") == 1
    assert client.get(url("partner_field", partner.pk, "sharing")).status_code == 404


@pytest.mark.parametrize("role", [Role.READER, Role.DPO, Role.STEERING])
def test_readers_read(client, enter, role) -> None:
    partner = PartnerFactory()
    enter(role)
    assert "Modifier" not in client.get(url("partner", partner.pk)).text
    assert (
        client.post(url("partner_field", partner.pk, "phone"), {"phone": "0241000001", "version": 1}).status_code == 403
    )
    assert client.get(url("partner_create")).status_code == 403
    assert client.post(url("partner_archive", partner.pk)).status_code == 403
    assert client.post(url("partner_tags", partner.pk), {"tags": "Mer"}).status_code == 403
    assert not Partner.objects.exclude(phone="", tags=[], archived_at=None).exists()


def _form(client, address: str) -> dict[str, str]:
    form = client.get(address).context["form"]
    found = {}
    for bound in form:
        value = bound.field.prepare_value(bound.value())
        found[bound.html_name] = "" if value is None else str(value)
    return found


def test_two_people_edit_at_once_and_choose(client, enter) -> None:
    who = enter()
    partner = services.create_partner(actor=who, name="Fonderie", acronym="UN")
    where = url("partner_edit", partner.pk)
    mine = _form(client, where) | {"acronym": "DEUX", "usual_name": "Le Val"}
    services.edit_partner(actor=who, partner=partner, version=1, acronym="TROIS", email="a@port.example")
    answer = client.post(where, mine)
    assert answer.status_code == 409
    assert [row["key"] for row in answer.context["rows"]] == ["usual_name", "acronym"]
    sent = dict(answer.context["sent"]) | {"version": "2", "garder-acronym": "theirs", "garder-usual_name": "mine"}
    assert client.post(where, sent).status_code == 302
    partner.refresh_from_db()
    assert (partner.acronym, partner.usual_name, partner.email) == ("TROIS", "Le Val", "a@port.example")


def test_a_whole_form_says_all_that_is_wrong(client, enter) -> None:
    partner = PartnerFactory()
    enter()
    where = url("partner_edit", partner.pk)
    answer = client.post(where, _form(client, where) | {"siren": "123456789", "email": "pas bon", "name": ""})
    assert answer.status_code == 422
    answer = client.post(
        where, _form(client, where) | {"siren": "123456789", "email": "pas bon", "country": "Atlantide"}
    )
    assert {"siren", "email", "country"} <= set(answer.context["form"].errors)
    assert client.post(where, _form(client, where) | {"siren": "552 100 554"}).status_code == 302
    partner.refresh_from_db()
    assert (partner.siren, partner.vat) == (SIREN, "FR96552100554")


def test_a_partner_is_created_unless_already_known(client, enter, unit) -> None:
    enter()
    where = url("partner_create")
    form = {
        "name": "Chantiers du Port",
        "kind": "company",
        "sharing": "network",
        "unit": unit.pk,
        "siret": SIRET,
        "city": "Nantes",
    }
    assert client.post(where, form).status_code == 302
    partner = Partner.objects.get()
    assert (partner.siren, partner.city, partner.unit) == (SIREN, "Nantes", unit)
    assert "Chantiers du Port" in client.get(url("partner_known"), {"name": "chantier port"}, headers=HTMX).text
    again = client.post(where, form | {"name": "Autre"})
    assert again.status_code == 422
    assert "porte déjà ce SIRE" in again.text
    assert url("partner", partner.pk) in again.text
    assert client.post(where, form | {"name": "", "siret": ""}).status_code == 422
    assert Partner.objects.count() == 1


def test_somebody_is_created_from_their_partner(client, enter) -> None:
    partner = PartnerFactory()
    enter()
    form = {
        "last_name": "Marchand",
        "first_name": "Élodie",
        "sharing": "network",
        "partner": partner.pk,
        "title": "DRH",
    }
    where = url("person_create") + f"?partenaire={partner.pk}"
    assert partner.name in client.get(where).text
    assert client.post(where, form | {"email": "pas une adresse"}).status_code == 422
    assert client.post(where, form).status_code == 302
    person = Person.objects.get()
    page = client.get(url("person", person.pk)).text
    assert "DRH" in page
    assert "à informer avant le" in page
    held = person.positions.get()
    edit = url("position_edit", person.pk, held.pk)
    assert (
        client.post(
            edit, {"title": "DRH", "started_on": "2026-03-01", "ended_on": "2026-02-01", "version": 1}
        ).status_code
        == 422
    )
    assert client.post(edit, {"title": "DRH", "ended_on": "2026-02-01", "version": 1}).status_code == 302
    other = PartnerFactory(name="Chantiers")
    services.edit_partner(actor=actor(UnitFactory()), partner=other, version=1, acronym="CH")
    found = client.get(url("position_add", person.pk), {"q": "chantiers"}, headers=HTMX).text
    assert "Chantiers" in found
    assert client.post(url("position_add", person.pk), {"partner": other.pk, "title": "DG"}).status_code == 302
    assert client.post(url("position_add", person.pk), {"partner": other.pk}).status_code == 422
    assert client.post(url("position_add", person.pk), {}).status_code == 404


def test_do_not_contact_is_said_first(client, enter) -> None:
    person = PersonFactory(informed_on=localdate() - dt.timedelta(3))
    enter()
    where = url("person_contact", person.pk)
    assert client.post(where, {"do_not_contact": "on", "version": 1}).status_code == 422
    assert client.post(where, {"do_not_contact": "on", "refusal": "request", "version": 1}).status_code == 302
    page = client.get(url("person", person.pk)).text
    assert "Ne pas contacter" in page
    assert "informée le" in page


def test_sites_come_and_go(client, enter) -> None:
    partner = PartnerFactory()
    enter()
    add = url("site_add", partner.pk)
    plain = {"country": "FR", "state": "A"}
    assert client.post(add, plain | {"siret": "1"}).status_code == 422
    assert client.post(add, plain | {"city": "Angers", "postcode": "49000"}).status_code == 302
    assert client.post(add, plain | {"city": "Brest", "postcode": "29200"}).status_code == 302
    head, other = Site.objects.order_by("pk")
    assert client.post(url("site_remove", partner.pk, head.pk)).status_code == 422
    assert client.post(url("site_head", partner.pk, other.pk)).status_code == 302
    assert (
        client.post(url("site_edit", partner.pk, head.pk), plain | {"city": "Laval", "version": 9}).status_code == 422
    )
    assert client.post(url("site_remove", partner.pk, head.pk)).status_code == 302
    assert client.get(url("site_edit", PartnerFactory().pk, other.pk)).status_code == 404
    page = client.get(url("partner", partner.pk), {"onglet": "sites"}).text
    assert "Brest" in page
    assert "siège" in page


def test_ties_referent_group_and_tags(client, enter, unit) -> None:
    partner, group = PartnerFactory(), PartnerFactory(name="Holding")
    who = enter()
    assert client.get(url("partner_tie", partner.pk)).status_code == 200
    assert (
        client.post(url("partner_tie", partner.pk), {"unit": UnitFactory().pk, "status": "active"}).status_code == 422
    )
    assert (
        client.post(
            url("partner_tie", partner.pk), {"unit": unit.pk, "status": "active", "referent": who.user_id}
        ).status_code
        == 302
    )
    assert client.post(url("partner_referent", partner.pk), {"referent": who.user_id, "version": 1}).status_code == 302
    assert client.post(url("partner_group", partner.pk), {"partner": group.pk}).status_code == 302
    assert client.post(url("partner_tags", partner.pk), {"tags": "Mer ; Bois"}).status_code == 302
    assert client.post(url("partner_tags", partner.pk), {"retirer": "Mer"}).status_code == 302
    page = client.get(url("partner", partner.pk)).text
    for words in ("Holding", "Bois", "en relation", unit.name):
        assert words in page
    assert "Retirer « Mer »" not in page
    assert client.post(url("partner_untie", partner.pk, unit.pk)).status_code == 302
    assert client.post(url("partner_untie", partner.pk, unit.pk)).status_code == 404
    assert client.post(url("partner_group", group.pk), {"partner": partner.pk}).status_code == 422


def test_archived_and_back_with_one_click(client, enter, unit) -> None:
    partner = PartnerFactory(unit=unit)
    enter(Role.MANAGER)
    answer = client.post(url("partner_archive", partner.pk), follow=True)
    assert "archivée depuis" in answer.text
    assert url("partner_unarchive", partner.pk) in answer.text
    client.post(url("partner_unarchive", partner.pk))
    partner.refresh_from_db()
    assert partner.archived_at is None


def test_history_brings_back_and_hand_values_are_released(client, enter) -> None:
    who = enter()
    partner = services.create_partner(actor=who, name="Fonderie", acronym="UN")
    services.edit_partner(actor=who, partner=partner, version=1, acronym="DEUX")
    page = client.get(url("partner", partner.pk), {"onglet": "historique"})
    assert "Rétablir" in page.text
    change = page.context["steps"][0].changes[0]
    assert (change.before, change.after) == ("UN", "DEUX")
    sent = {"model": "partner", "object": partner.pk, "event": change.restorable, "field": "acronym"}
    other = services.create_partner(actor=who, name="Autre")
    theirs = history.entries(other)[0].event_id
    assert (
        client.post(url("partner_restore", partner.pk), sent | {"object": other.pk, "event": theirs}).status_code == 404
    )
    assert client.post(url("partner_restore", partner.pk), sent | {"event": theirs}).status_code == 404
    assert client.post(url("partner_restore", partner.pk), sent | {"model": "user"}).status_code == 404
    assert client.post(url("partner_restore", partner.pk), sent | {"field": "sharing"}).status_code == 422
    assert client.post(url("partner_restore", partner.pk), sent).status_code == 302
    partner.refresh_from_db()
    assert partner.acronym == "UN"
    assert client.post(url("partner_release", partner.pk, "acronym")).status_code == 302
    partner.refresh_from_db()
    assert "acronym" not in partner.origins


def test_a_creation_sent_twice_acts_once(client, enter) -> None:
    enter()
    where = url("partner_create")
    form = {"name": "Chantiers du Port", "kind": "company", "sharing": "network", "once": "une-cle"}
    first, second = client.post(where, form), client.post(where, form)
    assert first.url == second.url
    assert Partner.objects.count() == 1


def test_sharing_is_chosen_by_those_who_edit(client, enter, unit) -> None:
    partner = PartnerFactory()
    who = enter()
    where = url("partner_sharing", partner.pk)
    assert client.get(where).status_code == 200
    assert client.post(where, {"sharing": "unit", "version": 1}).status_code == 422
    assert client.post(where, {"sharing": "restricted", "readers": [], "version": 1}).status_code == 422
    assert client.post(where, {"sharing": "restricted", "readers": [who.user_id], "version": 1}).status_code == 302
    enter()
    assert client.get(where).status_code == 404


def test_what_is_written_otherwise_is_not_a_change(client, enter) -> None:
    who = enter()
    partner = services.create_partner(
        actor=who, name="Fonderie", phone="0241000001", siren=SIREN, description="Une ligne.\nDeux."
    )
    where = url("partner_edit", partner.pk)
    form = _form(client, where)
    assert (form["phone"], form["country"]) == ("02 41 00 00 01", "France")
    client.post(where, form | {"description": "Une ligne.\r\nDeux."})
    partner.refresh_from_db()
    assert partner.version == 1


def test_a_kept_record_without_referent_says_who_manages_its_unit(client, enter) -> None:
    faculty = UnitFactory(name="UFR Lettres")
    laboratory = UnitFactory(name="Laboratoire", parent=faculty)
    manager = User.objects.get(pk=actor(faculty, Role.MANAGER).user_id)
    partner = PartnerFactory(unit=laboratory, sharing=Sharing.UNIT, city="Angers")
    person = PersonFactory(unit=laboratory, sharing=Sharing.UNIT)
    enter()
    for address in (url("partner", partner.pk), url("person", person.pk)):
        page = client.get(address).text
        assert str(manager) in page
        assert manager.email in page
    assert "Angers" in client.get(url("partner", partner.pk)).text
