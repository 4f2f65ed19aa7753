"""An import and a merge at once, on real connections: in one order or the other, and nothing stays behind."""

from typing import Any

import pytest

from reciproque.directory import services as directory
from reciproque.directory.models import Merge, Partner, Position
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from reciproque.sourcing import services
from reciproque.sourcing.models import Import, Judgement, SourceRecord
from reciproque.sourcing.pipeline import doubles, running, settling
from reciproque.sourcing.services import judgements
from tests.directory.test_at_the_same_time import together
from tests.factories import UnitFactory, actor
from tests.sourcing.importing import Desk, text

pytestmark = pytest.mark.django_db(transaction=True)
FORGES = "Forges de Loire;;49000;Angers;contact@forges.example;Le Goff;Marc;responsable RH;m.legoff@forges.example"
OTHERS = "FDL Industrie;;49100;Angers;accueil@fdl.example;Petit;Anne;;a.petit@fdl.example"
NEWS = [f"FDL Industrie;;49100;Angers;;Durand{n};Zoé;;z.durand{n}@fdl.example" for n in range(12)]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def by() -> Actor:
    return actor(UnitFactory(), Role.DATA_STEWARD)


def ready(desk: Desk) -> tuple[Partner, Partner, Import]:
    """Two partners, and a file of people of the second that is about to be written."""
    desk.run(text(FORGES, OTHERS))
    kept, absorbed = Partner.objects.order_by("pk")
    run = desk.check(text(*NEWS), source="autre")
    services.run_import(actor=desk.actor, run=run)
    return kept, absorbed, run


def failures(found: list[Any]) -> list[Any]:
    return [one for one in found if isinstance(one, Exception)]


def test_a_merge_while_an_import_writes_to_a_side(desk: Desk, by: Actor) -> None:
    kept, absorbed, run = ready(desk)
    found = together(
        lambda: directory.merge_records(actor=by, kept=kept, absorbed=[absorbed]), lambda: running.apply(run.pk)
    )
    assert not failures(found)
    assert not Position.objects.filter(partner=absorbed).exists()
    assert kept.positions.count() == 2 + len(NEWS)
    assert SourceRecord.objects.filter(import_run=run, partner=kept, state="applied").count() == len(NEWS)
    directory.separate(actor=by, merge=Merge.objects.get(kind="partner"))
    assert {one.last_name for one in people_of(kept)} >= {"Le Goff"}
    assert {one.last_name for one in [*people_of(kept), *people_of(absorbed)]} == {
        "Le Goff", "Petit", *(f"Durand{n}" for n in range(len(NEWS)))
    }  # fmt: skip


def people_of(partner: Partner) -> list[Any]:
    return [held.person for held in Position.objects.filter(partner=partner).select_related("person")]


def test_a_separation_while_an_import_writes_to_what_stands(desk: Desk, by: Actor) -> None:
    kept, absorbed, run = ready(desk)
    directory.merge_records(actor=by, kept=kept, absorbed=[absorbed])
    found = together(
        lambda: directory.separate(actor=by, merge=Merge.objects.get(kind="partner")), lambda: running.apply(run.pk)
    )
    assert not failures(found)
    for partner in (kept, absorbed):
        settling.separated("partner", partner.pk)  # what the worker does
    assert Partner.objects.filter(merged_into=None).count() == 2
    assert {one.last_name for one in people_of(absorbed)} >= {"Petit"}
    assert Position.objects.filter(person__last_name__startswith="Durand").count() == len(NEWS)
    assert SourceRecord.objects.filter(import_run=run, state="applied", partner=None).count() == 0


def test_a_merge_while_an_import_is_undone_keeps_both_records(desk: Desk, by: Actor) -> None:
    first = desk.run(text(FORGES, OTHERS))
    kept, absorbed = Partner.objects.order_by("pk")
    services.undo_import(actor=desk.actor, run=first)
    found = together(
        lambda: directory.merge_records(actor=by, kept=kept, absorbed=[absorbed]), lambda: running.undo(first.pk)
    )
    refused = failures(found)
    assert all("relisez" in str(one) for one in refused)
    assert Partner.objects.filter(pk__in=[kept.pk, absorbed.pk]).count() == (0 if refused else 2)
    assert Merge.objects.filter(kind="partner").exists() == (not refused)


def test_the_same_pair_is_said_one_and_two_at_once(desk: Desk, by: Actor) -> None:
    desk.run(text(FORGES, OTHERS))
    ids = sorted(Partner.objects.values_list("pk", flat=True))
    doubles.look()
    found = together(
        lambda: judgements.unite(actor=by, kind="partner", ids=ids, kept=ids[0]),
        lambda: judgements.refuse(actor=by, kind="partner", ids=ids),
    )
    merged = Partner.objects.get(pk=ids[1]).merged_into_id is not None
    assert merged or failures(found)
    verdict = Judgement.objects.get(kind="partner").verdict
    assert verdict == ("same" if merged else "different"), "what is said is what was done"
