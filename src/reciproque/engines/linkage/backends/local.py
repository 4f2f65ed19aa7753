"""One machine: the file in memory, polars, NumPy and compiled kernels on threads."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from reciproque.engines.linkage import tabling
from reciproque.engines.linkage.backends import Summary
from reciproque.engines.linkage.clues import TITLES
from reciproque.engines.linkage.linking import ADDED, EXPLAINED, Level, Linkage, link, shown, silent
from reciproque.engines.linkage.scoring import Forest


@dataclass(frozen=True, slots=True)
class LocalBackend:
    """`threads` do not change the result. `complete` writes in the columns what another source knows of the rows (their numbers)."""

    threads: int | None = None
    complete: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None

    def dedupe(
        self, source: str, out: str, *, level: Level = "partner", model: Mapping[str, Forest] | None = None,
        automatic: float | None = None, reasons: bool = False, tell: Callable[[str], None] = silent,
    ) -> Summary:  # fmt: skip
        """As `Backend.dedupe`, for CSV and Parquet files."""
        target = Path(out)
        tabling.check_writable(target)
        sheet = tabling.read(Path(source))
        called = tabling.added_as(sheet.frame.columns, (*ADDED, *(EXPLAINED if reasons else ())), tell)
        tell(f"{sheet.size()} {tabling.recognised(sheet.told())}")
        columns: Mapping[str, Any] = sheet.recognised()
        columns = self.complete(columns) if self.complete else columns
        linkage = link(
            columns, level=level, threads=self.threads, model=model, automatic=automatic, reasons=reasons, said=sheet.frame, tell=tell
        )  # fmt: skip
        score, decision = shown(linkage.score, linkage.decision)
        told = linkage.group, score, pl.Series(decision.tolist(), dtype=pl.String)
        added: dict[str, Any] = dict(zip(ADDED, told, strict=True))
        if reasons:
            added |= _explained(linkage)
        tabling.write(sheet, {called[name]: cells for name, cells in added.items()}, target)
        return Summary(sheet.frame.height, linkage.pairs, int(linkage.group.max(initial=0)))


def _explained(linkage: Linkage) -> dict[str, pl.Series]:
    """The line (2 is the first below the headings) that each row is best linked with, why in words, and the weights in JSON."""
    words, numbers = [], []
    for why in linkage.why:
        lines = why.lines if why else ()
        said = [(TITLES[line.code], line.weight, " ; ".join(clue.told() for clue in line.clues)) for line in lines]
        words.append(" | ".join(f"{title} {weight:+.1f} : {text}" for title, weight, text in said))
        weights = {line.code: round(line.weight, 4) for line in lines}
        numbers.append(json.dumps({"baseline": round(why.baseline, 4), **weights}) if why else "")
    others = (
        [place + 2 if place >= 0 else None for place in linkage.other.tolist()] if linkage.other is not None else []
    )
    columns = (
        pl.Series(others, dtype=pl.Int64),
        pl.Series(words, dtype=pl.String),
        pl.Series(numbers, dtype=pl.String),
    )
    return dict(zip(EXPLAINED, columns, strict=True))
