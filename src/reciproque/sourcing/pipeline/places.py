"""Sites: which place of its partner a row speaks of."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from reciproque.directory.models import Partner, Site
from reciproque.directory.reference import place_key
from reciproque.engines.linkage import street_key
from reciproque.foundation.database.bulk import allocate, blanks, numbers
from reciproque.sourcing.models import Import, SourceRecord
from reciproque.sourcing.pipeline import golden

HEAD = """
UPDATE directory_partner partner SET postcode = place.postcode, city = place.city, department = place.department
FROM (
  SELECT wanted.id, coalesce(site.postcode, '') AS postcode, coalesce(site.city, '') AS city,
    coalesce(site.department, '') AS department
  FROM unnest(%s::bigint[]) AS wanted(id) LEFT JOIN directory_site site ON site.partner_id = wanted.id AND site.is_head
) place
WHERE partner.id = place.id
  AND (partner.postcode, partner.city, partner.department) IS DISTINCT FROM (place.postcode, place.city, place.department)
"""
PLACE = frozenset({"siret", "uai", "address", "postcode", "city", "department", "city_code"})


def settle_sites(run: Import, rows: list[SourceRecord], created: dict[int, Partner]) -> list[Site]:
    """Find the site of each row that names one; returns those to insert. The place of a new head goes onto its new partner."""
    known = _known({row.partner_id for row in rows if row.partner_id} - created.keys())
    taken = _taken_sirets(rows)
    rules = golden.rules_of(run.mapping, "site")
    said: dict[int, list[golden.Said]] = defaultdict(list)
    places: list[tuple[SourceRecord, Site]] = []
    new: list[Site] = []
    somewhere = blanks(Site)
    for row in rows:
        values = row.draft.get("site", {})
        if not row.partner_id or not PLACE & values.keys():
            continue
        siret = values.get("siret", "")
        if siret and taken.get(siret, row.partner_id) != row.partner_id:
            values = {key: value for key, value in values.items() if key != "siret"}
        site = _same_place(known[row.partner_id], values)
        if site is None:
            site = _begun(somewhere, row.partner_id, values, known[row.partner_id])
            known[row.partner_id].append(site)
            new.append(site)
        said[id(site)].append(golden.said_of(row, run.source, Site, values, rules))
        places.append((row, site))
    for site, key in zip(new, allocate(Site, len(new)), strict=True):
        site.pk = key
        site.siret = site.uai = site.postcode = site.city = site.address = ""
        golden.settle(site, said[id(site)])
        if site.is_head and (partner := created.get(site.partner_id)):
            partner.postcode, partner.city, partner.department = site.postcode, site.city, site.department
    for row, site in places:
        row.site_id = site.pk
    return new


def copy_heads(partner_ids: Iterable[int]) -> None:
    """Copy the place of head sites onto their partners, where it differs; a partner without one has no place."""
    if ids := sorted(partner_ids):
        with connection.cursor() as cursor:
            cursor.execute(HEAD, [numbers(ids)])


def _known(partner_ids: set[int]) -> dict[int, list[Site]]:
    known: dict[int, list[Site]] = defaultdict(list)
    sites = Site.objects.filter(partner__among=partner_ids).order_by("partner_id", "-is_head", "pk")
    for place in sites.select_for_update():
        known[place.partner_id].append(place)
    return known


def _begun(blank: Callable[[], Site], partner_id: int, values: dict[str, Any], others: list[Site]) -> Site:
    """A new site, with what the next rows are compared with; its values are settled once all have spoken."""
    site = blank()
    site.partner_id, site.is_head = partner_id, not any(other.is_head for other in others)
    site.siret, site.uai = values.get("siret", ""), values.get("uai", "")
    site.postcode, site.city, site.address = (values.get(key, "") for key in ("postcode", "city", "address"))
    return site


def _taken_sirets(rows: list[SourceRecord]) -> dict[str, int]:
    wanted = [siret for row in rows if (siret := row.draft.get("site", {}).get("siret"))]
    taken = dict(
        Site.objects.filter(siret__among=wanted).exclude(siret="").order_by().values_list("siret", "partner_id")
    )
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
    street = street_key(values.get("address", ""))
    for site in sites:
        if siret and site.siret and site.siret != siret:
            continue
        here = (postcode and site.postcode == postcode) or (city and place_key(site.city) == city)
        somewhere = not (postcode or city) or not (site.postcode or site.city)
        if (here or somewhere) and (not street or not site.address or street_key(site.address) == street):
            return site
    return None
