"""What companies do, what they are called, how big they are."""

# ruff: noqa: E501

from typing import NamedTuple


class Sector(NamedTuple):
    """A line of business: its share among companies, activity codes, words of names, the sizes it leans to, units it works with.

    `crafts` go before a family name or a place (« Menuiserie Thébaud »), `endings` after a coined name (« Arvelis Composites »).
    `lean` shifts the size: −1 small trades, +1 industry and big services.
    """

    weight: float
    nafs: tuple[str, ...]
    crafts: tuple[str, ...]
    endings: tuple[str, ...]
    lean: int
    units: tuple[str, ...]


def _s(weight: float, nafs: str, crafts: str, endings: str, lean: int, units: str) -> Sector:
    trades = tuple(crafts.split("|")) if crafts else ()
    return Sector(weight, tuple(nafs.split()), trades, tuple(endings.split("|")), lean, tuple(units.split()))


SECTORS: dict[str, Sector] = {
    "metal": _s(7, "25.62B 25.11Z 25.61Z 25.50A 25.73A 28.29B 28.41Z 33.12Z", "Chaudronnerie|Mécanique de précision|Métallerie|"
                "Tôlerie|Usinage|Serrurerie|Outillage", "Mécanique|Usinage|Tôlerie|Machines|Métal|Outillage", 1, "iut-gmp epu cfa sfc"),
    "naval": _s(3, "30.11Z 33.15Z 30.12Z 71.12B", "Chantier naval|Voilerie|Atelier maritime", "Marine|Naval|Offshore|Composites|Yachts", 1,
                "epu ufr-sciences lamel iut-gmp"),
    "aero": _s(2, "30.30Z 25.62B 22.29A", "Structures", "Aéro|Aérostructures|Composites|Systèmes|Propulsion", 2, "epu iut-gmp lamel cfa"),
    "electronics": _s(3, "26.11Z 26.12Z 26.51B 27.12Z 27.90Z", "Électronique|Automatismes", "Électronique|Capteurs|Instruments|"
                      "Automation|Photonique|Mesure", 1, "epu ufr-sciences iut-gmp lamel"),
    "plastics": _s(2, "22.29A 22.23Z 22.22Z 20.59Z", "Plasturgie|Extrusion", "Plastiques|Emballages|Polymères|Matériaux", 1, "iut-gmp lamel epu"),
    "pharma": _s(2, "21.20Z 20.42Z 32.50A 72.11Z", "Laboratoires", "Pharma|Biotech|Santé|Diagnostics|Thérapeutiques|Biosciences", 2,
                 "ufr-sciences lamel drive ufr-sante"),
    "food": _s(6, "10.13B 10.51A 10.71A 10.71C 10.85Z 10.20Z 11.01Z 10.39B", "Biscuiterie|Conserverie|Salaisons|Fromagerie|Brasserie|"
               "Boulangerie|Minoterie|Charcuterie|Maison", "Saveurs|Alimentaire|Traiteur|Laiterie|Nutrition", 0, "iut-gea cfa ufr-sciences"),
    "wood": _s(3, "16.23Z 31.09B 43.32A 16.10A 31.01Z", "Menuiserie|Charpente|Ébénisterie|Scierie|Agencement", "Bois|Agencement|Ossature|"
               "Mobilier", -1, "iut-gmp cfa"),
    "building": _s(9, "43.21A 43.22A 43.34Z 43.91A 43.99C 41.20B 42.11Z 43.12A 43.29A", "Maçonnerie|Électricité|Plomberie|Couverture|Peinture|"
                   "Terrassement|Isolation|Bâtiment|Travaux publics", "Construction|Bâtiment|Rénovation|Travaux|Génie civil", -1, "cfa epu iut-gea"),
    "energy": _s(3, "35.11Z 35.14Z 43.21A 71.12B 35.30Z", "Énergies", "Énergies|Éolien|Solaire|Hydrogène|Réseaux|Renouvelables", 1,
                 "ufr-sciences epu lamel drive"),
    "waste": _s(2, "38.11Z 38.32Z 37.00Z 39.00Z 36.00Z", "Recyclage|Assainissement|Ferrailles", "Environnement|Recyclage|Valorisation|Eaux", 0,
                "ufr-sciences lamel iut-gea"),
    "retail": _s(8, "47.11D 47.11F 47.52B 47.71Z 47.61Z 47.73Z 47.76Z 47.59A 47.64Z", "Pharmacie|Librairie|Optique|Jardinerie|Maison|Comptoir|"
                 "Papeterie|Quincaillerie", "Distribution|Bricolage|Mode|Sports|Jardin|Équipement", -1, "iut-gea iae ufr-deg cfa"),
    "wholesale": _s(4, "46.21Z 46.69B 46.73A 46.39B 46.74A 46.52Z", "Négoce|Comptoir|Matériaux", "Négoce|Distribution|Import|Approvisionnement", 0,
                    "iut-gea iae ufr-llsh"),
    "cars": _s(3, "45.11Z 45.20A 45.32Z", "Garage|Carrosserie|Automobiles|Motoculture", "Automobiles|Poids lourds|Mobilités", -1, "cfa iut-gea"),
    "transport": _s(4, "49.41A 52.29A 52.10B 49.39A 52.24A 50.20Z", "Transports|Déménagements|Autocars|Messagerie", "Logistique|Transports|Fret|"
                    "Transit|Manutention", 0, "iut-gea iae cfa"),
    "hospitality": _s(5, "55.10Z 56.10A 56.21Z 55.30Z 79.11Z", "Hôtel|Restaurant|Crêperie|Traiteur|Auberge", "Hôtels|Résidences|Évasion|Loisirs", -1,
                      "ufr-llsh iut-gea"),
    "software": _s(9, "62.01Z 62.02A 62.03Z 63.11Z 58.29C 62.09Z", "Informatique", "Software|Numérique|Data|Systèmes|Technologies|Conseil|Cloud|"
                   "Logiciels|Sécurité|Interactive", 0, "ufr-sciences epu iae drive suio"),
    "media": _s(3, "59.11A 73.11Z 58.13Z 58.14Z 18.12Z 60.10Z", "Imprimerie|Éditions|Studio", "Communication|Productions|Médias|Éditions", -1,
                "ufr-llsh iae"),
    "finance": _s(4, "64.19Z 65.12Z 66.22Z 66.30Z 65.11Z", "Cabinet|Assurances", "Assurances|Banque|Mutuelle|Patrimoine|Crédit", 1,
                  "ufr-deg iae iut-gea fondation"),
    "property": _s(2, "68.31Z 68.20A 41.10A 81.10Z", "Immobilier|Agence", "Immobilier|Habitat|Promotion|Gestion", -1, "ufr-deg iut-gea"),
    "accounting": _s(4, "69.20Z", "Cabinet|Expertise comptable", "Audit|Expertise|Comptabilité", 0, "ufr-deg iae iut-gea cfa"),
    "law": _s(2, "69.10Z", "Étude|Cabinet", "Avocats|Notaires|Juridique", -1, "ufr-deg"),
    "consulting": _s(4, "70.22Z 73.20Z 82.99Z", "Conseil", "Conseil|Stratégie|Organisation|RH|Accompagnement", -1, "iae ufr-deg sfc suio"),
    "engineering": _s(4, "71.12B 71.20B 71.11Z", "Bureau d’études|Architecture|Géomètres", "Ingénierie|Études|Contrôle|Aménagement", 0,
                      "epu ufr-sciences lamel drive"),
    "research": _s(1, "72.19Z 72.11Z", "", "Recherche|Innovation|Sciences|Labs", 0, "drive lamel ufr-sciences"),
    "staffing": _s(2, "78.20Z 78.10Z 78.30Z", "Intérim", "Emploi|Intérim|Recrutement|Compétences", 1, "suio iae ufr-deg"),
    "services": _s(3, "81.21Z 80.10Z 81.30Z 82.20Z", "Propreté|Paysages|Sécurité", "Services|Propreté|Accueil|Espaces verts", 1, "iut-gea cfa"),
    "training": _s(3, "85.59A 85.59B 85.32Z", "École|Institut", "Formation|Compétences|Pédagogie|Campus", -1, "sfc cfa ufr-llsh"),
    "health": _s(3, "86.10Z 87.10A 86.90B 88.10A 86.90D", "Clinique|Ambulances|Résidence|Laboratoire", "Santé|Soins|Autonomie|Biologie", 0,
                 "ufr-sante sfc suio"),
    "sport": _s(2, "93.11Z 93.13Z 93.29Z 47.64Z", "Complexe sportif|Nautisme", "Sports|Loisirs|Nautique|Forme", -1, "ufr-sante ufr-llsh"),
    "farming": _s(2, "01.21Z 01.50Z 01.41Z 03.22Z 01.30Z 02.40Z", "Pépinières|Domaine|Ferme|Maraîchage|Ostréiculture", "Semences|Horticulture|Élevages",
                  -1, "ufr-sciences cfa"),
}  # fmt: skip

# Coined names: a beginning and an end.
BEGINNINGS = (
    "Arvel", "Bélis", "Calvor", "Dormel", "Ervan", "Faldor", "Galmér", "Hévor", "Ibral", "Jorvan", "Kéliad", "Lornév", "Mirvan", "Noréal",
    "Orvast", "Prévan", "Quéliar", "Rovén", "Sablor", "Tréval", "Ulmér", "Vélor", "Wistral", "Xéral", "Ystor", "Zélian", "Aubrél", "Brénor",
    "Cadrel", "Duvral", "Estram", "Filnor", "Garbel", "Hornév", "Isdral", "Kervial", "Lestrav", "Mordél", "Nivral", "Ostrel", "Pelvor",
    "Rastel", "Solvéd", "Tarnév", "Urvél", "Varlom", "Bostrel", "Corvél", "Drével", "Gwilor", "Malvrin", "Sévrol", "Tolnér", "Vistrol",
)  # fmt: skip
ENDINGS = ("is", "ia", "ys", "éa", "ium", "on", "ex", "ance", "ine", "ane", "os", "um", "ent")

TOPONYMS = (
    "de l’Estuaire", "du Bocage", "des Deux Rives", "de la Vilaine", "du Littoral", "de la Presqu’île", "des Marais", "du Pays blanc",
    "des Trois Moulins", "de la Lande", "du Sillon", "de la Côte d’Amour", "du Val d’Isac", "du Don", "de la Chère", "des Mauges",
    "de l’Arsenal", "de la Forêt", "des Grands Prés", "du Vieux Port", "des Quatre Vents", "de la Haute-Rive", "du Bois-Joli", "de l’Ouest",
    "du Ponant", "de la Baie", "du Plateau", "des Tisserands", "des Salines", "de la Roche-Noire",
)  # fmt: skip

# Headcount band → share, for small trades, the ordinary, industry and big services.
BANDS = ("NN", "00", "01", "02", "03", "11", "12", "21", "22", "31", "32", "41", "42", "51", "52", "53")
SHARES = {
    -1: (12, 3, 20, 19, 15, 16, 10, 3, 1.2, 0.3, 0.3, 0.2, 0, 0, 0, 0),
    0: (6, 2, 11, 13, 14, 18, 18, 9, 5, 1.5, 1.5, 0.7, 0.2, 0, 0, 0),
    1: (2, 1, 5, 8, 10, 18, 22, 15, 10, 3, 3.5, 1.6, 0.6, 0.1, 0, 0),
    2: (1, 0.5, 4, 5, 8, 15, 20, 17, 13, 4, 6, 4, 2, 0.5, 0, 0),
}

# What a trade does; where a trade is not here, any activity of its sector does.
CRAFT_NAF = {
    "Chaudronnerie": "25.11Z", "Mécanique de précision": "25.62B", "Métallerie": "43.32B", "Tôlerie": "25.50B", "Usinage": "25.62B",
    "Serrurerie": "43.32B", "Outillage": "25.73A", "Chantier naval": "30.12Z", "Voilerie": "13.92Z", "Atelier maritime": "33.15Z",
    "Structures": "30.30Z", "Électronique": "26.12Z", "Automatismes": "33.20C", "Plasturgie": "22.29A", "Extrusion": "22.21Z",
    "Laboratoires": "21.20Z", "Biscuiterie": "10.72Z", "Conserverie": "10.20Z", "Salaisons": "10.13A", "Fromagerie": "10.51C",
    "Brasserie": "11.05Z", "Boulangerie": "10.71C", "Minoterie": "10.61A", "Charcuterie": "10.13B", "Menuiserie": "43.32A",
    "Charpente": "43.91A", "Ébénisterie": "31.09B", "Scierie": "16.10A", "Agencement": "43.32C", "Maçonnerie": "43.99C",
    "Électricité": "43.21A", "Plomberie": "43.22A", "Couverture": "43.91B", "Peinture": "43.34Z", "Terrassement": "43.12A",
    "Isolation": "43.29A", "Bâtiment": "41.20B", "Travaux publics": "42.11Z", "Énergies": "35.11Z", "Recyclage": "38.32Z",
    "Assainissement": "37.00Z", "Ferrailles": "46.77Z", "Pharmacie": "47.73Z", "Librairie": "47.61Z", "Optique": "47.78A",
    "Jardinerie": "47.76Z", "Papeterie": "47.62Z", "Quincaillerie": "47.52A", "Négoce": "46.90Z", "Matériaux": "46.73A",
    "Garage": "45.20A", "Carrosserie": "45.20A", "Automobiles": "45.11Z", "Motoculture": "46.61Z", "Transports": "49.41A",
    "Déménagements": "49.42Z", "Autocars": "49.39A", "Messagerie": "52.29A", "Hôtel": "55.10Z", "Restaurant": "56.10A", "Crêperie": "56.10A",
    "Traiteur": "56.21Z", "Auberge": "56.10A", "Informatique": "62.02A", "Imprimerie": "18.12Z", "Éditions": "58.11Z", "Studio": "74.10Z",
    "Assurances": "66.22Z", "Immobilier": "68.31Z", "Agence": "68.31Z", "Expertise comptable": "69.20Z", "Étude": "69.10Z",
    "Conseil": "70.22Z", "Bureau d’études": "71.12B", "Architecture": "71.11Z", "Géomètres": "71.12A", "Intérim": "78.20Z",
    "Propreté": "81.21Z", "Paysages": "81.30Z", "Sécurité": "80.10Z", "Clinique": "86.10Z", "Ambulances": "86.90A", "Résidence": "87.10A",
    "Laboratoire": "86.90B", "Complexe sportif": "93.11Z", "Nautisme": "93.29Z", "Pépinières": "01.30Z", "Domaine": "01.21Z",
    "Ferme": "01.50Z", "Maraîchage": "01.13Z", "Ostréiculture": "03.21Z",
}  # fmt: skip

# Trades that follow « Société de ».
SOCIETY = frozenset(
    {
        "Chaudronnerie", "Mécanique de précision", "Métallerie", "Tôlerie", "Usinage", "Serrurerie", "Outillage", "Plasturgie", "Extrusion",
        "Salaisons", "Menuiserie", "Charpente", "Maçonnerie", "Électricité", "Plomberie", "Couverture", "Peinture", "Terrassement", "Isolation",
        "Travaux publics", "Recyclage", "Assainissement", "Négoce", "Transports", "Déménagements", "Messagerie", "Propreté", "Conserverie",
    }
)  # fmt: skip

# What companies like to call themselves when they do not coin a word.
IMAGES = (
    "Quatre Phares", "Sel et Granit", "Grand Sextant", "Ajonc bleu", "Marée lente", "Trois Amers", "Cap Sillon", "Vent d’avril", "Double Écoute",
    "Ligne de grain", "Haute Passe", "Roc et Lande", "Bel Estran", "Petit Cabestan", "Fil de Loire", "Passe-Rives", "Courlis cendré", "Clair Amont",
    "Demi-Brasse", "Pont-Levant", "Nord Quille", "Sablier d’Ouest", "Terre-Neuvas", "Vieille Forge", "Encre et Schiste", "Ardoise vive",
    "Chemin creux", "Table d’orientation", "Sept Talus", "Boussole & Cie", "Grain d’orge", "Bois-Dormant", "Contre-Allée", "Vive-Eau",
    "Contre-Courbe", "Main courante", "Fer de lance", "Pas de côté", "Long Cours", "Rose des sables",
)  # fmt: skip
