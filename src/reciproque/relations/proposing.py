"""What to propose next to a partner: the facts that the engine needs, and its reasons in words."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproque.directory.models import Partner
from reciproque.engines import reciprocity as engine
from reciproque.institution.access import Actor
from reciproque.relations import policies
from reciproque.relations.counting import profiles_of
from reciproque.relations.models import Collaboration, Dispositif, Moment, Need, Practice, ProposalAnswer

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
    actor: Actor, partner: Partner, pulse: engine.Pulse, moments: Sequence[Moment], *, today: dt.date
) -> list[Shown]:
    """Up to three, each with its reasons. Six queries."""
    catalogue = {one.code: one for one in Dispositif.objects.current().in_order()}
    done = Counter(
        one.kind
        for one in moments
        if one.collaboration_id and not one.ending and one.held and engine.remembered(one.on, today)
    )
    situation = engine.Situation(
        lean=pulse.balance.lean, done=done, closed=_closed(partner, today), needs=_needs(actor, partner),
        occasions=_occasions(actor, partner, today),
    )  # fmt: skip
    candidates = [engine.Candidate(one.code, one.given_points, one.received_points) for one in catalogue.values()]
    found = engine.propose(situation, candidates, _practices(partner), today=today)
    return [Shown(catalogue[one.dispositif], [_words(why, catalogue) for why in one.reasons]) for one in found]


def _closed(partner: Partner, today: dt.date) -> set[str]:
    """Under way or refused lately, « not for them », « not now »."""
    open_ones = Collaboration.objects.filter(partner=partner, state__in=Collaboration.OPEN).exclude(
        sharing="restricted"
    )
    refused = Collaboration.objects.filter(
        partner=partner, state="declined", moved_on__gt=today - dt.timedelta(days=365)
    )
    answered = ProposalAnswer.objects.filter(partner=partner).exclude(verdict="later", until__lte=today)
    codes = [
        rows.order_by().values_list("dispositif__code", flat=True)
        for rows in (open_ones, refused.exclude(sharing="restricted"), answered)
    ]
    return set(codes[0].union(codes[1], codes[2]))


def _needs(actor: Actor, partner: Partner) -> list[engine.Need]:
    rows = policies.needs.allowed(actor, "view").open().filter(partner=partner).order_by("-pk")[:10]
    return [engine.Need(row.title, ANSWERS.get(row.kind, frozenset())) for row in rows]


def _occasions(actor: Actor, partner: Partner, today: dt.date) -> list[engine.Occasion]:
    """What units plan with others in the next months, and to which this partner could come."""
    ahead = policies.collaborations.allowed(actor, "view").filter(
        dispositif__code__in=GATHERINGS,
        state="agreed",
        starts_on__gt=today,
        starts_on__lte=today + SOON,
        sharing="network",
    )
    rows = (
        ahead.exclude(partner=partner).order_by("starts_on").values("dispositif__code", "dispositif__name", "unit__short_name", "starts_on")
        .annotate(partners=Count("partner", distinct=True))[:20]
    )  # fmt: skip
    return [
        engine.Occasion(
            row["dispositif__code"],
            f"{row['dispositif__name']} ({row['unit__short_name']})",
            row["starts_on"],
            row["partners"],
        )
        for row in rows
    ]


def _practices(partner: Partner) -> dict[str, engine.Practice]:
    """What the closest profile of which enough partners are known does, against all."""
    wanted = ["*", *profiles_of(partner.kind, partner.naf, partner.size_category)]
    rows = Practice.objects.filter(profile__in=wanted).values_list("profile", "dispositif__code", "partners")
    counts: dict[str, dict[str | None, int]] = {}
    for profile, code, partners in rows:
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


def _words(reason: engine.Reason, catalogue: Mapping[str, Dispositif]) -> str:
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
        name = catalogue[reason.about].name.lower() if reason.about in catalogue else reason.about
        return _("%(n)s fois « %(name)s » en deux ans, jamais invité à ceci") % {**about, "name": name}
    if reason.ground == ground.ALIKE:
        return _("%(n)s des %(among)s partenaires de ce secteur et de cette taille le font") % about
    if reason.ground == ground.GIVE:
        return _("lui apporterait plus qu’à nous : cela rééquilibrerait")
    return _("nous apporterait plus qu’à lui : cela rééquilibrerait")
