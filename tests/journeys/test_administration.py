"""Signing in and administering, in a browser: mouse, keyboard alone, phone, without script."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reciproque.institution.models import Role, Unit, User
from tests.factories import EstablishmentFactory, UserFactory
from tests.journeys.conftest import PHONE


def test_signing_in_with_the_keyboard_only(page: Page, live_server: Any, transactional_db: None) -> None:
    user = UserFactory(email="m.duval@univ.example")
    user.set_password("une phrase assez longue")
    user.save()
    user.memberships.create(unit=EstablishmentFactory(), role=Role.MEMBER)
    page.goto(f"{live_server.url}/mon-compte/")
    page.locator("input[name=login]").focus()
    page.keyboard.type("m.duval@univ.example")
    page.keyboard.press("Tab")
    if not page.evaluate("document.activeElement.matches('[name=password]')"):
        page.locator("input[name=password]").focus()
    page.keyboard.type("une phrase assez longue")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/mon-compte/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Camille")


def test_a_unit_is_added_on_a_phone(page: Page, live_server: Any, come_in: Any) -> None:
    root = EstablishmentFactory()
    come_in(Role.ADMINISTRATOR, root)
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/administration/entites/")
    page.get_by_role("link", name="Nouvelle entité").click()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert").or_(page.locator("[aria-invalid=true]")).first).to_be_visible()
    page.locator("[name=name]").fill("UFR de lettres")
    page.locator("[name=short_name]").fill("Lettres")
    page.locator("[name=code]").fill("lettres")
    page.locator("[name=kind]").select_option("faculty")
    page.locator("[name=parent]").select_option(str(root.pk))
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("link", name="UFR de lettres", exact=True)).to_be_visible()
    assert Unit.objects.get(code="lettres").parent == root
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_role_is_given_and_taken_away_without_script(
    browser: Any, live_server: Any, come_in: Any, browser_context_args: Any, context: Any
) -> None:
    come_in(Role.ADMINISTRATOR)
    colleague = UserFactory(first_name="Noé", last_name="Le Goff")
    plain = browser.new_context(**browser_context_args, java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"{live_server.url}/administration/comptes/?q=goff")
    page.get_by_role("link", name="Noé Le Goff").click()
    page.locator("[name=role]").select_option("member")
    page.locator("[name=unit]").select_option(index=1)
    page.get_by_role("button", name="Donner le rôle").click()
    expect(page.get_by_text("contribution").first).to_be_visible()
    page.get_by_role("button", name=re.compile("Retirer le rôle")).click()
    expect(page.get_by_text("Aucun rôle")).to_be_visible()
    assert not User.objects.get(pk=colleague.pk).memberships.exists()
    plain.close()


@pytest.mark.parametrize(
    "path",
    [
        "/administration/entites/",
        "/administration/entites/nouvelle/",
        "/administration/comptes/",
        "/mon-compte/",
        "/composants/",
    ],
)
def test_pages_are_accessible(page: Page, live_server: Any, come_in: Any, check_accessibility: Any, path: str) -> None:
    come_in(Role.ADMINISTRATOR)
    page.goto(live_server.url + path)
    check_accessibility(page)


@pytest.mark.parametrize("path", ["/compte/login/", "/compte/password/reset/", "/accessibilite/", "/introuvable/"])
def test_public_pages_are_accessible(
    page: Page, live_server: Any, transactional_db: None, check_accessibility: Any, path: str
) -> None:
    page.goto(live_server.url + path)
    check_accessibility(page)
