"""Stock files in the exact format of INSEE's, from invented companies or from real extracts of registers.

python benchmarks/stock.py OUT --sites 5000000    writes StockUniteLegale, StockEtablissement and StockEtablissementLiensSuccession
(zipped CSV, every column, likely distributions: natural persons, closed sites, chains, hidden units, shared names)
"""

import argparse
import zipfile
from pathlib import Path

import numpy as np
import polars as pl

UNIT_COLUMNS = [
    "siren",
    "statutDiffusionUniteLegale",
    "unitePurgeeUniteLegale",
    "dateCreationUniteLegale",
    "sigleUniteLegale",
    "sexeUniteLegale",
    "prenom1UniteLegale",
    "prenom2UniteLegale",
    "prenom3UniteLegale",
    "prenom4UniteLegale",
    "prenomUsuelUniteLegale",
    "pseudonymeUniteLegale",
    "identifiantAssociationUniteLegale",
    "trancheEffectifsUniteLegale",
    "anneeEffectifsUniteLegale",
    "dateDernierTraitementUniteLegale",
    "nombrePeriodesUniteLegale",
    "categorieEntreprise",
    "anneeCategorieEntreprise",
    "dateDebut",
    "etatAdministratifUniteLegale",
    "nomUniteLegale",
    "nomUsageUniteLegale",
    "denominationUniteLegale",
    "denominationUsuelle1UniteLegale",
    "denominationUsuelle2UniteLegale",
    "denominationUsuelle3UniteLegale",
    "categorieJuridiqueUniteLegale",
    "activitePrincipaleUniteLegale",
    "nomenclatureActivitePrincipaleUniteLegale",
    "nicSiegeUniteLegale",
    "economieSocialeSolidaireUniteLegale",
    "societeMissionUniteLegale",
    "caractereEmployeurUniteLegale",
    "activitePrincipaleNAF25UniteLegale",
]
_ADDRESS = (
    "complementAdresse{0}Etablissement,numeroVoie{0}Etablissement,indiceRepetition{0}Etablissement,typeVoie{0}Etablissement,"
    "libelleVoie{0}Etablissement,codePostal{0}Etablissement,libelleCommune{0}Etablissement,libelleCommuneEtranger{0}Etablissement,"
    "distributionSpeciale{0}Etablissement,codeCommune{0}Etablissement,codeCedex{0}Etablissement,libelleCedex{0}Etablissement,"
    "codePaysEtranger{0}Etablissement,libellePaysEtranger{0}Etablissement"
)
SITE_COLUMNS = (
    "siren,nic,siret,statutDiffusionEtablissement,dateCreationEtablissement,trancheEffectifsEtablissement,anneeEffectifsEtablissement,"
    "activitePrincipaleRegistreMetiersEtablissement,dateDernierTraitementEtablissement,etablissementSiege,nombrePeriodesEtablissement,"
    + _ADDRESS.format("") + "," + _ADDRESS.format("2")
    + ",dateDebut,etatAdministratifEtablissement,enseigne1Etablissement,enseigne2Etablissement,enseigne3Etablissement,"
    "denominationUsuelleEtablissement,activitePrincipaleEtablissement,nomenclatureActivitePrincipaleEtablissement,"
    "caractereEmployeurEtablissement,activitePrincipaleNAF25Etablissement"
).split(",")  # fmt: skip
LINK_COLUMNS = [
    "siretEtablissementPredecesseur",
    "siretEtablissementSuccesseur",
    "dateLienSuccession",
    "transfertSiege",
    "continuiteEconomique",
    "dateDernierTraitementLienSuccession",
]
TRADES = [
    "BOULANGERIE",
    "GARAGE",
    "PLOMBERIE",
    "MENUISERIE",
    "MACONNERIE",
    "ELECTRICITE",
    "TRANSPORTS",
    "IMPRIMERIE",
    "PHARMACIE",
    "CABINET",
    "ATELIER",
    "COIFFURE",
    "RESTAURANT",
    "CONSEIL",
    "TAXI",
    "NETTOYAGE",
    "BATIMENT",
    "RENOVATION",
    "IMMOBILIER",
    "AMBULANCES",
]
TAILS = [
    "SERVICES",
    "FRANCE",
    "INDUSTRIE",
    "DEVELOPPEMENT",
    "INGENIERIE",
    "SOLUTIONS",
    "SYSTEMES",
    "DISTRIBUTION",
    "ENERGIE",
    "SANTE",
    "GROUPE",
    "OUEST",
    "NORD",
    "HOLDING",
    "INVEST",
]
FIRST = [
    "JEAN",
    "MARIE",
    "PIERRE",
    "ANNE",
    "MICHEL",
    "SOPHIE",
    "PHILIPPE",
    "NATHALIE",
    "ALAIN",
    "ISABELLE",
    "NICOLAS",
    "JULIE",
    "DAVID",
    "LAURA",
    "KARIM",
    "SARAH",
    "THOMAS",
    "LEA",
    "HUGO",
    "EMMA",
]
STREETS = [
    "VICTOR HUGO",
    "JEAN JAURES",
    "DE LA REPUBLIQUE",
    "PASTEUR",
    "GAMBETTA",
    "DE LA GARE",
    "DU MOULIN",
    "DES TILLEULS",
    "DU STADE",
    "CARNOT",
    "VOLTAIRE",
    "DE L EGLISE",
    "DES ECOLES",
    "DU GENERAL DE GAULLE",
    "DES LILAS",
    "DU CHATEAU",
    "DE LA MAIRIE",
    "DES ACACIAS",
    "DU BOIS",
    "SAINT MICHEL",
]
SYLLABLES = (
    (
        "ba be bri ca cha co da du fe fla ga gri jo ka la le lor ma mi mon na nor pa per qui ra ro sal si ta tre va vi zen zo"
    )
    .upper()
    .split()
)
TYPES = ["RUE", "RUE", "RUE", "RUE", "AV", "BD", "PL", "CHE", "RTE", "IMP", "ALL", "QU"]
NAF = [
    "62.01Z",
    "43.21A",
    "56.10A",
    "47.11B",
    "70.22Z",
    "68.20A",
    "85.59A",
    "96.02A",
    "49.41A",
    "94.99Z",
    "01.11Z",
    "86.90E",
]


def check_digit(digits: np.ndarray) -> np.ndarray:
    """The figure that makes these numbers (8 or 13 figures) pass Luhn's check."""
    total, left = np.zeros(len(digits), np.int64), digits.copy()
    for place in range(13):
        figure = left % 10
        double = figure * 2 if place % 2 == 0 else figure
        total += np.where(double > 9, double - 9, double)
        left //= 10
    return (10 - total % 10) % 10


def _words(chance: np.random.Generator, size: int, least: int = 2, most: int = 4) -> pl.Series:
    parts = [pl.Series(np.array(SYLLABLES)[chance.integers(0, len(SYLLABLES), size)]) for _ in range(most)]
    long = chance.integers(least, most + 1, size)
    kept = [
        part
        if place < least
        else part.to_frame("p").select(pl.when(pl.Series(long > place)).then("p").otherwise(pl.lit("")))["p"]
        for place, part in enumerate(parts)
    ]
    return pl.DataFrame({str(place): part for place, part in enumerate(kept)}).select(w=pl.concat_str(pl.all()))["w"]


def _any(chance: np.random.Generator, values: list[str], size: int) -> pl.Series:
    return pl.Series(np.array(values)[chance.integers(0, len(values), size)])


def units(chance: np.random.Generator, size: int) -> pl.DataFrame:
    """Companies: half natural persons, a third ceased, some hidden."""
    body = chance.choice(69_999_999, size, replace=False) + 30_000_000
    siren = pl.Series(np.sort(body * 10 + check_digit(body))).cast(pl.String)
    kind, rare = chance.random(size), chance.random(size)
    person = pl.Series(kind < 0.5)
    hidden = pl.Series((rare < 0.05) & (kind < 0.5))
    brand, family = _words(chance, size), _words(chance, size, 2, 3)
    names = pl.DataFrame({
        "brand": brand, "family": family, "trade": _any(chance, TRADES, size), "tail": _any(chance, TAILS, size), "kind": kind,
        "first": _any(chance, FIRST, size), "hidden": hidden, "person": person, "rare": rare,
    })  # fmt: skip
    own = (
        pl.when(pl.col("kind") < 0.65).then(pl.concat_str("trade", "family", separator=" "))
        .when(pl.col("kind") < 0.8).then(pl.concat_str("brand", "tail", separator=" "))
        .when(pl.col("kind") < 0.9).then(pl.col("brand"))
        .otherwise(pl.concat_str(pl.lit("SCI"), "family", separator=" "))
    )  # fmt: skip
    shown = pl.when("hidden").then(pl.lit("[ND]"))
    said = names.select(
        nomUniteLegale=pl.when("hidden").then(pl.lit("[ND]")).when("person").then("family"),
        prenom1UniteLegale=shown.when("person").then("first"),
        prenomUsuelUniteLegale=shown.when("person").then("first"),
        sexeUniteLegale=shown.when("person").then(pl.lit("M")),
        denominationUniteLegale=pl.when(~pl.col("person")).then(own),
        sigleUniteLegale=pl.when(~pl.col("person") & (pl.col("rare") > 0.93)).then(pl.col("brand").str.slice(0, 4)),
        denominationUsuelle1UniteLegale=pl.when(~pl.col("person") & (pl.col("rare") > 0.9)).then(pl.concat_str("trade", "brand", separator=" ")),
        statutDiffusionUniteLegale=pl.when("hidden").then(pl.lit("P")).otherwise(pl.lit("O")),
        etatAdministratifUniteLegale=pl.when(pl.col("rare") < 0.35).then(pl.lit("C")).otherwise(pl.lit("A")),
        categorieJuridiqueUniteLegale=pl.when("person").then(pl.lit("1000")).otherwise(pl.lit("5499")),
    ).with_columns(
        siren=siren, unitePurgeeUniteLegale=pl.lit(None), dateCreationUniteLegale=_dates(chance, size), dateDebut=_dates(chance, size),
        activitePrincipaleUniteLegale=_any(chance, NAF, size), nomenclatureActivitePrincipaleUniteLegale=pl.lit("NAFRev2"),
        nombrePeriodesUniteLegale=pl.lit("1"), trancheEffectifsUniteLegale=pl.lit("NN"), caractereEmployeurUniteLegale=pl.lit("N"),
        nicSiegeUniteLegale=pl.lit("00011"),
    )  # fmt: skip
    return exact(said, UNIT_COLUMNS)


def _dates(chance: np.random.Generator, size: int) -> pl.Series:
    return pl.Series(np.datetime64("1985-01-01") + chance.integers(0, 15_000, size).astype("timedelta64[D]")).cast(
        pl.String
    )


def sites(chance: np.random.Generator, companies: pl.DataFrame, size: int, communes: pl.DataFrame) -> pl.DataFrame:
    """Sites: one to many per company, two fifths closed."""
    extra = size - companies.height
    owner = np.sort(
        np.concatenate(
            (np.arange(companies.height), (chance.beta(0.6, 1.4, max(0, extra)) * companies.height).astype(np.int64))
        )
    )
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    body = companies["siren"].cast(pl.Int64).to_numpy()[owner] * 10_000 + rank + 1
    siret = pl.Series(body * 10 + check_digit(body)).cast(pl.String)
    where = communes[chance.choice(communes.height, len(owner), p=communes["weight"].to_numpy())]
    lone, rare = chance.random(len(owner)), chance.random(len(owner))
    hidden = companies["statutDiffusionUniteLegale"].to_numpy()[owner] == "P"
    said = pl.DataFrame({"siret": siret, "hidden": hidden, "brand": _words(chance, len(owner)), "rare": rare, "lone": lone, "rank": rank,
        "street": _any(chance, STREETS, len(owner)), "family": _words(chance, len(owner), 2, 3), "type": _any(chance, TYPES, len(owner)),
        "number": chance.integers(1, 200, len(owner)), "post": where["postcode"], "town": where["name"], "code": where["code"]})  # fmt: skip

    def shown(value: pl.Expr) -> pl.Expr:
        return pl.when("hidden").then(pl.lit("[ND]")).otherwise(value)

    text = said.select(
        siren=pl.col("siret").str.slice(0, 9), nic=pl.col("siret").str.slice(9), siret="siret",
        statutDiffusionEtablissement=pl.when("hidden").then(pl.lit("P")).otherwise(pl.lit("O")),
        etablissementSiege=pl.when(pl.col("rank") == 0).then(pl.lit("true")).otherwise(pl.lit("false")),
        numeroVoieEtablissement=shown(pl.when(pl.col("rare") < 0.9).then(pl.col("number").cast(pl.String))),
        typeVoieEtablissement=shown(pl.col("type")),
        libelleVoieEtablissement=shown(pl.when(pl.col("lone") < 0.7).then("street").otherwise(pl.concat_str(pl.lit("DE "), "family"))),
        codePostalEtablissement="post", libelleCommuneEtablissement="town", codeCommuneEtablissement="code",
        enseigne1Etablissement=pl.when(pl.col("rare") > 0.88).then(shown(pl.col("brand"))),
        etatAdministratifEtablissement=pl.when(pl.col("lone") < 0.4).then(pl.lit("F")).otherwise(pl.lit("A")),
    ).with_columns(
        dateCreationEtablissement=_dates(chance, len(owner)), dateDebut=_dates(chance, len(owner)),
        activitePrincipaleEtablissement=_any(chance, NAF, len(owner)), nomenclatureActivitePrincipaleEtablissement=pl.lit("NAFRev2"),
        caractereEmployeurEtablissement=pl.lit("N"), nombrePeriodesEtablissement=pl.lit("1"),
    )  # fmt: skip
    return exact(text, SITE_COLUMNS)


def exact(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Every column of the official file, in its order."""
    return frame.select(
        pl.col(name).cast(pl.String) if name in frame.columns else pl.lit(None, dtype=pl.String).alias(name)
        for name in columns
    )


def communes(path: Path | None = None) -> pl.DataFrame:
    """Towns to draw from: those of the reference data, else a few invented ones."""
    path = path or Path(__file__).resolve().parents[2] / "shared/data/geo/communes.parquet"
    if not path.exists():
        return pl.DataFrame(
            {
                "code": ["49007", "44109"],
                "name": ["ANGERS", "NANTES"],
                "postcode": ["49000", "44000"],
                "weight": [0.5, 0.5],
            }
        )
    held = pl.read_parquet(path).filter((pl.col("type") == "commune-actuelle") & (pl.col("codes_postaux") != ""))
    weight = held["population"].fill_null(100).clip(50).cast(pl.Float64)
    upper = (
        held["nom"].str.normalize("NFD").str.replace_all(r"\p{M}", "").str.to_uppercase().str.replace_all(r"['-]", " ")
    )
    return pl.DataFrame({
        "code": held["code"], "name": upper, "postcode": held["codes_postaux"].str.split("|").list.first(), "weight": weight / weight.sum(),
    })  # fmt: skip


def zipped(frame: pl.DataFrame, path: Path) -> Path:
    """A CSV in a zip, as INSEE publishes."""
    plain = path.with_suffix(".csv")
    frame.write_csv(plain, quote_style="necessary")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.write(plain, plain.name)
    plain.unlink()
    return path


def from_registry(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(units, sites) out of an extract with `siren`, `siret`, `name`, `role`, `address`, `postcode`, `city`, `naf`, `cj`."""
    sign = pl.col("role") == "registry_enseigne"
    rank = pl.col("role").replace_strict(
        {"registry_raison_sociale": 0, "of_raison_sociale": 1}, default=2, return_dtype=pl.Int64
    )
    own = frame.filter(~sign).sort("siren", rank).unique(["siren", "name"], keep="first", maintain_order=True)
    per = own.group_by("siren", maintain_order=True).agg(
        "name", pl.col("cj").filter(pl.col("cj") != "").first(), pl.col("naf").filter(pl.col("naf") != "").first()
    )
    said = per.with_columns(
        denominationUniteLegale=pl.col("name").list.get(0, null_on_oob=True),
        denominationUsuelle1UniteLegale=pl.col("name").list.get(1, null_on_oob=True),
        denominationUsuelle2UniteLegale=pl.col("name").list.get(2, null_on_oob=True),
        denominationUsuelle3UniteLegale=pl.col("name").list.get(3, null_on_oob=True),
        categorieJuridiqueUniteLegale="cj", activitePrincipaleUniteLegale="naf", statutDiffusionUniteLegale=pl.lit("O"),
        etatAdministratifUniteLegale=pl.lit("A"),
    )  # fmt: skip
    there = frame.filter(pl.col("siret") != "").sort("siret", pl.col("address") == "")
    place = there.group_by("siret", maintain_order=True).agg(
        pl.col("siren").first(), pl.col("address").first(), pl.col("postcode").first(), pl.col("city").first(),
        signs=pl.col("name").filter(sign).unique(maintain_order=True),
    )  # fmt: skip
    street = place.with_columns(
        nic=pl.col("siret").str.slice(9), statutDiffusionEtablissement=pl.lit("O"), etatAdministratifEtablissement=pl.lit("A"),
        etablissementSiege=(pl.col("siret") == pl.col("siret").first().over("siren")).cast(pl.String).str.to_lowercase(),
        numeroVoieEtablissement=pl.col("address").str.extract(r"^(\d{1,4})\b", 1), codePostalEtablissement="postcode",
        libelleVoieEtablissement=pl.col("address").str.replace(r"^\d{1,4}\s*(?:BIS|TER)?\s*", ""), libelleCommuneEtablissement="city",
        enseigne1Etablissement=pl.col("signs").list.get(0, null_on_oob=True), enseigne2Etablissement=pl.col("signs").list.get(1, null_on_oob=True),
        enseigne3Etablissement=pl.col("signs").list.get(2, null_on_oob=True),
    )  # fmt: skip
    return exact(said, UNIT_COLUMNS), exact(street, SITE_COLUMNS)


def from_invented(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(units, sites) out of the register that the generator of invented files writes beside them."""
    filled = [pl.col(name).replace("", None) for name in ("name", "sigle", "enseigne", "num", "typ", "street")]
    there = frame.with_columns(*filled).unique("siret", maintain_order=True).sort("siret")
    first = there.unique("siren", keep="first", maintain_order=True)
    said = first.select(
        siren="siren", denominationUniteLegale="name", sigleUniteLegale="sigle", statutDiffusionUniteLegale=pl.lit("O"),
        etatAdministratifUniteLegale=pl.lit("A"), nicSiegeUniteLegale=pl.col("siret").str.slice(9),
    )  # fmt: skip
    place = there.select(
        siren="siren", nic=pl.col("siret").str.slice(9), siret="siret", statutDiffusionEtablissement=pl.lit("O"),
        etatAdministratifEtablissement=pl.when("active").then(pl.lit("A")).otherwise(pl.lit("F")),
        etablissementSiege=pl.when(pl.col("siren").is_first_distinct()).then(pl.lit("true")).otherwise(pl.lit("false")),
        numeroVoieEtablissement=pl.col("num").str.extract(r"^(\d+)", 1),
        indiceRepetitionEtablissement=pl.col("num").str.extract(r"^\d+ (\w+)$", 1), typeVoieEtablissement="typ",
        libelleVoieEtablissement="street", codePostalEtablissement="postcode", libelleCommuneEtablissement="city",
        enseigne1Etablissement="enseigne",
    )  # fmt: skip
    return exact(said, UNIT_COLUMNS), exact(place, SITE_COLUMNS)


def written(out: Path, size: int, seed: int = 7) -> list[Path]:
    """The three files of an invented stock of about this many sites."""
    out.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    companies = units(chance, int(size * 29 / 42))
    places = sites(chance, companies, size, communes())
    closed = places.filter(pl.col("etatAdministratifEtablissement") == "F").sample(fraction=0.25, seed=seed)["siret"]
    opened = places.filter(pl.col("etatAdministratifEtablissement") == "A").sample(
        len(closed), seed=seed, with_replacement=True
    )["siret"]
    links = pl.DataFrame(
        {"siretEtablissementPredecesseur": closed, "siretEtablissementSuccesseur": opened}
    ).with_columns(
        dateLienSuccession=pl.lit("2025-03-01"), transfertSiege=pl.lit("false"), continuiteEconomique=pl.lit("true")
    )
    return [
        zipped(companies, out / "StockUniteLegale_utf8.zip"),
        zipped(places, out / "StockEtablissement_utf8.zip"),
        zipped(exact(links, LINK_COLUMNS), out / "StockEtablissementLiensSuccession_utf8.zip"),
    ]


def main() -> None:
    """Write a stock."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sites", type=int, default=1_000_000)
    options = parser.parse_args()
    for path in written(options.out, options.sites):
        print(path, path.stat().st_size >> 20, "MB")


if __name__ == "__main__":
    main()
