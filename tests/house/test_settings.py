"""What an installation says by its environment, as the guide tells."""

import runpy
from pathlib import Path

import pytest

import config

SETTINGS = Path(config.__path__[0]) / "settings.py"


def test_the_public_address_is_all_that_is_said_of_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://reciproque.univ.example/")
    monkeypatch.setenv("ALLOWED_HOSTS", "")
    found = runpy.run_path(str(SETTINGS))
    assert {"reciproque.univ.example", "127.0.0.1"} <= set(found["ALLOWED_HOSTS"])
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://reciproque.univ.example"]
    assert found["SESSION_COOKIE_SECURE"]
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1, "failed sign-ins are counted by visitor, not by proxy"


def test_a_host_given_beside_does_not_shut_the_probes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "autre.univ.example")
    assert {"autre.univ.example", "127.0.0.1"} <= set(runpy.run_path(str(SETTINGS))["ALLOWED_HOSTS"])
