"""Rights flow down the tree, and a rule says the same of a list, of a record and of a new row."""

import pytest

from reciproque.directory.policies import partners
from reciproque.foundation.errors import Forbidden
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from tests.factories import EstablishmentFactory, PartnerFactory, UnitFactory, UserFactory, actor

pytestmark = pytest.mark.django_db


def test_a_role_holds_in_everything_below() -> None:
    faculty = UnitFactory()
    department = UnitFactory(parent=faculty)
    above, beside = EstablishmentFactory(), UnitFactory()
    by = actor(faculty, Role.MANAGER)
    assert by.units(Role.MEMBER) == sorted([faculty.pk, department.pk])
    assert not {above.pk, beside.pk} & set(by.units(Role.READER))


def test_establishment_wide_roles_are_not_ranks() -> None:
    steward = actor(EstablishmentFactory(), Role.DATA_STEWARD)
    assert steward.has(Role.DATA_STEWARD)
    assert not steward.has(Role.MEMBER)
    assert steward.units(Role.READER) == []


@pytest.mark.parametrize(
    ("sharing", "inside", "outside"), [("network", True, True), ("unit", True, False), ("restricted", False, False)]
)
def test_sharing_decides_who_reads(sharing: str, inside: bool, outside: bool) -> None:
    unit = UnitFactory()
    partner = PartnerFactory(unit=unit, sharing=sharing)
    assert partners.permits(actor(unit, Role.READER), "view", partner) is inside
    assert partners.permits(actor(UnitFactory(), Role.MANAGER), "view", partner) is outside


def test_named_people_read_what_is_restricted() -> None:
    unit = UnitFactory()
    partner = PartnerFactory(unit=unit, sharing="restricted")
    by = actor(UnitFactory(), Role.READER)
    partner.readers.add(by.user_id)
    assert partners.permits(by, "view", partner)


def test_existence_of_what_a_unit_keeps_is_known_but_not_of_what_is_restricted() -> None:
    kept, secret = (
        PartnerFactory(unit=UnitFactory(), sharing="unit"),
        PartnerFactory(unit=UnitFactory(), sharing="restricted"),
    )
    assert list(partners.allowed(actor(UnitFactory(), Role.READER), "notice")) == [kept]
    assert secret not in partners.allowed(actor(UnitFactory(), Role.MANAGER), "view")


def test_without_a_unit_there_is_nothing_to_see() -> None:
    PartnerFactory()
    assert not partners.allowed(Actor.of(UserFactory()), "view").exists()


def test_readers_do_not_write() -> None:
    partner = PartnerFactory()
    with pytest.raises(Forbidden):
        partners.require(actor(UnitFactory(), Role.READER), "edit", partner)
    partners.require(actor(UnitFactory(), Role.MEMBER), "edit", partner)


def test_a_policy_never_joins() -> None:
    """A join would repeat rows and defeat the indexes at a million partners."""
    sql = str(partners.allowed(actor(UnitFactory()), "view").query)
    assert " JOIN " not in sql.split(" WHERE ", maxsplit=1)[0]
