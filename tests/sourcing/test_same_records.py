"""The files of five units, brought in one after the other: what they leave is written down here, and is the same whatever the batches.

`golden/records.json` changes only when a rule of reading, matching or surviving does: look at the difference, then write it anew with
`GOLDEN=write pytest tests/sourcing/test_same_records.py`.
"""

import datetime as dt
import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from reciproque.demo.messy import messy_files
from reciproque.demo.seed import chosen
from reciproque.directory.models import Partner, Position, Site
from reciproque.sourcing import services
from reciproque.sourcing.models import SourceRecord
from reciproque.sourcing.pipeline import applying, checking, known, running, settling, staging
from tests.sourcing.importing import Desk

GOLDEN = Path(__file__).parent / "golden" / "records.json"
DAY = dt.date(2026, 11, 23)
PARTNER = (
    "name",
    "usual_name",
    "acronym",
    "kind",
    "siren",
    "rna",
    "naf",
    "legal_category",
    "headcount_band",
    "web",
    "email",
    "phone",
)
SITE = ("name", "siret", "uai", "address", "postcode", "city", "is_head", "phone", "email")


def bring(desk: Desk) -> None:
    """Every file, as its unit would: guessed columns, what is certain written, what is doubtful left waiting."""
    for file in messy_files(today=DAY):
        run = desk.open(file.content, source=file.source, name=file.filename)
        services.map_columns(actor=desk.actor, run=run, mapping=chosen(run.mapping))
        run.refresh_from_db()
        services.start_check(actor=desk.actor, run=run)
        running.check(run.pk)
        run.refresh_from_db()
        desk.write(run)


def left() -> dict[str, Any]:
    """What there is now, without any number of the database: partners, places, people, and what became of each row."""
    partners = list(Partner.objects.all())
    names = {one.pk: f"{one.name}|{one.siren}|{one.city}" for one in partners}
    told = sorted(
        json.dumps([[getattr(one, field) for field in PARTNER], sorted(one.origins)], ensure_ascii=False)
        for one in partners
    )
    sites = sorted(
        json.dumps([names[one.partner_id], *(getattr(one, field) for field in SITE)], ensure_ascii=False)
        for one in Site.objects.all()
    )
    jobs = sorted(
        json.dumps(
            [names[one.partner_id], str(one.person), one.person.email, one.person.phone, one.title, one.service],
            ensure_ascii=False,
        )
        for one in Position.objects.select_related("person")
    )
    rows = sorted(
        json.dumps(
            [
                one.source.code,
                one.line,
                one.state,
                one.decision,
                names.get(one.partner_id or 0, ""),
                sorted(one.problem_codes),
            ]
        )
        for one in SourceRecord.objects.select_related("source")
    )
    return {"partners": told, "sites": sites, "functions": jobs, "rows": rows}


def short(found: dict[str, Any]) -> dict[str, Any]:
    """What the reference keeps: how many of each, states of the rows by file, and a digest of the whole."""
    states = Counter(tuple(json.loads(row)[0:3:2]) for row in found["rows"])
    return {
        **{kind: len(rows) for kind, rows in found.items()},
        "states": {" ".join(key): count for key, count in sorted(states.items())},
        "problems": dict(sorted(Counter(code for row in found["rows"] for code in json.loads(row)[5]).items())),
        "digests": {kind: hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16] for kind, rows in found.items()},
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("batch", [None, 17])
def test_the_files_of_five_units_leave_what_is_written_down(batch, monkeypatch, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    if batch:
        for module, name in (
            (staging, "CHUNK"),
            (checking, "CHUNK"),
            (known, "CHUNK"),
            (applying, "BATCH"),
            (settling, "BATCH"),
        ):
            monkeypatch.setattr(module, name, batch)
    bring(Desk())
    found = short(left())
    if os.environ.get("GOLDEN") == "write" and not batch:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    assert found == json.loads(GOLDEN.read_text())
