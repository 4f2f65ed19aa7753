"""A file brought in through the wizard: with the keyboard only, on a phone, without script; each step accessible."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from reciproque.directory import search
from reciproque.directory.models import Partner, Person
from reciproque.institution.models import Role, Unit, User
from reciproque.sourcing.models import Import, SourceRecord
from reciproque.sourcing.pipeline import running
from tests.factories import PartnerFactory, UnitFactory
from tests.journeys.conftest import PHONE
from tests.sourcing.importing import ATELIERS, FORGES, text

BROKEN = "Menuiserie Rabaud;3,50E+13;49300;Cholet;rabaud@menuiserie.example;;;;"
DOUBTFUL = "Fonderie Baudry;;44100;Nantes;;;;;"


@pytest.fixture
def unit(transactional_db: None) -> Unit:
    return UnitFactory(name="IUT de l’Estuaire")


@pytest.fixture
def user(come_in: Any, unit: Unit) -> User:
    return come_in(Role.MEMBER, unit)


@pytest.fixture
def file(settings: Any, tmp_path: Path, unit: Unit) -> Path:
    """Four lines: two clean, one whose SIRET a spreadsheet rounded, one that looks like a firm already known."""
    settings.MEDIA_ROOT = tmp_path / "media"
    known = PartnerFactory(name="Fonderie Baudry", postcode="49000", city="Angers", unit=unit)
    search.refresh(partner_ids=[known.pk])
    path = tmp_path / "entreprises d’accueil.csv"
    path.write_bytes(text(ATELIERS, FORGES, BROKEN, DOUBTFUL))
    return path


def worked(page: Page, step: Any) -> None:
    """What the worker does while the page waits; the page then finds it by itself."""
    run = Import.objects.latest("pk")
    step(run.pk)


def test_a_file_comes_in_with_the_keyboard_only(
    page: Page, live_server: Any, user: User, file: Path, check_accessibility: Any
) -> None:
    page.goto(f"{live_server.url}/imports/")
    check_accessibility(page)
    page.keyboard.press("n")
    page.wait_for_url("**/imports/nouveau/")
    check_accessibility(page)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Nom de la nouvelle source").fill("Entreprises d’accueil")
    page.get_by_role("button", name="Lire le fichier").press("Enter")

    page.wait_for_url("**/correspondance/")
    check_accessibility(page)
    expect(page.get_by_role("row", name="SIRET").locator("select").first).to_have_value("site.siret")
    page.get_by_role("button", name="Contrôler toutes les lignes").press("Enter")

    page.wait_for_url("**/imports/*/")
    check_accessibility(page)
    worked(page, running.check)
    page.wait_for_url("**/controle/")
    check_accessibility(page)
    expect(page.get_by_text("3,50E+13").first).to_be_visible()
    page.get_by_role("link", name="Rapprochement").first.press("Enter")

    page.wait_for_url("**/rapprochement/")
    for tab in ("connues", "nouvelles", "douteuses"):
        page.get_by_role("navigation", name="Rapprochement des lignes").locator(f"a[href*={tab}]").press("Enter")
        page.wait_for_url(f"**onglet={tab}*")
        check_accessibility(page)
    expect(page.locator("[data-decide]")).to_have_count(1)
    page.locator("[data-decide]").first.focus()
    page.keyboard.press("n")
    expect(page.locator("[data-decide]")).to_have_count(0)
    page.get_by_role("link", name="Récapitulatif").first.press("Enter")

    page.wait_for_url("**/recapitulatif/")
    check_accessibility(page)
    page.locator("main form button.rq-button-primary").last.press("Enter")
    page.wait_for_url("**/imports/*/")
    worked(page, running.apply)
    expect(page.get_by_role("button", name="Annuler cet import")).to_be_visible()
    check_accessibility(page)
    assert Partner.objects.count() == 5
    assert Person.objects.filter(last_name="Marchand", first_name="Élodie").exists()
    assert SourceRecord.objects.filter(state="applied").count() == 4

    page.get_by_role("button", name="Annuler cet import").press("Enter")
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.get_by_role("button", name="Annuler cet import").press("Enter")
    worked(page, running.undo)
    expect(page.get_by_text("annulé").first).to_be_visible()
    assert Partner.objects.count() == 1


def test_the_way_holds_on_a_phone_and_without_script(
    browser: Browser, context: Any, live_server: Any, user: User, file: Path
) -> None:
    plain = browser.new_context(java_script_enabled=False, viewport=PHONE, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(f"{live_server.url}/imports/nouveau/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Nom de la nouvelle source").fill("Entreprises d’accueil")
    page.get_by_role("button", name="Lire le fichier").click()
    page.get_by_role("button", name="Contrôler toutes les lignes").click()
    worked(page, running.check)
    page.get_by_role("link", name="Actualiser").click()
    page.get_by_role("link", name="Rapprochement").first.click()
    page.get_by_role("button", name="La même").first.click()
    page.get_by_role("link", name="Récapitulatif").first.click()
    page.locator("main form button.rq-button-primary").last.click()
    worked(page, running.apply)
    page.get_by_role("link", name="Actualiser").click()
    expect(page.get_by_text("terminé").first).to_be_visible()
    assert Partner.objects.count() == 4
    plain.close()


def test_a_wrong_file_says_what_to_do(
    page: Page, live_server: Any, user: User, tmp_path: Path, check_accessibility: Any
) -> None:
    wrong = tmp_path / "partenaires.xlsx"
    wrong.write_bytes(b"%PDF-1.7 nothing of a workbook")
    page.goto(f"{live_server.url}/imports/nouveau/")
    page.locator("input[type=file]").set_input_files(wrong)
    page.get_by_label("Nom de la nouvelle source").fill("Essai")
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.locator(".invalid-feedback, [role=alert]").first).to_be_visible()
    expect(page.get_by_label("Nom de la nouvelle source")).to_have_value("Essai")
    check_accessibility(page)
    assert not Import.objects.exists()
