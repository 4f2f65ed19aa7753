"""A campaign in the browser: written, checked, left; a message held back is let go; nobody needs a script to unsubscribe."""

import os
from pathlib import Path
from typing import Any

import pytest

from reciproque.institution.models import Role, User
from reciproque.relations.campaigns import sending, writing
from reciproque.relations.models import CampaignRecipient, SolicitationCaps
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, UnitFactory

BODY = (
    "Bonjour {{ civilite }} {{ nom }},\n\nNous serions heureux de vous recevoir, avec {{ organisation }}.\n\n"
    "- une visite de la halle\n- un jury en juin\n\nÀ bientôt,\nMathilde Duval"
)
SHOTS = os.environ.get("SHOTS", "")


def shot(page: Any, name: str) -> None:
    """A picture for whoever asks for them (`SHOTS=folder`)."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def people(referent: User) -> None:
    """Three people of one partner, some of others, one who refuses."""
    forges = PartnerFactory(name="Forges de Trélazé", referent=referent)
    for name in ("Abadie", "Bernard", "Clément"):
        PositionFactory(person=PersonFactory(last_name=name, civility="Mme", email=f"{name.lower()}@forges.example"), partner=forges)  # fmt: skip
    for rank in range(6):
        PositionFactory(
            person=PersonFactory(last_name=f"Durand{rank}", email=f"d{rank}@acme.example"),
            partner=PartnerFactory(name=f"Ateliers {rank}"),
        )
    PositionFactory(person=PersonFactory(last_name="Zola", email="", do_not_contact=True, refusal="request"))


@pytest.mark.django_db(transaction=True)
def test_a_campaign_from_the_first_page_to_a_released_message(live_server, page, come_in, check_accessibility) -> None:
    SolicitationCaps.objects.create(person=3, partner=2, window=90, rest=14)
    unit = UnitFactory(name="UFR Sciences", short_name="Sciences")
    user = come_in(Role.MEMBER, unit)
    people(user)
    page.goto(f"{live_server.url}/campagnes/nouvelle/")
    page.get_by_label("Nom de la campagne").fill("Visites de printemps")
    shot(page, "1-create")
    page.get_by_role("button", name="Choisir les destinataires").click()
    page.get_by_label("Ou l’adresse d’une liste filtrée").fill("/personnes/?tri=name")
    shot(page, "2-recipients")
    page.get_by_role("button", name="Retenir ces destinataires").click()
    page.get_by_label("Objet").fill("Rencontrons-nous, {{ prenom }}")
    page.locator("#id_body").fill(BODY)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Bonjour Mme Abadie").wait_for()
    shot(page, "3-message")
    check_accessibility(page)
    page.get_by_role("link", name="Contrôler avant l’envoi").click()
    page.get_by_text("Ce partenaire a déjà été sollicité 2 fois").wait_for()
    shot(page, "4-check")
    check_accessibility(page)
    page.get_by_role("button", name="Envoyer 8 messages").click()
    campaign = CampaignRecipient.objects.earliest("pk").campaign
    sending.send(campaign.pk)
    page.goto(f"{live_server.url}/campagnes/a-liberer/")
    page.get_by_role("link", name="Élodie Clément").wait_for()
    shot(page, "6-release")
    check_accessibility(page)
    page.get_by_placeholder("Pourquoi il peut partir").fill("Elle nous attend")
    page.get_by_role("button", name="Libérer").click()
    page.get_by_text("Aucun message retenu").wait_for()
    sending.send(campaign.pk)
    CampaignRecipient.objects.filter(email="d0@acme.example").update(state="doubt")
    page.goto(f"{live_server.url}/campagnes/{campaign.pk}/")
    shot(page, "7-results")
    check_accessibility(page)
    page.set_viewport_size({"width": 390, "height": 844})
    shot(page, "8-results-phone")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_server.url}/campagnes/{campaign.pk}/?etat=sent")
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
    shot(page, "9-results-dark")
    page.goto(f"{live_server.url}/campagnes/")
    shot(page, "10-list")
    one = CampaignRecipient.objects.get(email="abadie@forges.example")
    page.goto(live_server.url + writing.unsubscribe_url(one.pk).removeprefix("http://127.0.0.1:8000"))
    shot(page, "11-unsubscribe")
    check_accessibility(page)
    page.get_by_role("button", name="Ne plus recevoir ces messages").click()
    page.get_by_text("C’est fait").wait_for()
