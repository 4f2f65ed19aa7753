"""The map: the same numbers as the list, for everybody who may read them and nobody else; drawn without overlaps."""

import re
from collections import Counter

import pytest
from django.http import QueryDict
from django.urls import reverse

from reciproque.directory import policies, reference
from reciproque.directory.listing import partners
from reciproque.directory.mapping import counting, drawing
from reciproque.directory.models import Partner, PlaceCount, Sharing
from reciproque.foundation.listing.state import read
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from tests.factories import PartnerFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db
ASKED = ["", "f.kind=company", "f.kind.op=pas&f.kind=company", "f.department=49&f.department=44", "f.region=52", "f.section=C",
         "f.division=62", "f.region=52&f.kind=association", "f.city.op=est&f.city=angers", "f.email.op=non"]  # fmt: skip


@pytest.fixture
def unit() -> Unit:
    return UnitFactory()


@pytest.fixture
def member(unit: Unit) -> Actor:
    return actor(unit)


@pytest.fixture
def network(unit: Unit) -> list[Partner]:
    """Partners here and there, some of them kept to this unit, to another, to nobody."""
    other = UnitFactory()
    places = [("Angers", "49"), ("Cholet", "49"), ("Nantes", "44"), ("Saint-Denis", "974"), ("", ""), ("Liège", "")]
    shared = [
        {},
        {"sharing": Sharing.UNIT, "unit": unit},
        {"sharing": Sharing.UNIT, "unit": other},
        {"sharing": Sharing.RESTRICTED},
    ]
    found = []
    for rank, (city, department) in enumerate(places * 4):
        kind = ("company", "association")[rank % 2]
        naf = ("62.01Z", "25.62B", "")[rank % 3]
        about = {"city": city, "department": department, "kind": kind, "naf": naf, **shared[rank % 5 % 4]}
        found.append(PartnerFactory(**about))
    return found


def asked(by: Actor, query: str):
    return partners.listing(by, read(QueryDict(query), partners.CATALOGUE))


def naive(by: Actor, query: str) -> Counter[str]:
    return Counter(row.department for row in asked(by, query).rows)


@pytest.mark.parametrize("query", ASKED)
@pytest.mark.parametrize("prepared", [False, True])
def test_the_map_counts_what_the_list_holds(member, network, monkeypatch, query: str, prepared: bool) -> None:
    if prepared:
        counting.count_places()
        monkeypatch.setattr(counting, "LIVE", -2)
    found = Counter(counting.by_department(asked(member, query)))
    assert +found == naive(member, query)


def test_prepared_counts_hold_only_what_everybody_reads(network) -> None:
    counting.count_places()
    shared = Partner.objects.filter(sharing="network").count()
    assert sum(PlaceCount.objects.values_list("partners", flat=True)) == shared
    counting.count_places()
    assert sum(PlaceCount.objects.values_list("partners", flat=True)) == shared


@pytest.mark.parametrize("prepared", [False, True])
def test_nobody_is_counted_for_somebody_of_no_unit(network, monkeypatch, prepared: bool) -> None:
    counting.count_places()
    if prepared:
        monkeypatch.setattr(counting, "LIVE", -2)
    assert not sum(counting.by_department(asked(Actor("quelqu’un", user_id=0), "")).values())


def test_towns_are_counted_as_the_list_does(member, network) -> None:
    towns = counting.by_town(asked(member, "f.department=49"))
    expected = Counter(policies.partners.allowed(member, "view").filter(department="49").values_list("city", flat=True))
    assert {name: number for _key, name, number in towns} == expected
    assert [number for _key, _name, number in towns] == sorted(expected.values(), reverse=True)


def test_the_page_leads_to_lists_of_the_same_numbers(client, unit, network) -> None:
    who = actor(unit, Role.READER)
    client.force_login(User.objects.get(pk=who.user_id))
    page = client.get(reverse("directory:partner_map"), {"f.kind": "company"}).text
    assert "Nantes" not in page
    assert page.count('class="rq-map-area') == len(reference.outlines())
    lines = re.findall(r'<td class="rq-numeric"><a href="([^"]+)">(\d+)</a>', page)
    assert len(lines) > 2
    for address, number in lines:
        listed = client.get(address.replace("&amp;", "&")).text
        assert re.search(rf"<strong>{number}</strong>", listed), address
    zoomed = client.get(reverse("directory:partner_map"), {"f.department": "49"}).text
    assert "Cholet" in zoomed
    assert "Toute la France" in zoomed
    assert zoomed.count('class="rq-map-disc"') == 2


def test_the_map_costs_the_same_whatever_it_shows(client, unit, network, django_assert_max_num_queries) -> None:
    who = actor(unit, Role.READER)
    client.force_login(User.objects.get(pk=who.user_id))
    for query in ({}, {"f.department": "49"}, {"q": "port"}):
        client.get(reverse("directory:partner_map"), query)
        with django_assert_max_num_queries(12):
            assert client.get(reverse("directory:partner_map"), query).status_code == 200


@pytest.mark.parametrize(
    "query", ["f.department=%00", "f.department=zz", "f.department=98", "f.region=999", "vue=99", "q=%00"]
)
def test_any_address_is_answered(client, unit, network, query: str) -> None:
    client.force_login(User.objects.get(pk=actor(unit).user_id))
    assert client.get(f"{reverse('directory:partner_map')}?{query}").status_code == 200


def test_every_departement_has_its_frame_and_its_names_inside() -> None:
    for code in reference.outlines():
        left, top, width, height = drawing.frame_of(code)
        assert width > 0
        assert height > 0
        towns = [(c.key, c.name, 40) for c in reference.communes().values() if c.department == code][:60]
        found, placed = drawing.discs(code, towns, {key: "#" for key, _name, _n in towns})
        assert placed
        for disc in found:
            assert left <= disc.x <= left + width
            assert top <= disc.y <= top + height
            if disc.side:
                assert left <= disc.name_at <= left + width


def test_the_chief_town_is_named_even_among_its_suburbs() -> None:
    around = [one.name for one in reference.communes().values() if one.department == "44"]
    numbers = {"Nantes": 95, "Saint-Nazaire": 40} | {
        name: 14 for name in around if name not in {"Nantes", "Saint-Nazaire"}
    }
    found, _placed = drawing.discs("44", [(name, name, n) for name, n in numbers.items()], dict.fromkeys(numbers, "#"))
    sides = {disc.name: disc.side for disc in found}
    assert (sides["Nantes"], sides["Saint-Nazaire"]) == ("middle", "middle")


def test_shades_follow_the_numbers() -> None:
    for counts in (
        {},
        {"49": 0},
        {"49": 3},
        {"49": 1, "44": 1, "85": 900},
        {str(n): n for n in range(96)},
        *({"49": n} for n in range(40)),
    ):
        legend = drawing.legend(counts)
        assert all(one.low <= one.high for one in legend)
        lows = drawing.thresholds(counts.values())
        for number in counts.values():
            shade = drawing.shade(number, lows)
            assert (shade == 0) == (number == 0)
            if shade:
                assert legend[shade - 1].low <= number <= legend[shade - 1].high


def test_the_first_departement_stands_out_from_the_tenth() -> None:
    counts = {"44": 715, "56": 182, "22": 43, "06": 10, "972": 1} | {str(n): 12 for n in range(10, 30)}
    lows = drawing.thresholds(counts.values())
    assert [drawing.shade(number, lows) for number in (715, 182, 43, 12, 1)] == [5, 4, 3, 3, 1]
