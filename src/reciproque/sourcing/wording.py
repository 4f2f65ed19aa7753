"""Sentences for the codes of the engines: what is wrong with a file, a column, a row, and what to do."""

from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from reciproque.engines.intake import field_of
from reciproque.engines.tabular import Limits


def file_problem(code: str, detail: str = "") -> str:
    """Why a file cannot be read."""
    limits = Limits()
    sentences = {
        "empty": _("Le fichier est vide : aucune ligne, ou rien sous les titres des colonnes."),
        "extension": _("Ce genre de fichier n’est pas accepté : enregistrez-le en CSV, XLSX, XLS ou ODS."),
        "wrong_type": _(
            "Le contenu n’est pas celui que le nom annonce (%(detail)s) : enregistrez-le de nouveau depuis votre tableur."
        )
        % {"detail": detail},
        "html": _("C’est une page web renommée en tableau : ouvrez-la dans votre tableur et enregistrez-la en XLSX."),
        "macros": _("Le fichier contient des macros : enregistrez-le en XLSX, sans macro."),
        "encrypted": _("Le fichier est protégé par un mot de passe : enregistrez-le sans protection."),
        "unreadable": _("Le fichier est abîmé : ouvrez-le dans votre tableur et enregistrez-le de nouveau."),
        "too_heavy": _(
            "Le fichier demande trop de mémoire ou de temps (une cellule très loin du tableau ?) : copiez le tableau seul dans un nouveau fichier."
        ),
        "too_large": _("Le fichier dépasse %(mb)s Mo : coupez-le en plusieurs.")
        % {"mb": limits.file_bytes // 1_000_000},
        "archive_entries": _("Le classeur contient trop d’éléments : copiez la feuille seule dans un nouveau fichier."),
        "archive_size": _("Une fois décompressé, le fichier dépasse %(mb)s Mo.")
        % {"mb": limits.unpacked_bytes // 1_000_000},
        "archive_ratio": _("Le fichier se décompresse de façon anormale : il est refusé par prudence."),
        "archive_path": _("Le classeur contient un chemin interdit : il est refusé par prudence."),
        "too_many_rows": _("Le tableau dépasse %(n)s lignes : coupez-le en plusieurs.")
        % {"n": floatformat(limits.rows, "g")},
        "too_many_columns": _("Le tableau dépasse %(n)s colonnes : gardez celles qui servent, puis recommencez.")
        % {"n": limits.columns},
        "cell_too_long": _("Une cellule de la ligne %(detail)s dépasse %(n)s caractères : raccourcissez-la.")
        % {"n": floatformat(limits.cell_length, "g"), "detail": detail},
        "no_such_sheet": _("Cette feuille n’existe pas dans le fichier."),
    }
    return sentences.get(code, _("Le fichier ne peut pas être lu (%(code)s).") % {"code": code})


def sheet_note(code: str, detail: str = "") -> str:
    """What was noticed of a sheet and is worth telling; "" for what is not."""
    sentences = {
        "title_lines": _("Des lignes de titre au-dessus du tableau sont passées."),
        "legend_lines": _("Des lignes de légende sous le tableau sont passées."),
        "empty_columns": _("Des colonnes vides sont passées."),
        "empty_rows": _("Des lignes vides sont passées."),
        "bad_quotes": _("Des guillemets mal fermés : vérifiez les lignes %(detail)s.") % {"detail": detail},
        "long_numbers": _("Des numéros trop longs pour un tableur : leurs derniers chiffres sont peut-être perdus."),
        "hidden_sheet": _("Cette feuille est masquée dans le classeur."),
    }
    return sentences.get(code, "")


def mapping_problem(code: str, detail: str) -> str:
    """Why a mapping cannot be used."""
    sentences = {
        "unknown_field": _("« %(detail)s » n’est pas un champ connu.") % {"detail": detail},
        "field_twice": _("Deux colonnes sont « %(detail)s » : n’en gardez qu’une.") % {"detail": field_label(detail)},
        "bad_column": _("Une colonne ou une règle de la correspondance n’est pas valable."),
        "not_a_mapping": _("Ce fichier n’est pas une correspondance de colonnes."),
    }
    return sentences.get(code, code)


def field_label(path: str) -> str:
    """The French name of a target field: `person2.email` → « Personne 2 : courriel »."""
    field = field_of(path)
    if field is None:
        return path
    names = _field_names()
    name = str(names.get(f"{field.group}.{field.code}", field.code))
    if field.group == "person":
        number = path.removeprefix("person").split(".")[0]
        return _("Personne %(number)s : %(name)s") % {"number": number or "1", "name": name}
    return name


def field_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The targets of a column, grouped for a list: partner, site, two people, the rest."""
    names = _field_names()

    def group(prefix: str, alias: str = "") -> list[tuple[str, str]]:
        return [
            (
                f"{alias or prefix}.{path.split('.')[1]}",
                field_label(f"{alias}.{path.split('.')[1]}") if alias else str(name),
            )
            for path, name in names.items()
            if path.startswith(f"{prefix}.")
        ]

    return [
        (_("Partenaire"), group("partner")),
        (_("Établissement du partenaire"), group("site")),
        (_("Première personne"), group("person", "person1")),
        (_("Deuxième personne"), group("person", "person2")),
        (_("Troisième personne"), group("person", "person3")),
        (_("La ligne elle-même"), group("meta")),
    ]


def _field_names() -> dict[str, Any]:
    return {
        "partner.name": _("raison sociale ou nom"),
        "partner.name_complement": _("suite du nom"),
        "partner.usual_name": _("nom d’usage"),
        "partner.acronym": _("sigle"),
        "partner.siren": _("SIREN"),
        "partner.rna": _("RNA"),
        "partner.vat": _("numéro de TVA"),
        "partner.foreign_id": _("identifiant étranger"),
        "partner.country": _("pays"),
        "partner.kind": _("nature (entreprise, association…)"),
        "partner.legal_category": _("catégorie juridique"),
        "partner.naf": _("code NAF (APE)"),
        "partner.naf2025": _("code NAF 2025"),
        "partner.headcount_band": _("effectif"),
        "partner.parent_group": _("groupe"),
        "partner.web": _("site web"),
        "partner.email": _("courriel général"),
        "partner.phone": _("téléphone général"),
        "partner.tags": _("étiquettes"),
        "partner.notes": _("remarques"),
        "site.siret": _("SIRET"),
        "site.uai": _("UAI"),
        "site.site_name": _("enseigne"),
        "site.address": _("adresse"),
        "site.address_complement": _("complément d’adresse"),
        "site.postcode": _("code postal"),
        "site.city": _("ville"),
        "site.city_code": _("code commune (INSEE)"),
        "site.department": _("département"),
        "site.cedex": _("cedex"),
        "site.site_phone": _("téléphone de l’établissement"),
        "person.last_name": _("nom"),
        "person.first_name": _("prénom"),
        "person.full_name": _("nom et prénom ensemble"),
        "person.civility": _("civilité"),
        "person.role": _("fonction"),
        "person.email": _("courriel"),
        "person.phone": _("téléphone"),
        "person.mobile": _("mobile"),
        "person.linkedin": _("profil public"),
        "meta.year": _("année"),
        "meta.date": _("date"),
        "meta.external_id": _("numéro dans le fichier"),
        "meta.unit_code": _("code de l’entité"),
        "meta.keep": _("à garder dans la fiche source"),
        "meta.ignore": _("à ne pas reprendre"),
    }


def percent(share: float) -> str:
    """A share as « 99,5 » in the reader's language, never rounded up to 100."""
    return str(floatformat(min(share, 0.999) * 100 if share < 1 else 100, -1))


def reason(code: str) -> str:
    """Why a row is thought to be a partner."""
    sentences = {
        "siret_same": _("même SIRET"),
        "siren_same": _("même SIREN"),
        "register_same": _("même entreprise au registre"),
        "rna_same": _("même RNA"),
        "uai_same": _("même UAI"),
        "name_same_postcode": _("même nom, même code postal"),
        "name_same_city": _("même nom, même commune"),
        "name_same_department": _("même nom, même département"),
        "name_same_place_unknown": _("même nom, lieu inconnu"),
        "name_near_postcode": _("nom proche, même lieu"),
        "acronym_postcode": _("sigle de l’autre, même lieu"),
        "domain_same_name_near": _("même domaine de courriel, nom proche"),
        "domain_same_name_differs": _("même domaine de courriel, autre nom"),
        "name_weak": _("nom trop courant"),
        "siren_differs": _("SIREN différents"),
        "rna_differs": _("RNA différents"),
        "uai_differs": _("UAI différents"),
        "several_candidates": _("plusieurs fiches possibles"),
        "likeness": _("ressemblance d’ensemble"),
        "name_close": _("nom très proche"),
        "address_same": _("même adresse"),
        "city_same": _("même ville"),
        "phone_same": _("même téléphone"),
        "web_same": _("même site web"),
        "person_same_email": _("même nom, même courriel"),
        "person_same_partner": _("même nom, même partenaire"),
        "person_same_phone": _("même nom, même téléphone"),
        "same_row": _("même ligne que la version précédente"),
    }
    return sentences.get(code, code)
