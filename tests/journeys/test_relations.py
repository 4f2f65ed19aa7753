"""The life of a relation in a browser: a note by keyboard, the thread that answers, an action proposed and done, a phone; axe on each page."""

import datetime as dt
import os
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.timezone import localdate, now
from playwright.sync_api import Browser, Page, expect

from reciproque.directory import services as directory
from reciproque.directory.models import Partner, PartnerUnit
from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role, Unit, User
from reciproque.relations import counting, services
from reciproque.relations.invitations import sending
from reciproque.relations.models import Interaction, Invitation, Pulse
from tests.factories import PersonFactory, PositionFactory, UnitFactory, UserFactory, dispositif
from tests.journeys.conftest import PHONE

DAY = dt.timedelta(days=1)
PICTURES = os.environ.get("JOURNEY_PICTURES", "")


@pytest.fixture
def unit(transactional_db: None) -> Unit:
    return UnitFactory(name="IUT de Saint-Nazaire", short_name="IUT")


@pytest.fixture
def user(come_in: Any, unit: Unit) -> User:
    return come_in(Role.MANAGER, unit)


@pytest.fixture
def partner(user: User, unit: Unit) -> Partner:
    """A partner with two years of life behind it, and something ahead."""
    who = Actor.of(user)
    partner = directory.create_partner(actor=who, name="Mécanique Loire-Atlantique", unit=unit, city="Saint-Nazaire")
    partner = directory.set_referent(actor=who, partner=partner, version=None, referent=user)
    PartnerUnit.objects.create(partner=partner, unit=unit, referent=user)
    people = [
        PersonFactory(first_name="Luc", last_name="Faure", email="luc.faure@mla.example"),
        PersonFactory(first_name="Sophie", last_name="Le Goff"),
    ]
    for person in people:
        PositionFactory(partner=partner, person=person)
    plan = (("internship", 700, 90), ("talk", 620, 0), ("apprenticeship_tax", 540, 0), ("expertise", 470, 0), ("visit", 400, 0),
            ("internship", 350, 110), ("jury", 300, 0), ("project", 250, 120), ("work_study", 90, 340), ("job_dating", 40, 0))  # fmt: skip
    for rank, (code, ago, days) in enumerate(plan):
        start = localdate() - ago * DAY
        services.open_collaboration(
            actor=who, partner=partner, unit=unit, dispositif=dispositif(code), state="under_way" if ago < days else "done",
            starts_on=start, ends_on=start + days * DAY if days else None, people=[people[rank % 2]],
        )  # fmt: skip
    services.open_collaboration(
        actor=who,
        partner=partner,
        unit=unit,
        dispositif=dispositif("advisory_board"),
        state="agreed",
        starts_on=localdate() + 60 * DAY,
    )
    services.record_interaction(
        actor=who, partner=partner, unit=unit, on=localdate() - 12 * DAY, kind="meeting", subject="Point annuel",
        text="Ils souhaitent trois étudiants de plus au printemps.", people=people,
    )  # fmt: skip
    services.record_need(actor=who, partner=partner, unit=unit, title="Vieillissement des polymères", kind="research")
    counting.count(today=localdate())
    return partner


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page when asked to."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png")


def test_a_note_is_written_by_keyboard_from_the_palette(page: Page, live_server: Any, partner: Partner) -> None:
    page.goto(live_server.url)
    page.keyboard.press("Control+k")
    page.keyboard.type("noter")
    expect(page.get_by_role("option", name="Noter un échange")).to_be_visible()
    page.goto(live_server.url + reverse("relations:interaction_quick") + "?q=mecanique")
    expect(page.get_by_label("Ce qui s’est dit")).to_be_focused()
    page.keyboard.type("Rappeler Luc")
    page.goto(live_server.url)
    page.goto(live_server.url + reverse("directory:partner", args=[partner.pk]))
    page.keyboard.press("n")
    expect(page.get_by_label("Ce qui s’est dit")).to_be_focused()
    expect(page.get_by_label("Ce qui s’est dit")).to_have_value("Rappeler Luc")
    page.keyboard.press("End")
    page.keyboard.type(" en janvier.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("C’est noté.")).to_be_visible()
    expect(page.get_by_text("Rappeler Luc en janvier.")).to_be_visible()
    assert Interaction.objects.filter(kind="call").get().text == "Rappeler Luc en janvier."


def test_the_thread_tells_and_moves(
    page: Page, live_server: Any, partner: Partner, user: User, check_accessibility: Any
) -> None:
    page.goto(live_server.url + reverse("directory:partner", args=[partner.pk]))
    thread = page.get_by_role("region", name="Le fil de la relation")
    expect(thread.get_by_text("aujourd’hui")).to_be_visible()
    thread.get_by_role("link").first.focus()
    picture(page, "partner")
    check_accessibility(page)
    picture(page, "partner-dark")
    before = Pulse.objects.get(pk=partner.pk).lapses_on
    assert before
    page.reload()
    page.get_by_role("link", name="Proposer une action").click()
    page.get_by_label("Dispositif").select_option(label="Master class")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_label("Date, ou début").fill((localdate() + 200 * DAY).isoformat())
    page.get_by_role("button", name="Noter l’accord").click()
    expect(page.get_by_text("C’est enregistré.")).to_be_visible()
    picture(page, "collaboration")
    check_accessibility(page, themes=("light",))
    after = Pulse.objects.get(pk=partner.pk).lapses_on
    assert after
    assert after >= before
    assert Pulse.objects.get(pk=partner.pk).planned >= 2


def test_every_page_passes_axe(page: Page, live_server: Any, partner: Partner, check_accessibility: Any) -> None:
    for name, args in (
        ("mine", []), ("board", []), ("figures", []), ("collaborations", []), ("needs", []), ("tasks", []), ("referrals", []),
        ("dispositifs", []), ("counted", [partner.pk]), ("review", [partner.pk]), ("interaction_create", [partner.pk]),
        ("collaboration_create", [partner.pk]), ("need_create", [partner.pk]), ("refer", [partner.pk]),
    ):  # fmt: skip
        page.goto(live_server.url + reverse(f"relations:{name}", args=args))
        picture(page, name)
        check_accessibility(page, themes=("light",))


def test_on_a_phone_after_a_visit(browser: Browser, live_server: Any, partner: Partner, context: Any) -> None:
    phone = browser.new_context(viewport=PHONE, locale="fr-FR", storage_state=context.storage_state())
    page = phone.new_page()
    page.goto(live_server.url + reverse("directory:partner", args=[partner.pk]))
    picture(page, "phone")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    composer = page.locator("#composer")
    composer.get_by_label("Nature").select_option("visit")
    composer.get_by_label("Ce qui s’est dit").fill("Visite du nouvel atelier.")
    composer.get_by_label("Luc Faure").check()
    composer.get_by_role("button", name="Noter", exact=False).click()
    expect(page.get_by_text("Visite du nouvel atelier.")).to_be_visible()
    picture(page, "phone-after")
    assert Interaction.objects.get(kind="visit").met
    phone.close()


def test_somebody_outside_is_invited_answers_and_is_seen(
    page: Page, live_server: Any, partner: Partner, settings: Any, check_accessibility: Any
) -> None:
    settings.MAIL_IN_PORT, settings.MAIL_IN_DOMAIN = 2424, "suivi.univ.fr"
    page.goto(live_server.url + reverse("relations:interaction_create", args=[partner.pk]))
    page.get_by_label("Nature").select_option("meeting")
    page.locator("[name=on]").fill((localdate() + 6 * DAY).isoformat())
    page.get_by_label("Luc Faure").check()
    page.get_by_text("Objet, heure, lieu, invitation, partage…").click()
    page.get_by_label("Objet").fill("Point sur les stages")
    page.get_by_label("Heure").fill("14:00")
    page.get_by_label("Lieu").fill("IUT, salle 12")
    page.get_by_label("Envoyer une invitation d’agenda aux personnes cochées").check()
    picture(page, "inviting")
    page.get_by_role("button", name="Noter", exact=False).click()
    expect(page.get_by_text("C’est noté.")).to_be_visible()
    assert sending.send() == 1
    (message,) = mail.outbox
    assert "Point sur les stages" in message.subject
    invitation = Invitation.objects.get()
    services.answer_invitation(
        actor=Actor.system("essai"),
        invitation=invitation,
        answer="accepted",
        words="Avec plaisir",
        at=now(),
        sequence=99,
    )
    page.goto(live_server.url + reverse("relations:interaction", args=[invitation.interaction_id]))
    expect(page.get_by_text("accepte", exact=True)).to_be_visible()
    picture(page, "invited")
    check_accessibility(page)
    page.set_viewport_size({"width": 320, "height": 700})
    picture(page, "invited-phone")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_colleagues_are_found_as_one_types_and_days_are_written_day_first(
    page: Page, live_server: Any, unit: Unit, partner: Partner, check_accessibility: Any
) -> None:
    for first, last in (("Anne", "Morel"), ("Paul", "Roux"), *((f"Agent{rank}", "Lefèvre") for rank in range(20))):
        Membership.objects.create(
            user=UserFactory(first_name=first, last_name=last), unit=UnitFactory(), role=Role.READER
        )
    page.goto(live_server.url + reverse("relations:interaction_create", args=[partner.pk]))
    page.get_by_text("Objet, heure, lieu, invitation, partage").click()
    named = page.get_by_role("group", name="Personnes nommées")
    sought = named.get_by_role("textbox")
    expect(named.get_by_role("checkbox")).to_have_count(0)
    for typed, found in (("lefevre", 8), ("mor", 1)):
        sought.press_sequentially(typed)
        expect(named.get_by_role("checkbox")).to_have_count(found)
        expect(sought).to_be_focused()
        sought.fill("") if typed == "lefevre" else named.get_by_label("Anne Morel").check()
    sought.fill("roux")
    named.get_by_label("Paul Roux").check()
    expect(named.get_by_label("Anne Morel")).to_be_checked()
    check_accessibility(page)
    picture(page, "collegues")
    page.locator("[name=on]").fill("3 mars 2026")
    page.locator("[name=on] ~ [data-day-native]").evaluate(
        "field => { field.value = '2026-03-12'; field.dispatchEvent(new Event('change', { bubbles: true })); }"
    )
    expect(page.locator("[name=on]")).to_have_value("12/03/2026")
    page.get_by_label("Ce qui s’est dit").fill("Réservé à Anne et à Paul.")
    page.get_by_label("Partage").select_option("restricted")
    page.get_by_role("button", name="Noter").click()
    expect(page.get_by_text("C’est noté.")).to_be_visible()
    row = Interaction.objects.get(sharing="restricted")
    assert sorted(row.readers.values_list("user__first_name", flat=True)) == ["Anne", "Paul"]
    assert (row.on.isoformat(), sought.count()) == ("2026-03-12", 0)
