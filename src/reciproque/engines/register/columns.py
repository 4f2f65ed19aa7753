"""INSEE's stock files: how each is recognised, and which of its columns are read (always by name, never by position).

Columns that a file lacks (older or newer forms) are empty. `[ND]` (« non diffusible ») is what INSEE writes in hidden fields.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

Kind = Literal["units", "sites", "successions", "past_units", "past_sites"]
HIDDEN = "[ND]"

UNITS: dict[str, str] = {
    "siren": "siren",
    "statutDiffusionUniteLegale": "diffusion",
    "unitePurgeeUniteLegale": "purged",
    "dateCreationUniteLegale": "created",
    "sigleUniteLegale": "acronym",
    "prenom1UniteLegale": "first_name",
    "prenomUsuelUniteLegale": "usual_first_name",
    "pseudonymeUniteLegale": "pseudonym",
    "identifiantAssociationUniteLegale": "rna",
    "trancheEffectifsUniteLegale": "staff",
    "categorieEntreprise": "size",
    "dateDebut": "since",
    "etatAdministratifUniteLegale": "state",
    "nomUniteLegale": "last_name",
    "nomUsageUniteLegale": "usual_last_name",
    "denominationUniteLegale": "name",
    "denominationUsuelle1UniteLegale": "usual1",
    "denominationUsuelle2UniteLegale": "usual2",
    "denominationUsuelle3UniteLegale": "usual3",
    "categorieJuridiqueUniteLegale": "category",
    "activitePrincipaleUniteLegale": "naf",
    "nicSiegeUniteLegale": "head",
}
SITES: dict[str, str] = {
    "siren": "siren",
    "nic": "nic",
    "statutDiffusionEtablissement": "diffusion",
    "dateCreationEtablissement": "created",
    "trancheEffectifsEtablissement": "staff",
    "etablissementSiege": "is_head",
    "complementAdresseEtablissement": "complement",
    "numeroVoieEtablissement": "number",
    "indiceRepetitionEtablissement": "repetition",
    "typeVoieEtablissement": "street_type",
    "libelleVoieEtablissement": "street",
    "codePostalEtablissement": "postcode",
    "libelleCommuneEtablissement": "city",
    "libelleCommuneEtrangerEtablissement": "foreign_city",
    "distributionSpecialeEtablissement": "post_box",
    "codeCommuneEtablissement": "city_code",
    "codeCedexEtablissement": "cedex",
    "libelleCedexEtablissement": "cedex_label",
    "libellePaysEtrangerEtablissement": "country",
    "dateDebut": "since",
    "etatAdministratifEtablissement": "state",
    "enseigne1Etablissement": "sign1",
    "enseigne2Etablissement": "sign2",
    "enseigne3Etablissement": "sign3",
    "denominationUsuelleEtablissement": "usual",
    "activitePrincipaleEtablissement": "naf",
}
SUCCESSIONS: dict[str, str] = {
    "siretEtablissementPredecesseur": "before",
    "siretEtablissementSuccesseur": "after",
    "dateLienSuccession": "on",
    "transfertSiege": "moved_head",
    "continuiteEconomique": "continued",
}
PAST_UNITS: dict[str, str] = {
    "siren": "siren",
    "dateFin": "until",
    "nomUniteLegale": "last_name",
    "nomUsageUniteLegale": "usual_last_name",
    "denominationUniteLegale": "name",
    "denominationUsuelle1UniteLegale": "usual1",
    "denominationUsuelle2UniteLegale": "usual2",
    "denominationUsuelle3UniteLegale": "usual3",
}
PAST_SITES: dict[str, str] = {
    "siren": "siren",
    "nic": "nic",
    "dateFin": "until",
    "enseigne1Etablissement": "sign1",
    "enseigne2Etablissement": "sign2",
    "enseigne3Etablissement": "sign3",
    "denominationUsuelleEtablissement": "usual",
}
COLUMNS: Mapping[Kind, Mapping[str, str]] = {
    "units": UNITS,
    "sites": SITES,
    "successions": SUCCESSIONS,
    "past_units": PAST_UNITS,
    "past_sites": PAST_SITES,
}
"""Column of INSEE → ours, by kind of file."""

TITLES: Mapping[Kind, str] = {
    "units": "StockUniteLegale",
    "sites": "StockEtablissement",
    "successions": "StockEtablissementLiensSuccession",
    "past_units": "StockUniteLegaleHistorique",
    "past_sites": "StockEtablissementHistorique",
}


def kind_of(headings: Sequence[str]) -> Kind | None:
    """Which stock file has these columns; None when it is none of them."""
    found = set(headings)
    if {"siretEtablissementPredecesseur", "siretEtablissementSuccesseur"} <= found:
        return "successions"
    past = "dateFin" in found
    if {"siren", "nic", "etatAdministratifEtablissement"} <= found:
        return "past_sites" if past else "sites"
    if {"siren", "etatAdministratifUniteLegale"} <= found:
        return "past_units" if past else "units"
    return None
