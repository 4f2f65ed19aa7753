"""What names tell, as real files write them."""

import pytest

from reciproque.engines.intake import kind_of_name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ASSOC NDC ANGERS VOILE", "association"),
        ("OGEC INSTITUTION ST LAUD", "association"),
        ("O.G.E.C. ARAGO - STE ANNE", "association"),
        ("FOOTBALL CLUB LA BAZOGE", "association"),
        ("Comité des fêtes de Soulitré", "association"),
        ("FOYER JEUNE TRAVAILLEUR LE NYMPHEA", "association"),
        ("SARL Gaborit", "company"),
        ("Gaborit S.A.R.L.", "company"),
        ("Éts Gaborit", "company"),
        ("ETS PUBLIC LOCAL ENSEIGNEMENT", ""),
        ("UFR SCI & TECH", ""),
        ("Société de chasse de Brain", "association"),
        ("Société Gaborit", "company"),
        ("Mairie de Saumur", "authority"),
        ("Ville du Mans", "authority"),
        ("La Ville d’Angers", "authority"),
        ("Département de l’Orne", "authority"),
        ("C.C.A.S. de Laval", "authority"),
        ("Commune de Brûlon", "authority"),
        ("L’Association des parents", "association"),
        ("Université d’Angers", "school"),
        ("Chambre des métiers", "chamber"),
        ("Auto-école du Port", ""),
        ("École de conduite du Port", ""),
        ("Lycée Chevrollier", "school"),
        ("CHU d’Angers", "hospital"),
        ("CCI de Maine-et-Loire", "chamber"),
        ("Fondation Edith Seltzer", "foundation"),
        ("Préfecture de la Sarthe", "state"),
        ("L'R DE RIEN", ""),
        ("Sartorius", ""),
        ("", ""),
    ],
)
def test_kinds(name, kind):
    assert kind_of_name(name) == kind
