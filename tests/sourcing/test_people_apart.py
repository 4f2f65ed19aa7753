"""« Pas un doublon » said of two people holds against every file: its next version, and the same file read again after it was undone."""

import datetime as dt

import pytest

from reciproque.directory.models import Partner, Person, Position
from reciproque.sourcing.models import Judgement, RecordPerson, Refusal
from reciproque.sourcing.pipeline import doubles
from reciproque.sourcing.services import judgements
from tests.factories import PartnerFactory, PersonFactory, PositionFactory
from tests.sourcing.importing import Desk, text

pytestmark = pytest.mark.django_db
NAMED = "Forges de Loire;55208131766522;49000;Angers;;Le Goff;Marc;responsable RH;"


@pytest.fixture
def forges(desk: Desk) -> Partner:
    return PartnerFactory(name="Forges de Loire", siren="552081317", unit=desk.unit)


def homonym(desk: Desk, forges: Partner) -> Person:
    """Another Marc Le Goff of the same company, entered by hand."""
    person = PersonFactory(first_name="Marc", last_name="Le Goff", email="", unit=desk.unit)
    PositionFactory(person=person, partner=forges, title="soudeur")
    return person


def named_by(run) -> Person:
    return RecordPerson.objects.get(record__import_run=run).person


@pytest.mark.parametrize("refused", [True, False])
def test_an_import_undone_then_made_again_does_not_join_what_was_refused(desk, forges, refused):
    run = desk.run(text(NAMED))
    imported, other = named_by(run), homonym(desk, forges)
    if refused:
        judgements.refuse(actor=desk.actor, kind="person", ids=[imported.pk, other.pk])
    desk.undo(run)
    assert list(Person.objects.all()) == [other]
    again = named_by(desk.run(text(NAMED)))
    assert (again != other) is refused, "unless somebody said that they are two, one name in one company is one person"
    doubles.look()
    if refused:
        assert Judgement.objects.get(kind="person", low=other.pk, high=again.pk).verdict == "different"
        assert not Refusal.objects.exists()


def test_the_next_version_of_a_row_names_whom_the_former_one_did(desk, forges):
    other = homonym(desk, forges)
    Person.objects.filter(pk=other.pk).update(email="marc@ailleurs.example")
    first = desk.run(text(NAMED + "m.legoff@forges.example"), observed_on=dt.date(2026, 1, 1))
    imported = named_by(first)
    assert imported != other
    judgements.refuse(actor=desk.actor, kind="person", ids=[imported.pk, other.pk])
    for number, end in enumerate(("", "marc@ailleurs.example", "marc.le.goff@forges.example")):
        row = NAMED.replace("responsable", "directeur") + end
        assert named_by(desk.run(text(row), observed_on=dt.date(2026, 2 + number, 1))) == imported
    assert Person.objects.count() == 2
    assert Position.objects.get(person=other).title == "soudeur"


def test_another_name_in_the_same_row_is_another_person(desk, forges):
    first = named_by(desk.run(text(NAMED), observed_on=dt.date(2026, 1, 1)))
    again = desk.run(text(NAMED.replace("Le Goff;Marc", "Quéré;Anne")), observed_on=dt.date(2026, 2, 1))
    assert named_by(again) != first
