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

from reciproque.directory import search  # noqa: E402
from reciproque.directory.mapping import counting  # noqa: E402
from reciproque.institution.models import User  # noqa: E402

TOWN, UNIT = "angers", "4"
ASKED = {
    "tout": "", "page suivante": "", "fin de liste": "tri=-name",
    **{f"tri {key}": f"tri={key}" for key in ("kind", "city", "department", "naf", "headcount", "updated", "created")},
    **{f"tri -{key}": f"tri=-{key}" for key in ("kind", "city", "headcount", "updated")},
    "nature": "f.kind=association", "pas nature": "f.kind.op=pas&f.kind=company", "ville": f"f.city.op=est&f.city={TOWN}",
    "ville par date": f"f.city.op=est&f.city={TOWN}&tri=-updated", "departement": "f.department=49",
    "region": "f.region=52", "region par date": "f.region=52&tri=-updated", "section": "f.section=C", "division": "f.division=62",
    "naf": "f.naf=30.11Z", "effectif": "f.headcount=52", "taille": "f.size=GE", "juridique": "f.legal=5710",
    "etiquette": "f.tags=stage", "entite": f"f.unit={UNIT}", "entite par date": f"f.unit={UNIT}&tri=-updated",
    "entite et statut": f"f.unit={UNIT}&f.status=prospect", "pas entite": f"f.unit.op=pas&f.unit={UNIT}",
    "referent moi": "f.referent=moi", "sans referent": "f.referent.op=vide", "courriel": "f.email.op=non",
    "partage": "f.sharing=unit", "restreint": "f.sharing=restricted", "modifiees 7 jours": "f.updated.op=depuis&f.updated=7",
    "pas depuis 24 mois": "f.updated.op=pas_depuis&f.updated=24", "archivees": "f.archived.op=oui",
    "siren commence": "f.siren.op=commence&f.siren=10001", "nom contient": "f.name=chaudron", "nom contient rare": "f.name=zzqx",
    "cherche mot": "q=menuiserie", "cherche commun": "q=association", "cherche deux": "q=menuiserie chauvin",
    "cherche ville": "q=angers", "cherche rien": "q=zzqxw", "cherche faute": "q=menuizerie chauvain", "cherche siren": "q=100 010 008",
    "cherche 3 lettres": "q=mec", "cherche 1 lettre": "q=m", "cherche commun par date": "q=association&tri=-updated",
    "cherche et ville": f"q=association&f.city.op=est&f.city={TOWN}", "deux filtres": "f.kind=association&f.department=49",
    "trois filtres": f"f.kind=company&f.unit={UNIT}&f.tags=stage", "rare croise": "f.tags=stage&f.headcount=52&f.department=48",
}  # fmt: skip
PEOPLE = {
    "tout": "", "tri -updated": "tri=-updated", "tri created": "tri=created", "cherche": "q=chauvin", "cherche deux": "q=marie chauvin",
    "entite": f"f.unit={UNIT}", "en fonction": "f.working.op=oui", "sans fonction": "f.working.op=non", "nom contient": "f.name=kermar",
    "ne pas contacter": "f.do_not_contact.op=oui", "informees": "f.informed.op=oui", "restreint": "f.sharing=restricted",
}  # fmt: skip
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
