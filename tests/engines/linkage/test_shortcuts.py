"""What is spared gives the same numbers, to the last bit."""

from dataclasses import replace

import numpy as np
import pytest

from reciproque.engines.linkage.blocking import candidates
from reciproque.engines.linkage.encoding import COLUMNS, NAME, Nodes, encode
from reciproque.engines.linkage.features import CONTACTS, compare
from reciproque.engines.linkage.kernels import Floats
from reciproque.engines.linkage.linking import by_names
from reciproque.engines.linkage.scoring import Forest, load, packed, place_of, walk

from .invented import invented


@pytest.fixture(scope="module")
def nodes() -> Nodes:
    return encode({name: values.to_list() for name, values in invented(1500).to_dict().items() if name in COLUMNS})


def test_pairs_are_worth_the_same_alone_and_after_others_of_the_same_names(nodes: Nodes) -> None:
    left, right, mask = candidates(nodes)
    order = by_names(nodes, left, right)
    names = nodes.codes[left[order], NAME]
    assert (np.diff(names) >= 0).all()
    together = compare(nodes, left[order], right[order], mask[order])
    shuffled = np.random.default_rng(3).permutation(len(left))
    np.testing.assert_array_equal(
        together, compare(nodes, left[shuffled], right[shuffled], mask[shuffled])[np.argsort(shuffled)][order]
    )
    alone = [compare(nodes, *(side[[at]] for side in (left, right, mask)))[0] for at in order[:300].tolist()]
    np.testing.assert_array_equal(together[:300], np.stack(alone))
    again = (np.diff(left[order]) != 0) & (np.diff(names) == 0)
    assert again.sum() > 100


@pytest.mark.parametrize("level", ["site", "partner"])
@pytest.mark.parametrize("rich", [False, True])
def test_the_trees_of_one_kind_of_file_say_what_all_say(nodes: Nodes, level: str, *, rich: bool) -> None:
    forest, rows = load()[level], compare(replace(nodes, rich=rich), *candidates(nodes))
    assert ((rows[:, CONTACTS] > 0) == rich).all()
    for whole in (False, True):
        every, some = np.zeros(len(rows), np.float32), np.zeros(len(rows), np.float32)
        walk(forest, rows, every, whole=whole)
        walk(forest, rows, some, whole=whole, rich=rich)
        np.testing.assert_array_equal(every, some)
    assert (np.diff(packed(forest, rich=rich).trees) < np.diff(packed(forest).trees)).all()


def climbed(forest: Forest, row: Floats) -> float:
    """What the trees say of a row, one after the other, from the root of each."""
    total = float(forest.baseline)
    for root in forest.roots.tolist():
        knot = root
        while forest.feature[knot] >= 0:
            knot = (forest.right if row[forest.feature[knot]] > forest.threshold[knot] else forest.left)[knot]
        total += float(forest.threshold[knot])
    return total


@pytest.mark.parametrize("level", ["site", "partner"])
@pytest.mark.parametrize("rich", [None, True])
def test_trees_asked_of_many_rows_at_a_time_say_what_each_says(nodes: Nodes, level: str, *, rich: bool | None) -> None:
    forest, rows = load()[level], compare(replace(nodes, rich=True), *candidates(nodes))[:300]
    assert packed(forest, rich=rich).masks.dtype == (np.uint64 if rich is None else np.uint32)
    found = np.zeros(len(rows), np.float32)
    walk(forest, rows, found, whole=True, rich=rich)
    assert found.tolist() == [float(np.float32(climbed(forest, row))) for row in rows]


def test_every_leaf_has_a_place_of_its_own() -> None:
    for kind, bits in ((np.uint32, 32), (np.uint64, 64)):
        assert {place_of(leaf, kind) for leaf in range(bits)} == set(range(bits))
