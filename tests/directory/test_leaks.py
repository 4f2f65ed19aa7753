"""What is kept to a unit or to named people is in no answer to others: page, part, editor, history, search, home."""

import pytest
from django.urls import get_resolver, reverse

from reciproque.directory import search, services
from reciproque.directory.models import Partner, PartnerUnit, Person, Sharing
from reciproque.foundation import history
from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role, Unit, User
from tests.access.everywhere import everywhere, text_of
from tests.access.samples import world
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, SiteFactory, UnitFactory, UserFactory, actor

pytestmark = pytest.mark.django_db
SECRETS = (
    "zorglub",
    "552100554",
    "+33241009988",
    "02 41 00 99 88",
    "02\u00a041\u00a000\u00a099\u00a088",
    "cachotterie",
)
ROLES = [Role.READER, Role.MEMBER, Role.MANAGER, Role.STEERING, Role.DPO, Role.DATA_STEWARD, Role.ADMINISTRATOR]


@pytest.fixture
def theirs() -> Unit:
    return UnitFactory(name="Laboratoire voisin")


def filled(unit: Unit, sharing: str) -> tuple[Partner, Person]:
    """A partner and a person full of secrets, with a past, everything else around them shared with all."""
    insider: Actor = actor(unit)
    me = User.objects.get(pk=insider.user_id)
    # A number that nothing else on a page has.
    partner = PartnerFactory(pk=7_654_321, name="Société discrète", unit=unit, siren="552100554", tags=["cachotterie"])
    SiteFactory(partner=partner, address="1 rue zorglub", phone="+33241009988")
    person = PersonFactory(last_name="Muette", unit=unit, description="zorglub", phone="+33241009988")
    PositionFactory(person=person, partner=partner, title="cachotterie")
    services.edit_partner(actor=insider, partner=partner, version=None, description="zorglub", acronym="zorglub")
    services.edit_person(actor=insider, person=person, version=None, tags=["cachotterie"])
    PartnerUnit.objects.create(partner=partner, unit=unit)
    for record in (partner, person):
        record.refresh_from_db()
        services.set_sharing(
            actor=insider, record=record, version=record.version, sharing=sharing, unit=unit, readers=[me]
        )
    search.refresh(partner_ids=[partner.pk], person_ids=[person.pk])
    return partner, person


def addresses(partner: Partner, person: Person) -> list[str]:
    """Every address of one record, and those where records are looked for."""
    found = []
    for name in sorted(
        {key for key in get_resolver().namespace_dict["directory"][1].reverse_dict if isinstance(key, str)}
    ):
        if not name.startswith(("partner_", "person_", "site_", "position_")) and name not in ("partner", "person"):
            continue
        record = person if name.startswith(("person", "position")) else partner
        site, position = partner.sites.get(), person.positions.get()
        tries = (
            [record.pk],
            [record.pk, "description"],
            [record.pk, "phone"],
            [record.pk, site.pk],
            [record.pk, position.pk],
            [],
        )
        for args in tries:
            try:
                found.append(reverse(f"directory:{name}", args=args))
            except Exception:  # noqa: BLE001, S112 -- this address takes something else
                continue
    extra = [f"?onglet={tab}" for tab in ("sites", "personnes", "historique", "sources")]
    found += [reverse("directory:partner", args=[partner.pk]) + query for query in extra]
    found += [
        reverse("directory:person", args=[person.pk]) + query for query in ("?onglet=fonctions", "?onglet=historique")
    ]
    for asked in ("siren=552100554", "name=zorglub", "name=societe+discrete"):
        found.append(f"{reverse('directory:partner_known')}?{asked}")
    return [*found, f"{reverse('directory:person_known')}?first_name=Élodie&last_name=Muette", "/"]


@pytest.mark.parametrize("sharing", [Sharing.UNIT, Sharing.RESTRICTED])
@pytest.mark.parametrize("role", ROLES)
def test_nothing_kept_is_told_to_others(client, theirs: Unit, role: Role, sharing: str) -> None:
    partner, person = filled(theirs, sharing)
    client.force_login(User.objects.get(pk=actor(UnitFactory(), role).user_id))
    pages = addresses(partner, person)
    assert len(pages) > 20
    for address in pages:
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(address, headers=headers)
            assert answer.status_code < 500, address
            told = [secret for secret in SECRETS if secret in answer.text and secret not in address]
            assert told == [], (address, answer.status_code)
            if sharing == Sharing.RESTRICTED:
                assert "Société discrète" not in answer.text, address
                assert "Muette" not in answer.text.replace("last_name=Muette", ""), address


@pytest.mark.parametrize("sharing", [Sharing.UNIT, Sharing.RESTRICTED])
def test_no_address_that_exists_tells_it(client, theirs: Unit, sharing: str) -> None:
    """Whatever `reciproque urls` lists is asked about these records, by somebody who holds every role elsewhere; then sent nothing."""
    partner, person = filled(theirs, sharing)
    stranger = UserFactory()
    for role in ROLES:
        Membership.objects.create(user=stranger, unit=UnitFactory(), role=role)
    about = {
        "partner_id": partner.pk, "person_id": person.pk, "site_id": partner.sites.get().pk, "position_id": person.positions.get().pk,
        "tie_id": PartnerUnit.objects.get(partner=partner).pk, "merges": partner.pk,
        "pk": lambda name: person.pk if "person" in name or "position" in name else partner.pk,
    }  # fmt: skip
    found, opened = world(), set()
    for method in ("GET", "POST"):
        for name, address in everywhere(found, about, method):
            client.force_login(stranger)
            code, text = text_of(client, method, address)
            told = [secret for secret in SECRETS if secret in text]
            assert told == [], (name, method, address, code)
            assert sharing == Sharing.UNIT or "Société discrète" not in text, (name, method, address)
            assert code < 500 or code == 503, (name, method)
            if code == 200:
                opened.add(name)
    assert len(opened) > 70


def test_around_what_is_open_nothing_kept_is_named(client, theirs: Unit) -> None:
    hidden, somebody = filled(theirs, Sharing.RESTRICTED)
    insider = Actor.of(hidden.readers.get())
    group = PartnerFactory(name="Groupe ouvert")
    open_one = PartnerFactory(name="Filiale ouverte")
    PositionFactory(person=somebody, partner=open_one, title="discrète")
    Partner.objects.filter(pk=hidden.pk).update(parent=group)
    services.edit_partner(actor=insider, partner=open_one, version=None, parent=hidden)
    person = PersonFactory(last_name="Bavard")
    PositionFactory(person=person, partner=hidden, title="conseil")
    client.force_login(User.objects.get(pk=actor(UnitFactory()).user_id))
    for address in (
        reverse("directory:partner", args=[group.pk]),
        reverse("directory:partner", args=[open_one.pk]),
        reverse("directory:partner", args=[open_one.pk]) + "?onglet=personnes",
        reverse("directory:partner", args=[open_one.pk]) + "?onglet=historique",
        reverse("directory:partner_group", args=[open_one.pk]) + "?q=discrete",
        reverse("directory:person", args=[person.pk]),
        reverse("directory:person", args=[person.pk]) + "?onglet=historique",
    ):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "Société discrète" not in page.text, address
        assert "Muette" not in page.text, address
        assert str(hidden.pk) not in {match for match in page.text.split('"') if match.isdecimal()}, address


def test_names_are_shown_as_text_everywhere(client, theirs: Unit) -> None:
    by = actor(theirs)
    client.force_login(User.objects.get(pk=by.user_id))
    attack = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    partner = services.create_partner(
        actor=by, name=attack, usual_name=attack, description=attack, tags=[attack[:50]], city=attack
    )
    person = services.create_person(
        actor=by,
        last_name=attack[:110],
        first_name=attack[:110],
        partner=partner,
        title=attack,
        source=attack,
        unit=theirs,
    )
    services.set_referent(
        actor=by, partner=partner, version=None, referent=UserFactory(first_name=attack[:100], last_name="X")
    )
    Unit.objects.filter(pk=theirs.pk).update(name=attack, short_name=attack[:40])
    PartnerUnit.objects.create(partner=partner, unit=theirs)
    search.refresh(partner_ids=[partner.pk], person_ids=[person.pk])
    assert history.entries(partner)
    piles = [reverse("directory:pile", args=[slug]) for slug in ("a-informer", "sans-referent", "a-completer")]
    for address in [*addresses(partner, person), *piles]:
        page = client.get(address)
        assert page.status_code < 500, address
        assert "<img src=x" not in page.text, address
        assert "<script>alert" not in page.text, address
