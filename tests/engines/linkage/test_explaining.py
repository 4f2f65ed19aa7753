"""Why two records are linked: seven lines whose weights make the log-odds, said with the words of the case."""

import csv
import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.cli import main
from reciproque.engines.linkage.blocking import candidates
from reciproque.engines.linkage.clues import SENTENCES, TITLES
from reciproque.engines.linkage.encoding import Nodes, encode
from reciproque.engines.linkage.evidence import evidence
from reciproque.engines.linkage.explaining import Explanation, explain
from reciproque.engines.linkage.features import LINE_OF, LINES, NAMES, compare
from reciproque.engines.linkage.linking import link
from reciproque.engines.linkage.scoring import load, log_odds

WORDS = [
    "garage",
    "martin",
    "boulangerie",
    "du",
    "nord",
    "sud",
    "transports",
    "dupont",
    "dupond",
    "atelier",
    "loire",
    "anjou",
    "services",
    "conseil",
]
row = st.fixed_dictionaries({
    "name": st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join),
    "address": st.sampled_from(["", "3 rue Carnot", "5 r. Carnot", "8 quai Gambetta"]),
    "postcode": st.sampled_from(["", "49000", "44000"]), "city": st.sampled_from(["", "Angers", "Nantes"]),
    "siret": st.sampled_from(["", "55208131766522", "40483304800022"]), "phone": st.sampled_from(["", "02 41 00 00 01", "0241000002"]),
    "email": st.sampled_from(["", "a@martin.example", "b@dupont.example"]),
})  # fmt: skip


def columns_of(rows: list[dict[str, str]]) -> dict[str, list[str]]:
    return {name: [each[name] for each in rows] for name in rows[0]}


def encoded(rows: list[dict[str, str]]) -> Nodes:
    return encode(columns_of(rows))


def told(one: dict[str, str], other: dict[str, str], level: str = "partner") -> Explanation:
    """The explanation of two records among others."""
    blank = dict.fromkeys(("name", "address", "postcode", "city", "siret", "phone", "email"), "")
    rows = [blank | one, blank | other, *[blank | {"name": f"Nom {word}"} for word in WORDS]]
    nodes, columns = encoded(rows), columns_of(rows)
    pair = nodes.row_node[:2]
    return explain(load()[level], nodes, columns, (pair[:1], pair[1:], np.array([1])), level)[0]


def said(explanation: Explanation) -> dict[str, list[str]]:
    return {line.code: [clue.told() for clue in line.clues] for line in explanation.lines}


def test_every_feature_belongs_to_a_line_and_every_line_has_its_title() -> None:
    assert set(LINE_OF) == set(NAMES)
    assert set(LINE_OF.values()) | {"identifiers"} == set(LINES) == set(TITLES)


@given(st.lists(row, min_size=2, max_size=8), st.sampled_from(["site", "partner"]))
def test_the_weights_make_the_log_odds_exactly(rows: list[dict[str, str]], level: str) -> None:
    nodes, forest = encoded(rows), load()[level]
    left, right = (side.astype(np.int64) for side in np.triu_indices(len(nodes), 1))
    mask = np.arange(len(left), dtype=np.int64)
    odds = log_odds(forest, compare(nodes, left, right, mask)) + evidence(nodes, left, right, level)
    for explanation, expected in zip(
        explain(forest, nodes, columns_of(rows), (left, right, mask), level), odds.tolist(), strict=True
    ):
        assert explanation.odds == pytest.approx(expected, abs=1e-4)
        assert [line.code for line in explanation.lines] == list(LINES)
        assert all(clue.told() for line in explanation.lines for clue in line.clues)


def test_the_sentences_name_what_is_shared_and_what_is_left() -> None:
    why = said(told(
        {"name": "Garage Martin", "postcode": "49000", "city": "Angers", "address": "3 rue Carnot"},
        {"name": "GARAGE MARTIN NORD", "postcode": "49000", "city": "ANGERS CEDEX 2", "address": "3, R. CARNOT"},
    ))  # fmt: skip
    assert why["name"] in (["« martin », « garage » en commun"], ["« garage », « martin » en commun"])
    assert why["leftover"] == ["« nord » d’un côté seulement"]
    assert why["place"] == ["même commune (49000 Angers)"]
    assert why["address"] == ["même rue, même numéro (3 rue Carnot)"]
    assert why["identifiers"] == ["pas de SIREN à comparer"]


def test_numbers_are_told_and_weigh_on_their_own_line() -> None:
    same = told({"name": "Dupont", "siret": "55208131766522"}, {"name": "Autre", "siret": "55208131766522"})
    apart = told({"name": "Dupont", "siret": "55208131766522"}, {"name": "Dupont", "siret": "40483304800022"})
    assert said(same)["identifiers"] == ["même SIRET (552 081 317 66522)"]
    assert said(apart)["identifiers"] == ["SIREN différents (552 081 317, 404 833 048)"]
    weights = [next(line.weight for line in each.lines if line.code == "identifiers") for each in (same, apart)]
    assert weights == [9.0, -9.0]


def test_a_line_that_says_the_same_of_both_sides_weighs_more_than_one_in_conflict() -> None:
    here = {"name": "Boulangerie Lemercier", "postcode": "49000", "city": "Angers"}
    near, far = (
        told(here, here | {"name": "Lemercier"}),
        told(here, {"name": "Lemercier", "postcode": "13001", "city": "Marseille"}),
    )
    place = [next(line.weight for line in each.lines if line.code == "place") for each in (near, far)]
    assert place[0] > place[1]
    assert said(far)["place"] == ["communes différentes (Angers, Marseille)", "départements différents (49, 13)"]


def test_a_file_comes_back_with_its_reasons(tmp_path: Path) -> None:
    source, out = tmp_path / "fichier.csv", tmp_path / "groupes.csv"
    names = ["Garage Martin", "GARAGE MARTIN SARL", "Garage Martin", "Minoterie du Layon"]
    source.write_text("Nom;Code postal\n" + "".join(f"{name};49000\n" for name in names), "utf-8")
    assert main(["dedupe", str(source), "--out", str(out), "--explain"]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [each["linked_line"] for each in rows[:3]] == ["4", "2", "2"]
    assert "même nom" in rows[0]["why"]
    assert set(json.loads(rows[0]["weights"])) == {"baseline", *LINES}


def test_reasons_are_those_of_the_best_link_and_do_not_depend_on_the_order_of_rows() -> None:
    chance = random.Random(4)  # noqa: S311 -- a file, not a secret
    rows = [" ".join(chance.choices(WORDS, k=3)) for _ in range(60)]
    linkage = link({"name": rows}, reasons=True)
    assert linkage.other is not None
    for place, (other, why) in enumerate(zip(linkage.other.tolist(), linkage.why, strict=True)):
        assert (other >= 0) == (why is not None)
        assert other != place
    again = link({"name": rows[::-1]}, reasons=True)
    assert [each and round(each.odds, 4) for each in again.why[::-1]] == [
        each and round(each.odds, 4) for each in linkage.why
    ]


def test_candidates_of_a_small_file_can_be_explained() -> None:
    rows = [{"name": "Garage Martin"}, {"name": "Garage Martain"}, {"name": "Atelier Loire"}]
    nodes = encoded(rows)
    left, right, mask = candidates(nodes)
    assert all(
        line.clues
        for each in explain(load()["partner"], nodes, columns_of(rows), (left, right, mask))
        for line in each.lines
    )
    assert all("{" not in text or text.count("{}") for text in SENTENCES.values())
