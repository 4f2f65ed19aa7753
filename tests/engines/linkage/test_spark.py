"""Spark gives what the local engine gives, row for row. These tests run when pyspark and Java are there; `make test-spark` sees to it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from reciproque.cli import main
from reciproque.engines.linkage.backends import BackendError
from reciproque.engines.linkage.backends.local import LocalBackend
from reciproque.engines.linkage.backends.spark import session as sessions
from tests.engines.linkage.invented import invented

GENERATED, TYPED = 8000, 2000


def missing() -> str:
    """Why Spark cannot run here, "" when it can."""
    pytest.importorskip("pyspark", reason="pyspark n’est pas installé : make test-spark")
    try:
        sessions.check_java()
    except BackendError as error:
        return str(error)
    return ""


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Spark on two threads; absent, the tests are skipped, unless `make test-spark` forbids it."""
    if os.environ.get("RECIPROQUE_SPARK_TESTS") == "required":
        import pyspark  # noqa: F401

        assert missing() == ""
    elif why := missing():
        pytest.skip(why)
    started = sessions.start("local[2]", {"spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1"})  # short jobs
    yield started
    started.stop()


def generated() -> pl.DataFrame:
    """A seeded file, whose rows come from several sources: some are the same, some have identifiers, telephones, domains."""
    made = invented(GENERATED)
    frame = made.drop("partner")
    chance = np.random.default_rng(4)
    siren = [siren if chance.random() < 0.2 else "" for siren in made["partner"]]
    extra = {
        "siren": [valid(number) if number else "" for number in siren],
        "phone": [
            f"02 41 {number[:2]} {number[2:4]} {number[4:6]}" if number and number[0] < "6" else None
            for number in siren
        ],
        "email": [f"contact@{number[:4]}.fr" if number else "x@gmail.com" for number in siren],
        "rank": list(range(frame.height)),
    }
    return frame.with_columns(**{name: pl.Series(values) for name, values in extra.items()})


def valid(number: str) -> str:
    """A number of nine digits made a SIREN: its last digit is the check."""
    total = sum(
        sum(divmod(int(digit) * (2 if place % 2 else 1), 10)) for place, digit in enumerate(reversed(number[:8] + "0"))
    )
    return number[:8] + str(-total % 10)


def names_typed() -> pl.DataFrame | None:
    """Names that people typed, when they are in `../shared/data` or where SHARED_DATA says."""
    places = [Path(os.environ["SHARED_DATA"])] if "SHARED_DATA" in os.environ else []
    places += [parent / "shared" / "data" for parent in Path(__file__).resolve().parents]
    found = [place / "entities" / "mentions_dev.parquet" for place in places]
    path = next((each for each in found if each.is_file()), None)
    if path is None:
        return None
    frame = pl.read_parquet(path).head(TYPED).rename({"dept": "department"})
    return frame.select(pl.col("name", "address", "postcode", "city", "department").cast(pl.String))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both, as one file in any order; a tenth of the rows twice, some rows said nothing of."""
    parts = [generated()]
    if (typed := names_typed()) is not None:
        parts.append(typed)
    frame = pl.concat(parts, how="diagonal")
    frame = pl.concat([frame, frame.head(frame.height // 10), frame.tail(3).with_columns(name=pl.lit(""))])
    frame = frame.sample(fraction=1, shuffle=True, seed=6)
    path = tmp_path_factory.mktemp("spark") / "partenaires.parquet"
    frame.write_parquet(path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("level", ["site", "partner"])
def test_spark_and_this_machine_say_the_same_of_every_row(session: Any, file: Path, tmp_path: Path, level: Any) -> None:
    from reciproque.engines.linkage.backends.spark.running import SparkBackend

    here, there = tmp_path / "ici.parquet", tmp_path / "spark.parquet"
    expected = LocalBackend(threads=2).dedupe(str(file), str(here), level=level)
    assert SparkBackend(session).dedupe(str(file), str(there), level=level) == expected
    one, other = pl.read_parquet(here), pl.read_parquet(there)
    assert other.columns == one.columns
    assert other.select(pl.col(one.columns).cast(pl.String)).equals(one.select(pl.col(one.columns).cast(pl.String)))
    assert other["rank"].dtype == pl.Int64
    assert {"none", "review", "auto"} == set(other["decision"])


@pytest.mark.slow
def test_the_command_reads_and_writes_a_csv_in_its_order(
    session: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, here, there = (tmp_path / name for name in ("fichier.csv", "ici.csv", "spark.csv"))
    rows = invented(300).drop("partner").rename({"name": "Raison sociale", "postcode": "Code postal"})
    rows.with_columns(note=pl.lit("à « revoir » ; vite")).write_csv(source, separator=";")
    assert main(["dedupe", str(source), "--out", str(here)]) == 0
    assert main(["dedupe", str(source), "--out", str(there), "--engine", "spark", "--master", "local[2]"]) == 0
    assert there.read_bytes() == here.read_bytes()
    assert "Raison sociale → name" in capsys.readouterr().err
    assert main(["dedupe", str(tmp_path / "absent.parquet"), "--out", str(there), "--engine", "spark"]) == 1
    assert "n’existe pas" in capsys.readouterr().err
    again = tmp_path / "encore.csv"
    assert main(["dedupe", str(here), "--out", str(again)]) == 0
    assert main(["dedupe", str(here), "--out", str(there), "--engine", "spark"]) == 0
    assert there.read_bytes() == again.read_bytes()
    assert "Ajouté : cluster_id_2, score_2, decision_2." in capsys.readouterr().err


@pytest.mark.slow
def test_components_are_those_of_the_graph_however_long_its_chains(session: Any, tmp_path: Path) -> None:
    from reciproque.engines.linkage.backends.spark.components import components
    from reciproque.engines.linkage.backends.spark.files import Workspace

    chain = [(node, node + 1) for node in range(-300, 300)]
    star = [(5000, 5000 + leaf) for leaf in range(1, 50)]
    edges = session.createDataFrame([*chain, *star, (9001, 9000)], "a bigint, b bigint")
    roots = {row["node"]: row["root"] for row in components(Workspace(session, str(tmp_path)), edges).collect()}
    assert {roots[node] for node in range(-300, 301)} == {-300}
    assert {roots[5000 + leaf] for leaf in range(50)} == {5000}
    assert roots[9000] == roots[9001] == 9000
    assert len(roots) == 601 + 50 + 2


def test_the_session_of_this_machine_is_closed_to_the_network(session: Any) -> None:
    conf = session.sparkContext.getConf()
    assert conf.get("spark.driver.bindAddress") == conf.get("spark.driver.host") == "127.0.0.1"
    assert conf.get("spark.ui.enabled") == "false"
    assert session.sparkContext.uiWebUrl is None
