"""SIREN, SIRET, RNA, UAI, VAT: canonical forms, and each damage on both sides of its threshold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

from reciproque.engines.identifiers import (
    digits_query,
    format_siren,
    format_siret,
    read_rna,
    read_siren,
    read_siret,
    read_uai,
    read_vat,
    siren_is_valid,
    siren_of_vat,
    siret_is_valid,
    vat_of_siren,
)


def outcome(reading):
    return reading.value, reading.problem.code if reading.problem else None


def luhn_digit(stem: str) -> str:
    return next(str(d) for d in range(10) if stdnum_siren.is_valid(stem + str(d)) or luhn_ok(stem + str(d)))


def luhn_ok(digits: str) -> bool:
    total = sum(int(c) if i % 2 == 0 else sum(divmod(2 * int(c), 10)) for i, c in enumerate(reversed(digits)))
    return total % 10 == 0


SIRENS = st.integers(1, 99_999_999).map(lambda n: f"{n:08d}").map(lambda stem: stem + luhn_digit(stem))


@st.composite
def sirets(draw):
    siren = draw(SIRENS.filter(lambda s: s != "356000000"))
    stem = siren + f"{draw(st.integers(1, 9999)):04d}"
    return next(stem + str(d) for d in range(10) if luhn_ok(stem + str(d)))


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("", "", None),
        ("73282932000074", "73282932000074", None),
        ("732 829 320 00074", "73282932000074", None),
        ("732.829.320-00074", "73282932000074", None),
        ("732\u202f829\u202f320\u00a000074", "73282932000074", None),
        ("SIRET n° : 732 829 320 00074", "73282932000074", None),
        ("'73282932000074", "73282932000074", None),
        ("73282932000074.0", "73282932000074", "number_suffix"),
        ("73282932000074,00", "73282932000074", "number_suffix"),
        ("7.3282932000074E+13", "73282932000074", "scientific_exact"),
        ("7.328293200007E+13", "", "siret_rounded"),
        ("3,50E+13", "", "siret_rounded"),
        ("3.50179E+13", "", "siret_rounded"),
        ("35181600000000", "", "siret_rounded"),
        ("35181600000000.0", "", "siret_rounded"),
        ("73282932000000", "", "siret_rounded"),
        ("73282932010000", "", "siret_checksum"),
        ("73282932000075", "", "siret_checksum"),
        ("7328293200007", "", "siret_length"),
        ("732829320000741", "", "siret_length"),
        ("732829320", "", "siren_in_siret"),
        ("732829321", "", "siret_length"),
        ("FR44732829320", "", "siren_in_siret"),
        ("abc", "", "siret_format"),
        ("X", "", "null_word"),
        ("#REF!", "", "spreadsheet_error"),
        ("=A1", "", "formula"),
        ("0", "", None),
        ("00000000000000", "", None),
        ("35600000000048", "35600000000048", None),
        ("35600000049837", "35600000049837", None),
        ("35600000049838", "", "siret_checksum"),
    ],
)
def test_siret(text, value, code):
    assert outcome(read_siret(text)) == (value, code)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("732829320", "732829320", None),
        ("732 829 320", "732829320", None),
        ("732829321", "", "siren_checksum"),
        ("7.3E+08", "", "siren_rounded"),
        ("05520135", "005520135", "leading_zero"),
        ("5520135", "", "siren_length"),
        ("73282932000074", "732829320", "siret_in_siren"),
        ("73282932000075", "", "siren_length"),
        ("fr 44 732829320", "732829320", "vat_in_siren"),
        ("néant", "", "null_word"),
        ("000000000", "", None),
        ("à voir", "", "siren_format"),
    ],
)
def test_siren(text, value, code):
    assert outcome(read_siren(text)) == (value, code)


@given(st.text("0123456789", min_size=8, max_size=15))
def test_validity_is_that_of_python_stdnum(digits):
    assert siren_is_valid(digits) == (stdnum_siren.is_valid(digits) and digits != "000000000")
    expected = stdnum_siret.is_valid(digits) and digits[9:] != "00000" and digits[:9] != "000000000"
    assert siret_is_valid(digits) == expected


@given(st.integers(0, 99_999).map(lambda n: f"356000000{n:05d}"))
def test_la_poste_is_that_of_python_stdnum(digits):
    assert siret_is_valid(digits) == (stdnum_siret.is_valid(digits) and digits[9:] != "00000")


@given(sirets())
def test_a_siret_survives_formatting_and_loses_its_zeros_safely(siret):
    assert outcome(read_siret(format_siret(siret))) == (siret, None)
    assert read_siret(siret + ".0").value == siret
    stripped = siret.lstrip("0")
    if 12 <= len(stripped) < 14:
        assert outcome(read_siret(stripped)) == (siret, "leading_zero")


@given(SIRENS)
def test_a_siren_and_its_vat_number(siren):
    assert vat_of_siren(siren) == "FR" + stdnum_siren.to_tva(siren)
    assert siren_of_vat(vat_of_siren(siren)) == siren
    assert read_siren(format_siren(siren)).value == siren
    assert outcome(read_vat(vat_of_siren(siren))) == (vat_of_siren(siren), None)


def test_formats():
    assert format_siren("732829320") == "732\u202f829\u202f320"
    assert format_siret("73282932000074") == "732\u202f829\u202f320\u202f00074"
    assert format_siren("") == ""
    assert format_siret("12") == "12"
    assert siren_of_vat("BE0403019261") == ""


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("W751234567", "W751234567", None),
        ("W 751 234 567", "W751234567", None),
        ("w2a1000123", "W2A1000123", "rna_letter"),
        ("W9R1003456", "W9R1003456", None),
        ("751234567", "", "rna_format"),
        ("W75123456", "", "rna_format"),
        ("732829320", "", "siren_in_rna"),
        ("0", "", None),
        ("sans", "", "null_word"),
    ],
)
def test_rna(text, value, code):
    assert outcome(read_rna(text)) == (value, code)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("0750736T", "0750736T", None),
        ("0750736t", "0750736T", None),
        ("750736T", "0750736T", "leading_zero"),
        ("750736S", "", "uai_format"),
        ("0750736S", "0750736S", "uai_checksum"),
        ("075073", "", "uai_format"),
        ("-", "", "null_word"),
    ],
)
def test_uai(text, value, code):
    assert outcome(read_uai(text)) == (value, code)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("fr 44 732 829 320", "FR44732829320", None),
        ("44732829320", "FR44732829320", "vat_prefix"),
        ("45732829320", "", "vat_format"),
        ("FR45732829320", "", "vat_checksum"),
        ("732829320", "", "siren_in_vat"),
        ("BE 0403.019.261", "BE0403019261", None),
        ("BE0403019262", "", "vat_checksum"),
        ("EL094259216", "EL094259216", None),
        ("CHE-107.787.577", "CHE107787577", None),
        ("US12345", "US12345", "vat_country"),
        ("exonérée", "", "vat_format"),
        ("n/c", "", "null_word"),
    ],
)
def test_vat(text, value, code):
    assert outcome(read_vat(text)) == (value, code)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("732 829 320", "732829320"),
        ("732 829", "732829"),
        ("732 82", None),
        ("FR44732829320", "732829320"),
        ("+33 (0)2 41 22 12 34", "0241221234"),
        ("02.41.22.12.34", "0241221234"),
        ("dupont", None),
        ("1234567890123456", None),
    ],
)
def test_digits_query(text, digits):
    assert digits_query(text) == digits
