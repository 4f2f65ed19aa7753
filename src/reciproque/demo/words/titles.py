"""What people do, by kind of organisation: masculine, feminine, service, how common."""

# ruff: noqa: E501

# kind → ((masculine, feminine, service, weight), …)
_SMALL = (
    ("Gérant", "Gérante", "", 9), ("Dirigeant", "Dirigeante", "", 5), ("Président", "Présidente", "", 3),
    ("Maître d’apprentissage", "Maître d’apprentissage", "Atelier", 3), ("Assistant de gestion", "Assistante de gestion", "", 4),
    ("Conjoint collaborateur", "Conjointe collaboratrice", "", 1), ("Responsable d’exploitation", "Responsable d’exploitation", "Exploitation", 2),
    ("Chef d’atelier", "Cheffe d’atelier", "Atelier", 2), ("Chargé d’affaires", "Chargée d’affaires", "", 2),
    ("Comptable", "Comptable", "Comptabilité", 2),
)  # fmt: skip
_BIG = (
    ("DRH", "DRH", "Ressources humaines", 5), ("Responsable recrutement", "Responsable recrutement", "Ressources humaines", 6),
    ("Chargé de recrutement", "Chargée de recrutement", "Ressources humaines", 6),
    ("Responsable formation", "Responsable formation", "Ressources humaines", 5),
    ("Chargé de développement RH", "Chargée de développement RH", "Ressources humaines", 3),
    ("Chargé de mission alternance", "Chargée de mission alternance", "Ressources humaines", 3),
    ("Responsable relations écoles", "Responsable relations écoles", "Marque employeur", 3),
    ("Directeur général", "Directrice générale", "Direction", 2), ("Directeur de site", "Directrice de site", "Direction", 3),
    ("Directeur technique", "Directrice technique", "Technique", 3), ("Directeur industriel", "Directrice industrielle", "Production", 2),
    ("Directeur administratif et financier", "Directrice administrative et financière", "Finances", 2),
    ("Responsable de production", "Responsable de production", "Production", 3), ("Responsable qualité", "Responsable qualité", "QHSE", 3),
    ("Responsable R&D", "Responsable R&D", "Recherche et développement", 3), ("Ingénieur d’études", "Ingénieure d’études", "Bureau d’études", 4),
    ("Maître d’apprentissage", "Maître d’apprentissage", "Production", 5), ("Tuteur de stage", "Tutrice de stage", "", 5),
    ("Chef de projet", "Cheffe de projet", "", 4), ("Responsable commercial", "Responsable commerciale", "Commerce", 3),
    ("Responsable communication", "Responsable communication", "Communication", 2), ("Responsable RSE", "Responsable RSE", "", 2),
    ("Contrôleur de gestion", "Contrôleuse de gestion", "Finances", 2), ("Assistant RH", "Assistante RH", "Ressources humaines", 3),
    ("Responsable logistique", "Responsable logistique", "Logistique", 2), ("DSI", "DSI", "Systèmes d’information", 2),
    ("Juriste", "Juriste", "Affaires juridiques", 1),
)  # fmt: skip
_ASSOCIATION = (
    ("Président", "Présidente", "", 6), ("Directeur", "Directrice", "", 7), ("Trésorier", "Trésorière", "", 2), ("Secrétaire", "Secrétaire", "", 2),
    ("Coordinateur", "Coordinatrice", "", 5), ("Chargé de mission", "Chargée de mission", "", 6), ("Animateur", "Animatrice", "", 3),
    ("Responsable de pôle", "Responsable de pôle", "", 3), ("Chargé d’insertion", "Chargée d’insertion", "", 2),
)  # fmt: skip
_PUBLIC = (
    ("Directeur général des services", "Directrice générale des services", "Direction générale", 5), ("DRH", "DRH", "Ressources humaines", 4),
    ("Chargé de mission économie", "Chargée de mission économie", "Développement économique", 4), ("Maire", "Maire", "", 2),
    ("Adjoint au maire", "Adjointe au maire", "", 2), ("Responsable des stages et de l’apprentissage", "Responsable des stages et de l’apprentissage", "Ressources humaines", 4),
    ("Chef de service", "Cheffe de service", "", 4), ("Chargé de mission transition écologique", "Chargée de mission transition écologique", "Environnement", 3),
    ("Responsable informatique", "Responsable informatique", "Systèmes d’information", 2), ("Chargé de communication", "Chargée de communication", "Communication", 2),
    ("Directeur de cabinet", "Directrice de cabinet", "Cabinet", 1),
)  # fmt: skip
_SCHOOL = (
    ("Proviseur", "Proviseure", "Direction", 5), ("Proviseur adjoint", "Proviseure adjointe", "Direction", 3),
    ("Directeur délégué aux formations professionnelles", "Directrice déléguée aux formations professionnelles", "", 4),
    ("Professeur principal de terminale", "Professeure principale de terminale", "", 4), ("Psychologue de l’éducation nationale", "Psychologue de l’éducation nationale", "Orientation", 3),
    ("Responsable pédagogique", "Responsable pédagogique", "", 3), ("Référent orientation", "Référente orientation", "Orientation", 2),
)  # fmt: skip
_HOSPITAL = (
    ("Directeur des soins", "Directrice des soins", "Direction des soins", 4), ("Cadre de santé", "Cadre de santé", "", 6), ("DRH", "DRH", "Ressources humaines", 3),
    ("Responsable de la formation continue", "Responsable de la formation continue", "Ressources humaines", 4), ("Directeur", "Directrice", "Direction", 3),
    ("Kinésithérapeute", "Kinésithérapeute", "Rééducation", 2), ("Tuteur de stage", "Tutrice de stage", "", 3), ("Médecin coordonnateur", "Médecin coordonnatrice", "", 2),
)  # fmt: skip
_NETWORK = (
    ("Délégué régional", "Déléguée régionale", "", 5), ("Conseiller formation", "Conseillère formation", "", 5), ("Chargé de mission", "Chargée de mission", "", 5),
    ("Directeur", "Directrice", "", 4), ("Président", "Présidente", "", 3), ("Chargé d’ingénierie de formation", "Chargée d’ingénierie de formation", "", 3),
    ("Conseiller apprentissage", "Conseillère apprentissage", "", 3), ("Responsable études et prospective", "Responsable études et prospective", "", 2),
)  # fmt: skip
_RESEARCH = (
    ("Directeur", "Directrice", "", 3), ("Ingénieur de recherche", "Ingénieure de recherche", "", 5), ("Directeur scientifique", "Directrice scientifique", "", 3),
    ("Responsable partenariats", "Responsable partenariats", "", 4), ("Chargé de valorisation", "Chargée de valorisation", "", 3),
)  # fmt: skip
_ALONE = (
    ("Indépendant", "Indépendante", "", 5),
    ("Consultant", "Consultante", "", 4),
    ("Formateur", "Formatrice", "", 3),
)

Title = tuple[str, str, str, int]
BY_KIND: dict[str, tuple[Title, ...]] = {
    "association": _ASSOCIATION, "foundation": _ASSOCIATION, "other": _ASSOCIATION, "authority": _PUBLIC, "state": _PUBLIC, "school": _SCHOOL,
    "hospital": _HOSPITAL, "chamber": _NETWORK, "opco": _NETWORK, "branch": _NETWORK, "research": _RESEARCH, "self_employed": _ALONE,
}  # fmt: skip
HEADS = {"company": _SMALL[:3], "association": _ASSOCIATION[:2], "hospital": _HOSPITAL[4:5], "school": _SCHOOL[:1]}
SMALL, BIG = _SMALL[3:], _BIG
WORKSHOP = frozenset({"Atelier", "Production", "Technique"})  # services of those who make things
# A school is run by somebody who is not called the same everywhere.
SCHOOL_HEADS = {
    "Collège": {
        "Proviseur": "Principal",
        "Proviseure": "Principale",
        "Proviseur adjoint": "Principal adjoint",
        "Proviseure adjointe": "Principale adjointe",
    },
    "": {
        "Proviseur": "Directeur",
        "Proviseure": "Directrice",
        "Proviseur adjoint": "Directeur adjoint",
        "Proviseure adjointe": "Directrice adjointe",
    },
}

SOURCES = (
    ("Convention de stage", 22), ("Contrat d’apprentissage", 16), ("Taxe d’apprentissage {year}", 9), ("Forum entreprises {year}", 14),
    ("Salon de l’alternance {year}", 6), ("Carte de visite", 6), ("Reprise du fichier de l’IAE", 5), ("Reprise du fichier de l’IUT", 7), ("Réseau des diplômés", 6),
    ("Appel entrant", 4), ("Conseil de perfectionnement", 3), ("Jury de soutenance", 4), ("Site internet de l’organisme", 3), ("Recommandation d’un partenaire", 3),
)  # fmt: skip
REMARKS = (
    "À appeler plutôt le matin.", "A étudié à l’IUT et garde un lien fort.", "Reçoit volontiers des groupes en visite.",
    "Intervient chaque année dans le module de négociation.", "À joindre par le secrétariat de direction.", "Disponible pour les jurys de juin.",
    "Siège au conseil de perfectionnement.", "Demande les CV au format anonyme.", "Souhaite accueillir un doctorant CIFRE.", "Cherche deux apprentis pour la rentrée.",
)  # fmt: skip
