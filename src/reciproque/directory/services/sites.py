"""The sites of a partner: one of them at most is its head, whose place the partner's own row repeats."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reciproque.directory import policies, search
from reciproque.directory.models import Partner, Site
from reciproque.directory.reference import commune_of
from reciproque.directory.services import common
from reciproque.engines.identifiers import department_of, vat_of_siren
from reciproque.foundation.errors import DomainError
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor

EDITABLE = frozenset(
    {
        "name", "siret", "uai", "address", "address_complement", "postcode", "city", "cedex", "country", "phone",
        "email", "state",
    }
)  # fmt: skip
PLACE = frozenset({"postcode", "city", "country"})


@operation("directory.add_site")
def add_site(*, actor: Actor, partner: Partner, is_head: bool | None = None, **fields: Any) -> Site:
    """Add a place to a partner. The first one is its head, unless said otherwise."""
    common.only(EDITABLE, fields)
    owner = common.locked(partner, None, {})
    policies.partners.require(actor, "edit", owner)
    values = common.read_all(fields)
    site = Site(partner=owner)
    _check_siret(actor, site, values.get("siret", ""))
    common.write(site, values, actor)
    _locate(site)
    heads = owner.sites.filter(is_head=True)
    site.is_head = is_head if is_head is not None else not heads.exists()
    if site.is_head:
        heads.update(is_head=False)
    common.insert(site)
    _after(actor, owner, site)
    return site


@operation("directory.edit_site")
def edit_site(*, actor: Actor, site: Site, version: int | None, **changes: Any) -> Site:
    """Change a place of a partner."""
    common.only(EDITABLE, changes)
    owner = common.locked(site.partner, None, {})
    row = common.locked(site, version, changes)
    policies.partners.require(actor, "edit", owner)
    values = common.read_all(changes, country=row.country)
    _check_siret(actor, row, values.get("siret", ""))
    if changed := common.write(row, values, actor):
        if PLACE.intersection(changed):
            _locate(row)
        common.keep(row)
        _after(actor, owner, row)
    return row


@operation("directory.remove_site")
def remove_site(*, actor: Actor, site: Site) -> None:
    """Take a place away; the head goes last, so that a partner with places always has a head."""
    owner = common.locked(site.partner, None, {})
    row = common.locked(site, None, {})
    policies.partners.require(actor, "edit", owner)
    if row.is_head and owner.sites.exclude(pk=row.pk).exists():
        raise DomainError(_("C’est le siège : choisissez d’abord un autre établissement comme siège."))
    row.delete()
    copy_head(owner)
    search.refresh(partner_ids=[owner.pk])


@operation("directory.set_head_site")
def set_head_site(*, actor: Actor, site: Site) -> Site:
    """Make a place the head of its partner."""
    owner = common.locked(site.partner, None, {})
    row = common.locked(site, None, {})
    policies.partners.require(actor, "edit", owner)
    if not row.is_head:
        for head in owner.sites.filter(is_head=True).select_for_update():
            head.is_head = False
            common.keep(head)
        row.is_head = True
        common.keep(row)
        _after(actor, owner, row)
    return row


def copy_head(partner: Partner) -> None:
    """Repeat the place of the head site on the partner's row, where lists read it."""
    head = partner.sites.filter(is_head=True).first()
    place = (head.postcode, head.city, head.department) if head else ("", "", "")
    if place != (partner.postcode, partner.city, partner.department):
        partner.postcode, partner.city, partner.department = place
        common.keep(partner)


def _check_siret(actor: Actor, site: Site, siret: str) -> None:
    if not siret or siret == site.siret:
        return
    if site.partner.siren and not siret.startswith(site.partner.siren):
        said = _("Ce SIRET n’est pas celui de ce partenaire, dont le SIREN est %(siren)s.")
        raise ValidationError({"siret": said % {"siren": site.partner.siren}})
    common.check_siret_unknown(actor, siret, site)


def _locate(site: Site) -> None:
    """The commune, département and point that the postcode and the town certainly point at."""
    site.city_code, site.latitude, site.longitude = "", None, None
    site.department = department_of(site.postcode) if site.country == "FR" else ""
    found = commune_of(site.postcode, site.city) if site.country == "FR" and (site.postcode or site.city) else None
    if found:
        site.city_code, site.department = found.code, found.department
        site.latitude, site.longitude = found.latitude, found.longitude
        if not site.city:
            site.city = found.name


def _after(actor: Actor, owner: Partner, site: Site) -> None:
    """What a place tells of its partner: where its head is, its SIREN when it was not known."""
    if site.siret and not owner.siren:
        siren = site.siret[:9]
        common.check_unknown(actor, partner=owner, siren=siren)
        common.write(owner, {"siren": siren, "vat": owner.vat or vat_of_siren(siren)}, actor)
        common.keep(owner)
    copy_head(owner)
    search.refresh(partner_ids=[owner.pk])
