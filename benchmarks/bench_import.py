"""Import of made files: rows per second, rows per CPU second (application and database together), peak memory.

    python benchmarks/bench_import.py [--rows 10000 100000] [--home FOLDER]
    python benchmarks/bench_import.py --rows 5000 --network HOME

Each size starts from an empty database of its own: first the file, matching on, then the same file again (a newer version,
one row in ten changed). One row in three names an organisation that an earlier row has named. The kernels of comparison are
compiled beforehand, as every installation does once at its first start.

With `--network`, a new file is compared with an installation that exists (of `reciproque generate`): half of its rows are partners of it,
their names typed with a mistake, the other half are unknown. It is checked, not applied, then abandoned; what comparison takes is told
apart from reading and understanding the file. The first time, the keys of the whole network and its counts are made, once.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

TRADES = (
    "Ateliers Menuiserie Transports Cabinet Imprimerie Boulangerie Garage Laboratoire Maison Forges Pépinières Éditions"
)
HEADERS = (
    "Raison sociale;SIRET;Adresse;CP;Commune;Tél.;Courriel;Code NAF;Nom du contact;Prénom;Fonction;Courriel du contact"
)


def luhn(digits: str) -> str:
    """The digits with their check digit."""
    total = sum(
        sum(divmod(int(char) * (2 if place % 2 == 0 else 1), 10)) for place, char in enumerate(reversed(digits))
    )
    return digits + str(-total % 10)


def write_file(path: Path, rows: int, *, version: int = 1) -> None:
    """A file as a service keeps it: repeated organisations, missing numbers, phones without their zero."""
    from reciproque.directory.reference import communes

    chance = random.Random(rows)  # noqa: S311 -- made data
    trades = TRADES.split()
    towns = sorted((c for c in communes().values() if c.postcodes), key=lambda c: c.code)
    surnames = [
        f"{a}{b}" for a in ("Mar", "Gau", "Le", "Ber", "Du", "Cha") for b in ("tin", "thier", "roux", "nard", "pont")
    ]
    known: list[list[str]] = []
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADERS.split(";"))
        for number in range(rows):
            if known and chance.random() < 1 / 3:
                firm = chance.choice(known)
            else:
                town = chance.choice(towns)
                name = f"{chance.choice(trades)} {chance.choice(surnames)} {number}"
                siren = luhn(f"{100_000_00 + number:08d}")
                siret = luhn(f"{siren}0001") if chance.random() < 0.7 else ""
                firm = [
                    name, siret, f"{chance.randrange(1, 90)} rue des Tilleuls", town.postcodes[0], town.name.upper(),
                    f"2{chance.randrange(10_000_000, 99_999_999)}", f"contact@{'-'.join(name.lower().split())}.example", "62.01Z",
                ]  # fmt: skip
                known.append(firm)
            first, last = chance.choice(["Anne", "Éric", "Lucie", "Marc"]), f"{chance.choice(surnames)}-{number % 5000}"
            role = "directrice" if version > 1 and number % 10 == 0 else "responsable"
            writer.writerow([*firm, last, first, role, f"{last.lower()}.{number}@courriel.example"])


def measured(server: psutil.Process, work: object) -> dict[str, float]:
    """Seconds and CPU seconds of a call, ours and the database's."""
    before, began, mine = database_cpu(server), time.perf_counter(), own_cpu()
    work()  # type: ignore[operator]
    wall, application = time.perf_counter() - began, own_cpu() - mine
    return {"wall_s": wall, "cpu_app_s": application, "cpu_db_s": database_cpu(server) - before}


def own_cpu() -> float:
    """This process and the children it has waited for (the reader of the file)."""
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(t.ru_utime + t.ru_stime for t in times)


def database_cpu(server: psutil.Process) -> float:
    """The server, its live processes and those that have ended."""
    total = server.cpu_times().children_user + server.cpu_times().children_system
    for process in (server, *server.children(recursive=True)):
        try:
            total += process.cpu_times().user + process.cpu_times().system
        except psutil.NoSuchProcess:
            continue
    return total


def database_memory(server: psutil.Process) -> float:
    """Proportional memory of all of them, in MiB."""
    return sum(process.memory_full_info().pss for process in (server, *server.children(recursive=True))) / 2**20


def bench(rows: int, home: Path) -> dict[str, object]:
    """In a child process: an empty installation, the file, the file again."""
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
        return run(rows, home, psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0])))
    finally:
        server.stop()


def run(rows: int, home: Path, process: psutil.Process) -> dict[str, object]:
    """Both imports, measured."""
    from reciproque.institution import services as institution
    from reciproque.institution.access import Actor
    from reciproque.sourcing.command import run_import

    institution.found_establishment(actor=Actor.system("mesure"), code="univ", name="Université")
    result: dict[str, object] = {"rows": rows}
    for label, version in (("first", 1), ("again", 2)):
        path = home / f"fichier-{version}.csv"
        write_file(path, rows, version=version)
        with (home / "out.json").open("w+") as out:
            costs = measured(
                process, lambda p=path, o=out: run_import(p, source="mesure", wait=True, as_json=True, out=o)
            )
            out.seek(0)
            account = json.load(out)
        cpu = costs["cpu_app_s"] + costs["cpu_db_s"]
        result[label] = {
            **{key: round(value, 1) for key, value in costs.items()},
            "rows_per_s": round(rows / costs["wall_s"]), "rows_per_cpu_s": round(rows / cpu),
            "peak_app_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), "db_pss_mib": round(database_memory(process)),
            **{key: account.get(key) for key in ("state", "read", "applied", "unchanged", "waiting", "created", "persons_created", "problem")},
        }  # fmt: skip
    return result


def write_mistyped(path: Path, rows: int) -> None:
    """Partners of the network, one letter in each name wrong, and as many that it does not know."""
    from typeahead import mistyped

    from reciproque.directory.models import Partner

    chance = random.Random(rows)  # noqa: S311 -- made data
    last = Partner.objects.order_by("-pk").values_list("pk", flat=True)[0]
    numbers = chance.sample(range(1, last), rows // 2 + rows // 50)
    known = Partner.objects.filter(pk__in=numbers, merged_into=None).values_list("name", "postcode", "city")[
        : rows // 2
    ]
    lines = [(mistyped(name, chance), postcode, city) for name, postcode, city in known]
    syllables = ["ba", "co", "du", "fer", "gil", "lo", "mun", "na", "per", "ri", "sol", "tan", "vu", "xer", "zon"]
    lines += [
        (
            f"{''.join(chance.choices(syllables, k=4)).title()} {chance.choice(TRADES.split())}",
            *chance.choice(lines)[1:],
        )
        for _ in range(rows - len(lines))
    ]
    chance.shuffle(lines)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([("Raison sociale", "CP", "Commune"), *lines])


def compare(rows: int, home: Path) -> dict[str, object]:
    """In a network that exists: a file is checked, then abandoned."""
    from harness import setup

    from reciproque.foundation.database.embedded import Server

    server = Server(home / "postgres")
    server.start()
    setup(home)
    try:
        return compared(rows, psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0])))
    finally:
        server.stop()


def compared(rows: int, process: psutil.Process) -> dict[str, object]:
    """What the check of the file costs, and what of it is comparison."""
    from reciproque.institution.access import Actor
    from reciproque.sourcing import services
    from reciproque.sourcing.command import run_import
    from reciproque.sourcing.models import Census, Import
    from reciproque.sourcing.pipeline import checking, known
    from reciproque.sourcing.pipeline.matching import Matcher

    result: dict[str, object] = {"rows": rows, "keys": {**measured(process, known.catch_up)}}
    if not Census.objects.exists():
        result["counts"] = measured(process, count_everybody)
    spent: dict[str, dict[str, float]] = {}

    def told(name: str, work: object) -> object:
        def run(*given: object, **named: object) -> object:
            found: list[object] = []
            costs = measured(process, lambda: found.append(work(*given, **named)))  # type: ignore[operator]
            spent[name] = {key: spent.get(name, {}).get(key, 0.0) + cost for key, cost in costs.items()}
            return found[0]

        return run

    checking.catch_up = told("changed_since", known.catch_up)  # type: ignore[assignment]
    Matcher.judge = told("matching", Matcher.judge)  # type: ignore[method-assign,assignment]
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, "fichier.csv"), Path(folder, "out.json")
        write_mistyped(path, rows)
        with out.open("w+") as told_to:
            result["check"] = measured(
                process,
                lambda: run_import(path, source="mesure-reseau", wait=True, dry_run=True, as_json=True, out=told_to),
            )
            told_to.seek(0)
            account = json.load(told_to)
    result |= spent
    result["found"] = {
        key: account.get(key) for key in ("state", "read", "matched", "doubtful", "ready", "waiting", "problem")
    }
    services.abandon_import(actor=Actor.system("mesure"), run=Import.objects.get(pk=account["import"]))
    return result


def count_everybody() -> None:
    """What a night counts of the whole network, without comparing it."""
    from reciproque.engines.linkage.encoding import encode
    from reciproque.engines.linkage.incremental import census
    from reciproque.sourcing.pipeline import network

    frame = network.everybody()
    network.keep_census(census(encode({name: frame[name] for name in network.ASKED})), frame["id"].n_unique())


def compiled() -> None:
    """Compile the kernels and the libraries that they load, unless they are: nobody waits for that at an import."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "reciproque.engines.linkage.warming"]
    subprocess.run(command, env=environment | {"PYTHONPATH": str(ROOT / "src")}, check=True)


def main() -> None:
    """Each size in a process of its own, so that its peak of memory is its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--home", type=Path)
    parser.add_argument("--network", type=Path, help="an installation that exists")
    asked = parser.parse_args()
    compiled()
    for rows in asked.rows:
        if child := os.fork():
            if os.waitpid(child, 0)[1]:
                raise SystemExit(1)
            continue
        if asked.network:
            print(json.dumps(compare(rows, asked.network), ensure_ascii=False, indent=1), flush=True)
            os._exit(0)
        home = asked.home or Path(tempfile.mkdtemp(prefix="bench-import-"))
        print(json.dumps(bench(rows, home), ensure_ascii=False, indent=1), flush=True)
        if asked.home is None:
            shutil.rmtree(home, ignore_errors=True)
        os._exit(0)


if __name__ == "__main__":
    main()
