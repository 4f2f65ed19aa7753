"""A file of partners is grouped; the result is that of the content, not of the order of the rows nor of the machine."""

import csv
import datetime as dt
import random
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from reciproque.cli import main
from reciproque.engines.linkage.delimited import FileError
from reciproque.engines.linkage.linking import DECISIONS, link
from reciproque.engines.linkage.measuring import quality
from reciproque.engines.linkage.tabling import read

ROWS = [
    # name, address, postcode, city, siren
    ("SARL Boulangerie Lemercier", "12 rue Victor-Hugo", "49000", "Angers", ""),
    ("BOULANGERIE LEMERCIER", "12, R. VICTOR HUGO", "49000", "ANGERS CEDEX 2", ""),
    ("Boulangerie Lemercier S.A.R.L.", "", "49000", "Angers", ""),
    ("Imprimerie Quintavel", "3 quai Gambetta", "44000", "Nantes", "404833048"),
    ("Quintavel (imprimerie)", "", "", "", "404833048"),
    ("Imprimerie Quintavel", "3 quai Gambetta", "44000", "Nantes", "732829320"),
    ("Laboratoires Zephirion", "", "69003", "Lyon", ""),
    ("LABORATOIRE ZÃ©phirion SAS", "", "69003", "LYON", ""),
    ("Comité des fêtes", "", "", "", ""),
    ("Amicale laïque de Saint-Brévin", "", "44250", "St Brévin", ""),
]
NAMES = ("name", "address", "postcode", "city", "siren")


def columns(rows: list[tuple[str, ...]]) -> dict[str, list[str]]:
    return dict(zip(NAMES, (list(cells) for cells in zip(*rows, strict=True)), strict=True))


def padded(count: int) -> list[tuple[str, ...]]:
    """The rows among others, so that words have a frequency."""
    chance = random.Random(5)  # noqa: S311 -- a file, not a secret
    syllables = ["ba", "co", "du", "fe", "gi", "lo", "mu", "na", "pe", "ri", "so", "ta", "vu", "xe", "zo"]
    others = [
        ("".join(chance.choices(syllables, k=4)).upper() + " SERVICES", f"{n} rue Pasteur", "35000", "Rennes", "")
        for n in range(count)
    ]
    return ROWS + others


def test_spellings_of_one_partner_meet_and_two_siren_never_do() -> None:
    linkage = link(columns(padded(300)), threads=1)
    group = linkage.group.tolist()
    assert group[0] == group[1] == group[2]
    assert group[3] == group[4]
    assert group[3] != group[5]
    assert group[6] == group[7]
    assert len({group[0], group[3], group[5], group[6], group[8], group[9]}) == 6
    assert DECISIONS[linkage.decision[8]] == "none"
    assert DECISIONS[linkage.decision[0]] != "none"


@pytest.mark.parametrize("level", ["site", "partner"])
def test_neither_the_order_of_rows_nor_threads_change_anything(level: str) -> None:
    rows = padded(6000)
    expected = link(columns(rows), level=level, threads=1)  # type: ignore[arg-type]
    order = list(range(len(rows)))
    random.Random(3).shuffle(order)  # noqa: S311 -- an order, not a secret
    found = link(columns([rows[place] for place in order]), level=level, threads=3)  # type: ignore[arg-type]
    assert found.group.tolist() == [expected.group[place] for place in order]
    assert found.score.tolist() == [expected.score[place] for place in order]
    assert found.decision.tolist() == [expected.decision[place] for place in order]


@pytest.mark.parametrize("level", ["site", "partner"])
def test_equal_rows_that_are_told_apart_are_numbered_by_what_they_say(level: str) -> None:
    names = ["Mairie", "MAIRIE", "Club d’aviron", "club d'aviron", "Comité des fêtes", "COMITÉ DES FÊTES"] * 3
    rows = padded(60) + [(name, "", "", "", "") for name in names]
    said = pl.DataFrame({**columns(rows), "note": [f"n° {place % 4}" for place in range(len(rows))]})
    answers = []
    for seed in (1, 2):
        file = said.sample(fraction=1, shuffle=True, seed=seed)
        found = link(dict(zip(NAMES, file, strict=False)), level=level, said=file)  # type: ignore[arg-type]
        told = file.with_columns(group=pl.Series(found.group), automatic=pl.Series(found.automatic))
        answers.append(told.sort(told.columns))
    assert answers[0].equals(answers[1])
    assert answers[0].filter(name="Mairie")["group"].n_unique() == 3


def test_every_row_and_column_comes_back(tmp_path: Path) -> None:
    source, out = tmp_path / "fichier.csv", tmp_path / "groupes.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Raison sociale", "Adresse", "Code postal", "Ville", "N° SIREN", "Observations"])
        writer.writerows((*row, f"note {place}") for place, row in enumerate(padded(50)))
    assert main(["dedupe", str(source), "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["Observations"] for row in written] == [f"note {place}" for place in range(60)]
    assert written[3]["cluster_id"] == written[4]["cluster_id"] != written[5]["cluster_id"]
    assert {row["decision"] for row in written} <= set(DECISIONS)
    assert read(source).told() == {
        "name": "Raison sociale", "address": "Adresse", "postcode": "Code postal", "city": "Ville", "siren": "N° SIREN",
    }  # fmt: skip


def test_what_cannot_be_used_is_refused_in_french(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nameless = tmp_path / "sans_nom.csv"
    nameless.write_text("Code postal;Montant\n49000;12\n", "utf-8")
    assert main(["dedupe", str(nameless), "--out", str(tmp_path / "x.csv")]) == 1
    assert "Aucune colonne ne donne le nom" in capsys.readouterr().err
    assert main(["dedupe", str(nameless), "--out", str(tmp_path / "x.ods")]) == 1
    with pytest.raises(FileError, match="n’existe pas"):
        read(tmp_path / "absent.csv")


TABLE = "Raison sociale;Nom;Nom\nCafé de l’Île;a;b\nCAFE DE L ILE;c;\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virgules.csv", TABLE.replace(";", ",").encode()),
        ("tabulations.tsv", TABLE.replace(";", "\t").encode()),
        ("windows.csv", TABLE.replace("’", "'").encode("cp1252")),
        ("marque.txt", b"\xef\xbb\xbf" + TABLE.encode()),
        ("large.csv", TABLE.encode("utf-16")),
        ("large_sans_marque.csv", TABLE.encode("utf-16-le")),
        ("vieux_mac.csv", TABLE.replace("\n", "\r").encode()),
        ("separateur_dit.csv", b"sep=;\r\n" + TABLE.replace("\n", "\r\n").encode()),
        ("cellules_vides_en_trop.csv", TABLE.replace("a;b\n", "a;b;;\n").encode()),
        ("guillemet_seul.csv", TABLE.replace("a;b", 'a";b').encode()),
    ],
)
def test_a_text_is_read_however_it_was_written(tmp_path: Path, name: str, content: bytes) -> None:
    source, out = tmp_path / name, tmp_path / "groupes.csv"
    source.write_bytes(content)
    assert main(["dedupe", str(source), "--out", str(out)]) == 0
    headings, one, other = csv.reader(out.read_text("utf-8").splitlines())
    assert headings == ["Raison sociale", "Nom", "Nom", "cluster_id", "score", "decision"]
    assert (one[0].replace("’", "'"), one[1].strip('"'), one[2]) == ("Café de l'Île", "a", "b")
    assert other[:3] == ["CAFE DE L ILE", "c", ""]
    assert one[3] == other[3]


def test_columns_of_a_parquet_keep_their_types_and_numbers_their_zeros(tmp_path: Path) -> None:
    source, out, text = tmp_path / "a.parquet", tmp_path / "b.parquet", tmp_path / "c.csv"
    told = pl.DataFrame(
        {
            "nom": ["Quintavel", "Imprimerie Q.", "Zephirion"], "siren": [5_580_501.0, 5_580_501.0, None],
            "tags": [["a", "é"], [], None], "vu": [dt.date(2026, 1, 2), None, None], "brut": [b"\xff", b"x", None],
        }
    )  # fmt: skip
    told.write_parquet(source)
    assert main(["dedupe", str(source), "--out", str(out)]) == main(["dedupe", str(source), "--out", str(text)]) == 0
    found = pl.read_parquet(out)
    assert found.select(told.columns).equals(told)
    assert found["cluster_id"][0] == found["cluster_id"][1] != found["cluster_id"][2], "005580501 is a SIREN"
    with text.open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["tags"] == '["a", "é"]'


def test_a_file_without_rows_comes_back(tmp_path: Path) -> None:
    source, out = tmp_path / "vide.csv", tmp_path / "groupes.csv"
    source.write_text("nom;ville\n", "utf-8")
    assert main(["dedupe", str(source), "--out", str(out), "--explain"]) == 0
    assert out.read_text("utf-8") == "nom,ville,cluster_id,score,decision,linked_line,why,weights\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vide.csv", b"\r\n", "est vide"),
        ("trop.csv", b"nom;ville\nA;B;C\n", "la ligne 2 a 3 cellules, pour 2 colonnes"),
        ("classeur.csv", b"PK\x03\x04\x14", "est un classeur ou une archive"),
        ("binaire.csv", b"nom\n" + bytes(400), "n’est pas un texte"),
        ("faux.parquet", b"nom;ville\n", "est illisible"),
    ],
)
def test_what_would_lose_something_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert main(["dedupe", str(tmp_path / name), "--out", str(tmp_path / "x.csv")]) == 1
    assert said in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_a_result_that_cannot_be_written_is_said_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dedupe", str(tmp_path / "absent.csv"), "--out", str(tmp_path / "nulle" / "part.csv")]) == 1
    assert "le dossier n’existe pas" in capsys.readouterr().err


def test_a_full_disk_is_said_in_french_and_nothing_is_left_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tmp_path / "fichier.csv", tmp_path / "groupes.csv"
    source.write_text("nom;ville\nA;B\n", "utf-8")
    out.write_text("d’avant", "utf-8")

    def full(*_given: object, **_named: object) -> None:
        raise pl.exceptions.ComputeError("No space left on device (os error 28)")

    with monkeypatch.context() as patched:
        patched.setattr(pl.DataFrame, "write_csv", full)
        assert main(["dedupe", str(source), "--out", str(out)]) == 1
    assert "« groupes.csv » n’a pas pu être écrit : le disque est plein." in capsys.readouterr().err
    assert (out.read_text("utf-8"), len(list(tmp_path.iterdir()))) == ("d’avant", 2)


def test_a_result_goes_where_its_link_leads(tmp_path: Path) -> None:
    source, out, disk = tmp_path / "fichier.csv", tmp_path / "lien.csv", tmp_path / "disque"
    source.write_text("nom;ville\nA;B\n", "utf-8")
    disk.mkdir()
    out.symlink_to(disk / "groupes.csv")
    assert main(["dedupe", str(source), "--out", str(out)]) == 0
    assert out.is_symlink()
    assert (disk / "groupes.csv").read_text("utf-8").startswith("nom,ville,cluster_id")


@pytest.mark.parametrize("compiled", [False, True])
def test_control_c_ends_it_in_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, compiled: bool
) -> None:
    """Compiled code turns the interruption into an error of its own."""
    source, out = tmp_path / "fichier.csv", tmp_path / "groupes.csv"
    source.write_text("nom;ville\nA;B\n", "utf-8")

    def interrupted(*_given: object, **_named: object) -> None:
        if compiled:
            raise SystemError("returned a result with an exception set") from KeyboardInterrupt()
        raise KeyboardInterrupt

    monkeypatch.setattr("reciproque.engines.linkage.backends.local.link", interrupted)
    assert main(["dedupe", str(source), "--out", str(out)]) == 130
    assert capsys.readouterr().err.endswith("Interrompu.\n")
    assert not out.exists()


def test_what_an_earlier_command_added_stays_and_is_not_what_the_file_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third = (tmp_path / f"{name}.csv" for name in ("qualifie", "groupes", "encore"))
    first.write_text("nom,ville,matched_siren,Score,decision\nA,B,404833048,0.4,review\n", "utf-8")
    assert main(["dedupe", str(first), "--out", str(second)]) == 0
    told = capsys.readouterr().err
    assert "Déjà dans le fichier : score, decision. Ajouté : score_2, decision_2." in told
    assert "nom → name" in told
    assert "matched" not in told
    assert main(["dedupe", str(second), "--out", str(third)]) == 0
    assert third.read_text("utf-8").splitlines()[0] == (
        "nom,ville,matched_siren,Score,decision,cluster_id,score_2,decision_2,cluster_id_3,score_3,decision_3"
    )


def test_in_a_file_of_four_rows_a_name_is_as_rare_as_in_a_thousand() -> None:
    names = ["Boulangerie Lemercier", "Menuiserie Kervalec", "BOULANGERIE LEMERCIER SARL", "Comité des fêtes"]
    linkage = link({"name": names, "city": ["Angers", "Brest", "Angers", "Nantes"]}, threads=1)
    assert linkage.group[0] == linkage.group[2]
    assert DECISIONS[linkage.decision[0]] == "review"


def test_a_file_of_one_row_and_an_empty_cell() -> None:
    linkage = link({"name": ["", "Dupont"]}, threads=1)
    assert linkage.decision.tolist() == [0, 0]
    assert linkage.group.tolist() != [1, 1]


def test_quality_is_that_of_pairs() -> None:
    assert quality([1, 1, 2, 2], ["a", "a", "a", "b"])[:3] == pytest.approx((0.5, 1 / 3, 0.4))


def test_imports_stay_light() -> None:
    code = "import sys, reciproque.engines.linkage, reciproque.cli.parser; print({'numba', 'polars', 'numpy'} & set(sys.modules))"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": "src"}
    )
    assert told.stdout.strip() == "set()"
