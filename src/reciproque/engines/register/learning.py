"""Learning from rows whose company is known, and from rows that the register does not hold."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from reciproque.engines.linkage.kernels import Floats, Ints
from reciproque.engines.linkage.scoring import Forest, log_odds
from reciproque.engines.linkage.training import calibrate, learn
from reciproque.engines.register.index import Register
from reciproque.engines.register.qualifying import Ranked, prepared, ranked, row_features, scores_of, site_features

FOLDS = 2


class Example(NamedTuple):
    """Rows of one register, and what is true of them. `siret` is 0 when the site is not known."""

    found: Ranked
    siren: Ints
    siret: Ints
    register: Register


def example(columns: Mapping[str, Any], siren: Ints, siret: Ints, register: Register, threads: int = 1) -> Example:
    """Rows as they are learnt from."""
    return Example(ranked(columns, prepared(register), threads), siren, siret, register)


def picked(one: Example, chosen: Any) -> Example:
    """Some rows of an example."""
    found = one.found
    codes = found.asked._replace(codes=found.asked.codes[chosen])
    kept = Ranked(found.units[chosen], found.features[chosen], found.sites[chosen], found.names[chosen], codes)
    return Example(kept, one.siren[chosen], one.siret[chosen], one.register)


def truth(one: Example) -> Any:
    """Whether each candidate is the company of its row."""
    known = one.register.held["unit_siren"].astype(np.int64)
    return (one.found.units >= 0) & (known[np.maximum(one.found.units, 0)] == one.siren[:, None])


def site_truth(one: Example, best: Ints) -> tuple[Any, Any]:
    """(rows whose site can be judged, whether the site chosen is the right one)."""
    held = one.register.held
    site = one.found.sites[np.arange(len(best)), best]
    number = (
        held["unit_siren"].astype(np.int64)[held["site_unit"][np.maximum(site, 0)]] * 100_000
        + held["site_nic"][np.maximum(site, 0)]
    )
    right = truth(one)[np.arange(len(best)), best]
    return (one.siret > 0) & (site >= 0) & right, number == one.siret


def _companies(parts: Sequence[Example]) -> Forest:
    rows, judged = [], []
    for one in parts:
        right = truth(one)
        # Of the candidates that are wrong, one in three teaches as well as all of them; the calibration counts them all.
        here = right | ((one.found.units >= 0) & (one.found.units % 3 == 0))
        rows.append(one.found.features[here])
        judged.append(right[here])
    return learn(np.concatenate(rows), np.concatenate(judged).astype(np.int64))


def _rows(company: Forest, parts: Sequence[Example], threads: int) -> tuple[Floats, Ints]:
    features, judged = [], []
    for one in parts:
        best, _, said = row_features(one.found, scores_of(one.found, company, threads))
        features.append(said)
        judged.append(truth(one)[np.arange(len(best)), best])
    return np.concatenate(features), np.concatenate(judged).astype(np.int64)


def train(examples: Sequence[Example], threads: int = 1) -> dict[str, Forest]:
    """The three forests. Rows are judged by companies learnt without theirs (folds by SIREN); the first example says how sure
    is sure, the others only teach."""
    folds = [one.siren // 10 % FOLDS for one in examples]
    features: list[tuple[int, int, Floats]] = []
    judged: list[Ints] = []
    for fold in range(FOLDS):
        sister = _companies([picked(one, part != fold) for one, part in zip(examples, folds, strict=True)])
        for place, (one, part) in enumerate(zip(examples, folds, strict=True)):
            said, answers = _rows(sister, [picked(one, part == fold)], threads)
            features.append((place, fold, said))
            judged.append(answers)
    row = learn(np.concatenate([said for _, _, said in features]), np.concatenate(judged))
    odds: list[Floats] = []
    right: list[Ints] = []
    for fold in range(FOLDS):
        others = [place for place, (_, held, _) in enumerate(features) if held != fold]
        sister = learn(
            np.concatenate([features[place][2] for place in others]),
            np.concatenate([judged[place] for place in others]),
        )
        for (which, held, said), truths in zip(features, judged, strict=True):
            if held == fold and which == 0:
                odds.append(log_odds(sister, said, threads))
                right.append(truths)
    company = _companies(examples)
    return {
        "company": _calibrated(company, examples, threads),
        "row": calibrate(row, np.concatenate(odds), np.concatenate(right)),
        "site": _sites(company, examples, threads),
    }


def _calibrated(company: Forest, examples: Sequence[Example], threads: int) -> Forest:
    first = examples[0]
    here = first.found.units >= 0
    return calibrate(company, scores_of(first.found, company, threads)[here], truth(first)[here].astype(np.int64))


def _sites(company: Forest, examples: Sequence[Example], threads: int) -> Forest:
    features: list[Floats] = []
    judged: list[Ints] = []
    halves: list[Ints] = []
    for one in examples:
        best, _, _ = row_features(one.found, scores_of(one.found, company, threads))
        known, right = site_truth(one, best)
        features.append(site_features(one.found, best)[known])
        judged.append(right[known].astype(np.int64))
        halves.append((one.siren // 10 % 2)[known])
    rows, right, half = np.concatenate(features), np.concatenate(judged), np.concatenate(halves)
    odds = np.empty(len(rows), np.float32)
    for side in range(2):
        odds[half == side] = log_odds(learn(rows[half != side], right[half != side]), rows[half == side], threads)
    return calibrate(learn(rows, right), odds, right)
