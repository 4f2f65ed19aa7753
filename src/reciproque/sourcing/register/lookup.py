"""Companies of the register as somebody who looks for one sees them."""

import datetime as dt
from typing import Any

from django.utils.dateparse import parse_datetime

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner, Site
from reciproque.engines.identifiers import format_siren, format_siret
from reciproque.engines.register.facts import Company
from reciproque.engines.register.facts import Site as Place
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit
from reciproque.sourcing.register import proposing, reach


def companies(actor: Actor, text: str, *, partner: Partner | None = None) -> list[dict[str, Any]]:
    """What the register finds for a name or a number; `partner` gives its place. Each says whether it is already a partner."""
    head = Site.objects.filter(partner=partner, is_head=True).first() if partner else None
    found = reach.search(text, postcode=head.postcode if head else "", city=head.city if head else "")
    rows = directory.partners.allowed(actor, "notice").filter(siren__in=[company.siren for company, _site in found])
    known = {row.siren: row for row in rows.exclude(siren="")}
    return [_shown(company, place, known.get(company.siren)) for company, place in found]


def _shown(company: Company, place: Place | None, known: Partner | None) -> dict[str, Any]:
    lines = [place.address, f"{place.postcode} {place.city}".strip()] if place and not place.is_hidden else []
    number = format_siret(place.siret) if place else format_siren(company.siren)
    return {
        **proposing.told(company), "siren": company.siren, "siret": place.siret if place else "",
        "lines": [line for line in [*lines, number] if line], "open": bool(place and place.is_open), "known": known,
    }  # fmt: skip


def loaded() -> dict[str, Any] | None:
    """What index is loaded: when, how many companies."""
    held = reach.register()
    if held is None:
        return None
    at = parse_datetime(held.manifest.loaded_at)
    return {"at": at.date() if at else dt.date.min, "units": held.manifest.counts["units"], "sites": held.manifest.counts["sites"],
            "departments": held.manifest.departments}  # fmt: skip


def unit_of(actor: Actor) -> Unit | None:
    """The unit that brings a partner, when the actor has one only."""
    mine = list(Unit.objects.active().filter(pk__in=actor.units(Role.MEMBER))[:2])
    return mine[0] if len(mine) == 1 else None
