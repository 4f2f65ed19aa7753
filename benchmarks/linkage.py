"""Quality and speed of record linkage.

python benchmarks/linkage.py real MENTIONS.parquet [--pairs PAIRS.parquet]   cross-validation over SIREN on labelled names
python benchmarks/linkage.py synthetic --rows N [--level site|partner] [--seed N] [--write FILE]   a seeded file with its truth
python benchmarks/linkage.py synthetic --rows N --engine spark [--master local[2]]   the same, from file to file, beside the local engine
"""

import argparse
import random
import resource
import sys
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
from reciproque.engines.linkage import training
from reciproque.engines.linkage.linking import link
from reciproque.engines.linkage.measuring import quality

COMPANIES = ["titulaire", "egapro_raison_sociale", "siae_name", "siae_brand", "siae_typed", "geiq_typed"]
COLUMNS = ("name", "address", "postcode", "city", "department")
TRADES = (
    "BOULANGERIE GARAGE PLOMBERIE MENUISERIE MACONNERIE ELECTRICITE TRANSPORTS IMPRIMERIE PHARMACIE CABINET ATELIER"
)
TAILS = (
    "SERVICES FRANCE INDUSTRIE DEVELOPPEMENT INGENIERIE SOLUTIONS SYSTEMES DISTRIBUTION ENERGIE SANTE GROUPE OUEST NORD"
)
STREETS = "VICTOR HUGO|JEAN JAURES|DE LA REPUBLIQUE|PASTEUR|GAMBETTA|DE LA GARE|DU MOULIN|DES TILLEULS|DU STADE|CARNOT|VOLTAIRE|DE PARIS"
SYLLABLES = [
    "ba",
    "be",
    "bri",
    "ca",
    "cha",
    "co",
    "da",
    "du",
    "fe",
    "fla",
    "ga",
    "gri",
    "jo",
    "ka",
    "la",
    "le",
    "lor",
    "ma",
    "mi",
    "mon",
    "na",
    "nor",
    "pa",
    "per",
    "qui",
    "ra",
    "ro",
    "sal",
    "si",
    "ta",
    "tre",
    "va",
    "vi",
    "zen",
    "zo",
]


def cpu() -> float:
    """CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def real(mentions: Path, pairs: Path | None) -> None:
    """Train on half of the companies, group the other half as a file of its own, and the reverse."""
    frame = pl.read_parquet(mentions).rename({"dept": "department"})
    half = np.array([int(value[-4:]) for value in frame["siren"]]) // 10 % 2
    for part in (0, 1):
        learnt, judged = frame.filter(pl.Series(half != part)), frame.filter(pl.Series(half == part))
        cells = {name: learnt[name].to_numpy() for name in COLUMNS}
        known = training.Labelled(cells, learnt["siren"].to_numpy(), learnt["siret"].to_numpy())
        model = training.train([known], threads=2)
        linkage = link({name: judged[name] for name in COLUMNS}, model=model)
        siren, company = judged["siren"].to_numpy(), judged["role"].is_in(COMPANIES).to_numpy()
        sure = np.where(linkage.decision == 2, linkage.group, 10_000_000 + np.arange(len(siren)))
        for name, chosen in (("all", np.ones(len(siren), bool)), ("companies", company)):
            print(
                part,
                name,
                quality(linkage.group[chosen], siren[chosen]),
                "auto",
                quality(sure[chosen], siren[chosen])[:2],
            )
        if pairs is not None:
            place = {mention: row for row, mention in enumerate(judged["mention_id"])}
            refused = pl.read_parquet(pairs).filter(pl.col("label") == 0).select("a_mention_id", "b_mention_id").rows()
            asked = [(place[one], place[other]) for one, other in refused if one in place and other in place]
            print(
                part,
                "near-homonyms merged alone",
                np.mean([sure[one] == sure[other] for one, other in asked]),
                "of",
                len(asked),
            )


def word(chance: random.Random) -> str:
    """An invented name."""
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).upper()


def typed(chance: random.Random, text: str) -> str:
    """A text as people type it."""
    if chance.random() < 0.14 and len(text) > 5:
        at = chance.randrange(1, len(text) - 1)
        text = text[:at] + chance.choice(["", text[at + 1] + text[at], chance.choice("AEIOURST")]) + text[at + 1 :]
    text = text.replace("TRANSPORTS", "TRANSP").replace("SERVICES", "SCES") if chance.random() < 0.2 else text
    return text.title() if chance.random() < 0.5 else text


def synthetic(rows: int, seed: int = 7) -> pl.DataFrame:
    """Partners with one to four sites, each typed one to eight times; `site_id` and `partner_id` are the truth."""
    chance, made = random.Random(seed), []  # noqa: S311 -- a file, not a secret
    partner = 0
    while len(made) < rows:
        partner += 1
        name = (
            f"{chance.choice(TRADES.split())} {word(chance)}"
            if chance.random() < 0.5
            else f"{word(chance)} {chance.choice(TAILS.split())}"
        )
        siren = str(chance.randrange(300_000_000, 999_999_999))
        for site in range(1 if chance.random() < 0.8 else chance.randint(2, 4)):
            street, post, town = (
                chance.choice(STREETS.split("|")),
                f"{chance.randrange(1, 96):02d}{chance.randrange(0, 90) * 10:03d}",
                word(chance),
            )
            number = chance.randrange(1, 200)
            for _ in range(min(8, 1 + int(chance.expovariate(0.6)))):
                address = f"{number} {chance.choice(['rue', 'RUE', 'R.'])} {street}" if chance.random() < 0.88 else ""
                form = chance.choice(["", "", "SARL ", "SAS "])
                made.append((
                    form + typed(chance, name), address, post if chance.random() < 0.9 else "", typed(chance, town), f"{siren}-{site}", siren,
                ))  # fmt: skip
    chance.shuffle(made)
    return pl.DataFrame(
        made[:rows], schema=["name", "address", "postcode", "city", "site_id", "partner_id"], orient="row"
    )


def tree_cpu() -> dict[str, float]:
    """CPU seconds of this process and of all that it started (Java and its Python workers), those that ended included."""
    import psutil

    us = psutil.Process()
    used = {"driver": sum(us.cpu_times()[:2]), "java": 0.0, "workers": 0.0}
    for child in us.children(recursive=True):
        times = child.cpu_times()
        used["java" if child.name() == "java" else "workers"] += sum(times[:2])
        used["workers"] += sum(times[2:4]) if child.name() != "java" else 0.0
    return used


def engines(frame: pl.DataFrame, level: str, master: str) -> None:
    """From a Parquet file to a Parquet file, on this machine then on Spark, and whether they say the same."""
    import tempfile
    import time

    from reciproque.engines.linkage.backends import backend

    with tempfile.TemporaryDirectory() as folder:
        source = f"{folder}/source.parquet"
        frame.write_parquet(source)
        begin = time.perf_counter()
        spark = backend("spark", master=master)
        backend("local").dedupe(source, f"{folder}/warm.parquet", level=level)
        print(f"start of Spark {time.perf_counter() - begin:.1f} s, CPU {tree_cpu()}")
        for name, engine in (("local", backend("local", threads=2)), ("spark", spark)):
            before, begin = tree_cpu(), time.perf_counter()
            done = engine.dedupe(source, f"{folder}/{name}.parquet", level=level, tell=print)
            wall, after = time.perf_counter() - begin, tree_cpu()
            spent = {part: round(after[part] - before[part], 1) for part in after}
            result = pl.read_parquet(f"{folder}/{name}.parquet")
            print(name, done, f"{wall:.1f} s of wall, {sum(spent.values()):.1f} CPU-s", spent)
            print(name, level, quality(result["cluster_id"].to_numpy(), result[f"{level}_id"].to_numpy()))
        one, other = (pl.read_parquet(f"{folder}/{name}.parquet") for name in ("local", "spark"))
        print("same groups, scores and decisions:", one.equals(other.select(one.columns)))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["real", "synthetic"])
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--write", type=Path, help="only write the file, its truth as siren and siret, to learn from")
    parser.add_argument("--level", choices=["site", "partner"], default="partner")
    parser.add_argument("--engine", choices=["local", "spark"], default="local")
    parser.add_argument("--master", default="local[2]", help="of Spark")
    options = parser.parse_args()
    if options.what == "real":
        real(options.file, options.pairs)
        return
    frame = synthetic(options.rows, options.seed)
    if options.write:
        frame.rename({"site_id": "siret", "partner_id": "siren"}).write_parquet(options.write)
        return
    if options.engine == "spark":
        engines(frame, options.level, options.master)
        return
    link({name: frame[name].head(3000) for name in COLUMNS[:4]})
    before = cpu()
    linkage = link({name: frame[name] for name in COLUMNS[:4]}, level=options.level, tell=print)
    spent, peak = cpu() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    truth = frame[f"{options.level}_id"].to_numpy()
    print(options.level, quality(linkage.group, truth), f"{linkage.pairs} pairs, {spent:.1f} CPU-s, {peak} MB")


if __name__ == "__main__":
    main()
