"""The quality board in a browser: thresholds previewed while one types, merges checked by keyboard, a figure opened, a run undone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reciproque.directory.models import Partner
from reciproque.institution.models import Role, Unit, User
from reciproque.sourcing.models import Judgement
from reciproque.sourcing.pipeline import alone, measuring
from reciproque.sourcing.services import zones
from tests.factories import UnitFactory, actor
from tests.journeys.conftest import PHONE
from tests.sourcing.test_zones import pair


@pytest.fixture
def unit(transactional_db: None) -> Unit:
    return UnitFactory(name="IUT de l’Estuaire")


@pytest.fixture
def user(come_in: Any) -> User:
    return come_in(Role.DATA_STEWARD)


def test_thresholds_show_their_effect_before_they_are_kept(
    page: Page, live_server: Any, user: User, unit: Unit, check_accessibility: Any
) -> None:
    for likelihood in (0.999, 0.97, 0.93, 0.5, 0.2):
        pair(unit, likelihood)
    page.goto(f"{live_server.url}/qualite/seuils/")
    check_accessibility(page)
    counts = page.locator("#effect .rq-tile-value")
    expect(counts).to_have_text(["1", "4", "0"])
    page.get_by_label("Réunir sans demander à partir de (%)").fill("92")
    expect(counts).to_have_text(["3", "2", "0"])
    page.get_by_label("Montrer à partir de (%)").fill("30")
    expect(counts).to_have_text(["3", "1", "1"])
    assert Judgement.objects.filter(zone="dropped").count() == 0
    page.get_by_label("Réunir sans demander, chaque nuit").check()
    page.get_by_role("button", name="Garder ces réglages").click()
    expect(page.get_by_text("4 paires ont changé de zone")).to_be_visible()
    expect(page.get_by_text("Réglés par Mathilde Duval")).to_be_visible()


def test_merges_made_alone_are_checked_by_keyboard_and_taken_back(
    page: Page, live_server: Any, user: User, unit: Unit, check_accessibility: Any
) -> None:
    for _n in range(4):
        pair(unit)
    zones.set_zones(actor=actor(unit.parent, Role.DATA_STEWARD), merges_alone=True)
    alone.merge_all()
    measuring.measure()
    page.goto(f"{live_server.url}/doublons/a-verifier/")
    check_accessibility(page)
    for key, left in (("o", 3), ("n", 2), ("o", 1)):
        page.wait_for_load_state("load")
        page.keyboard.press(key)
        expect(page.locator("[data-decide]")).to_have_count(left)
    assert Partner.objects.filter(merged_into__isnull=False).count() == 3
    page.goto(f"{live_server.url}/qualite/")
    check_accessibility(page)
    expect(page.get_by_text("d’après 3 vérifiées")).to_be_visible()
    page.get_by_role("link", name="4", exact=True).first.click()
    check_accessibility(page)
    page.goto(f"{live_server.url}/qualite/reunions/")
    check_accessibility(page)
    page.get_by_role("button", name="Tout séparer").click()
    expect(page.get_by_text("se défont une à une")).to_be_visible()


def test_the_board_and_its_lists_fit_a_phone(
    page: Page, live_server: Any, user: User, unit: Unit, check_accessibility: Any
) -> None:
    pair(unit, 0.5)
    measuring.measure()
    page.set_viewport_size(PHONE)
    for path in (
        "/qualite/",
        "/qualite/fiches/?sans=numero",
        "/qualite/paires/?etat=a-juger",
        "/qualite/seuils/",
        "/qualite/modeles/",
    ):
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        check_accessibility(page, themes=("light",))
