"""Quality and speed of record linkage.

python benchmarks/linkage.py real ENTITIES [--tfidf]     cross-validation over SIREN of labelled names (a folder with mentions_dev.parquet,
                                                          registry_dev.parquet, pairs_dev.parquet)
python benchmarks/linkage.py small ENTITIES              files of 40 and of 200 organisations drawn from them
python benchmarks/linkage.py generate RESEARCH DIR --rows N [--seed N]    a seeded file with its truth, by the generator of RESEARCH
python benchmarks/linkage.py synthetic DIR [--threads N] [--register REGISTER] [--peers RESEARCH --python PYTHON]   both levels; beside a register
                                                          (see qualify.py); peers in the same run, under an interpreter that has them
python benchmarks/linkage.py labelled DIR OUT            that file, or the mentions of ENTITIES without names of groups, for `train-linkage`
"""

import argparse
import csv
import gzip
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
from reciproque.engines.linkage import learning_words, training
from reciproque.engines.linkage.clustering import groups
from reciproque.engines.linkage.linking import ABSENT, LEAST, NEGLIGIBLE, link, link_levels
from reciproque.engines.linkage.measuring import Quality, quality
from reciproque.engines.register.hub import completed
from reciproque.engines.register.index import opened

ROOT = Path(__file__).resolve().parent.parent
COMMUNES = ROOT / "src/reciproque/directory/reference/communes.tsv.gz"
COMPANIES = ["titulaire", "egapro_raison_sociale", "siae_name", "siae_brand", "siae_typed", "geiq_typed"]
PARTS = {
    "companies": COMPANIES,
    "associations": ["beneficiaire"],
    "certifiers": ["certificateur", "uai_name", "onisep_name"],
}
COLUMNS = ("name", "address", "postcode", "city", "department")
TYPED = ("name", "address", "postcode", "city", "siret", "phone", "email")


def cpu() -> float:
    """CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def told(name: str, found: Quality) -> str:
    """A line of figures."""
    return f"{name:>14}  P {found.precision:.4f}  R {found.recall:.4f}  F1 {found.f1:.4f}  B3 {found.b3:.4f}"


def labelled(path: Path) -> tuple[pl.DataFrame, training.Labelled]:
    """A file of labelled names."""
    frame = pl.read_parquet(path).rename({"dept": "department"})
    cells = {name: frame[name].fill_null("").to_numpy() for name in COLUMNS}
    return frame, training.Labelled(cells, frame["siren"].to_numpy(), frame["siret"].fill_null("").to_numpy())


def real(folder: Path, *, tfidf: bool) -> None:
    """Judge every pair by models that have learnt nothing of its two organisations, and group the whole file by that."""
    frame, mentions = labelled(folder / "mentions_dev.parquet")
    register = labelled(folder / "registry_dev.parquet")[1]
    names = np.concatenate((mentions.columns["name"], register.columns["name"]))
    places = learning_words.places_of(COMMUNES)
    counts = learning_words.Counts(names, np.concatenate((mentions.siren, register.siren)), places)
    files = [mentions, training.with_register(mentions, register)]
    samples = [
        training.Sample(file.columns, file.siren, file.siret, 1, counts=counts, official=file.official)
        for file in files
    ]
    first, siren = samples[0], mentions.siren
    unlike = np.zeros(len(first.nodes), bool)
    unlike[first.nodes.row_node[(frame["role"] == "group_name").to_numpy()]] = True
    first.partner[unlike[first.left] | unlike[first.right]] = -1  # the name of a group is judged, and teaches nothing
    odds = training.judged_apart(samples, [file.weight for file in files], "partner")
    whole = grouped(first, odds)
    chosen = {"all": np.ones(len(siren), bool)}
    chosen |= {name: frame["role"].is_in(roles).to_numpy() for name, roles in PARTS.items()}
    chosen["no group name"] = (frame["role"] != "group_name").to_numpy()
    for name, rows in chosen.items():
        print(told(name, quality(whole[rows], siren[rows])))
    print(
        "automatic zone: its threshold is chosen on one half of the organisations, without names of groups, and measured on the other"
    )
    half = np.array([int(value[-4:]) // 10 % 2 for value in siren])
    zones = {float(t): training.automatic_groups(first, odds, float(t), "partner") for t in training.THRESHOLDS}
    for wanted in (0.995, 0.99, 0.98, 0.95):
        sure = np.full(len(siren), -1, np.int64)
        for part in (0, 1):
            other = (half != part) & chosen["no group name"]
            enough = [t for t, zone in zones.items() if quality(zone[other], siren[other]).precision >= wanted]
            zone = zones[min(enough, default=max(zones))]
            sure = np.where(half == part, zone * 2 + part, sure)
        for name, rows in chosen.items():
            scores = [quality(sure[rows & (half == part)], siren[rows & (half == part)]) for part in (0, 1)]
            print(
                f"  {wanted}  {name:>14}  P {np.mean([q.precision for q in scores]):.4f}  R {np.mean([q.recall for q in scores]):.4f}"
            )
        print(f"  {wanted}  near-homonyms merged alone {homonyms(folder, frame, sure):.4f}")
    if tfidf:
        compared(frame, chosen)


def small(folder: Path) -> None:
    """Files of some organisations drawn from the labelled ones, as a service keeps them; the shipped model has learnt them."""
    frame, chance = pl.read_parquet(folder / "mentions_dev.parquet"), np.random.default_rng(1)
    sirens = frame["siren"].unique().sort().to_numpy()
    for size in (40, 200):
        groups_found, truth = [], []
        for number in range(15):
            file = frame.filter(pl.col("siren").is_in(chance.choice(sirens, size, replace=False).tolist()))
            columns = {name: file["dept" if name == "department" else name].fill_null("") for name in COLUMNS}
            groups_found += [f"{number} {group}" for group in link(columns).group.tolist()]
            truth += [f"{number} {siren}" for siren in file["siren"]]
        print(told(f"{size} organisations", quality(groups_found, truth)))


def grouped(sample: training.Sample, odds: np.ndarray) -> np.ndarray:
    """The group of each row, as `link` makes them."""
    nodes, met = sample.nodes, sample.met
    kept = np.flatnonzero(odds[:met] > NEGLIGIBLE)
    _, whole = groups(
        len(nodes), sample.left[kept], sample.right[kept], odds[kept], automatic=3.0, absent=ABSENT["partner", nodes.rich], least=LEAST["partner"],
        identity=np.full(len(nodes), -1, np.int64),
    )  # fmt: skip
    alone = np.zeros(len(nodes), np.float32)
    alone[sample.left[met:]] = odds[met:]
    rows = whole[nodes.row_node].copy()
    apart = (alone < 0) & (nodes.weights > 1) & (np.bincount(whole, minlength=len(nodes))[whole] == 1)
    lonely = np.flatnonzero(apart[nodes.row_node])
    rows[lonely] = len(nodes) + lonely
    return rows


def homonyms(folder: Path, frame: pl.DataFrame, group: np.ndarray) -> float:
    """Share of the pairs of nearly one name and two SIREN that are in one group."""
    place = {mention: row for row, mention in enumerate(frame["mention_id"])}
    pairs = pl.read_parquet(folder / "pairs_dev.parquet").filter(pl.col("label") == 0)
    asked = pairs.select("a_mention_id", "b_mention_id").rows()
    rows = [(place[one], place[other]) for one, other in asked if one in place and other in place]
    return float(np.mean([group[one] == group[other] for one, other in rows]))


def compared(frame: pl.DataFrame, chosen: dict[str, np.ndarray]) -> None:
    """Groups of letters weighed by their rarity (TF-IDF), at the threshold that is best with the truth."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import TfidfVectorizer

    from reciproque.engines.linkage.names import name_key

    texts = [name_key(name) for name in frame["name"]]
    rows = TfidfVectorizer(analyzer="char", ngram_range=(3, 3), dtype=np.float32).fit_transform(texts)
    left, right, worth = [], [], []
    for start in range(0, rows.shape[0], 500):
        near = (rows[start : start + 500] @ rows.T).tocoo()
        kept = (near.data >= 0.5) & (near.row + start < near.col)
        left.append(near.row[kept] + start)
        right.append(near.col[kept])
        worth.append(near.data[kept])
    one, other, likeness = np.concatenate(left), np.concatenate(right), np.concatenate(worth)
    siren = frame["siren"].to_numpy()
    for name, mine in chosen.items():
        best = Quality(0, 0, 0, 0)
        for threshold in np.arange(0.5, 1.0, 0.05):
            edge = likeness >= threshold
            graph = coo_matrix((np.ones(edge.sum()), (one[edge], other[edge])), shape=(len(siren), len(siren)))
            best = max(
                best, quality(connected_components(graph, directed=False)[1][mine], siren[mine]), key=lambda q: q.f1
            )
        print(told(f"TF-IDF {name}", best))


def generate(research: Path, folder: Path, rows: int, seed: int) -> None:
    """Run the generator of the design on the communes of the project."""
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(COMMUNES, "rt", encoding="utf-8") as file:
        held = [
            {"code": row[0], "nom": row[1], "codesPostaux": row[6].split("|") if row[6] else [], "population": int(row[-1] or 0),
             "type": "commune-actuelle"}
            for row in csv.reader(file, delimiter="\t")
        ]  # fmt: skip
    communes = folder / "communes.json"
    communes.write_text(json.dumps(held), "utf-8")
    command = [sys.executable, str(research / "gen.py"), "--n", str(rows), "--seed", str(seed), "--out", str(folder)]
    subprocess.run([*command, "--communes", str(communes)], check=True)


def ready(folder: Path) -> pl.DataFrame:
    """A file to learn from. The name of a group is no spelling of one of its companies."""
    if (folder / "mentions_dev.parquet").exists():
        return pl.read_parquet(folder / "mentions_dev.parquet").filter(pl.col("role") != "group_name")
    frame = pl.read_parquet(folder / "records.parquet").drop("siret")
    return frame.rename({"site_id": "siret", "entity_id": "siren"})


def synthetic(folder: Path, threads: int, register: Path | None) -> None:
    """Quality at both levels against the truth of the generator; the CPU of both, and the memory."""
    frame = pl.read_parquet(folder / "records.parquet", columns=[*TYPED, "site_id", "entity_id"])
    truth = {level: frame[column].to_numpy() for level, column in (("site", "site_id"), ("partner", "entity_id"))}
    columns = {name: frame[name] for name in TYPED}
    before = cpu()
    link_levels({name: values.head(3000) for name, values in columns.items()}, threads=threads)
    print(f"first call {cpu() - before:.1f} CPU-s")
    before, wall = cpu(), time.perf_counter()
    if register:
        columns = completed(opened(register), threads)(columns)
        print(f"looked for in the register: {cpu() - before:.1f} CPU-s")
    linked = link_levels(columns, threads=threads)
    total, wall = cpu() - before, time.perf_counter() - wall
    for level, found in linked.items():
        sure = np.where(found.decision == 2, found.automatic, found.automatic.max() + 1 + np.arange(len(found.group)))
        auto = quality(sure, truth[level])
        print(
            told(level, quality(found.group, truth[level])),
            f" auto P {auto.precision:.4f} R {auto.recall:.4f}  {found.pairs} pairs",
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"both levels {total:.1f} CPU-s, {wall:.1f} s; {cpu():.1f} CPU-s with start-up, reading and measuring, peak {peak} MB, {threads} threads"
    )


def peers(folder: Path, research: Path, python: Path) -> None:
    """Splink 5 and TF-IDF on the same file, by the runners of the design; their thresholds are the best with the truth."""
    for script, *tool in (("prep.py",), ("run_splink.py",), ("run_peers.py", "tfidf")):
        subprocess.run([str(python), str(research / script), *tool, str(folder)], check=True, cwd=research)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["real", "small", "generate", "synthetic", "labelled"])
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--tfidf", action="store_true")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--register", type=Path)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    options = parser.parse_args()
    if options.what == "real":
        real(options.paths[0], tfidf=options.tfidf)
    elif options.what == "small":
        small(options.paths[0])
    elif options.what == "generate":
        generate(*options.paths, options.rows, options.seed)
    elif options.what == "labelled":
        ready(options.paths[0]).write_parquet(options.paths[1])
    else:
        synthetic(options.paths[0], options.threads, options.register)
        if options.peers:
            peers(options.paths[0], options.peers, options.python)


if __name__ == "__main__":
    main()
