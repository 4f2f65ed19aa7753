"""Texts, postcodes, NAF codes, countries; the table of problems."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines import identifiers
from reciproque.engines.identifiers import (
    PROBLEM_CODES,
    clean_text,
    country_name,
    department_of,
    is_formula,
    is_null_word,
    read_country,
    read_naf,
    read_postcode,
    read_text,
    repair_mojibake,
)


def outcome(reading):
    return reading.value, reading.problem.code if reading.problem else None


@pytest.mark.parametrize(
    "text", ["X", "néant", "NEANT", "#N/A", "#REF!", "n/c", "NC", "-", "--", "–", "sans", "null", "None", " "]
)
def test_words_that_mean_nothing(text):
    assert is_null_word(text)


@pytest.mark.parametrize("text", ["XO", "Sans Souci", "NCF", "SO", "ND", "Aucuny", "0", "N", "#1"])
def test_words_that_mean_something(text):
    assert not is_null_word(text)


@pytest.mark.parametrize("text", ["=A1", "= A1+2", "=SOMME(A1:A2)", "+SUM(A1)", "@IF(A1)"])
def test_formulas(text):
    assert is_formula(text)


@pytest.mark.parametrize("text", ["", "=", "==", "+33 2 41", "-5", "@dupont", "a=b", "- SARL (X)"])
def test_not_formulas(text):
    assert not is_formula(text)


def test_clean_text():
    assert clean_text("  a\x00\u00a0\u202fb\u200b\t c\r\n") == "a b c"
    assert clean_text("e\u0301te\u0301") == "été"
    assert clean_text("a\r\n b\n", lines=True) == "a\nb"
    assert clean_text("a\ufffdb") == "a\ufffdb"


@given(st.text(max_size=80))
def test_cleaning_twice_changes_nothing(text):
    once = clean_text(text)
    assert clean_text(once) == once
    assert "\x00" not in once


FRENCH = "abcdefgxyzABCXYZéèêëàâäîïôöùûüçœæÉÈÊÀÎÔÙÛÇŒÆ’«»– "


@given(st.text(FRENCH, max_size=30))
def test_misread_french_is_put_right(text):
    damaged = b"".join(bytes([byte]) for byte in text.encode()).decode("latin-1")
    assert repair_mojibake(damaged) == (text, True)


@given(st.text(FRENCH, max_size=30))
def test_french_is_left_alone(text):
    assert repair_mojibake(text) == (text, True)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("UniversitÃ©", "Université", "mojibake_repaired"),
        ("UniversitÃƒÂ©", "Université", "mojibake_repaired"),
        ("Ã‰cole Ã\u00a0 Nantes", "École à Nantes", "mojibake_repaired"),
        ("Ã‰cole Ã  Nantes", "Ã‰cole Ã Nantes", "mojibake_doubtful"),
        ("lâ€™Ã©tÃ©", "l’été", "mojibake_repaired"),
        ("cÅ“ur", "cœur", "mojibake_repaired"),
        ("São Paulo", "São Paulo", None),
        ("L\ufffdon", "L\ufffdon", "mojibake_lost"),
        (" Mairie   d’Angers ", "Mairie d’Angers", None),
        ("néant", "", "null_word"),
        ("#N/A", "", "spreadsheet_error"),
        ("=SUM(A1)", "", "formula"),
        ("", "", None),
    ],
)
def test_text(text, value, code):
    assert outcome(read_text(text)) == (value, code)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("49100", "49100", None),
        ("49 100", "49100", None),
        ("1000", "01000", "postcode_zero"),
        ("49100.0", "49100", "number_suffix"),
        ("F-49100", "49100", "postcode_cleaned"),
        ("49100 ANGERS", "49100", "postcode_cleaned"),
        ("98800", "98800", None),
        ("99000", "", "postcode_format"),
        ("491000", "", "postcode_format"),
        ("Angers", "", "postcode_format"),
        ("0", "", None),
        ("00000", "", None),
    ],
)
def test_postcode(text, value, code):
    assert outcome(read_postcode(text)) == (value, code)


def test_postcode_elsewhere():
    assert read_postcode("sw1a 1aa", "GB").value == "SW1A 1AA"
    assert read_postcode("1050", "BE").value == "1050"


@pytest.mark.parametrize(
    ("postcode", "department"),
    [("49100", "49"), ("01000", "01"), ("20000", "2A"), ("20167", "2A"), ("20200", "2B"), ("20600", "2B"), ("97410", "974"),
     ("97150", "978"), ("97133", "977"), ("98800", "988"), ("", ""), ("1000", ""), ("00100", "")],
)  # fmt: skip
def test_department(postcode, department):
    assert department_of(postcode) == department


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("62.01Z", "62.01Z", None),
        ("6201z", "62.01Z", None),
        ("62.0 1 Z", "62.01Z", None),
        ("62.01Z – Programmation", "62.01Z", "naf_cleaned"),
        ("1.11Z", "01.11Z", "naf_zero"),
        ("722C", "", "naf_old"),
        ("72.2C", "", "naf_old"),
        ("00.11Z", "", "naf_format"),
        ("informatique", "", "naf_format"),
        ("nc", "", "null_word"),
    ],
)
def test_naf(text, value, code):
    assert outcome(read_naf(text)) == (value, code)


@pytest.mark.parametrize(
    ("text", "code"),
    [("FR", "FR"), ("France", "FR"), ("FRA", "FR"), ("Les Pays-Bas", "NL"), ("Côte d'Ivoire", "CI"), ("ETATS UNIS", "US"),
     ("Germany", "DE"), ("Royaume-Uni", "GB"), ("Viêt Nam", "VN"), ("Narnie", ""), ("", "")],
)  # fmt: skip
def test_country(text, code):
    assert read_country(text).value == code


def test_country_name():
    assert country_name("DE") == "Allemagne"
    assert country_name("ZZ") == ""


def test_the_table_lists_the_codes_that_are_used():
    folder = Path(identifiers.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.py") if path.name != "problems.py")
    used = set(re.findall(r'found\(\s*"([a-z_]+)"', source)) | set(
        re.findall(r'"((?:siren|siret|phone)_rounded)"', source)
    )
    used |= {name for name in PROBLEM_CODES if f'else "{name}"' in source or f'"{name}") if' in source}
    assert used == set(PROBLEM_CODES)
    assert {severity for severity, _ in PROBLEM_CODES.values()} == {"error", "warning", "repaired"}


READERS = [
    getattr(identifiers, name) for name in identifiers.__all__ if name.startswith("read_") and not name.endswith("s")
]


@given(st.text(max_size=60) | st.text("0123456789 .,E+-W/", max_size=20))
def test_no_reader_raises_and_reading_its_value_again_changes_nothing(text):
    for read in READERS:
        value = read(text).value
        if read is not read_text and value:
            assert read(value).value == value
