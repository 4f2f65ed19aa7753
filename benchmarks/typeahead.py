"""Type-ahead on a big network: names typed with a mistake, whole and by their beginning; hits among the first ten, milliseconds.

RECIPROQUE_HOME=… python benchmarks/typeahead.py [--names 300] [--only LENGTH]

The mistakes are drawn, always the same: a letter left out, doubled, replaced by its neighbour on the keyboard, or two exchanged;
in every name one, in one name out of three a second in another word. A beginning is cut after the mistake was made. A hit is a
partner of the same name (homonyms are told apart by what the line says, not by what was typed). « engine » is the time to find and
rank the candidates, « served » with the rights and the lines, without the page around them.
"""

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

import psutil  # noqa: E402
from django.db import connection  # noqa: E402

from reciproque.directory.models import Partner  # noqa: E402
from reciproque.directory.search import finding  # noqa: E402
from reciproque.engines.identifiers import fold  # noqa: E402
from reciproque.institution.access import Actor  # noqa: E402
from reciproque.institution.models import User  # noqa: E402

NEIGHBOURS = dict(
    zip(
        "azertyuiopqsdfghjklmwxcvbn", "zazertyuiosqsdfghjklxwxcvb", strict=True
    )  # the key on the left of each, on a French keyboard
)
LENGTHS = (3, 5, 8, 12, 0)
LONG_ENOUGH = 4  # letters from which a word is mistyped


def mistyped(name: str, draw: random.Random) -> str:
    """The name with a mistake in one word, sometimes in two."""
    words = name.split()
    places = [rank for rank, word in enumerate(words) if len(word) >= LONG_ENOUGH and word.isalpha()]
    draw.shuffle(places)
    for rank in places[: 2 if draw.random() < 1 / 3 else 1]:
        words[rank] = _slipped(words[rank], draw)
    return " ".join(words)


def _slipped(word: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(word) - 1)
    kind = draw.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + NEIGHBOURS.get(word[at].lower(), "e") + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def drawn(size: int) -> list[tuple[str, str]]:
    """(typed whole, name as it is kept) of partners open to all."""
    draw = random.Random(20261128)  # noqa: S311 -- the same names each time
    highest = Partner.objects.order_by("-pk").values_list("pk", flat=True)[0]
    asked = draw.sample(range(1, highest + 1), min(highest, size * 2))
    found = Partner.objects.filter(pk__in=asked, sharing="network", archived_at=None, merged_into=None)
    rows = list(found.order_by("pk").values_list("label", "name_key")[:size])
    return [(mistyped(label, draw), key) for label, key in rows]


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure(actor: Actor, names: list[tuple[str, str]], length: int) -> None:
    """One line: hits, milliseconds of the engine and of what is served, CPU of both processes."""
    texts = [typed[:length] if length else typed for typed, _key in names]
    before = spent()
    engine = [timed(lambda: finding.ranked(text, "partner"))[0] for text in texts]  # noqa: B023 -- called at once
    cpu = [(now - then) * 1000 / len(texts) for then, now in zip(before, spent(), strict=True)]
    served, hits = [], 0
    for text, (_typed, key) in zip(texts, names, strict=True):
        wall, lines = timed(lambda: finding.find(actor, text, kinds=["partner"], limit=10))  # noqa: B023
        served.append(wall)
        hits += any(fold(line.label) == key for line in lines)
    told = [f"p50 {statistics.median(walls):6.1f} p95 {percentile(walls, 0.95):6.1f}" for walls in (engine, served)]
    print(
        f"{length or 'whole':>5} letters  hit@10 {hits / len(names):.2f}  engine ms {told[0]}"
        f"  cpu {cpu[0]:.1f} + {cpu[1]:.1f}  served ms {told[1]}",
        flush=True,
    )


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds, and what the work gave."""
    began = time.perf_counter()
    given = work()
    return (time.perf_counter() - began) * 1000, given


def spent() -> tuple[float, float]:
    """CPU seconds so far: ours, and those of the database's process that answers us."""
    connection.ensure_connection()
    theirs = psutil.Process(connection.connection.info.backend_pid).cpu_times()
    return time.process_time(), theirs.user + theirs.system


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=int, default=300)
    parser.add_argument("--only", type=int, choices=LENGTHS)
    parser.add_argument("--user", default="mesure1")
    options = parser.parse_args()
    actor, names = Actor.of(User.objects.get(username=options.user)), drawn(options.names)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = 'directory_partner'::regclass")
        print(f"{cursor.fetchone()[0]} partners, {len(names)} names")
    for typed, _key in names[:50]:  # what a server that has run for a while has in memory
        finding.find(actor, typed)
    for length in LENGTHS if options.only is None else [options.only]:
        measure(actor, names, length)


if __name__ == "__main__":
    main()
