"""A saved mapping: read back exactly, fitted to the next file, refused when wrong."""

import json

import pytest

from reciproque.engines.intake import FIELDS, Column, Mapping, MappingError, field_of, person_number

MAPPING = Mapping(
    (
        Column(0, "nomBeneficiaire", "partner.name", "replace"),
        Column(1, "Objet"),
        Column(2, "Mail", "person2.email", "keep"),
    ),
    (("partner.tags", "taxe"),),
)


def test_it_survives_json():
    assert Mapping.from_json(json.loads(json.dumps(MAPPING.to_json()))) == MAPPING
    assert MAPPING.rules() == {"partner.name": "replace", "person2.email": "keep"}
    assert MAPPING.usable
    assert not Mapping((Column(0, "Ville", "site.city"),)).usable


def test_it_follows_columns_that_moved_or_changed_case():
    headers = ["E-MAIL", "mail", "Nouveau", "Nom bénéficiaire"]
    fitted = MAPPING.fitted(headers)
    assert [column.field for column in fitted.columns] == [None, "person2.email", None, "partner.name"]
    assert fitted.columns[3].rule == "replace"
    assert MAPPING.missing_from(["Mail"]) == ("nomBeneficiaire",)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ([], "not_a_mapping"),
        ({"version": 2, "columns": []}, "not_a_mapping"),
        ({"version": 1, "columns": [{"index": 0}]}, "not_a_mapping"),
        ({"version": 1, "columns": ["x"]}, "not_a_mapping"),
        ({"version": 1, "columns": [{"index": 0, "header": "A", "field": ["x"]}]}, "not_a_mapping"),
        ({"version": 1, "columns": [{"index": 0, "header": "A", "field": "partner.nothing"}]}, "unknown_field"),
        ({"version": 1, "columns": [{"index": 0, "header": "A", "field": "person.email"}]}, "unknown_field"),
        ({"version": 1, "columns": [{"index": 0, "header": "A", "field": "partner.name", "rule": "no"}]}, "bad_column"),
        ({"version": 1, "columns": [], "constants": {"x.y": "1"}}, "unknown_field"),
        (
            {"version": 1, "columns": [{"index": i, "header": "A", "field": "site.siret"} for i in (0, 1)]},
            "field_twice",
        ),
    ],
)
def test_a_wrong_mapping_is_refused(data, code):
    with pytest.raises(MappingError) as refusal:
        Mapping.from_json(data)
    assert refusal.value.code == code


def test_the_catalogue():
    assert field_of("person3.email") is FIELDS["person.email"]
    assert (person_number("person3.email"), person_number("site.siret")) == (3, 0)
    assert all(path == field.path for path, field in FIELDS.items())
