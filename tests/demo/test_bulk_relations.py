"""The life of a network of any size: skewed as in life, accepted by every constraint, with the pulses that operations would have kept."""

from collections import Counter

import pytest
from django.db import connection
from django.db.models import Count, F, Q
from django.utils.timezone import localdate

from reciproque.demo import bulk, bulk_relations
from reciproque.directory.models import Partner
from reciproque.institution.models import User
from reciproque.relations import pulses
from reciproque.relations.models import (
    Collaboration,
    Interaction,
    InteractionPerson,
    InteractionReader,
    Moment,
    Need,
    Pulse,
    Reading,
    Solicitation,
    Task,
)
from reciproque.sourcing.models import Judgement

SIZE = 1200
TABLES = """
SELECT con.conrelid::regclass::text, a.attname, con.confrelid::regclass::text, f.attname FROM pg_constraint con
JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = con.conkey[1]
JOIN pg_attribute f ON f.attrelid = con.confrelid AND f.attnum = con.confkey[1]
WHERE con.contype = 'f' AND con.conrelid::regclass::text LIKE 'relations\\_%%'
"""
INDEXES = "SELECT count(*) FROM pg_indexes WHERE tablename LIKE 'relations\\_%%'"


def asked(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_the_life_of_a_network_of_any_size():
    bulk.run(SIZE)
    before = asked(INDEXES)
    told: list[str] = []
    made = bulk_relations.run(tell=told.append)
    assert asked(INDEXES) == before, "every index is back"
    assert made["interactions"] == Interaction.objects.count() > 5 * SIZE
    assert any(line.startswith("interactions") for line in told)
    with pytest.raises(ValueError, match="déjà des échanges"):
        bulk_relations.run()

    each = Counter(Interaction.objects.values_list("partner", flat=True))
    first = Partner.objects.order_by("pk")[0]
    assert each[first.pk] == 10_000
    ordinary = sorted(number for pk, number in each.items() if pk != first.pk)
    assert len(ordinary) < 0.85 * SIZE, "many have nothing"
    assert ordinary[-1] > 10 * ordinary[len(ordinary) // 2], "few have much"

    assert set(Collaboration.objects.values_list("state", flat=True)) == set(Collaboration.State.values)
    today = localdate()
    for rows in (
        Interaction.objects.filter(on__gt=today, state="planned"),
        InteractionPerson.objects.all(),
        Need.objects.open(),
        Solicitation.objects.filter(person__isnull=False),
        Task.objects.filter(done_at=None),
        Judgement.objects.filter(verdict="open", low__lt=F("high")),
    ):
        assert rows.exists()
    assert not Interaction.objects.filter(on__gt=today).exclude(state__in=["planned", "cancelled"]).exists()
    restricted = Interaction.objects.filter(sharing="restricted")
    assert InteractionReader.objects.count() == restricted.count() > 0
    assert not Moment.objects.filter(
        Q(interaction__sharing="restricted") | Q(collaboration__sharing="restricted")
    ).exists()
    for table, column, other, key in asked(TABLES):
        lost = asked(
            f"SELECT count(*) FROM {table} o WHERE o.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {other} t WHERE t.{key} = o.{column})"
        )
        assert lost == [(0,)], (table, column)

    assert Pulse.objects.values("state").distinct().count() >= 5
    some = list(Pulse.objects.order_by("pk").values_list("pk", flat=True)[:40])
    names = [field.name for field in Reading._meta.get_fields() if field.name != "computed_on"]
    kept = {row.pk: [getattr(row, name) for name in names] for row in Pulse.objects.filter(pk__in=some)}
    pulses.refresh(some)
    assert {row.pk: [getattr(row, name) for name in names] for row in Pulse.objects.filter(pk__in=some)} == kept
    assert User.objects.filter(username__startswith="mesure").count() == 36
    teams = Interaction.objects.values("partner", "unit").annotate(n=Count("author", distinct=True))
    assert set(teams.values_list("n", flat=True)) == {1, 2}, "a partner has its colleagues in each unit"
