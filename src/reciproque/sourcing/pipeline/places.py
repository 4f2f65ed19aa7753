"""Sites: which place of its partner a row speaks of."""

from collections import defaultdict
from typing import Any

from django.db import connection

from reciproque.directory.models import Site
from reciproque.directory.reference import place_key
from reciproque.engines.identifiers import fold
from reciproque.sourcing.models import Import, SourceRecord
from reciproque.sourcing.pipeline import golden
from reciproque.sourcing.pipeline.effects import Effects

HEAD = """
UPDATE directory_partner partner SET postcode = site.postcode, city = site.city, department = site.department
FROM directory_site site
WHERE site.partner_id = partner.id AND site.is_head AND partner.id = ANY(%s)
  AND (partner.postcode, partner.city, partner.department) IS DISTINCT FROM (site.postcode, site.city, site.department)
"""
PLACE = frozenset({"siret", "uai", "address", "postcode", "city", "department", "city_code"})


def settle_sites(run: Import, rows: list[SourceRecord], effects: Effects) -> set[int]:
    """Find or create the site of each row that names one, and write the new ones; returns the sites named."""
    partner_ids = {row.partner_id for row in rows if row.partner_id}
    known: dict[int, list[Site]] = defaultdict(list)
    for place in (
        Site.objects.filter(partner_id__in=partner_ids).order_by("partner_id", "-is_head", "pk").select_for_update()
    ):
        known[place.partner_id].append(place)
    taken = _taken_sirets(rows)
    said: dict[int, list[golden.Said]] = defaultdict(list)
    touched: dict[int, Site] = {}
    new: list[Site] = []
    for row in rows:
        values = row.draft.get("site", {})
        if not row.partner_id or not PLACE & values.keys():
            continue
        siret = values.get("siret", "")
        if siret and taken.get(siret, row.partner_id) != row.partner_id:
            values = {key: value for key, value in values.items() if key != "siret"}
        found = _same_place(known[row.partner_id], values)
        site = found or Site()
        if found is None:
            site = Site(
                partner_id=row.partner_id,
                is_head=not any(s.is_head for s in known[row.partner_id]),
                siret=values.get("siret", ""),
            )
            site.postcode, site.city, site.address = (values.get(key, "") for key in ("postcode", "city", "address"))
            known[row.partner_id].append(site)
            new.append(site)
        touched[id(site)] = site
        said[id(site)].append(golden.said_of(row, row.source, Site, values, golden.rules_of(run.mapping, "site")))
        row.site = site
    _save(new, said, effects)
    for row in rows:
        row.site = row.site
    with connection.cursor() as cursor:
        cursor.execute(HEAD, [sorted(partner_ids)])
    return {site.pk for site in touched.values()}


def _save(new: list[Site], said: dict[int, list[golden.Said]], effects: Effects) -> None:
    for site in new:
        site.siret = site.postcode = site.city = site.address = ""
        golden.settle(site, said[id(site)])
    Site.objects.bulk_create(new, batch_size=500)
    for site in new:
        effects.created(site)


def _taken_sirets(rows: list[SourceRecord]) -> dict[str, int]:
    wanted = [siret for row in rows if (siret := row.draft.get("site", {}).get("siret"))]
    taken = dict(Site.objects.filter(siret__in=wanted).values_list("siret", "partner_id"))
    for row in rows:
        if (siret := row.draft.get("site", {}).get("siret")) and row.partner_id:
            taken.setdefault(siret, row.partner_id)
    return taken


def _same_place(sites: list[Site], values: dict[str, Any]) -> Site | None:
    """The site of the same SIRET or UAI; else, without a SIRET in contradiction, of the same address or town."""
    siret, uai = values.get("siret", ""), values.get("uai", "")
    for site in sites:
        if (siret and site.siret == siret) or (uai and site.uai == uai):
            return site
    postcode, city = values.get("postcode", ""), place_key(values.get("city", ""))
    street = fold(values.get("address", ""))
    for site in sites:
        if siret and site.siret and site.siret != siret:
            continue
        here = (postcode and site.postcode == postcode) or (city and place_key(site.city) == city)
        somewhere = not (postcode or city) or not (site.postcode or site.city)
        if (here or somewhere) and (not street or not site.address or fold(site.address) == street):
            return site
    return None
