"""A list in a browser: the cell cursor, editing in place, the panel beside it, acting on many, saved views, a phone."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from reciproque.directory import search
from reciproque.directory.models import Partner, Person
from reciproque.institution.models import Role, Unit, User
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, UnitFactory
from tests.journeys.conftest import PHONE


@pytest.fixture
def unit(transactional_db: None) -> Unit:
    return UnitFactory(name="IUT de l’Estuaire")


@pytest.fixture
def user(come_in: Any, unit: Unit) -> User:
    return come_in(Role.MEMBER, unit)


@pytest.fixture
def partners(unit: Unit) -> list[Partner]:
    """Four firms of two towns."""
    places = ["Angers", "Angers", "Cholet", "Nantes"]
    made = [PartnerFactory(name=f"Atelier {rank}", city=city, unit=unit) for rank, city in enumerate(places, 1)]
    search.refresh(partner_ids=[one.pk for one in made])
    return made


def row(page: Page, text: str) -> Locator:
    """The line of a record."""
    return page.locator("[data-row]", has_text=text)


def test_a_cell_is_corrected_with_the_keyboard_only(
    page: Page, live_server: Any, user: User, partners: list[Partner], check_accessibility: Any
) -> None:
    page.goto(f"{live_server.url}/partenaires/?colonnes=name,city,email,phone")
    for key in ("j", "j", "ArrowRight", "ArrowRight", "ArrowRight"):  # the second line, then its cells
        page.keyboard.press(key)
    expect(row(page, "Atelier 2").locator("[data-edit=email]")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(row(page, "Atelier 1").locator("[data-edit=email]")).to_be_focused()
    page.keyboard.press("Enter")
    field = row(page, "Atelier 1").locator("form input[name=email]")
    expect(field).to_be_focused()
    check_accessibility(page)
    page.keyboard.type("pas une adresse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    check_accessibility(page)
    field.fill("contact@atelier-un.example")
    page.keyboard.press("Tab")
    phone = row(page, "Atelier 1").locator("form input[name=phone]")
    expect(phone).to_be_focused()
    page.keyboard.type("02 41 22 33 44")
    page.keyboard.press("Enter")
    cell = row(page, "Atelier 1").locator("[data-edit=phone]")
    expect(cell).to_have_text("02 41 22 33 44")
    expect(cell).to_be_focused()
    page.keyboard.press("Enter")
    expect(phone).to_be_focused()
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()
    page.keyboard.press("0")  # what is typed on a cell goes into its editor
    expect(phone).to_have_value("0")
    page.keyboard.type("2 41 22 33 45")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("02 41 22 33 45")
    row(page, "Atelier 3").get_by_role("checkbox").focus()  # the arrows go on from the box one is on
    page.keyboard.press("ArrowRight")
    expect(row(page, "Atelier 3").locator("th")).to_be_focused()
    saved = Partner.objects.get(pk=partners[0].pk)
    assert (saved.email, saved.phone) == ("contact@atelier-un.example", "+33241223345")


def test_the_panel_follows_the_rows(
    page: Page, live_server: Any, user: User, partners: list[Partner], check_accessibility: Any
) -> None:
    page.goto(f"{live_server.url}/partenaires/")
    row(page, "Atelier 2").locator("td").nth(1).click()
    page.keyboard.press("Shift+Enter")
    panel = page.locator("#peek")
    expect(panel.get_by_role("heading", name="Atelier 2")).to_be_visible()
    check_accessibility(page)
    page.keyboard.press("j")
    expect(panel.get_by_role("heading", name="Atelier 3")).to_be_visible()
    page.keyboard.press("k")
    expect(panel.get_by_role("heading", name="Atelier 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_many_are_tagged_at_once_and_given_back(
    page: Page, live_server: Any, user: User, partners: list[Partner], check_accessibility: Any
) -> None:
    page.goto(f"{live_server.url}/partenaires/?colonnes=name,tags")
    boxes = page.locator("[data-tick]")
    boxes.nth(0).press("Enter")
    expect(page.locator("[data-bulk-count]")).to_have_text("1 fiche cochée")
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("3 fiches cochées")
    page.locator("#bulk summary", has_text="Étiqueter").press("Enter")
    check_accessibility(page)
    page.get_by_label("Étiquettes, séparées par des virgules").fill("forum 2027")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]", has_text="forum 2027")).to_have_count(3)
    page.get_by_role("button", name="Annuler").press("Enter")
    expect(page.get_by_text("3 fiches rendues à leur état précédent.")).to_be_visible()
    expect(page.locator("[data-row]", has_text="forum 2027")).to_have_count(0)


def test_a_filter_is_made_from_the_keyboard_and_kept_as_a_view(
    page: Page, live_server: Any, user: User, partners: list[Partner], check_accessibility: Any
) -> None:
    page.goto(f"{live_server.url}/partenaires/")
    expect(page.locator("[data-row]")).to_have_count(4)
    page.keyboard.press("f")
    page.get_by_role("link", name="Ville", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-editor]")).to_be_visible()
    check_accessibility(page)
    page.locator("#editor-value").fill("angers")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.locator(".rq-listing-count")).to_contain_text("2")
    page.locator("summary", has_text="Enregistrer comme").click()
    page.get_by_label("Nom de la vue").fill("Nos Angevins")
    page.keyboard.press("Enter")
    expect(page.locator("summary", has_text="Nos Angevins")).to_be_visible()
    kept = page.url
    page.goto(f"{live_server.url}/partenaires/")
    expect(page.locator("[data-row]")).to_have_count(4)
    page.goto(kept)
    expect(page.locator("[data-row]")).to_have_count(2)


def test_a_list_is_filtered_by_day_typed_day_first_whatever_the_browser_speaks(
    browser: Browser, live_server: Any, user: User, context: Any
) -> None:
    for name, day in (("Avril", "2026-03-12"), ("Blanche", "2026-03-13"), ("Cyril", "2026-06-30")):
        person = PersonFactory(last_name=name, collected_on=day)
        search.refresh(person_ids=[person.pk])
    page = browser.new_context(locale="en-US", storage_state=context.storage_state()).new_page()
    for condition, days, said, found in (
        ("avant le", ["13/3/2026"], "avant le 13/03/2026", ["Avril"]),
        ("à partir du", ["13 mars 2026"], "à partir du 13/03/2026", ["Blanche", "Cyril"]),
        ("entre", ["30/6/2026", "13/3/2026"], "entre 13/03/2026 et 30/06/2026", ["Blanche", "Cyril"]),
        ("entre", ["30/6/2026", ""], "illisible", ["Avril", "Blanche", "Cyril"]),
    ):
        page.goto(f"{live_server.url}/personnes/?filtre=collected")
        page.get_by_label("Condition").select_option(label=condition)
        for label, day in zip(("Nombre ou date", "Date de fin"), days, strict=False):
            page.get_by_label(label).fill(day)
        page.get_by_role("button", name="Filtrer", exact=True).click()
        expect(page.locator("main")).to_contain_text(said)
        expect(page.locator("[data-row]")).to_have_count(len(found))
        for name in found:
            expect(row(page, name)).to_be_visible()
    page.context.close()


def test_people_are_tagged_and_exported_from_their_list(
    page: Page, live_server: Any, user: User, partners: list[Partner], check_accessibility: Any
) -> None:
    people = [PersonFactory(first_name="Jeanne", last_name=name) for name in ("Aubry", "Blin", "Caro")]
    for person in people:
        PositionFactory(person=person, partner=partners[0], title="directrice")
    search.refresh(person_ids=[one.pk for one in people])
    page.goto(f"{live_server.url}/personnes/")
    check_accessibility(page)
    page.locator("[data-tick-all]").click()
    page.locator("#bulk summary", has_text="Étiqueter").click()
    page.get_by_label("Étiquettes, séparées par des virgules").fill("jury")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.locator("[data-row]", has_text="jury")).to_have_count(3)
    assert Person.objects.filter(tags=["jury"]).count() == 3
    page.locator("[data-tick]").first.click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Exporter la sélection").click()
    assert len(coming.value.path().read_bytes().splitlines()) == 2


def test_the_list_holds_on_a_phone_and_without_script(
    browser: Browser, context: Any, page: Page, live_server: Any, user: User, partners: list[Partner]
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/partenaires/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    plain = browser.new_context(java_script_enabled=False, viewport=PHONE, storage_state=context.storage_state())
    bare = plain.new_page()
    bare.goto(f"{live_server.url}/partenaires/?tri=-name")
    expect(bare.locator("[data-row]").first).to_contain_text("Atelier 4")
    bare.get_by_role("searchbox").last.fill("atelier 3")
    bare.keyboard.press("Enter")
    expect(bare.locator("[data-row]")).to_have_count(1)
    bare.get_by_role("link", name="Atelier 3").click()
    expect(bare.get_by_role("heading", level=1)).to_contain_text("Atelier 3")
    plain.close()
