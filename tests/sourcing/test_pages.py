"""The wizard as a browser sees it: each step, with and without JavaScript, and who may open what."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reciproque.directory import services as directory
from reciproque.directory.models import Partner
from reciproque.institution.models import Role
from reciproque.sourcing import report
from reciproque.sourcing.models import Import, ImportFile, Source, SourceRecord
from reciproque.sourcing.pipeline import running
from tests.factories import EstablishmentFactory, PartnerFactory, SiteFactory, UnitFactory
from tests.sourcing.importing import ATELIERS, FORGES, MAIRIE, Desk, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(client, desk):
    """Signed in as the member of the unit."""
    client.force_login(desk.user)
    return client


def upload(content: bytes, name: str = "partenaires.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(client, content: bytes, name: str = "partenaires.csv", **others):
    fields = {"file": upload(content, name), "name": "Entreprises d’accueil", **others}
    return client.post(reverse("sourcing:import_new"), fields)


def url(name: str, run: Import, *args) -> str:
    return reverse(f"sourcing:{name}", args=[run.pk, *args])


def test_the_whole_way_without_javascript(inside, desk):
    answer = send(inside, text(ATELIERS, FORGES, "Sans lieu;123;;;;;;;"), unit=desk.unit.pk)
    run = Import.objects.get()
    assert answer.url == url("import_columns", run)
    page = inside.get(answer.url).text
    assert "Raison sociale" in page
    assert "Ateliers du Port" in page
    fields = {f"field_{c['index']}": c["field"] or "" for c in run.mapping["columns"]}
    answer = inside.post(answer.url, fields)
    assert answer.url == url("import", run)
    moving = inside.get(answer.url).text
    assert 'hx-trigger="every 1s"' in moving
    assert "Actualiser" in moving
    running.check(run.pk)
    assert inside.get(answer.url).url == url("import_problems", run)
    problems = inside.get(url("import_problems", run)).text
    assert "quatorze chiffres" in problems
    assert "123" in problems
    assert inside.get(url("import_matches", run)).context["tab"] == "nouvelles", (
        "nothing is doubtful: what is there is shown"
    )
    summary = inside.get(url("import_summary", run)).text
    assert "30 jours" in summary
    assert inside.post(url("import_summary", run)).url == url("import", run)
    running.apply(run.pk)
    report = inside.get(url("import", run)).text
    assert "terminé" in report
    assert "Annuler cet import" in report
    assert Partner.objects.count() == 2


def test_progress_is_a_part_of_the_page(inside, desk):
    run = desk.open(text(FORGES))
    from reciproque.sourcing import services

    services.start_check(actor=desk.actor, run=run)
    whole = inside.get(url("import", run)).text
    part = inside.get(url("import", run), headers={"HX-Request": "true"}).text
    assert "<html" in whole
    assert "<html" not in part
    assert 'id="import"' in part


def test_the_file_is_read_as_somebody_says(inside, desk):
    content = "Liste 2026,,\nà jour,,\nNom,CP,Ville\nForges de Loire,49000,Angers\n".encode("cp1252")
    run = desk.open(content)
    page = inside.get(url("import_columns", run)).text
    assert "Premières lignes du fichier" in page
    answer = inside.post(url("import_reading", run), {"header_line": "2", "separator": ",", "encoding": "cp1252"})
    assert answer.url == url("import_columns", run)
    run.refresh_from_db()
    assert run.options["header_rows"] == [2]
    inside.post(url("import_reading", run), {"header_line": "3", "separator": ",", "encoding": "cp1252"})
    run.refresh_from_db()
    assert [column["header"] for column in run.mapping["columns"]] == ["Nom", "CP", "Ville"]
    from reciproque.sourcing import services

    services.start_check(actor=desk.actor, run=run)
    running.check(run.pk)
    assert SourceRecord.objects.get(import_run=run).draft["partner"]["name"] == "Forges de Loire"


@pytest.mark.parametrize("line", ["0", "399", "x", ""])
def test_an_absurd_header_line_is_refused_beside_its_field(inside, desk, line):
    run = desk.open(text(FORGES))
    answer = inside.post(url("import_reading", run), {"header_line": line, "separator": ";", "encoding": "utf-8"})
    assert answer.status_code == 422


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "a" * 300_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "vide.csv", "vide"),
        (b"%PDF-1.7 ...", "liste.pdf", "CSV, XLSX, XLS ou ODS"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "liste.xlsx", "contenu"),
        (b"<!DOCTYPE html><html><body><table></table></body></html>", "liste.xls", "page web"),
        (b"a;b\n" * 6_000_000, "gros.csv", "20 Mo"),
        (("a;" * 400 + "\n").encode() * 3, "large.csv", "300 colonnes"),
        (b"Nom;Ville\n" + b"x" * 40_000 + b";Angers\n", "long.csv", "caractères"),
    ],
    ids=["empty", "extension", "wrong type", "html", "size", "columns", "cell"],
)
def test_a_file_that_cannot_be_taken_says_why_and_leaves_nothing(inside, desk, media, content, name, said):
    answer = send(inside, content, name, unit=desk.unit.pk)
    assert answer.status_code == 422
    assert said in answer.text
    assert not ImportFile.objects.exists()
    assert not Source.objects.exists()
    assert not media.exists() or not list(media.rglob("*.*"))


def test_a_zip_bomb_is_refused(inside, desk):
    answer = send(inside, bomb(), "bombe.xlsx", unit=desk.unit.pk)
    assert answer.status_code == 422
    assert not ImportFile.objects.exists()


def test_formulas_are_read_as_text_and_said(desk):
    run = desk.run(text('"=HYPERLINK(""x"")";;49000;Angers;;;;;', FORGES))
    row = SourceRecord.objects.get(line=2)
    assert "formula" in row.problem_codes
    assert run.counts["applied"] + run.counts["waiting"] == 2


def test_corrections_apply_to_every_equal_value(inside, desk):
    bad = "Ateliers {};55208131766523;44600;Saint-Nazaire;;;;;"
    run = desk.check(text(*(bad.format(n) for n in range(3)), "Autre;55208131766524;49000;Angers;;;;;"))
    where = url("import_problems", run) + "?probleme=siret_checksum&colonne=1"
    inside.post(
        where,
        {
            "was_0": "55208131766523",
            "new_0": "",
            "was_1": "55208131766524",
            "new_1": "55208131766524",
            "code": "siret_checksum",
        },
    )
    ready = SourceRecord.objects.filter(import_run=run, state="ready")
    assert ready.count() == 3
    assert all(record.cells[1] == "55208131766523" for record in ready)


def test_rows_left_out_are_downloaded_with_the_reason(inside, desk):
    run = desk.check(text("Ateliers;55208131766523;44600;Saint-Nazaire;;;;;", FORGES))
    inside.post(
        url("import_problems", run) + "?probleme=siret_checksum&colonne=1",
        {"action": "ignore", "code": "siret_checksum"},
    )
    assert SourceRecord.objects.get(line=2).state == "ignored"
    answer = inside.get(url("import_rows", run, "csv"))
    content = (
        b"".join(answer.streaming_content).decode("utf-8-sig")
        if answer.streaming
        else answer.content.decode("utf-8-sig")
    )
    assert "motif" in content
    assert "clé de contrôle" in content
    assert "Forges" not in content
    assert inside.get(url("import_rows", run, "xlsx")).status_code == 200


def test_doubts_are_decided_one_by_one_or_alike(inside, desk):
    for number in range(3):
        SiteFactory(
            partner=PartnerFactory(name=f"Maison {number} des jeunes"), postcode="49000", city="Angers", department="49"
        )
    lines = [f"Maison {number} des jeunes;;49400;Saumur;;;;;" for number in range(3)]
    run = desk.check(text(*lines))
    page = inside.get(url("import_matches", run)).text
    assert "Maison 1 des jeunes" in page
    assert "Toutes les mêmes" in page
    assert 'value="same"' in page
    first = SourceRecord.objects.get(line=2)
    told = inside.post(url("import_matches", run), {"record": first.pk, "decision": "later"}, follow=True)
    assert [row["record"].line for row in told.context["rows"]] == [3, 4, 2], "the next one to decide is the first"
    assert "1 ligne décidée." in told.text
    inside.post(url("import_matches", run), {"record": first.pk, "decision": "new"})
    assert SourceRecord.objects.get(line=2).decision == "new"
    inside.post(url("import_matches", run), {"reasons": " ".join(first.reasons), "decision": "same"})
    assert list(SourceRecord.objects.order_by("line").values_list("decision", flat=True)) == ["new", "same", "same"]


def test_decloisonnement_shows_what_units_share(inside, desk):
    other = Desk()
    desk.run(text(FORGES, ATELIERS))
    other.run(text(FORGES, MAIRIE), source="autre")
    page = inside.get(reverse("sourcing:decloisonnement")).text
    assert "<svg" in page
    assert desk.unit.name in page
    assert other.unit.name in page
    answer = inside.get(reverse("sourcing:decloisonnement_file"))
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_decloisonnement_is_told_before_anything_is_written(inside, desk):
    other = Desk()
    other.run(text(FORGES, MAIRIE), source="autre")
    run = desk.check(text(FORGES, ATELIERS))
    before = report.decloisonnement()
    assert (before.organisations, before.shared) == (2, 0)
    found = report.decloisonnement(run)
    assert (found.rows, found.organisations, found.shared) == (4, 3, 1)
    mine = next(line for line in found.lines if line.unit == desk.unit)
    assert (mine.organisations, mine.shared, mine.siren, mine.place, mine.people) == (2, 1, 50, 100, 100)
    desk.write(run)
    after = report.decloisonnement()
    assert (after.rows, after.organisations, after.shared, after.pairs) == (4, 3, 1, found.pairs | after.pairs)
    assert report.decloisonnement(run) == after, "once written, its rows are not counted twice"


def test_the_foreseen_network_is_a_page_and_a_workbook(inside, desk):
    run = desk.check(text(FORGES, ATELIERS))
    asked = f"?import={run.pk}"
    assert asked in inside.get(url("import_summary", run)).text
    page = inside.get(reverse("sourcing:decloisonnement") + asked).text
    assert "Rien n’est encore écrit" in page
    assert desk.unit.name in page
    answer = inside.get(reverse("sourcing:decloisonnement_file") + asked)
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert inside.get(reverse("sourcing:decloisonnement") + "?import=rien").status_code == 200
    theirs = Desk().check(text(MAIRIE), source="autre")
    for name in ("decloisonnement", "decloisonnement_file"):
        assert inside.get(reverse(f"sourcing:{name}") + f"?import={theirs.pk}").status_code == 404


@pytest.mark.parametrize("step", ["import", "import_columns", "import_problems", "import_matches", "import_summary"])
def test_another_units_import_does_not_exist(client, desk, step):
    run = desk.check(text(FORGES))
    other = Desk()
    client.force_login(other.user)
    assert client.get(url(step, run)).status_code == 404
    reader = Desk(unit=desk.unit, role=Role.READER)
    client.force_login(reader.user)
    assert client.get(url(step, run)).status_code == 404
    assert "fichier.csv" not in client.get(reverse("sourcing:import_list")).text


def test_a_data_steward_sees_every_import(client, desk):
    run = desk.check(text(FORGES))
    steward = Desk(unit=EstablishmentFactory(), role=Role.DATA_STEWARD)
    client.force_login(steward.user)
    assert client.get(url("import_problems", run)).status_code == 200
    assert "fichier.csv" in client.get(reverse("sourcing:import_list")).text


def test_nobody_imports_for_a_unit_that_is_not_theirs(inside, desk):
    answer = send(inside, text(FORGES), unit=UnitFactory().pk)
    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_a_reader_cannot_import(client):
    reader = Desk(role=Role.READER)
    client.force_login(reader.user)
    assert send(client, text(FORGES), unit=reader.unit.pk).status_code in {403, 422}
    assert not ImportFile.objects.exists()


def test_the_partner_page_shows_its_sources(inside, desk):
    desk.run(text(FORGES))
    partner = Partner.objects.get()
    page = inside.get(reverse("directory:partner", args=[partner.pk]) + "?onglet=sources").text
    assert "fichier.csv" in page
    assert "m.legoff@forges.example" in page


def test_a_new_version_says_what_changed(inside, desk):
    desk.run(text(FORGES, ATELIERS, MAIRIE))
    run = desk.run(text(FORGES, ATELIERS.replace("directrice", "présidente")))
    assert (run.counts["unchanged"], run.counts["changed"]) == (1, 1)
    page = inside.get(url("import", run)).text
    assert "ligne disparue du fichier" in page
    assert Partner.objects.count() == 3


def test_the_partner_page_shows_where_sources_disagree(inside, desk):
    other = Desk(unit=desk.unit)
    desk.run(text("Forges de Loire;55208131766522;49000;Angers;a@forges.example;;;;"))
    other.run(text("Forges de la Loire;55208131766522;49000;Angers;b@forges.example;;;;"), source="autre")
    page = inside.get(reverse("directory:partner", args=[Partner.objects.get().pk]) + "?onglet=sources").text
    assert "contredisent" in page
    assert "a@forges.example" in page
    assert "b@forges.example" in page


def test_the_lists_are_filtered_by_the_file_that_told(inside, desk):
    PartnerFactory(name="Venue d’ailleurs")
    run = desk.run(text(ATELIERS, FORGES))
    partners = inside.get("/partenaires/", {"f.source": run.source_id}).text
    assert "Ateliers du Port" in partners
    assert "Venue d’ailleurs" not in partners
    people = inside.get("/personnes/", {"f.source": run.source_id}).text
    assert "Marchand" in people
    assert "Le Goff" in people
    editor = inside.get("/partenaires/", {"filtre": "source"}).text
    assert str(run.source) in editor


def test_the_report_leads_to_all_that_was_created_and_to_nothing_else(inside, desk):
    PartnerFactory(name="Là avant")
    lines = [f"Atelier {number:02};;49000;Angers;;;;;" for number in range(14)]
    run = desk.run(text(*lines))
    told = inside.get(url("import", run)).text
    address = f"{reverse('directory:partner_list')}?f.created_by={run.pk}"
    assert address in told
    found = inside.get(address)
    assert found.context["listing"].count.number == run.counts["partners_created"] == 14
    assert "Là avant" not in found.text
    assert "Créée par l’import" in found.text
    assert f"{run.source.name} (" in found.text  # the chip says the file, not its number
    enriched = desk.run(text("Atelier 01;;49000;Angers;a@atelier01.example;;;;"), source="autre")
    address = f"{reverse('directory:partner_list')}?f.enriched_by={enriched.pk}"
    assert [str(row) for row in inside.get(address).context["listing"].page.rows] == ["Atelier 01"]
    stranger = Desk()
    inside.force_login(stranger.user)
    assert inside.get(address).context["listing"].count.number == 0


def test_an_undone_import_no_longer_tells_of_records_created(inside, desk):
    run = desk.run(text(ATELIERS, FORGES))
    assert "<b>2</b> fiches créées" in inside.get(url("import", run)).text
    desk.undo(run)
    told = inside.get(url("import", run)).text
    assert "Cet import est annulé" in told
    assert "<b>2</b> fiches retirées" in told
    assert "<b>2</b> personnes retirées" in told
    for gone in ("fiches créées", "enrichie", "Annuler cet import", "/controle/", "/rapprochement/", "/recapitulatif/"):
        assert gone not in told


@pytest.mark.parametrize("step", ["import_problems", "import_matches", "import_summary"])
def test_the_steps_of_an_undone_import_lead_to_its_report(inside, desk, step):
    run = desk.run(text(ATELIERS, "Sans lieu;123;;;;;;;"))
    desk.undo(run)
    assert inside.get(url(step, run)).url == url("import", run)
    first = SourceRecord.objects.get(line=3)
    told = inside.post(url("import_matches", run), {"record": first.pk, "decision": "new"}).text
    assert "Cet import est annulé : déposez le fichier de nouveau" in told


def test_the_rows_of_an_undone_import_are_downloaded_with_what_became_of_them(inside, desk):
    run = desk.run(text(ATELIERS, FORGES, "Sans lieu;123;;;;;;;"))
    edited = Partner.objects.get(name="Forges de Loire")
    directory.edit_partner(actor=desk.actor, partner=edited, version=edited.version, acronym="FDL")
    desk.undo(run)
    told = inside.get(url("import_rows", run, "csv")).getvalue().decode()
    assert "Ateliers du Port" in told
    assert "retirée" in told
    assert "sa fiche a été modifiée depuis" in told
    assert "quatorze chiffres" in told


def test_once_an_import_ran_its_summary_is_its_report(inside, desk):
    run = desk.run(text(ATELIERS, "Sans lieu;123;;;;;;;"))
    assert inside.get(url("import_summary", run)).url == url("import", run)
    assert f'href="{url("import", run)}"' in inside.get(url("import_matches", run)).text


@pytest.mark.parametrize("role", [Role.DPO, Role.STEERING, Role.ADMINISTRATOR, Role.READER])
def test_who_imports_for_no_unit_is_not_offered_to(client, role):
    person = Desk(unit=EstablishmentFactory(), role=role)
    client.force_login(person.user)
    assert client.get(reverse("sourcing:import_new")).status_code == 403
    for name in ("sourcing:import_list", "sourcing:decloisonnement", "directory:partner_list"):
        assert reverse("sourcing:import_new") not in client.get(reverse(name)).text, name


def test_the_columns_of_an_import_that_ran_lead_to_its_report(inside, desk):
    run = desk.run(text(ATELIERS))
    assert inside.get(url("import_columns", run)).url == url("import", run)
    fields = {f"field_{column['index']}": column["field"] or "" for column in run.mapping["columns"]}
    assert "ses colonnes ne changent plus" in inside.post(url("import_columns", run), fields).text


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Université d’Angers;", "school"),
        ("Association du Port;", "association"),
        ("Association du Port;5710", "company"),
        ("Fleurs du Port;7331", "school"),
        ("Fleurs du Port;7381", "chamber"),
        ("Fleurs du Port;", "company"),
    ],
)
def test_the_kind_is_told_by_the_legal_category_else_by_the_first_words(desk, said, kind):
    desk.run(text(said, header="Raison sociale;Catégorie juridique"))
    assert Partner.objects.get().kind == kind
