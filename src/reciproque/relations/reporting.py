"""The yearly review as a document to send to the partner: what `reviewing.year` tells, headed by the establishment."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.timezone import now
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from reciproque.directory.models import Partner, PartnerUnit
from reciproque.foundation import documents
from reciproque.foundation.dates import date_format
from reciproque.institution.models import User
from reciproque.institution.services import identity, logo_of
from reciproque.relations import reviewing
from reciproque.relations.models import Collaboration

TEMPLATE = Path(__file__).parent / "documents" / "review.typ"


def review(partner: Partner, first: int, *, today: dt.date) -> bytes:
    """The review of an academic year, as a PDF. Only what is shared with the whole network, never its text."""
    held, year = identity(), reviewing.year(partner, first, today=today)
    name = partner.label
    data: dict[str, Any] = {
        "lang": (get_language() or "fr")[:2],
        "establishment": held.name, "address": held.address, "colour": held.colour, "logo_text": held.logo_text or held.name,
        "partner": name, "title": _("Une année avec %(partner)s") % {"partner": name}, "period": _period(year),
        "foot": " · ".join(part for part in (held.name, held.contact) if part), "page_words": _("page"),
        "figures": _figures(year), "months": _months(year), "marks": _marks(year),
        "up": _("Nous vous apportons"), "down": _("Vous nous apportez"),
        "given_title": _("Ce que l’université vous a apporté"), "given": year["given"],
        "received_title": _("Ce que vous avez apporté à l’université"), "received": year["received"],
        "nothing": _("Rien de chiffré cette année."), "no_action": _("Aucune action cette année-là."),
        "done_title": _("Ce que nous avons fait ensemble"), "heads": [_("Quand"), _("Quoi"), _("Nature"), _("Avec qui")],
        "done": [[_when(one["row"]), one["row"].title, str(one["row"].dispositif), _with(one)] for one in year["rows"]],
        "meetings_title": _("Nos rencontres"),
        "meetings": [f"{_day(one.on)} – {one.get_kind_display()}, {one.unit.name}" for one in year["meetings"]],
        "coming_title": _("Et ensuite"), "coming": [f"{_day(day)} – {what}, {unit}" for day, what, unit in year["coming"]],
        "none_coming": _("Rien n’est encore prévu : convenons-en ensemble."),
        "contacts_title": _("Vos interlocuteurs"), "contacts": _contacts(partner),
    }  # fmt: skip
    return documents.pdf(TEMPLATE, data, at=now(), picture=logo_of(held))


def _period(year: Mapping[str, Any]) -> str:
    return _("du %(a)s au %(b)s") % {"a": _day(year["start"]), "b": _day(year["end"])}


def _day(day: dt.date) -> str:
    """« 1er septembre 2026 »."""
    return date_format(day, "j F Y")


def _when(row: Collaboration) -> str:
    start = date_format(row.starts_on, "d/m/Y") if row.starts_on else ""
    return f"{start} – {date_format(row.ends_on, 'd/m/Y')}" if row.ends_on and row.ends_on != row.starts_on else start


def _with(one: Mapping[str, Any]) -> str:
    """Who did it: the unit, and its people when they are known."""
    name: str = one["row"].unit.name
    return f"{name} ({one['who']})" if one["who"] else name


def _months(year: Mapping[str, Any]) -> list[str]:
    """The twelve months of the year, abbreviated."""
    first = year["start"].year
    return [date_format(dt.date(first + (month > 12), (month - 1) % 12 + 1, 1), "N") for month in range(9, 21)]


def _marks(year: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the line of the year shows: where each fact stands (0 at its first day, 1 at its last), and who brought something."""
    rows = [one["row"] for one in year["rows"]]
    facts = [(row.starts_on or year["start"], any(row.given.values()), any(row.received.values())) for row in rows]
    facts += [(one.on, False, False) for one in year["meetings"]]
    whole = (year["end"] - year["start"]).days
    places = [min(max((day - year["start"]).days, 0), whole) / whole for day, _up, _down in facts]
    return [{"at": at, "up": up, "down": down} for at, (_day, up, down) in zip(places, facts, strict=True)]


def _figures(year: Mapping[str, Any]) -> list[list[str]]:
    actions, met = len(year["rows"]), len(year["meetings"])
    units = len({one["row"].unit_id for one in year["rows"]} | {one.unit_id for one in year["meetings"]})
    if not actions and not met:
        return []
    found = [
        (actions, ngettext("action menée ensemble", "actions menées ensemble", actions)),
        (met, ngettext("rencontre", "rencontres", met)),
        (units, ngettext("entité de l’université", "entités de l’université", units)),
    ]
    return [[str(number), words] for number, words in found if number]


def _contacts(partner: Partner) -> list[str]:
    """Whoever answers for the partner, each once, for the establishment first."""
    found: dict[User, list[str]] = {}
    if partner.referent and partner.referent.is_active:
        found[partner.referent] = [_("référent de l’établissement")]
    ties = PartnerUnit.objects.filter(partner=partner, referent__is_active=True).select_related("unit", "referent")
    for tie in ties.order_by("unit__tree_key")[:6]:
        if tie.referent:
            found.setdefault(tie.referent, []).append(tie.unit.name)
    return [f"{who} – {', '.join(parts)}, {who.email}" for who, parts in found.items()]
