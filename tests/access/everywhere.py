"""Every address of the application, as `reciproque urls` lists them, about chosen records: an address that is added is visited without a word."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.test import Client
from django.urls import reverse

from config.access import routes, tables
from tests.access.samples import BY_NAME, World, record

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")


def everywhere(found: World, about: Mapping[str, Any], method: str = "GET") -> Iterator[tuple[str, str]]:
    """(name, address) of each route that takes this method. Its records are those of `about`, by the name of the parameter (« pk » may
    depend on the route: then a function of its name), else samples."""
    known = tables()
    for route in routes():
        name = route["name"]
        if known[name].get("external") or method not in route["methods"]:
            continue
        usual = record(name, found)
        given = {}
        for one, other in PARAMETER.findall(route["pattern"]):
            wanted = one or other
            if wanted in about:
                given[wanted] = about[wanted](name) if callable(about[wanted]) else about[wanted]
            else:
                given[wanted] = usual[wanted] if wanted in usual else BY_NAME[wanted](found)
        yield name, reverse(name, kwargs=given)


def text_of(client: Client, method: str, address: str, **headers: str) -> tuple[int, str]:
    """The code and the whole of an answer, file or page."""
    answer: Any = client.get(address, headers=headers) if method == "GET" else client.post(address, {}, headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, body.decode("utf-8", "replace")
