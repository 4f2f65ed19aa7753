"""Finding in a browser: the palette over real records, the search page, the map, with the keyboard and without script."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from reciproque.directory import search
from reciproque.directory.models import Partner
from tests.factories import PartnerFactory, PersonFactory
from tests.journeys.conftest import PHONE


@pytest.fixture
def partners(come_in: Any) -> list[Partner]:
    """A few partners of two départements, found by search."""
    come_in()
    places = [("Angers", "49"), ("Angers", "49"), ("Cholet", "49"), ("Nantes", "44"), ("Saint-Denis", "974")]
    found = [
        PartnerFactory(name=f"Fonderie {rank}", city=city, department=code) for rank, (city, code) in enumerate(places)
    ]
    person = PersonFactory(first_name="Marie", last_name="Fondeval")
    search.refresh(partner_ids=[one.pk for one in found], person_ids=[person.pk])
    return found


def test_the_palette_leads_to_a_record(
    page: Page, live_server: Any, partners: list[Partner], check_accessibility: Any
) -> None:
    page.goto(live_server.url)
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    page.keyboard.type("fonder 3")
    option = page.locator("#palette [role=option]", has_text="Fonderie 3")
    expect(option).to_have_attribute("aria-selected", "true")
    check_accessibility(page)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/partenaires/{partners[3].pk}/")


def test_tab_restricts_the_palette_to_people(page: Page, live_server: Any, partners: list[Partner]) -> None:
    page.goto(live_server.url)
    page.keyboard.press("Control+k")
    page.keyboard.type("fondev")
    expect(page.locator("#palette [role=option]", has_text="Fondeval")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    expect(page.locator("#palette-scope")).to_have_text("Personnes")
    page.keyboard.type("fond")
    expect(page.locator("#palette [role=option]", has_text="Fondeval")).to_be_visible()
    expect(page.locator("#palette [role=option]", has_text="Fonderie")).to_have_count(0)


def test_the_search_page_answers_as_one_types(
    page: Page, live_server: Any, partners: list[Partner], check_accessibility: Any
) -> None:
    page.goto(f"{live_server.url}/recherche/")
    page.locator("main input[type=search]").fill("fonderi")
    expect(page.locator(".rq-found li")).to_have_count(5)
    expect(page).to_have_url(f"{live_server.url}/recherche/?q=fonderi")
    check_accessibility(page)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_map_leads_from_france_to_a_town(
    page: Page, live_server: Any, partners: list[Partner], check_accessibility: Any
) -> None:
    page.goto(f"{live_server.url}/partenaires/carte/")
    check_accessibility(page)
    area = page.get_by_role("link", name="Maine-et-Loire (49)\u00a0: 3")
    area.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Maine-et-Loire (49)")
    check_accessibility(page)
    page.get_by_role("link", name="Angers\u00a0: 2").click()
    expect(page.locator("[data-row]")).to_have_count(2)


def test_the_map_holds_on_a_phone_and_without_script(
    browser: Browser, context: Any, live_server: Any, partners: list[Partner]
) -> None:
    plain = browser.new_context(java_script_enabled=False, viewport=PHONE, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(f"{live_server.url}/partenaires/carte/?f.department=49")
    expect(page.locator(".rq-map-disc")).to_have_count(2)
    page.get_by_role("link", name="Toute la France").click()
    expect(page.locator(".rq-map-table tbody tr")).to_have_count(3)
    plain.close()


def test_the_palette_acts_on_what_is_shown(
    page: Page, live_server: Any, partners: list[Partner], check_accessibility: Any
) -> None:
    page.goto(f"{live_server.url}/partenaires/{partners[0].pk}/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette li[role=presentation]").first).to_have_text("Sur cette fiche")
    page.keyboard.type("part")
    option = page.locator("#palette [role=option]", has_text="Partage…")
    # The answer is there (what was proposed before it is gone): nothing is dimmed while one reads.
    expect(page.locator("#palette [role=option]", has_text="Modifier")).to_have_count(0)
    expect(option).to_be_visible()
    expect(page.locator("#palette .rq-dimmed")).to_have_count(0)
    check_accessibility(page)
    page.keyboard.press("Escape")
    page.goto(f"{live_server.url}/partenaires/")
    page.locator("[data-tick]").nth(0).click()
    page.locator("[data-tick]").nth(1).click()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette li[role=presentation]").first).to_have_text("2 fiches cochées")
    page.keyboard.type("etiq")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text("Étiqueter")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Étiquettes, séparées par des virgules")).to_be_focused()
