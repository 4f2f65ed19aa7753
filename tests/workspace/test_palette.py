"""The palette and the search page: what they find, for whom, where they lead, what they cost."""

import re

import pytest
from django.urls import reverse

from reciproque.directory import search
from reciproque.directory.models import PartnerUnit, Sharing
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from reciproque.workspace import palette
from tests.factories import PartnerFactory, PersonFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def unit() -> Unit:
    return UnitFactory()


@pytest.fixture
def enter(client, unit):
    def as_(role: Role = Role.MEMBER) -> Actor:
        who = actor(unit, role)
        client.force_login(User.objects.get(pk=who.user_id))
        return who

    return as_


def indexed(*, partners=(), people=()) -> None:
    search.refresh(partner_ids=[one.pk for one in partners], person_ids=[one.pk for one in people])


def asked(client, text: str = "", **more: str) -> str:
    return client.get(reverse("workspace:palette"), {"q": text, **more}, headers=HTMX).text


def test_records_found_lead_to_their_pages(client, enter) -> None:
    enter()
    partner, person = PartnerFactory(name="Fonderie du Val", city="Angers"), PersonFactory(last_name="Fondeval")
    indexed(partners=[partner], people=[person])
    page = asked(client, "fond val")
    assert f'data-href="{reverse("directory:partner", args=[partner.pk])}"' in page
    assert 'data-scope="org"' in page
    assert "Angers" in page
    page = asked(client, "fondev")
    assert f'data-href="{reverse("directory:person", args=[person.pk])}"' in page


@pytest.mark.parametrize(("text", "scope"), [("fonde", "pers"), ("pers: fonde", ""), ("Contact : fonde", "")])
def test_a_scope_restricts_the_search(client, enter, text: str, scope: str) -> None:
    enter()
    partner, person = PartnerFactory(name="Fonderie"), PersonFactory(last_name="Fondeval")
    indexed(partners=[partner], people=[person])
    page = asked(client, text, scope=scope)
    assert reverse("directory:person", args=[person.pk]) in page
    assert reverse("directory:partner", args=[partner.pk]) not in page


def test_nothing_typed_offers_what_one_knows_pages_and_creations(client, enter, unit) -> None:
    who = enter()
    carried = PartnerFactory(name="Atelier que je suis")
    PartnerUnit.objects.create(partner=carried, unit=unit, referent_id=who.user_id)
    page = asked(client)
    assert reverse("directory:partner", args=[carried.pk]) in page
    assert reverse("directory:partner_create") in page
    assert f'data-href="{reverse("workspace:home")}"' in page


def test_an_action_or_a_page_that_is_named_comes_before_partners_that_look_alike(enter, unit) -> None:
    who = enter()
    towns = (("Maçonnerie Renaud", "Notre-Dame-des-Landes"), ("Besson", "Besné"))
    indexed(partners=[PartnerFactory(name=name, city=city, unit=unit) for name, city in towns])
    for typed, label in (
        ("noter", "Noter un échange"), ("éch", "Noter un échange"), ("besoin", "Besoins"), ("nouvelle camp", "Nouvelle campagne"),
        ("courriels", "Courriels et agenda"),
    ):  # fmt: skip
        sections = palette.answer(who, typed)
        assert str(sections[0].rows[0].label) == label, typed
    assert "Créer le partenaire" not in repr(palette.answer(who, "noter")), "an action was meant"
    assert str(palette.answer(who, "be")[0].title) == "Partenaires", "two letters name nothing yet"


def test_what_is_not_found_may_be_created_under_that_name(client, enter) -> None:
    enter()
    assert f"{reverse('directory:partner_create')}?nom=Zzyx+%26+fils" in asked(client, "Zzyx & fils")
    assert 'value="Zzyx &amp; fils"' in client.get(reverse("directory:partner_create"), {"nom": "Zzyx & fils"}).text
    someone = client.get(reverse("directory:person_create"), {"nom": "Anne Zzyx"}).text
    assert 'value="Anne"' in someone
    assert 'value="Zzyx"' in someone
    client.logout()
    enter(Role.READER)
    assert reverse("directory:partner_create") not in asked(client, "Zzyx & fils")


@pytest.mark.parametrize("text", ["", "secret", "org: secret", "pers: secret"])
@pytest.mark.parametrize("where", ["palette", "search"])
def test_what_is_kept_to_others_is_never_shown(client, enter, text: str, where: str) -> None:
    who = enter()
    hidden = [
        PartnerFactory(name="Secret Industrie", sharing=Sharing.RESTRICTED),
        PartnerFactory(name="Secret Atelier", sharing=Sharing.UNIT, unit=UnitFactory()),
    ]
    someone = PersonFactory(last_name="Secretan", sharing=Sharing.RESTRICTED)
    for one in hidden:
        PartnerUnit.objects.create(partner=one, unit=UnitFactory(), referent_id=who.user_id)
    indexed(partners=hidden, people=[someone])
    page = client.get(reverse(f"workspace:{where}"), {"q": text}, headers=HTMX).text
    assert "Secret Industrie" not in page
    assert "Secret Atelier" not in page
    assert "Secretan" not in page


def test_names_are_escaped(client, enter) -> None:
    enter()
    partner = PartnerFactory(name='<b onclick="x">Gras</b>')
    indexed(partners=[partner])
    for page in (asked(client, "gras"), client.get(reverse("workspace:search"), {"q": "gras"}).text):
        assert "<b onclick" not in page
        assert "&lt;b onclick=&quot;x&quot;&gt;Gras" in page


@pytest.mark.parametrize("text", ["\0", "' OR 1=1 --", "a:*&!b", "é" * 500, "%%_", "org:", "(", "\\"])
def test_any_text_is_answered(client, enter, text: str) -> None:
    enter()
    assert client.get(reverse("workspace:palette"), {"q": text}, headers=HTMX).status_code == 200
    assert client.get(reverse("workspace:search"), {"q": text}).status_code == 200


@pytest.mark.parametrize("rows", [1, 12])
@pytest.mark.parametrize("text", ["", "fonderie"])
def test_the_palette_costs_the_same_whatever_it_finds(
    client, enter, unit, django_assert_max_num_queries, rows: int, text: str
) -> None:
    who = enter()
    partners = [PartnerFactory(name=f"Fonderie {n}") for n in range(rows)]
    for one in partners:
        PartnerUnit.objects.create(partner=one, unit=unit, referent_id=who.user_id)
    indexed(partners=partners, people=[PersonFactory(last_name=f"Fonderieux {n}") for n in range(rows)])
    with django_assert_max_num_queries(14):
        assert client.get(reverse("workspace:palette"), {"q": text}, headers=HTMX).status_code == 200


def test_without_script_the_palette_is_the_search_page(client, enter) -> None:
    enter()
    assert (
        client.get(reverse("workspace:palette"), {"q": "fond"})["Location"] == f"{reverse('workspace:search')}?q=fond"
    )
    home = client.get(reverse("workspace:home")).text
    assert f'data-palette-url="{reverse("workspace:palette")}"' in home


def test_every_line_leads_somewhere_and_says_something(enter) -> None:
    who = enter()
    indexed(partners=[PartnerFactory(name="Fonderie")])
    for text in ("", "fonderie", "acc", "zzzz"):
        for section in palette.answer(who, text):
            assert section.title
            for row in section.rows:
                assert re.match(r"/", row.href)
                assert str(row.label)
