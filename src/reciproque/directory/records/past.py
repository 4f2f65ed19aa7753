"""The history of a record as people read it: by operation, before and after, with what can be brought back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, Trim
from django.utils.translation import gettext_lazy as _

from reciproque.directory import policies
from reciproque.directory.models import Partner, PartnerUnit, Person, Position, Site
from reciproque.directory.records.showing import label, shown
from reciproque.directory.services.history import EDITABLE
from reciproque.foundation import history
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User

SAID: dict[str, Any] = {
    "directory.create_partner": _("a créé la fiche"),
    "directory.create_person": _("a créé la fiche"),
    "directory.edit_partner": _("a modifié la fiche"),
    "directory.edit_person": _("a modifié la fiche"),
    "directory.edit_partners": _("a modifié plusieurs fiches à la fois"),
    "directory.tag_partners": _("a changé les étiquettes"),
    "directory.undo_bulk": _("a annulé une modification en nombre"),
    "directory.add_site": _("a ajouté un établissement"),
    "directory.edit_site": _("a modifié un établissement"),
    "directory.remove_site": _("a retiré un établissement"),
    "directory.set_head_site": _("a changé le siège"),
    "directory.archive_partner": _("a archivé la fiche"),
    "directory.unarchive_partner": _("a désarchivé la fiche"),
    "directory.archive_person": _("a archivé la fiche"),
    "directory.unarchive_person": _("a désarchivé la fiche"),
    "directory.set_referent": _("a changé le référent"),
    "directory.set_sharing": _("a changé le partage"),
    "directory.set_contact_preference": _("a noté les préférences de contact"),
    "directory.add_position": _("a ajouté une fonction"),
    "directory.edit_position": _("a modifié une fonction"),
    "directory.end_position": _("a noté la fin d’une fonction"),
    "directory.tie_unit": _("a modifié le lien avec une entité"),
    "directory.untie_unit": _("a retiré le lien avec une entité"),
    "directory.restore_field": _("a rétabli une valeur"),
    "directory.release_field": _("a rendu une valeur aux sources"),
    "directory.set_informed": _("a noté l’information de la personne"),
    "directory.merge_records": _("a réuni des fiches"),
    "directory.separate": _("a séparé des fiches"),
    "directory.separate_all": _("a séparé des fiches"),
    "directory.set_ties_referent": _("a changé le référent d’une entité"),
    "sourcing.apply_import": _("a importé des données"),
    "sourcing.undo_import": _("a annulé un import"),
    "sourcing.settle_partner": _("a recalculé la fiche depuis ses sources"),
}
CLOSE = dt.timedelta(minutes=10)
HIDDEN = frozenset({"partner", "person", "latitude", "longitude", "city_code", "is_head", "merged_into"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after; `restorable` is the event whose value would be brought back, if any."""

    field: str
    label: str
    before: str
    after: str
    model: str
    object_id: int
    restorable: int | None

    @property
    def place(self) -> tuple[str, int, str]:
        """Which field of which record."""
        return self.model, self.object_id, self.field

    def from_(self, older: Change) -> Change:
        """This change told from where an older one of the same field began."""
        return replace(self, before=older.before, restorable=older.restorable)


@dataclass(slots=True)
class Step:
    """What somebody did in one go: what changed, and the whole `state` of what appears for the first time.

    `since` is earlier than `at` when several changes of the same person, close together, are told as one.
    """

    at: dt.datetime
    since: dt.datetime
    actor: str
    said: Any
    changes: list[Change] = field(default_factory=list)
    state: list[Change] = field(default_factory=list)


def of_partner(actor: Actor, partner: Partner) -> list[Step]:
    """The history of a partner, its sites and its ties with units."""
    around = (Site, PartnerUnit)
    events = [history.event_model(model).objects.filter(partner_id=partner.pk) for model in around]
    ranked = [rows.annotate(rank=Value(rank)).values_list("rank", "pgh_obj_id") for rank, rows in enumerate(events)]
    ids = list(ranked[0].union(ranked[1]))
    found = history.entries(partner)
    for rank, model in enumerate(around):
        if mine := [pk for which, pk in ids if which == rank]:
            found += history.entries_of(model, mine)
    return _steps(actor, found)


def of_person(actor: Actor, person: Person) -> list[Step]:
    """The history of a person; that of their functions is in the order of the functions themselves."""
    return _steps(actor, history.entries(person))


def latest(model: type[models.Model], object_id: int) -> int:
    """The last event of a record: what to go back to in order to undo the next one. Zero when it has none."""
    events = history.event_model(model).objects.filter(pgh_obj_id=object_id).order_by("-pgh_id")
    return int(events.values_list("pgh_id", flat=True).first() or 0)


def _steps(actor: Actor, entries: list[history.Entry]) -> list[Step]:
    names = _names(actor, entries)
    previous = _previous(entries)
    steps: dict[tuple[Any, ...], Step] = {}
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.event_id), reverse=True):
        key = (entry.at, entry.actor, entry.operation)
        said = SAID.get(entry.operation) or _("a modifié la fiche")
        step = steps.setdefault(key, Step(entry.at, entry.at, entry.actor, said))
        told = [_change(entry, one, names, previous) for one in entry.changes if one.field not in HIDDEN]
        if entry.event_id in previous or entry.kind == "delete":
            _absorb(step, told)
        else:
            step.state += told
    return _together(steps.values())


def _together(steps: Iterable[Step]) -> list[Step]:
    """Newest first: what the same person does again within ten minutes on other fields is one step.

    A field written twice is told twice: the value in between was somebody's, it can be read and brought back.
    """
    told: list[Step] = []
    for step in steps:
        last = told[-1] if told else None
        if last is None or not _alike(last, step):
            told.append(step)
            continue
        last.since = step.since
        last.changes = [*last.changes, *step.changes]
    return told


def _absorb(step: Step, older: Iterable[Change]) -> None:
    """Add older changes of one operation: a field it wrote twice is told once, and not at all when it came back."""
    newer = {change.place: change for change in step.changes}
    begun = [newer.pop(change.place).from_(change) if change.place in newer else change for change in older]
    step.changes = [*newer.values(), *(change for change in begun if change.before != change.after)]


def _alike(later: Step, earlier: Step) -> bool:
    same = (later.actor, later.said) == (earlier.actor, earlier.said)
    plain = later.changes and earlier.changes and not (later.state or earlier.state)
    apart = {change.place for change in later.changes}.isdisjoint(change.place for change in earlier.changes)
    return bool(same and plain and apart and later.since - earlier.at <= CLOSE)


def _previous(entries: Iterable[history.Entry]) -> dict[int, int]:
    """The event before each event of the same record."""
    last: dict[tuple[str, int], int] = {}
    found: dict[int, int] = {}
    for entry in sorted(entries, key=lambda entry: entry.event_id):
        key = (entry.model, entry.object_id)
        if key in last:
            found[entry.event_id] = last[key]
        last[key] = entry.event_id
    return found


def _model(name: str) -> type[models.Model]:
    return {m._meta.label_lower: m for m in (Partner, Site, PartnerUnit, Person, Position)}[name]  # noqa: SLF001


def _change(entry: history.Entry, one: history.FieldChange, names: Any, previous: dict[int, int]) -> Change:
    model = _model(entry.model)
    editable = one.field in EDITABLE.get(model, frozenset()) and entry.kind == "update"
    return Change(
        field=one.field,
        label=label(model, one.field),
        before=shown(model, one.field, one.before, names),
        after=shown(model, one.field, one.after, names),
        model=model._meta.model_name or "",  # noqa: SLF001
        object_id=entry.object_id,
        restorable=previous.get(entry.event_id) if editable else None,
    )


def _names(actor: Actor, entries: list[history.Entry]) -> dict[str, dict[int, str]]:
    """The names behind the numbers of foreign keys; a partner that the actor may not read stays unnamed."""
    ids: dict[str, set[int]] = {}
    for entry in entries:
        for change in entry.changes:
            ids.setdefault(change.field, set()).update(v for v in (change.before, change.after) if isinstance(v, int))
    full_name = Trim(Concat("first_name", Value(" "), "last_name"))
    users = User.objects.filter(pk__in=ids.get("referent", ())).annotate(said=full_name).order_by()
    units = Unit.objects.filter(pk__in=ids.get("unit", ())).annotate(said=F("name")).order_by()
    named: dict[str, dict[int, str]] = {"referent": {}, "unit": {}}
    asked = [
        rows.annotate(of=Value(of)).values_list("of", "pk", "said")
        for of, rows in (("referent", users), ("unit", units))
    ]
    for of, pk, said in asked[0].union(asked[1]):
        named[of][pk] = said
    allowed = policies.partners.allowed(actor, "view").filter(pk__in=ids["parent"]) if ids.get("parent") else []
    return named | {"parent": {row.pk: row.label for row in allowed}}
