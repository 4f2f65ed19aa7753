"""Writing the index on disk: whole, or the records that have changed. One writer at a time, whatever the number of processes."""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from reciproque.directory.models import SearchChange, SearchEntry, SearchIndex
from reciproque.directory.search.swift import files
from reciproque.directory.search.words import Kind
from reciproque.foundation.database.bulk import numbers

WRITING = 712_390_114  # the advisory lock of the one who writes
CHUNK = 20_000
WORTH = 20_000  # partners from which an index is built without being asked for
READ = """
SELECT entry.{kind}_id, entry.key, entry.rank, array_to_string(tsvector_to_array(ts_filter(document, '{{a}}')), ' '),
  array_to_string(tsvector_to_array(ts_filter(document, '{{b,c,d}}')), ' '), {area}, {facets}
FROM directory_searchentry entry JOIN directory_{kind} record ON record.id = entry.{kind}_id
WHERE {where} ORDER BY entry.{kind}_id LIMIT %s
"""
MILESTONES = """
SELECT DISTINCT key FROM (
  SELECT key, row_number() OVER (ORDER BY key) AS rank, 1 + count(*) OVER () / %s AS step
  FROM directory_searchentry WHERE {kind}_id IS NOT NULL) AS named
WHERE rank %% step = 0
"""
AREA = {  # what the map counts: partners that everybody may read
    "partner": "CASE WHEN record.sharing = 'network' AND record.archived_at IS NULL THEN record.department END",
    "person": "NULL",
}

FACETS = {  # what lists of partners are narrowed by; a migration's triggers note what changes it
    "partner": """concat_ws(' ', CASE WHEN record.archived_at IS NULL THEN 'live' END, 'kind:' || record.kind,
  'department:' || record.department, 'naf:' || record.naf, 'headcount:' || record.headcount_band, 'size:' || record.size_category,
  'legal:' || record.legal_category, 'sharing:' || record.sharing, 'city:' || encode(convert_to(record.city_key, 'UTF8'), 'hex'),
  (SELECT string_agg('tags:' || encode(convert_to(tag, 'UTF8'), 'hex'), ' ') FROM unnest(record.tags) AS tag),
  (SELECT string_agg('unit:' || tie.unit_id, ' ') FROM directory_partnerunit tie WHERE tie.partner_id = record.id))""",
    "person": "''",
}
WRITERS = ("directory_searchentry", "directory_partner", "directory_partnerunit")


def worth_it() -> bool:
    """Whether the nightly work builds one: the installation wants it, and has one already or many partners."""
    if not files.enabled():
        return False
    many = SearchEntry.objects.filter(partner__isnull=False).order_by().values("pk")[WORTH : WORTH + 1]
    return SearchIndex.objects.exists() or many.exists()


def rebuild() -> int | None:
    """Build a new index beside the present one, then put it in its place; the records it holds. None when another process writes.

    Records that change meanwhile are noted as they do, and taken in afterwards.
    """
    with _alone() as alone:
        if not alone:
            return None
        token = uuid.uuid4().hex
        SearchIndex.objects.get_or_create(pk=1, defaults={"token": token})
        _wait_for_writers()
        files.create(token, {kind: _milestones(kind) for kind in files.KINDS})
        seen = list(SearchChange.objects.order_by().values_list("pk", flat=True))  # what is read after holds them
        count = sum(_fill(token, kind) for kind in files.KINDS)
        with transaction.atomic():
            SearchChange.objects.filter(pk__among=seen).delete()
            SearchIndex.objects.update_or_create(pk=1, defaults={"token": token, "ready": True})
        files.forget_all_but(token)
        return count


def catch_up() -> int:
    """Take in the records that have changed; how many. Nothing when there is no index, or when another process writes.

    Killed between the two commits, it takes them in again: the result is the same.
    """
    token = SearchIndex.objects.filter(ready=True).values_list("token", flat=True).first()
    if token is None or not SearchChange.objects.exists() or not files.exists(token):
        return 0
    with _alone() as alone:
        return sum(_take_in(token, kind) for kind in files.KINDS) if alone else 0


def drop() -> None:
    """Do without an index: PostgreSQL answers alone, and changes are no longer noted."""
    with transaction.atomic():
        SearchIndex.objects.all().delete()
        SearchChange.objects.all().delete()
    files.forget_all_but("")


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [WRITING])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [WRITING])


def _wait_for_writers() -> None:
    """Those who began before there was an index do not note what they change: let them end. One table at a time, as they take them."""
    for table in WRITERS:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")


def _milestones(kind: Kind) -> list[str]:
    """Names that part those of a kind evenly."""
    with connection.cursor() as cursor:
        cursor.execute(MILESTONES.format(kind=kind), [files.STEPS])
        return [row[0] for row in cursor.fetchall()]


def _fill(token: str, kind: Kind) -> int:
    """Every entry of a kind."""
    writer, steps = files.writer(token, kind, files.HEAP_OF_ALL), files.milestones(token, kind)
    last, count = 0, 0
    while rows := _read(kind, f"entry.{kind}_id > %s", last, CHUNK):
        add(writer, steps, rows)
        last, count = rows[-1][0], count + len(rows)
    writer.commit()
    writer.wait_merging_threads()
    return count


def _take_in(token: str, kind: Kind) -> int:
    """The changed entries of a kind, oldest first."""
    changes = SearchChange.objects.filter(**{f"{kind}__isnull": False}).order_by("pk")
    writer, steps, total = None, files.milestones(token, kind), 0
    while found := list(changes.values_list("pk", kind)[:CHUNK]):
        writer = writer or files.writer(token, kind)
        ids = sorted({record for _pk, record in found})
        for record in ids:
            writer.delete_documents_by_term("pk", record)
        add(writer, steps, _read(kind, f"entry.{kind}_id = ANY(%s::bigint[])", numbers(ids), CHUNK))
        writer.commit()
        SearchChange.objects.filter(pk__among=[pk for pk, _record in found]).delete()
        total += len(ids)
    if writer is not None:
        writer.wait_merging_threads()
    return total


def _read(kind: Kind, where: str, *values: Any) -> Sequence[tuple[int, str, int, str, str, str | None, str]]:
    with connection.cursor() as cursor:
        cursor.execute(READ.format(kind=kind, area=AREA[kind], facets=FACETS[kind], where=where), values)
        return list(cursor.fetchall())


def add(writer: Any, steps: list[str], rows: Sequence[tuple[int, str, int, str, str, str | None, str]]) -> None:
    """Write entries: number, key, rank, words of the names, other words, area, facets."""
    import tantivy  # noqa: PLC0415

    for pk, key, rank, names, others, area, facets in rows:
        line = {"pk": pk, "rank": rank, "key": key, "names": names, "others": others}
        line |= {"step": bisect_right(steps, key), "grams": " ".join(files.grams(key)), "facets": facets}
        if area is not None:
            line["area"] = area or files.NOWHERE
        writer.add_document(tantivy.Document(**line))
