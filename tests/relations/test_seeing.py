"""Collaborations seen as a list of any length, as a calendar, as a board; new relations have time; people of a list are written to."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from reciproque.engines.reciprocity import State
from reciproque.institution.models import Role, User
from reciproque.relations import picturing, pulses
from reciproque.relations.models import Campaign, CampaignRecipient, Collaboration, Interaction
from reciproque.relations.services import interactions
from reciproque.workspace import reads, services
from tests.factories import (
    CollaborationFactory,
    PartnerFactory,
    PersonFactory,
    PositionFactory,
    UnitFactory,
    actor,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def us(client: Client):
    who = actor(UnitFactory(), Role.MEMBER)
    client.force_login(User.objects.get(pk=who.user_id))
    return who


def test_the_list_goes_on_however_long_each_once(client: Client, us, django_assert_max_num_queries) -> None:
    unit = UnitFactory()
    for rank in range(120):
        CollaborationFactory(unit=unit, title=f"Titre {rank:03d}", moved_on=dt.date(2026, 10, 1) + rank // 7 * DAY)
    url, seen = reverse("relations:collaborations") + "?vue=liste", []
    while url:
        with django_assert_max_num_queries(16):
            answer = client.get(url)
        rows = list(answer.context["rows"])
        seen += [row.pk for row in rows]
        url = (
            reverse("relations:collaborations") + f"?vue=liste&apres={answer.context['next']}"
            if answer.context["next"]
            else ""
        )
    order = Collaboration.objects.order_by("-moved_on", "-pk").values_list("pk", flat=True)
    assert seen == list(order)


@pytest.mark.parametrize(
    "asked",
    ["apres=", "apres=2026-13-01.3", "apres=2026-10-01.x", "apres=..", "mois=2026-99", "mois=0001-01", "mois=9999-12"],
)
@pytest.mark.parametrize("look", ["liste", "calendrier"])
def test_odd_addresses_show_the_beginning(client: Client, us, look, asked) -> None:
    assert client.get(f"{reverse('relations:collaborations')}?vue={look}&{asked}").status_code == 200


def test_the_calendar_shows_each_on_its_day_and_keeps_what_is_reserved(client: Client, us) -> None:
    CollaborationFactory(title="Visite de l’atelier", starts_on=dt.date(2026, 11, 18))
    CollaborationFactory(title="Zanzibar", starts_on=dt.date(2026, 11, 19), sharing="unit")
    CollaborationFactory(title="Zanzibar", starts_on=dt.date(2026, 11, 20), sharing="restricted")
    CollaborationFactory(title="Refusée", starts_on=dt.date(2026, 11, 21), state="declined", reason="Non")
    CollaborationFactory(title="Décembre", starts_on=dt.date(2026, 12, 1))
    answer = client.get(reverse("relations:collaborations"), {"vue": "calendrier", "mois": "2026-11"})
    by_day = {cell["day"]: cell["rows"] for week in answer.context["weeks"] for cell in week}
    assert [row.title for row in by_day[dt.date(2026, 11, 18)]] == ["Visite de l’atelier"]
    assert len(by_day[dt.date(2026, 11, 19)]) == 1
    assert sum(map(len, by_day.values())) == answer.context["count"] == 2
    assert "Zanzibar" not in answer.text
    assert [week[0]["day"].weekday() for week in answer.context["weeks"]] == [0] * len(answer.context["weeks"])
    assert "mois=2026-10" in answer.text
    assert "mois=2026-12" in answer.text


def test_a_new_relation_has_until_it_is_no_longer_new(client: Client, us) -> None:
    today, partner = localdate(), PartnerFactory(referent_id=us.user_id)
    late = PartnerFactory(referent_id=us.user_id, name="Tard")
    unit = UnitFactory()
    for about, days in ((partner, 20), (late, 300)):
        interactions.record_interaction(
            actor=actor(unit, Role.MEMBER), partner=about, unit=unit, on=today - days * DAY, kind="visit", text="Vu"
        )
    pulse, _moments = pulses.live(partner.pk, today=today)
    beat = pulse.cadence
    assert beat.state == State.NEW
    assert picturing.act_day(beat.state, beat.lapses_on) == today + 160 * DAY
    assert not picturing.overdue(beat.state, beat.lapses_on, today)
    assert "donnez-lui une suite" in picturing.act_words(beat.state, beat.lapses_on, None, today)
    thread = client.get(reverse("directory:partner", args=[partner.pk])).text
    assert "dès maintenant" not in thread, "the mark of the thread says the same day as the sentence"
    text = client.get(reverse("relations:mine")).text
    assert text.count("dès maintenant") == 1, "of the one that is below the floor, not of the new one"
    assert text.index("Tard") < text.index(partner.name)


def test_the_people_of_a_list_or_those_ticked_are_written_to(client: Client, us) -> None:
    people = [PositionFactory(person=PersonFactory(email=f"p{rank}@acme.example")).person for rank in range(4)]
    page = client.get(reverse("directory:person_list")).text
    url = reverse("relations:campaign_from_list")
    assert page.count(url) == 2, "for the list, and for those ticked"
    for given, wanted in (
        ({"liste": "", "ids": [people[1].pk, people[3].pk, "x"]}, {people[1].pk, people[3].pk}),
        ({"liste": f"q={people[2].last_name}", "toutes": "1"}, {people[2].pk}),
    ):
        answer = client.post(url, given)
        audience = answer.context["audience"]
        unit = us.units(Role.MEMBER)[0]
        client.post(reverse("relations:campaign_create"), {"title": "Forum", "unit": unit, "audience": audience})
        row = Campaign.objects.latest("pk")
        step = reverse("relations:campaign_recipients", args=[row.pk])
        form = client.get(step).context["form"]
        client.post(step, {"address": form["address"].value()})
        chosen = CampaignRecipient.objects.filter(campaign=row).values_list("person_id", flat=True)
        assert set(chosen) == wanted
        row.refresh_from_db()
        client.post(step, {"address": f"?{row.audience}"})
        assert set(CampaignRecipient.objects.filter(campaign=row).values_list("person_id", flat=True)) == wanted
    assert client.post(url, {"liste": ""}).status_code == 302, "nobody ticked: one is told"


def test_a_reader_writes_to_nobody(client: Client) -> None:
    client.force_login(User.objects.get(pk=actor(UnitFactory(), Role.READER).user_id))
    url = reverse("relations:campaign_from_list")
    assert url not in client.get(reverse("directory:person_list")).text
    assert client.post(url, {"toutes": "1"}).status_code == 403
    assert not Interaction.objects.exists()


def test_those_who_steer_see_what_lapses_and_what_hangs_by_a_thread(client: Client) -> None:
    unit, today = UnitFactory(), localdate()
    fading, asleep = PartnerFactory(name="Chantiers Kerhuel"), PartnerFactory(name="Biscuiterie du Port")
    writer = actor(unit, Role.MEMBER)
    for days in (340, 350):
        interactions.record_interaction(
            actor=writer, partner=fading, unit=unit, on=today - days * DAY, kind="visit", text="Visite"
        )
    for title, days in (("Jury", 500), ("Cours", 480)):
        CollaborationFactory(partner=asleep, unit=unit, title=title, state="done", starts_on=today - days * DAY)
    pulses.refresh([fading.pk, asleep.pk])
    steering = actor(unit, Role.STEERING)
    found = {pile.key: pile for pile in reads.to_do(steering)}
    assert [item.title for item in found["relations_lapsing"].items] == ["Chantiers Kerhuel"]
    client.force_login(User.objects.get(pk=steering.user_id))
    assert "Chantiers Kerhuel" in client.get(found["relations_lapsing"].url or "/").text
    services.hide_item(actor=steering, key=f"relations_lapsing:{fading.pk}", until=None)
    assert "relations_lapsing" not in {pile.key for pile in reads.to_do(steering)}
    assert "relations_lapsing" not in {pile.key for pile in reads.to_do(writer)}
