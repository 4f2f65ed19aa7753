"""Lists told by the index on disk: the same partners in the same order as PostgreSQL's, whatever has just changed, and rights kept."""

from collections import Counter

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse

from reciproque.directory import search, services
from reciproque.directory.listing import partners
from reciproque.directory.mapping import counting
from reciproque.directory.models import Partner, SearchIndex, Sharing
from reciproque.directory.search import restricting, swift
from reciproque.directory.search.streams import Indexed
from reciproque.directory.search.swift import asking, files, standing
from reciproque.foundation.listing.state import read
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from tests.factories import PartnerFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db
ASKED = (
    "q=atelier", "q=atel", "q=atelier+bois", "q=angers", "q=le", "q=atelier&tri=-name", "f.name=teli", "f.name=ois", "f.name=teli&tri=-name",
    "f.name=12", "f.name=r+d", "q=menuiserie&f.kind=association", "q=atelier&tri=-updated",
)  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, monkeypatch):
    """An index of its own, and lists that ask it from the first record on."""
    settings.SEARCH_ROOT = tmp_path / "search"
    monkeypatch.setattr(restricting, "SOME", 0)
    monkeypatch.setattr(counting, "LIVE", -2)
    return settings.SEARCH_ROOT


@pytest.fixture
def unit() -> Unit:
    return UnitFactory()


@pytest.fixture
def member(unit: Unit) -> Actor:
    return actor(unit, Role.MANAGER)


@pytest.fixture
def network(unit: Unit) -> list[Partner]:
    other, found = UnitFactory(), []
    names = (
        "Atelier du bois",
        "Atelier de l’Été",
        "Ateliers 12",
        "Atelier du bois",
        "Menuiserie Leroy",
        "Le Bois d’Or",
        "Tel Lier Atel",
    )
    for rank in range(42):
        shared = ({}, {}, {"sharing": Sharing.UNIT, "unit": unit}, {"sharing": Sharing.UNIT, "unit": other})[rank % 4]
        city, department = (("Angers", "49"), ("Nantes", "44"), ("", ""))[rank % 3]
        kind = ("company", "association")[rank % 2]
        found.append(PartnerFactory(name=names[rank % 7], city=city, department=department, kind=kind, **shared))
    search.rebuild()
    swift.rebuild()
    return found


def listing(by: Actor, query: str, size: int = 5):
    made = partners.listing(by, read(QueryDict(query), partners.CATALOGUE))
    made.size = size
    return made


def every_page(by: Actor, query: str) -> list[int]:
    """The numbers of all the rows, page after page, and back from the last one."""
    found, ahead = listing(by, query), []
    while True:
        ahead += [row.pk for row in found.page.rows]
        if not found.page.after:
            break
        found = listing(by, f"{query}&apres={found.page.after}")
    back: list[int] = []
    while True:
        back = [row.pk for row in found.page.rows] + back
        if not found.page.before:
            break
        found = listing(by, f"{query}&avant={found.page.before}")
    assert sorted(back) == sorted(ahead)
    return ahead


def without_index(settings, ask):
    settings.SEARCH_INDEX = False
    try:
        return ask()
    finally:
        settings.SEARCH_INDEX = True


def asks_the_index(by: Actor, query: str) -> bool:
    return any(isinstance(one.stream, Indexed) for one in listing(by, query).asked)


def the_same(settings, by: Actor) -> None:
    for query in ASKED:
        expected = without_index(settings, lambda asked=query: every_page(by, asked))
        assert every_page(by, query) == expected, query


def test_the_index_tells_the_same_lists_as_the_database(settings, member, network) -> None:
    assert asks_the_index(member, "q=atelier")
    assert asks_the_index(member, "f.name=teli")
    assert len(every_page(member, "q=atelier")) > 15
    the_same(settings, member)


def test_what_has_just_changed_is_where_it_now_is(settings, member, network) -> None:
    services.edit_partner(actor=member, partner=network[0], version=network[0].version, name="Zinguerie Atelier")
    services.edit_partner(actor=member, partner=network[4], version=network[4].version, name="Atelier Leroy")
    services.create_partner(actor=member, name="Ateliers Neufs", kind="company")
    assert asks_the_index(member, "q=atelier")
    ahead = every_page(member, "q=atelier")
    assert ahead[-1] == network[0].pk
    assert network[4].pk in ahead
    the_same(settings, member)
    assert swift.catch_up() > 0
    assert every_page(member, "q=atelier") == ahead
    the_same(settings, member)


def test_too_many_of_the_same_name_are_sorted_by_the_database(settings, member, network, monkeypatch) -> None:
    monkeypatch.setattr(standing, "MOST_ALIKE", 2)
    monkeypatch.setattr(files, "STEPS", 1)
    swift.rebuild()
    the_same(settings, member)


def test_few_answers_are_named_and_letters_anywhere_added(settings, member, network, monkeypatch) -> None:
    monkeypatch.setattr(restricting, "SOME", 300)
    services.edit_partner(actor=member, partner=network[6], version=network[6].version, name="R&D 12 % telier")
    assert not asks_the_index(member, "q=atelier")
    for query in (*ASKED, "q=lier", "q=12+%25+tel", "f.name=12+%25", "q=tel+lier+at", "q=%25%25%25"):
        expected = without_index(settings, lambda asked=query: every_page(member, asked))
        assert every_page(member, query) == expected, query


def test_the_database_answers_without_index_or_far_behind(member, network, monkeypatch, folder) -> None:
    monkeypatch.setattr(asking, "BEHIND", 0)
    services.edit_partner(actor=member, partner=network[0], version=network[0].version, name="Atelier neuf")
    assert not asks_the_index(member, "q=atelier")
    monkeypatch.setattr(asking, "BEHIND", 500)
    assert asks_the_index(member, "q=atelier")
    SearchIndex.objects.update(ready=False)
    assert not asks_the_index(member, "q=atelier")
    SearchIndex.objects.update(ready=True, token="elsewhere")
    assert not asks_the_index(member, "q=atelier")


@pytest.mark.parametrize("query", ["q=atelier", "q=angers", "q=le", "f.name=teli", "q=atelier&f.kind=company"])
def test_the_map_of_a_word_counts_what_the_list_holds(member, network, query: str) -> None:
    def counted() -> Counter[str]:
        cache.clear()  # what the index does not count is kept for a while
        return +Counter(counting.by_department(listing(member, query)))

    def listed() -> Counter[str]:
        return Counter(row.department for row in listing(member, query).rows)

    assert counted() == listed()
    Partner.objects.filter(pk=network[1].pk).update(department="49", city="Cholet")
    search.refresh(partner_ids=[network[1].pk])
    services.set_sharing(actor=member, record=network[2], version=network[2].version, sharing="network", unit=None)
    services.archive_partner(actor=member, partner=network[14])
    assert counted() == listed()
    swift.catch_up()
    assert counted() == listed()


def test_a_list_of_a_word_costs_the_same_however_long(client, member, network, django_assert_max_num_queries) -> None:
    client.force_login(User.objects.get(pk=member.user_id))
    address = reverse("directory:partner_list")
    for query in ({"q": "atelier"}, {"f.name": "teli"}, {"q": "atelier du bois"}):
        client.get(address, query)
        with django_assert_max_num_queries(14):
            assert client.get(address, query).status_code == 200
