"""Database functions that Django expressions use; created by the first migration of `foundation`."""

from typing import Any

from django.db import models


class Fold(models.Func):
    """Lower case without accents or ligatures: the one normalisation for searching and sorting (« Élan » → « elan »)."""

    function = "rq_fold"
    arity = 1

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        extra.setdefault("output_field", models.TextField())
        super().__init__(*expressions, **extra)
