"""Quality, speed and room of the qualification against the register.

python benchmarks/qualify.py closed REGISTER QUERIES.parquet          queries whose company is in the register (siren, siret = truth)
python benchmarks/qualify.py open REGISTER MENTIONS.parquet           cross-validation over SIREN; most companies are absent
python benchmarks/qualify.py train MODEL.npz REGISTER MENTIONS.parquet [REGISTER QUERIES.parquet …]   writes the shipped model
python benchmarks/qualify.py merged OUT REGISTRY.parquet STOCK…       a register out of an extract and of stock files around it
python benchmarks/qualify.py invented OUT DIR [--queries 20000]       a register out of what the generator wrote in DIR, and OUT/queries.parquet:
                                                                      names typed of its companies, their numbers left out
"""

import argparse
import resource
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
from stock import from_invented, from_registry, zipped

from reciproque.engines.linkage.scoring import log_odds
from reciproque.engines.register import learning, model
from reciproque.engines.register.index import Register, opened
from reciproque.engines.register.loading import load
from reciproque.engines.register.qualifying import Qualification, qualify, row_features, scores_of

COLUMNS = ("name", "address", "postcode", "city", "department", "naf")


def asked(path: Path) -> tuple[Mapping[str, pl.Series], pl.DataFrame]:
    """(columns, rows with the truth)."""
    frame = pl.read_parquet(path).rename({"dept": "department"}, strict=False)
    return {name: frame[name] for name in COLUMNS if name in frame.columns}, frame


def numbers(values: pl.Series) -> np.ndarray:
    """Identifiers as numbers, 0 when missing."""
    return values.cast(pl.Int64, strict=False).fill_null(0).to_numpy()


def example(register: Register, path: Path) -> learning.Example:
    """Labelled rows against a register."""
    columns, frame = asked(path)
    return learning.example(columns, numbers(frame["siren"]), numbers(frame["siret"]), register, 2)


def closed(register: Register, path: Path) -> None:
    """Top 1, what each decision is worth, speed."""
    columns, frame = asked(path)
    qualify({name: values.head(2000) for name, values in columns.items()}, register, threads=1)
    before = time.process_time()
    found = qualify(columns, register, threads=1)
    spent = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    one = example(register, path)
    odds = scores_of(one.found, model.load()["company"], 1)
    first = learning.truth(one)[np.arange(len(odds)), odds.argmax(1)]
    print(f"{frame.height} queries, {len(register)} companies, {register.manifest.counts['sites']} sites")
    print(f"candidate recall {learning.truth(one).any(1).mean():.4f}, right company first {first.mean():.4f}")
    siren, siret = held(register, found)
    right, exact = siren == numbers(frame["siren"]), siret == numbers(frame["siret"])
    print(f"told: SIREN right {right.mean():.4f}, SIRET {exact.mean():.4f}")
    told(found, right, exact)
    print(f"{spent:.2f} CPU-s, {frame.height / spent:.0f} queries per CPU-second, peak {peak} MB")


def held(register: Register, found: Qualification) -> tuple[np.ndarray, np.ndarray]:
    """(SIREN, SIRET) found, 0 when none."""
    numbers = register.held["unit_siren"].astype(np.int64)
    siren = np.where(found.company >= 0, numbers[np.maximum(found.company, 0)], 0)
    return siren, np.where(found.site >= 0, siren * 100_000 + register.held["site_nic"][np.maximum(found.site, 0)], 0)


def told(found: Qualification, right: np.ndarray, exact: np.ndarray) -> None:
    """What each decision is worth."""
    for place, name in enumerate(("none", "review", "accepted_siren", "accepted_siret")):
        here = found.decision == place
        sure = exact[here].mean() if place == 3 and here.any() else float("nan")
        print(
            f"  {name}: {here.mean():.3f} of the rows, SIREN right {right[here].mean() if here.any() else float('nan'):.4f}, SIRET {sure:.4f}"
        )


def open_world(register: Register, path: Path) -> None:
    """Each half judged by a model that has not seen its companies."""
    _, frame = asked(path)
    whole = example(register, path)
    part = whole.siren // 100 % 2
    score, best_unit = np.zeros(frame.height), np.zeros(frame.height, np.int64)
    for half in (0, 1):
        forests = learning.train([learning.picked(whole, part != half)], 2)
        mine = learning.picked(whole, part == half)
        odds = scores_of(mine.found, forests["company"], 2)
        best, _, features = row_features(mine.found, odds)
        score[part == half] = log_odds(forests["row"], features, 2)
        best_unit[part == half] = mine.found.units[np.arange(len(best)), best]
    known = register.held["unit_siren"].astype(np.int64)
    present = np.isin(whole.siren, known)
    reached = learning.truth(whole).any(1)
    right = (best_unit >= 0) & (known[np.maximum(best_unit, 0)] == whole.siren)
    print(f"{frame.height} rows, {present.sum()} whose company is in the register ({len(known)} companies)")
    print(f"candidate recall {reached[present].mean():.4f}")
    print(f"top-1 among those present {right[present].mean():.4f}")
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(right[order])
    precision, recall = hits / np.arange(1, len(order) + 1), hits / max(1, present.sum())
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    print(f"best F1 {f1.max():.3f} (precision {precision[f1.argmax()]:.3f}, recall {recall[f1.argmax()]:.3f})")
    for wanted in (0.99, 0.98, 0.95, 0.9, 0.8):
        enough = np.flatnonzero(precision >= wanted)
        print(f"  precision {wanted}: recall {recall[enough[-1]] if len(enough) else 0:.3f}")


def merged(out: Path, registry: Path, stocks: list[Path]) -> None:
    """A register whose companies are those of an extract, among those of stock files."""
    made(out, from_registry(pl.read_parquet(registry)), stocks)


def invented(out: Path, folder: Path, queries: int) -> None:
    """A register of invented companies, and names that people typed of them."""
    made(out, from_invented(pl.read_parquet(folder / "register.parquet")), [])
    columns = {
        "name": "name",
        "address": "address",
        "postcode": "postcode",
        "city": "city",
        "siren": "entity_id",
        "siret": "site_id",
    }
    typed = pl.read_parquet(folder / "records.parquet").filter(pl.col("name") != "").sample(queries, seed=3)
    typed.select(**columns).write_parquet(out / "queries.parquet")


def made(out: Path, companies: tuple[pl.DataFrame, pl.DataFrame], stocks: list[Path]) -> None:
    """The index of these (units, sites) and of stock files."""
    work = out / "extract"
    work.mkdir(parents=True, exist_ok=True)
    units, sites = companies
    files = [
        zipped(units, work / "StockUniteLegale_extract.zip"),
        zipped(sites, work / "StockEtablissement_extract.zip"),
    ]
    print(load([*stocks, *files], out, loaded_at="2026-01-01T00:00:00", tell=print).counts)
    shutil.rmtree(work)


def main() -> None:
    """Measure or learn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["closed", "open", "train", "merged", "invented"])
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--queries", type=int, default=20_000)
    options = parser.parse_args()
    if options.what == "invented":
        invented(*options.paths, options.queries)
        return
    if options.what == "merged":
        merged(options.paths[0], options.paths[1], options.paths[2:])
        return
    if options.what == "train":
        pairs = zip(options.paths[1::2], options.paths[2::2], strict=True)
        model.save(options.paths[0], learning.train([example(opened(folder), path) for folder, path in pairs], 2))
        return
    register = opened(options.paths[0])
    (closed if options.what == "closed" else open_world)(register, options.paths[1])


if __name__ == "__main__":
    main()
