"""The model in service and a new one on the same pairs, none of which the new one has learnt: by folds over SIREN."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from reciproque.engines.zoning import curve_of

if TYPE_CHECKING:
    import numpy as np

    from reciproque.engines.linkage.scoring import Forest
    from reciproque.engines.linkage.training import Sample
    from reciproque.sourcing.pipeline.retraining import Gathered

FOLDS = 3
HOMONYM = 0.9
"""Likeness of two names (0 to 1) from which two different partners are near-homonyms."""
GAIN, LOSS = 0.005, 0.005
"""Differences of F1, or of precision when merged alone, under which two models are as good as each other."""
NAME_LIKENESS = 0


class Pairs(NamedTuple):
    """The pairs of each fold (SIREN of one fold only, so that none is in two), and those that people judged."""

    folds: "list[Sample]"
    whole: "Sample"
    judged_rows: "np.ndarray[Any, Any]"
    judged_truth: "np.ndarray[Any, Any]"
    judged_fold: "np.ndarray[Any, Any]"


def pairs(gathered: "Gathered") -> Pairs:
    """Candidate pairs of the rows, with their truth, as the engine would compare them."""
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage import training  # noqa: PLC0415 -- heavy
    from reciproque.sourcing.pipeline.retraining import COLUMNS  # noqa: PLC0415

    named = gathered.rows.head(gathered.named)
    sirens = named["siren"].to_numpy()
    fold = np.array([int(value[:8] or 0) for value in sirens.tolist()], np.int64) % FOLDS

    def sample(chosen: Any) -> Any:
        part = named.filter(chosen)
        columns = {name: part[name] for name in COLUMNS}
        return training.Sample(columns, part["siren"].to_numpy(), part["siret"].to_numpy())

    rows, truth = _judged(gathered)
    return Pairs(
        [sample(fold == part) for part in range(FOLDS)], sample(np.ones(len(named), bool)), rows, truth,
        np.arange(len(truth)) % FOLDS,
    )  # fmt: skip


def _judged(gathered: "Gathered") -> "tuple[Any, Any]":
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage.pairs import compared  # noqa: PLC0415
    from reciproque.sourcing.pipeline.retraining import COLUMNS  # noqa: PLC0415

    left = np.array([one for one, _other, _same in gathered.judged], np.int64)
    right = np.array([other for _one, other, _same in gathered.judged], np.int64)
    truth = np.array([same for _one, _other, same in gathered.judged], np.int64)
    return compared({name: gathered.rows[name] for name in COLUMNS}, left, right), truth


def sizes(gathered: "Gathered", found: Pairs) -> dict[str, int]:
    """What there is to learn from."""
    truth = found.whole.partner
    return {
        "rows": gathered.named, "sirens": int(gathered.rows.head(gathered.named)["siren"].n_unique()),
        "same": int((truth == 1).sum() + (found.judged_truth == 1).sum()),
        "different": int((truth == 0).sum() + (found.judged_truth == 0).sum()),
        "judged_same": int((found.judged_truth == 1).sum()), "judged_different": int((found.judged_truth == 0).sum()),
    }  # fmt: skip


def learnt(found: Pairs, old: "Mapping[str, Forest]", automatic: float) -> "tuple[dict[str, Forest], dict[str, Any]]":
    """The new forests, and both models measured on the pairs of each fold by a model learnt on the others."""
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage import training  # noqa: PLC0415 -- heavy
    from reciproque.engines.linkage.scoring import log_odds  # noqa: PLC0415

    odds, former, truths, alike, parts = [], [], [], [], []
    for part in range(FOLDS):
        sister = training.learn(*_taught(found, [other for other in range(FOLDS) if other != part]))
        rows, truth = _taught(found, [part])
        odds.append(log_odds(sister, rows))
        former.append(old["partner"].calibrated(log_odds(old["partner"], rows)))
        truths.append(truth)
        alike.append(rows[:, NAME_LIKENESS] >= HOMONYM)
        parts.append(np.full(len(truth), part))
    held, truth, fold = np.concatenate(odds), np.concatenate(truths), np.concatenate(parts)
    likely = np.zeros(len(held), np.float32)
    rows, every = _taught(found, list(range(FOLDS)))
    forest = training.learn(rows, every)
    for part in range(FOLDS):  # the calibration that judges a fold comes from the others
        away = fold != part
        likely[~away] = training.calibrate(forest, held[away], truth[away]).calibrated(held[~away])
    near = np.concatenate(alike)
    new = _measured(likely, truth, near, automatic)
    was = _measured(np.concatenate(former), truth, near, automatic)
    forests = {"site": _site(found, old), "partner": training.calibrate(forest, held, truth)}
    return forests, {"new": new, "old": was, "verdict": verdict(new, was, automatic)}


def _taught(found: Pairs, folds: list[int]) -> "tuple[Any, Any]":
    import numpy as np  # noqa: PLC0415 -- heavy

    mine = np.isin(found.judged_fold, folds)
    rows, truths = [found.judged_rows[mine]], [found.judged_truth[mine]]
    for part in folds:
        sample = found.folds[part]
        known = sample.partner >= 0
        rows.append(sample.rows[known])
        truths.append(sample.partner[known])
    return np.concatenate(rows), np.concatenate(truths)


def _site(found: Pairs, old: "Mapping[str, Forest]") -> "Forest":
    """Places are learnt only where enough SIRET are known; else the forest in service stays."""
    from reciproque.engines.linkage import training  # noqa: PLC0415 -- heavy
    from reciproque.engines.linkage.scoring import log_odds  # noqa: PLC0415
    from reciproque.sourcing.pipeline.retraining import LEAST_DIFFERENT, LEAST_SAME  # noqa: PLC0415

    rows, truth = found.whole.rows[found.whole.site >= 0], found.whole.site[found.whole.site >= 0]
    if (truth == 1).sum() < LEAST_SAME * 2 or (truth == 0).sum() < LEAST_DIFFERENT:
        return old["site"]
    half = len(truth) // 2
    sister = training.learn(rows[:half], truth[:half])
    return training.calibrate(training.learn(rows, truth), log_odds(sister, rows[half:]), truth[half:])


def _measured(likely: Any, truth: Any, near: Any, automatic: float) -> dict[str, Any]:
    """Figures of one model: at one chance in two, then in the automatic zone, then on near-homonyms."""
    same = truth == 1
    found, sure, homonyms = likely >= 0.5, likely >= automatic, near & ~same
    precision, recall = _share(same & found, found), _share(same & found, same)
    curve = curve_of(likely.tolist(), same.tolist())
    return {
        "precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "automatic_precision": _share(same & sure, sure), "automatic_recall": _share(same & sure, same),
        "automatic_pairs": int(sure.sum()), "homonyms": int(homonyms.sum()), "homonyms_merged": int((homonyms & sure).sum()),
        "curve": [list(point) for point in zip(curve.thresholds, curve.precision, curve.recall, strict=True)],
    }  # fmt: skip


def _share(part: Any, whole: Any) -> float:
    return float(part.sum() / whole.sum()) if whole.sum() else 1.0


def verdict(new: Mapping[str, Any], old: Mapping[str, Any], automatic: float) -> str:
    """`better`, `worse` or `alike`: wrong merges made alone weigh before all else.

    The automatic zone of the new one must keep what the threshold announces, and not fall under the old one's where that had pairs.
    """
    gain = new["f1"] - old["f1"]
    risky = bool(new["automatic_pairs"]) and new["automatic_precision"] < automatic - LOSS
    fell = bool(old["automatic_pairs"]) and new["automatic_precision"] < old["automatic_precision"] - LOSS
    if risky or fell or new["homonyms_merged"] > old["homonyms_merged"] or gain < -LOSS:
        return "worse"
    reach = new["automatic_recall"] - old["automatic_recall"]
    return "better" if gain > GAIN or reach > GAIN else "alike"
