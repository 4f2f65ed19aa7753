"""The components, as template tags. Built in: no {% load %} is needed."""

from reciproque.foundation.ui.components import containers, elements, forms, lists, records, shell, showcase
from reciproque.foundation.ui.components.library import register

__all__ = ["containers", "elements", "forms", "lists", "records", "register", "shell", "showcase"]
