"""Speaking with one voice: how much a partner and its people were asked lately, and whether one more request should wait.

A solicitation is a dated request made to somebody (come, hire, teach, answer, give). The pressure is their number in a window of
days; past a cap, or too soon after the last one, the next one is held until somebody who answers for the tie releases it.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Why a request to somebody waits, or is not made at all."""

    DO_NOT_CONTACT = "do_not_contact"
    UNSUBSCRIBED = "unsubscribed"
    NO_ADDRESS = "no_address"
    BOUNCED = "bounced"
    SAME_ADDRESS = "same_address"
    NO_PARTNER = "no_partner"
    PERSON_CAP = "person_cap"
    PARTNER_CAP = "partner_cap"
    COOL_DOWN = "cool_down"
    TALKS = "talks"
    BY_HAND = "by_hand"


FINAL = frozenset(
    {
        Reason.DO_NOT_CONTACT, Reason.UNSUBSCRIBED, Reason.NO_ADDRESS, Reason.BOUNCED, Reason.SAME_ADDRESS,
        Reason.NO_PARTNER,
    }
)  # fmt: skip
"""What nobody may release: the person's own will, an address that does not work, somebody who speaks for no partner any more."""


@dataclass(frozen=True, slots=True)
class Caps:
    """What an establishment allows: solicitations of a person, of a partner, in `window` days; days of rest after each."""

    person: int = 3
    partner: int = 8
    window: int = 90
    rest: int = 14

    def __post_init__(self) -> None:
        if min(self.person, self.partner, self.window) < 1 or self.rest < 0:
            raise ValueError("Caps are positive")


@dataclass(frozen=True, slots=True)
class Pressure:
    """Solicitations in the window that ends on a day, the cap, and the first day on which one more would not exceed it."""

    count: int
    cap: int
    free_on: dt.date

    @property
    def reached(self) -> bool:
        """Whether one more today would exceed the cap."""
        return self.count >= self.cap


def pressure(asked: Iterable[dt.date], *, today: dt.date, cap: int, window: int) -> Pressure:
    """The pressure of one day. What is asked later than `today` counts from its own day on, not now."""
    opened = today - dt.timedelta(days=window - 1)
    inside = sorted((day for day in asked if opened <= day <= today), reverse=True)
    free = today if len(inside) < cap else inside[cap - 1] + dt.timedelta(days=window)
    return Pressure(len(inside), cap, free)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody one wants to ask something. `key` is theirs, `partner` the partner they are asked for.

    `against` are the final reasons already known (`FINAL`). `talks`: another unit speaks with the partner these days.
    """

    key: int
    partner: int
    email: str
    against: Collection[Reason] = ()
    talks: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """The days on which people and partners were asked something, by key."""

    people: Mapping[int, Sequence[dt.date]] = field(default_factory=dict)
    partners: Mapping[int, Sequence[dt.date]] = field(default_factory=dict)


def plan(addressees: Sequence[Addressee], past: Past, caps: Caps, *, today: dt.date) -> dict[int, tuple[Reason, ...]]:
    """For each addressee, in their order, why the request waits; empty when it may go.

    Those who may go count for the next ones of the same partner, so that one message to a whole company keeps under its cap. The
    first who holds an address has it; the same address further down is not written to twice.
    """
    decided: dict[int, tuple[Reason, ...]] = {}
    going: dict[int, int] = {}
    taken: set[str] = set()
    for one in addressees:
        if one.key in decided:
            continue
        final = {*one.against} | ({Reason.SAME_ADDRESS} if one.email and one.email.lower() in taken else set())
        if not one.email:
            final.add(Reason.NO_ADDRESS)
        why = final or _held(one, past, caps, today, going.get(one.partner, 0))
        decided[one.key] = tuple(reason for reason in Reason if reason in why)
        if one.email:
            taken.add(one.email.lower())
        if not why:
            going[one.partner] = going.get(one.partner, 0) + 1
    return decided


def _held(one: Addressee, past: Past, caps: Caps, today: dt.date, going: int) -> set[Reason]:
    person = past.people.get(one.key, ())
    partner = past.partners.get(one.partner, ())
    why = set()
    if pressure(person, today=today, cap=caps.person, window=caps.window).reached:
        why.add(Reason.PERSON_CAP)
    if pressure(partner, today=today, cap=caps.partner, window=caps.window).count + going >= caps.partner:
        why.add(Reason.PARTNER_CAP)
    last = max((day for day in person if day <= today), default=None)
    if last is not None and (today - last).days < caps.rest:
        why.add(Reason.COOL_DOWN)
    if one.talks:
        why.add(Reason.TALKS)
    return why
