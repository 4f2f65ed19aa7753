"""The register's proposals as people see them: one card a proposal, ours on the left, the register's beside it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner, Site
from reciproque.engines.identifiers import format_siren, format_siret
from reciproque.foundation.dates import date_format
from reciproque.foundation.listing.narrowing import Probed
from reciproque.institution.access import Actor
from reciproque.sourcing.models import RegisterProposal
from reciproque.sourcing.register import proposing

SHOWN = 20
COUNTED = 1000
K, S = RegisterProposal.Kind, RegisterProposal.State
TABS = {"qui": (K.MATCH,), "vie": proposing.LIFE}


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal, ready to be shown."""

    proposal: RegisterProposal
    partner: Any
    ours: list[str]
    candidates: list[dict[str, Any]]
    changes: list[dict[str, str]]
    percent: int


def waiting(actor: Actor, tab: str, state: str = "open", *, today: dt.date | None = None) -> QuerySet[RegisterProposal]:
    """The proposals on partners that the actor may edit; of all kinds when no tab is named."""
    rows = RegisterProposal.objects.filter(kind__in=TABS[tab]) if tab else RegisterProposal.objects.all()
    rows = rows & proposing.waiting(today) if state == "open" else rows.filter(state=state)
    editable = directory.partners.allowed(actor, "edit").filter(pk=OuterRef("partner_id"), archived_at=None)
    rows = rows.filter(Probed(editable.order_by().values("pk")))
    return rows.order_by("-score", "pk")


def find(actor: Actor, pk: int) -> RegisterProposal:
    """A proposal on a partner that the actor may edit. Raises Http404."""
    editable = directory.partners.allowed(actor, "edit").filter(pk=OuterRef("partner_id"))
    found = RegisterProposal.objects.filter(Exists(editable), pk=pk).select_related("partner").first()
    if found is None:
        raise Http404
    return found


def count(actor: Actor, tab: str) -> int:
    """How many wait (counted up to 1,000)."""
    return waiting(actor, tab).order_by()[:COUNTED].count()


def cards(actor: Actor, tab: str, state: str = "open", partner: int = 0) -> list[Card]:
    """The first cards. A constant number of queries."""
    rows = waiting(actor, tab, state)
    if partner:
        rows = rows.filter(partner=partner)
    found = list(rows.select_related("partner", "site")[:SHOWN])
    heads = {
        site.partner_id: site
        for site in Site.objects.filter(partner__in=[one.partner_id for one in found], is_head=True)
    }
    return [_card(one, one.site or heads.get(one.partner_id)) for one in found]


def _card(one: RegisterProposal, site: Site | None) -> Card:
    partner = one.partner
    lines = [
        (site.address if site else ""), f"{partner.postcode} {partner.city}".strip(),
        format_siret(site.siret) if site and site.siret else format_siren(partner.siren) if partner.siren else "",
        partner.email,
    ]  # fmt: skip
    return Card(
        one, partner, [line for line in lines if line], [candidate(each) for each in one.candidates],
        [change(each) for each in one.changes], round(100 * one.score),
    )  # fmt: skip


def candidate(said: dict[str, Any]) -> dict[str, Any]:
    """A company proposed, with its reasons in words."""
    lines = [
        said.get("address", ""),
        said.get("place", ""),
        format_siret(said["siret"]) if said.get("siret") else format_siren(said["siren"]),
    ]
    name = said.get("name") or _("entreprise en diffusion partielle")
    return {**said, "name": name, "lines": [line for line in lines if line], "why": [reason(code) for code in said.get("reasons", [])],
            "percent": round(100 * said.get("score", 0))}  # fmt: skip


def change(said: dict[str, str]) -> dict[str, str]:
    """A change in words: what field, from what, to what."""
    model, field = {"partner": Partner, "site": Site}.get(said["model"]), said["field"]
    if model is not None:
        column: Any = model._meta.get_field(field)  # noqa: SLF001 -- Django's own
        label, choices = str(column.verbose_name), dict(column.flatchoices) if getattr(column, "choices", None) else {}
    else:
        label, choices = str({"since": _("depuis le"), "successor": _("repris par")}.get(field, field)), {}
    shown = {side: str(choices.get(said[side], said[side])) for side in ("before", "after")}
    if field == "since" and (day := parse_date(said["after"] or "")):
        shown["after"] = date_format(day, "j F Y")
    if field in {"siret", "successor"}:
        shown = {side: format_siret(value) if value else "" for side, value in shown.items()}
    if said.get("site") and field == "state":
        place = said.get("place") or _("établissement sans adresse")
        label, shown = _("établissement"), {"before": "", "after": f"{place} : {shown['after']}"}
    return {"label": label, **shown}


def reason(code: str) -> str:
    """Why a company was proposed, in words."""
    return str(_reasons().get(code, code))


def _reasons() -> dict[str, str]:
    return {
        "own_number": _("le numéro donné est au registre"), "same_name": _("même nom"), "near_name": _("nom proche"),
        "part_of_name": _("une partie du nom"), "initials": _("initiales du nom"), "other_name": _("nom différent"),
        "usual_name": _("nom usuel"), "acronym": _("sigle"), "sign": _("enseigne"), "past_name": _("ancien nom"),
        "past_sign": _("ancienne enseigne"), "same_address": _("même adresse"), "same_street": _("même rue"),
        "same_postcode": _("même code postal"), "same_town": _("même commune"), "same_department": _("même département"),
        "elsewhere": _("lieu différent"), "homonyms": _("plusieurs entreprises de ce nom"), "ceased": _("entreprise cessée"),
        "closed": _("établissement fermé"),
    }  # fmt: skip


def told(one: RegisterProposal) -> str:
    """A proposal in one sentence."""
    after = {said["field"]: change(said)["after"] for said in one.changes}
    day = after.get("since", "")
    sentences = {
        K.MATCH: _("Le registre SIRENE connaît sans doute ce partenaire."),
        K.CLOSED: _("Cet établissement est fermé depuis le %(day)s.") if day else _("Cet établissement est fermé."),
        K.MOVED: _("Cet établissement a déménagé : %(address)s."),
        K.CEASED: _("Cette entreprise a cessé le %(day)s.") if day else _("Cette entreprise a cessé."),
        K.RENAMED: _("Le registre la nomme désormais « %(name)s »."),
        K.HIDDEN: _("Cette entreprise ne veut plus que ses données soient diffusées."),
    }
    return sentences[K(one.kind)] % {"day": day, "address": after.get("address", ""), "name": after.get("name", "")}
