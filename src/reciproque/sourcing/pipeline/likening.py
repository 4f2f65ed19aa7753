"""Which partner a row of a file, or a form being filled, is most like: candidates by their keys, three zones by the model.

Automatic: nobody need look. Review: somebody does. Below, nothing is said.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from reciproque.engines.linkage import Verdict
from reciproque.sourcing.pipeline import network
from reciproque.sourcing.pipeline.network import Network
from reciproque.sourcing.pipeline.weighing import contact_only, settings_in_force

if TYPE_CHECKING:
    from reciproque.engines.linkage.explaining import Explanation
    from reciproque.engines.linkage.incremental import Comparison
    from reciproque.engines.linkage.scoring import Forest
    from reciproque.engines.linkage.stores import Owned

EVEN = 0.5
"""Likelihood from which a row waits for somebody, at least: as likely as not."""
RIVAL = 1.0
"""Two partners whose log-odds are closer than this are rivals: somebody chooses."""
LIKENESS = "likeness"
NONE: Mapping[int, Collection[int]] = MappingProxyType({})
Said = tuple[Mapping[str, Any], Mapping[str, Any]]
"""What a row says of its partner and of its site, by field (`engines.intake`)."""


class Like(NamedTuple):
    """A partner that what is being typed is like, and why when it was asked."""

    partner: int
    odds: float
    score: float
    why: "Explanation | None" = None


def lines_of(record: int, partner: Mapping[str, Any], site: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of what somebody says of an organisation: one for each name."""
    names = (partner.get("name"), partner.get("usual_name"), partner.get("acronym"), site.get("site_name"))
    said = (
        partner.get("siren", ""), site.get("siret", ""), site.get("address", ""), site.get("postcode", ""), site.get("city", ""),
        site.get("department", ""), partner.get("phone") or site.get("site_phone", ""), partner.get("email", ""), partner.get("web", ""),
    )  # fmt: skip
    return [(record, name, *said) for name in dict.fromkeys(filter(None, names))]


def _compared(
    said: Mapping[int, Said], forest: "Forest"
) -> "tuple[Comparison | None, dict[int, list[tuple[float, int, int]]]]":
    """What these rows were compared with: for each (log-odds, partner, place of the pair), the most alike first."""
    from reciproque.engines.linkage.incremental import compare_with  # noqa: PLC0415 -- compiled

    rows: Owned = network.owned(line for record in sorted(said) for line in lines_of(-record, *said[record]))
    found = compare_with(Network(), forest, rows, among=False)
    alike: dict[int, list[tuple[float, int, int]]] = {}
    if found is not None:
        for place, (row, partner, odds) in enumerate(zip(*(part.tolist() for part in found.edges), strict=True)):
            alike.setdefault(-row, []).append((odds, partner, place))
    for each in alike.values():
        each.sort(key=lambda one: (-one[0], one[1]))
    return found, alike


def _likelihood(forest: "Forest", odds: float) -> float:
    import numpy as np  # noqa: PLC0415 -- heavy

    return float(forest.calibrated(np.array([odds], np.float32))[0])


def percent(why: "Explanation") -> int:
    """How likely it is, of a hundred."""
    return round(100 * _likelihood(network.forest(), why.odds))


def recognise(said: Mapping[int, Said], apart: Mapping[int, Collection[int]] = NONE) -> dict[int, Verdict]:
    """For each row that is like a partner: the same (automatic) or doubtful (review), with what they have in common.

    `apart` {row: partners that somebody said it is not}.
    """
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage.explaining import hints  # noqa: PLC0415 -- compiled

    if not said:
        return {}
    forest, zones = network.forest(), settings_in_force()
    found, alike = _compared(said, forest)
    for row, partners in apart.items():
        alike[row] = [one for one in alike.get(row, ()) if one[1] not in partners]
    best = {
        row: each for row, each in alike.items() if each and _likelihood(forest, each[0][0]) >= max(EVEN, zones.review)
    }
    if found is None or not best:
        return {}
    asked = np.array([each[0][2] for each in best.values()], np.int64)
    common = hints(found.nodes, found.left[asked], found.right[asked], found.mask[asked])
    scores = forest.calibrated(found.edges.odds[asked]).tolist()
    verdicts = {}
    for (row, each), score, reasons in zip(best.items(), scores, common, strict=True):
        odds, partner, _place = each[0]
        rival = each[1][1] if len(each) > 1 and odds - each[1][0] < RIVAL else None
        sure = score >= zones.automatic and rival is None and not contact_only(reasons)
        decision = "same" if sure else "doubtful"
        several = ("several_candidates",) if rival is not None else ()
        verdicts[row] = Verdict(decision, partner, rival, score, (LIKENESS, *reasons, *several))  # type: ignore[arg-type]
    return verdicts


def like(partner: Mapping[str, Any], site: Mapping[str, Any], *, shown: int = 5) -> list[Like]:
    """The partners that what is typed is like, the most alike first, each with its reasons."""
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage.explaining import explain  # noqa: PLC0415 -- compiled

    forest = network.forest()
    found, alike = _compared({1: (partner, site)}, forest)
    best = [each for each in alike.get(1, []) if _likelihood(forest, each[0]) >= EVEN][:shown]
    if found is None or not best:
        return []
    asked = np.array([place for _odds, _partner, place in best], np.int64)
    pairs = found.left[asked], found.right[asked], found.mask[asked]
    why = explain(forest, found.nodes, found.rows.columns, pairs)
    scores = forest.calibrated(found.edges.odds[asked]).tolist()
    return [Like(pk, odds, score, each) for (odds, pk, _place), score, each in zip(best, scores, why, strict=True)]


class Why(NamedTuple):
    """Why two organisations are one, or are not, and which of the rows (names, places) of each was compared."""

    told: "Explanation"
    mine: str
    theirs: str


def why(one: "Owned", other: "Owned") -> Why | None:
    """Why two organisations are one, or are not: their two rows that are most alike, explained."""
    import numpy as np  # noqa: PLC0415 -- heavy

    from reciproque.engines.linkage.explaining import explain  # noqa: PLC0415 -- compiled
    from reciproque.engines.linkage.incremental import face_to_face  # noqa: PLC0415 -- compiled

    forest = network.forest()
    found = face_to_face(Network(), forest, one + other)
    if found is None:
        return None
    best = int(np.argmax(found.edges.odds))
    pairs = tuple(part[best : best + 1] for part in (found.left, found.right, found.mask))
    told = explain(forest, found.nodes, found.rows.columns, pairs)[0]  # type: ignore[arg-type]
    rows = [int(np.argmax(found.nodes.row_node == side[best])) for side in (found.left, found.right)]
    if found.rows.owners[rows[0]] != one.owners[0]:
        rows.reverse()
    mine, theirs = (_spot(found.rows.columns, row) for row in rows)
    return Why(told, mine, theirs)


def _spot(columns: Mapping[str, Any], row: int) -> str:
    """What a row calls itself and where: « Mirvanis Aéro Fouesnant, Fouesnant »."""
    return ", ".join(str(columns[name][row]) for name in ("name", "city") if name in columns and columns[name][row])
