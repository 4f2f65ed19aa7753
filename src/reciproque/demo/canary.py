"""A small university made for leak tests: an account for every role, and in every field a secret word of its own.

Each secret says by itself where it comes from (`secret-iut-restricted-partner-description-…`), so that finding it anywhere
tells which rule failed. Deterministic: the same secrets at each seeding.
"""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

import pghistory
from django.db import transaction

from reciproque.directory import search
from reciproque.directory.models import Partner, Person, Position, Sharing, Site
from reciproque.institution import services
from reciproque.institution.access import Actor
from reciproque.institution.models import ESTABLISHMENT_WIDE, Role, Unit, User

UNITS = (("iut", "IUT", "institute"), ("sfc", "Formation continue", "continuing_education_service"))
PASSWORD = "canari en cage dorée"  # noqa: S105 -- a public password, for a throw-away installation


@dataclass(frozen=True, slots=True)
class Secret:
    """A word, where it stands, and which accounts may read it."""

    text: str
    model: str
    object_id: int
    field: str
    unit: str
    sharing: str
    readable_by: tuple[str, ...]


def seed() -> dict[str, Any]:
    """Fill an empty installation; returns `{"accounts": […], "secrets": […]}`. Safe to repeat."""
    actor = Actor.system("canaris", via="command")
    with transaction.atomic(), pghistory.context(operation="demo.seed_canary", actor=str(actor), via="command"):
        root = services.found_establishment(
            actor=actor, code="univ", name="Université des Canaris", short_name="Université"
        )
        units = [_unit(actor, root, *about) for about in UNITS]
        accounts = _accounts(actor, root, units)
        secrets = [
            secret for unit in units for sharing in Sharing.values for secret in _records(unit, sharing, accounts)
        ]
    search.rebuild()
    return {
        "password": PASSWORD,
        "accounts": [{key: value for key, value in account.items() if key != "user"} for account in accounts],
        "secrets": [asdict(secret) for secret in secrets],
    }


def _unit(actor: Actor, root: Unit, code: str, name: str, kind: str) -> Unit:
    found = Unit.objects.filter(code=code).first()
    return found or services.create_unit(actor=actor, parent=root, code=code, name=name, short_name=name, kind=kind)


def _accounts(actor: Actor, root: Unit, units: list[Unit]) -> list[dict[str, Any]]:
    wanted: list[tuple[str, Unit | None, Role | None]] = [("sans-entite", None, None)]
    wanted += [(f"{role.value.replace('_', '-')}", root, role) for role in Role if role in ESTABLISHMENT_WIDE]
    for unit in units:
        wanted += [(f"{role.value}-{unit.code}", unit, role) for role in Role if role not in ESTABLISHMENT_WIDE]
    accounts = []
    for username, where, role in wanted:
        user = User.objects.filter(username=username).first() or services.create_account(
            actor=actor, username=username, email=f"{username}@canaris.example", last_name=username, password=PASSWORD
        )
        if where and role:
            services.grant_role(actor=actor, user=user, unit=where, role=role)
        accounts.append(
            {
                "username": username,
                "unit": where.code if where else "",
                "role": role.value if role else "",
                "user": user,
            }
        )
    return accounts


def secret_word(unit: str, sharing: str, field: str) -> str:
    """One word of letters, digits and hyphens, unique to unit × sharing × field."""
    tail = hashlib.sha256(f"{unit}|{sharing}|{field}".encode()).hexdigest()[:8]
    return f"secret-{unit}-{sharing}-{field.replace('_', '')}-{tail}"


def _records(unit: Unit, sharing: str, accounts: list[dict[str, Any]]) -> list[Secret]:
    def word(field: str) -> str:
        return secret_word(unit.code, sharing, field)

    named = next(a for a in accounts if a["username"] == f"member-{unit.code}")
    partner, _made = Partner.objects.get_or_create(
        name=f"Partenaire {word('partner-name')}",
        defaults={
            "acronym": word("p-sigle")[-30:],
            "former_names": [word("partner-former")],
            "description": word("partner-description"),
            "email": f"{word('partner-email')}@partenaire.example",
            "web": f"https://{word('partner-web')}.example/",
            "tags": [word("partner-tag")[:60]],
            "unit": unit,
            "sharing": sharing,
            "city": "Angers",
        },
    )
    town = {"city": "Angers", "department": "49"}
    site, _made = Site.objects.get_or_create(
        partner=partner, is_head=True, defaults={"name": word("site-name"), "address": word("site-address"), **town}
    )  # fmt: skip
    person, _made = Person.objects.get_or_create(
        last_name=word("person-name"),
        defaults={
            "email": f"{word('person-email')}@partenaire.example",
            "description": word("person-description"),
            "source": word("person-source"),
            "unit": unit,
            "sharing": sharing,
        },
    )
    position, _made = Position.objects.get_or_create(
        person=person, partner=partner, defaults={"title": word("position-title")}
    )
    _name_readers(sharing, named["user"], partner, person)
    readers = _readers(unit, sharing, accounts)
    return [
        Secret(
            word(label)[: 60 if field == "tags" else None],
            type(row).__name__.lower(),
            row.pk,
            field,
            unit.code,
            sharing,
            readers,
        )
        for row, field, label in _places(partner, site, person, position)
    ]


def _readers(unit: Unit, sharing: str, accounts: list[dict[str, Any]]) -> tuple[str, ...]:
    """Everybody with a role for the network, the unit's own ranks for the unit, one named person when restricted."""
    if sharing == Sharing.RESTRICTED:
        return (f"member-{unit.code}",)
    if sharing == Sharing.UNIT:
        return tuple(a["username"] for a in accounts if a["unit"] == unit.code)
    return tuple(a["username"] for a in accounts if a["role"])


def _places(partner: Partner, site: Site, person: Person, position: Position) -> list[tuple[Any, str, str]]:
    """Each record and field that holds a secret, and the name that its word bears."""
    return [
        (partner, "name", "partner-name"),
        (partner, "former_names", "partner-former"),
        (partner, "description", "partner-description"),
        (partner, "email", "partner-email"),
        (partner, "web", "partner-web"),
        (partner, "tags", "partner-tag"),
        (site, "name", "site-name"),
        (site, "address", "site-address"),
        (person, "last_name", "person-name"),
        (person, "email", "person-email"),
        (person, "description", "person-description"),
        (person, "source", "person-source"),
        (position, "title", "position-title"),
    ]


def _name_readers(sharing: str, user: User, partner: Partner, person: Person) -> None:
    """What is restricted is read by the one person named."""
    if sharing == Sharing.RESTRICTED:
        partner.readers.add(user)
        person.readers.add(user)
