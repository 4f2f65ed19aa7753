"""`field__among=[…]`: as `field__in`, for thousands of values. They travel as one parameter, where `in` makes one of each."""

from typing import Any

from django.db import models

from reciproque.foundation.database.kept import Slot
from reciproque.foundation.database.prepared import Hole


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class Among(models.Lookup):
    """Whether the field is one of these plain values (for a relation: keys, not records). Nothing is among an empty list."""

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        """The values as the column holds them; a slot stands for those of each call."""
        if isinstance(self.rhs, Slot):
            return self.rhs
        field = self.lhs.output_field
        field = field.target_field if field.is_relation else field
        return [field.get_prep_value(value) for value in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """`field = ANY(array)`, which indexes serve. The array's type is the column's without a length, which would cut."""
        column, params = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        kind = (field.target_field if field.is_relation else field).rel_db_type(connection).partition("(")[0]
        return f"{column} = ANY(%s::{kind}[])", [
            *params,
            Hole(self.rhs.name) if isinstance(self.rhs, Slot) else self.rhs,
        ]
