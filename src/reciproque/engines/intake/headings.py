"""What headings mean, in the dialects of French administrations and in English."""

import functools
import re

from reciproque.engines.identifiers import fold

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])")
_OTHER = re.compile(r"[^a-z0-9]+")
_GLUED = re.compile(r"\b(nom|id|code|date|montant)(beneficiaire|attribuant|titulaire|postal|insee|naf|ape)\b")
_EMAIL = re.compile(r"\be mails?\b")

ORGANISATION = (
    r"(?:entreprise|organisme|structure|societe|etablissement|association|beneficiaire|partenaire|employeur|titulaire|"
    r"donateur|donatrice|mecene|entreprise d accueil|"
    r"attributaire|client|fournisseur|collectivite|tiers|organisation|institution|lycee|cfa|laboratoire|adherent|compagnie|"
    r"company|organization|partner|firm|acheteur public)s?"
)
_OF = r"(?: (?:de|du|des|d|l|la|le|les|un|une|of|the))*"
PERSON_WORDS = (
    r"(?:contacts?|interlocuteur|interlocutrice|tut(?:eur|rice)|referente?|responsable|dirigeante?|representante?|signataire|"
    r"correspondante?|maitre de stage|maitre d apprentissage|maitre|president|directeur|directrice|personne|gerant|encadrant|"
    r"destinataire|rh|drh|m[at](?= (?:nom|prenom|email|mails?|tel|fonction|portable)))"
)
_PART = (
    r"(?: (?:legale?|rh|drh|ressources humaines|(?:en |l |de l )?entreprise|professionnel(?:le)?|principale?|technique|"
    r"administrati(?:f|ve)|commerciale?|comptable|formation|alternance|apprentissage|stages?|communication))"
)

RULES: tuple[tuple[str, str, float], ...] = (
    (r"\b(attribuant|financeur|autorite|pouvoir adjudicateur)\b", "meta.keep", 0.9),
    (r"\b(fax|telecopie)\b", "meta.keep", 0.9),
    (r"\b(facturation|livraison|billing)\b", "meta.keep", 0.8),
    (
        (r"\b(tut(eur|rice)|referente?|encadrante?|responsable) (pedagogique|universitaire|academique|enseignante?|iut|ufr)\b"
        r"|\benseignante?\b"),
        "meta.keep", 0.8,
    ),
    (r"\b(lat|latitude|lon|lng|longitude|coordonnees gps|x|y)\b", "meta.keep", 0.9),
    (
        (r"\b(montants?|mandate|subventions?|budget|chiffre d affaires|ca|prix|pourcentage|nb"
        r"|nombre)\b(?!.*\bsalaries)"),
        "meta.keep", 0.8,
    ),
    (
        (r"\b(raison sociale|denomination|libelle|nom .+) (2|bis|suite)$|\bcomplement (de )?(nom|raison"
        r"|denomination)"),
        "partner.name_complement", 0.9,
    ),
    (r"\b(libelle|intitule|label)\b.*\b(naf|ape|activite|commune insee)\b", "meta.keep", 0.8),
    (r"\bsirets?\b", "site.siret", 0.95),
    (r"\bsiren\b", "partner.siren", 0.95),
    (r"\b(rna|waldec)\b", "partner.rna", 0.95),
    (r"\b(uai|rne)\b", "site.uai", 0.9),
    (r"\b(tva|vat)\b", "partner.vat", 0.9),
    (r"\bnaf (rev )?20?25\b|\bnaf25\b|\bape 2025\b", "partner.naf2025", 0.9),
    (r"\b(naf|ape)\b", "partner.naf", 0.9),
    (r"\b(categorie|forme|nature|statut) (juridique|legale)\b|^cj$", "partner.legal_category", 0.9),
    (r"\beffectifs?\b|\bnb salaries\b|\bnombre (de )?salaries\b|\bheadcount\b", "partner.headcount_band", 0.85),
    (
        r"^(nom (du )?)?groupe( d appartenance)?$|\bmaison mere\b|\bparent (company|group)\b",
        "partner.parent_group", 0.8,
    ),
    (r"\b(sigle|acronyme|acronym)\b", "partner.acronym", 0.9),
    (r"\benseigne\b|\bnom (commercial|usuel)\b|\bdenomination usuelle\b|\bnom usage\b", "partner.usual_name", 0.85),
    (r"\blinkedin\b", "person.linkedin", 0.9),
    (r"\b(mails?|mel|courriels?|email|emails|adresse electronique|messagerie|adel)\b", "email", 0.9),
    (r"\b(site (web|internet)|web|url|website|www|adresse internet)\b", "partner.web", 0.9),
    (r"\b(portable|mobile|gsm|cell)\b", "mobile", 0.85),
    (r"\b(tel|tels|telephones?|phones?|standard|ligne directe|n de tel)\b|^(fixe|numero fixe)$", "phone", 0.9),
    (r"\bcode (insee|commune|geographique)\b|^(insee|code insee.*|codgeo|depcom|city ?code)$", "site.city_code", 0.85),
    (r"^cp\b|\bcp$|\bcode ?postal\b|\b(postcode|postal code|zip)\b", "site.postcode", 0.95),
    (r"\bcedex\b", "site.cedex", 0.8),
    (r"^(code |n |numero )?(dept?|departement|dpt|department)( de .*)?$", "site.department", 0.8),
    (r"^(pays|country|code pays)\b", "partner.country", 0.85),
    (
        (r"\badresse (2|3|4|bis|suite|ligne [234])\b|\badresse\w*[234]$|\bcomplements?( d)?( adresse)?$"
        r"|^complement|^(bp|boite postale|lieu dit)$|^address (line )?[234]$"),
        "site.address_complement", 0.85,
    ),
    (
        rf"^(adresses?|rue|voie|n et voie|address|street)\b|^adresse ?1$|\b{ORGANISATION} (adresse ?1?|rue|voie)$",
        "site.address", 0.85,
    ),
    (r"\b(communes?|villes?|localite|bureau distributeur|city|town)\b", "site.city", 0.9),
    (rf"\b(nom|libelle|intitule){_OF} (site|agence|antenne)\b|^(site|agence|antenne)s?$", "site.site_name", 0.75),
    (rf"^(id|identifiants?|identification|code){_OF} (beneficiaire|titulaire|attributaire)$", "identifier", 0.8),
    (r"\b(civilites?|civ|civility|salutation)\b|^(titre|m mme)$", "person.civility", 0.85),
    (
        r"\b(fonctions?|qualite|poste occupe|job title|position)\b|^(poste|role|job|titre du contact)$",
        "person.role", 0.8,
    ),
    (r"\bprenoms?\b.*\bnoms?\b|\bnoms?\b.*\bprenoms?\b|\bfull name\b|\bnom complet\b", "person.full_name", 0.85),
    (r"\bprenoms?\b|\b(first|given) name\b", "person.first_name", 0.9),
    (r"\b(last|family) name\b|\bsurname\b|\bnom (de famille|patronymique|de naissance)\b", "person.last_name", 0.9),
    (rf"\bnom{_OF} {PERSON_WORDS}\b|\b{PERSON_WORDS}( \d)? nom\b", "person.last_name", 0.85),
    (r"\braisons? sociales?\b|\bdenominations?\b", "partner.name", 0.95),
    (
        rf"\b(noms?|intitule|libelle|name){_OF} {ORGANISATION}\b|\b{ORGANISATION} (nom|name|d accueil)\b",
        "partner.name", 0.9,
    ),
    (rf"^{ORGANISATION}$", "partner.name", 0.8),
    (rf"^(le |la |les )?{PERSON_WORDS}{_PART}?( \d)?$|^representee? par$", "person.full_name", 0.7),
    (r"^noms?$|^nom \d?$", "bare_name", 0.7),
    (r"^(name|intitule|libelle)$", "partner.name", 0.75),
    (
        (r"^(id|uid|identifiant|identifiants|reference|ref|numero|num|n|code|\w+ id|id \w+|code (tiers"
        r"|interne|client|partenaire|structure))$"),
        "meta.external_id", 0.6,
    ),
    (r"^(annee|exercice|year|millesime|annee .*)$", "meta.year", 0.85),
    (r"^(date|maj|mise a jour|updated)\b|^(derniere?|prochaine?) (contact|relance|visite|echange)$", "meta.date", 0.55),
    (r"^(tags?|etiquettes?|mots? cles?|keywords?|labels?)$", "partner.tags", 0.8),
    (r"^(secteurs?( d activite)?|thematiques?|domaines?)$", "partner.tags", 0.45),
    (r"^(notes?|commentaires?|observations?|remarques?|comments?)$", "partner.notes", 0.75),
    (rf"^((type|nature|categorie|statut){_OF} {ORGANISATION}|type|kind)$", "partner.kind", 0.6),
    (r"^(composante|ufr|unite|code (composante|unite)|unit)$", "meta.unit_code", 0.6),
)  # fmt: skip
"""(pattern on the normal form, path, confidence), the first that matches wins. `email`, `phone`, `mobile`, `identifier`
and `bare_name` are decided by what stands around."""

_COMPILED = tuple((re.compile(pattern), path, confidence) for pattern, path, confidence in RULES)
_LABEL = re.compile(rf"\b({PERSON_WORDS})\b")
_STAFF = re.compile(r"\b(d?rh)\b")
_NUMBER = re.compile(r"\b(\d)$|\b(\d)\b")


@functools.lru_cache(maxsize=4096)
def normal(header: str) -> str:
    """A heading without case, accent, punctuation, line break or camel case: « N° SIRET » → « n siret »."""
    text = _OTHER.sub(" ", fold(_CAMEL.sub(" ", header))).strip()
    return _EMAIL.sub("email", _GLUED.sub(r"\1 \2", text))


def meaning(header: str) -> tuple[str, float]:
    """(path, confidence) that a heading announces, ("", 0) when it says nothing known."""
    text = normal(header)
    return next(((path, confidence) for pattern, path, confidence in _COMPILED if pattern.search(text)), ("", 0.0))


def person_label(header: str) -> str:
    """« Mail du tuteur 2 » → « tuteur 2 »: whom a heading speaks about, "" when it does not say."""
    text = normal(header)
    word = _STAFF.search(text) or _LABEL.search(text)
    number = _NUMBER.search(text)
    if not word:
        return f"#{number[0]}" if number and number[0] != "1" else ""
    return (
        f"{word[1].removesuffix('s').replace('drh', 'rh')} {number[0] if number and number[0] != '1' else ''}".strip()
    )
