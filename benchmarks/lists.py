"""Server time of the lists of partners and people on a big network: every main filter, every order, search, deep pages.

RECIPROQUE_HOME=var/million python benchmarks/lists.py [--times 9] [--only WORD]
"""

import argparse
import os
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.http import QueryDict  # noqa: E402

from reciproque.directory.listing import partners, people  # noqa: E402
from reciproque.foundation.listing import state  # noqa: E402
from reciproque.institution.access import Actor  # noqa: E402
from reciproque.institution.models import Unit, User  # noqa: E402

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


def once(module: object, actor: Actor, query: str, cursor: str = "") -> tuple[float, int, str, str]:
    """Milliseconds for one page with its count; rows, count and the cursor of the next page."""
    began = time.perf_counter()
    asked = state.read(QueryDict(query + (f"&apres={cursor}" if cursor else "")), module.CATALOGUE)  # type: ignore[attr-defined]
    found = module.listing(actor, asked)  # type: ignore[attr-defined]
    rows = sum(1 for _ in found.cells())
    said = str(found.count)
    return (time.perf_counter() - began) * 1000, rows, said, found.page.after


def measure(title: str, module: object, actor: Actor, asked: dict[str, str], times: int, only: str) -> None:
    """One line for each address."""
    for name, query in asked.items():
        if only not in name:
            continue
        cursor = once(module, actor, query)[3] if name == "page suivante" else ""
        walls = []
        for _ in range(times):
            wall, rows, said, _after = once(module, actor, query, cursor)
            walls.append(wall)
        mark = "  <<<" if sorted(walls)[int(times * 0.95)] > 100 else ""
        print(
            f"{title:9s} {name:24s} p50 {statistics.median(walls):7.1f}  max {max(walls):7.1f}  {rows:3d} rows  {said}{mark}"
        )


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", default="")
    parser.add_argument("--user", default="mesure1")
    options = parser.parse_args()
    actor = Actor.of(User.objects.get(username=options.user))
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 10000")
    print(f"{Unit.objects.count()} units")
    with transaction.atomic():
        measure("partners", partners, actor, ASKED, options.times, options.only)
        measure("people", people, actor, PEOPLE, options.times, options.only)


if __name__ == "__main__":
    main()
