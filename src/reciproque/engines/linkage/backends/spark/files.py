"""Files of partners for Spark: Parquet wherever Spark reads it; CSV and single files when everything runs on this machine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reciproque.engines.linkage import tabling
from reciproque.engines.linkage.delimited import FileError

ROW, FILE_BITS = "__row", 40
"""Name of the column that numbers rows, in the order of files then of rows; rows of one file take this many bits."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder of intermediate results: each stage is written once, so that nothing is computed twice and nothing is collected."""

    session: Any
    folder: str

    def kept(self, frame: Any, name: str) -> Any:
        """The frame, written and read again."""
        path = f"{self.folder}/{name}"
        frame.write.mode("overwrite").parquet(path)
        return self.session.read.parquet(path)

    def forget(self, name: str = "") -> None:
        """Remove one result, or the folder."""
        machine = self.session.sparkContext._jvm  # noqa: SLF001 -- the only door to the files of a cluster
        path = machine.org.apache.hadoop.fs.Path(f"{self.folder}/{name}" if name else self.folder)
        path.getFileSystem(self.session.sparkContext._jsc.hadoopConfiguration()).delete(path, True)  # noqa: FBT003, SLF001


def source_of(work: Workspace, source: str, *, here: bool) -> Any:
    """Every row and column, with `ROW`. A CSV is first turned into Parquet, as the local engine reads it."""
    path = source
    if source.lower().endswith(".csv"):
        if not here:
            raise FileError(f"Sur une grappe, donnez un fichier ou un dossier Parquet : « {source} » est un CSV.")
        path = f"{work.folder}/source.parquet"
        tabling.to_parquet(Path(source), Path(path))
    elif here and "://" not in source and not Path(source).exists():
        raise FileError(f"Le fichier « {source} » n’existe pas.")
    try:
        frame = work.session.read.parquet(path)
    except Exception as error:
        raise FileError(f"« {source} » n’est pas un Parquet que Spark sache lire : {error}") from error
    if ROW in frame.columns:
        raise FileError(f"Le fichier a déjà une colonne {ROW} : renommez-la.")
    return numbered(work, frame)


def numbered(work: Workspace, frame: Any) -> Any:
    """The frame with `ROW`: the same number for the same row, however often Spark reads it."""
    from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

    placed = frame.select("*", f.col("_metadata.file_path").alias("__file"), f.col("_metadata.row_index").alias("__at"))
    files = sorted(row[0] for row in placed.select("__file").distinct().collect())
    known = work.session.createDataFrame(
        [(path, place << FILE_BITS) for place, path in enumerate(files)], "__file string, __begin bigint"
    )
    joined = placed.join(f.broadcast(known), "__file")
    return joined.withColumn(ROW, f.col("__begin") + f.col("__at")).drop("__file", "__at", "__begin")


def columns_of(frame: Any) -> dict[str, str]:
    """What the engine looks at → heading, from the first rows."""
    import polars as pl  # noqa: PLC0415 -- heavy
    from pyspark.sql import functions as f  # noqa: PLC0415 -- optional

    headings = [heading for heading in frame.columns if heading != ROW]
    first = (
        frame.limit(tabling.SAMPLE).select(*(f.col(f"`{heading}`").cast("string") for heading in headings)).toArrow()
    )
    told = pl.from_arrow(first)
    assert isinstance(told, pl.DataFrame)  # noqa: S101 -- a table is a frame
    return tabling.columns_of(told)


def deliver(work: Workspace, frame: Any, out: str, *, here: bool) -> None:
    """Write the result: one file, in the order of the rows, when everything runs on this machine; else a folder of Parquet files."""
    if not here:
        frame.drop(ROW).write.mode("overwrite").parquet(out)
        return
    import polars as pl  # noqa: PLC0415 -- heavy

    work.kept(frame.repartitionByRange(ROW).sortWithinPartitions(ROW).drop(ROW), "result")
    parts = sorted(Path(work.folder, "result").glob("part-*.parquet"))
    lazy = pl.scan_parquet(parts)
    with tabling.replacing(Path(out)) as part:
        if Path(out).suffix.lower() == ".csv":
            lazy.sink_csv(part)
        else:
            lazy.sink_parquet(part)
