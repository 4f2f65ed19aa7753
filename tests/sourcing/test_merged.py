"""Files come in before and after records were brought together: each row ends where it belongs."""

import pytest

from reciproque.directory import services as directory
from reciproque.directory.models import Merge, Partner
from reciproque.institution.models import Role
from reciproque.sourcing.models import SourceRecord
from reciproque.sourcing.pipeline import settling
from tests.factories import UnitFactory, actor
from tests.sourcing.importing import Desk, text

pytestmark = pytest.mark.django_db
FORGES = "Forges de Loire;;49000;Angers;contact@forges.example;Le Goff;Marc;responsable RH;m.legoff@forges.example"
OTHERS = "FDL Industrie;;49100;Angers;accueil@fdl.example;Petit;Anne;;a.petit@fdl.example"


@pytest.fixture
def by():
    return actor(UnitFactory(), Role.DATA_STEWARD)


def test_a_file_finds_the_record_under_the_names_of_those_it_absorbed(desk, by):
    desk.run(text(FORGES, OTHERS))
    kept, absorbed = Partner.objects.order_by("pk")
    directory.merge_records(actor=by, kept=kept, absorbed=[absorbed])
    other = Desk()
    other.run(text("FDL INDUSTRIE;;49100;Angers;;;;;"), source="autre")
    assert Partner.objects.filter(merged_into=None).count() == 1
    assert SourceRecord.objects.filter(partner=kept).count() == 3


def test_rows_matched_before_the_merge_are_written_to_the_one_that_stays(desk, by):
    desk.run(text(FORGES, OTHERS))
    kept, absorbed = Partner.objects.order_by("pk")
    other = Desk()
    run = other.check(text("FDL INDUSTRIE;;49100;Angers;;Durand;Zoé;;z.durand@fdl.example"), source="autre")
    directory.merge_records(actor=by, kept=kept, absorbed=[absorbed])
    other.write(run)
    assert set(kept.positions.values_list("person__last_name", flat=True)) == {"Le Goff", "Petit", "Durand"}
    assert not absorbed.positions.exists()


def test_undoing_the_import_of_records_brought_together_keeps_them(desk, by):
    run = desk.run(text(FORGES, OTHERS))
    kept, absorbed = Partner.objects.order_by("pk")
    directory.merge_records(actor=by, kept=kept, absorbed=[absorbed])
    desk.undo(run)
    assert Partner.objects.filter(pk__in=[kept.pk, absorbed.pk]).count() == 2
    directory.separate(actor=by, merge=Merge.objects.get(kind="partner"))
    assert Partner.objects.filter(merged_into=None).count() == 2


def test_once_apart_each_says_what_its_own_rows_say(desk, by):
    desk.run(text(FORGES, OTHERS))
    kept, absorbed = Partner.objects.order_by("pk")
    directory.merge_records(actor=by, kept=kept, absorbed=[absorbed])
    later = Desk()
    later.run(text("FDL INDUSTRIE;;49100;Angers;nouveau@fdl.example;;;;"), source="autre")
    directory.separate(actor=by, merge=Merge.objects.get(kind="partner"))
    for partner in (kept, absorbed):
        settling.separated("partner", partner.pk)  # what the worker does
    assert Partner.objects.get(pk=kept.pk).email == "contact@forges.example"
