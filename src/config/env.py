"""The settings an installation may choose, read from the environment: one table, one place.

Each `Setting` carries its meaning, so that `docs/reference/settings.md` is made from this file and cannot lie.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SETTINGS: dict[str, "Setting"] = {}


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, its default as text, and what it is for."""

    name: str
    default: str
    help: str
    secret: bool = False


def declare(name: str, default: str, text: str, *, secret: bool = False) -> str:
    """Register a setting and return its present value as text (the default when it is unset or empty)."""
    SETTINGS[name] = Setting(name, default, text, secret)
    return os.environ.get(name) or default


def flag(name: str, default: str, text: str) -> bool:
    """A yes/no setting: 1, true, yes, oui, on mean yes."""
    return declare(name, default, text).strip().lower() in {"1", "true", "yes", "oui", "on"}


def number(name: str, default: str, text: str) -> int:
    """A whole number."""
    return int(declare(name, default, text))


def words(name: str, default: str, text: str) -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in declare(name, default, text).split(",") if word.strip()]


def database(url: str) -> dict[str, object]:
    """Turn `postgresql://user:password@host:port/name?sslmode=require` into Django's dictionary.

    A socket folder is given as `postgresql://user@/name?host=/folder`.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL doit commencer par postgresql://")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    host = unquote(query.pop("host", "")) or (parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "reciproque",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": {key: unquote(value) for key, value in query.items()},
    }


def secret_from(folder: Path, name: str) -> str:
    """A secret of this installation, read from a file that the service alone may read; empty when there is none."""
    path = folder / "secrets" / name
    return path.read_text().strip() if path.is_file() else ""


def embedded_database(home: Path) -> str:
    """The address of the embedded server, whose socket folder depends on the data folder alone."""
    from reciproque.foundation.database.embedded import Server  # noqa: PLC0415 -- only when there is no DATABASE_URL

    return Server(home / "postgres").url()


def declare_command() -> None:
    """What the `reciproque` command reads by itself, before any setting is."""
    declare("HOST", "127.0.0.1", "Adresse d’écoute du site.")
    declare("PORT", "8000", "Port d’écoute du site.")
    declare("WEB_WORKERS", "1", "Processus du site.")
    declare(
        "WEB_THREADS",
        "5",
        "Fils d’exécution par processus du site : un processus n’occupe qu’un cœur, davantage de fils n’ajoutent guère que des connexions.",
    )
    declare("ESTABLISHMENT_NAME", "Établissement", "Nom de l’établissement, à la première installation.")
    declare("ADMIN_EMAIL", "admin@localhost.localdomain", "Adresse du premier compte.")
    declare("ADMIN_PASSWORD", "", "Mot de passe du premier compte ; vide : tiré au sort et affiché.", secret=True)
    declare("BACKUP_PASSPHRASE", "", "Phrase secrète des sauvegardes ; vide : `secrets/backup_key`.", secret=True)
