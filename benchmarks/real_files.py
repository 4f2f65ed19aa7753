"""Real files through the whole import: the spreadsheets of départements, and names typed in 15 sources, each as a unit's file.

    python benchmarks/real_files.py --data FOLDER [--home FOLDER] [--keep]

FOLDER holds `spreadsheets/` and `entities/mentions_dev.parquet`. Prints the account of every file, then how well the rows of
the typed names were brought together (their true SIREN is known; `--blind` hides the numbers), then the décloisonnement.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
COLUMNS = {
    "name": "Dénomination",
    "address": "Adresse",
    "postcode": "Code postal",
    "city": "Ville",
    "dept": "Département",
    "siret": "SIRET",
}


def export(parquet: Path, folder: Path, *, identifiers: bool) -> dict[str, Path]:
    """One CSV per source, as each unit would keep it; `mention_id` is kept to judge by. Returns source → file."""
    import pyarrow.parquet as pq

    by_source: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in pq.read_table(parquet).to_pylist():
        by_source[row["source"]].append(row)
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for source, rows in sorted(by_source.items()):
        columns = {key: title for key, title in COLUMNS.items() if identifiers or key != "siret"}
        path = folder / f"{source.replace('.', '-')}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow([*columns.values(), "Numéro"])
            for row in rows:
                writer.writerow([*(row[key] or "" for key in columns), row["mention_id"]])
        found[source] = path
    return found


def truth(parquet: Path) -> dict[str, str]:
    """Mention → SIREN."""
    import pyarrow.parquet as pq

    table = pq.read_table(parquet, columns=["mention_id", "siren"])
    return {str(row["mention_id"]): row["siren"] for row in table.to_pylist()}


def take(path: Path, source: str, unit: str) -> dict[str, Any]:
    """Import one file, as the command does."""
    from reciproque.sourcing.command import run_import

    out, began, cpu = io.StringIO(), time.perf_counter(), time.process_time()
    run_import(path, source=source, unit=unit, wait=True, as_json=True, out=out)
    account: dict[str, Any] = json.loads(out.getvalue())
    account["seconds"], account["cpu_app"] = round(time.perf_counter() - began, 1), round(time.process_time() - cpu, 1)
    return account


def show(name: str, account: dict[str, Any]) -> None:
    """One line per file."""
    keys = "state read applied organisations created matched doubtful waiting refused seconds cpu_app problem error"
    print(
        f"{name:34s}", "  ".join(f"{key} {account[key]}" for key in keys.split() if account.get(key) not in (None, ""))
    )


def judge(parquet: Path) -> None:
    """Pairs of rows put together: rightly, wrongly; true pairs that were missed."""
    from reciproque.sourcing.models import SourceRecord

    siren = truth(parquet)
    partners: dict[int, Counter[str]] = defaultdict(Counter)
    whole: Counter[str] = Counter()
    for cells, partner in SourceRecord.objects.filter(state="applied", source__code__startswith="m-").values_list(
        "cells", "partner_id"
    ):
        true = siren[cells[-1]]
        partners[partner][true] += 1
        whole[true] += 1

    def pairs(number: int) -> int:
        return number * (number - 1) // 2

    together = sum(pairs(sum(counted.values())) for counted in partners.values())
    right = sum(pairs(n) for counted in partners.values() for n in counted.values())
    true = sum(pairs(n) for n in whole.values())
    print(
        f"pairs put together {together}, rightly {right} ({right / max(together, 1):.1%}); true pairs found {right / max(true, 1):.1%} of {true}"
    )
    mixed = sorted(partners.items(), key=lambda item: -len(item[1]))[:5]
    from reciproque.directory.models import Partner

    for pk, counted in mixed:
        print("  most mixed:", Partner.objects.get(pk=pk), len(counted), "SIREN,", sum(counted.values()), "rows")


def main() -> None:
    """All of it, in a home of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--keep", action="store_true", help="leave the database there, to look at")
    parser.add_argument(
        "--blind", action="store_true", help="hide the SIRET of the typed names from the import, to judge it"
    )
    asked = parser.parse_args()
    home = asked.home or Path(tempfile.mkdtemp(prefix="real-files-"))
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= {"RECIPROQUE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "WARNING"}
    from reciproque.foundation.database.embedded import Server

    server = Server(home / "postgres")
    server.start()
    server.create_database()
    try:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        run(asked.data, home, identifiers=not asked.blind)
    finally:
        if not asked.keep:
            server.stop()
    if not (asked.keep or asked.home):
        shutil.rmtree(home, ignore_errors=True)


def run(data: Path, home: Path, *, identifiers: bool) -> None:
    """Every file, then the reports."""
    from reciproque.institution import services as institution
    from reciproque.institution.access import Actor
    from reciproque.institution.models import Unit
    from reciproque.sourcing import report

    actor = Actor.system("mesure")
    root = Unit.objects.first() or institution.found_establishment(actor=actor, code="univ", name="Université")

    def unit(code: str) -> str:
        if not Unit.objects.filter(code=code).exists():
            institution.create_unit(
                actor=actor, parent=root, code=code, name=code, short_name=code, kind=Unit.Kind.FACULTY
            )
        return code

    for path in sorted((data / "spreadsheets").iterdir()):
        show(path.name, take(path, f"s-{path.stem.replace('_', '-')}"[:60], unit(path.name.split("_")[0])))
    parquet = data / "entities" / "mentions_dev.parquet"
    for source, path in export(parquet, home / "mentions", identifiers=identifiers).items():
        show(source, take(path, f"m-{path.stem}", unit(path.stem.replace("_", "-"))))
    judge(parquet)
    found = report.decloisonnement()
    print(
        f"décloisonnement: {found.rows} rows, {found.organisations} organisations, {found.shared} known to several units"
    )
    print("  by number of units:", found.by_units, "disagreements:", found.disagreements)


if __name__ == "__main__":
    main()
