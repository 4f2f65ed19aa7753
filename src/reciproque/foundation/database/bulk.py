"""Many rows written at once, each with its own values: one statement, an order of magnitude cheaper than the ORM's bulk calls.

Values must go through JSON without loss: text, numbers, dates, booleans, lists, dictionaries, None.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils import timezone
from psycopg import sql

UPDATE = sql.SQL(
    "UPDATE {table} AS held SET {assignments} FROM jsonb_to_recordset(%s::jsonb) AS new({columns}) WHERE held.{key} = new.{key}"
)
INSERT = sql.SQL(
    "INSERT INTO {table} ({names}) SELECT {values} "
    "FROM (SELECT (jsonb_populate_record(NULL::{table}, %s::jsonb)).*) AS given, json_to_recordset(%s::json) AS new({columns})"
)
CHUNK = 1000


def allocate(model: type[models.Model], count: int) -> list[int]:
    """Take that many keys for rows about to be inserted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],  # noqa: SLF001 -- Django's own introspection
        )
        return [row[0] for row in cursor.fetchall()]


def bulk_insert(rows: Sequence[Any], *, size: int = CHUNK) -> None:
    """Insert these rows, all of one model; those without a key are given one. One history statement per thousand rows."""
    if not rows:
        return
    meta = type(rows[0])._meta  # noqa: SLF001
    missing = [row for row in rows if row.pk is None]
    for row, key in zip(missing, allocate(type(rows[0]), len(missing)) if missing else [], strict=True):
        row.pk = key
    now = timezone.now()
    fields = [field for field in meta.concrete_fields if not field.generated]
    for field in fields:
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            for row in rows:
                setattr(row, field.attname, now)
    for start in range(0, len(rows), size):
        _insert(rows[start : start + size], meta, fields)
    for row in rows:
        row._state.adding = False  # noqa: SLF001
        row._state.db = connection.alias  # noqa: SLF001


def _insert(rows: Sequence[Any], meta: Any, fields: list[Any]) -> None:
    """A column that is the same in all the rows is sent once."""
    fixed: list[Any] = []
    varying: list[Any] = []
    for field in fields:
        name = field.attname
        first = getattr(rows[0], name)
        (fixed if all(getattr(row, name) == first for row in rows) else varying).append(field)
    statement = INSERT.format(
        table=sql.Identifier(meta.db_table),
        names=sql.SQL(", ").join(sql.Identifier(field.column) for field in fields),
        values=sql.SQL(", ").join(
            sql.SQL("given.{}" if field in fixed else "new.{}").format(sql.Identifier(field.column)) for field in fields
        ),
        columns=_columns((str(field.column), _type_of(field)) for field in varying or [meta.pk]),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement.as_string(cursor.cursor),  # as text: history reads the statement
            [_json(_line(rows[0], fixed)), _json([_line(row, varying or [meta.pk]) for row in rows])],
        )


def bulk_write(rows: Sequence[models.Model], fields: Collection[str], *, size: int = CHUNK) -> None:
    """Save these fields of these rows, all of one model. History triggers see one statement per thousand rows."""
    if not rows:
        return
    meta = type(rows[0])._meta  # noqa: SLF001
    key = meta.pk
    assert key is not None  # noqa: S101 -- every model has one
    concrete: list[Any] = [meta.get_field(name) for name in dict.fromkeys(fields)]
    columns = [(str(field.column), _type_of(field)) for field in (key, *concrete)]
    statement = UPDATE.format(
        table=sql.Identifier(meta.db_table),
        key=sql.Identifier(str(key.column)),
        assignments=sql.SQL(", ").join(
            sql.SQL("{0} = new.{0}").format(sql.Identifier(name)) for name, _type in columns[1:]
        ),
        columns=_columns(columns),
    )
    with connection.cursor() as cursor:
        text = statement.as_string(cursor.cursor)
        for start in range(0, len(rows), size):
            cursor.execute(text, [_json([_line(row, (key, *concrete)) for row in rows[start : start + size]])])


def numbers(values: Iterable[int]) -> str:
    """Whole numbers as one parameter, to be cast: `= ANY(%s::bigint[])`."""
    return f"{{{','.join(map(str, values))}}}"


def _columns(columns: Iterable[tuple[str, str]]) -> sql.Composable:
    """Their types are as Django names them: never anybody's words."""
    return sql.SQL(", ").join(
        sql.Composed([sql.Identifier(name), sql.SQL(" "), sql.SQL(db_type)]) for name, db_type in columns
    )


def _type_of(field: Any) -> str:
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection)).split(" GENERATED")[0]


def _line(row: Any, fields: Iterable[Any]) -> dict[str, Any]:
    return {field.column: getattr(row, field.attname) for field in fields}


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
