"""A day's work in a browser: what is pasted becomes somebody, who is told, then taken back; the same without script."""

import datetime as dt
from typing import Any

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from reciproque.directory import search
from reciproque.directory.models import Partner, PartnerUnit, Person
from reciproque.institution.models import Role, Unit, User
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, UnitFactory
from tests.journeys.conftest import PHONE

FOOT = "Hélène FAURE\nDirectrice industrielle\nTél. : 02 40 22 31 45 | Port. 06 39 98 11 22\nh.faure@mecaloire.example"


@pytest.fixture
def unit(transactional_db: None) -> Unit:
    return UnitFactory(name="IUT de l’Estuaire")


@pytest.fixture
def user(come_in: Any, unit: Unit) -> User:
    return come_in(Role.MEMBER, unit)


@pytest.fixture
def partner(unit: Unit) -> Partner:
    made = PartnerFactory(name="Mécanique Loire-Atlantique", city="Saint-Nazaire", unit=unit)
    search.refresh(partner_ids=[made.pk])
    return made


def test_a_foot_of_message_becomes_somebody(
    page: Page, live_server: Any, user: User, partner: Partner, check_accessibility: Any
) -> None:
    page.goto(f"{live_server.url}/personnes/nouvelle/?partenaire={partner.pk}")
    check_accessibility(page)
    page.get_by_text("Coller une signature de courriel").click()
    page.get_by_label("Texte à coller").fill(FOOT)
    page.get_by_role("button", name="Remplir le formulaire").click()
    expect(page.get_by_label("Prénom")).to_have_value("Hélène")
    expect(page.get_by_label("Fonction")).to_have_value("Directrice industrielle")
    page.get_by_role("button", name="Créer la fiche").click()
    expect(page.get_by_role("heading", name="Hélène Faure", level=1)).to_be_visible()
    assert Person.objects.get().positions.get().partner == partner


def test_what_is_alike_is_shown_before_it_is_created(
    page: Page, live_server: Any, user: User, partner: Partner, check_accessibility: Any
) -> None:
    page.goto(f"{live_server.url}/partenaires/nouveau/")
    page.get_by_label("Raison sociale").fill("mecanique loire atlantique")
    page.get_by_label("Ville").fill("Saint-Nazaire")
    page.get_by_role("button", name="Créer la fiche").click()
    anyway = page.get_by_role("button", name="Créer quand même")
    expect(anyway).to_be_visible()
    check_accessibility(page)
    anyway.click()
    expect(page.get_by_role("heading", name="mecanique loire atlantique", level=1)).to_be_visible()
    assert Partner.objects.count() == 2


@pytest.mark.parametrize("script", [True, False])
def test_people_are_noted_informed_and_taken_back(
    browser: Any,
    live_server: Any,
    user: User,
    partner: Partner,
    unit: Unit,
    context: Any,
    script: bool,
    check_accessibility: Any,
) -> None:
    person = PersonFactory(unit=unit, last_name="Marchand", collected_on=localdate() - dt.timedelta(days=40))
    PositionFactory(person=person, partner=partner)
    own = browser.new_context(java_script_enabled=script, locale="fr-FR", viewport=PHONE, reduced_motion="reduce")
    own.add_cookies(context.cookies())
    page = own.new_page()
    page.goto(f"{live_server.url}/a-traiter/a-informer/")
    expect(page.get_by_role("heading", name="Personnes à informer")).to_be_visible()
    if script:
        check_accessibility(page)
    page.get_by_label("Élodie Marchand").check()
    page.get_by_role("button", name="Noter informées aujourd’hui").click()
    expect(page.get_by_text("Tout est fait")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_label("Élodie Marchand")).to_be_visible()
    own.close()


@pytest.mark.parametrize("slug", ["sans-referent", "a-completer"])
def test_the_other_piles_are_accessible(
    page: Page, live_server: Any, user: User, partner: Partner, unit: Unit, slug: str, check_accessibility: Any
) -> None:
    PartnerUnit.objects.create(partner=partner, unit=unit)
    page.goto(f"{live_server.url}/a-traiter/{slug}/")
    expect(page.get_by_role("link", name="Mécanique Loire-Atlantique")).to_be_visible()
    check_accessibility(page)
