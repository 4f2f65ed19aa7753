"""A register for the demonstration: the companies of the fictional network as INSEE would publish them, a few of them changed since.

Most are as the network knows them; some moved, closed, ceased or took another name, and partners without number are found there.
"""

import csv
from pathlib import Path

from reciproque.demo.drawing import luhn
from reciproque.demo.specs import PartnerSpec, SiteSpec, World
from reciproque.engines.identifiers import fold

UNIT = (
    "siren", "statutDiffusionUniteLegale", "denominationUniteLegale", "sigleUniteLegale", "denominationUsuelle1UniteLegale",
    "categorieJuridiqueUniteLegale", "activitePrincipaleUniteLegale", "trancheEffectifsUniteLegale", "etatAdministratifUniteLegale",
    "dateDebut", "identifiantAssociationUniteLegale",
)  # fmt: skip
SITE = (
    "siren", "nic", "siret", "statutDiffusionEtablissement", "etablissementSiege", "libelleVoieEtablissement", "codePostalEtablissement",
    "libelleCommuneEtablissement", "codeCommuneEtablissement", "enseigne1Etablissement", "etatAdministratifEtablissement", "dateDebut",
)  # fmt: skip
LINK = (
    "siretEtablissementPredecesseur",
    "siretEtablissementSuccesseur",
    "dateLienSuccession",
    "transfertSiege",
    "continuiteEconomique",
)
DAY = "2026-09-30"
KNOWN = {"moved": 3, "closed": 3, "ceased": 2, "renamed": 2, "hidden": 1}
"""How many companies changed, and how."""
MOVED_TO = (
    "3 QUAI DES BATEAUX NEUFS", "18 RUE DE LA CORDERIE", "42 AVENUE DES TILLEULS", "7 BOULEVARD DE LA GARE", "115 ROUTE DE LA MER",
)  # fmt: skip
"""Where sites that moved went, in their own town."""


def write(world: World, folder: Path) -> None:
    """Three stock files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    fates, numbers = _fates(world), _numbers(world)
    units: list[dict[str, str]] = []
    sites: list[dict[str, str]] = []
    links: list[dict[str, str]] = []
    places: dict[str, list[SiteSpec]] = {}
    for site in world.sites:
        places.setdefault(site.partner, []).append(site)
    for partner in world.partners:
        siren = partner.siren or numbers.get(partner.key, "")
        if not siren:
            continue
        fate = fates.get(partner.key, "")
        units.append(_unit(partner, siren, fate))
        for rank, site in enumerate(places.get(partner.key, [])):
            siret = site.siret or luhn(f"{siren}{rank + 1:04d}")
            touched = fate if rank == 0 else ""
            sites.append(_site(site, siret, touched))
            if touched == "moved":
                after = luhn(f"{siren}{80 + rank:04d}")
                sites.append(
                    {**_site(site, after, ""), "libelleVoieEtablissement": MOVED_TO[len(links) % len(MOVED_TO)]}
                )
                links.append(dict(zip(LINK, (siret, after, DAY, "true", "true"), strict=True)))
    for name, columns, rows in (
        ("StockUniteLegale", UNIT, units),
        ("StockEtablissement", SITE, sites),
        ("StockEtablissementLiensSuccession", LINK, links),
    ):
        with (folder / f"{name}_demonstration.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)


def _fates(world: World) -> dict[str, str]:
    """Which companies changed since the network learnt of them: always the same."""
    chosen = [
        one.key
        for one in world.partners
        if one.siren and one.kind == "company" and not one.parent and one.sharing == "network"
    ]
    fates: dict[str, str] = {}
    for fate, count in KNOWN.items():
        for _ in range(count):
            fates[chosen[(len(fates) * 37) % len(chosen)]] = fate
    return fates


def _numbers(world: World) -> dict[str, str]:
    """Numbers for the French partners that bear none."""
    bare = [
        one
        for one in world.partners
        if not one.siren and one.country == "FR" and one.kind in {"company", "association"}
    ]
    return {one.key: luhn(f"15{rank:06d}") for rank, one in enumerate(bare) if rank % 4}


def _upper(text: str) -> str:
    return fold(text).upper().replace("’", " ")


def _unit(partner: PartnerSpec, siren: str, fate: str) -> dict[str, str]:
    name = f"NOUVELLE {_upper(partner.name)}" if fate == "renamed" else partner.name
    return {
        "siren": siren, "statutDiffusionUniteLegale": "P" if fate == "hidden" else "O", "denominationUniteLegale": name,
        "sigleUniteLegale": "[ND]" if fate == "hidden" else partner.acronym, "denominationUsuelle1UniteLegale": partner.usual_name,
        "categorieJuridiqueUniteLegale": partner.legal_category, "activitePrincipaleUniteLegale": partner.naf,
        "trancheEffectifsUniteLegale": partner.headcount_band, "etatAdministratifUniteLegale": "C" if fate == "ceased" else "A",
        "dateDebut": DAY, "identifiantAssociationUniteLegale": partner.rna,
    }  # fmt: skip


def _site(site: SiteSpec, siret: str, fate: str) -> dict[str, str]:
    hidden = fate == "hidden"
    return {
        "siren": siret[:9], "nic": siret[9:], "siret": siret, "statutDiffusionEtablissement": "P" if hidden else "O",
        "etablissementSiege": "true" if site.is_head and fate not in {"moved", "closed"} else "false",
        "libelleVoieEtablissement": "[ND]" if hidden else _upper(site.address), "codePostalEtablissement": site.postcode,
        "libelleCommuneEtablissement": _upper(site.city), "codeCommuneEtablissement": site.city_code,
        "enseigne1Etablissement": "" if hidden else site.name,
        "etatAdministratifEtablissement": "F" if fate in {"moved", "closed", "ceased"} else "A", "dateDebut": DAY,
    }  # fmt: skip
