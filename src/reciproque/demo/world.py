"""The demonstration's establishment: a university that does not exist, its partners and the people it knows.

Names are composed, SIREN and SIRET have right check digits but begin with 14 (a range the register has not given), telephone
numbers are those kept for fiction, addresses end in `.example`; towns are real. Same seed, same world.
"""

import datetime as dt
from functools import cache

from reciproque.demo.drawing import Draw, slug
from reciproque.demo.partner_making import Network, Staff, fill
from reciproque.demo.people_making import gather
from reciproque.demo.specs import (
    AccountSpec,
    PartnerSpec,
    PersonSpec,
    PositionSpec,
    SiteSpec,
    TagSpec,
    UnitLinkSpec,
    UnitSpec,
    World,
)
from reciproque.demo.words import institution

__all__ = [
    "AccountSpec",
    "PartnerSpec",
    "PersonSpec",
    "PositionSpec",
    "SiteSpec",
    "TagSpec",
    "UnitLinkSpec",
    "UnitSpec",
    "World",
    "build",
]

SEED = 20261123
TODAY = dt.date(2026, 11, 23)
DOMAIN = institution.DOMAIN
UNLED = frozenset({"ulv", "iut", "cetrat", "ufr-sante"})
"""Units where no colleague is drawn as manager: a profile leads the IUT, and the administrator is told of the others."""


@cache
def build(seed: int = SEED, partners: int = 1500, people: int = 4000, today: dt.date = TODAY) -> World:
    """The whole description; the same for the same arguments."""
    draw = Draw(f"{seed}-world")
    units, accounts = _units(draw), _accounts(draw)
    network = Network(draw, staff_of(accounts), today)
    fill(network, partners)
    crowd = gather(network, people)
    return World(
        seed, today, units, accounts, tuple(network.partners), tuple(network.sites), tuple(crowd.people), tuple(crowd.positions),
        tuple(network.links), tuple(TagSpec(name) for name in institution.TAGS),
    )  # fmt: skip


def _units(draw: Draw) -> tuple[UnitSpec, ...]:
    return tuple(
        UnitSpec(code, name, short, kind, parent, f"{code}@{DOMAIN}", draw.landline("44"), rank, rank % 12, city)
        for rank, (code, name, short, kind, parent, city) in enumerate(institution.UNITS)
    )


def _accounts(draw: Draw) -> tuple[AccountSpec, ...]:
    found = [
        AccountSpec(username, first, last, f"{username}@{DOMAIN}", title, draw.landline("44"), day, memberships)
        for username, first, last, title, memberships, day in institution.PERSONAS
    ]
    taken = {account.username for account in found}
    surnames = {account.last_name for account in found}
    for unit, titles in institution.STAFF_TITLES.items():
        for rank, title in enumerate(titles):
            who = draw.name()
            while who.last in surnames or f"{slug(who.first)}.{slug(who.last)}" in taken:
                who = draw.name()
            username = f"{slug(who.first)}.{slug(who.last)}"
            taken.add(username)
            surnames.add(who.last)
            role = "manager" if rank == 0 and unit not in UNLED else "reader" if unit == "ulv" else "member"
            words = title[1] if who.civility == "Mme" else title[0]
            found.append(
                AccountSpec(
                    username,
                    who.first,
                    who.last,
                    f"{username}@{DOMAIN}",
                    words,
                    draw.landline("44"),
                    "",
                    ((unit, role),),
                )
            )
    newcomers = [
        AccountSpec(one[0], *one[1:3], f"{one[0]}@{DOMAIN}", one[3], "", "", ()) for one in institution.NEWCOMERS
    ]
    return tuple(found + newcomers)


def staff_of(accounts: tuple[AccountSpec, ...]) -> Staff:
    """Who may carry ties, by unit."""
    by_unit: dict[str, list[str]] = {}
    for account in accounts:
        for unit, role in account.memberships:
            if role in {"member", "manager"}:
                by_unit.setdefault(unit, []).append(account.username)
    central = [name for unit in ("drive", "suio", "fondation") for name in by_unit[unit]]
    return Staff(dict(by_unit), central)
