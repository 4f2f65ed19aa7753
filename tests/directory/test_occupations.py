"""Occupations of the ROME: found by code, by label, by what people call them."""

import pytest

from reciproque.directory.reference import occupation, occupations_named


@pytest.mark.parametrize(
    ("typed", "code", "called"),
    [
        ("i1304", "I1304", ""),
        ("D110", "D1101", ""),
        ("boulangerie vien", "D1102", ""),
        ("developpeur web", "M1805", "Développeur / Développeuse web"),
        ("Développeuse web", "M1805", "Développeur / Développeuse web"),
    ],
)
def test_an_occupation_is_found_as_one_types(typed: str, code: str, called: str) -> None:
    first = occupations_named(typed)[0]
    assert (first.code, first.called) == (code, called)


def test_what_begins_as_is_typed_comes_first_and_never_more_than_a_screen() -> None:
    found = occupations_named("soudeur")
    assert (found[0].code, len(found) <= 8) == ("H2913", True)
    assert len(occupations_named("a")) == 8
    assert occupations_named("") == occupations_named("zzz") == occupations_named(" - ") == []


def test_the_register_is_whole() -> None:
    assert str(occupation("A1101")) == "A1101 – Conduite d’engins agricoles et forestiers"
    assert occupation("Z9999") is None
