"""Duplicates of the directory: found, judged, never proposed twice, and other units are asked."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from reciproque.directory import services as directory
from reciproque.directory.models import Merge, Partner, Person
from reciproque.foundation.errors import Forbidden
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from reciproque.sourcing import doubles as queue
from reciproque.sourcing import services
from reciproque.sourcing.models import Judgement
from reciproque.sourcing.pipeline import doubles
from reciproque.sourcing.services import judgements
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, SiteFactory, UnitFactory, actor
from tests.sourcing.importing import Desk, text

pytestmark = pytest.mark.django_db
V = Judgement.Verdict


@pytest.fixture
def iut() -> Unit:
    return UnitFactory(name="IUT")


@pytest.fixture
def by(iut: Unit) -> Actor:
    return actor(iut)


def forge(name: str, unit: Unit, **more: Any) -> Partner:
    """A partner in Angers."""
    partner = PartnerFactory(name=name, unit=unit, **more)
    SiteFactory(partner=partner, postcode="49000", city="Angers", city_code="49007", is_head=True)
    return partner


def pairs() -> list[tuple[int, int]]:
    """The pairs to judge, as (low, high)."""
    return list(Judgement.objects.filter(verdict=V.OPEN).order_by("low", "high").values_list("low", "high"))


def test_the_same_name_in_the_same_town_is_found_once(iut: Unit) -> None:
    one, other = forge("Forges de Loire", iut), forge("FORGES DE LOIRE SARL", iut)
    forge("Minoterie du Layon", iut)
    assert doubles.look() == 1
    assert pairs() == [(one.pk, other.pk)]
    assert doubles.look() == 1
    assert Judgement.objects.get().reasons == ["likeness", "name_close", "city_same"]


def test_two_siren_are_not_proposed(iut: Unit) -> None:
    forge("Forges de Loire", iut, siren="552081317"), forge("Forges de Loire", iut, siren="356000000")
    assert doubles.look() == 0


def test_what_is_no_longer_alike_leaves_the_queue(iut: Unit, by: Actor) -> None:
    one, _other = forge("Forges de Loire", iut), forge("Forges de Loire", iut)
    doubles.look()
    directory.edit_partner(actor=by, partner=one, version=None, name="Minoterie du Layon")
    assert doubles.look() == 0


def test_not_a_duplicate_never_comes_back_even_for_who_absorbs_one(iut: Unit, by: Actor) -> None:
    one, other, third = (forge("Forges de Loire", iut) for _n in range(3))
    doubles.look()
    judgements.refuse(actor=by, kind="partner", ids=[one.pk, other.pk])
    judgements.unite(actor=by, kind="partner", ids=[other.pk, third.pk], kept=third.pk)
    judgements.merged("partner", third.pk)
    doubles.look()
    assert (one.pk, other.pk) not in pairs()
    assert (one.pk, third.pk) not in pairs()


def test_what_was_separated_is_not_proposed_again(iut: Unit, by: Actor) -> None:
    one, other = forge("Forges de Loire", iut), forge("Forges de Loire", iut)
    doubles.look()
    judgements.unite(actor=by, kind="partner", ids=[one.pk, other.pk], kept=one.pk)
    assert Judgement.objects.get().verdict == V.SAME
    directory.separate(actor=by, merge=Merge.objects.get(kind="partner"))
    judgements.separated("partner", other.pk, one.pk)  # what the worker does
    assert doubles.look() == 0
    assert Judgement.objects.get().verdict == V.DIFFERENT


def test_people_of_one_name_meet_by_mail_phone_or_partner(iut: Unit) -> None:
    partner = forge("Forges de Loire", iut)
    twins = [PersonFactory(first_name="Élodie", last_name="Marchand", unit=iut, email="", phone="") for _n in range(2)]
    for person in twins:
        PositionFactory(person=person, partner=partner)
    PersonFactory(first_name="Élodie", last_name="Marchand", unit=iut, email="", phone="")
    found = doubles.people()
    assert [(pair.low, pair.high, pair.reasons) for pair in found] == [
        (twins[0].pk, twins[1].pk, ("person_same_partner",))
    ]


def test_the_other_unit_is_asked_and_its_agreement_merges(iut: Unit, by: Actor) -> None:
    other_unit = UnitFactory(name="UFR Sciences")
    theirs = actor(other_unit)
    one, other = forge("Forges de Loire", iut), forge("Forges de Loire", other_unit)
    doubles.look()
    assert judgements.unite(actor=by, kind="partner", ids=[one.pk, other.pk], kept=one.pk) is None
    asked = Judgement.objects.get()
    assert (asked.verdict, asked.until) == (V.ASKED, localdate() + dt.timedelta(days=7))
    assert not Partner.objects.filter(merged_into__isnull=False).exists()
    (group,) = queue.groups(theirs, queue.Filters())
    assert group.asked_by == by.name
    assert group.recommended == one.pk
    judgements.unite(actor=theirs, kind="partner", ids=[one.pk, other.pk], kept=one.pk)
    assert Partner.objects.get(pk=other.pk).merged_into == one
    assert Judgement.objects.get().verdict == V.SAME


def test_a_refusal_of_the_other_unit_ends_it(iut: Unit, by: Actor) -> None:
    other_unit = UnitFactory()
    one, other = forge("Forges de Loire", iut), forge("Forges de Loire", other_unit)
    judgements.unite(actor=by, kind="partner", ids=[one.pk, other.pk], kept=one.pk)
    judgements.refuse(actor=actor(other_unit), kind="partner", ids=[one.pk, other.pk])
    Judgement.objects.update(until=localdate() - dt.timedelta(days=1))
    assert judgements.lapse() == 0
    assert doubles.look() == 0


def test_silence_is_agreement_once_the_day_has_passed(iut: Unit, by: Actor) -> None:
    one, other = forge("Forges de Loire", iut), forge("Forges de Loire", UnitFactory())
    judgements.unite(actor=by, kind="partner", ids=[one.pk, other.pk], kept=one.pk)
    assert judgements.lapse() == 0
    Judgement.objects.update(until=localdate() - dt.timedelta(days=1))
    assert judgements.lapse() == 1
    assert Partner.objects.get(pk=other.pk).merged_into == one


def test_establishments_may_leave_it_to_the_quality_team(iut: Unit, by: Actor, settings: Any) -> None:
    settings.MERGES_ACROSS_UNITS = "stewards"
    one, other = forge("Forges de Loire", iut), forge("Forges de Loire", UnitFactory())
    with pytest.raises(Forbidden, match="équipe qualité"):
        judgements.unite(actor=by, kind="partner", ids=[one.pk, other.pk], kept=one.pk)
    steward = actor(UnitFactory(), Role.DATA_STEWARD)
    assert judgements.unite(actor=steward, kind="partner", ids=[one.pk, other.pk], kept=one.pk) == one


def test_one_does_not_judge_for_others(by: Actor) -> None:
    one, other = forge("Forges de Loire", UnitFactory()), forge("Forges de Loire", UnitFactory())
    doubles.look()
    assert queue.groups(by, queue.Filters()) == []
    for act in (judgements.refuse, judgements.postpone):
        with pytest.raises(Forbidden):
            act(actor=by, kind="partner", ids=[one.pk, other.pk])


def test_what_one_may_not_read_is_not_in_the_queue(iut: Unit, by: Actor) -> None:
    forge("Forges de Loire", iut), forge("Forges de Loire", UnitFactory(), sharing="restricted")
    assert doubles.look() == 1
    assert queue.groups(by, queue.Filters()) == []
    assert queue.counts(by) == {"partner": 0, "person": 0}


@pytest.fixture
def browser(by: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=by.user_id))
    return client


def test_the_queue_is_judged_from_its_page(browser: Client, iut: Unit, django_assert_max_num_queries: Any) -> None:
    for name in ("Forges de Loire", "Minoterie du Layon", "Ardoisières d’Anjou"):
        forge(name, iut), forge(name, iut)
    doubles.look()
    address = reverse("sourcing:doubles")
    with django_assert_max_num_queries(30):
        shown = browser.get(address).content.decode()
    assert shown.count("data-decide") == 3
    low, high = pairs()[0]
    data = {"fiches": f"{low},{high}", "garder": low, "decision": "reunir", "liste": "nature=partenaires"}
    answer = browser.post(reverse("sourcing:doubles_decide"), data, follow=True)
    assert Partner.objects.get(pk=high).merged_into_id == low
    assert answer.content.decode().count("data-decide") == 2
    low, high = pairs()[0]
    browser.post(reverse("sourcing:doubles_decide"), {"fiches": f"{low},{high}", "decision": "ecarter"})
    judged = Judgement.objects.get(low=low, high=high)
    assert judged.verdict == V.DIFFERENT
    browser.post(reverse("sourcing:doubles_reopen", args=[judged.pk]))
    judged.refresh_from_db()
    assert judged.verdict == V.OPEN
    browser.post(reverse("sourcing:doubles_decide"), {"fiches": f"{low},{high}", "decision": "plus-tard"})
    assert browser.get(address).content.decode().count("data-decide") == 1
    assert browser.get(address, {"etat": "plus-tard"}).content.decode().count("data-decide") == 1


def test_a_question_to_another_unit_is_taken_back_from_its_message(browser: Client, iut: Unit) -> None:
    one, other = forge("Forges de Loire", iut), forge("Forges de Loire", UnitFactory())
    doubles.look()
    data = {"fiches": f"{one.pk},{other.pk}", "garder": one.pk, "decision": "reunir"}
    page = browser.post(reverse("sourcing:doubles_decide"), data, follow=True).text
    judged = Judgement.objects.get()
    assert judged.verdict == V.ASKED
    undo = reverse("sourcing:doubles_reopen", args=[judged.pk])
    assert undo in page
    browser.post(undo)
    judged.refresh_from_db()
    assert (judged.verdict, judged.until) == (V.OPEN, None)


def test_three_records_of_one_name_make_one_group(by: Actor, iut: Unit) -> None:
    records = [forge("Forges de Loire", iut) for _n in range(3)]
    doubles.look()
    (group,) = queue.groups(by, queue.Filters())
    assert group.ids == ",".join(str(one.pk) for one in records)


def test_the_queue_is_narrowed_by_unit_and_source(by: Actor, iut: Unit) -> None:
    forge("Forges de Loire", iut), forge("Forges de Loire", iut)
    doubles.look()
    assert len(queue.groups(by, queue.Filters(unit=iut.pk))) == 1
    assert queue.groups(by, queue.Filters(unit=UnitFactory().pk)) == []
    assert queue.groups(by, queue.Filters(source=7_654_321)) == []
    twins = [PersonFactory(first_name="A", last_name="B", unit=iut, email="a@b.example") for _n in range(2)]
    doubles.people()
    assert len(queue.groups(by, queue.Filters(kind="person", unit=iut.pk))) == 1
    assert queue.groups(by, queue.Filters(kind="person", source=7_654_321)) == []
    assert judgements.unite(actor=by, kind="person", ids=[p.pk for p in twins], kept=twins[0].pk) == twins[0]
    assert Person.objects.get(pk=twins[1].pk).merged_into == twins[0]


def test_misspelt_names_are_found_by_likeness(iut: Unit) -> None:
    one, other = forge("Lornévine Conseil", iut), forge("Lonévine Conseil", iut)
    for rank, name in enumerate(
        ("Minoterie du Layon", "Ardoisières", "Garage Praud", "Fonderie Besson", "Studio Nicol")
    ):
        partner = PartnerFactory(name=name, unit=iut)
        SiteFactory(partner=partner, postcode=f"4410{rank}", city="Nantes", is_head=True)
    assert doubles.look() == 1
    found = Judgement.objects.get()
    assert (found.low, found.high, found.reasons) == (one.pk, other.pk, ["likeness", "name_close", "city_same"])
    Partner.objects.filter(pk=other.pk).update(name="Boulangerie Praud", updated_at=timezone.now())
    assert doubles.look() == 0


ALIKE = (
    "Forges de Loire;;49000;Angers;a@forges.example;Le Goff;Marc;;",
    "Forges de la Loire;;49000;Angers;b@forges.example;Le Goff;Marc;;",
)


def refused_then_undone(desk: Desk, *, first: str, second: str) -> None:
    """Two files of one row, said to be two organisations; the second one is taken back."""
    desk.run(text(first), source="un")
    run = desk.check(text(second), source="deux")
    services.decide_records(actor=desk.actor, run=run, ids=run.records.values_list("pk", flat=True), decision="new")
    desk.write(run)
    ids = list(Partner.objects.order_by("pk").values_list("pk", flat=True))
    doubles.look()
    judgements.refuse(actor=desk.actor, kind="partner", ids=ids)
    desk.undo(run)
    assert Partner.objects.count() == 1


def test_not_a_duplicate_outlives_an_import_undone_and_made_again(desk: Desk) -> None:
    first, second = ALIKE
    refused_then_undone(desk, first=first, second=second)
    again = desk.check(text(second), source="deux")
    services.decide_records(actor=desk.actor, run=again, ids=again.records.values_list("pk", flat=True), decision="new")
    desk.write(again)
    doubles.look()
    assert Partner.objects.count() == 2
    assert pairs() == []
    new = tuple(Partner.objects.order_by("pk").values_list("pk", flat=True))
    said = Judgement.objects.get(low=new[0], high=new[1])
    assert (said.verdict, said.decided_by_id) == (V.DIFFERENT, desk.actor.user_id)
    judgements.reopen(actor=desk.actor, judgements=[said.pk])
    doubles.look()
    assert pairs() == [new], "what was remembered was told once: whoever takes it back is believed"


def test_both_rows_of_one_file_undone_and_made_again_stay_two(desk: Desk) -> None:
    content = text(ALIKE[0], ALIKE[1].replace("Forges de la Loire", "Forjes de Loire"))
    run = desk.run(content)
    while waiting := list(run.records.filter(state="waiting").values_list("pk", flat=True)):
        services.decide_records(actor=desk.actor, run=run, ids=waiting, decision="new")
        desk.write(run)
    assert Partner.objects.count() == 2
    doubles.look()
    assert len(pairs()) == 1
    judgements.refuse(actor=desk.actor, kind="partner", ids=pairs()[0])
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    if len(people) == 2:
        judgements.refuse(actor=desk.actor, kind="person", ids=people)
    for _n in range(2):
        desk.undo(run)
        assert not Partner.objects.exists()
        run = desk.run(content)
        while waiting := list(run.records.filter(state="waiting").values_list("pk", flat=True)):
            services.decide_records(actor=desk.actor, run=run, ids=waiting, decision="new")
            desk.write(run)
        doubles.look()
        assert Partner.objects.count() == 2
        assert pairs() == []


def test_a_row_read_again_is_not_brought_to_what_it_was_said_not_to_be(desk: Desk) -> None:
    """The same name in the same town: without the word of somebody it would be attached without asking."""
    first = "Forges de Loire;;49000;Angers;a@forges.example;Le Goff;Marc;;"
    second = "Forges de Loire;;49000;Angers;b@autres.example;Petit;Anne;;"
    desk.run(text(first), source="un")
    known = Partner.objects.get()
    stranger = desk.check(text(second), source="trois")
    assert stranger.records.get().candidate_id == known.pk, "a row of which nothing was said is"
    run = desk.check(text(second), source="deux")
    services.decide_records(actor=desk.actor, run=run, ids=run.records.values_list("pk", flat=True), decision="new")
    desk.write(run)
    judgements.refuse(actor=desk.actor, kind="partner", ids=list(Partner.objects.values_list("pk", flat=True)))
    desk.undo(run)
    again = desk.check(text(second), source="deux")
    read = again.records.get()
    assert (read.decision, read.candidate_id, read.state) == ("new", None, "ready")
    desk.write(again)
    assert Partner.objects.count() == 2
    doubles.look()
    low, high = Partner.objects.order_by("pk").values_list("pk", flat=True)
    assert Judgement.objects.get(kind="partner", low=low, high=high).verdict == V.DIFFERENT


def test_a_refusal_follows_the_record_that_absorbed_the_other(desk: Desk, iut: Unit) -> None:
    first, second = ALIKE
    refused_then_undone(desk, first=first, second=second)
    kept = PartnerFactory(name="Forges de la Loire", unit=iut)
    SiteFactory(partner=kept, postcode="49000", city="Angers", is_head=True)
    directory.merge_records(
        actor=Actor.system("essai"), kept=kept, absorbed=[Partner.objects.exclude(pk=kept.pk).get()]
    )
    again = desk.check(text(second), source="deux")
    assert again.records.get().candidate_id is None


def test_two_rows_of_one_file_said_to_be_two_are_not_asked_about_again(desk: Desk) -> None:
    content = text(ALIKE[0], ALIKE[1].replace("Forges de la Loire", "Forjes de Loire"))
    run = desk.run(content)
    waiting = list(run.records.filter(state="waiting").values_list("pk", flat=True))
    assert waiting, "of which nothing was said, somebody is asked"
    services.decide_records(actor=desk.actor, run=run, ids=waiting, decision="new")
    desk.write(run)
    judgements.refuse(actor=desk.actor, kind="partner", ids=list(Partner.objects.values_list("pk", flat=True)))
    desk.undo(run)
    again = desk.run(content)
    assert not again.records.filter(state="waiting").exists()
    assert Partner.objects.count() == 2
