"""Is everything well? The same answer for people (`reciproque check`), monitors (`/readyz`) and figures (`/metrics`)."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from reciproque.foundation import jobs

LEAST_SHARE, LEAST_BYTES = 0.10, 10**9
LONGEST_WAIT = 600.0
BACKUP_EVERY = 48 * 3600
OUTSIDE: list[Callable[[], list[str]]] = []
"""What modules know to be wrong with the services that they call, a sentence each. They call nothing for it."""


def report() -> dict[str, Any]:
    """`{"ok": bool, "parts": {name: {"ok": bool, "says": sentence, …}}}`. Never raises."""
    parts = {
        "database": _database(),
        "disk": disk(),
        "settings": _settings(),
        "backup": _backup(),
        "mode": _mode(),
        "outside": _outside(),
    }
    if parts["database"]["ok"]:
        parts["migrations"] = _migrations()
        if jobs.ready():
            parts |= {"jobs": _jobs(), "worker": _worker()}
    needed = ("database", "migrations", "jobs", "disk", "settings", "mode")
    return {"ok": all(parts.get(name, {"ok": False})["ok"] for name in needed), "parts": parts}


def brief() -> dict[str, dict[str, Any]]:
    """The parts that an administrator can mend, without the costly ones: `{name: {"ok": bool, "says": sentence}}`. Three queries."""
    return {
        "backup": _backup(),
        "worker": _worker(),
        "jobs": _jobs(),
        "disk": disk(),
        "settings": _settings(),
        "outside": _outside(),
    }


def disk() -> dict[str, Any]:
    """Free space where the data are: under 10 % or 1 GB the application only reads."""
    usage = shutil.disk_usage(settings.HOME if settings.HOME.exists() else settings.HOME.parent)
    enough = usage.free >= LEAST_BYTES and usage.free >= LEAST_SHARE * usage.total
    says = (
        _("%(size)s Go libres")
        if enough
        else _("%(size)s Go libres : faites de la place, l’application ne fait plus que lire")
    )
    says %= {"size": number_format(usage.free / 10**9, 1)}
    return {"ok": enough, "says": says, "free_bytes": usage.free}


def chosen_mode() -> str:
    """The word in `state/mode`: normal, read-only or maintenance."""
    try:
        return (settings.HOME / "state" / "mode").read_text("utf-8").strip() or "normal"
    except FileNotFoundError:
        return "normal"


def _mode() -> dict[str, Any]:
    says = {"normal": _("mode normal"), "read-only": _("lecture seule : reciproque mode normal pour en sortir")}
    chosen = chosen_mode()
    return {
        "ok": chosen in says,
        "says": says.get(chosen, _("en maintenance : reciproque mode normal pour en sortir")),
        "mode": chosen,
    }


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version')")
            version = cursor.fetchone()[0]
    except DatabaseError:
        return {"ok": False, "says": _("la base ne répond pas : vérifiez DATABASE_URL, ou relancez l’application")}
    return {"ok": True, "says": f"PostgreSQL {version}"}


def _migrations() -> dict[str, Any]:
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 -- heavy

    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return {
        "ok": not pending,
        "says": _("base à jour")
        if not pending
        else _("%(n)s migration(s) à passer : reciproque migrate") % {"n": pending},
    }


def _jobs() -> dict[str, Any]:
    account = jobs.account()
    oldest = account["oldest_waiting_seconds"]
    failed = account["states"].get("failed", 0)
    said = {"seconds": round(oldest), "failed": failed}
    says = _("plus vieille tâche en attente : %(seconds)s s ; %(failed)s en échec") % said
    if oldest > LONGEST_WAIT:
        says += _(" ; le travailleur tourne-t-il ?")
    return {"ok": oldest <= LONGEST_WAIT, "says": says, "oldest_waiting_seconds": oldest, "failed": failed}


def _worker() -> dict[str, Any]:
    """Told, not required of the site: what waits is kept, and done when a worker comes back."""
    age = jobs.last_sign()
    alive = age is not None and age <= jobs.stalled_after()
    says = (
        _("le travailleur est là")
        if alive
        else _("aucun travailleur : les tâches attendent ; lancez reciproque serve ou worker")
    )
    return {"ok": alive, "says": says, "last_sign_seconds": None if age is None else round(age)}


def _settings() -> dict[str, Any]:
    faults = []
    if len(settings.SECRET_KEY) < 40:
        faults.append(_("SECRET_KEY est trop courte"))
    if settings.DEBUG:
        faults.append(_("DEBUG est actif"))
    if not Path(settings.MEDIA_ROOT).exists():
        faults.append(_("le dossier des fichiers manque"))
    return {"ok": not faults, "says": " ; ".join(faults) or _("réglages sûrs")}


def _outside() -> dict[str, Any]:
    """Told, not required: everything works without them."""
    faults = [fault for known in OUTSIDE for fault in known()]
    return {"ok": not faults, "says": " ; ".join(faults) or _("rien de signalé")}


def _backup() -> dict[str, Any]:
    stamp = settings.HOME / "state" / "backup"
    if not stamp.exists():
        return {"ok": False, "says": _("aucune sauvegarde : reciproque backup FICHIER"), "age_seconds": None}
    age = time.time() - stamp.stat().st_mtime
    return {
        "ok": age < BACKUP_EVERY,
        "says": _("dernière sauvegarde il y a %(hours)s h") % {"hours": round(age / 3600)},
        "age_seconds": round(age),
    }
