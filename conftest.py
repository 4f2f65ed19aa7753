"""Fixtures of every test: an embedded PostgreSQL, a database cloned from a migrated template, a clean job queue."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent
os.environ.setdefault("RECIPROQUE_HOME", str(ROOT / "var" / "test"))
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", max_examples=2000, deadline=None)  # HYPOTHESIS_PROFILE=explore, to look further
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
LOCK = ROOT / "var" / "test" / "template.lock"


def pytest_configure(config: pytest.Config) -> None:
    """Start the test server once, before any worker."""
    if os.environ.get("DATABASE_URL") or "PYTEST_XDIST_WORKER" in os.environ:
        return
    from reciproque.foundation.database.embedded import Server

    server = Server(Path(os.environ["RECIPROQUE_HOME"]) / "postgres", fast=True)
    server.start()
    server.create_database()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest stories first: of two workers, none is left alone with one at the end."""
    long = (ROOT / "tests" / "house", ROOT / "tests" / "journeys")
    items.sort(key=lambda item: not any(folder in item.path.parents for folder in long))


def template_name() -> str:
    """The name of a migrated database: it changes with the migrations, so that an old one is never taken."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src").rglob("migrations/*.py")):
        digest.update(path.read_bytes())
    return f"tpl_{digest.hexdigest()[:16]}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no server behind."""
    if os.environ.get("DATABASE_URL") or "PYTEST_XDIST_WORKER" in os.environ:
        return
    from reciproque.foundation.database.embedded import Server

    Server(Path(os.environ["RECIPROQUE_HOME"]) / "postgres", fast=True).stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker) -> None:
    """Migrate once into a template; each worker clones it in a tenth of a second."""
    from django.core.management import call_command
    from django.db import connections

    settings = connections["default"].settings_dict
    template = template_name()
    LOCK.parent.mkdir(parents=True, exist_ok=True)
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(
            host=settings["HOST"], user=settings["USER"], password=settings["PASSWORD"] or None,
            port=settings["PORT"] or None, dbname="postgres", autocommit=True,
        ) as connection:  # fmt: skip
            found = connection.execute("select 1 from pg_database where datname=%s and datistemplate", [template])
            if not found.fetchone():
                connection.execute(f"drop database if exists {template}")
                connection.execute(f"create database {template} template template0 encoding 'UTF8'")
                name, settings["NAME"] = settings["NAME"], template
                connections["default"].close()
                with django_db_blocker.unblock():
                    call_command("migrate", verbosity=0)
                    connections["default"].close()
                settings["NAME"] = name
                connection.execute(f"alter database {template} is_template true")
    settings["TEST"]["TEMPLATE"] = template


@pytest.fixture(autouse=True)
def no_limit_left_behind() -> None:
    """Counts of failed sign-ins live in the cache."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def no_job_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Job tables are unmanaged: the flush of a transactional test forgets them."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
