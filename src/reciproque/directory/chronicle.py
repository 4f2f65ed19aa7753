"""What the directory announces to the timeline of a partner: records brought together with it."""

from typing import Any

from django.db.models import BigIntegerField, CharField, F, IntegerField, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproque.directory import policies
from reciproque.directory.models import Merge, Partner
from reciproque.foundation.chronicle import COLUMNS, Teller, register
from reciproque.institution.access import Actor


def offer() -> None:
    """Called when the application is ready."""
    register(Teller("merge", gettext_lazy("réunion de fiches"), _merges, _said, lambda _row: ""))


def _merges(actor: Actor, partner: Partner) -> Any:
    """The merges that stand; the other record is named to those who may read it."""
    other = policies.partners.allowed(actor, "view").filter(pk=OuterRef("absorbed_id")).order_by().values("name")[:1]
    rows = Merge.objects.filter(kind="partner", kept_id=partner.pk, undone_at=None).order_by()
    text = TextField()
    return rows.annotate(
        teller=Value("merge", CharField()), number=Cast(F("pk"), BigIntegerField()), day=TruncDate("at"),
        words=Coalesce(Subquery(other, output_field=text), Value("", text)), more=Value("", text),
        who=Cast(Concat("user__first_name", Value(" "), "user__last_name"), text), place=Value("", text),
        hue=Value(0, IntegerField()),
    ).values(*COLUMNS)  # fmt: skip


def _said(row: Any) -> str:
    if row.words:
        return _("La fiche « %(name)s » a été réunie à celle-ci") % {"name": row.words}
    return _("Une autre fiche a été réunie à celle-ci")
