"""All moments and pulses made anew, one write, and the pages that show them: `python benchmarks/pulse.py HOME [--no-rebuild] [--times 40]`.

HOME is an installation filled by `reciproque generate` (its database is started; moments and pulses are made anew as they were, the
rest is rolled back). Prints CPU seconds of this process and of the database, wall seconds and the highest memory of both; for pages, the
server's time (median and 95th percentile of the wall, the database included), CPU of both and the number of queries. The first partner has
ten thousand exchanges; the reader manages a unit, and is the one of it who answers for the most partners.
"""

import argparse
import gc
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from harness import percentile, setup

FURTHER = "?apres=2024-06-01.interaction.999999999"


def main() -> None:
    """Rebuild, write, ask each page, say what it cost."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("home", type=Path, metavar="HOME")
    asked.add_argument("--no-rebuild", action="store_true")
    asked.add_argument("--times", type=int, default=40)
    asked.add_argument("--only", default="")
    asked.add_argument("--user", default="mesure1")
    options = asked.parse_args()
    from reciproque.foundation.database.embedded import Server

    Server(options.home.resolve() / "postgres").start()
    setup(options.home.resolve())
    from django.db import connection, transaction

    from reciproque.relations import moments, rebuilding

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    if not options.no_rebuild:
        measured("moments of everything", moments.of_everything)
        measured("pulses of everything", rebuilding.rebuild)
    with transaction.atomic():
        _written()
        transaction.set_rollback(True)
    _pages(options)


def _written() -> None:
    """One exchange, of an ordinary partner and of the one that has ten thousand."""
    from django.utils.timezone import localdate

    from reciproque.directory.models import Partner
    from reciproque.institution.access import Actor
    from reciproque.institution.models import Unit
    from reciproque.relations import services

    first = Partner.objects.order_by("pk")[0]
    some = list(Partner.objects.filter(pk__in=range(first.pk + 1, first.pk + 400, 7)))
    unit = Unit.objects.order_by("-pk")[0]
    call = {"actor": Actor.system("bench"), "unit": unit, "on": localdate(), "kind": "visit", "text": "Note"}
    services.record_interaction(partner=some[0], **call)
    measured(
        "one exchange written", lambda n: services.record_interaction(partner=some[n % len(some)], **call), times=50
    )
    measured("one exchange of ten thousand", lambda _n: services.record_interaction(partner=first, **call), times=5)


def _pages(options: argparse.Namespace) -> None:
    """The pages of somebody who manages a unit."""
    from django.conf import settings
    from django.test import Client, override_settings

    from reciproque.directory.models import Partner
    from reciproque.institution.models import User

    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    user = User.objects.get(username=options.user)
    unit = user.memberships.first().unit_id if hasattr(user, "memberships") else 1
    first, partners = Partner.objects.order_by("pk")[0].pk, Partner.objects.count()
    draw = random.Random(4)  # noqa: S311 -- the same ones every time
    anyone = [first + draw.randrange(partners) for _time in range(60)]
    pages = {
        "partner page": [f"/partenaires/{pk}/" for pk in anyone],
        "partner page, 10,000 exchanges": [f"/partenaires/{first}/"],
        "timeline, 10,000 exchanges": [f"/partenaires/{first}/chronologie/"],
        "timeline further down": [f"/partenaires/{first}/chronologie/{FURTHER}"],
        "my partners": ["/mes-partenaires/"],
        "my partners, a later page": ["/mes-partenaires/?page=5"],
        "partners of my units": ["/mes-partenaires/?qui=entites"],
        "board": ["/reciprocite/"],
        "board of a unit": [f"/reciprocite/?entite={unit}"],
        "a figure's list": ["/reciprocite/liste/?chiffre=fragile", "/reciprocite/liste/?chiffre=lapsing"],
        "promising ones": ["/reciprocite/liste/?chiffre=promising"],
        "a figure's list of a unit": [f"/reciprocite/liste/?chiffre=one_inside&entite={unit}"],
        "collaborations, board": ["/collaborations/"],
        "collaborations, list": ["/collaborations/?vue=liste"],
        "tasks": ["/taches/"],
        "partners": ["/partenaires/"],
        "home": ["/"],
    }
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES={**settings.STORAGES, **plain}):
        client = Client()
        client.force_login(user)
        gc.collect()
        gc.freeze()  # as the server does
        gc.set_threshold(100_000, 20, 50)
        for name, addresses in pages.items():
            if options.only in name:
                _page(client, name, addresses, options.times)


def _page(client: Any, name: str, addresses: list[str], times: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for address in [*addresses[:3], addresses[0]]:
        if (answer := client.get(address)).status_code != 200:
            print(f"{name}: {answer.status_code} at {address}")
            return
    before, walls = spent(), []
    for number in range(times):
        start = time.perf_counter()
        client.get(addresses[number % len(addresses)])
        walls.append(1000 * (time.perf_counter() - start))
        if number > 4 and sum(walls) > 20_000:  # hopeless
            break
    app, db = (1000 * (now - then) / len(walls) for then, now in zip(before, spent(), strict=True))
    with CaptureQueriesContext(connection) as queries:
        client.get(addresses[-1])
        number = len(queries)
    late = percentile(walls, 0.95)
    mark = "  <<<" if late > 100 else ""
    print(
        f"{name:32s} p50 {statistics.median(walls):6.1f}  p95 {late:6.1f}  CPU {app:5.1f} + {db:5.1f}  {number:3d} queries{mark}",
        flush=True,
    )


def spent() -> tuple[float, float]:
    """CPU seconds so far: ours, and those of the database's process that answers us."""
    from django.db import connection

    connection.ensure_connection()
    theirs = psutil.Process(connection.connection.info.backend_pid).cpu_times()
    return time.process_time(), theirs.user + theirs.system


def measured(what: str, run: Callable[..., Any], *, times: int = 0) -> None:
    """Run it and print what it cost; `times` when it is called with the number of each call."""
    from django.db import connection

    before, start = spent(), time.perf_counter()
    if times:
        for number in range(times):
            run(number)
    else:
        run()
    share = times or 1
    app, db = ((now - then) / share for then, now in zip(before, spent(), strict=True))
    wall = (time.perf_counter() - start) / share
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    status = Path(f"/proc/{connection.connection.info.backend_pid}/status").read_text()
    theirs = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(f"{what}: CPU {app:.3f} + {db:.3f} s, {wall:.3f} s wall, at most {ours:.0f} MB + {theirs:.0f} MB", flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    main()
