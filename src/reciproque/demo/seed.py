"""The demonstration university, filled once: its units and people through their operations, its network taken over in bulk, then
the files of a few units imported as anybody would.
"""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from reciproque.demo import letters, living, quality, register, voices
from reciproque.demo import world as fiction
from reciproque.demo.specs import PartnerSpec, PersonSpec, PositionSpec, SiteSpec, UnitLinkSpec, World
from reciproque.directory.models import Partner, PartnerUnit, Person, Position, Site
from reciproque.directory.services.takeover import take_over
from reciproque.foundation.jobs import defer
from reciproque.institution import services
from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role, Unit, User
from reciproque.sourcing import services as sourcing
from reciproque.sourcing.models import Import, Source
from reciproque.sourcing.pipeline import running

CHOICES = (
    ("Donateur", "partner.name"),
    ("Nom du mécène", "partner.name"),
    ("Représenté par", "person1.full_name"),
    ("MA_Nom", "person1.last_name"),
    ("Contact / Interloc", "person1.full_name"),
    ("Employeur_Adresse1", "site.address"),
    ("Identification / A", "site.address"),
)
WHOLE = ("name", "siren", "kind", "naf", "headcount_band", "legal_category")


def run() -> bool:
    """Fill an installation whose directory is empty; returns whether it did anything. Safe to repeat."""
    if Partner.objects.exists():
        return False
    actor = Actor.system("démonstration", via="command")
    found = fiction.build(today=timezone.localdate())
    units = _units(actor, found)
    users = _accounts(actor, found, units)
    partners, people = _network(actor, found, units, users)
    living.tell(actor, found, partners, people, units, users)
    voices.speak(actor, users, units)
    letters.deliver(users, units, found.today)
    _files(users)
    quality.fill(actor, quality.steward_of(users))
    defer("sourcing.compare_network", timestamp=0)
    register.write(found, Path(settings.SIRENE_DIR) / "stock")
    defer("sourcing.follow_register", timestamp=0)
    return True


def _units(actor: Actor, found: World) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for spec in found.units:
        if not spec.parent:
            units[spec.code] = services.found_establishment(
                actor=actor, code=spec.code, name=spec.name, short_name=spec.short_name
            )
            continue
        units[spec.code] = Unit.objects.filter(code=spec.code).first() or services.create_unit(
            actor=actor, parent=units[spec.parent], code=spec.code, name=spec.name, short_name=spec.short_name, kind=spec.kind,
            email=spec.email, phone=spec.phone, position=spec.position, colour=spec.colour,
        )  # fmt: skip
    return units


def _accounts(actor: Actor, found: World, units: dict[str, Unit]) -> dict[str, User]:
    users: dict[str, User] = {}
    for spec in found.accounts:
        user = User.objects.filter(username=spec.username).first() or services.create_account(
            actor=actor, username=spec.username, email=spec.email, first_name=spec.first_name, last_name=spec.last_name,
            title=spec.title, phone=spec.phone, persona=spec.persona, password=None,
        )  # fmt: skip
        for unit, role in spec.memberships:
            services.grant_role(actor=actor, user=user, unit=units[unit], role=role)
        users[spec.username] = user
    # One hash for all: its cost, which is the point of it, would be a tenth of the time to fill a demonstration open to everybody.
    User.objects.filter(pk__in=[user.pk for user in users.values() if user.persona]).update(
        password=make_password(settings.DEMO_PASSWORD)
    )
    return users


def _network(
    actor: Actor, found: World, units: dict[str, Unit], users: dict[str, User]
) -> tuple[dict[str, Partner], dict[str, Person]]:
    partners: dict[str, Partner] = {}
    for spec in found.partners:
        partners[spec.key] = partner_of(spec, partners, units, users, found.today)
    sites = {spec.key: site_of(spec, partners) for spec in found.sites}
    people = {spec.key: person_of(spec, units) for spec in found.people}
    positions = [position_of(spec, people, partners, sites) for spec in found.positions]
    ties = [tie_of(spec, partners, units, users) for spec in found.links]
    with pghistory.context(operation="directory.take_over", actor=str(actor), via="command"):
        take_over(
            actor=actor, partners=list(partners.values()), sites=list(sites.values()), people=list(people.values()),
            positions=positions, ties=ties,
        )  # fmt: skip
    for spec in found.partners:
        if spec.readers:
            partners[spec.key].readers.set([users[name] for name in spec.readers])
    return partners, people


def partner_of(
    spec: PartnerSpec, known: dict[str, Partner], units: dict[str, Unit], users: dict[str, User], today: dt.date
) -> Partner:
    """An unsaved partner, its group before it."""
    values: dict[str, Any] = {
        name: getattr(spec, name)
        for name in (
            "name", "usual_name", "acronym", "kind", "country", "siren", "rna", "foreign_id", "legal_category", "naf", "headcount_band",
            "headcount_year", "size_category", "web", "email", "phone", "description", "sharing",
        )
    }  # fmt: skip
    lists = {"former_names": list(spec.former_names), "languages": list(spec.languages), "tags": list(spec.tags)}
    origin = {"kind": "register", "source": "sirene", "record": None, "on": today.isoformat()}
    signed = WHOLE if spec.siren else ()
    return Partner(
        **values, **lists, parent=known.get(spec.parent), unit=units.get(spec.unit), referent=users.get(spec.referent),
        register_state="A" if spec.siren else "", diffusion="O" if spec.siren else "",
        origins={name: origin for name in signed if values.get(name)},
    )  # fmt: skip


def site_of(spec: SiteSpec, partners: dict[str, Partner]) -> Site:
    """An unsaved site."""
    names = (
        "name", "siret", "uai", "is_head", "address", "postcode", "city", "cedex", "city_code", "department", "country", "latitude",
        "longitude", "phone", "email", "state",
    )  # fmt: skip
    return Site(partner=partners[spec.partner], **{name: getattr(spec, name) for name in names})


def person_of(spec: PersonSpec, units: dict[str, Unit]) -> Person:
    """An unsaved person."""
    names = (
        "civility", "first_name", "last_name", "email", "phone", "mobile", "description", "channel", "do_not_contact", "refusal",
        "refused_on", "source", "collected_on", "informed_on",
    )  # fmt: skip
    lists = {"other_emails": list(spec.other_emails), "languages": list(spec.languages), "tags": list(spec.tags)}
    return Person(unit=units.get(spec.unit), **lists, **{name: getattr(spec, name) for name in names})


def position_of(
    spec: PositionSpec, people: dict[str, Person], partners: dict[str, Partner], sites: dict[str, Site]
) -> Position:
    """An unsaved position."""
    return Position(
        person=people[spec.person], partner=partners[spec.partner], site=sites.get(spec.site), title=spec.title, service=spec.service,
        started_on=spec.started_on, ended_on=spec.ended_on,
    )  # fmt: skip


def tie_of(
    spec: UnitLinkSpec, partners: dict[str, Partner], units: dict[str, Unit], users: dict[str, User]
) -> PartnerUnit:
    """An unsaved tie."""
    return PartnerUnit(
        partner=partners[spec.partner],
        unit=units[spec.unit],
        status=spec.status,
        referent=users.get(spec.referent),
        since=spec.since,
    )


def _files(users: dict[str, User]) -> None:
    """Import the units' own files, each by one of its people; the last one is checked and left for them to finish."""
    from reciproque.demo.messy import messy_files  # noqa: PLC0415 -- writes spreadsheets, which most commands never do

    files = messy_files(today=timezone.localdate())
    for rank, file in enumerate(files):
        unit = Unit.objects.get(code=file.unit)
        actor = Actor.of(_importer(unit, users), via="import")
        source = Source.objects.filter(code=file.source).first()
        source = source or sourcing.create_source(actor=actor, unit=unit, name=file.label, code=file.source)
        kept = sourcing.receive_file(actor=actor, content=io.BytesIO(file.content), name=file.filename)
        run = sourcing.open_import(actor=actor, source=source, file=kept)
        sourcing.map_columns(actor=actor, run=run, mapping=chosen(run.mapping))
        run.refresh_from_db()
        sourcing.start_check(actor=actor, run=run)
        running.check(run.pk)
        run.refresh_from_db()
        if rank < len(files) - 1 and run.state == Import.State.CHECKED:
            sourcing.run_import(actor=actor, run=run)
            running.apply(run.pk)


def _importer(unit: Unit, users: dict[str, User]) -> User:
    """Somebody who may import for the unit: one of its members, else the data steward."""
    held = Membership.objects.filter(unit=unit, role__in=[Role.MEMBER, Role.MANAGER]).order_by("pk").first()
    return (
        held.user
        if held
        else next(user for user in users.values() if user.memberships.filter(role=Role.DATA_STEWARD).exists())
    )


def chosen(mapping: dict[str, Any] | None) -> dict[str, Any]:
    """The columns as guessed, with what a person adds in the wizard where the heading says little."""
    known = dict(mapping or {})
    taken = {column["field"] for column in known["columns"]}
    for column in known["columns"]:
        field = next((field for start, field in CHOICES if column["header"].startswith(start)), None)
        if column["field"] is None and field not in taken:
            column["field"] = field
            taken.add(field)
    return known
