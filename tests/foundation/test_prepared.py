"""Questions that the database keeps ready: the same rows for every value; as many as a connection may keep, none where none may be."""

import datetime as dt

import pytest
from django.db import connection, connections, transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate, now

from reciproque.directory import policies
from reciproque.directory.models import Partner, Sharing
from reciproque.foundation.database import prepared
from reciproque.foundation.database.kept import ready
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from tests.factories import PartnerFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db
ODD = ("100 %", 'L’Été \\ d\'"or" %s', "Minoterie")


@ready
def dated(most: int, *, since: dt.datetime, until: dt.date, name: str | None, ids: set[int]) -> QuerySet[Partner]:
    rows = Partner.objects.filter(created_at__gte=since, created_at__date__lte=until, pk__among=ids)
    return rows.filter(Q(acronym=name) | Q(name__endswith=" %") | Q(name=name)).order_by("name")[:most]


@ready
def seen(actor: Actor, *, name: str) -> QuerySet[Partner]:
    return policies.partners.allowed(actor, "view").filter(name=name).select_related("unit").order_by("pk")


def kept_ready() -> dict[str, int]:
    """What the database keeps on this connection, and how often it was asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, generic_plans + custom_plans FROM pg_prepared_statements")
        return {name: times for name, times in cursor.fetchall() if name.startswith("rq_")}


def test_the_rows_are_those_of_each_value(django_assert_num_queries) -> None:
    rows = {name: PartnerFactory(name=name) for name in ODD}
    before, since, today = kept_ready(), now() - dt.timedelta(hours=1), localdate()
    told = {"since": since, "until": today, "ids": {row.pk for row in rows.values()}}
    for name in ODD:
        expected = sorted({name, "100 %"})
        assert [row.name for row in dated(9, name=name, **told)] == expected
    assert [row.name for row in dated(9, name="Minoterie", **{**told, "until": today - dt.timedelta(days=1)})] == []
    assert [row.name for row in dated(9, name="Minoterie", **{**told, "since": now()})] == []
    assert [row.name for row in dated(9, name="Minoterie", **{**told, "ids": set()})] == []
    assert dated.opening(1, 9, name="Minoterie", **told) == ([rows["100 %"]], 2)
    new = {name: times for name, times in kept_ready().items() if name not in before}
    assert sorted(new.values()) == [1, len(ODD) + 3], "the rows, and their opening: planned once for all values"
    with django_assert_num_queries(1):
        assert dated(9, name=None, **told) == [rows["100 %"]], "nothing is another shape"


def test_each_reader_sees_what_they_may() -> None:
    unit = UnitFactory()
    kept_back = PartnerFactory(name="Réservée", sharing=Sharing.UNIT, unit=unit)
    for _time in range(8):  # beyond the fifth, one plan serves everybody
        assert seen(actor(unit, Role.READER), name="Réservée") == [kept_back]
        assert seen(actor(UnitFactory(), Role.READER), name="Réservée") == []


def test_what_a_transaction_undid_is_still_known() -> None:
    reader, partner = actor(UnitFactory(), Role.READER), PartnerFactory(name="Gardée")
    with transaction.atomic():
        assert seen(reader, name="Gardée") == [partner]
        transaction.set_rollback(True)
    assert seen(reader, name="Gardée") == [partner]


def test_a_connection_keeps_the_questions_last_asked(monkeypatch) -> None:
    most = len(prepared._ready.get(connection.connection, ())) + 2
    monkeypatch.setattr(prepared, "MOST", most)
    told = {"since": now(), "until": localdate(), "ids": [1], "name": "a"}
    for shape in (11, 12, 13, 14, 13, 11):
        assert dated(shape, **told) == []
    assert len(kept_ready()) == len(prepared._ready[connection.connection]) == most


def test_nothing_is_kept_where_connections_are_lent(settings) -> None:
    settings.DATABASE_PREPARED = False
    before, partner = kept_ready(), PartnerFactory(name="Prêtée")
    assert seen(actor(UnitFactory(), Role.READER), name="Prêtée") == [partner]
    assert kept_ready() == before


@pytest.mark.django_db(transaction=True)
def test_a_question_outlives_the_connection_that_it_was_kept_on(monkeypatch) -> None:
    """The database was started again between two requests: the first question of the next one finds a connection of its own."""
    PartnerFactory(name="Minoterie")
    told = {"since": now() - dt.timedelta(hours=1), "until": localdate(), "ids": {Partner.objects.get().pk}}
    assert len(dated(9, name="Minoterie", **told)) == 1
    wrapper = connections["default"]
    dead = wrapper.connection
    dead.close()
    monkeypatch.setattr(wrapper, "health_check_enabled", True)
    monkeypatch.setattr(wrapper, "health_check_done", False)
    assert len(dated(9, name="Minoterie", **told)) == 1
    assert wrapper.connection is not dead
