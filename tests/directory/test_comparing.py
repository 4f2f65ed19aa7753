"""The merge screen: what it shows is what happens; one click takes it back."""

from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from reciproque.directory import services
from reciproque.directory.comparing import reads
from reciproque.directory.comparing.kinds import PARTNERS, PEOPLE
from reciproque.directory.merging import moving, tree
from reciproque.directory.merging.shapes import SHAPES, values_of
from reciproque.directory.models import Merge, Partner, Person
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from tests.directory.test_merging import World, alone, merge_two
from tests.factories import (
    PartnerFactory,
    PersonFactory,
    PositionFactory,
    SiteFactory,
    UnitFactory,
    actor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return UnitFactory(name="IUT")


@pytest.fixture
def by(unit: Unit) -> Actor:
    return actor(unit)


@pytest.fixture
def browser(by: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=by.user_id))
    return client


def body(answer: Any) -> str:
    return str(answer.content.decode())


def sent(comparison: Any, **more: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    data: dict[str, Any] = {
        "ids": [column.record.pk for column in comparison.columns],
        "version": [f"{column.record.pk}-{column.record.version}" for column in comparison.columns],
        "garder": comparison.kept.pk,
    }
    for row in comparison.rows:
        data[f"defaut-{row.head}"] = row.default
        data |= {f"choix-{row.head}": cell.pk for cell in row.cells if cell.taken and not row.united}
    return data | more


@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 10**9))
def test_what_the_preview_says_is_what_the_merge_does(seed: int) -> None:
    random = Random(seed)  # noqa: S311 -- a world, not a secret
    with transaction.atomic():
        by = actor(UnitFactory(), Role.DATA_STEWARD)
        World(random)
        for model in (Partner, Person):
            if random.choice([True, False]):
                merge_two(random, by, model)
        if random.choice([True, False]):
            services.edit_partner(actor=by, partner=alone(Partner)[0], version=None, email="typed@x.example", phone="")
        kind, model = random.choice([(PARTNERS, Partner), (PEOPLE, Person)])
        records = random.sample(alone(model), min(len(alone(model)), random.randint(2, 3)))
        heads = [block[0] for block in SHAPES[kind.kind].blocks if block[0] not in SHAPES[kind.kind].lists]
        choices = {head: random.choice(records).pk for head in random.sample(heads, random.randint(0, 4))}
        foreseen = tree.preview(kind.kind, records, choices)
        services.merge_records(actor=by, kept=records[0], absorbed=records[1:], choices=choices)
        now = values_of(kind.kind, model._base_manager.get(pk=records[0].pk))
        expected = dict(foreseen.values)
        if expected.get("parent") in moving.family_of(kind.kind, records[0].pk):
            expected["parent"] = None
        if expected.get("head"):
            expected["head"] = moving.root_of("site", expected["head"])
        if not expected.get("head") and "head" in expected:
            expected["head"] = now["head"]
        assert now == expected
        transaction.set_rollback(True)


def test_the_page_shows_what_differs_and_merges(browser: Client, by: Actor, unit: Unit) -> None:
    one = PartnerFactory(name="Fonderie du Port", unit=unit, email="a@x.example", siren="552081317")
    other = PartnerFactory(name="Fonderie", unit=unit, email="b@x.example")
    PositionFactory(partner=other)
    address = reverse("directory:partner_merge")
    shown = body(browser.get(address, {"ids": f"{other.pk},{one.pk}"}))
    assert "a@x.example" in shown
    assert "b@x.example" in shown
    assert "1 fonction." in shown.replace("\xa0", " ")
    comparison = reads.compare(by, PARTNERS, [one.pk, other.pk])
    assert comparison is not None
    assert comparison.kept == one
    answer = browser.post(address, sent(comparison, **{"choix-email": other.pk}), follow=True)
    one.refresh_from_db()
    assert one.email == "b@x.example"
    assert one.former_names == ["Fonderie"]
    assert "1 fiche réunie" in body(answer)
    assert "Fiches réunies" in body(answer)
    old = browser.get(reverse("directory:partner", args=[other.pk]))
    assert old.headers["Location"] == reverse("directory:partner", args=[one.pk])
    undo = reverse("directory:separate", args=[Merge.objects.get().pk])
    browser.post(undo)
    one.refresh_from_db()
    assert one.email == "a@x.example"
    assert Partner.objects.get(pk=other.pk).merged_into is None


def test_a_choice_made_before_another_kept_record_stays_a_choice(browser: Client, unit: Unit) -> None:
    one, other = (PartnerFactory(unit=unit, email=f"{n}@x.example", name=f"N{n}") for n in "ab")
    data = {"ids": f"{one.pk},{other.pk}", "garder": other.pk, "choix-email": one.pk, "defaut-email": other.pk}
    part = body(browser.get(reverse("directory:partner_merge"), data, headers={"HX-Request": "true"}))
    assert f'id="garder-{other.pk}" value="{other.pk}" checked' in part
    assert f'id="choix-email-{one.pk}" value="{one.pk}" checked' in part
    assert "<html" not in part


def test_a_record_changed_meanwhile_is_shown_again(browser: Client, by: Actor, unit: Unit) -> None:
    one, other = PartnerFactory(unit=unit), PartnerFactory(unit=unit)
    comparison = reads.compare(by, PARTNERS, [one.pk, other.pk])
    assert comparison is not None
    data = sent(comparison)
    services.edit_partner(actor=by, partner=other, version=None, email="new@x.example")
    answer = browser.post(reverse("directory:partner_merge"), data)
    assert answer.status_code == 409
    assert "a changé depuis" in body(answer)
    assert "new@x.example" in body(answer)


def test_two_numbers_are_said_before_anything_is_tried(browser: Client, unit: Unit) -> None:
    one, other = PartnerFactory(unit=unit, siren="552081317"), PartnerFactory(unit=unit, siren="356000000")
    shown = body(browser.get(reverse("directory:partner_merge"), {"ids": [one.pk, other.pk]}))
    assert "numéros officiels différents" in shown
    assert "arrow-merge" not in shown.split('id="compared"')[1]


def test_one_record_alone_is_not_enough(browser: Client, unit: Unit) -> None:
    one = PartnerFactory(unit=unit)
    answer = browser.get(reverse("directory:partner_merge"), {"ids": one.pk}, follow=True)
    assert "de deux à quatre fiches" in body(answer)


def test_records_of_one_name_are_numbered(by: Actor, unit: Unit) -> None:
    ids = [
        PersonFactory(first_name="Carla", last_name="Da Silva", email=mail, unit=unit).pk
        for mail in ("", "c@x.example")
    ]
    comparison = reads.compare(by, PEOPLE, ids)
    assert comparison is not None
    assert [column.name for column in comparison.columns] == ["Carla Da Silva (1)", "Carla Da Silva (2)"]
    assert {cell.name for row in comparison.rows for cell in row.cells} == {"Carla Da Silva (1)", "Carla Da Silva (2)"}


def test_people_of_the_same_name_go_along_when_ticked(browser: Client, by: Actor, unit: Unit) -> None:
    one, other = PartnerFactory(unit=unit), PartnerFactory(unit=unit)
    twins = [PersonFactory(first_name="Élodie", last_name="Marchand", unit=unit) for _n in range(2)]
    for person, partner in zip(twins, (one, other), strict=True):
        PositionFactory(person=person, partner=partner)
    comparison = reads.compare(by, PARTNERS, [one.pk, other.pk])
    assert comparison is not None
    assert comparison.pairs == [tuple(twins)]
    ticked = "-".join(str(person.pk) for person in twins)
    answer = browser.post(reverse("directory:partner_merge"), sent(comparison, personnes=[ticked]), follow=True)
    assert Person.objects.get(pk=twins[1].pk).merged_into == twins[0]
    undo = [message.extra_tags for message in answer.context["messages"]] if answer.context else []
    browser.post(
        undo[0]
        if undo
        else reverse("directory:separate", args=["-".join(map(str, Merge.objects.values_list("pk", flat=True)))])
    )
    assert not Person.objects.filter(merged_into__isnull=False).exists()
    assert not Partner.objects.filter(merged_into__isnull=False).exists()


def test_places_of_a_partner_are_ticked_then_compared(browser: Client, unit: Unit) -> None:
    partner = PartnerFactory(unit=unit)
    one = SiteFactory(partner=partner, address="1 quai Vert", is_head=True)
    other = SiteFactory(partner=partner, address="", phone="+33240112233", is_head=False)
    assert "1 quai Vert" in body(browser.get(reverse("directory:site_merge_choose", args=[partner.pk])))
    shown = body(browser.get(reverse("directory:site_merge"), {"ids": [one.pk, other.pk]}))
    assert "1 quai Vert" in shown
    data = {"ids": [one.pk, other.pk], "garder": one.pk}
    browser.post(reverse("directory:site_merge"), data)
    assert list(partner.sites.values_list("pk", "phone")) == [(one.pk, "+33240112233")]


def test_the_list_sends_what_is_ticked(browser: Client, unit: Unit) -> None:
    ids = [PartnerFactory(unit=unit).pk for _n in range(3)]
    answer = browser.post(reverse("directory:partner_bulk"), {"ids": ids, "action": "reunir"})
    assert answer.headers["Location"].endswith("?ids=" + ",".join(map(str, ids)))


def test_a_reserved_record_is_not_compared(browser: Client, unit: Unit) -> None:
    one, hidden = PartnerFactory(unit=unit), PartnerFactory(sharing="restricted", name="Secrète")
    answer = browser.get(reverse("directory:partner_merge"), {"ids": [one.pk, hidden.pk]}, follow=True)
    assert "Secrète" not in body(answer)


def test_what_was_merged_from_the_queue_is_taken_back_to_the_queue(browser: Client, by: Actor, unit: Unit) -> None:
    one, other = PartnerFactory(unit=unit), PartnerFactory(unit=unit)
    comparison = reads.compare(by, PARTNERS, [one.pk, other.pk])
    assert comparison is not None
    queue = "/doublons/?etat=open"
    answer = browser.post(reverse("directory:partner_merge"), sent(comparison, suite=queue))
    assert answer.headers["Location"] == queue
    undo = reverse("directory:separate", args=[Merge.objects.get().pk])
    assert f"{undo}?suite=%2Fdoublons%2F%3Fetat%3Dopen" in body(browser.get(queue))
    answer = browser.post(f"{undo}?suite=%2Fdoublons%2F%3Fetat%3Dopen")
    assert answer.headers["Location"] == queue
    assert Partner.objects.get(pk=other.pk).merged_into is None


def test_nobody_is_sent_elsewhere_after_a_separation(browser: Client, by: Actor, unit: Unit) -> None:
    one, other = PartnerFactory(unit=unit), PartnerFactory(unit=unit)
    services.merge_records(actor=by, kept=one, absorbed=[other])
    undo = reverse("directory:separate", args=[Merge.objects.get().pk])
    answer = browser.post(f"{undo}?suite=https://ailleurs.example/")
    assert answer.headers["Location"] == reverse("directory:partner", args=[one.pk])
