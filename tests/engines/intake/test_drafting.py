"""From a row to a draft: damage is told, nothing is lost, nothing is invented."""

import pytest

from reciproque.engines.intake import ROW_SEVERITY, Column, Draft, Drafter, Mapping, draft, split_name, town_key
from reciproque.engines.intake.cells import is_nir, read_date, read_department, read_year, split_address, split_town


def made(constants: dict[str, str] | None = None, **cells: str) -> Draft:
    paths = [path.replace("__", ".") for path in cells]
    columns = tuple(Column(index, path, path) for index, path in enumerate(paths))
    return draft(list(cells.values()), Mapping(columns, tuple((constants or {}).items())))


def codes(found: Draft) -> dict[str, str]:
    return {problem.code: problem.severity for problem in found.problems}


def test_a_whole_row():
    found = made(
        partner__name="Élan d’Anjou", site__siret="356 000 000 00048", site__address="12 rue du Port", site__postcode="49100",
        site__city="ANGERS CEDEX 01", person1__full_name="Mme DURAND Anne", person1__email="Anne.Durand@Exemple.fr",
        person1__phone="02.41.00.00.00", meta__year="2021-2022", partner__notes="Ligne 1\nLigne 2",
    )  # fmt: skip
    assert found.partner == {"name": "Élan d’Anjou", "siren": "356000000", "notes": "Ligne 1\nLigne 2"}
    assert found.site == {
        "siret": "35600000000048", "address": "12 rue du Port", "postcode": "49100", "city": "ANGERS", "cedex": "CEDEX 01",
        "city_key": "angers", "department": "49",
    }  # fmt: skip
    assert found.people == (
        {
            "civility": "Mme", "last_name": "DURAND", "first_name": "Anne", "email": "anne.durand@exemple.fr",
            "phone": "+33241000000",
        },
    )  # fmt: skip
    assert not found.waits
    assert found.key == "siret:35600000000048|2021|durand anne"


@pytest.mark.parametrize(
    ("siret", "code", "severity", "kept"),
    [
        ("3,50E+13", "siret_rounded", "warning", False),
        ("35181600000000", "siret_rounded", "warning", False),
        ("35600000000049", "siret_checksum", "error", False),
        ("123456", "siret_length", "error", False),
        ("en cours", "siret_format", "warning", False),
        ("356000000", "siren_in_siret", "repaired", False),
        ("néant", "null_word", "repaired", False),
        ("=A1&B1", "formula", "warning", False),
        ("35600000000048.0", "number_suffix", "repaired", True),
    ],
)
def test_damaged_sirets(siret, code, severity, kept):
    found = made(partner__name="Le Port", site__siret=siret)
    assert codes(found) == {code: severity}
    assert ("siret" in found.site) is kept
    assert found.partner["name"] == "Le Port"
    assert found.waits is (severity == "error")


def test_a_wrong_siret_suggests_its_siren_and_a_siren_in_its_place_is_used():
    assert made(partner__name="A", site__siret="35600000000049").problems[0].suggestion == "356000000"
    assert made(site__siret="356000000").partner == {"siren": "356000000"}


def test_siren_and_siret_that_disagree_wait():
    found = made(partner__name="A", partner__siren="732829320", site__siret="35600000000048")
    assert codes(found) == {"siren_siret_differ": "error"}


def test_a_row_without_name_or_identifier_waits():
    assert codes(made(site__city="Brest", partner__name="X")) == {"null_word": "repaired", "no_identity": "error"}
    assert codes(made(site__siret="35600000000048")) == {}
    assert codes(made(site__siret="35181600000000")) == {"siret_rounded": "warning", "no_identity": "error"}


@pytest.mark.parametrize(
    "cells",
    [
        {"partner__phone": "12"}, {"partner__email": "pas de mail"}, {"partner__web": "voir plus bas"}, {"partner__naf": "??x"},
        {"site__postcode": "ABC"}, {"partner__vat": "FR00"}, {"partner__rna": "assoc"}, {"meta__date": "un jour"},
        {"partner__country": "Pays imaginaire"}, {"site__postcode": "4400"},
    ],
)  # fmt: skip
def test_an_optional_cell_never_holds_its_row(cells):
    found = made(partner__name="A", **cells)
    assert set(codes(found).values()) == {"warning"}
    assert not found.waits


def test_several_addresses_and_numbers_in_a_cell():
    cells = {"person1__email": "a@b.fr; c@d.fr", "person1__phone": "02 41 00 00 00 / 06 12 34 56 78"}
    several = {"email": "a@b.fr", "other_emails": "c@d.fr", "phone": "+33241000000", "other_phones": "+33612345678"}
    found = made(partner__name="A", person1__last_name="Durand", **cells)
    assert found.people == ({"last_name": "Durand", **several},)
    assert made(partner__name="A", **cells).partner == {"name": "A", **several}
    assert codes(found) == {"email_several": "repaired", "phone_several": "repaired"}


def test_names_over_two_columns_and_values_for_all_rows():
    columns = (
        Column(0, "a", "partner.name"), Column(1, "b", "partner.name_complement"), Column(2, "c", "partner.tags"),
        Column(3, "d", "meta.ignore"),
    )  # fmt: skip
    drafter = Drafter(Mapping(columns, (("partner.tags", "taxe"), ("partner.kind", "association"))))
    assert drafter.draft(["ASSOC", "DU PORT", "sport", "x"]).partner == {
        "name": "ASSOC DU PORT", "tags": "sport\ntaxe", "kind": "association",
    }  # fmt: skip
    assert drafter.draft(["ASSOC"]).partner["name"] == "ASSOC"


def test_an_identifier_typed_as_a_name_is_an_identifier():
    found = made(partner__name="35600000000048")
    assert found.partner == {"siren": "356000000"}
    assert codes(found) == {"identifier_in_name": "repaired"}
    assert codes(made(partner__name="962721")) == {"name_is_number": "warning"}


def test_a_national_insurance_number_is_neither_kept_nor_repeated():
    found = made(partner__name="Mme Durand", site__siret="2 84 05 49 007 123 45".replace(" ", "")[:13])
    assert codes(found) == {"nir": "warning"}
    assert found.problems[0].value == ""
    assert found.site == {}


def test_mojibake_is_repaired_or_said():
    assert made(partner__name="UniversitÃ© d’Angers").partner["name"] == "Université d’Angers"
    assert codes(made(partner__name="Tesni\ufffdre")) == {"mojibake_lost": "warning"}


def test_a_foreign_postcode_is_left_alone():
    found = made(partner__name="A", site__postcode="b-1000", partner__country="Belgique")
    assert (found.site["postcode"], found.partner["country"], codes(found)) == ("B-1000", "BE", {})


def test_an_address_on_one_line_is_split_when_certain():
    found = made(partner__name="A", site__address="12 rue du Port, 49000 ANGERS CEDEX 9")
    assert found.site["address"] == "12 rue du Port"
    assert (found.site["postcode"], found.site["city"], found.site["cedex"]) == ("49000", "ANGERS", "CEDEX 9")
    assert codes(found) == {"address_split": "repaired"}
    assert split_address("12 rue du 19 mars 1962") is None
    assert split_address("BP 12345 quelque part 2") is None or split_address("BP 12345 quelque part")


@pytest.mark.parametrize(
    ("text", "civility", "first", "last"),
    [
        ("M. Jean-Pierre DUPONT", "M.", "Jean-Pierre", "DUPONT"),
        ("DUPONT Jean-Pierre", "", "Jean-Pierre", "DUPONT"),
        ("Mme Dupont", "Mme", "", "Dupont"),
        ("Madame Anne de La Tour", "Mme", "Anne", "de La Tour"),
        ("de LA FONTAINE Jean", "", "Jean", "de LA FONTAINE"),
        ("Jean Dupont", "", "Jean", "Dupont"),
        ("DUPONT", "", "", "DUPONT"),
        ("Monsieur", "", "", "Monsieur"),
    ],
)
def test_full_names(text, civility, first, last):
    expected = {"civility": civility, "first_name": first, "last_name": last}
    assert split_name(text) == {code: value for code, value in expected.items() if value}


def test_a_person_without_name_or_address_is_nobody():
    assert made(partner__name="A", person1__civility="M.", person1__role="Maire").people == ()


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (read_date, "44562", "2022-01-01"), (read_date, "44562.0", "2022-01-01"), (read_date, "1/2/2021", "2021-02-01"),
        (read_date, "2021-02-01 10:00:00", "2021-02-01"), (read_date, "31/02/2021", ""), (read_date, "01/02/98", "1998-02-01"),
        (read_year, "2021", "2021"), (read_year, "2021.0", "2021"), (read_year, "44562", "2022"), (read_year, "01/02/2021", "2021"),
        (read_year, "Exercice 2017", "2017"), (read_year, "bientôt", ""), (read_department, "1", "01"),
        (read_department, "2a", "2A"), (read_department, "974", "974"), (read_department, "49 - Maine-et-Loire", "49"),
        (read_department, "Hauts-de-Seine", "92"), (read_department, "Ailleurs", "Ailleurs"),
    ],
)  # fmt: skip
def test_dates_years_and_departments(read, text, value):
    assert read(text).value == value


def test_towns():
    assert split_town("BEAUPREAU CEDE") == ("BEAUPREAU", "CEDEX")
    assert town_key("ST BARTHELEMY D'ANJOU") == town_key("Saint-Barthélemy-d’Anjou")
    assert town_key("PARIS 11EME ARRONDISSEMENT") == town_key("Paris 11") == "paris"
    assert made(partner__name="A", site__city="ST NAZAIRE").site["city"] == "ST NAZAIRE"


def test_insurance_numbers():
    assert is_nir("2840549007123")
    assert not is_nir("1234560000000")
    assert not is_nir("13002526500013")


def test_keys_do_not_depend_on_case_or_accents():
    one = made(partner__name="ÉLAN  D'ANJOU", site__postcode="49000", site__city="St Aubin")
    two = made(partner__name="Élan d'Anjou", site__postcode="49000", site__city="SAINT-AUBIN")
    assert one.key == two.key == "name:elan d'anjou|49000|saint aubin"
    assert made(partner__name="A", meta__external_id="42", site__siret="35600000000048").key == "id:42"


def test_severities_are_those_of_the_interface():
    assert set(ROW_SEVERITY.values()) == {"error", "warning", "repaired"}


@pytest.mark.parametrize(
    ("mailbox", "whose"),
    [
        ("paul.durand", "person"), ("p.durand", "person"), ("jean-paul.le-goff", "person"), ("i", "partner"), ("accueil", "partner"),
        ("agence.nantes", "partner"), ("dupont", "partner"),
    ],
)  # fmt: skip
def test_an_address_beside_no_name_is_the_organisations_unless_it_is_made_of_one(mailbox, whose):
    """A person is never made out of « i@imprimerie.example »."""
    email = f"{mailbox}@imprimerie.example"
    found = made(partner__name="Imprimerie", person1__full_name="", person1__email=email, person1__phone="0241000000")
    assert ("person" if found.people else "partner") == whose
    if whose == "partner":
        assert (found.partner["email"], found.partner["phone"]) == (email, "+33241000000")
    assert found.key == f"name:imprimerie|||{email}"
    director = made(partner__name="Imprimerie", person1__email=email, person1__role="directeur")
    assert bool(director.people) is (mailbox not in {"accueil", "agence.nantes"})


def test_what_the_organisation_says_itself_comes_before_what_stands_beside_no_name():
    found = made(
        partner__name="Imprimerie", partner__email="accueil@imprimerie.example", person1__email="i@imprimerie.example"
    )
    assert (found.partner["email"], found.partner["other_emails"]) == (
        "accueil@imprimerie.example",
        "i@imprimerie.example",
    )
    named = made(partner__name="Imprimerie", person1__full_name="Durand Paul", person1__email="i@imprimerie.example")
    assert ("email" in named.partner, len(named.people)) == (False, 1)
