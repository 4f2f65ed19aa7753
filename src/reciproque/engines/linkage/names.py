"""Names of organisations and people, reduced to what tells them apart."""

import re
from functools import lru_cache

from reciproque.engines.identifiers import fold
from reciproque.engines.linkage.tables import STREET_STOPS, STREET_WORDS

_INITIALS = re.compile(r"(?<![a-z0-9])(?:[a-z]\.\s?){2,}(?:[a-z](?![a-z0-9]))?")
_APART = re.compile(r"[^a-z0-9]+")
_LONG_FORMS = re.compile(
    r"\b(?:societe a responsabilite limitee|societe par actions simplifiee(?: unipersonnelle)?|societe anonyme"
    r"|societe civile(?: immobiliere| professionnelle)?|societe en nom collectif|entreprise individuelle"
    r"|entreprise unipersonnelle a responsabilite limitee|association loi (?:de )?1901|loi (?:de )?1901|s a r l|s a s u|s a s)\b"
)
_SHORT_FORMS_TEXT = (
    "sarl sarlu sas sasu sa sau eurl sci snc scop scic ei eirl gie selarl selas selafa earl gaec scea scp scm sca sem "
    "spl epic epcc gip gmbh ltd llc inc bv nv srl"
)
_SHORT_FORMS = frozenset(_SHORT_FORMS_TEXT.split())
_LONG_FORMS_TEXT = "association assoc asso ass societe soc ets etablissements etablissement"
LEGAL_FORMS = _SHORT_FORMS | frozenset(_LONG_FORMS_TEXT.split())
_ARTICLES = frozenset({"le", "la", "les", "l", "d", "de", "du", "des", "un", "une"})
_LINKS_TEXT = "et en a au aux pour par sur sous dans"
_LINKS = _ARTICLES | frozenset(_LINKS_TEXT.split())
_FULL = {
    "st": "saint", "cie": "compagnie", "gpe": "groupe", "grp": "groupe", "fed": "federation", "univ": "universite",
    "ctre": "centre", "dpt": "departement", "dept": "departement", "dep": "departement", "intl": "international",
    "devpt": "developpement", "dvpt": "developpement", "nat": "national", "reg": "regional", "gle": "generale",
    "cons": "conseil", "labo": "laboratoire", "inst": "institut", "entr": "entreprise", "ent": "entreprise",
    "ch": "centre hospitalier",
}  # fmt: skip
_TOWN_HALL = frozenset({"mairie", "ville", "commune"})
# « STE » in front of a name is a société, except before these.
_SAINTS_TEXT = (
    "marie anne therese croix catherine cecile genevieve jeanne elisabeth agnes claire famille bernadette colombe foy "
    "lucie marguerite odile suzanne ursule barbe eulalie gemmes luce maxime pazanne sigolene"
)
_SAINTS = frozenset(_SAINTS_TEXT.split())


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """What two spellings have in common: « S.A.R.L. Les Établissements ST-Jean & Fils » → « saint jean et fils ».

    Lower case without accents, punctuation, legal form or article; usual abbreviations written out; town halls under one
    word (« Mairie de », « Ville de » → « commune »). Stable (the key of a key is itself) and never empty for a name
    that is not: when nothing else is left, the legal form stays.
    """
    folded = _INITIALS.sub(lambda match: _APART.sub("", match[0]) + " ", fold(name).replace("&", " et "))
    whole = _APART.sub(" ", folded).strip()
    bare = whole
    while (shorter := _LONG_FORMS.sub(" ", bare)) != bare:
        bare = shorter
    kept = _significant(bare.split())
    return kept or whole or fold(name).strip() or name


def _significant(words: list[str]) -> str:
    kept: list[str] = []
    for at, word in enumerate(words):
        if word in LEGAL_FORMS or word in _ARTICLES:
            continue
        if word == "ste":
            saint = bool(kept) or (at + 1 < len(words) and words[at + 1] in _SAINTS)
            kept += ["sainte"] if saint else []
        elif not kept and word in _TOWN_HALL:
            kept.append("commune")
        else:
            kept.append(_FULL.get(word, word))
    return " ".join(kept)


def is_weak(key: str) -> bool:
    """Whether a name key says next to nothing: a legal form, a number, one or two letters."""
    return len(key) < 3 or all(word in LEGAL_FORMS or word in _LINKS or word.isdigit() for word in key.split())


@lru_cache(maxsize=65_536)
def acronym(name: str) -> str:
    """« Union des industries et métiers de la métallurgie » → « UIMM »; a name that is one is given back; else ""."""
    words = [word for word in _APART.sub(" ", fold(name)).split() if word not in _SHORT_FORMS]
    if len(words) == 1 and name.strip().isupper() and 2 <= len(words[0]) <= 8:
        return words[0].upper()
    initials = [word[0] for word in words if word not in _LINKS]
    return "".join(initials).upper() if len(initials) > 1 else ""


@lru_cache(maxsize=4096)
def person_key(first: str, last: str) -> str:
    """« Jean-Pierre », « DE L’ESTOILE » → « de l estoile, jean pierre »: the same whatever the case, accents and hyphens."""
    parts = (" ".join(_APART.sub(" ", fold(part)).split()) or fold(part).strip() for part in (last, first))
    return ", ".join(part for part in parts if part)


@lru_cache(maxsize=65_536)
def street_key(address: str) -> str:
    """« 22 av. de Wagram » and « 22, AVENUE de WAGRAM » are one street: words written out, in capitals, without articles."""
    words = _APART.sub(" ", fold(address)).upper().split()
    return " ".join(STREET_WORDS.get(word, word) for word in words if word not in STREET_STOPS)
