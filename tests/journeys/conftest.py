"""A real browser against a real server: fixtures shared by every journey.

Chromium comes from the system; without it the journeys are skipped, and say so.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from reciproque.institution.models import Membership, Role, Unit, User
from tests.factories import EstablishmentFactory, UserFactory, signed_in

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
# Without its windows a browser costs a third less.
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))), None
)
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark, and skip when there is no browser."""
    for item in items:
        if "journeys" in str(item.path):
            item.add_marker(pytest.mark.journey)
            if not CHROMIUM:
                item.add_marker(
                    pytest.mark.skip(reason="Chromium is not installed: apt-get install chromium-headless-shell")
                )


@pytest.fixture(scope="session", autouse=True)
def _database_from_the_browser_thread() -> None:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    quiet = [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ]  # fmt: skip
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": quiet}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "viewport": WIDE,
        "reduced_motion": "reduce",
    }


@pytest.fixture(autouse=True)
def _nothing_goes_wrong_in_the_console(request: pytest.FixtureRequest) -> Iterator[None]:
    """A script error, a refused resource (CSP) or a call to another host fails the journey."""
    if "page" not in request.fixturenames:
        yield
        return
    page = request.getfixturevalue("page")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on(
        "console",
        lambda message: faults.append(message.text) if message.type == "error" and expected(message.text) else None,
    )
    page.on("request", lambda sent: faults.append(f"outside: {sent.url}") if not local(sent.url) else None)
    yield
    assert faults == []


def expected(text: str) -> bool:
    """Answers 4xx are shown by the browser as console errors: they are part of the journeys."""
    return "Failed to load resource" not in text


def local(url: str) -> bool:
    """Whether an address is the test server's (or holds its own data)."""
    return url.startswith(("http://127.0.0.1", "http://localhost", "data:", "blob:"))


@pytest.fixture
def come_in(transactional_db: None, live_server: Any, context: Any) -> Callable[..., User]:
    """Sign somebody in without the form: `come_in(Role.MEMBER, unit)`; returns the account."""

    def enter(role: Role = Role.MEMBER, unit: Unit | None = None, user: User | None = None) -> User:
        user = user or UserFactory(first_name="Mathilde", last_name="Duval")
        Membership.objects.get_or_create(user=user, unit=unit or EstablishmentFactory(), role=role)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": signed_in(user), "url": live_server.url}])
        return user

    return enter


@pytest.fixture
def check_accessibility() -> Callable[..., None]:
    """Fail on any axe violation of WCAG 2.x A and AA, RGAA and best practices in light; in dark, of contrast, all that a theme changes."""
    from axe_playwright_python.sync_playwright import Axe

    contrast = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}

    def check(page: Any, *, themes: tuple[str, ...] = ("light", "dark")) -> None:
        for theme in themes:
            page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
            page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
            chosen = {"resultTypes": ["violations"], **(contrast if theme == "dark" else {})}
            results = Axe().run(page, options=chosen).response
            found = [
                f"{theme} {page.url} {fault['id']}: {fault['help']} → {[node['html'][:160] for node in fault['nodes'][:3]]}"
                for fault in results["violations"]
            ]
            assert found == []

    return check
