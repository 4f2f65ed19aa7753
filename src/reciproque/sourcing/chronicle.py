"""What imports announce to the timeline of a partner: the files that told of it."""

from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, IntegerField, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from reciproque.directory.models import Partner
from reciproque.foundation.chronicle import COLUMNS, Teller, register
from reciproque.institution.access import Actor
from reciproque.sourcing import policies
from reciproque.sourcing.models import Import, SourceRecord


def offer() -> None:
    """Called when the application is ready."""
    register(Teller("import", gettext_lazy("import"), _imports, _said, _where))


def _imports(actor: Actor, partner: Partner) -> Any:
    """One fact an import, whatever its rows about the partner, among those the actor may read."""
    told = policies.records.allowed(actor, "view").filter(partner=partner.pk, state=SourceRecord.State.APPLIED)
    told = told.select_related(None).order_by()
    lines = told.filter(import_run=OuterRef("pk")).values("import_run").annotate(lines=Count("pk")).values("lines")
    text = TextField()
    return Import.objects.filter(pk__in=told.values("import_run")).order_by().annotate(
        teller=Value("import", CharField()), number=Cast(F("pk"), BigIntegerField()),
        day=TruncDate(Coalesce("finished_at", "created_at")), words=Cast(F("source__name"), text),
        more=Cast(Subquery(lines), text), who=Value("", text), place=Cast(F("unit__short_name"), text),
        hue=Cast(F("unit__colour"), IntegerField()),
    ).values(*COLUMNS)  # fmt: skip


def _said(row: Any) -> str:
    lines = int(row.more)
    words = ngettext("Import de « %(source)s » : %(n)s ligne", "Import de « %(source)s » : %(n)s lignes", lines)
    return words % {"source": row.words, "n": lines}


def _where(row: Any) -> str:
    return reverse("sourcing:import", args=[row.number])
