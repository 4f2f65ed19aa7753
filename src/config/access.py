"""Who may open which address: the tables beside each module, checked against the addresses that exist."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ROLES = ("no_unit", "reader", "member", "manager", "data_steward", "steering", "dpo", "administrator")
EVERYBODY = ("anonymous", *ROLES)


def tables() -> dict[str, dict[str, Any]]:
    """Route name → what its table says. Raises ValueError when two modules claim one route."""
    import reciproque  # noqa: PLC0415

    found: dict[str, dict[str, Any]] = {}
    package = Path(reciproque.__file__).parent
    for path in [Path(__file__).parent / "access.toml", *sorted(package.rglob("access.toml"))]:
        for name, about in tomllib.loads(path.read_text("utf-8")).get("routes", {}).items():
            if name in found:
                raise ValueError(f"{name} stands in two access.toml files")
            found[name] = about
    return found


def patterns() -> dict[str, str]:
    """Route name → its pattern, for every address of the application."""
    return dict(_walk(get_resolver().url_patterns, "", ""))


def _walk(entries: Any, prefix: str, namespace: str) -> Iterator[tuple[str, str]]:
    for entry in entries:
        pattern = prefix + str(entry.pattern).lstrip("^")
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or pattern}", pattern


def routes() -> list[dict[str, Any]]:
    """Every address with its methods, the roles that may open it, whether it changes data or shows personal data."""
    known = tables()
    return [
        {
            "name": name,
            "pattern": f"/{pattern}",
            "methods": known.get(name, {}).get("methods", []),
            "roles": list(EVERYBODY) if known.get(name, {}).get("public") else known.get(name, {}).get("allowed", []),
            "changes": bool(known.get(name, {}).get("changes")),
            "personal": bool(known.get(name, {}).get("personal")),
            "public": bool(known.get(name, {}).get("public")),
        }
        for name, pattern in patterns().items()
    ]
