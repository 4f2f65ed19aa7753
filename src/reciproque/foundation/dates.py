"""Dates in words, as the language shown writes them: in French the first of a month is « 1er », which Django's formats do not know."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.template import defaultfilters
from django.utils import formats
from django.utils.translation import get_language


def date_format(value: dt.date, form: str) -> str:
    """A date or a local time by the letters of Django's formats: « 1er septembre 2026 » for `j F Y`. ValueError when it is no date."""
    return formats.date_format(value, _first(value, form))


def date_filter(value: Any, form: str | None = None) -> str:
    """The filter `date` of templates, with the same writing; nothing for what is no date."""
    return defaultfilters.date(value, _first(value, form) if form and isinstance(value, dt.date) else form)


def _first(value: dt.date, form: str) -> str:
    """The form with the first of a month spelt, where a month in words stands beside (in figures, « 01/09 » stays)."""
    if value.day != 1 or not ("F" in form or "N" in form) or not (get_language() or "fr").startswith("fr"):
        return form
    return form.replace("j", r"1\e\r")
