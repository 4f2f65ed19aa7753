"""The words of a field with choices, read quickly: lists show hundreds of them on a page."""

from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import get_language


class Labelled(models.Model):
    """`get_…_display()` as Django has it, without making the table of choices anew at each call."""

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: Any) -> str:  # noqa: N802 -- Django's name
        value = getattr(self, field.attname)
        label = _labels(field, get_language()).get(value, value)
        return "" if label is None else str(label)


@cache
def _labels(field: Any, _language: str | None) -> dict[Any, str]:
    return {value: str(label) for value, label in field.flatchoices}
