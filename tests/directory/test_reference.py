"""The shipped reference data say what INSEE says, and find the commune that people mean."""

import pytest

from reciproque.directory import reference


def test_the_lists_are_whole() -> None:
    assert len(reference.activities()) == 732
    assert len(reference.activities_2025()) == 747
    assert len(reference.sections()) == 21
    assert len(reference.headcount_bands()) == 16
    assert len(reference.outlines()) == 96
    assert len(reference.regions()) == 26
    assert reference.naf_label("62.01Z") == "Programmation informatique"
    assert reference.legal_label("7383").lower().startswith("établissement public national à caractère scientifique")
    assert reference.activities()["62.01Z"].section == "J"


@pytest.mark.parametrize(
    ("postcode", "city", "code"),
    [
        ("49000", "Angers", "49007"),
        ("49045", "ANGERS CEDEX 01", "49007"),
        ("49240", "AVRILLE", "49015"),
        ("44600", "ST NAZAIRE", "44184"),
        ("44600", "Saint-Nazaire", "44184"),
        ("69003", "LYON 03", "69123"),
        ("97400", "SAINT DENIS", "97411"),
        ("20000", "AJACCIO", "2A004"),
        ("", "Brest", "29019"),
        ("", "Saint-Denis", None),
        ("75056", "", None),
        ("", "", None),
        ("49000", "Atlantis", None),
    ],
)
def test_a_commune_is_found_however_it_is_typed(postcode: str, city: str, code: str | None) -> None:
    found = reference.commune_of(postcode, city)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("postcode", "department"),
    [("49000", "49"), ("20000", "2A"), ("20200", "2B"), ("97400", "974"), ("4900", ""), ("ABCDE", "")],
)
def test_the_departement_of_a_postcode(postcode: str, department: str) -> None:
    assert reference.department_of(postcode) == department
