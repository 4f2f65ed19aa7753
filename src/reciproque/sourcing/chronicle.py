"""What imports announce to the timeline of a partner: the files that told of it."""

from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, IntegerField, Min, TextField, Value
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from reciproque.directory.models import Partner
from reciproque.foundation.chronicle import COLUMNS, Teller, register
from reciproque.institution.access import Actor
from reciproque.sourcing import policies
from reciproque.sourcing.models import SourceRecord


def offer() -> None:
    """Called when the application is ready."""
    register(Teller("import", gettext_lazy("import"), _imports, _said, _where))


def _imports(actor: Actor, partner: Partner) -> Any:
    """One fact an import, whatever its rows about the partner, among those the actor may read."""
    rows = policies.records.allowed(actor, "view").filter(partner=partner.pk, state=SourceRecord.State.APPLIED)
    text = TextField()
    return rows.order_by().select_related(None).values("import_run").annotate(
        source=Value("import", CharField()), number=Cast(F("import_run"), BigIntegerField()), day=TruncDate(Min("applied_at")),
        words=Cast(Min("import_run__source__name"), text),
        more=Cast(Count("pk"), text), author=Value("", text), unit=Cast(Min("import_run__unit__short_name"), text),
        hue=Cast(Min("import_run__unit__colour"), IntegerField()),
    ).values(*COLUMNS)  # fmt: skip


def _said(row: Any) -> str:
    lines = int(row.more)
    words = ngettext("Import de « %(source)s » : %(n)s ligne", "Import de « %(source)s » : %(n)s lignes", lines)
    return words % {"source": row.words, "n": lines}


def _where(row: Any) -> str:
    return reverse("sourcing:import", args=[row.number])
