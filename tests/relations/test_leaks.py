"""The secret word of something reserved is nowhere for those who may not read it; its existence is, where it may be known."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role, Unit
from reciproque.relations import counting, services
from reciproque.relations.campaigns import sending
from reciproque.relations.capture import feeding
from reciproque.relations.models import (
    Collaboration,
    Interaction,
    InteractionFile,
    Invitation,
    Need,
    Referral,
    Solicitation,
    Task,
)
from reciproque.relations.services import campaigns
from tests.access.everywhere import everywhere, text_of
from tests.access.samples import world
from tests.factories import (
    PartnerFactory,
    PersonFactory,
    PositionFactory,
    UnitFactory,
    UserFactory,
    actor,
    dispositif,
)

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar"


def enter(client: Client, unit: Unit, role: Role = Role.MANAGER) -> None:
    user = UserFactory()
    Membership.objects.create(user=user, unit=unit, role=role)
    client.force_login(user)


@pytest.fixture
def hidden(request: pytest.FixtureRequest) -> tuple[object, Interaction, Collaboration, Need]:
    """A partner with an exchange, a collaboration and a need that hold the word, shared as asked."""
    sharing = request.param
    unit, partner, who = (
        UnitFactory(name="Service secret"),
        PartnerFactory(name="Forges du Nord"),
        Actor.system("essai"),
    )
    readers = [UserFactory()]
    exchange = services.record_interaction(
        actor=who, partner=partner, unit=unit, on=localdate() - dt.timedelta(days=9), kind="visit", subject=SECRET, text=SECRET,
        place=SECRET, people=[PersonFactory(last_name=f"{SECRET}ovitch", sharing="restricted")], sharing=sharing, readers=readers,
        colleagues=[],
    )  # fmt: skip
    Invitation.objects.create(
        interaction=exchange, person=exchange.people.get().person, email=f"{SECRET}@acme.example", answer="declined", words=SECRET,
        answered_at=now(),
    )  # fmt: skip
    InteractionFile.objects.create(interaction=exchange, name=f"{SECRET}.pdf", size=4, digest="0" * 64)
    services.record_interaction(
        actor=who, partner=partner, unit=unit, on=localdate() + dt.timedelta(days=9), kind="visit", subject=SECRET, place=SECRET,
        sharing=sharing, readers=readers, colleagues=[],
    )  # fmt: skip
    Task.objects.create(
        title=SECRET,
        owner=readers[0],
        partner=partner,
        unit=unit,
        due_on=localdate(),
        interaction=exchange,
        private=True,
    )
    Solicitation.objects.create(
        partner=partner, unit=unit, subject=SECRET, on=localdate(), sharing=sharing, answer=SECRET, override=SECRET
    )
    Referral.objects.create(
        partner=partner, from_unit=unit, to_unit=UnitFactory(), subject=SECRET, text=SECRET, author=readers[0]
    )
    joint = services.open_collaboration(
        actor=who, partner=partner, unit=unit, dispositif=dispositif("patronage"), title=SECRET, text=SECRET, state="done",
        starts_on=localdate() - dt.timedelta(days=20), received={"euros": 1234567}, sharing=sharing, readers=readers, colleagues=[],
    )  # fmt: skip
    need = services.record_need(
        actor=who, partner=partner, unit=unit, title=SECRET, text=SECRET, sharing=sharing, readers=readers
    )
    counting.count(today=localdate())
    return partner, exchange, joint, need


def pages(hidden: tuple[object, Interaction, Collaboration, Need]) -> list[str]:
    """Every page on which something of it could show."""
    partner, exchange, joint, _need = hidden
    pk = partner.pk  # type: ignore[attr-defined]
    home = reverse("directory:partner", args=[pk])
    return [
        home, *(f"{home}?onglet={tab}" for tab in ("chronologie", "ensemble", "historique", "personnes", "sites")),
        reverse("relations:timeline", args=[pk]), reverse("relations:counted", args=[pk]), reverse("relations:review", args=[pk]),
        reverse("relations:interaction", args=[exchange.pk]), reverse("relations:collaboration", args=[joint.pk]),
        reverse("relations:collaborations"), reverse("relations:collaborations") + "?vue=liste",
        reverse("relations:collaborations") + f"?vue=liste&q={SECRET[:5]}", reverse("relations:needs"), reverse("relations:tasks"),
        reverse("relations:mine") + "?qui=entites", reverse("relations:board"), reverse("relations:figures") + "?chiffre=new", "/",
        f"/recherche/?q={SECRET[:5]}", f"/palette/?q={SECRET[:5]}", reverse("relations:interaction_create", args=[pk]),
        reverse("relations:collaboration_create", args=[pk]), reverse("relations:before", args=[pk]),
        reverse("relations:solicitations"), reverse("relations:solicit", args=[pk]), reverse("relations:referrals"),
        reverse("relations:access_requests"), reverse("relations:mail"), reverse("relations:campaigns"), reverse("relations:releases"),
        reverse("relations:tasks") + "?qui=entite", reverse("relations:refer", args=[pk]), reverse("directory:person_list"),
        reverse("directory:partner_list") + f"?q={SECRET[:5]}", reverse("relations:interaction_quick") + f"?q={SECRET[:5]}",
    ]  # fmt: skip


@pytest.mark.parametrize("hidden", ["unit", "restricted"], indirect=True)
@pytest.mark.parametrize("role", [Role.MANAGER, Role.READER])
def test_the_word_is_nowhere(
    client: Client, hidden: tuple[object, Interaction, Collaboration, Need], role: Role
) -> None:
    enter(client, UnitFactory(), role)
    for address in pages(hidden):
        text = client.get(address).text
        assert SECRET not in text, address
        assert "1 234 567" not in text.replace("\u202f", " ").replace("\xa0", " "), address
    for name in ("collaborations_export", "figures_export"):
        answer = client.post(reverse(f"relations:{name}") + "?chiffre=new")
        assert SECRET not in b"".join(answer.streaming_content).decode(), name  # type: ignore[attr-defined]


def whole(hidden: tuple[object, Interaction, Collaboration, Need]) -> dict[str, object]:
    """The hidden records, by the names of the parameters of addresses."""
    partner, exchange, joint, need = hidden
    person = exchange.people.get().person
    return {
        "partner_id": partner.pk, "interaction_id": exchange.pk, "collaboration_id": joint.pk, "need_id": need.pk, "record_id": exchange.pk,  # type: ignore[attr-defined]
        "person_id": person.pk, "pk": lambda name: person.pk if "person" in name or "position" in name else partner.pk,  # type: ignore[attr-defined]
        "task_id": Task.objects.get().pk, "referral_id": Referral.objects.get().pk, "solicitation_id": Solicitation.objects.get().pk,
        "file_id": InteractionFile.objects.get().pk,
    }  # fmt: skip


EVERYTHING = (Role.MANAGER, Role.STEERING, Role.DPO, Role.ADMINISTRATOR)
QUERIES = ("", f"?q={SECRET[:5]}", "?onglet=chronologie", "?onglet=historique", "?vue=liste")


@pytest.mark.parametrize("hidden", ["unit", "restricted"], indirect=True)
def test_no_address_that_exists_says_it(
    client: Client, hidden: tuple[object, Interaction, Collaboration, Need]
) -> None:
    """Whatever `reciproque urls` lists is asked about the hidden records, by somebody who holds every role but theirs; then sent nothing."""
    stranger = UserFactory()
    for role in EVERYTHING:
        Membership.objects.create(user=stranger, unit=UnitFactory(), role=role)
    found, about, opened = world(), whole(hidden), set()
    for method, queries in (("GET", QUERIES), ("POST", ("",))):
        for name, address in everywhere(found, about, method):
            client.force_login(stranger)
            for query in queries:
                code, text = text_of(client, method, address + query)
                assert SECRET not in text, (name, method, address + query, code)
                assert "1 234 567" not in text.replace("\u202f", " ").replace("\xa0", " "), (name, address)
                assert code < 500 or code == 503, (name, method, code)
                if code != 200:
                    break  # what the address adds changes nothing there
                opened.add(name)
    assert {"directory:partner", "relations:timeline", "relations:solicitations", "relations:figures_export"} <= opened
    assert len(opened) > 80


def tries(hidden: tuple[object, Interaction, Collaboration, Need]) -> list[tuple[str, dict[str, str]]]:
    """What one could send to make an error page speak: wrong moves, stale versions, answers owed by others."""
    partner, exchange, joint, need = hidden
    pk = partner.pk  # type: ignore[attr-defined]
    referral, asked = Referral.objects.get(), Solicitation.objects.get()
    task, file = Task.objects.get(), InteractionFile.objects.get()
    whole = {"title": "x", "text": "x", "on": "2026-01-01", "due_on": "2026-01-01"}
    return [
        (reverse("relations:interaction", args=[exchange.pk]), whole | {"version": "0"}),
        *((reverse("relations:interaction_move", args=[exchange.pk, name]), {}) for name in ("confirmer", "annuler", "retablir")),
        (reverse("relations:collaboration_edit", args=[joint.pk]), whole | {"version": "0"}),
        *((reverse("relations:collaboration_move", args=[joint.pk, name]), {}) for name in ("decline", "reopen", "agree")),
        *((reverse("relations:need_move", args=[need.pk, name]), {"reason": ""}) for name in ("drop", "answer")),
        *((reverse("relations:task_move", args=[task.pk, name]), {}) for name in ("faire", "reprendre")),
        *((reverse("relations:referral_move", args=[referral.pk, name]), {"reason": ""}) for name in ("accepter", "decliner", "repondre")),
        *((reverse("relations:solicitation_move", args=[asked.pk, name]), {}) for name in ("accepted", "annuler")),
        (reverse("relations:attachment", args=[file.pk]), {}),
        (reverse("relations:interaction_create", args=[pk]), {"kind": "note", "collaboration": str(joint.pk)}),
        (reverse("relations:collaboration_create", args=[pk]), {"dispositif": str(joint.dispositif_id), "readers": "0"}),
        *((reverse("relations:access_ask", args=[kind, row.pk]), {}) for kind, row in (("echange", exchange), ("collaboration", joint))),
    ]  # fmt: skip


@pytest.mark.parametrize("hidden", ["unit", "restricted"], indirect=True)
def test_no_error_page_repeats_it_and_nothing_changes(
    client: Client, hidden: tuple[object, Interaction, Collaboration, Need]
) -> None:
    enter(client, UnitFactory(), Role.MEMBER)
    Interaction.objects.filter(pk=hidden[1].pk).update(author=UserFactory())
    before = {model: list(model.objects.order_by("pk").values()) for model in (Interaction, Collaboration, Need, Task)}
    for address, data in tries(hidden):
        for answer in (client.post(address, data), client.get(address)):
            assert SECRET not in answer.text, (address, answer.status_code)
            assert answer.status_code < 500, address
            for message in get_messages(answer.wsgi_request):
                assert SECRET not in str(message), address
    for model, rows in before.items():
        assert list(model.objects.order_by("pk").values()) == rows, model


@pytest.mark.parametrize("hidden", ["unit", "restricted"], indirect=True)
def test_ones_own_calendar_and_what_is_counted_of_others_do_not_hold_it(
    client: Client, hidden: tuple[object, Interaction, Collaboration, Need]
) -> None:
    stranger, author = UserFactory(), UserFactory()
    for user in (stranger, author):
        Membership.objects.create(user=user, unit=UnitFactory(), role=Role.MEMBER)
    assert SECRET.encode() not in feeding.written(stranger, today=localdate())
    Interaction.objects.filter(partner=hidden[0]).update(author=author)
    assert SECRET.encode() in feeding.written(author, today=localdate()), "what one wrote is in one's own calendar"
    client.force_login(stranger)
    for figure in ("new", "alive", "fragile", "to_revive", "dormant"):
        text = client.get(reverse("relations:figures"), {"chiffre": figure}).text
        assert SECRET not in text
        assert hidden[1].sharing == "unit" or "Forges du Nord" not in text, "what is restricted makes no relation"


@pytest.mark.parametrize("hidden", ["unit", "restricted"], indirect=True)
def test_the_history_of_its_tables_is_on_no_page_of_the_partner(
    client: Client, hidden: tuple[object, Interaction, Collaboration, Need]
) -> None:
    partner, exchange, _joint, _need = hidden
    who = Actor.system("essai")
    services.edit_interaction(actor=who, interaction=exchange, version=None, text="Rien", subject="Rien", place="")
    services.cancel_interaction(actor=who, interaction=exchange)
    enter(client, UnitFactory(), Role.DATA_STEWARD)
    home = reverse("directory:partner", args=[partner.pk])  # type: ignore[attr-defined]
    for tab in ("historique", "chronologie", "ensemble"):
        assert SECRET not in client.get(f"{home}?onglet={tab}").text
    person = exchange.people.get().person
    assert client.get(reverse("directory:person", args=[person.pk])).status_code == 404


def test_a_person_kept_by_another_unit_is_named_nowhere_by_what_was_asked_of_them(client: Client) -> None:
    """Somebody of two units writes to a person whom one of them keeps: the colleagues of the other read of a message, not of whom."""
    theirs, ours, partner = UnitFactory(), UnitFactory(), PartnerFactory(name="Forges du Nord")
    writer = UserFactory()
    Membership.objects.create(user=writer, unit=theirs, role=Role.MEMBER)
    both = actor(ours, Role.MEMBER, writer)
    person = PersonFactory(
        first_name=SECRET, last_name=f"{SECRET}ovitch", sharing="unit", unit=theirs, email="z@acme.example"
    )
    PositionFactory(person=person, partner=partner)
    campaign = campaigns.create_campaign(
        actor=both, unit=ours, title="Forum", subject="{{ prenom }} {{ nom }}, venez au forum", body="Bonjour {{ nom }}"
    )
    campaigns.choose_recipients(actor=both, campaign=campaign, query="")
    campaigns.start_campaign(actor=both, campaign=campaign)
    sending.send(campaign.pk)
    services.open_collaboration(
        actor=both, partner=partner, unit=ours, dispositif=dispositif("talk"), people=[person], title="Conférence"
    )
    joint = Collaboration.objects.get()
    enter(client, ours, Role.MEMBER)
    exchange = Interaction.objects.get()
    addresses = [
        reverse("relations:solicitations"), reverse("relations:interaction", args=[exchange.pk]),
        reverse("relations:collaboration", args=[joint.pk]), reverse("relations:before", args=[partner.pk]),
        reverse("directory:partner", args=[partner.pk]), reverse("relations:counted", args=[partner.pk]),
        reverse("relations:campaign", args=[campaign.pk]), reverse("relations:collaboration_edit", args=[joint.pk]),
    ]  # fmt: skip
    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, SECRET in answer.text) == (200, False), address
    assert "venez au forum" in client.get(addresses[0]).text
    me = actor(ours, Role.MEMBER)
    services.edit_interaction(actor=me, interaction=exchange, version=None, people=[], text="Relu")
    assert exchange.people.get().person == person, "whom the editor may not read stays"
    client.force_login(writer)
    for address in addresses[:3]:
        assert SECRET in client.get(address).text, address


@pytest.mark.parametrize("hidden", ["unit"], indirect=True)
def test_colleagues_know_that_it_exists_and_whom_to_ask(
    client: Client, hidden: tuple[object, Interaction, Collaboration, Need]
) -> None:
    enter(client, UnitFactory())
    text = client.get(pages(hidden)[0]).text
    assert "contenu réservé" in text
    assert "Service secret" in text
    assert "Mécénat" in text


@pytest.mark.parametrize("hidden", ["restricted"], indirect=True)
def test_what_is_restricted_shows_nothing_at_all(
    client: Client, hidden: tuple[object, Interaction, Collaboration, Need]
) -> None:
    enter(client, UnitFactory())
    text = client.get(pages(hidden)[0]).text
    assert "contenu réservé" not in text
    assert "Mécénat" not in text
    assert "Le fil commence avec la première rencontre" in text
    assert client.get(pages(hidden)[9]).status_code == client.get(pages(hidden)[10]).status_code == 404


@pytest.mark.parametrize("hidden", ["unit", "restricted"], indirect=True)
def test_its_readers_read_it(client: Client, hidden: tuple[object, Interaction, Collaboration, Need]) -> None:
    _partner, exchange, _joint, _need = hidden
    if exchange.sharing == "unit":
        enter(client, exchange.unit, Role.READER)
    else:
        reader = exchange.readers.get().user
        Membership.objects.create(user=reader, unit=UnitFactory(), role=Role.READER)
        client.force_login(reader)
    assert SECRET in client.get(pages(hidden)[0]).text


@pytest.mark.parametrize("rows", [1, 12])
def test_the_timeline_costs_the_same_however_long(
    client: Client, django_assert_max_num_queries: object, rows: int
) -> None:
    unit, partner, who = UnitFactory(), PartnerFactory(), Actor.system("essai")
    for rank in range(rows):
        services.record_interaction(
            actor=who, partner=partner, unit=unit, on=localdate() - dt.timedelta(days=rank), kind="visit", text="Visite",
            people=[PersonFactory()], colleagues=[UserFactory()],
        )  # fmt: skip
        services.open_collaboration(actor=who, partner=partner, unit=unit, dispositif=dispositif("talk"))
    enter(client, unit)
    for address, most in (
        (reverse("directory:partner", args=[partner.pk]), 42),
        (reverse("relations:timeline", args=[partner.pk]), 14),
        (reverse("relations:collaborations"), 16),
        (reverse("relations:mine") + "?qui=entites", 10),
        (reverse("relations:board"), 20),
        (reverse("relations:counted", args=[partner.pk]), 14),
    ):
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            assert client.get(address).status_code == 200
