"""Two installations on one machine: one by options on its embedded server, one by environment on a server made by hand."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from reciproque.foundation.database.embedded import binaries, run
from tests.house.place import COMMAND, Place, Visitor, free_port

PASSWORD = "mot de passe: à @ligne/"
PARTNERS = "SELECT count(*) FROM directory_partner"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """PostgreSQL as a university's own team would hold it: on the network, with passwords, for a role that is no superuser."""
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    secret = folder / "secret"
    secret.write_text("superuser")
    created = run(
        binaries() / "initdb", "-D", folder / "data", "-U", "dba", "--auth=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8",
        "--locale=C", "--no-sync",
    )  # fmt: skip
    assert created[0] == 0, created[1]
    with (folder / "data" / "postgresql.auto.conf").open("a") as config:
        config.write(f"listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nfsync = off\n")
    started = run(binaries() / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-s", "start")
    assert started[0] == 0, started[1]
    with psycopg.connect(f"postgresql://dba:superuser@127.0.0.1:{port}/postgres", autocommit=True) as connection:
        connection.execute("CREATE ROLE reseau LOGIN PASSWORD {}".format(f"'{PASSWORD}'"))  # type: ignore[arg-type]
        connection.execute("CREATE DATABASE partenaires OWNER reseau TEMPLATE template0 ENCODING 'UTF8'")
    yield f"postgresql://reseau:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/partenaires?application_name=reciproque"
    run(binaries() / "pg_ctl", "-D", folder / "data", "-w", "-m", "immediate", "-s", "stop")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Told everything by options."""
    place = Place(tmp_path_factory.mktemp("first"))
    place.start()
    yield place
    place.stop()


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory, server: str, first: Place) -> Iterator[Place]:
    """Told everything by the environment, beside the first; with accounts for every role."""
    place = Place(tmp_path_factory.mktemp("second"), DATABASE_URL=server)
    place.environment |= {"RECIPROQUE_HOME": str(place.home), "PORT": str(place.port)}
    place.canary = place.answer("seed", "--profile", "canary")  # type: ignore[attr-defined]
    place.start("serve")
    assert place.port != first.port
    yield place
    place.stop()


def said(place: Place, *words: str) -> "subprocess.CompletedProcess[str]":
    """A command told nothing but the environment."""
    return subprocess.run(
        [*COMMAND, *words], env=place.environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_each_answers_for_itself(first, second, server):
    first.wait_for("/readyz", 200)
    second.wait_for("/readyz", 200)
    with psycopg.connect(server) as connection:
        held = connection.execute(PARTNERS).fetchone()
    assert held is not None
    assert held[0] > first.ask(PARTNERS) == 0
    assert not (second.home / "postgres").exists(), "no server is embedded where one is given"
    assert json.loads(said(second, "check", "--json").stdout)["parts"]["database"]["ok"]


def test_stopping_one_leaves_the_other(first, second):
    second.stop()
    first.wait_for("/healthz", 200)
    assert second.run("stop").returncode == 3
    second.start("serve")
    second.wait_for("/readyz", 200)


def test_people_work_and_files_come_in_on_the_other_server(second, server, tmp_path: Path):
    visitor = Visitor(second, "manager-iut", second.canary["password"])
    assert "Partenaires" in visitor.read("/partenaires/?q=partenaire")
    file = tmp_path / "fichier.csv"
    file.write_text("Raison sociale;CP;Commune\nÉlan Énergie;49000;Angers\n")
    done = said(
        second, "import", str(file), "--source", "essai", "--unit", "iut", "--as", "manager-iut", "--wait", "--json"
    )
    assert json.loads(done.stdout)["created"] == 1
    assert "Élan Énergie" in visitor.read("/partenaires/?q=elan+energie")


def test_its_backup_never_shows_the_password_and_comes_back(second, server, tmp_path: Path):
    file = tmp_path / "save.rq"
    assert said(second, "backup", str(file)).returncode == 0
    assert said(second, "verify-backup", str(file)).returncode == 0
    assert said(second, "restore", str(file)).returncode == 1, "it holds data"
    second.stop()
    done = said(second, "restore", str(file), "--force")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(server) as connection:
        row = connection.execute("SELECT count(*) FROM directory_partner WHERE name = 'Élan Énergie'").fetchone()
    assert row == (1,)
    second.start("serve")
    assert PASSWORD not in (second.home / "log").read_text()


@pytest.mark.parametrize("address", ["mysql://a/b", "postgresql://reseau:faux@127.0.0.1:1/partenaires"])
def test_a_wrong_address_is_said_in_a_sentence(tmp_path: Path, address: str):
    place = Place(tmp_path / "wrong", DATABASE_URL=address)
    done = place.run("migrate")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_ports_and_folders_are_the_environments_unless_told_otherwise(tmp_path: Path):
    place = Place(tmp_path / "told")
    taken = str(place.port)
    refused = place.run("serve", "--port", "1", "--host", "192.0.2.1")
    assert "port 1 " in refused.stderr
    environment = place.environment | {"PORT": "70000", "RECIPROQUE_HOME": str(tmp_path / "other")}
    asked = subprocess.run(
        [*COMMAND, "serve"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert asked.returncode == 2
    assert "70000" in asked.stderr
    assert taken not in asked.stderr
    assert not os.path.exists(tmp_path / "other" / "postgres")  # noqa: PTH110
