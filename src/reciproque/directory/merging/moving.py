"""The rows of other tables: each has a home, the records it was made for, and stands with those that answer for them today.

Where two rows would stand where only one may (two ties with one unit), the one that is at home stays, the other is set aside, whole,
and completes it. All of it is computed anew from the homes at each merge and separation, so that their order does not matter.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Any, cast

from django.apps import apps
from django.db import connection, models

from reciproque.directory.merging.relations import Relation, relations
from reciproque.directory.merging.shapes import KINDS, everything
from reciproque.directory.models import MergeRow
from reciproque.engines.merging import is_empty
from reciproque.foundation.database.bulk import CHUNK, bulk_insert, bulk_write
from reciproque.foundation.history import TECHNICAL

KIND_OF = {model: kind for kind, model in KINDS.items()}
Chains = dict[tuple[str, int], list[int]]
"""(kind, record) → itself, then those that absorbed it one after the other."""


def chain_of(kind: str, pk: int) -> list[int]:
    """This record, then those that absorbed it one after the other."""
    found = [pk]
    while above := everything(kind).filter(pk=found[-1]).values_list("merged_into", flat=True).first():
        found.append(above)
    return found


def chains_of(kind: str, ids: Iterable[int]) -> dict[int, list[int]]:
    """The same of many records. One query, and one more for each time that some of them were absorbed."""
    found = {pk: [pk] for pk in ids}
    growing = list(found.values())
    while growing:
        away = everything(kind).filter(pk__in={chain[-1] for chain in growing}, merged_into__isnull=False)
        above = dict(away.values_list("pk", "merged_into"))
        growing = [chain for chain in growing if chain[-1] in above]
        for chain in growing:
            chain.append(above[chain[-1]])
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


@dataclass(slots=True)
class Place:
    """A row and where it should stand. `hops` {column: how many records, one after the other, answer for that of its home}.

    `dismissed`: it was set aside for a twin that somebody deleted since, and waits for its own record to be separated.
    """

    line: MergeRow | None
    pk: int
    values: dict[str, Any]
    hops: dict[str, int] = field(default_factory=dict)
    twin: int | None = None
    moved: dict[str, Any] = field(default_factory=dict)
    dismissed: bool = False


def foreseen(model: type[models.Model], lines: Iterable[MergeRow], ahead: Chains) -> list[Place]:
    """Where these rows would stand if the records named in `ahead` were answered for so; nothing is written."""
    places, _lost = _places(model, list(lines), dict(ahead))
    _contest(model, places)
    return places


def counted(kind: str, ids: Iterable[int]) -> dict[int, int]:
    """How many rows of other tables hold each of these records. One query per relation."""
    found = dict.fromkeys(ids, 0)
    for relation in relations(KINDS[kind]):
        name = relation.field.attname
        rows = relation.rows.filter(**{f"{name}__in": found}).order_by().values(name).annotate(n=models.Count("pk"))
        for pk, count in rows.values_list(name, "n"):
            found[pk] += count
    return found


def track(kind: str, pk: int) -> list[MergeRow]:
    """The memory of every row that holds this record, which is about to be absorbed; `settle` keeps it."""
    fresh: dict[tuple[str, int], MergeRow] = {}
    for relation in relations(KINDS[kind]):
        name, held = relation.field.attname, relation.of(pk)
        known = {line.row_id: line for line in tracked(relation.model, held)}
        strayed = [line for line in known.values() if line.shown.get(name) != pk]
        for line in strayed:  # somebody moved it here meanwhile: this is its home now
            line.home[name] = line.shown[name] = pk
            line.holders = _held(relation.model, line.home)
        MergeRow.objects.bulk_update(strayed, ["home", "shown", "holders"], batch_size=2000)
        fresh |= {
            (line.model, line.row_id): line for line in lines_of(relation.model, held.exclude(pk__among=list(known)))
        }
    return list(fresh.values())


def tracked(model: type[models.Model], rows: models.QuerySet[Any]) -> models.QuerySet[MergeRow]:
    """The memory kept of these rows."""
    return MergeRow.objects.filter(model=model._meta.label_lower, row_id__in=rows.values("pk"))  # noqa: SLF001


def lines_of(model: type[models.Model], rows: models.QuerySet[Any]) -> list[MergeRow]:
    """The memory of these rows as they stand, at home; not yet kept."""
    label, names = model._meta.label_lower, _holders(model)  # noqa: SLF001
    homes = [(key, dict(zip(names, ids, strict=True))) for key, *ids in rows.values_list("pk", *names)]
    return [
        MergeRow(model=label, row_id=key, home=home, shown=dict(home), holders=_held(model, home))
        for key, home in homes
    ]


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


def settle(kind: str, ids: Iterable[int], fresh: Iterable[MergeRow] = ()) -> None:
    """Give every row whose home is one of these records the place it has today; `fresh` are those just tracked."""
    wanted = [f"{kind}:{pk}" for pk in ids]
    lines: dict[str, list[MergeRow]] = defaultdict(list)
    for line in [*MergeRow.objects.filter(holders__overlap=wanted).order_by("pk"), *fresh]:
        lines[line.model].append(line)
    chains: Chains = {}
    for label in sorted(lines):
        _settle_table(apps.get_model(label), lines[label], chains)


def _settle_table(model: type[models.Model], lines: list[MergeRow], chains: Chains) -> None:
    before = {line.row_id: _said(line) for line in lines if line.pk}
    if any(line.row is not None for line in lines):
        _take_back(model, lines)
    places, lost = _places(model, lines, chains)
    _forget([line.pk for line in lost if line.pk])
    _contest(model, places)
    _write(model, places)
    _complete(model, places)
    _remember(model, places, before)


def _said(line: MergeRow) -> str:
    """All that a line remembers, to tell whether it changed."""
    return json.dumps([line.home, line.shown, line.holders, line.row, line.twin, line.given], sort_keys=True)


def _take_back(model: type[models.Model], lines: list[MergeRow]) -> None:
    """What rows set aside lent to their twins, unless somebody changed it since."""
    columns = {one.attname: one for one in _columns(model)}
    label, named = model._meta.label_lower, {line.twin for line in lines} | {line.row_id for line in lines}  # noqa: SLF001
    held = MergeRow.objects.filter(model=label, row_id__among=list(named - {None}), row__isnull=False)
    aside = {line.row_id: line for line in held}
    deserted = _deserted(model, lines)
    for line in lines:
        for name, (before, after) in line.given.items():
            now = {name: _typed(columns[name], after)}
            model._base_manager.filter(pk=line.twin, **now).update(**{name: _typed(columns[name], before)})  # noqa: SLF001
            twin = aside.get(line.twin or 0)
            if twin is not None and twin.row and twin.row.get(name) == after:
                twin.row[name] = before
                twin.save(update_fields=["row"])
        line.given, line.twin = {}, line.twin if line.row_id in deserted else None
    fresh = {pk: aside[pk].row for pk in (line.row_id for line in lines) if pk in aside}
    for line in lines:
        line.row = fresh.get(line.row_id, line.row)


def _deserted(model: type[models.Model], lines: Iterable[MergeRow]) -> set[int]:
    """Rows set aside whose twin stands nowhere any more, nor is itself set aside: somebody deleted it."""
    twins = {line.row_id: line.twin for line in lines if line.row is not None and line.twin is not None}
    if not twins:
        return set()
    named = list(set(twins.values()))
    there = set(model._base_manager.filter(pk__among=named).values_list("pk", flat=True))  # noqa: SLF001
    held = MergeRow.objects.filter(model=model._meta.label_lower, row_id__among=named, row__isnull=False)  # noqa: SLF001
    there |= set(held.values_list("row_id", flat=True))
    return {pk for pk, twin in twins.items() if twin not in there}


def _places(model: type[models.Model], lines: list[MergeRow], chains: Chains) -> tuple[list[Place], list[MergeRow]]:
    """(where each row should stand, the rows that are no more: somebody deleted them, or what they hang on)."""
    whole = bool(rules_of(model))  # elsewhere none is ever set aside: where it stands says enough
    names = [one.attname for one in _columns(model)] if whole else [_key(model), *_holders(model)]
    held = model._base_manager.filter(pk__among=[line.row_id for line in lines])  # noqa: SLF001
    rows = {row[_key(model)]: row for row in held.values(*names)}
    found: list[Place] = []
    lost: list[MergeRow] = []
    for line in lines:
        kept = line.row and {name: _typed(_column(model, name), line.row.get(name)) for name in names}
        values = rows.get(line.row_id) or kept
        if not values:
            lost.append(line)
            continue
        for name, shown in line.shown.items():
            if line.row is None and values[name] != shown:
                line.home[name] = values[name]  # somebody moved it meanwhile: that is its home now
        found.append(Place(line, line.row_id, dict(values)))
    _send(model, found, chains)
    deserted = _deserted(model, lines)
    for place in found:
        if place.line and place.pk in deserted and any(place.hops.values()):
            place.dismissed, place.twin = True, place.line.twin
    gone = _orphans(model, [place for place in found if place.line and place.line.row is not None])
    lost += [place.line for place in found if place.pk in gone and place.line]
    return [place for place in found if place.pk not in gone], lost


def _send(model: type[models.Model], places: list[Place], chains: Chains) -> None:
    """Each row goes to those who answer today for the records of its home."""
    kinds = {one.attname: KIND_OF[one.related_model] for one in _columns(model) if one.attname in _holders(model)}
    homes = [(place, name, pk) for place in places if place.line for name, pk in place.line.home.items()]
    for kind in set(kinds.values()):
        unknown = {pk for _place, name, pk in homes if kinds[name] == kind and pk is not None} - {
            pk for known, pk in chains if known == kind
        }
        chains |= {(kind, pk): chain for pk, chain in chains_of(kind, unknown).items()}
    for place, name, pk in homes:
        chain = [pk] if pk is None else chains[kinds[name], pk]
        place.moved[name] = chain[-1]
        place.hops[name] = len(chain) - 1


def _orphans(model: type[models.Model], places: list[Place]) -> set[int]:
    """Rows set aside that hang on something deleted since: they went with it, as their twins did. Others only forget it."""
    gone: set[int] = set()
    for column in (one for one in _columns(model) if one.is_relation and places):
        named = {(place.values | place.moved)[column.attname] for place in places} - {None}
        rows = column.related_model._base_manager.filter(pk__in=named)  # noqa: SLF001
        dead = named - set(rows.values_list("pk", flat=True)) if named else set()
        for place in places:
            if (place.values | place.moved)[column.attname] not in dead:
                continue
            if column.remote_field.on_delete is not models.SET_NULL:
                gone.add(place.pk)
                continue
            place.values[column.attname] = None
            for held in (place.moved, place.line.home if place.line else {}):
                if column.attname in held:
                    held[column.attname] = None
    return gone


@dataclass(frozen=True, slots=True)
class Rule:
    """These columns may not hold the same twice, among the rows that meet the condition; `blanks`: nor may nothing be there twice."""

    columns: tuple[str, ...]
    condition: models.Q
    blanks: bool

    def key(self, row: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """What this row takes under this rule; None when the rule is not for it."""
        found = tuple(row[name] for name in self.columns)
        return found if _matches(self.condition, row) and (self.blanks or None not in found) else None


@cache
def rules_of(model: type[models.Model]) -> tuple[Rule, ...]:
    """What may not be twice, among the rules that name a record of the directory."""
    found: list[Rule] = []
    for name in _holders(model):
        relation = Relation(model, next(one for one in _columns(model) if one.attname == name))
        for others, condition, blanks in relation.uniques():
            columns = tuple(sorted([name, *(_column(model, other).attname for other in others)]))
            rule = Rule(columns, condition, blanks)
            found += [] if rule in found else [rule]
    return tuple(sorted(found, key=lambda rule: rule.columns))


_Keys = set[tuple[int, tuple[Any, ...]]]
"""Rank of a rule, and what a row takes under it."""


def _keys(rules: Sequence[Rule], row: Mapping[str, Any]) -> _Keys:
    return {(rank, key) for rank, rule in enumerate(rules) if (key := rule.key(row)) is not None}


def _crossed(rules: Sequence[Rule], moving: Iterable[Place]) -> bool:
    """Whether one of these rows goes where another is about to leave."""
    held = {key: place.pk for place in moving for key in _keys(rules, place.values)}
    taken = [(key, place.pk) for place in moving for key in _keys(rules, place.values | place.moved)]
    return any(held.get(key, pk) != pk for key, pk in taken)


def _contest(model: type[models.Model], places: list[Place]) -> None:
    """Who stands where only one may: rows at home first, then the oldest. The others have a twin: they are to be set aside.

    Home is told by what the rules name: that the place of a function was brought together with another changes nothing.
    """
    rules = rules_of(model)
    if not rules:
        return
    named = {name for rule in rules for name in rule.columns}
    mine = {place.pk for place in places}
    around = models.Q(pk__in=[])
    for name in _holders(model):
        around |= models.Q(**{f"{name}__in": {place.moved[name] for place in places} - {None}})
    names = [one.attname for one in _columns(model)]
    others = [
        Place(None, row[_key(model)], row, moved={name: row[name] for name in _holders(model)})
        for row in model._base_manager.filter(around).exclude(pk__in=mine).values(*names)  # noqa: SLF001
    ]
    taken: dict[tuple[int, tuple[Any, ...]], int] = {}
    standing = [place for place in (*places, *others) if not place.dismissed]
    for place in sorted(standing, key=lambda one: (sum(one.hops.get(name, 0) for name in named), one.pk)):
        keys = _keys(rules, place.values | place.moved)
        place.twin = min((taken[key] for key in keys if key in taken), default=None)
        if place.twin is None:
            taken |= dict.fromkeys(keys, place.pk)


def _matches(condition: models.Q, row: Mapping[str, Any]) -> bool:
    """Whether values meet the condition of a constraint: equalities, joined by « and »."""
    met = True
    for child in condition.children:
        name, expected = cast("tuple[str, Any]", child)  # conditions of our constraints hold no other
        bare, _sep, test = name.partition("__")
        value = row.get(bare, row.get(f"{bare}_id"))
        met = met and ((value is None) == expected if test == "isnull" else value == expected)
    return met != condition.negated


def _write(model: type[models.Model], places: list[Place]) -> None:
    """Rows that have lost their place leave first; then each goes where it stands, as soon as the place is free."""
    rows = model._base_manager  # noqa: SLF001
    leaving = [place for place in places if place.twin is not None and place.line and place.line.row is None]
    for place in leaving:
        if place.line:
            place.line.row = _plain(place.values)
    if leaving:
        rows.filter(pk__among=[place.pk for place in leaving])._raw_delete(rows.db)  # noqa: SLF001 -- nothing hangs on them
    standing = [place for place in places if place.twin is None]
    coming = [place for place in standing if place.line and place.line.row is not None]
    moving = [place for place in standing if place not in coming and place.values | place.moved != place.values]
    if _crossed(rules_of(model), moving):
        # Those that move are taken up together, then put down.
        rows.filter(pk__among=[place.pk for place in moving])._raw_delete(rows.db)  # noqa: SLF001
        coming += moving
    else:
        _update(model, moving)
    for place in coming:
        _create(model, place.values | place.moved)
        if place.line:
            place.line.row = None


def _update(model: type[models.Model], moving: list[Place]) -> None:
    by_target: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for place in moving:
        changed = [(name, pk) for name, pk in place.moved.items() if place.values[name] != pk]
        by_target[tuple(sorted(changed, key=itemgetter(0)))].append(place.pk)
    for target, ids in by_target.items():
        for start in range(
            0, len(ids), CHUNK
        ):  # a history trigger compares each row of a statement with all the others
            model._base_manager.filter(pk__among=ids[start : start + CHUNK]).update(**dict(target))  # noqa: SLF001


def _complete(model: type[models.Model], places: list[Place]) -> None:
    """What the row that stands does not say, the one set aside says for it."""
    columns = [
        one
        for one in _columns(model)
        if (not one.primary_key and one.name not in TECHNICAL and not one.is_relation) or one.name == "referent"
    ]
    for place in sorted(
        (one for one in places if one.twin is not None and not one.dismissed),
        key=lambda one: (sum(one.hops.values()), one.pk),
    ):
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


def _remember(model: type[models.Model], places: list[Place], before: Mapping[int, str]) -> None:
    """Rows that are home again need no memory; the others keep theirs."""
    home: list[int] = []
    kept: list[MergeRow] = []
    for place in places:
        line = place.line
        if line is None:
            continue
        line.shown = place.moved
        line.holders = _held(model, line.home)
        if line.row is None and not any(place.hops.values()):
            home += [line.pk] if line.pk else []
        elif before.get(line.row_id) != _said(line):
            kept.append(line)
    _forget(home)
    bulk_insert([line for line in kept if line.pk is None])
    bulk_write([line for line in kept if line.row_id in before], ["home", "shown", "holders", "row", "twin", "given"])


def _forget(lines: Sequence[int]) -> None:
    if lines:
        rows = MergeRow.objects.filter(pk__among=lines)
        rows._raw_delete(rows.db)  # noqa: SLF001 -- nothing hangs on them


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
