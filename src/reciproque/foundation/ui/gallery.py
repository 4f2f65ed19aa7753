"""What the gallery of components shows: sample values in the words of the product."""

from __future__ import annotations

from typing import Any


def samples() -> dict[str, Any]:
    """The context of the gallery page."""
    return {}
