"""Rows for COPY: any number, always the same, accepted by the tables."""

import time
from collections import Counter

import pytest
from django.db import connection

from reciproque.demo.generator import CHUNK, COLUMNS, rows
from reciproque.directory.models import Partner, Person, Position, Site
from reciproque.engines.identifiers import siren_is_valid, siret_is_valid
from tests.factories import UnitFactory, UserFactory


@pytest.fixture(scope="module")
def sample():
    return list(rows(CHUNK * 2, 7))


def column(sample, table, name):
    at, rank = COLUMNS[table].index(name), list(COLUMNS).index(table)
    return [row[at] for chunk in sample for row in chunk[rank]]


def test_always_the_same_and_as_wide_as_the_columns(sample):
    assert next(rows(CHUNK * 2, 7)) == sample[0]
    assert next(rows(50, 8)) != next(rows(50, 7))
    for chunk in sample:
        for table, several in chunk.tables():
            assert {len(row) for row in several} == {len(COLUMNS[table])}


def test_skewed_as_in_life(sample):
    names = Counter(column(sample, "directory_partner", "name"))
    assert len(names) > 0.9 * CHUNK * 2
    assert max(names.values()) > 1
    sites = Counter(column(sample, "directory_site", "partner_id"))
    assert 1.1 < sum(sites.values()) / len(sites) < 1.8
    assert max(sites.values()) > 20
    people = column(sample, "directory_position", "partner_id")
    assert 1.4 < len(people) / (CHUNK * 2) < 2.4
    assert 0.05 < 1 - len(set(people)) / (CHUNK * 2) < 0.5
    bands = Counter(column(sample, "directory_partner", "headcount_band"))
    assert bands["NN"] > bands["11"] > bands["41"] > 0


def test_numbers_are_valid_and_alone(sample):
    siren = [found for found in column(sample, "directory_partner", "siren") if found]
    siret = [found for found in column(sample, "directory_site", "siret") if found]
    assert len(set(siren)) == len(siren)
    assert len(set(siret)) == len(siret)
    assert all(map(siren_is_valid, siren[:500]))
    assert all(map(siret_is_valid, siret[:500]))
    emails = [email for email in column(sample, "directory_person", "email") if email]
    assert all(email.endswith(".example") for email in emails)


def test_a_million_would_take_less_than_a_minute():
    began = time.process_time()
    for _chunk in rows(CHUNK, 1):
        pass
    assert (time.process_time() - began) * 1_000_000 / CHUNK < 120  # a loaded machine counts twice


@pytest.mark.django_db
def test_the_tables_take_them():
    unit, user = UnitFactory(), UserFactory()
    for chunk in rows(300, 3, units=(unit.pk,), users=(user.pk,), start=1000):
        with connection.cursor() as cursor:
            for table, several in chunk.tables():
                with cursor.copy(f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN") as copy:
                    for row in several:
                        copy.write_row(row)
    assert Partner.objects.count() == 300
    assert Site.objects.filter(is_head=True).count() == 300
    assert Person.objects.count() == Position.objects.count() > 300
