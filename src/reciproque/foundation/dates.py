"""Dates in words, as the language shown writes them: in French the first of a month is « 1er », which Django's formats do not know."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache
from typing import Any

from django.template import defaultfilters
from django.utils import formats
from django.utils.translation import get_language


def date_format(value: dt.date, form: str) -> str:
    """A date or a local time by the letters of Django's formats: « 1er septembre 2026 » for `j F Y`. ValueError when it is no date."""
    if type(value) is dt.date:  # nothing but the language changes it
        return _written(value, form, get_language())
    return formats.date_format(value, _first(value, form))


def date_filter(value: Any, form: str | None = None) -> str:
    """The filter `date` of templates, with the same writing; nothing for what is no date."""
    if form and type(value) is dt.date:
        return _written(value, form, get_language())
    return defaultfilters.date(value, _first(value, form) if form and isinstance(value, dt.date) else form)


@lru_cache(maxsize=4_096)
def _written(value: dt.date, form: str, _language: str | None) -> str:
    return formats.date_format(value, _first(value, form))


MONTHS = (
    "janvier january", "fevrier february", "mars march", "avril april", "mai may", "juin june", "juillet july", "aout august",
    "septembre september", "octobre october", "novembre november", "decembre december",
)  # fmt: skip
NUMBERS = re.compile(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4}|\d{2})|(\d{2})(\d{2})(\d{4})", re.ASCII)
SPELT = re.compile(r"(\d{1,2})(?:er)?\s+([a-z]{3,})\.?\s+(\d{4})", re.ASCII)


def read_day(text: str) -> dt.date:
    """A day as people type it, day first: « 12/3/2026 », « 12.03.26 », « 12032026 », « 12 mars 2026 », or as machines do (2026-03-12).

    Raises ValueError.
    """
    said = "".join(one for one in unicodedata.normalize("NFKD", text.strip().lower()) if not unicodedata.combining(one))
    if found := NUMBERS.fullmatch(said):
        day, month, year = (int(one) for one in found.groups() if one)
        return dt.date(year + 2000 if year < 100 else year, month, day)
    if found := SPELT.fullmatch(said):
        months = [rank for rank, names in enumerate(MONTHS, 1) if any(n.startswith(found[2]) for n in names.split())]
        if len(months) == 1:
            return dt.date(int(found[3]), months[0], int(found[1]))
    return dt.date.fromisoformat(said)


HOUR = re.compile(r"(\d{1,2})(?:\s*(?:h|:|\.|heures?)\s*(\d{2})?)?|(\d{1,2})(\d{2})", re.ASCII)


def read_hour(text: str) -> dt.time:
    """An hour as people type it: « 14h30 », « 14 h 30 », « 9h », « 9 », « 14:30 », « 1430 ». Raises ValueError."""
    found = HOUR.fullmatch(text.strip().lower())
    if not found:
        raise ValueError(text)
    hour, minute = found[1] or found[3], found[2] or found[4] or 0
    return dt.time(int(hour), int(minute))


def _first(value: dt.date, form: str) -> str:
    """The form with the first of a month spelt, where a month in words stands beside (in figures, « 01/09 » stays)."""
    if value.day != 1 or not ("F" in form or "N" in form) or not (get_language() or "fr").startswith("fr"):
        return form
    return form.replace("j", r"1\e\r")
