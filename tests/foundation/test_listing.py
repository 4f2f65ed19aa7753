"""Pages by key, filters read from addresses, counts: what every list stands on."""

import datetime as dt

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reciproque.directory.listing import partners
from reciproque.directory.models import Partner, Person
from reciproque.foundation.listing import filters, state
from reciproque.foundation.listing.columns import Sort
from reciproque.foundation.listing.counting import Count
from reciproque.foundation.listing.paging import decode, encode, page_of
from tests.factories import PartnerFactory, PersonFactory

SORTS = {
    "name": (Partner, Sort(("name_key", "pk"))),
    "city": (Partner, Sort(("city_key", "name_key", "pk"))),
    "updated": (Partner, Sort(("updated_at", "pk"))),
    "referent": (Partner, Sort(("archived_at", "name_key", "pk"), nullable=True)),
    "informed": (Person, Sort(("informed_on", "pk"), nullable=True)),
}


def read(query: str) -> state.State:
    return state.read(QueryDict(query), partners.CATALOGUE)


def walk(model, sort, *, descending, size, gathered, back):
    page = page_of(model.objects.all(), sort, descending=descending, size=size, gathered=gathered)
    forward = [page]
    while page.after:
        page = page_of(model.objects.all(), sort, descending=descending, size=size, gathered=gathered, after=page.after)
        forward.append(page)
    if not back:
        return [row.pk for one in forward for row in one.rows]
    rows = [[row.pk for row in page.rows]]
    while page.before:
        page = page_of(
            model.objects.all(), sort, descending=descending, size=size, gathered=gathered, before=page.before
        )
        rows.insert(0, [row.pk for row in page.rows])
    return list(dict.fromkeys(pk for one in rows for pk in one))


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.sampled_from(["Élan", "elan", "Zèbre", "Œuvre", "a", "a"]), min_size=1, max_size=14),
    empty=st.lists(st.booleans(), min_size=14, max_size=14),
    size=st.integers(1, 5),
    descending=st.booleans(),
    gathered=st.booleans(),
)
def test_walking_the_pages_gives_each_row_once_in_order(names, empty, size, descending, gathered) -> None:
    Person.objects.all().delete()
    Partner.objects.all().delete()
    for rank, name in enumerate(names):
        stamp = None if empty[rank] else dt.datetime(2026, 1, 1 + rank % 3, tzinfo=dt.UTC)
        PartnerFactory(name=name, city=name[:1] if rank % 2 else "", archived_at=stamp)
        PersonFactory(last_name=name, informed_on=stamp and stamp.date())
    for model, sort in SORTS.values():
        ordered = [f"-{name}" if descending else name for name in sort.fields]
        whole = list(model.objects.order_by(*ordered).values_list("pk", flat=True))
        for back in (False, True):
            found = walk(model, sort, descending=descending, size=size, gathered=gathered, back=back)
            assert found == whole, (sort, back)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cursor", ["", "x", "W10", "é", encode(["a"]), encode([None, 1]), encode(["a", 2**70]), encode(["\0", 1])]
)
def test_a_cursor_that_is_not_ours_gives_the_first_page(cursor) -> None:
    partner = PartnerFactory()
    sort = SORTS["name"][1]
    assert decode(cursor, Partner, sort) is None or not cursor
    assert page_of(Partner.objects.all(), sort, after=cursor).rows == [partner]


def test_the_address_says_the_whole_state_and_reads_back_the_same() -> None:
    asked = read(
        "q=+élan++val&f.kind=company&f.kind=state&f.city.op=vide&f.updated.op=entre&f.updated=2026-03-01&f.updated=2026-02-01&tri=-city&colonnes=city,name,kind&densite=aeree"
    )
    assert asked.text == "élan val"
    assert [(one.filter.key, one.operator, one.values) for one in asked.filters] == [
        ("kind", "est", ("company", "state")),
        ("city", "vide", ()),
        ("updated", "entre", ("2026-02-01", "2026-03-01")),
    ]
    assert asked.columns == ("name", "city", "kind")
    assert read(asked.query) == asked


@pytest.mark.parametrize(
    "query",
    [
        "f.updated=demain",
        "f.updated.op=pas_depuis&f.updated=-3",
        "f.kind.op=vide",
        "f.updated.op=avant&f.updated=0001-01-01",
        "f.name=a%00b",
    ],
)
def test_a_filter_that_cannot_be_read_is_named_and_left_out(query) -> None:
    asked = read(query)
    assert asked.filters == ()
    assert len(asked.refused) == 1


@pytest.mark.parametrize(
    "query", ["tri=inconnu", "colonnes=zzz", "f.zzz=1", "vue=abc", "vue=99999999999999999999", "densite=x"]
)
def test_what_is_not_known_is_as_if_it_were_not_there(query) -> None:
    assert read(query).pairs == read("").pairs


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-31", 24, "2024-12-31"),
        ("2026-01-31", 30_000, "0001-01-31"),
    ],
)
def test_months_before(day, months, found) -> None:
    assert filters.months_before(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(found)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (Count(0, exact=True), "0"),
        (Count(10_000, exact=True), "10\u202f000"),
        (Count(1_000, exact=False), "plus de 1\u202f000"),
    ],
)
def test_a_count_in_words(count, said) -> None:
    assert str(count).replace("\u00a0", "\u202f") == said
