"""What the register says of a partner becomes a source record like any other: golden values follow, origins are shown."""

import datetime as dt
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.directory.models import Partner, Site
from reciproque.directory.services import common
from reciproque.engines.register.facts import Company
from reciproque.engines.register.facts import Site as Place
from reciproque.foundation.errors import DomainError
from reciproque.institution.models import Unit
from reciproque.sourcing.models import Import, ImportFile, Source, SourceRecord
from reciproque.sourcing.pipeline import settling
from reciproque.sourcing.register import values
from reciproque.sourcing.register.reach import register

CODE = "sirene"
S = SourceRecord.State


def source() -> Source:
    """The official register as a source of the establishment."""
    root = Unit.objects.filter(parent=None).order_by("pk").first()
    if root is None:
        raise DomainError(_("Il faut d’abord créer l’établissement."))
    found, _made = Source.objects.get_or_create(
        code=CODE, defaults={"name": "Registre SIRENE", "kind": Source.Kind.REGISTER, "unit": root}
    )
    return found


def state_of_register() -> dt.date:
    """The day of the register's data: that of the last load, today when only the services answer."""
    held = register()
    return dt.date.fromisoformat(held.manifest.loaded_at[:10]) if held is not None else localdate()


def _run(about: Source) -> Import:
    """The import under which today's register is read: one a load."""
    day = state_of_register()
    file, _made = ImportFile.objects.get_or_create(
        path=f"registre/{day.isoformat()}",
        defaults={"original_name": f"Registre SIRENE, {day:%d/%m/%Y}", "sha256": "", "size": 0},
    )
    run, _made = Import.objects.get_or_create(
        source=about, file=file,
        defaults={
            "unit": about.unit, "mapping": values.mapping(), "observed_on": day, "state": Import.State.DONE, "finished_at": timezone.now(),
        },
    )  # fmt: skip
    return Import.objects.select_for_update().get(pk=run.pk)


def write(partner: Partner, company: Company, site: Site | None, place: Place | None) -> SourceRecord:
    """Note what the register says of a partner and of one of its sites, and settle both. The caller holds the transaction."""
    about = source()
    run = _run(about)
    draft = values.draft_of(company, place)
    key = place.siret if place else company.siren
    former = SourceRecord.objects.filter(source=about, partner=partner, state=S.APPLIED, current=True)
    same_place = former.filter(site=site) if site else former
    before = same_place.order_by("-pk").first()
    same_place.update(current=False)
    last = SourceRecord.objects.filter(import_run=run).aggregate(last=Max("line"))["last"] or 0
    record = SourceRecord.objects.create(
        import_run=run, source=about, unit=about.unit, line=last + 1, observed_on=run.observed_on, cells=values.cells_of(draft), draft=draft,
        row_key=key, state=S.APPLIED, decision=SourceRecord.Decision.SAME, score=1, before=before, current=True, partner=partner, site=site,
        applied_at=timezone.now(),
    )  # fmt: skip
    Import.objects.filter(pk=run.pk).update(total=last + 1, done=last + 1)
    settle(partner, site)
    return record


def settle(partner: Partner, site: Site | None) -> None:
    """Give both the values that their sources agree upon now."""
    settling.settle(Partner, [partner.pk])
    if site is not None:
        settling.settle(Site, [site.pk])


def withdraw(record: SourceRecord) -> None:
    """The register no longer says this; what it said before speaks again."""
    SourceRecord.objects.filter(pk=record.pk).update(state=S.WITHDRAWN, current=False)
    if record.before_id:
        SourceRecord.objects.filter(pk=record.before_id, state=S.APPLIED).update(current=True)
    if record.partner is not None:
        settle(record.partner, record.site)


def mark(partner: Partner, company: Company) -> dict[str, Any]:
    """State, diffusion, size and day of checking, which no file speaks of; returns them as they were."""
    row = common.locked(partner, None, {})
    fields = ("register_state", "diffusion", "size_category", "register_checked_on")
    before = {field: getattr(row, field) for field in fields}
    row.register_state, row.diffusion = "A" if company.is_active else "C", "P" if company.is_partial else "O"
    row.size_category = company.size if company.size in Partner.Size.values else row.size_category
    row.register_checked_on = state_of_register()
    common.keep(row)
    checked = before["register_checked_on"]
    return before | {"register_checked_on": checked.isoformat() if checked else None}


def unmark(partner: Partner, before: dict[str, Any]) -> None:
    """Put back what `mark` replaced."""
    row = common.locked(partner, None, {})
    for field, value in before.items():
        setattr(row, field, dt.date.fromisoformat(value) if field == "register_checked_on" and value else value)
    common.keep(row)
