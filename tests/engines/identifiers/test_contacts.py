"""Phones, e-mails, web addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.identifiers import (
    email_domain,
    format_phone,
    is_mobile,
    read_email,
    read_emails,
    read_phone,
    read_phones,
    read_url,
    web_domain,
)


def outcome(reading):
    return reading.value, reading.problem.code if reading.problem else None


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("", "", None),
        ("0241221234", "+33241221234", None),
        ("02 41 22 12 34", "+33241221234", None),
        ("02/41/22/12/34", "+33241221234", None),
        ("Tél. : 02-41-22-12-34", "+33241221234", None),
        ("+33 (0)2 41 22 12 34", "+33241221234", None),
        ("0033241221234", "+33241221234", None),
        ("33241221234", "+33241221234", None),
        ("0262 12 34 56", "+262262123456", None),
        ("0692123456", "+262692123456", None),
        ("+32 2 555 12 34", "+3225551234", None),
        ("241221234", "+33241221234", "phone_zero"),
        ("241221234.0", "+33241221234", "phone_zero"),
        ("2.41221E+08", "", "phone_rounded"),
        ("02 41 22 12", "", "phone_length"),
        ("02 41 22 12 34 poste 12", "+33241221234", "phone_extension"),
        ("02 41 22 12 34 / 06 12 34 56 78", "+33241221234", "phone_several"),
        ("3949", "", "phone_short"),
        ("15", "", "phone_short"),
        ("abc", "", "phone_format"),
        ("x", "", "null_word"),
        ("+1 555 0100", "+15550100", "phone_unassigned"),
        ("=B2", "", "formula"),
    ],
)
def test_phone(text, value, code):
    assert outcome(read_phone(text)) == (value, code)


@pytest.mark.parametrize("between", [" / ", "/", " ou ", ";", "\n", " - ", ", ", " et ", "-"])
def test_two_phones_in_a_cell(between):
    readings = read_phones(f"02 41 22 12 34{between}06 12 34 56 78")
    assert [reading.value for reading in readings] == ["+33241221234", "+33612345678"]


def test_another_region():
    assert read_phone("02 555 12 34", "BE").value == "+3225551234"


@given(st.from_regex(r"0[1-57-9][0-9]{8}", fullmatch=True))
def test_a_phone_survives_its_national_format(number):
    value = read_phone(number).value
    assert read_phone(format_phone(value)).value == value
    assert read_phone(number[1:]).value == value
    assert read_phone(value).value == value


def test_phone_formats():
    assert format_phone("+33241221234") == "02\u00a041\u00a022\u00a012\u00a034"
    assert format_phone("+3225551234") == "+32\u00a02\u00a0555\u00a012\u00a034"
    assert format_phone("+262262123456") == "02\u00a062\u00a012\u00a034\u00a056".replace("\u00a0", "\u00a0")
    assert format_phone("12") == "12"
    assert is_mobile("+33612345678")
    assert is_mobile("+262692123456")
    assert not is_mobile("+33241221234")


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("", "", None),
        ("Jean.Dupont@X.fr", "jean.dupont@x.fr", None),
        ("jean @ x.fr", "jean@x.fr", "email_cleaned"),
        ("jean@x,fr", "jean@x.fr", "email_cleaned"),
        ("jean@x. fr", "jean@x.fr", "email_cleaned"),
        ("jean@x..fr", "jean@x.fr", "email_cleaned"),
        ("mailto:jean@x.fr", "jean@x.fr", "email_cleaned"),
        ("Jean Dupont <jean@x.fr>", "jean@x.fr", "email_cleaned"),
        ("jean@x.fr.", "jean@x.fr", "email_cleaned"),
        ("jean(at)x.fr", "jean@x.fr", "email_cleaned"),
        ("a@x.fr;b@y.fr", "a@x.fr", "email_several"),
        ("jean@gmial.com", "jean@gmial.com", "email_domain"),
        ("jean@x.con", "jean@x.con", "email_domain"),
        ("hélène@x.fr", "", "email_format"),
        ("jean dupont@x.fr", "", "email_format"),
        ("voir avec jean@x.fr", "", "email_format"),
        ("jean@x", "", "email_format"),
        ("pas de mail", "", "email_format"),
        ("aucun", "", "null_word"),
        (f"{'a' * 64}@x.fr", f"{'a' * 64}@x.fr", None),
        (f"{'a' * 65}@x.fr", "", "email_format"),
    ],
)
def test_email(text, value, code):
    assert outcome(read_email(text)) == (value, code)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("hélène@x.fr", "helene@x.fr"), ("jean dupont@x.fr", "jean.dupont@x.fr"), ("c’est bien à jean@x.fr", "jean@x.fr")],
)
def test_what_was_probably_meant_is_suggested_not_taken(text, suggestion):
    reading = read_email(text)
    assert reading.value == ""
    assert reading.problem.detail["suggestion"] == suggestion


@pytest.mark.parametrize("between", [";", ", ", ",", " / ", "/", " ou ", "\n", " ", " et ", " ; "])
def test_several_emails(between):
    readings = read_emails(f"a.b@x.fr{between}c@y-z.org")
    assert [reading.value for reading in readings] == ["a.b@x.fr", "c@y-z.org"]


@given(st.from_regex(r"[a-z][a-z0-9]{0,9}(\.[a-z]{1,6})?@[a-z]{1,9}-?[a-z]{1,5}\.(fr|com|org)", fullmatch=True))
def test_reading_an_email_twice_changes_nothing(address):
    once = read_email(address).value
    assert once == address
    assert read_email(f" {once.upper()} ").value == once


@given(st.text(max_size=60))
def test_nothing_raises(text):
    for read in (read_email, read_phone, read_url):
        reading = read(text)
        assert reading.value == "" or read(reading.value).value == reading.value


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("www.Exemple.FR/", "https://www.exemple.fr", None),
        ("http://x.fr/A?b=1", "http://x.fr/A?b=1", None),
        ("http:/x.fr", "http://x.fr", None),
        ("x.fr:8080/a", "https://x.fr:8080/a", None),
        ("javascript:alert(1)", "", "url_format"),
        ("ftp://x.fr", "", "url_format"),
        ("pas de site", "", "url_format"),
        ("jean@x.fr", "", "email_in_url"),
        ("n/a", "", "null_word"),
    ],
)
def test_url(text, value, code):
    assert outcome(read_url(text)) == (value, code)


def test_domains():
    assert web_domain("https://www.exemple.fr/x") == email_domain("a@exemple.fr") == "exemple.fr"
