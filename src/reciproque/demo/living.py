"""The story of the demonstration, written: exchanges, collaborations, needs, tasks, referrals, and the months gone by."""

from collections.abc import Mapping
from typing import Any

from reciproque.demo.lives import Exchange, Joint, Lives, live
from reciproque.demo.specs import World
from reciproque.directory.models import Partner, Person
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from reciproque.relations import rebuilding
from reciproque.relations.catalogue import ship
from reciproque.relations.models import (
    Collaboration,
    CollaborationPart,
    CollaborationReader,
    Dispositif,
    Interaction,
    InteractionColleague,
    InteractionPerson,
    InteractionReader,
    Need,
    Referral,
    Solicitation,
    Task,
)
from reciproque.relations.services.takeover import take_over

MONTHS = 24


class Cast:
    """Who and what the story speaks of, by key."""

    def __init__(
        self,
        partners: Mapping[str, Partner],
        people: Mapping[str, Person],
        units: Mapping[str, Unit],
        users: Mapping[str, User],
    ) -> None:
        self.partners, self.people, self.units, self.users = partners, people, units, users
        self.dispositifs = {one.code: one for one in Dispositif.objects.all()}


def tell(
    actor: Actor, world: World, partners: Mapping[str, Partner], people: Mapping[str, Person], units: Mapping[str, Unit],
    users: Mapping[str, User],
) -> None:  # fmt: skip
    """Write two years of life, then count the months gone by."""
    ship()
    cast, story = Cast(partners, people, units, users), live(world)
    joint, parts, theirs = _collaborations(cast, story, world)
    exchanges, there, ours, readers = _exchanges(cast, story, world)
    take_over(
        actor=actor, collaborations=joint, parts=parts, interactions=exchanges, people=there, colleagues=ours,
        readers=[*readers, *theirs], solicitations=_asked(cast, story), **_wishes(cast, story),
    )  # fmt: skip
    rebuilding.look_back(months=MONTHS, today=world.today)


def _common(cast: Cast, one: Exchange | Joint) -> dict[str, Any]:
    return {
        "partner": cast.partners[one.partner], "unit": cast.units[one.unit], "author": cast.users[one.author], "sharing": one.sharing,
    }  # fmt: skip


def _exchanges(cast: Cast, story: Lives, world: World) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    rows, people, colleagues, readers = [], [], [], []
    for one in story.exchanges:
        state = Interaction.State.PLANNED if one.on > world.today else Interaction.State.DONE
        row = Interaction(
            **_common(cast, one), on=one.on, kind=one.kind, subject=one.subject, text=one.text, met=one.met, state=state
        )
        rows.append(row)
        people += [InteractionPerson(interaction=row, person=cast.people[key]) for key in one.people]
        colleagues.append(InteractionColleague(interaction=row, user=cast.users[one.author], mentioned=False))
        if one.sharing == "restricted":
            readers.append(InteractionReader(interaction=row, user=cast.users[one.author]))
    return rows, people, colleagues, readers


def _collaborations(cast: Cast, story: Lives, world: World) -> tuple[list[Any], list[Any], list[Any]]:
    rows, parts, readers = [], [], []
    for one in story.joints:
        dispositif = cast.dispositifs[one.dispositif]
        row = Collaboration(
            **_common(cast, one), dispositif=dispositif, title=one.title or dispositif.name, state=one.state, reason=one.reason,
            starts_on=one.starts_on, ends_on=one.ends_on, moved_on=min(one.starts_on or world.today, world.today),
            given=dispositif.to_partner, received=dispositif.to_university,
        )  # fmt: skip
        rows.append(row)
        parts += [CollaborationPart(collaboration=row, person=cast.people[key]) for key in one.people]
        parts.append(CollaborationPart(collaboration=row, user=cast.users[one.author]))
        if one.sharing == "restricted":
            readers.append(CollaborationReader(collaboration=row, user=cast.users[one.author]))
    return rows, parts, readers


def _asked(cast: Cast, story: Lives) -> list[Solicitation]:
    return [
        Solicitation(
            partner=cast.partners[one.partner], unit=cast.units[one.unit], author=cast.users[one.author], sharing=one.sharing,
            person=cast.people[one.person] if one.person else None, subject=one.subject, on=one.on, state=one.state,
        )
        for one in story.asked
    ]  # fmt: skip


def _wishes(cast: Cast, story: Lives) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {"needs": [], "tasks": [], "referrals": []}
    for one in story.wishes:
        partner, unit, who = cast.partners[one.partner], cast.units[one.unit], cast.users[one.author]
        if one.kind == "need":
            about = {"title": one.title, "kind": one.about, "horizon": one.on, "rome": one.rome, "people": one.people}
            found["needs"].append(Need(partner=partner, unit=unit, author=who, **about))
        elif one.kind == "task":
            found["tasks"].append(
                Task(partner=partner, unit=unit, author=who, owner=who, title=one.title, due_on=one.on)
            )
        else:
            to = cast.units[one.to]
            found["referrals"].append(
                Referral(partner=partner, from_unit=unit, to_unit=to, author=who, subject=one.title, due_on=one.on)
            )
    return found
