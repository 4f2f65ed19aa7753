"""Dates in words: the first of a month in French, in pages and in sentences."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils import timezone, translation

from reciproque.foundation.dates import date_format, read_day, read_hour
from reciproque.foundation.ui.days import DayField, HourField

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


@pytest.mark.parametrize(
    "typed",
    ["12/3/2026", "12/03/26", "12.03.2026", "12-3-2026", "12032026", "12 mars 2026", " 12 Mar. 2026 ", "2026-03-12"],
)
def test_a_day_is_read_as_people_type_it(typed: str) -> None:
    assert read_day(typed) == dt.date(2026, 3, 12)
    assert DayField().clean(typed) == dt.date(2026, 3, 12)


@pytest.mark.parametrize(
    ("typed", "found"), [("1er août 2026", dt.date(2026, 8, 1)), ("3 févr. 2026", dt.date(2026, 2, 3))]
)
def test_months_are_read_with_or_without_their_accents(typed: str, found: dt.date) -> None:
    assert read_day(typed) == found


@pytest.mark.parametrize("typed", ["31/02/2026", "3/14/2026", "12 jui 2026", "12 mars", "demain", "12/03", "٣/٣/2026"])
def test_what_is_no_day_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError, match="comme 12/03/2026"):
        DayField().clean(typed)


def test_a_day_is_shown_as_it_is_typed_whatever_the_browser_speaks() -> None:
    shown = DayField().widget.render("on", dt.date(2026, 3, 12), {"id": "id_on"})
    assert ('value="12/03/2026"' in shown, "jj/mm/aaaa" in shown) == (True, True)


@pytest.mark.parametrize("typed", ["9h05", "9 h 05", "09:05", "9.05", "905", "0905", " 9H05 "])
def test_an_hour_is_read_as_people_type_it(typed: str) -> None:
    assert read_hour(typed) == dt.time(9, 5)
    assert HourField().clean(typed) == dt.time(9, 5)


@pytest.mark.parametrize(
    ("typed", "found"), [("14h", dt.time(14)), ("8", dt.time(8)), ("0:00", dt.time()), ("23h59", dt.time(23, 59))]
)
def test_minutes_may_be_left_out(typed: str, found: dt.time) -> None:
    assert read_hour(typed) == found


@pytest.mark.parametrize("typed", ["24:00", "9h60", "2 pm", "midi", "9:5", "٩:٠٠", "-1"])
def test_what_is_no_hour_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError, match="comme 14:30"):
        HourField().clean(typed)


def test_an_hour_is_shown_on_twenty_four_hours_whatever_the_browser_speaks() -> None:
    shown = HourField().widget.render("at", dt.time(14, 30))
    assert ('value="14:30"' in shown, 'type="time"' in shown) == (True, False)
