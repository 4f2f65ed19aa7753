"""What the home page shows."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from reciproque.directory import policies
from reciproque.directory.models import Partner, Person
from reciproque.foundation.database.kept import ready
from reciproque.foundation.history import event_model
from reciproque.foundation.inbox import COUNTED, PROVIDERS, Item, parts
from reciproque.institution.access import Actor
from reciproque.workspace.models import InboxState

LOOKED_AT = 5000
RECENT = 8
MOST = 10
"""Things to do that the home page shows, when that is enough for one of each kind."""

RECENT_SQL = """
SELECT pgh_obj_id, max(pgh_created_at) FROM (
  SELECT pgh_obj_id, pgh_context_id, pgh_created_at FROM {table} ORDER BY pgh_id DESC LIMIT %s
) latest JOIN pghistory_context context ON context.id = latest.pgh_context_id
WHERE context.metadata ->> 'user' = %s
GROUP BY pgh_obj_id ORDER BY 2 DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Pile:
    """One kind of things to do: its name, how many (`more` when not all are counted), the first ones, where all are, and why."""

    key: str
    label: Any
    count: int
    more: bool
    items: list[Item]
    url: str
    reason: Any = ""


@ready
def _put_off(*, who: int, today: dt.date) -> QuerySet[InboxState, str]:
    rows = InboxState.objects.filter(Q(until=None) | Q(until__gt=today), user_id=who)
    return rows.order_by().values_list("key", flat=True)


def to_do(actor: Actor) -> list[Pile]:
    """What waits for somebody, kind by kind, without what they put off or settled."""
    hidden: dict[str, set[int]] = defaultdict(set)
    for key in _put_off(who=actor.user_id or 0, today=localdate()):
        if known := parts(key):
            hidden[known[0]].add(known[1])
    found = []
    for provider in sorted(PROVIDERS.values(), key=lambda provider: provider.order):
        waiting = provider.load(actor, frozenset(hidden[provider.key]))
        if waiting.items:
            more = waiting.count >= COUNTED
            found.append(
                Pile(provider.key, provider.label, waiting.count, more, waiting.items, waiting.url, provider.reason)
            )
    return shortened(found)


def shortened(piles: list[Pile]) -> list[Pile]:
    """A list that one can take in: ten things, one of each kind at least as long as there is room, the first kinds first.

    The rest is behind « Tout voir »; a kind for which no room is left has no item, and its name leads to its page.
    """
    shown: dict[str, int] = {}
    left = MOST
    for pile in piles:
        least = 1 if pile.url else len(pile.items)
        folds = least > left and bool(pile.url or len(pile.items) == 1)
        shown[pile.key] = 0 if folds else least
        left -= shown[pile.key]
    for pile in piles:
        more = max(0, min(left, len(pile.items) - shown[pile.key])) if shown[pile.key] else 0
        shown[pile.key] += more
        left -= more
    return [
        replace(one, items=one.items[: shown[one.key]], url=one.url or ("" if shown[one.key] else one.items[0].url))
        for one in piles
    ]


def changed_by(actor: Actor) -> list[dict[str, Any]]:
    """The partners and people that the actor changed last, among the latest changes of all, newest first."""
    found = []
    for model, kind in ((Partner, "partner"), (Person, "person")):
        dates = _latest(event_model(model)._meta.db_table, actor)  # noqa: SLF001 -- Django's own introspection
        if not dates:
            continue
        rows: Any = _changed(actor, kind, ids=list(dates))
        found += [
            {"record": row, "kind": kind, "icon": getattr(row, "kind", "person"), "at": dates[row.pk]} for row in rows
        ]
    return sorted(found, key=lambda line: line["at"], reverse=True)[:RECENT]


@ready
def _changed(actor: Actor, kind: str, *, ids: list[int]) -> QuerySet[Any]:
    policy: Any = policies.partners if kind == "partner" else policies.people
    return policy.allowed(actor, "view").filter(pk__among=ids).order_by()  # type: ignore[no-any-return]


def _latest(table: str, actor: Actor) -> dict[int, Any]:
    with connection.cursor() as cursor:
        cursor.execute(RECENT_SQL.format(table=table), [LOOKED_AT, str(actor.user_id), RECENT])
        return dict(cursor.fetchall())
