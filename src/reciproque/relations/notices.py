"""Of what this module tells people: mentions, meetings, tasks and their reminders, referrals, access, partners about to fade.

The words are made when they are read, with the rights of the reader as of then: what they may no longer read is not told.
"""

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproque.directory.models import Partner, PartnerUnit
from reciproque.engines.letters import invite
from reciproque.foundation.dates import date_format
from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role, Unit, User
from reciproque.institution.notices.kinds import Kind, Pace, Told, number, register
from reciproque.institution.services import notify
from reciproque.relations import policies
from reciproque.relations.capture.feeding import entry_of
from reciproque.relations.models import (
    AccessRequest,
    Handover,
    Interaction,
    InteractionColleague,
    Invitation,
    Pulse,
    Referral,
    Task,
)

SOON = dt.timedelta(days=14)
"""How long before a relation fades its referents are told."""
LATE = dt.timedelta(days=7)
"""How long after its day a reminder that no job sent is still worth sending."""
APPOINTMENTS = frozenset(Interaction.Kind) - {Interaction.Kind.NOTE, Interaction.Kind.EMAIL, Interaction.Kind.MESSAGE}
NOTE = "note"
X, R, A = Interaction.State, Referral.State, AccessRequest.State


def offer() -> None:
    """Called when the application is ready."""
    for kind in (*_of_colleagues(), *_of_ones_work()):
        register(kind)


def _of_colleagues() -> tuple[Kind, ...]:
    """What colleagues ask, or answer."""
    return (
        Kind(
            "mention", gettext_lazy("Mentions"),
            gettext_lazy("Un collègue vous nomme dans un échange (@vous)."),
            "message", Pace.AT_ONCE, _mentions,
        ),
        Kind(
            "meeting", gettext_lazy("Rendez-vous"),
            gettext_lazy("Un collègue vous associe à un rendez-vous, le déplace ou l’annule ; l’invitation d’agenda est jointe."),
            "meeting", Pace.AT_ONCE, _meetings,
        ),
        Kind(
            "invitation", gettext_lazy("Réponses à vos invitations"),
            gettext_lazy("Une personne invitée à un rendez-vous accepte, décline ou propose un autre moment."),
            "meeting", Pace.AT_ONCE, _invited,
        ),
        Kind(
            "referral", gettext_lazy("Demandes réorientées vers vous"),
            gettext_lazy("Une autre entité vous transmet une demande et attend une réponse."),
            "agreement", Pace.AT_ONCE, _referrals,
        ),
        Kind(
            "referral_answer", gettext_lazy("Réponses à vos réorientations"),
            gettext_lazy("L’entité à qui vous avez transmis une demande répond."),
            "agreement", Pace.DAILY, _answers,
        ),
        Kind(
            "access", gettext_lazy("Demandes d’accès"),
            gettext_lazy("Un collègue demande à lire ce que vous avez réservé."),
            "lock-open", Pace.AT_ONCE, _asked,
        ),
        Kind(
            "access_answer", gettext_lazy("Réponses à vos demandes d’accès"),
            gettext_lazy("On vous laisse lire ce que vous avez demandé, ou non."),
            "lock-open", Pace.DAILY, _granted,
        ),
    )  # fmt: skip


def _of_ones_work() -> tuple[Kind, ...]:
    """What one has to do, or answers for."""
    return (
        Kind(
            "handover", gettext_lazy("Nouveaux partenaires à suivre"),
            gettext_lazy("On vous nomme référent d’un partenaire."),
            "heart-handshake", Pace.DAILY, _handovers,
        ),
        Kind(
            "task", gettext_lazy("Tâches confiées"),
            gettext_lazy("Un collègue vous confie une tâche."),
            "note", Pace.DAILY, _tasks,
        ),
        Kind(
            "reminder", gettext_lazy("Rappels"),
            gettext_lazy("Le jour du rappel d’une tâche est venu."),
            "alarm", Pace.DAILY, _reminders,
        ),
        Kind(
            "fading", gettext_lazy("Partenaires à revoir"),
            gettext_lazy("La relation avec un partenaire dont vous êtes référent passe sous le plancher dans deux semaines."),
            "visit", Pace.WEEKLY, _fading,
        ),
    )  # fmt: skip


# Facts, told within the operation that makes them


def of_exchange(actor: Actor, row: Interaction, *, told: int | None = None) -> None:
    """An exchange was written or changed: those whom it mentions (but one, `told` of it otherwise), and those whom a meeting brings together."""
    links = InteractionColleague.objects.filter(interaction=row).values_list("user_id", "mentioned")
    users = list(links.exclude(user=actor.user_id))
    notify(actor, "mention", [(user, str(row.pk)) for user, mentioned in users if mentioned and user != told])
    if row.kind in APPOINTMENTS and row.source != Interaction.Source.CALENDAR:
        called_off = row.state == X.CANCELLED and row.on >= localdate()
        if row.state == X.PLANNED or called_off:
            notify(actor, "meeting", [(user, _when(row)) for user, mentioned in users if not mentioned])


def _when(row: Interaction) -> str:
    """A meeting as it stands: moved elsewhere, or to another day, it is another fact."""
    if row.state == X.CANCELLED:
        return f"{row.pk}.x{row.version}"
    hour = f"{row.at:%H%M}" if row.at else ""
    return f"{row.pk}.{row.on:%Y%m%d}{hour}.{zlib.crc32(row.place.encode()):x}"


def of_answer(actor: Actor, row: Invitation) -> None:
    """Somebody invited to a meeting answered: told to whoever wrote it, and to the colleagues who take part."""
    there = InteractionColleague.objects.filter(interaction=row.interaction_id, mentioned=False)
    users = {user for user in (row.interaction.author_id, *there.values_list("user_id", flat=True)) if user}
    at = row.answered_at or now()
    notify(actor, "invitation", [(user, f"{row.pk}.{at:%Y%m%d%H%M%S}") for user in sorted(users)])


def of_task(actor: Actor, row: Task) -> None:
    """A task was given to somebody."""
    notify(actor, "task", [(row.owner_id, str(row.pk))])


def of_referral(actor: Actor, row: Referral) -> None:
    """A request was handed over: to somebody, or to those who work in the unit, or answer for it."""
    users = [row.to_user_id] if row.to_user_id else _at_work(row.to_unit)
    notify(actor, "referral", [(user, str(row.pk)) for user in users])


def _at_work(unit: Unit) -> list[int]:
    """Those who contribute to a unit; when nobody does, those who answer for the nearest one above it that has somebody."""
    held = Membership.objects.filter(user__is_active=True, role__in=[Role.MEMBER, Role.MANAGER])
    found: dict[int, list[int]] = {}
    for where, role, user in held.filter(unit__in=Unit.objects.above(unit)).values_list("unit", "role", "user"):
        if where == unit.pk or role == Role.MANAGER:
            found.setdefault(where, []).append(user)
    nearest = next((pk for pk in map(int, reversed(unit.path.strip("/").split("/"))) if pk in found), None)
    return sorted(set(found[nearest])) if nearest else []


def of_outcome(actor: Actor, row: Referral) -> None:
    """A request that was handed over was taken up, answered or declined."""
    if row.author_id:
        notify(actor, "referral_answer", [(row.author_id, f"{row.pk}.{row.state}")])


def of_access(actor: Actor, row: AccessRequest) -> None:
    """Access was asked for, or an answer given."""
    if row.state == A.WAITING:
        notify(actor, "access", [(row.asked_of_id, str(row.pk))])
    else:
        notify(actor, "access_answer", [(row.user_id, str(row.pk))])


def of_handovers(rows: Sequence[Handover], *, by: int) -> None:
    """Somebody answers for a partner from now on."""
    facts = [(row.now_id, f"{row.pk}.{row.now_id}") for row in rows if row.now_id != by]
    notify(Actor.system("relations.handovers"), "handover", facts)


def of_note(actor: Actor, row: Handover) -> None:
    """Whoever was a partner's referent left a note on it."""
    notify(actor, "handover", [(row.now_id, f"{row.pk}.{row.now_id}.{NOTE}")])


def of_the_day(actor: Actor, *, today: dt.date) -> int:
    """Reminders whose day has come, and relations about to fade; returns how many. Safe to repeat."""
    due = Task.objects.pending().filter(remind_on__lte=today, remind_on__gt=today - LATE).order_by("pk")
    reminders = [(owner, f"{pk}.{day:%Y%m%d}") for pk, owner, day in due.values_list("pk", "owner_id", "remind_on")]
    return notify(actor, "reminder", reminders) + notify(actor, "fading", _about_to_fade(today))


def _about_to_fade(today: dt.date) -> list[tuple[int, str]]:
    pulses = Pulse.objects.filter(lapses_on__gt=today, lapses_on__lte=today + SOON).order_by()
    fading = dict(pulses.values_list("partner_id", "lapses_on"))
    ours = Partner.objects.filter(pk__in=pulses.values("partner"), merged_into=None, archived_at=None)
    found = list(ours.filter(referent__isnull=False).values_list("referent_id", "pk"))
    ties = PartnerUnit.objects.filter(partner__in=ours.order_by().values("pk"), referent__isnull=False)
    found += list(ties.values_list("referent_id", "partner_id"))
    return [(user, f"{partner}.{fading[partner]:%Y%m%d}") for user, partner in found if user]


# Their words


def _by_number(facts: Sequence[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for fact in facts:
        found.setdefault(number(fact), []).append(fact)
    return found


def _mentions(actor: Actor, facts: Sequence[str]) -> Mapping[str, Told]:
    rows = policies.interactions.allowed(actor, "view").standing().filter(pk__in=map(number, facts))
    return {
        str(row.pk): Told(
            _("%(who)s vous mentionne : %(what)s") % {"who": row.author or row.unit, "what": row},
            reverse("relations:interaction", args=[row.pk]), row.partner.label,
        )
        for row in rows.select_related("partner")
    }  # fmt: skip


def _meetings(actor: Actor, facts: Sequence[str]) -> Mapping[str, Told]:
    """Of a meeting moved three times, only where it stands now is told."""
    rows = policies.interactions.allowed(actor, "view").filter(pk__in=map(number, facts)).select_related("partner")
    there: dict[int, list[User]] = {}
    for link in InteractionColleague.objects.filter(interaction__in=rows, mentioned=False).select_related("user"):
        there.setdefault(link.interaction_id, []).append(link.user)
    found = {}
    for row in rows:
        if _when(row) not in facts or row.state == X.DONE:
            continue
        off = row.state == X.CANCELLED
        day = date_format(row.on, "l j F") + (f", {row.at:%H:%M}" if row.at else "")
        words = _("Rendez-vous annulé : %(partner)s, %(day)s") if off else _("Rendez-vous avec %(partner)s, %(day)s")
        method: Any = "CANCEL" if off else "REQUEST"
        detail = " · ".join(part for part in (str(row), row.place) if part)
        found[_when(row)] = Told(
            words % {"partner": row.partner.label, "day": day}, reverse("relations:interaction", args=[row.pk]), detail,
            invite(entry_of(row, there.get(row.pk, [])), method), method,
        )  # fmt: skip
    return found


def _invited(actor: Actor, facts: Sequence[str]) -> Mapping[str, Told]:
    """Of somebody who answered twice, only the last answer is told."""
    rows = (
        policies.invitations.allowed(actor, "view")
        .filter(pk__in=map(number, facts))
        .exclude(answer=Invitation.Answer.NONE)
    )
    return {
        f"{row.pk}.{row.answered_at:%Y%m%d%H%M%S}": Told(
            _("%(who)s %(answer)s : %(what)s, %(day)s")
            % {
                "who": row.person, "answer": row.get_answer_display(), "what": row.interaction,
                "day": date_format(row.interaction.on, "l j F"),
            },
            reverse("relations:interaction", args=[row.interaction_id]),
            " · ".join(part for part in (row.interaction.partner.label, row.words) if part),
        )
        for row in rows.select_related("person", "interaction__partner")
    }  # fmt: skip


def _referrals(actor: Actor, facts: Sequence[str]) -> Mapping[str, Told]:
    rows = policies.referrals.allowed(actor, "answer").filter(pk__in=map(number, facts), state=R.WAITING)
    return {
        str(row.pk): Told(
            _("%(unit)s vous transmet : %(what)s") % {"unit": row.from_unit, "what": row.subject},
            reverse("relations:referrals"), row.partner.label,
        )
        for row in rows
    }  # fmt: skip


def _answers(actor: Actor, facts: Sequence[str]) -> Mapping[str, Told]:
    rows = policies.referrals.allowed(actor, "view").filter(pk__in=map(number, facts))
    return {
        f"{row.pk}.{row.state}": Told(
            _("%(unit)s : demande %(state)s – %(what)s")
            % {"unit": row.to_unit, "state": row.get_state_display(), "what": row.subject},
            reverse("relations:referrals"), " · ".join(part for part in (row.partner.label, row.reason) if part),
        )
        for row in rows
    }  # fmt: skip


def _asked(actor: Actor, facts: Sequence[str]) -> Mapping[str, Told]:
    rows = policies.access_requests.allowed(actor, "answer").filter(pk__in=map(number, facts), state=A.WAITING)
    return {
        str(row.pk): Told(
            _("%(who)s demande à lire « %(what)s »") % {"who": row.user, "what": row.record},
            reverse("relations:access_requests"), " · ".join(part for part in (row.record.partner.label, row.text) if part),
        )
        for row in rows.select_related("interaction__partner", "collaboration__partner")
    }  # fmt: skip


def _granted(actor: Actor, facts: Sequence[str]) -> Mapping[str, Told]:
    """Whoever was refused learns nothing of what they may not read."""
    rows = policies.access_requests.allowed(actor, "view").filter(pk__in=map(number, facts), user=actor.user_id)
    rows = rows.exclude(state=A.WAITING).select_related("interaction__partner", "collaboration__partner")
    found = {}
    for row in rows:
        record = row.record
        if row.state == A.GRANTED:
            words, kind = (
                _("%(who)s vous laisse lire « %(what)s »"),
                "interaction" if row.interaction else "collaboration",
            )
            said = words % {"who": row.asked_of, "what": record}
            found[str(row.pk)] = Told(said, reverse(f"relations:{kind}", args=[record.pk]), record.partner.label)
        else:
            said = _("%(who)s n’a pas donné suite à votre demande d’accès") % {"who": row.asked_of}
            found[str(row.pk)] = Told(said, reverse("relations:access_requests"))
    return found


def _handovers(actor: Actor, facts: Sequence[str]) -> Mapping[str, Told]:
    """Of a partner and the note that came with it, told in one message, the note alone is told: it says both."""
    rows = policies.handovers.allowed(actor, "view").filter(pk__in=map(number, facts), now=actor.user_id)
    found = {}
    for row in rows:
        fact = f"{row.pk}.{row.now_id}"
        said = _("%(partner)s : vous en voilà référent") % {"partner": row.partner.label}
        noted = f"{fact}.{NOTE}"
        if noted in facts and row.interaction_id:
            left = _("%(who)s vous a laissé une note.") % {"who": row.was}
            found[noted] = Told(said, reverse("relations:interaction", args=[row.interaction_id]), left)
        else:
            before = _("Avant vous : %(who)s") % {"who": row.was} if row.was else ""
            found[fact] = Told(said, reverse("directory:partner", args=[row.partner_id]), before)
    return found


def _tasks(actor: Actor, facts: Sequence[str]) -> Mapping[str, Told]:
    rows = policies.tasks.allowed(actor, "view").pending().filter(pk__in=map(number, facts), owner=actor.user_id)
    return {
        str(row.pk): Told(
            _("%(who)s vous confie : %(what)s") % {"who": row.author or row.unit, "what": row.title},
            reverse("relations:tasks"), _due(row),
        )
        for row in rows
    }  # fmt: skip


def _due(row: Task) -> str:
    day = _("pour le %(day)s") % {"day": date_format(row.due_on, "j F Y")}
    return f"{row.partner.label} · {day}" if row.partner else day


def _reminders(actor: Actor, facts: Sequence[str]) -> Mapping[str, Told]:
    days = _by_number(facts)
    rows = policies.tasks.allowed(actor, "view").pending().filter(pk__in=days, owner=actor.user_id)
    return {
        fact: Told(_("Rappel : %(what)s") % {"what": row.title}, reverse("relations:tasks"), _due(row))
        for row in rows
        for fact in days[row.pk]
        if row.remind_on and fact == f"{row.pk}.{row.remind_on:%Y%m%d}"
    }


def _fading(actor: Actor, facts: Sequence[str]) -> Mapping[str, Told]:
    partners = _by_number(facts)
    mine = Q(partner__referent=actor.user_id)
    mine |= Q(partner__in=PartnerUnit.objects.filter(referent=actor.user_id).order_by().values("partner"))
    rows = policies.pulses.allowed(actor, "view").filter(mine, partner__in=partners).select_related("partner")
    return {
        fact: Told(
            _("%(partner)s : à revoir avant le %(day)s") % {"partner": row.partner.label, "day": date_format(row.lapses_on, "j F")},
            reverse("directory:partner", args=[row.partner_id]), _("Vous en êtes référent."),
        )
        for row in rows
        for fact in partners[row.partner_id]
        if row.lapses_on and fact == f"{row.partner_id}.{row.lapses_on:%Y%m%d}"
    }  # fmt: skip
