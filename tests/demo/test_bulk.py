"""A network of any size, written by the database: skewed as in life, always the same, accepted by every constraint."""

from collections import Counter

import pytest
from django.db import connection

from reciproque.demo import bulk
from reciproque.directory.models import Partner, Person, Position, Site
from reciproque.engines.identifiers import siren_is_valid, siret_is_valid

SIZE = 1500
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
