"""Commands that only look: check, jobs, urls."""

import argparse
import json
from typing import Any

from reciproque.cli import place

NAMES = {
    "database": "base", "disk": "disque", "settings": "réglages", "backup": "sauvegarde", "mode": "mode", "migrations": "migrations",
    "jobs": "tâches", "worker": "travailleur", "outside": "services extérieurs",
}  # fmt: skip
STATES = {
    "todo": "en attente", "doing": "en cours", "succeeded": "faites", "failed": "en échec", "cancelled": "annulées", "aborting": "en arrêt",
    "aborted": "arrêtées",
}  # fmt: skip


def check(options: argparse.Namespace) -> int:
    """Database, migrations, jobs, files, settings: what is well, what is not, and what to do."""
    place.ready(reached=False)
    from reciproque.foundation import health

    found = health.report()
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for name, part in found["parts"].items():
            print(f"{'✓' if part['ok'] else '✗'} {NAMES.get(name, name)} : {part['says']}")
    return 0 if found["ok"] else 1


def jobs(options: argparse.Namespace) -> int:
    """How many jobs wait, run, are done, have failed; and the last failures."""
    place.ready()
    from reciproque.foundation import jobs as queue

    found = queue.account()
    if options.json:
        print(json.dumps(found, ensure_ascii=False, default=str))
        return 0
    for state, number in found["states"].items():
        print(f"{STATES.get(state, state):12} {number}")
    for failed in found["failed"]:
        print(f"en échec : {failed['task']} {failed['args']}")
    return 0


def urls(options: argparse.Namespace) -> int:
    """Every address with its methods, who may open it, whether it changes data, whether it shows personal data."""
    place.ready(start=False)
    from config import access

    routes: list[dict[str, Any]] = access.routes()
    if options.json:
        print(json.dumps(routes, ensure_ascii=False))
        return 0
    for route in routes:
        print(f"{','.join(route['methods']):10} {route['pattern']:60} {', '.join(route['roles'])}")
    return 0


def mode(options: argparse.Namespace) -> int:
    """What the application accepts: everything, reading only, nothing. Works without the database."""
    place.ready(start=False)
    from reciproque.foundation import availability

    availability.choose(options.mode)
    return 0
