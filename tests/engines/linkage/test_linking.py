"""A file of partners is grouped; the result is that of the content, not of the order of the rows nor of the machine."""

import csv
import random
import subprocess
import sys
from pathlib import Path

import pytest

from reciproque.cli import main
from reciproque.engines.linkage.linking import DECISIONS, link
from reciproque.engines.linkage.measuring import quality
from reciproque.engines.linkage.tabling import FileError, columns_of, read

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
    assert columns_of(read(source)) == {
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
