"""Duplicates in a browser: fifty decisions without a mouse, a merge with conflicts, a separation, a phone, no script."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from reciproque.demo.words import people
from reciproque.directory import search
from reciproque.directory.models import Partner
from reciproque.institution.models import Role, Unit, User
from reciproque.sourcing.models import Judgement
from reciproque.sourcing.pipeline import doubles
from tests.factories import PartnerFactory, SiteFactory, UnitFactory
from tests.journeys.conftest import PHONE


@pytest.fixture
def unit(transactional_db: None) -> Unit:
    return UnitFactory(name="IUT de l’Estuaire")


@pytest.fixture
def user(come_in: Any, unit: Unit) -> User:
    return come_in(Role.MEMBER, unit)


def twice(name: str, unit: Unit, **more: Any) -> tuple[Partner, Partner]:
    """The same firm of Angers, brought by two files."""
    found = []
    for _n in range(2):
        partner = PartnerFactory(name=name, unit=unit, **more)
        SiteFactory(partner=partner, postcode="49000", city="Angers", city_code="49007", is_head=True)
        found.append(partner)
    return found[0], found[1]


@pytest.mark.parametrize("decisions", [50])
def test_fifty_decisions_with_the_keyboard_only(
    page: Page, live_server: Any, user: User, unit: Unit, decisions: int, check_accessibility: Any
) -> None:
    surnames = people.FRENCH  # fifty firms that nobody would take for one another
    for rank in range(decisions):
        twice(f"Menuiserie {surnames[rank]}", unit)
    doubles.look()
    page.goto(f"{live_server.url}/doublons/")
    check_accessibility(page)
    page.wait_for_load_state("load")
    second = page.locator("[data-decide]").nth(1).locator("input[name=fiches]").input_value()
    for key in "jp":
        page.keyboard.press(key)
    expect(page.locator(f"input[name=fiches][value='{second}']")).to_have_count(0)
    expect(page.locator("[data-row]").nth(1)).to_have_class(
        re.compile("rq-current")
    )  # whoever went down goes on from there
    page.goto(f"{live_server.url}/doublons/")
    for rank in range(decisions - 1):
        group = page.locator("[data-decide]").first
        ids = group.locator("input[name=fiches]").input_value()
        page.wait_for_load_state("load")  # the script that listens to keys comes last
        page.keyboard.press("rnp"[rank % 3])
        expect(page.locator(f"input[name=fiches][value='{ids}']")).to_have_count(0)
    expect(page.get_by_text("Aucun doublon à juger")).to_be_visible()
    verdicts = Judgement.objects.values_list("verdict", flat=True)
    assert [list(verdicts).count(one) for one in ("same", "different", "later")] == [17, 16, 17]
    assert Partner.objects.filter(merged_into__isnull=False).count() == 17


def test_a_merge_with_conflicts_then_a_separation(
    page: Page, live_server: Any, user: User, unit: Unit, check_accessibility: Any
) -> None:
    one, other = twice("Fonderie du Port", unit)
    Partner.objects.filter(pk=one.pk).update(email="a@fonderie.example", siren="552081317")
    Partner.objects.filter(pk=other.pk).update(email="b@fonderie.example", tags=["forum"])
    doubles.look()
    page.goto(f"{live_server.url}/doublons/")
    page.wait_for_load_state("load")
    page.keyboard.press("f")
    expect(page.get_by_role("heading", name="Réunir des partenaires")).to_be_visible()
    check_accessibility(page)
    page.locator(f"#choix-email-{other.pk}").check()
    together = page.locator("tr", has_text="Courriel").locator(".rq-together")
    expect(together).to_have_text("b@fonderie.example")
    expect(page.locator(f"#choix-email-{other.pk}")).to_be_focused()
    page.locator(f"#garder-{other.pk}").check()
    expect(page.locator(f"th.rq-kept #garder-{other.pk}")).to_be_visible()
    expect(page.locator(f"#choix-email-{other.pk}")).to_be_checked()
    page.locator(f"#garder-{one.pk}").check()
    expect(page.locator(f"th.rq-kept #garder-{one.pk}")).to_be_visible()
    expect(together).to_have_text("b@fonderie.example")
    page.get_by_role("button", name="Réunir 2 → 1").click()
    expect(page.get_by_text("1 fiche réunie à « Fonderie du Port »")).to_be_visible()
    page.goto(f"{live_server.url}/partenaires/{other.pk}/")
    assert page.url.endswith(f"/partenaires/{one.pk}/")
    expect(page.get_by_role("heading", name="Fiches réunies")).to_be_visible()
    check_accessibility(page)
    page.get_by_role("button", name="Séparer « Fonderie du Port »").click()
    expect(page.get_by_text("chacune est comme avant")).to_be_visible()
    assert set(Partner.objects.filter(merged_into=None).values_list("email", flat=True)) == {
        "a@fonderie.example",
        "b@fonderie.example",
    }


def test_what_was_merged_from_the_list_is_undone_from_the_message(
    page: Page, live_server: Any, user: User, unit: Unit
) -> None:
    one, other = twice("Fonderie du Port", unit)
    search.refresh(partner_ids=[one.pk, other.pk])
    page.goto(f"{live_server.url}/partenaires/")
    for partner in (one, other):
        page.locator(f"input[name=ids][value='{partner.pk}']").check()
    page.get_by_role("button", name="Réunir…").click()
    page.get_by_role("button", name="Réunir 2 → 1").click()
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("chacune est comme avant")).to_be_visible()
    assert Partner.objects.filter(merged_into=None).count() == 2


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_and_without_script(
    browser: Browser, live_server: Any, user: User, unit: Unit, page: Page, script: bool
) -> None:
    twice("Fonderie du Port", unit)
    doubles.look()
    state = page.context.storage_state()
    context = browser.new_context(viewport=PHONE, java_script_enabled=script, storage_state=state, locale="fr-FR")
    phone = context.new_page()
    phone.goto(f"{live_server.url}/doublons/")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth") if script else True
    phone.get_by_role("button", name="Réunir").click()
    expect(phone.get_by_text("1 fiche réunie à « Fonderie du Port »")).to_be_visible()
    context.close()
    assert Judgement.objects.get().verdict == "same"
