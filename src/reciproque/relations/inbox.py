"""What this module puts on the home page: partners to meet again, what is to be confirmed, referrals, tasks."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproque.foundation.inbox import COUNTED, SHOWN, Found, Item, Provider, register
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from reciproque.relations import figures, policies
from reciproque.relations.campaigns import results
from reciproque.relations.models import AccessRequest, Reading, Referral

SOON = dt.timedelta(days=30)
S = Reading.State


def offer() -> None:
    """Called when the application is ready."""
    register(Provider("tasks_to_do", gettext_lazy("Tâches"), 5, to_do))
    register(Provider("referrals_to_answer", gettext_lazy("Demandes réorientées vers vous"), 8, to_answer))
    register(Provider("access_to_answer", gettext_lazy("Demandes d’accès"), 9, to_open))
    register(Provider("messages_to_release", gettext_lazy("Messages retenus à libérer"), 9, to_release))
    register(Provider("partners_to_meet", gettext_lazy("Partenaires à revoir"), 10, to_meet))
    register(Provider("exchanges_to_confirm", gettext_lazy("Ont-ils eu lieu ?"), 14, to_confirm))


def to_do(actor: Actor, hidden: frozenset[int]) -> Found:
    """One's own tasks that are due in the week."""
    rows = (
        policies.tasks.allowed(actor, "view")
        .pending()
        .filter(owner=actor.user_id, due_on__lte=localdate() + dt.timedelta(days=7))
    )
    rows = rows.exclude(pk__in=hidden).by_due_date()
    items = [
        Item(
            key=f"tasks_to_do:{row.pk}", title=row.title, url=reverse("relations:tasks"), action=_("Voir"), icon="note", due=row.due_on,
            why=_("Vous l’avez à faire, pour %(partner)s.") % {"partner": row.partner.label} if row.partner else _("Vous l’avez à faire."),
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    return Found(rows.order_by()[:COUNTED].count(), items, reverse("relations:tasks"))


def to_answer(actor: Actor, hidden: frozenset[int]) -> Found:
    """Referrals that wait for one's unit."""
    rows = policies.referrals.allowed(actor, "answer").filter(state=Referral.State.WAITING).exclude(pk__in=hidden)
    rows = rows.filter(Q(to_user=None) | Q(to_user=actor.user_id))
    items = [
        Item(
            key=f"referrals_to_answer:{row.pk}", title=f"{row.partner.label} : {row.subject}", url=reverse("relations:referrals"),
            action=_("Répondre"), icon="agreement", due=row.due_on,
            why=_("%(unit)s vous transmet cette demande et attend une réponse.") % {"unit": row.from_unit.name},
        )
        for row in rows.order_by("-pk")[:SHOWN]
    ]  # fmt: skip
    return Found(rows.order_by()[:COUNTED].count(), items, reverse("relations:referrals"))


def to_meet(actor: Actor, hidden: frozenset[int]) -> Found:
    """The partners one answers for whose relation fades within a month, or has just faded."""
    if not actor.has(Role.MEMBER):
        return Found(0, [])
    today = localdate()
    late = Q(state__in=[S.ALIVE, S.FRAGILE], lapses_on__lte=today + SOON) | Q(state=S.TO_REVIVE, next_on=None)
    rows = figures.mine(actor, "moi", "").filter(late).exclude(partner__in=hidden)
    items = [
        Item(
            key=f"partners_to_meet:{row.partner_id}", title=row.partner.label, url=reverse("directory:partner", args=[row.partner_id]),
            action=_("Ouvrir"), icon=row.partner.kind, due=row.lapses_on if row.lapses_on and row.lapses_on > today else None,
            why=_why(row, today),
        )
        for row in figures.in_order(rows)[:SHOWN]
    ]  # fmt: skip
    return Found(rows.order_by()[:COUNTED].count(), items, reverse("relations:mine"))


def _why(row: Any, today: dt.date) -> str:
    last = date_format(row.last_on, "j F Y") if row.last_on else ""
    if row.lapses_on and row.lapses_on > today:
        return _("Vous êtes référent ; dernière rencontre le %(last)s, %(n)s en douze mois.") % {
            "last": last,
            "n": row.cadence,
        }
    return _("Vous êtes référent ; sous le plancher depuis le %(day)s, dernière rencontre le %(last)s.") % {
        "day": date_format(row.lapses_on, "j F Y"),
        "last": last,
    }


def to_confirm(actor: Actor, hidden: frozenset[int]) -> Found:
    """What one planned for a day that has passed: a word, and it counts."""
    rows = (
        policies.interactions.allowed(actor, "edit")
        .unconfirmed(localdate())
        .filter(author=actor.user_id)
        .exclude(pk__in=hidden)
    )
    items = [
        Item(
            key=f"exchanges_to_confirm:{row.pk}", title=f"{row.partner.label} : {row}", icon=row.kind, action=_("Confirmer"),
            url=reverse("relations:interaction", args=[row.pk]),
            why=_("Prévu le %(day)s : dites s’il a eu lieu, il comptera dans la relation.") % {"day": date_format(row.on, "j F")},
        )
        for row in rows.select_related("partner").order_by("on", "pk")[:SHOWN]
    ]  # fmt: skip
    return Found(rows.order_by()[:COUNTED].count(), items)


def to_open(actor: Actor, hidden: frozenset[int]) -> Found:
    """Colleagues who ask to read what one wrote."""
    rows = policies.access_requests.allowed(actor, "answer").filter(state=AccessRequest.State.WAITING)
    rows = rows.exclude(pk__in=hidden)
    items = [
        Item(
            key=f"access_to_answer:{row.pk}", title=str(row.user), url=reverse("relations:access_requests"), action=_("Répondre"),
            icon="lock-open", why=_("demande à lire « %(what)s », que vous avez réservé.") % {"what": row.interaction or row.collaboration},
        )
        for row in rows.order_by("-pk")[:SHOWN]
    ]  # fmt: skip
    return Found(rows.order_by()[:COUNTED].count(), items, reverse("relations:access_requests"))


def to_release(actor: Actor, hidden: frozenset[int]) -> Found:
    """Messages of campaigns held back, to people of partners one answers for."""
    rows = results.held_for(actor).exclude(pk__in=hidden)
    url = reverse("relations:releases")
    items = [
        Item(
            key=f"messages_to_release:{row.pk}", title=f"{row.person} : {row.campaign.title}", url=url, action=_("Décider"), icon="mail",
            why=_("%(unit)s veut écrire à cette personne d’un partenaire dont vous êtes référent ; le message est retenu.")
            % {"unit": row.campaign.unit},
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    return Found(rows.order_by()[:COUNTED].count(), items, url)
