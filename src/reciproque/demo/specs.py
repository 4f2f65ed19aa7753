"""What the fictional establishment is made of: plain descriptions, tied to one another by keys."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """A unit of the university; `parent` is a code, empty for the establishment."""

    code: str
    name: str
    short_name: str
    kind: str
    parent: str
    email: str
    phone: str
    position: int
    colour: int
    city: str


@dataclass(frozen=True, slots=True)
class AccountSpec:
    """Somebody who works there; `memberships` are (unit code, role), `persona` is the sentence of a demonstration profile."""

    username: str
    first_name: str
    last_name: str
    email: str
    title: str
    phone: str
    persona: str
    memberships: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PartnerSpec:
    """A partner; `parent` is the key of its group, `unit` a unit's code, `referent` and `readers` are usernames."""

    key: str
    name: str
    usual_name: str
    acronym: str
    former_names: tuple[str, ...]
    kind: str
    country: str
    siren: str
    rna: str
    foreign_id: str
    legal_category: str
    naf: str
    headcount_band: str
    headcount_year: int | None
    size_category: str
    parent: str
    web: str
    email: str
    phone: str
    languages: tuple[str, ...]
    tags: tuple[str, ...]
    description: str
    unit: str
    referent: str
    sharing: str
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteSpec:
    """A place of a partner. Exactly one per partner is the head; `key` is the partner's key and a rank."""

    key: str
    partner: str
    name: str
    siret: str
    uai: str
    is_head: bool
    address: str
    postcode: str
    city: str
    cedex: str
    city_code: str
    department: str
    country: str
    latitude: float | None
    longitude: float | None
    phone: str
    email: str
    state: str


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """Somebody outside the university."""

    key: str
    civility: str
    first_name: str
    last_name: str
    email: str
    other_emails: tuple[str, ...]
    phone: str
    mobile: str
    languages: tuple[str, ...]
    tags: tuple[str, ...]
    description: str
    channel: str
    do_not_contact: bool
    refusal: str
    refused_on: dt.date | None
    source: str
    collected_on: dt.date
    informed_on: dt.date | None
    unit: str


@dataclass(frozen=True, slots=True)
class PositionSpec:
    """A function of a person in a partner, current when `ended_on` is None; `site` is a site's key or empty."""

    person: str
    partner: str
    site: str
    title: str
    service: str
    started_on: dt.date | None
    ended_on: dt.date | None


@dataclass(frozen=True, slots=True)
class UnitLinkSpec:
    """What a partner is to a unit, and the colleague who carries the tie (a username, or empty)."""

    partner: str
    unit: str
    status: str
    referent: str
    since: dt.date


@dataclass(frozen=True, slots=True)
class TagSpec:
    """A word of the shared vocabulary."""

    name: str


@dataclass(frozen=True, slots=True)
class World:
    """The whole fictional establishment and its network. Parents come before what refers to them."""

    seed: int
    today: dt.date
    units: tuple[UnitSpec, ...]
    accounts: tuple[AccountSpec, ...]
    partners: tuple[PartnerSpec, ...]
    sites: tuple[SiteSpec, ...]
    people: tuple[PersonSpec, ...]
    positions: tuple[PositionSpec, ...]
    links: tuple[UnitLinkSpec, ...]
    tags: tuple[TagSpec, ...]
