"""Why two records look like one is told in seven lines: in the queue, beside a merge, in the import, while one types."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from reciproque.directory.models import Partner
from reciproque.engines.linkage.clues import SENTENCES, SILENT, UNLIKE, Clue
from reciproque.engines.linkage.explaining import Explanation
from reciproque.engines.linkage.explaining import Line as Told
from reciproque.institution.models import Role, Unit, User
from reciproque.sourcing import reasons
from reciproque.sourcing.models import SourceRecord
from reciproque.sourcing.pipeline import doubles
from tests.factories import PartnerFactory, SiteFactory, UnitFactory, actor
from tests.sourcing.importing import Desk, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return UnitFactory()


@pytest.fixture
def reader(unit: Unit) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor(unit).user_id))
    return client


def forge(name: str, unit: Unit, **more: object) -> Partner:
    partner = PartnerFactory(name=name, unit=unit, **more)
    SiteFactory(partner=partner, address="3 rue Carnot", postcode="49000", city="Angers", is_head=True)
    return partner


def test_the_queue_and_the_merge_screen_tell_why(reader: Client, unit: Unit) -> None:
    one, other = forge("Forges Lornévine", unit), forge("FORGES LORNEVINE NORD", unit)
    address = reverse("sourcing:why") + f"?fiches={one.pk},{other.pk}"
    part = reader.get(address, headers={"HX-Request": "true"}).text
    assert "«\N{NO-BREAK SPACE}nord\N{NO-BREAK SPACE}» d’un côté seulement" in part
    assert "même commune (49000 Angers)" in part
    assert "même rue, même numéro (3 rue Carnot)" in part
    assert part.count("<tr>") == 8
    third = forge("Forges Lornevine SARL", unit)
    doubles.look()
    asked = re.findall(r"fiches=([\d,]+)", reader.get(reverse("sourcing:doubles")).text)
    assert any({str(one.pk), str(third.pk)} <= set(group.split(",")) for group in asked)
    merge = reader.get(reverse("directory:partner_merge") + f"?ids={one.pk}&ids={other.pk}").text
    assert f"doublons/pourquoi/?fiches={one.pk},{other.pk}" in merge


def test_what_was_compared_is_told_when_a_partner_has_several_places(reader: Client, unit: Unit) -> None:
    one, other = forge("Forges Lornévine", unit), forge("Lornévine Quimper", unit)
    SiteFactory(partner=one, name="Lornévine Quimper", address="", postcode="29000", city="Quimper", is_head=False)
    address = reverse("sourcing:why") + f"?fiches={other.pk},{one.pk}"
    part = reader.get(address, headers={"HX-Request": "true"}).text
    assert "Ce qui se ressemble le plus : Lornévine Quimper, Angers ; Lornévine Quimper, Quimper" in part


def test_a_weight_that_goes_against_what_is_seen_is_explained() -> None:
    """A difference that speaks in favour is told as what it is, and never as a likeness while one types."""
    common = Explanation(-6.0, (
        Told("name", 4.0, (Clue("name_same"),)), Told("contact", 0.5, (Clue("phone_differs"),)),
        Told("place", -0.4, (Clue("town_same", ("49000 Angers",)),)), Told("frequency", 0.3, (Clue("name_rare"),)),
        Told("identifiers", -3.0, (Clue("siren_same", ("1",)), Clue("siret_differs", ("2", "3")))),
    ))  # fmt: skip
    name, contact, place, frequency, numbers = reasons.lines_of(common)
    assert (contact.said, contact.note) == (
        "téléphones différents",
        "différence courante entre deux fiches d’une même organisation",
    )
    assert place.note == "ressemblance courante entre organisations différentes"
    assert [line.note for line in (name, frequency, numbers)] == ["", "", ""]
    assert [line.alike for line in (name, contact, frequency)] == ["même nom", "", ""]
    assert set(SENTENCES) >= UNLIKE | SILENT
    assert not UNLIKE & SILENT


def test_what_one_may_not_read_is_not_explained(reader: Client, unit: Unit) -> None:
    one, other = forge("Forges Lornévine", unit), forge("Forges Lornévine", UnitFactory(), sharing="restricted")
    part = reader.get(reverse("sourcing:why") + f"?fiches={one.pk},{other.pk}").text
    assert "Carnot" not in part
    assert "ne se comparent pas" in part


def test_while_one_types_what_is_like_it_is_shown_with_its_reasons(reader: Client, unit: Unit) -> None:
    held = forge("Forges Lornévine", unit)
    forge("Forges Lornévine", UnitFactory(), sharing="restricted", description="secret")
    doubles.look()
    typed = {"name": "Forge Lornevin", "postcode": "49000", "city": "ANGERS CEDEX 2"}
    shown = reader.get(reverse("directory:partner_known"), typed).text
    assert shown.count("<li>") == 1
    assert f"/partenaires/{held.pk}/" in shown
    assert "même commune" in shown


def test_a_row_of_a_file_is_recognised_by_likeness_and_told_why(desk: Desk, client: Client) -> None:
    held = forge("Forges Lornévine", UnitFactory())
    doubles.look()
    run = desk.check(text("Forge Lornevin;;49000;Angers;;;;;"))
    row = SourceRecord.objects.get(import_run=run)
    assert row.candidate == held
    assert row.reasons == ["likeness", "name_close", "city_same"]
    steward = actor(UnitFactory(), Role.DATA_STEWARD)
    client.force_login(User.objects.get(pk=steward.user_id))
    part = client.get(reverse("sourcing:import_why", args=[run.pk, row.pk])).text
    assert "proche de" in part
