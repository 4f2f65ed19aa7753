"""A Spark session: on this machine, closed to the network, unless a cluster is named."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reciproque.engines.linkage.backends import BackendError

JAVA = 17
"""The oldest Java that Spark 4 runs on."""
BATCH = 20_000
"""Rows of an Arrow batch: enough to make up for what each call of a kernel costs."""
ALWAYS = {
    "spark.app.name": "reciproque",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH),
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.ui.showConsoleProgress": "false",
}
HERE = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.driver.memory": "2g",
}
"""Settings of a session on this machine: nobody else can speak to it."""


def start(master: str | None = None, settings: Mapping[str, str] | None = None) -> Any:
    """The session: of `spark-submit` when it runs us, of a cluster (`spark://…`, `yarn`, `k8s://…`), else of this machine.

    `BackendError` when pyspark or Java is missing or too old.
    """
    if importlib.util.find_spec("pyspark") is None or importlib.util.find_spec("pyarrow") is None:
        raise BackendError(
            'Spark n’est pas installé. Depuis les sources : make spark ; ailleurs : pip install "reciproque[spark]".'
        )
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if not submitted:
        check_java()
    from pyspark import SparkConf  # noqa: PLC0415 -- optional
    from pyspark.sql import SparkSession  # noqa: PLC0415 -- optional

    conf = SparkConf()
    where = master or (conf.get("spark.master", None) if submitted else None) or "local[*]"
    wanted = {**ALWAYS}
    if where.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        cores = cores_of(where)
        wanted |= {
            **HERE,
            "spark.sql.shuffle.partitions": str(max(4, 2 * cores)),
            "spark.default.parallelism": str(cores),
        }
    for name, value in {**wanted, "spark.master": where, **(settings or {})}.items():
        conf.set(name, value)
    try:
        session = SparkSession.builder.config(conf=conf).getOrCreate()
    except Exception as error:
        raise BackendError(f"Spark n’a pas pu démarrer sur « {where} » : {error}") from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def cores_of(master: str) -> int:
    """Cores that a local master uses: `local`, `local[2]`, `local[*]`, `local-cluster[2,1,1024]`."""
    numbers = [int(number) for number in re.findall(r"\d+", master)]
    if master.startswith("local-cluster"):
        return numbers[0] * numbers[1]
    if numbers:
        return numbers[0]
    return (os.cpu_count() or 1) if "*" in master else 1


def check_java() -> None:
    """`BackendError` when there is no Java, or one that is too old."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    try:
        told = subprocess.run([java or "", "-version"], capture_output=True, text=True, check=True, timeout=60).stderr  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise BackendError(
            f"Spark a besoin de Java {JAVA} ou plus récent, introuvable ici : apt-get install openjdk-17-jre-headless (ou JAVA_HOME)."
        ) from error
    found = re.search(r'version "(?:1\.)?(\d+)', told)
    if found and int(found[1]) < JAVA:
        raise BackendError(f"Spark a besoin de Java {JAVA} ou plus récent ; celui qui répond est le {found[1]}.")
