"""Every relation towards a kind of record, found in the models themselves: a module that adds one has nothing to declare.

A derived table, made anew from the records, says `follows_merges = False`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from reciproque.directory.merging.shapes import KINDS

OWN = frozenset({"merged_into", "parent"})
"""A group keeps the number that was given: who reads it asks who answers for it today."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A column of a table that holds the number of a record."""

    model: type[models.Model]
    field: Any

    @property
    def name(self) -> str:
        """« app.model.field », kept in the database."""
        return f"{self.model._meta.label_lower}.{self.field.name}"  # noqa: SLF001

    @property
    def label(self) -> str:
        """What its rows are called, several of them."""
        return str(self.model._meta.verbose_name_plural)  # noqa: SLF001

    @property
    def rows(self) -> QuerySet[Any]:
        """All the rows of the table."""
        return self.model._base_manager.all()  # noqa: SLF001

    def of(self, pk: int) -> QuerySet[Any]:
        """The rows that hold this record."""
        return self.rows.filter(**{self.field.attname: pk})

    def uniques(self) -> list[tuple[list[str], Q, bool]]:
        """What may not be twice: the other columns beside this one, for which rows, and whether nothing counts as a value."""
        meta = self.model._meta  # noqa: SLF001
        found = [
            ([one for one in names if one != self.field.name], Q(), False)
            for names in meta.unique_together
            if self.field.name in names
        ]
        found += [
            (
                [one for one in rule.fields if one != self.field.name],
                rule.condition or Q(),
                rule.nulls_distinct is False,
            )
            for rule in meta.constraints
            if isinstance(rule, models.UniqueConstraint) and self.field.name in rule.fields
        ]
        return found + ([([], Q(), False)] if self.field.unique else [])


@cache
def relations(model: type[models.Model]) -> tuple[Relation, ...]:
    """The relations towards a model, in a fixed order."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001
        field = getattr(relation, "field", None)
        if not isinstance(relation, models.ForeignObjectRel) or not isinstance(field, models.ForeignKey):
            continue
        holder: Any = relation.related_model
        own_many = getattr(holder._meta, "auto_created", False) in KINDS.values()  # noqa: SLF001 -- readers: a value of the record
        if (
            hasattr(holder, "pgh_tracked_model")
            or not getattr(holder, "follows_merges", True)
            or own_many
            or field.name in OWN
        ):
            continue
        found.append(Relation(holder, field))
    return tuple(sorted(found, key=lambda one: one.name))
