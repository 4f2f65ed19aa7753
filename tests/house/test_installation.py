"""An installation of its own, with real processes: it starts, survives kills, is saved and restored exactly, stops."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from reciproque.foundation.database.embedded import Server
from tests.house.place import LIMIT, Place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One installation for all the tests of this file."""
    found = Place(tmp_path_factory.mktemp("home"))
    found.start()
    yield found
    found.stop()


def contents(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Table → a hash of everything in it."""
    tables = connection.execute(
        "SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        " AND table_name NOT LIKE 'procrastinate%' AND table_name <> 'foundation_cache'"
    ).fetchall()
    found = {}
    for (table,) in tables:
        row = connection.execute(
            f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
        ).fetchone()
        found[table] = row[0] if row else ""
    return found


def test_it_is_alive_and_ready_and_says_how_it_does(place: Place) -> None:
    place.wait_for("/readyz", 200)  # another test may just have killed something
    assert place.get("/healthz") == (200, b"ok")
    status, body = place.get("/readyz")
    assert (status, json.loads(body)["ok"]) == (200, True)
    assert b"reciproque_ready" in place.get("/metrics")[1]
    assert place.get("/")[0] == 302
    assert json.loads(place.run("check", "--json").stdout)["ok"]
    assert "states" in json.loads(place.run("jobs", "--json").stdout)


def test_a_second_start_in_the_same_folder_is_refused(place: Place) -> None:
    again = place.run("serve")
    assert again.returncode == 1
    assert "tourne déjà" in again.stderr


def test_a_port_already_taken_is_said_and_nothing_is_left_running(place: Place, tmp_path: Path) -> None:
    refused = place.run("serve", "--port", str(place.port), home=tmp_path)
    assert refused.returncode == 1
    assert f"Le port {place.port} est déjà pris" in refused.stderr
    assert not (tmp_path / "postgres").exists()


def test_a_start_that_fails_leaves_no_database_behind(place: Place, tmp_path: Path) -> None:
    (tmp_path / "static").write_text("a file where a folder should be")
    failed = place.run("serve", "--port", "0", home=tmp_path)
    assert failed.returncode != 0
    assert (tmp_path / "postgres" / "data").exists()
    assert not (tmp_path / "postgres" / "data" / "postmaster.pid").exists()


def test_killed_children_come_back(place: Place) -> None:
    before = place.children()
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    limit = time.monotonic() + LIMIT
    while set(place.children()) & set(before) or len(place.children()) < 2:
        assert time.monotonic() < limit
        time.sleep(0.1)
    place.wait_for("/compte/login/", 200)


def test_a_killed_database_comes_back(place: Place) -> None:
    pid = int((place.home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    for child in place.children():
        os.kill(child, signal.SIGKILL)
    place.wait_for("/readyz", 200)


def test_a_backup_restores_exactly_into_an_empty_place(place: Place, tmp_path: Path) -> None:
    (place.home / "files" / "imports").mkdir(parents=True, exist_ok=True)
    (place.home / "files" / "imports" / "a.csv").write_text("nom\nÉlan")
    file, elsewhere = tmp_path / "save.rq", tmp_path / "elsewhere"
    place.environment["BACKUP_PASSPHRASE"] = "phrase secrète"
    assert place.run("backup", str(file)).returncode == 0
    assert place.run("verify-backup", str(file)).returncode == 0
    assert place.run("restore", str(file)).returncode == 1, "an installation that holds data is not overwritten"
    done = place.run("restore", str(file), home=elsewhere)
    assert done.returncode == 0, done.stderr
    assert not (elsewhere / "postgres" / "data" / "postmaster.pid").exists(), "a command leaves no server behind"
    server = Server(elsewhere / "postgres")
    server.start()
    with place.database() as one, place.database(elsewhere) as other:
        assert contents(one) == contents(other)
    server.stop()
    assert (elsewhere / "files" / "imports" / "a.csv").read_text() == "nom\nÉlan"
    assert (elsewhere / "secrets" / "secret_key").read_text() == (place.home / "secrets" / "secret_key").read_text()


@pytest.mark.parametrize("damage", ["flip", "cut", "key"])
def test_a_damaged_backup_is_refused(place: Place, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "save.rq"
    place.environment["BACKUP_PASSPHRASE"] = "phrase secrète"
    assert place.run("backup", str(file)).returncode == 0
    content = bytearray(file.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
    file.write_bytes(content[:-20] if damage == "cut" else content)
    if damage == "key":
        place.environment["BACKUP_PASSPHRASE"] = "une autre"
    refused = place.run("verify-backup", str(file))
    assert refused.returncode == 1
    assert "abîmée" in refused.stderr


def test_an_import_from_the_command_line(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "entreprises.csv"
    file.write_text(
        "Raison sociale;SIRET;CP;Commune\nÉlan Énergie;73282932000074;49000;Angers\nX;;;\n", encoding="cp1252"
    )
    done = place.run("import", str(file), "--source", "essai", "--wait", "--json")
    assert done.returncode == 0, done.stderr
    account = json.loads(done.stdout)
    assert account["read"] == account["applied"] + account["waiting"] + account["refused"] + account["unchanged"]
    assert account["created"] >= 1
    assert place.run("import", str(tmp_path / "absent.csv"), "--source", "essai").returncode == 2


def test_the_parent_killed_takes_its_children_and_the_next_start_finds_everything(place: Place) -> None:
    children = place.children()
    with place.database() as connection:
        before = contents(connection)
    place.process.kill()
    place.process.wait()
    limit = time.monotonic() + LIMIT
    while any(Path(f"/proc/{pid}").exists() for pid in children):
        assert time.monotonic() < limit
        time.sleep(0.1)
    place.start()
    with place.database() as connection:
        assert contents(connection) == before


def test_the_log_is_lines_of_json(place: Place) -> None:
    said = [line for line in (place.home / "log").read_text().splitlines() if line.strip()]
    told = [line for line in said if not line.startswith("  ")]  # the first account, told once to who starts it
    assert told
    assert [line for line in told if not line.startswith("{")] == []
