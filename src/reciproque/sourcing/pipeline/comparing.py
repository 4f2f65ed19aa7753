"""The model in service and a new one on the same pairs, none of which the new one has learnt: by folds over SIREN."""

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

from reciproque.engines.zoning import curve_of

if TYPE_CHECKING:
    from reciproque.engines.linkage.retraining import Judged, Lessons
    from reciproque.engines.linkage.scoring import Forest
    from reciproque.engines.linkage.training import Labelled
    from reciproque.sourcing.pipeline.retraining import Gathered

FOLDS = 4
HOMONYM = 0.9
"""Likeness of two names (0 to 1) from which two different partners are near-homonyms."""
GAIN, LOSS = 0.005, 0.005
"""Differences of F1, or of precision when merged alone, under which two models are as good as each other."""
NAME_LIKENESS = 0
"""Place of the likeness of names among the features."""


def taught(gathered: "Gathered") -> "tuple[list[Labelled], list[Judged], Lessons]":
    """What there is to learn from: rows whose SIREN is known, verdicts of people, and their pairs at the level of partners."""
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage.retraining import Judged, lessons  # noqa: PLC0415 -- heavy
    from reciproque.engines.linkage.training import Labelled  # noqa: PLC0415 -- heavy
    from reciproque.sourcing.pipeline.retraining import COLUMNS  # noqa: PLC0415

    named = gathered.rows.head(gathered.named)
    arrays = {name: named[name].to_numpy() for name in COLUMNS}
    files = [Labelled(arrays, arrays["siren"], arrays["siret"])] if gathered.named else []
    judged = []
    if gathered.judged:
        left, right, same = (np.array(values) for values in zip(*gathered.judged, strict=True))
        judged = [Judged({name: gathered.rows[name] for name in COLUMNS}, left, right, same)]
    return files, judged, lessons(files, judged)


def sizes(gathered: "Gathered", lessons: "Lessons") -> dict[str, int]:
    """What there is to learn from, in numbers."""
    same = int(lessons.truth.sum())
    verdicts = sum(one for _left, _right, one in gathered.judged)
    return {
        "rows": gathered.named, "sirens": int(gathered.rows.head(gathered.named)["siren"].n_unique()),
        "same": same, "different": len(lessons.truth) - same,
        "judged_same": verdicts, "judged_different": len(gathered.judged) - verdicts,
    }  # fmt: skip


def learnt(
    files: "list[Labelled]", judged: "list[Judged]", lessons: "Lessons", old: "Mapping[str, Forest]", automatic: float
) -> "tuple[dict[str, Forest], dict[str, Any]]":
    """The new forests, and both models measured on pairs that the new one has not learnt."""
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage import retraining, training  # noqa: PLC0415 -- heavy
    from reciproque.engines.linkage.scoring import log_odds  # noqa: PLC0415

    forest = old["partner"]
    before = log_odds(forest, lessons.rows)
    fold = lessons.families % FOLDS
    odds, held = before.copy(), np.zeros(len(before), bool)
    for one, other in combinations(range(FOLDS), 2):
        touched = np.isin(fold, (one, other))
        both, rest = touched.all(axis=1), ~touched.any(axis=1)
        sister = training.grown(forest, lessons.rows[rest], lessons.truth[rest], lessons.weight[rest])
        odds[both] = log_odds(sister, lessons.rows[both])
        held |= both
    likely = np.zeros(len(odds), np.float32)
    for part in range(FOLDS):  # the calibration that judges a fold comes from the others
        mine = fold[:, 0] == part
        likely[mine] = training.calibrate(forest, odds[~mine], lessons.truth[~mine]).calibrated(odds[mine])
    near = lessons.rows[:, NAME_LIKENESS] >= HOMONYM
    new = _measured(likely[held], lessons.truth[held], near[held], automatic)
    was = _measured(forest.calibrated(before)[held], lessons.truth[held], near[held], automatic)
    forests = retraining.retrain(old, files, judged)
    return forests, {"new": new, "old": was, "verdict": verdict(new, was, automatic)}


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
