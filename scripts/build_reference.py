"""Build the reference data shipped in the package out of the open files they come from.

    python scripts/build_reference.py FOLDER

FOLDER holds `nomenclatures/` and `geo/` (origins and licences: src/reciproque/directory/reference/ORIGIN.md). The result is
the same byte for byte each time.
"""

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pyarrow import parquet

TARGET = Path(__file__).resolve().parent.parent / "src" / "reciproque" / "directory" / "reference"


def write(name: str, rows: Iterable[Sequence[Any]]) -> None:
    """Tab-separated lines, compressed, without a date so that nothing changes when nothing changed."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL).writerows(rows)
    with (
        (TARGET / name).open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, compresslevel=9, filename="") as file,
    ):
        file.write(text.getvalue().encode())
    print(name, (TARGET / name).stat().st_size)


def table(path: Path) -> list[dict[str, str]]:
    """The lines of a CSV file as dictionaries."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Read the folder given on the command line and write every file."""
    source = Path(sys.argv[1])
    lists, places = source / "nomenclatures", source / "geo"
    tree = table(lists / "naf_rev2_arbre.csv")
    labels = {row["code"]: row["libelle"] for row in table(lists / "naf_rev2_sous_classes.csv")}
    write(
        "naf.tsv.gz",
        [
            (
                row["id_5"],
                labels.get(row["id_5"], row["label_5"]),
                row["id_1"],
                row["label_1"],
                row["id_2"],
                row["label_2"],
            )
            for row in tree
        ],
    )
    write("naf2025.tsv.gz", [(row["code"], row["libelle"]) for row in table(lists / "naf2025_sous_classes.csv")])
    write("legal.tsv.gz", [(r["code"], r["libelle"], r["niveau"]) for r in table(lists / "categories_juridiques.csv")])
    write("headcount.tsv.gz", [(row["code"], row["libelle"]) for row in table(lists / "tranches_effectif.csv")])
    write("streets.tsv.gz", [tuple(row.values()) for row in table(lists / "types_voie.csv")])
    write(
        "departments.tsv.gz",
        [(r["code"], r["nom"], r["code_region"], r["academie"]) for r in table(places / "departements.csv")],
    )
    write("regions.tsv.gz", [(r["code"], r["nom"]) for r in table(places / "regions.csv")])
    rows = parquet.read_table(places / "communes.parquet").to_pylist()
    write(
        "communes.tsv.gz",
        [
            (
                row["code"], row["nom"], {"commune-actuelle": "", "arrondissement-municipal": "A"}.get(row["type"], "D"),
                row["commune_chef_lieu"] or "", row["departement"] or "", row["codes_postaux"] or "",
                f"{row['lat']:.4f}" if row["lat"] else "", f"{row['lon']:.4f}" if row["lon"] else "", row["population"] or 0,
            )
            for row in sorted(rows, key=lambda row: (row["code"], row["type"]))
        ],
    )  # fmt: skip
    outlines = json.loads((places / "departements-version-simplifiee.geojson").read_text())
    write(
        "outlines.tsv.gz",
        [
            (f["properties"]["code"], json.dumps(rings(f["geometry"]), separators=(",", ":")))
            for f in outlines["features"]
        ],
    )


def rings(geometry: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """The outlines of a département, simplified on a grid so that neighbours keep the same border."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    found = []
    for polygon in polygons:
        ring: list[tuple[float, float]] = []
        for longitude, latitude in polygon[0]:
            point = (round(longitude / 0.03) * 0.03, round(latitude / 0.02) * 0.02)
            point = (round(point[0], 2), round(point[1], 2))
            if not ring or ring[-1] != point:
                ring.append(point)
        if len(ring) > 4:
            found.append(straighten(ring))
    return found


def straighten(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Drop the points in the middle of a straight line."""
    kept = [ring[0]]
    for before, point, after in zip(ring, ring[1:], ring[2:], strict=False):
        area = (point[0] - before[0]) * (after[1] - before[1]) - (point[1] - before[1]) * (after[0] - before[0])
        if abs(area) > 1e-9:
            kept.append(point)
    return [*kept, ring[-1]]


if __name__ == "__main__":
    main()
