"""Names, keys and verdicts, with an example on each side of each threshold."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.linkage import (
    PUBLIC_MAIL_DOMAINS,
    REASONS,
    Key,
    Mention,
    acronym,
    decide,
    keys,
    name_key,
    near,
    person_key,
)

ONE, OTHER = "732829320", "404833048"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("S.A.R.L. Les Établissements ST-Jean & Fils", "saint jean et fils"),
        ("SARL DUPONT", "dupont"),
        ("Dupont S. A. S.", "dupont"),
        ("Société par actions simplifiée Dupont", "dupont"),
        ("STE DUPONT", "dupont"),
        ("SAS STE DUPONT", "dupont"),
        ("STE MARIE", "sainte marie"),
        ("Lycée Ste-Marie", "lycee sainte marie"),
        ("ASS. DES AMIS DE L'ORGUE", "amis orgue"),
        ("Association Les Amis de l’orgue", "amis orgue"),
        ("Mairie d'Angers", "commune angers"),
        ("VILLE D’ANGERS", "commune angers"),
        ("Centre-Ville", "centre ville"),
        ("SAS", "sas"),
        ("Société anonyme", "societe anonyme"),
        ("La", "la"),
        ("***", "***"),
        ("", ""),
    ],
)
def test_name_key(name, key):
    assert name_key(name) == key


WORDS_TEXT = (
    "SARL STE ST SAS société anonyme civile a s r l & - . les de Dupont ville mairie Marie gpe ets é S.A. loi 1901"
)


@given(st.text(max_size=30) | st.lists(st.sampled_from(WORDS_TEXT.split()), max_size=7).map(" ".join))
def test_a_key_is_stable_and_never_empty(name):
    key = name_key(name)
    assert name_key(key) == key
    assert bool(key) == bool(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Union des industries et métiers de la métallurgie", "UIMM"), ("UIMM", "UIMM"), ("SARL Dupont", ""), ("", "")],
)
def test_acronym(name, expected):
    assert acronym(name) == expected


def test_person_key():
    assert (
        person_key("Jean-Pierre", "DE L’ESTOILE")
        == person_key("JEAN PIERRE", "de l'Estoile")
        == "de l estoile, jean pierre"
    )
    assert person_key("", "Noël") == "noel"
    assert person_key("Jean", "Marie") != person_key("Marie", "Jean")


def test_keys_go_from_the_surest_to_the_vaguest():
    mention = Mention(1, "SARL Dupont", siret=ONE + "00074", rna="W491000001", uai="0490001K", email_domain="dupont.fr",
                      postcode="49100", city_code="49007", department="49")  # fmt: skip
    assert keys(mention) == (
        Key("siret", ONE + "00074"),
        Key("siren", ONE),
        Key("rna", "W491000001"),
        Key("uai", "0490001K"),
        Key("domain", "dupont.fr"),
        Key("name_postcode", "dupont|49100"),
        Key("name_city", "dupont|49007"),
        Key("name_department", "dupont|49"),
        Key("name", "dupont"),
    )
    assert keys(Mention(1, "")) == ()


@pytest.mark.parametrize(
    "domain", ["gmail.com", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "live.fr", "icloud.com"]
)
def test_a_public_domain_is_never_a_key(domain):
    assert domain in PUBLIC_MAIL_DOMAINS
    assert all(key.family != "domain" for key in keys(Mention(1, "X", email_domain=domain)))
    assert (
        decide(Mention(1, "Dupont", email_domain=domain), [Mention(2, "Durand", email_domain=domain)]).decision == "new"
    )


BASE = Mention(0, "Dupont Frères")


@pytest.mark.parametrize(
    ("one", "other", "decision", "reason"),
    [
        ({"siret": ONE + "00074"}, {"siret": ONE + "00074", "name": "Rien à voir"}, "same", "siret_same"),
        ({"siren": ONE}, {"siret": ONE + "00074", "name": "Rien à voir"}, "same", "siren_same"),
        ({"siren": ONE, "postcode": "49100"}, {"siren": OTHER, "postcode": "49100"}, "new", None),
        ({"siren": ONE, "uai": "0490001K"}, {"siren": OTHER, "uai": "0490001K"}, "doubtful", "siren_differs"),
        ({"rna": "W491000001"}, {"rna": "W491000001", "name": "Autre"}, "same", "rna_same"),
        ({"rna": "W491000001", "postcode": "49100"}, {"rna": "W491000002", "postcode": "49100"}, "new", None),
        ({"uai": "0490001K"}, {"uai": "0490001K", "name": "Autre"}, "same", "uai_same"),
        ({"uai": "0490001K", "postcode": "49100"}, {"uai": "0490002L", "postcode": "49100"}, "doubtful", "uai_differs"),
        ({"postcode": "49100"}, {"postcode": "49100", "name": "SARL DUPONT FRERES"}, "same", "name_same_postcode"),
        ({"postcode": "49100"}, {"postcode": "49100", "siren": ONE}, "same", "name_same_postcode"),
        ({"city_code": "49007", "postcode": "49000"}, {"city_code": "49007", "postcode": "49100"}, "same", "name_same_city"),
        ({"department": "49"}, {"department": "49"}, "doubtful", "name_same_department"),
        ({"department": "49"}, {"department": "44"}, "new", None),
        ({"department": "49"}, {}, "doubtful", "name_same_place_unknown"),
        ({"name": "SAS", "postcode": "49100"}, {"name": "SAS", "postcode": "49100"}, "doubtful", "name_weak"),
        ({"name": "SAS"}, {"name": "SAS"}, "new", None),
        ({"email_domain": "d.fr"}, {"email_domain": "d.fr", "name": "Dupond Frères"}, "doubtful", "domain_same_name_near"),
        ({"email_domain": "d.fr"}, {"email_domain": "d.fr", "name": "Autre"}, "doubtful", "domain_same_name_differs"),
        ({"postcode": "49100"}, {"postcode": "49100", "name": "Dupond Frères"}, "doubtful", "name_near_postcode"),
        ({"postcode": "49100"}, {"postcode": "49000", "name": "Dupond Frères"}, "new", None),
        ({"postcode": "49100"}, {"postcode": "49100", "name": "Durand"}, "new", None),
        ({"name": "UIMM", "postcode": "49100"},
         {"name": "Union des industries et métiers de la métallurgie", "postcode": "49100"}, "doubtful", "acronym_postcode"),
    ],
)  # fmt: skip
def test_verdicts(one, other, decision, reason):
    mention, candidate = replace(BASE, key=1, **one), replace(BASE, key=2, **other)
    for verdict in (decide(mention, [candidate]), decide(replace(candidate, key=1), [replace(mention, key=2)])):
        assert verdict.decision == decision
        assert verdict.candidate == (None if decision == "new" else 2)
        assert reason is None or reason in verdict.reasons


def test_two_equally_good_candidates_are_a_doubt():
    mention = replace(BASE, postcode="49100")
    candidates = [replace(BASE, key=key, postcode="49100") for key in (5, 3)]
    verdict = decide(mention, candidates)
    assert (verdict.decision, verdict.candidate, verdict.runner_up) == ("doubtful", 3, 5)
    assert "several_candidates" in verdict.reasons


def test_the_surest_candidate_wins():
    mention = replace(BASE, postcode="49100", siren=ONE)
    verdict = decide(mention, [replace(BASE, key=3, postcode="49100"), replace(BASE, key=5, siren=ONE)])
    assert (verdict.decision, verdict.candidate, verdict.runner_up) == ("same", 5, 3)


@pytest.mark.parametrize(("bearers", "decision"), [(5, "doubtful"), (6, "new")])
def test_a_crowded_domain_is_not_heard(bearers, decision):
    mention, candidate = Mention(1, "Dupont", email_domain="d.fr"), Mention(2, "Durand", email_domain="d.fr")
    assert decide(mention, [candidate], shared={Key("domain", "d.fr"): bearers}).decision == decision


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("dupont freres", "dupond freres", True),
        ("dupont freres", "durand freres", False),
        ("chambre metiers artisanat", "chambre metiers artisanat maine et loire", True),
        ("chambre", "chambre metiers artisanat maine et loire", False),
    ],
)
def test_near(one, other, alike):
    assert near(one, other) is alike
    assert near(other, one) is alike


PLACES = st.sampled_from(["", "49100", "44000"])
MENTIONS = st.builds(
    Mention,
    key=st.integers(1, 9),
    name=st.sampled_from(["Dupont", "SARL Dupont", "Dupond", "SAS", "Durand et fils"]),
    siren=st.sampled_from(["", ONE, OTHER]),
    rna=st.sampled_from(["", "W491000001", "W491000002"]),
    uai=st.sampled_from(["", "0490001K"]),
    email_domain=st.sampled_from(["", "d.fr", "gmail.com"]),
    postcode=PLACES,
    department=st.sampled_from(["", "49", "44"]),
)


@given(MENTIONS, st.lists(MENTIONS, max_size=4, unique_by=lambda mention: mention.key), st.randoms())
def test_the_order_of_candidates_does_not_matter_and_differing_sirens_are_never_the_same(mention, candidates, random):
    verdict = decide(mention, candidates)
    shuffled = candidates[:]
    random.shuffle(shuffled)
    assert decide(mention, shuffled) == verdict
    assert set(verdict.reasons) <= set(REASONS)
    if verdict.decision == "same":
        chosen = next(candidate for candidate in candidates if candidate.key == verdict.candidate)
        assert not (mention.siren and chosen.siren and mention.siren != chosen.siren)


@given(MENTIONS, MENTIONS)
def test_mentions_judged_the_same_share_a_key(one, other):
    if decide(one, [other]).decision == "same":
        assert set(keys(one)) & set(keys(other))
