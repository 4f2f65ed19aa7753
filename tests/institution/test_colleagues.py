"""Naming colleagues: found as one types among any number of accounts; without script, the name typed counts."""

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from reciproque.institution.forms import ColleagueField, ColleaguesField
from reciproque.institution.models import Membership, Role, Unit, User
from tests.factories import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


class Named(forms.Form):
    """Somebody to do it, others to read it."""

    owner = ColleagueField(label="Par", required=False)
    readers = ColleaguesField(label="Lu par", required=False)


@pytest.fixture
def unit() -> Unit:
    return UnitFactory()


def account(unit: Unit, first: str, last: str, **more: object) -> User:
    user = UserFactory(
        first_name=first, last_name=last, username=f"{first}.{last}".lower().replace("é", "e").replace("ê", "e"), **more
    )
    Membership.objects.create(user=user, unit=unit, role=Role.READER)
    return user


def sent(**values: object) -> Named:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return Named(data)


def test_a_name_typed_is_the_account_it_names(unit: Unit) -> None:
    anne, paul = account(unit, "Anne", "Morel"), account(unit, "Paul", "Morel")
    lea = account(unit, "Léa", "Nguyên")
    form = sent(owner_texte="lea nguyen", readers=[str(anne.pk)], readers_texte="Paul Morel ; lea.n")
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["owner"], form.cleaned_data["readers"]) == (lea, [anne, paul, lea])
    changed = sent(owner=anne.pk, owner_texte="Léa")
    assert (changed.is_valid(), changed.cleaned_data["owner"]) == (True, lea), "what is typed wins"
    searched = sent(owner=anne.pk, owner_texte="morel")
    assert (searched.is_valid(), searched.cleaned_data["owner"]) == (True, anne), "what was looked for, then ticked"


def test_who_is_several_or_nobody_is_said_and_stays_typed(unit: Unit) -> None:
    account(unit, "Anne", "Morel"), account(unit, "Paul", "Morel")
    form = sent(owner_texte="morel", readers_texte="Zoé")
    assert not form.is_valid()
    assert "Anne Morel (anne.morel), Paul Morel (paul.morel)" in form.errors["owner"][0]
    assert form.errors["readers"] == ["Aucun collègue ne répond à « Zoé »."]
    assert 'value="morel"' in str(form["owner"])
    assert "Anne Morel" in str(form["owner"]), "those that it may be are offered"


def test_closed_accounts_and_made_up_numbers_are_nobody(unit: Unit) -> None:
    gone = account(unit, "Anne", "Morel", is_active=False)
    stranger = UserFactory()
    for wrong in (gone.pk, stranger.pk, 10**8, "x"):
        assert not sent(owner=wrong).is_valid()
        assert not sent(readers=[str(wrong)]).is_valid()
    assert not sent(owner_texte="Anne").is_valid()


def test_typing_finds_a_handful_beside_those_chosen(unit: Unit, client: Client) -> None:
    chosen = account(unit, "Zoé", "Martin")
    for rank in range(12):
        account(unit, f"Anne{rank}", "Morel")
    client.force_login(chosen)
    url = reverse("institution:colleagues")
    asked = {"champ": "readers", "plusieurs": "", "readers": chosen.pk, "readers_texte": "mor anne"}
    shown = client.get(url, asked).text
    assert (shown.count("<input"), shown.count("checked"), shown.count("Morel")) == (9, 1, 8)
    one = client.get(url, {"champ": "owner", "owner_texte": "personne de ce nom"}).text
    assert ("<input" in one, "Aucun autre collègue" in one) == (False, True)
    odd = client.get(url, {"champ": '"><b>', '"><b>_texte': "morel"}).text
    assert ("<b>" in odd, odd.count("<input")) == (False, 8)


def test_nothing_chosen_asks_nothing_of_the_database(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        page = str(Named()["owner"])
    assert ("personne" in page, page.count("checked")) == (True, 1)


def test_those_who_are_near_are_offered_before_anything_is_typed(unit: Unit, django_assert_num_queries) -> None:
    anne, paul = account(unit, "Anne", "Morel"), account(unit, "Paul", "Roux")
    form = Named(initial={"readers": [paul.pk]})
    form.fields["readers"].near = User.objects.filter(memberships__unit=unit).distinct()
    with django_assert_num_queries(1):
        page = str(form["readers"])
    assert page.index("Paul Roux") < page.index("Anne Morel")
    assert page.count("checked") == 1
    assert f'value="{anne.pk}"' in page
