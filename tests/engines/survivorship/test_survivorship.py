"""Which value is kept: each rule against the next one, and what holds whatever the candidates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.survivorship import Candidate, Origin, Record, choose, compose, is_empty, sameness, unite

OLD, NEW = date(2024, 1, 1), date(2025, 1, 1)


def said(value, kind="source", on=OLD, source="SFC", record=1):
    return Candidate(value, Origin(kind, source, record, on))


@pytest.mark.parametrize(
    ("field", "winner", "loser"),
    [
        ("name", said("dupont", "hand", OLD), said("Dupont et fils", "register", NEW)),
        ("name", said("DUPONT", "register", OLD), said("Dupont Frères", "source", NEW)),
        ("name", said("DUPONT", on=NEW), said("Dupont Frères", on=OLD)),
        ("name", said("Dupont Frères"), said("DUPONT FRERES SAS")),
        ("name", said("Dupont Frères"), said("Dupont Freres")),
        ("name", said("Dupont Freres"), said("Dupont")),
        ("address", said("12 rue de la Paix"), said("rue de la Paix")),
        ("address", {"street": "rue de la Paix", "number": "12"}, {"street": "rue de la Paix et du Commerce"}),
        ("email", said("a@x.fr", on=NEW), said("abcdef@x.fr", on=OLD)),
        ("name", said("Dupont"), said("", "hand", NEW)),
        ("name", said("Dupont"), said("   ", "register", NEW)),
        ("headcount_year", said(0, on=NEW), said(2020, on=OLD)),
        ("do_not_contact", said(False, on=NEW), said(True, on=OLD)),
    ],
)
def test_what_wins(field, winner, loser):
    winner, loser = (each if isinstance(each, Candidate) else said(each) for each in (winner, loser))
    for candidates in ([winner, loser], [loser, winner]):
        choice = choose(field, candidates)
        assert (choice.value, choice.origin) == (winner.value, winner.origin)


def test_the_most_frequent_wins_when_all_else_is_equal():
    once, twice, again = said("1234", record=9), said("5678", record=1), said("5678", record=2)
    assert choose("naf", [once, twice, again]).value == "5678"
    assert choose("naf", [once, twice]).value == "1234"


def test_releasing_a_value_typed_by_hand_gives_back_the_sources():
    hand, source = said("À la main", "hand"), said("Source")
    assert choose("name", [hand, source]).value == "À la main"
    assert choose("name", [source]).value == "Source"


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("name", "Société d’Études", "SOCIETE D'ETUDES", True),
        ("name", "Dupont", "Dupond", False),
        ("phone", "+33 2 41 22 12 34", "+33241221234", True),
        ("siren", "732 829 320", "732829320", True),
        ("web", "https://www.x.fr/", "http://x.fr", True),
        ("web", "https://x.fr/a", "https://x.fr/b", False),
        ("email", "A@x.fr", "a@x.fr", True),
        ("email", "a.b@x.fr", "ab@x.fr", False),
        ("headcount_year", 2020, 2020, True),
        ("headcount_year", 2020, 2021, False),
        ("flag", True, 1, False),
        ("description", "…", "!!", False),
    ],
)
def test_a_contradiction_is_judged_after_the_field_s_own_equality(field, one, other, same):
    assert (sameness(field, one) == sameness(field, other)) is same
    choice = choose(field, [said(one, on=NEW), said(other)])
    assert [candidate.value for candidate in choice.contradictions] == ([] if same else [other])


def test_each_other_value_is_shown_once_by_its_best_candidate():
    choice = choose("name", [said("A1", on=NEW), said("B1", record=3), said("b1", record=4), said("C1", "register")])
    assert choice.value == "C1"
    assert [candidate.value for candidate in choice.contradictions] == ["A1", "b1"]


def test_unite():
    united = unite("former_names", [said(["Alpha", "BETA"]), said("Bêta", on=NEW), said(["", None])])
    assert [candidate.value for candidate in united] == ["Bêta", "Alpha"]
    assert united[0].origin.on == NEW


def test_compose():
    register = Record(Origin("register", "SIRENE", None, OLD), {"name": "DUPONT", "naf": "62.01Z", "web": ""})
    source = Record(Origin("source", "SFC", 7, NEW), {"name": "Durand", "tags": ["bois"], "web": "https://x.fr"})
    golden = compose([source, register])
    assert golden.values == {"name": "DUPONT", "naf": "62.01Z", "tags": ["bois"], "web": "https://x.fr"}
    assert golden.origins["name"] == register.origin
    assert golden.origins["web"] == golden.origins["tags"] == source.origin
    assert [candidate.value for candidate in golden.contradictions["name"]] == ["Durand"]
    assert set(golden.contradictions) == {"name"}
    assert compose([]).values == {}


VALUES = st.sampled_from(
    ["", " ", None, "Dupont", "DUPONT", "Dupônt", "Durand", "12", "1 2", 0, 3, False, True, [], {"a": ""}]
)
ORIGINS = st.builds(
    Origin,
    kind=st.sampled_from(["hand", "register", "source"]),
    source=st.sampled_from(["A", "B"]),
    record=st.none() | st.integers(1, 3),
    on=st.sampled_from([OLD, NEW]),
)
CANDIDATES = st.lists(st.builds(Candidate, VALUES, ORIGINS), max_size=6)
FIELDS = st.sampled_from(["name", "siren", "email", "web", "description"])


@given(FIELDS, CANDIDATES, st.randoms())
def test_the_order_does_not_matter(field, candidates, random):
    shuffled = candidates[:]
    random.shuffle(shuffled)
    assert repr(choose(field, shuffled)) == repr(choose(field, candidates))
    assert repr(unite(field, shuffled)) == repr(unite(field, candidates))


@given(FIELDS, CANDIDATES)
def test_what_always_holds(field, candidates):
    choice = choose(field, candidates)
    full = [candidate for candidate in candidates if not is_empty(candidate.value)]
    assert (choice.origin is None) == (not full)
    assert is_empty(choice.value) == (not full)
    kinds = {candidate.origin.kind for candidate in full}
    if full:
        assert choice.origin.kind == next(kind for kind in ("hand", "register", "source") if kind in kinds)
        assert repr(choose(field, [Candidate(choice.value, choice.origin)]).value) == repr(choice.value)
        assert repr(choose(field, [*candidates, Candidate(choice.value, choice.origin)]).value) == repr(choice.value)
    assert all(sameness(field, each.value) != sameness(field, choice.value) for each in choice.contradictions)


@given(FIELDS, CANDIDATES)
def test_uniting_twice_changes_nothing(field, candidates):
    """Their order may change: how often a value is said is not known any more."""
    once = unite(field, candidates)
    assert sorted(map(repr, unite(field, once))) == sorted(map(repr, once))
