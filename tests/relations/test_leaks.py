"""The secret word of something reserved is nowhere for those who may not read it; its existence is, where it may be known."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role, Unit
from reciproque.relations import counting, services
from reciproque.relations.models import Collaboration, Interaction, Need
from tests.factories import PartnerFactory, PersonFactory, UnitFactory, UserFactory, dispositif

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
        reverse("relations:collaboration_create", args=[pk]),
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
