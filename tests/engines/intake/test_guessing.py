"""Headings as they are really written, values that contradict them, people told apart from organisations."""

import pytest

from reciproque.engines.intake import Guess, field_of, guess, proposed


def fields(headers: str, *rows: str) -> list[str | None]:
    return [each.field for each in guess(headers.split(";"), [row.split(";") for row in rows])]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Raison sociale", "partner.name"), ("RAISON\nSOCIALE", "partner.name"), ("Dénomination", "partner.name"),
        ("Nom bénéficiaire", "partner.name"), ("Nom de l'entreprise", "partner.name"), ("Structure", "partner.name"),
        ("Nom de l’organisme bénéficiaire", "partner.name"), ("nomBeneficiaire", "partner.name"),
        ("nombeneficiaire", "partner.name"), ("Organisme d'accueil", "partner.name"), ("Nom", "partner.name"),
        ("name", "partner.name"), ("Company name", "partner.name"), ("Raison Sociale 2", "partner.name_complement"),
        ("Sigle", "partner.acronym"), ("SIRET", "site.siret"),
        ("N° SIRET", "site.siret"), ("SIRET ou NIR", "site.siret"), ("Numéro de SIRET", "site.siret"),
        ("idBeneficiaire", "site.siret"), ("Identification bénéficiaire", "site.siret"), ("SIREN", "partner.siren"),
        ("N°RNA", "partner.rna"), ("Code UAI", "site.uai"), ("RNE", "site.uai"), ("TVA intracommunautaire", "partner.vat"),
        ("CP", "site.postcode"), ("Code postal", "site.postcode"), ("code_postal", "site.postcode"),
        ("Commune", "site.city"), ("Ville", "site.city"), ("VILLE (siège)", "site.city"), ("Localité", "site.city"),
        ("Code INSEE", "site.city_code"), ("Code commune", "site.city_code"), ("Dépt", "site.department"),
        ("dept", "site.department"), ("Pays", "partner.country"), ("Adresse", "site.address"), ("Adresse 1", "site.address"),
        ("Adresse 2", "site.address_complement"), ("Complément d'adresse", "site.address_complement"),
        ("Tél.", "partner.phone"), ("Téléphone", "partner.phone"), ("phone", "partner.phone"),
        ("Courriel", "partner.email"), ("Mail", "partner.email"), ("Mél", "partner.email"), ("E-mail", "partner.email"),
        ("Adresse électronique", "partner.email"), ("Adresse mail", "partner.email"), ("email", "partner.email"),
        ("Site web", "partner.web"), ("website", "partner.web"), ("Code NAF", "partner.naf"), ("APE", "partner.naf"),
        ("naf", "partner.naf"), ("NAF 2025", "partner.naf2025"), ("Libellé NAF", "meta.keep"),
        ("Effectif", "partner.headcount_band"), ("Forme juridique", "partner.legal_category"), ("cj", "partner.legal_category"),
        ("Nom du contact", "person1.last_name"), ("Prénom", "person1.first_name"),
        ("Nom et prénom", "person1.full_name"), ("Interlocuteur", "person1.full_name"), ("Civilité", "person1.civility"),
        ("Mail du tuteur", "person1.email"), ("Année", "meta.year"), ("Montant de la subvention (1)", "meta.keep"),
        ("MA_Nom", "person1.last_name"), ("MA_Mail", "person1.email"), ("Représenté par", "person1.full_name"),
        ("Donateur", "partner.name"), ("Nom du mécène", "partner.name"), ("Employeur_Adresse1", "site.address"),
        ("Employeur_Adresse2", "site.address_complement"), ("Employeur_CP", "site.postcode"), ("Adresse de facturation", "meta.keep"),
        ("nomAttribuant", "meta.keep"), ("Fax", "meta.keep"), ("Observations", "partner.notes"),
    ],
)  # fmt: skip
def test_one_heading_alone(header, field):
    assert fields(header) == [field]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            "Raison sociale;N° SIRET;CP;Ville;Tél.;Courriel;Civilité;Nom;Prénom;Fonction;Mél;Téléphone portable",
            (
                "partner.name site.siret site.postcode site.city partner.phone partner.email person1.civility person1.last_name "
                "person1.first_name person1.role person1.email person1.mobile"
            ),
        ),
        ("Nom;Prénom;E-mail;Société", "person1.last_name person1.first_name person1.email partner.name"),
        ("Structure;Nom du contact;Qualité;Mail", "partner.name person1.last_name person1.role person1.email"),
        (
            "Raison sociale;Tél.;Courriel;Nom du contact;Prénom;Fonction",
            "partner.name partner.phone person1.email person1.last_name person1.first_name person1.role",
        ),
        ("Entreprise;Contact RH;Mail RH", "partner.name person1.full_name person1.email"),
        ("Société;Tuteur entreprise;Tuteur pédagogique", "partner.name person1.full_name meta.keep"),
        ("Société;Responsable RH;Enseignant référent", "partner.name person1.full_name meta.keep"),
        ("Société;Code APE;Dernier contact", "partner.name partner.naf meta.date"),
        (
            "Entreprise;Nom du tuteur;Prénom du tuteur;Mail du tuteur;Nom du signataire;Mail du signataire",
            "partner.name person1.last_name person1.first_name person1.email person2.last_name person2.email",
        ),
        (
            "Entreprise;Nom;Prénom;Nom 2;Prénom 2;Mail 2",
            "partner.name person1.last_name person1.first_name person2.last_name person2.first_name person2.email",
        ),
        (
            "Structure / Nom;Contact 1 / Nom;Contact 1 / Mail;Contact 2 / Nom;Contact 2 / Mail",
            "partner.name person1.last_name person1.email person2.last_name person2.email",
        ),
        (
            "name;address;postcode;city;dept;siren;siret;phone;email;website",
            (
                "partner.name site.address site.postcode site.city site.department partner.siren site.siret partner.phone "
                "partner.email partner.web"
            ),
        ),
        ("Organisme;Contact;Email", "partner.name person1.full_name person1.email"),
        ("Raison sociale;Tél;Tél 2", "partner.name partner.phone site.site_phone"),
        ("Raison sociale;Enseigne;Groupe", "partner.name partner.usual_name partner.parent_group"),
        ("Enseigne;Ville", "partner.name site.city"),
    ],
)
def test_columns_together(headers, expected):
    assert fields(headers) == expected.split()


def test_a_heading_that_lies_is_corrected_with_less_confidence():
    found = guess(
        ["Structure", "SIRET", "Téléphone"],
        [("A", "a@b.fr", "49000"), ("B", "c@d.fr", "72000"), ("C", "e@f.fr", "1000")],
    )
    assert [each.field for each in found][:2] == ["partner.name", "partner.email"]
    assert found[1].reason == "content"
    assert found[1].confidence < guess(["Structure", "Mail"], [("A", "a@b.fr")])[1].confidence


def test_values_alone_speak_when_headings_do_not():
    rows = ["35600000000048;a@b.fr;02 41 00 00 00;W491000000", "32500016500021;c@d.fr;+33 2 41 00 00 01;W491000001"]
    assert fields("A1;B1;C1;D1", *rows) == ["site.siret", "partner.email", "partner.phone", "partner.rna"]


def test_an_address_over_two_columns_is_a_postcode_and_a_town():
    assert fields("Nom;Adresse;Adresse (2)", "A;72390;LAVARE", "B;72700;ALLONNES") == [
        "partner.name", "site.postcode", "site.city",
    ]  # fmt: skip


def test_a_generic_mailbox_is_the_partners_even_beside_a_person():
    row = "A;M. Durand;contact@a.fr"
    assert fields("Structure;Contact;Mail", row) == ["partner.name", "person1.full_name", "partner.email"]
    assert fields("Structure;Contact;Mail", row.replace("contact@", "durand@"))[2] == "person1.email"


def test_no_single_field_is_given_twice():
    found = guess(["Raison sociale", "Nom de l'entreprise", "SIRET", "SIRET du siège", "Commune", "Ville"], [])
    given = [each.field for each in found if each.field]
    assert given == ["partner.name", "partner.name_complement", "site.siret", "site.city"]


def test_every_guess_is_a_field_that_exists_and_can_be_proposed():
    headers = ["Raison sociale", "n’importe quoi", "Contact", "Mail", ""]
    found = guess(headers, [])
    assert found[1] == Guess(1, None, 0.0, "empty")
    assert all(each.field is None or field_of(each.field) for each in found)
    assert proposed(headers, found).fields == {"partner.name", "person1.full_name", "person1.email"}
