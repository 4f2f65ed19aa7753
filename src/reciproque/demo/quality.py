"""What the quality board of the demonstration shows: records typed twice in one unit, merged at night without asking, a few checked;
measures of the months before; a model asked for.
"""

import datetime as dt

from django.utils import timezone

from reciproque.directory.models import Partner, Site
from reciproque.directory.services import create_partner
from reciproque.foundation.jobs import defer
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, User
from reciproque.sourcing import checking
from reciproque.sourcing.models import QualityDay
from reciproque.sourcing.pipeline import alone, doubles, measuring, weighing
from reciproque.sourcing.services import checks, measures, models, zones

TWINS, EVERY = 16, 29
WEEKS = 44
SHARES = ("numbered", "registered", "placed", "reachable", "staffed", "neat")
RISEN = {"numbered": 0.38, "registered": 0.52, "placed": 0.12, "reachable": 0.22, "staffed": 0.3, "neat": 0.55}
"""How much of today's share was still to be gained at the first measure."""
USUAL = 0.032
"""Pairs to judge for one partner once the whole network has been compared, as it will be the first night."""


def fill(actor: Actor, steward: User) -> None:
    """Type the twins, merge, check, measure, and remember the months before. The same for the same network."""
    by = Actor.of(steward, via="command")
    _twins(actor)
    doubles.look()
    zones.set_zones(actor=by, merges_alone=True, automatic=0.95, review=0.3, most=12, checked=9)
    weighing.weigh_and_sort()
    alone.merge_all()
    for rank, check in enumerate(list(checking.waiting(by)[:5])):
        checks.answer_check(actor=by, check=check, same=rank > 0)
    measuring.measure()
    measures.keep_measures(actor=actor, measures=_months_before())
    models.ask_for_model(actor=by)
    defer("sourcing.measure", queueing_lock="measure-quality")


def steward_of(users: dict[str, User]) -> User:
    """The demonstration's data steward."""
    return next(user for user in users.values() if user.memberships.filter(role=Role.DATA_STEWARD).exists())


def _twins(actor: Actor) -> None:
    """Companies that a colleague of the same unit typed again, without looking."""
    heads = Site.objects.filter(
        is_head=True, partner__unit__isnull=False, partner__sharing="network", partner__archived_at=None
    )
    known = (
        heads.exclude(address="")
        .exclude(partner__siren="")
        .exclude(postcode="")
        .filter(partner__kind=Partner.Kind.COMPANY)
    )
    for rank, site in enumerate(known.select_related("partner__unit").order_by("pk")[: TWINS * EVERY : EVERY]):
        partner = site.partner
        name = partner.name if rank % 3 else partner.name.upper()
        contact = {"email": partner.email, "phone": partner.phone or site.phone} if rank % 4 else {"web": partner.web}
        create_partner(
            actor=actor, name=name, unit=partner.unit, kind=partner.kind, address=site.address, postcode=site.postcode, city=site.city,
            **contact,
        )  # fmt: skip


def _months_before() -> list[QualityDay]:
    """Today's figures, as they were week after week while the network was being put in order."""
    days = QualityDay.objects.filter(day=timezone.localdate()).order_by("pk")
    return [_earlier(day, week) for day in days for week in range(1, WEEKS + 1)]


def _earlier(day: QualityDay, week: int) -> QualityDay:
    """The figures of a unit some weeks ago: fewer records, less complete, more duplicates waiting; with the waves of imports."""
    gone = week / WEEKS
    wave = ((week * 7 + (day.unit_id or 0) * 3) % 5 - 2) / 200
    partners = round(day.partners * (1 - 0.34 * gone))
    figures = {
        name: min(
            partners,
            max(0, round(partners * getattr(day, name) / max(1, day.partners) * (1 - RISEN[name] * gone + wave))),
        )
        for name in SHARES
    }
    merged, refused = round(day.merged * (1 - gone)), round(day.refused * (1 - gone))
    usual = max(day.waiting, round(day.partners * USUAL))
    waiting = round(usual * (1 + 2.2 * gone * (1 - 0.45 * gone)) + 300 * abs(wave) * gone)
    return QualityDay(
        day=day.day - dt.timedelta(weeks=week), unit_id=day.unit_id, at=day.at - dt.timedelta(weeks=week), partners=partners, **figures,
        contradicted=round(day.contradicted * (1 - 0.8 * gone)), doubled=2 * waiting, found=waiting + merged + refused, waiting=waiting,
        merged=merged, alone=min(merged, round(day.alone * (1 - gone))), refused=refused, fields={},
    )  # fmt: skip
