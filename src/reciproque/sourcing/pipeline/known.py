"""Partners as linkage reads them, and the keys under which they are found again (`MatchKey`).

The keys are derived. An import writes those of what it writes; before it compares, `catch_up` writes those of every partner
changed since by anything else (a page, another command, a bulk load).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection, transaction

from reciproque.directory.models import Partner, Site
from reciproque.engines.identifiers import email_domain
from reciproque.engines.linkage import Key, Mention, keys
from reciproque.foundation.database.bulk import binary_rows, numbers
from reciproque.sourcing.models import digest
from reciproque.sourcing.pipeline.network import Network

if TYPE_CHECKING:
    from reciproque.engines.linkage.kernels import Table

VAGUE = frozenset({"domain", "name_department", "name"})
"""Families under which rows of one file meet; partners are met under these by likeness."""
AT_MOST = 20
CHUNK = 2000

FIND = """
SELECT asked.key, found.partner_id FROM unnest(%s::bigint[]) AS asked(key)
CROSS JOIN LATERAL (
  SELECT partner_id FROM sourcing_matchkey known WHERE known.key = asked.key ORDER BY partner_id LIMIT %s) AS found
"""
HELD = "SELECT key, partner_id FROM sourcing_matchkey WHERE partner_id = ANY(%s::bigint[])"
GONE = """
DELETE FROM sourcing_matchkey held USING unnest(%s::bigint[], %s::bigint[]) AS gone(key, partner_id)
WHERE held.key = gone.key AND held.partner_id = gone.partner_id
"""
WRITE = "COPY sourcing_matchkey (key, partner_id) FROM STDIN (FORMAT BINARY)"
MARK = """
INSERT INTO sourcing_keyedpartner (partner_id, at)
SELECT * FROM unnest(%s::bigint[], %s::timestamptz[]) ON CONFLICT (partner_id) DO UPDATE SET at = excluded.at
RETURNING partner_id, xmax <> 0 AS was_there
"""
STALE = """
SELECT partner.id FROM directory_partner partner
LEFT JOIN (
  SELECT partner_id, max(updated_at) AS at FROM directory_site WHERE merged_into_id IS NULL GROUP BY partner_id
) site ON site.partner_id = partner.id
LEFT JOIN sourcing_keyedpartner keyed ON keyed.partner_id = partner.id
WHERE keyed.at IS DISTINCT FROM greatest(partner.updated_at, site.at)
ORDER BY partner.id
"""


class Known(NamedTuple):
    """A partner: one mention per name and place it is known under, and when it last changed."""

    mentions: list[Mention]
    at: dt.datetime


def known(ids: Iterable[int]) -> dict[int, Known]:
    """These partners as linkage reads them. Two queries."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    places: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    sites = Site.objects.filter(partner__among=wanted).order_by("partner_id", "-is_head", "pk")
    for pk, *place in sites.values_list(
        "partner_id", "siret", "uai", "postcode", "city_code", "department", "updated_at"
    ):
        places[pk].append(tuple(place))
    found: dict[int, Known] = {}
    rows = Partner.objects.filter(pk__among=wanted).order_by()
    for pk, name, usual, acronym, former, siren, rna, email, at, merged in rows.values_list(
        "pk", "name", "usual_name", "acronym", "former_names", "siren", "rna", "email", "updated_at", "merged_into"
    ):
        if merged:  # the record that absorbed it answers for it
            found[pk] = Known([], at)
            continue
        spelled = [text for text in dict.fromkeys([name, usual, acronym, *former]) if text]
        domain = email_domain(email) if email else ""
        here = places.get(pk) or [("", "", "", "", "", at)]
        mentions = [
            Mention(pk, text, siren, siret, rna, uai, domain, postcode, code, department)
            for siret, uai, postcode, code, department, _at in here
            for text in spelled
        ]
        found[pk] = Known(mentions, max(at, *(place[-1] for place in here)))
    return found


def find(wanted: Iterable[Key]) -> dict[Key, list[int]]:
    """The partners that answer to these keys, at most twenty for each: more says nothing."""
    by_digest = {digest(key): key for key in wanted}
    found: dict[Key, list[int]] = defaultdict(list)
    if by_digest:
        with connection.cursor() as cursor:
            cursor.execute(FIND, [numbers(sorted(by_digest)), AT_MOST])
            for number, partner in cursor.fetchall():
                found[by_digest[number]].append(partner)
    return found


def refresh_keys(partner_ids: Iterable[int]) -> None:
    """Write the match keys of these partners anew, in bulk, inside the caller's transaction.

    Their marks are taken first: two processes never write the keys of one partner at once.
    """
    import numpy as np  # noqa: PLC0415 -- heavy

    found = known(partner_ids)
    if not found:
        return
    ids = sorted(found)
    wanted = _keys_of(found)
    with connection.cursor() as cursor:
        marks = "{" + ",".join(found[pk].at.isoformat() for pk in ids) + "}"
        cursor.execute(MARK, [numbers(ids), marks])
        if before := [pk for pk, was_there in cursor.fetchall() if was_there]:
            cursor.execute(HELD, [numbers(before)])
        if held := set(cursor.fetchall() if before else ()):
            lines = set(map(tuple, wanted.tolist()))
            if gone := held - lines:
                cursor.execute(GONE, [numbers(key for key, _pk in gone), numbers(pk for _key, pk in gone)])
            wanted = np.array(sorted(lines - held), np.int64).reshape(-1, 2)
        if len(wanted):
            with cursor.copy(WRITE) as copy:
                copy.write(binary_rows(wanted))


def _keys_of(found: dict[int, Known]) -> "Table":
    """(key, partner), each once and in order: the certain keys, and those under which likeness is looked for."""
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage.incremental import keys_for, once  # noqa: PLC0415 -- compiled

    store = Network()
    partners, likely = keys_for(store, store.rows(sorted(found)))
    certain = [
        (digest(key), pk)
        for pk, each in found.items()
        for key in {key for mention in each.mentions for key in keys(mention) if key.family not in VAGUE}
    ]
    told = np.array(certain, np.int64).reshape(-1, 2)
    return once(np.concatenate((told[:, 0], likely.view(np.int64))), np.concatenate((told[:, 1], partners)))


def catch_up() -> int:
    """Write the keys of every partner changed since they were last written; returns how many. Safe to interrupt."""
    with connection.cursor() as cursor:
        cursor.execute(STALE)
        stale = [row[0] for row in cursor.fetchall()]
    for chunk in _chunks(stale):
        with transaction.atomic():
            refresh_keys(chunk)
    return len(stale)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
