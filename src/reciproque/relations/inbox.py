"""What this module puts on the home page: partners to meet again, what is to be confirmed, referrals, tasks."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reciproque.foundation.database.kept import kept, ready
from reciproque.foundation.dates import date_format
from reciproque.foundation.inbox import Found, Item, Provider, found, register
from reciproque.foundation.ui.markup import path_to
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from reciproque.relations import figures, policies
from reciproque.relations.campaigns import results
from reciproque.relations.models import (
    AccessRequest,
    CampaignRecipient,
    Handover,
    Interaction,
    Pulse,
    Reading,
    Referral,
    Task,
)

SOON = dt.timedelta(days=30)
FRESH = dt.timedelta(days=45)
"""How long a partner handed over stays among the things to do."""
S = Reading.State


def offer() -> None:
    """Called when the application is ready."""
    register(Provider("tasks_to_do", gettext_lazy("Tâches"), 5, to_do))
    register(Provider("referrals_to_answer", gettext_lazy("Demandes réorientées vers vous"), 8, to_answer))
    register(Provider("access_to_answer", gettext_lazy("Demandes d’accès"), 9, to_open))
    register(Provider("messages_to_release", gettext_lazy("Messages retenus à libérer"), 9, to_release))
    register(Provider("handovers", gettext_lazy("Passations"), 7, to_hand_over))
    register(Provider("partners_to_meet", gettext_lazy("Partenaires à revoir"), 10, to_meet))
    lapsing = gettext_lazy("Sans rencontre d’ici là, ces relations de l’établissement passent sous le plancher.")
    silent = gettext_lazy("Un besoin ouvert, ou beaucoup fait naguère, et aucune rencontre depuis un an.")
    alone = gettext_lazy("Un seul interlocuteur chez eux : s’il part, le lien part.")
    register(Provider("relations_lapsing", gettext_lazy("S’éteignent ce mois-ci"), 3, lapse, lapsing))
    register(Provider("promising_silent", gettext_lazy("Silencieux prometteurs"), 4, wake, silent))
    register(Provider("held_by_one", gettext_lazy("Tenus par une seule personne chez eux"), 5, strengthen, alone))
    register(Provider("exchanges_to_confirm", gettext_lazy("Ont-ils eu lieu ?"), 14, to_confirm))


@ready
def _tasks(actor: Actor, most: int, *, hidden: frozenset[int], owner: int, until: dt.date) -> QuerySet[Task]:
    rows: QuerySet[Task] = policies.tasks.allowed(actor, "view").pending().filter(owner=owner, due_on__lte=until)
    return rows.exclude(pk__among=hidden).order_by("due_on", "pk")[:most]


def to_do(actor: Actor, hidden: frozenset[int]) -> Found:
    """One's own tasks that are due in the week."""
    url = reverse("relations:tasks")

    def draw(row: Task) -> Item:
        why = _("Vous l’avez à faire, pour %(partner)s.") % {"partner": row.partner.label} if row.partner else ""
        return Item(
            key=f"tasks_to_do:{row.pk}", title=row.title, url=url, action=_("Voir"), icon="note", due=row.due_on,
            why=why or _("Vous l’avez à faire."),
        )  # fmt: skip

    until = localdate() + dt.timedelta(days=7)
    return found(_tasks, draw, actor, url=url, hidden=hidden, owner=actor.user_id or 0, until=until)


@ready
def _referrals(actor: Actor, most: int, *, hidden: frozenset[int], me: int) -> QuerySet[Referral]:
    rows: QuerySet[Referral] = policies.referrals.allowed(actor, "answer").filter(state=Referral.State.WAITING)
    return rows.exclude(pk__among=hidden).filter(Q(to_user=None) | Q(to_user=me)).order_by("-pk")[:most]


def to_answer(actor: Actor, hidden: frozenset[int]) -> Found:
    """Referrals that wait for one's unit."""
    url = reverse("relations:referrals")

    def draw(row: Referral) -> Item:
        return Item(
            key=f"referrals_to_answer:{row.pk}", title=f"{row.partner.label} : {row.subject}", url=url,
            action=_("Répondre"), icon="agreement", due=row.due_on,
            why=_("%(unit)s vous transmet cette demande et attend une réponse.") % {"unit": row.from_unit.name},
        )  # fmt: skip

    return found(_referrals, draw, actor, url=url, hidden=hidden, me=actor.user_id or 0)


@kept
def _fading(actor: Actor, most: int, *, hidden: frozenset[int], me: int, soon: dt.date) -> QuerySet[Pulse]:
    late = Q(state__in=[S.ALIVE, S.FRAGILE], lapses_on__lte=soon) | Q(state=S.TO_REVIVE, next_on=None)
    return figures.in_order(figures.answered(actor, me).filter(late).exclude(partner__among=hidden))[:most]


def to_meet(actor: Actor, hidden: frozenset[int]) -> Found:
    """The partners one answers for whose relation fades within a month, or has just faded."""
    if not actor.has(Role.MEMBER):
        return Found(0, [])
    today, url = localdate(), reverse("relations:mine")

    def draw(row: Pulse) -> Item:
        return Item(
            key=f"partners_to_meet:{row.partner_id}", title=row.partner.label, url=path_to("directory:partner", row.partner_id),
            action=_("Ouvrir"), icon=row.partner.kind, due=row.lapses_on if row.lapses_on and row.lapses_on > today else None,
            why=_why(row, today),
        )  # fmt: skip

    return found(_fading, draw, actor, url=url, hidden=hidden, me=actor.user_id or 0, soon=today + SOON)


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


@ready
def _told(actor: Actor, most: int, figure: str, *, hidden: frozenset[int], today: dt.date) -> QuerySet[Any]:
    rows = figures.rows_of(actor, None, figure, today=today).exclude(partner__among=hidden)
    return figures.in_order(rows)[:most]


def lapse(actor: Actor, hidden: frozenset[int]) -> Found:
    """For those who steer: the establishment's relations that fade within the month."""
    return _steered(actor, "relations_lapsing", "lapsing", hidden)


def wake(actor: Actor, hidden: frozenset[int]) -> Found:
    """For those who steer: partners that need something, or did much, and that nobody sees any more."""
    return _steered(actor, "promising_silent", "promising", hidden)


def strengthen(actor: Actor, hidden: frozenset[int]) -> Found:
    """For those who steer: living relations that one person holds on the partner's side."""
    return _steered(actor, "held_by_one", "one_outside", hidden)


def _steered(actor: Actor, key: str, figure: str, hidden: frozenset[int]) -> Found:
    """The figure of the establishment's board, its first partners, and the list that it opens."""
    if not actor.has(Role.STEERING):
        return Found(0, [])
    today = localdate()

    def draw(row: Pulse) -> Item:
        ahead = row.lapses_on if row.lapses_on and row.lapses_on > today else None
        return Item(
            key=f"{key}:{row.partner_id}", title=row.partner.label, url=path_to("directory:partner", row.partner_id),
            action=_("Ouvrir"), icon=row.partner.kind, due=ahead, why=_how(row),
        )  # fmt: skip

    url = f"{reverse('relations:figures')}?chiffre={figure}"
    return found(_told, draw, actor, figure, url=url, hidden=hidden, today=today)


def _how(row: Pulse) -> str:
    if not row.last_on:
        return _("Aucune rencontre connue.")
    last = {"last": date_format(row.last_on, "j F Y"), "n": row.cadence}
    if not row.cadence:
        return _("Dernière rencontre le %(last)s, aucune en douze mois.") % last
    return ngettext(
        "Dernière rencontre le %(last)s, une seule en douze mois.", "Dernière rencontre le %(last)s, %(n)s en douze mois.", row.cadence
    ) % last  # fmt: skip


@kept
def _unconfirmed(actor: Actor, most: int, *, hidden: frozenset[int], me: int, today: dt.date) -> QuerySet[Interaction]:
    rows: Any = policies.interactions.allowed(actor, "edit")
    mine: QuerySet[Interaction] = rows.unconfirmed(today).filter(author=me).exclude(pk__among=hidden)
    return mine.select_related("partner").order_by("on", "pk")[:most]


def to_confirm(actor: Actor, hidden: frozenset[int]) -> Found:
    """What one planned for a day that has passed: a word, and it counts."""

    def draw(row: Interaction) -> Item:
        return Item(
            key=f"exchanges_to_confirm:{row.pk}", title=f"{row.partner.label} : {row}", icon=row.kind, action=_("Confirmer"),
            url=path_to("relations:interaction", row.pk),
            why=_("Prévu le %(day)s : dites s’il a eu lieu, il comptera dans la relation.") % {"day": date_format(row.on, "j F")},
        )  # fmt: skip

    return found(_unconfirmed, draw, actor, hidden=hidden, me=actor.user_id or 0, today=localdate())


@ready
def _asked(actor: Actor, most: int, *, hidden: frozenset[int]) -> QuerySet[AccessRequest]:
    rows: QuerySet[AccessRequest] = policies.access_requests.allowed(actor, "answer")
    rows = rows.select_related("interaction__partner", "collaboration__partner")
    return rows.filter(state=AccessRequest.State.WAITING).exclude(pk__among=hidden).order_by("-pk")[:most]


def to_open(actor: Actor, hidden: frozenset[int]) -> Found:
    """Colleagues who ask to read what one wrote."""
    url = reverse("relations:access_requests")

    def draw(row: AccessRequest) -> Item:
        return Item(
            key=f"access_to_answer:{row.pk}", title=str(row.user), url=url, action=_("Répondre"), icon="lock-open",
            why=_("demande à lire « %(what)s » (%(partner)s), que vous avez réservé.")
            % {"what": row.record, "partner": row.record.partner.label},
        )  # fmt: skip

    return found(_asked, draw, actor, url=url, hidden=hidden)


@ready
def _held(actor: Actor, most: int, *, hidden: frozenset[int], since: dt.datetime) -> QuerySet[CampaignRecipient]:
    return results.held_for(actor, since).exclude(pk__among=hidden)[:most]


def to_release(actor: Actor, hidden: frozenset[int]) -> Found:
    """Messages of campaigns held back, to people of partners one answers for."""
    url = reverse("relations:releases")

    def draw(row: CampaignRecipient) -> Item:
        return Item(
            key=f"messages_to_release:{row.pk}", title=f"{row.person} : {row.campaign.title}", url=url, action=_("Décider"), icon="mail",
            why=_("%(unit)s veut écrire à cette personne d’un partenaire dont vous êtes référent ; le message est retenu.")
            % {"unit": row.campaign.unit},
        )  # fmt: skip

    return found(_held, draw, actor, url=url, hidden=hidden, since=now() - results.STILL)


@ready
def _handovers(actor: Actor, most: int, *, hidden: frozenset[int], me: int, since: dt.datetime) -> QuerySet[Handover]:
    given = Q(was=me, state=Handover.State.WAITING) | Q(now=me)
    rows: QuerySet[Handover] = policies.handovers.allowed(actor, "view").filter(given, at__gt=since)
    return rows.exclude(pk__among=hidden).order_by("-pk")[:most]


def to_hand_over(actor: Actor, hidden: frozenset[int]) -> Found:
    """Partners that one hands over, and owes a note on; partners that one was just given."""

    def draw(row: Handover) -> Item:
        return _handed(actor, row)

    return found(_handovers, draw, actor, url="", hidden=hidden, me=actor.user_id or 0, since=now() - FRESH)


def _handed(actor: Actor, row: Handover) -> Item:
    key, title, icon = f"handovers:{row.pk}", row.partner.label, row.partner.kind
    if row.now_id != actor.user_id:
        why = _("%(who)s prend votre suite : laissez-lui l’essentiel en quelques lignes.") % {"who": row.now}
        return Item(key, title, why, reverse("relations:handover", args=[row.pk]), _("Écrire la note"), icon)
    if row.interaction_id:
        why = _("Vous en êtes référent ; %(who)s vous a laissé une note.") % {"who": row.was}
        url = reverse("relations:interaction", args=[row.interaction_id])
        return Item(key, title, why, url, _("Lire la note"), icon)
    before = _("Vous en êtes référent ; avant vous : %(who)s.") % {"who": row.was} if row.was else ""
    why = before or _("Vous en êtes référent.")
    return Item(key, title, why, reverse("directory:partner", args=[row.partner_id]), _("Ouvrir"), icon)
