"""Qualification: each row of a file and the company of the register that it names, with how sure that is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from reciproque.engines.linkage.encoding import NICS
from reciproque.engines.linkage.kernels import Floats, Ints, Table, threads_or_default
from reciproque.engines.linkage.scoring import Forest, log_odds
from reciproque.engines.register import model as models
from reciproque.engines.register.asking import OWN, Asked, Index, asked_of, candidates, index_of
from reciproque.engines.register.comparing import COUNT, NAMES, compared
from reciproque.engines.register.index import Register
from reciproque.engines.register.loading import silent
from reciproque.engines.register.rows import ADDRESS_CODES, NIC, rows_of

BATCH = 50_000
DECISIONS = ("none", "review", "accepted_siren", "accepted_siret")
LEAST = 0.15
"""Probability below which a candidate is not worth anybody's time."""
ACCEPTED = 0.95
"""Probability from which the SIREN is taken without asking; the establishment may move it."""
ACCEPTED_SITE = 0.95
FAR = -30.0
WEIGHT, CONTAINED, TRIGRAMS = (NAMES.index(name) for name in ("weight", "contained", "trigrams"))
CERTAIN = 0.999
"""Said of a row whose own SIREN is in the register."""


@dataclass(frozen=True, slots=True)
class Qualification:
    """For each row: companies and sites as rows of the register (-1 none), probabilities, decision (place in `DECISIONS`)."""

    company: Ints
    site: Ints
    name: Ints
    """The name of the register that was recognised (row of its names), -1 when the number or the address alone was."""
    runner_up: Ints
    score: Floats
    runner_up_score: Floats
    site_score: Floats
    decision: Ints
    evidence: Floats
    """Numbers of the pair (`comparing.NAMES`), for the explanation."""

    def __len__(self) -> int:
        return len(self.company)


class Prepared(NamedTuple):
    """A register ready to be asked: its arrays as kernels take them."""

    register: Register
    arrays: Index
    divisions: Ints
    """Code of activity → division."""


class Ranked(NamedTuple):
    """Candidates of a batch: companies, their features, best sites and names."""

    units: Table
    features: Floats
    sites: Table
    names: Table
    asked: Asked


@lru_cache(maxsize=2)
def prepared(register: Register) -> Prepared:
    """Once for a register: a few megabytes, then every row is quick."""
    return Prepared(register, index_of(register), (register.held["unit_naf_values"].astype(np.int64) // 3200))


def ranked(columns: Mapping[str, Any], ready: Prepared, threads: int) -> Ranked:
    """The candidates of rows, compared."""
    asked = asked_of(rows_of(columns), ready.register)
    units, weights = candidates(asked, ready.arrays, ready.register, threads)
    features, sites, names = compared(asked, ready.arrays, units, weights, ready.divisions, threads)
    return Ranked(units, features, sites, names, asked)


def qualify(
    columns: Mapping[str, Any], register: Register, *, threads: int | None = None, accepted: float = ACCEPTED,
    tell: Callable[[str], None] = silent, forests: Mapping[str, Forest] | None = None,
) -> Qualification:  # fmt: skip
    """Find the company of each row. `columns` are those of `rows.COLUMNS`; only `name` is required.

    The result is the same with any number of threads. `accepted` is the probability from which a SIREN needs nobody.
    """
    workers, ready, known = threads_or_default(threads), prepared(register), forests or models.load()
    size = len(columns["name"])
    parts = []
    for start in range(0, size, BATCH):
        piece = {name: values[start : start + BATCH] for name, values in columns.items()}
        parts.append(_judged(ranked(piece, ready, workers), ready, known, accepted, workers))
        tell(f"{min(size, start + BATCH)} / {size} lignes")
    if not parts:
        parts = [_judged(ranked({"name": []}, ready, 1), ready, known, accepted, 1)]
    return Qualification(
        *(np.concatenate([getattr(part, field) for part in parts]) for field in Qualification.__slots__)
    )


def scores_of(found: Ranked, forest: Forest, threads: int) -> Floats:
    """Log-odds of every candidate, `FAR` where there is none."""
    here = found.units >= 0
    odds = np.full(found.units.shape, FAR, np.float32)
    odds[here] = log_odds(forest, np.ascontiguousarray(found.features[here]), threads)
    return odds


def row_features(found: Ranked, odds: Floats) -> tuple[Ints, Ints, Floats]:
    """(best candidate, second, what is known of the row as a whole): rivals weigh on the best."""
    lines = np.arange(len(odds))
    order: Ints = np.lexsort((found.units, -odds)) if odds.size else np.zeros(odds.shape, np.int64)
    best, second = order[:, 0], order[:, 1]
    top, next_ = odds[lines, best], odds[lines, second]
    rivals = (odds > top[:, None] - 1.0).sum(1)
    pair = found.features[lines, best]
    more = np.column_stack([top, np.maximum(next_, -12.0), np.minimum(top - next_, 12.0), rivals])
    return best, second, np.column_stack([more, pair]).astype(np.float32)


def site_features(found: Ranked, best: Ints) -> Floats:
    """What is known of the site chosen in the best company."""
    said = (found.asked.codes[:, ADDRESS_CODES] >= 0).sum(1)
    return np.column_stack([found.features[np.arange(len(best)), best], said]).astype(np.float32)


def _judged(
    found: Ranked, ready: Prepared, known: Mapping[str, Forest], accepted: float, threads: int
) -> Qualification:
    size, lines = len(found.units), np.arange(len(found.units))
    if not size:
        empty, none = np.zeros(0, np.int64), np.zeros(0, np.float32)
        return Qualification(empty, empty, empty, empty, none, none, none, empty, np.zeros((0, COUNT), np.float32))
    odds = scores_of(found, known["company"], threads)
    best, second, features = row_features(found, odds)
    pair, company, site = found.features[lines, best], found.units[lines, best], found.sites[lines, best]
    score = known["row"].calibrated(log_odds(known["row"], features, threads))
    site_score = known["site"].calibrated(log_odds(known["site"], site_features(found, best), threads))
    # A number that the register holds decides by itself; the name only tells whether it was mistyped.
    own = pair[:, WEIGHT] >= OWN
    plausible = (pair[:, CONTAINED] > 0.3) | (pair[:, TRIGRAMS] > 0.3)
    score = np.where(own & plausible, CERTAIN, np.where(own, np.minimum(score, 0.5) + 0.2, score))
    exact = own & (found.asked.codes[:, NIC] >= 0) & (site >= 0)
    exact &= ready.register.held["site_nic"][np.maximum(site, 0)] == found.asked.codes[:, NIC]
    site_score = np.where(exact, 1.0, site_score) * score
    score = np.where(company < 0, 0.0, score).astype(np.float32)
    site_score = np.where((company < 0) | (site < 0), 0.0, site_score).astype(np.float32)
    decision = np.where(score < LEAST, 0, np.where(score < accepted, 1, np.where(site_score < ACCEPTED_SITE, 2, 3)))
    other = np.where(odds[lines, second] > FAR, found.units[lines, second], -1)
    runner_score = known["company"].calibrated(odds[lines, second])
    return Qualification(
        np.where(decision == 0, -1, company), np.where(decision == 0, -1, site), found.names[lines, best], other, score,
        np.where(other < 0, 0.0, np.minimum(runner_score, score)).astype(np.float32), site_score, decision, pair,
    )  # fmt: skip


class Identity(NamedTuple):
    """What a register takes each row for: its SIREN and SIRET as numbers (-1 unknown), and the probabilities that they are right."""

    siren: Ints
    sure: Floats
    siret: Ints
    site_sure: Floats


def identify(columns: Mapping[str, Any], register: Register, *, threads: int | None = None) -> Identity:
    """Whom each row names: two rows of one SIREN are one partner, two of one SIRET one site."""
    found = qualify(columns, register, threads=threads)
    siren, nic = _taken(register.held["unit_siren"], found.company), _taken(register.held["site_nic"], found.site)
    placed = (siren >= 0) & (nic >= 0)
    return Identity(
        siren, np.where(siren >= 0, found.score, 0.0).astype(np.float32),
        np.where(placed, siren * NICS + nic, -1), np.where(placed, found.site_score, 0.0).astype(np.float32),
    )  # fmt: skip


def _taken(values: Table, places: Ints) -> Ints:
    """The values in these places, -1 where there is none."""
    out, known = np.full(len(places), -1, np.int64), places >= 0
    out[known] = values[places[known]]
    return out


def suggested(columns: Mapping[str, Any], register: Register) -> list[tuple[int, int]]:
    """For the one row asked: (company, its best site), likeliest first. For somebody who types."""
    found = ranked(columns, prepared(register), 1)
    odds = scores_of(found, models.load()["company"], 1)[0]
    order = [int(place) for place in np.argsort(-odds, kind="stable") if odds[place] > FAR]
    return [(int(found.units[0, place]), int(found.sites[0, place])) for place in order]
