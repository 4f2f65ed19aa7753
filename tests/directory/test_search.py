"""Finding by what people type, and nothing that one may not read."""

import pytest

from reciproque.directory import search
from reciproque.directory.models import Partner, Person, SearchEntry
from reciproque.directory.search.words import understand
from reciproque.institution.models import Role
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, SiteFactory, UnitFactory, UserFactory, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return actor(UnitFactory(), Role.READER)


def labels(reader, text, **options):
    return [hit.label for hit in search.find(reader, text, **options)]


@pytest.mark.parametrize(
    "typed",
    [
        "Élan Énergie", "elan energie", "energie elan", "ELAN", "éner", "elan enrgie", "732829320", "732 829 320",
        "FR 44 732829320", "73282932000074", "angers elan", "49100", "œuvre du lac",
    ],
)  # fmt: skip
def test_found_however_it_is_typed(reader, typed) -> None:
    partner = PartnerFactory(name="Élan Énergie", usual_name="", siren="732829320", former_names=["Œuvre du lac"])
    partner.city, partner.postcode = "Angers", "49100"
    partner.save()
    SiteFactory(partner=partner, siret="73282932000074", city="Angers", postcode="49100")
    PartnerFactory(name="Menuiserie Perrot")
    search.rebuild()
    assert labels(reader, typed, kinds=["partner"]) == ["Élan Énergie"]


def test_a_partner_is_found_by_its_people_and_a_person_by_employer_and_address(reader) -> None:
    job = PositionFactory(person=PersonFactory(first_name="Inès", last_name="Kermarrec", email="ines@port.example"))
    search.refresh(partner_ids=[job.partner_id], person_ids=[job.person_id])
    assert labels(reader, "kermarrec", kinds=["partner"]) == [job.partner.label]
    assert labels(reader, "ines@port.example", kinds=["person"]) == ["Inès Kermarrec"]
    assert labels(reader, "ateliers port", kinds=["person"]) == ["Inès Kermarrec"]


def test_what_is_kept_back_is_not_found_nor_named_by_its_partner(reader) -> None:
    kept = PartnerFactory(name="Secret Industrie", sharing="restricted")
    hidden = PersonFactory(last_name="Cachottier", sharing="restricted")
    job = PositionFactory(person=hidden)
    unit = PartnerFactory(name="Secret voisin", sharing="unit", unit=UnitFactory())
    search.rebuild()
    assert labels(reader, "secret") == []
    assert labels(reader, "cachottier") == []
    assert "cachottier" not in str(SearchEntry.objects.get(partner=job.partner_id).document)
    named = actor(UnitFactory(), Role.READER)
    kept.readers.add(named.user_id)
    assert labels(named, "secret") == ["Secret Industrie"]
    assert labels(actor(unit.unit, Role.READER), "secret") == ["Secret voisin"]


def test_somebody_without_unit_finds_nothing() -> None:
    PartnerFactory(name="Élan")
    search.rebuild()
    assert search.find(actor(user=UserFactory()), "elan") == []


def test_names_that_begin_so_come_first_and_archived_ones_never(reader) -> None:
    PartnerFactory(name="Les amis du Port")
    PartnerFactory(name="Port de pêche")
    from django.utils.timezone import now

    PartnerFactory(name="Port fermé", archived_at=now())
    search.rebuild()
    assert labels(reader, "port")[0] == "Port de pêche"
    assert "Port fermé" not in labels(reader, "port")


def test_refreshing_again_changes_nothing_and_forgotten_words_go(reader) -> None:
    partner = PartnerFactory(name="Menuiserie Perrot")
    search.rebuild()
    before = SearchEntry.objects.values_list("partner", "key", "document").get(partner=partner)
    search.refresh(partner_ids=[partner.pk])
    assert SearchEntry.objects.values_list("partner", "key", "document").get(partner=partner) == before
    Partner.objects.filter(pk=partner.pk).update(name="Charpente Perrot")
    search.rebuild()
    assert labels(reader, "menuiserie") == []
    assert understand("menuiserie").terms[0].uses.total == 0


@pytest.mark.parametrize("text", ["", "   ", "!!!", "' OR 1=1 --", "a:* & b", "\\", "%", "((((", "é" * 300, "0"])
def test_any_text_is_only_a_text(reader, text) -> None:
    PartnerFactory(name="Élan")
    search.rebuild()
    search.find(reader, text)
    assert list(search.matching(Partner.objects.all(), text)) is not None


def test_a_list_is_restricted_to_every_word_and_to_letters_inside_a_name() -> None:
    one, other = PartnerFactory(name="Électromécanique du Val"), PartnerFactory(name="Mécanique du Nord")
    person = PersonFactory(last_name="Lemercier")
    search.rebuild()
    assert list(search.matching(Partner.objects.all(), "mecanique val")) == []
    assert set(search.matching(Partner.objects.all(), "mecanique")) == {one, other}
    assert list(search.matching(Partner.objects.all(), "nord mécanique")) == [other]
    assert list(search.matching(Person.objects.all(), "mercier")) == [person]
