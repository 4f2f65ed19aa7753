"""The engine: rows in, groups out, at the level of sites or of partners."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from reciproque.engines.linkage.blocking import B_NAME, B_SET, candidates
from reciproque.engines.linkage.clustering import groups
from reciproque.engines.linkage.encoding import NAME, SIREN, Nodes, encode
from reciproque.engines.linkage.evidence import evidence, hearsay, prior, settled, slips
from reciproque.engines.linkage.explaining import Explanation, Met, best_links
from reciproque.engines.linkage.features import COUNT, Comparer
from reciproque.engines.linkage.kernels import Floats, Ints, Table, spread, threads_or_default
from reciproque.engines.linkage.scoring import Forest, load, walk
from reciproque.engines.linkage.sites import Sites, largest, near, sites_of, standing

if TYPE_CHECKING:
    import polars as pl

Level = Literal["site", "partner"]
DECISIONS = ("none", "review", "auto")
ADDED = ("cluster_id", "score", "decision")
"""Columns that a file gets."""
EXPLAINED = ("linked_line", "why", "weights")
"""Columns that it gets besides when reasons are asked for."""
ABSENT: dict[tuple[str, bool], float] = {
    ("site", False): -2.0, ("site", True): -2.0, ("partner", False): -0.7, ("partner", True): -0.1,
}  # fmt: skip
"""What a pair that was never compared weighs in the mean of two groups, in a file that says how to reach people or not. Where places
and telephones are said, a partner has sites that nothing brings together: that they were not compared says nothing."""
LEAST: dict[str, float] = {"site": -0.4, "partner": -0.1}
"""Mean log-odds from which two groups are proposed as one: a review costs less than a duplicate never seen."""
SURER: dict[tuple[str, bool], float] = {
    ("site", False): 0.0, ("site", True): 1.5, ("partner", False): 0.0, ("partner", True): 0.0,
}  # fmt: skip
"""What is asked besides the model's threshold, in a file that says how to reach people or not, before nobody need look. The threshold
is that of typed names, without any contact; where sites have addresses, telephones and SIRET, what is wrong near it is one site of a
partner typed with the address or the SIRET of another."""
NEGLIGIBLE = -4.0
"""Log-odds under which a pair weighs as if it had not been compared."""
SELF = 1 << B_NAME | 1 << B_SET
FARTHEST = -6.0
NEAREST = 9.0


@dataclass(frozen=True, slots=True)
class Linkage:
    """For each row: its group, the probability of its best link in it, what may be done (place in `DECISIONS`), its automatic group."""

    group: Ints
    score: Floats
    decision: Ints
    automatic: Ints
    pairs: int
    other: Ints | None = None
    """The row that each is best linked with, -1 none; only when reasons were asked for."""
    why: tuple[Explanation | None, ...] = ()
    """Why, for each row."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """For each node: its group, its automatic group, what may be done, the probability of its best link, and whether it stands for
    equal rows that are told apart."""

    whole: Ints
    sure: Ints
    decision: Ints
    score: Floats
    apart: Table


Pairs = tuple[Ints, Ints, Floats]
"""(left, right, log-odds), left < right."""
Candidates = tuple[Ints, Ints, Ints]
"""(left, right, families met)."""
BATCH = 8192
"""Pairs compared at a time: their features stay in the processor's cache."""
SORTED = 8_000_000
"""Pairs put in order at a time: in a file of millions of rows their places would be much of the memory."""


def shown(score: Floats, decision: Ints) -> tuple[Table, Table]:
    """Scores and decisions as they are written in files."""
    return score.astype(np.float64).round(4), np.array(DECISIONS, dtype=object)[decision]


def silent(_message: str) -> None:
    """Nobody is told of progress."""


def link(
    columns: Mapping[str, Any], *, level: Level = "partner", threads: int | None = None, model: Mapping[str, Forest] | None = None,
    automatic: float | None = None, reasons: bool = False, said: "pl.DataFrame | None" = None, tell: Callable[[str], None] = silent,
) -> Linkage:  # fmt: skip
    """Group the rows of a file.

    `columns` are those of `encoding.COLUMNS` (a list or a polars column each; `name` is required). The groups, their numbers and
    their scores are the same in any order of the rows and with any number of threads. `automatic` replaces the model's threshold
    (log-odds from which nobody need look). `reasons` asks why each row is linked with the one it is best linked with. `said` is all
    that each row says, when it is more than `columns`: rows told apart though they are equal here are numbered in its order.
    """
    linked = link_levels(
        columns, levels=(level,), threads=threads, model=model, automatic=None if automatic is None else {level: automatic},
        reasons=reasons, said=said, tell=tell,
    )  # fmt: skip
    return linked[level]


def link_levels(
    columns: Mapping[str, Any], *, levels: Sequence[Level] = ("site", "partner"), threads: int | None = None,
    model: Mapping[str, Forest] | None = None, automatic: Mapping[Level, float] | None = None, reasons: bool = False,
    said: "pl.DataFrame | None" = None, tell: Callable[[str], None] = silent,
) -> dict[Level, Linkage]:  # fmt: skip
    """The same at several levels: rows are read and pairs compared once."""
    held = model or load()
    tell("Lecture des noms et des adresses…")
    nodes = encode(columns)
    file = _File(nodes, held, automatic or {}, threads_or_default(threads))
    tell(f"{len(nodes)} fiches distinctes. Recherche des rapprochements possibles…")
    pairs = candidates(nodes, file.threads)
    tell(f"{len(pairs[0])} paires à comparer…")
    repeated = np.flatnonzero(nodes.weights > 1)
    itself = repeated, repeated, np.full(len(repeated), SELF)
    own = odds_by_level({level: held[level] for level in levels}, nodes, itself, file.threads)
    linked: dict[Level, Linkage] = {}
    found = (_by_sites if nodes.rich else _by_rows)(file, pairs, own, levels)
    tell("Regroupement…")
    for level, (resolved, compared, odds, count) in found.items():
        linked[level] = _rows(nodes, resolved, count, columns if said is None else said)
        if reasons:
            tell("Explication…")
            left, right, mask = (np.concatenate(sides) for sides in zip(compared, itself, strict=True))
            met = Met(left, right, np.concatenate((odds, own[level])), mask)
            other, why = best_links(held[level], nodes, columns, met, linked[level].group, level, file.threads)
            linked[level] = replace(linked[level], other=other, why=why)
    return linked


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is being linked."""

    nodes: Nodes
    forests: Mapping[str, Forest]
    automatic: Mapping[Level, float]
    threads: int

    def alone(self, own: Mapping[str, Floats], level: Level) -> Floats:
        """Log-odds that the rows of each node are one."""
        alone = np.full(len(self.nodes), FARTHEST, np.float32)
        alone[self.nodes.weights > 1] = own[level]
        return alone

    def resolved(self, pairs: Pairs, own: Mapping[str, Floats], level: Level) -> Resolved:
        """Groups from the log-odds of pairs of rows."""
        return resolve(
            self.forests[level], pairs, weights=self.nodes.weights, siren=self.nodes.codes[:, SIREN], alone=self.alone(own, level),
            level=level, automatic=self.automatic.get(level), rich=self.nodes.rich,
        )  # fmt: skip


Grouped = tuple[Resolved, Candidates, Floats, int]
"""What was found, by which pairs, of which log-odds, among how many that were compared."""


def _by_rows(
    file: _File, pairs: Candidates, own: Mapping[str, Floats], levels: Sequence[Level]
) -> dict[Level, Grouped]:
    """Groups of rows, each pair of which is compared."""
    forests: dict[str, Forest] = {level: file.forests[level] for level in levels}
    odds = odds_by_level(forests, file.nodes, pairs, file.threads)
    left, right, _mask = pairs
    return {
        level: (file.resolved((left, right, odds[level]), own, level), pairs, odds[level], len(left))
        for level in levels
    }


def _by_sites(
    file: _File, pairs: Candidates, own: Mapping[str, Floats], levels: Sequence[Level]
) -> dict[Level, Grouped]:
    """Groups of rows that can be of one place, then of the sites that they are."""
    nodes = file.nodes
    found: dict[Level, Grouped] = {}
    placed = near(nodes, pairs[0], pairs[1], file.threads)
    close = pairs[0][placed], pairs[1][placed], pairs[2][placed]
    forests: dict[str, Forest] = {level: file.forests[level] for level in ("site", *levels)}
    odds = odds_by_level(forests, nodes, close, file.threads)
    left, right, _mask = close
    if "site" in levels:
        found["site"] = file.resolved((left, right, odds["site"]), own, "site"), close, odds["site"], len(left)
    if "partner" in levels:
        siren, partner = nodes.codes[:, SIREN], file.forests["partner"]
        if "site" in found and "site" not in file.automatic:
            whole = found["site"][0].whole
        else:
            whole = site_groups(file.forests["site"], (left, right, odds["site"]), siren, rich=nodes.rich)
        asked = file.automatic.get("partner")
        sure = surely_one(partner, (left, right, odds["partner"]), whole, siren, automatic=asked, rich=nodes.rich)
        sites = sites_of(whole, sure, nodes.weights)
        compared, heard, fresh = _between(file, pairs, placed, odds["partner"], sites)
        resolved = resolve_partners(
            partner, (*compared[:2], heard), sites, weights=nodes.weights, siren=siren, alone=file.alone(own, "partner"), automatic=asked,
            rich=nodes.rich,
        )  # fmt: skip
        found["partner"] = resolved, compared, heard, len(left) + fresh
    return {level: found[level] for level in levels}


def _between(
    file: _File, pairs: Candidates, placed: Table, odds: Floats, sites: Sites
) -> tuple[Candidates, Floats, int]:
    """(pairs within sites and the one that stands for each two sites, their log-odds, how many had to be compared)."""
    left, right, mask = pairs
    chosen = standing(sites, left, right, mask, placed)
    every = np.sort(np.concatenate((np.flatnonzero(placed & (sites.of[left] == sites.of[right])), chosen)))
    known = placed[every]
    compared = left[every], right[every], mask[every]
    heard = np.empty(len(every), np.float32)
    heard[known] = odds[(np.cumsum(placed) - 1)[every[known]]]
    fresh = compared[0][~known], compared[1][~known], compared[2][~known]
    heard[~known] = odds_by_level({"partner": file.forests["partner"]}, file.nodes, fresh, file.threads)["partner"]
    return compared, heard, len(fresh[0])


def automatic_from(forest: Forest, level: str, *, rich: bool) -> float:
    """Log-odds from which nobody need look, in a file that says how to reach people or not."""
    return forest.automatic + SURER[level, rich]


def grouped(pairs: Pairs, siren: Ints, level: Level, automatic: float, *, rich: bool) -> tuple[Ints, Ints]:
    """(automatic group, group) of each node, from the log-odds of their pairs."""
    left, right, odds = pairs
    kept = odds > NEGLIGIBLE
    return groups(
        len(siren), left[kept], right[kept], odds[kept], automatic=automatic, absent=ABSENT[level, rich], least=LEAST[level], identity=siren
    )  # fmt: skip


def resolve(
    forest: Forest, pairs: Pairs, *, weights: Ints, siren: Ints, alone: Floats, level: Level, automatic: float | None = None,
    rich: bool,
) -> Resolved:  # fmt: skip
    """Groups of nodes, from the log-odds of their pairs.

    `weights` are how many rows each node stands for, `alone` the log-odds that these rows are one; `rich` says what kind of file it is
    (`Statistics`). Nodes that no pair of at least `LEAST` joins, even through others, never weigh on each other: a file may be resolved
    piece by piece.
    """
    threshold = automatic_from(forest, level, rich=rich) if automatic is None else automatic
    sure, whole = grouped(pairs, siren, level, threshold, rich=rich)
    decision, score = _judged(forest, sure, whole, pairs, weights, alone, threshold)
    apart = (alone < 0) & (weights > 1) & (np.bincount(whole, minlength=len(whole))[whole] == 1)
    return Resolved(whole, sure, decision, score, apart)


def site_groups(forest: Forest, pairs: Pairs, siren: Ints, *, rich: bool) -> Ints:
    """The site of each node, as partners are made of: whatever threshold is asked for sites themselves."""
    return grouped(pairs, siren, "site", automatic_from(forest, "site", rich=rich), rich=rich)[1]


def surely_one(
    forest: Forest, pairs: Pairs, site: Ints, siren: Ints, *, automatic: float | None = None, rich: bool
) -> Ints:
    """The pieces of sites (`site`: the group of each node) that are surely one partner, by the log-odds of their pairs."""
    left, right, odds = pairs
    threshold = automatic_from(forest, "partner", rich=rich) if automatic is None else automatic
    kept = (odds > NEGLIGIBLE) & (site[left] == site[right])
    sure, _whole = groups(
        len(site), left[kept], right[kept], odds[kept], automatic=threshold, absent=ABSENT["partner", rich], least=threshold,
        identity=siren,
    )  # fmt: skip
    return sure


def resolve_partners(
    forest: Forest, pairs: Pairs, sites: Sites, *, weights: Ints, siren: Ints, alone: Floats, automatic: float | None = None, rich: bool,
) -> Resolved:  # fmt: skip
    """Groups of nodes that are known to be sites, from the log-odds of the pairs within sites and of the one that stands for two sites.

    A site is merged alone with another only by rows of their cores, and with it its core only. As with `resolve`, sites that no pair
    joins, even through others, never weigh on each other.
    """
    left, right, odds = pairs
    threshold = automatic_from(forest, "partner", rich=rich) if automatic is None else automatic
    single, place = np.unique(sites.of, return_inverse=True)
    identity = np.full(len(single), -1, np.int64)
    np.maximum.at(identity, place, siren)
    one, other = place[left], place[right]
    kept = (one != other) & (odds > NEGLIGIBLE)
    stood = np.where(sites.core[left] & sites.core[right], odds, np.minimum(odds, np.float32(threshold - 0.01)))[kept]
    sure, whole = groups(
        len(single), np.minimum(one, other)[kept], np.maximum(one, other)[kept], stood, automatic=threshold,
        absent=ABSENT["partner", rich], least=LEAST["partner"], identity=identity,
    )  # fmt: skip
    pieces = np.unique(np.where(sites.core, len(weights) + sure[place], sites.piece), return_inverse=True)[1]
    decision, score = _judged(forest, pieces, whole[place], pairs, weights, alone, threshold)
    apart = (alone < 0) & (weights > 1) & (np.bincount(whole[place], minlength=len(place))[whole[place]] == 1)
    return Resolved(whole[place], pieces, decision, score, apart)


def pair_odds(
    forest: Forest, nodes: Nodes, left: Ints, right: Ints, mask: Ints, level: str, threads: int, *, whole: bool = False
) -> Floats:
    """Log-odds of pairs: the model's, and what identifiers, slips of the keyboard and the size of the file add."""
    return odds_by_level({level: forest}, nodes, (left, right, mask), threads, whole=whole)[level]


def odds_by_level(
    forests: Mapping[str, Forest], nodes: Nodes, pairs: Candidates, threads: int, *, whole: bool = False
) -> dict[str, Floats]:
    """Log-odds of pairs at each level: they are compared once, a batch after the other, and no table of them all is made.

    Unless `whole`, the log-odds of a pair that is not worth `NEGLIGIBLE` are only known to be low.
    """
    comparer = Comparer(nodes)
    found = {level: np.empty(len(pairs[0]), np.float32) for level in forests}
    priors = {level: np.float32(prior(nodes, level)) for level in forests}

    def judge(order: Ints) -> None:
        rows = np.empty((min(BATCH, len(order)), COUNT), np.float32)
        for at in range(0, len(order), BATCH):
            places = order[at : at + BATCH]
            left, right, mask = (side[places].astype(np.int64) for side in pairs)
            part = rows[: len(places)]
            comparer.fill(0, len(places), (left, right, mask), part)
            slipped = slips(nodes, left, right)
            for level, forest in forests.items():
                heard = hearsay(nodes, left, right, level)
                out = evidence(nodes, left, right, level) + slipped + heard
                walk(forest, part, out, whole=whole, rich=nodes.rich)
                found[level][places] = np.clip(settled(out + priors[level], heard), FARTHEST, NEAREST)

    def judge_all(order: Ints) -> None:
        spread(lambda start, end: judge(order[start:end]), len(order), threads)

    for order in _in_turn(nodes, pairs[0], pairs[1]):
        judge_all(order)
    return found


def _in_turn(nodes: Nodes, left: Ints, right: Ints) -> Iterator[Ints]:
    """The places of all pairs, `SORTED` or so at a time: those of one name on the left together, as `by_names` orders them."""
    parts = -(-len(left) // SORTED)
    if parts <= 1:
        yield by_names(nodes, left, right)
        return
    part = (nodes.codes[:, NAME] % parts).astype(np.int8)
    for one in range(parts):
        chosen = np.flatnonzero(part[left] == one)
        yield chosen[by_names(nodes, left[chosen], right[chosen])]


def by_names(nodes: Nodes, left: Ints, right: Ints) -> Ints:
    """An order of pairs where those of the same two names follow one another."""
    names = nodes.codes[:, NAME]
    return np.argsort(names[left] * (len(nodes.names.pointers) + 1) + names[right])


def _judged(
    forest: Forest, sure: Ints, whole: Ints, pairs: Pairs, weights: Ints, alone: Floats, threshold: float
) -> tuple[Ints, Floats]:
    """(decision, score) of each node; equal rows are one group only when their likeness is enough."""
    left, right, odds = pairs
    count = len(weights)
    best_in, best_out = np.full(count, FARTHEST, np.float32), np.full(count, FARTHEST, np.float32)
    inside = whole[left] == whole[right]
    for side in (left, right):
        np.maximum.at(best_in, side[inside], odds[inside])
        np.maximum.at(best_out, side[~inside], odds[~inside])
    sizes, main = np.bincount(whole, minlength=count), largest(sure, whole, weights)
    merged = (sizes[whole] > 1) | (alone >= 0)
    core = (sure == main[whole]) & (
        (np.bincount(sure, minlength=count)[sure] > 1) | ((weights > 1) & (alone >= threshold))
    )
    repeats_sure = (weights == 1) | (alone >= threshold)
    decision = np.where(core & repeats_sure, 2, np.where(merged, 1, 0))
    strength = np.where(merged, np.maximum(best_in, alone), np.maximum(best_out, alone))
    score = forest.calibrated(strength)
    score = np.where(decision == 0, np.minimum(score, np.float32(0.499)), score).astype(np.float32)
    return decision, score


def _rows(nodes: Nodes, found: Resolved, pairs: int, said: "Mapping[str, Any] | pl.DataFrame") -> Linkage:
    """Say of each row what its node became; rows that are equal but told apart are one group each."""
    whole, sure, apart = found.whole, found.sure, found.apart
    node = nodes.row_node
    group, automatic = whole[node].copy(), sure[node].copy()
    lonely = _by_content(np.flatnonzero(apart[node]), node, said)
    fresh = len(nodes) + np.arange(len(lonely))
    group[lonely], automatic[lonely] = fresh, fresh
    firsts = np.full(len(nodes) + len(lonely), len(nodes) + len(lonely), np.int64)
    np.minimum.at(firsts, group, np.where(apart[node], group, node))
    _, numbered = np.unique(firsts[group], return_inverse=True)
    _, cores = np.unique(automatic, return_inverse=True)
    return Linkage(numbered + 1, found.score[node], found.decision[node], cores + 1, pairs)


def _by_content(rows: Ints, node: Ints, said: "Mapping[str, Any] | pl.DataFrame") -> Ints:
    """The rows in the order of their nodes, then of what they say, so that it is not that of the file."""
    import polars as pl  # noqa: PLC0415 -- heavy

    if len(rows) == 0:
        return rows
    each = said.get_columns() if isinstance(said, pl.DataFrame) else [pl.Series(cells) for cells in said.values()]
    told = [cells.gather(rows) for cells in each if not cells.dtype.is_nested() and cells.dtype != pl.Object]
    told = [cells.cast(pl.String) if cells.dtype in {pl.Categorical, pl.Enum} else cells for cells in told]
    keys = [pl.Series(node[rows]), *told, pl.Series(rows)]
    frame = pl.DataFrame([cells.alias(str(place)) for place, cells in enumerate(keys)])
    return frame.sort(frame.columns)[frame.columns[-1]].to_numpy()
