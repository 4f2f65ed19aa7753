"""What the register says, in the words of our records. Hidden values are never filled in from elsewhere."""

from typing import Any

from reciproque.engines.register.facts import Company, Site

PARTNER, SITE = "partner", "site"
CELLS = (
    ("SIREN", "partner.siren"), ("Raison sociale", "partner.name"), ("Sigle", "partner.acronym"), ("Nom usuel", "partner.usual_name"),
    ("Catégorie juridique", "partner.legal_category"), ("NAF", "partner.naf"), ("RNA", "partner.rna"),
    ("Tranche d’effectif", "partner.headcount_band"), ("SIRET", "site.siret"), ("Enseigne", "site.site_name"), ("Adresse", "site.address"),
    ("Code postal", "site.postcode"), ("Commune", "site.city"), ("Code commune", "site.city_code"),
)  # fmt: skip
"""Columns of a source record of the register: heading, field of its draft."""


def draft_of(company: Company, site: Site | None) -> dict[str, Any]:
    """The draft of a source record. Of a company « en diffusion partielle », its number and its nature only."""
    partner = {"siren": company.siren, "legal_category": company.category, "naf": company.naf, "country": "FR"}
    if not company.is_partial:
        partner |= {
            "name": company.name,
            "acronym": company.acronym,
            "rna": company.rna,
            "headcount_band": company.staff,
        }
        partner["usual_name"] = company.usual_names[0] if company.usual_names else ""
    place: dict[str, Any] = {"siret": site.siret} if site else {}
    if site and not site.is_hidden:
        place |= {
            "address": site.address, "postcode": site.postcode, "city": site.city, "city_code": site.city_code,
            "site_name": site.signs[0] if site.signs else "",
        }  # fmt: skip
    return {
        PARTNER: {name: value for name, value in partner.items() if value},
        SITE: {name: value for name, value in place.items() if value},
    }


def cells_of(draft: dict[str, Any]) -> list[str]:
    """The same as a line of cells."""
    return [draft.get(group, {}).get(name, "") for group, name in (field.split(".") for _heading, field in CELLS)]


def mapping() -> dict[str, Any]:
    """The mapping of those cells, as an import keeps it."""
    columns = [
        {"index": at, "header": heading, "field": field, "rule": "fill"} for at, (heading, field) in enumerate(CELLS)
    ]
    return {"version": 1, "columns": columns, "constants": {}}
