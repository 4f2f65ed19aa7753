"""Workbooks: faithful cells, merged headers, hostile archives."""

import contextlib
import datetime as dt
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from reciproque.engines import tabular
from reciproque.engines.tabular import Limits, TabularError
from tests.engines.tabular.workbooks import compound, ods, xls


def book(path: Path, *rows, **options) -> Path:
    with xlsxwriter.Workbook(str(path), options) as made:
        sheet = made.add_worksheet("Liste")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return path


def refusal(path: Path, name: str = "a.xlsx", **limits: int) -> TabularError:
    with pytest.raises(TabularError) as refused:
        tabular.inspect(path, original_name=name, limits=Limits(**limits))
    return refused.value


def table(path: Path, name: str) -> tuple[tabular.SheetInspection, list[tabular.Row]]:
    sheet = tabular.inspect(path, original_name=name).sheets[0]
    return sheet, list(tabular.read(path, sheet.name, options=sheet.options))


@pytest.mark.parametrize(("writer", "name"), [(book, "a.xlsx"), (xls, "a.xls"), (ods, "a.ods")])
def test_the_three_formats_give_the_same_rows(tmp_path, writer, name):
    rows = [["Nom", "SIRET", "CP"], ["Élan", 35181600000012.0, 1000.0], ["Café", "01234567890123", 72390.5]]
    path = writer(tmp_path / name, *rows) if writer is book else writer(tmp_path / name, rows)
    sheet, read = table(path, name)
    assert sheet.headers == ("Nom", "SIRET", "CP")
    assert [row.cells for row in read] == [("Élan", "35181600000012", "1000"), ("Café", "01234567890123", "72390.5")]
    assert "long_numbers" in {note.code for note in sheet.notes}


@pytest.mark.parametrize("base_1904", [False, True])
def test_dates_booleans_and_numbers_become_faithful_text(tmp_path, base_1904):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": base_1904}) as made:
        sheet = made.add_worksheet("Liste")
        day, moment = made.add_format({"num_format": "dd/mm/yyyy"}), made.add_format({"num_format": "dd/mm/yy hh:mm"})
        sheet.write_row(0, 0, ["Date", "Moment", "Actif", "Montant", "Nombre"])
        sheet.write_datetime(1, 0, dt.datetime(2022, 1, 1), day)  # noqa: DTZ001 - a spreadsheet knows no zone
        sheet.write_datetime(1, 1, dt.datetime(2022, 1, 1, 9, 30), moment)  # noqa: DTZ001
        sheet.write_row(1, 2, [True, 1234.1, -12.0])
    assert table(path, "a.xlsx")[1][0].cells == ("2022-01-01", "2022-01-01 09:30:00", "VRAI", "1234.1", "-12")


def test_merged_titles_and_headers(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet("Liste")
        sheet.merge_range(0, 0, 0, 4, "Liste des partenaires")
        sheet.merge_range(2, 0, 3, 0, "Raison\nsociale")
        sheet.merge_range(2, 1, 2, 2, "Adresse")
        sheet.merge_range(2, 3, 2, 4, "Contact")
        sheet.write_row(3, 1, ["CP", "Ville", "Nom", "Mail"])
        sheet.write_row(4, 0, ["A", 49000, "Angers", "Durand", "a@b.fr"])
        sheet.write_row(5, 0, ["B", 72000, "Le Mans", "Petit", "c@d.fr"])
        made.add_worksheet("Cachée").hide()
    inspection = tabular.inspect(path, original_name="a.xlsx")
    sheet = inspection.sheets[0]
    assert sheet.headers == ("Raison sociale", "Adresse / CP", "Adresse / Ville", "Contact / Nom", "Contact / Mail")
    assert (sheet.header_rows, sheet.first_line, sheet.n_rows) == ((3, 4), 5, 2)
    assert [(s.name, s.hidden, s.n_rows) for s in inspection.sheets] == [("Liste", False, 2), ("Cachée", True, 0)]


def test_a_heading_over_two_columns_names_both(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet("Liste")
        sheet.write(0, 0, "Nom")
        sheet.merge_range(0, 1, 0, 2, "Adresse")
        for line in (1, 2, 3):
            sheet.write_row(line, 0, ["A", 49000, "Angers"])
    assert table(path, "a.xlsx")[0].headers == ("Nom", "Adresse", "Adresse (2)")


def test_an_unknown_sheet_is_refused(tmp_path):
    path = book(tmp_path / "a.xlsx", ["Nom", "Ville"], ["A", "Brest"])
    options = tabular.inspect(path, original_name="a.xlsx").sheets[0].options
    with pytest.raises(TabularError, match="no_such_sheet"):
        list(tabular.read(path, "Autre", options=options))


def test_one_cell_in_the_last_corner_is_too_heavy_and_harms_nobody(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet()
        sheet.write(0, 0, "Nom")
        sheet.write(1_048_575, 16_383, "loin")
    assert refusal(path).code == "too_heavy"


def bomb(path: Path, name: str, size: int) -> Path:
    """The same small workbook, one entry of which unpacks to `size` bytes of nothing."""
    small = book(path.with_suffix(".small"), ["Nom", "Ville"], ["A", "B"])
    with zipfile.ZipFile(small) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.namelist():
            if entry != name:
                archive.writestr(entry, source.read(entry))
        head, tail = source.read(name).split(b"</", 1)
        with archive.open(name, "w") as out:
            out.write(head)
            for _ in range(size // 1_000_000):
                out.write(b" " * 1_000_000)
            out.write(b"</" + tail)
    return path


def test_zip_bombs_are_refused_before_they_unpack(tmp_path):
    path = bomb(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", 300_000_000)
    assert path.stat().st_size < 1_000_000
    assert refusal(path).code == "archive_ratio"
    assert refusal(path, ratio=10_000).code == "archive_size"


def test_an_archive_that_lies_about_its_size_meets_the_memory_limit(tmp_path):
    path = bomb(tmp_path / "a.xlsx", "xl/sharedStrings.xml", 300_000_000)
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 1000)
    path.write_bytes(bytes(data))
    assert refusal(path, memory_bytes=200_000_000).code in {"unreadable", "too_heavy"}


@pytest.mark.parametrize("name", ["../x.xml", "/etc/x", "C:\\x", "a/../../x"])
def test_paths_out_of_the_archive_are_refused(tmp_path, name):
    path = book(tmp_path / "a.xlsx", ["Nom"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "x")
    assert refusal(path).code == "archive_path"


def test_too_many_entries(tmp_path):
    path = book(tmp_path / "a.xlsx", ["Nom"])
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(20):
            archive.writestr(f"x{number}", "")
    assert refusal(path, entries=20).code == "archive_entries"


def test_macros_and_encryption_are_refused(tmp_path):
    path = book(tmp_path / "a.xlsx", ["Nom", "Ville"], ["A", "B"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert refusal(path).code == "macros"
    rows = [["Nom", "Ville"], ["A", "B"]]
    assert refusal(ods(tmp_path / "b.ods", rows, encrypted=True), "b.ods").code == "encrypted"
    assert refusal(ods(tmp_path / "c.ods", rows, basic=True), "c.ods").code == "macros"
    locked = compound(tmp_path / "d.xlsx", {"EncryptionInfo": b"x", "EncryptedPackage": b"x"})
    assert refusal(locked, "d.xlsx").code == "encrypted"
    assert refusal(compound(tmp_path / "e.doc", {"WordDocument": b"x"}), "e.xls").code == "wrong_type"


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a.csv"])
def test_the_right_content_under_another_name_is_refused(tmp_path, name):
    error = refusal(book(tmp_path / "a.xlsx", ["Nom", "Ville"], ["A", "B"]), name)
    assert (error.code, error.detail) == ("wrong_type", "xlsx")


@pytest.mark.parametrize("cut", [100, 1000, 3000])
def test_a_torn_file_is_unreadable(tmp_path, cut):
    path = book(tmp_path / "a.xlsx", *[["Nom", "Ville"]] * 50)
    path.write_bytes(path.read_bytes()[:cut])
    assert refusal(path).code == "unreadable"


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_file_never_raises_anything_else(tmp_path, seed):
    path = [xls, ods][seed % 2](tmp_path / "a", [["Nom", "Ville"], ["A", 12.0], ["B", "C"]])
    data = bytearray(path.read_bytes())
    for step in range(40):
        data[(seed * 7919 + step * 104_729) % len(data)] = (seed * 31 + step * 17) % 256
    path.write_bytes(bytes(data))
    with contextlib.suppress(TabularError):
        table(path, "a.xls" if path.read_bytes()[:2] == b"\xd0\xcf" else "a.ods")


def test_limits_of_time_and_memory(tmp_path):
    path = book(tmp_path / "a.xlsx", *[["Nom", "Ville", 1.5]] * 3000)
    assert refusal(path, memory_bytes=30_000_000).code in {"too_heavy", "unreadable"}
    assert refusal(path, wall_seconds=0).code == "too_heavy"


def test_rows_and_columns_are_limited(tmp_path):
    path = book(tmp_path / "a.xlsx", ["Nom", "Ville", "CP"], *[["A", "B", "C"]] * 20)
    assert refusal(path, rows=10).code == "too_many_rows"
    assert refusal(path, columns=2).code == "too_many_columns"


def test_one_sheet_beyond_the_limits_does_not_hide_the_others(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        for name, lines in (("Petite", 3), ("Grande", 50)):
            sheet = made.add_worksheet(name)
            for line in range(lines):
                sheet.write_row(line, 0, ["Nom", "Ville"] if line == 0 else ["A", "B"])
    small, large = tabular.inspect(path, original_name="a.xlsx", limits=Limits(rows=10)).sheets
    assert (small.n_rows, large.n_rows, large.notes[0].code) == (2, 0, "too_many_rows")
    with pytest.raises(TabularError, match="too_many_rows"):
        list(tabular.read(path, "Grande", options=large.options, limits=Limits(rows=10)))


def test_the_child_stays_light():
    script = (
        "import sys, reciproque.engines.tabular.child as c, reciproque.engines.tabular.table, "
        "reciproque.engines.tabular.text; print([m for m in ('django', 'phonenumbers', 'psycopg') if m in sys.modules])"
    )
    source = str(Path(tabular.__file__).parents[3])
    found = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": source}, check=True, capture_output=True, text=True
    )
    assert found.stdout.strip() == "[]"
