"""Units, accounts and roles: what is promised, what is refused, what history keeps."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from reciproque.foundation import history
from reciproque.foundation.errors import Conflict, DomainError, Forbidden
from reciproque.institution import services
from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role, Unit, User
from tests.factories import EstablishmentFactory, UnitFactory, UserFactory, actor

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


@pytest.fixture
def administrator() -> Actor:
    return actor(EstablishmentFactory(), Role.ADMINISTRATOR)


def test_a_unit_is_planted_under_its_parent(administrator: Actor) -> None:
    root = EstablishmentFactory()
    faculty = services.create_unit(
        actor=administrator, parent=root, code="droit", name="UFR de droit", short_name="Droit", kind="faculty"
    )
    lab = services.create_unit(
        actor=administrator, parent=faculty, code="cdp", name="Centre de droit", short_name="CDP", kind="laboratory"
    )
    assert lab.path == f"/{root.pk}/{faculty.pk}/{lab.pk}/"
    assert list(Unit.objects.in_tree_order()) == [root, faculty, lab]
    assert history.entries(lab)[-1].operation == "institution.create_unit"


def test_moving_a_unit_moves_what_is_under_it_and_the_rights_follow(administrator: Actor) -> None:
    root = EstablishmentFactory()
    one, two = UnitFactory(parent=root), UnitFactory(parent=root)
    below = UnitFactory(parent=one)
    member = UserFactory()
    services.grant_role(actor=administrator, user=member, unit=two, role="member")
    assert below.pk not in Actor.of(member).units(Role.MEMBER)
    services.edit_unit(actor=administrator, unit=below, version=below.version, parent=two)
    assert below.pk in Actor.of(member).units(Role.MEMBER)


def test_a_unit_is_never_under_itself(administrator: Actor) -> None:
    faculty = UnitFactory()
    below = UnitFactory(parent=faculty)
    with pytest.raises(DomainError, match="elle-même"):
        services.edit_unit(actor=administrator, unit=faculty, version=1, parent=below)
    faculty.refresh_from_db()
    assert faculty.parent != below


def test_a_stale_version_is_refused(administrator: Actor) -> None:
    unit = UnitFactory()
    services.edit_unit(actor=administrator, unit=unit, version=1, name="UFR Sciences")
    with pytest.raises(Conflict):
        services.edit_unit(actor=administrator, unit=unit, version=1, name="UFR de sciences")
    unit.refresh_from_db()
    assert unit.name == "UFR Sciences"


def test_closing_closes_what_is_under_but_never_the_establishment(administrator: Actor) -> None:
    faculty = UnitFactory()
    below = UnitFactory(parent=faculty)
    services.close_unit(actor=administrator, unit=faculty, on=DAY)
    below.refresh_from_db()
    assert below.closed_on == DAY
    with pytest.raises(DomainError):
        services.close_unit(actor=administrator, unit=EstablishmentFactory(), on=DAY)
    with pytest.raises(DomainError, match="rattachement"):
        services.reopen_unit(actor=administrator, unit=below)
    services.reopen_unit(actor=administrator, unit=faculty)
    services.reopen_unit(actor=administrator, unit=Unit.objects.get(pk=below.pk))
    assert not Unit.objects.exclude(closed_on=None).exists()


@pytest.mark.parametrize("role", [None, *[r for r in Role if r != Role.ADMINISTRATOR]])
def test_only_administrators_change_units_and_accounts(role: Role | None) -> None:
    root = EstablishmentFactory()
    by = actor(root if role else None, role or Role.READER)
    before = (Unit.objects.count(), User.objects.count())
    with pytest.raises(Forbidden):
        services.create_unit(actor=by, parent=root, code="x", name="X", short_name="X", kind="service")
    with pytest.raises(Forbidden):
        services.create_account(actor=by, username="x", email="x@univ.example")
    assert (Unit.objects.count(), User.objects.count()) == before


def test_an_account_without_password_cannot_sign_in_and_addresses_are_unique(administrator: Actor) -> None:
    user = services.create_account(
        actor=administrator, username="c.roy", email="C.Roy@Univ.example", first_name="Claude", last_name="Roy"
    )
    assert user.email == "c.roy@univ.example"
    assert not user.has_usable_password()
    with pytest.raises(ValidationError):
        services.create_account(actor=administrator, username="c.roy2", email="c.roy@univ.example")


def test_a_manager_gives_ranks_below_but_no_more(administrator: Actor) -> None:
    faculty, beside = UnitFactory(), UnitFactory()
    department = UnitFactory(parent=faculty)
    manager, colleague = actor(faculty, Role.MANAGER), UserFactory()
    services.grant_role(actor=manager, user=colleague, unit=department, role="member")
    services.grant_role(actor=manager, user=colleague, unit=department, role="manager")
    assert [m.role for m in Membership.objects.filter(user=colleague)] == ["manager"]
    with pytest.raises(Forbidden):
        services.grant_role(actor=manager, user=colleague, unit=beside, role="reader")
    with pytest.raises(Forbidden):
        services.grant_role(actor=manager, user=colleague, unit=EstablishmentFactory(), role="dpo")
    with pytest.raises(DomainError, match="tout l’établissement"):
        services.grant_role(actor=administrator, user=colleague, unit=faculty, role="steering")
    assert Membership.objects.filter(user=colleague).count() == 1


def test_the_last_administrator_stays(administrator: Actor) -> None:
    own = Membership.objects.get(user_id=administrator.user_id)
    with pytest.raises(DomainError, match="au moins une"):
        services.revoke_role(actor=administrator, membership=own)
    other = actor(EstablishmentFactory(), Role.ADMINISTRATOR)
    services.revoke_role(actor=other, membership=own)
    assert not Membership.objects.filter(pk=own.pk).exists()
    with pytest.raises(DomainError):
        services.close_account(actor=other, user=User.objects.get(pk=other.user_id))


def test_closing_an_account_takes_everything_away_at_once(administrator: Actor, client) -> None:
    colleague = UserFactory()
    services.grant_role(actor=administrator, user=colleague, unit=EstablishmentFactory(), role="member")
    client.force_login(colleague)
    assert client.get("/mon-compte/").status_code == 200
    services.close_account(actor=administrator, user=colleague)
    assert client.get("/mon-compte/").status_code == 302
    colleague.refresh_from_db()
    assert not Actor.of(colleague).is_staff
    services.reopen_account(actor=administrator, user=colleague)
    assert Actor.of(colleague).is_staff
