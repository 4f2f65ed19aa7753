"""Lists told by the index on disk: the same partners in the same order as PostgreSQL's, whatever has just changed, and rights kept."""

from collections import Counter

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from reciproque.directory import search, services
from reciproque.directory.listing import partners, together
from reciproque.directory.mapping import counting
from reciproque.directory.models import Partner, PartnerUnit, SearchChange, SearchIndex, Sharing
from reciproque.directory.search import restricting, streams, swift
from reciproque.directory.search.streams import Indexed
from reciproque.directory.search.swift import asking, files
from reciproque.foundation.listing import counting as counts
from reciproque.foundation.listing import listing as lists
from reciproque.foundation.listing.state import read
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from tests.factories import PartnerFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db
ASKED = (
    "q=atelier", "q=atel", "q=atelier+bois", "q=angers", "q=le", "q=atelier&tri=-name", "f.name=teli", "f.name=ois", "f.name=teli&tri=-name",
    "f.name=12", "f.name=r+d", "q=menuiserie&f.kind=association", "q=atelier&tri=-updated",
)  # fmt: skip
TOGETHER = (
    "f.kind=company&f.unit={unit}&f.tags=stage", "q=atelier&f.city.op=est&f.city=ANGERS", "q=le&f.unit={unit}&f.department=44",
    "f.kind.op=pas&f.kind=company&f.region=52", "f.section=C&f.department=49&f.department=44", "f.division=25&f.kind=company&tri=-name",
    "f.tags.op=pas&f.tags=stage&f.unit.op=pas&f.unit={unit}", "f.headcount=11&f.sharing=network", "f.naf=25.62B&f.size=PME&f.legal=5710",
    "q=absent&f.kind=company", "f.tags=Taxe+d%E2%80%99apprentissage&f.kind=company", "f.unit=999999&f.kind=company",
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
    other, below, found = UnitFactory(), UnitFactory(parent=unit), []
    names = (
        "Atelier du bois",
        "Atelier de l’Été",
        "Ateliers 12",
        "Atelier du bois",
        "Menuiserie Leroy",
        "Le Bois d’Or",
        "Tel Lier Atel",
    )
    about = {
        "naf": "25.62B",
        "headcount_band": "11",
        "size_category": "PME",
        "legal_category": "5710",
        "tags": ["stage"],
    }
    for rank in range(42):
        shared = ({}, {}, {"sharing": Sharing.UNIT, "unit": unit}, {"sharing": Sharing.UNIT, "unit": other})[rank % 4]
        city, department = (("Angers", "49"), ("Nantes", "44"), ("", ""))[rank % 3]
        kind = ("company", "association")[rank % 2]
        more = about if rank % 5 < 2 else {"tags": ["Taxe d’apprentissage"]} if rank % 5 == 2 else {}
        found.append(
            PartnerFactory(name=names[rank % 7], city=city, department=department, kind=kind, **shared, **more)
        )
        if rank % 3:
            PartnerUnit.objects.create(partner=found[-1], unit=(below, other)[rank % 2], status="active")
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
    monkeypatch.setattr(streams, "MOST_ALIKE", 2)
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


@pytest.mark.parametrize(
    "query",
    ["q=atelier", "q=angers", "q=le", "f.name=teli", "q=atelier&f.kind=company", "f.kind=company&f.tags=stage"],
)
def test_the_map_of_a_word_counts_what_the_list_holds(member, network, monkeypatch, query: str) -> None:
    monkeypatch.setattr(together, "COUNTED", 0)

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


def together_the_same(settings, by: Actor, unit: Unit, *, told: bool = True) -> None:
    for query in TOGETHER:
        asked = query.format(unit=unit.pk)
        expected = without_index(settings, lambda asked=asked: every_page(by, asked))
        assert every_page(by, asked) == expected, asked
        assert not told or listing(by, asked).as_one is not None or "absent" in asked, asked
        assert listing(by, asked, 100).count.number == len(expected), asked


@pytest.mark.parametrize("most", [0, 1_000])
def test_several_conditions_are_answered_together(settings, member, unit, network, monkeypatch, most: int) -> None:
    monkeypatch.setattr(together, "COUNTED", most)
    monkeypatch.setattr(together, "LITTLE", 1)
    together_the_same(settings, member, unit)
    assert without_index(settings, lambda: listing(member, "f.kind=company&f.department=49").as_one) is None
    for unknown in ("f.kind=company&f.email.op=oui", "f.kind=company&f.archived.op=oui", "f.kind=company&f.name=teli"):
        assert listing(member, unknown).as_one is None


@pytest.mark.parametrize("most", [0, 1_000])
def test_whatever_changes_is_noted_whoever_writes(settings, member, unit, network, monkeypatch, most: int) -> None:
    monkeypatch.setattr(together, "COUNTED", most)
    monkeypatch.setattr(together, "LITTLE", 1)
    assert not SearchChange.objects.exists()
    Partner.objects.filter(pk__in=[network[3].pk, network[4].pk]).update(tags=["stage"], kind="company")
    Partner.objects.filter(pk=network[7].pk).update(phone="+33241000000")
    PartnerUnit.objects.filter(partner=network[1]).delete()
    PartnerUnit.objects.create(partner=network[6], unit=unit, status="active")
    moved = PartnerUnit.objects.filter(partner=network[8]).get()
    moved.partner = network[9]
    moved.save()
    services.archive_partner(actor=member, partner=network[2])
    changed = set(SearchChange.objects.values_list("partner", flat=True))
    assert changed == {network[rank].pk for rank in (1, 2, 3, 4, 6, 8, 9)}
    together_the_same(settings, member, unit)
    swift.catch_up()
    together_the_same(settings, member, unit)


COUNTS = (
    "", "q=atelier", "q=atelier&tri=-updated", "f.name=teli", "q=atelier&f.kind.op=pas&f.kind=public",
    "f.tags=stage&f.sharing.op=pas&f.sharing=persons",
    "f.kind=company", "q=atelier&f.updated.op=apres&f.updated=2020-01-01",
)  # fmt: skip


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize("costly", [counts.COSTLY, 0])
def test_a_count_tells_nothing_of_what_one_may_not_see(
    settings, network, monkeypatch, indexed: bool, costly: int
) -> None:
    """What is said of a long list is the same before and after a hundred records that the reader may not see."""
    few = {"EXACT_UP_TO": 8, "COUNTED": 6, "COSTLY": costly, "SOME": 7, "LITTLE": 1}
    for module in (counts, lists, together):
        for name, value in few.items():
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)
    settings.SEARCH_INDEX = indexed
    reader, elsewhere = actor(UnitFactory(), Role.READER), UnitFactory()

    def said() -> dict[str, str]:
        return {query: str(listing(reader, query).count) for query in COUNTS}

    before = said()
    assert set(before.values()) <= {"plus de 5", "plus de 6", "plus de 8"}, before
    for rank in range(100):
        hidden = {"sharing": Sharing.UNIT, "unit": elsewhere, "kind": "company", "tags": ["stage"]}
        PartnerFactory(name=f"Atelier caché {rank}", **hidden)
    search.rebuild()
    swift.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_partner, directory_searchentry")
    assert said() == before


def test_several_filters_cost_the_same_however_long(
    client, member, unit, network, django_assert_max_num_queries
) -> None:
    client.force_login(User.objects.get(pk=member.user_id))
    query = {"f.kind": "company", "f.unit": str(unit.pk), "f.tags": "stage"}
    client.get(reverse("directory:partner_list"), query)
    with django_assert_max_num_queries(15):
        assert client.get(reverse("directory:partner_list"), query).status_code == 200
