"""Taking an import back: exactly, except where somebody has worked since, and that is said."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from reciproque.directory import services as directory
from reciproque.directory.models import Partner, PartnerUnit, Person, Position, SearchEntry, Site
from reciproque.foundation.errors import DomainError
from reciproque.sourcing.models import Import, MatchKey, SourceRecord
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, SiteFactory
from tests.sourcing.importing import ATELIERS, FORGES, MAIRIE, Desk, text

pytestmark = pytest.mark.django_db
TECHNICAL = {"version", "updated_at", "created_at"}


def everything() -> dict[str, list[dict[str, Any]]]:
    """The directory, without what only counts changes."""
    return {
        model.__name__: [
            {key: value for key, value in row.items() if key not in TECHNICAL}
            for row in model.objects.order_by("pk").values()
        ]
        for model in (Partner, Site, Person, Position, PartnerUnit)
    }


def test_undoing_empties_the_directory_again(desk):
    run = desk.undo(desk.run(text(ATELIERS, FORGES, MAIRIE)))
    assert run.state == Import.State.UNDONE
    assert not any(everything().values())
    assert not SearchEntry.objects.exists()
    assert not MatchKey.objects.exists()
    assert set(SourceRecord.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_undoing_gives_back_what_was_there(desk):
    partner = PartnerFactory(name="Forges de Loire")
    site = SiteFactory(partner=partner, postcode="49000", city="Angers", city_code="49007")
    person = PersonFactory(first_name="Marc", last_name="Le Goff")
    PositionFactory(person=person, partner=partner, site=site, title="responsable RH")
    other = Desk()
    other.run(text("Forges de Loire;;49000;Angers;contact@forges.example;Le Goff;Marc;;", MAIRIE), source="autre")
    before = everything()
    run = desk.run(
        text(
            "FORGES DE LOIRE;;49000;ANGERS;accueil@forges.example;Petit;Anne;;a.petit@forges.example", ATELIERS, MAIRIE
        )
    )
    assert everything() != before
    desk.undo(run)
    assert everything() == before


def test_what_another_source_says_stays(desk):
    run = desk.run(text(FORGES, ATELIERS))
    other = Desk()
    other.run(text("Forges de Loire;;49000;Angers;;Le Goff;Marc;DRH;m.legoff@forges.example"), source="autre")
    run = desk.undo(run)
    partner = Partner.objects.get()
    assert partner.name == "Forges de Loire"
    assert partner.origins["name"]["source"] == "autre"
    assert Position.objects.get().title == "DRH"
    assert set(partner.units.values_list("unit_id", flat=True)) == {other.unit.pk}
    assert run.counts["kept_at_undo"] == 1


def test_a_record_edited_since_keeps_its_rows_and_says_so(desk):
    run = desk.run(text(FORGES, ATELIERS))
    partner = Partner.objects.get(name="Forges de Loire")
    directory.edit_partner(actor=desk.actor, partner=partner, version=partner.version, acronym="FDL")
    run = desk.undo(run)
    kept = SourceRecord.objects.get(state="applied")
    assert (kept.kept, kept.partner_id) == ("edited", partner.pk)
    assert Partner.objects.get().acronym == "FDL"
    assert Person.objects.get().last_name == "Le Goff"
    assert run.counts["rows_kept_at_undo"] == 1
    assert SourceRecord.objects.get(line=3).state == "withdrawn"


def test_a_person_known_elsewhere_since_stays(desk):
    run = desk.run(text(FORGES))
    PositionFactory(person=Person.objects.get(), partner=PartnerFactory(name="Ailleurs"))
    desk.undo(run)
    assert Person.objects.get().positions.count() == 1
    assert Partner.objects.get().name == "Ailleurs"


def test_after_thirty_days_it_is_too_late(desk):
    run = desk.run(text(FORGES))
    Import.objects.filter(pk=run.pk).update(finished_at=timezone.now() - dt.timedelta(days=31))
    run.refresh_from_db()
    with pytest.raises(DomainError, match="30 jours"):
        desk.undo(run)
    assert Partner.objects.count() == 1


def test_it_can_be_imported_again_afterwards(desk):
    desk.undo(desk.run(text(FORGES, ATELIERS)))
    run = desk.run(text(FORGES, ATELIERS))
    assert run.counts["created"] == 2
    assert Partner.objects.count() == 2


def test_undoing_a_newer_version_lets_the_former_speak_again(desk):
    desk.run(text(ATELIERS), observed_on=dt.date(2026, 1, 1))
    before = everything()
    run = desk.run(text(ATELIERS.replace("directrice", "présidente")), observed_on=dt.date(2026, 6, 1))
    assert Position.objects.get().title == "présidente"
    desk.undo(run)
    assert everything() == before
