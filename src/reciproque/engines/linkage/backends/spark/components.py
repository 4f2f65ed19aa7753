"""Connected components by alternating stars: each round is two keyed minimums, and the number of rounds grows as a logarithm.

Kiveris et al., « Connected Components in MapReduce and Beyond », 2014: the large star ties the greater neighbours of a node to its
least neighbour, the small star ties the others; what remains when nothing moves is one star per component.
"""

from typing import Any

from reciproque.engines.linkage.backends import BackendError
from reciproque.engines.linkage.backends.spark.files import Workspace

MOST_ROUNDS = 60


def components(work: Workspace, edges: Any) -> Any:
    """(node, root) of every node of the edges (a, b); the root is the least node of the component."""
    from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

    stars = work.kept(edges.select(f.greatest("a", "b").alias("u"), f.least("a", "b").alias("v")).distinct(), "stars-0")
    before = _print_of(stars)
    for turn in range(1, MOST_ROUNDS + 1):
        stars = work.kept(_small(_large(stars)), f"stars-{turn}")
        work.forget(f"stars-{turn - 1}")
        after = _print_of(stars)
        if after == before:
            roots = stars.select(f.col("v").alias("node"), f.col("v").alias("root")).distinct()
            return stars.select(f.col("u").alias("node"), f.col("v").alias("root")).unionByName(roots)
        before = after
    raise BackendError(
        f"Les groupes ne sont pas stables après {MOST_ROUNDS} tours : le fichier forme une seule chaîne immense."
    )


def _large(edges: Any) -> Any:
    """Tie the greater neighbours of each node to its least neighbour (itself included)."""
    from pyspark.sql import Window  # noqa: PLC0415 -- optional
    from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

    both = edges.select("u", "v").unionByName(edges.select(f.col("v").alias("u"), f.col("u").alias("v")))
    least = f.least("u", f.min("v").over(Window.partitionBy("u")))
    kept = both.withColumn("least", least).where("v > u")
    return kept.select(f.col("v").alias("u"), f.col("least").alias("v")).distinct()


def _small(edges: Any) -> Any:
    """Tie each node and its lesser neighbours to the least of them."""
    from pyspark.sql import Window  # noqa: PLC0415 -- optional
    from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

    tied = edges.withColumn("least", f.min("v").over(Window.partitionBy("u")))
    ends = tied.select(f.explode(f.array("u", "v")).alias("u"), f.col("least").alias("v"))
    return ends.where("u <> v").distinct()


def _print_of(edges: Any) -> tuple[int, int]:
    """What two sets of edges share only when they are equal, short of an accident of 64 bits."""
    from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

    row = edges.agg(f.count("*"), f.bit_xor(f.xxhash64("u", "v"))).first()
    return int(row[0]), int(row[1] or 0)
