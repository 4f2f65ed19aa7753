"""What an import does to the directory, noted as it does it."""

import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from reciproque.foundation.database.bulk import numbers
from reciproque.sourcing.models import Import

CREATED = """
INSERT INTO sourcing_importeffect (import_run_id, model, object_id, created, before, after, version, fate, settled)
SELECT %s, %s, made.id, true, '{}', '{}', 1, 'stands', false FROM unnest(%s::bigint[]) AS made(id)
"""
CHANGED = """
INSERT INTO sourcing_importeffect (import_run_id, model, object_id, created, before, after, version, fate, settled)
SELECT %s, r.model, r.object_id, false, r.before, r.after, r.version, 'stands', false
FROM jsonb_to_recordset(%s::jsonb) AS r(model text, object_id bigint, before jsonb, after jsonb, version int)
ON CONFLICT (import_run_id, model, object_id) DO UPDATE
SET before = excluded.before || sourcing_importeffect.before, after = sourcing_importeffect.after || excluded.after,
  version = excluded.version
"""


class Effects:
    """The effects of one batch; saved with it. Of two changes to one record, the first `before` and the last `after` stay."""

    def __init__(self, run: Import) -> None:
        self._run = run
        self._changed: dict[tuple[str, int], dict[str, Any]] = {}
        self._created: dict[str, set[int]] = {}

    def created(self, model: str, ids: Iterable[int]) -> None:
        """Records that did not exist."""
        self._created.setdefault(model, set()).update(ids)

    def changed(self, record: Any, before: dict[str, Any]) -> None:
        """A record whose fields were so before; its version has risen."""
        model = type(record).__name__.lower()
        line = self._changed.setdefault(
            (model, record.pk), {"model": model, "object_id": record.pk, "before": {}, "after": {}}
        )
        line["before"] = {**before, **line["before"]}
        line["after"] |= {field: getattr(record, field) for field in before}
        line["version"] = record.version

    def save(self) -> None:
        """Write them down."""
        with connection.cursor() as cursor:
            for model, ids in self._created.items():
                if ids:
                    cursor.execute(CREATED, [self._run.pk, model, numbers(sorted(ids))])
            lines = [
                line for (model, pk), line in self._changed.items() if pk not in self._created.get(model, frozenset())
            ]
            if lines:
                cursor.execute(CHANGED, [self._run.pk, json.dumps(lines, ensure_ascii=False, cls=DjangoJSONEncoder)])
