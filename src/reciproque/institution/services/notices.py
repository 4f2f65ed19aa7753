"""Telling people of facts, what they choose to hear by mail, and what they have seen."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils.timezone import now
from django.utils.translation import gettext as _

from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.foundation.jobs import defer
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Notice, NoticeChoice, NoticeMail
from reciproque.institution.notices.kinds import KINDS, Pace

BATCH = 2000
KEPT_FOR = dt.timedelta(days=365)


def notify(actor: Actor, kind: str, facts: Iterable[tuple[int, str]]) -> int:
    """Tell people of facts (person, fact) within the operation that makes them; whoever did it is not told, nobody twice.

    Returns how many were offered. Two queries at most, none when there is nobody to tell.
    """
    usual = KINDS[kind].pace
    rows = [Notice(user_id=user, kind=kind, fact=fact) for user, fact in sorted(set(facts)) if user != actor.user_id]
    if not rows:
        return 0
    Notice.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    people = {row.user_id for row in rows}
    soon = usual == Pace.AT_ONCE or NoticeChoice.objects.filter(user__in=people, kind=kind, pace=Pace.AT_ONCE).exists()
    if soon:
        defer("institution.send_notices", queueing_lock="notices")
    return len(rows)


@operation("institution.choose_paces")
def choose_paces(*, actor: Actor, paces: Mapping[str, str]) -> None:
    """Say how soon one wants to hear by mail of each kind of fact. Raises DomainError for a kind or a pace that does not exist."""
    if actor.user_id is None:
        raise Forbidden(_("Chacun choisit ses propres notifications."))
    for kind, pace in paces.items():
        if kind not in KINDS or pace not in Pace.values:
            raise DomainError(_("Ce choix n’existe pas."))
        NoticeChoice.objects.update_or_create(user_id=actor.user_id, kind=kind, defaults={"pace": pace})


@operation("institution.see_notices")
def see_notices(*, actor: Actor, up_to: int | None = None) -> int:
    """Say that one has seen what one was told, up to a place; returns how many were new."""
    rows = Notice.objects.filter(user_id=actor.user_id or 0, seen_at=None)
    return (rows.filter(pk__lte=up_to) if up_to else rows).update(seen_at=now())


@operation("institution.forget_notices")
def forget_notices(*, actor: Actor) -> int:
    """Delete what people were told more than a year ago; returns how many notices. For the system."""
    if not actor.is_system:
        raise Forbidden(_("Vous n’avez pas ce droit."))
    limit = now() - KEPT_FOR
    gone, _by_model = Notice.objects.filter(created_at__lt=limit).delete()
    NoticeMail.objects.filter(created_at__lt=limit).delete()
    return gone
