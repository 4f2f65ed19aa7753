"""What imports add to the lists of partners and of people: the files that speak of them."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproque.directory.listing import partners, people
from reciproque.foundation.listing.filters import Choice
from reciproque.foundation.listing.narrowing import Narrowing, among
from reciproque.sourcing import policies
from reciproque.sourcing.models import ImportEffect, RecordPerson, Source, SourceRecord

SHOWN = 200
"""Imports among which one chooses."""


def sources(_actor: Any) -> list[tuple[str, Any]]:
    """Every source, with its unit: where a record comes from is written on it for all who read it."""
    rows = Source.objects.select_related("unit").order_by("unit__tree_key", "name")
    return [(str(source.pk), f"{source.name} ({source.unit.short_name or source.unit.name})") for source in rows]


def _numbers(values: Sequence[str]) -> list[int]:
    return [int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 19]


def partners_told(values: Sequence[str], _listing: Any) -> Narrowing:
    """Partners that rows of these sources speak of."""
    rows = SourceRecord.objects.speaking().filter(source__in=_numbers(values), partner__isnull=False)
    return among(rows, "partner_id")


def imports(actor: Any) -> list[tuple[str, Any]]:
    """The latest imports that one may open, by source and day."""
    rows = policies.imports.allowed(actor, "view").order_by("-pk")[:SHOWN]
    return [(str(run.pk), f"{run.source.name} ({localdate(run.created_at):%d/%m/%Y})") for run in rows]


def partners_of_imports(values: Sequence[str], listing: Any, *, created: bool) -> Narrowing:
    """Partners that these imports created, or else enriched."""
    runs = policies.imports.allowed(listing.actor, "view").filter(pk__in=_numbers(values)).order_by().values("pk")
    return among(ImportEffect.objects.filter(import_run__in=runs, model="partner", created=created), "object_id")


def people_told(values: Sequence[str], _listing: Any) -> Narrowing:
    """People whom rows of these sources name."""
    rows = SourceRecord.objects.speaking().filter(source__in=_numbers(values))
    return among(RecordPerson.objects.filter(record__in=rows), "person_id")


def offer() -> None:
    """Called when the application is ready."""
    partners.CATALOGUE.add(Choice("source", _("Source"), partners.RECORD, among=sources, links=partners_told))
    for key, label, created in (
        ("created_by", _("Créée par l’import"), True),
        ("enriched_by", _("Enrichie par l’import"), False),
    ):
        found = partial(partners_of_imports, created=created)
        partners.CATALOGUE.add(Choice(key, label, partners.RECORD, among=imports, links=found))
    people.CATALOGUE.add(Choice("source", _("Source"), people.RECORD, among=sources, links=people_told))
