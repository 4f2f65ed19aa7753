"""Why a row was given this company: codes with their measure, and their French sentences for files."""

from reciproque.engines.register.comparing import NAMES
from reciproque.engines.register.qualifying import CERTAIN, Qualification
from reciproque.engines.register.shaping import ACRONYM, PAST, PAST_SIGN, SIGN, USUAL

_AT = {name: place for place, name in enumerate(NAMES)}
REASONS: dict[str, str] = {
    "own_number": "le numéro donné est au registre",
    "same_name": "même nom",
    "near_name": "nom proche",
    "part_of_name": "une partie du nom",
    "initials": "initiales du nom",
    "other_name": "nom différent",
    "usual_name": "nom usuel",
    "acronym": "sigle",
    "sign": "enseigne",
    "past_name": "ancien nom",
    "past_sign": "ancienne enseigne",
    "same_address": "même adresse",
    "same_street": "même rue",
    "same_postcode": "même code postal",
    "same_town": "même commune",
    "same_department": "même département",
    "elsewhere": "lieu différent",
    "homonyms": "plusieurs entreprises de ce nom",
    "ceased": "entreprise cessée",
    "closed": "établissement fermé",
}
"""Every code that `reasons` gives, in French."""


def reasons(found: Qualification, row: int) -> list[str]:
    """Codes of why, the name first, then the place, then what weighs against."""
    if found.company[row] < 0:
        return []
    said = {name: float(found.evidence[row][place]) for name, place in _AT.items()}
    told = ["own_number"] if found.score[row] >= CERTAIN else []
    told.append(_name(said))
    kind = {USUAL: "usual_name", ACRONYM: "acronym", SIGN: "sign", PAST: "past_name", PAST_SIGN: "past_sign"}
    told += [kind[int(said["kind"])]] if int(said["kind"]) in kind else []
    told += _place(said)
    told += ["homonyms"] if said["homonyms"] > 1.0 or said["same_count"] > 1 else []
    told += ["ceased"] if said["ceased"] else ["closed"] if said["closed"] else []
    return told


def _name(said: dict[str, float]) -> str:
    if said["same_letters"]:
        return "same_name"
    if said["initials"]:
        return "initials"
    if said["shared"] > 0.7 or said["trigrams"] > 0.8:
        return "near_name"
    return "part_of_name" if said["contained"] > 0.6 else "other_name"


def _place(said: dict[str, float]) -> list[str]:
    if said["street"] >= 1 and said["number"] == 1 and (said["town"] == 1 or said["postcode"] == 1):
        return ["same_address"]
    told = ["same_street"] if said["street"] >= 1 and (said["town"] == 1 or said["postcode"] == 1) else []
    for name, code in (("postcode", "same_postcode"), ("town", "same_town"), ("department", "same_department")):
        if said[name] == 1:
            return [*told, code]
    return ["elsewhere"] if 0.0 in {said["postcode"], said["town"], said["department"]} else told


def because(found: Qualification, row: int) -> list[str]:
    """The same as French words."""
    return [REASONS[code] for code in reasons(found, row)]
