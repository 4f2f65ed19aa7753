"""What the wizard's pages show: steps, samples beside columns, values to mend, candidates side by side."""

from collections.abc import Mapping as Anything
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from reciproque.engines.intake import Mapping, guess
from reciproque.engines.tabular import Inspection
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit
from reciproque.sourcing import reads, services, wording
from reciproque.sourcing.forms import ReadingForm
from reciproque.sourcing.models import Import, SourceRecord
from reciproque.sourcing.services.imports import sheet_of


def steps(run: Import | None = None, current: int = 0) -> dict[str, Any]:
    """The six steps, those behind as links where there is still something to do; `current` is guessed from the state unless given."""
    names = [_("Fichier"), _("Correspondance"), _("Contrôle"), _("Rapprochement"), _("Récapitulatif"), _("Rapport")]
    routes = ["", "import_columns", "import_problems", "import_matches", "import_summary", "import"]
    if run is None:
        return {"items": [{"label": name, "url": ""} for name in names], "current": 1}
    state = Import.State
    place = current or {state.UPLOADED: 2, state.CHECKING: 3, state.CHECKED: 3}.get(state(run.state), 6)
    waits = run.state in {state.UPLOADED, state.CHECKED}
    open_steps = {2, 3, 4, 5} if waits else {3, 4} if run.rows_open else set()
    items = [
        {
            "label": name,
            "url": reverse(f"sourcing:{route}", args=[run.pk]) if rank in open_steps and rank < place else "",
        }
        for rank, (name, route) in enumerate(zip(names, routes, strict=True), start=1)
    ]
    return {"items": items, "current": place}


def units_to_import_for(actor: Actor) -> QuerySet[Unit]:
    """The units for which somebody may import: theirs and those below; all of them for a data steward."""
    units = Unit.objects.active().in_tree_order()
    return units if actor.has(Role.DATA_STEWARD) else units.filter(pk__in=actor.units(Role.MEMBER))


def begin(actor: Actor, data: Anything[str, Any]) -> Import:
    """Keep the file, create its source if it is new, open the import: all or nothing."""
    with transaction.atomic():
        source = data.get("source") or services.create_source(actor=actor, unit=data["unit"], name=data["name"])
        file = services.receive_file(actor=actor, content=data["file"].file, name=data["file"].name)
        return services.open_import(actor=actor, source=source, file=file)


def columns_context(run: Import, form: Any, reading: Any = None) -> dict[str, Any]:
    """One line a column: heading, three samples, the two choices, how sure the guess is."""
    sheet = sheet_of(run.file, run.sheet)
    guesses = {found.column: found for found in guess(sheet.headers, sheet.evidence)}
    lines = []
    for column in Mapping.from_json(run.mapping).columns:
        samples = [cells[column.index] for cells in sheet.evidence if column.index < len(cells) and cells[column.index]]
        found = guesses.get(column.index)
        lines.append(
            {
                "header": column.header, "samples": list(dict.fromkeys(samples))[:3], "field": form[f"field_{column.index}"],
                "rule": form[f"rule_{column.index}"], "confidence": round(100 * found.confidence) if found and found.field else 0,
                "mapped": bool(column.field),
            }
        )  # fmt: skip
    sheets = Inspection.from_json(run.file.inspection).sheets
    return {
        "run": run, "form": form, "lines": lines, "sheet": sheet,
        "reading": reading or ReadingForm(sheet=sheet),
        "notes": [said for note in sheet.notes if (said := wording.sheet_note(note.code, note.detail))],
        "sheets": [s for s in sheets if s.n_rows], "steps": steps(run, 2),
        "unmapped": sum(1 for line in lines if not line["mapped"]), "usable": Mapping.from_json(run.mapping).usable,
    }  # fmt: skip


def problems_context(run: Import, code: str, column: int) -> dict[str, Any]:
    """The list of problems, and the values of the one chosen (the first that stops rows, by default)."""
    found = reads.problems_by_column(run)
    if not code and found:
        code, column = found[0]["code"], found[0]["column"]
    chosen = next((line for line in found if line["code"] == code and line["column"] == column), None)
    values = (
        reads.values_with_problem(run, code, column, waiting=chosen is not None and chosen["severity"] == "error")
        if chosen
        else []
    )
    waiting = SourceRecord.objects.filter(import_run=run, state=SourceRecord.State.WAITING, decision="").count()
    return {
        "run": run, "problems": found, "chosen": chosen, "values": values, "steps": steps(run, 3), "waiting": waiting,
        "may_mend": chosen is not None and chosen["severity"] == "error" and chosen["column"] >= 0, "tabs": reads.tab_counts(run),
    }  # fmt: skip


def mend(actor: Actor, run: Import, sent: Any, column: int) -> int:
    """Apply the corrections typed beside the values (`was_0`, `new_0`…), or leave out the rows ticked."""
    if sent.get("action") == "ignore":
        codes = sent.get("code", "")
        rows = SourceRecord.objects.filter(
            import_run=run, state=SourceRecord.State.WAITING, problem_codes__contains=[codes]
        )
        return services.ignore_records(actor=actor, run=run, ids=list(rows.values_list("pk", flat=True)))
    changes = {}
    for name, was in sent.items():
        new = sent.get(f"new_{name.removeprefix('was_')}", "") if name.startswith("was_") else ""
        if name.startswith("was_") and new != was:
            changes[was] = new
    return services.correct_cells(actor=actor, run=run, column=column, values=changes) if changes else 0


def decide(actor: Actor, run: Import, sent: Any) -> int:
    """Carry out a decision about the rows named, or about all those that are doubtful for the same reasons."""
    decision = sent.get("decision", "")
    if "reasons" in sent:
        return services.decide_alike(actor=actor, run=run, reasons=sent["reasons"].split(), decision=decision)
    ids = [int(pk) for pk in sent.getlist("record") if pk.isdecimal() and len(pk) < 19]
    return services.decide_records(actor=actor, run=run, ids=ids, decision=decision)


def matches_context(run: Import, tab: str, after: int) -> dict[str, Any]:
    """One tab of the reconciliation (unless told, the first that holds something), a page at a time."""
    counts = reads.tab_counts(run)
    names = {
        "douteuses": _("Douteuses"), "connues": _("Déjà connues"), "nouvelles": _("Nouvelles"), "en-attente": _("En attente"),
        "inchangees": _("Inchangées"),
    }  # fmt: skip
    tab = tab if tab in names else next((key for key in names if counts.get(key)), "douteuses")
    rows = reads.rows_of_tab(run, tab, after)
    address = reverse("sourcing:import_matches", args=[run.pk])
    tabs = [
        {"label": name, "url": f"{address}?onglet={key}", "active": key == tab, "count": counts.get(key, 0)}
        for key, name in names.items()
    ]
    more = rows[reads.PAGE - 1]["record"].rank if len(rows) > reads.PAGE else 0
    return {
        "run": run, "rows": rows[: reads.PAGE], "tab": tab, "tabs": tabs, "steps": steps(run, 4),
        "alike": reads.alike(run) if tab == "douteuses" else [],
        "more_url": f"{address}?onglet={tab}&apres={more}" if more else "",
    }  # fmt: skip
