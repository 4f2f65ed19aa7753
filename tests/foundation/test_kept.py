"""Questions spelt once: the same rows as the queryset gives, for each actor and each value; what would age is refused."""

import datetime as dt
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils.timezone import localdate

from reciproque.directory import policies
from reciproque.directory.models import Partner, Sharing
from reciproque.foundation.database.kept import Kept, kept
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit
from tests.factories import PartnerFactory, UnitFactory, UserFactory, actor

pytestmark = pytest.mark.django_db


def counted(build: Any) -> tuple[Kept[Any, Any], list[None]]:
    """The question, and how many times it was spelt."""
    spelt: list[None] = []

    def told(*args: Any, **named: Any) -> Any:
        spelt.append(None)
        return build(*args, **named)

    return kept(told), spelt


def test_a_question_is_spelt_once_and_each_value_has_its_own_rows(django_assert_num_queries) -> None:
    mills, forges = PartnerFactory(name="Minoterie"), PartnerFactory(name="Forges")
    named, spelt = counted(lambda *, name: Partner.objects.filter(name=name).select_related("unit"))
    assert named(name="Minoterie") == [mills]
    with django_assert_num_queries(1):
        (found,) = named(name="Forges")
    assert (found.pk, found.name, found.unit) == (forges.pk, "Forges", forges.unit)
    assert named(name="L’absente % '") == []
    assert len(spelt) == 1


def test_the_shape_is_what_is_not_named(django_assert_num_queries) -> None:
    for name in "abc":
        PartnerFactory(name=name)
    first, spelt = counted(lambda most, *, around: Partner.objects.filter(name__in=["a", "b"], kind=around)[:most])
    assert [len(first(most, around="company")) for most in (1, 2, 1)] == [1, 2, 1]
    assert len(spelt) == 2
    with django_assert_num_queries(1):
        assert first.count(5, around="company") == 2
    assert first.exists(1, around="company")
    assert not first.exists(1, around="school")
    assert first.first(1, around="company").name in "ab"


def test_the_first_rows_and_how_many_in_one_question(django_assert_num_queries) -> None:
    parent = PartnerFactory(name="Société mère")
    for name in "dbca":
        PartnerFactory(name=f"{name} 100 %", parent=parent)

    @kept
    def below(most: int, *, parent: int) -> QuerySet[Partner]:
        rows = Partner.objects.filter(parent=parent, name__contains="0 %")
        return rows.select_related("parent", "unit").prefetch_related("sites").order_by("-name")[:most]

    @kept
    def names(most: int, *, parent: int) -> QuerySet[Partner, str]:
        return Partner.objects.filter(parent=parent).order_by("name").values_list("name", flat=True)[:most]

    with django_assert_num_queries(2):  # the sites are the second one
        rows, count = below.opening(2, 10, parent=parent.pk)
    assert [(row.name[0], row.parent) for row in rows] == [("d", parent), ("c", parent)]
    assert count == 4
    assert below.opening(2, 3, parent=parent.pk)[1] == 3, "at most what it is limited to"
    assert below.opening(9, 9, parent=parent.pk) == (below(9, parent=parent.pk), 4)
    assert below.opening(2, 10, parent=0) == ([], 0)
    assert names.opening(1, 10, parent=parent.pk) == (["a 100 %"], 4)


def test_nothing_is_another_shape() -> None:
    PartnerFactory(parent=None)
    below = PartnerFactory(parent=PartnerFactory())
    tied, spelt = counted(lambda *, parent: Partner.objects.filter(parent=parent).order_by("pk"))
    assert tied(parent=below.parent) == [below]
    assert below not in tied(parent=None)
    assert len(tied(parent=None)) == 2
    assert len(spelt) == 2


def test_plain_values_come_as_the_queryset_gives_them() -> None:
    partner = PartnerFactory(name="Forges", city="Angers")
    pairs = kept(lambda *, ids: Partner.objects.filter(pk__among=ids).values_list("name", "city"))
    flat = kept(lambda *, ids: Partner.objects.filter(pk__among=ids).values_list("name", flat=True))
    named = kept(lambda *, ids: Partner.objects.filter(pk__among=ids).values("name"))
    assert pairs(ids={partner.pk}) == [("Forges", "Angers")]
    assert flat(ids=[partner.pk]) == ["Forges"]
    assert named(ids=(partner.pk,)) == [{"name": "Forges"}]
    assert flat(ids=[]) == []


@pytest.mark.parametrize("sharing", [Sharing.NETWORK, Sharing.UNIT, Sharing.RESTRICTED])
@pytest.mark.parametrize("role", [Role.READER, Role.MEMBER, Role.MANAGER, Role.DATA_STEWARD, None])
@pytest.mark.parametrize("action", ["notice", "view", "edit", "archive", "merge"])
def test_a_kept_right_is_the_right(sharing: str, role: Role | None, action: str) -> None:
    """For each role, in one's own unit and in another, after others of the same shape have asked."""
    here, there = UnitFactory(), UnitFactory()
    partner = PartnerFactory(unit=here, sharing=sharing)
    reader = UserFactory()
    partner.readers.add(reader)
    people = [actor(), Actor.of(reader), Actor.system("essai")]
    if role:
        people += [actor(here, role), actor(there, role)]
        people.append(Actor(name="", user_id=reader.pk, roles=frozenset({(there.pk, role)})))
    for who in people:
        allowed = policies.partners.allowed(who, action).filter(pk=partner.pk).exists()
        assert policies.partners.permits(who, action, partner) is allowed
        if action != "notice":
            marks = [
                bool(row.mark) for row in policies.partners.marked(who, "notice", mark=action).filter(pk=partner.pk)
            ]
            assert marks in ([allowed], []), "or it may not even be known"


def test_what_ages_is_refused() -> None:
    asked = kept(lambda *, kind: Unit.objects.filter(kind=kind, closed_on__lt=localdate()))
    with pytest.raises(TypeError, match="give it as a value"):
        asked(kind="faculty")

    def read_beforehand(*, kind: str) -> QuerySet[Unit]:
        return Unit.objects.filter(kind=kind, pk__in=list(Unit.objects.values_list("pk", flat=True)))

    with pytest.raises(TypeError, match="may not ask the database"):
        kept(read_beforehand)(kind="faculty")
    closed = kept(lambda *, day: Unit.objects.filter(closed_on__lt=day))
    gone = UnitFactory(closed_on=dt.date(2025, 1, 1))
    assert closed(day=dt.date(2025, 1, 2)) == [gone]
    assert closed(day=dt.date(2025, 1, 1)) == []
