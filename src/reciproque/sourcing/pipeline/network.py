"""The network as the incremental engine sees it: rows of partners, keys, pairs and verdicts in PostgreSQL, counts in memory."""

import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q

from reciproque.foundation.database.bulk import numbers
from reciproque.sourcing.models import Census, Judgement
from reciproque.sourcing.pipeline import likeness

if TYPE_CHECKING:
    import polars as pl

    from reciproque.engines.linkage.kernels import Hashes, Ints
    from reciproque.engines.linkage.scoring import Forest
    from reciproque.engines.linkage.stores import Counts, Edges, Owned

ASKED = ("name", "siren", "siret", "address", "postcode", "city", "department", "phone", "email", "website")
"""Columns of the rows, after their partner: those of `engines.linkage.encoding`."""
ROWS = """
WITH standing AS (SELECT * FROM directory_partner WHERE archived_at IS NULL AND merged_into_id IS NULL {among})
SELECT partner.id, said.name, partner.siren, coalesce(site.siret, ''), coalesce(site.address, ''), coalesce(site.postcode, ''),
  coalesce(site.city, ''), coalesce(site.department, ''), coalesce(nullif(partner.phone, ''), site.phone, ''), partner.email, partner.web
FROM standing partner
LEFT JOIN directory_site site ON site.partner_id = partner.id AND site.merged_into_id IS NULL
CROSS JOIN LATERAL (
  SELECT partner.name
  UNION SELECT site.name WHERE site.name <> ''
  UNION SELECT other FROM unnest(partner.former_names || ARRAY[partner.usual_name, partner.acronym]::varchar[]) AS other
    WHERE other <> '' AND site.is_head IS NOT FALSE
) AS said(name)
ORDER BY partner.id, site.id, said.name
"""
AMONG = "AND id = ANY(%s::bigint[])"
BEARERS = """
SELECT asked.place, found.partner_id FROM unnest(%s::bigint[], %s::int[]) WITH ORDINALITY AS asked(key, most, place)
CROSS JOIN LATERAL (
  SELECT partner_id FROM sourcing_matchkey known WHERE known.key = asked.key LIMIT asked.most + 1) AS found
ORDER BY 1, 2
"""
EDGES = """
SELECT low, high, odds FROM (
  SELECT low, high, odds FROM sourcing_likeness WHERE low = ANY(%(ids)s::bigint[])
  UNION SELECT low, high, odds FROM sourcing_likeness WHERE high = ANY(%(ids)s::bigint[])
) pair
WHERE EXISTS (SELECT 1 FROM directory_partner WHERE id = low) AND EXISTS (SELECT 1 FROM directory_partner WHERE id = high)
ORDER BY low, high
"""

COMPANIONS = """
SELECT partner_id, coalesce(alike, partner_id) FROM sourcing_keyedpartner WHERE partner_id = ANY(%(ids)s::bigint[])
UNION
SELECT partner_id, alike FROM sourcing_keyedpartner
WHERE alike = ANY(ARRAY(SELECT alike FROM sourcing_keyedpartner WHERE partner_id = ANY(%(ids)s::bigint[]) AND alike IS NOT NULL))
ORDER BY 1
"""


class Verdicts(NamedTuple):
    """Pairs (low < high) of standing partners that people judged: one thing, or two."""

    same: set[tuple[int, int]]
    different: set[tuple[int, int]]


class Network:
    """`engines.linkage.incremental.Store` over this database."""

    def __init__(self) -> None:
        newest = Census.objects.order_by("-pk").values_list("pk", flat=True).first()
        self._counts = _held(newest) if newest else None
        self.nodes = self._counts.nodes if self._counts else 0
        self.grams = self._counts.grams if self._counts else None

    def counts(self, kind: int, values: "Hashes") -> "Ints":
        """How many bore each value when the network was last counted, 0 when one or none did."""
        import numpy as np  # noqa: PLC0415 -- heavy

        if self._counts is None or not len(self._counts.of[kind][0]):
            return np.zeros(len(values), np.int64)
        known, counted = self._counts.of[kind]
        place = np.minimum(np.searchsorted(known, values), len(known) - 1)
        return np.where(known[place] == values, counted[place], 0).astype(np.int64)

    def rows(self, records: Collection[int]) -> "Owned":
        """The rows of these partners, by each name and place they are known under."""
        with connection.cursor() as cursor:
            cursor.execute(ROWS.format(among=AMONG), [numbers(records)])
            return owned(cursor.fetchall())

    def bearers(self, keys: "Hashes", limits: "Ints") -> "tuple[Ints, Ints]":
        """(place in `keys`, partner): who is met under each key."""
        import numpy as np  # noqa: PLC0415 -- heavy

        with connection.cursor() as cursor:
            cursor.execute(BEARERS, [numbers(keys.view(np.int64).tolist()), numbers(limits.tolist())])
            found = np.array(cursor.fetchall(), np.int64).reshape(-1, 2)
        return found[:, 0] - 1, found[:, 1]

    def verdicts(self, records: Collection[int]) -> Verdicts:
        """What people said of these partners, and of those that they absorbed."""
        return verdicts("partner", records)

    def edges(self, records: Collection[int]) -> "Edges":
        """The pairs kept that have one of these partners."""
        with connection.cursor() as cursor:
            cursor.execute(EDGES, {"ids": numbers(records)})
            return edges_of(cursor.fetchall())

    def companions(self, records: Collection[int]) -> "tuple[Ints, Ints]":
        """(partner, the lowest of its group) for all those of the groups where these stand."""
        import numpy as np  # noqa: PLC0415 -- heavy

        with connection.cursor() as cursor:
            cursor.execute(COMPANIONS, {"ids": numbers(records)})
            found = np.array(cursor.fetchall(), np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]


def everybody() -> "pl.DataFrame":
    """The rows of the standing partners."""
    import polars as pl  # noqa: PLC0415 -- heavy

    schema = {name: pl.Int64 if name == "id" else pl.String for name in ("id", *ASKED)}
    frames = []
    with transaction.atomic(), connection.connection.cursor(name="network") as cursor:
        cursor.execute(ROWS.format(among=""))
        while lines := cursor.fetchmany(50_000):
            frames.append(pl.DataFrame(lines, schema=schema, orient="row"))
    return pl.concat(frames) if frames else pl.DataFrame(schema=schema)


def forest() -> "Forest":
    """The model in service."""
    return likeness.forests()["partner"]


def owned(lines: Iterable[Sequence[Any]]) -> "Owned":
    """Rows read from the database, or from a file, as the engine takes them: the record first."""
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage.stores import Owned  # noqa: PLC0415 -- compiled

    columns = list(zip(*lines, strict=True)) or [()] * (len(ASKED) + 1)
    return Owned(dict(zip(ASKED, map(list, columns[1:]), strict=True)), np.array(columns[0], np.int64))


def edges_of(lines: Sequence[tuple[int, int, float]]) -> "Edges":
    """Pairs read from the database."""
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage.stores import Edges  # noqa: PLC0415 -- compiled

    low, high = (np.array([line[side] for line in lines], np.int64) for side in (0, 1))
    return Edges(low, high, np.array([line[2] for line in lines], np.float32))


@lru_cache(maxsize=2)
def _held(census: int) -> "Counts":
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage.stores import Counts  # noqa: PLC0415 -- compiled

    with np.load(io.BytesIO(Census.objects.get(pk=census).held), allow_pickle=False) as held:
        of = {kind: (held[f"values{kind}"], held[f"counts{kind}"]) for kind in range(4)}
        return Counts(int(held["nodes"]), (held["grams0"], held["grams1"], held["grams2"]), of)


def keep_census(counts: "Counts", partners: int) -> None:
    """Keep what was counted, in place of what was before."""
    import numpy as np  # noqa: PLC0415 -- heavy

    arrays: dict[str, Any] = {"nodes": np.array(counts.nodes)}
    for kind, (values, counted) in counts.of.items():
        order = np.argsort(values)
        arrays |= {f"values{kind}": values[order], f"counts{kind}": counted[order].astype(np.int32)}
    arrays |= {f"grams{place}": weights for place, weights in enumerate(counts.grams)}
    file = io.BytesIO()
    np.savez(file, **arrays)
    kept = Census.objects.create(partners=partners, held=file.getvalue())
    Census.objects.exclude(pk=kept.pk).delete()


def verdicts(kind: str, records: Collection[int] | None = None) -> Verdicts:
    """Pairs that people judged, told of the records that stand for them today: what is said of a record holds for who absorbs it.

    Only those that touch these records, when they are given. What one person said is two outweighs what was one for a while.
    """
    judged = Judgement.objects.filter(kind=kind, verdict__in=[Judgement.Verdict.SAME, Judgement.Verdict.DIFFERENT])
    root: dict[int, int] = {}
    if records is not None:
        families = families_of(kind, records)
        root = {member: record for record, family in families.items() for member in family}
        judged = judged.filter(Q(low__in=list(root)) | Q(high__in=list(root)))
    rows = list(judged.order_by().values_list("low", "high", "verdict"))
    ends = {end for low, high, _verdict in rows for end in (low, high)} - root.keys()
    root |= roots_of(kind, ends)
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for low, high, verdict in rows:
        one, other = root.get(low, 0), root.get(high, 0)
        if one and other and one != other:
            found[verdict].add((min(one, other), max(one, other)))
    different = found[Judgement.Verdict.DIFFERENT]
    return Verdicts(found[Judgement.Verdict.SAME] - different, different)


def families_of(kind: str, ids: Collection[int]) -> dict[int, set[int]]:
    """For each record, its number and those of all that it absorbed. One query per level."""
    found = {pk: {pk} for pk in ids}
    wave: dict[int, set[int]] = {pk: {pk} for pk in ids}
    while wave:
        with connection.cursor() as cursor:
            sql = f"SELECT id, merged_into_id FROM {_table(kind)} WHERE merged_into_id = ANY(%s::bigint[])"  # noqa: S608
            cursor.execute(sql, [numbers(sorted(wave))])
            rows = cursor.fetchall()
        following: dict[int, set[int]] = defaultdict(set)
        for pk, above in rows:
            for root in wave[above]:
                found[root].add(pk)
                following[pk].add(root)
        wave = following
    return found


def roots_of(kind: str, ids: Collection[int]) -> dict[int, int]:
    """For each record that is still there, the one that stands for it: itself, or who absorbed it in the end."""
    found: dict[int, int] = {}
    wave = {pk: [pk] for pk in ids}
    while wave:
        with connection.cursor() as cursor:
            sql = f"SELECT id, merged_into_id FROM {_table(kind)} WHERE id = ANY(%s::bigint[])"  # noqa: S608
            cursor.execute(sql, [numbers(sorted(wave))])
            rows = cursor.fetchall()
        following: dict[int, list[int]] = defaultdict(list)
        for pk, above in rows:
            if above is None:
                found |= dict.fromkeys(wave[pk], pk)
            else:
                following[above] += wave[pk]
        wave = following
    return found


def _table(kind: str) -> str:
    return "directory_partner" if kind == "partner" else "directory_person"
