"""How likely each pair of partners that waits is one, by the model in service; then its zone.

Weighing reads the whole network: it runs in a process of its own. Sorting is one statement, whatever the number of pairs.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from reciproque.foundation.database.bulk import numbers
from reciproque.sourcing.models import Judgement, MatchingSettings
from reciproque.sourcing.models.zones import ONLY
from reciproque.sourcing.pipeline import likeness, network

WAITING = (Judgement.Verdict.OPEN, Judgement.Verdict.LATER)
CHUNK = 20_000
BESIDE = ("name_close", "address_same", "web_same", "siren_same", "register_same")
"""What must be shared beside a telephone: alone it is right 94 times of a hundred (a switchboard, an accountant, a shared office)."""
WEIGHED = """
UPDATE sourcing_judgement held SET likelihood = new.likelihood, model = %(model)s, weighed_at = %(at)s
FROM unnest(%(ids)s::bigint[], %(likelihoods)s::float8[]) AS new(id, likelihood)
WHERE held.id = new.id
"""
# Why a pair is not merged alone. `undone` stays: somebody took that very merge back. Refusals are looked up by who answers today
# for the two records that were refused.
WITHHELD = """
WITH RECURSIVE pair AS (
  SELECT id, low, high, withheld, reasons FROM sourcing_judgement
  WHERE kind = 'partner' AND verdict IN ('open', 'later') {only}
), record AS (
  SELECT partner.id, partner.unit_id, partner.sharing, partner.rna, partner.vat, partner.foreign_id, partner.parent_id,
    ARRAY(SELECT DISTINCT number FROM (
      SELECT partner.siren UNION ALL
      SELECT left(site.siret, 9) FROM directory_site site WHERE site.partner_id = partner.id AND site.merged_into_id IS NULL
    ) AS own(number) WHERE number <> '' ORDER BY number) AS sirens,
    coalesce((SELECT site.uai FROM directory_site site WHERE site.partner_id = partner.id AND site.is_head), '') AS uai
  FROM directory_partner partner WHERE partner.id IN (SELECT low FROM pair UNION SELECT high FROM pair)
), refusal AS (
  SELECT id, low, high FROM sourcing_judgement WHERE kind = 'partner' AND verdict = 'different'
), up(start, at) AS (
  SELECT low, low FROM refusal UNION SELECT high, high FROM refusal
  UNION SELECT up.start, partner.merged_into_id FROM up JOIN directory_partner partner ON partner.id = up.at
  WHERE partner.merged_into_id IS NOT NULL
), answering AS (
  SELECT up.start, up.at FROM up JOIN directory_partner partner ON partner.id = up.at WHERE partner.merged_into_id IS NULL
), apart AS (
  SELECT DISTINCT least(one.at, other.at) AS low, greatest(one.at, other.at) AS high FROM refusal
  JOIN answering one ON one.start = refusal.low JOIN answering other ON other.start = refusal.high
), said AS (
  SELECT pair.id, CASE
    WHEN pair.withheld = 'undone' THEN 'undone'
    WHEN apart.low IS NOT NULL THEN 'refused'
    WHEN (one.sirens <> '{{}}' AND other.sirens <> '{{}}' AND one.sirens <> other.sirens)
      OR (one.rna <> '' AND other.rna <> '' AND one.rna <> other.rna)
      OR (one.vat <> '' AND other.vat <> '' AND one.vat <> other.vat)
      OR (one.foreign_id <> '' AND other.foreign_id <> '' AND one.foreign_id <> other.foreign_id)
      OR (one.uai <> '' AND other.uai <> '' AND one.uai <> other.uai) THEN 'numbers'
    WHEN one.parent_id = other.id OR other.parent_id = one.id THEN 'group'
    WHEN one.sharing <> other.sharing OR one.sharing = 'restricted' THEN 'sharing'
    WHEN one.unit_id <> other.unit_id AND NOT %(free)s THEN 'units'
    WHEN pair.reasons ? 'phone_same' AND NOT pair.reasons ?| %(beside)s::text[] THEN 'contact'
    ELSE '' END AS why
  FROM pair JOIN record one ON one.id = pair.low JOIN record other ON other.id = pair.high
  LEFT JOIN apart ON apart.low = pair.low AND apart.high = pair.high
)
UPDATE sourcing_judgement held SET withheld = said.why,
  zone = CASE WHEN held.zone = 'automatic' AND said.why <> '' THEN 'review' ELSE held.zone END
FROM said WHERE said.id = held.id AND held.withheld <> said.why
"""
SORTED = """
WITH sorted AS (
  SELECT id, CASE WHEN likelihood IS NULL THEN 'review'
    WHEN likelihood < %(review)s AND NOT reasons ? 'register_same' THEN 'dropped'
    WHEN likelihood >= %(automatic)s AND withheld = '' THEN 'automatic' ELSE 'review' END AS zone
  FROM sourcing_judgement WHERE kind = 'partner' AND verdict IN ('open', 'later')
)
UPDATE sourcing_judgement held SET zone = sorted.zone FROM sorted WHERE sorted.id = held.id AND held.zone <> sorted.zone
"""


def contact_only(reasons: Collection[str]) -> bool:
    """Whether two organisations share a telephone and nothing else: somebody looks, however likely they are one."""
    return "phone_same" in reasons and not set(BESIDE).intersection(reasons)


def weigh() -> int:
    """Weigh every pair of partners that waits; returns how many. Those that cannot be found in the network any more are left alone."""
    import numpy as np  # noqa: PLC0415 -- heavy
    import polars as pl  # noqa: PLC0415

    from reciproque.engines.linkage.pairs import odds_of  # noqa: PLC0415

    code, began = likeness.in_service(), timezone.now()
    forest = likeness.forests(code)["partner"]
    pairs = pl.DataFrame(
        list(Judgement.objects.filter(kind="partner", verdict__in=WAITING).values_list("id", "low", "high")),
        schema={"pair": pl.Int64, "low": pl.Int64, "high": pl.Int64}, orient="row",
    )  # fmt: skip
    if not len(pairs):
        return 0
    rows = network.everybody()
    places = rows.select(pl.col("id")).with_row_index("row")
    met = pairs.join(places.rename({"id": "low", "row": "left"}), on="low")
    met = met.join(places.rename({"id": "high", "row": "right"}), on="high").sort("pair", "left", "right")
    if not len(met):
        return 0
    left, right = met["left"].to_numpy().astype(np.int64), met["right"].to_numpy().astype(np.int64)
    odds = odds_of({name: rows[name] for name in network.ASKED}, left, right, forest=forest)
    best = met.select("pair").with_columns(odds=pl.Series(odds)).group_by("pair").agg(pl.col("odds").max()).sort("pair")
    likely = forest.calibrated(best["odds"].to_numpy()).tolist()
    return _keep(best["pair"].to_list(), likely, code, began)


def _keep(ids: list[int], likelihoods: list[float], code: str, at: dt.datetime) -> int:
    for start in range(0, len(ids), CHUNK):
        with connection.cursor() as cursor:
            some = [min(1.0, max(0.0, value)) for value in likelihoods[start : start + CHUNK]]
            values: dict[str, Any] = {
                "model": code,
                "at": at,
                "ids": numbers(ids[start : start + CHUNK]),
                "likelihoods": some,
            }
            cursor.execute(WEIGHED, values)
    return len(ids)


def withhold(ids: Collection[int] | None = None) -> None:
    """Say of every open pair of partners (of these only, when given) what forbids to merge it alone. One statement."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "free": settings.MERGES_ACROSS_UNITS == "free",
            "ids": numbers(ids or ()),
            "beside": list(BESIDE),
        }
        only = "AND id = ANY(%(ids)s::bigint[])" if ids is not None else ""
        cursor.execute(WITHHELD.format(only=only), values)


def sort(decided: MatchingSettings) -> int:
    """Give every pair of partners that waits the zone that the thresholds give it; returns how many moved. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(SORTED, {"automatic": decided.automatic, "review": decided.review})
        return int(cursor.rowcount)


def settings_in_force() -> MatchingSettings:
    """The establishment's settings, the cautious ones until somebody has decided."""
    return MatchingSettings.objects.filter(pk=ONLY).select_related("changed_by").first() or MatchingSettings(pk=ONLY)


def weigh_and_sort() -> None:
    """The night's work on pairs: their likelihood, what withholds them, their zone."""
    weigh()
    with transaction.atomic():
        withhold()
        sort(settings_in_force())
