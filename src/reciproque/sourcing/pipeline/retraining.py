"""A model learnt from the installation's own rows: those whose SIREN is known, and the pairs that people judged.

Identifiers are hidden from what is learnt: rows that bear the same SIREN teach how one partner is written differently, rows that bear
two SIREN how two partners look alike. It runs in a process of its own, reads a bounded number of rows, and adopts nothing: it
writes a file and a report.
"""

import resource
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from reciproque.foundation.jobs import apart
from reciproque.institution.access import Actor
from reciproque.sourcing.models import TrainedModel
from reciproque.sourcing.pipeline import likeness, weighing
from reciproque.sourcing.services import models as services

if TYPE_CHECKING:
    import polars as pl

ROWS = 60_000
"""Rows read at most: those that share a SIREN first. It bounds memory and time."""
MEMORY = 6 << 30
"""Bytes of address space; compiled kernels map much more than they use."""
LEAST_SAME, LEAST_DIFFERENT = 200, 500
"""Pairs of each kind under which nothing is learnt: a model made of fewer would only repeat them."""
COLUMNS = ("name", "siren", "siret", "address", "postcode", "city", "phone", "email", "website")
GATHER = """
WITH said AS (
  SELECT record.draft->'partner'->>'name' AS name,
    coalesce(nullif(record.draft->'partner'->>'siren', ''), left(record.draft->'site'->>'siret', 9)) AS siren,
    coalesce(record.draft->'site'->>'siret', '') AS siret, record.draft->'site'->>'address' AS address,
    record.draft->'site'->>'postcode' AS postcode, record.draft->'site'->>'city' AS city,
    coalesce(record.draft->'partner'->>'phone', record.draft->'site'->>'phone') AS phone,
    coalesce(record.draft->'partner'->>'email', record.draft->'site'->>'email') AS email, record.draft->'partner'->>'web' AS website
  FROM sourcing_sourcerecord record LEFT JOIN directory_partner partner ON partner.id = record.partner_id
  WHERE record.state = 'applied' AND record.current AND coalesce(partner.sharing, '') <> 'restricted'
  UNION ALL
  SELECT spelled.name, partner.siren, coalesce(site.siret, ''), site.address, site.postcode, site.city,
    coalesce(nullif(partner.phone, ''), site.phone), partner.email, partner.web
  FROM directory_partner partner LEFT JOIN directory_site site ON site.partner_id = partner.id AND site.is_head
  CROSS JOIN LATERAL (SELECT partner.name UNION SELECT partner.usual_name WHERE partner.usual_name <> '') AS spelled(name)
  WHERE partner.siren <> '' AND partner.archived_at IS NULL AND partner.sharing <> 'restricted'
), known AS (
  SELECT DISTINCT name, siren, siret, coalesce(address, '') AS address, coalesce(postcode, '') AS postcode, coalesce(city, '') AS city,
    coalesce(phone, '') AS phone, coalesce(email, '') AS email, coalesce(website, '') AS website
  FROM said WHERE name <> '' AND siren ~ '^[0-9]{9}$'
)
SELECT name, siren, siret, address, postcode, city, phone, email, website FROM (
  SELECT known.*, count(*) OVER (PARTITION BY siren) AS times FROM known
) counted ORDER BY times > 1 DESC, md5(siren), siren, name, address, siret LIMIT %s
"""
JUDGED = """
SELECT judgement.low, judgement.high, judgement.verdict = 'same' FROM sourcing_judgement judgement
LEFT JOIN sourcing_check checked ON checked.judgement_id = judgement.id
WHERE judgement.kind = 'partner' AND judgement.verdict IN ('same', 'different')
  AND (judgement.decided_by_id IS NOT NULL OR checked.answer = 'right')
ORDER BY judgement.id
"""
SPOKEN = """
SELECT partner.id, coalesce(nullif(base.own->>'name', ''), partner.name), coalesce(site.address, ''), coalesce(site.postcode, ''),
  coalesce(site.city, ''), coalesce(nullif(partner.phone, ''), site.phone, ''), partner.email, partner.web
FROM directory_partner partner
LEFT JOIN directory_mergebase base ON base.kind = 'partner' AND base.record_id = partner.id
LEFT JOIN LATERAL (SELECT * FROM directory_site WHERE partner_id = partner.id ORDER BY is_head DESC, id LIMIT 1) site ON true
WHERE partner.id = ANY(%s::bigint[]) AND partner.sharing <> 'restricted' ORDER BY partner.id
"""


class Gathered(NamedTuple):
    """Rows whose SIREN is known, then those that people judged; `judged` are (row, row, same) among the whole."""

    rows: "pl.DataFrame"
    judged: list[tuple[int, int, bool]]
    named: int


def run(model_id: int) -> None:
    """Learn the model that is asked for, in a process of its own; a failure is told on the page, and tried again by the job."""
    if TrainedModel.objects.filter(pk=model_id, state=TrainedModel.State.TRAINING).exists():
        try:
            apart("reciproque.sourcing.pipeline.retraining", "learn")
        except Exception:
            services.training_failed(actor=Actor.system("apprentissage"), model_id=model_id)
            raise


def learn() -> None:
    """The process of an apprenticeship: its memory is bounded, then it proposes."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
    propose()


def propose() -> None:
    """Gather, learn, compare with the model in service on the same pairs, and propose."""
    model = TrainedModel.objects.filter(state=TrainedModel.State.TRAINING).order_by("pk").first()
    if model is None:
        return
    report, code = made(gather())
    services.trained(actor=Actor.system("apprentissage"), model=model, report=report, code=code)


def gather(most: int = ROWS) -> Gathered:
    """Rows of sources and of the directory whose SIREN is known, and pairs that people judged. Kept-apart records teach nothing."""
    import polars as pl  # noqa: PLC0415 -- heavy

    from reciproque.foundation.database.bulk import numbers  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(GATHER, [most])
        known = cursor.fetchall()
        cursor.execute(JUDGED)
        verdicts = cursor.fetchall()
        cursor.execute(SPOKEN, [numbers({pk for low, high, _same in verdicts for pk in (low, high)})])
        spoken = {row[0]: (row[1], "", "", *row[2:]) for row in cursor.fetchall()}
    place, lines = {}, list(known)
    for pk, line in spoken.items():
        place[pk] = len(lines)
        lines.append(line)
    judged = [(place[low], place[high], bool(same)) for low, high, same in verdicts if low in place and high in place]
    frame = pl.DataFrame(lines, schema=dict.fromkeys(COLUMNS, pl.String), orient="row").fill_null("")
    return Gathered(frame, judged, len(known))


def made(gathered: Gathered) -> tuple[dict[str, Any], str]:
    """(report, code of the file written; empty when there were too few pairs to learn from)."""
    from reciproque.engines.linkage import scoring  # noqa: PLC0415 -- heavy
    from reciproque.sourcing.pipeline import comparing  # noqa: PLC0415

    decided = weighing.settings_in_force()
    old = likeness.forests()
    files, judged, lessons = comparing.taught(gathered)
    report: dict[str, Any] = {
        "in_service": likeness.in_service(), "shipped": likeness.in_service() == likeness.shipped(),
        "sizes": comparing.sizes(gathered, lessons), "least": {"same": LEAST_SAME, "different": LEAST_DIFFERENT},
        "automatic": decided.automatic,
    }  # fmt: skip
    missing = {
        "same": max(0, LEAST_SAME - report["sizes"]["same"]),
        "different": max(0, LEAST_DIFFERENT - report["sizes"]["different"]),
    }
    if any(missing.values()):
        return report | {"missing": missing}, ""
    forests, measured = comparing.learnt(files, judged, lessons, old, decided.automatic)
    folder = likeness.folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = folder / "candidate.part"
    scoring.save(partial, forests)
    code = likeness.code_of(partial)
    partial.replace(likeness.path_of(code))
    peak = resource.getrusage(resource.RUSAGE_SELF)
    cost = {"seconds": round(peak.ru_utime + peak.ru_stime, 1), "megabytes": round(peak.ru_maxrss / 1024)}
    return report | measured | {"cost": cost}, code
