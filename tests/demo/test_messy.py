"""The units' files: always the same, damaged as in life, and readable by what imports them."""

import re

import pytest

from reciproque.demo.messy import DOUBTFUL, messy_files
from reciproque.demo.world import build
from reciproque.engines.intake import Drafter, guess, proposed
from reciproque.engines.tabular import inspect, read


@pytest.fixture(scope="module")
def files():
    return messy_files()


@pytest.fixture(scope="module")
def sheets(files, tmp_path_factory):
    """(file, what was found of each sheet, its rows), as an import reads them."""
    folder = tmp_path_factory.mktemp("files")
    found = []
    for file in files:
        path = folder / file.filename
        path.write_bytes(file.content)
        inspection = inspect(path, original_name=file.filename)
        parts = [(sheet, list(read(path, sheet.name, options=sheet.options))) for sheet in inspection.sheets]
        found.append((file, parts))
    return found


def test_always_the_same_bytes(files):
    assert messy_files() == files
    assert len({file.source for file in files}) == len(files) == 5


def test_truth_leads_to_the_world(files):
    world = build()
    keys = {partner.key for partner in world.partners}
    codes = {unit.code for unit in world.units}
    for file in files:
        assert file.unit in codes
        assert {key for key in file.truth if key} <= keys
        assert file.doubtful == DOUBTFUL
        assert 0.08 < sum(not key for key in file.truth) / len(file.truth) < 0.3
    about: dict[str, set[str]] = {}
    for file in files:
        for key in filter(None, file.truth):
            about.setdefault(key, set()).add(file.unit)
    assert sum(len(units) > 1 for units in about.values()) > 60


def test_an_import_reads_every_row(sheets):
    for file, parts in sheets:
        assert parts[0][0].header_rows[-1] == file.header_row
        rows = [row for _sheet, several in parts for row in several if row.kind == "data"]
        assert len(rows) == len(file.truth), file.filename
    totals = [row for _sheet, several in sheets[0][1] for row in several if row.kind == "total"]
    assert len(totals) == 1


def test_an_import_finds_names_and_damage(sheets):
    """All but in the Fondation's file, whose headings are its own: somebody must say which column is the name."""
    problems: set[str] = set()
    for file, parts in sheets[:4]:
        for sheet, rows in parts:
            guesses = guess(sheet.headers, sheet.evidence)
            drafter = Drafter(proposed(sheet.headers, guesses))
            drafts = [drafter.draft(row.cells) for row in rows if row.kind == "data"]
            named = sum("name" in draft.partner for draft in drafts)
            assert named > 0.97 * len(drafts), (file.filename, sheet.name, guesses)
            problems |= {problem.code for draft in drafts for problem in draft.problems}
    assert {"siret_rounded", "siret_checksum", "null_word"} <= problems


def test_no_address_of_anybody(sheets):
    cells = [cell for _file, parts in sheets for _sheet, rows in parts for row in rows for cell in row.cells]
    emails = {found for cell in cells for found in re.findall(r"[^\s;,/]+@[^\s;,/]+", cell)}
    assert len(emails) > 300
    assert all(email.endswith(".example") for email in emails)
