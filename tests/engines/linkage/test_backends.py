"""One door to the engines, and refusals in French when Spark cannot run."""

import importlib.util
from pathlib import Path

import polars as pl
import pytest

from reciproque.cli import main
from reciproque.engines.linkage import tabling
from reciproque.engines.linkage.backends import BackendError, backend
from reciproque.engines.linkage.backends.local import LocalBackend
from reciproque.engines.linkage.backends.spark import session
from reciproque.engines.linkage.delimited import FileError


def refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    source = tmp_path / "fichier.csv"
    source.write_text("nom\nDupont\n", "utf-8")
    assert main(["dedupe", str(source), "--out", str(tmp_path / "x.csv"), "--engine", "spark"]) == 1
    assert not (tmp_path / "x.csv").exists()
    return capsys.readouterr().err


def test_without_pyspark_it_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pyspark" else found(name))
    told = refusal(tmp_path, capsys)
    assert "Spark n’est pas installé" in told
    assert "reciproque[spark]" in told


def test_without_java_it_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    told = refusal(tmp_path, capsys)
    assert "Java 17" in told
    assert "openjdk-17" in told


def test_an_old_java_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_292\"' >&2\n", "utf-8")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(BackendError, match="le 8"):
        session.check_java()
    java.write_text("#!/bin/sh\necho 'openjdk version \"21.0.1\"' >&2\n", "utf-8")
    session.check_java()


@pytest.mark.parametrize(
    ("master", "cores"), [("local", 1), ("local[3]", 3), ("local[2,4]", 2), ("local-cluster[2,3,1024]", 6)]
)
def test_cores_of_a_local_master(master: str, cores: int) -> None:
    assert session.cores_of(master) == cores


def test_the_local_backend_is_the_default() -> None:
    assert backend("local", threads=3) == LocalBackend(3)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_csv_becomes_a_parquet_as_it_is_read(tmp_path: Path, encoding: str) -> None:
    source, made = tmp_path / "fichier.csv", tmp_path / "dossier" / "fichier.parquet"
    source.write_bytes('nom;note\nCafé de l’Île;« a, b »\n"Éts; Noël";\n'.encode(encoding))
    tabling.to_parquet(source, made)
    assert pl.read_parquet(made).equals(tabling.read(source).frame)
    with pytest.raises(FileError, match="n’existe pas"):
        tabling.to_parquet(tmp_path / "absent.csv", made)
