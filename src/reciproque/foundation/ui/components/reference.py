"""Rewrite docs/reference/composants.md from the components' own words."""

import os
from pathlib import Path

import django

PAGE = Path(__file__).parents[5] / "docs" / "reference" / "composants.md"

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from reciproque.foundation.ui.templatetags.ui import showcase

    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(showcase.reference(), "utf-8")
