"""One way to make a row of every table that holds a partner, a place or a person; where a rule forbids two alike, both sides may say the same."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from django.utils import timezone

from reciproque.directory import services
from reciproque.directory.models import Partner, PartnerUnit, Person, Position, Site
from reciproque.foundation.models import InboundMessage
from reciproque.institution.models import Unit, User
from reciproque.relations.models import (
    Campaign,
    CampaignRecipient,
    CaptureAddress,
    Collaboration,
    CollaborationPart,
    Filing,
    Handover,
    Interaction,
    InteractionPerson,
    Invitation,
    InvitationMail,
    InvitedMeeting,
    Need,
    ProposalAnswer,
    Referral,
    Solicitation,
    Target,
    Task,
    Unsubscription,
)
from reciproque.sourcing.models import Import, ImportFile, RecordPerson, RegisterProposal, Source, SourceRecord
from tests.factories import (
    CollaborationFactory,
    InteractionFactory,
    PartnerFactory,
    PersonFactory,
    SiteFactory,
    UnitFactory,
    UserFactory,
    dispositif,
)

DAY = dt.date(2026, 10, 1)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the records that may be one, with a place and a person of its own."""

    partner: Partner
    site: Site
    person: Person


@dataclass
class Scene:
    """What rows hang on: when `shared`, both sides hang on the same."""

    random: Random
    lines: int = 0
    sides: list[Side] = field(default_factory=list)

    @cached_property
    def units(self) -> list[Unit]:
        """Two faculties."""
        return [UnitFactory(), UnitFactory()]

    @cached_property
    def users(self) -> list[User]:
        """Two accounts."""
        return [UserFactory(), UserFactory()]

    @cached_property
    def campaigns(self) -> list[Campaign]:
        """Two campaigns."""
        return [Campaign.objects.create(unit=self.units[0], title=f"Forum {n}") for n in range(2)]

    @cached_property
    def elsewhere(self) -> Partner:
        """A partner that nobody merges, where people of both sides may be."""
        return PartnerFactory(name="Ailleurs")

    @cached_property
    def interactions(self) -> list[Interaction]:
        """Exchanges with that other partner."""
        return InteractionFactory.create_batch(2, partner=self.elsewhere, unit=self.units[0])

    @cached_property
    def collaborations(self) -> list[Collaboration]:
        """Collaborations with that other partner."""
        return CollaborationFactory.create_batch(2, partner=self.elsewhere, unit=self.units[0])

    @cached_property
    def message(self) -> InboundMessage:
        """A message that concerns several partners."""
        return InboundMessage.objects.create(digest="d" * 64, raw=b"", recipients=["suivi@univ.example"])

    @cached_property
    def addresses(self) -> list[CaptureAddress]:
        """Where it was sent."""
        pairs = zip(self.users, self.units, strict=True)
        return [CaptureAddress.objects.create(user=u, unit=n, key=f"k{u.pk}") for u, n in pairs]

    @cached_property
    def run(self) -> Import:
        """An import."""
        source = Source.objects.create(code="forum", name="Forum", unit=self.units[0])
        file = ImportFile.objects.create(path="x", original_name="x.csv", sha256="0" * 64, size=1)
        return Import.objects.create(source=source, unit=self.units[0], file=file)

    def either(self, found: list[Any]) -> Any:
        """One of two: both sides may well take the same."""
        return self.random.choice(found)

    def record(self, **values: Any) -> SourceRecord:
        """A row of the import."""
        self.lines += 1
        run = self.run
        fixed = {"state": "applied", "applied_at": timezone.now(), "row_key": f"k{self.lines}"}
        return SourceRecord.objects.create(
            import_run=run, source=run.source, unit=run.unit, line=self.lines, observed_on=DAY, cells=["x"], **fixed, **values
        )  # fmt: skip

    def add_side(self) -> Side:
        """One more record that may be the same, with all that can hang on it."""
        pick = self.random.choice
        partner = PartnerFactory(name=pick(["Fonderie", "Fonderie SA"]), email=pick(["", "a@x.example", "b@x.example"]))
        site = SiteFactory(partner=partner, address=pick(["", "1 rue du Port"]), postcode="44600", city="Ville")
        for _more in range(pick([0, 0, 1])):
            SiteFactory(partner=partner, is_head=False, address=pick(["2 quai Vert", "1 rue du Port"]), postcode="44600", city="Ville")  # fmt: skip
        person = PersonFactory(last_name="Marchand", phone=pick(["", "+33240998877"]))
        side = Side(partner, site, person)
        self.sides.append(side)
        for make in ROWS.values():
            make(self, side)
        services.sites.copy_head(partner)
        partner.refresh_from_db()
        return side


def _once(model: Any, keys: dict[str, Any], values: dict[str, Any]) -> None:
    model.objects.get_or_create(**keys, defaults=values)


def _positions(scene: Scene, side: Side) -> None:
    pick = scene.random.choice
    shared = [one.person for one in scene.sides] + [side.person]
    for person in {pick(shared), side.person}:
        values = {"title": pick(["", "directrice"]), "site": pick([None, side.site])}
        _once(Position, {"person": person, "partner": side.partner, "ended_on": None}, values)
    Position.objects.create(person=side.person, partner=side.partner, title="stagiaire", ended_on=DAY)
    _once(Position, {"person": side.person, "partner": scene.elsewhere, "ended_on": None}, {"service": pick(["", "RH"])})  # fmt: skip


def _ties(scene: Scene, side: Side) -> None:
    for unit in scene.random.sample(scene.units, scene.random.randint(1, 2)):
        referent = scene.random.choice([None, *scene.users])
        _once(PartnerUnit, {"partner": side.partner, "unit": unit}, {"referent": referent})


def _handovers(scene: Scene, side: Side) -> None:
    unit = scene.random.choice([None, scene.units[0]])
    was, now = scene.users
    Handover.objects.create(partner=side.partner, unit=unit, was=was, now=now, state="waiting")
    Handover.objects.create(partner=side.partner, unit=unit, was=was, now=now, state="closed")


def _meetings(scene: Scene, side: Side) -> None:
    held = InteractionFactory(partner=side.partner, unit=scene.units[0])
    uid = scene.either(["reunion-1", "reunion-2"])
    InvitedMeeting.objects.create(uid=uid, partner=side.partner, interaction=held, stamp=timezone.now())


def _invitations(scene: Scene, side: Side) -> None:
    made = InteractionFactory(partner=side.partner, unit=scene.units[0])
    held = Invitation.objects.create(interaction=made, person=side.person, email="x@x.example")
    InvitationMail.objects.create(invitation=held)


def _proposals(scene: Scene, side: Side) -> None:
    fact = scene.either(["closed:1", "closed:2"])
    state = {"state": "refused", "decided_at": timezone.now()} if scene.either([True, False]) else {}
    RegisterProposal.objects.create(partner=side.partner, site=side.site, kind="closed", fact=fact, found_on=DAY, **state)  # fmt: skip


def _tasks(scene: Scene, side: Side) -> None:
    values = {"owner": scene.users[0], "title": "Rappeler", "due_on": DAY}
    Task.objects.create(partner=side.partner, person=scene.either([None, side.person]), **values)
    Task.objects.create(person=side.person, **values)


def _referrals(scene: Scene, side: Side) -> None:
    here, there = scene.units
    Referral.objects.create(partner=side.partner, person=side.person, from_unit=here, to_unit=there, subject="Stages")


def _recipients(scene: Scene, side: Side) -> None:
    CampaignRecipient.objects.create(
        campaign=scene.either(scene.campaigns), person=side.person, partner=side.partner, email=side.person.email, state="ready"
    )  # fmt: skip


def _rows_of_files(scene: Scene, side: Side) -> None:
    row = scene.record(partner=side.partner, site=side.site, candidate=scene.either([None, side.partner]))
    RecordPerson.objects.create(record=row, person=side.person)


def _read(scene: Scene, side: Side) -> None:
    scene.record(candidate=side.partner, decision="doubtful")


Make = Callable[[Scene, Side], Any]
ROWS: dict[str, Make] = {
    "directory.partnerunit": _ties,
    "directory.position": _positions,
    "directory.site": lambda scene, side: side.site,
    "relations.campaignrecipient": _recipients,
    "relations.collaboration": lambda scene, side: CollaborationFactory(
        partner=side.partner, unit=scene.units[0], site=scene.either([None, side.site])
    ),
    "relations.collaborationpart": lambda scene, side: CollaborationPart.objects.create(
        collaboration=scene.either(scene.collaborations), person=side.person, role=scene.either(["", "jurée"])
    ),
    "relations.filing": lambda scene, side: Filing.objects.create(
        message=scene.message, address=scene.either(scene.addresses), partner=side.partner
    ),
    "relations.handover": _handovers,
    "relations.interaction": lambda scene, side: InteractionFactory(
        partner=side.partner, unit=scene.units[0], site=scene.either([None, side.site])
    ),
    "relations.interactionperson": lambda scene, side: InteractionPerson.objects.create(
        interaction=scene.either(scene.interactions), person=side.person
    ),
    "relations.invitation": _invitations,
    "relations.invitedmeeting": _meetings,
    "relations.need": lambda scene, side: Need.objects.create(
        partner=side.partner, person=side.person, unit=scene.units[0], title="Soudeurs"
    ),
    "relations.proposalanswer": lambda scene, side: ProposalAnswer.objects.create(
        partner=side.partner, dispositif=dispositif(scene.either(["talk", "visit"])), verdict="never"
    ),
    "relations.referral": _referrals,
    "relations.solicitation": lambda scene, side: Solicitation.objects.create(
        partner=side.partner, person=side.person, unit=scene.units[0], subject="Jury", on=DAY
    ),
    "relations.target": lambda scene, side: Target.objects.create(partner=side.partner, floor=scene.either([2, 3])),
    "relations.task": _tasks,
    "relations.unsubscription": lambda scene, side: Unsubscription.objects.create(
        person=side.person, campaign=scene.either([None, scene.campaigns[0]])
    ),
    "sourcing.recordperson": _rows_of_files,
    "sourcing.registerproposal": _proposals,
    "sourcing.sourcerecord": _read,
}
"""Table → what makes a row of it for one side."""
