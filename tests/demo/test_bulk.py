"""A network of any size, written by the database: skewed as in life, always the same, accepted by every constraint."""

from collections import Counter

import pytest
from django.db import connection

from reciproque.demo import bulk
from reciproque.directory.models import Partner, PartnerUnit, Person, Position, Site
from reciproque.engines.identifiers import siren_is_valid, siret_is_valid
from reciproque.institution.models import Membership, User

SIZE = 1500
HELD = "SELECT pg_temp.holder(i, 2, %s, %s::bigint[]), count(*) FROM generate_series(1, 60000) i GROUP BY 1 ORDER BY 2 DESC"
SHOWN = "SELECT md5(string_agg(concat_ws('|', id, name, siren, city, tags), ';' ORDER BY id)) FROM directory_partner"


@pytest.mark.django_db(transaction=True)
def test_a_network_of_any_size():
    made = bulk.run(SIZE)
    assert made["partners"] == Partner.objects.count() == SIZE
    with pytest.raises(ValueError, match="partez d’une base vide"):
        bulk.run(10)
    names = Counter(Partner.objects.values_list("name", flat=True))
    assert len(names) > 0.5 * SIZE
    sites = Counter(Site.objects.values_list("partner_id", flat=True))
    assert 1.0 < sum(sites.values()) / SIZE < 2.5
    assert max(sites.values()) > 5, "a few have many sites"
    assert Site.objects.filter(is_head=True).count() == SIZE
    assert 1.2 * SIZE < Person.objects.count() <= Position.objects.count() < 4 * SIZE
    siren = [found for found in Partner.objects.values_list("siren", flat=True) if found]
    siret = [found for found in Site.objects.values_list("siret", flat=True) if found]
    assert len(set(siren)) == len(siren) > 0.5 * SIZE
    assert len(set(siret)) == len(siret) > 0.5 * SIZE
    assert all(map(siren_is_valid, siren[:300]))
    assert all(map(siret_is_valid, siret[:300]))
    emails = Person.objects.exclude(email="").values_list("email", flat=True)
    assert all(email.endswith(".example") for email in emails)
    for partner in Partner.objects.order_by("pk")[:200:20]:
        partner.full_clean(exclude=["referent", "unit"])
    with connection.cursor() as cursor:
        cursor.execute(SHOWN)
        before = cursor.fetchone()
        cursor.execute("TRUNCATE directory_partner RESTART IDENTITY CASCADE")
        cursor.execute("TRUNCATE directory_person RESTART IDENTITY CASCADE")
    bulk.run(SIZE)
    with connection.cursor() as cursor:
        cursor.execute(SHOWN)
        assert cursor.fetchone() == before, "always the same"


@pytest.mark.django_db(transaction=True)
def test_accounts_grow_with_the_network_and_answer_for_the_partners_of_their_unit():
    bulk.run(SIZE)
    assert User.objects.filter(username__startswith="mesure").count() == bulk.UNITS * bulk.FEWEST
    rank = Membership.objects.exclude(role="data_steward").values_list("user", "unit")
    homes = dict(rank)
    held = list(Partner.objects.exclude(referent=None).values_list("referent", "unit"))
    held += PartnerUnit.objects.exclude(referent=None).values_list("referent", "unit")
    assert len(held) > 0.5 * SIZE
    assert all(homes[referent] == unit for referent, unit in held)
    bulk._institution(bulk.PER_ACCOUNT * bulk.UNITS * 5)
    assert User.objects.filter(username__startswith="mesure").count() == bulk.UNITS * 5


@pytest.mark.django_db
def test_one_colleague_of_a_unit_answers_for_many_partners_and_most_for_few():
    accounts = list(range(1, 1 + bulk.UNITS * 278))  # those of a million partners
    with connection.cursor() as cursor:
        cursor.execute(bulk.DRAW)
        cursor.execute(HELD, [0, accounts])
        found = cursor.fetchall()
        assert {account % bulk.UNITS for account, _n in found} == {2}, "all of the same unit"
        assert len(found) == len(accounts) / bulk.UNITS
        assert found[0][0] == 2, "the first account has most"
        assert 0.025 < found[0][1] / 60_000 < 0.035
        assert found[0][1] > 10 * found[len(found) // 2][1]
        cursor.execute(
            "SELECT count(*) FROM generate_series(1, 60000) i WHERE pg_temp.holder(i, 2, 0, %s) = pg_temp.holder(i, 2, 1, %s)",
            [accounts] * 2,
        )
        assert cursor.fetchone() == (0,), "the next one is somebody else"
