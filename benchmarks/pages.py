"""Server time of whole pages on a big network: lists, their filters and orders, deep pages, map, palette, search page.

RECIPROQUE_HOME=… python benchmarks/pages.py [--times 9] [--only WORD] [--user mesure1] [--words]

Everything happens in one transaction that is rolled back; `--words` first counts the words of the index anew.
"""

import argparse
import gc
import os
import statistics
import time
from collections.abc import Iterator
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from lists import ASKED, PEOPLE  # noqa: E402

from reciproque.directory import search  # noqa: E402
from reciproque.directory.mapping import counting  # noqa: E402
from reciproque.institution.models import User  # noqa: E402

MAP = {
    "tout": "", "departement": "f.department=59", "departement petit": "f.department=48", "nature": "f.kind=company",
    "region": "f.region=52", "section": "f.section=C", "entite": "f.unit=4", "etiquette": "f.tags=stage",
    "commun": "q=association", "mot": "q=menuiserie", "effectif": "f.headcount=12", "departement et nature": "f.department=59&f.kind=company",
}  # fmt: skip
TYPED = ("", "m", "me", "men", "menu", "menuiserie", "menuiserie chau", "association", "asso", "sa", "angers", "chauvin", "100 010 008",
         "menuizerie", "zzqxw", "pers: mar", "org: asso", "dupont marie")  # fmt: skip
HTMX = {"HX-Request": "true"}


def pages() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Name, address and headers of everything measured."""
    for name, query in ASKED.items():
        yield f"partenaires {name}", f"/partenaires/?{query}", {}
    for name, query in PEOPLE.items():
        yield f"personnes {name}", f"/personnes/?{query}", {}
    for name, query in MAP.items():
        yield f"carte {name}", f"/partenaires/carte/?{query}", {}
    for text in TYPED:
        query = urlencode({"q": text})
        yield f"palette « {text} »", f"/palette/?{query}", HTMX
    for text in TYPED[1:]:
        query = urlencode({"q": text})
        yield f"recherche « {text} »", f"/recherche/?{query}", HTMX


def measure(client: Client, name: str, address: str, headers: dict[str, str], times: int) -> None:
    """One line: milliseconds, queries, size."""
    walls = []
    for _ in range(times + 1):
        began = time.perf_counter()
        answer = client.get(address.replace(" ", "+"), headers=headers)
        walls.append((time.perf_counter() - began) * 1000)
    kept = sorted(walls[1:])
    worst = kept[min(int(len(kept) * 0.95), len(kept) - 1)]
    limit = 30 if headers else 100
    mark = "  <<<" if worst > limit else ""
    size = len(answer.content) // 1024
    print(
        f"{name:44s} p50 {statistics.median(kept):7.1f}  p95 {worst:7.1f}  {answer.status_code} {size:4d} ko{mark}",
        flush=True,
    )


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--only", default="")
    parser.add_argument("--user", default="mesure1")
    parser.add_argument("--words", action="store_true")
    options = parser.parse_args()
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with transaction.atomic(), override_settings(ALLOWED_HOSTS=["testserver"], STORAGES={**settings.STORAGES, **plain}):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        began = time.perf_counter()
        counting.count_places()
        print(f"count_places {time.perf_counter() - began:.1f} s")
        if options.words:
            began = time.perf_counter()
            search.count_words()
            print(f"count_words {time.perf_counter() - began:.1f} s")
        client = Client()
        gc.collect()
        gc.freeze()  # as the server does
        gc.set_threshold(20_000, 20, 50)
        client.force_login(User.objects.get(username=options.user))
        for name, address, headers in pages():
            if options.only in name:
                measure(client, name, address, headers, options.times)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
