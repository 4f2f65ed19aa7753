"""The pages of concertation and capture, as people use them."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from reciproque.directory.models import Sharing
from reciproque.foundation import files, inbound
from reciproque.institution.models import Membership, Role, Unit, User
from reciproque.relations import services
from reciproque.relations.capture import feeding, filing
from reciproque.relations.models import (
    AccessRequest,
    CaptureAddress,
    Dispositif,
    Interaction,
    InteractionFile,
    Solicitation,
)
from reciproque.relations.services import interactions
from tests.factories import PersonFactory, PositionFactory, UnitFactory, UserFactory, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def us(client):
    """Somebody signed in, a partner with one person, and another unit."""
    position, unit, user = PositionFactory(), UnitFactory(), UserFactory()
    Membership.objects.create(user=user, unit=unit, role=Role.MEMBER)
    client.force_login(user)
    return {
        "partner": position.partner,
        "person": position.person,
        "unit": unit,
        "user": user,
        "them": actor(UnitFactory(), Role.MEMBER),
    }


def theirs(us, **about) -> Interaction:
    given = {"on": localdate(), "kind": "call", "subject": "Rachat en vue", "sharing": Sharing.UNIT} | about
    unit = us["them"].units(Role.MEMBER)[0]
    return interactions.record_interaction(
        actor=us["them"], partner=us["partner"], unit=Unit.objects.get(pk=unit), **given
    )


@pytest.mark.parametrize("name", ["directory:partner", "relations:interaction_create", "relations:solicit"])
def test_where_a_contact_starts_one_is_told_what_to_know_before_not_what_is_reserved(client, us, name: str) -> None:
    row = theirs(us)
    address = reverse(name, args=[us["partner"].pk])
    page = client.get(address).text
    assert "vant de contacter" in page or "savoir avant" in page
    assert row.unit.short_name in page
    assert "Rachat" not in page
    assert "En ce moment, écrivent aussi" not in page
    assert "écrit à ce partenaire en ce moment" not in page
    client.force_login(User.objects.get(pk=us["them"].user_id))
    assert client.post(reverse("relations:presence", args=[us["partner"].pk])).status_code == 200
    client.force_login(us["user"])
    page = client.get(address).text
    assert page.count("écrit à ce partenaire en ce moment") + page.count("En ce moment, écrivent aussi") == 1


def test_a_solicitation_is_noted_once_the_reason_is_given(client, us) -> None:
    url = reverse("relations:solicit", args=[us["partner"].pk])
    assert "Noter une sollicitation" in client.get(url).text
    given = {
        "subject": "Jury",
        "on": localdate().isoformat(),
        "unit": us["unit"].pk,
        "sharing": "network",
        "person": us["person"].pk,
    }
    assert client.post(url, given).status_code == 302
    refused = client.post(url, given)
    assert refused.status_code == 422
    assert "sollicitée il y a moins de 14 jours" in refused.text
    assert client.post(url, given | {"override": "À sa demande"}).status_code == 302
    assert [row.override for row in Solicitation.objects.order_by("pk")] == ["", "À sa demande"]


def test_the_calendar_shows_every_units_requests_and_takes_answers(client, us) -> None:
    row = Solicitation.objects.create(
        partner=us["partner"], unit=us["unit"], subject="Jury de mai", on=localdate(), author=us["user"]
    )
    Solicitation.objects.create(
        partner=us["partner"],
        unit_id=us["them"].units(Role.MEMBER)[0],
        subject="Mot réservé",
        on=localdate(),
        sharing=Sharing.UNIT,
    )
    page = client.get(reverse("relations:solicitations")).text
    assert "Jury de mai" in page
    assert "Mot réservé" not in page
    assert "contenu réservé" in page
    client.post(reverse("relations:solicitation_move", args=[row.pk, "accepted"]))
    row.refresh_from_db()
    assert row.state == "accepted"


@pytest.mark.parametrize(
    "asked", ["?mois=2026-13", "?mois=été", "?mois=0001-01", "?mois=9999-12", "?entite=99999999999999999999"]
)
def test_odd_addresses_do_not_break_the_calendar(client, us, asked) -> None:
    assert client.get(reverse("relations:solicitations") + asked).status_code in {200, 404}


def test_the_month_is_chosen_in_french_whatever_the_browser(client, us) -> None:
    page = client.get(reverse("relations:solicitations") + "?mois=2019-02").text
    assert '<option value="2019-02" selected>février 2019</option>' in page, "however far, the month shown is there"
    assert f'<option value="{localdate():%Y-%m}">' in page
    assert 'type="month"' not in page


def test_access_is_asked_from_the_timeline_and_granted_from_the_list(client, us) -> None:
    row = theirs(us)
    page = client.get(reverse("directory:partner", args=[us["partner"].pk])).text
    url = reverse("relations:access_ask", args=["echange", row.pk])
    assert url in page
    client.post(url)
    assert "demande envoyée" in client.get(reverse("relations:timeline", args=[us["partner"].pk])).text
    asked = AccessRequest.objects.get()
    assert client.post(reverse("relations:access_answer", args=[asked.pk, "accorder"])).status_code == 404
    client.force_login(User.objects.get(pk=us["them"].user_id))
    shown = client.get(reverse("relations:access_requests")).text
    assert "Rachat en vue" in shown
    assert us["partner"].label in shown
    assert "demande à lire" in client.get(reverse("workspace:home")).text
    client.post(reverse("relations:access_answer", args=[asked.pk, "accorder"]))
    client.force_login(us["user"])
    read = reverse("relations:interaction", args=[asked.interaction_id])
    assert f'href="{read}"' in client.get(reverse("relations:access_requests")).text
    assert "Rachat en vue" in client.get(read).text
    assert "Rachat en vue" in client.get(reverse("directory:partner", args=[us["partner"].pk])).text


def test_a_request_handed_over_is_answered_by_an_exchange_and_one_is_led_to_write_it(client, us) -> None:
    to = Unit.objects.get(pk=us["them"].units(Role.MEMBER)[0])
    row = services.refer(
        actor=actor(us["unit"], Role.MEMBER), partner=us["partner"], from_unit=us["unit"], to_unit=to, subject="VAE"
    )
    client.force_login(User.objects.get(pk=us["them"].user_id))
    done = reverse("relations:referral_move", args=[row.pk, "repondre"])
    note = reverse("relations:interaction_create", args=[us["partner"].pk])
    led = client.post(done, follow=True)
    assert led.redirect_chain[-1][0] == note
    assert "Notez d’abord l’échange" in led.text
    assert "Décliner" not in led.text
    given = {"kind": "call", "on": localdate().isoformat(), "text": "Parcours proposé", "unit": to.pk}
    client.post(note, given | {"sharing": "network"})
    client.post(done)
    row.refresh_from_db()
    assert row.state == "answered"
    assert row.interaction.text == "Parcours proposé"


def test_an_agreement_without_its_day_is_asked_for_it_on_the_spot(client, us) -> None:
    dispositif = Dispositif.objects.get(code="talk")
    row = services.open_collaboration(
        actor=actor(us["unit"], Role.MEMBER), partner=us["partner"], unit=us["unit"], dispositif=dispositif
    )
    agree = reverse("relations:collaboration_move", args=[row.pk, "agree"])
    asked = client.post(agree)
    assert asked.status_code == 422
    assert "Donnez d’abord sa date" in asked.text
    assert 'name="starts_on"' in asked.text
    assert client.post(agree, {"starts_on": localdate().isoformat()}).status_code == 302
    row.refresh_from_db()
    assert row.state == "agreed"


def test_one_creates_an_address_and_sees_what_became_of_the_messages(client, us, settings) -> None:
    settings.MAIL_IN_DOMAIN = "suivi.univ.fr"
    client.post(reverse("relations:mail_address"), {"entite": us["unit"].pk})
    address = CaptureAddress.objects.get()
    raw = f"From: {us['user'].email}\r\nTo: neuf@acme.fr\r\nSubject: Devis\r\n\r\nBonjour".encode()
    message = inbound.receive(raw, sender=us["user"].email, recipients=[address.email])
    assert message is not None
    filing.handle(message.pk)
    page = client.get(reverse("relations:mail")).text
    assert address.email in page
    assert "neuf@acme.fr" in page
    PositionFactory(person=PersonFactory(email="neuf@acme.fr"), partner=us["partner"])
    client.post(reverse("relations:mail_again", args=[message.pk]))
    assert Interaction.objects.get().subject == "Devis"
    client.force_login(User.objects.get(pk=us["them"].user_id))
    assert client.post(reverse("relations:mail_again", args=[message.pk])).status_code == 404


def test_a_message_that_matches_nobody_is_filed_by_hand(client, us, settings) -> None:
    settings.MAIL_IN_DOMAIN = "suivi.univ.fr"
    address = CaptureAddress.objects.create(user=us["user"], unit=us["unit"], key="a" * 32)
    raw = f"From: {us['user'].email}\r\nTo: neuf@acme.fr\r\nSubject: Devis\r\n\r\nBonjour".encode()
    message = inbound.receive(raw, sender=us["user"].email, recipients=[address.email])
    assert message is not None
    filing.handle(message.pk)
    url = reverse("relations:mail_file", args=[message.pk])
    assert url in client.get(reverse("relations:mail")).text
    assert us["partner"].label in client.get(url, {"q": us["partner"].label}).text
    assert client.post(url, {"partenaire": "x"}).status_code == 404
    client.post(url, {"partenaire": us["partner"].pk})
    row = Interaction.objects.get()
    assert (row.subject, row.partner, row.people.count()) == ("Devis", us["partner"], 0)
    message.refresh_from_db()
    assert message.state == "kept"
    client.post(url, {"partenaire": us["partner"].pk})
    assert Interaction.objects.count() == 1, "filed once"
    client.force_login(User.objects.get(pk=us["them"].user_id))
    assert client.get(url).status_code == 404


def test_a_file_is_given_to_those_who_read_the_exchange_as_a_download(client, us, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = theirs(us)
    file = InteractionFile.objects.create(interaction=row, name='plan "é".pdf', size=4, digest=files.keep(b"%PDF"))
    url = reverse("relations:attachment", args=[file.pk])
    assert client.get(url).status_code == 404
    client.force_login(User.objects.get(pk=us["them"].user_id))
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == b"%PDF"
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename=\"plan ___.pdf\"; filename*=UTF-8''plan%20%22%C3%A9%22.pdf"
    )


def test_ones_calendar_holds_what_is_planned_and_nothing_that_one_may_not_read(client, us) -> None:
    one = (
        actor(us["unit"], Role.MEMBER, us["user"])
        if not us["user"].memberships.exists()
        else type(us["them"]).of(us["user"])
    )
    interactions.record_interaction(
        actor=one,
        partner=us["partner"],
        unit=us["unit"],
        on=localdate() + dt.timedelta(days=3),
        kind="visit",
        subject="Visite",
        at=dt.time(14),
    )
    theirs(us, subject="Secret")
    url = feeding.address_of(us["user"]).removeprefix("http://127.0.0.1:8000")
    client.logout()
    answer = client.get(url)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "Visite" in answer.text
    assert "Secret" not in answer.text
    us["user"].set_password("un autre mot de passe")
    us["user"].save()
    assert client.get(url).status_code == 404, "a changed password renews the address"
    assert client.get(url.replace("reciproque.ics", "x")).status_code == 404


@pytest.mark.parametrize("rows", [1, 15])
def test_the_calendar_of_solicitations_costs_the_same(client, us, rows, django_assert_max_num_queries) -> None:
    for _ in range(rows):
        Solicitation.objects.create(
            partner=us["partner"], unit=us["unit"], subject="x", on=localdate(), person=us["person"]
        )
    with django_assert_max_num_queries(12):
        client.get(reverse("relations:solicitations"))
