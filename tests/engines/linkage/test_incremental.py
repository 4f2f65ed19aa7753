"""A record that comes or changes is grouped as the comparison of the whole network would group it."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reciproque.engines.linkage.incremental import compare_with, resolve_again
from reciproque.engines.linkage.scoring import load
from tests.engines.linkage.network import Network, Row, invented, owned, retyped

FOREST = load()["partner"]


def network(size: int, seed: int = 1) -> tuple[Network, random.Random]:
    """A network counted once, where one record in three is another's, typed again."""
    chance = random.Random(seed)  # noqa: S311 -- records, not a secret
    held = Network(FOREST)
    for number in range(size):
        row = (
            retyped(chance, chance.choice(held.records[chance.randrange(number)]))
            if number % 3 == 2
            else invented(chance)
        )
        held.records[number] = [row]
    held.count()
    return held, chance


def alter(held: Network, chance: random.Random, steps: int) -> None:
    """Records come, change, go, take a second name, one or a few at a time."""
    for _step in range(steps):
        changed: dict[int, list[Row]] = {}
        for _one in range(chance.choice([1, 1, 1, 4])):
            known = chance.choice(sorted(held.records))
            what = chance.random()
            if what < 0.5:
                row = retyped(chance, held.records[known][0]) if chance.random() < 0.6 else invented(chance)
                changed[max(held.records) + 1 + len(changed)] = [row]
            elif what < 0.7:
                changed[known] = [retyped(chance, held.records[known][0])]
            elif what < 0.8:
                changed[known] = [*held.records[known], invented(chance)]
            elif what < 0.9:
                changed[known] = [invented(chance)]
            else:
                changed[known] = []
        held.change(changed)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 8))
def test_any_sequence_of_changes_gives_the_groups_of_the_whole(seed: int, steps: int) -> None:
    held, chance = network(60, seed)
    alter(held, chance, steps)
    assert held.groups == held.whole(believed=True)


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_groups_are_those_that_all_the_pairs_kept_would_give(seed: int) -> None:
    """Whatever is left aside of what ties, one to the other, to the records that changed."""
    held, chance = network(200, seed)
    for _step in range(6):
        alter(held, chance, 1)
        assert held.groups == held.solved()


def test_what_ties_to_a_record_without_being_grouped_with_it_is_not_walked_from_one_to_the_next() -> None:
    """Thirty pairs in a chain, each tied to the next but too little to be one with it: who comes at one end leaves the other in peace."""
    held, _chance = network(60)
    chain = list(range(1000, 1060))
    held.records |= {record: [{"name": f"Place {record}"}] for record in chain}
    held.pairs |= {(one, one + 1): 0.1 if one % 2 else 0.5 for one in chain[:-1]}
    held.groups |= {record: record - record % 2 for record in chain}
    assert held.groups == held.solved()
    held.records[999], held.same = [{"name": "Vorlaine Tissages"}], {(999, 1000)}
    found = resolve_again(held, FOREST, [999]).solution
    assert dict(zip(found.records.tolist(), found.group.tolist(), strict=True)) == {
        999: 999, 1000: 999, 1001: 999, 1002: 1002, 1003: 1002,
    }  # fmt: skip


@pytest.mark.parametrize(("steps", "share"), [(20, 0.995), (60, 0.98)])
def test_records_that_came_since_the_count_are_nearly_all_grouped_as_if_it_were_made_anew(
    steps: int, share: float
) -> None:
    """Some two records in a hundred later, then seven: the network is counted again every night, and past a tenth."""
    held, chance = network(1500, 3)
    alter(held, chance, steps)
    found, expected = held.groups, held.whole(believed=False)
    assert set(found) == set(expected)
    assert sum(found[record] == expected[record] for record in found) >= share * len(found)
    assert len(set(expected.values())) < 0.8 * len(expected)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_verdicts_bind_a_change_as_they_bind_the_whole(seed: int) -> None:
    held, chance = network(60, seed)
    alike = [pair for pair in held.pairs if held.groups[pair[0]] == held.groups[pair[1]]]
    apart = chance.choice(alike)
    held.different.add(apart)
    held.look_again(apart)
    assert held.groups[apart[0]] != held.groups[apart[1]]
    one, other = sorted(chance.sample(sorted(held.records), 2))
    if held.groups[one] != held.groups[other] and apart != (one, other):
        held.same.add((one, other))
        held.look_again([one, other])
        assert held.groups[one] == held.groups[other]
    alter(held, chance, 3)
    kept = {pair for pair in held.same if all(record in held.records for record in pair)}
    held.same, held.different = kept, {pair for pair in held.different if all(one in held.records for one in pair)}
    assert held.groups == held.whole(believed=True)


def test_a_record_that_goes_frees_those_it_held_together() -> None:
    held, _chance = network(60)
    row = {"name": "Lornévine Conseil", "postcode": "49000", "city": "Angers", "address": "3 rue Carnot"}
    held.change({900: [row], 901: [{**row, "name": "Lonévine Conseil"}]})
    assert held.groups[900] == held.groups[901] == 900
    held.change({901: []})
    assert held.groups[900] == 900
    assert 901 not in held.groups
    assert not [pair for pair in held.pairs if 901 in pair]


def test_a_row_is_recognised_without_entering_the_network() -> None:
    held, _chance = network(60)
    row = {"name": "Lornévine Conseil", "postcode": "49000", "city": "Angers"}
    held.change({900: [row]})
    found = compare_with(held, FOREST, owned({-1: [{**row, "name": "LORNEVINE CONSEILS SARL"}]}), among=False)
    assert found is not None
    best = max(zip(found.edges.odds.tolist(), found.edges.low.tolist(), found.edges.high.tolist(), strict=True))
    assert best[1:] == (-1, 900)
    assert best[0] > 0
    assert -1 not in held.groups


@pytest.mark.parametrize("name", ["", "  ", "?!", "a", "SARL"])
def test_what_says_next_to_nothing_is_compared_without_harm(name: str) -> None:
    held, _chance = network(60)
    held.change({900: [{"name": name}], 901: [{"name": name}]})
    assert {held.groups[900], held.groups[901]} <= {900, 901}


def test_nothing_touched_changes_nothing() -> None:
    held, _chance = network(60)
    before = dict(held.groups)
    held.change({})
    held.look_again(sorted(held.records))
    assert held.groups == before
