"""A record in a browser: created, corrected in place, in conflict, without script, on a phone; axe on each page."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from reciproque.directory import services
from reciproque.directory.models import Partner
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from tests.factories import UnitFactory
from tests.journeys.conftest import PHONE


@pytest.fixture
def unit(transactional_db: None) -> Unit:
    return UnitFactory()


@pytest.fixture
def user(come_in: Any, unit: Unit) -> User:
    return come_in(Role.MANAGER, unit)


@pytest.fixture
def partner(user: User, unit: Unit) -> Partner:
    return services.create_partner(
        actor=Actor.of(user), name="Fonderie du Val", unit=unit, city="Angers", postcode="49000", phone="0241000001"
    )


def test_a_partner_is_created_and_somebody_there(page: Page, live_server: Any, user: User, partner: Partner) -> None:
    page.goto(live_server.url)
    page.get_by_role("link", name="Nouveau partenaire").click()
    page.get_by_label("Raison sociale").press_sequentially("Fonderie du", delay=10)
    expect(page.get_by_role("complementary").get_by_text("Fonderie du Val")).to_be_visible()
    page.get_by_label("Raison sociale").fill("Chantiers du Port")
    page.get_by_label("SIREN ou SIRET").fill("552 100 554 00013")
    page.get_by_role("button", name="Créer la fiche").click()
    expect(page.get_by_role("heading", name="Chantiers du Port", level=1)).to_be_visible()
    page.get_by_role("navigation", name="Rubriques de la fiche").get_by_role("link", name="Personnes").click()
    page.get_by_role("link", name="Ajouter une personne").click()
    page.get_by_label(re.compile("^Nom")).fill("Marchand")
    page.get_by_label("Fonction").fill("DRH")
    page.get_by_role("button", name="Créer la fiche").click()
    expect(page.get_by_role("cell", name="DRH")).to_be_visible()
    expect(page.get_by_text("à informer avant le")).to_be_visible()


def test_a_value_is_corrected_in_place_by_keyboard(page: Page, live_server: Any, partner: Partner) -> None:
    page.goto(f"{live_server.url}/partenaires/{partner.pk}/")
    pencil = page.get_by_role("link", name="Modifier : Téléphone")
    pencil.focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Téléphone")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    pencil.focus()
    page.keyboard.press("Enter")
    field.fill("abc")
    page.keyboard.press("Enter")
    expect(page.get_by_text("n’est pas un numéro de téléphone")).to_be_visible()
    field.fill("02 41 00 00 02")
    page.keyboard.press("Enter")
    expect(page.get_by_text("est enregistré")).to_be_visible()
    expect(page.locator("#champ-phone dd")).to_contain_text("02")


def test_two_people_at_once_choose_field_by_field(
    page: Page, live_server: Any, partner: Partner, user: User, check_accessibility: Any
) -> None:
    page.goto(f"{live_server.url}/partenaires/{partner.pk}/modifier/")
    page.get_by_label("Sigle").fill("MOI")
    services.edit_partner(actor=Actor.of(user), partner=partner, version=None, acronym="AUTRE")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Deux modifications en même temps")).to_be_visible()
    check_accessibility(page)
    page.get_by_role("row", name="Sigle").get_by_role("radio").last.check()
    page.get_by_role("button", name="Enregistrer ces choix").click()
    expect(page.get_by_role("heading", name="Fonderie du Val", level=1)).to_be_visible()
    partner.refresh_from_db()
    assert partner.acronym == "AUTRE"


@pytest.mark.parametrize("size", [None, PHONE])
def test_the_pages_pass_axe_and_hold_on_a_phone(
    page: Page, live_server: Any, partner: Partner, user: User, unit: Unit, check_accessibility: Any, size: Any
) -> None:
    actor = Actor.of(user)
    person = services.create_person(actor=actor, last_name="Marchand", partner=partner, title="DRH", unit=unit)
    services.tie_unit(actor=actor, partner=partner, unit=unit)
    services.tag_partners(actor=actor, ids=[partner.pk], add=["Mer"])
    services.set_contact_preference(actor=actor, person=person, version=None, do_not_contact=True, refusal="request")
    if size:
        page.set_viewport_size(size)
    root = f"/partenaires/{partner.pk}/"
    for address in (
        "/", root, f"{root}?onglet=personnes", f"{root}?onglet=historique", f"{root}modifier/", f"{root}champ/phone/",
        f"{root}groupe/?q=fonderie", f"{root}sites/nouveau/", f"{root}partage/", f"/personnes/{person.pk}/",
        "/partenaires/nouveau/",
    ):  # fmt: skip
        page.goto(live_server.url + address)
        page.evaluate("document.querySelectorAll('main details.rq-fold').forEach(part => { part.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        check_accessibility(page)


def test_a_value_is_corrected_without_script(
    browser: Browser, page: Page, live_server: Any, partner: Partner, browser_context_args: dict[str, Any]
) -> None:
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(f"{live_server.url}/partenaires/{partner.pk}/")
    plain.get_by_role("link", name="Modifier : Téléphone").click()
    plain.get_by_label("Téléphone").fill("02 41 00 00 03")
    plain.get_by_role("button", name="Enregistrer").click()
    expect(plain.locator("#champ-phone dd")).to_contain_text("03")
    context.close()
