"""What an import does to the directory, noted as it does it."""

import json
from typing import Any

from django.db import connection
from django.db.models import Model

from reciproque.sourcing.models import Import

UPSERT = """
INSERT INTO sourcing_importeffect (import_run_id, model, object_id, created, before, after, version, refused)
SELECT %s, r.model, r.object_id, r.created, r.before, r.after, r.version, ''
FROM jsonb_to_recordset(%s::jsonb) AS r(model text, object_id bigint, created boolean, before jsonb, after jsonb, version int)
ON CONFLICT (import_run_id, model, object_id) DO UPDATE
SET before = excluded.before || sourcing_importeffect.before, after = sourcing_importeffect.after || excluded.after,
  version = excluded.version
"""


class Effects:
    """The effects of one batch; saved with it. Of two changes to one record, the first `before` and the last `after` stay."""

    def __init__(self, run: Import) -> None:
        self._run = run
        self._lines: dict[tuple[str, int], dict[str, Any]] = {}
        self._created: list[Model] = []

    def created(self, record: Model) -> None:
        """A record that did not exist."""
        self._created.append(record)

    def changed(self, record: Any, before: dict[str, Any]) -> None:
        """A record whose fields were so before."""
        if any(record is made for made in self._created):
            return
        model = type(record).__name__.lower()
        line = self._lines.setdefault(
            (model, record.pk), {"model": model, "object_id": record.pk, "created": False, "before": {}}
        )
        line["before"] = {**before, **line["before"]}
        line["after"] = {**line.get("after", {}), **{field: getattr(record, field) for field in before}}
        line["version"] = record.version

    def save(self) -> None:
        """Write them down."""
        lines = list(self._lines.values())
        for record in self._created:
            version = getattr(record, "version", 1)
            model = type(record).__name__.lower()
            lines.append(
                {"model": model, "object_id": record.pk, "created": True, "before": {}, "after": {}, "version": version}
            )
        if lines:
            with connection.cursor() as cursor:
                cursor.execute(UPSERT, [self._run.pk, json.dumps(lines, ensure_ascii=False)])
