"""Delimited text as it comes out of every tool: encodings, separators, quotes, titles and totals."""

from pathlib import Path

import pytest

from reciproque.engines import tabular
from reciproque.engines.tabular import Limits, Note, ReadOptions, TabularError

TABLE = (
    "Raison sociale{s}SIRET{s}Ville\nÉlan d’Anjou{s}01234567890123{s}Nantes\nCafé du Port{s}00032000000017{s}Brest\n"
)


def inspect(tmp_path: Path, data: bytes | str, name: str = "liste.csv", **limits: int) -> tabular.SheetInspection:
    path = tmp_path / "file"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return tabular.inspect(path, original_name=name, limits=Limits(**limits)).sheets[0]


def rows(tmp_path: Path, sheet: tabular.SheetInspection, **limits: int) -> list[tabular.Row]:
    return list(tabular.read(tmp_path / "file", sheet.name, options=sheet.options, limits=Limits(**limits)))


def codes(sheet: tabular.SheetInspection) -> set[str]:
    return {note.code for note in sheet.notes}


ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16-le", "utf-16-be", "utf-16"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_encoding_and_separator_are_found(tmp_path, encoding, separator):
    data = TABLE.format(s=separator)
    sheet = inspect(tmp_path, (data.replace("’", "'") if encoding == "cp1252" else data).encode(encoding))
    assert sheet.separator == separator
    assert sheet.encoding == ("utf-16-le" if encoding == "utf-16" else encoding)
    assert sheet.headers == ("Raison sociale", "SIRET", "Ville")
    assert [row.cells[1:] for row in rows(tmp_path, sheet)] == [
        ("01234567890123", "Nantes"),
        ("00032000000017", "Brest"),
    ]


def test_a_separator_can_be_told_by_the_first_line(tmp_path):
    sheet = inspect(tmp_path, "sep=|\nNom|Ville\nA;1;2|Brest\nB;1;2|Metz\n")
    assert sheet.separator == "|"
    assert rows(tmp_path, sheet)[0] == (3, ("A;1;2", "Brest"), "data")


def test_line_ends_may_be_mixed_and_live_inside_quotes(tmp_path):
    sheet = inspect(tmp_path, b'Nom;Ville\r\n"Le\nPort";Brest\rDeux;"Saint\r\nMalo"\n\nTrois;Metz\n\n;\n')
    assert rows(tmp_path, sheet) == [
        (2, ("Le\nPort", "Brest"), "data"),
        (3, ("Deux", "Saint\r\nMalo"), "data"),
        (4, ("", ""), "empty"),
        (5, ("Trois", "Metz"), "data"),
    ]
    assert sheet.n_rows == 3
    assert Note("empty_rows", "1") in sheet.notes


def test_a_quote_never_closed_costs_one_line(tmp_path):
    lines = ["Nom;Ville", 'SARL "Le Port";Brest', '"Jamais fermé;Metz', '"Deux";"Lille"', 'Fin;"Paris']
    sheet = inspect(tmp_path, "\n".join(lines))
    assert [row.cells for row in rows(tmp_path, sheet)] == [
        ('SARL "Le Port"', "Brest"), ("Jamais fermé", "Metz"), ("Deux", "Lille"), ("Fin", "Paris"),
    ]  # fmt: skip
    assert Note("bad_quotes", "3, 5") in sheet.notes


def test_a_file_mostly_utf8_with_some_windows_lines(tmp_path):
    good = "".join(f"Société {i};Évreux\n" for i in range(40)).encode()
    sheet = inspect(tmp_path, b"Nom;Ville\n" + good + "Café;Nîmes\n".encode("cp1252") + good)
    assert sheet.encoding == "mixed"
    assert Note("mixed_encoding", "42") in sheet.notes
    assert rows(tmp_path, sheet)[40].cells == ("Café", "Nîmes")


def test_titles_header_totals_legends_and_tail(tmp_path):
    data = (
        "Département;;;\nAnnée 2017;;;\n;;;\nNom;CP;Montant;\nA;49000;10;\n\nB;72000;5;\nNom;CP;Montant;\nTOTAL;;15;\n"
    )
    sheet = inspect(tmp_path, data + "Total général :;;15;\n(1) Montant mandaté;;;\n;;;\n")
    assert (sheet.header_rows, sheet.first_line, sheet.n_columns) == ((4,), 5, 3)
    assert sheet.total_lines == (9, 10)
    assert [(row.line, row.kind) for row in rows(tmp_path, sheet)] == [
        (5, "data"), (6, "empty"), (7, "data"), (8, "note"), (9, "total"), (10, "total"), (11, "note"),
    ]  # fmt: skip
    assert {"title_lines", "total_lines", "legend_lines"} <= codes(sheet)


@pytest.mark.parametrize(
    "cells",
    ["TOTAL;542051180;5000", "TOTAL;PUTEAUX;5000", "TOTAL ENERGIES;75000;5000", "Totem;;12"],
)
def test_a_partner_called_total_is_not_a_total(tmp_path, cells):
    sheet = inspect(tmp_path, f"Nom;SIREN;Montant\nA;B;1\n{cells}\n")
    assert rows(tmp_path, sheet)[-1].kind == "data"
    assert not sheet.total_lines


@pytest.mark.parametrize(
    "cells", ["TOTAL;;5000", "Sous-total;;12,50 €", ";Total général;1 200,00", "TOTAUX;3;4", "Total 2017;;9"]
)
def test_totals(tmp_path, cells):
    sheet = inspect(tmp_path, f"Nom;Nombre;Montant\nA;1;1\n{cells}\n")
    assert sheet.total_lines == (3,)


def test_without_header_every_line_is_kept(tmp_path):
    sheet = inspect(tmp_path, "Le Port;29200;a@port.fr\nLe Bois;49000;b@bois.fr\nLa Mer;56000;c@mer.fr\n")
    assert sheet.header_rows == ()
    assert "no_header" in codes(sheet)
    assert len(rows(tmp_path, sheet)) == sheet.n_rows == 3


def test_groups_above_the_header_are_joined_to_it(tmp_path):
    data = "Structure;;Contact 1;;Contact 2;\nNom;Ville;Nom;Mail;Nom;Mail\nA;Brest;Durand;a@b.fr;Petit;c@d.fr\n"
    sheet = inspect(tmp_path, data + "B;Metz;Roy;a@b.fr;;\n")
    assert sheet.header_rows == (1, 2)
    assert sheet.headers == (
        "Structure / Nom", "Structure / Ville", "Contact 1 / Nom", "Contact 1 / Mail", "Contact 2 / Nom", "Contact 2 / Mail",
    )  # fmt: skip


def test_the_same_heading_twice_is_told_apart(tmp_path):
    sheet = inspect(tmp_path, "Nom;Ville;Nom\nA;Brest;Durand\n")
    assert sheet.headers == ("Nom", "Ville", "Nom (2)")


def test_a_longer_line_loses_nothing(tmp_path):
    sheet = inspect(tmp_path, "Nom;Ville\nA;Brest\nB;Metz;en plus\n")
    assert sheet.n_columns == 3
    assert rows(tmp_path, sheet)[-1].cells == ("B", "Metz", "en plus")


def test_evidence_is_found_where_the_first_cells_are_empty(tmp_path):
    sheet = inspect(tmp_path, "Nom;Mail;Vide\n" + "A;;\n" * 50 + f"B;b@b.fr;\n{'x' * 900};c@c.fr;\n")
    assert sheet.samples[0] == ("A", "", "")
    assert [row[1] for row in sheet.evidence[:3]] == ["b@b.fr", "c@c.fr", ""]
    assert len(sheet.evidence) == 30
    assert {note.code for note in sheet.notes} == {"empty_columns"}


def test_one_column_is_enough(tmp_path):
    sheet = inspect(tmp_path, "Nom de la structure\nMairie\nLycée, collège\n")
    assert (sheet.n_columns, sheet.separator) == (1, "")
    assert [row.cells for row in rows(tmp_path, sheet)] == [("Mairie",), ("Lycée, collège",)]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "empty"),
        (b" \r\n\n", "a.csv", "empty"),
        (b"a;b\n1;2\n", "a.xlsx", "wrong_type"),
        (b"a;b\n1;2\n", "a.exe", "extension"),
        (b"a;b\n1;2\n", "sans-extension", "extension"),
        (b"a;b\n1;2\n", "a.xlsm", "macros"),
        (bytes(range(256)) * 40, "a.csv", "wrong_type"),
        (b"%PDF-1.7 ...", "a.csv", "wrong_type"),
        (b"\x89PNG\r\n\x1a\n", "a.csv", "wrong_type"),
        (b"<html><table><tr><td>Nom</td></tr></table></html>", "a.xls", "html"),
        ("\ufeff<!DOCTYPE html><html>".encode("utf-16-le"), "a.xls", "html"),
        (b"<table><tr><td>Nom</td></tr></table>", "a.csv", "html"),
        (b'<?xml version="1.0"?><Workbook/>', "a.xls", "wrong_type"),
    ],
)
def test_refusals(tmp_path, data, name, code):
    with pytest.raises(TabularError) as refusal:
        inspect(tmp_path, data, name)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        ("Nom;Ville\n" + "A;B\n" * 11, {"rows": 10}, "too_many_rows"),
        ("Nom;Ville;CP\nA;B;C\n", {"columns": 2}, "too_many_columns"),
        (f"Nom;Ville\nA;{'x' * 101}\n", {"cell_length": 100}, "cell_too_long"),
        (f"Nom;Ville\nA;{'x' * 200_000}\n", {}, "cell_too_long"),  # longer than csv’s own limit, among the first lines
        ("Nom;Ville\nA;B\n", {"file_bytes": 10}, "too_large"),
    ],
)
def test_limits(tmp_path, data, limits, code):
    with pytest.raises(TabularError) as refusal:
        inspect(tmp_path, data, **limits)
    assert refusal.value.code == code


def test_exactly_at_the_limits_is_accepted(tmp_path):
    sheet = inspect(tmp_path, "Nom;Ville\n" + f"A;{'x' * 100}\n" * 10, rows=10, columns=2, cell_length=100)
    assert len(rows(tmp_path, sheet, rows=10)) == 10


def test_closing_early_ends_the_child(tmp_path):
    sheet = inspect(tmp_path, "Nom;Ville\n" + "A;Brest\n" * 50_000)
    source = tabular.read(tmp_path / "file", "", options=sheet.options)
    assert next(source).line == 2
    source.close()


def test_options_and_inspections_survive_json(tmp_path):
    sheet = inspect(tmp_path, TABLE.format(s=";"))
    assert ReadOptions.from_json(sheet.options.to_json()) == sheet.options
    assert tabular.SheetInspection.from_json(sheet.to_json()) == sheet


def test_the_person_may_correct_what_was_understood(tmp_path):
    sheet = inspect(tmp_path, "Nom;Ville\nA;Brest\n")
    corrected = ReadOptions("csv", (), 1, 2, ";", "utf-8")
    assert sheet.header_rows == (1,)
    assert [row.line for row in tabular.read(tmp_path / "file", "", options=corrected)] == [1, 2]


def test_titles_with_nothing_under_them_are_not_taken_for_a_row(tmp_path):
    sheet = inspect(tmp_path, "Raison sociale;SIRET;CP;Commune\r\n")
    assert (sheet.headers, sheet.n_rows) == (("Raison sociale", "SIRET", "CP", "Commune"), 0)
    lonely = inspect(tmp_path, "Ateliers du Port;55208131766522;44600;Saint-Nazaire\r\n")
    assert (lonely.header_rows, lonely.n_rows) == ((), 1)
