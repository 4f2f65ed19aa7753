"""Apache Spark: each stage of the engine as a keyed join, a keyed count, or a map over Arrow batches that runs the local code."""
