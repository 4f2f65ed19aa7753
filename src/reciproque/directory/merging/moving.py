"""The rows of other tables: they follow the record that stays, and go back where they were.

Where the kept record already has such a row (a tie with the same unit), the other is set aside, whole, and completes its twin.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from reciproque.directory.merging.relations import Relation, named, relations
from reciproque.directory.merging.shapes import KINDS, everything
from reciproque.directory.models import Merge, MergeBase
from reciproque.engines.merging import is_empty
from reciproque.foundation.history import TECHNICAL

KIND_OF = {model: kind for kind, model in KINDS.items()}


def follow(merge: Merge) -> None:
    """Have every row that holds the absorbed record hold the kept one; `merge` remembers which (it is not saved here)."""
    for relation in relations(KINDS[merge.kind]):
        _follow(merge, relation, merge.absorbed_id, merge.kept_id)


def _follow(merge: Merge, relation: Relation, gone: int, kept: int) -> None:
    if not relation.of(gone).exists():
        return
    clashes = relation.clashes(relation.of(gone), kept)
    for pk, twin in clashes.items():
        _set_aside(merge, relation, pk, twin)
    rows = relation.of(gone)
    if relation.model in KIND_OF:
        rows = rows.exclude(pk=kept)  # a group that absorbs its subsidiary is not its own group
    ids = sorted(rows.values_list("pk", flat=True))
    if ids:
        rows.update(**{relation.field.attname: kept})
        _told(relation, ids, gone, kept)
        merge.moves.append({"relation": relation.name, "from": gone, "to": kept, "ids": ids})


def _told(relation: Relation, ids: list[int], was: int, now: int) -> None:
    """A group that changed number is no choice of its subsidiaries: what they said by themselves follows."""
    kind = KIND_OF.get(relation.model)
    if kind is None or relation.field.name == "partner":
        return
    for base in MergeBase.objects.filter(kind=kind, record_id__in=ids):
        for values in (base.own, base.computed):
            if values.get(relation.field.name) == was:
                values[relation.field.name] = now
        base.save()


def _set_aside(merge: Merge, relation: Relation, pk: int, twin: int) -> None:
    row = relation.rows.get(pk=pk)
    for dependent in relations(relation.model) if relation.model not in KIND_OF else ():
        _follow(merge, dependent, pk, twin)
    values = {field.attname: getattr(row, field.attname) for field in _columns(relation.model)}
    merge.aside.append({"relation": relation.name, "twin": twin, "row": _plain(values)})
    _complete(merge, relation.model, twin, row)
    relation.rows.filter(pk=pk)._raw_delete(relation.rows.db)  # noqa: SLF001 -- nothing hangs on it any more


def _complete(merge: Merge, model: type[models.Model], twin: int, row: Any) -> None:
    """What the twin does not say, the row set aside says for it."""
    held = model._base_manager.get(pk=twin)  # noqa: SLF001
    changes = {}
    for field in _columns(model):
        if field.primary_key or field.name in TECHNICAL:
            continue
        before, after = getattr(held, field.attname), getattr(row, field.attname)
        if is_empty(before) and not is_empty(after):
            changes[field.attname] = after
            line = {"model": model._meta.label_lower, "pk": twin, "field": field.attname}  # noqa: SLF001
            merge.patches.append({**line, **_plain({"before": before, "after": after}), "because": row.pk})
    if changes:
        model._base_manager.filter(pk=twin).update(**changes)  # noqa: SLF001


def patch(merge: Merge, record: Any, column: str, value: Any) -> None:
    """Change one column of a row for as long as the merge stands."""
    model = type(record)
    line = {"model": model._meta.label_lower, "pk": record.pk, "field": column, "because": None}  # noqa: SLF001
    merge.patches.append({**line, **_plain({"before": getattr(record, column), "after": value})})
    model._base_manager.filter(pk=record.pk).update(**{column: value})  # noqa: SLF001


def give_back(merge: Merge, chain: list[int], others: list[Merge]) -> None:
    """Have the rows that followed this merge hold the absorbed record again.

    `chain` is the kept record and those that absorbed it since; `others` are the merges that still stand, of every kind.
    """
    for line in reversed(merge.patches):
        _unpatch(line, others)
    pending = [line for move in reversed(merge.moves) for line in _move_back(move, chain, others)]
    pending += [(named(line["relation"]), line["row"]) for line in merge.aside]
    for relation, row in sorted(pending, key=lambda one: _borrowed(*one, others)):
        _reinstate(relation, row, others)
    merge.moves, merge.aside, merge.patches = [], [], []


def _move_back(move: dict[str, Any], chain: list[int], others: list[Merge]) -> list[tuple[Relation, dict[str, Any]]]:
    """The rows of one relation go back; those that another merge set aside meanwhile are returned, to be written again."""
    relation = named(move["relation"])
    holders = chain if move["to"] in chain else [move["to"]]
    rows = relation.rows.filter(pk__in=move["ids"], **{f"{relation.field.attname}__in": holders})
    back = list(rows.values_list("pk", flat=True))
    relation.rows.filter(pk__in=back).update(**{relation.field.attname: move["from"]})
    for holder in holders:
        _told(relation, back, holder, move["from"])
    pending = []
    for other in others:
        for line in [one for one in other.aside if named(one["relation"]).model is relation.model]:
            pk = line["row"][_key(relation.model)]
            if pk in move["ids"]:
                other.aside.remove(line)
                _forget_completion(other, pk, others)
                pending.append((relation, line["row"] | {relation.field.attname: move["from"]}))
    return pending


def settle_aside(others: list[Merge]) -> None:
    """Rows that were set aside for a twin that has gone take their place again."""
    for other in others:
        for line in list(other.aside):
            relation = named(line["relation"])
            kind = KIND_OF.get(relation.field.related_model)
            holder = root_of(kind, other.kept_id) if kind else line["twin"]
            if _has_place(relation, line["row"], holder):
                other.aside.remove(line)
                _forget_completion(other, line["row"][_key(relation.model)], others)
                _create(relation.model, line["row"] | {relation.field.attname: holder})
                other.moves.append(
                    {"relation": relation.name, "from": line["row"][relation.field.attname], "to": other.kept_id,
                     "ids": [line["row"][_key(relation.model)]]}
                )  # fmt: skip


def _forget_completion(other: Merge, pk: int, others: list[Merge]) -> None:
    for line in [one for one in other.patches if one["because"] == pk]:
        other.patches.remove(line)
        _unpatch(line, others)


def _unpatch(line: dict[str, Any], others: list[Merge]) -> None:
    """Give a column its former value, unless somebody changed it since."""
    relation = _model(line["model"])
    column = relation._meta.get_field(line["field"])  # noqa: SLF001
    now = {line["field"]: _typed(column, line["after"])}
    before = _typed(column, line["before"])
    if relation._base_manager.filter(pk=line["pk"], **now).update(**{line["field"]: before}):  # noqa: SLF001
        return
    for other in others:
        for aside in other.aside:
            row = aside["row"]
            same = named(aside["relation"]).model is relation and row[_key(relation)] == line["pk"]
            if same and row[line["field"]] == line["after"]:
                row[line["field"]] = line["before"]


def _borrowed(relation: Relation, row: dict[str, Any], others: list[Merge]) -> int:
    """How many of the records that a row holds are absorbed elsewhere: rows that hold none come first, they are at home."""
    away = {(merge.kind, merge.absorbed_id) for merge in others}
    columns = [
        (KIND_OF.get(getattr(one, "related_model", None) or object), one.attname) for one in _columns(relation.model)
    ]
    return sum((kind, row.get(name)) in away for kind, name in columns if kind)


def _reinstate(relation: Relation, row: dict[str, Any], others: list[Merge]) -> None:
    """Write a row again; what it holds may have been absorbed elsewhere meanwhile, or have a twin there."""
    row = dict(row)
    for field in relation.model._meta.concrete_fields:  # noqa: SLF001
        kind = KIND_OF.get(getattr(field, "related_model", None) or object)
        if kind is None or field.attname == relation.field.attname or row[field.attname] is None:
            continue
        while other := next((m for m in others if (m.kind, m.absorbed_id) == (kind, row[field.attname])), None):
            there = Relation(relation.model, field)
            if not _has_place(there, row, other.kept_id):
                twin = _twin(there, row, other.kept_id)
                other.aside.append({"relation": there.name, "twin": twin, "row": row})
                return
            move = {"relation": there.name, "from": row[field.attname], "to": other.kept_id}
            other.moves.append({**move, "ids": [row[_key(relation.model)]]})
            row[field.attname] = other.kept_id
    _create(relation.model, row)


def _twin(relation: Relation, row: dict[str, Any], holder: int) -> int | None:
    """The row that already holds this record where only one may."""
    for others, condition in relation.uniques():
        columns = [relation.model._meta.get_field(name) for name in others]  # noqa: SLF001
        if not _matches(condition, row):
            continue
        same = {column.attname: _typed(column, row[column.attname]) for column in columns}
        if any(value is None for value in same.values()):
            continue
        if found := relation.of(holder).filter(condition, **same).values_list("pk", flat=True).first():
            return int(found)
    return None


def _has_place(relation: Relation, row: dict[str, Any], holder: int) -> bool:
    return _twin(relation, row, holder) is None


def _matches(condition: models.Q, row: dict[str, Any]) -> bool:
    """Whether a row that is not in its table meets the condition of a constraint: equalities, joined by « and »."""
    for child in condition.children:
        if not isinstance(child, tuple):
            return True
        name, expected = child
        bare, _sep, test = str(name).partition("__")
        value = row.get(bare, row.get(f"{bare}_id"))
        met = (value is None) == expected if test == "isnull" else value == expected
        if not met and not condition.negated:
            return False
    return True


def _create(model: type[models.Model], row: dict[str, Any]) -> None:
    """Write a row as it was, to the moment: Django itself would date it of today."""
    fields = [field for field in _columns(model) if field.attname in row]
    values = [field.get_db_prep_save(_typed(field, row[field.attname]), connection) for field in fields]
    quoted = [connection.ops.quote_name(name) for name in (model._meta.db_table, *(f.column for f in fields))]  # noqa: SLF001
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quoted[0]} ({', '.join(quoted[1:])}) VALUES ({marks})", values)  # noqa: S608


def _columns(model: type[models.Model]) -> Iterator[Any]:
    return (field for field in model._meta.concrete_fields if not field.generated)  # noqa: SLF001


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.attname)  # noqa: SLF001


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them; moments to the microsecond."""
    found: dict[str, Any] = json.loads(json.dumps(values, default=lambda value: value.isoformat()))
    return found


def _typed(column: Any, value: Any) -> Any:
    """A value out of JSON, as the column holds it."""
    if value is None or isinstance(value, list | dict):
        return value
    return (column.target_field if column.is_relation else column).to_python(value)


def _model(label: str) -> type[models.Model]:
    return apps.get_model(label)


def root_of(kind: str, pk: int) -> int:
    """The record that answers for this one today: itself, or the last that absorbed it."""
    return chain_of(kind, pk)[-1]


def chain_of(kind: str, pk: int) -> list[int]:
    """This record, then those that absorbed it one after the other."""
    found = [pk]
    while above := everything(kind).filter(pk=found[-1]).values_list("merged_into", flat=True).first():
        found.append(above)
    return found


def counted(kind: str, ids: Iterable[int]) -> list[tuple[str, int]]:
    """What will follow these records: rows of each sort, named."""
    wanted = list(ids)
    found: dict[str, int] = {}
    for relation in relations(KINDS[kind]):
        count = relation.rows.filter(**{f"{relation.field.attname}__in": wanted}).count()
        if count:
            found[relation.label] = found.get(relation.label, 0) + count
    return sorted(found.items())
