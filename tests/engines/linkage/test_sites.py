"""Where people say how to reach each other, rows make sites, and sites make partners."""

import random
from typing import Any

import numpy as np
import polars as pl
import pytest

from reciproque.engines.linkage.blocking import candidates
from reciproque.engines.linkage.clustering import lowest
from reciproque.engines.linkage.encoding import COLUMNS, encode
from reciproque.engines.linkage.linking import Linkage, link, link_levels
from reciproque.engines.linkage.sites import Sites, near, sites_of, standing

from .invented import invented


def reached(rows: int) -> dict[str, list[Any]]:
    """An invented file where half of the rows say a telephone."""
    made = invented(rows)
    phones = [
        f"02 41 {number[:2]} {number[2:4]} {number[4:6]}" if number[8] < "5" else "" for number in made["partner"]
    ]
    frame = made.with_columns(phone=pl.Series(phones))
    return {name: frame[name].to_list() for name in frame.columns if name in COLUMNS}


def said(linkage: Linkage, order: list[int]) -> list[list[Any]]:
    return [values[order].tolist() for values in (linkage.group, linkage.score, linkage.decision)]


@pytest.fixture(scope="module")
def columns() -> dict[str, list[Any]]:
    return reached(3000)


def test_neither_order_nor_threads_nor_the_other_level_change_anything(columns: dict[str, list[Any]]) -> None:
    expected = link_levels(columns, threads=1)
    order = list(range(3000))
    random.Random(3).shuffle(order)  # noqa: S311 -- an order, not a secret
    shuffled = {name: [values[row] for row in order] for name, values in columns.items()}
    for level in ("site", "partner"):
        found = link(shuffled, level=level, threads=3)  # type: ignore[arg-type]
        assert said(found, list(range(3000))) == said(expected[level], order)  # type: ignore[index]


def test_a_partner_holds_whole_sites_and_fewer_pairs_are_compared(columns: dict[str, list[Any]]) -> None:
    nodes, linked = encode(columns), link_levels(columns, threads=1)
    assert nodes.rich
    site, partner = linked["site"], linked["partner"]
    assert all(len(set(partner.group[site.group == one].tolist())) == 1 for one in set(site.group.tolist()))
    assert len(set(partner.group.tolist())) < len(set(site.group.tolist()))
    assert all(
        len(set(partner.group[partner.automatic == one].tolist())) == 1 for one in set(partner.automatic.tolist())
    )
    assert site.pairs < partner.pairs < len(candidates(nodes)[0])


def test_another_threshold_moves_what_is_merged_alone_and_no_group(columns: dict[str, list[Any]]) -> None:
    usual, surer = (link(columns, threads=1, automatic=least) for least in (None, 8.5))
    assert (surer.decision == 2).sum() < (usual.decision == 2).sum()
    assert (surer.decision > 0).sum() > 1000


def test_what_can_be_of_one_place() -> None:
    rows = {
        "name": ["Quintavel"] * 7,
        "address": ["3 quai Gambetta", "", "3 quai Gambetta", "", "", "", ""],
        "postcode": ["44000", "49000", "13001", "", "44800", "", ""],
        "city": ["Nantes", "Angers", "Marseille", "Nantes", "Saint-Herblain", "Nant", ""],
        "phone": ["", "02 41 12 34 56", "02 41 12 34 56", "", "", "", ""],
    }
    nodes = encode(rows)
    place = nodes.row_node

    def close(one: int, other: int) -> bool:
        pair = np.sort(place[[one, other]])
        return bool(near(nodes, pair[:1], pair[1:])[0])

    assert close(0, 3), "one town"
    assert close(0, 4), "one département"
    assert close(0, 2), "one street, whatever the town"
    assert close(1, 2), "one telephone"
    assert close(0, 5), "a town cut short"
    assert close(1, 6), "nothing is said of the place of one"
    assert not close(0, 1)
    assert not close(1, 3)


def test_two_sites_are_compared_once_by_the_rows_that_say_the_most() -> None:
    site = np.array([0, 0, 2, 2, 4])
    sites = Sites(lowest(site), np.arange(5), np.array([True, False, True, True, True]))
    left, right = np.array([0, 0, 1, 1, 2, 3]), np.array([1, 2, 2, 3, 4, 4])
    mask, none = np.array([1, 3, 7, 1, 1, 3]), np.zeros(6, bool)
    assert standing(sites, left, right, mask, none).tolist() == [1, 5], "rows of two cores, then more keys"
    known = np.array([False, False, False, True, True, False])
    assert standing(sites, left, right, mask, known).tolist() == [3, 4], "what was compared already"
    for order in ([5, 4, 3, 2, 1, 0], [2, 0, 4, 1, 5, 3]):
        chosen = standing(sites, left[order], right[order], mask[order], none)
        assert sorted(np.array(order)[chosen].tolist()) == [1, 5]


def test_the_core_of_a_site_stands_for_the_most_rows() -> None:
    whole, sure = np.array([0, 0, 0, 3, 3]), np.array([0, 1, 1, 3, 4])
    found = sites_of(whole, sure, np.array([1, 1, 1, 2, 2]))
    assert found.of.tolist() == [0, 0, 0, 3, 3]
    assert found.piece.tolist() == [0, 1, 1, 3, 4]
    assert found.core.tolist() == [False, True, True, True, False], "the first of two as large"
