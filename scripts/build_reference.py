"""Build the reference data shipped in the package out of the open files they come from.

    python scripts/build_reference.py [FOLDER]

FOLDER (by default the environment variable SHARED_DATA) holds `nomenclatures/`, `geo/` and `rome/`; origins and licences are in
src/reciproque/directory/reference/ORIGIN.md. The result is the same byte for byte each time.
"""

import csv
import gzip
import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts")]

from outline_arcs import simplified  # noqa: E402

from reciproque.directory.reference.outlines import project  # noqa: E402
from reciproque.directory.reference.places import place_key  # noqa: E402

TARGET = ROOT / "src" / "reciproque" / "directory" / "reference"
TOLERANCE = 0.45  # of outlines, in units of the map
KINDS = {"commune-actuelle": "", "arrondissement-municipal": "A"}


def write(target: Path, name: str, rows: Iterable[Sequence[Any]]) -> None:
    """Tab-separated lines, compressed, without a date so that nothing changes when nothing changed."""
    lines = []
    for row in rows:
        cells = [str(cell) for cell in row]
        if any(mark in cell for cell in cells for mark in "\t\r\n"):
            raise ValueError(f"{name}: a cell holds a tab or a line end: {cells}")
        lines.append("\t".join(cells) + "\n")
    with (target / name).open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as file:
        file.write("".join(lines).encode())
    print(name, (target / name).stat().st_size)


def table(path: Path) -> list[dict[str, str]]:
    """The lines of a CSV file as dictionaries."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def typographic(text: str) -> str:
    """With the apostrophe of print, and without the commas that the lists leave before a word (« et ,d’aliments »)."""
    return " ".join(re.sub(r"\s,(?=\w)", " ", text.replace("'", "’")).split())


def build(source: Path, target: Path) -> None:
    """Write every file of the reference into the folder `target`."""
    lists, places = source / "nomenclatures", source / "geo"
    write(target, "naf.tsv.gz", naf(lists))
    write(target, "naf2025.tsv.gz", [(r["code"], r["libelle"]) for r in table(lists / "naf2025_sous_classes.csv")])
    legal = table(lists / "categories_juridiques.csv")
    write(target, "legal.tsv.gz", [(r["code"], typographic(r["libelle"]), r["niveau"]) for r in legal])
    bands = table(lists / "tranches_effectif.csv")
    write(target, "headcount.tsv.gz", [(r["code"], typographic(r["libelle"])) for r in bands])
    write(target, "streets.tsv.gz", [tuple(row.values()) for row in table(lists / "types_voie.csv")])
    departments = table(places / "departements.csv")
    write(
        target,
        "departments.tsv.gz",
        [(r["code"], typographic(r["nom"]), r["code_region"], r["academie"]) for r in departments],
    )
    regions = table(places / "regions.csv")
    write(target, "regions.tsv.gz", [(r["code"], typographic(r["nom"])) for r in regions])
    write(target, "communes.tsv.gz", communes(places))
    write(target, "outlines.tsv.gz", outlines(places))
    write(target, "rome.tsv.gz", occupations(source / "rome"))


def naf(lists: Path) -> list[tuple[str, str, str]]:
    """Every level of NAF rev. 2, parents first: code, label, code above."""
    labels = {row["code"]: row["libelle"] for row in table(lists / "naf_rev2_sous_classes.csv")}
    found: dict[str, tuple[str, str, str]] = {}
    for row in table(lists / "naf_rev2_arbre.csv"):
        above = ""
        for level in range(1, 6):
            code = row[f"id_{level}"]
            found.setdefault(code, (code, typographic(labels.get(code, row[f"label_{level}"])), above))
            above = code
    return list(found.values())


def occupations(folder: Path) -> list[tuple[str, str, str]]:
    """The occupations of the ROME: code, label, the names by which people call them, between bars."""
    names: dict[str, list[str]] = {}
    for row in parquet.read_table(folder / "appellations_v347.parquet").to_pylist():
        names.setdefault(row["code_rome"], []).append(typographic(row["libelle_appellation_court"]))
    rows = sorted(
        parquet.read_table(folder / "metiers_v347.parquet").to_pylist(), key=lambda row: str(row["code_rome"])
    )
    return [
        (r["code_rome"], typographic(r["libelle_rome"]), "|".join(sorted(names.get(r["code_rome"], [])))) for r in rows
    ]


def communes(places: Path) -> list[tuple[Any, ...]]:
    """In the order of the codes; one that belongs to another takes its place and postcodes when it has none."""
    rows = parquet.read_table(places / "communes.parquet").to_pylist()
    chiefs = {row["code"]: row for row in rows if row["type"] == "commune-actuelle"}
    for chief in chiefs.values():
        centre(chief, rows)
    written = []
    for row in sorted(rows, key=lambda row: (row["code"], row["type"])):
        chief = chiefs.get(row["commune_chef_lieu"] or "", row)
        at = row if row["lat"] is not None else chief
        place = [f"{at[axis]:.4f}" if at["lat"] is not None else "" for axis in ("lat", "lon")]
        kind, postcodes = KINDS.get(row["type"], "D"), row["codes_postaux"] or chief["codes_postaux"] or ""
        about = (row["code"], row["nom"], place_key(row["nom"]), kind, row["commune_chef_lieu"] or "")
        written.append((*about, row["departement"], postcodes, *place, row["population"] or 0))
    return written


def centre(chief: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Paris, Lyon and Marseille have no place of their own: the middle of their arrondissements' inhabitants."""
    if chief["lat"] is not None or chief["code"] not in {"13055", "69123", "75056"}:
        return
    parts = [r for r in rows if r["commune_chef_lieu"] == chief["code"] and r["lat"] is not None]
    weight = sum(part["population"] for part in parts)
    for axis in ("lat", "lon"):
        chief[axis] = sum(part[axis] * part["population"] for part in parts) / weight


def outlines(places: Path) -> list[tuple[str, str]]:
    """The outlines of the 101 départements as SVG paths."""
    with pa.input_stream(str(places / "departements-avec-outre-mer.geojson.zst"), compression="zstd") as file:
        features = json.load(file)["features"]
    rings: dict[str, list[list[tuple[float, float]]]] = {}
    for feature in sorted(features, key=lambda feature: str(feature["properties"]["code"])):
        geometry = feature["geometry"]
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        code = feature["properties"]["code"]
        rings[code] = [[(x, y) for x, y in ring] for polygon in polygons for ring in polygon]

    def on_map(code: str, point: tuple[float, float]) -> tuple[float, float]:
        found = project(point[1], point[0], code)
        if found is None:
            raise ValueError(f"département {code} has no place on the map")
        return found

    return list(simplified(rings, on_map, TOLERANCE).items())


def main() -> None:
    """Read the folder given on the command line, or SHARED_DATA, and write every file."""
    folder = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SHARED_DATA", "")
    if not folder:
        raise SystemExit(__doc__)
    build(Path(folder), TARGET)


if __name__ == "__main__":
    main()
