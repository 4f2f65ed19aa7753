"""Commands on the data: migrate, import, export, seed, generate."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reciproque.cli import place


def migrate(_options: argparse.Namespace) -> int:
    """Bring the database up to date."""
    folder = place.ready()
    place.migrate(folder, force=True)
    return 0


def import_file(options: argparse.Namespace) -> int:
    """Import one file."""
    place.migrate(place.ready())
    from reciproque.sourcing.command import run_import

    return run_import(
        options.file, source=options.source, unit=options.unit, mapping=options.mapping, user=options.user, sheet=options.sheet,
        dry_run=options.dry_run, wait=options.wait, as_json=options.json,
    )  # fmt: skip


def export(options: argparse.Namespace) -> int:
    """Write everything that the account (the system by default) may read."""
    place.ready()
    from reciproque.directory import exporting
    from reciproque.institution.access import Actor
    from reciproque.institution.models import User

    if options.out.suffix not in {".csv", ".xlsx"}:
        print("Donnez un fichier .csv ou .xlsx.", file=sys.stderr)
        return 2
    user = User.objects.filter(username=options.user).first() if options.user else None
    if options.user and user is None:
        print(f"Aucun compte « {options.user} ».", file=sys.stderr)
        return 2
    actor = Actor.of(user, via="command") if user else Actor.system("export", via="command")
    headers, rows = exporting.table(actor, options.what)
    _write(options, headers, rows)
    return 0


def _write(options: argparse.Namespace, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from reciproque.foundation.exports import safe_cell, write_xlsx

    if options.out.suffix == ".xlsx":
        with options.out.open("wb") as file:
            write_xlsx(file, [("Données", headers, rows)])
        return
    with options.out.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text, delimiter=";")
        writer.writerow(headers)
        writer.writerows(_safe(rows, safe_cell))


def _safe(rows: Iterable[Sequence[Any]], safe_cell: Any) -> Iterator[list[Any]]:
    for row in rows:
        yield [safe_cell(cell) for cell in row]


def index(options: argparse.Namespace) -> int:
    """Build the index of type-ahead, or do without."""
    place.migrate(place.ready())
    from django.conf import settings

    from reciproque.directory.search import swift

    if options.drop:
        swift.drop()
        return 0
    if not settings.SEARCH_INDEX:
        print("SEARCH_INDEX vaut 0 : cette installation se passe d’index.", file=sys.stderr)
        return 2
    count = swift.rebuild()
    if count is None:
        print("Un autre processus construit l’index : réessayez dans quelques minutes.", file=sys.stderr)
        return 1
    print(f"{count} fiches dans l’index.")
    return 0


def seed(options: argparse.Namespace) -> int:
    """Fill with the demonstration, or with canaries (told as JSON)."""
    place.migrate(place.ready())
    if options.profile == "canary":
        from reciproque.demo import canary

        json.dump(canary.seed(), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return 0
    from reciproque.demo import seed as demo

    demo.run()
    return 0


def generate(options: argparse.Namespace) -> int:
    """Fill with a network of that many partners."""
    place.migrate(place.ready())
    from reciproque.demo import bulk, bulk_relations
    from reciproque.directory.search import swift

    def tell(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    try:
        account = bulk.run(options.partners, tell=tell)
        if not options.directory_only:
            life = bulk_relations.run(tell=tell)
            account |= life | {"seconds": round(account["seconds"] + life["seconds"], 1)}
        if swift.worth_it():  # as after its first night
            account |= {"indexed": swift.rebuild() or 0}
    except ValueError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(json.dumps(account))
    return 0
