"""Duplicates looked for in the directory itself: pairs that meet under a match key, judged, kept as `Judgement`s to give.

Partners changed since they were last compared are compared, chunk by chunk, a transaction each: safe to interrupt, cheap to
repeat. People are compared all at once: same name in one partner, same name and e-mail, or same name and phone.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, transaction
from rapidfuzz import fuzz

from reciproque.directory.models import Partner
from reciproque.directory.reference import place_key
from reciproque.engines.linkage import Key, Verdict, decide, keys, name_key, near, street_key
from reciproque.foundation.database.bulk import numbers
from reciproque.sourcing.models import Judgement
from reciproque.sourcing.pipeline import likeness
from reciproque.sourcing.pipeline.known import Known, catch_up, find, known
from reciproque.sourcing.pipeline.matching import VAGUE, nearest

if TYPE_CHECKING:
    import polars as pl

CHUNK = 1000
LEAST = 0.5
CROWD = 12
"""A name borne by more people of one place than this says nothing."""

STALE = """
SELECT partner_id FROM sourcing_keyedpartner WHERE compared_at IS DISTINCT FROM at ORDER BY partner_id LIMIT %s
"""
COMPARED = "UPDATE sourcing_keyedpartner SET compared_at = at WHERE partner_id = ANY(%s::bigint[])"
GONE = """
DELETE FROM sourcing_judgement WHERE kind = 'partner' AND verdict = 'open'
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
ON CONFLICT (kind, low, high) DO UPDATE SET score = excluded.score, reasons = excluded.reasons, gain = excluded.gain
WHERE sourcing_judgement.verdict IN ('open', 'later')
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


ASKED = ("name", "siren", "siret", "address", "postcode", "city", "phone", "email", "website")
LIKENESS = "likeness"
CLOSE = 80
NETWORK = """
SELECT partner.id, spelled.name, partner.siren, coalesce(site.siret, ''), coalesce(site.address, ''), coalesce(site.postcode, ''),
  coalesce(site.city, ''), coalesce(nullif(partner.phone, ''), site.phone, ''), partner.email, partner.web
FROM directory_partner partner
LEFT JOIN directory_site site ON site.partner_id = partner.id AND site.is_head
CROSS JOIN LATERAL (SELECT partner.name UNION SELECT partner.usual_name WHERE partner.usual_name <> '') AS spelled(name)
WHERE partner.archived_at IS NULL ORDER BY partner.id, spelled.name
"""


class Pair(NamedTuple):
    """Two records that look like one."""

    low: int
    high: int
    score: float
    reasons: tuple[str, ...]


def look(*, thorough: bool = False) -> int:
    """Look for duplicates among all that changed since the last time; returns how many pairs there are to judge.

    `thorough` also compares the whole network by likeness: misspelt and shortened names, addresses, contacts.
    """
    catch_up()
    while _next_chunk():
        pass
    people()
    if thorough:
        alike()
    return Judgement.objects.filter(verdict=Judgement.Verdict.OPEN).count()


def look_at(ids: Collection[int]) -> None:
    """Compare these partners now, without waiting for the night."""
    catch_up()
    with transaction.atomic():
        compare(ids)


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
    """Compare these partners with all others; what is no longer alike leaves the queue."""
    found = _without_refused("partner", list(_alike(ids)))
    with connection.cursor() as cursor:
        lows, highs = numbers(pair.low for pair in found), numbers(pair.high for pair in found)
        cursor.execute(GONE, {"ids": numbers(ids), "lows": lows, "highs": highs})
    _write("partner", found)
    return found


def _alike(ids: Collection[int]) -> Iterator[Pair]:
    mine = {pk: one for pk, one in known(ids).items() if one.mentions}
    asked = {pk: {key for mention in one.mentions for key in keys(mention)} for pk, one in mine.items()}
    bearers = find({key for wanted in asked.values() for key in wanted})
    pairs: dict[tuple[int, int], None] = {}
    for pk, wanted in asked.items():
        for key in wanted:
            others = bearers.get(key, [])
            if key.family not in VAGUE or len(others) <= CROWD:
                pairs |= dict.fromkeys((min(pk, other), max(pk, other)) for other in others if other != pk)
    everybody = mine | known({pk for pair in pairs for pk in pair} - mine.keys())
    away = set(Partner.objects.filter(pk__in=everybody, archived_at__isnull=False).values_list("pk", flat=True))
    shared = {key: len(others) for key, others in bearers.items() if key.family == "domain"}
    for low, high in sorted(pairs):
        if low in everybody and high in everybody and not {low, high} & away:
            verdict = _best(everybody[low], everybody[high], shared)
            if verdict.score >= LEAST and not {"siren_differs", "rna_differs"} & set(verdict.reasons):
                yield Pair(low, high, verdict.score, verdict.reasons)


def _best(one: Known, other: Known, shared: Mapping[Key, int]) -> Verdict:
    """The best verdict among the names and places that each is known under."""
    if not one.mentions or not other.mentions:
        return Verdict("new")
    verdicts = [decide(mention, [nearest(mention, other.mentions)], shared=shared) for mention in one.mentions[:24]]
    return max(verdicts, key=lambda verdict: (verdict.decision == "same", verdict.score))


def alike() -> list[Pair]:
    """Compare the whole network by likeness; what is no longer alike leaves the queue."""
    with transaction.atomic():
        found = _without_refused("partner", list(_grouped()))
        held = Judgement.objects.filter(kind="partner", verdict=Judgement.Verdict.OPEN)
        known_ = {(low, high): reasons for low, high, reasons in held.values_list("low", "high", "reasons")}
        pairs = {(pair.low, pair.high) for pair in found}
        for low, high in [pair for pair, reasons in known_.items() if reasons[:1] == [LIKENESS] and pair not in pairs]:
            held.filter(low=low, high=high).delete()
        _write("partner", [pair for pair in found if (pair.low, pair.high) not in known_])
    return found


def _grouped() -> Iterator[Pair]:
    """Pairs within the groups that the engine proposes; two official numbers are never one."""
    rows = network()
    if len(rows) < 2:
        return
    from reciproque.engines.linkage.linking import link  # noqa: PLC0415 -- compiled: seconds at its first use

    linked = link({name: rows[name] for name in ASKED}, level="partner", model=likeness.forests())
    groups: dict[int, dict[int, float]] = defaultdict(dict)
    for pk, group, score in zip(rows["id"].to_list(), linked.group.tolist(), linked.score.tolist(), strict=True):
        groups[group][pk] = max(score, groups[group].get(pk, 0.0))
    said = {row["id"]: row for row in rows.iter_rows(named=True)}
    for members in groups.values():
        if 2 <= len(members) <= CROWD:
            for low, high in combinations(sorted(members), 2):
                if not (said[low]["siren"] and said[high]["siren"] and said[low]["siren"] != said[high]["siren"]):
                    yield Pair(low, high, min(members[low], members[high]), (LIKENESS, *_why(said[low], said[high])))


def _why(one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[str]:
    """What two records have in common, as codes."""
    if (
        near(name_key(one["name"]), name_key(other["name"]))
        or fuzz.ratio(name_key(one["name"]), name_key(other["name"])) > CLOSE
    ):
        yield "name_close"
    if one["address"] and street_key(one["address"]) == street_key(other["address"]):
        yield "address_same"
    if one["city"] and place_key(one["city"]) == place_key(other["city"]):
        yield "city_same"
    if one["phone"] and one["phone"] == other["phone"]:
        yield "phone_same"
    if one["website"] and one["website"] == other["website"]:
        yield "web_same"


def network() -> "pl.DataFrame":
    """The standing partners, a line for each name they are known by, at their head."""
    import polars as pl  # noqa: PLC0415 -- heavy

    frames = []
    with transaction.atomic(), connection.connection.cursor(name="network") as cursor:
        cursor.execute(NETWORK)
        while lines := cursor.fetchmany(50_000):
            frames.append(
                pl.DataFrame(
                    lines,
                    schema={name: pl.Int64 if name == "id" else pl.String for name in ("id", *ASKED)},
                    orient="row",
                )
            )
    return pl.concat(frames) if frames else pl.DataFrame(schema={"id": pl.Int64})


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


def _write(kind: str, pairs: Iterable[Pair]) -> None:
    lines = [pair._asdict() for pair in pairs]
    links = "directory_partnerunit" if kind == "partner" else "sourcing_recordperson"
    with connection.cursor() as cursor:
        cursor.execute(WEIGH.format(kind=kind, links=links), {"pairs": json.dumps(lines)})


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


def families_of(kind: str, ids: Collection[int]) -> dict[int, set[int]]:
    """For each record, its number and those of all that it absorbed. One query per level."""
    found = {pk: {pk} for pk in ids}
    wave: dict[int, set[int]] = {pk: {pk} for pk in ids}
    table = "directory_partner" if kind == "partner" else "directory_person"
    while wave:
        with connection.cursor() as cursor:
            sql = f"SELECT id, merged_into_id FROM {table} WHERE merged_into_id = ANY(%s::bigint[])"  # noqa: S608
            cursor.execute(sql, [numbers(sorted(wave))])
            rows = cursor.fetchall()
        following: dict[int, set[int]] = defaultdict(set)
        for pk, above in rows:
            for root in wave[above]:
                found[root].add(pk)
                following[pk].add(root)
        wave = following
    return found
