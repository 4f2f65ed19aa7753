"""Stock files are loaded into an index, and names asked of it find their companies."""

import csv
import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from reciproque.cli import main
from reciproque.engines.register import loading
from reciproque.engines.register.explaining import because
from reciproque.engines.register.facts import RegisterError, current
from reciproque.engines.register.index import Register, opened
from reciproque.engines.register.loading import load
from reciproque.engines.register.qualifying import DECISIONS, identify, qualify
from reciproque.engines.register.reading import StockError, recognised
from reciproque.engines.register.storing import damaged
from tests.engines.register.small_stock import siren, siret, units, written

NOW = "2026-11-02T04:00:00+00:00"
DATA = Path(__file__).resolve().parents[4] / "shared/data/entities/registry_dev.parquet"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return written(tmp_path_factory.mktemp("stock"))


@pytest.fixture(scope="module")
def root(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("register")
    load(files, folder, loaded_at=NOW)
    return folder


@pytest.fixture
def register(root: Path) -> Register:
    return opened(root)


def test_every_kind_of_file_is_recognised_by_its_columns(files, tmp_path):
    assert {recognised(path) for path in files} == {"units", "sites", "successions", "past_units"}
    other = tmp_path / "autre.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(StockError, match="n’est pas un fichier stock"):
        recognised(other)


def test_what_the_register_says_of_a_company(register):
    company = register.company(siren(40000001))
    assert company is not None
    assert (company.name, company.is_active, company.open_sites, company.naf) == (
        "BOULANGERIE LEMERCIER",
        True,
        2,
        "10.71C",
    )
    assert company.usual_names == ("LE FOURNIL D'ADELE",)
    assert company.head is not None
    assert (company.head.siret, company.head.address) == (siret(40000001, 2), "3 BD CARNOT")
    assert [site.siret for site in register.sites(siren(40000001))] == [siret(40000001, 2), siret(40000001, 3)]
    assert register.company("999999999") is None
    assert register.company(siren(40000003)).past_names == ("BUREAU TAVERNOUX",)


def test_a_closed_site_names_the_one_that_took_over(register):
    closed = register.site(siret(40000001, 1))
    assert closed is not None
    assert (closed.is_open, closed.since) == (False, "2025-01-31")
    link = register.successor(closed.siret)
    assert link is not None
    assert (link.after, link.on, link.moved_head) == (siret(40000001, 2), "2025-01-31", True)
    assert register.successor(siret(40000003, 1)) is None


def test_what_is_hidden_stays_hidden(register):
    company = register.company(siren(40000008))
    assert company is not None
    assert (company.is_partial, company.name) == (True, "")
    assert register.sites(company.siren)[0].address == ""


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        (("SARL Boulangerie Lemercier", "3, bd Carnot", "49100", "Angers"), 40000001),
        (("BOULANGERI LEMERCIER", "", "", "Angers"), 40000001),
        (("Le fournil d’Adèle", "", "49000", ""), 40000001),
        (("Les délices de Cholet", "8 place de la Gare", "49300", "CHOLET CEDEX"), 40000001),
        (("U.R.A.S.", "1 quai Gambetta", "44000", "Nantes"), 40000002),
        (("Zephirion Maritime", "5 avenue Pasteur", "49000", "Angers"), 40000004),
        (("Bureau Tavernoux", "", "49000", "Angers"), 40000003),
        (("Comité des fêtes", "", "44000", "Nantes"), 40000006),
        (("Adèle Vassort", "2 rue des Lilas", "49000", "Angers"), 40000009),
        (("MenuiserieKervalec", "", "29000", "Quimper"), 50000001),
    ],
)
def test_a_name_finds_its_company(register, asked, body):
    columns = {name: [cell] for name, cell in zip(("name", "address", "postcode", "city"), asked, strict=True)}
    found = qualify(columns, register, threads=1)
    numbers = register.held["unit_siren"]
    assert found.company[0] >= 0, f"{asked[0]}: {found.score[0]}"
    assert f"{numbers[found.company[0]]:09d}" == siren(body)


def test_a_number_of_the_register_decides_and_names_the_site(register):
    columns = {"name": ["Boulangerie Lemercier", "Garage du Port"], "siret": [siret(40000001, 3), siret(40000003, 1)]}
    found = qualify(columns, register, threads=1)
    assert DECISIONS[found.decision[0]] == "accepted_siret"
    assert register.site_at(int(found.site[0])).siret == siret(40000001, 3)
    assert "le numéro donné est au registre" in because(found, 0)
    assert DECISIONS[found.decision[1]] != "accepted_siret", "the number and the name disagree: somebody looks"


def test_a_stranger_is_not_forced_on_anybody(register):
    found = qualify({"name": ["Clinique vétérinaire des Ormeaux", ""]}, register, threads=1)
    assert [DECISIONS[place] for place in found.decision] == ["none", "none"]


def test_two_names_of_one_company_are_identified_alike(register):
    found = identify(
        {"name": ["Le fournil d'Adèle", "Lemercier boulangerie", "?"], "city": ["Angers", "Angers", ""]}, register
    )
    assert found.siren.tolist() == [int(siren(40000001))] * 2 + [-1]
    assert {number // 100_000 for number in found.siret.tolist()[:2]} == {int(siren(40000001))}
    assert (found.siret[2], found.sure[2], found.site_sure[2]) == (-1, 0.0, 0.0)


def test_the_result_is_the_same_with_any_number_of_threads_and_in_any_order(register):
    names = ["Zephirion", "Comité des fêtes", "URAS", "Boulangerie Lemercier"] * 300
    one = qualify({"name": names}, register, threads=1)
    other = qualify({"name": names[::-1]}, register, threads=3)
    assert one.company.tolist() == other.company.tolist()[::-1]
    assert one.score.tolist() == other.score.tolist()[::-1]


def test_only_the_chosen_departments_are_loaded(files, tmp_path):
    manifest = load(files, tmp_path, loaded_at=NOW, departments=["29"])
    assert (manifest.counts["units"], manifest.departments) == (1, ["29"])
    assert opened(tmp_path).company(siren(40000001)) is None


def test_a_refresh_does_not_disturb_those_who_read(files, tmp_path):
    load(files, tmp_path, loaded_at=NOW)
    before = opened(tmp_path)
    renamed = tmp_path / "neuf"
    renamed.mkdir()
    fresh = units().with_columns(
        denominationUniteLegale=pl.when(pl.col("siren") == siren(40000001))
        .then(pl.lit("MAISON LEMERCIER"))
        .otherwise("denominationUniteLegale")
    )
    fresh.write_csv(renamed / "StockUniteLegale_utf8.csv")
    kept = [path for path in files if "StockUniteLegale_" not in path.name]
    load([renamed / "StockUniteLegale_utf8.csv", *kept], tmp_path, loaded_at="2026-12-02T04:00:00+00:00")
    assert before.company(siren(40000001)).name == "BOULANGERIE LEMERCIER"
    assert opened(tmp_path).company(siren(40000001)).name == "MAISON LEMERCIER"


def test_a_load_killed_in_the_middle_goes_on_and_nobody_reads_half_of_it(files, tmp_path, monkeypatch):
    whole = tmp_path / "whole"
    load(files, whole, loaded_at=NOW)
    broken = tmp_path / "broken"

    def die(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loading, "indexed", die)
        with pytest.raises(KeyboardInterrupt):
            load(files, broken, loaded_at=NOW)
    with pytest.raises(RegisterError):
        opened(broken)
    with monkeypatch.context() as patch:
        patch.setattr(loading, "shaped", die)  # what was done is not done again
        load(files, broken, loaded_at="2026-11-02T05:00:00+00:00")
    digests = [json.loads((current(each) / "manifest.json").read_text())["digests"] for each in (whole, broken)]
    assert digests[0] == digests[1]


def test_what_is_read_is_never_written_even_when_a_load_dies_as_it_ends(files, tmp_path, monkeypatch):
    monkeypatch.setattr(loading.shutil, "rmtree", lambda *_args, **_kept: None)  # dies before it tidies up
    load(files, tmp_path, loaded_at=NOW)
    monkeypatch.undo()
    (tmp_path / "loading" / "stock").write_text(f"{loading.stock_of(files).mark} {current(tmp_path).name}")
    read, before = current(tmp_path), opened(tmp_path)
    load(files, tmp_path, loaded_at=NOW)
    assert current(tmp_path) != read
    assert damaged(read) == damaged(current(tmp_path)) == []
    assert before.company(siren(40000001)).name == "BOULANGERIE LEMERCIER"


def test_two_loads_never_fill_the_same_place(files, tmp_path):
    def load_again(_message: str) -> None:
        with pytest.raises(StockError, match="déjà en cours"):
            load(files, tmp_path, loaded_at=NOW)

    load(files, tmp_path, loaded_at=NOW, tell=load_again)
    load(files, tmp_path, loaded_at=NOW)


def test_damage_is_seen(root, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    assert damaged(current(copy)) == []
    path = current(copy) / "unit_siren.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert damaged(current(copy)) == ["unit_siren.npy"]
    path.write_bytes(bytes(data[:-4]))
    with pytest.raises(RegisterError, match="incomplet"):
        opened(copy)


def test_the_commands(files, tmp_path, capsys):
    folder, asked, out = tmp_path / "sirene", tmp_path / "liste.csv", tmp_path / "réponse.csv"
    assert main(["sirene", "load", *map(str, files), "--out", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["units"] == 10
    assert main(["sirene", "info", "--out", str(folder), "--verify"]) == 0
    assert "10 entreprises, 12 établissements" in capsys.readouterr().out
    asked.write_text("Raison sociale;Ville;Remarque\nBoulangerie Lemercier;Angers;à revoir\nInconnue au bataillon;;\n")
    assert main(["qualify", str(asked), "--register", str(folder), "--out", str(out), "--explain"]) == 0
    rows = list(csv.DictReader(out.open()))
    assert (rows[0]["Remarque"], rows[0]["matched_siren"], rows[0]["matched_name"]) == (
        "à revoir",
        siren(40000001),
        "BOULANGERIE LEMERCIER",
    )
    assert "même nom" in rows[0]["because"]
    assert (rows[1]["decision"], rows[1]["matched_siren"]) == ("none", "")
    grouped, again = tmp_path / "groupes.csv", tmp_path / "encore.csv"
    assert main(["dedupe", str(out), "--out", str(grouped)]) == 0
    assert main(["qualify", str(grouped), "--register", str(folder), "--out", str(again)]) == 0
    (row, _unknown) = csv.DictReader(again.open())
    assert (row["decision"], row["decision_2"], row["decision_3"]) == (rows[0]["decision"], "none", rows[0]["decision"])
    assert main(["qualify", str(asked), "--register", str(tmp_path / "rien"), "--out", str(out)]) == 1
    assert "sirene load" in capsys.readouterr().err


@pytest.mark.skipif(not DATA.exists(), reason=f"the real extract {DATA} is absent")
def test_a_real_extract_loads(tmp_path):
    from benchmarks.stock import from_registry

    extract = pl.read_parquet(DATA)
    companies, places = from_registry(extract)
    companies.write_csv(tmp_path / "StockUniteLegale.csv")
    places.write_parquet(tmp_path / "StockEtablissement.parquet")
    manifest = load(
        [tmp_path / "StockUniteLegale.csv", tmp_path / "StockEtablissement.parquet"], tmp_path / "r", loaded_at=NOW
    )
    assert manifest.counts["units"] == extract["siren"].n_unique()
    register = opened(tmp_path / "r")
    sample = extract.filter(pl.col("siret") != "").sample(300, seed=1)
    found = qualify({name: sample[name] for name in ("name", "address", "postcode", "city")}, register, threads=1)
    numbers = register.held["unit_siren"].astype("int64")
    right = [
        f"{numbers[place]:09d}" == wanted
        for place, wanted in zip(found.company, sample["siren"], strict=True)
        if place >= 0
    ]
    assert sum(right) >= 0.9 * len(sample)


def test_the_register_brings_together_names_that_share_no_word(root, tmp_path):
    asked = tmp_path / "liste.csv"
    asked.write_text("nom;ville\nLe Fournil d'Adèle;Angers\nBoulangerie Lemercier;Angers\nZephirion Maritime;Angers\n")
    groups = []
    for more in ([], ["--register", str(root)]):
        out = tmp_path / "sortie.csv"
        assert main(["dedupe", str(asked), "--out", str(out), *more]) == 0
        groups.append([row["cluster_id"] for row in csv.DictReader(out.open())])
    assert groups[0][0] != groups[0][1]
    assert groups[1][0] == groups[1][1] != groups[1][2]
