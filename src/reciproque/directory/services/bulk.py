"""Many partners or people at once, in a few statements whatever their number, and undone the same way."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from reciproque.directory import policies, search
from reciproque.directory.models import Partner, Person, Tag
from reciproque.directory.services import common
from reciproque.engines.identifiers import fold
from reciproque.foundation.errors import Forbidden
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor, Policy

FIELDS = frozenset(
    {"kind", "referent", "naf", "headcount_band", "size_category", "legal_category", "country", "parent"}
)

TAG_SQL = """
WITH old AS (
  SELECT id, tags, origins FROM {table} WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE
), new AS (
  SELECT id, tags AS before, origins -> 'tags' AS origin, ARRAY(
    SELECT tag FROM unnest(tags || %(add)s::varchar[]) WITH ORDINALITY AS one(tag, rank)
    WHERE rq_fold(tag) <> ALL(%(remove)s::text[])
    GROUP BY tag ORDER BY min(rank)
  )::varchar(60)[] AS tags FROM old
)
UPDATE {table} record
SET tags = new.tags, version = version + 1, updated_at = now(),
  origins = jsonb_set(origins, '{{tags}}', %(origin)s::jsonb)
FROM new WHERE record.id = new.id AND new.tags <> new.before
RETURNING record.id, record.version, jsonb_build_object('tags', to_jsonb(new.before)),
  coalesce(jsonb_strip_nulls(jsonb_build_object('tags', new.origin)), '{{}}')
"""

UNDO_SQL = """
UPDATE {table} record
SET {columns}, version = record.version + 1, updated_at = now(),
  origins = (record.origins - %(fields)s::text[]) || (line -> 'origins')
FROM jsonb_array_elements(%(lines)s::jsonb) AS line,
  LATERAL jsonb_populate_record(NULL::{table}, line -> 'values') AS old
WHERE record.id = (line ->> 'id')::bigint AND record.version = (line ->> 'version')::int
  AND record.id = ANY(%(ids)s)
RETURNING record.id
"""


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What a bulk operation did to partners (or people): enough to undo it, and made of plain values so that it can be kept.

    A row holds `id`, the `version` it was left at, the previous `values` (by column) and their `origins`.
    """

    columns: tuple[str, ...]
    rows: list[dict[str, Any]] = field(default_factory=list)
    of: str = "partner"

    @property
    def count(self) -> int:
        """How many records changed."""
        return len(self.rows)

    @property
    def ids(self) -> list[int]:
        """Which ones."""
        return [row["id"] for row in self.rows]


@operation("directory.tag_partners")
def tag_partners(
    *, actor: Actor, ids: Iterable[int], add: Sequence[str] = (), remove: Sequence[str] = ()
) -> BulkChange:
    """Put tags on partners, take others off. Partners that the actor may not edit are left as they are."""
    return _tag("partner", actor, ids, add, remove)


@operation("directory.tag_people")
def tag_people(*, actor: Actor, ids: Iterable[int], add: Sequence[str] = (), remove: Sequence[str] = ()) -> BulkChange:
    """Put tags on people, take others off. People whom the actor may not edit are left as they are."""
    return _tag("person", actor, ids, add, remove)


def _tag(of: str, actor: Actor, ids: Iterable[int], add: Sequence[str], remove: Sequence[str]) -> BulkChange:
    added = _spelled(common.read("tags", list(add)))
    taken = [fold(tag) for tag in common.read("tags", list(remove))]
    if any(len(tag) > 60 for tag in added):
        raise ValidationError({"tags": _("Une étiquette a 60 caractères au plus.")})
    values: dict[str, Any] = {
        "ids": _editable(of, actor, ids),
        "add": added,
        "remove": taken,
        "origin": json.dumps(common.by_hand(actor)),
    }
    with connection.cursor() as cursor:
        cursor.execute(TAG_SQL.format(table=_table(of)), values)
        return BulkChange(("tags",), [_line(row) for row in cursor.fetchall()], of)


def _spelled(tags: list[str]) -> list[str]:
    """Tags as the vocabulary spells them; new ones enter it."""
    known = {tag.name_key: tag.name for tag in Tag.objects.filter(name_key__in=[fold(tag) for tag in tags])}
    Tag.objects.bulk_create([Tag(name=tag) for tag in tags if fold(tag) not in known], ignore_conflicts=True)
    return [known.get(fold(tag), tag) for tag in tags]


@operation("directory.edit_partners")
def edit_partners(*, actor: Actor, ids: Iterable[int], changes: dict[str, Any]) -> BulkChange:
    """Give the same values to many partners. Those that the actor may not edit are left as they are."""
    common.only(FIELDS, changes)
    values = common.read_all(changes)
    columns = tuple(sorted(_column(name) for name in values))
    if not values:
        return BulkChange(())
    _checked(values)
    stored: dict[str, Any] = {_column(name): getattr(value, "pk", value) for name, value in values.items()}
    origin = dict.fromkeys(values, common.by_hand(actor))
    with connection.cursor() as cursor:
        cursor.execute(
            _edit_sql(columns, sorted(values)),
            {"ids": _editable("partner", actor, ids), "origin": json.dumps(origin), **stored},
        )
        change = BulkChange(columns, [_line(row) for row in cursor.fetchall()])
    search.refresh(partner_ids=change.ids if {"headcount_band"} & set(values) else [])
    if "referent" in values:
        common.tell_referents(
            actor, [(one["id"], 0, one["values"]["referent_id"], stored["referent_id"]) for one in change.rows]
        )
    return change


def _checked(values: dict[str, Any]) -> None:
    sample = Partner(name="x", **values)
    sample.clean_fields(exclude=[f.name for f in Partner._meta.fields if f.name not in values])  # noqa: SLF001
    if values.get("country") == "":
        raise ValidationError({"country": _("Choisissez un pays.")})


def _edit_sql(columns: Sequence[str], names: Sequence[str]) -> str:
    """The statement that sets these columns where one differs. Names come from the model, never from people."""
    sets = ", ".join(f"{column} = %({column})s" for column in columns)
    differs = " OR ".join(f"old.{column} IS DISTINCT FROM %({column})s" for column in columns)
    before = ", ".join(f"'{column}', old.{column}" for column in columns)
    origins = ", ".join(f"'{name}', old.origins -> '{name}'" for name in names)
    return f"""
        WITH old AS (SELECT * FROM directory_partner WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE)
        UPDATE directory_partner partner
        SET {sets}, version = partner.version + 1, updated_at = now(), origins = partner.origins || %(origin)s::jsonb
        FROM old WHERE partner.id = old.id AND ({differs})
        RETURNING partner.id, partner.version, jsonb_build_object({before}),
          jsonb_strip_nulls(jsonb_build_object({origins}))
    """  # noqa: S608


@operation("directory.undo_bulk")
def undo_bulk(*, actor: Actor, change: BulkChange) -> int:
    """Give back their previous values to the records that nobody changed since; returns how many."""
    if (
        unknown := set(change.columns)
        - ({_column(name) for name in FIELDS} if change.of == "partner" else set())
        - {"tags"}
    ):
        raise Forbidden(_("Ces champs ne s’annulent pas en nombre : %(fields)s.") % {"fields": ", ".join(unknown)})
    if not change.rows:
        return 0
    names = [name for name in FIELDS | {"tags"} if _column(name) in change.columns]
    statement = UNDO_SQL.format(
        table=_table(change.of), columns=", ".join(f"{column} = old.{column}" for column in change.columns)
    )
    values: dict[str, Any] = {
        "lines": json.dumps(change.rows),
        "fields": names,
        "ids": _editable(change.of, actor, change.ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        restored = [row[0] for row in cursor.fetchall()]
    search.refresh(partner_ids=restored if "headcount_band" in change.columns else [])
    return len(restored)


def _column(name: str) -> str:
    """The column of a field of partners."""
    return f"{name}_id" if name in {"referent", "parent"} else name


def _table(of: str) -> str:
    return (Person if of == "person" else Partner)._meta.db_table  # noqa: SLF001


def _editable(of: str, actor: Actor, ids: Iterable[int]) -> list[int]:
    rights: Policy[Any] = policies.people if of == "person" else policies.partners
    return list(rights.allowed(actor, "edit").filter(pk__in=list(ids)).order_by().values_list("pk", flat=True))


def _line(row: tuple[int, int, Any, Any]) -> dict[str, Any]:
    values, origins = (json.loads(part) if isinstance(part, str) else part for part in row[2:])
    return {"id": row[0], "version": row[1], "values": values, "origins": origins}
