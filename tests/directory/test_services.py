"""Operations on partners, sites, people and ties: what is promised, what is refused without effect, what history keeps."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.timezone import localdate

from reciproque.directory import search, services
from reciproque.directory.models import Partner, PartnerUnit, Person, Position, Sharing, Site, Tag
from reciproque.directory.wording import SENTENCES, sentence
from reciproque.engines.identifiers import PROBLEM_CODES, Problem
from reciproque.foundation import history
from reciproque.foundation.errors import Conflict, DomainError, Forbidden
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, SiteFactory, UnitFactory, UserFactory, actor

pytestmark = pytest.mark.django_db
SIREN, SIRET = "552100554", "55210055400013"
DAY = dt.date(2026, 3, 2)


@pytest.fixture
def unit() -> Unit:
    return UnitFactory()


@pytest.fixture
def member(unit: Unit) -> Actor:
    return actor(unit)


def test_every_problem_has_its_sentence() -> None:
    assert set(SENTENCES) == set(PROBLEM_CODES)
    for code in PROBLEM_CODES:
        assert sentence(Problem(code, "error", {}))


def test_a_partner_is_created_with_its_head_site_and_its_derived_numbers(member: Actor, unit: Unit) -> None:
    partner = services.create_partner(
        actor=member,
        name="  Peugeot\u00a0 SA ",
        unit=unit,
        siret=SIRET,
        postcode="49000",
        city="angers",
        address="1 rue X",
    )
    assert (partner.name, partner.siren, partner.vat) == ("Peugeot SA", SIREN, "FR96552100554")
    assert (partner.postcode, partner.city, partner.department) == ("49000", "angers", "49")
    site = partner.sites.get()
    assert (site.is_head, site.city_code, site.latitude is not None) == (True, "49007", True)
    assert partner.origins["name"] == {"kind": "hand", "on": partner.origins["name"]["on"], "by": member.user_id}
    assert history.entries(partner)[-1].operation == "directory.create_partner"
    assert [hit.pk for hit in search.find(member, "peugeot")] == [partner.pk]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"siren": "123456789"}, "siren"),
        ({"siret": "12345678901234"}, "siret"),
        ({"email": "pas une adresse"}, "email"),
        ({"phone": "zéro deux"}, "phone"),
        ({"postcode": "ABC", "city": "Angers"}, "postcode"),
        ({"kind": "planet"}, "kind"),
        ({"name": " "}, "name"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words_without_effect(member: Actor, fields: dict, wrong: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.create_partner(actor=member, **{"name": "Ateliers", **fields})
    assert wrong in refusal.value.message_dict
    assert not Partner.objects.exists()


@pytest.mark.parametrize("role", [None, Role.READER, Role.STEERING, Role.DPO])
def test_reading_is_not_enough_to_create(unit: Unit, role: Role | None) -> None:
    by = actor(unit if role else None, role or Role.READER)
    with pytest.raises(Forbidden):
        services.create_partner(actor=by, name="Ateliers")
    with pytest.raises(Forbidden):
        services.create_person(actor=by, last_name="Marchand")
    assert not Partner.objects.exists()
    assert not Person.objects.exists()


def test_one_does_not_bring_a_partner_for_somebody_elses_unit(member: Actor) -> None:
    with pytest.raises(Forbidden, match="vôtres"):
        services.create_partner(actor=member, name="Ateliers", unit=UnitFactory())


def test_an_identifier_already_known_leads_to_its_record(member: Actor) -> None:
    known = PartnerFactory(siren=SIREN)
    with pytest.raises(services.AlreadyKnown) as refusal:
        services.create_partner(actor=member, name="Autre", siret=SIRET)
    assert refusal.value.details["partner_id"] == known.pk
    Partner.objects.update(sharing=Sharing.RESTRICTED)
    with pytest.raises(services.AlreadyKnown) as refusal:
        services.create_partner(actor=member, name="Autre", siren=SIREN)
    assert refusal.value.details["partner_id"] is None
    assert known.name not in str(refusal.value)


def test_an_edit_is_signed_versioned_and_searchable(member: Actor) -> None:
    partner = PartnerFactory()
    services.edit_partner(actor=member, partner=partner, version=1, name="Fonderie du Val", phone="02 41 00 00 01")
    partner.refresh_from_db()
    assert (partner.version, partner.phone) == (2, "+33241000001")
    assert partner.origins["phone"]["kind"] == "hand"
    assert "name_key" not in partner.origins
    assert search.find(member, "fonderie")
    entry = history.entries(partner)[0]
    assert (entry.operation, {change.field for change in entry.changes}) == (
        "directory.edit_partner",
        {"name", "phone"},
    )


def test_nothing_changed_is_no_new_version(member: Actor) -> None:
    partner = PartnerFactory()
    services.edit_partner(actor=member, partner=partner, version=1, name=partner.name)
    partner.refresh_from_db()
    assert (partner.version, partner.origins) == (1, {})


def test_a_stale_version_is_refused_with_both_versions(member: Actor) -> None:
    partner = PartnerFactory()
    services.edit_partner(actor=member, partner=partner, version=1, acronym="AAA")
    with pytest.raises(Conflict) as refusal:
        services.edit_partner(actor=member, partner=partner, version=1, acronym="BBB")
    assert refusal.value.details["current"] == {"acronym": "AAA"}
    assert refusal.value.details["submitted"] == {"acronym": "BBB"}


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_the_same_time_one_is_refused(unit: Unit) -> None:
    partner, by = PartnerFactory(), actor(unit)
    start, said = threading.Barrier(2), []

    def edit(name: str) -> None:
        try:
            start.wait()
            services.edit_partner(actor=by, partner=partner, version=1, acronym=name)
            said.append("saved")
        except Conflict:
            said.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=(name,)) for name in ("UN", "DEUX")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(said) == ["conflict", "saved"]


def test_unit_shared_records_are_edited_by_their_unit_only(unit: Unit, member: Actor) -> None:
    partner = PartnerFactory(unit=unit, sharing=Sharing.UNIT)
    services.edit_partner(actor=member, partner=partner, version=1, acronym="OUI")
    with pytest.raises(Forbidden):
        services.edit_partner(actor=actor(UnitFactory()), partner=partner, version=2, acronym="NON")


def test_a_group_is_not_a_circle(member: Actor) -> None:
    parent = PartnerFactory()
    child = PartnerFactory(parent=parent)
    with pytest.raises(ValidationError):
        services.edit_partner(actor=member, partner=parent, version=1, parent=child)
    hidden = PartnerFactory(sharing=Sharing.RESTRICTED)
    with pytest.raises(Forbidden):
        services.edit_partner(actor=member, partner=child, version=1, parent=hidden)


def test_archiving_belongs_to_managers_and_comes_back(unit: Unit, member: Actor) -> None:
    partner = PartnerFactory(unit=unit)
    with pytest.raises(Forbidden):
        services.archive_partner(actor=member, partner=partner)
    manager = actor(unit, Role.MANAGER)
    assert services.archive_partner(actor=manager, partner=partner).archived_at
    assert services.unarchive_partner(actor=manager, partner=partner).archived_at is None


def test_sharing_never_shuts_oneself_out(member: Actor, unit: Unit) -> None:
    partner = PartnerFactory()
    with pytest.raises(DomainError):
        services.set_sharing(actor=member, record=partner, version=1, sharing="restricted", readers=[UserFactory()])
    with pytest.raises(ValidationError):
        services.set_sharing(actor=member, record=partner, version=1, sharing="unit")
    me = User.objects.get(pk=member.user_id)
    services.set_sharing(actor=member, record=partner, version=1, sharing="restricted", readers=[me])
    assert not search.find(actor(unit), partner.name)
    assert search.find(member, partner.name)


def test_a_partner_with_sites_has_exactly_one_head(member: Actor) -> None:
    partner = PartnerFactory()
    first = services.add_site(actor=member, partner=partner, city="Nantes", postcode="44000")
    second = services.add_site(actor=member, partner=partner, city="Angers", postcode="49000")
    assert (first.is_head, second.is_head) == (True, False)
    services.set_head_site(actor=member, site=second)
    partner.refresh_from_db()
    assert (partner.city, partner.department) == ("Angers", "49")
    with pytest.raises(DomainError, match="siège"):
        services.remove_site(actor=member, site=second)
    services.remove_site(actor=member, site=first)
    services.edit_site(actor=member, site=second, version=None, city="Brest", postcode="29200")
    partner.refresh_from_db()
    assert (partner.city, partner.department, list(partner.sites.all())) == ("Brest", "29", [second])
    services.remove_site(actor=member, site=second)
    partner.refresh_from_db()
    assert partner.city == ""


def test_a_siret_gives_its_siren_and_must_be_the_partners(member: Actor) -> None:
    partner = PartnerFactory()
    services.add_site(actor=member, partner=partner, siret=SIRET)
    partner.refresh_from_db()
    assert partner.siren == SIREN
    with pytest.raises(ValidationError, match="SIREN"):
        services.add_site(actor=member, partner=partner, siret="73282932000074")
    with pytest.raises(services.AlreadyKnown):
        services.add_site(actor=member, partner=PartnerFactory(), siret=SIRET)
    assert Site.objects.count() == 1


def test_somebody_is_created_with_a_function_and_moves_on(member: Actor, unit: Unit) -> None:
    partner = PartnerFactory()
    person = services.create_person(
        actor=member, last_name="Marchand", first_name="Élodie", email=" E.Marchand@Port.example ", partner=partner,
        title="DRH", unit=unit,
    )  # fmt: skip
    assert person.collected_on
    position = person.positions.get()
    with pytest.raises(ValidationError):
        services.add_position(actor=member, person=person, partner=partner, title="Autre")
    services.end_position(actor=member, position=position, version=1, ended_on=DAY)
    services.add_position(actor=member, person=person, partner=partner, title="Directrice", started_on=DAY)
    assert [p.title for p in Position.objects.current()] == ["Directrice"]
    assert search.find(member, "directrice")
    with pytest.raises(ValidationError):
        services.edit_position(actor=member, position=position, version=None, started_on=DAY + dt.timedelta(1))
    with pytest.raises(ValidationError):
        services.edit_position(actor=member, position=position, version=None, site=SiteFactory())


def test_not_contacting_somebody_has_a_reason(member: Actor) -> None:
    person = PersonFactory()
    with pytest.raises(ValidationError):
        services.set_contact_preference(actor=member, person=person, version=1, do_not_contact=True)
    services.set_contact_preference(actor=member, person=person, version=1, do_not_contact=True, refusal="request")
    person.refresh_from_db()
    assert (person.do_not_contact, person.refused_on is not None) == (True, True)
    services.set_contact_preference(actor=member, person=person, version=2, channel="phone")
    person.refresh_from_db()
    assert (person.refusal, person.refused_on) == ("", None)


@pytest.mark.parametrize("field", ["collected_on", "informed_on"])
def test_nobody_is_informed_in_the_future(member: Actor, field: str) -> None:
    person = services.create_person(actor=member, last_name="Marchand")
    tomorrow = localdate() + dt.timedelta(days=1)
    with pytest.raises(ValidationError, match="à venir"):
        services.edit_person(actor=member, person=person, version=None, **{field: tomorrow})
    with pytest.raises(ValidationError, match="à venir"):
        services.set_contact_preference(
            actor=member, person=person, version=None, do_not_contact=True, refusal="request", refused_on=tomorrow
        )


def test_people_of_others_are_not_edited(member: Actor) -> None:
    person = PersonFactory(unit=UnitFactory(), sharing=Sharing.UNIT)
    position = PositionFactory(person=person)
    for call in (
        lambda: services.edit_person(actor=member, person=person, version=1, first_name="X"),
        lambda: services.edit_position(actor=member, position=position, version=1, title="X"),
        lambda: services.release_field(actor=member, record=position, field="title"),
        lambda: services.archive_person(actor=member, person=person),
    ):
        with pytest.raises(Forbidden):
            call()
    assert not history.entries(person)[0].operation


def test_a_tie_belongs_to_those_who_contribute_to_the_unit(member: Actor, unit: Unit) -> None:
    partner, colleague = PartnerFactory(), UserFactory()
    services.tie_unit(actor=member, partner=partner, unit=unit, status="prospect", referent=colleague)
    tie = services.tie_unit(actor=member, partner=partner, unit=unit, status="active", referent=colleague)
    assert PartnerUnit.objects.get() == tie
    with pytest.raises(Forbidden):
        services.tie_unit(actor=member, partner=partner, unit=UnitFactory())
    with pytest.raises(Forbidden):
        services.untie_unit(actor=actor(UnitFactory()), partner=partner, unit=unit)
    assert PartnerUnit.objects.count() == 1
    assert services.untie_unit(actor=member, partner=partner, unit=unit)
    assert not services.untie_unit(actor=member, partner=partner, unit=unit)


def test_a_value_comes_back_from_history_and_is_released_to_the_sources(member: Actor) -> None:
    partner = PartnerFactory(acronym="AVANT")
    services.edit_partner(actor=member, partner=partner, version=1, acronym="APRÈS")
    first = history.entries(partner)[-1]
    services.restore_field(actor=member, model=Partner, object_id=partner.pk, event_id=first.event_id, field="acronym")
    partner.refresh_from_db()
    assert (partner.acronym, partner.version) == ("AVANT", 3)
    with pytest.raises(DomainError):
        services.restore_field(
            actor=member, model=Partner, object_id=partner.pk, event_id=first.event_id, field="sharing"
        )
    assert services.release_field(actor=member, record=partner, field="acronym")
    assert not services.release_field(actor=member, record=partner, field="acronym")
    partner.refresh_from_db()
    assert (partner.acronym, "acronym" in partner.origins) == ("AVANT", False)


def test_tags_in_bulk_reach_what_one_may_edit_and_are_undone(member: Actor) -> None:
    one, two = PartnerFactory(tags=["Bois"]), PartnerFactory(tags=["Mer", "bois"])
    kept = PartnerFactory(unit=UnitFactory(), sharing=Sharing.UNIT)
    change = services.tag_partners(actor=member, ids=[one.pk, two.pk, kept.pk], add=["Énergie"], remove=["BOIS"])
    one.refresh_from_db(), two.refresh_from_db(), kept.refresh_from_db()
    assert (one.tags, two.tags, kept.tags) == (["Énergie"], ["Mer", "Énergie"], [])
    assert (change.count, sorted(change.ids)) == (2, sorted([one.pk, two.pk]))
    assert Tag.objects.get().name == "Énergie"
    assert history.entries(one)[0].operation == "directory.tag_partners"
    services.edit_partner(actor=member, partner=two, version=2, acronym="DEUX")
    assert services.undo_bulk(actor=member, change=change) == 1
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.tags, one.origins, two.tags) == (["Bois"], {}, ["Mer", "Énergie"])


def test_fields_in_bulk_and_back(member: Actor) -> None:
    colleague = User.objects.get(pk=member.user_id)
    one, two = PartnerFactory(), PartnerFactory(kind="association", origins={"kind": {"kind": "register"}})
    change = services.edit_partners(
        actor=member, ids=[one.pk, two.pk], changes={"kind": "association", "referent": colleague}
    )
    two.refresh_from_db()
    assert (change.count, two.referent, two.origins["kind"]["kind"]) == (2, colleague, "hand")
    assert services.undo_bulk(actor=member, change=change) == 2
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.kind, two.kind, two.referent, two.origins) == (
        "company", "association", None, {"kind": {"kind": "register"}},
    )  # fmt: skip
    with pytest.raises(ValidationError):
        services.edit_partners(actor=member, ids=[one.pk], changes={"kind": "planet"})
    with pytest.raises(TypeError):
        services.edit_partners(actor=member, ids=[one.pk], changes={"siren": SIREN})


@pytest.mark.parametrize("rows", [2, 40])
def test_bulk_costs_the_same_however_many(member: Actor, django_assert_max_num_queries, rows: int) -> None:
    ids = [partner.pk for partner in PartnerFactory.create_batch(rows)]
    with django_assert_max_num_queries(8):
        services.tag_partners(actor=member, ids=ids, add=["Mer"])
