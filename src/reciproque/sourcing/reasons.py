"""Why two organisations look like one, in words: the seven lines of the engine, for those who may read both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext

from reciproque.directory import policies as directory
from reciproque.directory.records.duplicates import LOOKERS, Known
from reciproque.foundation.panels import WHY
from reciproque.institution.access import Actor
from reciproque.sourcing import waking
from reciproque.sourcing.models import SourceRecord
from reciproque.sourcing.pipeline import likening, network

if TYPE_CHECKING:
    from reciproque.engines.linkage.clues import Clue
    from reciproque.engines.linkage.explaining import Explanation

TOLD = 3
"""Lines told while one types: those that weigh the most."""
FEW = 3
"""Pairs explained at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the explanation. `weight` is in log-odds; `part`, of a hundred, how it stands to the heaviest.

    `alike`: what it tells in common only. `note`: why a difference speaks in favour, or a likeness against.
    """

    title: str
    said: str
    weight: float
    part: int
    alike: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Two organisations, how likely they are one (of a hundred), and why. `mine`, `theirs`: the name and the place of each that were
    compared, among all those that it is known under."""

    one: str
    other: str
    percent: int
    lines: list[Line]
    mine: str
    theirs: str


def lines_of(why: "Explanation") -> list[Line]:
    """The seven lines in the reader's language."""
    from reciproque.engines.linkage.clues import SILENT, TITLES, UNLIKE  # noqa: PLC0415 -- compiled

    heaviest = max((abs(line.weight) for line in why.lines), default=0) or 1
    found = []
    for line in why.lines:
        alike = [clue for clue in line.clues if clue.code not in UNLIKE | SILENT]
        unlike = [clue for clue in line.clues if clue.code in UNLIKE]
        weight = round(line.weight, 1) + 0.0
        part = round(100 * abs(line.weight) / heaviest)
        note = _note(weight, alike=bool(alike), unlike=bool(unlike))
        found.append(Line(gettext(TITLES[line.code]), _told(line.clues), weight, part, _told(alike), note))
    return found


def _told(clues: "Iterable[Clue]") -> str:
    from reciproque.engines.linkage.clues import SENTENCES  # noqa: PLC0415 -- compiled

    told = " ; ".join(gettext(SENTENCES[clue.code]).format(*clue.words) for clue in clues)
    return told.replace("« ", "«\N{NO-BREAK SPACE}").replace(" »", "\N{NO-BREAK SPACE}»")


def _note(weight: float, *, alike: bool, unlike: bool) -> str:
    """A weight that says the contrary of what is seen is explained."""
    if weight > 0 and unlike and not alike:
        return gettext("différence courante entre deux fiches d’une même organisation")
    if weight < 0 and alike and not unlike:
        return gettext("ressemblance courante entre organisations différentes")
    return ""


def of_partners(actor: Actor, ids: Sequence[int]) -> list[Reasons]:
    """Why the first of these partners and each other one are one, for those that the actor may read."""
    rows = {row.pk: row for row in directory.partners.allowed(actor, "view").filter(pk__in=list(ids)[: FEW + 1])}
    found = [rows[pk] for pk in dict.fromkeys(ids) if pk in rows]
    store = network.Network()
    return _all(
        (found[0].label, other.label, likening.why(store.rows([found[0].pk]), store.rows([other.pk])))
        for other in found[1:]
    )


def of_row(actor: Actor, row: SourceRecord) -> list[Reasons]:
    """Why a row of a file and the partner that it is thought to be are one."""
    candidate = directory.partners.allowed(actor, "view").filter(pk=row.candidate_id or 0).first()
    if candidate is None:
        return []
    said = row.draft.get("partner", {}), row.draft.get("site", {})
    mine = network.owned(likening.lines_of(-row.pk, *said))
    name = str(said[0].get("name") or said[0].get("usual_name") or "")
    return _all([(name, candidate.label, likening.why(mine, network.Network().rows([candidate.pk])))])


def _all(pairs: "Iterable[tuple[str, str, likening.Why | None]]") -> list[Reasons]:
    return [
        Reasons(one, other, likening.percent(why.told), lines_of(why.told), why.mine, why.theirs)
        for one, other, why in pairs
        if why is not None
    ]


def look(actor: Actor, said: dict[str, str]) -> list[Known]:
    """« Déjà connu ? »: the partners that what is being typed is like, among those that the actor may read."""
    if not said:
        waking.wake()
        return []
    alike = likening.like(said, said, shown=10)
    rows: dict[int, Any] = {
        row.pk: row for row in directory.partners.allowed(actor, "view").filter(pk__in=[one.partner for one in alike])
    }
    found = []
    for one in alike:
        if (row := rows.get(one.partner)) is not None and one.why is not None:
            detail = " · ".join(filter(None, [row.city, row.siren]))
            heard = [line for line in lines_of(one.why) if line.weight > 0 and line.alike]
            why = tuple(line.alike for line in sorted(heard, key=lambda line: -line.weight)[:TOLD])
            found.append(Known(row.pk, row.label, detail, likely=True, why=why))
    return found


def address(kind: str, ids: Sequence[int]) -> str:
    """Where to read why these records look like one; "" when nothing is known of it."""
    return f"{reverse('sourcing:why')}?fiches={','.join(map(str, ids))}" if kind == "partner" else ""


def offer() -> None:
    """Tell the directory's pages."""
    WHY.append(address)
    LOOKERS.append(look)
