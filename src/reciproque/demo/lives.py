"""Two years of life between the fictional university and its partners: faithful ones, fading ones, silent ones; always the same."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from reciproque.demo.specs import UnitLinkSpec, World
from reciproque.demo.words import lives as words

ARCHETYPES = ("faithful", "steady", "fading", "fresh", "asleep", "silent")
DAYS: Mapping[str, tuple[tuple[int, int, int], ...]] = {
    # (how many, from so many days ago, to so many)
    "faithful": ((4, 365, 740), (4, 5, 360)),
    "steady": ((2, 365, 740), (2, 20, 350)),
    "fading": ((3, 380, 740), (1, 120, 364)),
    "fresh": ((1, 3, 170),),
    "asleep": ((2, 380, 740),),
    "silent": (),
}
WEIGHTS = {"active": (26, 34, 16, 10, 9, 5), "prospect": (1, 4, 4, 16, 12, 63), "dormant": (0, 1, 12, 1, 52, 34)}
SHARING = ("network",) * 17 + ("unit",) * 3


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange to write; `people` are keys, `colleagues` usernames."""

    partner: str
    unit: str
    author: str
    on: dt.date
    kind: str
    subject: str
    text: str
    people: tuple[str, ...]
    sharing: str
    met: bool


@dataclass(frozen=True, slots=True)
class Joint:
    """A collaboration to write."""

    partner: str
    unit: str
    author: str
    dispositif: str
    title: str
    state: str
    reason: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    people: tuple[str, ...]
    sharing: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A need, a task or a referral: `kind` says which."""

    kind: str
    partner: str
    unit: str
    author: str
    title: str
    on: dt.date
    about: str = ""
    to: str = ""
    rome: str = ""
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Something asked of a partner, or of one of its people (`person` is a key, or "")."""

    partner: str
    unit: str
    author: str
    person: str
    subject: str
    on: dt.date
    state: str
    sharing: str


@dataclass(slots=True)
class Lives:
    """Everything that happened."""

    exchanges: list[Exchange] = field(default_factory=list)
    joints: list[Joint] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


def live(world: World) -> Lives:
    """What happened between the units of this world and its partners, up to its day and some months ahead."""
    ties: dict[str, list[UnitLinkSpec]] = {}
    for link in world.links:
        ties.setdefault(link.partner, []).append(link)
    people: dict[str, list[str]] = {}
    for position in world.positions:
        if position.ended_on is None:
            people.setdefault(position.partner, []).append(position.person)
    staff: dict[str, list[str]] = {}
    for account in world.accounts:
        for unit, role in account.memberships:
            if role in {"member", "manager"}:
                staff.setdefault(unit, []).append(account.username)
    lives = Lives()
    for partner in world.partners:
        if ties.get(partner.key):
            _Life(lives, world, staff, ties[partner.key], people.get(partner.key, [])).tell(
                partner.key, partner.kind, partner.naf
            )
    return lives


class _Life:
    """One partner."""

    def __init__(
        self,
        lives: Lives,
        world: World,
        staff: Mapping[str, Sequence[str]],
        ties: Sequence[UnitLinkSpec],
        people: Sequence[str],
    ) -> None:
        self.draw = Random(f"{world.seed}-life-{ties[0].partner}")  # noqa: S311 -- a story, not a secret
        self.lives, self.today, self.staff, self.ties = lives, world.today, staff, ties
        faithful = self.draw.random() < 0.4
        self.people = list(people[:1] if faithful else people[:6])
        self.side = self.draw.choices(("both", "take", "give"), (74, 17, 9))[0]

    def tell(self, key: str, kind: str, naf: str) -> None:
        """Its whole story."""
        best = min(
            self.ties,
            key=lambda tie: ("active", "prospect", "dormant").index(tie.status) if tie.status in WEIGHTS else 3,
        )
        archetype = self.draw.choices(ARCHETYPES, WEIGHTS.get(best.status, WEIGHTS["prospect"]))[0]
        for number, first, last in DAYS[archetype]:
            for _time in range(max(1, number + self.draw.randrange(-1, 2))):
                self._moment(key, kind, self.today - dt.timedelta(days=self.draw.randrange(first, last)))
        for _time in range(self.draw.randrange(4) if archetype != "silent" else self.draw.randrange(2)):
            self._word(key, self.today - dt.timedelta(days=self.draw.randrange(1, 700)))
        if archetype in {"faithful", "steady", "fresh"} and self.draw.random() < 0.45:
            self._moment(key, kind, self.today + dt.timedelta(days=self.draw.randrange(3, 200)))
        if archetype != "silent" and self.draw.random() < 0.22:
            self._idea(key, kind)
        self._wishes(key, naf)
        self._asked(key, archetype)

    def _asked(self, key: str, archetype: str) -> None:
        """What the units ask: some of everybody, too much of a few, and some things planned."""
        draw = Random(f"{self.draw.random()}-asked")  # noqa: S311 -- a story, not a secret
        if archetype in {"silent", "asleep"} or draw.random() > 0.3:
            return
        crowded = len(self.ties) > 1 and draw.random() < 0.15
        for _time in range(draw.randrange(7, 10) if crowded else draw.randrange(1, 4)):
            tie, days = draw.choice(self.ties), draw.randrange(-45, 88)
            on = self.today - dt.timedelta(days=days)
            state = (
                "planned"
                if days < 0
                else draw.choices(words.ANSWERS, words.ANSWER_WEIGHTS)[0]
                if days > 10
                else "asked"
            )
            person = draw.choice(self.people) if self.people and draw.random() < 0.7 else ""
            author = tie.referent or draw.choice(self.staff.get(tie.unit) or self.staff["drive"])
            subject, sharing = draw.choice(words.REQUESTS), draw.choice(SHARING)
            self.lives.asked.append(Asked(key, tie.unit, author, person, subject, on, state, sharing))

    def _who(self) -> tuple[str, str]:
        """(unit, colleague) that carries what happens."""
        tie = self.draw.choice(self.ties)
        return tie.unit, tie.referent or self.draw.choice(self.staff.get(tie.unit) or self.staff["drive"])

    def _some(self) -> tuple[str, ...]:
        if not self.people:
            return ()
        return tuple(self.draw.sample(self.people, min(len(self.people), self.draw.choice((1, 1, 2)))))

    def _moment(self, key: str, kind: str, on: dt.date) -> None:
        while on.weekday() > 4 or on.month == 8:
            on -= dt.timedelta(days=1)
        unit, who = self._who()
        if self.draw.random() < 0.38:
            shape = self.draw.choice(("meeting", "visit", "video"))
            subject, text = self.draw.choice(words.MEETINGS[shape])
            self.lives.exchanges.append(
                Exchange(key, unit, who, on, shape, subject, text, self._some(), self._sharing(), met=True)
            )
            return
        code = self._dispositif(unit, kind)
        long = words.LENGTH.get(code, 0)
        ends = on + dt.timedelta(days=long) if long else None
        state = "agreed" if on > self.today else "under_way" if ends and ends > self.today else "done"
        title = self.draw.choice(words.TITLES.get(code, ("",)))
        self.lives.joints.append(Joint(key, unit, who, code, title, state, "", on, ends, self._some(), self._sharing()))

    def _dispositif(self, unit: str, kind: str) -> str:
        choices = words.BY_UNIT.get(unit, words.BY_KIND.get(kind, words.USUAL))
        if self.side != "both":
            choices = tuple(code for code in choices if code in words.SIDES[self.side]) or tuple(words.SIDES[self.side])
        return self.draw.choice(choices)

    def _sharing(self) -> str:
        return "restricted" if self.draw.random() < 0.02 else self.draw.choice(SHARING)

    def _word(self, key: str, on: dt.date) -> None:
        unit, who = self._who()
        shape = self.draw.choice(("call", "call", "email", "note", "message"))
        text = self.draw.choice(words.WORDS[shape])
        self.lives.exchanges.append(
            Exchange(key, unit, who, on, shape, "", text, self._some(), self._sharing(), met=False)
        )

    def _idea(self, key: str, kind: str) -> None:
        unit, who = self._who()
        code = self._dispositif(unit, kind)
        state = self.draw.choices(("idea", "proposed", "declined"), (5, 5, 2))[0]
        reason = self.draw.choice(words.REFUSALS) if state == "declined" else ""
        title = self.draw.choice(words.TITLES.get(code, ("",)))
        self.lives.joints.append(Joint(key, unit, who, code, title, state, reason, None, None, self._some(), "network"))

    def _wishes(self, key: str, naf: str) -> None:
        unit, who = self._who()
        chance = self.draw.random()
        if chance < 0.07:
            want = self.draw.choice(
                [one for one in words.NEEDS if not one.divisions or naf[:2] in one.divisions.split()]
            )
            on = self.today + dt.timedelta(days=self.draw.randrange(20, 420))
            people = self.draw.randint(*want.people) or None
            self.lives.wishes.append(
                Wish("need", key, unit, who, want.title, on, want.kind, rome=want.rome, people=people)
            )
        elif chance < 0.17:
            day = self.today + dt.timedelta(days=self.draw.randrange(-6, 40))
            self.lives.wishes.append(
                Wish("task", key, unit, who, self.draw.choice(words.TASKS[words.WORK.get(unit, "teaching")]), day)
            )
        elif chance < 0.2:
            other = self.draw.choice([code for code in ("iae", "iut", "sfc", "cfa", "drive", "suio") if code != unit])
            title = self.draw.choice(words.REFERRALS[other])
            self.lives.wishes.append(
                Wish("referral", key, unit, who, title, self.today + dt.timedelta(days=14), to=other)
            )
