"""What somebody was told, the latest first, in words that hold for them today."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reciproque.institution.access import Actor
from reciproque.institution.models import Notice, NoticeChoice
from reciproque.institution.notices.kinds import KINDS, Kind, Told

SIZE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as it is read."""

    pk: int
    kind: Kind
    told: Told
    at: dt.datetime
    seen: bool


def worded(actor: Actor, rows: Iterable[Notice]) -> list[Line]:
    """The notices with their words; those about what the actor may no longer read, or what is gone, are left out."""
    held: Sequence[Notice] = list(rows)
    words = {
        key: kind.tell(actor, facts)
        for key, kind in KINDS.items()
        if (facts := [row.fact for row in held if row.kind == key])
    }
    return [
        Line(row.pk, KINDS[row.kind], words[row.kind][row.fact], row.created_at, row.seen_at is not None)
        for row in held
        if row.fact in words.get(row.kind, {})
    ]


def page(actor: Actor, before: int) -> tuple[list[Line], int]:
    """Some of what the actor was told, before a place (0: from the latest), and the place to go on from (0 at the end)."""
    rows = Notice.objects.filter(user_id=actor.user_id or 0).order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: SIZE + 1])
    return worded(actor, found[:SIZE]), found[SIZE - 1].pk if len(found) > SIZE else 0


def paces(user_id: int) -> dict[str, Any]:
    """What somebody chose for each kind."""
    chosen = dict(NoticeChoice.objects.filter(user=user_id).values_list("kind", "pace"))
    return {key: chosen.get(key, kind.pace) for key, kind in KINDS.items()}
