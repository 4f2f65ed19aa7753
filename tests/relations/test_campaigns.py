"""Campaigns: people are chosen under caps, messages leave once through a real mail server, what comes back is known."""

import contextlib
import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from reciproque.directory import services as directory
from reciproque.directory.models import Merge
from reciproque.engines.concertation import Caps, Reason
from reciproque.foundation import inbound
from reciproque.foundation import mail_lines as lines
from reciproque.foundation.errors import Conflict, Forbidden, IllegalTransition
from reciproque.institution.models import Role, User
from reciproque.relations import inbox
from reciproque.relations.campaigns import sending, writing
from reciproque.relations.capture import filing
from reciproque.relations.concertation import knowing
from reciproque.relations.models import (
    Campaign,
    CampaignRecipient,
    Interaction,
    Solicitation,
    SolicitationCaps,
    Unsubscription,
)
from reciproque.relations.services import campaigns
from tests.factories import (
    CollaborationFactory,
    PartnerFactory,
    PersonFactory,
    PositionFactory,
    UnitFactory,
    UserFactory,
    actor,
)
from tests.relations.campaigning import Desk, Sink, states, the

pytestmark = pytest.mark.django_db
TODAY = dt.date.today


@pytest.fixture
def desk() -> Desk:
    """A member of a unit."""
    return Desk()


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A mail server, and the settings that lead to it."""
    server = Sink()
    server.controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    settings.MAIL_IN_DOMAIN, settings.MAIL_IN_PORT = "suivi.univ.fr", 2424
    settings.DEFAULT_FROM_EMAIL = "partenaires@univ.fr"
    yield server
    server.controller.stop()


# Choosing


def test_each_person_of_the_view_gets_one_message_for_the_partner_of_their_latest_function(desk) -> None:
    (person,) = desk.people(1)
    latest = PositionFactory(person=person, started_on=dt.date(2026, 1, 1))
    campaign = desk.campaign()
    assert states(campaign) == {"ready": 1}
    assert the(campaign, person).partner == latest.partner
    assert campaign.state == "ready"


def test_those_who_cannot_or_will_not_be_written_to_are_left_out_with_the_reason(desk) -> None:
    (refuses,) = desk.people(1, do_not_contact=True, refusal="request")
    (unsubscribed,) = desk.people(1)
    Unsubscription.objects.create(person=unsubscribed)
    (silent,) = desk.people(1, email="")
    first, second = desk.people(2, email="accueil@acme.example")
    gone = PersonFactory(email="parti@acme.example")
    campaign = desk.campaign()
    said = {person: the(campaign, person).reasons for person in (refuses, unsubscribed, silent, first, second, gone)}
    assert said[refuses] == ["do_not_contact"]
    assert said[unsubscribed] == ["unsubscribed"]
    assert said[silent] == ["no_address"]
    assert [said[first], said[second]] == [[], ["same_address"]]
    assert said[gone] == ["no_partner"]
    assert states(campaign) == {"ready": 1, "excluded": 5}


def test_caps_cool_down_and_talks_of_another_unit_hold_messages_back(desk) -> None:
    SolicitationCaps.objects.create(person=3, partner=2, window=90, rest=14)
    partner = PartnerFactory()
    three = desk.people(3, partner)
    (rested,) = desk.people(1)
    Solicitation.objects.create(
        partner=PartnerFactory(), person=rested, unit=desk.unit, subject="Jury", on=localdate() - dt.timedelta(days=5)
    )
    (talking,) = desk.people(1)
    job = talking.positions.get()
    CollaborationFactory(partner=job.partner, state="proposed", moved_on=localdate())
    campaign = desk.campaign()
    assert [the(campaign, one).reasons for one in three] == [[], [], ["partner_cap"]]
    assert the(campaign, rested).reasons == ["cool_down"]
    assert the(campaign, talking).reasons == ["talks"]
    assert states(campaign) == {"ready": 2, "held": 3}


def test_a_view_of_the_list_and_the_rights_of_the_actor_decide_who_is_chosen(desk) -> None:
    (seen,) = desk.people(1, tags=["alumni"])
    (other,) = desk.people(1, tags=["parrain"])
    (secret,) = desk.people(1, tags=["alumni"], sharing="restricted")
    campaign = desk.campaign("f.tags=alumni")
    assert set(CampaignRecipient.objects.filter(campaign=campaign).values_list("person", flat=True)) == {seen.pk}
    assert other.pk != secret.pk
    with pytest.raises(ValidationError):
        desk.campaign("f.tags=personne")


def test_choosing_again_keeps_what_was_released_and_what_was_held_by_hand(desk) -> None:
    SolicitationCaps.objects.create(person=3, partner=1, window=90, rest=14)
    first, second = desk.people(2, PartnerFactory())
    campaign = desk.campaign()
    steering = actor(desk.unit, Role.STEERING)
    campaigns.release_recipient(actor=steering, recipient=the(campaign, second), reason="Il nous attend")
    campaigns.hold_recipient(actor=desk.actor, recipient=the(campaign, first))
    campaigns.choose_recipients(actor=desk.actor, campaign=campaign, query="")
    again = the(campaign, second)
    assert (again.state, again.release_reason, again.released_by_id) == ("ready", "Il nous attend", steering.user_id)
    assert the(campaign, first).state == "held"


def test_choosing_again_leaves_nobody_behind_whom_a_merge_had_set_aside(desk) -> None:
    """Separated later, the record that was absorbed does not bring back its message of the former audience."""
    asked, double = desk.people(2, PartnerFactory(), last_name="Martin")
    other = desk.people(1)[0]
    campaign, query = desk.campaign(), f"parmi={other.pk}"
    steward = actor(desk.unit, Role.DATA_STEWARD)
    directory.merge_records(actor=steward, kept=asked, absorbed=[double])
    assert CampaignRecipient.objects.filter(campaign=campaign).count() == 2
    campaigns.choose_recipients(actor=desk.actor, campaign=campaign, query=query)
    directory.separate(actor=steward, merge=Merge.objects.get())
    assert list(CampaignRecipient.objects.values_list("person", flat=True)) == [other.pk]


def test_choosing_many_takes_the_same_number_of_queries(desk, django_assert_max_num_queries) -> None:
    desk.people(40)
    campaign = desk.campaign()
    with django_assert_max_num_queries(30):
        campaigns.choose_recipients(actor=desk.actor, campaign=campaign, query="")


# Writing


def test_an_unknown_variable_is_refused_by_its_name(desk) -> None:
    with pytest.raises(ValidationError, match="prenon"):
        campaigns.create_campaign(actor=desk.actor, unit=desk.unit, title="A", subject="x", body="Bonjour {{ prenon }}")
    with pytest.raises(ValidationError, match="fermée"):
        campaigns.create_campaign(actor=desk.actor, unit=desk.unit, title="A", subject="x", body="Bonjour {{ prenom }")


def test_values_are_escaped_and_never_read_as_text_of_the_message() -> None:
    values = {"prenom": "<b>{{ nom }}</b>", "nom": "X", "organisation": "A & B"}
    written = writing.write(
        "À {{prenom}}\n", "**Chère** {{ prenom }}, https://univ.fr/a?b=1&c=2.\n\n- {{ organisation }}", values
    )
    assert written.subject == "À <b>{{ nom }}</b>"
    assert written.html == (
        "<p><strong>Chère</strong> &lt;b&gt;{{ nom }}&lt;/b&gt;, "
        '<a href="https://univ.fr/a?b=1&amp;c=2">https://univ.fr/a?b=1&amp;c=2</a>.</p>\n<ul><li>A &amp; B</li></ul>'
    )


@given(st.text(max_size=60), st.text(max_size=30))
def test_no_text_makes_markup(body: str, value: str) -> None:
    page = writing.write("", body, {"nom": value}).html
    assert re.sub(r"</?(p|br|ul|li|strong|a)( href=\"[^\"<>]*\")?>", "", page).count("<") == 0


def test_a_campaign_changed_by_a_colleague_is_a_conflict_and_strangers_may_not_change_it(desk) -> None:
    campaign = campaigns.create_campaign(actor=desk.actor, unit=desk.unit, title="A")
    campaigns.edit_campaign(actor=desk.actor, campaign=campaign, version=1, subject="Un")
    with pytest.raises(Conflict):
        campaigns.edit_campaign(actor=desk.actor, campaign=campaign, version=1, subject="Deux")
    with pytest.raises(Forbidden):
        campaigns.edit_campaign(actor=actor(UnitFactory()), campaign=campaign, version=2, subject="Trois")
    with pytest.raises(Forbidden):
        campaigns.create_campaign(actor=actor(UnitFactory()), unit=desk.unit, title="B")
    assert Campaign.objects.get().subject == "Un"


# Releasing


def test_the_referent_releases_with_a_reason_and_nobody_else(desk) -> None:
    SolicitationCaps.objects.create(person=3, partner=1, window=90, rest=14)
    referent = UserFactory()
    first, second = desk.people(2, PartnerFactory(referent=referent))
    campaign = desk.campaign()
    held = the(campaign, second)
    with pytest.raises(Forbidden):
        campaigns.release_recipient(actor=desk.actor, recipient=held, reason="Je veux")
    answers = actor(UnitFactory(), Role.READER, referent)
    with pytest.raises(ValidationError):
        campaigns.release_recipient(actor=answers, recipient=held, reason=" ")
    assert inbox.to_release(answers, frozenset()).count == 1
    assert inbox.to_release(desk.actor, frozenset()).count == 0
    released = campaigns.release_recipient(actor=answers, recipient=held, reason="Il nous attend")
    assert (released.state, released.released_by_id) == ("ready", referent.pk)
    with pytest.raises(IllegalTransition):
        campaigns.release_recipient(actor=answers, recipient=the(campaign, first), reason="Aussi")


def test_what_a_person_refused_is_never_released(desk) -> None:
    referent = UserFactory()
    (person,) = desk.people(1, PartnerFactory(referent=referent), do_not_contact=True, refusal="request")
    campaign = desk.campaign()
    with pytest.raises(IllegalTransition):
        campaigns.release_recipient(
            actor=actor(desk.unit, Role.READER, referent), recipient=the(campaign, person), reason="Si"
        )


# Sending


def test_messages_reach_a_real_server_over_one_connection_with_the_headers_of_mass_mail(desk, sink) -> None:
    person, other = desk.people(2)
    campaign = desk.start(desk.campaign(reply_to="visites@univ.fr"))
    assert sending.send(campaign.pk)
    campaign.refresh_from_db()
    assert (campaign.state, states(campaign), sink.connections) == ("sent", {"sent": 2}, 1)
    assert sink.to() == [person.email, other.email]
    assert sink.envelopes[0][0] == "suivi+retours@suivi.univ.fr"
    message, row = sink.messages[0], the(campaign, person)
    assert message["Subject"] == "Rencontrons-nous, Élodie"
    assert message["Message-ID"] == writing.message_id(row.pk)
    assert message["Reply-To"] == "visites@univ.fr"
    assert "partenaires@univ.fr" in message["From"]
    assert (message["Precedence"], message["Auto-Submitted"]) == ("bulk", "auto-generated")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].strip() == f"<{writing.unsubscribe_url(row.pk)}>"
    plain, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert row.partner.label in plain
    assert writing.unsubscribe_url(row.pk) in plain
    assert "<li>une visite</li>" in html
    assert "http" not in html.replace(writing.unsubscribe_url(row.pk), "")


def test_what_left_stands_on_the_timeline_and_weighs_in_the_pressure(desk, sink) -> None:
    (person,) = desk.people(1)
    campaign = desk.start(desk.campaign())
    sending.send(campaign.pk)
    row = the(campaign, person)
    exchange = Interaction.objects.get()
    assert (exchange.kind, exchange.source, exchange.met, exchange.partner) == ("email", "campaign", False, row.partner)
    assert [link.person for link in exchange.people.all()] == [person]
    assert row.interaction == exchange
    asked = Solicitation.objects.get()
    assert (asked.person, asked.campaign, asked.state, asked.on) == (person, campaign, "asked", localdate())
    assert campaigns.record_sent_messages(actor=desk.actor, campaign_id=campaign.pk) == 0
    second = desk.campaign()
    assert the(second, person).reasons == ["cool_down"]


def test_a_refusal_of_the_server_is_kept_in_its_words_and_the_others_leave(desk, sink) -> None:
    bad, good = desk.people(2)
    sink.refuse[bad.email] = "550 5.1.1 Utilisateur inconnu"
    campaign = desk.start(desk.campaign())
    sending.send(campaign.pk)
    row = the(campaign, bad)
    assert (row.state, row.error) == ("failed", "550 5.1.1 Utilisateur inconnu")
    assert sink.to() == [good.email]
    assert Solicitation.objects.count() == 1
    campaigns.settle_doubt(actor=desk.actor, recipient=row, again=True)
    sink.refuse.clear()
    sending.send(campaign.pk)
    assert sink.to() == [good.email, bad.email]


def test_a_refusal_for_now_waits_and_leaves_at_the_next_try(desk, sink) -> None:
    bad, good = desk.people(2)
    sink.refuse[bad.email] = "451 4.7.1 Revenez plus tard"
    campaign = desk.start(desk.campaign())
    with pytest.raises(sending.Away):
        sending.send(campaign.pk)
    assert states(campaign) == {"ready": 1, "sent": 1}
    sink.refuse.clear()
    sending.send(campaign.pk)
    campaign.refresh_from_db()
    assert (sink.to(), campaign.state) == ([good.email, bad.email], "sent")


def test_a_line_cut_after_a_message_was_handed_over_leaves_one_doubt_and_goes_on(desk, sink) -> None:
    people = desk.people(4)
    sink.cut_after = 1
    campaign = desk.start(desk.campaign())
    sending.send(campaign.pk)
    assert states(campaign) == {"sent": 3, "doubt": 1}
    assert sorted(sink.to()) == sorted(one.email for one in people)
    doubtful = CampaignRecipient.objects.get(state="doubt")
    sending.send(campaign.pk)
    assert len(sink.to()) == 4
    campaigns.settle_doubt(actor=desk.actor, recipient=doubtful, again=False)
    assert states(campaign) == {"sent": 4}
    assert Solicitation.objects.count() == 4
    with pytest.raises(IllegalTransition):
        campaigns.settle_doubt(actor=desk.actor, recipient=doubtful, again=True)


def test_a_server_that_is_away_leaves_everything_ready(desk, sink, settings) -> None:
    desk.people(2)
    campaign = desk.start(desk.campaign())
    settings.EMAIL_PORT = 1  # nobody listens there
    with pytest.raises(sending.Away):
        sending.send(campaign.pk)
    assert states(campaign) == {"ready": 2}
    settings.EMAIL_PORT = sink.port
    sending.send(campaign.pk)
    assert states(campaign) == {"sent": 2}


def test_a_line_lost_before_the_message_makes_no_doubt(desk, monkeypatch) -> None:
    class Cut(lines.PlainLine):
        tries = 0

        def send(self, message) -> None:
            Cut.tries += 1
            if Cut.tries == 2:
                raise lines.Lost(OSError("cut"), handed=False)
            super().send(message)

    plain = lines.line
    monkeypatch.setattr(sending, "line", lambda sender: Cut(plain(sender).backend))
    desk.people(3)
    campaign = desk.start(desk.campaign())
    sending.send(campaign.pk)
    assert (states(campaign), Cut.tries) == ({"sent": 3}, 4)


def test_stop_takes_effect_at_the_next_message_and_resume_finishes(desk, sink, monkeypatch) -> None:
    people = desk.people(3)
    campaign = desk.start(desk.campaign())
    handed = sending._hand_over

    def stop_after(run, recipient_id, email):
        outcome = handed(run, recipient_id, email)
        if campaign_state() == "sending" and len(sink.messages) == 1:
            campaigns.stop_campaign(actor=desk.actor, campaign=campaign)
        return outcome

    def campaign_state() -> str:
        return Campaign.objects.get(pk=campaign.pk).state

    monkeypatch.setattr(sending, "_hand_over", stop_after)
    sending.send(campaign.pk)
    assert (campaign_state(), states(campaign)) == ("stopped", {"sent": 1, "ready": 2})
    campaigns.resume_campaign(actor=desk.actor, campaign=campaign)
    sending.send(campaign.pk)
    assert (campaign_state(), sorted(sink.to())) == ("sent", sorted(one.email for one in people))
    with pytest.raises(IllegalTransition):
        desk.start(campaign)


def test_a_message_released_after_the_end_leaves_too(desk, sink) -> None:
    SolicitationCaps.objects.create(person=3, partner=1, window=90, rest=14)
    _first, second = desk.people(2, PartnerFactory())
    campaign = desk.start(desk.campaign())
    sending.send(campaign.pk)
    assert states(campaign) == {"sent": 1, "held": 1}
    steering = actor(desk.unit, Role.STEERING)
    campaigns.release_recipient(actor=steering, recipient=the(campaign, second), reason="Il nous attend")
    sending.send(campaign.pk)
    campaign.refresh_from_db()
    assert (campaign.state, states(campaign)) == ("sent", {"sent": 2})
    assert Solicitation.objects.get(person=second).override == "Il nous attend"


def test_caps_are_checked_again_when_it_leaves_and_whoever_refuses_meanwhile_is_left_out(desk, sink) -> None:
    SolicitationCaps.objects.create(person=1, partner=9, window=90, rest=0)
    asked, refuses, stays = desk.people(3)
    campaign = desk.campaign()
    Solicitation.objects.create(
        partner=the(campaign, asked).partner, person=asked, unit=desk.unit, subject="Jury", on=localdate()
    )
    desk.start(campaign)
    assert the(campaign, asked).reasons == ["person_cap"]
    type(refuses).objects.filter(pk=refuses.pk).update(do_not_contact=True, refusal="request")
    sending.send(campaign.pk)
    assert sink.to() == [stays.email]
    assert the(campaign, refuses).reasons == ["do_not_contact"]


def test_nothing_leaves_without_words_or_without_anybody(desk) -> None:
    desk.people(1, do_not_contact=True, refusal="request")
    campaign = desk.campaign()
    with pytest.raises(ValidationError):
        desk.start(campaign)
    campaign.refresh_from_db()
    assert campaign.state == "ready"
    campaigns.edit_campaign(actor=desk.actor, campaign=campaign, version=None, body="")
    with pytest.raises(ValidationError, match="Écrivez"):
        desk.start(campaign)


def test_only_one_sender_works_on_a_campaign_and_the_watch_gives_lost_work_back(desk, sink) -> None:
    from django.db import connection

    (person,) = desk.people(1)
    campaign = desk.start(desk.campaign())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        assert sending.watch() == 1
        cursor.execute(
            "SELECT args->>'campaign_id' FROM procrastinate_jobs WHERE task_name = 'relations.send_campaign'"
        )
        assert cursor.fetchall() == [(str(campaign.pk),)]
    CampaignRecipient.objects.filter(person=person).update(state="sending")
    sending.send(campaign.pk)
    assert states(campaign) == {"doubt": 1}
    assert sink.to() == []


@pytest.mark.parametrize("sizes", [(1, 4, 2), (5, 5), (3, 1, 1, 6)])
def test_campaigns_one_after_the_other_never_exceed_a_cap(desk, sink, sizes) -> None:
    caps = Caps(person=2, partner=3, window=90, rest=0)
    SolicitationCaps.objects.create(person=2, partner=3, window=90, rest=0)
    for size in sizes:
        desk.people(size, PartnerFactory())
    for size in (
        2,
        1,
    ):  # campaigns that leave together, the second counting what the first is about to send; then one more
        started = []
        for _ in range(size):
            with contextlib.suppress(ValidationError):  # nothing may leave any more
                started.append(desk.start(desk.campaign()))
        for campaign in started:
            sending.send(campaign.pk)
    for field, cap in (("partner", caps.partner), ("person", caps.person)):
        for pk in set(Solicitation.objects.values_list(field, flat=True)):
            assert Solicitation.objects.filter(**{field: pk}).count() <= cap
    assert len(sink.messages) == Solicitation.objects.count() > 0


# What comes back


def returned(message_id: str, status: str = "5.1.1") -> bytes:
    """A delivery report, as mail servers send it."""
    return (
        "From: MAILER-DAEMON@mx.univ.fr\r\nTo: suivi+retours@suivi.univ.fr\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNot found\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.univ.fr\r\n\r\n"
        f"Final-Recipient: rfc822; p@acme.example\r\nAction: failed\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


def come_back(raw: bytes) -> str:
    kept = inbound.receive(raw, sender="", recipients=["suivi+retours@suivi.univ.fr"])
    assert kept is not None
    filing.handle(kept.pk)
    kept.refresh_from_db()
    return kept.state


def test_a_message_that_comes_back_is_marked_weighs_no_more_and_its_address_is_left_out(desk, sink) -> None:
    (person,) = desk.people(1)
    campaign = desk.start(desk.campaign())
    sending.send(campaign.pk)
    row = the(campaign, person)
    assert come_back(returned(f"<c{row.pk}.{'0' * 32}@suivi.univ.fr>")) == "refused"
    assert come_back(returned(writing.message_id(row.pk), "4.2.2")) == "refused"
    assert the(campaign, person).state == "sent"
    assert come_back(returned(writing.message_id(row.pk))) == "kept"
    row.refresh_from_db()
    assert (row.state, row.error) == ("bounced", "5.1.1 p@acme.example")
    assert Solicitation.objects.get().state == "called_off"
    assert the(desk.campaign(), person).reasons == ["bounced"]


def test_unsubscribing_takes_one_click_and_holds_for_every_campaign(desk, client) -> None:
    (person,) = desk.people(1)
    campaign, other = desk.campaign(), desk.campaign()
    url = writing.unsubscribe_url(the(campaign, person).pk).removeprefix("http://127.0.0.1:8000")
    page = client.get(url)
    assert page.status_code == 200
    assert not Unsubscription.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = strict.post(url, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert (answer.status_code, "C’est fait" in answer.text) == (200, True)
    assert Unsubscription.objects.get().campaign == campaign
    assert the(other, person).reasons == ["unsubscribed"]
    partner = the(campaign, person).partner
    (said,) = knowing.before(desk.actor, partner, today=localdate()).preferences
    assert (said.person, said.no_campaigns) == (person, True)
    client.force_login(User.objects.get(pk=desk.actor.user_id))
    for page in (reverse("directory:person", args=[person.pk]), reverse("relations:before", args=[partner.pk])):
        assert "ne veut plus recevoir de campagnes" in client.get(page).text


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("{{ prenom }}, vos futurs collègues vous attendent", "vos futurs collègues vous attendent"),
        ("La taxe de {{ organisation }} finance un atelier", "La taxe de … finance un atelier"),
        ("{{ prenom }} {{ nom }}", "Forum"),
    ],
)
def test_colleagues_read_a_subject_that_names_nobody(subject, said) -> None:
    assert writing.for_colleagues(Campaign(title="Forum", subject=subject)) == said


def test_an_address_of_unsubscription_cannot_be_made_up(client) -> None:
    for method in (client.get, client.post):
        assert method("/desinscription/nimporte-quoi/").status_code == 404
    assert not Unsubscription.objects.exists()


# Pages


def enter(client: Client, who) -> Client:
    from reciproque.institution.models import User

    client.force_login(User.objects.get(pk=who.user_id))
    return client


def test_from_the_first_page_to_the_last_without_script(desk, client, sink) -> None:
    people = desk.people(3)
    enter(client, desk.actor)
    made = client.post(reverse("relations:campaign_create"), {"title": "Visites", "unit": desk.unit.pk})
    campaign = Campaign.objects.get()
    assert made.headers["Location"] == reverse("relations:campaign_recipients", args=[campaign.pk])
    wrong = client.post(made.headers["Location"], {"audience": "", "address": ""})
    assert wrong.status_code == 422
    client.post(made.headers["Location"], {"audience": "", "address": "http://127.0.0.1:8000/personnes/?tri=name"})
    url = reverse("relations:campaign_message", args=[campaign.pk])
    campaign.refresh_from_db()
    refused = client.post(url, {"subject": "A", "body": "{{ prix }}", "version": campaign.version})
    assert (refused.status_code, "« prix »" in refused.text) == (422, True)
    client.post(url, {"subject": "Bonjour {{ nom }}", "body": "Venez, {{ prenom }}", "version": campaign.version})
    shown = client.get(url).text
    assert any(f"Bonjour {person.last_name}" in shown for person in people)
    home = reverse("relations:campaign", args=[campaign.pk])
    assert "Envoyer 3 messages" in client.get(home).text
    client.post(reverse("relations:campaign_move", args=[campaign.pk, "envoyer"]))
    moving = client.get(home, headers={"HX-Request": "true"}).text
    assert 'hx-trigger="every 2s"' in moving
    assert "<html" not in moving
    assert "0 messages sur 3" in moving
    sending.send(campaign.pk)
    ended = client.get(home).text
    assert "every 2s" not in ended
    assert people[0].last_name in ended
    assert "Visites" in client.get(reverse("relations:campaigns")).text


def test_a_referent_sees_the_message_held_back_and_lets_it_go(desk, client) -> None:
    SolicitationCaps.objects.create(person=3, partner=1, window=90, rest=14)
    referent = UserFactory()
    _first, second = desk.people(2, PartnerFactory(referent=referent))
    campaign = desk.campaign()
    enter(client, actor(UnitFactory(), Role.READER, referent))
    page = client.get(reverse("relations:releases")).text
    assert second.last_name in page
    assert "Visites de printemps" in page
    assert "déjà été sollicité" in page
    client.post(reverse("relations:release", args=[the(campaign, second).pk]), {"reason": "Il nous attend"})
    assert the(campaign, second).state == "ready"


def test_whoever_may_not_read_a_person_never_meets_them_in_a_campaign(
    desk, client, django_assert_max_num_queries
) -> None:
    SolicitationCaps.objects.create(person=3, partner=1, window=90, rest=14)
    partner = PartnerFactory()
    desk.people(1, partner, last_name="Abel")
    (secret,) = desk.people(1, partner, last_name="Zirconium", sharing="restricted")
    secret.readers.add(desk.actor.user_id)
    campaign = desk.campaign()
    held = the(campaign, secret)
    assert held.state == "held"
    for who in (actor(desk.unit, Role.MEMBER), actor(desk.unit, Role.STEERING)):
        stranger = enter(Client(), who)
        for url in (
            reverse("relations:campaign", args=[campaign.pk]) + "?etat=held",
            reverse("relations:campaign", args=[campaign.pk]),
            reverse("relations:releases"),
            reverse("workspace:home"),
        ):
            assert "Zirconium" not in stranger.get(url).text, url
        assert stranger.post(reverse("relations:recipient_move", args=[held.pk, "retenir"])).status_code == 404
        assert stranger.post(reverse("relations:release", args=[held.pk]), {"reason": "x"}).status_code == 404
        assert inbox.to_release(who, frozenset()).count == 0
    mine = enter(client, desk.actor).get(reverse("relations:campaign", args=[campaign.pk]) + "?etat=held").text
    assert "Zirconium" in mine


def test_the_page_of_a_campaign_costs_the_same_however_many_are_written_to(
    desk, client, django_assert_max_num_queries
) -> None:
    desk.people(30)
    campaign = desk.campaign()
    enter(client, desk.actor)
    url = reverse("relations:campaign", args=[campaign.pk])
    client.get(url)
    with django_assert_max_num_queries(30):
        client.get(url)


def test_every_reason_has_its_words() -> None:
    from reciproque.relations.services.solicitations import words

    assert all(words(reason).endswith(".") for reason in Reason)
