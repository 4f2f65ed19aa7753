"""What is pasted fills the form: feet of e-mails, letterheads, cards; and any text at all breaks nothing."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from reciproque.directory.models import Partner, Person
from reciproque.directory.records.pasting import read_pasted
from reciproque.institution.models import User
from tests.factories import PartnerFactory, UnitFactory, actor

FOOT = """Hélène FAURE
Directrice industrielle
Mécanique Loire-Atlantique
12 rue de la Fonderie – 44600 SAINT-NAZAIRE
Tél. : 02 40 22 31 45 | Port. 06 39 98 11 22
h.faure@mecaloire.example – www.mecaloire.example"""
LETTERHEAD = """Fonderie du Val
ZA des Landes
49000 Angers
SIRET : 552 100 554 00013
Tél : +33 2 41 00 00 01
Fax : 02 41 00 00 02
contact@fonderie.example"""


def test_the_foot_of_a_message_makes_a_person() -> None:
    assert read_pasted(FOOT, person=True) == {
        "first_name": "Hélène",
        "last_name": "Faure",
        "title": "Directrice industrielle",
        "phone": "+33240223145",
        "mobile": "+33639981122",
        "email": "h.faure@mecaloire.example",
    }


def test_a_letterhead_makes_a_partner() -> None:
    assert read_pasted(LETTERHEAD, person=False) == {
        "name": "Fonderie du Val",
        "address": "ZA des Landes",
        "postcode": "49000",
        "city": "Angers",
        "siren": "55210055400013",
        "phone": "+33241000001",
        "email": "contact@fonderie.example",
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mme Claire Le Bihan", ("Claire", "Le Bihan")),
        ("LE GOFF Yann", ("Yann", "Le Goff")),
        ("Yann LE GOFF", ("Yann", "Le Goff")),
        ("Monsieur Jean-Pierre Durand", ("Jean-Pierre", "Durand")),
        ("Durand", ("", "Durand")),
    ],
)
def test_names_in_either_order(text: str, names: tuple[str, str]) -> None:
    found = read_pasted(text, person=True)
    assert (found["first_name"], found["last_name"]) == names


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Ateliers\n1 bis, rue X, 44000 Nantes Cedex 1", "address", "1 bis, rue X"),
        ("Ateliers\n552100554", "siren", "552100554"),
        ("Ateliers W491000123", "rna", "W491000123"),
        ("Ateliers 0240223145", "phone", "+33240223145"),
        ("06 39 98 11 22\nAteliers", "name", "Ateliers"),
        ("Ateliers\n123 456 789", "siren", None),
        ("Ateliers\n99999 Ailleurs", "postcode", None),
    ],
)
def test_pieces_are_known_by_their_form(text: str, field: str, value: str | None) -> None:
    assert read_pasted(text, person=False).get(field) == value


@given(st.text(max_size=600), st.booleans())
def test_any_text_gives_fields_and_never_an_error(text: str, person: bool) -> None:
    found = read_pasted(text, person=person)
    assert all(isinstance(value, str) for value in found.values())
    assert found == read_pasted(text, person=person)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["partner", "person"])
def test_the_form_is_filled_and_nothing_saved(client, kind: str) -> None:
    client.force_login(User.objects.get(pk=actor(UnitFactory()).user_id))
    employer = PartnerFactory()
    where = reverse(f"directory:{kind}_create") + (f"?partenaire={employer.pk}" if kind == "person" else "")
    page = client.post(where, {"coller": "1", "pasted": FOOT if kind == "person" else LETTERHEAD})
    assert page.status_code == 200
    for value in (
        ["Faure", "02 40 22 31 45", "Directrice industrielle"] if kind == "person" else ["Fonderie du Val", "Angers"]
    ):
        assert f'value="{value}"' in page.text
    assert "Rien n’a été enregistré" not in page.text
    assert (Partner.objects.count(), Person.objects.count()) == (1, 0)
