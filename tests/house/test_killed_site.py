"""The site, the worker and the database killed while somebody imports a file: nothing lost, nothing twice, it goes on by itself."""

import contextlib
import os
import signal
import socket
import threading
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.place import Place, Visitor, until

ROWS, DOUBTFUL = 3000, 40
NEW, GONE = "/imports/nouveau/", (urllib.error.URLError, ConnectionError, TimeoutError, OSError)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Small and quick to see that a worker is dead; with an account of every role."""
    found = Place(tmp_path_factory.mktemp("home"), JOBS_HEARTBEAT="1")
    found.password = found.answer("seed", "--profile", "canary")["password"]  # type: ignore[attr-defined]
    found.start("serve", "--home", str(found.home), "--port", str(found.port))
    yield found
    found.stop()


@pytest.fixture
def visitor(place: Place) -> Visitor:
    until(lambda: place.answers("/readyz", 200), told=place.said)
    return Visitor(place, "member-iut", place.password)  # type: ignore[attr-defined]


def content(name: str, rows: int, *, doubtful: int = 0) -> bytes:
    """Organisations with a place and a person; then some of the same names without a place, which only somebody can tell."""
    lines = ["Raison sociale;CP;Commune;Nom du contact;Prénom;Fonction"]
    lines += [f"{name} {n};49000;Angers;Martin{n % 700};Anne;tutrice" for n in range(rows)]
    lines += [f"{name} {n};;;;;" for n in range(doubtful)]
    return "\n".join([*lines, ""]).encode()


def kill(*pids: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def opened(visitor: Visitor, name: str, file: bytes) -> str:
    """A file given whole: the address of its import."""
    path = visitor.give(visitor.upload(NEW, {"name": name}, f"{name}.csv", file))
    return path.removesuffix("correspondance/")


def state(place: Place, address: str, wanted: str) -> None:
    """Wait until the import is there."""
    number = address.strip("/").split("/")[-1]
    until(
        lambda: place.ask(f"SELECT state FROM sourcing_import WHERE id = {number}") == wanted,
        told=lambda: (place.ask(f"SELECT state || problem FROM sourcing_import WHERE id = {number}"), place.said()),
    )


def progress(place: Place, address: str) -> int:
    """How many rows the worker has dealt with in this step."""
    return place.ask(f"SELECT done FROM sourcing_import WHERE id = {address.strip('/').split('/')[-1]}") or 0


def test_killed_in_the_middle_of_an_upload_it_keeps_nothing_and_takes_the_file_again(place, visitor):
    imports = place.ask("SELECT count(*) FROM sourcing_import")
    request = visitor.upload(NEW, {"name": "Coupé"}, "coupe.csv", content("Coupe", 20_000))
    body = request.data
    assert isinstance(body, bytes)
    with socket.create_connection(("127.0.0.1", place.port)) as wire:
        head = "".join(f"{key}: {value}\r\n" for key, value in request.header_items())
        wire.sendall(f"POST {NEW} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n".encode() + body[: len(body) // 2])
        kill(*place.site())
    until(lambda: place.answers("/healthz", 200), told=place.said)
    assert place.ask("SELECT count(*) FROM sourcing_import") == imports
    assert not [path for path in (place.home / "files").rglob("*") if path.is_file()]
    address = opened(visitor, "Coupé", content("Coupe", 20))
    assert place.ask("SELECT count(*) FROM sourcing_import") == imports + 1
    assert "Coupé" in visitor.read(f"{address}correspondance/")


def test_the_site_the_worker_and_the_database_killed_during_an_import(place, visitor):
    address = opened(visitor, "Atelier", content("Atelier", ROWS))
    visitor.send(f"{address}correspondance/", {}, to=f"{address}correspondance/")
    until(lambda: progress(place, address), told=place.said)
    kill(*place.site())  # while it is checked: the worker does not need the site
    state(place, address, "checked")
    until(lambda: place.answers("/readyz", 200), told=place.said)
    visitor.send(f"{address}recapitulatif/", {})
    until(lambda: progress(place, address), told=place.said)
    kill(*(pid for pid in place.children() if pid not in place.site()))  # while it is written: the worker
    written = progress(place, address)
    until(lambda: progress(place, address) > written, told=place.said)  # another worker has taken it up by itself
    kill(place.postmaster())
    state(place, address, "done")
    assert place.ask("SELECT count(*) FROM directory_partner WHERE name LIKE 'Atelier %'") == ROWS
    assert place.ask("SELECT count(DISTINCT name) FROM directory_partner WHERE name LIKE 'Atelier %'") == ROWS
    assert place.ask("SELECT count(*) FROM directory_person WHERE last_name LIKE 'Martin%'") == ROWS
    assert place.ask("SELECT count(*) FROM sourcing_sourcerecord WHERE state = 'applied'") == ROWS
    until(lambda: place.answers("/readyz", 200), told=place.said)
    assert "3 000" in visitor.read(address).replace("\u202f", " ").replace("\xa0", " ")


def test_killed_while_somebody_decides_each_decision_is_whole_and_made_once(place, visitor):
    address = opened(visitor, "Forge", content("Forge", DOUBTFUL, doubtful=DOUBTFUL))
    visitor.send(f"{address}correspondance/", {}, to=f"{address}correspondance/")
    state(place, address, "checked")
    number = address.strip("/").split("/")[-1]
    doubtful = f"SELECT count(*) FROM sourcing_sourcerecord WHERE import_run_id = {number} AND decision = 'doubtful'"
    assert place.ask(doubtful) == DOUBTFUL
    decided = threading.Event()

    def decide() -> None:
        with contextlib.suppress(*GONE):
            while place.ask(doubtful):
                visitor.send(f"{address}rapprochement/?onglet=douteuses", {"decision": "new"}, without="reasons")
                decided.set()

    deciding = threading.Thread(target=decide)
    deciding.start()
    assert decided.wait(60)
    kill(*place.site())
    deciding.join(60)
    until(lambda: place.answers("/readyz", 200), told=place.said)
    left = place.ask(doubtful)
    assert 0 < left < DOUBTFUL, "it was killed in the middle"
    while place.ask(doubtful):
        visitor.send(f"{address}rapprochement/?onglet=douteuses", {"decision": "new"}, without="reasons")
    visitor.send(f"{address}recapitulatif/", {})
    state(place, address, "done")
    assert place.ask("SELECT count(*) FROM directory_partner WHERE name LIKE 'Forge %'") == 2 * DOUBTFUL


def test_stopped_then_resumed_by_hand(place, visitor):
    address = opened(visitor, "Scierie", content("Scierie", ROWS))
    visitor.send(f"{address}correspondance/", {}, to=f"{address}correspondance/")
    state(place, address, "checked")
    visitor.send(f"{address}recapitulatif/", {})
    visitor.send(address, {}, to=f"{address}arreter/")
    state(place, address, "stopped")
    written = place.ask("SELECT count(*) FROM directory_partner WHERE name LIKE 'Scierie %'")
    assert written < ROWS
    visitor.send(address, {}, to=f"{address}reprendre/")
    state(place, address, "done")
    assert place.ask("SELECT count(*) FROM directory_partner WHERE name LIKE 'Scierie %'") == ROWS


def test_nothing_is_left_of_what_was_cut(place):
    files = {path.name for path in (place.home / "files" / "imports").iterdir()}
    with place.database() as connection:
        kept = {Path(path).name for (path,) in connection.execute("SELECT path FROM sourcing_importfile").fetchall()}
    assert files == kept
