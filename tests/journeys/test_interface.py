"""The interface itself, in a browser: the gallery passes axe, menus and palette obey the keyboard, choices are kept."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import PHONE

FOUND = """
<li role="presentation">Organisations</li>
<li role="option" data-href="/accessibilite/" data-scope="org" data-scope-label="Organisations"><span>Élan Énergie</span></li>
<li role="option" data-href="/composants/"><span>CHU de la Côte</span></li>
"""


@pytest.fixture
def gallery(page: Page, live_server: Any, come_in: Any) -> Page:
    """The gallery, open."""
    come_in()
    page.goto(f"{live_server.url}/composants/")
    return page


def test_every_component_passes_axe_in_both_themes(gallery: Page, check_accessibility: Any) -> None:
    gallery.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true })")
    check_accessibility(gallery)


def test_the_gallery_holds_on_a_phone(gallery: Page, check_accessibility: Any) -> None:
    gallery.set_viewport_size(PHONE)
    assert gallery.evaluate("document.documentElement.scrollWidth <= innerWidth")
    check_accessibility(gallery)
    gallery.get_by_role("button", name="Ouvrir le menu").click()
    expect(gallery.locator("#side")).to_be_visible()
    gallery.keyboard.press("Escape")
    expect(gallery.locator("#side")).to_be_hidden()


def test_a_menu_obeys_the_keyboard(gallery: Page) -> None:
    summary = gallery.locator("main summary", has_text="Actions").first
    summary.focus()
    gallery.keyboard.press("ArrowDown")
    expect(gallery.locator("main .rq-menu-item", has_text="Noter un échange")).to_be_focused()
    gallery.keyboard.press("ArrowDown")
    expect(gallery.locator("main .rq-menu-item", has_text="Fusionner")).to_be_focused()
    gallery.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(gallery.locator("main details.rq-menu[open]")).to_have_count(0)


def test_the_theme_is_kept(gallery: Page) -> None:
    gallery.locator("summary[aria-label='Apparence et langue']").click()
    gallery.get_by_role("button", name="Sombre").click()
    expect(gallery.locator("html")).to_have_attribute("data-bs-theme", "dark")
    gallery.reload()
    expect(gallery.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_theme_and_the_menus_work_without_script(
    browser: Any, live_server: Any, come_in: Any, browser_context_args: Any, context: Any
) -> None:
    come_in()
    plain = browser.new_context(**browser_context_args, java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"{live_server.url}/composants/")
    page.locator("summary[aria-label='Apparence et langue']").click()
    page.get_by_role("button", name="Sombre").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.url.endswith("/composants/")
    plain.close()


def test_a_dialog_takes_and_gives_back_the_focus(gallery: Page, check_accessibility: Any) -> None:
    opener = gallery.get_by_role("button", name="Ouvrir la fenêtre")
    opener.click()
    expect(gallery.get_by_role("dialog", name="Réorienter vers une composante")).to_be_visible()
    check_accessibility(gallery)
    gallery.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_the_palette_finds_restricts_and_opens(gallery: Page, check_accessibility: Any) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=FOUND, content_type="text/html; charset=utf-8")

    gallery.route("**/recherche-d-essai/**", answer)
    gallery.evaluate("document.body.dataset.paletteUrl = '/recherche-d-essai/'")
    gallery.keyboard.press("Control+k")
    box = gallery.locator("#palette-input")
    expect(box).to_be_focused()
    expect(gallery.locator("#palette [role=option]").first).to_have_attribute("aria-selected", "true")
    check_accessibility(gallery)
    gallery.keyboard.press("ArrowDown")
    expect(gallery.locator("#palette [role=option]").nth(1)).to_have_attribute("aria-selected", "true")
    gallery.keyboard.press("ArrowDown")
    gallery.keyboard.press("Tab")
    expect(gallery.locator("#palette-scope")).to_have_text("Organisations")
    expect(box).to_be_focused()
    gallery.keyboard.press("Backspace")
    expect(gallery.locator("#palette-scope")).to_be_hidden()
    gallery.keyboard.type("élan")
    expect(gallery.locator("#palette-state")).to_have_text("2 résultats")
    gallery.wait_for_timeout(250)
    assert [url for url in asked if "scope=org" in url]
    assert len([url for url in asked if "q=%C3%A9" in url]) == 1
    gallery.keyboard.press("Enter")
    expect(gallery).to_have_url(f"{gallery.url.split('/composants/')[0]}/accessibilite/")


def test_enter_pressed_at_once_opens_what_was_typed_never_what_was_shown_before(gallery: Page) -> None:
    def answer(route: Route) -> None:
        typed = "q=acc" in route.request.url
        line = (
            '<li role="option" data-href="/accessibilite/">A</li>'
            if typed
            else '<li role="option" data-href="/ailleurs/">B</li>'
        )
        route.fulfill(body=line, content_type="text/html; charset=utf-8")

    gallery.route("**/recherche-d-essai/**", answer)
    gallery.evaluate("document.body.dataset.paletteUrl = '/recherche-d-essai/'")
    gallery.keyboard.press("Control+k")
    expect(gallery.locator("#palette [role=option]")).to_have_text("B")
    gallery.keyboard.type("acc")
    gallery.keyboard.press("Enter")
    expect(gallery).to_have_url(f"{gallery.url.split('/composants/')[0]}/accessibilite/")


def test_a_whole_page_is_never_put_inside_another(gallery: Page) -> None:
    """What happens when the session has ended: htmx follows the redirection to the sign-in page."""
    gallery.context.clear_cookies()
    gallery.evaluate("htmx.ajax('GET', '/composants/?themes=2', '#main')")
    expect(gallery.get_by_role("heading", level=1)).to_have_text("Se connecter")
    assert "next=/composants/" in gallery.url
    expect(gallery.locator("html")).to_have_count(1)
    expect(gallery.locator("main")).to_have_count(1)


def test_the_network_failing_is_said(gallery: Page) -> None:
    gallery.evaluate("document.body.dispatchEvent(new CustomEvent('htmx:sendError', {bubbles: true}))")
    expect(
        gallery.get_by_role("region", name="Notifications").get_by_text("Le serveur n’a pas répondu")
    ).to_be_visible()
    expect(gallery.get_by_role("heading", level=1)).to_have_text("Composants")


def test_a_draft_survives_a_reload(gallery: Page) -> None:
    form = gallery.locator("main form.rq-fields").first
    form.evaluate("form => { form.dataset.draft = 'essai' }")
    form.locator("textarea").fill("Banc d’essai ouvert aux projets")
    kept = gallery.evaluate("localStorage.getItem('draft:essai')")
    assert "Banc d’essai" in kept
    assert form.evaluate("form => 'dirty' in form.dataset")
    gallery.evaluate(
        "sessionStorage.setItem('sent', 'draft:essai'); localStorage.setItem('draft:vieux', '{\"at\": 1}')"
    )
    gallery.reload()
    kept = gallery.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))")
    assert kept == ["draft:essai"], "sent, but nothing says that it was saved; an old one is forgotten"


def test_the_shortcut_sheet_is_searched(gallery: Page) -> None:
    gallery.keyboard.press("?")
    sheet = gallery.get_by_role("dialog", name="Raccourcis clavier")
    expect(sheet).to_be_visible()
    gallery.keyboard.type("precedente")
    expect(sheet.get_by_text("Ligne suivante, ligne précédente")).to_be_visible()
    expect(sheet.get_by_text("Rechercher ou agir")).to_be_hidden()


def test_a_toast_says_and_closes(gallery: Page, check_accessibility: Any) -> None:
    gallery.evaluate(
        "document.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Archivé <b>', tone: 'success', undo: '/annuler/'}}))"
    )
    region = gallery.get_by_role("region", name="Notifications")
    expect(region.get_by_text("Archivé <b>")).to_be_visible()
    expect(region.get_by_role("button", name="Annuler")).to_be_visible()
    check_accessibility(gallery)
    region.get_by_role("button", name="Fermer").click()
    expect(region.get_by_text("Archivé")).to_have_count(0)


@pytest.mark.parametrize("path", ["/accessibilite/", "/compte/login/", "/nulle-part/", "/compte/password/reset/"])
def test_pages_open_to_all_pass_axe(
    page: Page, live_server: Any, transactional_db: None, check_accessibility: Any, path: str
) -> None:
    page.goto(f"{live_server.url}{path}")
    check_accessibility(page)


@pytest.mark.parametrize(
    "path", ["/compte/2fa/", "/compte/sessions/", "/compte/password/change/", "/compte/email/", "/compte/logout/"]
)
def test_pages_of_the_account_pass_axe(
    page: Page, live_server: Any, come_in: Any, check_accessibility: Any, path: str
) -> None:
    come_in()
    page.goto(f"{live_server.url}{path}")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    check_accessibility(page)
