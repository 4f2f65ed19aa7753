"""What kind of organisation a name tells of: « OGEC St Joseph » is an association, « SARL Gaborit » a company.

Only words that hardly name anything else are listed. A legal category always outweighs the name.
"""

import re
from functools import lru_cache

from reciproque.engines.identifiers import fold

# The first kind that matches wins. A pattern stands between spaces; `^` is the beginning of the name.
PATTERNS: tuple[tuple[str, str], ...] = (
    ("company", ("sarl|s a r l|sas|sasu|s a s|eurl|snc|^sci|scop|scea|gaec|earl|selarl|selas|scm|saeml|gmbh|ltd|^ste|"
     "^ets(?! public| regional| formation)|^etablissements(?! public)")),
    ("hospital", "^chu|^chr|^ch de|^centre hospitalier|^hopital|^hopitaux|^clinique|^ehpad|^polyclinique"),
    ("association", ("^association|^assoc|^asso|^ass|^amicale|^comite des fetes|^comite departemental|^comite regional|"
     "amicale laique|ogec|o g e c|apel|"
     "admr|adapei|udaf|ufcv|mjc|familles rurales|foyer rural|foyer des jeunes|foyer de jeunes travailleurs|foyer jeunes? travailleurs?|"
     "mission locale|^club|football club|tennis club|judo club|moto club|sporting club|union sportive|entente sportive|etoile sportive|"
     "parents d eleves|anciens combattants|donneurs de sang|anciens eleves|^les amis|^amis d[eu]s?|^chorale|^ensemble vocal|"
     "societe de chasse|societe de peche|croix rouge|secours populaire|secours catholique|restaurants du coeur|restos du coeur|"
     "banque alimentaire|petanque|basket|handball|volley|badminton|gymnastique|sapeurs pompiers|aines ruraux|"
     "generations mouvement|centre social|maison des jeunes|ligue de l enseignement|scouts")),
    ("company", "^societe"),
    ("authority", ("^commune|^mairie|^ville d[eu]?s?|^departement d[eu]?s?|^conseil departemental|^conseil general|^conseil regional|^region|"
     "^communaute de communes|^communaute d agglomeration|^communaute urbaine|^syndicat mixte|^syndicat intercommunal|^ccas|^c c a s|^cias|"
     "^centre communal")),
    ("school", "^lycee|^iut|^institut universitaire|^college|^ecole(?! de conduite)|^universite|^cfa|^mfr|^maison familiale|^groupe scolaire"),
    ("research", "^inserm|^cnrs|^inrae?|^ifremer|^inria"),
    ("chamber", "^chambre d[e]?s?|^cci|^cma"),
    ("foundation", "^fondation|^fonds de dotation"),
    ("opco", "^opco|^agefos|^opcalia"),
    ("branch", "^federation|^medef|^cpme|^uimm|^capeb|^union des industries"),
    ("state", "^prefecture|^sous prefecture|^ministere|^rectorat|^dreets|^drac"),
)  # fmt: skip
RULES = tuple(
    (
        kind,
        re.compile(
            "|".join(f"{'^ ' if one[0] == '^' else ' '}{one.removeprefix('^')} " for one in patterns.split("|"))
        ),
    )
    for kind, patterns in PATTERNS
)
NOT_A_WORD = re.compile(r"[^a-z0-9]+")
ARTICLE = re.compile(
    r"^(?:les?|la|l) (?=association|amicale|mairie|commune|ville|lycee|college|ecole|universite|chambre|fondation)"
)


@lru_cache(maxsize=4096)
def kind_of_name(name: str) -> str:
    """The kind that a name tells of, by the codes of the directory; "" when it tells nothing."""
    text = f" {ARTICLE.sub('', NOT_A_WORD.sub(' ', fold(name)).strip())} "
    return next((kind for kind, rule in RULES if rule.search(text)), "")
