"""What this module shows on the page of a partner: the heart (thread and pulse), the timeline, what is done together, what to do next."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Partner, Person
from reciproque.engines import reciprocity as engine
from reciproque.foundation.panels import PARTNER_PANELS, PEOPLE_DEEDS, PERSON_PANELS, Panel, Way
from reciproque.institution.access import Actor
from reciproque.institution.reads import units
from reciproque.relations import picturing, policies, proposing, pulses, timeline
from reciproque.relations.concertation import knowing
from reciproque.relations.forms import ShortComposer
from reciproque.relations.models import Reading, Unsubscription
from reciproque.relations.pulses import MomentRow

SHOWN = 40


def _live(partner: Any, today: dt.date) -> tuple[engine.Pulse, list[MomentRow], engine.Targets]:
    """The pulse, its moments and what it aims at, read once for the page."""
    if getattr(partner, "live_pulse", None) is None:
        targets = pulses.targets_of([partner.pk])[partner.pk]
        partner.live_pulse = (*pulses.live(partner.pk, today=today, targets=targets), targets)
    found: tuple[engine.Pulse, list[MomentRow], engine.Targets] = partner.live_pulse
    return found


def heart(actor: Actor, partner: Partner) -> Mapping[str, Any]:
    """The pulse as it stands, the thread, who carries the tie, what to propose."""
    today = localdate()
    pulse, moments, targets = _live(partner, today)
    near = picturing.seen(moments, today=today)
    beat = pulse.cadence
    return {
        "pulse": pulse,
        "state_label": Reading.State(beat.state.value).label,
        "tone": picturing.TONES[beat.state],
        "cadence": picturing.cadence_words(pulse, targets),
        "act": picturing.act_words(beat.state, beat.lapses_on, beat.next_on, today),
        "late": picturing.overdue(beat.state, beat.lapses_on, today),
        "thread": picturing.thread_of(actor, partner, pulse, near, today=today) if moments else None,
        "writes": policies.interactions_may_start(actor),
    }


def reciprocity(actor: Actor, partner: Partner) -> Mapping[str, Any]:
    """The balance in words and bars, who carries the tie, proposals."""
    today = localdate()
    pulse, moments, _targets = _live(partner, today)
    may = policies.interactions_may_start(actor)
    return {
        "pulse": pulse,
        "lean": picturing.LEANS[pulse.balance.lean],
        "bars": picturing.bars(pulse.balance.given, pulse.balance.received),
        "fragilities": [picturing.FRAGILITIES[one] for one in pulse.fragilities],
        "carriers": picturing.carriers(actor, moments, today=today),
        "proposals": proposing.proposals_for(actor, partner, pulse, moments, today=today) if may else [],
        "writes": may,
    }


def story(actor: Actor, partner: Partner) -> Mapping[str, Any]:
    """The first page of the timeline, with its composer."""
    today = localdate()
    may = policies.interactions_may_start(actor)
    composer = ShortComposer(actor=actor, partner=partner) if may else None
    return {
        "composer_people": bool(composer and composer.there),
        "story": timeline.page_of(actor, partner, timeline.Filters(), today=today),
        "today": today,
        "filters": timeline.Filters(),
        "kinds": timeline.kinds(),
        "units": [unit for unit in units(actor).values() if unit.closed_on is None],
        "composer": composer,
    }


def together(actor: Actor, partner: Partner) -> Mapping[str, Any]:
    """Collaborations, needs, tasks and referrals with this partner."""
    found = policies.collaborations.marked(actor, "notice", readable="view").filter(partner=partner)
    joint = list(found.order_by("-moved_on", "-pk")[:SHOWN])
    needs = list(policies.needs.marked(actor, "view", editable="edit").filter(partner=partner).order_by("-pk")[:SHOWN])
    for row in needs:
        row.answer = next((one for one in joint if one.pk == row.collaboration_id and one.readable), None)
    return {
        "collaborations": joint,
        "needs": needs,
        "tasks": policies.tasks.allowed(actor, "view").pending().by_due_date().filter(partner=partner)[:SHOWN],
        "referrals": policies.referrals.allowed(actor, "view").filter(partner=partner).order_by("-pk")[:SHOWN],
        "writes": policies.interactions_may_start(actor),
        "today": localdate(),
    }


def voice(actor: Actor, partner: Partner) -> Mapping[str, Any]:
    """What to know before contacting it."""
    return {
        "before": knowing.before(actor, partner, today=localdate()),
        "writes": policies.interactions_may_start(actor),
    }


def silence(_actor: Actor, person: Person) -> Mapping[str, Any] | None:
    """Since when somebody wants no more campaigns; nothing to say of the others."""
    since = Unsubscription.objects.filter(person=person).values_list("at", flat=True).first()
    return {"since": since} if since else None


def offer() -> None:
    """Called when the application is ready."""
    PEOPLE_DEEDS.append(Way(_("Écrire à ces personnes"), "relations:campaign_from_list", "mail"))
    about_campaigns = "relations/concertation/unsubscribed.html"
    PERSON_PANELS.append(Panel("desinscription", _("Campagnes"), "aside", -10, about_campaigns, silence))
    PARTNER_PANELS.extend(
        [
            Panel("pouls", _("Pouls de la relation"), "top", 0, "relations/heart.html", heart),
            Panel("chronologie", _("Chronologie"), "main", -20, "relations/story.html", story),
            Panel("ensemble", _("Collaborations"), "main", -10, "relations/together.html", together),
            Panel("voix", _("Avant de contacter"), "aside", -20, "relations/concertation/panel.html", voice),
            Panel("reciprocite", _("Réciprocité"), "aside", -10, "relations/reciprocity.html", reciprocity),
        ]
    )
