"""The fictional establishment: always the same, coherent, and nobody's."""

import datetime as dt
from collections import Counter

import pytest

from reciproque.demo.partner_making import LETTERS
from reciproque.demo.words import companies, organisations, people
from reciproque.demo.world import SEED, TODAY, build
from reciproque.directory import reference
from reciproque.directory.reference import communes_named
from reciproque.engines.identifiers import fold, read_phone, read_rna, siren_is_valid, siret_is_valid
from reciproque.institution.models import ESTABLISHMENT_WIDE, Role

FICTION = ("+3319900", "+3326191", "+3335301", "+3346571", "+3353649", "+3363998")


@pytest.fixture(scope="module")
def world():
    return build()


def test_the_same_seed_makes_the_same_world(world):
    build.cache_clear()
    assert build() == world
    assert build(SEED + 1, partners=60, people=90) != build(SEED, partners=60, people=90)


@pytest.mark.parametrize(("partners", "staff"), [(40, 60), (300, 500)])
def test_any_size_can_be_asked_for(partners, staff):
    small = build(partners=partners, people=staff)
    assert (len(small.partners), len(small.people)) == (partners, staff)


def test_its_size(world):
    assert (len(world.partners), len(world.people)) == (1500, 4000)
    assert 12 <= len(world.units) <= 20
    assert 50 <= len(world.accounts) <= 70
    assert sum(bool(account.persona) for account in world.accounts) == 11
    assert len(world.sites) > 1900
    kinds = Counter(partner.kind for partner in world.partners)
    assert kinds["company"] > 1000
    assert {
        "association",
        "authority",
        "school",
        "hospital",
        "opco",
        "branch",
        "chamber",
        "foundation",
        "research",
    } <= set(kinds)
    assert sum(bool(partner.parent) for partner in world.partners) > 120
    assert 40 < sum(person.do_not_contact for person in world.people) < 160


def test_every_key_leads_somewhere(world):
    units = {unit.code for unit in world.units}
    assert all(unit.parent in units for unit in world.units[1:])
    accounts = {account.username: account for account in world.accounts}
    assert all(unit in units for account in world.accounts for unit, _role in account.memberships)
    partners = {partner.key for partner in world.partners}
    sites = {site.key: site for site in world.sites}
    persons = {person.key for person in world.people}
    tags = {tag.name for tag in world.tags}
    seen: set[str] = set()
    for partner in world.partners:
        assert partner.parent in seen | {""}
        assert partner.unit in units
        assert partner.referent in accounts or not partner.referent
        assert set(partner.tags) <= tags
        seen.add(partner.key)
    assert Counter(site.partner for site in world.sites if site.is_head) == Counter(partners)
    for position in world.positions:
        assert position.person in persons
        assert position.partner in partners
        assert not position.site or sites[position.site].partner == position.partner
    assert {position.person for position in world.positions} == persons
    assert all(link.partner in partners and link.unit in units for link in world.links)
    assert all(link.referent in accounts or not link.referent for link in world.links)


def test_what_the_database_demands(world):
    assert len({account.email for account in world.accounts}) == len(world.accounts)
    current = Counter((p.person, p.partner) for p in world.positions if p.ended_on is None)
    assert max(current.values()) == 1
    assert all(not (p.started_on and p.ended_on) or p.started_on <= p.ended_on for p in world.positions)
    assert max(Counter((link.partner, link.unit) for link in world.links).values()) == 1
    assert all(bool(person.refusal) == person.do_not_contact for person in world.people)
    siren = [partner.siren for partner in world.partners if partner.siren]
    siret = [site.siret for site in world.sites if site.siret]
    rna = [partner.rna for partner in world.partners if partner.rna]
    assert (len(set(siren)), len(set(siret)), len(set(rna))) == (len(siren), len(siret), len(rna))
    assert all(role in Role.values for account in world.accounts for _unit, role in account.memberships)
    assert {role for a in world.accounts for _unit, role in a.memberships} >= {
        role.value for role in ESTABLISHMENT_WIDE
    }


def test_days_follow_one_another(world):
    for person in world.people:
        assert dt.date(2019, 1, 1) < person.collected_on <= TODAY
        assert person.informed_on is None or person.collected_on <= person.informed_on <= TODAY
        assert person.refused_on is None or person.refused_on <= TODAY
        assert "{" not in person.source
    assert all(link.since <= TODAY for link in world.links)


def test_numbers_are_valid_and_nobodys(world):
    for partner in world.partners:
        assert not partner.siren or (siren_is_valid(partner.siren) and partner.siren.startswith("14"))
        assert not partner.rna or read_rna(partner.rna).value == partner.rna
    for site in world.sites:
        assert not site.siret or siret_is_valid(site.siret)
        assert not site.uai or LETTERS[int(site.uai[:7]) % 23] == site.uai[7]
    phones = [found for person in world.people for found in (person.phone, person.mobile)]
    phones += [row.phone for rows in (world.partners, world.sites, world.accounts, world.units) for row in rows]
    for phone in filter(None, phones):
        assert phone.startswith(FICTION)
        assert read_phone(phone).value == phone


def test_every_address_ends_in_example(world):
    emails = [email for person in world.people for email in (person.email, *person.other_emails)]
    emails += [row.email for rows in (world.partners, world.sites, world.accounts, world.units) for row in rows]
    assert all(email.endswith(".example") for email in emails if email)
    assert all(partner.web.endswith(".example") for partner in world.partners if partner.web)
    assert len({person.email for person in world.people if person.email}) == sum(bool(p.email) for p in world.people)


def test_codes_are_those_of_the_reference(world):
    for partner in world.partners:
        assert not partner.naf or partner.naf in reference.activities(), partner
        assert partner.legal_category in reference.legal_categories(), partner
        assert not partner.headcount_band or partner.headcount_band in reference.headcount_bands()
    for site in world.sites:
        if site.country == "FR":
            commune = reference.commune_of(site.postcode, site.city)
            assert commune is not None
            assert commune.code == site.city_code
    assert set(organisations.SOCIAL_NAF.values()) <= set(reference.activities())
    assert set(companies.CRAFT_NAF.values()) <= set(reference.activities())
    assert {naf for sector in companies.SECTORS.values() for naf in sector.nafs} <= set(reference.activities())
    assert {naf for family in organisations.FAMILIES for naf in family.nafs} <= set(reference.activities())


def test_it_reads_like_a_real_place(world):
    names = Counter(fold(partner.name) for partner in world.partners)
    assert max(names.values()) == 1
    assert not [partner.name for partner in world.partners if any(character.isdigit() for character in partner.name)]
    assert not [partner.name for partner in world.partners if "{" in partner.name or "  " in partner.name]
    full = Counter((person.first_name, person.last_name) for person in world.people)
    assert max(full.values()) <= 4
    assert sum(count - 1 for count in full.values()) < 140
    assert len({person.first_name for person in world.people}) >= 250
    assert len({person.last_name for person in world.people}) >= 600
    towns = {partner.name.partition(" de ")[2] for partner in world.partners if partner.name.startswith("Commune")}
    assert towns
    assert not [town for town in towns if communes_named(town)]
    assert len(people.FRENCH) + len(people.WESTERN) >= 500
