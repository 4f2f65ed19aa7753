"""What to do next with a partner: up to three dispositifs, each with the reasons why."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import log2, sqrt

from reciproque.engines.reciprocity.balance import Lean

MOST = 3
SUPPORT = 8
"""Partners alike who do it: fewer prove nothing."""
AMONG = 20
"""Partners alike at all."""
LIFT = 1.3
"""How many times more often the alike do it than all."""
CERTAIN = 1.645
"""One-sided 95 %: the lower bound of the share among the alike must stand above the share among all."""
OFTEN = 3


class Ground(StrEnum):
    """Why something is proposed."""

    NEED = "need"
    OCCASION = "occasion"
    FOLLOWS = "follows"
    ALIKE = "alike"
    GIVE = "give"
    RECEIVE = "receive"


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground; `about` names the need, the occasion or the dispositif, `number` and `among` count, `on` dates it."""

    ground: Ground
    about: str = ""
    number: int = 0
    among: int = 0
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A dispositif to propose, the strongest reason first. `score` orders proposals, and is not shown."""

    dispositif: str
    reasons: tuple[Reason, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A dispositif that may be proposed, and what one of it usually brings to each side, in points."""

    code: str
    given: float
    received: float


@dataclass(frozen=True, slots=True)
class Practice:
    """Of `among` partners alike, `doing` do it; of `all_among` partners at all, `all_doing` do."""

    doing: int
    among: int
    all_doing: int
    all_among: int

    @property
    def lift(self) -> float:
        """How many times more often the alike do it."""
        if not self.among or not self.all_doing:
            return 0.0
        return (self.doing / self.among) / (self.all_doing / self.all_among)


@dataclass(frozen=True, slots=True)
class Need:
    """What the partner said it needs, and the dispositifs that may answer."""

    title: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something to come to which the partner could be invited."""

    dispositif: str
    title: str
    on: dt.date
    partners: int = 0


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of the partner. `done` {dispositif: times in 24 months}; `closed`: under way, refused, or « not for them »."""

    lean: Lean
    done: Mapping[str, int] = field(default_factory=dict)
    closed: Collection[str] = ()
    needs: Sequence[Need] = ()
    occasions: Sequence[Occasion] = ()


FOLLOWS: Mapping[str, tuple[str, ...]] = {
    "internship": ("advisory_board", "work_study", "talk"),
    "work_study": ("advisory_board", "jury", "apprenticeship_tax"),
    "course": ("advisory_board", "internship"),
    "talk": ("course", "visit"),
    "jury": ("course", "advisory_board"),
    "project": ("internship", "expertise"),
    "expertise": ("research", "cifre"),
    "platform": ("expertise", "research"),
    "tailored_course": ("work_study", "advisory_board"),
    "job_dating": ("internship", "work_study"),
    "apprenticeship_tax": ("visit", "event"),
    "research": ("cifre", "master_class"),
}
"""What one does often leads to: who welcomes trainees every year has something to say of the courses."""


def is_telling(practice: Practice) -> bool:
    """Whether the alike really do it more than the others: enough of them, often enough, and not by chance."""
    if practice.doing < SUPPORT or practice.among < AMONG or practice.lift < LIFT:
        return False
    return lower_bound(practice.doing, practice.among) > practice.all_doing / practice.all_among


def lower_bound(doing: int, among: int) -> float:
    """The least share that is likely behind an observed one (Wilson)."""
    share, z = doing / among, CERTAIN
    middle = share + z * z / (2 * among)
    return (middle - z * sqrt(share * (1 - share) / among + z * z / (4 * among * among))) / (1 + z * z / among)


def propose(
    situation: Situation, candidates: Iterable[Candidate], practices: Mapping[str, Practice], *, today: dt.date
) -> list[Proposal]:
    """Up to three, best first; none without a reason. Balance alone never makes one: it strengthens the others."""
    found = []
    for candidate in candidates:
        if candidate.code in situation.closed:
            continue
        scored = [*_grounds(candidate.code, situation, practices.get(candidate.code), today)]
        if scored:
            scored += _balancing(candidate, situation.lean)
            scored.sort(key=lambda pair: -pair[0])
            total = sum(score for score, _reason in scored)
            found.append(Proposal(candidate.code, tuple(reason for _score, reason in scored), total))
    return sorted(found, key=lambda one: (-one.score, one.dispositif))[:MOST]


def _grounds(
    code: str, situation: Situation, practice: Practice | None, today: dt.date
) -> Iterable[tuple[float, Reason]]:
    for need in situation.needs:
        if code in need.answers:
            yield 3.0, Reason(Ground.NEED, need.title)
            break
    ahead = [one for one in situation.occasions if one.dispositif == code and one.on > today]
    for occasion in sorted(ahead, key=lambda one: one.on)[:1]:
        yield 2.0, Reason(Ground.OCCASION, occasion.title, number=occasion.partners, on=occasion.on)
    if code in situation.done:
        return
    often = [(times, one) for one, times in situation.done.items() if times >= OFTEN and code in FOLLOWS.get(one, ())]
    if often:
        times, one = max(often)
        rank = FOLLOWS[one].index(code)
        yield 2.2 - 0.3 * rank, Reason(Ground.FOLLOWS, one, number=times)
    if practice and is_telling(practice):
        score = min(log2(practice.lift), 2.0) + practice.doing / practice.among
        yield score, Reason(Ground.ALIKE, number=practice.doing, among=practice.among)


def _balancing(candidate: Candidate, lean: Lean) -> list[tuple[float, Reason]]:
    """What would bring the balance back, when it leans."""
    if lean in {Lean.TO_UNIVERSITY, Lean.ONLY_UNIVERSITY} and candidate.given > candidate.received:
        return [(0.8, Reason(Ground.GIVE))]
    if lean in {Lean.TO_PARTNER, Lean.ONLY_PARTNER} and candidate.received > candidate.given:
        return [(0.8, Reason(Ground.RECEIVE))]
    return []
