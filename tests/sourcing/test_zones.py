"""Thresholds, merges made alone, their checks, and the taking back of a whole run."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from reciproque.directory import services as directory
from reciproque.directory.models import Merge, Partner
from reciproque.engines.zoning import Zones, zone_of
from reciproque.foundation import history
from reciproque.foundation.errors import Conflict, DomainError, Forbidden
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit
from reciproque.sourcing import checking, runs
from reciproque.sourcing.models import AutomaticRun, Check, Judgement, MatchingSettings
from reciproque.sourcing.pipeline import alone, doubles, likeness, weighing
from reciproque.sourcing.services import automatic, checks, judgements, zones
from tests.factories import EstablishmentFactory, PartnerFactory, SiteFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db
V = Judgement.Verdict


@pytest.fixture
def iut() -> Unit:
    return UnitFactory(name="IUT")


@pytest.fixture
def by(iut: Unit) -> Actor:
    return actor(iut)


@pytest.fixture
def steward(iut: Unit) -> Actor:
    return actor(EstablishmentFactory(), Role.DATA_STEWARD)


def pair(unit: Unit, likelihood: float | None = 0.999, other_unit: Unit | None = None, **more: Any) -> Judgement:
    """Two partners of one name, weighed by the model in service."""
    rows = [
        PartnerFactory(name="Forges de Loire", unit=unit),
        PartnerFactory(name="Forges de Loire", unit=other_unit or unit),
    ]
    model = likeness.in_service() if likelihood is not None else ""
    values = {"score": 0.9, "reasons": ["name_same_postcode"], "likelihood": likelihood, "model": model} | more
    values["weighed_at"] = timezone.now()
    return Judgement.objects.create(kind="partner", low=rows[0].pk, high=rows[1].pk, **values)


def on(steward: Actor, **more: Any) -> None:
    """The establishment wants merges that nobody asks for."""
    zones.set_zones(actor=steward, merges_alone=True, **more)


def run_now() -> AutomaticRun:
    alone.merge_all()
    return AutomaticRun.objects.latest("pk")


def test_nothing_is_merged_alone_until_somebody_wants_it(iut: Unit, steward: Actor) -> None:
    one = pair(iut)
    weighing.withhold()
    weighing.sort(weighing.settings_in_force())
    assert alone.merge_all()
    assert not AutomaticRun.objects.exists()
    assert not Merge.objects.exists()
    one.refresh_from_db()
    assert (one.zone, one.verdict) == ("automatic", "open")


def test_thresholds_are_the_stewards_and_the_administrators_to_move(by: Actor, steward: Actor) -> None:
    with pytest.raises(Forbidden):
        zones.set_zones(actor=by, review=0.3)
    assert not MatchingSettings.objects.exists()
    zones.set_zones(actor=actor(EstablishmentFactory(), Role.ADMINISTRATOR), review=0.3)
    held, _moved = zones.set_zones(actor=steward, review=0.4)
    assert held.review == 0.4
    changes = [change for entry in history.entries(held) for change in entry.changes if change.field == "review"]
    assert (changes[0].before, changes[0].after) == (0.3, 0.4)
    assert history.entries(held)[0].actor == steward.name


def test_thresholds_out_of_order_or_read_too_long_ago_are_refused(steward: Actor) -> None:
    held, _moved = zones.set_zones(actor=steward, review=0.3)
    with pytest.raises(Conflict):
        zones.set_zones(actor=steward, version=held.version - 1, review=0.4)
    with pytest.raises(DomainError, match="plus bas"):
        zones.set_zones(actor=steward, automatic=0.9, review=0.95)
    with pytest.raises(ValidationError):
        zones.set_zones(actor=steward, automatic=0.5)
    assert MatchingSettings.objects.get().review == 0.3


def test_moving_a_threshold_sorts_the_pairs_anew_and_the_queue_follows(iut: Unit, by: Actor, steward: Actor) -> None:
    from reciproque.sourcing import doubles as queue

    one = pair(iut, 0.2)
    _held, moved = zones.set_zones(actor=steward, review=0.3)
    one.refresh_from_db()
    assert (moved, one.zone) == (1, "dropped")
    assert queue.groups(by, queue.Filters()) == []
    _held, moved = zones.set_zones(actor=steward, review=0.15)
    assert moved == 1
    assert len(queue.groups(by, queue.Filters())) == 1


class TestSorting(TestCase):
    """What one statement sorts, the engine sorts alike."""

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.none() | st.floats(0, 1) | st.sampled_from([0.1, 0.995]),
                st.sampled_from(["", "units"]),
                st.sampled_from(["open", "later", "same", "different"]),
            ),
            max_size=20,
        ),
        st.sampled_from([0.9, 0.995, 1.0]),
        st.sampled_from([0.01, 0.1, 0.5]),
    )
    def test_sorting_in_bulk_equals_sorting_one_by_one(
        self, drawn: list[tuple[float | None, str, str]], upper: float, lower: float
    ) -> None:
        Judgement.objects.all().delete()
        for rank, (likelihood, withheld, verdict) in enumerate(drawn):
            Judgement.objects.create(
                kind="partner", low=rank * 2 + 1, high=rank * 2 + 2, likelihood=likelihood, withheld=withheld, verdict=verdict
            )  # fmt: skip
        weighing.sort(MatchingSettings(pk=1, automatic=upper, review=lower))
        for one in Judgement.objects.all():
            waits = one.verdict in {"open", "later"}
            meant = zone_of(one.likelihood, Zones(upper, lower), withheld=bool(one.withheld)) if waits else "review"
            assert one.zone == meant


def test_a_sure_pair_is_merged_signed_and_separated_like_any_other(iut: Unit, by: Actor, steward: Actor) -> None:
    one = pair(iut)
    Partner.objects.filter(pk=one.high).update(siren="552081317")
    on(steward)
    run = run_now()
    one.refresh_from_db()
    merge = Merge.objects.get(kind="partner", undone_at=None)
    assert (merge.kept_id, merge.absorbed_id, merge.user) == (one.high, one.low, None)
    assert (one.verdict, one.run, one.decided_by, one.model) == (V.SAME, run, None, run.model)
    assert (run.state, run.merged) == ("done", 1)
    signed = history.entries(Partner.objects.get(pk=one.low))[0]
    assert signed.actor == f"système : réunion automatique, passage n° {run.pk}"
    assert signed.operation == "sourcing.merge_alone"
    directory.separate(actor=by, merge=merge)
    judgements.separated("partner", one.low, one.high)  # what the worker does
    one.refresh_from_db()
    assert one.verdict == V.DIFFERENT
    assert Check.objects.get().answer == "wrong"


def withheld(unit: Unit, steward: Actor, one: Judgement) -> str:
    """Why this pair was not merged alone."""
    on(steward)
    run_now()
    one.refresh_from_db()
    assert (one.verdict, one.zone) == ("open", "review")
    assert not Merge.objects.filter(undone_at=None).exists()
    return one.withheld


@pytest.mark.parametrize(
    "differing",
    [
        {"siren": ("552081317", "356000000")},
        {"rna": ("W491000001", "W491000002")},
        {"vat": ("FR1", "FR2")},
        {"foreign_id": ("A", "B")},
    ],
)
def test_two_official_numbers_are_never_merged_alone(iut: Unit, steward: Actor, differing: dict[str, Any]) -> None:
    one = pair(iut)
    for name, (mine, theirs) in differing.items():
        Partner.objects.filter(pk=one.low).update(**{name: mine})
        Partner.objects.filter(pk=one.high).update(**{name: theirs})
    assert withheld(iut, steward, one) == "numbers"


def test_the_siren_of_a_site_counts_as_its_partners(iut: Unit, steward: Actor) -> None:
    one = pair(iut)
    SiteFactory(partner_id=one.low, siret="55208131700001")
    SiteFactory(partner_id=one.high, siret="35600000000001")
    assert withheld(iut, steward, one) == "numbers"


def test_what_was_refused_even_for_one_that_was_absorbed_is_never_merged_alone(
    iut: Unit, by: Actor, steward: Actor
) -> None:
    one = pair(iut)
    third = PartnerFactory(name="Forges", unit=iut)
    judgements.refuse(actor=by, kind="partner", ids=[one.low, third.pk])
    judgements.unite(actor=by, kind="partner", ids=[third.pk, one.high], kept=one.high)
    on(steward)
    run_now()
    one.refresh_from_db()
    assert (one.verdict, one.withheld) == ("open", "refused")


def test_two_units_are_asked_not_merged_unless_the_establishment_lets_them(
    iut: Unit, steward: Actor, settings: Any
) -> None:
    one = pair(iut, other_unit=UnitFactory())
    assert withheld(iut, steward, one) == "units"
    settings.MERGES_ACROSS_UNITS = "free"
    weighing.withhold()
    weighing.sort(weighing.settings_in_force())
    assert run_now().merged == 1


def test_kept_records_and_groups_are_left_to_people(iut: Unit, steward: Actor) -> None:
    one, other = pair(iut), pair(iut)
    Partner.objects.filter(pk=one.high).update(sharing="unit")
    Partner.objects.filter(pk=other.high).update(parent_id=other.low)
    assert withheld(iut, steward, one) == "sharing"
    other.refresh_from_db()
    assert other.withheld == "group"


def test_a_record_changed_since_it_was_weighed_waits_for_the_next_night(iut: Unit, steward: Actor) -> None:
    one = pair(iut)
    on(steward)
    run = automatic.open_run(actor=Actor.system("essai"))
    assert run is not None
    Partner.objects.filter(pk=one.low).update(updated_at=timezone.now() + dt.timedelta(minutes=1))
    assert not automatic.merge_alone(actor=automatic.acting(run), run=run, judgement=one)


def test_a_run_is_bounded_and_each_record_is_merged_once_in_it(iut: Unit, steward: Actor) -> None:
    first, second = pair(iut, 0.9999), pair(iut, 0.998)
    chained = Judgement.objects.create(
        kind="partner",
        low=first.low,
        high=second.low,
        likelihood=0.999,
        model=first.model,
        score=0.9,
        weighed_at=second.weighed_at,
    )
    on(steward, most=1)
    assert run_now().merged == 1
    on(steward, most=10)
    assert run_now().merged == 1
    chained.refresh_from_db()
    assert chained.verdict == "open"
    assert Merge.objects.filter(undone_at=None).count() == 2


def test_killed_in_the_middle_it_goes_on_and_repeats_nothing(
    iut: Unit, steward: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _n in range(3):
        pair(iut)
    on(steward)
    whole, calls = automatic.merge_alone, []

    def killed(**given: Any) -> bool:
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(**given)

    with monkeypatch.context() as patch:
        patch.setattr(automatic, "merge_alone", killed)
        with pytest.raises(KeyboardInterrupt):
            alone.merge_all()
    (run,) = AutomaticRun.objects.all()
    assert (run.state, Merge.objects.count()) == ("running", 1)
    assert run_now() == run
    run.refresh_from_db()
    assert (run.state, run.merged, Merge.objects.count(), run.checks.count()) == ("done", 3, 3, 3)
    assert run_now().merged == 0


def test_a_second_worker_steps_aside(iut: Unit, steward: Actor) -> None:
    import psycopg

    pair(iut)
    on(steward)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [alone.LOCK])
        assert not alone.merge_all()
        other.execute("SELECT pg_advisory_unlock_all()")
    assert not Merge.objects.exists()


def test_a_whole_run_is_taken_back_and_its_pairs_go_to_people(iut: Unit, by: Actor, steward: Actor) -> None:
    pairs = [pair(iut) for _n in range(3)]
    on(steward)
    run = run_now()
    with pytest.raises(Forbidden):
        automatic.ask_to_undo_run(actor=by, run=run)
    automatic.ask_to_undo_run(actor=steward, run=run)
    with pytest.raises(DomainError):
        automatic.ask_to_undo_run(actor=steward, run=run)
    assert alone.undo(run.pk)
    run.refresh_from_db()
    assert (run.state, run.undone_by_id, Check.objects.count()) == ("undone", steward.user_id, 0)
    assert not Partner.objects.filter(merged_into__isnull=False).exists()
    for one in pairs:
        judgements.separated("partner", one.low, one.high)  # what the worker does for each
        one.refresh_from_db()
        assert (one.verdict, one.withheld, one.zone) == ("open", "undone", "review")
    weighing.withhold()
    weighing.sort(weighing.settings_in_force())
    assert run_now().merged == 0


def test_an_answer_counts_and_a_wrong_one_separates_at_once(iut: Unit, by: Actor, steward: Actor) -> None:
    for _n in range(4):
        pair(iut)
    on(steward, checked=4)
    run_now()
    assert runs.precision() is None
    first, second, *_others = checking.waiting(by)
    checks.answer_check(actor=by, check=first, same=True)
    with pytest.raises(DomainError, match="Quelqu’un"):
        checks.answer_check(actor=by, check=first, same=False)
    checks.answer_check(actor=by, check=second, same=False)
    assert Merge.objects.get(pk=second.merge_id).undone_at is not None
    assert Judgement.objects.get(pk=second.judgement_id).verdict == V.DIFFERENT
    said = runs.precision()
    assert said is not None
    assert (said["percent"], said["answers"]) == ("50", 2)
    checks.reopen_check(actor=by, check=first)
    with pytest.raises(DomainError, match="réunissez"):
        checks.reopen_check(actor=by, check=second)
    assert checking.waiting(by).count() == 3


def test_one_checks_only_what_one_may_change(iut: Unit, steward: Actor) -> None:
    pair(iut)
    on(steward)
    run_now()
    stranger = actor(UnitFactory())
    assert checking.asked(stranger) == []
    with pytest.raises(Forbidden):
        checks.answer_check(actor=stranger, check=Check.objects.get(), same=True)
    (asked,) = checking.asked(steward)
    assert [card.name for card in asked.cards] == ["Forges de Loire", "Forges de Loire"]


def test_pairs_are_weighed_by_the_model_and_carry_its_version(iut: Unit) -> None:
    for rank, name in enumerate(
        ("Minoterie du Layon", "Ardoisières", "Garage Praud", "Fonderie Besson", "Studio Nicol")
    ):
        partner = PartnerFactory(name=name, unit=iut)
        SiteFactory(partner=partner, postcode=f"4410{rank}", city="Nantes")
    for name in ("Lornévine Conseil", "LORNÉVINE CONSEIL SARL"):
        SiteFactory(
            partner=PartnerFactory(name=name, unit=iut), postcode="49000", city="Angers", address="3 rue du Port"
        )
    doubles.look(thorough=True)
    weighing.weigh_and_sort()
    (one,) = Judgement.objects.filter(kind="partner")
    assert one.model == likeness.shipped()
    assert one.likelihood is not None
    assert one.likelihood == pytest.approx(one.score, abs=0.2)  # what the night found, found again
    Partner.objects.filter(pk=one.low).update(name="Boulangerie Praud")
    before = one.likelihood
    weighing.weigh_and_sort()
    one.refresh_from_db()
    assert one.likelihood is not None
    assert one.likelihood < before


@pytest.mark.parametrize(
    ("reasons", "zone"),
    [
        (["likeness", "phone_same"], "review"),
        (["likeness", "city_same", "phone_same"], "review"),
        (["likeness", "address_same", "phone_same"], "automatic"),
        (["likeness", "name_close", "phone_same"], "automatic"),
    ],
)
def test_a_telephone_alone_never_merges_two(iut: Unit, steward: Actor, reasons: list[str], zone: str) -> None:
    """A switchboard, an accountant, a shared office: however low the establishment sets the threshold, somebody looks."""
    on(steward, automatic=0.9)
    one = pair(iut, 0.96, reasons=reasons)
    weighing.withhold()
    weighing.sort(weighing.settings_in_force())
    one.refresh_from_db()
    assert one.zone == zone
    assert (one.withheld == "contact") == (zone == "review")
    assert weighing.contact_only(reasons) == (zone == "review"), "an import does the same"
