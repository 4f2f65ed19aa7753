"""What the register proposes: who the partners without number are, and what became of the others. Written in bulk, safe to repeat."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop

from reciproque.directory.models import Partner, Site
from reciproque.engines.linkage import name_key
from reciproque.engines.register.facts import Company
from reciproque.foundation.errors import DomainError
from reciproque.institution.access import Actor
from reciproque.sourcing.models import RegisterProposal
from reciproque.sourcing.register import reach

if TYPE_CHECKING:
    from reciproque.engines.register.index import Register

CHUNK = 2000
SURE = 0.995
LIKELY = 0.9
K, S = RegisterProposal.Kind, RegisterProposal.State
LIFE = (K.CLOSED, K.MOVED, K.CEASED, K.RENAMED, K.HIDDEN)
SYSTEM = gettext_noop("registre")


def unqualified() -> QuerySet[Partner]:
    """French partners that stand by themselves and bear no SIREN."""
    rows = Partner.objects.filter(archived_at=None, merged_into=None, country="FR", siren="")
    return rows.exclude(kind=Partner.Kind.BRANCH)


def qualify_network() -> int:
    """Look every partner without number up in the register; returns how many proposals wait. Nothing without a register."""
    from reciproque.sourcing.services import proposals  # noqa: PLC0415 -- services use this package

    held = reach.register()
    if held is None:
        return 0
    found = [
        one
        for chunk in _chunks(unqualified().order_by("pk").values_list("pk", flat=True))
        for one in _matches(held, chunk)
    ]
    borne = Partner.objects.filter(siren__among=sorted({one.siren for one in found}), merged_into=None)
    bearers = dict(borne.order_by("-pk").values_list("siren", "pk"))
    actor = Actor.system(SYSTEM)
    proposals.suspect_from_register(actor=actor, pairs=_alike(found, bearers))
    proposals.propose_from_register(
        actor=actor, found=[one for one in found if one.siren not in bearers], kinds=(K.MATCH,)
    )
    if settings.REGISTER_ALONE:
        _accept_alone()
    return RegisterProposal.objects.filter(kind=K.MATCH, state__in=[S.OPEN, S.LATER]).count()


def _accept_alone() -> None:
    """The establishment chose that what is certain needs nobody."""
    from reciproque.sourcing.services.register import accept  # noqa: PLC0415 -- services use this package

    actor = Actor.system(SYSTEM)
    for one in RegisterProposal.objects.filter(kind=K.MATCH, state=S.OPEN, score__gte=SURE).order_by("pk"):
        try:
            accept(actor=actor, proposal=one)
        except DomainError:
            continue


def _matches(held: "Register", ids: list[int]) -> list[RegisterProposal]:
    from reciproque.engines.register.explaining import reasons  # noqa: PLC0415 -- compiled kernels, in the worker only
    from reciproque.engines.register.qualifying import qualify  # noqa: PLC0415

    partners = list(Partner.objects.filter(pk__among=ids).order_by("pk"))
    heads = {site.partner_id: site for site in Site.objects.filter(partner__among=ids).order_by("is_head", "-pk")}
    columns: dict[str, list[str]] = {
        "name": [one.name for one in partners],
        "naf": [one.naf for one in partners],
        **{
            field: [getattr(heads.get(one.pk), field, "") for one in partners]
            for field in ("address", "postcode", "city", "siret")
        },
    }
    result, found = qualify(columns, held), []
    for row, partner in enumerate(partners):
        best, second = int(result.company[row]), int(result.runner_up[row])
        if best < 0:
            continue
        candidates = [_candidate(held, best, int(result.site[row]), float(result.score[row]), reasons(result, row))]
        if second >= 0:
            candidates.append(_candidate(held, second, held.head_row(second), float(result.runner_up_score[row]), []))
        fact, score = f"match:{candidates[0]['siren']}", candidates[0]["score"]
        found.append(RegisterProposal(partner=partner, kind=K.MATCH, fact=fact, siren=candidates[0]["siren"], siret=candidates[0]["siret"],
                                      score=score, candidates=candidates, found_on=localdate()))  # fmt: skip
    return found


def _alike(found: list[RegisterProposal], bearers: dict[str, int]) -> list[tuple[int, int, float]]:
    """Partners that the register takes for one company may be one record: the queue of duplicates asks."""
    alike: dict[str, list[RegisterProposal]] = {}
    for one in found:
        if one.score >= LIKELY:
            alike.setdefault(one.siren, []).append(one)
    firsts = {siren: bearers.get(siren) or members[0].partner_id for siren, members in alike.items()}
    return [
        (firsts[siren], one.partner_id, one.score)
        for siren, members in alike.items()
        for one in members
        if one.partner_id != firsts[siren]
    ]


def _candidate(held: "Register", unit: int, site: int, score: float, reasons: list[str]) -> dict[str, Any]:
    company = held.company_at(unit)
    place = held.site_at(site) if site >= 0 else company.head
    return {
        "siren": company.siren, "siret": place.siret if place else "", "score": round(score, 4), "reasons": reasons, **told(company),
        "place": f"{place.postcode} {place.city}".strip() if place else "", "address": place.address if place else "",
        "open": bool(place and place.is_open),
    }  # fmt: skip


def told(company: Company) -> dict[str, Any]:
    """What a reader is shown of a company: little when its diffusion is partial."""
    names = [] if company.is_partial else [name for name in (company.acronym, *company.usual_names) if name]
    return {
        "name": company.name if not company.is_partial or not company.is_person else "", "also": names, "active": company.is_active,
        "partial": company.is_partial, "naf": company.naf, "sites": company.open_sites,
    }  # fmt: skip


def check_life() -> int:
    """Compare every partner that has a number with the register; returns how many proposals wait."""
    from reciproque.sourcing.services import proposals  # noqa: PLC0415 -- services use this package

    held = reach.register()
    if held is None:
        return 0
    rows = Partner.objects.filter(archived_at=None, merged_into=None).exclude(siren="")
    found = [one for chunk in _chunks(rows.order_by("pk").values_list("pk", flat=True)) for one in _lives(held, chunk)]
    proposals.propose_from_register(actor=Actor.system(SYSTEM), found=found, kinds=LIFE)
    return RegisterProposal.objects.filter(kind__in=LIFE, state__in=[S.OPEN, S.LATER]).count()


def _lives(held: "Register", ids: list[int]) -> list[RegisterProposal]:
    sites: dict[int, list[Site]] = {}
    for site in Site.objects.filter(partner__among=ids).exclude(siret="").order_by("pk"):
        sites.setdefault(site.partner_id, []).append(site)
    found: list[RegisterProposal] = []
    for partner in Partner.objects.filter(pk__among=ids).order_by("pk"):
        company = held.company(partner.siren)
        if company is None:
            continue
        own = sites.get(partner.pk, [])
        taken = {site.siret for site in own}
        of_sites = [one for site in own for one in _of_site(held, partner, site, taken)]
        if not company.is_active and partner.register_state != "C":
            shut = [one for one in of_sites if one.kind == K.CLOSED]
            of_sites = [one for one in of_sites if one.kind != K.CLOSED]
            found.append(_ceased(partner, company, shut))
        found += [*_of_company(partner, company), *of_sites]
    return found


def _ceased(partner: Partner, company: Company, shut: list[RegisterProposal]) -> RegisterProposal:
    """A company that ceased, and with it its places: one fact, one decision. Each change of a place names it (`site`, `place`)."""
    changes = [{"model": "partner", "field": "register_state", "before": "A", "after": "C"}, _since(company.since)]
    for one in shut:
        named = {"site": str(one.site_id), "place": _place(one.site) if one.site else ""}
        changes += [change | named for change in one.changes if change["field"] in {"state", "successor"}]
    return _proposal(partner, K.CEASED, f"ceased:{company.siren}:{company.since}", changes=changes)


def _of_company(partner: Partner, company: Company) -> Iterator[RegisterProposal]:
    if company.is_partial and partner.diffusion != "P":
        change = {"model": "partner", "field": "diffusion", "before": partner.diffusion or "O", "after": "P"}
        yield _proposal(partner, K.HIDDEN, f"hidden:{company.siren}", changes=[change])
    elif company.name and _renamed(partner, company):
        digest = hashlib.sha256(name_key(company.name).encode()).hexdigest()[:16]
        change = {"model": "partner", "field": "name", "before": partner.name, "after": company.name}
        yield _proposal(partner, K.RENAMED, f"renamed:{company.siren}:{digest}", changes=[change])


def _renamed(partner: Partner, company: Company) -> bool:
    """The register calls it otherwise than it once did: a name typed by hand that never was the register's is left alone."""
    own, today = name_key(partner.name), name_key(company.name)
    if own == today or not today or today in {name_key(name) for name in (partner.usual_name, *partner.former_names)}:
        return False
    former = {name_key(name) for name in company.past_names}
    return own in former or partner.origins.get("name", {}).get("kind") == "register"


def _of_site(held: "Register", partner: Partner, site: Site, taken: set[str]) -> Iterator[RegisterProposal]:
    now = held.site(site.siret)
    if now is None or now.is_open or site.state == "F":
        return
    link = held.successor(site.siret)
    after = held.site(link.after) if link else None
    if link and after and after.is_open and link.after[:9] == partner.siren and link.after not in taken:
        changes = [
            {"model": "site", "field": "siret", "before": site.siret, "after": after.siret},
            {
                "model": "site",
                "field": "address",
                "before": _place(site),
                "after": f"{after.address}, {after.postcode} {after.city}",
            },
            _since(link.on),
        ]
        yield _proposal(
            partner, K.MOVED, f"moved:{site.siret}:{after.siret}", site=site, siret=after.siret, changes=changes
        )
        return
    changes = [{"model": "site", "field": "state", "before": "A", "after": "F"}, _since(now.since)]
    if link:
        changes.append({"model": "", "field": "successor", "before": "", "after": link.after})
    yield _proposal(partner, K.CLOSED, f"closed:{site.siret}:{now.since}", site=site, siret=site.siret, changes=changes)


def _since(day: str) -> dict[str, str]:
    return {"model": "", "field": "since", "before": "", "after": day}


def _place(site: Site) -> str:
    return ", ".join(part for part in (site.address, f"{site.postcode} {site.city}".strip()) if part)


def _proposal(
    partner: Partner, kind: str, fact: str, *, changes: list[dict[str, str]], **more: Any
) -> RegisterProposal:
    return RegisterProposal(
        partner=partner, kind=kind, fact=fact, siren=partner.siren, changes=changes, found_on=localdate(), **more
    )


def _chunks(rows: Any) -> Iterator[list[int]]:
    ids = list(rows)
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def waiting(today: dt.date | None = None) -> QuerySet[RegisterProposal]:
    """Proposals that wait for somebody today."""
    rows = RegisterProposal.objects.filter(state__in=[S.OPEN, S.LATER])
    return rows.filter(~Q(state=S.LATER) | Q(until__lte=today or localdate()))
