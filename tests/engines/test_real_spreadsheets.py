"""The files administrations really sent. They are not shipped: kept in `../shared/data`, or where SHARED_DATA says."""

import os
from collections import Counter
from pathlib import Path

import pytest

from reciproque.engines import tabular
from reciproque.engines.intake import Draft, Drafter, guess, proposed


def spreadsheets() -> Path | None:
    places = [Path(os.environ["SHARED_DATA"])] if "SHARED_DATA" in os.environ else []
    places += [parent / "shared" / "data" for parent in Path(__file__).resolve().parents]
    return next((place / "spreadsheets" for place in places if (place / "spreadsheets").is_dir()), None)


FOLDER = spreadsheets()
pytestmark = pytest.mark.skipif(
    FOLDER is None, reason="real spreadsheets absent: put them in ../shared/data or set SHARED_DATA"
)


def imported(name: str) -> tuple[tabular.SheetInspection, dict[str, str], list[Draft]]:
    path = (FOLDER or Path()) / name
    sheet = tabular.inspect(path, original_name=name).sheets[0]
    mapping = proposed(sheet.headers, guess(sheet.headers, sheet.evidence))
    drafter = Drafter(mapping)
    rows = tabular.read(path, sheet.name, options=sheet.options)
    fields = {column.header: column.field for column in mapping.columns if column.field and column.field != "meta.keep"}
    return sheet, fields, [drafter.draft(row.cells) for row in rows if row.kind == "data"]


def problems(drafts: list[Draft]) -> Counter[tuple[str, str]]:
    return Counter((problem.code, problem.severity) for draft in drafts for problem in draft.problems)


def test_identifiers_destroyed_by_a_spreadsheet():
    sheet, fields, drafts = imported("cd49_subventions_2008_2018.csv")
    assert (sheet.n_rows, sheet.separator, sheet.encoding, sheet.header_rows) == (11_843, ";", "utf-8", (1,))
    assert fields == {
        "Année": "meta.year", "SIRET ou NIR": "site.siret", "Raison Sociale": "partner.name",
        "Raison sociale 2": "partner.name_complement", "Code postal": "site.postcode", "Commune": "site.city",
    }  # fmt: skip
    assert problems(drafts) == {
        ("siret_rounded", "warning"): 11_495, ("siret_length", "error"): 12, ("postcode_zero", "warning"): 3,
    }  # fmt: skip
    assert sum(draft.waits for draft in drafts) == 12
    assert all(draft.partner.get("name") for draft in drafts)


@pytest.mark.parametrize(("name", "rows"), [("cd53_conventions_2018.xlsx", 175), ("cd53_conventions_2019.xlsx", 61)])
def test_headings_that_change_from_one_year_to_the_next(name, rows):
    sheet, fields, drafts = imported(name)
    assert sheet.n_rows == rows
    assert {header.lower(): field for header, field in fields.items()} == {
        "nombeneficiaire": "partner.name", "idbeneficiaire": "site.siret", "dateconvention": "meta.date",
    }  # fmt: skip
    assert sum(draft.waits for draft in drafts) == {175: 3, 61: 0}[rows]


def test_the_mapping_of_one_year_serves_the_next():
    before = tabular.inspect((FOLDER or Path()) / "cd53_conventions_2018.xlsx", original_name="a.xlsx").sheets[0]
    after = tabular.inspect((FOLDER or Path()) / "cd53_conventions_2019.xlsx", original_name="b.xlsx").sheets[0]
    mapping = proposed(before.headers, guess(before.headers, before.evidence))
    assert mapping.missing_from(after.headers) == ()
    assert mapping.fitted(after.headers).rules().keys() >= {"partner.name", "site.siret", "meta.date"}


def test_titles_merged_headings_and_legends():
    sheet, fields, drafts = imported("cd72_subventions_2017.xlsx")
    assert (sheet.header_rows, sheet.first_line, sheet.n_rows) == ((2,), 3, 1657)
    assert {note.code for note in sheet.notes} == {"title_lines", "legend_lines", "empty_columns"}
    assert {field for field in fields.values() if field != "partner.name_complement"} == {
        "partner.name", "site.postcode", "site.city",
    }  # fmt: skip
    assert problems(drafts) == {("postcode_zero", "warning"): 1}
    assert len({draft.key for draft in drafts}) == 1657
