# ruff: noqa: INP001 -- a script, not a package
"""Copy the browser files we ship out of node_modules into the application. For maintainers.

    cd frontend && npm ci && python vendor.py

The copies are committed, with their SHA-256 in `vendor.lock`, so that nobody else needs Node.js. Tabler's
style sheet is put in a cascade layer: whatever our own style sheet says then wins without a fight.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
VENDOR = HERE.parent / "src/reciproque/foundation/ui/static/ui/vendor"
SOURCE_MAP = re.compile(r"\s*(/\*[#@] sourceMappingURL=.*?\*/|//[#@] sourceMappingURL=\S*)\s*$")
SVG = "http://www.w3.org/2000/svg"

FONT = MODULES / "@fontsource-variable/hanken-grotesk"
COPIED = {
    "hanken-grotesk-latin.woff2": FONT / "files/hanken-grotesk-latin-wght-normal.woff2",
    "hanken-grotesk-latin-ext.woff2": FONT / "files/hanken-grotesk-latin-ext-wght-normal.woff2",
    "htmx.min.js": MODULES / "htmx.org/dist/htmx.min.js",
    "licences/hanken-grotesk.txt": FONT / "LICENSE",
    "licences/tabler-icons.txt": MODULES / "@tabler/icons/LICENSE",
    "licences/htmx.txt": MODULES / "htmx.org/LICENSE",
}
PACKAGES = {
    "@tabler/core": ("tabler.css", "MIT", "mise en page, formulaires, utilitaires (feuille de style seule)"),
    "@tabler/icons": ("icons.svg", "MIT", "dessins des icônes, réunis en une planche"),
    "htmx.org": ("htmx.min.js", "0BSD", "fragments de page"),
    "@fontsource-variable/hanken-grotesk": ("hanken-grotesk-*.woff2", "OFL-1.1", "caractère Hanken Grotesk"),
}
MIT_OF_TABLER = "licences/tabler.txt"


def without_source_map(path: Path) -> bytes:
    """The file, less the trailing comment that points to a source map we do not ship."""
    if path.suffix not in {".js", ".css"}:
        return path.read_bytes()
    return (SOURCE_MAP.sub("", path.read_text("utf-8")) + "\n").encode()


def layered(css: str) -> str:
    """Tabler's rules inside the cascade layer « tabler »."""
    css = SOURCE_MAP.sub("", css).replace('@charset "UTF-8";', "", 1)
    comment, _, rules = css.partition("*/")
    return f"{comment}*/\n@layer tabler{{{rules.strip()}}}\n"


def icon_names() -> list[str]:
    """The icons in use, as listed in icons.txt."""
    lines = (HERE / "icons.txt").read_text("utf-8").splitlines()
    return sorted({name for line in lines if not line.startswith("#") for name in line.split()})


def sprite(names: list[str]) -> str:
    """One SVG whose symbols are the icons: `<use href="icons.svg#phone">`."""
    ET.register_namespace("", SVG)
    root = ET.Element(f"{{{SVG}}}svg")
    for name in names:
        base, _, style = name.partition(":")
        drawing = ET.parse(MODULES / f"@tabler/icons/icons/{style or 'outline'}/{base}.svg").getroot()  # noqa: S314
        paint = {"fill": "currentColor"} if style else {
            "fill": "none", "stroke": "currentColor", "stroke-width": "1.75",
            "stroke-linecap": "round", "stroke-linejoin": "round",
        }  # fmt: skip
        symbol = ET.SubElement(
            root, f"{{{SVG}}}symbol", {"id": name.replace(":", "-"), "viewBox": "0 0 24 24", **paint}
        )
        symbol.extend(child for child in drawing if child.get("stroke") != "none" or style)
    for element in root.iter():
        element.text = element.tail = None
    return ET.tostring(root, encoding="unicode") + "\n"


def third_party() -> str:
    """What we ship that others wrote, for THIRD_PARTY.md."""
    rows = [
        "# Fichiers de tiers",
        "",
        "| paquet | version | fichier | licence | usage |",
        "| --- | --- | --- | --- | --- |",
    ]
    for package, (file, licence, use) in PACKAGES.items():
        version = json.loads((MODULES / package / "package.json").read_text("utf-8"))["version"]
        rows.append(f"| {package} | {version} | {file} | {licence} | {use} |")
    return "\n".join([*rows, "", "Les textes des licences sont dans `licences/`.", ""])


def main() -> None:
    """Rewrite the whole vendor folder and its lock."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "licences").mkdir(parents=True)
    for target, source in COPIED.items():
        (VENDOR / target).write_bytes(without_source_map(source))
    tabler = (MODULES / "@tabler/core/dist/css/tabler.min.css").read_text("utf-8")
    (VENDOR / "tabler.css").write_text(layered(tabler), "utf-8")
    icons_licence = (MODULES / "@tabler/icons/LICENSE").read_text("utf-8")
    (VENDOR / MIT_OF_TABLER).write_text(
        icons_licence.replace("2020-2026 Paweł Kuna", "2018-2026 The Tabler Authors"), "utf-8"
    )
    names = icon_names()
    (VENDOR / "icons.svg").write_text(sprite(names), "utf-8")
    (VENDOR / "icons.txt").write_text("\n".join(name.replace(":", "-") for name in names) + "\n", "utf-8")
    (VENDOR / "THIRD_PARTY.md").write_text(third_party(), "utf-8")
    files = sorted(path for path in VENDOR.rglob("*") if path.is_file())
    lock = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(VENDOR).as_posix()}" for path in files]
    (VENDOR / "vendor.lock").write_text("\n".join(lock) + "\n", "utf-8")


if __name__ == "__main__":
    main()
