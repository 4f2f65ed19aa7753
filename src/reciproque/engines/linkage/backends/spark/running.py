"""The engine on Spark. No table of the file is ever collected: the driver sees counts, headings and weights of groups of letters."""

import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reciproque.engines.linkage import tabling
from reciproque.engines.linkage.backends import BackendError, Summary
from reciproque.engines.linkage.backends.spark import batches, files
from reciproque.engines.linkage.backends.spark.batches import schema_of
from reciproque.engines.linkage.backends.spark.components import components
from reciproque.engines.linkage.backends.spark.files import ROW, Workspace
from reciproque.engines.linkage.blocking import TOO_LITTLE
from reciproque.engines.linkage.encoding import GramWeights, is_rich
from reciproque.engines.linkage.grams import GRAMS, squares_of
from reciproque.engines.linkage.kernels import Floats
from reciproque.engines.linkage.linking import ADDED, LEAST, SELF, Level, automatic_from, silent
from reciproque.engines.linkage.scoring import Forest, load

BUCKET = 400_000
"""Pairs that one task groups at once."""


@dataclass(frozen=True, slots=True)
class SparkBackend:
    """`work` is a folder that every machine of the cluster sees; on this machine, a temporary one by default."""

    session: Any
    work: str | None = None

    def dedupe(
        self, source: str, out: str, *, level: Level = "partner", model: Mapping[str, Forest] | None = None,
        automatic: float | None = None, reasons: bool = False, tell: Callable[[str], None] = silent,
    ) -> Summary:  # fmt: skip
        """As `Backend.dedupe`; on a cluster `source` and `out` are Parquet, at any address that Spark understands."""
        if reasons:
            raise BackendError(
                "Spark n’explique pas les liens : --explain se demande à --engine local, sur les lignes à expliquer."
            )
        here = self.session.sparkContext.master.startswith("local")
        if not here and not self.work:
            raise BackendError(
                "Sur une grappe, dites avec --work un dossier que voient toutes les machines (hdfs://…, s3a://…, NFS)."
            )
        if here:
            tabling.check_writable(Path(out))
        with tempfile.TemporaryDirectory(prefix="reciproque-spark-") as temporary:
            work = Workspace(self.session, f"{self.work or temporary}/reciproque-{uuid.uuid4().hex}")
            try:
                rows = files.source_of(work, source, here=here)
                found = files.columns_of(rows)
                called = tabling.added_as(rows.columns, ADDED, tell)
                tell(tabling.recognised(found))
                run = Run(work, model or load(), level, automatic, tell)
                result, summary = run.grouped(rows, found, called)
                files.deliver(work, result, out, here=here)
            finally:
                work.forget()
        return summary


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a file: its nodes with what they share (`heard`), with their SIREN and rows (`nodes`), how many there are, the
    weights of groups of letters, and whether it says telephones or domains."""

    heard: Any
    nodes: Any
    total: int
    grams: GramWeights
    rich: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One file at one level."""

    work: Workspace
    forests: Mapping[str, Forest]
    level: Level
    automatic: float | None
    tell: Callable[[str], None]

    def grouped(self, rows: Any, found: Mapping[str, str], called: Mapping[str, str]) -> tuple[Any, Summary]:
        """(every row with the columns `ADDED`, so called, and `ROW`; what was done)."""
        from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

        self.tell("Lecture des noms et des adresses…")
        content = f.arrow_udf(batches.content, "bigint")
        cells = {name: f.col(f"`{heading}`").cast("string") for name, heading in found.items()}
        known = rows.withColumn("__node", content(f.struct(*(column.alias(name) for name, column in cells.items()))))
        first = [f.first(column).alias(name) for name, column in cells.items()]
        nodes = self.work.kept(
            known.groupBy(f.col("__node").alias("node")).agg(f.count("*").alias("weight"), *first), "nodes"
        )
        total = nodes.count()
        told = self.work.kept(nodes.drop("weight").mapInArrow(batches.told, schema_of(batches.TOLD)), "told")
        self.tell(f"{total} fiches distinctes. Recherche des rapprochements possibles…")
        heard = self.work.kept(nodes.join(self._heard(told), "node"), "heard")
        rich = is_rich(told.where("reached").count(), total)
        known_nodes = told.select("node", "siren").join(heard.select("node", "weight"), "node")
        file = File(heard, known_nodes, total, self._grams(told), rich)
        odds, sites, pairs = self._by_sites(file) if rich else self._by_rows(file)
        self.tell("Regroupement…")
        judged = self.work.kept(self._judged(file, odds, sites, pairs), "judged")
        numbered, groups, count = self._numbered(known, judged)
        self.tell("Écriture…")
        return rows.join(numbered.withColumnsRenamed(dict(called)), ROW), Summary(count, pairs, groups)

    def _heard(self, told: Any) -> Any:
        """(node, heard): how many nodes share each of its `keys`, 0 for what it does not say. What one node says alone counts 1
        without being looked up."""
        from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

        each = told.select("node", f.posexplode("keys").alias("place", "key"))
        each = each.withColumn("kind", f.least("place", f.lit(batches.SHARED)))
        said = (f.col("kind") == batches.SHARED) | (f.col("key") != 0)
        counts = each.where(said).groupBy("kind", "key").agg(f.count("*").alias("times")).where("times > 1")
        times = f.when(said, f.coalesce("times", f.lit(1))).otherwise(0)
        joined = each.join(counts, ["kind", "key"], "left").select("node", "place", times.alias("times"))
        gathered = joined.groupBy("node").agg(f.sort_array(f.collect_list(f.struct("place", "times"))).alias("each"))
        return gathered.select("node", f.col("each.times").alias("heard"))

    def _grams(self, told: Any) -> GramWeights:
        from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

        texts = None
        for kind, name in enumerate(batches.TEXTS):
            some = told.select(
                f.lit(kind).alias("kind"), f.col(name).alias("hash"), f.col(f"{name}_letters").alias("letters")
            )
            texts = some if texts is None else texts.unionByName(some)
        assert texts is not None  # noqa: S101 -- there are three kinds
        single = texts.groupBy("kind", "hash").agg(f.first("letters").alias("letters")).drop("hash")
        counted = single.mapInArrow(batches.gram_counts, "kind bigint, gram bigint, texts bigint")
        frequency = np.zeros((len(batches.TEXTS), GRAMS + 1), np.int64)
        for row in counted.groupBy("kind", "gram").agg(f.sum("texts").alias("texts")).toLocalIterator():
            frequency[row["kind"], row["gram"]] = row["texts"]
        names, streets, towns = (_weights(each) for each in frequency)
        return names, streets, towns

    def _pairs(self, file: File) -> tuple[Any, Any]:
        """(a, b, mask) of the pairs worth comparing, and of the nodes that stand for several rows."""
        from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

        keys = file.heard.drop("weight").mapInArrow(batches.Keyed(file.total), schema_of(batches.KEYED))
        sorted_keys = keys.repartition("family", "key").sortWithinPartitions("family", "key")
        met = sorted_keys.mapInArrow(batches.Meeting(file.total), schema_of(batches.MET))
        whole = met.groupBy("a", "b").agg(f.bit_or("mask").alias("mask")).where(~f.col("mask").isin(*TOO_LITTLE))
        pairs = self.work.kept(whole, "pairs")
        self.tell(f"{pairs.count()} paires à comparer…")
        itself = file.heard.where("weight > 1").select(
            f.col("node").alias("a"), f.col("node").alias("b"), f.lit(SELF).cast("bigint").alias("mask")
        )
        return pairs, itself

    def _compared(self, file: File, pairs: Any, levels: Sequence[Level], *, placed: bool = False) -> Any:
        """(a, b, log-odds at these levels) of pairs, of those that can be of one place only when asked."""
        from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

        forests = {level: self.forests[level] for level in levels}
        held = self.work.session.sparkContext.broadcast((forests, file.grams, file.rich))
        frame = pairs
        for side in "ab":
            beside = file.heard.drop("weight").select(
                *(f.col(name).alias(f"{side}_{name}") for name in file.heard.columns if name != "weight")
            )
            frame = frame.join(beside, f.col(side) == f.col(f"{side}_node")).drop(f"{side}_node")
        return frame.mapInArrow(batches.Compared(held, file.total, placed), schema_of(batches.odds_of(levels)))

    def _by_rows(self, file: File) -> tuple[Any, None, int]:
        """(a, b, odds) of every pair; no site; how many pairs were compared."""
        pairs, itself = self._pairs(file)
        odds = self._compared(file, pairs.unionByName(itself), (self.level,)).withColumnRenamed(self.level, "odds")
        return self.work.kept(odds, "odds"), None, pairs.count()

    def _by_sites(self, file: File) -> tuple[Any, Any, int]:
        """(a, b, odds) of the pairs that weigh; the sites of nodes, for partners; how many pairs were compared."""
        from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

        pairs, itself = self._pairs(file)
        levels: tuple[Level, ...] = ("site",) if self.level == "site" else ("site", "partner")
        close = self.work.kept(self._compared(file, pairs.unionByName(itself), levels, placed=True), "close")
        count = close.where("a <> b").count()
        if self.level == "site":
            return close.withColumnRenamed("site", "odds"), None, count
        sites = self.work.kept(self._sites(file, close.where("a <> b")), "sites")
        told = pairs.join(close, ["a", "b"], "left")
        for side in "ab":
            near = sites.select(f.col("node").alias(side), *(f.col(n).alias(f"{side}_{n}") for n in ("site", "core")))
            told = told.join(near, side)
        told = self.work.kept(told, "told_pairs")
        chosen = self.work.kept(_standing(told.where("a_site <> b_site")), "standing")
        fresh = chosen.where("partner IS NULL").select("a", "b", "mask")
        heard = self.work.kept(self._compared(file, fresh, ("partner",)), "between")
        within = told.where("a_site = b_site AND partner IS NOT NULL")
        parts = [within, chosen.where("partner IS NOT NULL"), heard, close.where("a = b")]
        odds = parts[0].select("a", "b", f.col("partner").alias("odds"))
        for part in parts[1:]:
            odds = odds.unionByName(part.select("a", "b", f.col("partner").alias("odds")))
        return self.work.kept(odds, "odds"), sites, count + heard.count()

    def _sites(self, file: File, close: Any) -> Any:
        """(node, site, piece, core) of every node."""
        from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

        least = min(LEAST["site"], automatic_from(self.forests["site"], "site", rich=file.rich))
        roots = self.work.kept(components(self.work, close.where(f.col("site") >= least)), "site_roots")
        buckets = self._buckets(close.count())
        bucket = f.pmod(f.xxhash64("root"), f.lit(buckets)).alias("bucket")
        own = file.nodes.join(roots, "node").select("node", "siren", "weight", bucket)
        one, other = (
            roots.select(f.col("node").alias(side), f.col("root").alias(name)) for side, name in zip("ab", ("root", "far"), strict=True)
        )  # fmt: skip
        edges = close.join(one, "a").join(other, "b").where("root = far").select("a", "b", "site", "partner", bucket)
        held = self.work.session.sparkContext.broadcast((self.forests, file.rich))
        grouped = own.groupBy("bucket").cogroup(edges.groupBy("bucket"))
        found = grouped.applyInArrow(batches.siting(held, self.automatic), schema_of(batches.SITED))
        return file.nodes.select("node").join(found, "node", "left").select(
            "node", f.coalesce("site", "node").alias("site"), f.coalesce("piece", "node").alias("piece"),
            f.coalesce("core", f.lit(True)).alias("core"),  # noqa: FBT003 -- a column
        )  # fmt: skip

    def _buckets(self, pairs: int) -> int:
        return max(int(self.work.session.sparkContext.defaultParallelism), pairs // BUCKET + 1)

    def _judged(self, file: File, odds: Any, sites: Any | None, pairs: int) -> Any:
        """What becomes of each node."""
        from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

        threshold = automatic_from(self.forests[self.level], self.level, rich=file.rich)
        threshold = threshold if self.automatic is None else self.automatic
        tied = (f.col("a") != f.col("b")) & (f.col("odds") >= min(LEAST[self.level], threshold))
        edges = odds.where(tied).select("a", "b")
        nodes = file.nodes
        if sites is not None:
            edges = edges.unionByName(sites.where("node <> site").selectExpr("node AS a", "site AS b"))
            nodes = nodes.join(sites, "node")
        roots = self.work.kept(components(self.work, edges), "roots")
        buckets = self._buckets(pairs)
        bucket = f.pmod(f.xxhash64("root"), f.lit(buckets))
        placed = nodes.join(roots, "node", "left")
        own = placed.withColumn("root", f.coalesce("root", "node")).withColumn("bucket", bucket).drop("root")
        sides = odds
        for side in "ab":
            near = roots.select(f.col("node").alias(side), f.col("root").alias(f"root_{side}"))
            sides = sides.join(near, side, "left").withColumn(
                side + "_bucket", f.pmod(f.xxhash64(f.coalesce(f"root_{side}", side)), f.lit(buckets))
            )
        both = f.explode(f.array_distinct(f.array("a_bucket", "b_bucket")))
        told = sides.select("a", "b", "odds", both.alias("bucket"))
        held = self.work.session.sparkContext.broadcast((self.forests, file.rich))
        grouped = own.groupBy("bucket").cogroup(told.groupBy("bucket"))
        judge = batches.judging(held, self.level, self.automatic, sited=sites is not None)
        return grouped.applyInArrow(judge, schema_of(batches.JUDGED))

    def _numbered(self, rows: Any, judged: Any) -> tuple[Any, int, int]:
        """(row and its columns `ADDED`, groups, rows). Groups are numbered in the order of their first node, then the rows that stand
        alone though others are equal to them, in the order of their node and of what they say."""
        from pyspark.sql import Window  # noqa: PLC0415 -- optional
        from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

        said = [f.col(f"`{heading}`") for heading, kind in rows.drop("__node", ROW).dtypes if "<" not in kind]
        alike = Window.partitionBy("__node").orderBy(*said, ROW)
        alone = judged.where("apart").select(f.col("node").alias("__node"))
        place = f.row_number().over(alike).alias("place")
        places = rows.join(alone, "__node").select(f.col(ROW).alias("__alone"), place)
        joined = rows.select(ROW, "__node").join(judged, f.col("__node") == f.col("node"))
        joined = joined.join(places, f.col(ROW) == f.col("__alone"), "left")
        first = f.when(f.col("apart"), f.col("node")).otherwise(f.col("first"))
        order = f.struct(
            first.bitwiseXOR(f.lit(-(1 << 63)).cast("bigint")).alias("first"),
            f.coalesce("place", f.lit(0)).alias("place"),
        )
        told = self.work.kept(joined.select(ROW, "apart", order.alias("order"), "score", "decision"), "rows")
        single = told.select("apart", "order").distinct().repartitionByRange("apart", "order")
        groups = self.work.kept(single.withColumn("part", f.spark_partition_id()), "groups")
        sizes = dict(groups.groupBy("part").count().collect())
        begins, begin = [], 0
        for part in sorted(sizes):
            begins.append((part, begin))
            begin += sizes[part]
        starts = self.work.session.createDataFrame(begins, "part int, begin bigint")
        place = f.row_number().over(Window.partitionBy("part").orderBy("apart", "order"))
        names = groups.join(f.broadcast(starts), "part").select(
            "apart", "order", (f.col("begin") + place).alias(ADDED[0])
        )
        final = told.join(names, ["apart", "order"]).select(ROW, *ADDED)
        return final, begin, told.count()


def _standing(between: Any) -> Any:
    """Of the pairs of two sites, the one that `sites.standing` takes."""
    from pyspark.sql import Window  # noqa: PLC0415 -- optional
    from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

    known = f.col("partner").isNotNull().cast("int") * 3 + f.col("a_core").cast("int") + f.col("b_core").cast("int")
    order = (f.col(side).bitwiseXOR(f.lit(-(1 << 63)).cast("bigint")) for side in "ab")
    pair = Window.partitionBy(f.least("a_site", "b_site"), f.greatest("a_site", "b_site"))
    place = f.row_number().over(pair.orderBy(known.desc(), f.bit_count("mask").desc(), *order))
    return between.withColumn("place", place).where("place = 1").select("a", "b", "mask", "partner")


def _weights(frequency: Any) -> Floats:
    return squares_of(frequency[:GRAMS], int(frequency[GRAMS]))
