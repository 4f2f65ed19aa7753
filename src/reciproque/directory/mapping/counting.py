"""How many partners the actor may read in each place, for the list that is asked. Never a row, only numbers."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils.timezone import localdate

from reciproque.directory import policies, reference
from reciproque.directory.listing import options
from reciproque.directory.models import Partner, PlaceCount
from reciproque.directory.search.streams import Indexed
from reciproque.directory.search.swift import Standing
from reciproque.foundation.listing.filters import Choice
from reciproque.foundation.listing.listing import Listing
from reciproque.foundation.listing.narrowing import EVERYTHING
from reciproque.foundation.listing.state import Applied

LIVE = 50_000  # partners up to which everything is counted when asked
PLACES = frozenset({"department", "region"})  # filters that the index of places answers alone
KEPT_FOR = 600  # seconds
MOST_KEPT = 5_000  # partners kept to units, up to which they are named rather than described
MOST_TOWNS = 400

COUNT_SQL = """
INSERT INTO directory_placecount (department, kind, division, partners)
SELECT department, kind, left(naf, 2), count(*) FROM directory_partner
WHERE archived_at IS NULL AND sharing = 'network' GROUP BY 1, 2, 3
"""


def count_places() -> None:
    """Make the counts anew. Readers see the former ones until it is done."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE directory_placecount IN SHARE ROW EXCLUSIVE MODE")
        PlaceCount.objects.all().delete()
        cursor.execute(COUNT_SQL)


def by_department(listing: Listing) -> dict[str, int]:
    """Code of a département, "" when it is not known → partners."""
    opened, kept = _parts(listing)
    found: Counter[str] = Counter(_open_to_all(listing, opened))
    found.update(_grouped(kept))
    return dict(found)


def by_town(listing: Listing) -> list[tuple[str, str, int]]:
    """Key, name and partners of the towns of the départements asked for, the most first."""
    found: Counter[str] = Counter()
    names: dict[str, str] = {}
    for part in _parts(listing):
        towns = part.order_by().values_list("city_key").annotate(n=Count("*"), name=Max("city"))
        for key, number, name in towns:
            found[key] += number
            names.setdefault(key, name)
    return [(key, names[key], number) for key, number in sorted(found.items(), key=lambda one: (-one[1], one[0]))]


def _parts(listing: Listing) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The partners that everybody reads, which indexes count alone, and the few others that the actor may read."""
    seen = policies.partners.base().filter(policies.seen_by_all.where(listing.actor))
    kept = listing.base.exclude(policies.open_to_all.where(listing.actor))
    opened = seen.filter(listing.narrowing.plain)
    asked = {one.filter.key for one in listing.state.filters}
    if "archived" in asked or (asked <= PLACES and not listing.state.text):
        return opened, kept.filter(listing.narrowing.plain)
    ids = list(kept.filter(archived_at=None).order_by().values_list("pk", flat=True)[: MOST_KEPT + 1])
    if len(ids) > MOST_KEPT:
        return opened, kept.filter(listing.narrowing.plain)
    if (standing := _standing(listing)) is not None:
        return opened, policies.partners.base().filter(pk__in=standing.among(ids))
    return opened, policies.partners.base().filter(pk__in=ids).filter(listing.narrowing.rows)


def _open_to_all(listing: Listing, rows: QuerySet[Any]) -> dict[str, int]:
    """Counted when asked on a small network; on a big one out of what was counted beforehand, or kept for a while."""
    if not listing.actor.is_staff or estimated() <= LIVE:
        return _grouped(rows)
    prepared = _prepared(listing)
    if prepared is not None:
        return _summed(prepared)
    if (standing := _standing(listing)) is not None:
        return _told_by_index(standing, rows)
    key = f"map:{_signature(listing)}"
    known = cache.get(key)
    if known is None:
        known = _grouped(rows)
        cache.set(key, known, KEPT_FOR)
    return dict(known)


def _standing(listing: Listing) -> Standing | None:
    """What the index of the search knows of the list, when it tells it."""
    one = listing.as_one or (listing.asked[0] if len(listing.asked) == 1 else EVERYTHING)
    stream = one.stream
    return stream.standing if isinstance(stream, Indexed) and stream.standing.exact else None


def _told_by_index(standing: Standing, rows: QuerySet[Any]) -> dict[str, int]:
    """What the index of the search counts, and the few records that have changed since it took them in."""
    found = Counter(standing.areas())
    if standing.held:
        found.update(_grouped(rows.filter(pk__in=[number for _key, number in standing.held])))
    return dict(found)


def _signature(listing: Listing) -> str:
    """What distinguishes this list from the others, for partners that everybody reads: « moi » is somebody, a date passes."""
    state = listing.state.having(order=listing.state.catalogue.order, columns=(), density="")
    mine = any(options.MINE in one.values for one in state.filters)
    told = f"{state.kept}|{localdate()}|{listing.actor.user_id if mine else ''}"
    return hashlib.sha256(told.encode()).hexdigest()


def _grouped(rows: QuerySet[Any]) -> dict[str, int]:
    return dict(rows.order_by().values_list("department").annotate(n=Count("*")))


def _summed(counts: QuerySet[PlaceCount]) -> dict[str, int]:
    return dict(counts.order_by().values_list("department").annotate(n=Sum("partners")))


def _prepared(listing: Listing) -> QuerySet[PlaceCount] | None:
    """The counts made beforehand, narrowed as the list is; None when they cannot answer it."""
    if listing.state.text:
        return None
    rows = PlaceCount.objects.all()
    for one in listing.state.filters:
        condition = _condition(one)
        if condition is None:
            return None
        rows = rows.filter(condition) if one.operator == "est" else rows.exclude(condition)
    return rows if PlaceCount.objects.exists() else None


def _condition(one: Applied) -> Q | None:
    """The same filter on the counts; None when they do not hold what it asks."""
    key, values = one.filter.key, one.values
    if not isinstance(one.filter, Choice) or one.operator not in ("est", "pas"):
        return None
    if key in ("kind", "department", "division"):
        return Q(**{f"{key}__in": values})
    if key == "region":
        return options.in_regions(values)
    if key == "section":
        return Q(division__in=_divisions(values))
    return None


def _divisions(sections: Iterable[str]) -> set[str]:
    wanted = set(sections)
    return {activity.division for activity in reference.activities().values() if activity.section in wanted}


def estimated() -> int:
    """How many partners there are, as the planner believes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [Partner._meta.db_table])  # noqa: SLF001
        return int(cursor.fetchone()[0])
