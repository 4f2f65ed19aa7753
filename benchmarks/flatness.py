"""The same pages on networks of several sizes: server milliseconds, queries, CPU; what grows by more than two is marked.

python benchmarks/flatness.py HOME [HOME …] [--times 15] [--rounds 3] [--only WORD] [--user mesure1]

Each home is an installation filled by `reciproque generate` (its database is started, and left as it is; nothing is kept of
what is saved). Pages are asked from the application in this process, as the server does for a request; the words and the records
differ at each call and are drawn from the network. Of the rounds the best is kept for p50 and p95 (others may use the machine); CPU
is the mean of all: this process, and the one of the database that answers it.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness import percentile, setup

FLAT = 2.0  # what may be lost between the smallest network and the biggest
SAVE = "edit and save a field"


def acts(network: Any, client: Any) -> dict[str, Callable[[int], Any]]:
    """Each page as `act(i)`; every call asks for something else."""

    def get(path: str, **query: str) -> Any:
        return client.get(path, query)

    def part(path: str, **query: str) -> Any:
        return client.get(path, query, headers={"HX-Request": "true"})

    def pick(values: list[Any], number: int) -> Any:
        return values[number % len(values)]

    def save(number: int) -> Any:
        from reciproque.directory.models import Partner

        pk = pick(network.partners, number)
        version = Partner.objects.values_list("version", flat=True).get(pk=pk)
        body = {"version": version, "phone": f"02 41 {number % 90 + 10} 27 3{number % 10}"}
        return client.post(f"/partenaires/{pk}/champ/phone/", body, headers={"HX-Request": "true"})

    partners, people, atlas = "/partenaires/", "/personnes/", "/partenaires/carte/"
    filters = {"f.kind": "company", "f.unit": "4", "f.tags": "stage"}
    return {
        "list": lambda _n: get(partners),
        "list, by date": lambda _n: get(partners, tri="-updated"),
        "list, one filter": lambda n: get(partners, **{"f.city.op": "est", "f.city": pick(network.towns, n)}),
        "list, three filters": lambda _n: get(partners, **filters),
        "list, a word": lambda n: get(partners, q=pick(network.words, n)),
        "list, a rare word": lambda n: get(partners, q=pick(network.names, n)),
        "list, a common word": lambda n: get(partners, q=pick(["association", "contact", "saint", "sa"], n)),
        "list, a common word by date": lambda _n: get(partners, q="association", tri="-updated"),
        "list, a common word in a town": lambda _n: get(partners, q="association", **{"f.city.op": "est", "f.city": "angers"}),
        "list, name contains": lambda n: get(partners, **{"f.name": network.inside(n)}),
        "people": lambda _n: get(people),
        "people, a word": lambda n: get(people, q=pick(network.words, n)),
        "search page": lambda n: get("/recherche/", q=pick(network.words, n)),
        "type-ahead, beginnings": lambda n: part("/palette/", q=pick(network.names, n)[: 3 + n % 9]),
        "type-ahead, whole names": lambda n: part("/palette/", q=pick(network.names, n)),
        "partner page": lambda n: get(f"{partners}{pick(network.partners, n)}/"),
        "person page": lambda n: get(f"{people}{pick(network.people, n)}/"),
        "map": lambda _n: get(atlas),
        "map of a département": lambda n: get(atlas, **{"f.department": pick(["59", "49", "75", "48"], n)}),
        "map, a word": lambda n: get(atlas, q=pick(network.words, n)),
        SAVE: save,
        "home": lambda _n: get("/"),
    }  # fmt: skip


def measured(act: Callable[[int], Any], times: int, rounds: int) -> dict[str, float]:
    """Milliseconds, queries and CPU of one page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(3):
        answer = act(number)
    if answer.status_code != 200:
        raise SystemExit(f"{answer.request['PATH_INFO']} → {answer.status_code}")
    with CaptureQueriesContext(connection) as captured:
        act(3)
        queries = len(captured)  # the next request forgets them
    before, best = spent(), []
    for turn in range(rounds):
        walls = []
        for number in range(times):
            began = time.perf_counter()
            act(4 + turn * times + number)
            walls.append((time.perf_counter() - began) * 1000)
        best.append((percentile(walls, 0.95), statistics.median(walls)))
    after = spent()
    app, db = ((now - then) * 1000 / (times * rounds) for then, now in zip(before, after, strict=True))
    return {
        "p50": round(min(p50 for _p95, p50 in best), 1), "p95": round(min(best)[0], 1), "queries": queries,
        "app": round(app, 1), "db": round(db, 1), "cpu": round(app + db, 1),
    }  # fmt: skip


def spent() -> tuple[float, float]:
    """CPU seconds so far: ours, and those of the database's process that answers us."""
    import psutil
    from django.db import connection

    connection.ensure_connection()
    theirs = psutil.Process(connection.connection.info.backend_pid).cpu_times()
    return time.process_time(), theirs.user + theirs.system


def child(home: Path, options: argparse.Namespace) -> None:
    """Measure one installation; the result goes out as JSON."""
    from reciproque.foundation.database.embedded import Server

    Server(home / "postgres").start()
    setup(home)
    from django.conf import settings
    from django.db import connection, transaction
    from django.test import Client, override_settings
    from operations import Network

    from reciproque.directory.mapping import counting
    from reciproque.institution.models import User

    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with transaction.atomic(), override_settings(ALLOWED_HOSTS=["testserver"], STORAGES={**settings.STORAGES, **plain}):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        counting.count_places()  # as the worker has done
        client, network = Client(), Network()
        client.force_login(User.objects.get(username=options.user))
        gc.collect()
        gc.freeze()  # as the server does
        gc.set_threshold(100_000, 20, 50)
        for name, act in acts(network, client).items():
            if options.only in name:
                print(json.dumps([name, measured(act, options.times, options.rounds)]), flush=True)
        transaction.set_rollback(True)


def show(found: dict[str, dict[str, dict[str, float]]]) -> None:
    """One line per page, one group of columns per network."""
    homes = list(found)
    print(f"{'':30s}" + "".join(f"| {Path(home).name:^41s}" for home in homes))
    print(f"{'':30s}" + "| p50 ms  p95 ms  queries   CPU (app + db) " * len(homes))
    for name in found[homes[0]]:
        rows = [found[home][name] for home in homes]
        line = f"{name:30s}"
        for row in rows:
            cpu = f"{row['cpu']:5.1f} ({row['app']:.1f} + {row['db']:.1f})"
            line += f"| {row['p50']:6.1f}  {row['p95']:6.1f}  {row['queries']:7d}   {cpu:18s}"
        ratio = rows[-1]["cpu"] / rows[0]["cpu"]
        print(line + (f"x{ratio:.1f}" if len(rows) > 1 else "") + ("  <<<" if ratio > FLAT else ""))


def main() -> None:
    """Each installation in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("homes", type=Path, nargs="+", metavar="HOME")
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--user", default="mesure1")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.homes[0].resolve(), options)
        return
    found = {}
    for home in options.homes:
        given = [f"--{name}={getattr(options, name)}" for name in ("times", "rounds", "only", "user")]
        command = [sys.executable, __file__, str(home.resolve()), "--child", *given]
        environment = os.environ | {"RECIPROQUE_HOME": str(home.resolve())}
        told = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment).stdout
        found[str(home)] = dict(json.loads(line) for line in told.splitlines())
    show(found)


if __name__ == "__main__":
    main()
