"""Decisions on what the register proposes: taken, refused for good, put off, taken back; and partners completed by hand."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.directory import policies as directory
from reciproque.directory import services
from reciproque.directory.models import Partner, Site
from reciproque.directory.services import common
from reciproque.engines.register.facts import Company
from reciproque.engines.register.facts import Site as Place
from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit
from reciproque.sourcing.models import RegisterProposal
from reciproque.sourcing.register import reach, writing

LATER = dt.timedelta(days=30)
K, S = RegisterProposal.Kind, RegisterProposal.State
WAITING = (S.OPEN, S.LATER)


def complete_by_number(*, actor: Actor, partner: Partner, siren: str, siret: str = "") -> RegisterProposal:
    """Say which company of the register a partner is, and take from it what the register says. Undone by `take_back`.

    Raises DomainError when the register does not know the number, `Unanswered`, AlreadyKnown when another partner bears it, Forbidden.
    """
    directory.partners.require(actor, "edit", partner)
    return complete_from_register(actor=actor, partner=partner, company=_known(siren), siret=siret)


def _known(siren: str) -> Company:
    """Ask the register, which may be far away: never while rows are locked."""
    company = reach.company(siren)
    if company is None:
        raise DomainError(_("Le registre ne connaît pas ce numéro : vérifiez-le."))
    return company


@operation("sourcing.complete_from_register")
def complete_from_register(*, actor: Actor, partner: Partner, company: Company, siret: str) -> RegisterProposal:
    """The same with a company that was asked for."""
    directory.partners.require(actor, "edit", partner)
    siren = company.siren
    common.check_unknown(actor, partner=partner, siren=siren)
    row = common.locked(partner, None, {})
    if row.siren and row.siren != siren:
        raise DomainError(_("Cette fiche porte déjà un autre SIREN : corrigez-le d’abord."))
    place = (reach.site(siret) if siret else None) or (
        company.head if company.head and company.head.siret == siret else None
    )
    proposal, _made = RegisterProposal.objects.select_for_update().get_or_create(
        partner=row,
        fact=f"match:{siren}",
        defaults={"kind": K.MATCH, "siren": siren, "siret": siret, "found_on": localdate()},
    )
    site = _site_for(actor, row, place or company.head)
    before = writing.mark(row, company)
    record = writing.write(row, company, site, place or company.head)
    _decided(proposal, S.ACCEPTED, actor, record=record, before=before, siret=siret)
    others = RegisterProposal.objects.filter(partner=row, kind=K.MATCH, state__in=WAITING).exclude(pk=proposal.pk)
    others.update(state=S.REFUSED, decided_at=timezone.now(), decided_by=actor.user_id)
    return proposal


def _site_for(actor: Actor, partner: Partner, place: Place | None) -> Site | None:
    """The site of the partner that this place is: by its SIRET, else its head when it has no number, else a new one."""
    if place is None:
        return None
    own = list(Site.objects.filter(partner=partner).order_by("-is_head", "pk"))
    found = next((site for site in own if site.siret == place.siret), None)
    found = found or next((site for site in own if not site.siret and _near(site, place)), None)
    if found is None and Site.objects.filter(siret=place.siret).exclude(partner=partner).exists():
        return None
    return found or services.add_site(actor=actor, partner=partner, is_head=not own, country="FR")


def _near(site: Site, place: Place) -> bool:
    return not site.postcode or not place.postcode or site.postcode[:2] == place.postcode[:2]


def create_by_number(*, actor: Actor, siren: str, siret: str = "", unit: Unit | None = None) -> Partner:
    """Add a company of the register to the network, with what the register says of it. Raises as `complete_by_number`."""
    return create_from_register(actor=actor, company=_known(siren), siret=siret, unit=unit)


@operation("sourcing.create_from_register")
def create_from_register(*, actor: Actor, company: Company, siret: str, unit: Unit | None) -> Partner:
    """The same with a company that was asked for."""
    name = company.name or _("Partenaire %(siren)s") % {"siren": company.siren}
    partner = services.create_partner(actor=actor, name=name, siren=company.siren, unit=unit)
    for field in ("name", "siren", "vat"):
        partner.origins.pop(field, None)
    partner.origins["name"] = {
        "kind": "register",
        "source": writing.CODE,
        "record": None,
        "on": writing.state_of_register().isoformat(),
    }
    common.keep(partner)
    complete_from_register(actor=actor, partner=partner, company=company, siret=siret)
    partner.refresh_from_db()
    return partner


def accept(*, actor: Actor, proposal: RegisterProposal, siren: str = "", siret: str = "") -> RegisterProposal:
    """Do what the register proposes; of several candidates, the one named. Undone by `take_back`."""
    number = siren or proposal.siren
    if proposal.kind == K.CLOSED:
        return accept_proposal(actor=actor, proposal=proposal, company=None, siret=siret)
    if proposal.kind != K.MATCH:
        return accept_proposal(actor=actor, proposal=proposal, company=_told(number), siret=siret)
    if number not in {one["siren"] for one in proposal.candidates}:
        raise DomainError(_("Choisissez une des entreprises proposées."))
    return accept_proposal(actor=actor, proposal=proposal, company=_known(number), siret=siret)


def _told(siren: str) -> Company:
    company = reach.company(siren)
    if company is None:
        raise DomainError(_("Le registre ne répond pas : réessayez plus tard."))
    return company


@operation("sourcing.accept_proposal")
def accept_proposal(
    *, actor: Actor, proposal: RegisterProposal, company: Company | None, siret: str
) -> RegisterProposal:
    """The same with a company that was asked for; a place that closed needs none."""
    row = _waiting(actor, proposal)
    if company is None:
        record, before = _close(actor, row)
    elif row.kind == K.MATCH:
        place = next((one["siret"] for one in row.candidates if one["siren"] == company.siren), "")
        return complete_from_register(actor=actor, partner=row.partner, company=company, siret=siret or place)
    else:
        does = {K.MOVED: _move, K.CEASED: _cease, K.RENAMED: _rename, K.HIDDEN: _hide}[K(row.kind)]
        record, before = does(actor, row, company)
    return _decided(row, S.ACCEPTED, actor, record=record, before=before)


def _site(row: RegisterProposal) -> Site:
    if row.site is None:
        raise DomainError(_("Cet établissement n’est plus sur la fiche."))
    return row.site


def _close(actor: Actor, row: RegisterProposal) -> tuple[Any, dict[str, Any]]:
    site = _site(row)
    before = {"state": site.state}
    services.edit_site(actor=actor, site=site, version=None, state="F")
    return None, before


def _move(actor: Actor, row: RegisterProposal, company: Company) -> tuple[Any, dict[str, Any]]:
    """The history follows: it is the same site, under its new number and address."""
    site, place = _site(row), reach.site(row.siret)
    if place is None:
        raise DomainError(_("Le registre ne connaît plus le nouvel établissement : réessayez plus tard."))
    common.check_siret_unknown(actor, place.siret, site)
    fields = ("siret", "address", "address_complement", "postcode", "city", "cedex")
    before = {"site": {field: getattr(site, field) for field in fields}, "origins": site.origins}
    services.edit_site(
        actor=actor, site=site, version=None, siret=place.siret, address=place.address, address_complement="", postcode=place.postcode,
        city=place.city, cedex="",
    )  # fmt: skip
    site.refresh_from_db()
    for field in fields:
        site.origins.pop(field, None)
    common.keep(site)
    return writing.write(row.partner, company, site, place), before


def _cease(actor: Actor, row: RegisterProposal, company: Company) -> tuple[Any, dict[str, Any]]:
    """The company, and the places that closed with it, but those that somebody took away or closed meanwhile."""
    directory.partners.require(actor, "edit", row.partner)
    before: dict[str, Any] = {"mark": writing.mark(row.partner, company)}
    named = [int(one["site"]) for one in row.changes if one.get("site") and one["field"] == "state"]
    before["sites"] = {}
    for site in Site.objects.filter(partner=row.partner, pk__in=named).exclude(state="F").order_by("pk"):
        before["sites"][str(site.pk)] = site.state
        services.edit_site(actor=actor, site=site, version=None, state="F")
    return None, before


def _rename(actor: Actor, row: RegisterProposal, company: Company) -> tuple[Any, dict[str, Any]]:
    partner = row.partner
    before = {"name": partner.name, "former_names": partner.former_names, "origins": partner.origins}
    former = list(dict.fromkeys([*partner.former_names, partner.name]))
    services.edit_partner(actor=actor, partner=partner, version=None, name=company.name, former_names=former)
    partner.refresh_from_db()
    partner.origins.pop("name", None)
    common.keep(partner)
    head = Site.objects.filter(partner=partner, is_head=True).first()
    place = reach.site(head.siret) if head and head.siret else None
    return writing.write(partner, company, head if place else None, place), before


def _hide(actor: Actor, row: RegisterProposal, company: Company) -> tuple[Any, dict[str, Any]]:
    """What the register no longer gives is no longer shown as coming from it."""
    directory.partners.require(actor, "edit", row.partner)
    before = {"mark": writing.mark(row.partner, company)}
    return writing.write(row.partner, company, None, None), before


@operation("sourcing.refuse_proposal")
def refuse_proposal(*, actor: Actor, proposal: RegisterProposal) -> RegisterProposal:
    """No: the same fact is never proposed again for this record."""
    return _decided(_waiting(actor, proposal), S.REFUSED, actor)


@operation("sourcing.postpone_proposal")
def postpone_proposal(*, actor: Actor, proposal: RegisterProposal) -> RegisterProposal:
    """Put it off for a month."""
    row = _waiting(actor, proposal)
    row.state, row.until = S.LATER, localdate() + LATER
    row.save()
    return row


@operation("sourcing.take_back_proposal")
def take_back_proposal(*, actor: Actor, proposal: RegisterProposal) -> RegisterProposal:
    """Undo a decision: what accepting wrote is taken out, and the proposal waits again."""
    row = (
        RegisterProposal.objects.select_for_update(of=("self",))
        .select_related("partner", "site", "record")
        .get(pk=proposal.pk)
    )
    directory.partners.require(actor, "edit", row.partner)
    if row.state not in {S.ACCEPTED, S.REFUSED, S.LATER}:
        raise DomainError(_("Cette proposition attend déjà une décision."))
    if row.state == S.ACCEPTED:
        _undo(actor, row)
    row.state, row.until, row.decided_at, row.decided_by, row.record, row.before = S.OPEN, None, None, None, None, {}
    row.save()
    return row


def _undo(actor: Actor, row: RegisterProposal) -> None:
    before, partner = row.before, row.partner
    if row.record is not None:
        writing.withdraw(row.record)
    if row.kind == K.MATCH:
        writing.unmark(partner, before)
    elif row.kind == K.CLOSED and row.site is not None:
        services.edit_site(actor=actor, site=row.site, version=None, state=before["state"])
    elif row.kind == K.MOVED and row.site is not None:
        services.edit_site(actor=actor, site=row.site, version=None, **before["site"])
        _signed_as(row.site, before["origins"])
    elif row.kind == K.RENAMED:
        services.edit_partner(
            actor=actor, partner=partner, version=None, name=before["name"], former_names=before["former_names"]
        )
        _signed_as(partner, before["origins"])
    elif "mark" in before:
        writing.unmark(partner, before["mark"])
        states = before.get("sites", {})
        for site in Site.objects.filter(partner=partner, pk__in=map(int, states)).order_by("pk"):
            services.edit_site(actor=actor, site=site, version=None, state=states[str(site.pk)])


def _signed_as(record: Any, origins: dict[str, Any]) -> None:
    record.refresh_from_db()
    record.origins = origins
    common.keep(record)


def _waiting(actor: Actor, proposal: RegisterProposal) -> RegisterProposal:
    row = RegisterProposal.objects.select_for_update(of=("self",)).select_related("partner", "site").get(pk=proposal.pk)
    if not directory.partners.permits(actor, "edit", row.partner):
        raise Forbidden(_("Cette fiche n’est pas de celles que vous pouvez modifier."))
    if row.state not in WAITING:
        raise DomainError(_("Quelqu’un a déjà décidé : relisez la liste."))
    return row


def _decided(row: RegisterProposal, state: str, actor: Actor, **more: Any) -> RegisterProposal:
    row.state, row.decided_at, row.decided_by_id, row.until = state, timezone.now(), actor.user_id, None
    for field, value in more.items():
        setattr(row, field, value)
    row.save()
    return row
