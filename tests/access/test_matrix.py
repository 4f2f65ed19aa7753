"""Every address × every role: who gets in, who is refused, who may not even know; and a page that is only read writes nothing."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from config.access import EVERYBODY, patterns, tables
from reciproque.institution.models import ESTABLISHMENT_WIDE, Membership, Role
from reciproque.sourcing.models import Import, ImportFile, Source
from tests.access.samples import BY_NAME, World, record, world
from tests.factories import EstablishmentFactory, UserFactory, signed_in

TABLE = tables()
OURS = sorted(name for name, about in TABLE.items() if not about.get("external"))
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")
DONE = {200, 204, 302, 400, 409, 422}
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|COPY)\b", re.IGNORECASE)


def test_every_address_stands_in_one_table_and_only_those() -> None:
    assert get_resolver()
    assert set(TABLE) == set(patterns())


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_line_is_whole(name: str) -> None:
    about = TABLE[name]
    assert {"methods", "changes", "personal"} <= set(about)
    assert about.get("public") or set(about["allowed"]) <= set(EVERYBODY)


def enter(role: str, found: World) -> Client:
    """The browser of somebody of that role: ranks in the samples' unit, the others at the root."""
    client = Client(raise_request_exception=True)
    if role == "anonymous":
        return client
    user = UserFactory()
    if role != "no_unit":
        wide = Role(role) in ESTABLISHMENT_WIDE
        Membership.objects.create(user=user, unit=EstablishmentFactory() if wide else found.unit, role=role)
    client.cookies[settings.SESSION_COOKIE_NAME] = signed_in(user)
    return client


def address(name: str, found: World) -> str:
    """The address of a route, its objects taken from the samples."""
    wanted = [one or other for one, other in PARAMETER.findall(patterns()[name])]
    given = record(name, found)
    return reverse(name, kwargs={p: given[p] if p in given else BY_NAME[p](found) for p in wanted})


def expected(about: dict[str, Any], role: str, method: str) -> set[int]:
    """The codes that this role may get."""
    if about.get("public"):
        return DONE | {403, 404, 503}
    if role == "anonymous":
        return {302}
    allowed = about.get("allowed_post", about["allowed"]) if method == "POST" else about["allowed"]
    if role == "no_unit" and role not in allowed:
        return {403}
    if role not in allowed:
        return {404} if about.get("hidden") else {403, 404}
    if method not in about["methods"]:
        return {405}
    return DONE | {404} if method == "POST" or about.get("own") else DONE  # a POST without its values may name nothing


@pytest.mark.django_db
@pytest.mark.parametrize("name", OURS)
def test_who_may_open_it(name: str) -> None:
    found, about = world(), TABLE[name]
    browsers = {role: enter(role, found) for role in EVERYBODY}
    for method in ("GET", "POST"):
        for role in EVERYBODY:
            if method not in about["methods"] and role not in about.get("allowed", ()):
                continue
            answer, written = ask(browsers[role], method, address(name, found))
            assert answer.status_code in expected(about, role, method), (name, method, role, answer.status_code)
            if role == "anonymous" and not about.get("public"):
                assert "/compte/login/" in answer.headers["Location"]
            if method == "GET":
                assert written == [], (name, role)
            if method == "POST" and answer.status_code < 400 and found_anew(found):
                found = world_again()
                browsers = {role: enter(role, found) for role in EVERYBODY}


def ask(client: Client, method: str, path: str) -> tuple[Any, list[str]]:
    """Send a request; returns the answer and what it wrote (sessions apart)."""
    written: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITES.match(str(sql).split(";")[-1]) and "django_session" not in str(sql):
            written.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        answer = client.get(path) if method == "GET" else client.post(path, {})
        if hasattr(answer, "streaming_content"):
            list(answer.streaming_content)
    return answer, written


def found_anew(found: World) -> bool:
    """Whether a POST has taken one of the samples away."""
    things = [found.membership, found.site, found.position, found.tie, found.run, found.view]
    return not all(type(thing).objects.filter(pk=thing.pk).exists() for thing in things)


def world_again() -> World:
    """New samples, after a POST that removed some."""
    Import.objects.all().delete()
    Source.objects.all().delete()
    ImportFile.objects.all().delete()
    return world()
