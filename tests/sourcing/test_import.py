"""From a file to the directory: what is written, what is recognised, what waits."""

import pytest

from reciproque.directory.models import Partner, PartnerUnit, Person, Position, SearchEntry, Site
from reciproque.foundation import history
from reciproque.sourcing import services
from reciproque.sourcing.models import Import, SourceRecord
from tests.factories import PartnerFactory, SiteFactory
from tests.sourcing.importing import ATELIERS, FORGES, MAIRIE, Desk, text

pytestmark = pytest.mark.django_db
S = SourceRecord.State


def states(run: Import) -> list[tuple[int, str, str]]:
    """Line, state and decision of each row."""
    return list(SourceRecord.objects.filter(import_run=run).values_list("line", "state", "decision"))


def test_a_file_becomes_partners_sites_people_and_functions(desk):
    run = desk.run(text(ATELIERS, FORGES, MAIRIE))
    assert run.state == Import.State.DONE
    ateliers = Partner.objects.get(siren="552081317")
    assert (ateliers.name, ateliers.unit_id, ateliers.sharing) == ("Ateliers du Port", desk.unit.pk, "network")
    assert (ateliers.postcode, ateliers.city, ateliers.department) == ("44600", "Saint-Nazaire", "44")
    site = ateliers.sites.get()
    assert site.is_head
    assert site.siret == "55208131766522"
    assert site.city_code == "44184"
    person = Person.objects.get(email="e.marchand@ateliers-port.example")
    assert (person.last_name, person.first_name) == ("Marchand", "Élodie")
    assert person.positions.get().title == "directrice"
    assert Partner.objects.get(name="Mairie de Saumur").kind == Partner.Kind.AUTHORITY
    assert set(PartnerUnit.objects.values_list("unit_id", "status")) == {(desk.unit.pk, "active")}
    assert Partner.objects.count() == 3


def test_each_value_says_where_it_comes_from(desk):
    run = desk.run(text(ATELIERS))
    partner, record = Partner.objects.get(), SourceRecord.objects.get()
    assert partner.origins["name"] == {
        "kind": "source", "source": "fichier", "record": record.pk, "on": run.observed_on.isoformat()
    }  # fmt: skip
    assert record.partner_id == partner.pk
    assert record.site_id == partner.sites.get().pk
    assert record.people.get().person == Person.objects.get()


def test_the_history_says_who_through_what(desk):
    desk.run(text(ATELIERS))
    entry = history.entries(Partner.objects.get())[0]
    assert (entry.kind, entry.operation, entry.via) == ("insert", "sourcing.apply_import", "import")
    assert entry.actor == str(desk.actor)


def test_what_is_written_is_found(desk):
    desk.run(text(ATELIERS, FORGES))
    assert SearchEntry.objects.filter(partner__isnull=False).count() == 2
    assert SearchEntry.objects.filter(person__isnull=False).count() == 2


def test_five_lines_of_one_organisation_make_one_partner(desk):
    lines = [
        "Ateliers du Port;55208131766522;44600;Saint-Nazaire;;Marchand;Élodie;directrice;",
        "ATELIERS DU PORT;552 081 317 66522;44600;ST NAZAIRE;;Brun;Paul;tuteur;",
        "S.A.R.L. Ateliers du Port;;44600;Saint-Nazaire;;Marchand;Elodie;;",
        "Les Ateliers du Port;;44600;Saint-Nazaire;;;;;",
        ";55208131766522;;;;;;;",
    ]
    desk.run(text(*lines))
    partner = Partner.objects.get()
    assert partner.name == "S.A.R.L. Ateliers du Port"  # the most complete of the same day
    assert partner.sites.count() == 1
    assert sorted(Person.objects.values_list("last_name", flat=True)) == ["Brun", "Marchand"]
    assert SourceRecord.objects.filter(partner=partner).count() == 5


def test_what_exists_is_recognised_enriched_and_tied_to_the_unit(desk):
    held = PartnerFactory(name="Forges de Loire", email="accueil@forges.example")
    SiteFactory(partner=held, postcode="49000", city="Angers", city_code="49007")
    desk.run(text("FORGES DE LOIRE;;49000;ANGERS;;Le Goff;Marc;responsable RH;"))
    partner = Partner.objects.get()
    assert partner.pk == held.pk
    assert partner.units.get().unit == desk.unit
    assert partner.email == "accueil@forges.example"  # nobody signed it: it was there before any source
    assert Position.objects.get().partner == partner


def test_a_partner_made_by_hand_gets_what_one_row_adds(desk):
    held = PartnerFactory(name="Forges de Loire")
    SiteFactory(partner=held, postcode="49000", city="Angers")
    desk.run(text("Forges de Loire;;49000;Angers;contact@forges-loire.example;;;;"))
    held.refresh_from_db()
    assert held.email == "contact@forges-loire.example"
    assert held.version == 2
    assert held.origins["email"]["kind"] == "source"


def test_a_value_typed_by_hand_wins(desk):
    held = PartnerFactory(
        name="Forges de Loire", origins={"name": {"kind": "hand"}, "email": {"kind": "hand"}}, email="a@forges.example"
    )
    SiteFactory(partner=held, postcode="49000", city="Angers")
    desk.run(text("FORGES DE LOIRE SARL;;49000;Angers;b@forges.example;;;;"))
    held.refresh_from_db()
    assert (held.name, held.email) == ("Forges de Loire", "a@forges.example")


def test_doubtful_rows_wait_and_block_nobody(desk):
    held = PartnerFactory(name="Maison des jeunes", department="49")
    SiteFactory(partner=held, postcode="49000", city="Angers", department="49")
    run = desk.run(text("Maison des jeunes;;49400;Saumur;;;;;", FORGES))
    assert states(run) == [(2, S.WAITING, "doubtful"), (3, S.APPLIED, "new")]
    row = SourceRecord.objects.get(line=2)
    assert row.candidate == held
    assert "name_close" in row.reasons
    assert run.counts["doubtful"] == 1


@pytest.mark.parametrize(("decision", "partners"), [("same", 2), ("new", 3)])
def test_a_decision_is_carried_out(desk, decision, partners):
    held = PartnerFactory(name="Maison des jeunes")
    SiteFactory(partner=held, postcode="49000", city="Angers", department="49")
    run = desk.run(text("Maison des jeunes;;49400;Saumur;;;;;", FORGES))
    row = SourceRecord.objects.get(line=2)
    assert services.decide_records(actor=desk.actor, run=run, ids=[row.pk], decision=decision) == 1
    desk.write(run)
    row.refresh_from_db()
    assert row.state == S.APPLIED
    assert Partner.objects.count() == partners
    assert (row.partner == held) is (decision == "same")


def test_a_bad_cell_never_loses_its_row(desk):
    run = desk.run(text("Ateliers du Port;55208131766523;44600;Saint-Nazaire;;;;;", FORGES))
    bad = SourceRecord.objects.get(line=2)
    assert bad.state == S.WAITING
    assert "siret_checksum" in bad.problem_codes
    assert Partner.objects.get().name == "Forges de Loire"
    corrected = services.correct_cells(actor=desk.actor, run=run, column=1, values={"55208131766523": "55208131766522"})
    assert corrected == 1
    desk.write(run)
    bad.refresh_from_db()
    assert bad.state == S.APPLIED
    assert bad.partner is not None
    assert bad.partner.siren == "552081317"
    assert bad.cells[1] == "55208131766523"
    assert bad.values[1] == "55208131766522"


def test_rows_in_the_file_are_all_accounted_for(desk):
    run = desk.run(text(ATELIERS, ATELIERS, FORGES, ";;;;;;;;", "X;123;;;;;;;", MAIRIE))
    counts = run.counts
    assert counts["read"] == counts["applied"] + counts["waiting"] + counts["refused"] + counts["unchanged"]


def test_two_files_checked_before_either_is_written_make_no_double(desk):
    other = Desk()
    first = desk.check(text(FORGES, ATELIERS))
    second = other.check(text(FORGES, ATELIERS), source="autre")
    desk.write(first)
    other.write(second)
    assert Partner.objects.count() == 2
    assert Person.objects.count() == 2
    assert Partner.objects.get(name="Forges de Loire").units.count() == 2


def test_an_organisation_shared_by_two_units_keeps_the_best_of_both(desk):
    other = Desk()
    desk.run(text("FORGES DE LOIRE;;49000;ANGERS;;;;;"))
    other.run(text("Forges de Loire;;49000;Angers;contact@forges.example;;;;"), source="autre")
    partner = Partner.objects.get()
    assert (partner.name, partner.email) == ("Forges de Loire", "contact@forges.example")
    assert set(partner.units.values_list("unit_id", flat=True)) == {desk.unit.pk, other.unit.pk}


def test_partners_changed_by_other_means_are_recognised_under_their_new_name(desk):
    held = PartnerFactory(name="Ancien nom")
    SiteFactory(partner=held, postcode="49000", city="Angers")
    desk.run(text(MAIRIE))
    held.name = "Forges de Loire"
    held.save()
    desk.run(text(FORGES), source="autre")
    assert Partner.objects.filter(name="Forges de Loire").count() == 1


def test_a_site_more_for_the_same_company(desk):
    desk.run(text("La Poste;35600000000048;75015;Paris;;;;;", "La Poste;35600000049837;33900;Bordeaux;;;;;"))
    partner = Partner.objects.get()
    assert list(partner.sites.order_by("pk").values_list("siret", "is_head")) == [
        ("35600000000048", True),
        ("35600000049837", False),
    ]
    assert Site.objects.count() == 2


def test_a_number_given_late_in_the_file_counts_for_the_lines_after_it(desk):
    desk.run(
        text(
            FORGES,
            "Forges de Loire;55208131766522;49000;Angers;;;;;",
            "Autre enseigne;55208131766522;49000;Angers;;;;;",
        )
    )
    partner = Partner.objects.get()
    assert partner.siren == "552081317"
    assert SourceRecord.objects.filter(partner=partner).count() == 3
