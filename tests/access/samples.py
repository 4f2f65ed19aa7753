"""An object for every address that needs one: a new route fails until it has its line here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reciproque.directory import services
from reciproque.directory.models import Merge, Partner, PartnerUnit, Person, Position, Site
from reciproque.foundation.history import event_model
from reciproque.institution.access import Actor
from reciproque.institution.models import ListExport, Membership, SavedView, Unit, User
from reciproque.relations.models import (
    AccessRequest,
    Campaign,
    CampaignRecipient,
    Handover,
    InteractionFile,
    Need,
    Referral,
    Solicitation,
    Task,
)
from reciproque.sourcing.models import (
    AutomaticRun,
    Check,
    Import,
    ImportFile,
    Judgement,
    RegisterProposal,
    Source,
    SourceRecord,
    TrainedModel,
)
from tests.factories import (
    CollaborationFactory,
    EstablishmentFactory,
    InteractionFactory,
    PartnerFactory,
    PersonFactory,
    PositionFactory,
    SiteFactory,
    UnitFactory,
    UserFactory,
    dispositif,
)

INSPECTION: dict[str, Any] = {
    "format": "csv",
    "sheets": [
        {
            "name": "", "format": "csv", "hidden": False, "n_rows": 1, "n_columns": 1, "header_rows": [1], "first_line": 2,
            "headers": ["Nom"], "samples": [["Élan"]], "evidence": [["Élan"]], "separator": ";", "encoding": "utf-8",
            "confidence": 1.0, "notes": [], "total_lines": [],
        }
    ],
}  # fmt: skip
MAPPING = {
    "version": 1,
    "columns": [{"index": 0, "header": "Nom", "field": "partner.name", "rule": "fill"}],
    "constants": {},
}


@dataclass(frozen=True)
class World:
    """What the samples are taken from."""

    unit: Unit
    user: User
    membership: Membership
    partner: Partner
    site: Site
    person: Person
    position: Position
    tie: PartnerUnit
    run: Import
    view: SavedView


def world() -> World:
    """One of each, in one unit, shared with the network."""
    unit = UnitFactory(parent=EstablishmentFactory())
    user = UserFactory()
    partner = PartnerFactory(unit=unit)
    site = SiteFactory(partner=partner)
    person = PersonFactory(unit=unit)
    source = Source.objects.create(code="essai", name="Essai", unit=unit)
    file = ImportFile.objects.create(path="imports/essai.csv", original_name="essai.csv", size=1, inspection=INSPECTION)
    return World(
        unit=unit,
        user=user,
        membership=Membership.objects.create(user=user, unit=unit, role="reader"),
        partner=partner,
        site=site,
        person=person,
        position=PositionFactory(person=person, partner=partner, site=site),
        tie=PartnerUnit.objects.create(partner=partner, unit=unit),
        run=Import.objects.create(source=source, unit=unit, file=file, mapping=MAPPING, state="checked"),
        view=SavedView.objects.create(page="partners", name="Vue", owner=user, visibility="establishment"),
    )


def merged(found: World) -> int:
    """A merge of a record into one of the unit."""
    kept, absorbed = PartnerFactory(unit=found.unit), PartnerFactory(unit=found.unit)
    services.merge_records(actor=Actor.system("essai"), kept=kept, absorbed=[absorbed])
    return Merge.objects.get(absorbed_id=absorbed.pk).pk


def automatic(found: World) -> AutomaticRun:
    """A run of merges made alone, taken back by nobody."""
    del found
    return AutomaticRun.objects.create(state="done", model="essai", automatic=0.995, most=10)


def to_check(found: World) -> int:
    """A merge made alone, drawn to be checked."""
    merge = Merge.objects.get(pk=merged(found))
    pair = sorted((merge.kept_id, merge.absorbed_id))
    judgement = Judgement.objects.create(kind="partner", low=pair[0], high=pair[1], verdict="same")
    return Check.objects.create(run=automatic(found), merge=merge, judgement=judgement, stratum=0).pk


def row_of(found: World) -> int:
    """A row of the import."""
    run = found.run
    made, _new = SourceRecord.objects.get_or_create(
        import_run=run, line=1, defaults={"source": run.source, "unit": run.unit, "observed_on": run.observed_on, "cells": []}
    )  # fmt: skip
    return made.pk


def campaign(found: World) -> Campaign:
    """A campaign of the unit, to be written."""
    return Campaign.objects.create(unit=found.unit, title="Essai")


BY_NAME: dict[str, Callable[[World], Any]] = {
    "unit_id": lambda w: w.unit.pk,
    "user_id": lambda w: w.user.pk,
    "membership_id": lambda w: w.membership.pk,
    "session_id": lambda _w: 1,
    "partner_id": lambda w: w.partner.pk,
    "site_id": lambda w: w.site.pk,
    "person_id": lambda w: w.person.pk,
    "position_id": lambda w: w.position.pk,
    "tie_id": lambda w: w.tie.pk,
    "import_id": lambda w: w.run.pk,
    "row_id": row_of,
    "view_id": lambda w: w.view.pk,
    "export_id": lambda w: ListExport.objects.create(user=w.user, page="essai", form="csv", rows=1).pk,
    "run_id": lambda w: automatic(w).pk,
    "check_id": to_check,
    "model_id": lambda _w: TrainedModel.objects.create(state="candidate", code="essai").pk,
    "proposal_id": lambda w: (
        RegisterProposal.objects.update_or_create(
            partner=w.partner,
            fact="essai",
            defaults={
                "kind": "closed",
                "state": "refused",
                "found_on": "2026-11-02",
                "decided_at": "2026-11-03T10:00:00Z",
            },
        )[0].pk
    ),
    "event_id": lambda w: event_model(Partner).objects.filter(pgh_obj_id=w.partner.pk).latest("pgh_id").pgh_id,
    "field": lambda _w: "name",
    "merges": merged,
    "judged": lambda _w: "1",
    "key": lambda _w: "essai",
    "handover_id": lambda w: (
        (
            Handover.objects.filter(partner=w.partner).first()
            or Handover.objects.create(partner=w.partner, was=w.user, now=UserFactory())
        ).pk
    ),
    "interaction_id": lambda w: InteractionFactory(partner=w.partner, unit=w.unit).pk,
    "collaboration_id": lambda w: CollaborationFactory(partner=w.partner, unit=w.unit).pk,
    "need_id": lambda w: Need.objects.create(partner=w.partner, unit=w.unit, title="Essai").pk,
    "task_id": lambda w: Task.objects.create(owner=w.user, unit=w.unit, title="Essai", due_on="2026-12-01").pk,
    "referral_id": lambda w: (
        Referral.objects.create(
            partner=w.partner, from_unit=w.unit.parent or w.unit, to_unit=w.unit, subject="Essai"
        ).pk
    ),
    "solicitation_id": lambda w: (
        Solicitation.objects.create(partner=w.partner, unit=w.unit, subject="Essai", on="2026-11-01").pk
    ),
    "record_id": lambda w: InteractionFactory(partner=w.partner, unit=w.unit).pk,
    "campaign_id": lambda w: campaign(w).pk,
    "recipient_id": lambda w: (
        CampaignRecipient.objects.create(
            campaign=campaign(w), person=w.person, partner=w.partner, email="e@x.fr", state="held", reasons=["talks"]
        ).pk
    ),
    "request_id": lambda w: (
        AccessRequest.objects.create(
            user=w.user, asked_of=UserFactory(), interaction=InteractionFactory(partner=w.partner, unit=w.unit)
        ).pk
    ),
    "message_id": lambda _w: 1,
    "file_id": lambda w: (
        InteractionFile.objects.create(
            interaction=InteractionFactory(partner=w.partner, unit=w.unit), name="essai.pdf", size=1, digest="0" * 64
        ).pk
    ),
    "token": lambda _w: "essai",
    "dispositif_id": lambda _w: dispositif("talk").pk,
    "slug": lambda _w: "sans-referent",
    "kind": lambda _w: "csv",
    "action": lambda _w: "arreter",
}


def record(route: str, found: World) -> dict[str, Any]:
    """The parameters of a record's page: its number, and the name of one of its fields."""
    of_person = "person" in route or "position" in route
    field = "email" if route.endswith("_cell") else "description"
    return {"pk": found.person.pk if of_person else found.partner.pk, "name": field}
