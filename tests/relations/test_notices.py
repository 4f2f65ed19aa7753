"""What people are told: of what concerns them, once, at the pace they chose, in words they may read; by a real mail server."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from reciproque.directory.models import PartnerUnit
from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Notice, NoticeMail, Role, User
from reciproque.institution.notices import mailing, reads
from reciproque.institution.services import choose_paces, forget_notices, see_notices
from reciproque.relations import notices, services
from reciproque.relations.services import access
from tests.factories import EstablishmentFactory, PartnerFactory, UnitFactory, UserFactory, actor
from tests.relations.campaigning import Sink

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar"


@pytest.fixture
def sink(settings):
    server = Sink()
    server.controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.PUBLIC_URL = "https://partenaires.univ.fr"
    yield server
    server.controller.stop()


@pytest.fixture
def office():
    """Two colleagues of one unit and a partner."""
    unit = UnitFactory()
    anne = UserFactory(username="anne.morel", first_name="Anne", last_name="Morel")
    paul = UserFactory(username="paul.kerjean", first_name="Paul", last_name="Kerjean")
    us, them = actor(unit, Role.MEMBER, anne), actor(unit, Role.MEMBER, paul)
    return {
        "unit": unit, "partner": PartnerFactory(name="Forges du Nord"), "anne": anne, "paul": paul, "us": us, "them": them,
    }  # fmt: skip


def note(office, **more):
    about = {"partner": office["partner"], "unit": office["unit"], "on": localdate(), "kind": "note", "text": "Vu"}
    return services.record_interaction(actor=office["us"], **(about | more))


def titles(user: User) -> list[str]:
    lines, _next = reads.page(Actor.of(user), 0)
    return [line.told.title for line in lines]


def text_of(message) -> str:
    return message.get_body(("plain",)).get_content()


def test_a_mention_is_told_at_once_and_only_once_however_often_it_is_corrected_or_sent(office, sink) -> None:
    row = note(office, text="@paul.kerjean à relancer", mentioned=[office["paul"], office["anne"]])
    services.edit_interaction(actor=office["us"], interaction=row, version=None, mentioned=[office["paul"]], text="Oui")
    assert (mailing.send(), mailing.send()) == (1, 0)
    services.edit_interaction(actor=office["us"], interaction=row, version=None, mentioned=[office["paul"]], text="Non")
    assert mailing.send() == 0
    assert sink.to() == [office["paul"].email], "whoever writes is not told of it"
    message = sink.messages[0]
    assert message["Subject"] == "[Réciproque] Anne Morel vous mentionne : Oui"
    assert f"https://partenaires.univ.fr/echanges/{row.pk}/" in text_of(message)
    assert message["Auto-Submitted"] == "auto-generated"
    assert Notice.objects.count() == 1


def test_each_kind_leaves_at_the_pace_that_the_person_chose(office, sink, time_machine) -> None:
    time_machine.move_to(dt.datetime(2026, 11, 25, 15, 0, tzinfo=dt.UTC), tick=False)  # a Wednesday
    paul = office["them"]
    choose_paces(actor=paul, paces={"mention": "weekly", "task": "daily", "referral": "never"})
    note(office, mentioned=[office["paul"]])
    services.add_task(actor=office["us"], title="Rappeler", due_on=localdate(), owner=office["paul"])
    services.refer(
        actor=office["us"], partner=office["partner"], from_unit=office["unit"], to_unit=UnitFactory(), subject="Stage",
        to_user=office["paul"],
    )  # fmt: skip
    assert mailing.send() == 0
    time_machine.move_to(dt.datetime(2026, 11, 26, 5, 59, tzinfo=dt.UTC), tick=False)
    assert mailing.send() == 0, "not before seven, here"
    time_machine.move_to(dt.datetime(2026, 11, 26, 6, 1, tzinfo=dt.UTC), tick=False)
    assert mailing.send() == 1
    assert "Rappeler" in text_of(sink.messages[0])
    assert "mentionne" not in text_of(sink.messages[0])
    time_machine.move_to(dt.datetime(2026, 11, 30, 6, 1, tzinfo=dt.UTC), tick=False)
    assert (mailing.send(), mailing.send()) == (1, 0)
    assert "mentionne" in text_of(sink.messages[1])
    assert len(titles(office["paul"])) == 3, "all is in the application, whatever leaves by mail"


def test_many_facts_make_one_message_and_what_was_seen_is_not_sent(office, sink) -> None:
    for rank in range(3):
        note(office, text=f"Note {rank}", mentioned=[office["paul"]])
    see_notices(actor=office["them"], up_to=Notice.objects.order_by("pk")[0].pk)
    assert mailing.send() == 1
    assert sink.messages[0]["Subject"] == "[Réciproque] 2 nouvelles"
    assert "Note 0" not in text_of(sink.messages[0])


def test_a_meeting_brings_its_invitation_moved_or_called_off_it_brings_another(office, sink) -> None:
    day = localdate() + dt.timedelta(days=9)
    row = note(
        office, kind="visit", on=day, at=dt.time(14), place="Angers", colleagues=[office["anne"], office["paul"]]
    )
    mailing.send()
    assert sink.to() == [office["paul"].email]
    (file,) = sink.messages[0].iter_attachments()
    calendar = file.get_content()
    calendar = calendar.decode() if isinstance(calendar, bytes) else calendar
    assert (file.get_content_type(), file.get_param("method")) == ("text/calendar", "REQUEST")
    assert f"UID:echange-{row.pk}@" in calendar
    assert "ORGANIZER" in calendar
    assert office["paul"].email in calendar.replace("\r\n ", "")
    services.edit_interaction(actor=office["us"], interaction=row, version=None, text="Plan des ateliers")
    assert mailing.send() == 0, "the words of a meeting are no new meeting"
    services.edit_interaction(actor=office["us"], interaction=row, version=None, on=day + dt.timedelta(days=1))
    services.edit_interaction(actor=office["us"], interaction=row, version=None, on=day + dt.timedelta(days=2))
    mailing.send()
    assert len(sink.messages) == 2, "moved twice since, it is told where it stands"
    services.cancel_interaction(actor=office["us"], interaction=row)
    mailing.send()
    (file,) = sink.messages[2].iter_attachments()
    assert file.get_param("method") == "CANCEL"
    assert "annulé" in sink.messages[2]["Subject"]


def test_a_request_handed_over_is_told_to_the_unit_and_its_outcome_to_the_sender(office) -> None:
    unit, far = UnitFactory(name="SFC"), UnitFactory()
    there, reader, elsewhere = UserFactory(), UserFactory(), UserFactory()
    who = actor(unit, Role.MEMBER, there)
    for user, place, role in ((reader, unit, Role.READER), (elsewhere, far, Role.MEMBER)):
        Membership.objects.create(user=user, unit=place, role=role)
    row = services.refer(
        actor=office["us"], partner=office["partner"], from_unit=office["unit"], to_unit=unit, subject="Formation"
    )
    assert set(Notice.objects.values_list("user_id", flat=True)) == {there.pk}
    assert "vous transmet : Formation" in titles(there)[0]
    services.decline_referral(actor=who, referral=row, reason="Pas chez nous")
    assert titles(there) == [], "what is settled is no longer to be answered"
    lines, _next = reads.page(office["us"], 0)
    assert "déclinée" in lines[0].told.title
    assert "Pas chez nous" in lines[0].told.detail


def test_a_request_to_a_unit_where_nobody_is_goes_to_whoever_answers_for_it_above(office) -> None:
    top = EstablishmentFactory()
    faculty = UnitFactory(parent=top)
    middle = UnitFactory(parent=faculty)
    empty = UnitFactory(parent=middle)
    dean, rector, gone = UserFactory(), UserFactory(), UserFactory(is_active=False)
    for user, place, role in (
        (rector, top, Role.MANAGER), (dean, faculty, Role.MANAGER), (UserFactory(), faculty, Role.MEMBER),
        (gone, middle, Role.MANAGER), (UserFactory(), empty, Role.READER),
    ):  # fmt: skip
        Membership.objects.create(user=user, unit=place, role=role)
    asked = {"partner": office["partner"], "from_unit": office["unit"], "to_unit": empty}
    row = services.refer(actor=office["us"], subject="Formation", **asked)
    assert set(Notice.objects.values_list("user_id", flat=True)) == {dean.pk}, (
        "the nearest, and those who answer for it"
    )
    assert "vous transmet : Formation" in titles(dean)[0]
    services.accept_referral(actor=Actor.of(dean), referral=row)
    newcomer = UserFactory()
    Membership.objects.create(user=newcomer, unit=empty, role=Role.MEMBER)
    Notice.objects.all().delete()
    services.refer(actor=office["us"], subject="Stage", **asked)
    assert set(Notice.objects.values_list("user_id", flat=True)) == {newcomer.pk}, "somebody is there now"


def test_whoever_is_refused_learns_nothing_and_whoever_is_let_in_reads(office) -> None:
    stranger = actor(UnitFactory(), Role.MEMBER)
    asker = User.objects.get(pk=stranger.user_id)
    for grant in (False, True):
        row = note(office, subject=SECRET, sharing="unit")
        request = access.ask_access(actor=stranger, record=row)
        assert SECRET in titles(office["anne"])[0]
        access.answer_access(actor=office["us"], request=request, grant=grant)
    assert [SECRET in title for title in titles(asker)] == [True, False]


def test_what_one_may_no_longer_read_is_neither_shown_nor_mailed(office, sink) -> None:
    note(office, subject=SECRET, sharing="unit", mentioned=[office["paul"]])
    services.add_task(
        actor=office["us"], title=SECRET, due_on=localdate(), owner=office["paul"], partner=office["partner"]
    )
    Membership.objects.filter(user=office["paul"]).delete()
    assert titles(office["paul"]) == []
    assert mailing.send() == 0
    assert NoticeMail.objects.get().state == "empty"
    assert sink.messages == []


def test_reminders_come_on_their_day_once_and_not_for_what_is_done(office, sink) -> None:
    today = localdate()
    for title, remind in (("Devis", today), ("Plus tard", today + dt.timedelta(days=1)), ("Fait", today)):
        row = services.add_task(
            actor=office["us"], title=title, due_on=today + dt.timedelta(days=3), remind_on=remind, recurrence="weekly"
        )
    services.finish_task(actor=office["us"], task=row)
    who = Actor.system("essai")
    notices.of_the_day(who, today=today)
    notices.of_the_day(who, today=today)
    assert titles(office["anne"]) == ["Rappel : Devis"]
    choose_paces(actor=office["us"], paces={"reminder": "at_once"})
    assert (mailing.send(), mailing.send()) == (1, 0)
    following = type(row).objects.get(title="Fait", done_at=None)
    assert following.due_on - following.remind_on == dt.timedelta(days=3), "the next one reminds as early"


def test_referents_are_told_two_weeks_before_a_relation_fades(office) -> None:
    today = localdate()
    partner = office["partner"]
    partner.referent = office["anne"]
    partner.save()
    PartnerUnit.objects.create(partner=partner, unit=office["unit"], referent=office["paul"])
    for days in (355, 30):
        note(office, kind="meeting", on=today - dt.timedelta(days=days))
    notices.of_the_day(Actor.system("essai"), today=today)
    assert titles(office["anne"]) == titles(office["paul"])
    assert "Forges du Nord : à revoir avant le" in titles(office["anne"])[0]
    note(office, kind="meeting", on=today - dt.timedelta(days=1))
    assert titles(office["anne"]) == [], "met meanwhile, there is no haste"


def test_a_server_that_is_away_makes_nothing_lost_and_nothing_twice(office, sink, settings) -> None:
    note(office, mentioned=[office["paul"]])
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert mailing.send() == 0
    assert NoticeMail.objects.count() == 0
    settings.EMAIL_PORT = port
    assert (mailing.send(), mailing.send()) == (1, 0)


def test_a_line_cut_after_the_message_leaves_a_doubt_and_nothing_is_sent_again(office, sink) -> None:
    note(office, mentioned=[office["paul"]])
    sink.cut_after = 0
    mailing.send()
    assert NoticeMail.objects.get().state == "doubt"
    assert mailing.send() == 0
    assert len(sink.messages) == 1


def test_a_sender_that_died_leaves_its_messages_in_doubt(office, sink, time_machine) -> None:
    note(office, mentioned=[office["paul"]])
    assert len(mailing.claim(now())) == 1
    assert mailing.send() == 0, "claimed: nobody else takes it"
    time_machine.move_to(now() + dt.timedelta(hours=1))
    assert mailing.send() == 0
    assert NoticeMail.objects.get().state == "doubt"
    assert len(titles(office["paul"])) == 1


def test_the_bell_says_how_many_and_the_page_costs_the_same(
    office, client: Client, django_assert_max_num_queries
) -> None:
    client.force_login(office["paul"])
    note(office, mentioned=[office["paul"]])
    url = reverse("institution:notices")
    page = client.get(url).text
    assert "Notifications : 1 nouvelle" in page
    for rank in range(12):
        note(office, text=f"Note {rank}", mentioned=[office["paul"]])
        services.add_task(actor=office["us"], title=f"Tâche {rank}", due_on=localdate(), owner=office["paul"])
    with django_assert_max_num_queries(9):
        page = client.get(url).text
    assert "Notifications : 25 nouvelles" in page
    client.post(reverse("institution:notices_seen"))
    assert "nouveau</span>" not in client.get(url).text


def test_one_chooses_on_a_page(office, client: Client) -> None:
    client.force_login(office["paul"])
    url = reverse("institution:notice_settings")
    client.post(url, {"mention": "weekly", "inconnu": "weekly"})
    assert reads.paces(office["paul"].pk)["mention"] == "weekly"
    assert client.post(url, {"mention": "souvent"}).status_code in {400, 409, 422}
    assert reads.paces(office["paul"].pk)["mention"] == "weekly"


def test_old_notices_go_away(office, time_machine) -> None:
    note(office, mentioned=[office["paul"]])
    who = Actor.system("essai")
    assert forget_notices(actor=who) == 0
    time_machine.move_to(now() + dt.timedelta(days=366))
    assert forget_notices(actor=who) == 1


def test_one_message_that_cannot_be_written_holds_back_nobody(office, sink, monkeypatch) -> None:
    other = UserFactory()
    Membership.objects.create(user=other, unit=office["unit"], role=Role.MEMBER)
    note(office, mentioned=[office["paul"], other])
    write = mailing.written

    def broken(mail):
        if mail.user == office["paul"]:
            raise KeyError("essai")
        return write(mail)

    monkeypatch.setattr(mailing, "written", broken)
    assert mailing.send() == 1
    assert sink.to() == [other.email]
    assert NoticeMail.objects.get(user=office["paul"]).state == "failed"
