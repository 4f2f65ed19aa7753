"""Duplicates looked for in the directory itself: partners that are alike, kept as `Judgement`s to give.

Partners changed since they were last compared are compared again with those that they share keys with, chunk by chunk, a
transaction each: safe to interrupt, cheap to repeat. Every night the whole network is counted and compared anew, which gives the
same groups. People are compared all at once: same name in one partner, same name and e-mail, or same name and phone.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, transaction

from reciproque.directory.models import Partner
from reciproque.foundation.database.bulk import numbers
from reciproque.sourcing.models import Census, Judgement
from reciproque.sourcing.pipeline import network, refusals
from reciproque.sourcing.pipeline.known import catch_up
from reciproque.sourcing.pipeline.network import Network, families_of
from reciproque.sourcing.pipeline.weighing import settings_in_force

if TYPE_CHECKING:
    from reciproque.engines.linkage.incremental import Comparison
    from reciproque.engines.linkage.stores import Edges, Solution

CHUNK = 500
CROWD = 12
"""A name borne by more people of one place than this says nothing; nor does a group of more partners."""
GROWTH = 0.1
"""Share of the network that may come before all of it is counted anew."""
SMALL = 300
"""Partners below which counting them all costs no more than looking some up."""

STALE = """
SELECT partner_id FROM sourcing_keyedpartner WHERE compared_at IS DISTINCT FROM at ORDER BY partner_id LIMIT %s
"""
COMPARED = "UPDATE sourcing_keyedpartner SET compared_at = at WHERE partner_id = ANY(%s::bigint[])"
GONE = """
DELETE FROM sourcing_judgement WHERE kind = 'partner' AND verdict = 'open' AND NOT reasons ? 'register_same'
  AND (low = ANY(%(ids)s::bigint[]) OR high = ANY(%(ids)s::bigint[]))
  AND (low, high) NOT IN (SELECT * FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[]))
"""
WEIGH = """
WITH pair AS (
  SELECT * FROM jsonb_to_recordset(%(pairs)s::jsonb) AS one(low bigint, high bigint, score float8, reasons jsonb)
), record AS (SELECT low AS id FROM pair UNION SELECT high FROM pair), held AS (
  SELECT record.id, (SELECT count(*) FROM directory_position held WHERE held.{kind}_id = record.id)
    + (SELECT count(*) FROM {links} held WHERE held.{kind}_id = record.id) AS n FROM record
)
INSERT INTO sourcing_judgement (kind, low, high, score, reasons, gain, verdict, found_at)
SELECT '{kind}', low, high, score, reasons, score * ln(2 + one.n + other.n), 'open', now()
FROM pair JOIN held one ON one.id = low JOIN held other ON other.id = high
ON CONFLICT (kind, low, high) DO UPDATE SET {again}
WHERE sourcing_judgement.verdict IN ('open', 'later')
"""
AGAIN = """score = excluded.score, gain = excluded.gain,
  reasons = CASE WHEN jsonb_array_length(excluded.reasons) > 1 OR '{kind}' = 'person' THEN excluded.reasons
    || CASE WHEN sourcing_judgement.reasons ? 'register_same' THEN '["register_same"]'::jsonb ELSE '[]' END
    ELSE sourcing_judgement.reasons END"""
TOLD = """score = greatest(sourcing_judgement.score, excluded.score), gain = greatest(sourcing_judgement.gain, excluded.gain),
  reasons = (sourcing_judgement.reasons - 'register_same') || excluded.reasons"""
UNTOLD = """
WITH told AS (SELECT * FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[]) AS one(low, high)), gone AS (
  DELETE FROM sourcing_judgement WHERE kind = 'partner' AND verdict = 'open' AND reasons = '["register_same"]'
    AND (low, high) NOT IN (SELECT low, high FROM told)
)
UPDATE sourcing_judgement SET reasons = reasons - 'register_same' WHERE kind = 'partner' AND verdict IN ('open', 'later')
  AND reasons ? 'register_same' AND reasons <> '["register_same"]' AND (low, high) NOT IN (SELECT low, high FROM told)
"""
PEOPLE = """
WITH alive AS (
  SELECT id, name_key, email_key, coalesce(nullif(mobile, ''), phone) AS number FROM directory_person
  WHERE archived_at IS NULL AND merged_into_id IS NULL AND first_name <> ''
), mail AS (
  SELECT name_key, array_agg(id ORDER BY id) AS ids FROM alive WHERE email_key <> '' GROUP BY name_key, email_key
), number AS (
  SELECT name_key, array_agg(id ORDER BY id) AS ids FROM alive WHERE number <> '' GROUP BY name_key, number
), place AS (
  SELECT name_key, array_agg(DISTINCT alive.id ORDER BY alive.id) AS ids FROM alive
  JOIN directory_position held ON held.person_id = alive.id GROUP BY name_key, held.partner_id
), met AS (
  SELECT 'person_same_email' AS reason, 0.97 AS score, ids FROM mail WHERE cardinality(ids) BETWEEN 2 AND %(crowd)s
  UNION ALL SELECT 'person_same_partner', 0.93, ids FROM place WHERE cardinality(ids) BETWEEN 2 AND %(crowd)s
  UNION ALL SELECT 'person_same_phone', 0.9, ids FROM number WHERE cardinality(ids) BETWEEN 2 AND %(crowd)s
)
SELECT one.id, other.id, max(score), jsonb_agg(DISTINCT reason) FROM met
CROSS JOIN LATERAL unnest(ids) AS one(id) CROSS JOIN LATERAL unnest(ids) AS other(id)
WHERE one.id < other.id GROUP BY 1, 2 ORDER BY 1, 2
"""


LIKENESS = "likeness"
FORGET = """
DELETE FROM sourcing_likeness WHERE low = ANY(%(ids)s::bigint[]) OR high = ANY(%(ids)s::bigint[])
"""
KEEP = """
INSERT INTO sourcing_likeness (low, high, odds) SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::float8[])
ON CONFLICT (low, high) DO UPDATE SET odds = excluded.odds
"""
GROUP = """
UPDATE sourcing_keyedpartner held SET alike = said.alike
FROM (SELECT id, nullif(low, 0) AS alike FROM unnest(%s::bigint[], %s::bigint[]) AS line(id, low)) said
WHERE held.partner_id = said.id AND held.alike IS DISTINCT FROM said.alike
"""
FRESH = """
DROP TABLE IF EXISTS pg_temp.fresh_likeness;
CREATE TEMP TABLE fresh_likeness (low bigint, high bigint, odds float8) ON COMMIT DROP
"""
REPLACE = """
DELETE FROM sourcing_likeness held WHERE NOT EXISTS (
  SELECT 1 FROM fresh_likeness fresh WHERE fresh.low = held.low AND fresh.high = held.high AND fresh.odds = held.odds);
INSERT INTO sourcing_likeness (low, high, odds) SELECT low, high, odds FROM fresh_likeness ON CONFLICT DO NOTHING
"""


class Pair(NamedTuple):
    """Two records that look like one."""

    low: int
    high: int
    score: float
    reasons: tuple[str, ...]


def look(*, thorough: bool = False) -> int:
    """Look for duplicates among all that changed since the last time; returns how many pairs there are to judge.

    `thorough`, or a network that grew much, compares all of it.
    """
    catch_up()
    refusals.recall()
    if thorough or outgrown():
        whole()
    while _next_chunk():
        pass
    people()
    return Judgement.objects.filter(verdict=Judgement.Verdict.OPEN).count()


def look_at(ids: Collection[int]) -> None:
    """Compare these partners now, without waiting for the night."""
    catch_up()
    if Partner.objects.filter(archived_at=None).count() < SMALL:
        whole()
    else:
        with transaction.atomic():
            compare(ids)


def outgrown() -> bool:
    """Whether the network is no longer the one that was counted, or is so small that counting it costs nothing."""
    counted = Census.objects.order_by("-pk").values_list("partners", flat=True).first()
    today = Partner.objects.filter(archived_at=None).count()
    return counted is None or abs(today - counted) > GROWTH * counted or today < SMALL


def _next_chunk() -> bool:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(STALE, [CHUNK])
            ids = [row[0] for row in cursor.fetchall()]
        if ids:
            compare(ids)
            with connection.cursor() as cursor:
                cursor.execute(COMPARED, [numbers(ids)])
    return bool(ids)


def compare(ids: Collection[int]) -> list[Pair]:
    """Compare these partners again, and group anew all that they may be one with; what is no longer alike leaves the queue."""
    from reciproque.engines.linkage.incremental import resolve_again  # noqa: PLC0415 -- compiled

    found = resolve_again(Network(), network.forest(), ids)
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"ids": numbers(ids)})
        low, high, odds = (part.tolist() for part in found.edges)
        cursor.execute(KEEP, [numbers(low), numbers(high), odds])
    records = found.solution.records.tolist()
    apart = Network().verdicts(records)[1]
    pairs = _proposed(found.solution, Network().edges(records), found.comparison, apart)
    _group(found.solution)
    with connection.cursor() as cursor:
        lows, highs = numbers(pair.low for pair in pairs), numbers(pair.high for pair in pairs)
        cursor.execute(GONE, {"ids": numbers({*ids, *records}), "lows": lows, "highs": highs})
    _write("partner", pairs)
    return pairs


def whole() -> list[Pair]:
    """Count and compare the whole network; what is no longer alike leaves the queue."""
    from reciproque.engines.linkage.incremental import resolve_all  # noqa: PLC0415 -- compiled
    from reciproque.engines.linkage.stores import Owned  # noqa: PLC0415 -- compiled

    with transaction.atomic():
        frame = network.everybody()
        said = network.verdicts("partner")
        rows = Owned({name: frame[name] for name in network.ASKED}, frame["id"].to_numpy())
        found = resolve_all(rows, network.forest(), same=said.same, different=said.different)
        network.keep_census(found.counts, len(found.solution.records))
        _replace(found.edges)
        _group(found.solution, everybody=True)
        pairs = _proposed(found.solution, found.edges, found.comparison, said.different)
        with connection.cursor() as cursor:
            lows, highs = numbers(pair.low for pair in pairs), numbers(pair.high for pair in pairs)
            cursor.execute(
                GONE.replace("AND (low = ANY(%(ids)s::bigint[]) OR high = ANY(%(ids)s::bigint[]))", ""),
                {"lows": lows, "highs": highs},
            )
        _write("partner", pairs)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE sourcing_keyedpartner SET compared_at = at WHERE compared_at IS DISTINCT FROM at")
    return pairs


def _proposed(
    solution: "Solution", edges: "Edges", compared: "Comparison | None", apart: Collection[tuple[int, int]]
) -> list[Pair]:
    """The pairs that look like one, with what they have in common where they were just compared.

    They are those of each group, and those not alike enough to be grouped that are likely enough to be judged; never those that
    people said are two (`apart`).
    """
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage.explaining import hints  # noqa: PLC0415 -- compiled
    from reciproque.engines.linkage.linking import LEAST  # noqa: PLC0415 -- compiled

    group = dict(zip(solution.records.tolist(), solution.group.tolist(), strict=True))
    sizes = Counter(group.values())
    likely = (network.forest().calibrated(edges.odds) >= settings_in_force().review).tolist()
    kept = [
        place
        for place, (low, high, odds) in enumerate(zip(*(part.tolist() for part in edges), strict=True))
        if (likely[place] and odds < LEAST["partner"] and (low, high) not in apart)
        or (odds >= LEAST["partner"] and group.get(low, low) == group.get(high, high) and sizes[group[low]] <= CROWD)
    ]
    chosen = np.array(kept, np.int64)
    scores = network.forest().calibrated(edges.odds[chosen]).tolist() if kept else []
    why: dict[tuple[int, int], tuple[str, ...]] = {}
    if compared is not None and kept:
        wanted = set(zip(edges.low[chosen].tolist(), edges.high[chosen].tolist(), strict=True))
        fresh = list(zip(compared.edges.low.tolist(), compared.edges.high.tolist(), strict=True))
        asked = np.array([place for place, pair in enumerate(fresh) if pair in wanted], np.int64)
        said = hints(compared.nodes, compared.left[asked], compared.right[asked], compared.mask[asked])
        why = dict(zip([fresh[place] for place in asked.tolist()], said, strict=True))
    return [
        Pair(low, high, score, (LIKENESS, *why.get((low, high), ())))
        for low, high, score in zip(edges.low[chosen].tolist(), edges.high[chosen].tolist(), scores, strict=True)
    ]


def _group(solution: "Solution", *, everybody: bool = False) -> None:
    """Keep the group of each partner; `everybody` else is alone."""
    import numpy as np  # noqa: PLC0415 -- heavy

    group, place = np.unique(solution.group, return_inverse=True)
    low = np.where(np.bincount(place, minlength=len(group))[place] > 1, solution.group, 0)
    with connection.cursor() as cursor:
        cursor.execute(GROUP, [numbers(solution.records.tolist()), numbers(low.tolist())])
        if everybody:
            cursor.execute(
                "UPDATE sourcing_keyedpartner SET alike = NULL WHERE alike IS NOT NULL AND partner_id <> ALL(%s::bigint[])",
                [numbers(solution.records[low > 0].tolist())],
            )


def _replace(edges: "Edges") -> None:
    with connection.cursor() as cursor:
        cursor.execute(FRESH)
        with cursor.copy("COPY fresh_likeness (low, high, odds) FROM STDIN") as copy:
            for line in zip(*(part.tolist() for part in edges), strict=True):
                copy.write_row(line)
        cursor.execute("CREATE INDEX ON fresh_likeness (low, high); ANALYZE fresh_likeness")
        cursor.execute(REPLACE)


def people() -> list[Pair]:
    """Compare people by name with what else they share."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"crowd": CROWD})
        rows = cursor.fetchall()
        found = [
            Pair(low, high, float(score), tuple(json.loads(reasons) if isinstance(reasons, str) else reasons))
            for low, high, score, reasons in rows
        ]
        found = _without_refused("person", found)
        pairs = {(pair.low, pair.high) for pair in found}
        open_ = Judgement.objects.filter(kind="person", verdict=Judgement.Verdict.OPEN)
        gone = [pk for pk, low, high in open_.values_list("pk", "low", "high") if (low, high) not in pairs]
        Judgement.objects.filter(pk__in=gone).delete()
        _write("person", found)
    return found


def told_by_register(pairs: Iterable[tuple[int, int, float]]) -> None:
    """The pairs (one, other, score) that the register takes for one company: these and no others wait for that reason.

    Likeness neither brings them nor takes them away; they weigh as the others do. What was said two stays so.
    """
    asked = [Pair(min(one, other), max(one, other), score, ("register_same",)) for one, other, score in pairs]
    found = _without_refused("partner", asked)
    with transaction.atomic(), connection.cursor() as cursor:
        lows, highs = numbers(pair.low for pair in found), numbers(pair.high for pair in found)
        cursor.execute(UNTOLD, {"lows": lows, "highs": highs})
        _write("partner", found, TOLD)


def _write(kind: str, pairs: Iterable[Pair], again: str = AGAIN) -> None:
    """Put pairs in the queue, each weighed by what hangs on its records; `again` says what becomes of those already there."""
    lines = [pair._asdict() for pair in pairs]
    links = "directory_partnerunit" if kind == "partner" else "sourcing_recordperson"
    with connection.cursor() as cursor:
        written = WEIGH.format(kind=kind, links=links, again=again.format(kind=kind))
        cursor.execute(written, {"pairs": json.dumps(lines)})


def _without_refused(kind: str, pairs: list[Pair]) -> list[Pair]:
    """What was judged different stays so, for those who have since absorbed one of the two as well."""
    ids = {pk for pair in pairs for pk in (pair.low, pair.high)}
    families = families_of(kind, ids)
    names = {name for family in families.values() for name in family}
    refused = Judgement.objects.filter(kind=kind, verdict=Judgement.Verdict.DIFFERENT, low__in=names, high__in=names)
    apart = set(refused.values_list("low", "high"))
    return [
        pair
        for pair in pairs
        if not any(
            (min(one, other), max(one, other)) in apart for one in families[pair.low] for other in families[pair.high]
        )
    ]
