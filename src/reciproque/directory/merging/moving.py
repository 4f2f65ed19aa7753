"""The rows of other tables: each has a home, the records it was made for, and stands with those that answer for them today.

Where two rows would stand where only one may (two ties with one unit), the one that is at home stays, the other is set aside, whole,
and completes it. All of it is computed anew from the homes at each merge and separation, so that their order does not matter.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.apps import apps
from django.db import connection, models

from reciproque.directory.merging.relations import Relation, relations
from reciproque.directory.merging.shapes import KINDS, everything
from reciproque.directory.models import MergeRow
from reciproque.engines.merging import is_empty
from reciproque.foundation.history import TECHNICAL

KIND_OF = {model: kind for kind, model in KINDS.items()}


def chain_of(kind: str, pk: int) -> list[int]:
    """This record, then those that absorbed it one after the other."""
    found = [pk]
    while above := everything(kind).filter(pk=found[-1]).values_list("merged_into", flat=True).first():
        found.append(above)
    return found


def root_of(kind: str, pk: int) -> int:
    """The record that answers for this one today: itself, or the last that absorbed it."""
    return chain_of(kind, pk)[-1]


def family_of(kind: str, pk: int) -> set[int]:
    """A record and all that it absorbed, one through the other."""
    found, wave = {pk}, [pk]
    while wave:
        wave = list(everything(kind).filter(merged_into__in=wave).values_list("pk", flat=True))
        found |= set(wave)
    return found


GROUP = """
WITH RECURSIVE above AS (
  SELECT id, merged_into_id FROM directory_partner WHERE id = %s
  UNION ALL SELECT one.id, one.merged_into_id FROM directory_partner one JOIN above ON one.id = above.merged_into_id
), same AS (
  SELECT %s::bigint AS id
  UNION ALL SELECT one.id FROM directory_partner one JOIN same ON one.merged_into_id = same.id
)
SELECT (SELECT id FROM above WHERE merged_into_id IS NULL), ARRAY(SELECT id FROM same)
"""


def group_of(pk: int, parent: int | None) -> tuple[int | None, list[int]]:
    """(who answers today for this parent, the numbers that a partner is known by: its own and those it absorbed). One query."""
    with connection.cursor() as cursor:
        cursor.execute(GROUP, [parent, pk])
        found: tuple[int | None, list[int]] = cursor.fetchone()
        return found


def strays(kind: str) -> set[int]:
    """The absorbed records that something was written to since."""
    away = everything(kind).filter(merged_into__isnull=False).values("pk")
    return {
        pk
        for one in relations(KINDS[kind])
        for pk in one.rows.filter(**{f"{one.field.attname}__in": away}).values_list(one.field.attname, flat=True)
    }


def counted(kind: str, ids: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
    """What each of these records would bring along: rows of each sort, named. One query per relation."""
    wanted = list(ids)
    found: dict[int, dict[str, int]] = {pk: {} for pk in wanted}
    for relation in relations(KINDS[kind]):
        name = relation.field.attname
        rows = relation.rows.filter(**{f"{name}__in": wanted}).order_by().values(name).annotate(n=models.Count("pk"))
        for pk, count in rows.values_list(name, "n"):
            found[pk][relation.label] = found[pk].get(relation.label, 0) + count
    return {pk: sorted(counts.items()) for pk, counts in found.items()}


def track(kind: str, pk: int) -> None:
    """Remember the home of every row that holds this record: it is about to be absorbed."""
    for relation in relations(KINDS[kind]):
        label = relation.model._meta.label_lower  # noqa: SLF001
        held = relation.of(pk).exclude(pk__in=MergeRow.objects.filter(model=label).values("row_id"))
        names = _holders(relation.model)
        lines = []
        for key, *ids in held.values_list("pk", *names):
            home = dict(zip(names, ids, strict=True))
            lines.append(MergeRow(model=label, row_id=key, home=home, shown=home, holders=_held(relation.model, home)))
        MergeRow.objects.bulk_create(lines, batch_size=2000)


def _holders(model: type[models.Model]) -> list[str]:
    """The columns of a table that hold records of the directory."""
    return [
        one.attname
        for one in _columns(model)
        if getattr(one, "related_model", None) in KIND_OF and one.name not in {"parent", "merged_into"}
    ]


def _held(model: type[models.Model], home: Mapping[str, Any]) -> list[str]:
    kinds = {one.attname: KIND_OF.get(one.related_model) for one in _columns(model) if one.is_relation}
    return sorted(f"{kinds[name]}:{pk}" for name, pk in home.items() if pk is not None)


@dataclass(slots=True)
class _Place:
    """A row and where it should stand. `hops` counts the records of its home that others answer for."""

    line: MergeRow | None
    pk: int
    values: dict[str, Any]
    hops: int = 0
    twin: int | None = None
    moved: dict[str, Any] = field(default_factory=dict)


def settle(kind: str, ids: Iterable[int]) -> None:
    """Give every row whose home is one of these records the place it has today."""
    wanted = [f"{kind}:{pk}" for pk in ids]
    lines: dict[str, list[MergeRow]] = defaultdict(list)
    for line in MergeRow.objects.filter(holders__overlap=wanted).order_by("pk"):
        lines[line.model].append(line)
    roots: dict[tuple[str, int], list[int]] = {}
    for label in sorted(lines):
        _settle_table(apps.get_model(label), lines[label], roots)


def _settle_table(model: type[models.Model], lines: list[MergeRow], roots: dict[tuple[str, int], list[int]]) -> None:
    _take_back(model, lines)
    places = _places(model, lines, roots)
    rules = _rules(model)
    if rules:
        places = _contest(model, places, rules)
    _write(model, places)
    _complete(model, places)
    _remember(model, places)


def _take_back(model: type[models.Model], lines: list[MergeRow]) -> None:
    """What rows set aside lent to their twins, unless somebody changed it since."""
    columns = {one.attname: one for one in _columns(model)}
    aside = {line.row_id: line for line in MergeRow.objects.filter(model=model._meta.label_lower).exclude(row=None)}  # noqa: SLF001
    for line in lines:
        for name, (before, after) in line.given.items():
            now = {name: _typed(columns[name], after)}
            model._base_manager.filter(pk=line.twin, **now).update(**{name: _typed(columns[name], before)})  # noqa: SLF001
            twin = aside.get(line.twin or 0)
            if twin is not None and twin.row and twin.row.get(name) == after:
                twin.row[name] = before
                twin.save(update_fields=["row"])
        line.given, line.twin = {}, None
    fresh = {pk: aside[pk].row for pk in (line.row_id for line in lines) if pk in aside}
    for line in lines:
        line.row = fresh.get(line.row_id, line.row)


def _places(model: type[models.Model], lines: list[MergeRow], roots: dict[tuple[str, int], list[int]]) -> list[_Place]:
    names = [one.attname for one in _columns(model)]
    kinds = {one.attname: KIND_OF[one.related_model] for one in _columns(model) if one.attname in _holders(model)}
    held = model._base_manager.filter(pk__in=[line.row_id for line in lines])  # noqa: SLF001
    rows = {row[_key(model)]: row for row in held.values(*names)}
    found = []
    for line in lines:
        values = rows.get(line.row_id) or (
            line.row and {name: _typed(_column(model, name), line.row.get(name)) for name in names}
        )
        if not values:
            line.delete()  # somebody deleted the row meanwhile
            continue
        for name, shown in line.shown.items():
            if line.row is None and values[name] != shown:
                line.home[name] = values[name]  # somebody moved it meanwhile: that is its home now
        place = _Place(line, line.row_id, dict(values))
        for name, pk in line.home.items():
            chain = [pk] if pk is None else roots.setdefault((kinds[name], pk), chain_of(kinds[name], pk))
            place.moved[name] = chain[-1]
            place.hops += len(chain) - 1
        found.append(place)
    return found


Rule = tuple[tuple[str, ...], models.Q]


def _rules(model: type[models.Model]) -> list[Rule]:
    """What may not be twice, among the rules that name a record of the directory."""
    found = set()
    for name in _holders(model):
        relation = Relation(model, next(one for one in _columns(model) if one.attname == name))
        for others, condition in relation.uniques():
            columns = sorted([name, *(_column(model, other).attname for other in others)])
            found.add((tuple(columns), condition))
    return sorted(found, key=lambda rule: rule[0])


def _contest(model: type[models.Model], places: list[_Place], rules: list[Rule]) -> list[_Place]:
    """Who stands where only one may: rows at home first, then the oldest. The others are set aside, with their twin."""
    mine = {place.pk for place in places}
    around = models.Q(pk__in=[])
    for name in _holders(model):
        around |= models.Q(**{f"{name}__in": {place.moved[name] for place in places} - {None}})
    names = [one.attname for one in _columns(model)]
    others = [
        _Place(None, row[_key(model)], row, moved={name: row[name] for name in _holders(model)})
        for row in model._base_manager.filter(around).exclude(pk__in=mine).values(*names)  # noqa: SLF001
    ]
    taken: dict[tuple[int, tuple[Any, ...]], int] = {}
    for place in sorted([*places, *others], key=lambda one: (one.hops, one.pk)):
        values = place.values | place.moved
        keys = [
            (rank, tuple(values[name] for name in columns))
            for rank, (columns, condition) in enumerate(rules)
            if _matches(condition, values)
        ]
        keys = [key for key in keys if None not in key[1]]
        place.twin = next((taken[key] for key in keys if key in taken), None)
        if place.twin is None:
            taken |= dict.fromkeys(keys, place.pk)
    return places


def _matches(condition: models.Q, row: Mapping[str, Any]) -> bool:
    """Whether values meet the condition of a constraint: equalities, joined by « and »."""
    met = True
    for child in condition.children:
        name, expected = cast("tuple[str, Any]", child)  # conditions of our constraints hold no other
        bare, _sep, test = name.partition("__")
        value = row.get(bare, row.get(f"{bare}_id"))
        met = met and ((value is None) == expected if test == "isnull" else value == expected)
    return met != condition.negated


def _write(model: type[models.Model], places: list[_Place]) -> None:
    """Rows that have lost their place leave first; then each goes where it stands, as soon as the place is free."""
    rows = model._base_manager  # noqa: SLF001
    leaving = [place for place in places if place.twin is not None and place.line and place.line.row is None]
    for place in leaving:
        if place.line:
            place.line.row = _plain(place.values)
    rows.filter(pk__in=[place.pk for place in leaving])._raw_delete(rows.db)  # noqa: SLF001 -- nothing hangs on them
    standing = [place for place in places if place.twin is None]
    coming = [place for place in standing if place.line and place.line.row is not None]
    moving = [place for place in standing if place not in coming and place.values | place.moved != place.values]
    if _rules(model):
        # A row may go where another is about to leave: those that move are taken up together, then put down.
        rows.filter(pk__in=[place.pk for place in moving])._raw_delete(rows.db)  # noqa: SLF001
        coming += moving
    else:
        _update(model, moving)
    for place in coming:
        _create(model, place.values | place.moved)
        if place.line:
            place.line.row = None


def _update(model: type[models.Model], moving: list[_Place]) -> None:
    by_target: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for place in moving:
        by_target[tuple(sorted(place.moved.items()))].append(place.pk)
    for target, ids in by_target.items():
        model._base_manager.filter(pk__in=ids).update(**dict(target))  # noqa: SLF001


def _complete(model: type[models.Model], places: list[_Place]) -> None:
    """What the row that stands does not say, the one set aside says for it."""
    columns = [
        one
        for one in _columns(model)
        if (not one.primary_key and one.name not in TECHNICAL and not one.is_relation) or one.name == "referent"
    ]
    for place in sorted((one for one in places if one.twin is not None), key=lambda one: (one.hops, one.pk)):
        held = model._base_manager.get(pk=place.twin)  # noqa: SLF001
        line = place.line
        if line is None:
            continue
        given = {
            one.attname: getattr(held, one.attname)
            for one in columns
            if is_empty(getattr(held, one.attname)) and not is_empty(place.values[one.attname])
        }
        line.twin = place.twin
        line.given = {
            name: [_plain({"x": before})["x"], _plain({"x": place.values[name]})["x"]] for name, before in given.items()
        }
        if given:
            model._base_manager.filter(pk=place.twin).update(**{name: place.values[name] for name in given})  # noqa: SLF001


def _remember(model: type[models.Model], places: list[_Place]) -> None:
    """Rows that are home again need no memory; the others keep theirs."""
    home: list[MergeRow] = []
    kept: list[MergeRow] = []
    for place in places:
        line = place.line
        if line is None:
            continue
        line.shown = place.moved
        line.holders = _held(model, line.home)
        (home if line.row is None and place.hops == 0 else kept).append(line)
    MergeRow.objects.filter(pk__in=[line.pk for line in home]).delete()
    MergeRow.objects.bulk_update(kept, ["home", "shown", "holders", "row", "twin", "given"], batch_size=2000)


def _create(model: type[models.Model], row: Mapping[str, Any]) -> None:
    """Write a row as it was, to the moment: Django itself would date it of today."""
    fields = [one for one in _columns(model) if one.attname in row]
    values = [one.get_db_prep_save(row[one.attname], connection) for one in fields]
    quoted = [connection.ops.quote_name(name) for name in (model._meta.db_table, *(f.column for f in fields))]  # noqa: SLF001
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quoted[0]} ({', '.join(quoted[1:])}) VALUES ({marks})", values)  # noqa: S608


def _columns(model: type[models.Model]) -> Iterator[Any]:
    return (one for one in model._meta.concrete_fields if not one.generated)  # noqa: SLF001


def _column(model: type[models.Model], name: str) -> Any:
    return next(one for one in model._meta.concrete_fields if name in (one.name, one.attname))  # noqa: SLF001


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.attname)  # noqa: SLF001


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them; moments to the microsecond."""
    found: dict[str, Any] = json.loads(json.dumps(dict(values), default=lambda value: value.isoformat()))
    return found


def _typed(column: Any, value: Any) -> Any:
    """A value out of JSON, as the column holds it."""
    if value is None or isinstance(value, list | dict):
        return value
    return (column.target_field if column.is_relation else column).to_python(value)
