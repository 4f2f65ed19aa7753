"""What a running installation spends on the daily operations: time, CPU of application and database, memory, cold start, load of eight.

reciproque generate --home HOME --partners 100000; python benchmarks/operations.py HOME [--port 23480] [--times 60]

Pages are asked over HTTP from the real server, as a browser does; the words typed are drawn from the names of the network itself.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from harness import Browser, Installation, installation, measure, percentile, session_for, setup, show

USERS = 8
LOADED_FOR = 20.0


class Network:
    """Names, words and numbers drawn from the network that is measured, always the same ones."""

    def __init__(self, size: int = 400) -> None:
        from reciproque.directory.models import Partner, Person

        draw = random.Random(20261123)  # noqa: S311 -- the same words each time
        highest = Partner.objects.order_by("-pk").values_list("pk", flat=True)[0]
        found = Partner.objects.filter(
            pk__in=draw.sample(range(1, highest + 1), min(size * 2, highest)), archived_at=None
        )
        rows = list(found.filter(sharing="network").order_by("pk").values_list("pk", "label", "city_key")[:size])
        people = Person.objects.filter(sharing="network", archived_at=None).order_by("pk")
        draw.shuffle(rows)
        self.partners = [row[0] for row in rows]
        self.names = [row[1] for row in rows]
        self.towns = [row[2] for row in rows if row[2]]
        self.people = list(people.values_list("pk", flat=True)[:size])
        self.words = [draw.choice(re.findall(r"\w{4,}", name) or ["centre"]) for name in self.names]

    def inside(self, number: int) -> str:
        """Some letters from the middle of a name."""
        word = self.words[number % len(self.words)]
        return word[1:6]


def operations(network: Network, browser: Browser) -> dict[str, Callable[[int], object]]:
    """Each operation as `act(i)`; every call asks for something else."""

    def get(path: str, **headers: str) -> bytes:
        status, content = browser.request("GET", quote(path, safe="/?&=."), **headers)
        if status != 200:
            raise SystemExit(f"{path} → {status}")
        return content

    def save(number: int) -> None:
        pk = network.partners[number % len(network.partners)]
        path = f"/partenaires/{pk}/champ/phone/"
        form = get(path, **{"HX-Request": "true"}).decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        version = re.search(r'name="version" value="([^"]+)"|value="([^"]+)"[^>]*name="version"', form)
        if not token or not version:
            raise SystemExit("no form")
        body = {
            "csrfmiddlewaretoken": token[1],
            "version": version[1] or version[2],
            "phone": f"02 41 {number % 90 + 10} 27 3{number % 10}",
        }
        status, _ = browser.request("POST", path, body, **{"HX-Request": "true"})
        if status not in (200, 204):
            raise SystemExit(f"save → {status}")

    def pick(values: list[object], number: int) -> object:
        return values[number % len(values)]

    return {
        "list": lambda n: get("/partenaires/" + ("" if n % 2 else "?tri=-updated")),
        "list, filtered": lambda n: get(f"/partenaires/?f.city.op=est&f.city={pick(network.towns, n)}&f.kind=company"),
        "list, a word": lambda n: get(f"/partenaires/?q={pick(network.words, n)}"),
        "search « contains »": lambda n: get(f"/partenaires/?f.name={network.inside(n)}"),
        "global search": lambda n: get(f"/recherche/?q={pick(network.words, n)}"),
        "type-ahead": lambda n: get(
            f"/palette/?q={str(pick(network.names, n))[: 3 + n % 9]}", **{"HX-Request": "true"}
        ),
        "partner page": lambda n: get(f"/partenaires/{pick(network.partners, n)}/"),
        "person page": lambda n: get(f"/personnes/{pick(network.people, n)}/"),
        "people list": lambda n: get("/personnes/" + ("" if n % 2 else "?tri=-updated")),
        "home": lambda _n: get("/"),
        "map": lambda _n: get("/partenaires/carte/"),
        "edit and save a field": save,
    }


MIX = ("partner page",) * 5 + ("type-ahead",) * 5 + ("list",) * 2 + ("list, a word",) * 2 + (
    "list, filtered", "search « contains »", "global search", "person page", "edit and save a field", "home",
)  # fmt: skip


def mixed(place: Installation, network: Network, sessions: list[str]) -> dict[str, float]:
    """Eight people at once, each doing one thing after another: operations a second and a CPU second."""
    stop = time.perf_counter() + LOADED_FOR
    walls: list[float] = []
    guard = threading.Lock()

    def person(rank: int) -> None:
        acts = operations(network, Browser(place.port, sessions[rank]))
        draw = random.Random(rank)  # noqa: S311 -- to choose what to do
        number = rank * 1_000
        while time.perf_counter() < stop:
            number += 1
            began = time.perf_counter()
            acts[draw.choice(MIX)](number)
            with guard:
                walls.append((time.perf_counter() - began) * 1000)

    before = place.cpu()
    people = [threading.Thread(target=person, args=[rank]) for rank in range(USERS)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    after = place.cpu()
    spent = sum(after.values()) - sum(before.values())
    return {
        "operations": len(walls),
        "per_second": round(len(walls) / LOADED_FOR, 1),
        "per_cpu_second": round(len(walls) / spent, 1),
        "p50_ms": round(statistics.median(walls), 1),
        "p95_ms": round(percentile(walls, 0.95), 1),
    }


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--port", type=int, default=23480)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    home = options.home.resolve()
    with installation(home, options.port) as (place, _cold):
        setup(home)
        network = Network()
        sessions = [session_for(f"mesure{rank + 1}") for rank in range(USERS)]
        acts = operations(network, Browser(options.port, sessions[0]))
        found = {name: measure(place, act, times=options.times) for name, act in acts.items() if options.only in name}
        if not options.only:
            found["mixed load of eight"] = mixed(place, network, sessions)
        found["memory"] = {"pss_mib": round(place.pss(), 1)}
    with installation(home, options.port) as (_place, cold):
        found["cold start"] = {"seconds": round(cold, 2)}
    show(found)


if __name__ == "__main__":
    main()
