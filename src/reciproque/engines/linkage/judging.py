"""Whether a mention is one of the candidates."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from rapidfuzz import fuzz

from reciproque.engines.linkage.keys import domain_of, siren_of
from reciproque.engines.linkage.mentions import NEW, Decision, Key, Mention, Verdict
from reciproque.engines.linkage.names import acronym, is_weak, name_key

NEAR_SET = 88.0
"""rapidfuzz `token_set_ratio` of two name keys from which they are near: one may hold more words than the other."""
NEAR_SORT = 55.0
"""`token_sort_ratio` also asked for, so that one shared word of many is not enough."""
CROWDED = 5
"""An e-mail domain borne by more organisations than this says nothing (a group, a federation, a local provider)."""
TIE = 0.005
"""Two scores closer than this are equally good."""

_RANK: dict[Decision, int] = {"same": 2, "doubtful": 1, "new": 0}
_SCORES: dict[str, float] = {
    "siret_same": 1.0, "siren_same": 0.99, "rna_same": 0.98, "uai_same": 0.97, "name_same_postcode": 0.93,
    "name_same_city": 0.92, "domain_same_name_near": 0.75, "name_same_department": 0.7, "name_near_postcode": 0.6,
    "name_same_place_unknown": 0.55, "acronym_postcode": 0.5, "domain_same_name_differs": 0.4,
}  # fmt: skip
_NONE: Mapping[Key, int] = MappingProxyType({})


class _Opinion(NamedTuple):
    decision: Decision
    score: float
    reasons: tuple[str, ...]
    candidate: int


def near(one: str, other: str) -> bool:
    """Whether two name keys may be two spellings of one name."""
    return (
        fuzz.token_set_ratio(one, other, score_cutoff=NEAR_SET) > 0
        and fuzz.token_sort_ratio(one, other, score_cutoff=NEAR_SORT) > 0
    )


def decide(mention: Mention, candidates: Sequence[Mention], *, shared: Mapping[Key, int] = _NONE) -> Verdict:
    """Judge a mention against the candidates found under its keys, whatever their order.

    Same SIRET, SIREN or RNA: same, and two differing SIREN are never the same. Same UAI: same. Same name and same
    postcode or commune, no identifier in contradiction: same. Vaguer likeness: doubtful, as are two candidates equally
    good. `shared` says how many organisations bear a key, where it is known: a crowded e-mail domain is not heard.
    """
    domain = domain_of(mention)
    heard = bool(domain) and shared.get(Key("domain", domain), 0) <= CROWDED
    opinions = [
        opinion for candidate in candidates if (opinion := _judge(mention, candidate, domain=domain if heard else ""))
    ]
    if not opinions:
        return NEW
    if len(opinions) > 1:
        opinions.sort(key=lambda opinion: (-_RANK[opinion.decision], -opinion.score, opinion.candidate))
    best = opinions[0]
    second = next((opinion for opinion in opinions if opinion.candidate != best.candidate), None)
    runner_up = second.candidate if second else None
    if second and second.decision == best.decision and best.score - second.score < TIE:
        return Verdict("doubtful", best.candidate, runner_up, best.score, (*best.reasons, "several_candidates"))
    return Verdict(best.decision, best.candidate, runner_up, best.score, best.reasons)


def _judge(mention: Mention, candidate: Mention, *, domain: str) -> _Opinion | None:
    if mention.siret and mention.siret == candidate.siret:
        return _opinion("same", "siret_same", candidate)
    siren, other = siren_of(mention), siren_of(candidate)
    if siren and siren == other:
        return _opinion("same", "siren_same", candidate)
    if siren and other:
        agreed = _agreed(mention, candidate)
        return _opinion("doubtful", agreed, candidate, ("siren_differs",)) if agreed else None
    against = _against(mention, candidate)
    agreed = _agreed(mention, candidate)
    if agreed:
        decision: Decision = "doubtful" if against == ("rna_differs",) else "same"
        return _opinion(decision, agreed, candidate, against)
    return _judge_by_name(mention, candidate, domain, against)


def _agreed(mention: Mention, candidate: Mention) -> str:
    if mention.rna and mention.rna == candidate.rna:
        return "rna_same"
    if mention.uai and mention.uai == candidate.uai:
        return "uai_same"
    return ""


def _against(mention: Mention, candidate: Mention) -> tuple[str, ...]:
    if mention.rna and candidate.rna and mention.rna != candidate.rna:
        return ("rna_differs",)
    if mention.uai and candidate.uai and mention.uai != candidate.uai:
        return ("uai_differs",)
    return ()


def _judge_by_name(mention: Mention, candidate: Mention, domain: str, against: tuple[str, ...]) -> _Opinion | None:
    one, other = name_key(mention.name), name_key(candidate.name)
    if one == other:
        return _judge_same_name(mention, candidate, one, against)
    same_domain = bool(domain) and domain == candidate.email_domain
    same_postcode = bool(mention.postcode) and mention.postcode == candidate.postcode
    if not (same_domain or same_postcode) or against == ("rna_differs",):
        return None
    if near(one, other):
        reason = "domain_same_name_near" if same_domain else "name_near_postcode"
        return _opinion("doubtful", reason, candidate, against)
    if same_postcode and (acronym(mention.name) == other.upper() or acronym(candidate.name) == one.upper()):
        return _opinion("doubtful", "acronym_postcode", candidate, against)
    return _opinion("doubtful", "domain_same_name_differs", candidate, against) if same_domain else None


def _judge_same_name(mention: Mention, candidate: Mention, name: str, against: tuple[str, ...]) -> _Opinion | None:
    if against == ("rna_differs",):
        return None
    weak = ("name_weak",) if is_weak(name) else ()
    if mention.postcode and mention.postcode == candidate.postcode:
        reason = "name_same_postcode"
    elif mention.city_code and mention.city_code == candidate.city_code:
        reason = "name_same_city"
    elif mention.department and mention.department == candidate.department:
        return _opinion("doubtful", "name_same_department", candidate, against + weak)
    elif mention.department and candidate.department:
        return None
    else:
        return None if weak else _opinion("doubtful", "name_same_place_unknown", candidate, against)
    return _opinion("doubtful" if against or weak else "same", reason, candidate, against + weak)


def _opinion(decision: Decision, reason: str, candidate: Mention, others: tuple[str, ...] = ()) -> _Opinion:
    return _Opinion(decision, _SCORES[reason], (reason, *others), candidate.key)
