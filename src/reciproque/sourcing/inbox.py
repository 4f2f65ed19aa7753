"""What this module puts on the home page: imports to go on with, rows to decide about."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reciproque.foundation.inbox import COUNTED, SHOWN, Found, Item, Provider, register
from reciproque.institution.access import Actor
from reciproque.sourcing import policies
from reciproque.sourcing.models import Import, SourceRecord

S, R = Import.State, SourceRecord.State


def offer() -> None:
    """Called when the application is ready."""
    register(Provider("imports_to_finish", gettext_lazy("Imports à terminer"), 30, to_finish))
    register(Provider("import_rows_waiting", gettext_lazy("Lignes d’import à traiter"), 31, to_decide))


def to_finish(actor: Actor, hidden: frozenset[int]) -> Found:
    """One's own imports that wait for a step, and those that failed."""
    runs = policies.imports.allowed(actor, "run").exclude(pk__in=hidden)
    mine = runs.filter(author_id=actor.user_id, state__in=[S.UPLOADED, S.CHECKED, S.STOPPED, S.FAILED])
    items = [
        Item(
            key=f"imports_to_finish:{run.pk}", title=str(run.source),
            why=_("Vous avez commencé cet import (%(file)s) : %(state)s.") % {"file": run.file, "state": run.get_state_display()},
            url=reverse("sourcing:import", args=[run.pk]), action=_("Continuer"), icon="file-import",
        )
        for run in mine.order_by("-pk")[:SHOWN]
    ]  # fmt: skip
    return Found(mine[:COUNTED].count(), items, reverse("sourcing:import_list"))


def to_decide(actor: Actor, hidden: frozenset[int]) -> Found:
    """Imports of one's units that are done but for rows that wait."""
    waiting = Count("records", filter=Q(records__state=R.WAITING))
    runs = policies.imports.allowed(actor, "run").exclude(pk__in=hidden).filter(state=S.DONE)
    found = runs.filter(counts__waiting__gt=0).annotate(waiting=waiting).filter(waiting__gt=0)
    shown: Any = found.order_by("-pk")[:SHOWN]
    items = [
        Item(
            key=f"import_rows_waiting:{run.pk}", title=str(run.source),
            why=ngettext(
                "%(n)s ligne attend : un doute sur l’organisation, ou une valeur à corriger.",
                "%(n)s lignes attendent : un doute sur l’organisation, ou une valeur à corriger.", run.waiting,
            ) % {"n": run.waiting},
            url=reverse("sourcing:import_matches", args=[run.pk]), action=_("Traiter"), icon="git-compare",
        )
        for run in shown
    ]  # fmt: skip
    return Found(found[:COUNTED].count(), items, reverse("sourcing:import_list"))
