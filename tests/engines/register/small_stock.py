"""A small stock of invented companies in the exact format of INSEE's files."""

import zipfile
from pathlib import Path

import polars as pl

from benchmarks.stock import LINK_COLUMNS, SITE_COLUMNS, UNIT_COLUMNS, check_digit, exact

UNITS = (
    # body of the SIREN, name, acronym, usual name, category, state, diffusion, (first, last)
    (40000001, "BOULANGERIE LEMERCIER", "", "LE FOURNIL D'ADELE", "5499", "A", "O", ("", "")),
    (40000002, "UNION REGIONALE DES ATELIERS SOLIDAIRES", "URAS", "", "9220", "A", "O", ("", "")),
    (40000003, "ZEPHIRION INGENIERIE", "", "", "5710", "A", "O", ("", "")),
    (40000004, "ZEPHIRION MARITIME", "", "", "5710", "A", "O", ("", "")),
    (40000005, "COMITE DES FETES", "", "", "9220", "A", "O", ("", "")),
    (40000006, "COMITE DES FETES", "", "", "9220", "A", "O", ("", "")),
    (40000007, "IMPRIMERIE QUINTAVEL", "", "", "5499", "C", "O", ("", "")),
    (40000008, None, "", "", "1000", "A", "P", ("[ND]", "[ND]")),
    (40000009, None, "", "", "1000", "A", "O", ("ADELE", "VASSORT")),
    (50000001, "MENUISERIE KERVALEC", "", "", "5499", "A", "O", ("", "")),
)
SITES = (
    # body of the SIREN, rank, number, type, street, postcode, town, town code, sign, state, head
    (40000001, 1, "12", "RUE", "VICTOR HUGO", "49000", "ANGERS", "49007", "", "F", False),
    (40000001, 2, "3", "BD", "CARNOT", "49100", "ANGERS", "49007", "", "A", True),
    (40000001, 3, "8", "PL", "DE LA GARE", "49300", "CHOLET", "49099", "LES DELICES DE CHOLET", "A", False),
    (40000002, 1, "1", "QU", "GAMBETTA", "44000", "NANTES", "44109", "", "A", True),
    (40000003, 1, "5", "AV", "PASTEUR", "49000", "ANGERS", "49007", "", "A", True),
    (40000004, 1, "5", "AV", "PASTEUR", "49000", "ANGERS", "49007", "", "A", True),
    (40000005, 1, "", "PL", "DE LA MAIRIE", "49300", "CHOLET", "49099", "", "A", True),
    (40000006, 1, "", "PL", "DE LA MAIRIE", "44000", "NANTES", "44109", "", "A", True),
    (40000007, 1, "9", "RUE", "DU MOULIN", "49000", "ANGERS", "49007", "", "F", True),
    (40000008, 1, "[ND]", "[ND]", "[ND]", "49000", "ANGERS", "49007", "", "A", True),
    (40000009, 1, "2", "RUE", "DES LILAS", "49000", "ANGERS", "49007", "", "A", True),
    (50000001, 1, "4", "RTE", "DE BREST", "29000", "QUIMPER", "29232", "", "A", True),
)


def siren(body: int) -> str:
    """A number with its check digit."""
    return f"{body}{check_digit(pl.Series([body]).to_numpy())[0]}"


def siret(body: int, rank: int) -> str:
    """The number of a site."""
    whole = int(siren(body)) * 10_000 + rank
    return f"{whole:013d}{check_digit(pl.Series([whole]).to_numpy())[0]}"


def units() -> pl.DataFrame:
    """StockUniteLegale."""
    rows = [
        {
            "siren": siren(body), "denominationUniteLegale": name, "sigleUniteLegale": acronym, "denominationUsuelle1UniteLegale": usual,
            "categorieJuridiqueUniteLegale": category, "etatAdministratifUniteLegale": state, "statutDiffusionUniteLegale": diffusion,
            "prenomUsuelUniteLegale": person[0], "nomUniteLegale": person[1], "activitePrincipaleUniteLegale": "10.71C",
            "dateDebut": "2024-05-02", "dateCreationUniteLegale": "2001-09-01",
        }
        for body, name, acronym, usual, category, state, diffusion, person in UNITS
    ]  # fmt: skip
    return exact(pl.DataFrame(rows), list(UNIT_COLUMNS))


def sites() -> pl.DataFrame:
    """StockEtablissement."""
    rows = [
        {
            "siren": siren(body), "siret": siret(body, rank), "nic": siret(body, rank)[9:], "numeroVoieEtablissement": number,
            "typeVoieEtablissement": kind, "libelleVoieEtablissement": street, "codePostalEtablissement": postcode,
            "libelleCommuneEtablissement": town, "codeCommuneEtablissement": code, "enseigne1Etablissement": sign,
            "etatAdministratifEtablissement": state, "etablissementSiege": str(head).lower(), "dateDebut": "2025-01-31",
            "statutDiffusionEtablissement": "P" if number == "[ND]" else "O",
        }
        for body, rank, number, kind, street, postcode, town, code, sign, state, head in SITES
    ]  # fmt: skip
    return exact(pl.DataFrame(rows), list(SITE_COLUMNS))


def links() -> pl.DataFrame:
    """StockEtablissementLiensSuccession: the bakery moved."""
    row = {
        "siretEtablissementPredecesseur": siret(40000001, 1), "siretEtablissementSuccesseur": siret(40000001, 2),
        "dateLienSuccession": "2025-01-31", "transfertSiege": "true", "continuiteEconomique": "true",
    }  # fmt: skip
    return exact(pl.DataFrame([row]), list(LINK_COLUMNS))


def past() -> pl.DataFrame:
    """StockUniteLegaleHistorique: Zephirion Ingénierie had another name."""
    return pl.DataFrame(
        {
            "siren": [siren(40000003)] * 2,
            "dateFin": ["2019-12-31", None],
            "dateDebut": ["2010-01-01", "2020-01-01"],
            "denominationUniteLegale": ["BUREAU TAVERNOUX", "ZEPHIRION INGENIERIE"],
            "etatAdministratifUniteLegale": ["A", "A"],
        }
    )


def written(folder: Path) -> list[Path]:
    """The four files: a zip, a CSV, two Parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = folder / "StockUniteLegale_utf8.csv"
    units().write_csv(plain)
    with zipfile.ZipFile(folder / "StockUniteLegale_utf8.zip", "w") as archive:
        archive.write(plain, plain.name)
    plain.unlink()
    sites().write_csv(folder / "StockEtablissement_utf8.csv")
    links().write_parquet(folder / "StockEtablissementLiensSuccession_utf8.parquet")
    past().write_parquet(folder / "StockUniteLegaleHistorique_utf8.parquet")
    return sorted(folder.iterdir())
