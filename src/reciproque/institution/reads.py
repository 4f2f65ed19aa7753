"""Reads of the administration pages that join several tables."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from reciproque.foundation.database.functions import Fold
from reciproque.foundation.database.kept import ready
from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role, Unit, User

OFFERED = 8
"""Colleagues offered at once where one is chosen."""
PAGE = 50


@ready
def _every_unit() -> QuerySet[Unit]:
    return Unit.objects.in_tree_order()


def units(actor: Actor) -> dict[int, Unit]:
    """Every unit by number, in the order of the tree: a few dozen, read once for the actor of a request."""
    known: dict[int, Unit] | None = actor.known.get("units")
    if known is None:
        known = actor.known["units"] = {unit.pk: unit for unit in _every_unit()}
    return known


def units_where(actor: Actor, at_least: Role) -> list[Unit]:
    """The units that exist where the actor has that rank, in the order of the tree."""
    mine = set(actor.units(at_least))
    return [unit for pk, unit in units(actor).items() if pk in mine and unit.closed_on is None]


def tree_with_counts(units: QuerySet[Unit], *, closed: bool) -> QuerySet[Unit]:
    """The units in the order of the tree, each with `people`: how many active accounts have a role in it."""
    counted = (
        Membership.objects.filter(unit=OuterRef("pk"), user__is_active=True)
        .order_by()
        .values("unit")
        .annotate(n=Count("user", distinct=True))
        .values("n")
    )
    shown = units if closed else units.filter(closed_on=None)
    return shown.annotate(people=Coalesce(Subquery(counted), 0)).order_by("tree_key")


def accounts_found(users: QuerySet[User], query: str, after: str, unit_code: str) -> dict[str, Any]:
    """A page of accounts by name, with their roles; `after` is the key of the last one of the page before."""
    if query:
        users = users.filter(
            Q(name_key__contains=Fold(Value(query))) | Q(email__icontains=query) | Q(username__icontains=query)
        )
    if unit_code and (unit := Unit.objects.filter(code=unit_code).first()):
        users = users.filter(pk__in=Membership.objects.filter(unit__path__startswith=unit.path).values("user"))
    if "|" in after:
        key, _bar, pk = after.rpartition("|")
        if pk.isdecimal():
            users = users.filter(Q(name_key__gt=key) | Q(name_key=key, pk__gt=int(pk)))
    roles = Prefetch("memberships", Membership.objects.select_related("unit").order_by("unit__tree_key"))
    rows = list(users.order_by("name_key", "pk").prefetch_related(roles)[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return {"accounts": rows[:PAGE], "next_cursor": f"{last.name_key}|{last.pk}" if last else ""}


def colleagues() -> QuerySet[User]:
    """The accounts one may name: open, with a role somewhere."""
    held = Membership.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(Exists(held), is_active=True).order_by("name_key", "pk")


def accounts() -> QuerySet[User]:
    """Every account, closed ones too: what somebody who left answered for is still found under their name."""
    return User.objects.order_by("name_key", "pk")


def named(text: str, among: QuerySet[User] | None = None) -> QuerySet[User]:
    """The colleagues (or accounts of `among`) whose name holds each of these words, or whose identifier or address begins so."""
    matches = Q(username__istartswith=text) | Q(email__istartswith=text)
    by_name = Q()
    for word in text.split():
        by_name &= Q(name_key__contains=Fold(Value(word)))
    found = colleagues() if among is None else among
    return found.filter(matches | by_name) if text.split() else User.objects.none()


def offered(
    ids: Collection[int], text: str, near: QuerySet[User] | None = None, among: QuerySet[User] | None = None
) -> list[User]:
    """Those chosen, then those that the text names, or without text those who are near: a handful. One query, none for nothing."""
    others = named(text, among) if text.strip() else near
    wanted = Q(pk__in=list(ids))
    if others is not None:
        wanted |= Q(pk__in=others.order_by("name_key", "pk").values("pk")[: OFFERED + len(ids)])
    if not ids and others is None:
        return []
    found = list((colleagues() if among is None else among).filter(wanted))
    chosen = [one for one in found if one.pk in ids]
    return chosen + [one for one in found if one.pk not in ids][:OFFERED]


def personas() -> QuerySet[User]:
    """The accounts one may enter as in the demonstration."""
    roles = Prefetch("memberships", Membership.objects.select_related("unit").order_by("unit__tree_key"))
    return User.objects.exclude(persona="").filter(is_active=True).prefetch_related(roles).order_by("pk")
