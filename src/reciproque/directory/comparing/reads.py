"""The comparison of two to four records: what each says, line by line, and what they would say together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reciproque.directory import policies, services
from reciproque.directory.comparing.kinds import COMPARED, Compared
from reciproque.directory.merging import moving, tree
from reciproque.directory.merging.foreseeing import Brought, foresee
from reciproque.directory.merging.shapes import KINDS, SHAPES, values_of
from reciproque.directory.models import Merge, Partner, Position, Site
from reciproque.directory.records.showing import label, origins_of, shown
from reciproque.engines.linkage import person_key
from reciproque.engines.merging import Values, is_empty
from reciproque.foundation.database.kept import ready
from reciproque.foundation.errors import DomainError
from reciproque.institution.access import Actor
from reciproque.institution.models import User

QUIET = frozenset({"latitude", "longitude", "city_code", "department"})
"""Follow the address; nobody reads them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one record says on a line, and where it has it from. `taken`: that is what stays."""

    pk: int
    name: str
    text: str
    origin: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the comparison. `united`: all the values are kept, there is nothing to choose.

    `default` is the record whose value stays when nobody chooses; `result` what they say together.
    """

    head: str
    label: str
    cells: list[Cell]
    united: bool
    default: int
    result: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A record at the head of its column."""

    record: Any
    name: str
    detail: str
    page: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole page. `same` counts the lines on which all agree; `problem` says why they cannot be one."""

    kind: Compared
    kept: Any
    columns: list[Column]
    rows: list[Row]
    same: int
    problem: str
    foreign: list[Any]
    pairs: list[tuple[Any, Any]]
    follows: list[Brought]

    @property
    def others(self) -> int:
        """How many records are absorbed."""
        return len(self.columns) - 1


def compare(
    actor: Actor, kind: Compared, ids: Sequence[int], kept: int = 0, choices: Mapping[str, int] | None = None
) -> Comparison | None:
    """The records face to face, the one that would be kept first chosen by what it holds; None when fewer than two may be read."""
    records = list(kind.found(actor, ids))
    if len(records) < 2:
        return None
    weight = moving.counted(kind.kind, [record.pk for record in records])
    records.sort(key=lambda one: (-_standing(kind.kind, one), -weight[one.pk], one.pk))
    chosen = next((one for one in records if one.pk == kept), records[0])
    others = [one for one in records if one.pk != chosen.pk]
    rows = _rows(kind.kind, records, chosen, others, choices or {})
    titles = _told_apart([kind.named(one)[0] for one in records])
    columns = [
        Column(one, title, kind.named(one)[1], kind.page(one), one.pk == chosen.pk)
        for title, one in zip(titles, records, strict=True)
    ]
    return Comparison(
        kind=kind,
        kept=chosen,
        columns=columns,
        rows=[row for row in rows if row.differs],
        same=sum(1 for row in rows if not row.differs and row.result),
        problem=_problem(kind.kind, records),
        foreign=[one for one in records if not one.mergeable],
        pairs=_people_twice(actor, records) if kind.kind == Merge.Kind.PARTNER else [],
        follows=foresee(kind.kind, chosen.pk, [one.pk for one in others]),
    )


def _told_apart(names: list[str]) -> list[str]:
    """The same names, numbered where two are alike: read under one another on a phone, values would not say whose they are."""
    if len(set(names)) == len(names):
        return names
    return [f"{name} ({number})" for number, name in enumerate(names, 1)]


def _standing(kind: str, record: Any) -> int:
    """An official number makes the better record, then what the register knows."""
    if kind == Merge.Kind.PARTNER:
        return 2 * bool(record.siren or record.rna) + bool(record.register_checked_on)
    return bool(getattr(record, "siret", "") or getattr(record, "email", ""))


def _problem(kind: str, records: Sequence[Any]) -> str:
    try:
        services.check_mergeable(kind, records)
    except DomainError as error:
        return str(error)
    return ""


def _rows(kind: str, records: Sequence[Any], kept: Any, others: list[Any], choices: Mapping[str, int]) -> list[Row]:
    shape, names = SHAPES[kind], _Names(records)
    values = {one.pk: values_of(kind, one) for one in records}
    titles = dict(zip(values, _told_apart([str(one) for one in records]), strict=True))
    origins = {one.pk: origin for one, origin in zip(records, origins_of(records), strict=True)}
    plain = tree.preview(kind, [kept, *others], {})
    result = tree.preview(kind, [kept, *others], choices) if choices else plain
    rows = []
    for block in shape.blocks:
        head, united = block[0], block[0] in shape.lists or block[0] in shape.texts
        default, taken = (_whose(kept, others, said.taken[head]) for said in (plain, result))
        cells = [
            Cell(
                one.pk,
                titles[one.pk],
                names.said(kind, block, values[one.pk]),
                origins[one.pk].get(head, ("", False))[0],
                one.pk == taken,
            )
            for one in records
        ]
        together = names.said(kind, block, result.values)
        differs = len({cell.text for cell in cells}) > 1
        rows.append(Row(head, _label(kind, block), cells, united, default, together, differs))
    return rows


def _whose(kept: Any, others: Sequence[Any], place: int) -> int:
    return int(kept.pk if place < 0 else others[place].pk)


def _label(kind: str, block: Sequence[str]) -> str:
    if block[0] == "head":
        return _("Siège")
    if block[0] == "last_name":
        return _("Nom")
    return label(KINDS[kind], block[0])


class _Names:
    """The names behind numbers, each read once for the whole page."""

    def __init__(self, records: Sequence[Any]) -> None:
        owners = [int(one.pk) for one in records]
        self._sites = {site.pk: str(site) for site in Site.everything.filter(partner__in=owners)}
        parents = [int(one.parent_id) for one in records if getattr(one, "parent_id", None)]
        self._partners = {row.pk: row.label for row in Partner.objects.filter(pk__in=parents)} if parents else {}
        self._units = {one.unit_id: str(one.unit) for one in records if getattr(one, "unit_id", None)}
        self._users = {one.referent_id: str(one.referent) for one in records if getattr(one, "referent_id", None)}

    def said(self, kind: str, block: Sequence[str], values: Values) -> str:
        """A block in words."""
        if block[0] == "head":
            return self._sites.get(values.get("head") or 0, "")
        if block[0] == "sharing":
            return self._sharing(kind, values)
        known = {"parent": self._partners, "referent": self._users}
        parts = [
            shown(KINDS[kind], name, _typed(kind, name, values.get(name)), known)
            for name in block
            if name not in QUIET and not is_empty(values.get(name))
        ]
        return (" " if block[0] in ("last_name", "postcode") else " · ").join(part for part in parts if part)

    def _sharing(self, kind: str, values: Values) -> str:
        said = shown(KINDS[kind], "sharing", values["sharing"])
        unit = self._units.get(values.get("unit") or 0) or ""
        readers = User.objects.filter(pk__in=values.get("readers") or []) if values.get("readers") else []
        return " · ".join([said, *filter(None, [str(unit)]), *map(str, readers)])


def _typed(kind: str, name: str, value: Any) -> Any:
    column: Any = KINDS[kind]._meta.get_field(name)  # noqa: SLF001 -- Django's own introspection
    return value if column.is_relation or isinstance(value, list) else column.to_python(value)


def _people_twice(actor: Actor, records: Sequence[Any]) -> list[tuple[Any, Any]]:
    """People of the same name in several of these partners: likely the same one."""
    rows = Position.objects.filter(partner__in=[one.pk for one in records], ended_on=None)
    people = policies.people.allowed(actor, "merge").filter(pk__in=rows.values("person"), archived_at=None)
    seen: dict[str, Any] = {}
    found = []
    for person in people.order_by("pk")[:500]:
        key = person_key(person.first_name, person.last_name)
        if key in seen and person.first_name:
            found.append((seen[key], person))
        seen.setdefault(key, person)
    return found


@dataclass(frozen=True, slots=True)
class Past:
    """Records that this one absorbed, and whether they may be separated."""

    merge: Merge
    name: str
    word: str


@ready
def _merges(kind: str, *, record: int) -> QuerySet[Merge]:
    mine = Q(kind=kind, kept_id=record)
    if kind == Merge.Kind.PARTNER:
        places = Site.everything.filter(partner=record, merged_into__isnull=False).values("pk")
        mine |= Q(kind=Merge.Kind.SITE, absorbed_id__in=places, entailed_by=None)
    return Merge.objects.filter(mine, undone_at=None).select_related("user")


def absorbed_by(record: Any, kind: str) -> list[Past]:
    """What this record absorbed, and its places likewise; the most recent first. One query when there is nothing."""
    merges = _merges(str(kind), record=record.pk)
    if below := moving.family_of(kind, record.pk) - {record.pk} if merges else set():
        merges += Merge.objects.filter(kind=kind, kept_id__in=below, undone_at=None).select_related("user")
    own = tree.own_names(merges)
    found = [Past(merge, own[merge.pk], str(capfirst(merge.get_kind_display()))) for merge in merges]
    return sorted(found, key=lambda one: one.merge.at, reverse=True)


def separable(actor: Actor, ids: Sequence[int]) -> tuple[list[Merge], str]:
    """Those of these merges that stand, the last first, and the page to go back to; none when the actor may not read a record."""
    merges = list(Merge.objects.filter(pk__in=ids, undone_at=None).order_by("-pk"))
    pages = []
    for one in merges:
        compared = COMPARED[one.kind]
        record = compared.found(actor, [moving.root_of(one.kind, one.kept_id)]).first()
        if record is None:
            return [], ""
        pages.append(compared.page(record))
    return merges, pages[-1] if pages else ""


def made(kind: str, absorbed: Sequence[int]) -> list[int]:
    """The merges that stand of these absorbed records."""
    return list(Merge.objects.filter(kind=kind, absorbed_id__in=absorbed, undone_at=None).values_list("pk", flat=True))
