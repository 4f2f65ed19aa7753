"""The reciprocity board: what each figure counts, and the list behind it. A figure and its list are one query."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from time import time
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, DateField, Exists, F, OrderBy, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from reciproque.directory.listing.partners import HEAVY
from reciproque.directory.mapping.counting import KEPT_FOR, LIVE, estimated
from reciproque.directory.models import Partner, PartnerUnit
from reciproque.engines.reciprocity import RECENT
from reciproque.engines.reciprocity.balance import ONE_SIDED
from reciproque.foundation.jobs import defer
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit
from reciproque.relations import policies
from reciproque.relations.models import Need, Pulse, Reading, StateCount

COUNTED = 10_000
SHOWN_FOR = 7 * 24 * 3600
"""Seconds for which numbers are shown while nobody counts them anew."""
S = Reading.State
ALIVE = Reading.LIVING


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its key in the address, its words, what it counts among the pulses."""

    key: str
    label: Any
    hint: Any
    tone: str = "neutral"

    @property
    def of_state(self) -> bool:
        """Whether it counts one state of the pulse: every partner is in one of these."""
        return self.key in S.values


FIGURES: tuple[Figure, ...] = (
    Figure("alive", _("vivants"), _("au moins l’objectif en douze mois"), "success"),
    Figure("fragile", _("fragiles"), _("au plancher, sous l’objectif"), "warning"),
    Figure("new", _("nouveaux"), _("rencontrés depuis moins de six mois"), "info"),
    Figure("to_revive", _("à relancer"), _("sous le plancher, une rencontre au moins"), "warning"),
    Figure("dormant", _("dormants"), _("aucune rencontre en douze mois"), "neutral"),
    Figure("lapsing", _("s’éteignent ce mois‑ci"), _("à revoir dans les trente jours"), "danger"),
    Figure("one_sided_give", _("à sens unique : nous donnons"), _("presque tout va au partenaire"), "partner"),
    Figure("one_sided_take", _("à sens unique : nous recevons"), _("presque tout vient du partenaire"), "university"),
    Figure("one_outside", _("tenus par une seule personne chez eux"), _("si elle part, le lien part"), "warning"),
    Figure("one_inside", _("tenus par un seul collègue"), _("si elle ou il part, le lien part"), "warning"),
    Figure(
        "promising",
        _("silencieux prometteurs"),
        _("un besoin ouvert, ou beaucoup fait naguère, et rien depuis un an"),
        "accent",
    ),
)
BY_KEY = {figure.key: figure for figure in FIGURES}


def base(actor: Actor, unit: Unit | None) -> QuerySet[Any]:
    """The pulses that the actor may read, seen from the establishment or a unit; those of partners put away or restricted never count."""
    rows: Any = (
        policies.unit_pulses.allowed(actor, "view").filter(unit=unit)
        if unit
        else policies.pulses.allowed(actor, "view")
    )
    return rows.filter(partner__archived_at=None).exclude(partner__sharing="restricted")  # type: ignore[no-any-return]


def rows_of(actor: Actor, unit: Unit | None, key: str, *, today: dt.date) -> QuerySet[Any]:
    """The pulses that a figure counts. Raises KeyError for one that does not exist."""
    BY_KEY[key]
    return base(actor, unit).filter(_condition(key, today))


def _condition(key: str, today: dt.date) -> Q:
    if key in S.values:
        return Q(state=key)
    living = Q(state__in=ALIVE)
    conditions = {
        "lapsing": Q(state__in=[S.ALIVE, S.FRAGILE], lapses_on__gt=today, lapses_on__lte=today + dt.timedelta(days=30)),
        "one_sided_give": living & Q(balance__gte=ONE_SIDED),
        "one_sided_take": living & Q(balance__lte=-ONE_SIDED),
        "one_outside": living & Q(outside=1),
        "one_inside": living & Q(inside=1),
        "promising": Q(state=S.DORMANT) & (Q(dispositifs__gte=2) | Q(Exists(_needs()))),
    }
    return conditions[key]


def _needs() -> QuerySet[Need]:
    """The open needs of the partner at hand: asked of each row of a list, gathered once where all are counted."""
    return Need.objects.open().exclude(sharing="restricted").order_by().filter(partner=OuterRef("partner"))


def counted(actor: Actor, unit: Unit | None, *, today: dt.date) -> list[tuple[Figure, int, bool]]:
    """Each figure with its number, shown up to 10,000 (`True`: there are more).

    On a big network, what is counted of the partners that all staff may read is kept: past ten minutes the worker counts it anew, while
    readers see the former numbers. The others are counted each time.
    """
    rows = base(actor, unit)
    if not actor.is_staff or estimated() <= LIVE:
        numbers = _numbers(rows, today)
    else:
        opened = _kept(unit, today)
        numbers = Counter(opened) + Counter(_numbers(rows.exclude(partner__sharing="network"), today))
    return [(one, min(numbers[one.key], COUNTED), numbers[one.key] > COUNTED) for one in FIGURES]


def _kept(unit: Unit | None, today: dt.date) -> dict[str, int]:
    """The numbers of the partners that all staff may read, as they were counted last; the worker is asked for others when they are old."""
    held = cache.get(_key(unit))
    if held is None:
        return count_anew(unit, today=today)
    numbers, day, at = held
    if day != today or time() - at > KEPT_FOR:
        defer("relations.count_figures", queueing_lock=_key(unit), unit_id=unit.pk if unit else 0)
    return dict(numbers)


def count_anew(unit: Unit | None, *, today: dt.date) -> dict[str, int]:
    """Count what all staff may read, and keep it. Safe to repeat."""
    rows = base(Actor.system("relations.count_figures"), unit).filter(partner__sharing="network")
    numbers = _numbers(rows, today)
    cache.set(_key(unit), (numbers, today, time()), SHOWN_FOR)
    return numbers


def _key(unit: Unit | None) -> str:
    return f"reciprocity:{unit.pk if unit else ''}"


def _numbers(rows: QuerySet[Any], today: dt.date) -> dict[str, int]:
    """Every figure of these pulses. One reading of them tells all."""
    asked: Any = {figure.key: Count("pk", filter=_condition(figure.key, today)) for figure in FIGURES}
    return rows.exclude(state=S.NONE).order_by().aggregate(**asked)


def over_time(unit: Unit | None) -> list[tuple[dt.date, dict[str, int]]]:
    """The months counted, oldest first, at most twenty-four, each with its numbers by state."""
    months: dict[dt.date, dict[str, int]] = {}
    for row in StateCount.objects.filter(unit=unit).order_by("month"):
        months.setdefault(row.month, {})[row.state] = row.partners
    return list(months.items())[-24:]


def answered(actor: Actor, who: int) -> QuerySet[Pulse]:
    """The pulses of the partners that this colleague answers for, those that still live."""
    rows: QuerySet[Pulse] = policies.pulses.allowed(actor, "view").filter(partner__archived_at=None)
    return rows.filter(partner__in=_carried(who)).exclude(state__in=[S.DORMANT, S.NONE])


def _carried(who: int | None) -> QuerySet[Any]:
    """The numbers of the partners that a colleague answers for, in a unit or for the establishment."""
    ties = PartnerUnit.objects.filter(referent=who).order_by().values("partner")
    return ties.union(Partner.objects.filter(referent=who).order_by().values("pk"))


def mine(actor: Actor, who: str, state: str) -> QuerySet[Pulse]:
    """The pulses of the partners one follows (`moi`: one answers for them; `entites`: one's units do), the first to meet again first."""
    rows = policies.pulses.allowed(actor, "view").filter(partner__archived_at=None)
    if who == "entites":
        units = sorted({unit for unit, _role in actor.roles})
        ties = PartnerUnit.objects.filter(unit__in=units).order_by().values("partner")
        rows = rows.filter(partner__in=ties)
    else:
        rows = rows.filter(partner__in=_carried(actor.user_id))
    if state in S.values:
        return rows.filter(state=state)
    return rows.exclude(state__in=[S.DORMANT, S.NONE]) if state != "tous" else rows


def in_order(rows: QuerySet[Any], *, young_later: bool = False) -> QuerySet[Any]:
    """By the day to meet again, then in the order of an index. `young_later`: new relations at the day they stop being new, and those of a
    day by name, for lists that are sorted whole anyway."""
    day: Any = F("lapses_on")
    if young_later:
        grown = Cast(F("lapses_on") + dt.timedelta(days=RECENT), DateField())
        day = Case(When(state=S.NEW, then=grown), default=day, output_field=DateField())
    heavy = [f"partner__{name}" for name in HEAVY]
    return (
        rows.select_related("partner")
        .defer(*heavy)
        .order_by(OrderBy(day, nulls_last=True), "partner" if young_later else "partner_id")
    )


def names(rows: Iterable[Any]) -> list[int]:
    """The partners of these pulses."""
    return [row.partner_id for row in rows]
