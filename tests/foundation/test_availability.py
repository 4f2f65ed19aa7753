"""Reading only, maintenance, a database that is away: said with 503, and never a half-done write."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from reciproque.foundation import availability, health
from reciproque.foundation.ui import errors


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Iterator[None]:
    settings.HOME = tmp_path
    availability._disk.update(looked=float("-inf"), enough=True)
    yield
    availability._disk.update(looked=float("-inf"), enough=True)


@pytest.mark.django_db
def test_maintenance_closes_pages_and_says_so_to_machines(client: Client) -> None:
    availability.choose(availability.MAINTENANCE)
    answer = client.get("/compte/login/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    availability.choose(availability.NORMAL)
    assert client.get("/compte/login/").status_code == 200


@pytest.mark.django_db
def test_reading_only_refuses_what_writes_and_shows_the_rest(client: Client) -> None:
    availability.choose(availability.READ_ONLY)
    assert client.get("/compte/login/").status_code == 200
    assert client.post("/partenaires/nouveau/").status_code == 503


@pytest.mark.django_db
def test_a_disk_nearly_full_makes_it_read_only(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "disk", lambda: {"ok": False, "says": "plein", "free_bytes": 1})
    assert availability.mode() == availability.READ_ONLY
    assert client.post("/partenaires/nouveau/").status_code == 503


def test_an_absent_database_is_a_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "report", away)
    client.raise_request_exception = False
    assert client.get("/readyz").status_code == 503
    assert errors.broken(RequestFactory().get("/")).status_code == 500
