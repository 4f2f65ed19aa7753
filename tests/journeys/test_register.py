"""The register in a browser: the closed company, from the home page to the undo; partners recognised by keyboard; a phone."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reciproque.directory.models import Partner, Site
from reciproque.engines.register.loading import load
from reciproque.institution.models import Role, Unit, User
from reciproque.sourcing.models import RegisterProposal
from reciproque.sourcing.register import proposing
from tests.engines.register.small_stock import siren, siret, written
from tests.factories import PartnerFactory, SiteFactory, UnitFactory
from tests.journeys.conftest import PHONE

SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sirene")
    load(written(tmp_path_factory.mktemp("stock")), folder, loaded_at="2026-11-02T04:00:00+00:00")
    return folder


@pytest.fixture
def unit(transactional_db: None, settings: Any, stock: Path) -> Unit:
    settings.SIRENE_DIR = stock
    return UnitFactory(name="IUT de l’Estuaire")


@pytest.fixture
def user(come_in: Any, unit: Unit) -> User:
    return come_in(Role.MEMBER, unit)


def shot(page: Page, name: str) -> None:
    """Keep a picture when asked."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_the_closed_company(page: Page, live_server: Any, user: User, unit: Unit, check_accessibility: Any) -> None:
    partner = PartnerFactory(
        name="Imprimerie Quintavel", unit=unit, siren=siren(40000007), register_state="A", diffusion="O"
    )
    SiteFactory(partner=partner, siret=siret(40000007, 1), address="9 rue du Moulin")
    proposing.check_life()
    page.goto(f"{live_server.url}/")
    expect(page.get_by_text("Cette entreprise a cessé le 2 mai 2024.")).to_be_visible()
    page.goto(f"{live_server.url}/registre/?onglet=vie")
    check_accessibility(page)
    shot(page, "registre-vie")
    page.wait_for_load_state("load")
    expect(page.locator("[data-decide]")).to_have_count(1)
    expect(page.get_by_text("9 rue du Moulin")).to_have_count(2)
    page.keyboard.press("a")
    expect(page.get_by_text("Rien à juger")).to_be_visible()
    partner.refresh_from_db()
    assert (partner.register_state, Site.objects.get(partner=partner).state) == ("C", "F")
    page.goto(f"{live_server.url}/partenaires/{partner.pk}/")
    expect(page.get_by_text("Vérifiée au registre du 2 novembre 2026.")).to_be_visible()
    check_accessibility(page)
    shot(page, "registre-fiche")
    page.goto(f"{live_server.url}/registre/?onglet=vie&etat=acceptees")
    page.get_by_role("button", name="Revenir en arrière").first.click()
    expect(page.get_by_text("Annulé : la proposition attend de nouveau.")).to_be_visible()
    assert RegisterProposal.objects.filter(state="open").count() == 1


def test_partners_are_recognised_with_the_keyboard(
    page: Page, live_server: Any, user: User, unit: Unit, check_accessibility: Any
) -> None:
    for name, city, postcode in (
        ("Boulangerie Lemercier", "Angers", "49000"),
        ("Menuiserie Kervalec", "Quimper", "29000"),
    ):
        signed = {"name": {"kind": "source", "source": "fichier", "record": 0, "on": "2026-01-05"}}
        partner = PartnerFactory(name=name, unit=unit, origins=signed, city=city, postcode=postcode)
        SiteFactory(partner=partner, postcode=postcode, city=city)
    proposing.qualify_network()
    page.goto(f"{live_server.url}/registre/")
    check_accessibility(page)
    shot(page, "registre-qui")
    for left in (1, 0):
        page.wait_for_load_state("load")
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.press("a")
        expect(page.locator("[data-decide]")).to_have_count(left)
    assert set(Partner.objects.values_list("siren", flat=True)) == {siren(40000001), siren(50000001)}


def test_a_partner_created_from_the_register_on_a_phone(
    page: Page, live_server: Any, user: User, check_accessibility: Any
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/partenaires/nouveau/")
    page.get_by_role("link", name="Chercher dans SIRENE").click()
    page.get_by_role("searchbox", name="Nom, SIREN ou SIRET").fill("uras nantes")
    page.keyboard.press("Enter")
    expect(page.get_by_text("UNION REGIONALE DES ATELIERS SOLIDAIRES")).to_be_visible()
    check_accessibility(page)
    shot(page, "registre-creer-telephone")
    page.get_by_role("button", name="Créer la fiche").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("UNION REGIONALE")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
