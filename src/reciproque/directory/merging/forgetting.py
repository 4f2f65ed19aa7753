"""What merges set aside and keep for the day when they are undone, when it is to come back no more."""

from typing import Any

from django.db import models

from reciproque.directory.models import MergeRow


def forget_aside(model: type[models.Model], **columns: Any) -> None:
    """Rows of a table that merges set aside, those that hold these values: all of them were written anew, none is to come back."""
    held = MergeRow.objects.filter(model=model._meta.label_lower, row__isnull=False)  # noqa: SLF001 -- Django's own
    held.filter(**{f"row__{name}": value for name, value in columns.items()}).delete()
