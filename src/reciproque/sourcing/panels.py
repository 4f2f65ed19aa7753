"""What this module shows on a partner's page: the rows that speak of it."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Partner
from reciproque.engines.intake import Mapping
from reciproque.foundation.database.kept import ready
from reciproque.foundation.panels import PARTNER_PANELS, PARTNER_WAYS, Panel, Way
from reciproque.institution.access import Actor
from reciproque.sourcing import policies
from reciproque.sourcing.models import RegisterProposal, Source, SourceRecord
from reciproque.sourcing.pipeline import golden
from reciproque.sourcing.register import queue

SHOWN = 30


@ready
def _rows(actor: Actor, *, partner: Partner) -> QuerySet[SourceRecord]:
    rows = policies.records.marked(actor, "notice", readable="view").filter(partner=partner)
    return rows.order_by("-observed_on", "-pk")[:SHOWN]


def sources_of(actor: Actor, partner: Partner) -> dict[str, Any] | None:
    """The source records of a partner: whose, when, and, for those who may read them, the cells as they were given."""
    found = [
        {
            "record": row,
            "cells": [
                (column.header, row.cells[column.index], row.corrections.get(str(column.index), ""))
                for column in Mapping.from_json(row.import_run.mapping).columns
                if column.index < len(row.cells) and row.cells[column.index] and column.field != "meta.ignore"
            ]
            if (row.readable or row.source.kind == Source.Kind.REGISTER) and row.import_run.mapping  # type: ignore[attr-defined]
            else [],
            "speaks": row.state == SourceRecord.State.APPLIED and row.current,
        }
        for row in _rows(actor, partner=partner)
    ]
    return {"sources": found, "contradictions": _contradictions(partner, found)} if found else None


def _contradictions(partner: Partner, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where the rows that the reader may see disagree: the value kept, and what the others say."""
    readable = {line["record"].pk: line["record"] for line in found if line["speaks"] and line["cells"]}
    said = [each for each in golden.speaking(Partner, [partner.pk]).get(partner.pk, []) if each.record in readable]
    return [
        {
            "label": getattr(Partner._meta.get_field(field), "verbose_name", field),  # noqa: SLF001 -- Django's own
            "kept": getattr(partner, field),
            "others": [
                (other.value, readable[other.origin.record].source.name)
                for other in others
                if other.origin.record in readable
            ],
        }
        for field, others in sorted(golden.contradictions(said).items())
    ]


PARTNER_PANELS.append(Panel("sources", _("Sources"), "main", 60, "sourcing/panel.html", sources_of))


def register_of(actor: Actor, partner: Partner) -> dict[str, Any] | None:
    """What the register says of a partner, and what it proposes."""
    if partner.country != "FR":
        return None
    rows = _proposed(actor, partner=partner, today=localdate())
    waiting = [(tab, one) for tab in queue.TABS for one in [row for row in rows if row.kind in queue.TABS[tab]][:3]]
    return {"told": [queue.told(one) for _tab, one in waiting], "tab": waiting[0][0] if waiting else ""}


@ready
def _proposed(actor: Actor, *, partner: Partner, today: dt.date) -> QuerySet[RegisterProposal]:
    return queue.waiting(actor, "", today=today).filter(partner=partner)[:SHOWN]


PARTNER_PANELS.append(Panel("register", _("Registre SIRENE"), "aside", 40, "sourcing/register_panel.html", register_of))
PARTNER_WAYS.append(Way(_("Chercher dans SIRENE"), "sourcing:register_create", "database"))
