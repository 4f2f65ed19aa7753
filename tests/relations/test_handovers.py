"""A partner changes hands: whoever leaves is asked for a word, whoever comes reads it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reciproque.directory import services as directory
from reciproque.foundation.errors import Forbidden, IllegalTransition
from reciproque.institution.access import Actor
from reciproque.institution.models import Notice, Role, User
from reciproque.institution.notices import reads
from reciproque.relations import inbox, services
from reciproque.relations.models import Handover, Interaction
from tests.factories import PartnerFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    unit = UnitFactory()
    boss, old, new = (actor(unit, role) for role in (Role.MANAGER, Role.MEMBER, Role.MEMBER))
    partner = PartnerFactory(name="Forges du Nord", unit=unit, referent_id=old.user_id)
    return {"unit": unit, "partner": partner, "boss": boss, "old": old, "new": new}


def user(who: Actor) -> User:
    return User.objects.get(pk=who.user_id)


@pytest.fixture
def announced(monkeypatch):
    """What the directory announces, done at once."""

    def at_once(event: str, **facts) -> None:
        assert event == "directory.referents_changed"
        services.begin_handovers(actor=Actor.system("essai"), **facts)

    monkeypatch.setattr("reciproque.directory.services.common.announce", at_once)


def why(who: Actor) -> list[str]:
    return [item.why for item in inbox.to_hand_over(who, frozenset()).items]


def pass_on(office, *, to="new") -> None:
    office["partner"].refresh_from_db()
    version = office["partner"].version
    directory.set_referent(actor=office["boss"], partner=office["partner"], version=version, referent=user(office[to]))


def test_from_the_change_to_the_note_read(client: Client, office, announced) -> None:
    pass_on(office)
    row = Handover.objects.get()
    assert (row.was_id, row.now_id, row.state) == (office["old"].user_id, office["new"].user_id, "waiting")
    assert "laissez-lui l’essentiel" in why(office["old"])[0]
    assert "avant vous : " in why(office["new"])[0]
    assert why(office["boss"]) == []
    client.force_login(user(office["old"]))
    url = reverse("relations:handover", args=[row.pk])
    assert "Forges du Nord" in client.get(url).text
    assert client.post(url, {"text": " "}).status_code == 422
    client.post(url, {"text": "Appeler **Mme Faure** d’abord"})
    note = Interaction.objects.get()
    assert (note.kind, [one.user_id for one in note.colleagues.filter(mentioned=True)]) == ("note", [row.now_id])
    assert "vous a laissé une note" in why(office["new"])[0]
    assert why(office["old"]) == []
    told = [(line.told.title, line.told.detail, line.told.url) for line in reads.page(office["new"], 0)[0]]
    left = f"{user(office['old'])} vous a laissé une note."
    assert told == [("Forges du Nord : vous en voilà référent", left, reverse("relations:interaction", args=[note.pk]))]
    assert "<strong>Mme Faure</strong>" in client.get(reverse("directory:partner", args=[row.partner_id])).text
    with pytest.raises(IllegalTransition):
        services.close_handover(actor=office["old"], handover=row)


def test_told_twice_it_begins_once_and_a_change_of_mind_is_followed(office, announced) -> None:
    pass_on(office)
    change = [[office["partner"].pk, 0, office["old"].user_id, office["new"].user_id]]
    assert services.begin_handovers(actor=Actor.system("essai"), changes=change, by=0) == 0
    pass_on(office, to="boss")
    row = Handover.objects.get()
    assert (row.was_id, row.now_id) == (office["old"].user_id, office["boss"].user_id), (
        "the note goes to whoever has it"
    )
    pass_on(office, to="old")
    row.refresh_from_db()
    assert row.state == "closed", "given back: nothing to hand over"
    assert why(office["old"]) == []


def test_a_first_referent_is_told_and_nobody_owes_a_note(office, announced) -> None:
    partner = PartnerFactory(unit=office["unit"])
    directory.tie_unit(actor=office["boss"], partner=partner, unit=office["unit"], referent=user(office["new"]))
    row = Handover.objects.get()
    assert (row.unit, row.was, row.state) == (office["unit"], None, "closed")
    assert why(office["new"]) == ["Vous en êtes référent."]
    assert Notice.objects.get().kind == "handover"


def test_many_at_once_are_announced_together(office, announced) -> None:
    partners = PartnerFactory.create_batch(3, unit=office["unit"], referent_id=office["old"].user_id)
    change = directory.edit_partners(
        actor=office["boss"], ids=[one.pk for one in partners], changes={"referent": user(office["new"])}
    )
    assert change.count == Handover.objects.filter(was=office["old"].user_id).count() == 3
    assert inbox.to_hand_over(office["old"], frozenset()).count == 3


def test_only_those_concerned_read_and_write_it(client: Client, office, announced) -> None:
    pass_on(office)
    row = Handover.objects.get()
    with pytest.raises(Forbidden):
        services.write_handover(actor=office["new"], handover=row, text="Moi")
    client.force_login(user(actor(office["unit"], Role.MANAGER)))
    assert client.get(reverse("relations:handover", args=[row.pk])).status_code == 404
    client.force_login(user(office["boss"]))
    client.post(reverse("relations:handover_close", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == "closed"


def test_a_whole_portfolio_changes_hands_in_as_many_questions_as_one_partner(office, django_assert_num_queries) -> None:
    old, new = office["old"].user_id, office["new"].user_id
    partners = [PartnerFactory(unit=office["unit"]).pk for _n in range(30)]
    with CaptureQueriesContext(connection) as one:
        services.begin_handovers(actor=Actor.system("essai"), changes=[[partners[0], 0, old, new]], by=0)
    with django_assert_num_queries(len(one)):
        services.begin_handovers(
            actor=Actor.system("essai"), changes=[[partner, 0, old, new] for partner in partners[1:]], by=0
        )
    assert Handover.objects.filter(state="waiting", was=old, now=new).count() == 30
