"""Dates in words: the first of a month in French, in pages and in sentences."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from reciproque.foundation.dates import date_format

FIRST, TENTH = dt.date(2026, 9, 1), dt.date(2026, 9, 10)


@pytest.mark.parametrize(
    ("day", "form", "said"),
    [
        (FIRST, "j F Y", "1er septembre 2026"),
        (FIRST, "j N Y", "1er sept. 2026"),
        (FIRST, "l j F", "mardi 1er septembre"),
        (FIRST, "d/m/Y", "01/09/2026"),
        (FIRST, "D j", "mar 1"),
        (TENTH, "j F Y", "10 septembre 2026"),
        (dt.date(2026, 11, 1), "F Y", "novembre 2026"),
    ],
)
def test_the_first_of_a_month_is_spelt(day: dt.date, form: str, said: str) -> None:
    assert date_format(day, form) == said
    assert Template('{{ day|date:"' + form + '" }}').render(Context({"day": day})) == said


def test_other_languages_keep_their_own() -> None:
    with translation.override("en"):
        assert date_format(FIRST, "j F Y") == "1 September 2026"


def test_a_moment_is_read_where_one_is() -> None:
    moment = dt.datetime(2026, 8, 31, 22, 30, tzinfo=dt.UTC)
    with timezone.override("Europe/Paris"):
        assert Template('{{ at|date:"j F Y, H:i" }}').render(Context({"at": moment})) == "1er septembre 2026, 00:30"
    assert Template('{{ nothing|date:"j F" }}|{{ words|date:"j F" }}').render(Context({"words": "hier"})) == "|"
