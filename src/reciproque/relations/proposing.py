"""What to propose next to a partner: the facts that the engine needs, and its reasons in words."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproque.directory.models import Partner
from reciproque.engines import reciprocity as engine
from reciproque.foundation.database.kept import kept, ready
from reciproque.foundation.dates import date_format
from reciproque.institution.access import Actor
from reciproque.relations import policies
from reciproque.relations.catalogue import catalogue
from reciproque.relations.counting import profiles_of
from reciproque.relations.models import Collaboration, Dispositif, Need, Practice, ProposalAnswer
from reciproque.relations.pulses import MomentRow

ANSWERS: Mapping[str, frozenset[str]] = {
    Need.Kind.SKILL: frozenset({"tailored_course", "individual_path", "vae"}),
    Need.Kind.RECRUITMENT: frozenset({"job_dating", "work_study", "job_offer"}),
    Need.Kind.TRAINEE: frozenset({"internship", "work_study", "project"}),
    Need.Kind.EQUIPMENT: frozenset({"platform", "expertise"}),
    Need.Kind.METHOD: frozenset({"expertise", "project", "tailored_course"}),
    Need.Kind.ORGANISATION: frozenset({"expertise", "tailored_course"}),
    Need.Kind.RESEARCH: frozenset({"research", "cifre", "expertise"}),
}
GATHERINGS = frozenset({"job_dating", "event", "advisory_board", "challenge", "mock_interviews"})
"""What one partner more may be invited to."""
SOON = dt.timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal as it is shown."""

    dispositif: Dispositif
    reasons: list[str]


def proposals_for(
    actor: Actor, partner: Partner, pulse: engine.Pulse, moments: Sequence[MomentRow], *, today: dt.date
) -> list[Shown]:
    """Up to three, each with its reasons. Five queries at most."""
    kinds = {one.code: one for one in catalogue(actor) if one.closed_on is None}
    done = Counter(
        one.kind
        for one in moments
        if one.collaboration_id and not one.ending and one.held and engine.remembered(one.on, today)
    )
    situation = engine.Situation(
        lean=pulse.balance.lean, done=done, closed=_closed(partner, today), needs=_needs(actor, partner),
        occasions=_occasions(actor, partner, today),
    )  # fmt: skip
    candidates = [engine.Candidate(one.code, one.given_points, one.received_points) for one in kinds.values()]
    found = engine.propose(situation, candidates, _practices(partner), today=today)
    return [Shown(kinds[one.dispositif], [_words(why, kinds) for why in one.reasons]) for one in found]


def _closed(partner: Partner, today: dt.date) -> set[str]:
    """Under way or refused lately, « not for them », « not now »."""
    return set(_codes(partner=partner, today=today, year_ago=today - dt.timedelta(days=365)))


@ready
def _codes(*, partner: Partner, today: dt.date, year_ago: dt.date) -> QuerySet[Any, str]:
    refused_lately = Q(state="declined", moved_on__gt=year_ago)
    held = Collaboration.objects.filter(Q(state__in=Collaboration.OPEN) | refused_lately, partner=partner)
    answered = ProposalAnswer.objects.filter(partner=partner).exclude(verdict="later", until__lte=today)
    codes = [
        rows.order_by().values_list("dispositif__code", flat=True)
        for rows in (held.exclude(sharing="restricted"), answered)
    ]
    return codes[0].union(codes[1])


def _needs(actor: Actor, partner: Partner) -> list[engine.Need]:
    rows = _open_needs(actor, partner=partner)
    return [engine.Need(row.title, ANSWERS.get(row.kind, frozenset())) for row in rows]


@ready
def _open_needs(actor: Actor, *, partner: Partner) -> QuerySet[Need]:
    rows: QuerySet[Need] = policies.needs.allowed(actor, "view").open().filter(partner=partner)
    return rows.select_related(None).only("title", "kind").order_by("-pk")[:10]


@kept
def _gatherings(actor: Actor, *, partner: Partner, today: dt.date, before: dt.date) -> QuerySet[Any, dict[str, Any]]:
    rows: QuerySet[Any] = policies.collaborations.allowed(actor, "view").filter(
        dispositif__code__in=sorted(GATHERINGS), state="agreed", sharing="network",
        starts_on__gt=today, starts_on__lte=before,
    )  # fmt: skip
    named: QuerySet[Any, dict[str, Any]] = rows.exclude(partner=partner).order_by("starts_on").values(
        "dispositif__code", "dispositif__name", "unit__short_name", "starts_on"
    )  # fmt: skip
    return named.annotate(partners=Count("partner", distinct=True))[:20]  # type: ignore[no-any-return]


def _occasions(actor: Actor, partner: Partner, today: dt.date) -> list[engine.Occasion]:
    """What units plan with others in the next months, and to which this partner could come."""
    rows = _gatherings(actor, partner=partner, today=today, before=today + SOON)
    return [
        engine.Occasion(
            row["dispositif__code"],
            f"{row['dispositif__name']} ({row['unit__short_name']})",
            row["starts_on"],
            row["partners"],
        )
        for row in rows
    ]


@ready
def _practised(*, profiles: list[str]) -> QuerySet[Any, tuple[str, str | None, int]]:
    rows = Practice.objects.filter(profile__among=profiles).order_by()
    return rows.values_list("profile", "dispositif__code", "partners")


def _practices(partner: Partner) -> dict[str, engine.Practice]:
    """What the closest profile of which enough partners are known does, against all."""
    wanted = ["*", *profiles_of(partner.kind, partner.naf, partner.size_category)]
    counts: dict[str, dict[str | None, int]] = {}
    for profile, code, partners in _practised(profiles=wanted):
        counts.setdefault(profile, {})[code] = partners
    everybody = counts.get("*", {})
    among = everybody.get(None, 0)
    for profile in wanted[1:]:
        alike = counts.get(profile, {})
        if alike.get(None, 0) >= engine.AMONG:
            return {
                code: engine.Practice(number, alike[None], everybody.get(code, 0), among)
                for code, number in alike.items()
                if code is not None
            }
    return {}


def _words(reason: engine.Reason, kinds: Mapping[str, Dispositif]) -> str:
    """A reason, as one would say it."""
    about: dict[str, Any] = {"n": reason.number, "among": reason.among, "what": reason.about}
    ground = engine.Ground
    if reason.ground == ground.NEED:
        return _("répond au besoin exprimé : %(what)s") % about
    if reason.ground == ground.OCCASION:
        day = date_format(reason.on, "j F") if reason.on else ""
        said = ngettext(
            "%(what)s le %(day)s, avec %(n)s partenaire : il pourrait en être",
            "%(what)s le %(day)s, avec %(n)s partenaires : il pourrait en être",
            reason.number,
        )
        return said % {**about, "day": day}
    if reason.ground == ground.FOLLOWS:
        name = kinds[reason.about].name.lower() if reason.about in kinds else reason.about
        return _("%(n)s fois « %(name)s » en deux ans, jamais invité à ceci") % {**about, "name": name}
    if reason.ground == ground.ALIKE:
        return _("%(n)s des %(among)s partenaires de ce secteur et de cette taille le font") % about
    if reason.ground == ground.GIVE:
        return _("lui apporterait plus qu’à nous : cela rééquilibrerait")
    return _("nous apporterait plus qu’à lui : cela rééquilibrerait")
