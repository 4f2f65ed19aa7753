"""The larger the file or the network, the more a likeness may be chance: log-odds fall, and people look at what was sure."""

from dataclasses import replace

import numpy as np
import pytest

from reciproque.engines.linkage.blocking import candidates
from reciproque.engines.linkage.encoding import COLUMNS, Nodes, encode
from reciproque.engines.linkage.evidence import FEW, GROWTH, evidence, prior, slips
from reciproque.engines.linkage.explaining import explain
from reciproque.engines.linkage.features import compare
from reciproque.engines.linkage.incremental import compare_with, solve
from reciproque.engines.linkage.kernels import Floats, Ints
from reciproque.engines.linkage.linking import FARTHEST, NEAREST, NEGLIGIBLE, automatic_from, pair_odds, resolve
from reciproque.engines.linkage.scoring import load, log_odds
from reciproque.engines.linkage.stores import Edges

from .invented import invented
from .network import Network, owned

ROWS = {
    "name": [
        "SARL Boulangerie Lemercier",
        "Boulangerie Lemercier",
        "Lemercier Boulangerie SAS",
        "Imprimerie Quintavel",
    ],
    "address": ["12 rue Carnot", "12 r. Carnot", "", "3 quai Gambetta"],
    "postcode": ["49000", "49000", "", "69003"],
    "city": ["Angers", "Angers cedex 2", "", "Lyon"],
}
LEFT, RIGHT = (side.astype(np.int64) for side in np.triu_indices(4, 1))
MET = np.ones(len(LEFT), np.int64)


def among(total: int) -> Nodes:
    """The same rows, as a part of a file of so many."""
    return replace(encode(ROWS), total=total)


def judged(nodes: Nodes, left: Ints, right: Ints, mask: Ints, level: str) -> Floats:
    """Log-odds as the parts that make them."""
    said = log_odds(load()[level], compare(nodes, left, right, mask))
    said += evidence(nodes, left, right, level) + slips(nodes, left, right) + np.float32(prior(nodes, level))
    return np.clip(said, FARTHEST, NEAREST)


@pytest.mark.parametrize("level", ["site", "partner"])
def test_a_pair_is_worth_less_in_a_larger_file(level: str) -> None:
    forest = load()[level]
    known = pair_odds(forest, among(FEW), LEFT, RIGHT, MET, level, 1, whole=True)
    small = pair_odds(forest, among(500), LEFT, RIGHT, MET, level, 1, whole=True)
    large = pair_odds(forest, among(1_000_000), LEFT, RIGHT, MET, level, 1, whole=True)
    np.testing.assert_array_equal(small, known)
    heard = large > FARTHEST
    assert heard.any()
    np.testing.assert_allclose((known - large)[heard], GROWTH[level] * np.log(1_000_000 / FEW), atol=1e-4)


@pytest.mark.parametrize("level", ["site", "partner"])
def test_no_more_is_given_up_early_in_a_large_file(level: str) -> None:
    """A pair is given up by what its trees say, whatever the size of the file takes from it."""
    whole_file = encode(
        {name: values.to_list() for name, values in invented(2000).to_dict().items() if name in COLUMNS}
    )
    nodes, forest = replace(whole_file, total=1_000_000), load()[level]
    met = candidates(nodes)
    whole, quick = (pair_odds(forest, nodes, *met, level, 1, whole=heard) for heard in (True, False))
    counting = whole > NEGLIGIBLE
    assert counting.sum() > 500
    assert np.isclose(whole[counting], quick[counting], atol=1e-4).mean() > 0.99


def test_an_explanation_tells_of_the_size_of_the_file_in_what_any_pair_is_worth() -> None:
    nodes, forest = among(1_000_000), load()["partner"]
    expected = judged(nodes, LEFT, RIGHT, MET, "partner")
    for told, odds in zip(explain(forest, nodes, ROWS, (LEFT, RIGHT, MET)), expected.tolist(), strict=True):
        assert min(max(told.odds, FARTHEST), NEAREST) == pytest.approx(odds, abs=1e-4)
    smaller = explain(forest, among(1000), ROWS, (LEFT, RIGHT, MET))[0].baseline
    assert explain(forest, nodes, ROWS, (LEFT, RIGHT, MET))[0].baseline < smaller


def test_a_record_that_comes_is_judged_among_as_many_as_the_network_holds() -> None:
    held = Network(load()["partner"])
    held.change({7: [{name: column[0] for name, column in ROWS.items()}]})
    newcomer = owned({-1: [{name: column[1] for name, column in ROWS.items()}]})
    for size in (1000, 300_000):
        held.nodes = size
        found = compare_with(held, held.forest, newcomer, among=False)
        assert found is not None
        assert found.nodes.total == size
        expected = judged(found.nodes, found.left, found.right, found.mask, "partner")
        np.testing.assert_allclose(found.edges.odds, expected, atol=1e-4)


@pytest.mark.parametrize(("level", "rich"), [(level, rich) for level in ("site", "partner") for rich in (False, True)])
def test_the_threshold_is_that_of_the_kind_of_file(level: str, *, rich: bool) -> None:
    """Two sites of one partner are told apart less surely where addresses, telephones and SIRET are typed."""
    forest, two = load()[level], np.zeros(1, np.int64)
    least = automatic_from(forest, level, rich=rich)
    assert least >= forest.automatic
    for odds, alone in ((least + 0.1, True), (least - 0.1, False)):
        found = resolve(
            forest, (two, two + 1, np.array([odds], np.float32)), weights=np.ones(2, np.int64), siren=np.full(2, -1),
            alone=np.full(2, FARTHEST, np.float32), level=level, rich=rich,
        )  # fmt: skip
        assert bool(found.sure[0] == found.sure[1]) is alone
        assert found.whole[0] == found.whole[1]


def test_the_network_merges_alone_from_the_same_threshold_as_a_file() -> None:
    forest, records = load()["partner"], np.array([3, 8])
    for rich in (False, True):
        least = automatic_from(forest, "partner", rich=rich)
        for odds, alone in ((least + 0.1, True), (least - 0.1, False)):
            edges = Edges(records[:1], records[1:], np.array([odds], np.float32))
            found = solve(forest, records, np.full(2, -1), edges, rich=rich)
            assert bool(found.automatic[0] == found.automatic[1]) is alone
