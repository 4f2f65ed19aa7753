"""The tables an application begins with, made at once."""

from typing import Any

from django.db.migrations import Migration
from django.db.migrations.state import ProjectState


class FirstTables(Migration):
    """A migration of new tables only, each made from what the whole migration leaves.

    Django renders all models tied to the one it makes, at every operation: with a hundred and twenty tables around
    partners, units and accounts, that is a minute for a schema that PostgreSQL makes in two seconds. As nothing here
    alters what another operation has made, all is rendered once.
    """

    def apply(  # the signature is Django's
        self,
        project_state: ProjectState,
        schema_editor: Any,
        collect_sql: bool = False,  # noqa: FBT001, FBT002
    ) -> ProjectState:
        """Make the tables, their indexes, constraints and triggers; returns the state that they leave."""
        if collect_sql:
            return super().apply(project_state, schema_editor, collect_sql)
        before = project_state.clone()
        project_state.__dict__.pop("apps", None)  # what is not rendered is not rendered anew
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state
