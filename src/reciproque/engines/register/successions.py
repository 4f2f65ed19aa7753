"""Which site took over from which: the links that INSEE declares between two SIRET."""

from pathlib import Path

import numpy as np

from reciproque.engines.register.assembling import placed
from reciproque.engines.register.shaping import EPOCH
from reciproque.engines.register.staging import BUCKETS, bucket_of

MOVED_HEAD, CONTINUED = 1, 2


def successions(work: Path, out: Path) -> None:
    """`succession_before` (sorted), `_after`, `_on` (days since `shaping.EPOCH`), `_flags`, `_by_after` (order by successor)."""
    import polars as pl  # noqa: PLC0415 -- heavy

    companies, parts = np.load(out / "unit_siren.npy"), []
    epoch = pl.lit(EPOCH).str.to_date("%Y-%m-%d")
    for bucket in range(BUCKETS):
        held = bucket_of(work, "successions", bucket)
        if held is None:
            continue
        numbers = [pl.col(name).cast(pl.UInt64, strict=False) for name in ("before", "after")]
        days = (pl.col("on").str.to_date("%Y-%m-%d", strict=False) - epoch).dt.total_days().fill_null(0).clip(0, 65_535)
        flags = (pl.col("moved_head") == "true").fill_null(value=False).cast(pl.UInt8) * MOVED_HEAD
        flags += (pl.col("continued") == "true").fill_null(value=False).cast(pl.UInt8) * CONTINUED
        frame = held.select(*numbers, days.alias("on"), flags.alias("flags")).drop_nulls(["before", "after"])
        known = np.zeros(frame.height, bool)
        for side in ("before", "after"):
            known |= placed(companies, (frame[side].to_numpy() // 100_000).astype(np.uint32), -1) >= 0
        parts.append(frame.filter(pl.Series(known)))
    schema = {"before": pl.UInt64, "after": pl.UInt64, "on": pl.Int64, "flags": pl.UInt8}
    whole = (pl.concat(parts) if parts else pl.DataFrame(schema=schema)).unique().sort("before", "on", "after")
    np.save(out / "succession_before.npy", whole["before"].to_numpy())
    np.save(out / "succession_after.npy", whole["after"].to_numpy())
    np.save(out / "succession_on.npy", whole["on"].to_numpy().astype(np.uint16))
    np.save(out / "succession_flags.npy", whole["flags"].to_numpy())
    np.save(out / "succession_by_after.npy", np.argsort(whole["after"].to_numpy(), kind="stable").astype(np.uint32))
