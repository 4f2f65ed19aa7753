"""Organisations that are not companies: what they are called and under which legal category and activity they stand."""

# ruff: noqa: E501

from typing import NamedTuple


class Family(NamedTuple):
    """A family of organisations. Names hold `{t}` for a territory, `{s}` for a fictional saint or place, `{f}` for a field."""

    kind: str
    weight: float
    names: tuple[str, ...]
    legal: tuple[str, ...]
    nafs: tuple[str, ...]
    bands: tuple[str, ...]
    units: tuple[str, ...]


def _f(kind: str, weight: float, names: str, legal: str, nafs: str, bands: str, units: str) -> Family:
    return Family(
        kind,
        weight,
        tuple(names.split("|")),
        tuple(legal.split("|")),
        tuple(nafs.split("|")),
        tuple(bands.split("|")),
        tuple(units.split()),
    )


FAMILIES = (
    _f("association", 34, "Association {f} {t}|{f} {t}|Les Amis {t}|Collectif {f} {t}|Club des entrepreneurs {t}|Maison {f} {t}|Réseau {f} {t}|"
       "Fédération {f} {t}|Atelier {f} {t}|Union des commerçants {t}", "9220|9220|9220|9220|9230", "94.99Z|88.99B|93.12Z|90.01Z|85.59B|94.99Z",
       "NN|NN|00|01|01|02|03|11|12|21", "ufr-llsh suio iut-gea ufr-sante iae"),
    _f("association", 22, "{i} {t}|{i} {s}", "9220|9220|9230", "88.99B|88.10A|87.30A|88.91A|78.20Z", "02|03|11|12|12|21|22|32",
       "ufr-sante suio cetrat sfc"),
    _f("authority", 14, "Communauté de communes {t}|Communauté de communes {t}|Communauté d’agglomération {t}", "7346|7346|7348", "84.11Z",
       "12|21|21|22|32", "cetrat ufr-deg suio sfc"),
    _f("authority", 18, "Commune de {s}", "7210", "84.11Z", "03|11|12|21|22|32", "ufr-deg cetrat iut-gea"),
    _f("authority", 8, "CCAS de {s}", "7361", "88.99B", "03|11|12|21", "ufr-sante suio"),
    _f("authority", 12, "Syndicat mixte du bassin {t}|Syndicat intercommunal des eaux {t}|Syndicat mixte du parc naturel {t}|"
       "Pôle d’équilibre territorial {t}|Syndicat de traitement des déchets {t}", "7354|7353|7354|7357|7354", "84.13Z|36.00Z|84.11Z|84.13Z|38.11Z",
       "02|03|11|12|21", "cetrat lamel ufr-sciences"),
    _f("school", 40, "Lycée {t}|Lycée polyvalent {t}|Lycée professionnel {t}|Collège {t}|Lycée général et technologique {t}|Lycée agricole {t}|"
       "Maison familiale rurale {t}", "7331|7331|7331|7331|7331|7331|9220", "85.31Z|85.31Z|85.32Z|85.31Z|85.31Z|85.32Z|85.32Z", "12|21|21|22",
       "suio ufr-sciences ufr-llsh iut"),
    _f("school", 12, "École supérieure {f} {t}|Institut {f} {t}|Centre de formation {f} {t}", "9220|9220|9220",
       "85.42Z|85.42Z|85.59A", "03|11|12|21", "sfc cfa epu"),
    _f("hospital", 26, "Centre hospitalier {t}|Hôpital intercommunal {t}|Clinique {s}|Résidence Les {r}|EHPAD Les {r}|Centre de rééducation {t}",
       "7364|7364|5710|9220|7361|9220", "86.10Z|86.10Z|86.10Z|87.10A|87.10A|86.10Z", "12|21|22|31|32|41|42", "ufr-sante sfc suio"),
    _f("research", 12, "Institut de recherche {f} {t}|Centre technique {f}|Pôle de compétitivité {f}|Plateforme d’innovation {f} {t}",
       "9220|9220|9220|7410", "72.19Z|72.19Z|94.12Z|72.19Z", "02|03|11|12|21|22", "drive lamel epu"),
    _f("branch", 22, "Fédération régionale {b}|Union régionale {b}|Syndicat des entreprises {b}|Chambre syndicale {b}|Groupement national {b}",
       "8420|8420|8420|8420|9220", "94.11Z|94.11Z|94.11Z|94.12Z|94.11Z", "01|02|02|03|11", "sfc cfa iae drive"),
    _f("foundation", 12, "Fondation {s}|Fondation d’entreprise {x}|Fonds de dotation {x}", "9300|9300|9300", "94.99Z|94.99Z|94.99Z", "NN|NN|01|02",
       "fondation lamel"),
    _f("other", 6, "Groupement d’intérêt public {f} {t}|Coopérative {f} {t}", "7410|6317", "84.13Z|94.99Z", "02|03|11", "suio cetrat drive"),
)  # fmt: skip

# One each: the fictional territory's own institutions, chambers and funders. name, acronym, kind, legal, naf, band, units
UNIQUE = (
    ("Département de Loire-Vilaine", "", "authority", "7220", "84.11Z", "51", "cetrat suio ufr-sante fondation sfc"),
    ("Région Marches de l’Ouest", "", "authority", "7230", "84.11Z", "51", "drive sfc cfa suio fondation lamel ufr-sciences"),
    ("Préfecture de Loire-Vilaine", "", "state", "7172", "84.11Z", "32", "ufr-deg suio"),
    ("Direction départementale de l’emploi et des solidarités de Loire-Vilaine", "DDES", "state", "7172", "84.13Z", "22", "suio sfc cetrat"),
    ("Direction des services numériques de l’État – Marches de l’Ouest", "DSNE", "state", "7171", "84.11Z", "22", "ufr-sciences suio"),
    ("Service départemental d’incendie et de secours de Loire-Vilaine", "SDIS", "authority", "7389", "84.25Z", "42", "ufr-sante sfc epu"),
    ("Office public de l’habitat de Loire-Vilaine", "OPHLV", "authority", "4140", "68.20A", "32", "ufr-deg iut-gea"),
    ("Port autonome Loire-Vilaine", "PALV", "authority", "4110", "52.22Z", "41", "epu ufr-sciences lamel iae"),
    ("Centre de gestion de la fonction publique territoriale de Loire-Vilaine", "CDG-LV", "authority", "7379", "84.11Z", "22", "ufr-deg sfc"),
    ("Chambre de commerce et d’industrie Loire-Vilaine", "CCI LV", "chamber", "7381", "94.11Z", "32", "iae cfa sfc iut suio drive"),
    ("Chambre de métiers et de l’artisanat Loire-Vilaine", "CMA LV", "chamber", "7381", "94.11Z", "22", "cfa sfc iut-gmp"),
    ("Chambre d’agriculture de Loire-Vilaine", "CALV", "chamber", "7381", "94.11Z", "22", "ufr-sciences lamel"),
    ("Chambre régionale de l’économie sociale des Marches de l’Ouest", "CRESMO", "chamber", "9220", "94.11Z", "11", "iae cetrat suio"),
    ("OPCO Horizons", "", "opco", "9220", "94.12Z", "41", "sfc cfa"),
    ("OPCO Artisans et proximité", "OPCO AP", "opco", "9220", "94.12Z", "41", "sfc cfa iut-gea"),
    ("OPCO Mer et alimentation", "OPCO MA", "opco", "9220", "94.12Z", "32", "sfc cfa"),
    ("OPCO Industries et matériaux", "OPCO IM", "opco", "9220", "94.12Z", "41", "sfc cfa epu iut-gmp"),
    ("OPCO Commerce et services", "OPCO CS", "opco", "9220", "94.12Z", "41", "sfc cfa iae"),
    ("OPCO Soins et solidarités", "OPCO SOSO", "opco", "9220", "94.12Z", "32", "sfc ufr-sante"),
    ("OPCO Culture et savoirs", "", "opco", "9220", "94.12Z", "22", "sfc ufr-llsh"),
)  # fmt: skip

FIELDS = (
    "de l’emploi", "de l’innovation", "des métiers de la mer", "du bois", "de l’alimentation", "du numérique", "de la logistique", "des arts",
    "de la transition écologique", "des matériaux", "de l’énergie", "du tourisme", "de la santé", "des cultures", "de l’insertion",
    "du patrimoine maritime", "de l’économie circulaire", "du sport", "de la jeunesse", "de l’autonomie", "des langues", "du paysage",
)  # fmt: skip
BRANCHES = (
    "du bois et de l’ameublement", "de la plasturgie", "de la métallurgie", "du négoce de matériaux", "du transport routier", "de la propreté",
    "des services numériques", "de l’hôtellerie de plein air", "des industries alimentaires", "du nautisme", "de l’aide à domicile",
    "des travaux publics", "du commerce de détail", "de l’expertise comptable", "de la pêche et des cultures marines", "des énergies marines",
    "de l’imprimerie", "du paysage",
)  # fmt: skip
SOCIAL = (
    "Aide à domicile", "Ateliers d’insertion", "Entraide et logement", "Foyer de jeunes travailleurs", "Mission locale", "Ressourcerie",
    "Régie de quartiers", "Crèche associative", "Jardins de l’insertion", "Accueil et solidarité", "Foyer d’accueil", "Autonomie et handicap",
    "Épicerie solidaire", "Maison des adolescents", "Emploi et mobilité",
)  # fmt: skip
RESIDENCES = (
    "Aulnes", "Hortensias", "Camélias", "Tamaris", "Goélands", "Charmilles", "Quatre Saisons", "Magnolias", "Embruns", "Trois Tilleuls",
    "Glycines", "Aubépines", "Jonquilles", "Peupliers blancs",
)  # fmt: skip
TERRITORIES = (
    "du Val d’Isac", "du Pays de la Chère", "de la Haute-Lande", "des Marais-Blancs", "du Sillon de l’Ouest", "des Trois-Écluses", "du Bas-Vilaine",
    "de l’Estuaire-Nord", "du Bocage-Noir", "des Portes-de-l’Océan", "de la Côte-des-Légendes-Grises", "du Don-et-Loire", "du Grand-Sillon",
    "des Hautes-Mauges-Bretonnes", "de la Presqu’île-d’Argent", "des Deux-Étangs", "de la Forêt-du-Gâvrin", "du Pays-de-Brivet", "des Landes-Rousses",
    "de la Rive-Sud", "du Pont-Vieux", "de la Plaine-aux-Moines", "des Salorges-Neuves", "du Ruisseau-Clair",
)  # fmt: skip
SAINTS = (
    "Malon", "Guénin", "Thuriau", "Vigor", "Conwen", "Méliau", "Gobrian", "Lyphard", "Tugen", "Aubinien", "Viaud", "Herblanc", "Émilien",
    "Gildin", "Mandez", "Guidel", "Armelin", "Jacut", "Melhac", "Brévin", "Friard", "Goustan",
)  # fmt: skip
SAINT_ENDINGS = (
    "des-Landes", "sur-Isac", "en-Vignoble", "la-Forêt", "du-Marais", "sur-Chère", "le-Château", "de-la-Lande", "les-Étangs", "du-Bocage", "sur-Brivet",
    "des-Bois",
)  # fmt: skip
# What an association for people does, by the beginning of its name.
SOCIAL_NAF = {
    "Aide à domicile": "88.10A", "Foyer": "87.90B", "Crèche": "88.91A", "Ateliers": "88.10C", "Jardins": "88.99B", "Autonomie": "88.10B",
    "Mission locale": "84.13Z", "Ressourcerie": "38.32Z",
}  # fmt: skip
