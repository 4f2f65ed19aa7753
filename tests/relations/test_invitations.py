"""Invitations to people outside: sent once by a real mail server, told again when the meeting moves, answered by their calendars."""

import datetime as dt
from email.message import EmailMessage

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from reciproque.directory.models import Sharing
from reciproque.foundation import inbound
from reciproque.foundation.errors import Forbidden, IllegalTransition
from reciproque.foundation.models import InboundMessage
from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Notice, Role, User
from reciproque.institution.notices import reads
from reciproque.relations import services
from reciproque.relations.capture import filing
from reciproque.relations.invitations import sending, writing
from reciproque.relations.models import Interaction, Invitation, InvitationMail, Solicitation, SolicitationCaps
from tests.factories import PersonFactory, UnitFactory, UserFactory, actor
from tests.relations.inviting import DAY, SECRET, Office, answer_to, calendar_of, mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings):
    with mailing(settings) as server:
        yield server


@pytest.fixture
def office() -> Office:
    return Office()


def reply(message, answer: str, **more) -> InboundMessage:
    """What a calendar answers comes in, and is dealt with."""
    return come(*answer_to(message, answer, **more))


def come(written: EmailMessage, to: str) -> InboundMessage:
    kept = inbound.receive(written.as_bytes(), sender="x@y.fr", recipients=[to])
    assert kept is not None
    filing.handle(kept.pk)
    kept.refresh_from_db()
    return kept


def states() -> list[str]:
    return list(InvitationMail.objects.order_by("pk").values_list("state", flat=True))


def test_nobody_outside_is_invited_unless_its_author_says_so(office, sink) -> None:
    row = office.meet(invite=False)
    office.edit(row, on=row.on + DAY)
    services.cancel_interaction(actor=office.us, interaction=row)
    assert sending.send() == 0
    assert not Invitation.objects.exists()
    assert not Solicitation.objects.exists()


def test_an_invitation_leaves_once_with_what_the_meeting_is_and_nothing_of_what_colleagues_read(office, sink) -> None:
    row = office.meet()
    assert (sending.send(), sending.send()) == (1, 0)
    assert sink.to() == ["j.faure@acme.fr"]
    (message,) = sink.messages
    method, event = calendar_of(message)
    assert (method, event.uid, event.summary) == (
        "REQUEST",
        f"echange-{row.pk}@suivi.univ.fr",
        "Visite d’atelier – IUT",
    )
    assert (event.place, event.attendees) == ("12 rue des Forges, Angers", ("j.faure@acme.fr",))
    assert (event.starts.date(), event.ends - event.starts) == (row.on, dt.timedelta(hours=1))
    assert message["Reply-To"] == "anne.morel@univ.fr"
    assert event.organizer in message["From"]
    assert event.organizer.startswith(f"suivi+rdv-{row.pk}-")
    assert "Anne Morel – IUT vous invite" in message.get_body(("plain",)).get_content()
    assert SECRET not in message.as_string() + message.get_body(("html",)).get_content() + event.description
    asked = Solicitation.objects.get()
    assert (asked.person, asked.subject, asked.state) == (office.jean, "Visite d’atelier", "asked"), "it weighs"


def test_later_versions_follow_the_meeting_and_words_for_colleagues_are_none(office, sink) -> None:
    row = office.meet()
    sending.send()
    office.edit(row, text="Plan des ateliers", sharing="unit")
    assert sending.send() == 0
    office.edit(row, on=row.on + DAY)
    office.edit(row, on=row.on + 2 * DAY, place="Cholet")
    assert sending.send() == 1, "moved twice since, it is told where it stands"
    services.cancel_interaction(actor=office.us, interaction=row)
    sending.send()
    services.restore_interaction(actor=office.us, interaction=row)
    sending.send()
    events = [calendar_of(one) for one in sink.messages]
    assert [method for method, _event in events] == ["REQUEST", "REQUEST", "CANCEL", "REQUEST"]
    sequences = [event.version[0] for _method, event in events]
    assert sequences == sorted(set(sequences)), "each later than the one before"
    assert (events[1][1].place, events[1][1].starts.date()) == ("Cholet", row.on + 2 * DAY)
    assert "modifie ce rendez-vous" in sink.messages[1].get_body(("plain",)).get_content()
    assert events[2][1].cancelled
    assert len({event.uid for _method, event in events}) == 1


def test_what_never_left_is_not_called_off_and_whoever_is_taken_out_alone_is_told(office, sink) -> None:
    row = office.meet()
    services.cancel_interaction(actor=office.us, interaction=row)
    assert sending.send() == 0
    assert states() == ["void"]
    both = office.meet(people=[office.jean, office.lise], on=localdate() + 20 * DAY, override="Convenu avec eux")
    assert sending.send() == 2
    office.edit(both, people=[office.lise])
    sending.send()
    assert (sink.to()[-1], calendar_of(sink.messages[-1])[0]) == ("j.faure@acme.fr", "CANCEL")
    office.edit(both, invite=False)
    sending.send()
    assert (sink.to()[-1], calendar_of(sink.messages[-1])[0]) == ("l.roux@acme.fr", "CANCEL")
    assert len(sink.messages) == 4
    office.edit(both, people=[office.lise, office.jean], invite=True, override="Finalement")
    assert sending.send() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"do_not_contact": True, "refusal": "objection"}, "people"),
        ({"email": ""}, "people"),
    ],
)
def test_whoever_refused_or_cannot_be_reached_is_not_invited_and_nothing_is_written(office, change, field) -> None:
    for name, value in change.items():
        setattr(office.jean, name, value)
    office.jean.save()
    with pytest.raises(ValidationError) as refusal:
        office.meet(override="J’insiste")
    assert "Jean Faure" in str(refusal.value.message_dict[field])
    with pytest.raises(ValidationError):
        office.meet(people=[])
    with pytest.raises(ValidationError):
        office.meet(kind="note")
    with pytest.raises(ValidationError):
        office.meet(on=localdate())
    assert not Invitation.objects.exists()
    assert not Solicitation.objects.exists()


def test_past_a_cap_a_reason_is_owed_and_kept(office, sink) -> None:
    SolicitationCaps.objects.create(person=1, partner=8, window=90, rest=14)
    office.meet()
    with pytest.raises(ValidationError) as refusal:
        office.meet(on=localdate() + 20 * DAY)
    assert "déjà été sollicitée 1 fois" in str(refusal.value.message_dict["override"])
    office.meet(on=localdate() + 20 * DAY, override="Il l’a demandé")
    assert list(Solicitation.objects.order_by("pk").values_list("override", flat=True)) == ["", "Il l’a demandé"]
    assert sending.send() == 2


def test_whoever_may_not_write_invites_nobody(office) -> None:
    row = office.meet(invite=False, sharing="unit")
    stranger = actor(UnitFactory(), Role.MEMBER)
    with pytest.raises(Forbidden):
        services.edit_interaction(actor=stranger, interaction=row, version=None, invite=True)
    with pytest.raises(Forbidden):
        services.send_invitations_again(actor=stranger, interaction=row)
    assert not Invitation.objects.exists()


def test_a_calendar_answers_and_the_last_answer_counts(office, sink) -> None:
    office.meet()
    sending.send()
    (message,) = sink.messages
    kept = reply(message, "ACCEPTED", comment="Avec plaisir")
    assert (kept.state, kept.reason) == ("kept", "")
    row = Invitation.objects.get()
    assert (row.answer, row.words) == ("accepted", "Avec plaisir")
    asked = Solicitation.objects.get()
    assert (asked.state, asked.answer) == ("accepted", "Avec plaisir")
    for user in (office.anne, office.paul):
        lines, _next = reads.page(Actor.of(user), 0)
        assert lines[0].told.title.startswith("Jean Faure accepte : Visite d’atelier"), "those who meet are told"
    assert reply(message, "TENTATIVE", later=-60).state == "refused", "an older answer that comes late"
    reply(message, "DECLINED", later=9, comment="Un empêchement")
    row.refresh_from_db()
    assert (row.answer, Solicitation.objects.get().state) == ("declined", "declined")
    reply(message, "ACCEPTED", later=20, method="COUNTER", starts=dt.datetime(2026, 12, 24, 9, tzinfo=dt.UTC))
    row.refresh_from_db()
    assert (row.answer, "24 décembre 2026, 10:00" in row.words) == ("counter", True)


def test_an_answer_to_another_hour_says_nothing_and_a_new_hour_is_asked_anew(office, sink) -> None:
    row = office.meet()
    sending.send()
    reply(sink.messages[0], "ACCEPTED")
    office.edit(row, place="Cholet")
    assert Invitation.objects.get().answer == "accepted", "elsewhere, the same hour"
    office.edit(row, at=dt.time(9))
    assert Invitation.objects.get().answer == "none"
    early = reply(sink.messages[0], "DECLINED", later=20)
    assert early.state == "refused", "the new hour has not left yet, and this answers the former one"
    assert sending.send() == 1
    late = reply(sink.messages[0], "DECLINED", later=30)
    assert (late.state, "version plus ancienne" in late.reason) == ("refused", True)
    reply(sink.messages[1], "ACCEPTED", later=31)
    assert Invitation.objects.get().answer == "accepted"


def test_only_those_invited_answer(office, sink) -> None:
    one, other = office.meet(), office.meet(on=localdate() + 20 * DAY, override="Convenu")
    sending.send()
    first, second = sink.messages
    uid = f"echange-{other.pk}@suivi.univ.fr"
    assert "n’est pas invité" in reply(first, "DECLINED", sender="x@ailleurs.fr").reason
    assert "autre rendez-vous" in reply(first, "DECLINED", uid=uid).reason
    forged = calendar_of(second)[1].organizer.replace(f"rdv-{other.pk}-", f"rdv-{one.pk}-")
    assert reply(first, "DECLINED", to=forged).state == "refused", "an address that we did not make"
    assert set(Invitation.objects.values_list("answer", flat=True)) == {"none"}
    assert reply(first, "ACCEPTED", sender="secretariat@acme.fr", attendee="j.faure@acme.fr").state == "kept", (
        "on his behalf"
    )


def test_answers_and_words_come_by_the_tracking_address_too(office, sink) -> None:
    address = filing.create_capture_address(actor=office.us, user=office.anne, unit=office.unit)
    office.meet()
    sending.send()
    kept = reply(sink.messages[0], "ACCEPTED", to=address.email)
    assert (kept.state, Invitation.objects.get().answer) == ("kept", "accepted")
    plain = EmailMessage()
    plain["From"], plain["To"], plain["Subject"] = "j.faure@acme.fr", "x@suivi.univ.fr", "Parking"
    plain.set_content("Où se garer ?")
    assert come(plain, calendar_of(sink.messages[0])[1].organizer).state == "kept"
    assert Interaction.objects.get(source="mail").text == "Où se garer ?"
    come(sink.messages[0], address.email)
    assert Interaction.objects.filter(kind="visit").count() == 1, "our own invitation in copy makes no second meeting"


def test_a_sender_that_died_leaves_a_doubt_that_only_a_person_lifts(office, sink, client: Client) -> None:
    row = office.meet()
    assert sending._claim(InvitationMail.objects.get().pk) is not None
    assert (sending.send(), states()) == (0, ["doubt"])
    client.force_login(office.anne)
    assert "incertaine" in client.get(reverse("relations:interaction", args=[row.pk])).text
    client.post(reverse("relations:interaction_move", args=[row.pk, "reinviter"]))
    assert (sending.send(), states()) == (1, ["doubt", "sent"])
    with pytest.raises(IllegalTransition):
        services.send_invitations_again(actor=office.us, interaction=row)
    assert len(sink.messages) == 1


def test_refused_away_or_cut_it_is_tried_again_only_when_it_surely_did_not_arrive(office, sink, settings) -> None:
    office.meet()
    sink.refuse["j.faure@acme.fr"] = "450 4.2.1 plus tard"
    assert (sending.send(), states()) == (0, ["ready"])
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert (sending.send(), states()) == (0, ["ready"])
    settings.EMAIL_PORT = port
    sink.refuse["j.faure@acme.fr"] = "550 5.1.1 inconnu"
    assert (sending.send(), states()) == (0, ["failed"])
    del sink.refuse["j.faure@acme.fr"]
    assert sending.send() == 0
    row = Interaction.objects.get()
    services.send_invitations_again(actor=office.us, interaction=row)
    sink.cut_after = 0
    assert (sending.send(), states()) == (0, ["failed", "doubt"])
    assert (sending.send(), len(sink.messages)) == (0, 1)


def test_a_change_while_a_message_is_being_handed_over_is_told_after_it(office, sink) -> None:
    row = office.meet()
    claimed = sending._claim(InvitationMail.objects.get().pk)
    office.edit(row, on=row.on + DAY)
    assert claimed is not None
    sending._back(claimed.pk, "450 plus tard")
    assert states() == ["void", "ready"], "the later version stands for both"
    assert sending.send() == 1
    assert calendar_of(sink.messages[0])[1].starts.date() == row.on + DAY


def test_a_message_that_comes_back_is_seen(office, sink) -> None:
    row = office.meet()
    sending.send()
    identifier = sink.messages[0]["Message-ID"]
    assert not sending.bounced(identifier.replace(".", ".0"), "5.1.1")
    assert sending.bounced(identifier, "5.1.1 j.faure@acme.fr")
    assert states() == ["bounced"]
    services.send_invitations_again(actor=office.us, interaction=row)
    assert sending.send() == 1


def test_without_our_door_the_author_invites_and_is_answered(office, sink, settings) -> None:
    settings.MAIL_IN_PORT = 0
    office.meet()
    sending.send()
    assert calendar_of(sink.messages[0])[1].organizer == "anne.morel@univ.fr"
    User.objects.filter(pk=office.anne.pk).update(email="")
    with pytest.raises(ValidationError):
        office.meet(on=localdate() + 20 * DAY, override="Convenu")


def test_the_composer_invites_and_the_page_tells_who_comes(office, sink, client: Client) -> None:
    client.force_login(office.anne)
    url = reverse("relations:interaction_create", args=[office.partner.pk])
    sent = {
        "kind": "meeting", "on": (localdate() + 3 * DAY).isoformat(), "at": "09:30", "minutes": "45", "subject": "Point", "text": "",
        "people": [office.jean.pk], "unit": office.unit.pk, "sharing": "network", "invite": "on", "once": "a",
    }  # fmt: skip
    office.jean.do_not_contact, office.jean.refusal = True, "objection"
    office.jean.save()
    refused = client.post(url, sent)
    assert (refused.status_code, "a demandé à ne pas être contactée" in refused.text) == (422, True)
    office.jean.do_not_contact, office.jean.refusal = False, ""
    office.jean.save()
    assert client.post(url, sent | {"once": "b"}).status_code == 302
    assert sending.send() == 1
    _method, event = calendar_of(sink.messages[0])
    assert event.ends - event.starts == dt.timedelta(minutes=45)
    reply(sink.messages[0], "ACCEPTED")
    row = Interaction.objects.get()
    page = client.get(reverse("relations:interaction", args=[row.pk])).text
    assert ("Jean Faure" in page, "accepte" in page, "Renvoyer" in page) == (True, True, False)
    assert "Pourquoi inviter" not in page
    held = {
        "version": row.version,
        **{name: sent[name] for name in ("kind", "on", "at", "minutes", "subject", "unit", "sharing")},
    }
    SolicitationCaps.objects.create(person=1, partner=8, window=90, rest=14)
    both = held | {"people": [office.jean.pk, office.lise.pk], "invite": "on"}
    assert client.post(reverse("relations:interaction", args=[row.pk]), both).status_code == 302, (
        "one was never asked anything"
    )
    row.refresh_from_db()
    assert sending.send() == 1
    alone = held | {"version": row.version, "people": [office.jean.pk]}
    assert client.post(reverse("relations:interaction", args=[row.pk]), alone).status_code == 302
    assert sending.send() == 2, "unticked, both are told that it is off for them"
    row.refresh_from_db()
    again = client.post(
        reverse("relations:interaction", args=[row.pk]), alone | {"version": row.version, "invite": "on"}
    )
    assert (again.status_code, "Pourquoi inviter" in again.text) == (422, True)


@pytest.mark.parametrize("number", [1, 9])
def test_the_page_costs_the_same_however_many_are_invited(
    office, client: Client, django_assert_max_num_queries, number: int
) -> None:
    SolicitationCaps.objects.create(person=9, partner=90, window=90, rest=0)
    people = [PersonFactory(email=f"p{rank}@acme.fr") for rank in range(number)]
    row = office.meet(people=people)
    client.force_login(office.anne)
    client.get(reverse("relations:interaction", args=[row.pk]))
    with django_assert_max_num_queries(26):
        assert "p0@acme.fr" in client.get(reverse("relations:interaction", args=[row.pk])).text


def test_who_was_invited_is_not_told_to_those_who_may_not_know_them(office, sink, client: Client) -> None:
    hidden = PersonFactory(last_name=SECRET, email="z@acme.fr", sharing=Sharing.UNIT, unit=office.unit)
    row = office.meet(people=[hidden], text="Vu")
    sending.send()
    reply(sink.messages[0], "ACCEPTED", sender="z@acme.fr")
    stranger = UserFactory()
    Membership.objects.create(user=stranger, unit=UnitFactory(), role=Role.MANAGER)
    client.force_login(stranger)
    page = client.get(reverse("relations:interaction", args=[row.pk]))
    assert (page.status_code, SECRET in page.text, "z@acme.fr" in page.text) == (200, False, False)
    Notice.objects.filter(user=office.anne).update(user=stranger)
    assert reads.page(Actor.of(stranger), 0)[0] == []


def test_marks_cannot_be_made_up() -> None:
    for key in ("rdv-1-", "rdv-1-zz", "rdv-x-1", "rdv-1" + "0" * 30 + "-a", "retours", "rdv-١-a"):
        assert writing.meeting_of(key) is None, key
    for identifier in ("<i1.abc@x>", "<c1.abc@x>", "", "<i.@>"):
        assert writing.mail_of(identifier) is None, identifier
