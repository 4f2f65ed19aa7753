"""Many rows changed at once, each with its own values: one statement, an order of magnitude cheaper than `bulk_update`."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from psycopg import sql

STATEMENT = sql.SQL(
    "UPDATE {table} AS held SET {assignments} FROM jsonb_to_recordset(%s::jsonb) AS new({columns}) WHERE held.{key} = new.{key}"
)


def bulk_write(rows: Sequence[models.Model], fields: Collection[str], *, size: int = 1000) -> None:
    """Save these fields of these rows, all of one model. History triggers see one statement per thousand rows.

    Values must go through JSON without loss: text, numbers, dates, booleans, lists, dictionaries, None.
    """
    if not rows:
        return
    meta = type(rows[0])._meta  # noqa: SLF001 -- Django's own introspection
    key = meta.pk
    assert key is not None  # noqa: S101 -- every model has one
    concrete: list[Any] = [meta.get_field(name) for name in dict.fromkeys(fields)]
    columns = [(str(field.column), str(field.db_type(connection)).split(" GENERATED")[0]) for field in (key, *concrete)]
    statement = STATEMENT.format(
        table=sql.Identifier(meta.db_table),
        key=sql.Identifier(str(key.column)),
        assignments=sql.SQL(", ").join(
            sql.SQL("{0} = new.{0}").format(sql.Identifier(name)) for name, _type in columns[1:]
        ),
        columns=sql.SQL(", ").join(
            sql.Composed([sql.Identifier(name), sql.SQL(" "), _type(db_type)]) for name, db_type in columns
        ),
    )
    with connection.cursor() as cursor:
        text = statement.as_string(cursor.cursor)  # as text: history reads the statement
        for start in range(0, len(rows), size):
            lines = [_line(row, key, concrete) for row in rows[start : start + size]]
            cursor.execute(text, [json.dumps(lines, cls=DjangoJSONEncoder, ensure_ascii=False)])


def _type(db_type: str) -> sql.Composable:
    """The type of a column as Django names it: never anybody's words."""
    return sql.SQL(db_type)


def _line(row: models.Model, key: Any, fields: Sequence[Any]) -> dict[str, Any]:
    return {field.column: getattr(row, field.attname) for field in (key, *fields)}
