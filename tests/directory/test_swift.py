"""The index of type-ahead on disk: as fresh as the database, forgiving, absent without harm, and never a way round rights."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from reciproque.directory import search, services
from reciproque.directory.models import Partner, SearchChange, SearchIndex
from reciproque.directory.search import swift
from reciproque.directory.search.swift import asking, files
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from tests.factories import PartnerFactory, PersonFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db
NAMES = (
    "Menuiserie Chauvin",
    "Fonderie de l’Ouest",
    "Association musicale d’Angers",
    "Établissements Kermarrec",
    "Ateliers du Pont",
    "A.D.M.R. du Layon",
)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path / "search"
    return settings.SEARCH_ROOT


@pytest.fixture
def member() -> Actor:
    return actor(UnitFactory(), Role.MEMBER)


@pytest.fixture
def network() -> dict[str, Partner]:
    made = {name: PartnerFactory(name=name) for name in NAMES}
    person = PersonFactory(first_name="Éloïse", last_name="Le Goff")
    search.refresh(partner_ids=[partner.pk for partner in made.values()], person_ids=[person.pk])
    return made


def found(actor: Actor, text: str) -> list[str]:
    return [hit.label for hit in search.find(actor, text)]


def answered_from_files(text: str) -> bool:
    return asking.candidates(text, "partner", 10) is not None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("menuiserie chauvin", "Menuiserie Chauvin"),
        ("menuizerie chauvain", "Menuiserie Chauvin"),
        ("chauvin menu", "Menuiserie Chauvin"),
        ("FONDERIE", "Fonderie de l’Ouest"),
        ("fondreie ouest", "Fonderie de l’Ouest"),
        ("kerm", "Établissements Kermarrec"),
        ("etablissement kermarec", "Établissements Kermarrec"),
        ("kermarrec etablissements introuvable", "Établissements Kermarrec"),
        ("a.d.m.r. layn", "A.D.M.R. du Layon"),
        ("association musicale d'angerss", "Association musicale d’Angers"),
        ("le gof", "Éloïse Le Goff"),
        ("eloise", "Éloïse Le Goff"),
    ],
)
def test_what_is_typed_is_understood(member: Actor, network, typed: str, name: str) -> None:
    assert swift.rebuild() == len(NAMES) + 1
    assert answered_from_files(typed)
    assert name in found(member, typed)


def test_nothing_is_found_for_nothing(member: Actor, network) -> None:
    swift.rebuild()
    assert found(member, "zzqxw vvvkk") == []
    assert found(member, " ") == []
    assert found(member, "…") == []


def test_a_change_is_found_at_once_and_for_good_once_taken_in(member: Actor, network) -> None:
    swift.rebuild()
    services.edit_partner(actor=member, partner=network["Menuiserie Chauvin"], version=1, name="Charpentes Chauvin")
    created = PartnerFactory(name="Scierie Neuve")
    search.refresh(partner_ids=[created.pk])
    for _ in range(2):
        assert answered_from_files("scierie")
        assert found(member, "scierie neu") == ["Scierie Neuve"]
        assert found(member, "charpentes") == ["Charpentes Chauvin"]
        assert found(member, "menuiserie") == []
        swift.catch_up()
        assert not SearchChange.objects.exists()
    assert created.pk in asking.candidates("scierie", "partner", 10)


def test_what_is_taken_in_twice_is_there_once(member: Actor, network) -> None:
    swift.rebuild()
    for _ in range(2):
        search.refresh(partner_ids=[network["Menuiserie Chauvin"].pk])
        assert swift.catch_up() == 1
    token = SearchIndex.objects.get().token
    assert files.searcher(token, "partner").num_docs == len(NAMES)
    assert swift.catch_up() == 0


def test_a_record_that_left_the_search_is_found_no_more(member: Actor, network) -> None:
    swift.rebuild()
    search.forget(partner_ids=[network["Fonderie de l’Ouest"].pk])
    assert found(member, "fonderie") == []
    swift.catch_up()
    assert found(member, "fonderie") == []


def test_rights_are_judged_on_the_records(member: Actor, network) -> None:
    hidden = PartnerFactory(name="Rachat Confidentiel", sharing="restricted")
    search.refresh(partner_ids=[hidden.pk])
    swift.rebuild()
    assert hidden.pk in asking.candidates("rachat", "partner", 10)
    assert found(member, "rachat confidentiel") == []


def test_without_an_index_the_database_answers_and_notes_nothing(member: Actor, network) -> None:
    assert not answered_from_files("menuiserie")
    assert found(member, "menuizerie") == ["Menuiserie Chauvin"]
    assert not SearchChange.objects.exists()
    assert swift.catch_up() == 0
    swift.rebuild()
    swift.drop()
    search.refresh(partner_ids=[network["Menuiserie Chauvin"].pk])
    assert found(member, "menuiserie") == ["Menuiserie Chauvin"]
    assert not SearchChange.objects.exists()


def test_the_setting_does_without(member: Actor, network, settings) -> None:
    swift.rebuild()
    settings.SEARCH_INDEX = False
    assert not answered_from_files("menuiserie")
    assert not swift.worth_it()
    assert found(member, "menuiserie") == ["Menuiserie Chauvin"]


def test_far_behind_or_away_the_database_answers(member: Actor, network, monkeypatch, settings, tmp_path) -> None:
    swift.rebuild()
    search.refresh(partner_ids=[partner.pk for partner in network.values()])
    monkeypatch.setattr(asking, "BEHIND", 3)
    assert not answered_from_files("menuiserie")
    assert found(member, "menuiserie") == ["Menuiserie Chauvin"]
    swift.catch_up()
    assert answered_from_files("menuiserie")
    settings.SEARCH_ROOT = tmp_path / "elsewhere"  # another machine, or a database that was restored
    assert not answered_from_files("menuiserie")
    assert found(member, "menuiserie") == ["Menuiserie Chauvin"]
    assert swift.catch_up() == 0


def test_building_anew_keeps_one_folder_only_ours_may_read(network, folder) -> None:
    swift.rebuild()
    first = SearchIndex.objects.get().token
    swift.rebuild()
    second = SearchIndex.objects.get().token
    assert [path.name for path in folder.iterdir()] == [second]
    assert first != second
    assert folder.stat().st_mode & 0o077 == 0
    assert answered_from_files("menuiserie")


def test_one_word_finds_the_best_known_first(member: Actor, network) -> None:
    small = [PartnerFactory(name=f"Transports {number:03d}") for number in range(70)]
    big = PartnerFactory(name="Ouest Transports", headcount_band="52")
    search.refresh(partner_ids=[*(partner.pk for partner in small), big.pk])
    swift.rebuild()
    assert big.pk in asking.candidates("transp", "partner", 50)


@pytest.mark.django_db(transaction=True)
def test_another_process_reads_what_is_committed_while_one_writes(member: Actor, network, folder) -> None:
    swift.rebuild()
    token = SearchIndex.objects.get().token
    script = f"""
import tantivy
index = tantivy.Index.open({str(folder / token / "partner")!r})
print(index.searcher().num_docs)
"""
    search.refresh(partner_ids=[PartnerFactory(name="Scierie Neuve").pk])
    writer = files.writer(token, "partner")  # somebody writes
    with pytest.raises(ValueError, match=r"(?i)lock"):
        files.writer(token, "partner")
    read = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(read.stdout) == len(NAMES)
    del writer
    assert swift.catch_up() == 1
    read = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(read.stdout) == len(NAMES) + 1


@pytest.mark.django_db(transaction=True)
def test_two_who_build_at_once_do_not_meet(network) -> None:
    def build() -> int | None:
        try:
            return swift.rebuild()
        finally:
            connection.close()

    with connection.cursor() as cursor:  # another process is at it
        cursor.execute("SELECT pg_advisory_lock(712390114)")
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(build).result() is None
        cursor.execute("SELECT pg_advisory_unlock(712390114)")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(build).result() == len(NAMES) + 1
