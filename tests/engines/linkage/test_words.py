"""What words mean: how common they are elsewhere, places, kinds of bodies, initials; and what a register says."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reciproque.engines.linkage import lore
from reciproque.engines.linkage.blocking import candidates
from reciproque.engines.linkage.encoding import encode
from reciproque.engines.linkage.evidence import LIKELY, evidence
from reciproque.engines.linkage.features import COUNT, LINE_OF, NAMES, compare
from reciproque.engines.linkage.learning_words import FOLDS, Counts, folds_of, places
from reciproque.engines.linkage.linking import link
from reciproque.engines.linkage.scoring import load
from reciproque.engines.linkage.wording import names_of

SYLLABLES = ["ba", "co", "du", "fe", "gi", "lo", "mu", "na", "pe", "ri", "so", "ta", "vu", "xe", "zo"]


def fill(count: int, seed: int = 5) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 -- a file, not a secret
    return ["".join(chance.choices(SYLLABLES, k=4)).upper() + " SERVICES" for _ in range(count)]


def pair(one: dict[str, str], other: dict[str, str]) -> dict[str, float]:
    """The features of two rows among others."""
    rows = [one, other, *({"name": name} for name in fill(50))]
    columns = {key: [row.get(key, "") for row in rows] for key in ("name", "city", "postcode", "department")}
    nodes = encode(columns)
    low, high = sorted(nodes.row_node[:2].tolist())
    found = compare(nodes, np.array([low]), np.array([high]), np.array([0]))[0]
    return dict(zip(NAMES, found.tolist(), strict=True))


def test_every_feature_belongs_to_a_line_of_the_explanation() -> None:
    assert set(LINE_OF) == set(NAMES)
    assert len(NAMES) == COUNT


@pytest.mark.parametrize(
    ("one", "other", "feature", "value"),
    [
        ("Mairie de Quintavel", "CCAS de Quintavel", "natures", 1.0),
        ("Mairie de Quintavel", "Commune de Quintavel", "natures", -1.0),
        ("Quintavel", "CCAS de Quintavel", "natures", 0.0),
        ("SAS Quintavel", "Association Quintavel", "forms_apart", 1.0),
        ("SAS Quintavel", "SARL Quintavel", "forms_apart", 0.0),
        ("Quintavel", "SARL Quintavel", "forms_apart", -1.0),
        ("SITH", "Société immobilière touristique et hôtelière", "spelled", 1.0),
        ("SITH", "Société immobilière hôtelière", "spelled", 0.0),
        ("UTB Angers", "Union technique du bâtiment", "acronym", 3.0),
        ("XYZ Angers", "Union technique du bâtiment", "acronym", 0.0),
    ],
)
def test_what_names_say(one: str, other: str, feature: str, value: float) -> None:
    assert pair({"name": one}, {"name": other})[feature] == value
    assert pair({"name": other}, {"name": one})[feature] == value


def test_a_place_in_a_name_is_heard_with_the_town_of_the_other() -> None:
    same = pair({"name": "Zorvanex Angers"}, {"name": "Zorvanex", "city": "ANGERS CEDEX 2"})
    assert (same["town_said"], same["town_unsaid"]) == (1.0, 0.0)
    other = pair({"name": "Zorvanex Angers"}, {"name": "Zorvanex", "city": "Nantes"})
    assert (other["town_said"], other["town_unsaid"]) == (0.0, 1.0)
    unknown = pair({"name": "Zorvanex Angers"}, {"name": "Zorvanex"})
    assert (unknown["town_said"], unknown["town_unsaid"]) == (0.0, 0.0)


def test_a_common_word_is_told_from_one_never_met() -> None:
    common = pair({"name": "Jeanne Nantes"}, {"name": "Jeanne Angers"})
    unknown = pair({"name": "Zorvanex Nantes"}, {"name": "Zorvanex Angers"})
    assert unknown["lore_shared"] == 0.0 < common["lore_shared"]


def test_words_are_counted_apart_from_those_who_are_judged() -> None:
    numbers = [f"{300_000_000 + place * 7}" for place in range(60)]
    counts = Counts(["Zorvanex"] * 60, numbers, places([("Quintavel", 9000), ("Hameau", 50)]))
    words = names_of(["Zorvanex", "Quintavel", "Hameau"]).words.hashes[-3:]
    whole, place = counts.without().of(words)
    assert whole[0] == pytest.approx(np.log1p(10_000), abs=1 / lore.STEPS)
    assert place.tolist() == [False, True, False]
    assert counts.without(set(range(FOLDS))).of(words)[0][0] == 0
    assert set(folds_of(numbers).tolist()) <= set(range(FOLDS))


def test_a_table_is_what_was_written(tmp_path) -> None:
    counts = Counts(["Zorvanex", "Zorvanex SA"], ["300000007", "300000014"], places([("Angers", 150_000)]))
    lore.save(tmp_path / "words.npz", counts.without())
    again = lore.load(tmp_path / "words.npz")
    for field in ("keys", "borne", "place"):
        assert getattr(again, field).tolist() == getattr(counts.without(), field).tolist()
    assert lore.EMPTY.of(np.array([5], np.uint64))[0].tolist() == [0.0]


def test_a_house_named_by_many_rows_is_compared_in_a_small_file() -> None:
    names = [f"Formation transport Zorvanex {word.split()[0]}" for word in fill(60)]
    nodes = encode({"name": names + fill(40, 8)})
    left, right, _ = candidates(nodes)
    pairs = set(zip(left.tolist(), right.tolist(), strict=True))
    own = sorted(set(nodes.row_node[:60].tolist()))
    assert all((one, other) in pairs for place, one in enumerate(own) for other in own[place + 1 :])


REGISTERED = ("name", "register_siren", "register_probability")


def grouped(rows: list[tuple[str, str, float]]) -> list[int]:
    columns = dict(zip(REGISTERED, (list(cells) for cells in zip(*rows, strict=True)), strict=True))
    return link(columns, threads=1).group.tolist()


def test_two_names_that_a_register_gives_one_siren_meet() -> None:
    rest = [(name, "", 0.0) for name in fill(80)]
    brand, registered = ("Kiloutou Zorvanex", "732829320", 0.97), ("Holding Matrifel", "732829320", 0.99)
    assert len(set(grouped([brand, registered, *rest])[:2])) == 1
    assert len(set(grouped([(brand[0], "", 0.0), registered, *rest])[:2])) == 2
    doubtful = (brand[0], brand[1], 0.4)
    assert len(set(grouped([doubtful, registered, *rest])[:2])) == 2


def test_a_register_that_gives_two_sirens_keeps_alike_names_apart() -> None:
    rest = [(name, "", 0.0) for name in fill(80)]
    alike = [("Zorvanex Ingenierie", "732829320", 0.99), ("Zorvanex Ingénierie SAS", "404833048", 0.99)]
    assert len(set(grouped([*alike, *rest])[:2])) == 2
    assert len(set(grouped([(name, "", 0.0) for name, _, _ in alike] + rest)[:2])) == 1


def test_what_a_register_alone_brings_together_is_for_somebody_to_see() -> None:
    rest = [(name, "", 0.0) for name in fill(80)]
    rows = [("Kiloutou Zorvanex", "732829320", 1.0), ("Holding Matrifel", "732829320", 1.0), *rest]
    found = link(
        dict(zip(REGISTERED, (list(cells) for cells in zip(*rows, strict=True)), strict=True)), threads=1, reasons=True
    )
    assert found.group[0] == found.group[1]
    assert found.automatic[0] != found.automatic[1]
    assert found.decision[:2].tolist() == [1, 1]
    why = found.why[0]
    assert why is not None
    assert found.other is not None
    assert found.other[0] == 1
    assert abs(why.baseline + sum(line.weight for line in why.lines) - LIKELY) < 1e-3


PLACED = ("name", "siret", "register_siret", "register_site_probability")
HERE, THERE = "73282932000074", "73282932000082"


@pytest.mark.parametrize(
    ("rows", "low", "high"),
    [
        ([("", HERE, 0.99), ("", HERE, 0.99)], 0.5, 2.0),
        ([("", HERE, 0.99), ("", THERE, 0.99)], -5.0, -3.0),
        ([(HERE, "", 0.0), ("", THERE, 0.99)], -5.0, -3.0),
        ([("", HERE, 0.7), ("", THERE, 0.7)], 0.0, 0.0),
        ([("", HERE, 0.99), ("", "", 0.0)], 0.0, 0.0),
        ([(HERE, "", 0.0), (HERE, THERE, 0.99)], 9.0, 9.0),
    ],
    ids=["one place", "two places", "typed and recognised", "unsure", "unknown", "typed"],
)
def test_what_a_register_knows_of_places_weighs_between_sites(
    rows: list[tuple[str, str, float]], low: float, high: float
) -> None:
    named = [(f"Zorvanex {place}", *row) for place, row in enumerate(rows)]
    columns = dict(zip(PLACED, (list(cells) for cells in zip(*named, strict=True)), strict=True))
    found = evidence(encode(columns), np.array([0]), np.array([1]), "site")
    assert low <= found[0] <= high


@pytest.mark.parametrize("level", ["site", "partner"])
def test_the_curve_of_the_model_rises_with_the_threshold(level: str) -> None:
    forest = load()[level]
    thresholds, precisions, recalls = forest.curve.T.tolist()
    assert all(one < other for one, other in pairwise(thresholds))
    assert all(one <= other for one, other in pairwise(precisions))
    assert recalls[0] > recalls[-1] >= 0
    assert forest.from_precision(0.9) <= forest.from_precision(0.99)
    assert forest.from_precision(1.01) == 9.0


WORDS = st.sampled_from([
    "SAS", "Mairie", "CCAS", "Angers", "Zorvanex", "Quintavel", "société", "de", "l’école", "UTB", "44", "Saint", "Marie", "&", "formation",
    "transport",
])  # fmt: skip
ROWS = st.lists(
    st.tuples(st.lists(WORDS, max_size=5).map(" ".join), st.sampled_from(["", "Angers", "Nantes"]), st.sampled_from(["", "49000", "44000"])),
    min_size=2, max_size=12,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_groups_scores_and_decisions(rows, chance) -> None:
    order = list(range(len(rows)))
    chance.shuffle(order)

    def found(chosen):
        names, cities, postcodes = zip(*chosen, strict=True)
        return link({"name": list(names), "city": list(cities), "postcode": list(postcodes)}, threads=1)

    one, other = found(rows), found([rows[place] for place in order])
    for field in ("score", "decision"):
        assert getattr(other, field).tolist() == [getattr(one, field)[place] for place in order]
    for field in ("group", "automatic"):
        assert numbered(getattr(other, field).tolist()) == numbered([getattr(one, field)[place] for place in order])


def numbered(groups: list[int]) -> list[int]:
    """Groups by their first row: rows that are equal but told apart are interchangeable."""
    seen: dict[int, int] = {}
    return [seen.setdefault(int(group), len(seen)) for group in groups]
