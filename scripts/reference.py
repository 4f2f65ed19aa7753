"""Write docs/reference/settings.md and docs/reference/command.md out of the code they describe; `--check` only compares.

python scripts/reference.py [--check]
"""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
NOTE = "<!-- Written by scripts/reference.py: change the code, then `make reference`. -->"


def settings_page() -> str:
    """Every environment variable of config/env.py."""
    os.environ.setdefault("SECRET_KEY", "reference")
    from config import env, settings  # noqa: PLC0415 -- importing the settings declares them

    lines = [
        "# Réglages",
        NOTE,
        "",
        "Tous se donnent par l’environnement ; un réglage vide vaut sa valeur par défaut.",
        "",
        "| variable | par défaut | rôle |",
        "| --- | --- | --- |",
    ]
    for name, about in sorted(env.SETTINGS.items()):
        default = about.default.replace(str(settings.HOME), "RECIPROQUE_HOME")
        shown = f"`{default}`" if default and not about.secret else "—"
        lines.append(f"| `{name}`{' (secret)' if about.secret else ''} | {shown} | {about.help} |")
    return "\n".join(lines) + "\n"


def command_page() -> str:
    """Every command with its options, as `--help` tells them."""
    os.environ["COLUMNS"] = "100"
    from reciproque.cli.parser import CODES, build  # noqa: PLC0415

    parser = build()
    lines = ["# La commande `reciproque`", NOTE, "", CODES, ""]
    actions = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]  # noqa: SLF001
    for name, command in actions[0].choices.items():
        command.epilog = None
        text = command.format_help().rstrip()
        lines += [f"## {name}", "", "```", text, "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write, or compare."""
    pages = {"settings.md": settings_page(), "command.md": command_page()}
    folder = ROOT / "docs" / "reference"
    if "--check" in sys.argv:
        stale = [name for name, text in pages.items() if (folder / name).read_text("utf-8") != text]
        print("\n".join(f"docs/reference/{name} is stale: make reference" for name in stale))
        return 1 if stale else 0
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
