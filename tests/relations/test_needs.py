"""Needs: coded by occupation as one types, corrected, tied to what answers them."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from reciproque.directory.models import Partner
from reciproque.institution.models import Role, User
from reciproque.relations import services
from reciproque.relations.models import Need
from tests.factories import PartnerFactory, UnitFactory, actor, dispositif

pytestmark = pytest.mark.django_db


@pytest.fixture
def us(client: Client) -> dict[str, Any]:
    unit = UnitFactory()
    who = actor(unit, Role.MEMBER)
    client.force_login(User.objects.get(pk=who.user_id))
    return {"unit": unit, "who": who, "partner": PartnerFactory(name="Forges du Nord")}


def sent(us: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "Deux soudeurs", "kind": "recruitment", "unit": us["unit"].pk, "sharing": "network", **more}


@pytest.mark.parametrize(
    ("given", "code"),
    [({"rome_texte": "h2913"}, "H2913"), ({"rome": "H2913"}, "H2913"), ({"rome_texte": "développeur web"}, "M1805"), ({}, ""),
     ({"rome": "M1805", "rome_texte": "web"}, "M1805"), ({"rome_texte": "M1889"}, "M1889"), ({"rome": "", "rome_texte": ""}, "")],
)  # fmt: skip
def test_the_occupation_is_ticked_or_typed(client: Client, us: dict[str, Any], given: Any, code: str) -> None:
    answer = client.post(reverse("relations:need_create", args=[us["partner"].pk]), sent(us, **given))
    assert answer.status_code == 302, answer.context["form"].errors
    assert Need.objects.get().rome == code


@pytest.mark.parametrize(
    ("typed", "said"),
    [("soudeur", "Plusieurs métiers répondent à « soudeur »"), ("zzz", "Aucun métier du ROME ne répond à « zzz »")],
)
def test_without_script_the_occupations_found_are_offered_to_tick(
    client: Client, us: dict[str, Any], typed: str, said: str
) -> None:
    answer = client.post(reverse("relations:need_create", args=[us["partner"].pk]), sent(us, rome_texte=typed))
    assert (answer.status_code, said in answer.text) == (422, True)
    assert ('value="H2913"' in answer.text) == (typed == "soudeur")
    assert not Need.objects.exists()


def test_occupations_appear_as_one_types(
    client: Client, us: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    url = reverse("relations:occupations")
    with django_assert_max_num_queries(6):
        text = client.get(url, {"rome": "I1304", "rome_texte": "soudeur"}).text
    assert text.index('value="I1304" checked') < text.index('value="H2913"')
    assert "Aucun métier" in client.get(url, {"rome_texte": "zzz"}).text


def test_a_need_is_corrected_then_tied_to_what_answers_it(client: Client, us: dict[str, Any]) -> None:
    partner: Partner = us["partner"]
    row = services.record_need(actor=us["who"], partner=partner, unit=us["unit"], title="Soudeurs", rome="H2913")
    url = reverse("relations:need_edit", args=[row.pk])
    form = client.get(url).text
    assert ('value="H2913" checked' in form, 'aria-invalid="False"' in form) == (True, False)
    assert client.post(url, sent(us, title="Trois soudeurs", headcount=3, rome="H2913", version=1)).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.people, row.rome) == ("Trois soudeurs", 3, "H2913")
    assert client.post(url, sent(us, title="Quatre", version=1)).status_code == 422, "somebody changed it meanwhile"
    joint, other = (
        services.open_collaboration(
            actor=us["who"], partner=about, unit=us["unit"], dispositif=dispositif("work_study"), title=title, state="done",
            starts_on=localdate() - dt.timedelta(9),
        )
        for about, title in ((partner, "Trois apprentis"), (PartnerFactory(), "Ailleurs"))
    )  # fmt: skip
    answer = reverse("relations:need_answer", args=[row.pk])
    form = client.get(answer).text
    assert ("Trois apprentis" in form, "Ailleurs" in form) == (True, False)
    assert client.post(answer, {"collaboration": other.pk}).status_code == 422
    assert client.post(answer, {"collaboration": joint.pk}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.collaboration_id) == ("answered", joint.pk)
    said = reverse("relations:collaboration", args=[joint.pk])
    assert said in client.get(reverse("relations:needs"), {"etat": "answered"}).text
    assert said in client.get(reverse("directory:partner", args=[partner.pk]), {"onglet": "ensemble"}).text
    client.post(reverse("relations:need_move", args=[row.pk, "reopen"]))
    row.refresh_from_db()
    assert row.state == "open"


def test_a_need_is_dropped_with_its_reason(client: Client, us: dict[str, Any]) -> None:
    row = services.record_need(actor=us["who"], partner=us["partner"], unit=us["unit"], title="Soudeurs")
    url = reverse("relations:need_move", args=[row.pk, "drop"])
    asked = client.post(url)
    assert (asked.status_code, "Motif" in asked.text, "Rien n’a été enregistré" in asked.text) == (200, True, False)
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Budget gelé"}).status_code == 302
    assert "Budget gelé" in client.get(reverse("relations:needs"), {"etat": "dropped"}).text
    stranger = actor(UnitFactory(), Role.MEMBER)
    client.force_login(User.objects.get(pk=stranger.user_id))
    assert client.get(reverse("relations:need_edit", args=[row.pk])).status_code == 403
